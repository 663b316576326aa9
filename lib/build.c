/* build.c - networks that a program says part by part.
 *
 * A builder's memory is that of the call that began it, held; the network it finishes lies there, too. Each call goes
 * on in that memory: what it says is listed alone for that call, and collected for the last. Memory that runs out in
 * the middle of a part leaves it half said, and the builder can only be freed. */
#include "handles.h"
#include "net_pieces.h"
#include <string.h>

struct stoa_builder {
    struct st_held *held;
    struct st_pieces *pieces;
    struct st_diags diags; /* of the part that is being said; errors are those of all */
    struct st_diags all;   /* the list of what was said so far */
    bool under_way, done;
};

/* One call: what it is about, and what it makes. */
struct saying {
    stoa_builder *builder;
    bool (*say)(struct st_call *c, struct saying *q);
    const char *name, *text;
    double value;
    uint32_t projection;
    size_t count;
    const uint32_t *source, *target;
    const double *weight;
    const uint16_t *delay;
    stoa_net *net;
};

/* What the part said, for the call, and into the list of all. */
static void hand_over(struct st_call *c, stoa_builder *b, uint32_t errors_before)
{
    for (uint32_t i = 0; i < b->diags.count && b->all.count < ST_DIAG_MAX; i++)
        b->all.list[b->all.count++] = b->diags.list[i];
    c->diags = b->diags;
    c->diags.errors -= errors_before;
}

static bool say(struct st_call *c, void *user)
{
    struct saying *q = user;
    stoa_builder *b = q->builder;
    if (!b)
        return st_request(c, "there is no network that was begun");
    if (b->done)
        return st_request(c, "the network is finished: begin another one");
    if (b->under_way)
        return st_fail(&c->fault, ST_FAULT_MEMORY, "memory has run out while the network was built: begin it anew");
    uint32_t before = b->diags.errors;
    b->diags.count = 0;
    memcpy(&b->held->arena->full, &c->arena->full, sizeof c->arena->full); /* no memory: out of this call */
    b->under_way = true;
    bool good = q->say(c, q);
    b->under_way = false;
    hand_over(c, b, before);
    return good && b->diags.errors == before;
}

/* --- to begin --------------------------------------------------------------------------------------------------- */

struct beginning {
    const char *head;
    stoa_builder *builder;
};

static bool begin(struct st_call *c, void *user)
{
    struct beginning *q = user;
    if (!q->head)
        return st_request(c, "a network begins with a text: { network: NAME, presentation: { picture: 10 } }");
    stoa_builder *b = ST_NEW(c->arena, stoa_builder, 1);
    st_diags_init(&b->diags, c->arena);
    b->pieces = st_pieces_begin(c->arena, &b->diags, q->head);
    b->all = b->diags;
    c->diags = b->diags;
    if (b->diags.errors)
        return false;
    b->held = st_keep(c, NULL, NULL);
    q->builder = b;
    return true;
}

stoa_status stoa_build_begin(const char *head, stoa_builder **builder, stoa_diagnostics **said)
{
    struct beginning q = {.head = head};
    stoa_status status = st_call(said, begin, &q);
    *builder = q.builder;
    return status;
}

/* --- parts ------------------------------------------------------------------------------------------------------ */

static bool number(struct st_call *c, struct saying *q)
{
    if (!q->name)
        return st_request(c, "a number wants a name");
    st_pieces_number(q->builder->pieces, q->name, q->value);
    return true;
}

stoa_status stoa_build_number(stoa_builder *builder, const char *name, double value, stoa_diagnostics **said)
{
    struct saying q = {.builder = builder, .say = number, .name = name, .value = value};
    return st_call(said, say, &q);
}

static bool has_name(struct st_call *c, const struct saying *q)
{
    return q->name || st_request(c, "receptors, populations and emitters want a name");
}

static bool receptors(struct st_call *c, struct saying *q)
{
    if (!has_name(c, q))
        return false;
    st_pieces_receptors(q->builder->pieces, q->name, q->text);
    return true;
}

static bool population(struct st_call *c, struct saying *q)
{
    if (!has_name(c, q))
        return false;
    st_pieces_population(q->builder->pieces, q->name, q->text);
    return true;
}

static bool emitter(struct st_call *c, struct saying *q)
{
    if (!has_name(c, q))
        return false;
    st_pieces_emitter(q->builder->pieces, q->name, q->text);
    return true;
}

stoa_status stoa_build_receptors(stoa_builder *builder, const char *name, const char *keys, stoa_diagnostics **said)
{
    struct saying q = {.builder = builder, .say = receptors, .name = name, .text = keys};
    return st_call(said, say, &q);
}

stoa_status stoa_build_population(stoa_builder *builder, const char *name, const char *keys, stoa_diagnostics **said)
{
    struct saying q = {.builder = builder, .say = population, .name = name, .text = keys};
    return st_call(said, say, &q);
}

stoa_status stoa_build_emitter(stoa_builder *builder, const char *name, const char *keys, stoa_diagnostics **said)
{
    struct saying q = {.builder = builder, .say = emitter, .name = name, .text = keys};
    return st_call(said, say, &q);
}

static bool projection(struct st_call *c, struct saying *q)
{
    (void)c;
    q->projection = st_pieces_projection(q->builder->pieces, q->text);
    return true;
}

stoa_status stoa_build_projection(stoa_builder *builder, const char *keys, uint32_t *number, stoa_diagnostics **said)
{
    struct saying q = {.builder = builder, .say = projection, .text = keys, .projection = UINT32_MAX};
    stoa_status status = st_call(said, say, &q);
    if (number)
        *number = q.projection;
    return status;
}

static bool synapses(struct st_call *c, struct saying *q)
{
    if (q->count && (!q->source || !q->target))
        return st_request(c, "synapses want sources and targets");
    return st_pieces_synapses(q->builder->pieces, q->projection, q->count, q->source, q->target, q->weight, q->delay) ||
           st_request(c, "there is no projection %u", q->projection);
}

stoa_status stoa_build_synapses(stoa_builder *builder, uint32_t projection, size_t count, const uint32_t *source,
                                const uint32_t *target, const double *weight, const uint16_t *delay,
                                stoa_diagnostics **said)
{
    struct saying q = {.builder = builder,
                       .say = synapses,
                       .projection = projection,
                       .count = count,
                       .source = source,
                       .target = target,
                       .weight = weight,
                       .delay = delay};
    return st_call(said, say, &q);
}

static bool readout(struct st_call *c, struct saying *q)
{
    (void)c;
    st_pieces_readout(q->builder->pieces, q->text);
    return true;
}

stoa_status stoa_build_readout(stoa_builder *builder, const char *keys, stoa_diagnostics **said)
{
    struct saying q = {.builder = builder, .say = readout, .text = keys};
    return st_call(said, say, &q);
}

/* --- the end ---------------------------------------------------------------------------------------------------- */

static bool finish(struct st_call *c, struct saying *q)
{
    (void)c;
    stoa_builder *b = q->builder;
    const struct st_net *net = st_pieces_finish(b->pieces);
    b->done = true;
    if (!net)
        return true; /* and the errors say why */
    stoa_net *made = ST_NEW(b->held->arena, stoa_net, 1);
    made->net = net;
    made->file = net->name;
    made->sources = st_sources_of(&b->diags);
    made->held = st_hold(b->held);
    q->net = made;
    return true;
}

/* The same as a part, but it says all that was said since the beginning. */
static bool finish_all(struct st_call *c, void *user)
{
    struct saying *q = user;
    bool good = say(c, q);
    stoa_builder *b = q->builder;
    if (b && b->done && !c->fault.id) {
        c->diags = b->diags;
        memcpy(c->diags.list, b->all.list, sizeof b->all.list);
        c->diags.count = b->all.count;
    }
    return good && b && b->diags.errors == 0;
}

stoa_status stoa_build_finish(stoa_builder *builder, stoa_net **net, stoa_diagnostics **said)
{
    struct saying q = {.builder = builder, .say = finish};
    stoa_status status = st_call(said, finish_all, &q);
    *net = q.net;
    return status;
}

void stoa_build_free(stoa_builder *builder)
{
    if (builder)
        st_let_go(builder->held);
}
