#define ST_ROW_DEF "grid/grid.def"
#include "grid.h"
#include "row.h"

ST_MODEL_ROW(grid, ST_FAMILY_NONE);
