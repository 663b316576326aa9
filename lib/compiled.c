/* compiled.c - a network on a fabric: stages as text, and what came of it in a few lines. */
#include "emit.h"
#include "models.h"
#include "file.h"
#include "handles.h"
#include "text.h"
#include <math.h>
#include <string.h>

struct stoa_compiled {
    struct st_held *held;
    struct st_compiled stages;
    stoa_image *image; /* or NULL */
    const char *summary;
};

/* --- the summary ---------------------------------------------------------------------------------------------- */

/* How the file's constants stand in the fabric's integers; each that is off by more than 1 % has had its warning. */
static void put_constants(struct st_text *t, const struct st_quant *q)
{
    const struct st_quant_error *worst = NULL;
    uint32_t exact = 0;
    double most = 1e-9;
    for (uint32_t i = 0; i < q->error_count; i++) {
        const struct st_quant_error *e = &q->errors[i];
        double off = e->wanted == 0 ? fabs(e->got) : fabs(e->got - e->wanted) / fabs(e->wanted);
        exact += off <= 1e-9;
        if (off > most && e->wanted > ST_PARAM_NONE)
            most = off, worst = e;
    }
    if (worst)
        st_textf(t, "%u of %u constants are exact; furthest off is %s, %g for %g (%.2g %%): --emit quant lists them\n",
                 exact, q->error_count, worst->what, worst->got, worst->wanted, 100 * most);
    else
        st_textf(t, "all %u constants are exact\n", q->error_count);
}

/* What the mapping costs, beside the one it began with. Nothing of a single core without links to others. */
static void put_traffic(struct st_text *t, const struct st_mapping *m)
{
    static const char *const ways[] = {
        [ST_MAP_IN_ORDER] = "as in the file",
        [ST_MAP_SETTLED] = "cores moved",
        [ST_MAP_SPREAD] = "neurons spread for it",
    };
    if (m->assign->core_count < 2 && m->way == ST_MAP_IN_ORDER)
        return;
    st_textf(t, "traffic, expected in a tick: %.4g link%s crossed, %.4g on the fullest (%s", m->load.links,
             m->load.links == 1 ? "" : "s", m->load.fullest, ways[m->way]);
    if (m->way != ST_MAP_IN_ORDER && m->in_order_fits)
        st_textf(t, "; as in the file %.4g and %.4g", m->in_order.links, m->in_order.fullest);
    else if (m->way != ST_MAP_IN_ORDER)
        st_text_put(t, "; as in the file it does not fit");
    st_text_put(t, ")\n");
    if (m->unsearched)
        st_textf(t, "no mapping with less was searched: %s\n", m->unsearched);
}

static const char *summary_of(struct st_arena *a, const struct st_compiled *s)
{
    struct st_text t;
    const struct st_image *m = s->image;
    st_text_init(&t, a);
    if (!m)
        return t.at;
    put_constants(&t, s->quant);
    put_traffic(&t, &s->map);
    uint32_t gaps = s->map.wire ? s->map.wire->gap_count : 0;
    if (gaps)
        st_textf(&t, "routing tables overflowed: neighbouring sources share blocks, for %u input%s without an axon\n",
                 gaps, gaps == 1 ? "" : "s");
    st_textf(&t, "%s on %s: %u core%s, %u block%s, %u routing entries, %u cop%s\n", m->network, m->fabric,
             m->core_count, m->core_count == 1 ? "" : "s", m->block_count, m->block_count == 1 ? "" : "s",
             m->route_count, m->copy_count, m->copy_count == 1 ? "y" : "ies");
    return t.at;
}

/* --- compiling ------------------------------------------------------------------------------------------------ */

struct compiling {
    const stoa_net *net;
    const stoa_fabric *fabric;
    const stoa_compile_options *given;
    stoa_compiled *compiled;
};

bool st_compile_how(struct st_call *c, const stoa_compile_options *o, struct st_compile_options *how)
{
    if (o->effort >= ST_MAP_EFFORTS)
        return st_request(c, "effort is 0 to %d, not %u", ST_MAP_EFFORTS - 1, o->effort);
    if (o->weights && !o->frozen)
        return st_request(c, "weights are for a frozen network");
    *how = (struct st_compile_options){.seed = o->seed,
                                       .copies = o->copies,
                                       .frozen = o->frozen,
                                       .trace = o->listen,
                                       .effort = o->effort,
                                       .weights = o->weights ? o->weights->image : NULL,
                                       .constraints.file = o->constraints,
                                       .activity.file = o->activity};
    char *text = NULL, *activity = NULL;
    bool good = (!o->constraints || st_file_read_most(c->arena, o->constraints, ST_TEXT_MOST, &text,
                                                      &how->constraints.length, &c->fault)) &&
                (!o->activity ||
                 st_file_read_most(c->arena, o->activity, ST_TEXT_MOST, &activity, &how->activity.length, &c->fault));
    how->constraints.text = text;
    how->activity.text = activity;
    return good;
}

static void end(void *user)
{
    stoa_compiled *made = user;
    if (made->image)
        st_image_end(made->image);
}

static bool compile(struct st_call *c, void *user)
{
    struct compiling *q = user;
    stoa_compile_options o = stoa_compile_defaults();
    struct st_compile_options how;
    if (!q->net || !q->fabric)
        return st_request(c, "compiling wants a network and a fabric");
    if (!st_options(c, &o, sizeof o, q->given, sizeof o) || !st_compile_how(c, &o, &how))
        return false;
    stoa_compiled *made = ST_NEW(c->arena, stoa_compiled, 1);
    const struct st_fabric *fabric = st_sources_join(c, q->net, q->fabric);
    const struct st_image *image = st_compile(c->arena, &c->diags, q->net->net, fabric, &how, &made->stages);
    if (image) {
        struct st_image *own = ST_NEW(c->arena, struct st_image, 1);
        *own = *image;
        made->image = st_image_handle(c, own, NULL);
    }
    made->summary = summary_of(c->arena, &made->stages);
    made->held = st_keep(c, end, made);
    made->held->needs[0] = st_hold(q->net->held);
    made->held->needs[1] = st_hold(q->fabric->held);
    made->held->needs[2] = st_hold(o.weights ? o.weights->held : NULL);
    if (made->image)
        made->image->held = made->held;
    q->compiled = made;
    return image != NULL;
}

stoa_status stoa_compile(const stoa_net *net, const stoa_fabric *fabric, const stoa_compile_options *options,
                         stoa_compiled **compiled, stoa_diagnostics **said)
{
    struct compiling q = {.net = net, .fabric = fabric, .given = options};
    stoa_status status = st_call(said, compile, &q);
    *compiled = q.compiled;
    return status;
}

stoa_image *stoa_compiled_image(const stoa_compiled *compiled)
{
    if (compiled->image)
        st_hold(compiled->held);
    return compiled->image;
}

const char *stoa_compiled_summary(const stoa_compiled *compiled) { return compiled->summary; }

void stoa_compiled_free(stoa_compiled *compiled)
{
    if (compiled)
        st_let_go(compiled->held);
}

/* --- stages --------------------------------------------------------------------------------------------------- */

struct staging {
    const stoa_compiled *of;
    const char *stage;
    char *text;
};

static const char *print_quant(struct st_arena *a, const struct st_compiled *s)
{
    return s->quant ? st_quant_print(a, s->quant) : NULL;
}
static const char *print_graph(struct st_arena *a, const struct st_compiled *s)
{
    return s->graph ? st_graph_print(a, s->graph) : NULL;
}
static const char *print_assign(struct st_arena *a, const struct st_compiled *s)
{
    return s->map.assign ? st_assign_print(a, s->map.assign) : NULL;
}
static const char *print_wire(struct st_arena *a, const struct st_compiled *s)
{
    return s->map.wire ? st_wire_print(a, s->map.wire) : NULL;
}
static const char *print_place(struct st_arena *a, const struct st_compiled *s)
{
    return s->map.place ? st_place_print(a, s->map.place) : NULL;
}
static const char *print_route(struct st_arena *a, const struct st_compiled *s)
{
    return s->map.route ? st_route_print(a, s->map.route) : NULL;
}
static const char *print_image(struct st_arena *a, const struct st_compiled *s)
{
    size_t length;
    return s->image ? st_image_dump(a, s->image, &length) : NULL;
}

static const struct {
    const char *name;
    const char *(*print)(struct st_arena *a, const struct st_compiled *s);
} stages[] = {{"quant", print_quant}, {"graph", print_graph}, {"assign", print_assign}, {"wire", print_wire},
              {"place", print_place}, {"route", print_route}, {"image", print_image}};

static bool print_stage(struct st_call *c, void *user)
{
    struct staging *q = user;
    for (size_t i = 0; q->stage && i < sizeof stages / sizeof *stages; i++)
        if (!strcmp(q->stage, stages[i].name)) {
            const char *text = stages[i].print(c->arena, &q->of->stages);
            return !text || (q->text = st_give(c, text, strlen(text))) != NULL;
        }
    return st_request(c, "there is no stage '%s'; there are quant, graph, assign, wire, place, route and image",
                      q->stage ? q->stage : "");
}

stoa_status stoa_compiled_stage(const stoa_compiled *compiled, const char *stage, char **text, stoa_diagnostics **said)
{
    struct staging q = {.of = compiled, .stage = stage};
    stoa_status status = st_call(said, print_stage, &q);
    *text = q.text;
    return status;
}
