/* verify_frame.c - whether an image is of this network, this fabric and this seed at all, and where its neurons sit. */
#include "verify_work.h"

#include "stoa/draw.h"
#include <string.h>

static struct st_mark nowhere(void) { return (struct st_mark){0}; }

/* What a frozen network leaves out: whatever serves learning alone. */
static bool left_out(const struct st_verifier *v, const struct st_net_projection *p)
{
    return v->how.frozen &&
           (p->teacher || p->kind == ST_REWARD || v->net->nodes[p->from].teacher || v->net->nodes[p->to].teacher);
}

static void check_receptor(struct st_verifier *v, uint32_t node, const struct st_receptor *r)
{
    const struct st_net_node *n = &v->net->nodes[node];
    bool same = !strcmp(r->name, n->name) && r->size == st_node_size(n) && r->width == n->width &&
                r->height == n->height && r->crop == n->crop && r->left == n->left && r->top == n->top &&
                r->encoder == n->encoder && r->carry == n->carry && r->teacher == n->teacher &&
                r->rate == (uint32_t)lround(n->rate * 65536) && !strcmp(r->file, n->file ? n->file : "") &&
                r->permutation == n->permutation && r->stream == node && r->at_count == n->at_count &&
                r->code.taps == n->code.taps && r->code.against == n->code.against &&
                r->code.window == n->code.window && r->code.level == n->code.level && r->code.speak == n->code.speak &&
                r->code.seed == n->code.seed && r->filter.centre == n->filter.centre &&
                r->filter.surround == n->filter.surround && r->filter.off == n->filter.off &&
                r->filter.least == n->filter.least && r->filter.gain == n->filter.gain;
    for (uint32_t i = 0; same && i < n->at_count; i++)
        same = r->at[i] == n->at[i];
    if (!same)
        ST_COMPLAIN(v, IMAGE_OTHER, n->mark, "receptors '%s' of the image are not what the network says of '%s'",
                    r->name, n->name);
}

static void check_population(struct st_verifier *v, uint32_t node, const struct st_population *p)
{
    const struct st_net_node *n = &v->net->nodes[node];
    if (strcmp(p->name, n->name) != 0 || !st_columns_same(st_population_columns(p), st_node_columns(n)) ||
        p->stream != st_verify_stream(v, node))
        ST_COMPLAIN(v, IMAGE_OTHER, n->mark,
                    "population '%s' of the image has %u x %u neurons, or columns of other sizes, and draws of stream "
                    "%u, '%s' of the network %u x %u and %u",
                    p->name, p->columns, p->microcolumns, p->stream, n->name, n->columns, n->microcolumns,
                    st_verify_stream(v, node));
    else if (n->scale > 0 && p->scale != n->scale)
        ST_COMPLAIN(v, IMAGE_OTHER, n->mark, "population '%s' has a scale of %g, the network says %g", n->name,
                    p->scale, n->scale);
}

/* The nodes that stay, in their order, are the image's receptors and populations. */
static bool match_nodes(struct st_verifier *v)
{
    const struct st_net *net = v->net;
    const struct st_image *m = v->image;
    uint32_t receptors = 0, populations = 0;
    for (uint32_t i = 0; i < net->node_count; i++) {
        bool here = !(v->how.frozen && net->nodes[i].teacher);
        receptors += here && net->nodes[i].receptor && !net->nodes[i].emitter;
        populations += here && !net->nodes[i].receptor;
    }
    if (receptors != m->receptor_count || populations > m->population_count) {
        ST_COMPLAIN(v, IMAGE_OTHER, nowhere(),
                    "the image has %u groups of receptors and %u populations, network '%s'%s %u and %u",
                    m->receptor_count, m->population_count, net->name, v->how.frozen ? ", frozen," : "", receptors,
                    populations);
        return false;
    }
    if (!st_verify_add_parts(v, populations))
        return false;
    net = v->net;
    populations = m->population_count;
    v->place = ST_NEW(v->arena, uint32_t, net->node_count);
    v->first = ST_NEW(v->arena, uint32_t, (size_t)net->node_count + 1);
    v->node_of = ST_NEW(v->arena, uint32_t, populations);
    v->receptor_of = ST_NEW(v->arena, uint32_t, receptors);
    receptors = populations = 0;
    for (uint32_t i = 0; i < net->node_count; i++) {
        const struct st_net_node *n = &net->nodes[i];
        v->first[i + 1] = v->first[i] + st_node_size(n);
        v->place[i] = ST_NONE;
        if (v->how.frozen && n->teacher)
            continue;
        if (n->emitter) {
            v->place[i] = 0; /* it is there, and no record is its own */
        } else if (n->receptor) {
            v->receptor_of[receptors] = i;
            check_receptor(v, i, &m->receptors[v->place[i] = receptors++]);
        } else {
            v->node_of[populations] = i;
            check_population(v, i, &m->populations[v->place[i] = populations++]);
        }
    }
    v->kept = ST_NEW(v->arena, bool, net->projection_count);
    for (uint32_t i = 0; i < net->projection_count; i++)
        v->kept[i] = !left_out(v, &net->projections[i]);
    return v->diags->errors == v->errors;
}

static void check_presentation(struct st_verifier *v)
{
    const struct st_net *net = v->net;
    const struct st_image *m = v->image;
    const struct st_readout *r = &m->readout;
    if (m->period_ticks != net->picture_ticks + net->silence_ticks || m->picture_ticks != net->picture_ticks ||
        m->reset != net->reset)
        ST_COMPLAIN(v, IMAGE_OTHER, nowhere(), "presentations of the image are %u ticks, %u of them a picture%s",
                    m->period_ticks, m->picture_ticks, m->reset ? ", with a reset" : "");
    if (r->population != v->place[net->readout_node] || r->decide != net->decide ||
        r->vote_base != (int32_t)lround(net->vote_base) || r->vote_shift != net->vote_shift)
        ST_COMPLAIN(v, IMAGE_OTHER, net->readout_mark, "the image is not read out as the network says");
    for (uint32_t c = 0; c < m->copy_count; c++)
        if (m->copies[c].seed != st_seed_copy(v->how.seed, c)) {
            ST_COMPLAIN(v, IMAGE_OTHER, nowhere(),
                        "copy %u of the image does not have the seed that follows from --seed %llu", c,
                        (unsigned long long)v->how.seed);
            return;
        }
}

static uint32_t rules_of(const struct st_fabric *f)
{
    return (f->learning ? ST_RULE_LEARNS : 0u) | (f->adaptation ? ST_RULE_ADAPTS : 0u) |
           (f->kinds[ST_GRADED] ? ST_RULE_GRADED : 0u);
}

/* A record of limits has no gaps that matter: field by field. */
static bool same_limits(const struct st_verifier *v)
{
    const struct st_limits *a = &v->image->limits, *b = &v->fabric->limits;
    uint32_t models = 0;
    for (unsigned i = 0; i < ST_MODEL_COUNT; i++)
        models |= v->fabric->models[i] ? 1u << i : 0;
    return a->models == models && a->rules == rules_of(v->fabric) && a->neurons == b->neurons && a->axons == b->axons &&
           a->inputs == b->inputs && a->entry_bits == (v->fabric->rows[ST_ROW_SPARSE] ? b->entry_bits : 0) &&
           a->ring == b->ring && a->groups == b->groups && a->weight_bits == b->weight_bits &&
           a->resource_bits == b->resource_bits && a->aux_bits == b->aux_bits && a->membrane_bits == b->membrane_bits &&
           a->shift_max == b->shift_max && a->synapse_bits == b->synapse_bits && a->delay_slots == b->delay_slots &&
           a->lanes == b->lanes && a->program_words == b->program_words && a->table_words == b->table_words &&
           a->route_entries == b->route_entries && a->mesh_width == b->mesh_width && a->mesh_height == b->mesh_height;
}

bool st_verify_frame(struct st_verifier *v)
{
    const struct st_image *m = v->image;
    if (m->part.count) {
        ST_COMPLAIN(v, IMAGE_OTHER, nowhere(), "only a part of the image is here");
        return false;
    }
    if (strcmp(m->network, v->net->name) != 0 || strcmp(m->fabric, v->fabric->name) != 0)
        ST_COMPLAIN(v, IMAGE_OTHER, nowhere(), "the image is of network '%s' on '%s', not of '%s' on '%s'", m->network,
                    m->fabric, v->net->name, v->fabric->name);
    else if (!same_limits(v))
        ST_COMPLAIN(v, IMAGE_OTHER, nowhere(), "the image says other limits of a core than fabric '%s'",
                    v->fabric->name);
    if (!match_nodes(v))
        return false;
    check_presentation(v);
    return v->diags->errors == v->errors;
}

/* --- seats -------------------------------------------------------------------------------------------------- */

static bool seat_group(struct st_verifier *v, uint32_t core, uint32_t number, uint32_t *next)
{
    const struct st_core *c = &v->image->cores[core];
    const struct st_group *g = &c->groups[number];
    if (g->population >= v->image->population_count || g->first != *next || g->count > c->neuron_count - *next) {
        ST_COMPLAIN(v, IMAGE_NEURON, nowhere(), "core %u: group %u is not a run of its neurons", core, number);
        return false;
    }
    if (!g->column_size || (g->start_count && (!st_columns_sound(st_group_columns(g), false) ||
                                               st_columns_all(st_group_columns(g)) != g->count))) {
        ST_COMPLAIN(v, IMAGE_NEURON, nowhere(), "core %u: the columns of group %u do not follow one another in it",
                    core, number);
        return false;
    }
    uint32_t node = v->node_of[g->population], size = st_node_size(&v->net->nodes[node]);
    for (uint32_t i = 0; i < g->count; i++) {
        uint32_t member = st_group_number(g, i);
        if (member >= size) {
            ST_COMPLAIN(v, IMAGE_NEURON, nowhere(), "core %u: there is no %s", core, st_verify_who(v, node, member));
            return false;
        }
        struct st_seat *s = &v->seat[v->first[node] + member];
        if (s->core != ST_NONE)
            ST_COMPLAIN(v, IMAGE_NEURON, v->net->nodes[node].mark, "core %u: %s is on core %u, too", core,
                        st_verify_who(v, node, member), s->core);
        *s = (struct st_seat){core, number, g->first + i};
    }
    *next += g->count;
    return true;
}

/* Neurons that compete are found by their places: a column is a run of a group. */
static void check_columns(struct st_verifier *v, uint32_t node)
{
    const struct st_net_node *n = &v->net->nodes[node];
    const struct st_seat *s = v->seat + v->first[node];
    for (uint32_t c = 0; c < n->columns; c++) {
        uint32_t first = st_column_first(st_node_columns(n), c);
        for (uint32_t i = 1; i < st_column_size(st_node_columns(n), c); i++) {
            const struct st_seat *lead = &s[first], *other = &s[first + i];
            if (other->core == lead->core && other->group == lead->group && other->local == lead->local + i)
                continue;
            ST_COMPLAIN(v, IMAGE_NEURON, n->mark,
                        "core %u: %s does not lie with the others of its column, which compete", other->core,
                        st_verify_who(v, node, first + i));
            return;
        }
    }
}

bool st_verify_seats(struct st_verifier *v)
{
    const struct st_image *m = v->image;
    const struct st_net *net = v->net;
    v->seat = ST_NEW(v->arena, struct st_seat, v->first[net->node_count]);
    for (uint32_t i = 0; i < v->first[net->node_count]; i++)
        v->seat[i].core = ST_NONE;
    for (uint32_t c = 0; c < m->core_count; c++) {
        uint32_t next = 0;
        for (uint32_t g = 0; g < m->cores[c].group_count; g++)
            if (!seat_group(v, c, g, &next))
                return false;
        if (next != m->cores[c].neuron_count)
            ST_COMPLAIN(v, IMAGE_NEURON, nowhere(), "core %u has %u neurons, of which %u are of some population", c,
                        m->cores[c].neuron_count, next);
    }
    for (uint32_t i = 0; i < net->node_count; i++) {
        if (net->nodes[i].receptor || v->place[i] == ST_NONE)
            continue;
        for (uint32_t k = v->first[i]; k < v->first[i + 1]; k++)
            if (v->seat[k].core == ST_NONE)
                ST_COMPLAIN(v, IMAGE_NEURON, net->nodes[i].mark, "%s is on no core",
                            st_verify_who(v, i, k - v->first[i]));
        if (v->diags->errors != v->errors)
            return false;
        if (net->nodes[i].compete && !(v->how.frozen && net->nodes[i].compete_teacher))
            check_columns(v, i);
        v->out->neurons += st_node_size(&net->nodes[i]);
    }
    return v->diags->errors == v->errors;
}
