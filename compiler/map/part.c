#include "part_work.h"

#include "text.h"

uint32_t st_part_plastic_bits(const struct st_quant *q, uint32_t projection)
{
    const struct st_plastic *p = &q->projections[projection].rule->plastic;
    const struct st_limits *l = &q->fabric->limits;
    return l->weight_bits + (p->has_resource ? l->resource_bits : 0) + (p->has_aux ? l->aux_bits : 0);
}

static bool rows_equal(const struct st_quant_projection *q, uint32_t a, uint32_t b)
{
    uint32_t i = q->start[a], k = q->start[b], n = q->start[a + 1] - i;
    return q->start[b + 1] - k == n && q->shift[a] == q->shift[b] &&
           memcmp(q->to + i, q->to + k, n * sizeof *q->to) == 0 && memcmp(q->w + i, q->w + k, n * sizeof *q->w) == 0 &&
           memcmp(q->delay_ticks + i, q->delay_ticks + k, n) == 0;
}

bool st_part_by_column(const struct st_quant *q, uint32_t projection)
{
    const struct st_net_node *from = &q->net->nodes[q->net->projections[projection].from];
    const struct st_quant_projection *p = &q->projections[projection];
    if (!from->compete || from->microcolumns == 1 || p->rule)
        return false;
    for (uint32_t s = 0; s < st_node_size(from); s++)
        if (s % from->microcolumns && !rows_equal(p, s - 1, s))
            return false;
    return true;
}

/* Whether a rule's `pre` program reduces over its column: then the whole column must be there. */
static bool sums_columns(const struct st_plastic *p)
{
    if (p->entry[ST_ON_PRE] == ST_NONE)
        return false;
    for (uint32_t at = p->entry[ST_ON_PRE]; at < p->words; at++) {
        struct st_insn i = st_insn_unpack(p->program[at]);
        if (i.op == ST_OP_END)
            return false;
        if (i.reduce != ST_REDUCE_NONE)
            return true;
    }
    return false;
}

static bool columns_are_whole(const struct st_part_work *w)
{
    uint32_t errors = w->diags->errors;
    for (uint32_t c = 0, last = ST_PART_NONE; c < w->out->core_count; c++) {
        const struct st_part_core *core = &w->out->cores[c];
        if (core->plastic == ST_PART_NONE || core->plastic == last ||
            !sums_columns(&w->quant->projections[core->plastic].rule->plastic))
            continue;
        last = core->plastic;
        const struct st_net_projection *p = &w->net->projections[core->plastic];
        uint32_t size = st_node_size(&w->net->nodes[p->to]);
        if (core->plastic_count < size)
            st_error(w->diags, ST_DIAG_COLUMN_CUT, p->rule_mark.line ? p->rule_mark : p->mark,
                     st_arena_printf(w->arena, "use a fabric with cores for %u neurons, or a smaller population", size),
                     "rule '%s' sums over all of population '%s' at an input's event, but a core of %s takes only %u of "
                     "its %u neurons",
                     p->rule, w->net->nodes[p->to].name, w->quant->fabric->name, core->plastic_count, size);
    }
    return w->diags->errors == errors;
}

const struct st_part *st_part_build(struct st_arena *a, struct st_diags *d, const struct st_quant *q, const bool *host)
{
    struct st_part *out = ST_NEW(a, struct st_part, 1);
    struct st_part_work w = {.arena = a, .diags = d, .quant = q, .net = q->net, .limits = &q->fabric->limits,
                             .out = out, .host = host};
    out->quant = q;
    w.by_column = ST_NEW(a, uint8_t, q->net->projection_count);
    for (uint32_t p = 0; p < q->net->projection_count; p++)
        w.by_column[p] = st_part_by_column(q, p);
    return st_part_fill(&w) && columns_are_whole(&w) && st_part_wire(&w) ? out : NULL;
}

static void print_core(struct st_text *t, const struct st_part *p, uint32_t c)
{
    const struct st_net *net = p->quant->net;
    const struct st_part_core *core = &p->cores[c];
    st_textf(t, "core %u neurons %u axons %u row words %llu synapse bits %llu\n", c, core->neuron_count,
             core->axon_count, (unsigned long long)core->row_words, (unsigned long long)core->synapse_bits);
    for (uint32_t g = core->first_group; g < core->first_group + core->group_count; g++)
        st_textf(t, "  group %u '%s' %u..%u at %u\n", g, net->nodes[p->groups[g].node].name, p->groups[g].base,
                 p->groups[g].base + p->groups[g].count - 1, p->groups[g].first);
    const struct st_part_axon *x = p->axons + core->first_axon;
    for (uint32_t i = 0, end; i < core->axon_count; i = end) { /* runs of sources whose rows move on by the same step */
        end = i + 1;
        int step = end < core->axon_count ? x[end].lo - x[i].lo : 0;
        while (end < core->axon_count && x[end].projection == x[i].projection &&
               x[end].source == x[end - 1].source + 1 && x[end].delay_ticks == x[i].delay_ticks &&
               x[end].layer == x[i].layer && x[end].lo == x[end - 1].lo + step && x[end].hi == x[end - 1].hi + step)
            end++;
        const struct st_net_projection *k = &net->projections[x[i].projection];
        st_textf(t, "  axons %u..%u '%s' -> '%s' %s %u..%u delay %u neurons %u..%u%s", i, end - 1,
                 net->nodes[k->from].name, net->nodes[k->to].name, x[i].by_column ? "columns" : "members", x[i].source,
                 x[end - 1].source, x[i].delay_ticks, x[i].lo, x[i].hi - 1, i < core->plastic_axons ? " plastic" : "");
        if (end > i + 1 && step)
            st_textf(t, " step %d", step);
        if (x[i].layer)
            st_textf(t, " layer %u", x[i].layer);
        st_text_put(t, "\n");
    }
}

char *st_part_print(struct st_arena *a, const struct st_part *p)
{
    struct st_text t;
    const struct st_net *net = p->quant->net;
    st_text_init(&t, a);
    st_textf(&t, "part '%s' on '%s' cores %u groups %u axons %u blocks %u\n", net->name, p->quant->fabric->name,
             p->core_count, p->group_count, p->axon_count, p->block_count);
    for (uint32_t c = 0; c < p->core_count; c++)
        print_core(&t, p, c);
    for (uint32_t i = 0; i < p->block_count; i++) {
        const struct st_part_block *b = &p->blocks[i];
        st_textf(&t, "block %u from ", i);
        if (b->receptor != ST_PART_NONE)
            st_textf(&t, "'%s'", net->nodes[b->receptor].name);
        else
            st_textf(&t, "group %u", b->group);
        st_textf(&t, " %s %u..%u", b->by_column ? "columns" : "members", b->first, b->first + b->count - 1);
        if (b->projection == ST_PART_NONE)
            st_text_put(&t, " to the host");
        for (uint32_t k = 0; k < b->target_count; k++)
            st_textf(&t, "%s core %u axon %u", k ? "," : " to", p->targets[b->first_target + k].core,
                     p->targets[b->first_target + k].axon);
        st_text_put(&t, "\n");
    }
    return t.at;
}
