/* fuzz_constraints.c - whatever bytes come as constraints of a small network: refused with a reason, or kept. */
#include "beside.h"

int st_fuzz_constraints(const uint8_t *data, size_t size);

int st_fuzz_constraints(const uint8_t *data, size_t size)
{
    return fuzz_beside(
        (struct st_compile_options){.seed = 1, .effort = 1, .constraints = {"fuzz.yaml", (const char *)data, size}});
}

#ifdef ST_LIBFUZZER
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) { return st_fuzz_constraints(data, size); }
#endif
