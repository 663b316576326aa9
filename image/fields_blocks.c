#include "field.h"
#include <string.h>

static const struct st_words by_what = {false, {{"no", ST_BY_NEURON}, {"yes", ST_BY_COLUMN}, {"lanes", ST_BY_LANE}}};

void st_walk_block(struct st_walk *w, struct st_block *s)
{
    RECORD("block");
    UNTIL(1) WIDER_AS(receptor, st_or_none);
    UNTIL(1) WIDER_AS(core, st_or_none);
    UNTIL(1) WIDER_AS(group, st_or_none);
    FIELD_AS(by_column, by_what);
    FIELD(first);
    FIELD(count);
    END();
}

/* Room for so many blocks of the image; a block is nine bytes in either form, so there are never more than these. */
static void room_for_blocks(struct st_walk *w, uint64_t count)
{
    struct st_image *m = w->image;
    if (count > w->size / 9 || count >= ST_NONE) {
        st_walk_fail(w, ST_FAULT_IMAGE_BAD, "%llu blocks, in %llu bytes", (unsigned long long)count,
                     (unsigned long long)w->size);
        return;
    }
    if (count <= w->block_room)
        return;
    struct st_block *old = m->blocks;
    w->block_room = count < w->size / 18 ? (uint32_t)(2 * count) : (uint32_t)count;
    m->blocks = ST_NEW(w->arena, struct st_block, w->block_room);
    if (m->block_count)
        memcpy(m->blocks, old, m->block_count * sizeof *old);
}

uint32_t st_walk_blocks(struct st_walk *w, uint32_t first, uint32_t count)
{
    struct st_image *m = w->image;
    struct st_list list = {.name = "block",
                           .at = count && !w->ops->building ? m->blocks + first : NULL,
                           .count = count,
                           .size = sizeof *m->blocks};
    st_list_open(w, &list);
    for (void *at; (at = st_list_next(w, &list)) != NULL;)
        st_walk_block(w, at);
    if (!w->ops->building || w->failed)
        return count;
    room_for_blocks(w, (uint64_t)first + list.count);
    if (w->failed)
        return 0;
    if (list.at && list.count)
        memcpy(m->blocks + first, list.at, list.count * sizeof *m->blocks);
    m->block_count = first + list.count > m->block_count ? first + list.count : m->block_count;
    return list.count;
}

void st_walk_name_blocks(struct st_walk *w)
{
    struct st_image *m = w->image;
    for (uint32_t r = 0; r < m->receptor_count; r++)
        for (uint32_t i = 0; i < m->receptors[r].block_count; i++) {
            struct st_block *b = &m->blocks[m->receptors[r].first_block + i];
            b->receptor = r;
            b->core = b->group = ST_NONE;
        }
    for (uint32_t c = 0; c < m->core_count; c++)
        for (uint32_t g = 0; g < m->cores[c].group_count; g++)
            for (uint32_t i = 0; i < m->cores[c].groups[g].block_count; i++) {
                struct st_block *b = &m->blocks[m->cores[c].groups[g].first_block + i];
                b->receptor = ST_NONE;
                b->core = c;
                b->group = g;
            }
}

/* A record of the index. */
struct tile {
    uint32_t x, y, core, blocks;
};

static void tile(struct st_walk *w, struct tile *s)
{
    RECORD("tile");
    FIELD(x);
    FIELD(y);
    FIELD(core);
    FIELD(blocks);
    END();
}

static uint32_t blocks_of(const struct st_core *c)
{
    uint32_t n = 0;
    for (uint32_t g = 0; g < c->group_count; g++)
        n += c->groups[g].block_count;
    return n;
}

static void take_tiles(struct st_walk *w, const struct st_list *list)
{
    struct st_image *m = w->image;
    const struct tile *t = list->at;
    uint64_t at = m->block_count;
    m->core_count = list->count;
    m->cores = ST_NEW(w->arena, struct st_core, m->core_count);
    m->by_tile = ST_NEW(w->arena, uint32_t, m->core_count);
    uint8_t *seen = ST_NEW(w->arena, uint8_t, m->core_count);
    for (uint32_t i = 0; t && i < m->core_count && !w->failed; i++) {
        if (t[i].core >= m->core_count || seen[t[i].core])
            st_walk_fail(w, ST_FAULT_IMAGE_BAD, "tile %u: core %u of %u, or it has another tile", i, t[i].core,
                         m->core_count);
        else if (i && st_tile_key(t[i].x, t[i].y) <= st_tile_key(t[i - 1].x, t[i - 1].y))
            st_walk_fail(w, ST_FAULT_IMAGE_BAD, "tile %u: (%u, %u) does not follow that before it", i, t[i].x, t[i].y);
        if (w->failed)
            return;
        seen[t[i].core] = 1;
        m->by_tile[i] = t[i].core;
        m->cores[t[i].core].x = t[i].x;
        m->cores[t[i].core].y = t[i].y;
        w->core_block[t[i].core] = t[i].blocks;
    }
    for (uint32_t c = 0; c <= m->core_count; c++) {
        uint32_t count = w->core_block[c];
        w->core_block[c] = (uint32_t)at;
        at += count;
        if (at >= ST_NONE)
            st_walk_fail(w, ST_FAULT_IMAGE_BAD, "more blocks than can be numbered");
    }
    if (!w->failed)
        room_for_blocks(w, at);
    if (!w->failed)
        m->block_count = (uint32_t)at;
}

void st_walk_tiles(struct st_walk *w)
{
    struct st_image *m = w->image;
    struct st_list list = {.name = "tile", .size = sizeof(struct tile)};
    if (!w->ops->building) {
        struct tile *t = ST_NEW(w->arena, struct tile, m->core_count);
        uint32_t at = 0;
        for (uint32_t r = 0; r < m->receptor_count; r++)
            at += m->receptors[r].block_count;
        w->core_block = ST_NEW(w->arena, uint32_t, (size_t)m->core_count + 1);
        for (uint32_t c = 0; c < m->core_count; c++) {
            uint32_t k = m->by_tile[c];
            t[c] = (struct tile){m->cores[k].x, m->cores[k].y, k, blocks_of(&m->cores[k])};
            w->core_block[c] = at;
            at += blocks_of(&m->cores[c]);
        }
        list.at = t;
        list.count = m->core_count;
    }
    st_list_open(w, &list);
    for (void *at; (at = st_list_next(w, &list)) != NULL;)
        tile(w, at);
    if (!w->ops->building || w->failed)
        return;
    w->core_block = ST_NEW(w->arena, uint32_t, (size_t)list.count + 1);
    take_tiles(w, &list);
}
