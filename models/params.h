/* params.h - what parameters each neuron model has, as tables.
 *
 * A parameter is one line in models/<model>/<model>.def. Whoever reads, prints, checks or quantizes parameters goes
 * through these rows, so that a new model needs no code outside of this folder.
 *
 *     models.def, lif/lif.def, altai/altai.def ──> st_models[ST_MODEL_COUNT], rows in the order of the enums */
#ifndef STOA_PARAMS_H
#define STOA_PARAMS_H

#include "neuron.h"

enum st_param_kind {
    ST_PARAM_POTENTIAL, /* in the network's unit; scaled with the population */
    ST_PARAM_FRACTION,  /* in 1/256 */
    ST_PARAM_TICKS,
    ST_PARAM_CHOICE     /* the place of a word among choices */
};

struct st_param_row {
    const char *key;
    enum st_param_kind kind;
    const char *choices; /* "a|b"; NULL for numbers */
    double standard, lowest, highest;
    const char *what;
};

struct st_model_row {
    const char *name, *what;
    const struct st_param_row *params;
    uint32_t count;
};

/* A potential with this lowest value has no lowest: the word for it is "none". */
#define ST_PARAM_NONE (-1e9)

#define ST_ROW_POTENTIAL ST_PARAM_POTENTIAL, 0
#define ST_ROW_FRACTION ST_PARAM_FRACTION, 0
#define ST_ROW_TICKS ST_PARAM_TICKS, 0
#define ST_ROW_CHOICE(list) ST_PARAM_CHOICE, list

#define X(NAME, key, kind, standard, lowest, highest, what) {#key, ST_ROW_##kind, standard, lowest, highest, what},
static const struct st_param_row st_lif_rows[] = {
#include "lif/lif.def"
};
#define X(NAME, key, kind, standard, lowest, highest, what) {#key, ST_ROW_##kind, standard, lowest, highest, what},
static const struct st_param_row st_altai_rows[] = {
#include "altai/altai.def"
};

#define X(NAME, name, what) {#name, what, st_##name##_rows, sizeof st_##name##_rows / sizeof *st_##name##_rows},
static const struct st_model_row st_models[ST_MODEL_COUNT] = {
#include "models.def"
};

_Static_assert(sizeof st_lif_rows / sizeof *st_lif_rows <= ST_MODEL_PARAMS, "lif has too many parameters");
_Static_assert(sizeof st_altai_rows / sizeof *st_altai_rows <= ST_MODEL_PARAMS, "altai has too many parameters");

#endif
