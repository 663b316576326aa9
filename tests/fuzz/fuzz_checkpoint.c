/* fuzz_checkpoint.c - whatever bytes come as a checkpoint: refused by name, or a run's progress and an image.
 *
 * The sum in the first line keeps a fuzzer out, so the bytes are tried as they are, and once more with a first line that
 * is right for them. */
#include "bytes.h"
#include "checkpoint.h"
#include "image_io.h"
#include "result.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

int st_fuzz_checkpoint(const uint8_t *data, size_t size);

enum { DIGEST = 0x1234 };

/* mended: nothing about the first line is wrong. */
static void try_bytes(const char *bytes, size_t size, bool mended)
{
    struct st_arena a;
    struct st_fault f = {.id = ST_OK};
    struct st_result r;
    char *progress = NULL;
    st_arena_init(&a);
    if (setjmp(a.full)) {
        st_arena_free(&a);
        return;
    }
    const struct st_image *x = st_checkpoint_parse(&a, "fuzz", bytes, size, &progress, DIGEST, &f);
    if (x ? !progress : f.id == ST_OK || !f.text[0])
        abort(); /* refused without a reason */
    if (mended && f.id == ST_FAULT_CHECKPOINT)
        abort();
    if (progress && !st_result_read(&a, "fuzz", progress, strlen(progress), &r, &f) && f.id == ST_OK)
        abort();
    st_arena_free(&a);
}

int st_fuzz_checkpoint(const uint8_t *data, size_t size)
{
    enum { HEAD_ROOM = 128 };
    try_bytes((const char *)data, size, false);
    const uint8_t *newline = size ? memchr(data, '\n', size < HEAD_ROOM ? size : HEAD_ROOM) : NULL;
    const uint8_t *rest = newline ? newline + 1 : data;
    size_t length = size - (size_t)(rest - data), text = 0;
    while (text < length && memcmp(rest + text, ST_MAGIC, length - text < 8 ? length - text : 8) != 0)
        text++;
    char *whole = malloc(HEAD_ROOM + length);
    if (!whole)
        abort();
    int head = snprintf(whole, HEAD_ROOM, "stoa checkpoint 1 %016llx %zu %zu %08lx\n", (unsigned long long)DIGEST, text,
                        length - text, crc32(crc32(0, NULL, 0), rest, (uInt)text));
    if (length)
        memcpy(whole + head, rest, length);
    char *exact = malloc((size_t)head + length); /* just as long as it is, for the address checker */
    if (!exact)
        abort();
    memcpy(exact, whole, (size_t)head + length);
    free(whole);
    try_bytes(exact, (size_t)head + length, true);
    free(exact);
    return 0;
}

#ifdef ST_LIBFUZZER
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) { return st_fuzz_checkpoint(data, size); }
#endif
