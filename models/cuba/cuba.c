#define ST_ROW_DEF "cuba/cuba.def"
#include "cuba.h"
#include "row.h"

ST_MODEL_ROW(cuba, ST_FAMILY_CURRENTS);
