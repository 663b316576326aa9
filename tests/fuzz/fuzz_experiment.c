/* fuzz_experiment.c - whatever bytes come as an experiment: refused with a diagnostic, or whole: every name, path and
 * number that training relies on is there. */
#include "experiment.h"
#include "yaml_tree.h"
#include <stdlib.h>

int st_fuzz_experiment(const uint8_t *data, size_t size);

int st_fuzz_experiment(const uint8_t *data, size_t size)
{
    struct st_arena a;
    struct st_diags d;
    st_arena_init(&a);
    if (setjmp(a.full)) {
        st_arena_free(&a);
        return 0;
    }
    st_diags_init(&d, &a);
    const struct st_experiment *e = st_experiment_read(&a, &d, "a/fuzz.yaml", (const char *)data, size);
    if (!e != (d.errors > 0))
        abort(); /* refused without a reason, or not for one */
    if (e && (!st_yaml_is_name(e->name) || !e->network || !e->fabric || !e->source_count))
        abort();
    for (uint32_t i = 0; e && i < e->source_count; i++) {
        const struct st_data_source *s = &e->sources[i];
        if (s->made && (s->noise.kind >= ST_NOISE_KINDS || s->noise.blur < 1 || s->noise.blur > ST_NOISE_BLUR_MOST))
            abort();
        if (s->made)
            continue;
        if (!s->folder || !s->train_images || !s->train_labels || !s->test_images || !s->test_labels ||
            s->hold_out == 1)
            abort();
    }
    for (uint32_t i = 0; e && i < e->protocol.step_count; i++) {
        const struct st_told_step *s = &e->protocol.steps[i];
        if (s->ask ? !s->count : s->task >= e->protocol.task_count || s->epochs < 1)
            abort();
        for (uint32_t k = 0; k < s->count; k++)
            if (s->tasks[k] >= e->protocol.task_count)
                abort();
    }
    for (uint32_t i = 0; e && i < e->protocol.task_count; i++)
        if (e->protocol.tasks[i].source >= e->source_count)
            abort();
    if (e && (e->epochs < 1 || e->copies > 4096 || !(e->published >= 0 && e->published <= 100) ||
              (e->published > 0 && (!e->published_what || !e->published_source))))
        abort();
    st_diags_text(&d, true);
    st_arena_free(&a);
    return 0;
}

#ifdef ST_LIBFUZZER
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) { return st_fuzz_experiment(data, size); }
#endif
