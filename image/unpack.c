#include "bytes.h"
#include "check.h"
#include "file.h"
#include "image_io.h"

struct unpacker {
    struct st_walk walk;
    const unsigned char *bytes, *at, *end; /* at..end: what is left of the open section */
    const char *path;                      /* bytes are header and table only: sections are read from here */
    uint32_t sections, section;            /* section: the one after the open one */
    char tag[5];                           /* of the open one, */
    uint32_t number;                       /* and how many of its tag came before it */
};

static uint32_t get_u32(const unsigned char *at)
{
    uint32_t x;
    st_little(&x, at, 1, 4);
    return x;
}

static uint64_t get_u64(const unsigned char *at)
{
    uint64_t x;
    st_little(&x, at, 1, 8);
    return x;
}

static const unsigned char *entry(const struct unpacker *u, uint32_t section)
{
    return u->bytes + ST_HEADER_BYTES + (size_t)section * ST_ENTRY_BYTES;
}

static void unpack_fail(struct st_walk *w, enum st_fault_id id, const char *what)
{
    struct unpacker *u = (struct unpacker *)w;
    if (u->tag[0])
        st_fail(w->fault, id, "section %s %u: %s", u->tag, u->number, what);
    else
        st_fail(w->fault, id, "%s", what);
}

/* The next `bytes` bytes of the section, or NULL and a fault. */
static const unsigned char *take(struct unpacker *u, uint64_t bytes)
{
    if (u->walk.failed)
        return NULL;
    if (bytes > (uint64_t)(u->end - u->at)) {
        st_walk_fail(&u->walk, ST_FAULT_IMAGE_BAD, "its content is longer than it is");
        return NULL;
    }
    const unsigned char *at = u->at;
    u->at += bytes;
    return at;
}

static bool is_next(const struct unpacker *u, const char *tag)
{
    return u->section < u->sections && !memcmp(entry(u, u->section), tag, 4);
}

static void unpack_section(struct st_walk *w, const char *tag)
{
    struct unpacker *u = (struct unpacker *)w;
    if (w->failed)
        return;
    if (u->at != u->end) {
        st_walk_fail(w, ST_FAULT_IMAGE_BAD, "%zu bytes after its end", (size_t)(u->end - u->at));
        return;
    }
    if (!is_next(u, tag)) {
        st_walk_fail(w, ST_FAULT_IMAGE_BAD, "section %s does not follow", tag);
        return;
    }
    u->number = strcmp(u->tag, tag) ? 0 : u->number + 1;
    memcpy(u->tag, tag, 4);
    const unsigned char *e = entry(u, u->section++);
    uint64_t offset = get_u64(e + ST_ENTRY_OFFSET), length = get_u64(e + ST_ENTRY_LENGTH);
    if (!u->path) {
        u->at = u->bytes + offset;
    } else if (!(u->at = st_file_read_part(w->arena, u->path, offset, (size_t)length, w->fault))) {
        u->at = u->end = u->bytes;
        w->failed = true;
        return;
    }
    u->end = u->at + length;
    if (st_sum(0, u->at, (size_t)(u->end - u->at)) != get_u32(e + ST_ENTRY_SUM))
        st_walk_fail(w, ST_FAULT_IMAGE_SUM, "the checksum does not match the content");
}

static void unpack_skip(struct st_walk *w, const char *tag)
{
    struct unpacker *u = (struct unpacker *)w;
    if (w->failed)
        return;
    u->number = strcmp(u->tag, tag) ? 0 : u->number + 1;
    memcpy(u->tag, tag, 4);
    if (is_next(u, tag))
        u->section++;
    else
        st_walk_fail(w, ST_FAULT_IMAGE_BAD, "section %s does not follow", tag);
}

static void unpack_begin(struct st_walk *w, const char *record)
{
    (void)w;
    (void)record;
}

static void unpack_end(struct st_walk *w) { (void)w; }

static void unpack_numbers(struct st_walk *w, const char *name, void *at, uint32_t count, enum st_type t,
                           const struct st_words *words)
{
    (void)name;
    (void)words;
    const unsigned char *from = take((struct unpacker *)w, (uint64_t)count * st_type_size(t));
    if (from)
        st_little(at, from, count, st_type_size(t));
}

static void unpack_texts(struct st_walk *w, const char *name, char **at, uint32_t count)
{
    struct unpacker *u = (struct unpacker *)w;
    for (uint32_t i = 0; i < count; i++) {
        const unsigned char *n = take(u, 4);
        const unsigned char *text = n ? take(u, get_u32(n)) : NULL;
        if (text && memchr(text, 0, get_u32(n)))
            st_walk_fail(w, ST_FAULT_IMAGE_BAD, "a 0 within the text %s", name);
        at[i] = st_arena_text(w->arena, text ? (const char *)text : "", text ? get_u32(n) : 0);
    }
}

static void unpack_row(struct st_walk *w, struct st_row *r)
{
    struct unpacker *u = (struct unpacker *)w;
    uint64_t count = r->count;
    if (r->counted) {
        const unsigned char *n = take(u, 4);
        count = n ? get_u32(n) : 0;
    }
    size_t size = st_type_size(r->type);
    r->count = 0;
    if (r->most && count > r->most)
        st_walk_fail(w, ST_FAULT_IMAGE_BAD, "%llu numbers in %s", (unsigned long long)count, r->name);
    /* 2^40 numbers are more than any file holds, and less than what would overflow */
    const unsigned char *from = take(u, count >> 40 ? UINT64_MAX : count * size);
    if (!from)
        return;
    r->count = count;
    if (!r->at)
        r->at = st_arena_get(w->arena, (size_t)count, size);
    st_little(r->at, from, (size_t)count, size);
}

static void unpack_list(struct st_walk *w, struct st_list *l)
{
    struct unpacker *u = (struct unpacker *)w;
    if (l->tag) {
        for (uint32_t i = u->section; i < u->sections && !memcmp(entry(u, i), l->tag, 4); i++)
            l->announced++;
        l->room = l->announced;
        return;
    }
    const unsigned char *n = take(u, 4);
    l->announced = n ? get_u32(n) : 0;
    /* Memory in proportion to the bytes that are there, whatever they say. */
    size_t room = 2 * (size_t)(u->end - u->at) / l->size + 1;
    l->room = room < l->announced ? (uint32_t)room : l->announced;
}

static bool unpack_more(struct st_walk *w, const struct st_list *l)
{
    if (!l->tag)
        return l->i < l->announced;
    if (!is_next((struct unpacker *)w, l->tag))
        return false;
    unpack_section(w, l->tag);
    return !w->failed;
}

static const struct st_walk_ops unpack_ops = {true,           unpack_section, unpack_begin, unpack_end,
                                              unpack_numbers, unpack_texts,   unpack_row,   unpack_list,
                                              unpack_more,    unpack_fail,    unpack_skip};

/* Header and table: what the file is, that it is all there, and where its sections are. */
static bool open_file(const unsigned char *bytes, size_t length, struct st_fault *f)
{
    if (memcmp(bytes, ST_MAGIC, length < 8 ? length : 8))
        return st_fail(f, ST_FAULT_IMAGE_MAGIC,
                       "this is not a fabric image; `stoa compile NET -f FABRIC -o IMAGE` makes one");
    if (length < ST_AT_VERSION + 4)
        return st_fail(f, ST_FAULT_IMAGE_SHORT, "the image ends after %zu bytes, within its header", length);
    uint32_t version = get_u32(bytes + ST_AT_VERSION);
    if (version > ST_IMAGE_VERSION)
        return st_fail(f, ST_FAULT_IMAGE_VERSION, "the image has version %u, this stoa reads up to %d", version,
                       ST_IMAGE_VERSION);
    ST_DEMAND(version >= 1, "the image has version %u, which there never was", version);
    if (length < ST_HEADER_BYTES)
        return st_fail(f, ST_FAULT_IMAGE_SHORT, "the image ends after %zu bytes, within its header", length);
    uint64_t whole = get_u64(bytes + ST_AT_LENGTH);
    uint32_t sections = get_u32(bytes + ST_AT_SECTIONS);
    if (length < whole || length - ST_HEADER_BYTES < (uint64_t)sections * ST_ENTRY_BYTES)
        return st_fail(f, ST_FAULT_IMAGE_SHORT, "the image ends after %zu of %llu bytes", length,
                       (unsigned long long)whole);
    ST_DEMAND(length == whole, "%llu bytes after the image's end", (unsigned long long)(length - whole));
    if (st_sum_header(bytes, sections) != get_u32(bytes + ST_AT_SUM))
        return st_fail(f, ST_FAULT_IMAGE_SUM, "the checksum of the header does not match it");

    uint64_t at = ST_HEADER_BYTES + (uint64_t)sections * ST_ENTRY_BYTES;
    for (uint32_t i = 0; i < sections; i++) {
        const unsigned char *e = bytes + ST_HEADER_BYTES + (size_t)i * ST_ENTRY_BYTES;
        uint64_t part = get_u64(e + ST_ENTRY_LENGTH);
        ST_DEMAND(get_u64(e + ST_ENTRY_OFFSET) == at && part <= length - at, "section %u is not where it belongs", i);
        at += part;
    }
    ST_DEMAND(at == length, "%llu bytes after the last section", (unsigned long long)(length - at));
    return true;
}

static struct st_image *unpack(struct unpacker *u, uint64_t length)
{
    struct st_walk *w = &u->walk;
    w->version = get_u32(u->bytes + ST_AT_VERSION);
    w->size = length;
    u->sections = get_u32(u->bytes + ST_AT_SECTIONS);
    u->at = u->end = u->bytes + ST_HEADER_BYTES;
    struct st_image *image = ST_NEW(w->arena, struct st_image, 1);
    st_walk_image(w, image);
    if (!w->failed && u->at != u->end)
        st_walk_fail(w, ST_FAULT_IMAGE_BAD, "%zu bytes after its end", (size_t)(u->end - u->at));
    if (!w->failed && u->section != u->sections)
        st_walk_fail(w, ST_FAULT_IMAGE_BAD, "a section follows that does not belong there");
    return !w->failed && st_check_copies(image, w->fault) ? image : NULL;
}

struct st_image *st_image_unpack(struct st_arena *a, const void *bytes, size_t length, struct st_fault *f)
{
    if (!open_file(bytes, length, f))
        return NULL;
    struct unpacker u = {.walk = {.ops = &unpack_ops, .arena = a, .fault = f}, .bytes = bytes};
    return unpack(&u, length);
}

struct st_image *st_image_load_range(struct st_arena *a, const char *path, uint32_t first, uint32_t count,
                                     struct st_fault *f)
{
    uint64_t length;
    if (!st_file_length(path, &length, f))
        return NULL;
    size_t head = length < ST_HEADER_BYTES ? (size_t)length : ST_HEADER_BYTES;
    const unsigned char *bytes = st_file_read_part(a, path, 0, head, f);
    if (!bytes)
        return NULL;
    uint64_t table = head < ST_HEADER_BYTES ? 0 : (uint64_t)get_u32(bytes + ST_AT_SECTIONS) * ST_ENTRY_BYTES;
    if (table && table <= length - head && !(bytes = st_file_read_part(a, path, 0, head + (size_t)table, f)))
        return NULL;
    if (!open_file(bytes, (size_t)length, f))
        return NULL;
    uint32_t version = get_u32(bytes + ST_AT_VERSION);
    if (version < 2) {
        st_fail(f, ST_FAULT_IMAGE_VERSION, "%s: version %u is only read whole", path, version);
        return NULL;
    }
    struct unpacker u = {
        .walk = {.ops = &unpack_ops, .arena = a, .fault = f, .part = {first, count}}, .bytes = bytes, .path = path};
    return unpack(&u, length);
}
