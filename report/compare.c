#include "compare.h"

#include "budget.h"
#include "energy.h"
#include "json_put.h"
#include "links.h"
#include "text.h"
#include <math.h>
#include <stdio.h>

/* Words of an axon's row. */
static uint32_t words(const struct st_axon *x) { return x->format == ST_ROW_SPARSE ? x->entries : x->hi - x->lo; }

static uint64_t cycles_of(const struct st_core *core, uint32_t lanes)
{
    uint64_t cycles = core->neuron_count;
    for (uint32_t i = 0; i < core->axon_count; i++) {
        uint32_t n = (words(&core->axons[i]) + lanes - 1) / lanes;
        cycles += n ? n : 1;
    }
    return cycles;
}

void st_candidate_measure(struct st_arena *a, const struct st_image *image, struct st_candidate *c)
{
    struct st_links l = st_links_of(a, image);
    struct st_budget b = st_budget_sum(image);
    struct st_counters n = {.ticks = 1, .hops = l.hops};
    uint64_t slowest = 0;
    double tick_ns, clock_ns;
    for (uint32_t i = 0; i < image->core_count; i++) {
        const struct st_core *core = &image->cores[i];
        uint64_t cycles = image->limits.lanes ? cycles_of(core, image->limits.lanes) : 0;
        slowest = cycles > slowest ? cycles : slowest;
        n.neuron_updates += core->neuron_count;
        for (uint32_t k = 0; k < core->axon_count; k++)
            n.synaptic_operations += words(&core->axons[k]);
    }
    n.spikes = n.neuron_updates;
    struct st_energy e = st_energy_of(image, &n, ST_PER_RUN);
    bool timed = image->limits.lanes && st_cost_ns(st_cost_find(image, "tick"), &tick_ns) &&
                 st_cost_ns(st_cost_find(image, "clock"), &clock_ns);
    c->cores = image->core_count;
    c->entries = l.most_entries;
    c->links = l.hops;
    c->fullest = l.fullest;
    c->memory_used = b.used;
    c->memory_room = b.room;
    c->energy_pj = e.known ? e.total_pj : NAN;
    c->tick_ns = timed ? tick_ns + clock_ns * (double)(slowest > l.fullest ? slowest : l.fullest) : NAN;
}

void st_candidates_judge(struct st_candidate *list, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        struct st_candidate *c = &list[i];
        c->best = !c->refused;
        for (uint32_t k = 0; k < count && c->best; k++) {
            const struct st_candidate *o = &list[k];
            bool no_worse = !o->refused && o->cores <= c->cores && o->links <= c->links;
            c->best = !no_worse || (o->cores == c->cores && o->links == c->links);
        }
    }
}

/* --- as text ------------------------------------------------------------------------------------------------------ */

static void put_or_dash(struct st_text *t, double x, const char *form)
{
    if (isnan(x))
        st_textf(t, " %9s", "-");
    else
        st_textf(t, form, x);
}

char *st_candidates_text(struct st_arena *a, const char *network, const struct st_candidate *list, uint32_t count,
                         size_t *length)
{
    struct st_text text, *t = &text;
    st_text_init(t, a);
    st_textf(t, "%s, one copy, every source speaks once; *: no other takes as few cores and crosses as few links\n",
             network);
    st_textf(t, "  %-20s %7s %7s %5s %9s %9s %7s %9s %6s %9s %9s\n", "fabric", "mesh", "a core", "cores", "links",
             "fullest", "entries", "kbit", "full", "nJ", "tick us");
    for (uint32_t i = 0; i < count; i++) {
        const struct st_candidate *c = &list[i];
        char mesh[24];
        snprintf(mesh, sizeof mesh, "%ux%u", c->mesh_width, c->mesh_height);
        st_textf(t, "%c %-20s %7s %7u ", c->best ? '*' : ' ', c->fabric, mesh, c->neurons);
        if (c->refused) {
            st_textf(t, "refused: %s\n", c->refused);
            continue;
        }
        st_textf(t, "%5u %9llu %9llu %7u %9llu %4.0f %%", c->cores, (unsigned long long)c->links,
                 (unsigned long long)c->fullest, c->entries, (unsigned long long)(c->memory_used / 1000),
                 c->memory_room ? 100 * (double)c->memory_used / (double)c->memory_room : 0);
        put_or_dash(t, c->energy_pj / 1000, " %9.1f");
        put_or_dash(t, c->tick_ns / 1000, " %9.2f");
        st_text_put(t, "\n");
    }
    *length = t->length;
    return t->at;
}

/* --- as JSON ------------------------------------------------------------------------------------------------------ */

char *st_candidates_json(struct st_arena *a, const char *network, const struct st_candidate *list, uint32_t count,
                         size_t *length)
{
    struct st_text text, *t = &text;
    st_text_init(t, a);
    st_text_put(t, "{\"stoa_compare\": 1");
    st_put_key_text(t, "network", network, false);
    st_text_put(t, ",\n \"mappings\": [");
    for (uint32_t i = 0; i < count; i++) {
        const struct st_candidate *c = &list[i];
        st_text_put(t, i ? ",\n  {" : "\n  {");
        st_put_key_text(t, "fabric", c->fabric, true);
        st_textf(t, ", \"mesh\": [%u, %u]", c->mesh_width, c->mesh_height);
        st_put_key_unsigned(t, "neurons", c->neurons, false);
        if (c->refused) {
            st_put_key_text(t, "refused", c->refused, false);
            st_text_put(t, "}");
            continue;
        }
        st_put_key_unsigned(t, "cores", c->cores, false);
        st_put_key_unsigned(t, "hops", c->links, false);
        st_put_key_unsigned(t, "fullest_link", c->fullest, false);
        st_put_key_unsigned(t, "most_entries", c->entries, false);
        st_textf(t, ", \"memory_bits\": [%llu, %llu]", (unsigned long long)c->memory_used,
                 (unsigned long long)c->memory_room);
        if (!isnan(c->energy_pj))
            st_put_key_number(t, "energy_pj", c->energy_pj, false);
        if (!isnan(c->tick_ns))
            st_put_key_number(t, "tick_ns", c->tick_ns, false);
        st_textf(t, ", \"best\": %s}", c->best ? "true" : "false");
    }
    st_text_put(t, "]}\n");
    *length = t->length;
    return t->at;
}
