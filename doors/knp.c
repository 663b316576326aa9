#include "sonata.h"

#include "file.h"
#include "grid/grid.h"
#include "models.h"
#include <math.h>
#include <string.h>

/* What KNP (Kaspersky's neuromorphic platform) saves, in SONATA's files but with names of its own: config.json lists
 * folders of networks, each with populations.h5 and projections.h5, and says nothing else that is read. Populations and
 * projections are named by UUIDs; one that is no population is an input. Steps are ticks.
 *
 * AltAILIF and delta synapses are read. A step of AltAILIF adds what arrives, then the leak, then fires. */

enum { POPULATIONS_MAX = 4096, EDGES_MAX = 1 << 28, ALTAI = 102, DELTA = 100, ENDLESS = 1 << 22 };
enum { EXCITATORY, INHIBITORY };

#define PARAMS(X)                                                                                                      \
    X(diff, "is_diff_", 0)                                                                                             \
    X(reset, "is_reset_", 1)                                                                                           \
    X(follows, "leak_rev_", 1)                                                                                         \
    X(saturate, "saturate_", 0)                                                                                        \
    X(forgets, "do_not_save_", 0)                                                                                      \
    X(threshold, "activation_threshold_", 1)                                                                           \
    X(lowest, "negative_activation_threshold_", 30000)                                                                 \
    X(leak, "potential_leak_", 0)                                                                                      \
    X(value, "potential_reset_value_", 0)                                                                              \
    X(potential, "potential_", 0)

struct params {
#define X(field, name, standard) double field;
    PARAMS(X)
#undef X
};

struct population {
    const char *id, *name;
    uint32_t node, size;
};

struct knp {
    struct sonata *s;
    struct population *populations;
    uint32_t count;
    uint32_t first; /* population of neurons, or UINT32_MAX */
};

static bool refuse(struct knp *k, const char *path, const char *why)
{
    return st_sonata_refuse(k->s, ST_DIAG_FOREIGN_REFUSED, k->s->open.source, path, "%s", why);
}

/* KNP's loader takes the first neuron's values for all. */
static bool read_params(struct knp *k, const char *path, struct params *out)
{
    struct sonata *s = k->s;
#define X(field, name, standard)                                                                                       \
    {                                                                                                                  \
        struct st_h5_array a;                                                                                          \
        const char *at = st_arena_printf(s->arena, "%s/0/%s", path, name),                                             \
                   *state = st_arena_printf(s->arena, "%s/0/dynamics_params/%s", path, name);                          \
        at = st_h5_kind(&s->open, at) == ST_H5_NONE ? state : at;                                                      \
        out->field = standard;                                                                                         \
        if (st_h5_kind(&s->open, at) != ST_H5_NONE) {                                                                  \
            if (!st_h5_numbers(&s->open, at, 1 << 24, &a))                                                             \
                return false;                                                                                          \
            out->field = a.count ? a.at[0] : out->field;                                                               \
            for (uint64_t i = 1; i < a.count; i++)                                                                     \
                if (a.at[i] != a.at[0]) {                                                                              \
                    st_verdict(s->verdicts, path, name, ST_FAITH_APPROXIMATED, 0,                                      \
                               "the first neuron's, for all, as KNP's own loader does");                               \
                    break;                                                                                             \
                }                                                                                                      \
        }                                                                                                              \
        if (!isfinite(out->field))                                                                                     \
            return refuse(k, at, "the number is none, or infinite");                                                   \
    }
    PARAMS(X)
#undef X
    return true;
}

/* Whether lif says all of it, which more fabrics have. */
static bool is_lif(const struct params *p)
{
    return (p->leak == 0 || p->follows == 0) && (p->lowest >= ENDLESS || p->saturate != 0) &&
           (p->forgets == 0 || p->value == 0) && (p->reset != 0 || p->diff != 0);
}

static void set(struct st_net_node *n, enum st_param_role role, double x)
{
    n->params[st_role_at(st_models[n->model], role)] = x;
}

static void fill(struct knp *k, const char *name, struct st_net_node *n, const struct params *p)
{
    struct st_verdicts *v = k->s->verdicts;
    bool grid = !is_lif(p), endless = p->lowest >= ENDLESS;
    st_net_model(n, grid ? ST_MODEL_GRID : ST_MODEL_LIF, n->mark);
    set(n, ST_ROLE_THRESHOLD, p->threshold);
    set(n, ST_ROLE_RESET, p->reset != 0 ? 0 : p->diff != 0 ? 1 : 2);
    set(n, ST_ROLE_RESET_VALUE, p->reset != 0 || p->forgets != 0 ? p->value : 0);
    set(n, ST_ROLE_BIAS, p->leak);
    set(n, ST_ROLE_FLOOR, endless ? ST_PARAM_NONE : -p->lowest);
    if (grid) {
        n->params[ST_GRID_LEAK_SIGN] = p->follows != 0 ? ST_GRID_FOLLOWS_UP : ST_GRID_FIXED;
        n->params[ST_GRID_FLOOR_AT] = 1;
        n->params[ST_GRID_BELOW] = p->saturate == 0;
        n->params[ST_GRID_MEMORY] = p->forgets != 0;
    } else
        set(n, ST_ROLE_LEAK, p->forgets != 0);
    st_verdict(v, name, "activation_threshold_", ST_FAITH_EXACT, 0, "threshold, of '%s'", st_models[n->model]->name);
    st_verdict(v, name, p->reset != 0 ? "is_reset_" : "is_diff_", ST_FAITH_EXACT, 0,
               p->reset != 0  ? "reset to potential_reset_value_"
               : p->diff != 0 ? "reset: subtract"
                              : "reset: none");
    st_verdict(v, name, "potential_leak_", ST_FAITH_EXACT, 0,
               p->leak != 0 && p->follows != 0 ? "it follows the sign of the potential" : "added each step");
    st_verdict(v, name, "negative_activation_threshold_", ST_FAITH_EXACT, 0,
               endless ? "beyond all potentials" : "floor");
    if (p->potential != 0)
        st_verdict(v, name, "potential_", ST_FAITH_APPROXIMATED, 0, "it begins at 0");
}

/* UUIDs are no names: nodes are called by their place. */
static struct population *add(struct knp *k, const char *id, bool input, uint32_t size, const char *path)
{
    struct sonata *s = k->s;
    struct population *p = &k->populations[k->count];
    struct st_mark at = st_h5_mark(&s->open, path);
    const char *name = st_door_name(s->arena, s->build, st_arena_printf(s->arena, input ? "in%u" : "p%u", k->count));
    *p = (struct population){.id = id, .name = name, .size = size};
    p->node = input ? st_net_add_receptors(s->build, name, at) : st_net_add_population(s->build, name, at);
    struct st_net_node *n = st_net_node(s->build, p->node);
    n->columns = size;
    if (input) {
        n->width = size;
        n->encoder = ST_ENCODE_SPIKES;
    }
    st_verdict(s->verdicts, id, input ? "input" : "knp:AltAILIF", ST_FAITH_EXACT, 0, "%u %s, '%s'", size,
               input ? "receptors" : "neurons", name);
    k->count++;
    return p;
}

static bool read_types(struct knp *k, const char *path, const char *column, double want, const char *what,
                       uint64_t *count)
{
    struct sonata *s = k->s;
    struct st_h5_array type;
    const char *at = st_arena_printf(s->arena, "%s/%s", path, column);
    if (!st_h5_numbers(&s->open, at, EDGES_MAX, &type))
        return false;
    *count = type.count;
    if (!type.count)
        return st_sonata_refuse(s, ST_DIAG_FOREIGN_SHAPE, s->open.source, at, "it has no elements");
    return type.at[0] == want || st_sonata_refuse(s, ST_DIAG_FOREIGN_REFUSED, s->open.source, at,
                                                  "type %g: of KNP's, %s (%g) is read", type.at[0], what, want);
}

static bool read_population(struct knp *k, const char *id)
{
    struct sonata *s = k->s;
    const char *path = st_arena_printf(s->arena, "/nodes/%s", id);
    struct params p = {0};
    uint64_t size;
    if (!read_types(k, path, "node_type_id", ALTAI, "AltAILIF", &size) || !read_params(k, path, &p))
        return false;
    if (p.threshold < 0)
        return refuse(k, path, "a threshold below 0 is not in the language");
    if (size > 1 << 24)
        return st_sonata_refuse(s, ST_DIAG_FOREIGN_SIZE, s->open.source, path,
                                "the population has more than 2^24 neurons");
    struct population *made = add(k, id, false, (uint32_t)size, path);
    struct st_net_node *n = st_net_node(s->build, made->node);
    fill(k, made->name, n, &p);
    k->first = k->first == UINT32_MAX ? made->node : k->first;
    return true;
}

/* --- projections -------------------------------------------------------------------------------------------- */

struct columns {
    struct st_h5_array source, target, weight, delay, kind;
};

static bool read_columns(struct knp *k, const char *path, struct columns *c)
{
    struct sonata *s = k->s;
    const struct {
        const char *name;
        struct st_h5_array *to;
    } all[] = {{"source_node_id", &c->source},
               {"target_node_id", &c->target},
               {"0/syn_weight", &c->weight},
               {"0/delay", &c->delay},
               {"0/output_type_", &c->kind}};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        const char *at = st_arena_printf(s->arena, "%s/%s", path, all[i].name);
        if (!st_h5_numbers(&s->open, at, EDGES_MAX, all[i].to))
            return false;
        if (all[i].to->count != c->source.count)
            return st_sonata_refuse(s, ST_DIAG_FOREIGN_SHAPE, s->open.source, at,
                                    "it has %llu rows, and there are %llu edges", (unsigned long long)all[i].to->count,
                                    (unsigned long long)c->source.count);
    }
    return true;
}

/* A population by what a column's attribute says; an input where there is none of that id. */
static struct population *end_of(struct knp *k, const char *path, const char *column, const struct st_h5_array *ids,
                                 bool input)
{
    struct sonata *s = k->s;
    const char *at = st_arena_printf(s->arena, "%s/%s", path, column);
    const char *id = st_h5_attribute(&s->open, at, "node_population");
    double most = 0;
    if (!id) {
        st_sonata_refuse(s, ST_DIAG_FOREIGN_MISSING, s->open.source, at, "it has no attribute 'node_population'");
        return NULL;
    }
    for (uint32_t i = 0; i < k->count; i++)
        if (!strcmp(k->populations[i].id, id) && (input || !st_net_node(s->build, k->populations[i].node)->receptor))
            return &k->populations[i];
    if (!input || k->count == POPULATIONS_MAX) {
        st_sonata_refuse(s, ST_DIAG_FOREIGN_NODE, s->open.source, at,
                         "its nodes are of '%.64s', which is no population", id);
        return NULL;
    }
    for (uint64_t i = 0; i < ids->count; i++)
        most = ids->at[i] > most && ids->at[i] < 1 << 24 ? ids->at[i] : most;
    return add(k, id, true, (uint32_t)most + 1, path);
}

static bool read_projection(struct knp *k, const char *id)
{
    struct sonata *s = k->s;
    const char *path = st_arena_printf(s->arena, "/edges/%s", id);
    struct columns c;
    uint64_t count;
    if (!read_types(k, path, "edge_type_id", DELTA, "the delta synapse", &count) || !read_columns(k, path, &c))
        return false;
    struct population *from = end_of(k, path, "source_node_id", &c.source, true);
    struct population *to = from ? end_of(k, path, "target_node_id", &c.target, false) : NULL;
    if (!to)
        return false;
    uint32_t number = st_net_add_projection(s->build, from->node, to->node, st_h5_mark(&s->open, path));
    st_net_projection(s->build, number)->policy = ST_LIST;
    st_net_room(s->build, number, c.source.count);
    for (uint64_t i = 0; i < c.source.count; i++) {
        double source = c.source.at[i], target = c.target.at[i], kind = c.kind.at[i];
        double weight = kind == INHIBITORY ? -c.weight.at[i] : c.weight.at[i];
        uint32_t ends[2] = {(uint32_t)fmax(0, fmin(source, 1 << 24)), (uint32_t)fmax(0, fmin(target, 1 << 24))};
        if (source != ends[0] || target != ends[1] || ends[0] >= from->size || ends[1] >= to->size)
            return st_sonata_refuse(s, ST_DIAG_FOREIGN_NODE, s->open.source, path,
                                    "edge %llu joins %g to %g, of %u and %u nodes", (unsigned long long)i, source,
                                    target, from->size, to->size);
        if ((kind != EXCITATORY && kind != INHIBITORY) || !isfinite(weight))
            return st_sonata_refuse(
                s, ST_DIAG_FOREIGN_REFUSED, s->open.source, st_arena_printf(s->arena, "%s/0/output_type_", path),
                "edge %llu is of kind %g: excitation (0) and inhibitory current (1) are in the language",
                (unsigned long long)i, kind);
        uint16_t delay = (uint16_t)fmax(0, fmin(c.delay.at[i], 256));
        if (c.delay.at[i] != delay || delay < 1 || delay > 255)
            return st_sonata_refuse(
                s, ST_DIAG_FOREIGN_REFUSED, s->open.source, st_arena_printf(s->arena, "%s/0/delay", path),
                "edge %llu takes %g steps: a delay is 1 to 255 ticks", (unsigned long long)i, c.delay.at[i]);
        if (!st_net_synapses(s->build, number, 1, &ends[0], &ends[1], &weight, &delay))
            return false;
    }
    st_verdict(s->verdicts, id, "edges", ST_FAITH_EXACT, 0, "%llu synapses, '%s' to '%s'",
               (unsigned long long)c.source.count, from->name, to->name);
    return true;
}

/* --- the whole ---------------------------------------------------------------------------------------------- */

static bool read_all(struct knp *k, const char *folder, bool nodes, struct st_fault *f)
{
    struct sonata *s = k->s;
    uint32_t count;
    if (!st_sonata_open(s, st_path_join(s->arena, folder, nodes ? "populations.h5" : "projections.h5"), f))
        return false;
    const char *const *names = st_h5_names(&s->open, nodes ? "/nodes" : "/edges", POPULATIONS_MAX, &count);
    for (uint32_t i = 0; names && i < count; i++)
        if (!(nodes ? read_population(k, names[i]) : read_projection(k, names[i])))
            return false;
    return names != NULL;
}

const struct st_net *st_sonata_knp(struct sonata *s, const struct sonata_json *j, struct st_fault *f)
{
    struct knp *k = ST_NEW(s->arena, struct knp, 1);
    const struct st_json *list = st_json_get(j->root, "networks");
    *k = (struct knp){
        .s = s, .first = UINT32_MAX, .populations = ST_NEW(s->arena, struct population, POPULATIONS_MAX + 1)};
    const char *config = st_sonata_path(s, j, "/networks/0", list->child);
    if (!config)
        return NULL;
    if (list->count > 1)
        st_verdict(s->verdicts, "networks", "", ST_FAITH_APPROXIMATED, 0, "the first of %u is read, as KNP does",
                   list->count);
    const char *folder = st_path_folder(s->arena, config);
    if (!read_all(k, folder, true, f) || !read_all(k, folder, false, f))
        return NULL;
    if (k->first != UINT32_MAX)
        st_net_readout(s->build, k->first, ST_DECIDE_COUNT, 0, 0, (struct st_mark){0});
    st_verdict(s->verdicts, "readout", "", ST_FAITH_APPROXIMATED, 0,
               "the format has none: the first population is read");
    return st_net_finish(s->build);
}
