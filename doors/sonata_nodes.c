#include "sonata.h"

#include "file.h"
#include "models.h"
#include <math.h>
#include <string.h>

const char *const st_sonata_param_names[SONATA_PARAMS] = {
#define P(ID, name, standard, what) [SONATA_##ID] = name,
#include "sonata.def"
};
const double st_sonata_standards[SONATA_PARAMS] = {
#define P(ID, name, standard, what) [SONATA_##ID] = standard,
#include "sonata.def"
};
const char *const st_sonata_model_names[SONATA_MODELS] = {
#define M(ID, name) [SONATA_MODEL_##ID] = name,
#include "sonata.def"
};

enum { MEMBERS_MOST = 1 << 24, POPULATIONS_MAX = 4096, GROUPS_MAX = 64, PARTS_MAX = 256 };

/* --- types -------------------------------------------------------------------------------------------------- */

static int model_of(const char *kind, const char *template)
{
    const char *colon = template ? strrchr(template, ':') : NULL, *name = colon ? colon + 1 : template;
    if (kind && !strcmp(kind, "virtual"))
        return SONATA_VIRTUAL;
    for (int i = 0; name && i < SONATA_MODELS; i++)
        if (!strcmp(st_sonata_model_names[i], name))
            return i;
    return -1;
}

static bool read_dynamics(struct sonata *s, const struct sonata_table *t, uint32_t row, struct sonata_type *out,
                          struct st_fault *f)
{
    const char *file = st_sonata_cell_text(t, row, "dynamics_params");
    struct sonata_json j;
    if (!file)
        return true;
    const char *folder = s->neuron_folder ? s->neuron_folder : s->circuit.folder;
    if (!st_sonata_json_read(s, st_path_join(s->arena, folder, file), &j, f))
        return false;
    for (const struct st_json *x = j.root->child; x; x = x->next) {
        int p = 0;
        while (p < SONATA_PARAMS && strcmp(st_sonata_param_names[p], x->key))
            p++;
        const char *where = st_arena_printf(s->arena, "/%s", x->key);
        if (p == SONATA_PARAMS)
            st_verdict(s->verdicts, file, x->key, ST_FAITH_APPROXIMATED, 0, "left out: not one that is known here");
        else if (!st_json_double(x, &out->value[p]))
            return st_sonata_refuse(s, ST_DIAG_FOREIGN_TYPE, j.source, where, "a number is wanted here");
    }
    return true;
}

static bool read_types(struct sonata *s, const struct sonata_table *t, struct sonata_type *types, struct st_fault *f)
{
    for (uint32_t row = 0; row < t->rows; row++) {
        const char *kind = st_sonata_cell_text(t, row, "model_type"),
                   *template = st_sonata_cell_text(t, row, "model_template");
        struct sonata_type *type = &types[row];
        type->model = model_of(kind, template);
        memcpy(type->value, st_sonata_standards, sizeof type->value);
        if (type->model < 0)
            return st_sonata_refuse(s, ST_DIAG_FOREIGN_REFUSED, t->source,
                                    st_arena_printf(s->arena, "row %u, model_template", row + 1),
                                    "'%.60s' is no neuron that is known: points of virtual, IntFire1, iaf_psc_delta, "
                                    "iaf_psc_exp and iaf_psc_alpha are",
                                    template ? template
                                    : kind   ? kind
                                             : "NULL");
        if (type->model != SONATA_VIRTUAL && !read_dynamics(s, t, row, type, f))
            return false;
        for (int p = 0; p < SONATA_PARAMS; p++) {
            bool given;
            if (!st_sonata_cell_number(s, t, row, st_sonata_param_names[p], &type->value[p], &given))
                return false;
        }
    }
    return true;
}

/* --- what nodes have of their own --------------------------------------------------------------------------- */

struct own {
    double *value[GROUPS_MAX][SONATA_PARAMS]; /* [rows of the group] */
    uint64_t count[GROUPS_MAX][SONATA_PARAMS];
};

static bool read_own(struct sonata *s, const char *path, struct own *own)
{
    for (uint32_t g = 0; g < GROUPS_MAX; g++) {
        const char *group = st_arena_printf(s->arena, "%s/%u", path, g);
        if (st_h5_kind(&s->open, group) != ST_H5_GROUP)
            continue;
        for (int p = 0; p < SONATA_PARAMS; p++) {
            struct st_h5_array a;
            const char *at = st_arena_printf(s->arena, "%s/dynamics_params/%s", group, st_sonata_param_names[p]);
            if (st_h5_kind(&s->open, at) == ST_H5_NONE)
                at = st_arena_printf(s->arena, "%s/%s", group, st_sonata_param_names[p]);
            if (st_h5_kind(&s->open, at) == ST_H5_NONE)
                continue;
            if (!st_h5_numbers(&s->open, at, MEMBERS_MOST, &a))
                return false;
            own->value[g][p] = a.at;
            own->count[g][p] = a.count;
        }
    }
    return true;
}

/* A column of whole numbers, one a node; NULL: said, or there is none (*there false). */
static uint64_t *column(struct sonata *s, const char *path, const char *name, uint64_t want, uint64_t *count,
                        bool *there)
{
    struct st_h5_column c;
    const char *at = st_arena_printf(s->arena, "%s/%s", path, name);
    *there = st_h5_kind(&s->open, at) != ST_H5_NONE;
    if (!*there || !st_h5_column_open(&s->open, at, MEMBERS_MOST, &c))
        return NULL;
    *count = c.count;
    uint64_t *out = st_arena_try(s->arena, c.count, sizeof *out);
    bool good = out && st_h5_column_whole(&c, 0, c.count, out);
    st_h5_column_close(&c);
    if (!out)
        longjmp(s->arena->full, 1);
    if (good && want != UINT64_MAX && c.count != want) {
        st_sonata_refuse(s, ST_DIAG_FOREIGN_SHAPE, s->open.source, at, "it has %llu rows, and there are %llu nodes",
                         (unsigned long long)c.count, (unsigned long long)want);
        return NULL;
    }
    return good ? out : NULL;
}

/* --- parts -------------------------------------------------------------------------------------------------- */

static bool same_part(const struct sonata_cell *a, const struct sonata_cell *b)
{
    double unused;
    return a->model == b->model && st_door_fraction(a->leak, &unused) == st_door_fraction(b->leak, &unused) &&
           st_door_fraction(a->decay, &unused) == st_door_fraction(b->decay, &unused) &&
           st_door_fraction(a->decay_inhibitory, &unused) == st_door_fraction(b->decay_inhibitory, &unused) &&
           a->refractory == b->refractory;
}

static struct sonata_part *part_for(struct sonata *s, uint32_t nodes, uint32_t first, const struct sonata_cell *cell)
{
    for (uint32_t k = first; k < s->part_count; k++)
        if (same_part(&s->parts[k].cell, cell))
            return &s->parts[k];
    if (s->part_count - first == PARTS_MAX)
        return NULL;
    if (s->part_count == s->part_room) {
        uint32_t room = s->part_room ? 2 * s->part_room : 16;
        struct sonata_part *parts = ST_NEW(s->arena, struct sonata_part, room);
        if (s->part_count)
            memcpy(parts, s->parts, s->part_count * sizeof *parts);
        s->parts = parts;
        s->part_room = room;
    }
    s->parts[s->part_count] = (struct sonata_part){.cell = *cell, .nodes = nodes};
    return &s->parts[s->part_count++];
}

static void say_part(struct sonata *s, const struct sonata_nodes *n, const struct sonata_part *p, const char *name)
{
    double leak, decay, inhibitory;
    st_door_fraction(p->cell.leak, &leak);
    st_door_fraction(p->cell.decay, &decay);
    st_door_fraction(p->cell.decay_inhibitory, &inhibitory);
    if (p->cell.model == SONATA_VIRTUAL) {
        st_verdict(s->verdicts, n->name, "virtual", ST_FAITH_EXACT, 0, "%u receptors, '%s'", p->count, name);
        return;
    }
    bool alpha = p->cell.model == SONATA_MODEL_ALPHA, current = alpha || p->cell.model == SONATA_MODEL_EXP;
    st_verdict(s->verdicts, n->name, st_sonata_model_names[p->cell.model], ST_FAITH_EXACT, 0, "%u neurons, '%s'",
               p->count, name);
    st_verdict(s->verdicts, name, p->cell.model == SONATA_MODEL_INTFIRE1 ? "tau" : "tau_m", ST_FAITH_EXACT, leak,
               "part lost in a tick, 1 - exp(-dt/tau)");
    if (current)
        st_verdict(s->verdicts, name, "tau_syn", alpha ? ST_FAITH_APPROXIMATED : ST_FAITH_EXACT,
                   fmax(decay, inhibitory),
                   alpha ? "an exponential current of the alpha current's charge and mean time" : "two currents");
    st_verdict(s->verdicts, name, "t_ref", ST_FAITH_EXACT, 0, "%u ticks", p->cell.refractory);
    if (p->cell.model == SONATA_MODEL_INTFIRE1)
        st_verdict(s->verdicts, name, "threshold", ST_FAITH_APPROXIMATED, 0,
                   "fires at 1, too, where NEURON asks for above it");
}

/* A population of the neurons of a part, all parameters still to be filled in. */
static void add_part(struct sonata *s, struct sonata_nodes *n, uint32_t k, uint32_t number,
                     const struct sonata_cell *cells)
{
    struct sonata_part *p = &s->parts[k];
    const char *wanted = number == 1 ? n->name : st_arena_printf(s->arena, "%s.%u", n->name, number);
    const char *name = st_door_name(s->arena, s->build, wanted);
    struct st_mark at = st_diags_path(s->diags, n->source, n->path);
    bool virtual = p->cell.model == SONATA_VIRTUAL;
    p->population = virtual ? st_net_add_receptors(s->build, name, at) : st_net_add_population(s->build, name, at);
    struct st_net_node *node = st_net_node(s->build, p->population);
    node->columns = p->count;
    if (virtual) {
        node->width = p->count;
        node->encoder = ST_ENCODE_SPIKES;
    } else {
        bool current = p->cell.model == SONATA_MODEL_EXP || p->cell.model == SONATA_MODEL_ALPHA;
        double unused;
        st_net_model(node, current ? ST_MODEL_CUBA : ST_MODEL_LIF, at);
        const struct st_model_row *row = st_models[node->model];
        double *own[3];
        static const enum st_param_role roles[3] = {ST_ROLE_THRESHOLD, ST_ROLE_RESET_VALUE, ST_ROLE_BIAS};
        for (int r = 0; r < 3; r++)
            own[r] = ST_NEW(s->arena, double, p->count);
        for (uint32_t i = 0; i < n->size; i++)
            if (n->part_of[i] == k) {
                own[0][n->place[i]] = cells[i].threshold;
                own[1][n->place[i]] = cells[i].reset;
                own[2][n->place[i]] = cells[i].bias;
            }
        for (int r = 0; r < 3; r++)
            st_door_set(s->arena, node, roles[r], own[r]);
        node->params[st_role_at(row, ST_ROLE_LEAK)] = st_door_fraction(p->cell.leak, &unused);
        node->params[st_role_at(row, ST_ROLE_FLOOR)] = ST_PARAM_NONE;
        node->params[st_role_at(row, ST_ROLE_REFRACTORY)] = p->cell.refractory;
        node->params[st_role_at(row, ST_ROLE_WHEN_SHUT)] = 1;
        if (current) {
            node->params[st_role_at(row, ST_ROLE_CURRENTS)] = 1;
            node->params[st_role_at(row, ST_ROLE_DECAY)] = st_door_fraction(p->cell.decay, &unused);
            node->params[st_role_at(row, ST_ROLE_DECAY_INHIBITORY)] =
                st_door_fraction(p->cell.decay_inhibitory, &unused);
        }
    }
    say_part(s, n, p, name);
}

/* --- a population ------------------------------------------------------------------------------------------- */

static struct sonata_nodes *add_nodes(struct sonata *s)
{
    if (s->node_count == s->node_room) {
        uint32_t room = s->node_room ? 2 * s->node_room : 16;
        struct sonata_nodes *nodes = ST_NEW(s->arena, struct sonata_nodes, room);
        uint32_t *base = ST_NEW(s->arena, uint32_t, room);
        if (s->node_count) {
            memcpy(nodes, s->nodes, s->node_count * sizeof *nodes);
            memcpy(base, s->gain_base, s->node_count * sizeof *base);
        }
        s->nodes = nodes;
        s->gain_base = base;
        s->node_room = room;
    }
    return &s->nodes[s->node_count++];
}

static void keep_gains(struct sonata *s, const struct sonata_cell *cells, uint32_t count)
{
    if (s->gain_count + count > s->gain_room) {
        uint32_t room = 2 * (s->gain_count + count);
        double(*gains)[2] = (double(*)[2])st_arena_get(s->arena, room, sizeof *gains);
        if (s->gain_count)
            memcpy(gains, s->gains, s->gain_count * sizeof *gains);
        s->gains = gains;
        s->gain_room = room;
    }
    s->gain_base[s->node_count - 1] = s->gain_count;
    for (uint32_t i = 0; i < count; i++)
        memcpy(s->gains[s->gain_count++], cells[i].gain, sizeof *s->gains);
}

/* Where a node stands: by its node_id, or by its row. */
static bool place_nodes(struct sonata *s, const char *path, const uint64_t *id, uint64_t size, uint32_t *row_of)
{
    bool *seen = ST_NEW(s->arena, bool, size);
    for (uint64_t i = 0; i < size; i++) {
        uint64_t at = id ? id[i] : i;
        if (at >= size || seen[at])
            return st_sonata_refuse(s, ST_DIAG_FOREIGN_NODE, s->open.source,
                                    st_arena_printf(s->arena, "%s/node_id", path),
                                    "node ids are 0 to %llu, each once: row %llu is %llu",
                                    (unsigned long long)(size - 1), (unsigned long long)i, (unsigned long long)at);
        seen[at] = true;
        row_of[at] = (uint32_t)i;
    }
    return true;
}

static bool read_population(struct sonata *s, const char *name, const struct sonata_table *t,
                            const struct sonata_type *types)
{
    const char *path = st_arena_printf(s->arena, "/nodes/%s", name);
    uint64_t size, unused;
    bool there;
    uint64_t *type = column(s, path, "node_type_id", UINT64_MAX, &size, &there);
    if (!type)
        return there ? false : st_h5_need(&s->open, st_arena_printf(s->arena, "%s/node_type_id", path), ST_H5_DATASET);
    if (!size)
        return st_sonata_refuse(s, ST_DIAG_FOREIGN_SHAPE, s->open.source, path, "the population has no nodes");
    uint64_t *id = column(s, path, "node_id", size, &unused, &there);
    if (!id && there)
        return false;
    uint64_t *group = column(s, path, "node_group_id", size, &unused, &there);
    if (!group && there)
        return false;
    uint64_t *index = column(s, path, "node_group_index", size, &unused, &there);
    if (!index && there)
        return false;
    struct own *own = ST_NEW(s->arena, struct own, 1);
    struct sonata_cell *cells = ST_NEW(s->arena, struct sonata_cell, size);
    uint32_t *row_of = ST_NEW(s->arena, uint32_t, size);
    if (!read_own(s, path, own) || !place_nodes(s, path, id, size, row_of))
        return false;
    uint32_t first = s->part_count;
    struct sonata_nodes *n = add_nodes(s);
    *n = (struct sonata_nodes){.name = name, .path = path, .size = (uint32_t)size, .source = s->open.source};
    n->part_of = ST_NEW(s->arena, uint32_t, size);
    n->place = ST_NEW(s->arena, uint32_t, size);
    for (uint32_t i = 0; i < n->size; i++) {
        uint32_t row = row_of[i], at = st_sonata_row(t, type[row]);
        double value[SONATA_PARAMS];
        if (at == UINT32_MAX)
            return st_sonata_refuse(
                s, ST_DIAG_FOREIGN_NODE, s->open.source, st_arena_printf(s->arena, "%s/node_type_id", path),
                "row %u is of type %llu, which the table has not", row, (unsigned long long)type[row]);
        memcpy(value, types[at].value, sizeof value);
        uint64_t g = group ? group[row] : 0, k = index ? index[row] : row;
        for (int p = 0; p < SONATA_PARAMS && g < GROUPS_MAX; p++)
            if (own->value[g][p]) {
                if (k >= own->count[g][p])
                    return st_sonata_refuse(s, ST_DIAG_FOREIGN_SHAPE, s->open.source,
                                            st_arena_printf(s->arena, "%s/node_group_index", path),
                                            "row %u is %llu, and the group has %llu", row, (unsigned long long)k,
                                            (unsigned long long)own->count[g][p]);
                value[p] = own->value[g][p][k];
            }
        if (!st_sonata_cell_make(s, path, s->open.source, types[at].model, value, &cells[i]))
            return false;
        struct sonata_part *p = part_for(s, s->node_count - 1, first, &cells[i]);
        if (!p)
            return st_sonata_refuse(s, ST_DIAG_FOREIGN_REFUSED, s->open.source, path,
                                    "more than %d different time constants: each would be a population of its own",
                                    PARTS_MAX);
        n->part_of[i] = (uint32_t)(p - s->parts);
        n->place[i] = p->count++;
    }
    keep_gains(s, cells, n->size);
    for (uint32_t k = first; k < s->part_count; k++)
        add_part(s, n, k, k - first + 1, cells);
    return true;
}

bool st_sonata_nodes_read(struct sonata *s, const struct sonata_files *files, struct st_fault *f)
{
    struct sonata_table t;
    uint32_t count;
    if (!files->types)
        return st_sonata_refuse(s, ST_DIAG_FOREIGN_MISSING, s->circuit.source, "/networks/nodes",
                                "'%.200s' has no table of node types", files->data);
    if (!st_sonata_table_read(s, files->types, "node_type_id", &t, f))
        return false;
    struct sonata_type *types = ST_NEW(s->arena, struct sonata_type, t.rows);
    if (!read_types(s, &t, types, f) || !st_sonata_open(s, files->data, f))
        return false;
    const char *const *names = st_h5_names(&s->open, "/nodes", POPULATIONS_MAX, &count);
    for (uint32_t i = 0; names && i < count; i++) {
        for (uint32_t k = 0; k < s->node_count; k++)
            if (!strcmp(s->nodes[k].name, names[i]))
                return st_sonata_refuse(s, ST_DIAG_FOREIGN_NODE, s->open.source,
                                        st_arena_printf(s->arena, "/nodes/%s", names[i]),
                                        "there are two populations of this name");
        if (!read_population(s, names[i], &t, types))
            return false;
    }
    return names != NULL;
}
