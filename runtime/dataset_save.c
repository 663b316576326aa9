#include "dataset.h"
#include "file.h"

static uint8_t *big32(uint8_t *p, uint32_t v)
{
    for (int shift = 24; shift >= 0; shift -= 8)
        *p++ = (uint8_t)(v >> shift);
    return p;
}

static bool save(const char *path, unsigned dims, const uint32_t size[3], const uint8_t *bytes, struct st_fault *f)
{
    struct st_file_out out;
    uint8_t head[16] = {0, 0, 8, (uint8_t)dims}, *end = head + 4;
    size_t content = 1;
    for (unsigned i = 0; i < dims; i++) {
        end = big32(end, size[i]);
        content *= size[i];
    }
    if (!st_file_begin(&out, path, f))
        return false;
    if (st_file_put(&out, head, (size_t)(end - head), f) && st_file_put(&out, bytes, content, f))
        return st_file_commit(&out, f);
    st_file_drop(&out);
    return false;
}

bool st_dataset_save(const struct st_dataset *d, const char *images, const char *labels, struct st_fault *f)
{
    const uint32_t size[3] = {d->count, d->height, d->width};
    return save(images, 3, size, d->pixels, f) && (!labels || save(labels, 1, size, d->labels, f));
}
