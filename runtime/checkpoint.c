#include "checkpoint.h"
#include "file.h"
#include "image_io.h"
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

enum { HEAD_MAX = 128 };
static const char HEAD[] = "stoa checkpoint 1 %016llx %zu %zu %08lx\n";

static unsigned long sum_of(const void *bytes, size_t length) { return crc32(crc32(0, NULL, 0), bytes, (uInt)length); }

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
    char *head =
        st_arena_printf(&a, HEAD, (unsigned long long)digest, text_length, image_length, sum_of(progress, text_length));
    size_t head_length = strlen(head);
    char *all = st_arena_get(&a, head_length + text_length + image_length, 1);
    memcpy(all, head, head_length);
    memcpy(all + head_length, progress, text_length);
    memcpy(all + head_length + text_length, packed, image_length);
    bool ok = st_file_write(path, all, head_length + text_length + image_length, f);
    st_arena_free(&a);
    return ok;
}

/* Only what would be written is read: no signs, no blanks, no other digits. The length of the head, or 0. */
static size_t read_head(const char *bytes, size_t length, unsigned long long *whose, size_t *text_length,
                        size_t *image_length, unsigned long *sum)
{
    char head[HEAD_MAX + 1] = "", again[HEAD_MAX + 1];
    const char *end = length ? memchr(bytes, '\n', length < HEAD_MAX ? length : HEAD_MAX) : NULL;
    size_t head_length = end ? (size_t)(end - bytes) + 1 : 0;
    memcpy(head, bytes, head_length);
    bool good = sscanf(head, HEAD, whose, text_length, image_length, sum) == 4 &&
                snprintf(again, sizeof again, HEAD, *whose, *text_length, *image_length, *sum) == (int)head_length &&
                memcmp(again, head, head_length) == 0;
    return good ? head_length : 0;
}

bool st_checkpoint_whose(const char *path, uint64_t *digest)
{
    char head[HEAD_MAX];
    size_t text_length, image_length;
    unsigned long sum;
    unsigned long long whose;
    FILE *file = fopen(path, "re");
    size_t n = file ? fread(head, 1, sizeof head, file) : 0;
    if (file)
        fclose(file);
    bool good = read_head(head, n, &whose, &text_length, &image_length, &sum) > 0;
    if (good)
        *digest = whose;
    return good;
}

struct st_image *st_checkpoint_parse(struct st_arena *a, const char *name, const char *bytes, size_t length,
                                     char **progress, uint64_t digest, struct st_fault *f)
{
    size_t text_length, image_length;
    unsigned long sum;
    unsigned long long whose;
    size_t head_length = read_head(bytes, length, &whose, &text_length, &image_length, &sum);
    if (!head_length) {
        st_fail(f, ST_FAULT_CHECKPOINT, "'%s' is not a checkpoint: remove it to start again", name);
        return NULL;
    }
    const char *text = bytes + head_length;
    size_t rest = length - head_length;
    if (text_length > rest || image_length != rest - text_length || sum != sum_of(text, text_length)) {
        st_fail(f, ST_FAULT_CHECKPOINT, "the checkpoint '%s' is damaged: remove it to start again", name);
        return NULL;
    }
    if (whose != digest) {
        st_fail(f, ST_FAULT_CHECKPOINT,
                "the checkpoint '%s' belongs to a run with another network, fabric, data, seed or length: "
                "remove it, or choose another folder with --out",
                name);
        return NULL;
    }
    *progress = st_arena_text(a, text, text_length);
    return st_image_unpack(a, (const unsigned char *)text + text_length, image_length, f);
}

struct st_image *st_checkpoint_load(struct st_arena *a, const char *path, char **progress, uint64_t digest,
                                    struct st_fault *f)
{
    f->id = ST_OK;
    char *bytes;
    size_t length;
    if (access(path, F_OK) != 0 || !st_file_read(a, path, &bytes, &length, f))
        return NULL;
    return st_checkpoint_parse(a, path, bytes, length, progress, digest, f);
}
