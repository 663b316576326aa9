#include "aedat4.h"

#include "xml_read.h"
#include <stdlib.h>
#include <string.h>

/* --- flatbuffers -------------------------------------------------------------------------------------------- */

/* Little endian. A table begins with how far before it its vtable is; the vtable has a place in the table for each
 * field, 0 where there is none, behind its own length and the table's. */
struct flat {
    const unsigned char *at;
    size_t length;
};

static uint64_t number(struct flat f, size_t place, int bytes)
{
    uint64_t x = 0;
    for (int i = bytes - 1; i >= 0; i--)
        x = x << 8 | (place + (size_t)i < f.length ? f.at[place + (size_t)i] : 0);
    return x;
}

/* The buffer behind its length, if it is of this kind; length 0: it is not. */
static struct flat begun(const unsigned char *bytes, size_t length, const char *kind)
{
    struct flat all = {bytes, length}, none = {NULL, 0};
    if (length < 12)
        return none;
    uint64_t n = number(all, 0, 4);
    if (n < 8 || n > length - 4 || memcmp(bytes + 8, kind, 4) != 0)
        return none;
    return (struct flat){bytes + 4, (size_t)n};
}

/* Where a field of the root is; 0: it is not there, or beyond the buffer. */
static size_t field(struct flat f, unsigned which, size_t bytes)
{
    size_t root = (size_t)number(f, 0, 4);
    if (root > f.length || f.length - root < 4)
        return 0;
    int64_t table = (int64_t)root - (int32_t)number(f, root, 4);
    if (table < 0 || table + 4 > (int64_t)f.length)
        return 0;
    size_t fields = (size_t)number(f, (size_t)table, 2), at = 4 + 2 * (size_t)which;
    size_t place = at + 2 <= fields ? (size_t)number(f, (size_t)table + at, 2) : 0;
    return place && root + place + bytes <= f.length ? root + place : 0;
}

/* A vector: its first element, and how many of these are within the buffer. False: it goes beyond. */
static bool vector(struct flat f, unsigned which, size_t size, size_t *first, size_t *count)
{
    size_t place = field(f, which, 4);
    *first = *count = 0;
    if (!place)
        return true;
    uint64_t at = place + number(f, place, 4);
    if (at + 4 > f.length)
        return false;
    *count = (size_t)number(f, (size_t)at, 4);
    *first = (size_t)at + 4;
    return *count <= (f.length - *first) / size;
}

/* --- the file ----------------------------------------------------------------------------------------------- */

enum { FIRST_LINE = 14, EVENT = 16, PACKET = 8 };

static const struct st_xml *attribute_named(const struct st_xml *node, const char *key)
{
    for (const struct st_xml *x = st_xml_child(node, "attr", NULL); x; x = st_xml_child(node, "attr", x)) {
        const char *name = st_xml_attribute(x, "key");
        if (name && !strcmp(name, key))
            return x;
    }
    return NULL;
}

/* The size of the sensor, which stands with the stream of events, or deeper. */
static void look_for_size(const struct st_xml *node, uint32_t *width, uint32_t *height)
{
    const struct st_xml *x = attribute_named(node, "sizeX"), *y = attribute_named(node, "sizeY");
    if (x && y && !*width) {
        *width = (uint32_t)strtoul(x->text, NULL, 10) & 0xffff;
        *height = (uint32_t)strtoul(y->text, NULL, 10) & 0xffff;
    }
    for (const struct st_xml *c = node->child; c; c = c->next)
        look_for_size(c, width, height);
}

/* False: said. */
static bool read_head(struct st_event_reader *r, struct flat head, uint32_t *width, uint32_t *height)
{
    size_t first, count;
    *width = *height = 0;
    if (!vector(head, 2, 1, &first, &count))
        return st_event_wrong(r, ST_DIAG_FOREIGN_FILE, "/", "the streams' names go beyond the head");
    if (count) {
        const struct st_xml *streams = st_xml_parse(
            r->arena, r->diags, st_arena_printf(r->arena, "%s: streams", r->diags->sources[r->source].name),
            (const char *)head.at + first, count);
        if (!streams)
            return false;
        look_for_size(streams, width, height);
    }
    if (!*width || !*height) {
        *width = 346;
        *height = 260;
    }
    return true;
}

/* Times are of the day's clock: they are counted from the first event on. */
struct sensor {
    uint32_t width, height;
    bool begun;
    int64_t begin;
};

static bool read_events(struct st_event_reader *r, struct flat body, struct sensor *s, size_t where)
{
    size_t first, count;
    if (!vector(body, 0, EVENT, &first, &count))
        return st_event_wrong(r, ST_DIAG_FOREIGN_SIZE, "/", "the packet at byte %zu claims more events than it has",
                              where);
    for (size_t i = 0; i < count; i++) {
        size_t at = first + EVENT * i;
        int64_t us = (int64_t)number(body, at, 8);
        s->begin = s->begun ? s->begin : us;
        s->begun = true;
        if (!st_event_pixel(r, ((double)us - (double)s->begin) * 1e-6, (uint32_t)number(body, at + 8, 2),
                            (uint32_t)number(body, at + 10, 2), number(body, at + 12, 1) != 0, s->width, s->height,
                            where))
            return false;
    }
    return true;
}

bool st_events_aedat4(struct st_event_reader *r, const unsigned char *bytes, size_t length)
{
    struct flat all = {bytes, length}, head;
    struct sensor sensor = {0};
    r->out->what = "AEDAT 4";
    head = length > FIRST_LINE ? begun(bytes + FIRST_LINE, length - FIRST_LINE, "IOHE") : (struct flat){NULL, 0};
    if (!head.length)
        return st_event_wrong(r, ST_DIAG_FOREIGN_FILE, "/", "its head is cut short, or none");
    size_t how_at = field(head, 0, 4), table_at = field(head, 1, 8), at = FIRST_LINE + 4 + head.length;
    uint32_t how = how_at ? (uint32_t)number(head, how_at, 4) : ST_AEDAT4_NONE;
    uint64_t table = table_at ? number(head, table_at, 8) : UINT64_MAX;
    size_t end = table >= at && table <= length ? (size_t)table : length;
    if (how > ST_AEDAT4_ZSTD_HIGH)
        return st_event_wrong(r, ST_DIAG_FOREIGN_REFUSED, "/",
                              "its packets are packed in the way %u: LZ4 and zstd are known", how);
    if (!read_head(r, head, &sensor.width, &sensor.height))
        return false;
    while (at < end) {
        size_t where = at, unpacked;
        const char *why = NULL;
        if (end - at < PACKET)
            return st_event_wrong(r, ST_DIAG_FOREIGN_FILE, "/", "the head of the packet at byte %zu is cut short",
                                  where);
        uint64_t size = number(all, at + 4, 4);
        if (size > end - at - PACKET)
            return st_event_wrong(r, ST_DIAG_FOREIGN_SIZE, "/",
                                  "the packet at byte %zu claims %llu bytes, and there are %zu", where,
                                  (unsigned long long)size, end - at - PACKET);
        unsigned char *body =
            st_aedat4_unpack(r->arena, (enum st_aedat4_packing)how, bytes + at + PACKET, (size_t)size, &unpacked, &why);
        if (!body)
            return st_event_wrong(r, ST_DIAG_FOREIGN_FILE, "/", "the packet at byte %zu: %s", where, why);
        struct flat events = begun(body, unpacked, "EVTS");
        if (!events.length)
            r->out->outside++; /* a frame, inertia, a trigger */
        else if (!read_events(r, events, &sensor, where))
            return false;
        st_arena_drop(r->arena, body);
        at += PACKET + (size_t)size;
    }
    return true;
}
