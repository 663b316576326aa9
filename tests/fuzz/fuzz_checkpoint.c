/* fuzz_checkpoint.c - whatever bytes come as a checkpoint: refused by name, or a run's progress and an image. What the
 * reader accepts is gone on with: a training of the checkpoint's own network takes it up, learns three more pictures
 * and answers them.
 *
 * The sum in the first line keeps a fuzzer out, so the bytes are tried as they are, and once more with a first line
 * that is right for them. */
#include "bytes.h"
#include "checkpoint.h"
#include "image_io.h"
#include "result.h"
#include "train.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

int st_fuzz_checkpoint(const uint8_t *data, size_t size);

enum { DIGEST = 0x1234 };

/* A training that finds these bytes as its checkpoint. */
static void go_on(struct st_arena *a, const char *bytes, size_t size, struct st_image *image, uint64_t done)
{
    enum { PICTURES = 3, SIDE_MAX = 64, SMALL = 1 << 20 };
    char path[64];
    struct st_fault f = {.id = ST_OK};
    struct st_dataset d = {.count = PICTURES, .width = 1, .height = 1, .classes = 1};
    uint64_t work = image->period_ticks;
    for (uint32_t k = 0; k < image->core_count; k++)
        work += image->cores[k].neuron_count + image->cores[k].axon_count;
    for (uint32_t k = 0; k < image->receptor_count; k++) {
        work += image->receptors[k].size;
        d.width = image->receptors[k].width > d.width ? image->receptors[k].width : d.width;
        d.height = image->receptors[k].height > d.height ? image->receptors[k].height : d.height;
        if (image->receptors[k].encoder == ST_ENCODE_SPIKES)
            return; /* would read files */
    }
    if (d.width > SIDE_MAX || d.height > SIDE_MAX || image->copy_count > 4 || done > 1000000 ||
        work * image->period_ticks > SMALL)
        return;
    d.pixels = ST_NEW(a, uint8_t, (size_t)PICTURES * d.width * d.height);
    d.labels = ST_NEW(a, uint8_t, PICTURES);
    memset(d.pixels, 200, (size_t)PICTURES * d.width * d.height);
    snprintf(path, sizeof path, "/tmp/stoa-fuzz-checkpoint-%ld", (long)getpid());
    FILE *file = fopen(path, "wb");
    if (!file || fwrite(bytes, 1, size, file) != size || fclose(file) != 0)
        abort();
    struct st_result r = {.experiment = "", .network = "", .fabric = "", .dataset = ""};
    struct st_train_plan plan = {.train = &d,
                                 .test = &d,
                                 .epochs = (uint32_t)(done / PICTURES + 1),
                                 .threads = 1,
                                 .checkpoint = path,
                                 .checkpoint_seconds = 1e9,
                                 .digest = DIGEST,
                                 .resume = true};
    if (!st_train(a, image, &plan, &r, &f) && f.id == ST_OK)
        abort();
    unlink(path);
    if (f.id == ST_OK && (r.trained != (uint64_t)PICTURES * plan.epochs || r.curve_count != r.trained / r.curve_step))
        abort();
}

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
    struct st_image *x = st_checkpoint_parse(&a, "fuzz", bytes, size, &progress, DIGEST, &f);
    if (x ? !progress : f.id == ST_OK || !f.text[0])
        abort(); /* refused without a reason */
    if (mended && f.id == ST_FAULT_CHECKPOINT)
        abort();
    if (progress && !st_result_read(&a, "fuzz", progress, strlen(progress), &r, &f) && f.id == ST_OK)
        abort();
    if (mended && x && f.id == ST_OK && x->copy_count)
        go_on(&a, bytes, size, x, r.trained);
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
