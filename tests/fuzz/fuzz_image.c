/* fuzz_image.c - whatever bytes come as an image: refused by name, or an image that packs to the same bytes and
 * whose text twin says the same.
 *
 * Sums keep a fuzzer out. So the bytes are tried as they are, and once more with the lengths, offsets and sums of their
 * sections put right. */
#include "bytes.h"
#include "image_io.h"
#include "mend.h"
#include <stdlib.h>

int st_fuzz_image(const uint8_t *data, size_t size);

/* size bytes that were an image come back as they were, from bytes and from text. */
static void comes_back(struct st_arena *a, const struct st_image *x, const uint8_t *bytes, size_t size)
{
    struct st_fault f = {.id = ST_OK};
    size_t n, t;
    const unsigned char *again = st_image_pack(a, x, &n);
    if (bytes[ST_AT_VERSION] != ST_IMAGE_VERSION) { /* an older form: what is written of it is the newest */
        bytes = again;
        size = n;
        if (!st_image_unpack(a, bytes, size, &f))
            abort();
    } else if (n != size || memcmp(again, bytes, n)) {
        abort();
    }
    const char *text = st_image_dump(a, x, &t);
    const struct st_image *y = st_image_parse(a, text, t, &f);
    again = y ? st_image_pack(a, y, &n) : NULL;
    if (!again || n != size || memcmp(again, bytes, n))
        abort();
}

static void try_bytes(const uint8_t *bytes, size_t size)
{
    struct st_arena a;
    struct st_fault f = {.id = ST_OK};
    st_arena_init(&a);
    if (setjmp(a.full))
        abort();
    const struct st_image *x = st_image_unpack(&a, bytes, size, &f);
    if (a.bytes > 100 * size + (1 << 16))
        abort(); /* memory taken on its word */
    if (!x && (f.id < ST_FAULT_IMAGE_MAGIC || f.id > ST_FAULT_IMAGE_BAD || !f.text[0]))
        abort(); /* refused without a reason */
    if (x)
        comes_back(&a, x, bytes, size);
    st_arena_free(&a);
}

int st_fuzz_image(const uint8_t *data, size_t size)
{
    uint8_t *copy = calloc(size ? size : 1, 1); /* so that a read beyond it is seen */
    if (!copy)
        return 0;
    if (size)
        memcpy(copy, data, size);
    try_bytes(copy, size);
    if (st_mend(copy, size))
        try_bytes(copy, size);
    free(copy);
    return 0;
}

#ifdef ST_LIBFUZZER
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) { return st_fuzz_image(data, size); }
#endif
