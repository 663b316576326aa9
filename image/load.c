#include "bytes.h"
#include "file.h"
#include "image_io.h"
#include "words.h"

/* Whether this is the text of an image; a mark of byte order before it is the text's reader's business. */
static bool begins_as_text(const unsigned char *bytes, size_t length)
{
    size_t text = strlen(ST_TEXT_MAGIC), mark = length >= 3 && !memcmp(bytes, "\xef\xbb\xbf", 3) ? 3 : 0;
    return length >= mark + text && !memcmp(bytes + mark, ST_TEXT_MAGIC, text);
}

static bool looks_so(const unsigned char *first, size_t length)
{
    return !memcmp(first, ST_MAGIC, strlen(ST_MAGIC)) || begins_as_text(first, length);
}

struct st_image *st_image_load(struct st_arena *a, const char *path, struct st_fault *f)
{
    char *bytes;
    size_t length;
    if (!st_file_read_like(a, path, looks_so, &bytes, &length, f))
        return NULL;
    bool is_text = begins_as_text((const unsigned char *)bytes, length);
    struct st_image *image = is_text ? st_image_parse(a, bytes, length, f) : st_image_unpack(a, bytes, length, f);
    if (!image) {
        struct st_fault why = *f;
        st_fail(f, why.id, "%s: %.400s", path, why.text);
    }
    return image;
}

bool st_image_save(const char *path, const struct st_image *image, struct st_fault *f)
{
    struct st_arena a;
    struct st_file_out *volatile begun = NULL;
    st_arena_init(&a);
    if (setjmp(a.full)) {
        if (begun)
            st_file_drop(begun);
        st_arena_free(&a);
        return st_fail(f, ST_FAULT_MEMORY, "%s: no memory to write the image", path);
    }
    struct st_file_out *out = ST_NEW(&a, struct st_file_out, 1);
    bool ok = st_file_begin(out, path, f);
    if (ok) {
        begun = out;
        ok = st_image_pack_out(&a, image, out, f);
        if (ok)
            ok = st_file_commit(out, f);
        else
            st_file_drop(out);
    }
    st_arena_free(&a);
    return ok;
}
