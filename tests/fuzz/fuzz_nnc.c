/* fuzz_nnc.c - whatever stands in the files of a network of ArNI-X: refused with a reason, or a network that is sound.
 * The bytes are the files, by tests/doors/folder_make.h. */
#include "door.h"
#include "doors/folder_make.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int st_fuzz_nnc(const uint8_t *data, size_t size);

static void read_one(const char *path, double learn)
{
    const struct st_setting settings[] = {{"receptors", 6}, {"learn", learn}, {"subtract", learn}};
    struct st_arena a;
    struct st_diags d;
    struct st_fault f;
    struct st_verdicts v;
    st_arena_init(&a);
    if (setjmp(a.full) == 0) {
        st_diags_init(&d, &a);
        st_verdicts_init(&v, &a);
        const struct st_net *net = st_door_read(&a, &d, path, ST_DOOR_NNC, settings, 3, &v, &f);
        if (!net != (d.errors > 0 || f.id) || (net && (!st_net_check(net, &d) || st_verdicts_of(&v, ST_FAITH_REFUSED))))
            abort();
        st_diags_text(&d, true);
        st_verdicts_text(&v);
    }
    st_arena_free(&a);
}

int st_fuzz_nnc(const uint8_t *data, size_t size)
{
    char folder[] = "/tmp/stoa-fuzz-XXXXXX", path[100];
    if (size > 1 << 14 || !mkdtemp(folder))
        return 0;
    st_folder_fill(folder, (const char *)data, size);
    snprintf(path, sizeof path, "%s/net.nnc", folder);
    read_one(path, 1);
    read_one(path, 0);
    st_folder_empty(folder);
    return 0;
}

#ifdef ST_LIBFUZZER
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) { return st_fuzz_nnc(data, size); }
#endif
