#include "bytes.h"
#include "image_io.h"
#include "promise.h"
#include <zlib.h>

/* Walks twice: the first time nothing is written, only counted, so that the memory is taken once and exactly. Into a
 * file three times: what comes first in it, the sums of what follows, is known after the second. */
struct packer {
    struct st_walk walk;
    unsigned char *head;     /* header and table; NULL: counting */
    unsigned char *bytes;    /* where the sections go, or NULL */
    struct st_file_out *out; /* or there, or nowhere */
    bool failed;             /* no more is put there, */
    struct st_fault *why;
    size_t length;
    uint32_t sections;
    size_t begin; /* of the section that is open */
    uint32_t sum; /* of that, so far */
};

uint32_t st_sum(uint32_t before, const void *bytes, size_t length)
{
    const unsigned char *p = bytes;
    uLong sum = before;
    while (length > 0) { /* zlib counts in 32 bits */
        uInt part = length > 1u << 30 ? 1u << 30 : (uInt)length;
        sum = crc32(sum, p, part);
        p += part;
        length -= part;
    }
    return (uint32_t)sum;
}

uint32_t st_sum_header(const unsigned char *bytes, uint32_t sections)
{
    uint32_t sum = st_sum(0, bytes, ST_AT_SUM);
    return st_sum(sum, bytes + ST_HEADER_BYTES, (size_t)sections * ST_ENTRY_BYTES);
}

static void put_bytes(struct packer *p, const void *bytes, size_t length)
{
    if (p->out)
        p->failed = p->failed || !st_file_put(p->out, bytes, length, p->why);
    else
        p->sum = st_sum(p->sum, bytes, length);
}

static void put(struct packer *p, const void *at, size_t count, size_t size)
{
    if (p->bytes) {
        st_little(p->bytes + p->length, at, count, size);
    } else if (p->head) {
        unsigned char part[4096];
        const unsigned char *from = at;
        for (size_t left = count, n; left > 0; left -= n, from += n * size) {
            n = left < sizeof part / size ? left : sizeof part / size;
            st_little(part, from, n, size);
            put_bytes(p, part, n * size);
        }
    }
    p->length += count * size;
}

static void put_u32(struct packer *p, uint32_t x) { put(p, &x, 1, 4); }

static void close_section(struct packer *p)
{
    if (!p->sections || !p->head || p->out)
        return;
    if (p->bytes)
        p->sum = st_sum(0, p->bytes + p->begin, p->length - p->begin);
    unsigned char *entry = p->head + ST_HEADER_BYTES + (size_t)(p->sections - 1) * ST_ENTRY_BYTES;
    uint64_t offset = p->begin, length = p->length - p->begin;
    st_little(entry + ST_ENTRY_SUM, &p->sum, 1, 4);
    st_little(entry + ST_ENTRY_OFFSET, &offset, 1, 8);
    st_little(entry + ST_ENTRY_LENGTH, &length, 1, 8);
    p->sum = 0;
}

static void pack_section(struct st_walk *w, const char *tag)
{
    struct packer *p = (struct packer *)w;
    close_section(p);
    if (p->head)
        memcpy(p->head + ST_HEADER_BYTES + (size_t)p->sections * ST_ENTRY_BYTES, tag, 4);
    p->sections++;
    p->begin = p->length;
}

static void pack_mark(struct st_walk *w, const char *record)
{
    (void)w;
    (void)record;
}

static void pack_end(struct st_walk *w) { (void)w; }

static void pack_numbers(struct st_walk *w, const char *name, void *at, uint32_t count, enum st_type t,
                         const struct st_words *words)
{
    (void)name;
    (void)words;
    put((struct packer *)w, at, count, st_type_size(t));
}

static void pack_texts(struct st_walk *w, const char *name, char **at, uint32_t count)
{
    (void)name;
    for (uint32_t i = 0; i < count; i++) {
        const char *text = at[i] ? at[i] : "";
        uint32_t length = (uint32_t)strlen(text);
        put_u32((struct packer *)w, length);
        put((struct packer *)w, text, length, 1);
    }
}

static void pack_row(struct st_walk *w, struct st_row *r)
{
    if (r->counted)
        put_u32((struct packer *)w, (uint32_t)r->count);
    put((struct packer *)w, r->at, r->count, st_type_size(r->type));
}

static void pack_list(struct st_walk *w, struct st_list *l)
{
    if (!l->tag)
        put_u32((struct packer *)w, l->count);
}

static bool pack_more(struct st_walk *w, const struct st_list *l)
{
    if (l->i == l->count)
        return false;
    if (l->tag)
        pack_section(w, l->tag);
    return true;
}

static void pack_fail(struct st_walk *w, enum st_fault_id id, const char *what) { st_fail(w->fault, id, "%s", what); }

static const struct st_walk_ops pack_ops = {false,    pack_section, pack_mark, pack_end,  pack_numbers, pack_texts,
                                            pack_row, pack_list,    pack_more, pack_fail, NULL};

/* Counts, where p has no bytes, or writes. */
static void walk(struct packer *p, struct st_arena *a, const struct st_image *image)
{
    struct st_fault fault;
    ST_ASSERT(!image->part.count); /* what was not read is not written as nothing */
    p->walk = (struct st_walk){.ops = &pack_ops, .arena = a, .fault = &fault, .version = ST_IMAGE_VERSION};
    st_walk_image(&p->walk, (struct st_image *)image); /* a walk that does not build changes nothing */
    close_section(p);
    p->walk.fault = NULL;
}

static size_t head_length(uint32_t sections) { return ST_HEADER_BYTES + (size_t)sections * ST_ENTRY_BYTES; }

struct st_packed st_image_packed(struct st_arena *a, const struct st_image *image)
{
    struct packer p = {0};
    walk(&p, a, image);
    return (struct st_packed){head_length(p.sections) + p.length, p.sections};
}

/* What comes before the table, and the sum of both. */
static void finish(unsigned char *head, struct st_packed as)
{
    uint32_t version = ST_IMAGE_VERSION;
    uint64_t whole = as.length;
    memcpy(head, ST_MAGIC, 8);
    st_little(head + ST_AT_VERSION, &version, 1, 4);
    st_little(head + ST_AT_SECTIONS, &as.sections, 1, 4);
    st_little(head + ST_AT_LENGTH, &whole, 1, 8);
    uint32_t sum = st_sum_header(head, as.sections);
    st_little(head + ST_AT_SUM, &sum, 1, 4);
}

void st_image_pack_to(struct st_arena *a, const struct st_image *image, struct st_packed as, unsigned char *bytes)
{
    struct packer p = {.head = bytes, .bytes = bytes, .length = head_length(as.sections)};
    walk(&p, a, image);
    ST_ASSERT(p.length == as.length && p.sections == as.sections);
    finish(bytes, as);
}

bool st_image_pack_out(struct st_arena *a, const struct st_image *image, struct st_file_out *out, struct st_fault *f)
{
    struct st_packed as = st_image_packed(a, image);
    size_t length = head_length(as.sections);
    struct packer sums = {.head = ST_NEW(a, unsigned char, length), .length = length};
    walk(&sums, a, image);
    finish(sums.head, as);
    struct packer p = {.head = sums.head, .out = out, .why = f, .length = length};
    p.failed = !st_file_put(out, p.head, length, f);
    walk(&p, a, image);
    return !p.failed;
}

unsigned char *st_image_pack(struct st_arena *a, const struct st_image *image, size_t *length)
{
    struct st_packed as = st_image_packed(a, image);
    unsigned char *bytes = ST_NEW(a, unsigned char, as.length);
    st_image_pack_to(a, image, as, bytes);
    *length = as.length;
    return bytes;
}
