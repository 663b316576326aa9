/* fuzz_activity.c - whatever bytes come as a profile of a small network: refused with a reason, or weighed. */
#include "beside.h"

int st_fuzz_activity(const uint8_t *data, size_t size);

int st_fuzz_activity(const uint8_t *data, size_t size)
{
    return fuzz_beside(
        (struct st_compile_options){.seed = 1, .effort = 1, .activity = {"fuzz.yaml", (const char *)data, size}});
}

#ifdef ST_LIBFUZZER
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) { return st_fuzz_activity(data, size); }
#endif
