#define ST_ROW_DEF "lif/lif.def"
#include "lif.h"
#include "row.h"

ST_MODEL_ROW(lif, ST_FAMILY_LEAKY);
