#include "ranc.h"
#include "sonata.h"

#include "file.h"
#include <math.h>
#include <string.h>

/* The whole: configuration, nodes, edges, scales, and what SONATA does not say. */

enum { POTENTIAL_BITS = 22 };

/* As for NIR: a power of two, at which the widest weight is below 2^bits units and all potentials below 2^22. */
static void scale_parts(struct sonata *s)
{
    for (uint32_t i = 0; i < s->projections; i++) {
        const struct st_net_projection *x = st_net_projection(s->build, i);
        struct sonata_part *p = s->parts;
        while (p->population != x->to)
            p++;
        for (uint32_t k = 0; k < x->list.count; k++)
            p->widest = fmax(p->widest, fabs(x->list.weight[k]));
    }
    for (uint32_t k = 0; k < s->part_count; k++) {
        struct sonata_part *p = &s->parts[k];
        if (p->cell.model == SONATA_VIRTUAL || !(s->options.bits > 0) || !(p->widest > 0))
            continue;
        double units = exp2(floor(log2((exp2(s->options.bits) - 1) / p->widest)));
        double high = fmax(p->cell.threshold, fabs(p->cell.reset));
        if (high * units >= 1 << POTENTIAL_BITS)
            units = exp2(floor(log2(((1 << POTENTIAL_BITS) - 1) / high)));
        struct st_net_node *n = st_net_node(s->build, p->population);
        n->scale = fmin(units, 1 << 19);
        st_verdict(s->verdicts, n->name, "syn_weight", ST_FAITH_APPROXIMATED, 0.5 / (p->widest * n->scale),
                   "rounded to 1/%.0f of the potential's unit", n->scale);
    }
}

static void read_out(struct sonata *s)
{
    for (uint32_t k = 0; k < s->part_count; k++)
        if (s->parts[k].cell.model != SONATA_VIRTUAL) {
            const char *name = st_net_node(s->build, s->parts[k].population)->name;
            st_net_readout(s->build, s->parts[k].population, ST_DECIDE_COUNT, 0, 0, (struct st_mark){0});
            st_verdict(s->verdicts, "readout", "", ST_FAITH_APPROXIMATED, 0, "the format has none: '%s' is read", name);
            return;
        }
}

static const struct st_net *read_all(struct sonata *s, const char *path, double own_dt, struct st_fault *f)
{
    struct st_mark at = {0};
    double dt;
    bool virtual = false;
    struct sonata_json first;
    if (!st_sonata_json_read(s, path, &first, f))
        return NULL;
    if (st_json_get(first.root, "cores") || st_json_get(first.root, "output_bus")) {
        struct ranc r = {.arena = s->arena,
                         .diags = s->diags,
                         .verdicts = s->verdicts,
                         .build = s->build,
                         .options = &s->options,
                         .source = first.source,
                         .symmetric = s->options.symmetric == 1};
        st_net_about(s->build, "a network of RANC cores");
        return st_ranc_json(&r, path, first.root, f);
    }
    const struct st_json *networks = st_json_get(first.root, "networks");
    if (networks && networks->type == ST_JSON_ARRAY && networks->count)
        return st_sonata_knp(s, &first, f);
    if (!st_sonata_config(s, first, &dt, f))
        return NULL;
    s->options.dt = own_dt > 0 ? own_dt : dt;
    if (!(s->options.dt > 0)) {
        st_error(s->diags, ST_DIAG_FOREIGN_OPTION, st_diags_path(s->diags, s->circuit.source, "/run/dt"),
                 "--set dt=NUMBER, in ms", "no simulation says what a tick is");
        return NULL;
    }
    st_verdict(s->verdicts, "run", "dt", ST_FAITH_EXACT, 0, "a tick is %g ms", s->options.dt);
    for (uint32_t i = 0; i < s->node_file_count; i++)
        if (!st_sonata_nodes_read(s, &s->node_files[i], f))
            return NULL;
    for (uint32_t i = 0; i < s->edge_file_count; i++)
        if (!st_sonata_edges_read(s, &s->edge_files[i], f))
            return NULL;
    for (uint32_t k = 0; k < s->part_count; k++)
        virtual |= s->parts[k].cell.model == SONATA_VIRTUAL;
    if (!virtual) {
        st_net_node(s->build, st_net_add_receptors(s->build, st_door_name(s->arena, s->build, "none"), at))->encoder =
            ST_ENCODE_SPIKES;
        st_verdict(s->verdicts, "none", "", ST_FAITH_APPROXIMATED, 0,
                   "no node is virtual: a receptor without synapses");
    }
    scale_parts(s);
    read_out(s);
    return st_net_finish(s->build);
}

const struct st_net *st_door_read_sonata(struct st_arena *a, struct st_diags *d, const char *path,
                                         const struct st_setting *settings, size_t setting_count, struct st_verdicts *v,
                                         struct st_fault *f)
{
    struct st_mark at = {0};
    struct sonata *s = ST_NEW(a, struct sonata, 1);
    jmp_buf outer;
    const struct st_net *net = NULL;
    f->id = ST_OK;
    *s = (struct sonata){.arena = a, .diags = d, .verdicts = v, .open.file = -1};
    s->build = st_net_begin(a, d, at, st_path_folder(a, path), settings, setting_count);
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
    st_net_name(s->build, st_door_name(a, s->build, st_arena_text(a, name, strcspn(name, "."))), at);
    st_net_about(s->build, "a SONATA network");
    memcpy(&outer, &a->full, sizeof outer);
    if (setjmp(a->full)) {
        st_h5_close(&s->open);
        memcpy(&a->full, &outer, sizeof outer);
        longjmp(a->full, 1);
    }
    if (st_door_options(s->build, d, at, false, &s->options)) {
        st_door_presentation(s->build, &s->options);
        net = read_all(s, path, s->options.dt, f);
    }
    memcpy(&a->full, &outer, sizeof outer);
    st_h5_close(&s->open);
    return f->id ? NULL : net;
}
