#include "checkpoint.h"
#include "file.h"
#include "image_io.h"
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

static const char HEAD[] = "stoa checkpoint 1 %016llx %zu %zu %08lx\n";

static unsigned long sum_of(const void *bytes, size_t length)
{
    return crc32(crc32(0, NULL, 0), bytes, (uInt)length);
}

bool st_checkpoint_save(const char *path, const char *progress, uint64_t digest, const struct st_image *image,
                        struct st_fault *f)
{
    struct st_arena a;
    st_arena_init(&a);
    if (setjmp(a.full)) {
        st_arena_free(&a);
        return st_fail(f, ST_FAULT_MEMORY, "no memory for the checkpoint '%s'", path);
    }
    size_t image_length, text_length = strlen(progress);
    unsigned char *packed = st_image_pack(&a, image, &image_length);
    char *head = st_arena_printf(&a, HEAD, (unsigned long long)digest, text_length, image_length, sum_of(progress, text_length));
    size_t head_length = strlen(head);
    char *all = st_arena_get(&a, head_length + text_length + image_length, 1);
    memcpy(all, head, head_length);
    memcpy(all + head_length, progress, text_length);
    memcpy(all + head_length + text_length, packed, image_length);
    bool ok = st_file_write(path, all, head_length + text_length + image_length, f);
    st_arena_free(&a);
    return ok;
}

struct st_image *st_checkpoint_load(struct st_arena *a, const char *path, char **progress, uint64_t digest,
                                    struct st_fault *f)
{
    f->id = ST_OK;
    char *text;
    size_t length;
    if (access(path, F_OK) != 0)
        return NULL;
    if (!st_file_read(a, path, &text, &length, f))
        return NULL;
    size_t text_length, image_length, head_length;
    unsigned long sum;
    unsigned long long whose;
    const char *end = memchr(text, '\n', length < 128 ? length : 128);
    if (!end || sscanf(text, HEAD, &whose, &text_length, &image_length, &sum) != 4) {
        st_fail(f, ST_FAULT_CHECKPOINT, "'%s' is not a checkpoint: remove it to start again", path);
        return NULL;
    }
    head_length = (size_t)(end - text) + 1;
    if (text_length > length - head_length || image_length != length - head_length - text_length ||
        sum != sum_of(text + head_length, text_length)) {
        st_fail(f, ST_FAULT_CHECKPOINT, "the checkpoint '%s' is damaged: remove it to start again", path);
        return NULL;
    }
    if (whose != digest) {
        st_fail(f, ST_FAULT_CHECKPOINT,
                "the checkpoint '%s' belongs to a run with another network, fabric, data, seed or length: "
                "remove it, or choose another folder with --out",
                path);
        return NULL;
    }
    *progress = st_arena_text(a, text + head_length, text_length);
    return st_image_unpack(a, text + head_length + text_length, image_length, f);
}
