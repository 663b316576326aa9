/* fuzz_image.c - whatever bytes come as an image: refused by name, or an image that packs to the same bytes and
 * whose text twin says the same.
 *
 * Sums keep a fuzzer out. So the bytes are tried as they are, and once more with the lengths, offsets and sums of their
 * sections put right. */
#include "bytes.h"
#include "image_io.h"
#include <stdlib.h>

int st_fuzz_image(const uint8_t *data, size_t size);

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
    if (x) {
        size_t n, t;
        const unsigned char *again = st_image_pack(&a, x, &n);
        if (n != size || memcmp(again, bytes, n))
            abort();
        const char *text = st_image_dump(&a, x, &t);
        const struct st_image *y = st_image_parse(&a, text, t, &f);
        again = y ? st_image_pack(&a, y, &n) : NULL;
        if (!again || n != size || memcmp(again, bytes, n))
            abort();
    }
    st_arena_free(&a);
}

/* Puts everything right that only says how the content is laid out. false: too short for that. */
static bool mend(uint8_t *bytes, size_t size)
{
    if (size < ST_HEADER_BYTES)
        return false;
    uint32_t version = ST_IMAGE_VERSION, sections, sum;
    uint64_t whole = size;
    memcpy(bytes, ST_MAGIC, 8);
    st_little(bytes + ST_AT_VERSION, &version, 1, 4);
    st_little(bytes + ST_AT_LENGTH, &whole, 1, 8);
    st_little(&sections, bytes + ST_AT_SECTIONS, 1, 4);
    if (sections > (size - ST_HEADER_BYTES) / ST_ENTRY_BYTES)
        sections = (uint32_t)((size - ST_HEADER_BYTES) / ST_ENTRY_BYTES);
    st_little(bytes + ST_AT_SECTIONS, &sections, 1, 4);
    uint64_t at = ST_HEADER_BYTES + (uint64_t)sections * ST_ENTRY_BYTES;
    for (uint32_t i = 0; i < sections; i++) {
        uint8_t *e = bytes + ST_HEADER_BYTES + (size_t)i * ST_ENTRY_BYTES;
        uint64_t length;
        st_little(&length, e + ST_ENTRY_LENGTH, 1, 8);
        if (length > size - at || i + 1 == sections)
            length = size - at;
        sum = st_sum(0, bytes + at, (size_t)length);
        st_little(e + ST_ENTRY_SUM, &sum, 1, 4);
        st_little(e + ST_ENTRY_OFFSET, &at, 1, 8);
        st_little(e + ST_ENTRY_LENGTH, &length, 1, 8);
        at += length;
    }
    sum = st_sum_header(bytes, sections);
    st_little(bytes + ST_AT_SUM, &sum, 1, 4);
    return true;
}

int st_fuzz_image(const uint8_t *data, size_t size)
{
    uint8_t *copy = calloc(size ? size : 1, 1); /* so that a read beyond it is seen */
    if (!copy)
        return 0;
    if (size)
        memcpy(copy, data, size);
    try_bytes(copy, size);
    if (mend(copy, size))
        try_bytes(copy, size);
    free(copy);
    return 0;
}

#ifdef ST_LIBFUZZER
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) { return st_fuzz_image(data, size); }
#endif
