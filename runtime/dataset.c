#include "dataset.h"
#include "digest.h"
#include "file.h"
#include <string.h>

enum { TYPE_BYTES = 0x08 };

static uint32_t big32(const uint8_t *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

bool st_idx_parse(const uint8_t *bytes, size_t length, unsigned dims, const char *name, struct st_idx *out,
                  struct st_fault *f)
{
    if (length < 4)
        return st_fail(f, ST_FAULT_DATA_SHORT, "%s: %zu bytes are too few for an idx file", name, length);
    if (bytes[0] || bytes[1])
        return st_fail(f, ST_FAULT_DATA_MAGIC, "%s: not an idx file: it begins %02x %02x %02x %02x, not 00 00 08 %02x",
                       name, bytes[0], bytes[1], bytes[2], bytes[3], dims);
    if (bytes[2] != TYPE_BYTES)
        return st_fail(f, ST_FAULT_DATA_MAGIC, "%s: an idx file of type 0x%02x; only unsigned bytes (0x08) are read",
                       name, bytes[2]);
    if (bytes[3] != dims)
        return st_fail(f, ST_FAULT_DATA_DIMS, "%s: has %u dimension%s; %s have %u%s", name, bytes[3],
                       bytes[3] == 1 ? "" : "s", dims == 1 ? "labels" : "pictures", dims,
                       bytes[3] == 4 - dims ? " (are pictures and labels swapped?)" : "");
    size_t head = 4 + 4 * (size_t)dims;
    if (length < head)
        return st_fail(f, ST_FAULT_DATA_SHORT, "%s: ends within its head", name);
    uint64_t content = 1;
    for (unsigned i = 0; i < 3; i++) {
        uint32_t size = i < dims ? big32(bytes + 4 + 4 * i) : 1;
        if (size == 0)
            return st_fail(f, ST_FAULT_DATA_SIZE, "%s: dimension %u is 0", name, i + 1);
        if (i > 0 && size > ST_PICTURE_SIDE_MAX)
            return st_fail(f, ST_FAULT_DATA_SIZE, "%s: pictures are %u pixels %s, more than %d", name, size,
                           i == 1 ? "high" : "wide", ST_PICTURE_SIDE_MAX);
        out->size[i] = size;
        content *= size; /* at most 2^32 * 2^12 * 2^12 */
    }
    if (length - head < content)
        return st_fail(f, ST_FAULT_DATA_SHORT, "%s: truncated: %llu bytes of content announced, %zu there", name,
                       (unsigned long long)content, length - head);
    if (length - head > content)
        return st_fail(f, ST_FAULT_DATA_LONG, "%s: %llu bytes too long", name,
                       (unsigned long long)(length - head - content));
    out->bytes = bytes + head;
    return true;
}

bool st_idx_begins(const unsigned char *first, size_t length)
{
    return length >= 4 && first[0] == 0 && first[1] == 0 && first[2] == TYPE_BYTES;
}

static bool read_idx(struct st_arena *a, const char *path, unsigned dims, struct st_idx *idx, uint64_t *hash,
                     struct st_fault *f)
{
    char *text;
    size_t length;
    if (!st_file_read_like(a, path, st_idx_begins, &text, &length, f))
        return false;
    if (!st_idx_parse((const uint8_t *)text, length, dims, path, idx, f))
        return false;
    *hash = st_digest(*hash, text, length);
    return true;
}

bool st_dataset_load(struct st_arena *a, const char *images, const char *labels, struct st_dataset *out,
                     struct st_fault *f)
{
    struct st_idx pictures = {0}, answers = {0};
    uint64_t hash = 0x5374646174610001u; /* version 1 of this digest */
    memset(out, 0, sizeof *out);
    if (!read_idx(a, images, 3, &pictures, &hash, f) || (labels && !read_idx(a, labels, 1, &answers, &hash, f)))
        return false;
    if (labels && pictures.size[0] != answers.size[0])
        return st_fail(f, ST_FAULT_DATA_PAIR, "%s has %u pictures, %s has %u labels", images, pictures.size[0], labels,
                       answers.size[0]);
    out->images_path = st_arena_text(a, images, strlen(images));
    out->labels_path = labels ? st_arena_text(a, labels, strlen(labels)) : NULL;
    out->count = pictures.size[0];
    out->height = pictures.size[1];
    out->width = pictures.size[2];
    /* The files' bytes stay in the arena, where they were read or un-gzipped: tens of megabytes, once. */
    out->pixels = (uint8_t *)(uintptr_t)pictures.bytes;
    out->labels = (uint8_t *)(uintptr_t)answers.bytes;
    out->digest = hash;
    for (uint32_t i = 0; out->labels && i < out->count; i++)
        if (out->labels[i] >= out->classes)
            out->classes = out->labels[i] + 1u;
    return true;
}

struct st_dataset st_dataset_part(const struct st_dataset *whole, uint32_t first, uint32_t count)
{
    struct st_dataset part = *whole;
    if (first > whole->count)
        first = whole->count;
    part.count = count < whole->count - first ? count : whole->count - first;
    part.pixels += (size_t)first * whole->width * whole->height;
    if (part.labels)
        part.labels += first;
    return part;
}
