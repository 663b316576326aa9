#include "budget.h"
#include "energy.h"
#include "html.h"
#include "json_put.h"
#include "links.h"
#include "flow.h"

static void put_budget(struct st_text *t, const struct st_budget *b)
{
    st_text_put(t, "{");
    for (int i = 0; i < ST_BUDGET_COUNT; i++) {
        st_put_key(t, st_budget_key((enum st_budget_part)i), i == 0);
        st_textf(t, "[%llu, %llu]", (unsigned long long)b->part[i].used, (unsigned long long)b->part[i].room);
    }
    st_put_key(t, "together", false);
    st_textf(t, "[%llu, %llu]}", (unsigned long long)b->used, (unsigned long long)b->room);
}

static void put_memory(struct st_text *t, const struct st_image *image)
{
    struct st_budget sum = st_budget_sum(image);
    st_text_put(t, ",\n  \"memory_bits\": {\"together\": ");
    put_budget(t, &sum);
    st_text_put(t, ",\n    \"cores\": [");
    for (uint32_t c = 0; c < image->core_count; c++) {
        const struct st_core *core = &image->cores[c];
        struct st_budget b = st_budget_core(image, c);
        st_textf(t, "%s\n      {\"core\": %u, \"x\": %u, \"y\": %u, \"populations\": [", c ? "," : "", c, core->x,
                 core->y);
        for (uint32_t g = 0, names = 0; g < core->group_count; g++)
            if (st_budget_first_of(core, g)) {
                st_text_put(t, names++ ? ", " : "");
                st_text_json(t, image->populations[core->groups[g].population].name);
            }
        st_textf(t, "], \"neurons\": [%u, %u], \"axons\": [%u, %u], \"bits\": ", core->neuron_count,
                 image->limits.neurons, core->axon_count, image->limits.axons);
        put_budget(t, &b);
        st_text_put(t, "}");
    }
    st_text_put(t, "]}");
}

/* Packets that arrive, by core and from population to population. */
static void put_traffic(struct st_text *t, const struct st_image *image, const struct st_flow *f)
{
    bool first = true;
    st_text_put(t, ", \"arrived\": [");
    for (size_t i = 0; i < (size_t)f->width * f->height; i++)
        if (f->core[i] >= 0) {
            st_textf(t, "%s{\"core\": %d, \"packets\": %llu}", first ? "" : ", ", f->core[i],
                     (unsigned long long)f->arrived[i]);
            first = false;
        }
    st_text_put(t, "], \"pairs\": [");
    first = true;
    for (uint32_t from = 0; from < f->senders; from++)
        for (uint32_t to = 0; to < image->population_count; to++) {
            uint64_t packets = f->pair[(size_t)from * image->population_count + to];
            if (!packets)
                continue;
            st_text_put(t, first ? "{" : ", {");
            st_put_key_text(t, "from", st_flow_sender(image, from), true);
            st_put_key_text(t, "to", image->populations[to].name, false);
            st_textf(t, ", \"packets\": %llu}", (unsigned long long)packets);
            first = false;
        }
    st_text_put(t, "]");
}

static void put_routing(struct st_arena *a, struct st_text *t, const struct st_image *image)
{
    static const char *const ports[] = {"east", "west", "north", "south"};
    struct st_links l = st_links_of(a, image);
    struct st_flow f = st_flow_of(a, image);
    bool first = true;
    st_textf(t,
             ",\n  \"routing\": {\"width\": %u, \"height\": %u, \"blocks\": %u, \"entries\": %u, "
             "\"most_entries\": %u, \"busiest_link\": %u, \"hops\": %llu, \"fullest_link\": %llu, \"links\": [",
             l.width, l.height, image->block_count, image->route_count, l.most_entries, l.busiest,
             (unsigned long long)l.hops, (unsigned long long)l.fullest);
    for (uint32_t y = 0; y < l.height; y++)
        for (uint32_t x = 0; x < l.width; x++)
            for (unsigned port = 0; port < ST_LINK_LOCAL; port++)
                if (st_link_load(&l, x, y, port)) {
                    st_textf(t, "%s{\"x\": %u, \"y\": %u, \"to\": \"%s\", \"blocks\": %u, \"packets\": %llu}",
                             first ? "" : ", ", x, y, ports[port], st_link_load(&l, x, y, port),
                             (unsigned long long)f.link[((size_t)y * l.width + x) * ST_LINK_LOCAL + port]);
                    first = false;
                }
    st_text_put(t, "]");
    put_traffic(t, image, &f);
    st_text_put(t, "}");
}

static void put_costs(struct st_text *t, const struct st_image *image, const struct st_result *r,
                      const struct st_ran *run)
{
    st_text_put(t, ",\n  \"coefficients\": [");
    for (uint32_t i = 0; i < image->cost_count; i++) {
        const struct st_cost *c = &image->costs[i];
        st_text_put(t, i ? ",\n    {" : "\n    {");
        st_put_key_text(t, "key", c->key, true);
        st_put_key_number(t, "value", c->value, false);
        st_put_key_text(t, "unit", c->unit, false);
        st_put_key_text(t, "source", c->source, false);
        st_textf(t, ", \"cited\": %s}", c->cited ? "true" : "false");
    }
    st_text_put(t, "]");
    if (r) {
        st_put_energy_json(t, "energy_evaluation", image, &r->test, ST_PER_PRESENTATION);
        st_put_energy_json(t, "energy_training", image, &r->train, ST_PER_PRESENTATION);
    }
    st_put_latency_json(t, "latency_estimate", image, r ? &r->test : NULL, ST_PER_PRESENTATION);
    if (run) {
        st_put_energy_json(t, "energy_run", image, &run->counters, ST_PER_RUN);
        st_put_latency_json(t, "latency_run", image, &run->counters, ST_PER_RUN);
    }
}

static void put_accuracy(struct st_text *t, const struct st_report_input *in)
{
    const struct st_result *r = in->result;
    struct st_spread s = st_spread_of(r->copy_accuracy, r->copies);
    st_text_put(t, ",\n  \"accuracy\": {");
    st_put_key_number(t, "ensemble", r->accuracy, true);
    st_put_key_number(t, "one_mean", s.mean, false);
    st_put_key_number(t, "one_lowest", s.lowest, false);
    st_put_key_number(t, "one_highest", s.highest, false);
    st_put_key_unsigned(t, "tested", r->tested, false);
    st_put_key_unsigned(t, "silent", r->silent, false);
    st_text_put(t, ", \"published\": [");
    for (uint32_t i = 0; i < in->published_count; i++) {
        st_text_put(t, i ? ", {" : "{");
        st_put_key_text(t, "what", in->published[i].what, true);
        st_put_key_number(t, "accuracy", in->published[i].accuracy, false);
        st_put_key_text(t, "source", in->published[i].source, false);
        st_text_put(t, "}");
    }
    st_text_put(t, "]},\n  \"result\": ");
    st_result_json(t, r);
    while (t->length && t->at[t->length - 1] == '\n')
        t->at[--t->length] = 0;
}

char *st_report_json(struct st_arena *a, const struct st_report_input *in, size_t *length)
{
    struct st_text text, *t = &text;
    const struct st_image *image = in->image;
    st_text_init(t, a);
    st_text_put(t, "{\n  \"stoa_report\": 1");
    st_text_put(t, ",\n  ");
    st_put_key_text(t, "network", image->network, true);
    st_text_put(t, ",\n  ");
    st_put_key_text(t, "fabric", image->fabric, true);
    st_textf(t, ",\n  \"copies\": %u,\n  \"cores\": %u,\n  \"period_ticks\": %u", image->copy_count, image->core_count,
             image->period_ticks);
    put_memory(t, image);
    put_routing(a, t, image);
    put_costs(t, image, in->result, in->run);
    if (in->result)
        put_accuracy(t, in);
    st_text_put(t, "\n}\n");
    *length = t->length;
    return t->at;
}
