/* fuzz_idx.c - whatever bytes come as an idx file: refused by name, or every byte of the content is there. */
#include "dataset.h"
#include <stdlib.h>

int st_fuzz_idx(const uint8_t *data, size_t size);

int st_fuzz_idx(const uint8_t *data, size_t size)
{
    for (unsigned dims = 1; dims <= 3; dims += 2) {
        struct st_idx idx;
        struct st_fault f = {.id = ST_OK};
        if (!st_idx_parse(data, size, dims, "input", &idx, &f)) {
            if (f.id == ST_OK || !f.text[0])
                abort(); /* refused without a name */
            continue;
        }
        uint64_t content = (uint64_t)idx.size[0] * idx.size[1] * idx.size[2];
        if (idx.bytes + content != data + size)
            abort();
    }
    return 0;
}

#ifdef ST_LIBFUZZER
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) { return st_fuzz_idx(data, size); }
#endif
