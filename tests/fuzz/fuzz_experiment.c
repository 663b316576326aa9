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
    if (e && (!st_yaml_is_name(e->name) || !e->network || !e->fabric || !e->folder || !e->train_images ||
              !e->train_labels || !e->test_images || !e->test_labels))
        abort();
    if (e && (e->epochs < 1 || e->hold_out == 1 || e->copies > 4096 || !(e->published >= 0 && e->published <= 100) ||
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
