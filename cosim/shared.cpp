// shared.cpp - the one symbol of the shared object of models (rtl_models.h); COSIM_MODELS comes from rtl/rtl.mk.
#include "rtl_map.h"
#include "rtl_models.h"

#define X(name) extern "C" const core_sim_model core_sim_##name;
COSIM_MODELS
#undef X

#define X(name) &core_sim_##name,
static const core_sim_model *const all[] = {COSIM_MODELS};

const struct rtl_models rtl_models = {rtl_map(), sizeof all / sizeof *all, all};
