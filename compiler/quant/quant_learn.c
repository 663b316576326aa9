/* Populations in which several projections learn: their axons stand one after the other, their rules share a core. */
#include "quant.h"
#include <string.h>

static uint32_t sources(const struct st_quant *q, uint32_t projection)
{
    return st_node_size(&q->net->nodes[q->net->projections[projection].from]);
}

uint32_t st_quant_learner(const struct st_quant *q, uint32_t node, uint32_t from)
{
    uint32_t low = q->into.first[node], end = q->into.first[node + 1], high = end;
    while (low < high) { /* the first of them that is `from` or later */
        uint32_t middle = low + (high - low) / 2;
        if (q->into.projection[middle] < from)
            low = middle + 1;
        else
            high = middle;
    }
    while (low < end && !q->projections[q->into.projection[low]].rule)
        low++;
    return low < end ? q->into.projection[low] : UINT32_MAX;
}

uint32_t st_quant_learning_axons(const struct st_quant *q, uint32_t node)
{
    uint32_t axons = 0;
    for (uint32_t p = 0; (p = st_quant_learner(q, node, p)) != UINT32_MAX; p++)
        axons += sources(q, p);
    return axons;
}

uint32_t st_quant_first_axon(const struct st_quant *q, uint32_t projection)
{
    uint32_t node = q->net->projections[projection].to, axons = 0;
    for (uint32_t p = 0; (p = st_quant_learner(q, node, p)) < projection; p++)
        axons += sources(q, p);
    return axons;
}

uint32_t st_quant_axon(const struct st_quant *q, uint32_t node, uint32_t axon, uint32_t *source)
{
    uint32_t p = st_quant_learner(q, node, 0);
    while (axon >= sources(q, p)) {
        axon -= sources(q, p);
        p = st_quant_learner(q, node, p + 1);
    }
    *source = axon;
    return p;
}

bool st_quant_sparse(const struct st_quant *q, uint32_t node)
{
    for (uint32_t p = 0; (p = st_quant_learner(q, node, p)) != UINT32_MAX; p++)
        if (q->projections[p].start)
            return true;
    return false;
}

/* Words of a rule behind others: its programs begin further on, and its tables have other numbers. */
static uint32_t moved(uint32_t word, uint32_t tables)
{
    struct st_insn i = st_insn_unpack(word);
    if (i.op != ST_OP_TAB)
        return word;
    i.n = (uint8_t)(i.n + tables);
    return st_insn_pack(i);
}

/* The places of a parameter behind the words and tables of other rules. */
static struct st_parameter of_rule(struct st_arena *a, const struct st_parameter *from, uint32_t rule, uint32_t words,
                                   uint32_t tables)
{
    struct st_parameter out = *from;
    out.rule = rule;
    out.words = ST_NEW(a, uint32_t, out.word_count);
    out.tables = ST_NEW(a, uint32_t, out.table_count);
    for (uint32_t i = 0; i < out.word_count; i++)
        out.words[i] = from->words[i] + words;
    for (uint32_t i = 0; i < out.table_count; i++)
        out.tables[i] = from->tables[i] + tables;
    return out;
}

struct st_plastic st_quant_rules(struct st_arena *a, const struct st_quant *q, uint32_t node)
{
    uint32_t first = st_quant_learner(q, node, 0), count = 0, words = 0, tables = 0, parameters = 0, number = 0;
    struct st_plastic out = q->projections[first].rule->plastic; /* alone, its programs and tables are shared */
    out.axons = st_quant_learning_axons(q, node);
    for (uint32_t p = first; (p = st_quant_learner(q, node, p)) != UINT32_MAX; p++, count++) {
        words += q->projections[p].rule->plastic.words;
        tables += q->projections[p].rule->plastic.tables;
        parameters += q->projections[p].rule->plastic.parameter_count;
    }
    if (count == 1)
        return out;
    out.program = ST_NEW(a, uint32_t, words);
    out.table = ST_NEW(a, struct st_table, tables);
    out.more = ST_NEW(a, struct st_part, count - 1);
    out.parameters = ST_NEW(a, struct st_parameter, parameters);
    out.parameter_count = 0;
    out.words = out.tables = 0;
    for (uint32_t p = first; (p = st_quant_learner(q, node, p)) != UINT32_MAX; p++) {
        const struct st_plastic *r = &q->projections[p].rule->plastic;
        bool decays = r->pre_kind == ST_TRACE_DECAYING; /* calcium keeps no table */
        uint8_t decay_table = (uint8_t)(r->decay_table + (decays ? out.tables : 0));
        struct st_part part = {sources(q, p), r->rule,          r->pre_kind, decay_table, r->trace_step,
                               r->reward_all, r->excess_scalar, {0},         {NULL}};
        for (int t = 0; t < ST_TRIGGER_COUNT; t++)
            part.entry[t] = r->entry[t] == ST_NONE ? ST_NONE : r->entry[t] + out.words;
        memcpy(part.scalar_name, r->scalar_name, sizeof part.scalar_name);
        if (p != first)
            out.more[out.more_count++] = part;
        for (uint32_t k = 0; k < r->parameter_count; k++)
            out.parameters[out.parameter_count++] = of_rule(a, &r->parameters[k], number, out.words, out.tables);
        number++;
        for (uint32_t k = 0; k < r->words; k++)
            out.program[out.words++] = moved(r->program[k], out.tables);
        for (uint32_t k = 0; k < r->tables; k++)
            out.table[out.tables++] = r->table[k];
        out.has_resource |= r->has_resource;
        out.has_aux |= r->has_aux;
    }
    return out;
}
