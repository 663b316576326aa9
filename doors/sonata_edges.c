#include "sonata.h"

#include "file.h"
#include <math.h>
#include <string.h>

enum { PIECE = 1 << 16, GROUPS_MAX = 64, POPULATIONS_MAX = 4096, REPEATS_MAX = 64 };
#define EDGES_MAX ((uint64_t)UINT32_MAX - 2)

/* What a type of edges says where edges do not. */
struct edge_type {
    double weight, count, delay, sign;
    bool has_weight, has_delay;
};

enum field { WEIGHT, COUNT, DELAY, FIELDS };
static const char *const field_names[FIELDS] = {"syn_weight", "nsyns", "delay"};

struct group {
    struct st_h5_column column[FIELDS]; /* dataset -1: there is none */
    double *whole[FIELDS];              /* read at once, where edges stand in another order than their group */
};

/* A population of edges on its way. */
struct edges {
    struct sonata *s;
    const char *path, *name;
    const struct sonata_nodes *from, *to;
    const struct sonata_table *table;
    const struct edge_type *types;
    struct st_h5_column source, target, type, group_id, group_index;
    struct group groups[GROUPS_MAX];
    uint32_t *projection; /* [parts][parts] of these populations, UINT32_MAX: there is none */
    uint64_t *count;      /* the same: synapses */
    uint32_t from_first, from_parts, to_first, to_parts;
    double delay_error;
    uint64_t undelayed, unweighted, merged;
    /* a piece */
    uint64_t *a, *b, *t, *g, *k;
    double *x[FIELDS];
    uint32_t *row_source, *row_target;
    double *row_weight;
    uint16_t *row_delay;
    uint32_t *row_pair;
};

static const char *at(const struct edges *e, const char *name)
{
    return st_arena_printf(e->s->arena, "%s/%s", e->path, name);
}

/* --- types -------------------------------------------------------------------------------------------------- */

static bool read_sign(struct sonata *s, const struct sonata_table *t, uint32_t row, struct edge_type *out,
                      struct st_fault *f)
{
    const char *file = st_sonata_cell_text(t, row, "dynamics_params"), *folder = s->synapse_folder;
    struct sonata_json j;
    if (!file)
        return true;
    if (!st_sonata_json_read(s, st_path_join(s->arena, folder ? folder : s->circuit.folder, file), &j, f))
        return false;
    const struct st_json *sign = st_json_get(j.root, "sign");
    if (sign && (!st_json_double(sign, &out->sign) || fabs(out->sign) != 1))
        return st_sonata_refuse(s, ST_DIAG_FOREIGN_TYPE, j.source, "/sign", "1 or -1 is wanted here");
    for (const struct st_json *x = j.root->child; x; x = x->next)
        if (strcmp(x->key, "sign") != 0)
            st_verdict(s->verdicts, file, x->key, ST_FAITH_APPROXIMATED, 0,
                       "left out: a synapse here is a weight and a delay");
    return true;
}

static bool read_types(struct sonata *s, const struct sonata_table *t, struct edge_type *out, struct st_fault *f)
{
    for (uint32_t i = 0; i < t->rows; i++) {
        bool given;
        const char *template = st_sonata_cell_text(t, i, "model_template");
        out[i] = (struct edge_type){.count = 1, .sign = 1};
        if (!st_sonata_cell_number(s, t, i, "syn_weight", &out[i].weight, &out[i].has_weight) ||
            !st_sonata_cell_number(s, t, i, "delay", &out[i].delay, &out[i].has_delay) ||
            !st_sonata_cell_number(s, t, i, "nsyns", &out[i].count, &given) || !read_sign(s, t, i, &out[i], f))
            return false;
        if (template && strstr(template, "stdp"))
            st_verdict(s->verdicts, t->path, st_arena_printf(s->arena, "row %u, model_template", i + 1),
                       ST_FAITH_APPROXIMATED, 0, "'%.60s' does not learn here: its weights are fixed", template);
    }
    return true;
}

/* --- who is joined ------------------------------------------------------------------------------------------ */

static const struct sonata_nodes *population(struct sonata *s, const char *name)
{
    for (uint32_t i = 0; i < s->node_count; i++)
        if (!strcmp(s->nodes[i].name, name))
            return &s->nodes[i];
    return NULL;
}

/* Whose ids a column has: by its attribute, or, in old files, by the name A_to_B of the edges. */
static bool find_end(struct edges *e, const char *column, bool to, const struct sonata_nodes **out)
{
    const char *name = st_h5_attribute(&e->s->open, at(e, column), "node_population"), *join = strstr(e->name, "_to_");
    if (!name && join)
        name = to ? join + 4 : st_arena_text(e->s->arena, e->name, (size_t)(join - e->name));
    if (!name)
        return st_sonata_refuse(e->s, ST_DIAG_FOREIGN_MISSING, e->s->open.source, at(e, column),
                                "it has no attribute 'node_population', and '%.100s' does not say it", e->name);
    *out = population(e->s, name);
    return *out || st_sonata_refuse(e->s, ST_DIAG_FOREIGN_NODE, e->s->open.source, at(e, column),
                                    "its nodes are of '%.100s', and no file of nodes has this population", name);
}

static void close_all(struct edges *e)
{
    st_h5_column_close(&e->source);
    st_h5_column_close(&e->target);
    st_h5_column_close(&e->type);
    st_h5_column_close(&e->group_id);
    st_h5_column_close(&e->group_index);
    for (int g = 0; g < GROUPS_MAX; g++)
        for (int k = 0; k < FIELDS; k++)
            st_h5_column_close(&e->groups[g].column[k]);
}

static bool open_column(struct edges *e, const char *path, uint64_t want, bool needed, struct st_h5_column *c)
{
    c->dataset = -1;
    if (!needed && st_h5_kind(&e->s->open, path) == ST_H5_NONE)
        return true;
    if (!st_h5_column_open(&e->s->open, path, EDGES_MAX, c))
        return false;
    return want == UINT64_MAX || c->count == want ||
           st_sonata_refuse(e->s, ST_DIAG_FOREIGN_SHAPE, e->s->open.source, path,
                            "it has %llu rows, and there are %llu edges", (unsigned long long)c->count,
                            (unsigned long long)want);
}

static bool open_all(struct edges *e)
{
    if (!open_column(e, at(e, "source_node_id"), UINT64_MAX, true, &e->source))
        return false;
    uint64_t n = e->source.count;
    if (!open_column(e, at(e, "target_node_id"), n, true, &e->target) ||
        !open_column(e, at(e, "edge_type_id"), n, true, &e->type) ||
        !open_column(e, at(e, "edge_group_id"), n, false, &e->group_id) ||
        !open_column(e, at(e, "edge_group_index"), n, false, &e->group_index))
        return false;
    for (uint32_t g = 0; g < GROUPS_MAX; g++)
        for (int k = 0; k < FIELDS; k++) {
            const char *path = st_arena_printf(e->s->arena, "%s/%u/%s", e->path, g, field_names[k]);
            if (!open_column(e, path, UINT64_MAX, false, &e->groups[g].column[k]))
                return false;
        }
    return true;
}

/* --- pieces ------------------------------------------------------------------------------------------------- */

static bool read_ends(struct edges *e, uint64_t first, uint32_t n)
{
    if (!st_h5_column_whole(&e->source, first, n, e->a) || !st_h5_column_whole(&e->target, first, n, e->b))
        return false;
    for (uint32_t i = 0; i < n; i++) {
        bool source = e->a[i] >= e->from->size;
        if (source || e->b[i] >= e->to->size)
            return st_sonata_refuse(e->s, ST_DIAG_FOREIGN_NODE, e->s->open.source,
                                    at(e, source ? "source_node_id" : "target_node_id"),
                                    "edge %llu names node %llu of '%.64s', which has %u", (unsigned long long)first + i,
                                    (unsigned long long)(source ? e->a[i] : e->b[i]),
                                    source ? e->from->name : e->to->name, source ? e->from->size : e->to->size);
        e->row_pair[i] =
            (e->from->part_of[e->a[i]] - e->from_first) * e->to_parts + e->to->part_of[e->b[i]] - e->to_first;
    }
    return true;
}

static double *whole_column(struct edges *e, struct group *g, int k)
{
    struct st_h5_column *c = &g->column[k];
    if (!g->whole[k]) {
        g->whole[k] = ST_NEW(e->s->arena, double, c->count);
        if (!st_h5_column_real(c, 0, c->count, g->whole[k]))
            return NULL;
    }
    return g->whole[k];
}

/* A field of each edge of a piece, NAN where its group has none. Mostly a piece is a run of one group. */
static bool read_field(struct edges *e, int k, uint64_t first, uint32_t n, bool run)
{
    for (uint32_t i = 0; i < n; i++)
        e->x[k][i] = NAN;
    for (uint32_t i = 0; i < n; i++) {
        uint64_t id = e->g[i], index = e->k[i];
        struct group *g = id < GROUPS_MAX ? &e->groups[id] : NULL;
        if (!g || g->column[k].dataset < 0) {
            if (run)
                break;
            continue;
        }
        uint64_t last = run ? index + n - 1 : index;
        if (last >= g->column[k].count)
            return st_sonata_refuse(e->s, ST_DIAG_FOREIGN_SHAPE, e->s->open.source, at(e, "edge_group_index"),
                                    "edge %llu is %llu of its group, whose %s has %llu", (unsigned long long)first + i,
                                    (unsigned long long)last, field_names[k], (unsigned long long)g->column[k].count);
        if (run)
            return st_h5_column_real(&g->column[k], index, n, e->x[k]);
        const double *whole = whole_column(e, g, k);
        if (!whole)
            return false;
        e->x[k][i] = whole[index];
    }
    return true;
}

static bool read_fields(struct edges *e, uint64_t first, uint32_t n)
{
    bool run = true;
    if (!st_h5_column_whole(&e->type, first, n, e->t))
        return false;
    for (uint32_t i = 0; i < n; i++) {
        e->g[i] = 0;
        e->k[i] = first + i;
    }
    if ((e->group_id.dataset >= 0 && !st_h5_column_whole(&e->group_id, first, n, e->g)) ||
        (e->group_index.dataset >= 0 && !st_h5_column_whole(&e->group_index, first, n, e->k)))
        return false;
    for (uint32_t i = 1; i < n; i++)
        run = run && e->g[i] == e->g[0] && e->k[i] == e->k[0] + i;
    for (int k = 0; k < FIELDS; k++)
        if (!read_field(e, k, first, n, run))
            return false;
    return true;
}

/* Weight and delay of edge i of a piece. */
static bool make_row(struct edges *e, uint64_t first, uint32_t i, uint32_t *type_row)
{
    struct sonata *s = e->s;
    if (*type_row == UINT32_MAX || e->table->id[*type_row] != e->t[i])
        *type_row = st_sonata_row(e->table, e->t[i]);
    if (*type_row == UINT32_MAX)
        return st_sonata_refuse(s, ST_DIAG_FOREIGN_NODE, s->open.source, at(e, "edge_type_id"),
                                "edge %llu is of type %llu, which the table has not", (unsigned long long)first + i,
                                (unsigned long long)e->t[i]);
    const struct edge_type *type = &e->types[*type_row];
    double weight = !isnan(e->x[WEIGHT][i]) ? e->x[WEIGHT][i] : type->has_weight ? type->weight : 1;
    double count = !isnan(e->x[COUNT][i]) ? e->x[COUNT][i] : type->count;
    double delay = !isnan(e->x[DELAY][i]) ? e->x[DELAY][i] : type->has_delay ? type->delay : s->options.dt;
    const struct sonata_part *p = &s->parts[e->to->part_of[e->b[i]]];
    double ticks = floor(delay / s->options.dt + 0.5),
           more = p->cell.model == SONATA_MODEL_EXP || p->cell.model == SONATA_MODEL_ALPHA;
    e->unweighted += isnan(e->x[WEIGHT][i]) && !type->has_weight;
    e->undelayed += isnan(e->x[DELAY][i]) && !type->has_delay;
    ticks = ticks < 1 ? 1 : ticks;
    if (!(ticks + more <= 255) || !(delay >= 0))
        return st_sonata_refuse(s, ST_DIAG_FOREIGN_REFUSED, s->open.source, at(e, "delay"),
                                "edge %llu takes %g ms, %.0f ticks: a delay is at most 255; take a longer dt",
                                (unsigned long long)first + i, delay, ticks + more);
    double off = delay > 0 ? fabs(ticks * s->options.dt - delay) / delay : 0;
    e->delay_error = off > 1e-9 && off > e->delay_error ? off : e->delay_error;
    weight *= count * type->sign;
    weight *= s->gains[s->gain_base[e->to - s->nodes] + e->b[i]][weight < 0];
    if (!isfinite(weight))
        return st_sonata_refuse(s, ST_DIAG_FOREIGN_REFUSED, s->open.source, at(e, "syn_weight"),
                                "edge %llu has no finite weight", (unsigned long long)first + i);
    e->row_weight[i] = weight;
    e->row_delay[i] = (uint16_t)(ticks + more);
    return true;
}

/* Rows of a piece to their lists: those of one pair of parts together. */
static bool hand_on(struct edges *e, uint32_t n)
{
    struct sonata *s = e->s;
    for (uint32_t first = 0, stop; first < n; first = stop) {
        for (stop = first + 1; stop < n && e->row_pair[stop] == e->row_pair[first]; stop++)
            ;
        for (uint32_t i = first; i < stop; i++) {
            e->row_source[i] = e->from->place[e->a[i]];
            e->row_target[i] = e->to->place[e->b[i]];
        }
        if (!st_net_synapses(s->build, e->projection[e->row_pair[first]], stop - first, e->row_source + first,
                             e->row_target + first, e->row_weight + first, e->row_delay + first))
            return false;
    }
    return true;
}

static void add_projections(struct edges *e)
{
    struct sonata *s = e->s;
    struct st_mark mark = st_h5_mark(&s->open, e->path);
    for (uint32_t q = 0; q < e->from_parts * e->to_parts; q++) {
        if (!e->count[q])
            continue;
        e->projection[q] = s->projections++;
        st_net_add_projection(s->build, s->parts[e->from_first + q / e->to_parts].population,
                              s->parts[e->to_first + q % e->to_parts].population, mark);
        st_net_projection(s->build, e->projection[q])->policy = ST_LIST;
        st_net_room(s->build, e->projection[q], e->count[q]);
    }
}

/* --- edges that are there more than once -------------------------------------------------------------------- */

/* Whether each row is behind the one before, one way or the other: then none is there twice. */
static bool ascends(const uint32_t *first, const uint32_t *second, uint32_t count)
{
    for (uint32_t i = 1; i < count; i++)
        if (first[i] < first[i - 1] || (first[i] == first[i - 1] && second[i] <= second[i - 1]))
            return false;
    return true;
}

/* Edges of one pair of neurons and one delay add up; those of other delays go into another list, and so on. */
static bool part_repeats(struct edges *e, uint32_t projection, uint32_t sources, uint32_t targets)
{
    struct sonata *s = e->s;
    struct st_net_list *l = &st_net_projection(s->build, projection)->list;
    for (uint32_t round = 0;; round++) {
        if (ascends(l->source, l->target, l->count) || ascends(l->target, l->source, l->count))
            break;
        struct st_list_order order = st_list_sort(s->arena, l, sources, targets);
        uint8_t *gone = ST_NEW(s->arena, uint8_t, l->count); /* 1: added to another, 2: goes to another list */
        uint32_t moved = 0;
        for (uint32_t i = 0, head = 0; i < l->count; i++) {
            uint32_t row = order.row[i], first = order.row[head];
            if (l->source[row] != l->source[first] || l->target[row] != l->target[first] || i == head) {
                head = i;
                continue;
            }
            gone[row] = l->delay_ticks[row] == l->delay_ticks[first] ? 1 : 2;
            if (gone[row] == 1)
                l->weight[first] += l->weight[row];
            e->merged += gone[row] == 1;
            moved += gone[row] == 2;
        }
        uint32_t more = UINT32_MAX;
        if (moved && round == REPEATS_MAX)
            return st_sonata_refuse(s, ST_DIAG_FOREIGN_REFUSED, s->open.source, e->path,
                                    "two neurons are joined by more than %d different delays", REPEATS_MAX);
        if (moved) {
            const struct st_net_projection *p = st_net_projection(s->build, projection);
            more = s->projections++;
            st_net_add_projection(s->build, p->from, p->to, p->mark);
            st_net_projection(s->build, more)->policy = ST_LIST;
            st_net_room(s->build, more, moved);
        }
        uint32_t kept = 0;
        for (uint32_t i = 0; i < l->count; i++) {
            if (gone[i] == 2 &&
                !st_net_synapses(s->build, more, 1, &l->source[i], &l->target[i], &l->weight[i], &l->delay_ticks[i]))
                return false;
            if (gone[i])
                continue;
            l->source[kept] = l->source[i];
            l->target[kept] = l->target[i];
            l->weight[kept] = l->weight[i];
            l->delay_ticks[kept++] = l->delay_ticks[i];
        }
        l->count = kept;
        if (!moved)
            break;
        l = &st_net_projection(s->build, more)->list;
        projection = more;
    }
    return true;
}

/* --- a population ------------------------------------------------------------------------------------------- */

static void say(struct edges *e)
{
    struct st_verdicts *v = e->s->verdicts;
    unsigned long long all = e->source.count;
    st_verdict(v, e->name, "edges", ST_FAITH_EXACT, 0, "%llu synapses", all);
    if (e->merged)
        st_verdict(v, e->name, "edges", ST_FAITH_EXACT, 0,
                   "of which %llu have the ends and the delay of another: added up", (unsigned long long)e->merged);
    if (e->unweighted)
        st_verdict(v, e->name, "syn_weight", ST_FAITH_APPROXIMATED, 0, "%llu edges have none: 1",
                   (unsigned long long)e->unweighted);
    else
        st_verdict(v, e->name, "syn_weight", ST_FAITH_EXACT, 0,
                   "with nsyns, sign and what a current adds to the potential");
    if (e->undelayed)
        st_verdict(v, e->name, "delay", ST_FAITH_APPROXIMATED, 0, "%llu edges have none: a tick",
                   (unsigned long long)e->undelayed);
    else
        st_verdict(v, e->name, "delay", ST_FAITH_EXACT, e->delay_error, "whole ticks");
}

static void parts_of(const struct sonata_nodes *n, uint32_t *first, uint32_t *count)
{
    uint32_t last = 0;
    *first = UINT32_MAX;
    for (uint32_t i = 0; i < n->size; i++) {
        *first = n->part_of[i] < *first ? n->part_of[i] : *first;
        last = n->part_of[i] > last ? n->part_of[i] : last;
    }
    *count = last - *first + 1;
}

static bool read_population(struct edges *e)
{
    struct sonata *s = e->s;
    if (!find_end(e, "source_node_id", false, &e->from) || !find_end(e, "target_node_id", true, &e->to) || !open_all(e))
        return false;
    parts_of(e->from, &e->from_first, &e->from_parts);
    parts_of(e->to, &e->to_first, &e->to_parts);
    if (s->parts[e->to_first].cell.model == SONATA_VIRTUAL)
        return st_sonata_refuse(s, ST_DIAG_FOREIGN_NODE, s->open.source, at(e, "target_node_id"),
                                "edges end in '%.64s', whose nodes are virtual", e->to->name);
    uint32_t pairs = e->from_parts * e->to_parts;
    e->projection = ST_NEW(s->arena, uint32_t, pairs);
    e->count = ST_NEW(s->arena, uint64_t, pairs);
    for (uint64_t first = 0; first < e->source.count; first += PIECE) {
        uint32_t n = e->source.count - first < PIECE ? (uint32_t)(e->source.count - first) : PIECE;
        if (!read_ends(e, first, n))
            return false;
        for (uint32_t i = 0; i < n; i++)
            e->count[e->row_pair[i]]++;
    }
    add_projections(e);
    uint32_t type_row = UINT32_MAX;
    for (uint64_t first = 0; first < e->source.count; first += PIECE) {
        uint32_t n = e->source.count - first < PIECE ? (uint32_t)(e->source.count - first) : PIECE;
        if (!read_ends(e, first, n) || !read_fields(e, first, n))
            return false;
        for (uint32_t i = 0; i < n; i++)
            if (!make_row(e, first, i, &type_row))
                return false;
        if (!hand_on(e, n))
            return false;
    }
    for (uint32_t q = 0; q < pairs; q++)
        if (e->count[q] && !part_repeats(e, e->projection[q], s->parts[e->from_first + q / e->to_parts].count,
                                         s->parts[e->to_first + q % e->to_parts].count))
            return false;
    say(e);
    return true;
}

static struct edges *new_edges(struct sonata *s)
{
    struct edges *e = ST_NEW(s->arena, struct edges, 1);
    uint64_t **whole[] = {&e->a, &e->b, &e->t, &e->g, &e->k};
    for (size_t i = 0; i < sizeof whole / sizeof *whole; i++)
        *whole[i] = ST_NEW(s->arena, uint64_t, PIECE);
    for (int k = 0; k < FIELDS; k++)
        e->x[k] = ST_NEW(s->arena, double, PIECE);
    e->row_source = ST_NEW(s->arena, uint32_t, PIECE);
    e->row_target = ST_NEW(s->arena, uint32_t, PIECE);
    e->row_pair = ST_NEW(s->arena, uint32_t, PIECE);
    e->row_weight = ST_NEW(s->arena, double, PIECE);
    e->row_delay = ST_NEW(s->arena, uint16_t, PIECE);
    e->s = s;
    return e;
}

bool st_sonata_edges_read(struct sonata *s, const struct sonata_files *files, struct st_fault *f)
{
    struct sonata_table t = {0};
    uint32_t count;
    if (!files->types)
        return st_sonata_refuse(s, ST_DIAG_FOREIGN_MISSING, s->circuit.source, "/networks/edges",
                                "'%.200s' has no table of edge types", files->data);
    if (!st_sonata_table_read(s, files->types, "edge_type_id", &t, f))
        return false;
    struct edge_type *types = ST_NEW(s->arena, struct edge_type, t.rows);
    if (!read_types(s, &t, types, f) || !st_sonata_open(s, files->data, f))
        return false;
    const char *const *names = st_h5_names(&s->open, "/edges", POPULATIONS_MAX, &count);
    for (uint32_t i = 0; names && i < count; i++) {
        struct edges *e = new_edges(s);
        e->name = names[i];
        e->path = st_arena_printf(s->arena, "/edges/%s", names[i]);
        e->table = &t;
        e->types = types;
        e->source.dataset = e->target.dataset = e->type.dataset = e->group_id.dataset = e->group_index.dataset = -1;
        for (int g = 0; g < GROUPS_MAX; g++)
            for (int k = 0; k < FIELDS; k++)
                e->groups[g].column[k].dataset = -1;
        bool good = read_population(e);
        close_all(e);
        if (!good)
            return false;
    }
    return names != NULL;
}
