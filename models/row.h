/* row.h - makes a model's row of st_models: name/name.c defines ST_ROW_NAME and ST_ROW_DEF, includes its own header and
 * this, and ends with ST_MODEL_ROW(its family). */
#ifndef STOA_ROW_H
#define STOA_ROW_H

#include "models.h"

#define ST_ROW_POTENTIAL ST_PARAM_POTENTIAL, 0
#define ST_ROW_FRACTION ST_PARAM_FRACTION, 0
#define ST_ROW_TICKS ST_PARAM_TICKS, 0
#define ST_ROW_CHOICE(list) ST_PARAM_CHOICE, list

#define X(NAME, key, kind, role, standard, lowest, highest, what)                                                      \
    {#key, ST_ROW_##kind, ST_ROLE_##role, standard, lowest, highest, what},
static const struct st_param_row row_params[] = {
#include ST_ROW_DEF
};
#define STATE(NAME, name, kind, what) {#name, what},
static const struct st_state_row row_states[] = {
#include ST_ROW_DEF
};
_Static_assert(sizeof row_params / sizeof *row_params <= ST_MODEL_PARAMS, "more parameters than ST_MODEL_PARAMS");
_Static_assert(sizeof row_states / sizeof *row_states <= ST_MODEL_STATES, "more states than ST_MODEL_STATES");

#define ST_MODEL_ROW(model, of_family)                                                                                 \
    extern const struct st_model_row st_model_##model;                                                                 \
    const struct st_model_row st_model_##model = {                                                                     \
        .name = #model,                                                                                                \
        .params = row_params,                                                                                          \
        .states = row_states,                                                                                          \
        .count = sizeof row_params / sizeof *row_params,                                                               \
        .state_count = sizeof row_states / sizeof *row_states,                                                         \
        .step = st_##model##_step,                                                                                     \
        .fire = st_##model##_fire,                                                                                     \
        .family = of_family,                                                                                           \
    }

#endif
