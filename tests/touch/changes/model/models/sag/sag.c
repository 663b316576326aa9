#define ST_ROW_DEF "sag/sag.def"
#include "sag.h"
#include "row.h"

ST_MODEL_ROW(sag, ST_FAMILY_NONE);
