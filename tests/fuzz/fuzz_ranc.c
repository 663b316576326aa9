/* fuzz_ranc.c - whatever stands in the files of a RANC network, JSON or memories: refused with a reason, or a network
 * that is sound; and its packets. The bytes are the files, by tests/doors/folder_make.h. */
#include "doors/folder_make.h"
#include "events.h"
#include "read_door.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int st_fuzz_ranc(const uint8_t *data, size_t size);

static void read_packets(const char *path)
{
    struct st_event_options o = {.group = "in"};
    struct st_events events;
    struct st_arena a;
    struct st_diags d;
    struct st_fault f;
    st_arena_init(&a);
    if (setjmp(a.full) == 0) {
        st_diags_init(&d, &a);
        if (!st_events_read(&a, &d, path, &o, &events, &f) != (d.errors > 0 || f.id))
            abort();
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
    read_door(path, st_door_of(path), NULL, 0);
    read_packets(path);
    snprintf(path, sizeof path, "%s/csram_000.mem", folder);
    read_door(path, st_door_of(path), NULL, 0);
    st_folder_empty(folder);
    return 0;
}

#ifdef ST_LIBFUZZER
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) { return st_fuzz_ranc(data, size); }
#endif
