#include "models.h"

#define X(NAME, name, what) extern const struct st_model_row st_model_##name;
#include "models.def"

#define X(NAME, name, what) [ST_MODEL_##NAME] = &st_model_##name,
const struct st_model_row *const st_models[ST_MODEL_COUNT] = {
#include "models.def"
};

void st_param_bounds(const struct st_param_row *row, int32_t *low, int32_t *high)
{
    enum { WIDE = 1 << 24 };
    *low = row->lowest < 0 ? -WIDE : 0;
    *high = row->highest > 0 ? WIDE : 0;
    if (row->kind != ST_PARAM_POTENTIAL) {
        int32_t unit = row->kind == ST_PARAM_FRACTION ? ST_FRACTION_ONE : 1;
        *low = (int32_t)(row->lowest * unit);
        *high = (int32_t)(row->highest * unit);
    } else if (row->role == ST_ROLE_THRESHOLD) {
        *high = WIDE - 1;
    } else if (row->role == ST_ROLE_NOISE) {
        *high = 65535;
    } else if (row->role == ST_ROLE_FLOOR) {
        *low = INT32_MIN;
    }
}

bool st_model_rests(enum st_model model, const int32_t p[ST_MODEL_PARAMS], int32_t excess, uint32_t bits)
{
    if (st_model_noise(model, p) > 0)
        return false;
    for (int way = 0; way < 4; way++) { /* by default, shut, opened, blocked */
        struct st_neuron n = {.gate = 0};
        int32_t e = 0;
        struct st_neuron_in in = {
            .excess = excess, .bits = (uint8_t)bits, .shut = way == 1, .open = way == 2, .blocked = way == 3};
        if (st_model_step(model, p, &n, in, &e) || n.gate != 0)
            return false;
        for (uint32_t k = 0; k < ST_MODEL_STATES; k++)
            if (n.state[k] != 0)
                return false;
    }
    return true;
}
