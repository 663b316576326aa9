/* rtl_models.h - the Verilated models that a shared object brings, and the one among them that takes an image.
 *
 * `make rtl` Verilates the mesh once for each set of parameters in rtl/rtl.mk and puts all into one shared object, so
 * that the command itself stays C and runs where there is no Verilator. The object has one symbol, rtl_models, and says
 * by which map of a core it was made (rtl_map.h). */
#ifndef STOA_RTL_MODELS_H
#define STOA_RTL_MODELS_H

#include "core_sim.h"

#ifdef __cplusplus
extern "C" {
#else
#include "arena.h"
#include "fault.h"
#include "stoa/image.h"
#endif

struct rtl_models {
    uint32_t map, count; /* rtl_map() when they were made; models */
    const struct core_sim_model *const *model;
};

#ifdef __cplusplus
extern const struct rtl_models rtl_models __attribute__((visibility("default")));
}
#else
/* The models of a shared object, which stays loaded; NULL and *f. */
const struct rtl_models *st_rtl_models_load(const char *path, struct st_fault *f);
/* The smallest model that takes the image, of so many lanes (0: of any). NULL: why says which limit of which model is
 * too small, and `make rtl MODELS=..` what would do; both are texts in the arena. */
const struct core_sim_model *st_rtl_models_fit(const struct rtl_models *m, struct st_arena *a,
                                               const struct st_image *image, uint32_t lanes, const char **why);
#endif
#endif
