#include "net_read.h"
#include "small_world.h"
#include "window.h"
#include <math.h>
#include <string.h>

enum { PROJECTIONS_MAX = 65535 };

/* A number, or { uniform: [low, high] }, or { normal: [mean, deviation] }. */
static bool read_dist(struct net_reader *r, const struct st_yaml *at, const char *what, double lowest, double highest,
                      struct st_dist *out)
{
    static const char *const keys[] = {"uniform", "normal", NULL};
    if (at->kind == ST_YAML_SCALAR)
        return st_yaml_number(&r->yaml, at, what, lowest, highest, &out->a);
    if (!st_yaml_is(&r->yaml, at, ST_YAML_MAP, what))
        return false;
    st_yaml_keys(&r->yaml, at, keys, what);
    const struct st_yaml *uniform = st_yaml_get(at, "uniform"), *normal = st_yaml_get(at, "normal");
    const struct st_yaml *pair = uniform ? uniform : normal;
    if (!uniform == !normal || pair->kind != ST_YAML_LIST || pair->count != 2) {
        st_error(r->diags, ST_DIAG_BAD_DISTRIBUTION, at->mark,
                 "{ uniform: [low, high] } or { normal: [mean, deviation] }", "%s is not a distribution", what);
        return false;
    }
    struct st_dist d = {.how = uniform ? ST_UNIFORM : ST_NORMAL};
    if (!st_yaml_number(&r->yaml, pair->items[0], what, lowest, highest, &d.a) ||
        !st_yaml_number(&r->yaml, pair->items[1], what, uniform ? lowest : 0, highest, &d.b))
        return false;
    if (uniform && d.b < d.a) {
        st_error(r->diags, ST_DIAG_BAD_DISTRIBUTION, pair->mark, NULL, "%s is uniform from a higher to a lower number",
                 what);
        return false;
    }
    *out = d;
    return true;
}

/* --- sign and weight ---------------------------------------------------------------------------------------- */

/* 0 without `sign:`; else 1 or -1, and weights are magnitudes. */
static double read_sign(struct net_reader *r, const struct st_yaml *map)
{
    static const char *const signs[] = {"excitatory", "inhibitory", NULL};
    const struct st_yaml *at = st_yaml_get(map, "sign");
    int which;
    if (!at || !st_yaml_choice(&r->yaml, at, "'sign'", signs, &which))
        return 0;
    return which ? -1 : 1;
}

/* The same for a kernel: each of its weights is a magnitude. */
static void apply_sign(struct net_reader *r, struct st_net_projection *p, double sign)
{
    uint32_t taps = p->kernel ? st_window_taps(&p->window, st_net_node(r->build, p->from)) : 0;
    uint32_t count = p->kernel ? taps * st_net_node(r->build, p->to)->microcolumns : 0;
    for (uint32_t i = 0; i < count && sign != 0; i++) {
        if (p->kernel[i] < 0) {
            st_error(r->diags, ST_DIAG_SIGN_WEIGHT, p->kernel_mark, "leave 'sign' out, or give magnitudes",
                     "with 'sign' the weight must not be negative, and number %u of the kernel is", i);
            return;
        }
        p->kernel[i] *= sign;
    }
    p->weight.a *= sign != 0 ? sign : 1;
}

static void read_weight(struct net_reader *r, const struct st_yaml *at, struct st_net_projection *p, double sign)
{
    struct st_dist w = {0};
    p->weight_mark = at->mark;
    if (st_net_read_kernel(r, at, p)) {
        apply_sign(r, p, sign);
        return;
    }
    if (!read_dist(r, at, "'weight'", -1e6, 1e6, &w))
        return;
    if (sign != 0 && (w.a < 0 || w.how == ST_NORMAL)) {
        st_error(r->diags, ST_DIAG_SIGN_WEIGHT, at->mark, "leave 'sign' out, or give a weight that cannot be negative",
                 "with 'sign' the weight must not be negative%s",
                 w.how == ST_NORMAL ? ", and a normal one may be" : "");
        return;
    }
    if (sign < 0)
        w = w.how == ST_UNIFORM ? (struct st_dist){ST_UNIFORM, -w.b, -w.a} : (struct st_dist){ST_FIXED, -w.a, 0};
    p->weight = w;
}

/* A list whose rows all say their weight needs none of its own. */
bool st_net_list_weighs(const struct st_net_projection *p)
{
    for (uint32_t i = 0; i < p->list.count; i++)
        if (isnan(st_list_weight(&p->list, i)))
            return false;
    return p->list.count > 0;
}

/* --- delay -------------------------------------------------------------------------------------------------- */

static void read_delay(struct net_reader *r, const struct st_yaml *at, struct st_net_projection *p)
{
    struct st_dist delay = {0};
    p->delay_mark = at->mark;
    if (!read_dist(r, at, "'delay'", 1, 255, &delay))
        return;
    if (delay.how != ST_NORMAL && (delay.a != floor(delay.a) || delay.b != floor(delay.b))) {
        st_error(r->diags, ST_DIAG_NOT_WHOLE, at->mark, NULL, "'delay' is a whole number of ticks");
        return;
    }
    p->delay_ticks = delay;
}

/* --- plasticity --------------------------------------------------------------------------------------------- */

static void read_plasticity(struct net_reader *r, const struct st_yaml *map, uint32_t projection)
{
    char *name;
    if (!st_yaml_is(&r->yaml, map, ST_YAML_MAP, "'plasticity'"))
        return;
    const struct st_yaml *rule = st_yaml_need(&r->yaml, map, "rule", "'plasticity'");
    if (!rule || !st_yaml_word(&r->yaml, rule, "'rule'", &name))
        return;
    st_net_plastic(r->build, projection, name, rule->mark);
    for (uint32_t i = 0; i < map->count; i++) {
        const struct st_yaml *key = map->keys[i];
        double value = 0;
        if (!strcmp(key->text, "rule"))
            continue;
        st_yaml_number(&r->yaml, map->items[i], st_arena_printf(r->arena, "'%.64s'", key->text), -1e12, 1e12, &value);
        st_net_rule_param(r->build, projection, key->text, value, key->mark);
    }
}

/* The word that each synapse begins with in place of the rule's. */
static void read_initial(struct net_reader *r, const struct st_yaml *map, struct st_net_projection *p)
{
    static const char *const words[] = {"weight", "resource", NULL};
    if (!st_yaml_is(&r->yaml, map, ST_YAML_MAP, "'initial'"))
        return;
    st_yaml_keys(&r->yaml, map, words, "'initial'");
    if (map->count != 1) {
        st_error(r->diags, ST_DIAG_INITIAL, map->mark, "initial: { resource: { uniform: [0, 1] } }",
                 "'initial' says one word: the others follow from it");
        return;
    }
    p->initial_mark = map->keys[0]->mark;
    const struct st_yaml *resource = st_yaml_get(map, "resource"), *weight = st_yaml_get(map, "weight");
    if (!resource && !weight)
        return;
    struct st_dist drawn = {0};
    if (!read_dist(r, resource ? resource : weight, resource ? "'resource'" : "'weight'", -1e6, 1e6, &drawn))
        return;
    p->initial = drawn;
    p->initial_word = resource ? ST_INITIAL_RESOURCE : ST_INITIAL_WEIGHT;
}

/* A rule gives the weights that learning begins with, so nothing else may. */
static void read_plastic(struct net_reader *r, const struct st_yaml *map, uint32_t projection)
{
    static const char *const none[] = {"weight", "sign", NULL};
    for (const char *const *key = none; *key; key++)
        for (uint32_t i = 0; i < map->count; i++)
            if (!strcmp(map->keys[i]->text, *key))
                st_error(r->diags, ST_DIAG_PLASTIC_FORM, map->keys[i]->mark,
                         "its rule says with which weights it begins", "a learning projection has no '%s'", *key);
    read_plasticity(r, st_yaml_get(map, "plasticity"), projection);
    const struct st_yaml *initial = st_yaml_get(map, "initial");
    if (initial)
        read_initial(r, initial, st_net_projection(r->build, projection));
}

/* --- projections -------------------------------------------------------------------------------------------- */

/* Adds the projection between the two that the map names. */
static uint32_t read_ends(struct net_reader *r, const struct st_yaml *map)
{
    const struct st_yaml *from = st_yaml_need(&r->yaml, map, "from", "a projection");
    const struct st_yaml *to = st_yaml_need(&r->yaml, map, "to", "a projection");
    uint32_t ends[2] = {UINT32_MAX, UINT32_MAX};
    struct st_slice slices[2] = {{0}};
    if (from)
        st_net_read_end(r, from, &ends[0], &slices[0]);
    if (to)
        st_net_read_end(r, to, &ends[1], &slices[1]);
    uint32_t projection = st_net_add_projection(r->build, ends[0], ends[1], map->mark);
    struct st_net_projection *p = st_net_projection(r->build, projection);
    p->from_mark = from ? from->mark : p->from_mark;
    p->to_mark = to ? to->mark : p->to_mark;
    p->from_slice = slices[0];
    p->to_slice = slices[1];
    return projection;
}

static void read_policy_and_kind(struct net_reader *r, const struct st_yaml *map, struct st_net_projection *p)
{
    int which;
    const struct st_yaml *policy = st_yaml_need(&r->yaml, map, "policy", "a projection");
    if (policy) {
        p->policy_mark = policy->mark;
        if (st_yaml_choice(&r->yaml, policy, "'policy'", st_policy_names, &which))
            p->policy = (enum st_policy)which;
    }
    const struct st_yaml *kind = st_yaml_get(map, "kind");
    if (kind && st_yaml_choice(&r->yaml, kind, "'kind'", st_kind_names, &which))
        p->kind = (enum st_kind)which;
    st_net_read_switch(r, map, "forcing", &p->forcing);
    const struct st_yaml *teacher = st_yaml_get(map, "teacher");
    bool asked = p->teacher;
    if (teacher && st_yaml_switch(&r->yaml, teacher, "'teacher'", &asked)) {
        if (p->teacher && !asked)
            st_error(r->diags, ST_DIAG_TEACHER_PATH, teacher->mark, NULL,
                     "this projection begins or ends at a teacher, so it is a teacher too");
        p->teacher = asked;
    }
}

static void read_small_world(struct net_reader *r, const struct st_yaml *map, struct st_net_projection *p)
{
    int64_t seed = 1, neighbours = 0;
    const struct st_yaml *near = st_yaml_need(&r->yaml, map, "neighbours", "a small world");
    const struct st_yaml *rewire = st_yaml_need(&r->yaml, map, "rewire", "a small world");
    const struct st_yaml *given = st_yaml_get(map, "seed");
    if (near && st_yaml_whole(&r->yaml, near, "'neighbours'", 2, 2 * ST_WORLD_EDGES_MOST, &neighbours))
        p->world.neighbours = (uint32_t)neighbours;
    if (rewire)
        st_yaml_number(&r->yaml, rewire, "'rewire'", 0, 1, &p->world.rewire);
    if (given)
        st_yaml_whole(&r->yaml, given, "'seed'", 0, INT64_MAX, &seed);
    p->world.seed = (uint64_t)seed;
    st_net_read_switch(r, map, "candidates", &p->world.candidates);
}

uint32_t st_net_read_projection(struct net_reader *r, const struct st_yaml *map, double *sign)
{
    static const char *const keys[] = {"from",     "to",          "policy",     "kind",    "weight",     "delay",
                                       "sign",     "probability", "forcing",    "teacher", "plasticity", "initial",
                                       "synapses", "file",        "kernel",     "stride",  "padding",    "neighbours",
                                       "rewire",   "seed",        "candidates", NULL};
    static const char *const windows[] = {"kernel", "stride", "padding", NULL};
    static const char *const worlds[] = {"neighbours", "rewire", "seed", "candidates", NULL};
    if (!st_yaml_is(&r->yaml, map, ST_YAML_MAP, "a projection"))
        return UINT32_MAX;
    st_yaml_keys(&r->yaml, map, keys, "a projection");
    uint32_t projection = read_ends(r, map);
    struct st_net_projection *p = st_net_projection(r->build, projection);
    read_policy_and_kind(r, map, p);
    *sign = read_sign(r, map);
    const struct st_yaml *delay = st_yaml_get(map, "delay"), *probability = st_yaml_get(map, "probability");
    if (delay)
        read_delay(r, delay, p);
    if (probability)
        st_yaml_number(&r->yaml, probability, "'probability'", 0, 1, &p->probability);
    if (p->policy == ST_LIST) {
        st_net_read_list(r, map, projection, *sign);
        st_net_key_not_for(r, map, "probability", "the other policies: a list says what there is");
    } else {
        st_net_key_not_for(r, map, "synapses", "'policy: list'");
        st_net_key_not_for(r, map, "file", "'policy: list'");
    }
    if (p->policy == ST_CONVOLUTION)
        st_net_read_convolution(r, map, p);
    for (const char *const *key = windows; p->policy != ST_CONVOLUTION && *key; key++)
        st_net_key_not_for(r, map, *key, "'policy: convolution'");
    if (p->policy == ST_SMALL_WORLD)
        read_small_world(r, map, p);
    for (const char *const *key = worlds; p->policy != ST_SMALL_WORLD && *key; key++)
        st_net_key_not_for(r, map, *key, "'policy: small-world'");
    if (st_yaml_get(map, "plasticity")) {
        read_plastic(r, map, projection);
        return projection;
    }
    st_net_key_not_for(r, map, "initial", "a projection that learns");
    st_net_key_not_for(r, map, "candidates", "a projection that learns");
    const struct st_yaml *weight = st_yaml_get(map, "weight");
    if (weight)
        read_weight(r, weight, p, *sign);
    else if (!st_net_list_weighs(p) && !(r->pieces && p->policy == ST_LIST))
        st_yaml_need(&r->yaml, map, "weight", "a projection that does not learn");
    return projection;
}

void st_net_read_projections(struct net_reader *r, const struct st_yaml *list)
{
    if (!list || !st_yaml_is(&r->yaml, list, ST_YAML_LIST, "'projections'"))
        return;
    if (list->count > PROJECTIONS_MAX) {
        st_error(r->diags, ST_DIAG_TOO_MANY, list->mark, NULL, "%u projections; there may be %d", list->count,
                 PROJECTIONS_MAX);
        return;
    }
    double sign;
    for (uint32_t i = 0; i < list->count; i++)
        st_net_read_projection(r, list->items[i], &sign);
}
