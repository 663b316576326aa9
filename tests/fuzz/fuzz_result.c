/* fuzz_result.c - any text as a run's result: refused by name, or read so that written, read and written again it is
 * the same. */
#include "result.h"
#include <stdlib.h>
#include <string.h>

int st_fuzz_result(const uint8_t *data, size_t size);

int st_fuzz_result(const uint8_t *data, size_t size)
{
    struct st_arena a;
    struct st_fault f = {.id = ST_OK};
    struct st_result first, again;
    st_arena_init(&a);
    if (!setjmp(a.full)) {
        if (st_result_read(&a, "input", (const char *)data, size, &first, &f)) {
            struct st_text once, twice;
            st_text_init(&once, &a);
            st_text_init(&twice, &a);
            st_result_json(&once, &first);
            if (!st_result_read(&a, "again", once.at, once.length, &again, &f))
                abort();
            st_result_json(&twice, &again);
            if (once.length != twice.length || memcmp(once.at, twice.at, once.length) != 0)
                abort();
        } else if (f.id == ST_OK) {
            abort();
        }
    }
    st_arena_free(&a);
    return 0;
}

#ifdef ST_LIBFUZZER
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) { return st_fuzz_result(data, size); }
#endif
