#include "measure.h"

const struct st_measure *const st_measures[ST_MEASURE_COUNT] = {
#define X(name) &st_measure_##name,
#include "measures.def"
};

const char *const st_measure_names[ST_MEASURE_COUNT + 1] = {
#define X(name) #name,
#include "measures.def"
    0};
