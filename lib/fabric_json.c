#include "fabric_json.h"
#include "text.h"

const char *st_fabric_json(struct st_arena *a, const struct st_fabric *f)
{
    struct st_text t;
    st_text_init(&t, a);
    st_text_put(&t, "{\"fabric\": ");
    st_text_json(&t, f->name);
    const struct st_limits *l = &f->limits;
    st_textf(&t, ",\n \"mesh\": {\"width\": %u, \"height\": %u},\n", l->mesh_width, l->mesh_height);
    st_textf(&t,
             " \"core\": {\"neurons\": %u, \"axons\": %u, \"inputs\": %u, \"groups\": %u, \"weight_bits\": %u, "
             "\"resource_bits\": %u, ",
             l->neurons, l->axons, l->inputs, l->groups, l->weight_bits, l->resource_bits);
    st_textf(&t,
             "\"aux_bits\": %u, \"membrane_bits\": %u, \"shift_max\": %u, \"entry_bits\": %u, \"ring\": %u, "
             "\"synapse_bits\": %llu, ",
             l->aux_bits, l->membrane_bits, l->shift_max, l->entry_bits, l->ring, (unsigned long long)l->synapse_bits);
    st_textf(
        &t, "\"delay_slots\": %u, \"lanes\": %u, \"program_words\": %u, \"table_words\": %u, \"route_entries\": %u},\n",
        l->delay_slots, l->lanes, l->program_words, l->table_words, l->route_entries);
    st_text_put(&t, " \"costs\": {");
    for (uint32_t i = 0; i < f->cost_count; i++) {
        st_text_put(&t, i ? ",\n  " : "\n  ");
        st_text_json(&t, f->costs[i].key);
        st_text_put(&t, ": {\"value\": ");
        st_text_number(&t, f->costs[i].value);
        st_text_put(&t, ", \"unit\": ");
        st_text_json(&t, f->costs[i].unit);
        st_text_put(&t, ", \"source\": ");
        st_text_json(&t, f->costs[i].cited ? f->costs[i].source : "none");
        st_text_put(&t, "}");
    }
    st_text_put(&t, "\n }}\n");
    return t.at;
}
