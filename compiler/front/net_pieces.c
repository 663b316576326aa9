#include "net_pieces.h"
#include "net_read.h"
#include <math.h>
#include <string.h>

enum { PARTS_MAX = 65535 };

struct st_pieces {
    struct net_reader *reader;
    double *sign; /* [projections] as `sign:` says */
    uint32_t projections, room;
    bool read_out;
};

static const struct st_yaml *parse(struct st_arena *a, struct st_diags *d, const char *part, const char *text)
{
    if (!text || !*text)
        text = "{}";
    return st_yaml_parse(a, d, part, text, strlen(text));
}

/* The part as a map, NULL: refused. */
static const struct st_yaml *part_of(struct st_pieces *p, const char *kind, const char *name, const char *text)
{
    const char *part = st_arena_printf(p->reader->arena, "%s %.80s", kind, name);
    return parse(p->reader->arena, p->reader->diags, part, text);
}

struct st_pieces *st_pieces_begin(struct st_arena *a, struct st_diags *d, const char *head)
{
    static const char *const keys[] = {"network", "about", "parameters", "copies", "presentation", NULL};
    const struct st_yaml *root = parse(a, d, "network", head);
    if (!root)
        return NULL;
    struct st_pieces *p = ST_NEW(a, struct st_pieces, 1);
    p->reader = st_net_read_begin(a, d, root, ".", keys, NULL, 0);
    p->reader->pieces = true;
    return p;
}

void st_pieces_number(struct st_pieces *p, const char *name, double value)
{
    const struct st_mark none = {0};
    if (!(fabs(value) <= 1e12))
        st_error(p->reader->diags, ST_DIAG_OUT_OF_RANGE, none, NULL, "'%.64s' is a number that is too large", name);
    else
        st_net_parameter(p->reader->build, name, value, none);
}

/* Where a name stands that is no part of a text. */
static struct st_mark beside(const struct st_yaml *map) { return (struct st_mark){map->mark.source, 1, 1, 1}; }

static bool has_room(struct st_pieces *p, uint32_t count, const char *what)
{
    if (count < PARTS_MAX)
        return true;
    st_error(p->reader->diags, ST_DIAG_TOO_MANY, (struct st_mark){0}, NULL, "there may be %d %s", PARTS_MAX, what);
    return false;
}

static bool takes_node(struct st_pieces *p)
{
    return has_room(p, st_net_node_count(p->reader->build), "receptor groups, populations and emitters");
}

void st_pieces_receptors(struct st_pieces *p, const char *name, const char *text)
{
    const struct st_yaml *map = takes_node(p) ? part_of(p, "receptors", name, text) : NULL;
    if (map)
        st_net_read_receptors(p->reader, name, beside(map), map);
}

void st_pieces_population(struct st_pieces *p, const char *name, const char *text)
{
    const struct st_yaml *map = takes_node(p) ? part_of(p, "population", name, text) : NULL;
    if (map)
        st_net_read_population(p->reader, name, beside(map), map);
}

void st_pieces_emitter(struct st_pieces *p, const char *name, const char *text)
{
    const struct st_yaml *map = takes_node(p) ? part_of(p, "emitter", name, text) : NULL;
    if (map)
        st_net_read_emitter(p->reader, name, beside(map), map);
}

uint32_t st_pieces_projection(struct st_pieces *p, const char *text)
{
    double sign = 0;
    if (!has_room(p, p->projections, "projections"))
        return UINT32_MAX;
    if (p->projections == p->room) {
        uint32_t room = p->room ? 2 * p->room : 16;
        double *more = ST_NEW(p->reader->arena, double, room);
        if (p->projections)
            memcpy(more, p->sign, p->projections * sizeof *more);
        p->sign = more;
        p->room = room;
    }
    const struct st_yaml *map = part_of(p, "projection", st_arena_printf(p->reader->arena, "%u", p->projections), text);
    if (!map)
        return UINT32_MAX;
    uint32_t projection = st_net_read_projection(p->reader, map, &sign);
    p->sign[projection] = sign; /* the root of a text is a map, so it was begun */
    p->projections = projection + 1;
    return projection;
}

/* --- synapses ------------------------------------------------------------------------------------------------- */

static uint32_t members(const struct st_pieces *p, uint32_t node)
{
    const struct st_builder *b = p->reader->build;
    return node < st_net_node_count(b) ? st_node_size(st_net_node(b, node)) : UINT32_MAX;
}

/* Numbers of rows count on over the pieces, as its author counts them. */
static bool is_sound(struct st_pieces *p, uint32_t projection, size_t count, const uint32_t *source,
                     const uint32_t *target, const double *weight, const uint16_t *delay_ticks)
{
    const struct st_net_projection *x = st_net_projection(p->reader->build, projection);
    struct st_diags *d = p->reader->diags;
    const uint32_t sources = members(p, x->from), targets = members(p, x->to);
    const uint64_t before = x->list.count;
    const uint32_t errors = d->errors;
    for (size_t i = 0; i < count && d->errors < errors + ST_DIAG_MAX; i++) {
        unsigned long long row = before + i;
        double w = weight ? weight[i] : NAN;
        if (source[i] >= sources || target[i] >= targets)
            st_error(d, ST_DIAG_LIST_BOUNDS, x->mark, "members count from 0",
                     "row %llu: the synapse %u -> %u has no such members; there are %u sources and %u targets", row,
                     source[i], target[i], sources, targets);
        if (!isnan(w) && !(fabs(w) <= 1e6))
            st_error(d, ST_DIAG_OUT_OF_RANGE, x->mark, NULL, "row %llu: the weight must be -1000000 to 1000000", row);
        else if (p->sign[projection] != 0 && w < 0)
            st_error(d, ST_DIAG_SIGN_WEIGHT, x->mark, NULL, "row %llu: with 'sign' the weight must not be negative",
                     row);
        if (delay_ticks && delay_ticks[i] > 255)
            st_error(d, ST_DIAG_OUT_OF_RANGE, x->mark, NULL, "row %llu: the delay must be 1 to 255 ticks", row);
    }
    return d->errors == errors;
}

bool st_pieces_synapses(struct st_pieces *p, uint32_t projection, size_t count, const uint32_t *source,
                        const uint32_t *target, const double *weight, const uint16_t *delay_ticks)
{
    if (projection >= p->projections)
        return false;
    const struct st_net_projection *x = st_net_projection(p->reader->build, projection);
    if (x->policy != ST_LIST) {
        st_error(p->reader->diags, ST_DIAG_KEY_NOT_FOR, x->mark, "policy: list",
                 "synapses are only for 'policy: list'");
        return true;
    }
    if (!is_sound(p, projection, count, source, target, weight, delay_ticks))
        return true;
    if (!(p->sign[projection] < 0 && weight)) {
        st_net_synapses(p->reader->build, projection, count, source, target, weight, delay_ticks);
        return true;
    }
    double *turned = ST_NEW(p->reader->arena, double, count); /* magnitudes of what inhibits */
    for (size_t i = 0; i < count; i++)
        turned[i] = -weight[i];
    st_net_synapses(p->reader->build, projection, count, source, target, turned, delay_ticks);
    st_arena_drop(p->reader->arena, turned);
    return true;
}

/* --- the end ---------------------------------------------------------------------------------------------------- */

void st_pieces_readout(struct st_pieces *p, const char *text)
{
    const struct st_yaml *map = parse(p->reader->arena, p->reader->diags, "readout", text);
    if (map)
        st_net_read_readout(p->reader, map);
    p->read_out = true;
}

const struct st_net *st_pieces_finish(struct st_pieces *p)
{
    struct st_builder *b = p->reader->build;
    struct st_diags *d = p->reader->diags;
    if (!p->read_out)
        st_error(d, ST_DIAG_MISSING_KEY, (struct st_mark){0}, NULL, "the network needs 'readout'");
    for (uint32_t i = 0; i < p->projections; i++) {
        const struct st_net_projection *x = st_net_projection(b, i);
        if (x->policy == ST_LIST && !x->rule && !x->weight_mark.line && x->list.count && !st_net_list_weighs(x))
            st_error(d, ST_DIAG_MISSING_KEY, x->mark, "or give each synapse one",
                     "a projection that does not learn needs 'weight'");
    }
    return st_net_finish(b);
}
