/* fuzz_events.c - whatever bytes come as recorded events: refused with a reason, or spikes in order, each once. The
 * first byte says what they may be and how they are taken. */
#include "events.h"
#include <stdlib.h>

int st_fuzz_events(const uint8_t *data, size_t size);

int st_fuzz_events(const uint8_t *data, size_t size)
{
    struct st_arena a;
    struct st_diags d;
    struct st_fault f;
    struct st_events e;
    if (size < 1)
        return 0;
    struct st_event_options o = {.group = "in",
                                 .polarity = data[0] >> 1 & 3,
                                 .camera = data[0] >> 3 & 1,
                                 .ticks = data[0] >> 4 & 1 ? 100 : 0,
                                 .bin = data[0] >> 5 & 1 ? ST_BIN_ARNI : ST_BIN_TOLD};
    st_arena_init(&a);
    if (setjmp(a.full)) {
        st_arena_free(&a);
        return 0; /* asked for more than there is: an answer too */
    }
    st_diags_init(&d, &a);
    char *text = st_arena_text(&a, (const char *)data + 1, size - 1);
    bool good = st_events_parse(&a, &d, data[0] & 1 ? "x.bin" : "x", text, size - 1, &o, &e, &f);
    if (good != !(d.errors || f.id))
        abort();
    for (uint32_t i = 1; good && i < e.count; i++)
        if (e.at[i].tick < e.at[i - 1].tick || e.at[i].group >= e.group_count)
            abort();
    st_diags_text(&d, true);
    st_arena_free(&a);
    return 0;
}

#ifdef ST_LIBFUZZER
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) { return st_fuzz_events(data, size); }
#endif
