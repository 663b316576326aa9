/* fuzz_ranc.c - whatever stands in the files of a RANC network, JSON or memories: refused with a reason, or a network
 * that is sound; and its packets. The bytes are the files, by tests/doors/folder_make.h. */
#include "door.h"
#include "doors/folder_make.h"
#include "events.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int st_fuzz_ranc(const uint8_t *data, size_t size);

static void read_one(const char *path)
{
    struct st_arena a;
    struct st_diags d;
    struct st_fault f;
    struct st_verdicts v;
    st_arena_init(&a);
    if (setjmp(a.full) == 0) {
        st_diags_init(&d, &a);
        st_verdicts_init(&v, &a);
        const struct st_net *net = st_door_read(&a, &d, path, st_door_of(path), NULL, 0, &v, &f);
        if (!net != (d.errors > 0 || f.id) || (net && (!st_net_check(net, &d) || st_verdicts_of(&v, ST_FAITH_REFUSED))))
            abort();
        st_diags_text(&d, true);
        st_verdicts_text(&v);
        if (strstr(path, ".json")) {
            struct st_event_options o = {.group = "in"};
            struct st_events events;
            uint32_t errors = d.errors;
            if (!st_events_read(&a, &d, path, &o, &events, &f) != (d.errors > errors || f.id))
                abort();
        }
    }
    st_arena_free(&a);
}

int st_fuzz_ranc(const uint8_t *data, size_t size)
{
    char folder[] = "/tmp/stoa-fuzz-XXXXXX", path[100];
    if (size > 1 << 14 || !mkdtemp(folder))
        return 0;
    st_folder_fill(folder, (const char *)data, size);
    snprintf(path, sizeof path, "%s/input.json", folder);
    read_one(path);
    snprintf(path, sizeof path, "%s/csram_000.mem", folder);
    read_one(path);
    st_folder_empty(folder);
    return 0;
}

#ifdef ST_LIBFUZZER
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) { return st_fuzz_ranc(data, size); }
#endif
