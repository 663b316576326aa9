#include "fabric.h"
#include "fabric_table.h"
#include "names.h"
#include "yaml_tree.h"

static void put_words(struct st_text *t, const char *key, const char *const *names, const bool *has)
{
    const char *before = "";
    st_textf(t, "%s: [", key);
    for (int i = 0; names[i]; i++)
        if (has[i]) {
            st_textf(t, "%s%s", before, names[i]);
            before = ", ";
        }
    st_text_put(t, "]");
}

static const char *word(bool yes) { return yes ? "true" : "false"; }

/* The value as a fabric file again; reading it gives the same value. */
char *st_fabric_print(struct st_arena *a, const struct st_fabric *f)
{
    struct st_text t;
    st_text_init(&t, a);
    st_textf(&t, "fabric: %s\nabout: ", f->name);
    st_yaml_put(&t, f->about);
    st_textf(&t, "\nmesh: { width: %u, height: %u }\n", f->limits.mesh_width, f->limits.mesh_height);
    st_fabric_print_tiles(&t, f);
    st_fabric_print_links(&t, f);
    st_fabric_print_rows(&t, f);
    st_text_put(&t, "core:\n");
    for (const struct st_limit_row *row = st_limit_rows; row->key; row++)
        st_textf(&t, "  %s: %llu\n", row->key, (unsigned long long)st_limit_get(&f->limits, row));
    if (f->neuron.weights || f->neuron.targets) {
        const char *between = f->neuron.weights && f->neuron.targets ? ", " : "";
        st_text_put(&t, "neuron: { ");
        if (f->neuron.weights)
            st_textf(&t, "weights: %u", f->neuron.weights);
        st_text_put(&t, between);
        if (f->neuron.targets)
            st_textf(&t, "targets: %u", f->neuron.targets);
        st_text_put(&t, " }\n");
    }
    st_fabric_print_numbers(&t, &f->numbers);
    st_text_put(&t, "supports:\n  ");
    put_words(&t, "models", st_model_names, f->models);
    put_words(&t, "\n  kinds", st_kind_names, f->kinds);
    put_words(&t, "\n  rows", st_row_names, f->rows);
    st_textf(&t, "\n  learning: %s\n  competition: %s\n  noise: %s\n  forcing: %s\n  adaptation: %s\n",
             word(f->learning), word(f->competition), word(f->noise), word(f->forcing), word(f->adaptation));
    if (f->cost_count)
        st_text_put(&t, "costs:\n");
    for (uint32_t i = 0; i < f->cost_count; i++) {
        const struct st_cost *c = &f->costs[i];
        st_textf(&t, "  %s: { value: ", c->key);
        st_text_number(&t, c->value);
        st_textf(&t, ", unit: %s, source: ", c->unit);
        if (c->cited)
            st_yaml_put(&t, c->source);
        else
            st_text_put(&t, "none");
        st_text_put(&t, " }\n");
    }
    return t.at;
}
