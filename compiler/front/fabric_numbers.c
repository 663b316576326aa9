#include "fabric_table.h"
#include "models.h"
#include <string.h>

/* `numbers: { potentials: saturate | symmetric | wrap, currents: saturate | wrap, decay_bits: 16, shift_min: 0 }` */

static const char *const overflows[ST_OVERFLOW_COUNT + 1] = {"saturate", "symmetric", "wrap", NULL};

void st_fabric_read_numbers(struct st_yaml_reader *r, const struct st_yaml *map, struct st_numbers *n)
{
    static const char *const keys[] = {"potentials", "currents", "decay_bits", "shift_min", NULL};
    enum st_overflow *const fields[] = {&n->potentials, &n->currents};
    uint32_t *const numbers[] = {&n->decay_bits, &n->shift_min};
    *n = (struct st_numbers){0};
    if (!map || !st_yaml_is(r, map, ST_YAML_MAP, "'numbers'"))
        return;
    st_yaml_keys(r, map, keys, "'numbers'");
    for (int i = 0; i < 2; i++) {
        const struct st_yaml *word = st_yaml_get(map, keys[i]), *number = st_yaml_get(map, keys[2 + i]);
        int which;
        int64_t value;
        if (word && st_yaml_choice(r, word, st_arena_printf(r->arena, "'%s'", keys[i]), overflows, &which))
            *fields[i] = (enum st_overflow)which;
        if (number && st_yaml_whole(r, number, st_arena_printf(r->arena, "'%s'", keys[2 + i]), i == 0 ? 1 : 0,
                                    i == 0 ? ST_DECAY_BITS : 15, &value))
            *numbers[i] = (uint32_t)value;
    }
}

/* A model that cannot do as the fabric's numbers do has no meaning there. */
static void check_models(const struct st_fabric *f, struct st_diags *d, enum st_param_role role, const char *what)
{
    for (int i = 0; i < ST_MODEL_COUNT; i++) {
        bool concerned = role == ST_ROLE_OVERFLOW || st_role_at(st_models[i], ST_ROLE_DECAY) >= 0;
        if (f->models[i] && concerned && st_role_at(st_models[i], role) < 0)
            st_error(d, ST_DIAG_FABRIC_SUPPORT, f->mark, "'numbers' without it, or 'models' without this one",
                     "%s wrap, and the model '%s' has only such that saturate", what, st_models[i]->name);
    }
}

void st_fabric_check_numbers(const struct st_fabric *f, struct st_diags *d)
{
    const struct st_numbers *n = &f->numbers;
    if (n->currents == ST_SYMMETRIC)
        st_error(d, ST_DIAG_FABRIC_SUPPORT, f->mark, "'currents: saturate'",
                 "currents saturate at the ends of the field, or wrap");
    if (n->decay_bits > ST_DECAY_BITS)
        st_error(d, ST_DIAG_OUT_OF_RANGE, f->mark, NULL, "'decay_bits' must be 1 to %d, not %u", ST_DECAY_BITS,
                 n->decay_bits);
    if (n->shift_min > f->limits.shift_max)
        st_error(d, ST_DIAG_FABRIC_LIMITS, f->mark, "a 'shift_max' that is not below 'shift_min'",
                 "weights count 2^%u at least, and 2^%u at most", n->shift_min, f->limits.shift_max);
    if (n->shift_min && (f->kinds[ST_GRADED] || f->learning))
        st_error(d, ST_DIAG_FABRIC_SUPPORT, f->mark, "'shift_min: 0', or neither",
                 "weights count 2^%u at least, which those that learn and graded ones do not", n->shift_min);
    if (n->potentials == ST_WRAPS)
        check_models(f, d, ST_ROLE_OVERFLOW, "potentials");
    if (n->currents == ST_WRAPS)
        check_models(f, d, ST_ROLE_CURRENT_OVERFLOW, "currents");
}

void st_fabric_print_numbers(struct st_text *t, const struct st_numbers *n)
{
    if (n->potentials || n->currents || st_decay_bits(n) != ST_DECAY_BITS || n->shift_min)
        st_textf(t, "numbers: { potentials: %s, currents: %s, decay_bits: %u, shift_min: %u }\n",
                 overflows[n->potentials], overflows[n->currents], st_decay_bits(n), n->shift_min);
}
