/* fuzz_fabric.c - whatever bytes come as a fabric: refused with a reason, or checked, printed, read back the same. */
#include "fabric.h"
#include <stdlib.h>
#include <string.h>

int st_fuzz_fabric(const uint8_t *data, size_t size);

int st_fuzz_fabric(const uint8_t *data, size_t size)
{
    struct st_arena a;
    struct st_diags d;
    st_arena_init(&a);
    if (setjmp(a.full)) {
        st_arena_free(&a);
        return 0;
    }
    st_diags_init(&d, &a);
    const struct st_fabric *f = st_fabric_read(&a, &d, "fuzz.yaml", (const char *)data, size);
    if (!f != (d.errors > 0))
        abort(); /* refused without a reason, or not refused for one */
    if (f && st_fabric_check(f, &d)) {
        char *once = st_fabric_print(&a, f);
        const struct st_fabric *again = st_fabric_read(&a, &d, "printed.yaml", once, strlen(once));
        if (!again || !st_fabric_check(again, &d) || strcmp(st_fabric_print(&a, again), once) != 0)
            abort();
    } else if (!d.errors) {
        abort();
    }
    st_diags_text(&d, true);
    st_arena_free(&a);
    return 0;
}

#ifdef ST_LIBFUZZER
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) { return st_fuzz_fabric(data, size); }
#endif
