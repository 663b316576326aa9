#include "nir.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define B(ID) (1u << NIR_##ID)
const struct nir_row st_nir_rows[NIR_TYPES] = {
#define X(ID, name, role, needed, optional) [NIR_NODE_##ID] = {name, NIR_##role, needed, optional},
#include "nir.def"
};
const char *const st_nir_param_names[NIR_PARAMS] = {
#define P(ID, name) [NIR_##ID] = name,
#include "nir.def"
};

enum { ELEMENTS_MAX = 1 << 28, PARAMS_MAX = 64 };

bool st_nir_refuse(const struct nir_graph *g, enum st_diag_id id, const struct nir_node *n, const char *param,
                   const char *format, ...)
{
    char text[400];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    const char *path = param ? st_arena_printf(g->arena, "%s/%s", n->path, param) : n->path;
    st_error(g->diags, id, st_h5_mark(g->file, path), NULL, "%s", text);
    st_verdict(g->verdicts, n->name, param ? param : "", ST_FAITH_REFUSED, 0, "%s", text);
    return false;
}

/* --- nodes -------------------------------------------------------------------------------------------------- */

static struct nir_node *add_node(struct nir_graph *g, const char *name, const char *path)
{
    if (g->node_count == g->node_room) {
        uint32_t room = g->node_room ? 2 * g->node_room : 32;
        struct nir_node *nodes = ST_NEW(g->arena, struct nir_node, room);
        if (g->node_count)
            memcpy(nodes, g->nodes, g->node_count * sizeof *nodes);
        g->nodes = nodes;
        g->node_room = room;
    }
    g->nodes[g->node_count] = (struct nir_node){.name = name, .path = path};
    return &g->nodes[g->node_count++];
}

static bool read_type(struct nir_graph *g, const char *path, enum nir_type *type)
{
    const char *at = st_arena_printf(g->arena, "%s/type", path), *word;
    if (!st_h5_text(g->file, at, &word))
        return false;
    for (int i = 0; i < NIR_TYPES; i++)
        if (!strcmp(st_nir_rows[i].name, word)) {
            *type = (enum nir_type)i;
            return true;
        }
    st_error(g->diags, ST_DIAG_FOREIGN_REFUSED, st_h5_mark(g->file, at), "docs/formats.md lists what is known",
             "'%.80s' is no node of NIR that is known", word);
    return false;
}

static bool finite_all(const struct st_h5_array *a)
{
    for (uint64_t i = 0; i < a->count; i++)
        if (!(a->at[i] >= -1e300 && a->at[i] <= 1e300))
            return false;
    return true;
}

static bool read_padding(struct nir_graph *g, struct nir_node *n, const char *at)
{
    const char *word;
    if (!st_h5_text(g->file, at, &word))
        return false;
    n->padding = !strcmp(word, "same") ? NIR_PADDING_SAME : NIR_PADDING_VALID;
    return n->padding == NIR_PADDING_SAME || !strcmp(word, "valid") ||
           st_nir_refuse(g, ST_DIAG_FOREIGN_REFUSED, n, "padding",
                         "the padding is numbers, 'same' or 'valid', not '%.40s'", word);
}

/* What stands beside the parameters in files of some version, and says nothing that counts here. */
static bool is_aside(const char *name)
{
    static const char *const aside[] = {"type", "metadata", "name", "output_type"};
    for (size_t i = 0; i < sizeof aside / sizeof *aside; i++)
        if (!strcmp(name, aside[i]))
            return true;
    return false;
}

/* A parameter that is not known might matter: the node would be read as another one. */
static bool knows_all(struct nir_graph *g, struct nir_node *n)
{
    uint32_t count;
    bool good = true;
    const char *const *names = st_h5_names(g->file, n->path, PARAMS_MAX, &count);
    if (!names)
        return false;
    for (uint32_t k = 0; k < count; k++) {
        bool known = is_aside(names[k]);
        for (int i = 0; i < NIR_PARAMS && !known; i++)
            known = !strcmp(names[k], st_nir_param_names[i]);
        if (!known)
            good = st_nir_refuse(g, ST_DIAG_FOREIGN_REFUSED, n, st_arena_printf(g->arena, "%.80s", names[k]),
                                 "%s has no such parameter", st_nir_rows[n->type].name);
    }
    return good;
}

static bool read_params(struct nir_graph *g, struct nir_node *n)
{
    const struct nir_row *row = &st_nir_rows[n->type];
    bool good = knows_all(g, n);
    for (int i = 0; i < NIR_PARAMS; i++) {
        const char *at = st_arena_printf(g->arena, "%s/%s", n->path, st_nir_param_names[i]);
        bool needed = row->needed >> i & 1, there = st_h5_kind(g->file, at) != ST_H5_NONE;
        if (!needed && !(row->optional >> i & 1)) {
            if (there)
                good = st_nir_refuse(g, ST_DIAG_FOREIGN_REFUSED, n, st_nir_param_names[i], "%s has no such parameter",
                                     row->name);
            continue;
        }
        if (!needed && !there)
            continue;
        if (i == NIR_PADDING && st_h5_is_text(g->file, at)) {
            good &= read_padding(g, n, at);
            continue;
        }
        bool read = st_h5_numbers(g->file, at, ELEMENTS_MAX, &n->param[i]);
        good &= read;
        if (read && !finite_all(&n->param[i]))
            good = st_nir_refuse(g, ST_DIAG_FOREIGN_REFUSED, n, st_nir_param_names[i],
                                 "there is a number that is none, or infinite");
    }
    return good;
}

/* --- graphs ------------------------------------------------------------------------------------------------- */

/* A graph while it is read. Its own nodes are first..last, those of graphs in it stand behind them, or between. */
struct level {
    const char *path, *prefix;
    const char *const *names; /* of its nodes, by the alphabet */
    uint32_t count;
    struct ends {
        uint32_t in, out; /* the node that an edge to or from it means; UINT32_MAX: there is none */
    } * ends;
};

static bool read_graph(struct nir_graph *g, const char *path, const char *prefix, uint32_t depth, uint32_t *in,
                       uint32_t *out);

static bool add_edge(struct nir_graph *g, uint32_t from, uint32_t to)
{
    if (g->edge_count == g->edge_room) {
        uint32_t room = g->edge_room ? 2 * g->edge_room : 64;
        uint32_t(*edges)[2] = (uint32_t(*)[2])st_arena_get(g->arena, room, sizeof *edges);
        if (g->edge_count)
            memcpy(edges, g->edges, g->edge_count * sizeof *edges);
        g->edges = edges;
        g->edge_room = room;
    }
    g->edges[g->edge_count][0] = from;
    g->edges[g->edge_count++][1] = to;
    return true;
}

static uint32_t place_of(const struct level *l, const char *name)
{
    uint32_t low = 0, high = l->count;
    while (low < high) {
        uint32_t middle = (low + high) / 2;
        int order = strcmp(l->names[middle], name);
        if (order == 0)
            return middle;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return UINT32_MAX;
}

static bool read_edges(struct nir_graph *g, const struct level *l)
{
    const char *at = st_arena_printf(g->arena, "%s/edges", l->path);
    struct st_h5_array shape;
    char **names;
    bool good = true;
    if (st_h5_kind(g->file, at) == ST_H5_DATASET && !st_h5_is_text(g->file, at)) {
        /* a graph without edges has an empty list of numbers there */
        struct st_h5_array none;
        if (st_h5_numbers(g->file, at, 0, &none))
            return true;
    }
    if (!st_h5_texts(g->file, at, 2 * (uint64_t)NIR_EDGES_MAX, &shape, &names))
        return false;
    if (shape.count && (shape.dims != 2 || shape.size[1] != 2)) {
        st_error(g->diags, ST_DIAG_FOREIGN_SHAPE, st_h5_mark(g->file, at), NULL,
                 "edges are pairs of names: two columns are wanted");
        return false;
    }
    for (uint64_t i = 0; i < shape.count; i += 2) {
        uint32_t end[2];
        for (int k = 0; k < 2; k++) {
            uint32_t place = place_of(l, names[i + (uint64_t)k]);
            end[k] = place == UINT32_MAX ? UINT32_MAX : k ? l->ends[place].in : l->ends[place].out;
            if (place != UINT32_MAX && end[k] != UINT32_MAX)
                continue;
            good = false;
            const char *near = place == UINT32_MAX ? st_nearest(names[i + (uint64_t)k], l->names, l->count) : NULL;
            if (place == UINT32_MAX)
                st_error(g->diags, ST_DIAG_FOREIGN_NODE, st_h5_mark(g->file, at),
                         near ? st_arena_printf(g->arena, "did you mean '%s'?", near) : NULL,
                         "the edge %.100s -> %.100s names '%.100s', which is no node of the graph", names[i],
                         names[i + 1], names[i + (uint64_t)k]);
            else
                st_error(g->diags, ST_DIAG_FOREIGN_NODE, st_h5_mark(g->file, at), NULL,
                         "the edge %.100s -> %.100s: the graph '%.100s' has not just one %s", names[i], names[i + 1],
                         names[i + (uint64_t)k], k ? "input" : "output");
        }
        if (end[0] != UINT32_MAX && end[1] != UINT32_MAX)
            good &= add_edge(g, end[0], end[1]);
    }
    return good;
}

/* One node of a graph, which may be a graph again: its inputs and outputs then hand on what they get. */
static bool read_node(struct nir_graph *g, const struct level *l, uint32_t i, uint32_t depth, struct ends *ends)
{
    const char *name = st_arena_printf(g->arena, "%s%s", l->prefix, l->names[i]);
    const char *path = st_arena_printf(g->arena, "%s/nodes/%s", l->path, l->names[i]);
    enum nir_type type;
    *ends = (struct ends){UINT32_MAX, UINT32_MAX};
    if (!st_h5_need(g->file, path, ST_H5_GROUP) || !read_type(g, path, &type))
        return false;
    if (type == NIR_NODE_GRAPH)
        return read_graph(g, path, st_arena_printf(g->arena, "%s.", name), depth + 1, &ends->in, &ends->out);
    if (g->node_count == NIR_NODES_MAX) {
        st_error(g->diags, ST_DIAG_FOREIGN_SIZE, st_h5_mark(g->file, path), NULL, "the graph has more than %d nodes",
                 NIR_NODES_MAX);
        return false;
    }
    ends->in = ends->out = g->node_count;
    struct nir_node *n = add_node(g, name, path);
    n->type = type;
    return read_params(g, n);
}

static bool read_graph(struct nir_graph *g, const char *path, const char *prefix, uint32_t depth, uint32_t *in,
                       uint32_t *out)
{
    struct level l = {.path = path, .prefix = prefix};
    bool good = true;
    if (depth > NIR_NESTED) {
        st_error(g->diags, ST_DIAG_FOREIGN_CYCLE, st_h5_mark(g->file, path), NULL,
                 "graphs are nested more than %d deep: one is within itself", NIR_NESTED);
        return false;
    }
    l.names = st_h5_names(g->file, st_arena_printf(g->arena, "%s/nodes", path), NIR_NODES_MAX, &l.count);
    if (!l.names)
        return false;
    l.ends = ST_NEW(g->arena, struct ends, l.count);
    uint32_t ins = 0, outs = 0;
    for (uint32_t i = 0; i < l.count && g->diags->errors < ST_DIAG_MAX; i++) {
        good &= read_node(g, &l, i, depth, &l.ends[i]);
        struct nir_node *n = l.ends[i].in == UINT32_MAX ? NULL : &g->nodes[l.ends[i].in];
        if (depth == 0 || !n || l.ends[i].in != l.ends[i].out)
            continue;
        if (n->type == NIR_NODE_INPUT) {
            *in = ins++ ? UINT32_MAX : l.ends[i].in;
            n->type = NIR_NODE_IDENTITY;
        } else if (n->type == NIR_NODE_OUTPUT) {
            *out = outs++ ? UINT32_MAX : l.ends[i].out;
            n->type = NIR_NODE_IDENTITY;
        }
    }
    return good && read_edges(g, &l);
}

bool st_nir_read(struct nir_graph *g)
{
    enum nir_type type;
    const char *version = "";
    uint32_t in, out;
    if (!st_h5_need(g->file, "/node", ST_H5_GROUP) || !read_type(g, "/node", &type))
        return false;
    if (type != NIR_NODE_GRAPH) {
        st_error(g->diags, ST_DIAG_FOREIGN_TYPE, st_h5_mark(g->file, "/node/type"), NULL,
                 "the root of the file is a NIRGraph");
        return false;
    }
    if (st_h5_kind(g->file, "/version") == ST_H5_DATASET && !st_h5_text(g->file, "/version", &version))
        return false;
    return read_graph(g, "/node", "", 0, &in, &out);
}
