/* fuzz_image_text.c - whatever text comes as an image's twin: refused by name, or an image that survives both forms. */
#include "image_io.h"
#include <stdlib.h>
#include <string.h>

int st_fuzz_image_text(const uint8_t *data, size_t size);

int st_fuzz_image_text(const uint8_t *data, size_t size)
{
    struct st_arena a;
    struct st_fault f = {.id = ST_OK};
    char *text = malloc(size ? size : 1); /* so that a read beyond it is seen */
    if (!text)
        return 0;
    if (size)
        memcpy(text, data, size);
    st_arena_init(&a);
    if (setjmp(a.full))
        abort();
    const struct st_image *x = st_image_parse(&a, text, size, &f);
    if (a.bytes > 1000 * size + (1 << 16))
        abort(); /* memory taken on its word */
    if (!x && (f.id < ST_FAULT_IMAGE_MAGIC || f.id > ST_FAULT_IMAGE_TEXT || !f.text[0]))
        abort(); /* refused without a reason */
    if (x) {
        size_t n, n2, t;
        const unsigned char *bytes = st_image_pack(&a, x, &n);
        const struct st_image *y = st_image_unpack(&a, bytes, n, &f);
        if (!y)
            abort();
        const char *twin = st_image_dump(&a, y, &t);
        const struct st_image *z = st_image_parse(&a, twin, t, &f);
        const unsigned char *again = z ? st_image_pack(&a, z, &n2) : NULL;
        if (!again || n2 != n || memcmp(again, bytes, n))
            abort();
    }
    st_arena_free(&a);
    free(text);
    return 0;
}

#ifdef ST_LIBFUZZER
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) { return st_fuzz_image_text(data, size); }
#endif
