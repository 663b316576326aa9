#include "numpy.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zip.h>

enum { HEAD_MOST = 1 << 16, ARRAYS_MAX = 256 };

/* --- .npy --------------------------------------------------------------------------------------------------- */

/* What follows a key of the header, which is a Python dict; NULL: it is not there. */
static const char *after(const char *head, const char *key)
{
    const char *at = strstr(head, key);
    if (!at)
        return NULL;
    at += strlen(key);
    while (*at == ' ' || *at == ':')
        at++;
    return at;
}

static const char *read_type(const char *at, struct st_numpy *out)
{
    if (*at != '\'' && *at != '"')
        return "its type is not a plain one (structured arrays are not read)";
    char order = at[1], *end;
    out->kind = at[2];
    unsigned long width = strtoul(at + 3, &end, 10);
    uint16_t one = 1;
    bool little = *(const unsigned char *)&one == 1;
    out->swapped = (order == '>' && little) || (order == '<' && !little);
    out->width = (uint32_t)width;
    bool whole = (out->kind == 'i' || out->kind == 'u') && (width == 1 || width == 2 || width == 4 || width == 8);
    if (!(whole || (out->kind == 'b' && width == 1) || (out->kind == 'f' && (width == 4 || width == 8))))
        return "its numbers are neither whole numbers nor floats of 4 or 8 bytes (objects and texts are not read)";
    return NULL;
}

static const char *read_shape(const char *at, struct st_numpy *out)
{
    if (*at++ != '(')
        return "its shape cannot be read";
    out->count = 1;
    while (*at && *at != ')') {
        char *end;
        if (out->dims == ST_NUMPY_DIMS)
            return "it has more than 8 dimensions";
        unsigned long long n = strtoull(at, &end, 10);
        if (end == at)
            return "its shape cannot be read";
        out->size[out->dims++] = n;
        if (__builtin_mul_overflow(out->count, (uint64_t)n, &out->count))
            return "its shape is absurd";
        for (at = end; *at == ',' || *at == ' '; at++)
            ;
    }
    return NULL;
}

const char *st_numpy_parse(struct st_arena *a, const unsigned char *bytes, size_t length, struct st_numpy *out)
{
    *out = (struct st_numpy){.name = ""};
    if (length < 12 || memcmp(bytes, "\x93NUMPY", 6) != 0)
        return "it does not begin as an array of NumPy";
    size_t begin = bytes[6] >= 2 ? 12 : 10, n = bytes[8] | (size_t)bytes[9] << 8;
    if (bytes[6] >= 2)
        n |= (size_t)bytes[10] << 16 | (size_t)bytes[11] << 24;
    if (n > HEAD_MOST || n > length - begin)
        return "its header is cut short, or absurd";
    const char *head = st_arena_text(a, (const char *)bytes + begin, n), *wrong;
    const char *type = after(head, "'descr'"), *order = after(head, "'fortran_order'"), *shape = after(head, "'shape'");
    if (!type || !order || !shape)
        return "its header says no type, order or shape";
    out->columns = !strncmp(order, "True", 4);
    if ((wrong = read_type(type, out)) || (wrong = read_shape(shape, out)))
        return wrong;
    out->at = bytes + begin + n;
    uint64_t size;
    if (__builtin_mul_overflow(out->count, (uint64_t)out->width, &size) || size > length - begin - n)
        return "it ends before its content does";
    return NULL;
}

/* Where element i of C's order stands when the first index runs fastest. */
static uint64_t turned(const struct st_numpy *n, uint64_t i)
{
    uint64_t place = 0, stride = n->count;
    for (uint32_t k = n->dims; k-- > 0;) {
        stride /= n->size[k];
        place += i % n->size[k] * stride;
        i /= n->size[k];
    }
    return place;
}

double st_numpy_value(const struct st_numpy *n, uint64_t i)
{
    unsigned char word[8];
    const unsigned char *from = n->at + (n->columns ? turned(n, i) : i) * n->width;
    for (uint32_t k = 0; k < n->width; k++)
        word[k] = from[n->swapped ? n->width - 1 - k : k];
#define AS(type)                                                                                                       \
    do {                                                                                                               \
        type x;                                                                                                        \
        memcpy(&x, word, sizeof x);                                                                                    \
        return (double)x;                                                                                              \
    } while (0)
    if (n->kind == 'f') {
        if (n->width == 4)
            AS(float);
        AS(double);
    }
    bool sign = n->kind == 'i';
    switch (n->width) {
    case 1:
        return sign ? (double)(int8_t)word[0] : (double)word[0];
    case 2:
        if (sign)
            AS(int16_t);
        AS(uint16_t);
    case 4:
        if (sign)
            AS(int32_t);
        AS(uint32_t);
    default:
        if (sign)
            AS(int64_t);
        AS(uint64_t);
    }
#undef AS
}

/* --- .npz --------------------------------------------------------------------------------------------------- */

/* One member, unpacked. No memory of libzip's is held while the arena may jump. */
static const char *unpack(struct st_arena *a, zip_t *z, zip_uint64_t i, size_t *left, struct st_numpy *out, bool *full)
{
    zip_stat_t s;
    if (zip_stat_index(z, i, 0, &s) != 0 || !(s.valid & ZIP_STAT_SIZE) || !(s.valid & ZIP_STAT_NAME))
        return "a member of the archive cannot be read";
    if (s.size > *left)
        return "it is longer, unpacked, than anything of its kind";
    *left -= s.size;
    size_t n = strlen(s.name);
    char *name = st_arena_try(a, n + 1, 1);
    unsigned char *bytes = st_arena_try(a, s.size + 1, 1);
    if (!name || !bytes) {
        *full = true;
        return "no memory";
    }
    memcpy(name, s.name, n);
    if (n > 4 && !strcmp(name + n - 4, ".npy"))
        name[n - 4] = 0;
    zip_file_t *f = zip_fopen_index(z, i, 0);
    zip_int64_t got = f ? zip_fread(f, bytes, s.size) : -1;
    if (f)
        zip_fclose(f);
    if (got != (zip_int64_t)s.size)
        return "a member of the archive cannot be unpacked";
    out->name = name;
    out->at = bytes;
    out->count = s.size;
    return NULL;
}

const char *st_npz_parse(struct st_arena *a, const unsigned char *bytes, size_t length, size_t most,
                         struct st_numpy **out, uint32_t *count)
{
    zip_error_t error;
    const char *wrong = NULL;
    bool full = false;
    *count = 0;
    *out = ST_NEW(a, struct st_numpy, ARRAYS_MAX);
    zip_error_init(&error);
    zip_source_t *source = zip_source_buffer_create(bytes, length, 0, &error);
    zip_t *z = source ? zip_open_from_source(source, ZIP_RDONLY, &error) : NULL;
    if (!z) {
        if (source)
            zip_source_free(source);
        zip_error_fini(&error);
        return "it is not a whole zip archive, as .npz is";
    }
    zip_int64_t n = zip_get_num_entries(z, 0);
    if (n > ARRAYS_MAX)
        wrong = "it has more than 256 arrays";
    for (zip_int64_t i = 0; i < n && !wrong; i++, ++*count)
        wrong = unpack(a, z, (zip_uint64_t)i, &most, &(*out)[i], &full);
    zip_discard(z);
    zip_error_fini(&error);
    if (full)
        longjmp(a->full, 1);
    for (uint32_t i = 0; i < *count && !wrong; i++) {
        struct st_numpy raw = (*out)[i];
        wrong = st_numpy_parse(a, raw.at, raw.count, &(*out)[i]);
        (*out)[i].name = raw.name;
    }
    return wrong;
}

/* --- writing ------------------------------------------------------------------------------------------------ */

static unsigned char *make_array(struct st_arena *a, const struct st_numpy_out *x, size_t *length)
{
    const char *head = st_arena_printf(a, "{'descr': '%s', 'fortran_order': False, 'shape': (%llu,), }", x->type,
                                       (unsigned long long)x->count);
    size_t n = (10 + strlen(head) + 1 + 63) / 64 * 64, body = x->count * x->width;
    unsigned char *out = st_arena_get(a, n + body, 1);
    memset(out, ' ', n);
    memcpy(out, "\x93NUMPY\x01\x00", 8);
    out[8] = (unsigned char)((n - 10) & 255);
    out[9] = (unsigned char)((n - 10) >> 8);
    memcpy(out + 10, head, strlen(head));
    out[n - 1] = '\n';
    if (body)
        memcpy(out + n, x->at, body);
    *length = n + body;
    return out;
}

void *st_npz_make(struct st_arena *a, const struct st_numpy_out *arrays, uint32_t count, size_t *length)
{
    unsigned char *made[ARRAYS_MAX];
    size_t size[ARRAYS_MAX];
    const char *name[ARRAYS_MAX];
    void *out = NULL;
    bool good = count <= ARRAYS_MAX;
    for (uint32_t i = 0; good && i < count; i++) {
        made[i] = make_array(a, &arrays[i], &size[i]);
        name[i] = st_arena_printf(a, "%s.npy", arrays[i].name);
    }
    zip_error_t error;
    zip_error_init(&error);
    zip_source_t *to = zip_source_buffer_create(NULL, 0, 0, &error);
    zip_t *z = to ? zip_open_from_source(to, ZIP_CREATE | ZIP_TRUNCATE, &error) : NULL;
    if (to)
        zip_source_keep(to);
    for (uint32_t i = 0; z && good && i < count; i++) {
        zip_source_t *s = zip_source_buffer(z, made[i], size[i], 0);
        good = s && zip_file_add(z, name[i], s, ZIP_FL_OVERWRITE) >= 0;
        zip_int64_t at = good ? zip_name_locate(z, name[i], 0) : -1;
        if (at >= 0) /* the same bytes on any day */
            zip_file_set_dostime(z, (zip_uint64_t)at, 0, 0x21, 0);
    }
    good = z && good && zip_close(z) == 0;
    if (z && !good)
        zip_discard(z);
    zip_stat_t s;
    if (good && zip_source_open(to) == 0) {
        if (zip_source_stat(to, &s) == 0 && (s.valid & ZIP_STAT_SIZE) && (out = st_arena_try(a, s.size + 1, 1))) {
            *length = s.size;
            if (zip_source_read(to, out, s.size) != (zip_int64_t)s.size)
                out = NULL;
        }
        zip_source_close(to);
    }
    if (to)
        zip_source_free(to);
    zip_error_fini(&error);
    return out;
}
