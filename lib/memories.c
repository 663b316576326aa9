/* memories.c - an image as what boards are loaded with: packets, bytes of a serial line, and words of each memory.
 *
 *     image, copy ──boot──> packets ─┬─> packets.hex      a packet a line, for $readmemh and a loader
 *                                    ├─> packets.bin      RESET and the packets, as rtl/board/ wants them from a line
 *                                    └─> X_Y.REGION.hex   of each tile, the words of a region by their offset
 * ($readmemh) */
#include "boot.h"
#include "file.h"
#include "handles.h"
#include "serial.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

/* Lower case, as the files are called. */
static const char *const region_names[] = {
#define REGION(name, number, what) [number] = #name,
#include "stoa/core.def"
};
enum { REGIONS = sizeof region_names / sizeof *region_names };

struct word {
    uint32_t tile, region, offset, order, data; /* tile: y, then x */
};

struct request {
    const stoa_image *image;
    const stoa_memory_options *given;
    const char *folder;
    char *said;
};

static int by_place(const void *x, const void *y)
{
    const struct word *a = x, *b = y;
    if (a->tile != b->tile)
        return a->tile < b->tile ? -1 : 1;
    if (a->region != b->region)
        return a->region < b->region ? -1 : 1;
    if (a->offset != b->offset)
        return a->offset < b->offset ? -1 : 1;
    return a->order < b->order ? -1 : a->order > b->order;
}

/* What each packet writes, and where. */
static struct word *words_of(struct st_arena *a, const struct boot *b, uint32_t *count)
{
    struct word *words = ST_NEW(a, struct word, b->count);
    uint32_t pointer = 0;
    *count = 0;
    for (uint32_t k = 0; k < b->count; k++) {
        uint64_t flit = b->flit[k];
        if (flit >> 48 == BOOT_ADDR)
            pointer = (uint32_t)flit;
        else if (flit >> 48 == BOOT_WRITE) {
            words[*count] = (struct word){.tile = (uint32_t)(flit >> 36 & 0x3f) << 6 | (uint32_t)(flit >> 42 & 0x3f),
                                          .region = pointer >> 24,
                                          .offset = pointer & 0xffffff,
                                          .order = k,
                                          .data = (uint32_t)flit};
            ++*count;
            pointer++;
        }
    }
    qsort(words, *count, sizeof *words, by_place);
    return words;
}

static bool put(struct st_call *c, struct st_text *said, const char *folder, const char *name, const void *bytes,
                size_t length, const char *what)
{
    st_textf(said, "%s: %s\n", name, what);
    return st_file_write(st_path_join(c->arena, folder, name), bytes, length, &c->fault);
}

/* The words of one region of one tile, which begin here; how many they are. */
static uint32_t region(struct st_call *c, const struct word *w, uint32_t count, struct st_text *t)
{
    uint32_t n = 0;
    (void)c;
    for (; n < count && w[n].tile == w->tile && w[n].region == w->region; n++) {
        if (n + 1 < count && w[n + 1].tile == w->tile && w[n + 1].region == w->region && w[n + 1].offset == w[n].offset)
            continue; /* written again: the last counts */
        if (!n || w[n].offset != w[n - 1].offset + 1)
            st_textf(t, "@%" PRIx32 "\n", w[n].offset);
        st_textf(t, "%08" PRIx32 "\n", w[n].data);
    }
    return n;
}

static bool write_regions(struct st_call *c, const struct boot *b, const char *folder, struct st_text *said)
{
    uint32_t count;
    const struct word *words = words_of(c->arena, b, &count);
    for (uint32_t k = 0; k < count;) {
        struct st_text t;
        char name[60];
        const struct word *w = &words[k];
        st_text_init(&t, c->arena);
        int n = snprintf(name, sizeof name, "%" PRIu32 "_%" PRIu32 ".", w->tile & 0x3f, w->tile >> 6);
        const char *of = w->region < REGIONS && region_names[w->region] ? region_names[w->region] : "?";
        for (; *of && n < 50; of++)
            name[n++] = (char)(*of >= 'A' && *of <= 'Z' ? *of - 'A' + 'a' : *of);
        snprintf(name + n, sizeof name - (size_t)n, ".hex");
        uint32_t here = region(c, w, count - k, &t);
        if (!put(c, said, folder, name, t.at, t.length, st_arena_printf(c->arena, "%" PRIu32 " words", here)))
            return false;
        k += here;
    }
    return true;
}

static bool write_packets(struct st_call *c, const struct boot *b, const char *folder, struct st_text *said)
{
    struct st_text t;
    uint8_t *bytes = st_arena_get(c->arena, ((size_t)b->count + 1) * ST_LINE_BYTES, 1);
    st_text_init(&t, c->arena);
    st_line_bytes((uint64_t)BOOT_RESET << 48, bytes);
    for (uint32_t k = 0; k < b->count; k++) {
        st_textf(&t, "%013" PRIx64 "\n", b->flit[k]);
        st_line_bytes(b->flit[k], bytes + ((size_t)k + 1) * ST_LINE_BYTES);
    }
    const char *many = st_arena_printf(c->arena, "%" PRIu32 " packets", b->count);
    return put(c, said, folder, "packets.hex", t.at, t.length, many) &&
           put(c, said, folder, "packets.bin", bytes, ((size_t)b->count + 1) * ST_LINE_BYTES,
               st_arena_printf(c->arena, "RESET and %s, %d bytes each", many, ST_LINE_BYTES));
}

static bool write_memories(struct st_call *c, void *user)
{
    struct request *q = user;
    stoa_memory_options o = stoa_memory_defaults();
    struct boot b = {0};
    struct st_text said;
    char misfit[200];
    if (!q->image || !q->folder)
        return st_request(c, "memory files want an image and a folder");
    if (!st_options(c, &o, sizeof o, q->given, sizeof o))
        return false;
    const struct st_image *image = q->image->image;
    if (o.copy >= image->copy_count)
        return st_request(c, "copy %u: the image has %u", o.copy, image->copy_count);
    if (o.lanes & (o.lanes - 1) || o.lanes > CORE_SIM_LANES)
        return st_request(c, "lanes are 1, 2, 4, 8 or 16, not %u", o.lanes);
    const struct core_sim_model m = st_boot_need(image, o.lanes               ? o.lanes
                                                        : image->limits.lanes ? image->limits.lanes
                                                                              : 1);
    if (st_boot_misfit(&m, image, misfit, sizeof misfit))
        return st_fail(&c->fault, ST_FAULT_MISFIT, "the RTL takes no such image: %s", misfit);
    if (!st_folder_make(q->folder, &c->fault))
        return false;
    const struct st_run_options options = {.learn = o.learn};
    const struct st_copy *copy = &image->copies[o.copy];
    st_boot_load(&b, &m, image, o.copy, options, copy->live ? copy->tick : 0);
    if (copy->live)
        st_boot_live(&b, &m, image, o.copy);
    st_text_init(&said, c->arena);
    st_textf(&said, "%u lane%s\n", m.lanes, m.lanes > 1 ? "s" : "");
    bool ok = !b.failed ? write_packets(c, &b, q->folder, &said) && write_regions(c, &b, q->folder, &said)
                        : st_fail(&c->fault, ST_FAULT_MEMORY, "no memory for the packets of the image");
    st_boot_free(&b);
    return ok && (q->said = st_give(c, said.at, said.length)) != NULL;
}

stoa_status stoa_image_memories(const stoa_image *image, const stoa_memory_options *options, const char *folder,
                                char **text, stoa_diagnostics **said)
{
    struct request q = {.image = image, .given = options, .folder = folder};
    stoa_status status = st_call(said, write_memories, &q);
    *text = q.said;
    return status;
}
