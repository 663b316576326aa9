#include "carry.h"
#include "image_io.h"
#include <stdlib.h>
#include <string.h>

struct seat {
    uint32_t core, place; /* of a neuron; of a column: core, record */
};

/* An axon and what its events are: spikes of a source, so many ticks later. */
struct named {
    uint64_t name;
    uint32_t core, axon;
};

/* One image, looked at by what its parts mean. */
struct view {
    const struct st_image *m;
    uint64_t *first;        /* [populations + 1] neurons before each */
    uint64_t *first_column; /* columns likewise */
    struct seat *neuron;    /* by population and number */
    struct seat *column;    /* by population and column, of those that compete */
    struct named *axon;     /* by name, then core and axon */
    uint32_t axon_count;
};

struct carrier {
    struct view from, to;
    uint32_t population;
    const uint32_t *was; /* of the copy at hand, or NULL */
};

/* --- an image by what its parts mean --------------------------------------------------------------------------- */

static void seat_all(struct st_arena *a, struct view *v)
{
    const struct st_image *m = v->m;
    v->first = ST_NEW(a, uint64_t, (size_t)m->population_count + 1);
    v->first_column = ST_NEW(a, uint64_t, (size_t)m->population_count + 1);
    for (uint32_t p = 0; p < m->population_count; p++) {
        v->first[p + 1] = v->first[p] + st_population_size(&m->populations[p]);
        v->first_column[p + 1] = v->first_column[p] + m->populations[p].columns;
    }
    v->neuron = ST_NEW(a, struct seat, v->first[m->population_count]);
    v->column = ST_NEW(a, struct seat, v->first_column[m->population_count]);
    for (uint32_t c = 0; c < m->core_count; c++) {
        uint32_t record = 0;
        for (const struct st_group *g = m->cores[c].groups; g < m->cores[c].groups + m->cores[c].group_count; g++) {
            const struct st_columns own = st_group_columns(g),
                                    all = st_population_columns(&m->populations[g->population]);
            for (uint32_t i = 0; i < g->count; i++)
                v->neuron[v->first[g->population] + st_group_number(g, i)] = (struct seat){c, g->first + i};
            for (uint32_t k = 0; g->compete && k < own.count; k++) {
                uint32_t column = st_column_of(all, st_group_number(g, st_column_first(own, k)));
                v->column[v->first_column[g->population] + column] = (struct seat){c, record++};
            }
        }
    }
}

enum { RECEPTOR, NEURON, COLUMN, LANE };

static int by_name(const void *x, const void *y)
{
    const struct named *a = x, *b = y;
    if (a->name != b->name)
        return a->name < b->name ? -1 : 1;
    if (a->core != b->core)
        return a->core < b->core ? -1 : 1;
    return (a->axon > b->axon) - (a->axon < b->axon);
}

/* A source's name does not say its core; a neuron has that of the number that it had. */
static uint64_t source_name(const struct st_image *m, const struct st_block *b, uint32_t k, uint32_t moved,
                            const uint32_t *was)
{
    uint64_t what = RECEPTOR, owner = b->receptor, number = b->first + k;
    if (b->receptor == ST_NONE) {
        const struct st_group *g = &m->cores[b->core].groups[b->group];
        owner = g->population;
        if (b->by_column == ST_BY_LANE)
            return (uint64_t)LANE << 60 | owner << 40 | number << 8;
        number = st_group_number(g, st_block_sources(g, b, k).first);
        what = b->by_column ? COLUMN : NEURON;
        if (b->by_column)
            number = st_column_of(st_population_columns(&m->populations[owner]), (uint32_t)number);
        else if (was && owner == moved)
            number = was[number];
    }
    return what << 60 | owner << 40 | number << 8;
}

static void name_axons(struct st_arena *a, struct view *v, uint32_t moved, const uint32_t *was)
{
    const struct st_image *m = v->m;
    uint32_t room = 0;
    for (uint32_t c = 0; c < m->core_count; c++)
        room += m->cores[c].axon_count;
    v->axon = ST_NEW(a, struct named, room);
    v->axon_count = 0;
    for (uint32_t i = 0; i < m->route_count; i++) {
        const struct st_route *r = &m->routes[i];
        if (!(r->ports & ST_PORT_LOCAL))
            continue;
        const struct st_block *b = &m->blocks[r->block];
        uint32_t number = st_core_at(m, r->x, r->y);
        const struct st_core *core = &m->cores[number];
        for (uint32_t k = 0; k < b->count; k++) {
            uint64_t name = source_name(m, b, k, moved, was);
            for (uint32_t x = core->inputs[r->input + k]; x != ST_NONE; x = core->axons[x].next)
                v->axon[v->axon_count++] = (struct named){name | core->axons[x].delay_ticks, number, x};
        }
    }
    if (v->axon_count)
        qsort(v->axon, v->axon_count, sizeof *v->axon, by_name);
}

/* The first axon of a name, or NULL. */
static const struct named *find(const struct view *v, uint64_t name)
{
    uint32_t low = 0, high = v->axon_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (v->axon[middle].name < name)
            low = middle + 1;
        else
            high = middle;
    }
    return low < v->axon_count && v->axon[low].name == name ? &v->axon[low] : NULL;
}

/* --- neurons --------------------------------------------------------------------------------------------------- */

/* Where what neuron i of a group has is to be found. */
static struct seat seat_before(const struct carrier *c, const struct st_group *g, uint32_t i)
{
    uint32_t number = st_group_number(g, i);
    if (c->was && g->population == c->population)
        number = c->was[number];
    return c->from.neuron[c->from.first[g->population] + number];
}

static void carry_learnt(const struct carrier *c, const struct st_copy *old, const struct st_copy *new, uint32_t core,
                         uint32_t place, struct seat was)
{
    const struct st_core *x = &c->from.m->cores[was.core], *y = &c->to.m->cores[core];
    const struct st_learnt *s = &old->learnt[was.core], *t = &new->learnt[core];
    const struct st_plastic *p = &x->plastic, *q = &y->plastic;
    if (st_core_adapts(x) && st_core_adapts(y))
        t->theta[place] = s->theta[was.place];
    if (!q->axons || place - q->first >= q->count)
        return;
    uint32_t j = was.place - p->first, n = place - q->first;
    size_t axons = p->axons;
    for (uint32_t a = 0; a < axons; a++)
        t->w[(size_t)a * q->count + n] = s->w[(size_t)a * p->count + j];
    if (p->has_resource)
        memcpy(t->r + n * axons, s->r + j * axons, axons * sizeof *t->r);
    if (p->has_aux)
        memcpy(t->q + n * axons, s->q + j * axons, axons * sizeof *t->q);
    for (uint32_t k = 0; k < st_part_count(p); k++)
        memcpy(t->s + ((size_t)k * q->count + n) * ST_SCALARS, s->s + ((size_t)k * p->count + j) * ST_SCALARS,
               ST_SCALARS * sizeof *t->s);
}

static void carry_live(const struct carrier *c, const struct st_copy *old, const struct st_copy *new, uint32_t core,
                       uint32_t place, struct seat was)
{
    const struct st_core *x = &c->from.m->cores[was.core], *y = &c->to.m->cores[core];
    const struct st_live *s = &old->live[was.core], *t = &new->live[core];
    const struct st_plastic *p = &x->plastic, *q = &y->plastic;
    for (uint32_t k = 0; k < st_core_states(x) && k < st_core_states(y); k++) /* what its model has not is 0 */
        t->u[(size_t)k * y->neuron_count + place] = s->u[(size_t)k * x->neuron_count + was.place];
    t->gate[place] = s->gate[was.place];
    if (st_core_recruits(x) && st_core_recruits(y))
        t->peak[place] = s->peak[was.place];
    if (!q->axons || place - q->first >= q->count)
        return;
    uint32_t j = was.place - p->first, n = place - q->first;
    for (uint32_t k = 0; k < st_part_count(p); k++)
        t->post_x[(size_t)k * q->count + n] = s->post_x[(size_t)k * p->count + j];
    t->post_last[n] = s->post_last[j];
    t->eligible[n] = s->eligible[j];
}

/* A column stays shut by its winner while that is in it. */
static void carry_columns(const struct carrier *c, const struct st_copy *old, const struct st_copy *new, uint32_t core)
{
    uint32_t record = 0;
    const struct st_core *y = &c->to.m->cores[core];
    for (const struct st_group *g = y->groups; g < y->groups + y->group_count; g++) {
        const struct st_columns own = st_group_columns(g),
                                all = st_population_columns(&c->to.m->populations[g->population]);
        for (uint32_t k = 0; g->compete && k < own.count; k++, record++) {
            uint32_t column = st_column_of(all, st_group_number(g, st_column_first(own, k)));
            struct seat at = c->from.column[c->from.first_column[g->population] + column];
            for (uint32_t i = st_column_first(own, k); i < st_column_first(own, k) + st_column_size(own, k); i++) {
                struct seat was = seat_before(c, g, i);
                if (!old->live[at.core].left[at.place] || was.core != at.core ||
                    was.place != old->live[at.core].winner[at.place])
                    continue;
                new->live[core].winner[record] = (uint16_t)(g->first + i);
                new->live[core].left[record] = old->live[at.core].left[at.place];
            }
        }
    }
}

/* What learns has the same sources in both, in the same order, and the same words for each. */
static bool learns_alike(const struct st_plastic *p, const struct st_plastic *q)
{
    bool same = p->axons == q->axons && p->more_count == q->more_count && p->has_resource == q->has_resource &&
                p->has_aux == q->has_aux && !p->joined_count && !q->joined_count;
    for (uint32_t k = 1; same && k <= p->more_count; k++)
        same = st_part_first(p, k) == st_part_first(q, k);
    return same;
}

static bool carry_core(const struct carrier *c, const struct st_copy *old, const struct st_copy *new, uint32_t core,
                       struct st_fault *f)
{
    const struct st_core *y = &c->to.m->cores[core];
    for (const struct st_group *g = y->groups; g < y->groups + y->group_count; g++)
        for (uint32_t i = 0; i < g->count; i++) {
            struct seat was = seat_before(c, g, i);
            const struct st_plastic *p = &c->from.m->cores[was.core].plastic, *q = &y->plastic;
            bool learnt = p->axons && was.place - p->first < p->count;
            bool learns = q->axons && g->first + i - q->first < q->count;
            if (learnt != learns || (learns && !learns_alike(p, q)))
                return st_fail(f, ST_FAULT_CANNOT,
                               "neurons of '%s' do not learn from the same sources, or not all of each",
                               c->to.m->populations[g->population].name);
            carry_learnt(c, old, new, core, g->first + i, was);
            if (old->live)
                carry_live(c, old, new, core, g->first + i, was);
        }
    if (old->live)
        carry_columns(c, old, new, core);
    return true;
}

/* --- axons ----------------------------------------------------------------------------------------------------- */

static bool pending(const struct st_image *m, const struct st_copy *copy, const struct named *x, uint32_t slot)
{
    uint32_t words = (m->cores[x->core].axon_count + 63) / 64;
    return copy->live[x->core].wheel[(size_t)slot * words + x->axon / 64] >> x->axon % 64 & 1;
}

/* Where a copy keeps the value of a graded axon's packet that is due in a slot. */
static int16_t *value_of(const struct st_image *m, const struct st_copy *copy, const struct named *x, uint32_t slot)
{
    const struct st_core *c = &m->cores[x->core];
    uint32_t before = 0;
    for (uint32_t a = 0; a < x->axon; a++)
        before += c->axons[a].kind == ST_GRADED;
    return &copy->live[x->core].value[(size_t)slot * st_core_graded(c) + before];
}

/* To a graded axon a packet brings the value that it brought to one of the same name. */
static bool carry_value(const struct carrier *c, const struct st_copy *old, const struct st_copy *new,
                        const struct named *x, const struct named *y, uint32_t slot)
{
    const struct named *end = c->from.axon + c->from.axon_count;
    if (c->to.m->cores[y->core].axons[y->axon].kind != ST_GRADED)
        return true;
    while (x < end && x->name == y->name && c->from.m->cores[x->core].axons[x->axon].kind != ST_GRADED)
        x++;
    if (x == end || x->name != y->name)
        return false;
    *value_of(c->to.m, new, y, slot) = *value_of(c->from.m, old, x, slot);
    return true;
}

/* All axons of a source and delay have the same spikes under way, on whichever core; those that learn, the same trace,
 * which is found where one learns. */
static bool carry_axons(const struct carrier *c, const struct st_copy *old, const struct st_copy *new,
                        struct st_fault *f)
{
    const struct st_image *from = c->from.m, *to = c->to.m;
    for (uint32_t i = 0; i < c->to.axon_count; i++) {
        const struct named *y = &c->to.axon[i], *x = find(&c->from, y->name), *end = c->from.axon + c->from.axon_count;
        const struct st_core *core = &to->cores[y->core];
        uint32_t words = (core->axon_count + 63) / 64;
        for (uint32_t slot = 0; x && slot < to->limits.delay_slots; slot++)
            if (pending(from, old, x, slot)) {
                new->live[y->core].wheel[(size_t)slot * words + y->axon / 64] |= UINT64_C(1) << y->axon % 64;
                if (!carry_value(c, old, new, x, y, slot))
                    return st_fail(f, ST_FAULT_CANNOT, "a spike is under way, and nobody knows its value");
            }
        if (y->axon >= core->plastic.axons)
            continue;
        while (x && x < end && x->name == y->name &&
               (x->axon != y->axon || x->axon >= from->cores[x->core].plastic.axons))
            x++;
        if (!x || x == end || x->name != y->name)
            return st_fail(f, ST_FAULT_CANNOT, "what learns does not have the same sources");
        new->live[y->core].pre_x[y->axon] = old->live[x->core].pre_x[x->axon];
        new->live[y->core].pre_last[y->axon] = old->live[x->core].pre_last[x->axon];
    }
    for (uint32_t i = 0; i < c->from.axon_count; i++)
        for (uint32_t slot = 0; slot < from->limits.delay_slots; slot++)
            if (pending(from, old, &c->from.axon[i], slot) && !find(&c->to, c->from.axon[i].name))
                return st_fail(f, ST_FAULT_CANNOT, "a spike is under way to synapses that are there no more");
    return true;
}

/* --- all ------------------------------------------------------------------------------------------------------- */

static bool same_frame(const struct st_image *x, const struct st_image *y)
{
    bool same = x->population_count == y->population_count && x->receptor_count == y->receptor_count &&
                x->limits.delay_slots == y->limits.delay_slots && x->period_ticks == y->period_ticks;
    for (uint32_t i = 0; same && i < x->population_count; i++)
        same = x->populations[i].columns == y->populations[i].columns &&
               st_population_size(&x->populations[i]) == st_population_size(&y->populations[i]);
    for (uint32_t i = 0; same && i < x->receptor_count; i++)
        same = x->receptors[i].size == y->receptors[i].size && x->receptors[i].encoder == y->receptors[i].encoder;
    return same;
}

bool st_image_carry(struct st_arena *a, const struct st_image *from, struct st_image *to, uint32_t population,
                    const uint32_t *const *was, struct st_fault *f)
{
    struct carrier c = {.from.m = from, .to.m = to, .population = population};
    uint32_t rests = 0;
    if (!same_frame(from, to))
        return st_fail(f, ST_FAULT_CANNOT, "the networks differ in more than the sizes of columns");
    seat_all(a, &c.from);
    seat_all(a, &c.to);
    name_axons(a, &c.from, ST_NONE, NULL);
    for (uint32_t i = 0; i < to->receptor_count; i++)
        rests += to->receptors[i].encoder == ST_ENCODE_ACCUMULATOR ? to->receptors[i].size : 0;
    struct st_copy *copies = ST_NEW(a, struct st_copy, from->copy_count);
    for (uint32_t k = 0; k < from->copy_count; k++) {
        const struct st_copy *old = &from->copies[k];
        struct st_copy *new = &copies[k];
        *new = (struct st_copy){.seed = old->seed, .tick = old->tick};
        st_copy_shape(a, to, new, old->live != NULL);
        c.was = was ? was[k] : NULL;
        for (uint32_t core = 0; core < to->core_count; core++)
            if (!carry_core(&c, old, new, core, f))
                return false;
        if (!old->live)
            continue;
        name_axons(a, &c.to, population, c.was);
        if (!carry_axons(&c, old, new, f))
            return false;
        if (rests)
            memcpy(new->carry, old->carry, rests * sizeof *new->carry);
    }
    to->copies = copies;
    to->copy_count = from->copy_count;
    return true;
}
