/* fuzz_spikes.c - any text as a list of spikes: refused with its line, or in order, within the group, found again by
 * tick, and the same when it is written out and read back. The first byte is the group's size. */
#include "spike_file.h"
#include "text.h"
#include <stdlib.h>
#include <string.h>

int st_fuzz_spikes(const uint8_t *data, size_t size);

static void try_list(struct st_arena *a, const struct st_spike_list *l, uint32_t members)
{
    struct st_text t;
    struct st_fault f;
    struct st_spike_list again;
    st_text_init(&t, a);
    st_text_put(&t, "# tick index\n");
    for (uint32_t i = 0; i < l->count; i++) {
        const struct st_spike_event *e = &l->events[i], *last = i ? e - 1 : e;
        if (e->index >= members || last->tick > e->tick || (last->tick == e->tick && last->index > e->index))
            abort();
        uint32_t found = st_spike_list_find(l, e->tick);
        if (found > i || l->events[found].tick != e->tick || (found && l->events[found - 1].tick >= e->tick))
            abort();
        st_textf(&t, "%u\t%u \r\n", e->tick, e->index);
    }
    if (st_spike_list_find(l, UINT32_MAX) != l->count)
        abort();
    if (!st_spike_list_parse(a, "again", t.at, t.length, members, &again, &f) || again.count != l->count ||
        (l->count && memcmp(again.events, l->events, l->count * sizeof *l->events) != 0))
        abort();
}

int st_fuzz_spikes(const uint8_t *data, size_t size)
{
    struct st_arena a;
    struct st_fault f = {.id = ST_OK};
    struct st_spike_list l;
    if (size == 0)
        return 0;
    st_arena_init(&a);
    if (setjmp(a.full))
        abort();
    if (st_spike_list_parse(&a, "fuzz", (const char *)data + 1, size - 1, data[0], &l, &f))
        try_list(&a, &l, data[0]);
    else if (f.id != ST_FAULT_SPIKES || !strstr(f.text, "fuzz:"))
        abort();
    st_arena_free(&a);
    return 0;
}

#ifdef ST_LIBFUZZER
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) { return st_fuzz_spikes(data, size); }
#endif
