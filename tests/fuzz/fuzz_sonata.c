/* fuzz_sonata.c - whatever stands in the files of a SONATA circuit: refused with a reason, or a network that is sound.
 * The bytes are the files, by tests/doors/folder_make.h. */
#include "door.h"
#include "doors/folder_make.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int st_fuzz_sonata(const uint8_t *data, size_t size);

int st_fuzz_sonata(const uint8_t *data, size_t size)
{
    struct st_arena a;
    struct st_diags d;
    struct st_fault f;
    struct st_verdicts v;
    char folder[] = "/tmp/stoa-fuzz-XXXXXX", path[100];
    if (size > 1 << 14 || !mkdtemp(folder))
        return 0;
    st_folder_fill(folder, (const char *)data, size);
    snprintf(path, sizeof path, "%s/config.json", folder);
    st_arena_init(&a);
    if (setjmp(a.full) == 0) {
        st_diags_init(&d, &a);
        st_verdicts_init(&v, &a);
        const struct st_net *net = st_door_read_sonata(&a, &d, path, NULL, 0, &v, &f);
        if (!net != (d.errors > 0 || f.id) || (net && !st_net_check(net, &d)))
            abort();
        st_diags_text(&d, true);
        st_verdicts_text(&v);
    }
    st_arena_free(&a);
    st_folder_empty(folder);
    return 0;
}

#ifdef ST_LIBFUZZER
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) { return st_fuzz_sonata(data, size); }
#endif
