#include "quant_work.h"

#include "models.h"
#include "text.h"

static void print_node(struct st_text *t, const struct st_quant *q, uint32_t i)
{
    const struct st_net_node *n = &q->net->nodes[i];
    st_textf(t, "node %u '%s' stream %u", i, n->name, q->nodes[i].stream);
    if (n->receptor) {
        st_textf(t, n->emitter ? " emitter %u\n" : " receptors %u\n", n->columns);
        return;
    }
    if (!n->starts)
        st_textf(t, " %u x %u scale ", n->columns, n->microcolumns);
    for (uint32_t c = 0; n->starts && c < n->columns; c++)
        st_textf(t, "%s%u", c ? "+" : " ", st_column_size(st_node_columns(n), c));
    if (n->starts)
        st_text_put(t, " scale ");
    st_text_number(t, q->nodes[i].scale);
    for (uint32_t k = 0; k < st_models[n->model]->count; k++) {
        if (!q->nodes[i].own[k]) {
            st_textf(t, " %s %d", st_models[n->model]->params[k].key, q->nodes[i].params[k]);
        } else {
            uint64_t sum = 0;
            for (uint32_t m = 0; m < st_node_size(n); m++)
                sum = sum * 0x100000001b3 ^ (uint32_t)q->nodes[i].own[k][m];
            st_textf(t, " %s own sum %016llx", st_models[n->model]->params[k].key, (unsigned long long)sum);
        }
    }
    if (n->recruits)
        st_textf(t, " recruit vigilance %d freeze %d", q->nodes[i].recruit.vigilance, q->nodes[i].recruit.freeze);
    const struct st_adapt *a = &q->nodes[i].adapt;
    if (a->step)
        st_textf(t, " theta step %d decay %d every %u", a->step, a->decay, 1u << a->every);
    st_text_put(t, "\n");
}

static void print_rows(struct st_text *t, const struct st_quant_projection *q, uint32_t sources)
{
    int32_t low = INT16_MAX, high = INT16_MIN;
    uint32_t first = UINT32_MAX, last = 0, shift = 0;
    uint64_t sum = 0; /* so that a golden text notices any synapse that moved */
    for (uint32_t s = 0; s < sources; s++) {
        shift = q->shift[s] > shift ? q->shift[s] : shift;
        for (uint32_t i = q->start[s]; i < q->start[s + 1]; i++) {
            low = q->w[i] < low ? q->w[i] : low;
            high = q->w[i] > high ? q->w[i] : high;
            first = q->delay_ticks[i] < first ? q->delay_ticks[i] : first;
            last = q->delay_ticks[i] > last ? q->delay_ticks[i] : last;
            sum =
                sum * 0x100000001b3 ^ q->to[i] ^ (uint64_t)(uint16_t)q->w[i] << 32 ^ (uint64_t)q->delay_ticks[i] << 48;
        }
    }
    if (q->synapse_count)
        st_textf(t, " weight %d..%d shift up to %u delay %u..%u sum %016llx", low, high, shift, first, last,
                 (unsigned long long)sum);
}

char *st_quant_print(struct st_arena *a, const struct st_quant *q)
{
    struct st_text t;
    st_text_init(&t, a);
    st_textf(&t, "quant '%s' on '%s' seed %llu\n", q->net->name, q->fabric->name, (unsigned long long)q->seed);
    for (uint32_t i = 0; i < q->net->node_count; i++)
        print_node(&t, q, i);
    for (uint32_t i = 0; i < q->net->projection_count; i++) {
        const struct st_net_projection *p = &q->net->projections[i];
        const struct st_quant_projection *k = &q->projections[i];
        st_textf(&t, "projection %u '%s' -> '%s' number %u synapses %llu", i, q->net->nodes[p->from].name,
                 q->net->nodes[p->to].name, k->number, (unsigned long long)k->synapse_count);
        if (k->rule)
            st_textf(&t, " rule '%s' delay %u weight %d..%d begins %d resource %d", k->rule->plastic.rule,
                     k->plastic_delay_ticks, k->rule->weight_low, k->rule->weight_high, k->rule->weight,
                     k->rule->resource);
        if (k->rule && k->rule->drawn.weight)
            st_textf(&t, " drawn %d..%d", k->rule->drawn.low, k->rule->drawn.high);
        if (k->rule && k->start)
            st_textf(&t, " joined of %llu, %u a row at most",
                     (unsigned long long)st_node_size(&q->net->nodes[p->from]) * st_node_size(&q->net->nodes[p->to]),
                     k->fan_in);
        if (!k->rule)
            print_rows(&t, k, st_node_size(&q->net->nodes[p->from]));
        st_text_put(&t, "\n");
    }
    for (uint32_t i = 0; i < q->error_count; i++) {
        st_textf(&t, "error %s wanted ", q->errors[i].what);
        st_text_number(&t, q->errors[i].wanted);
        st_text_put(&t, " got ");
        st_text_number(&t, q->errors[i].got);
        st_text_put(&t, "\n");
    }
    return t.at;
}
