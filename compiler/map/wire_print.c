#include "wire.h"

#include "text.h"

static void print_group(struct st_text *t, const struct st_wire *w, uint32_t i)
{
    const struct st_wire_group *g = &w->groups[i];
    st_textf(t, "  group %u '%s'", i, w->quant->net->nodes[g->node].name);
    if (!g->order)
        st_textf(t, " %u..%u", g->base, g->base + g->count - 1);
    for (uint32_t k = 0, end; g->order && k < g->count; k = end) { /* runs of the order table */
        for (end = k + 1; end < g->count && g->order[end] == g->order[end - 1] + 1;)
            end++;
        st_textf(t, end > k + 1 ? " %u..%u" : " %u", g->order[k], g->order[end - 1]);
    }
    st_textf(t, " at %u\n", g->first);
}

/* Runs of inputs whose first axons go on by one, and of axons whose next do. */
static void print_inputs(struct st_text *t, const struct st_wire *w, const struct st_wire_core *core)
{
    const uint32_t *in = w->inputs + core->first_input;
    const struct st_wire_axon *x = w->axons + core->first_axon;
    for (uint32_t i = 0, end; i < core->input_count; i = end) {
        bool gap = in[i] == ST_MAP_NONE;
        for (end = i + 1; end < core->input_count && in[end] == in[i] + (gap ? 0 : end - i);)
            end++;
        st_textf(t, "  inputs %u..%u ", i, end - 1);
        st_textf(t, gap ? "nothing\n" : "axons %u..%u\n", in[i], in[end - 1]);
    }
    for (uint32_t i = 0, end; i < core->axon_count; i = end) {
        for (end = i + 1; end < core->axon_count && x[i].next != ST_MAP_NONE && x[end].next == x[i].next + (end - i);)
            end++;
        if (x[i].next != ST_MAP_NONE)
            st_textf(t, "  axons %u..%u then %u..%u\n", i, end - 1, x[i].next, x[end - 1].next);
    }
}

static void print_core(struct st_text *t, const struct st_wire *w, uint32_t c)
{
    const struct st_net *net = w->quant->net;
    const struct st_wire_core *core = &w->cores[c];
    st_textf(t, "core %u neurons %u axons %u inputs %u row words %llu synapse bits %llu\n", c, core->neuron_count,
             core->axon_count, core->input_count, (unsigned long long)core->row_words,
             (unsigned long long)core->synapse_bits);
    for (uint32_t g = core->first_group; g < core->first_group + core->group_count; g++)
        print_group(t, w, g);
    const struct st_wire_axon *x = w->axons + core->first_axon;
    for (uint32_t i = 0, end; i < core->axon_count; i = end) { /* runs of sources whose rows move on by the same step */
        end = i + 1;
        int step = end < core->axon_count ? (int)x[end].lo - (int)x[i].lo : 0;
        while (end < core->axon_count && x[end].projection == x[i].projection &&
               x[end].source == x[end - 1].source + 1 && x[end].delay_ticks == x[i].delay_ticks &&
               x[end].layer == x[i].layer && !x[end].entries == !x[i].entries &&
               (int)x[end].lo == (int)x[end - 1].lo + step && (int)x[end].hi == (int)x[end - 1].hi + step)
            end++;
        const struct st_net_projection *k = &net->projections[x[i].projection];
        st_textf(t, "  axons %u..%u '%s' -> '%s' %s %u..%u delay %u neurons %u..%u%s", i, end - 1,
                 net->nodes[k->from].name, net->nodes[k->to].name, x[i].by_column ? "columns" : "members", x[i].source,
                 x[end - 1].source, x[i].delay_ticks, x[i].lo, x[i].hi - 1, i < core->plastic_axons ? " plastic" : "");
        if (end > i + 1 && step)
            st_textf(t, " step %d", step);
        if (x[i].entries)
            st_text_put(t, " sparse");
        if (x[i].layer)
            st_textf(t, " layer %u", x[i].layer);
        st_text_put(t, "\n");
    }
    print_inputs(t, w, core);
}

char *st_wire_print(struct st_arena *a, const struct st_wire *w)
{
    struct st_text t;
    const struct st_net *net = w->quant->net;
    st_text_init(&t, a);
    st_textf(&t, "wire '%s' on '%s' cores %u groups %u axons %u inputs %u blocks %u", net->name, w->quant->fabric->name,
             w->core_count, w->group_count, w->axon_count, w->input_count, w->block_count);
    st_textf(&t, w->gap_count ? " gaps %u\n" : "\n", w->gap_count);
    for (uint32_t c = 0; c < w->core_count; c++)
        print_core(&t, w, c);
    for (uint32_t i = 0; i < w->block_count; i++) {
        const struct st_wire_block *b = &w->blocks[i];
        st_textf(&t, "block %u from ", i);
        if (b->receptor != ST_MAP_NONE)
            st_textf(&t, "'%s'", net->nodes[b->receptor].name);
        else
            st_textf(&t, "group %u", b->group);
        st_textf(&t, " %s %u..%u",
                 b->emitter != ST_MAP_NONE ? "emitted"
                 : b->by_column            ? "columns"
                                           : "members",
                 b->first, b->first + b->count - 1);
        st_text_put(&t, b->host ? " to the host" : "");
        for (uint32_t k = 0; k < b->target_count; k++)
            st_textf(&t, "%s core %u input %u", k || b->host ? "," : " to", w->targets[b->first_target + k].core,
                     w->targets[b->first_target + k].input);
        st_text_put(&t, "\n");
    }
    return t.at;
}
