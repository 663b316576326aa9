/* compare.c - a network on several fabrics, or on variants of them, side by side.
 *
 * Each candidate is compiled in memory of its own, which goes before the next one comes: what stays are its figures,
 * or the first reason why it is refused. */
#include "compare.h"
#include "handles.h"
#include <stdio.h>

struct comparing {
    const stoa_net *net;
    const stoa_fabric *const *fabrics;
    size_t count;
    int explore;
    const stoa_compile_options *given;
    stoa_form form;
    char *text;
    size_t length;
};

/* Of the neurons that a core has, in quarters; and of the mesh, as wide and as high, each half and twice. */
enum { QUARTERS = 4, SHAPES = 3 };

struct variant {
    uint32_t quarters, shape;
};

/* Whether the chip has that mesh with as many tiles; what is dead stands at places of the shape that there is. */
static bool reshape(struct st_fabric *f, uint32_t shape)
{
    uint32_t *half = shape == 1 ? &f->limits.mesh_width : &f->limits.mesh_height,
             *twice = shape == 1 ? &f->limits.mesh_height : &f->limits.mesh_width;
    if (shape == 0)
        return true;
    if (*half % 2 || f->tile_count || f->link_count || f->bad_row_count)
        return false;
    *half /= 2;
    *twice *= 2;
    return true;
}

static const char *reason(struct st_arena *a, const struct st_diags *d)
{
    for (uint32_t i = 0; i < d->count; i++)
        if (!d->list[i].warning)
            return st_arena_printf(a, "%s [%s]", d->list[i].message, st_diag_name(d->list[i].id));
    return "no reason is known";
}

/* Not inlined: what it keeps must not be in the frame that a lack of memory jumps to. */
static __attribute__((noinline)) void compile(struct st_call *c, struct st_arena *scratch, const struct comparing *q,
                                              struct st_fabric *fabric, struct st_compile_options how, uint32_t neurons,
                                              struct st_candidate *out)
{
    struct st_diags d = c->diags; /* its sources */
    char text[64];
    d.arena = scratch;
    d.count = d.errors = 0;
    d.source_room = d.source_count; /* full: others add to a list of their own */
    d.path_room = d.path_count;
    if (neurons < fabric->limits.neurons) {
        how.constraints.length = (size_t)snprintf(text, sizeof text, "constraints: explored\nneurons: %u\n", neurons);
        how.constraints.file = "explored";
        how.constraints.text = text;
    }
    const struct st_image *image = st_compile(scratch, &d, q->net->net, fabric, &how, NULL);
    if (image)
        st_candidate_measure(scratch, image, out);
    else
        out->refused = reason(c->arena, &d);
}

/* One candidate; false: the fabric has no such variant. */
static bool try(struct st_call *c, const struct comparing *q, const stoa_fabric *on, struct st_compile_options how,
                struct variant v, struct st_candidate *out)
{
    struct st_fabric fabric = *st_sources_join(c, q->net, on);
    uint32_t neurons = (uint32_t)((uint64_t)fabric.limits.neurons * v.quarters / QUARTERS);
    struct st_arena scratch;
    if (!neurons || !reshape(&fabric, v.shape))
        return false;
    *out = (struct st_candidate){.fabric = fabric.name,
                                 .mesh_width = fabric.limits.mesh_width,
                                 .mesh_height = fabric.limits.mesh_height,
                                 .neurons = neurons};
    st_arena_init(&scratch);
    if (setjmp(scratch.full)) {
        st_arena_free(&scratch);
        longjmp(c->arena->full, 1);
    }
    compile(c, &scratch, q, &fabric, how, neurons, out);
    st_arena_free(&scratch);
    return true;
}

static bool compare(struct st_call *c, void *user)
{
    struct comparing *q = user;
    stoa_compile_options o = stoa_compile_defaults();
    struct st_compile_options how;
    if (!q->net || !q->count || !q->fabrics)
        return st_request(c, "comparing wants a network and fabrics");
    if (!st_options(c, &o, sizeof o, q->given, sizeof o) || !st_compile_how(c, &o, &how))
        return false;
    if (q->explore && o.constraints)
        return st_request(c, "exploring chooses how many neurons a core holds, and goes without constraints");
    uint32_t variants = q->explore ? QUARTERS * SHAPES : 1, count = 0;
    struct st_candidate *list = ST_NEW(c->arena, struct st_candidate, q->count * variants);
    for (size_t i = 0; i < q->count; i++)
        for (uint32_t k = 0; k < variants; k++)
            if (q->fabrics[i] &&
                try(c, q, q->fabrics[i], how, (struct variant){QUARTERS - k % QUARTERS, k / QUARTERS}, &list[count]))
                count++;
    st_candidates_judge(list, count);
    const char *name = q->net->net->name;
    const char *text = q->form == STOA_JSON   ? st_candidates_json(c->arena, name, list, count, &q->length)
                       : q->form == STOA_HTML ? st_candidates_html(c->arena, name, list, count, &q->length)
                                              : st_candidates_text(c->arena, name, list, count, &q->length);
    return (q->text = st_give(c, text, q->length)) != NULL;
}

stoa_status stoa_compare(const stoa_net *net, const stoa_fabric *const *fabrics, size_t count, int explore,
                         const stoa_compile_options *options, stoa_form form, char **text, size_t *length,
                         stoa_diagnostics **said)
{
    struct comparing q = {net, fabrics, count, explore, options, form, NULL, 0};
    stoa_status status = st_call(said, compare, &q);
    *text = q.text;
    *length = q.length;
    return status;
}
