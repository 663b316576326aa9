#define ST_ROW_DEF "altai/altai.def"
#include "altai.h"
#include "row.h"

ST_MODEL_ROW(altai, ST_FAMILY_LEAKY);
