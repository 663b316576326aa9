/* sources.c - marks of two values, each read by a call of its own, in one list of sources: the network's, then the
 * fabric's. */
#include "handles.h"
#include <string.h>

struct st_diags st_sources_of(const struct st_diags *d)
{
    struct st_diags s = {.sources = d->sources, .source_count = d->source_count};
    s.paths = d->paths;
    s.path_count = d->path_count;
    s.source_room = d->source_count; /* full: others add to a list of their own */
    s.path_room = d->path_count;
    return s;
}

const struct st_fabric *st_sources_join(struct st_call *c, const stoa_net *net, const stoa_fabric *fabric)
{
    struct st_arena *a = c->arena;
    const struct st_diags *x = &net->sources, *y = &fabric->sources;
    struct st_fabric *moved = ST_NEW(a, struct st_fabric, 1);
    uint32_t count = x->source_count + y->source_count;
    c->diags = (struct st_diags){.arena = a, .sources = ST_NEW(a, struct st_source, count)};
    if (x->source_count)
        memcpy(c->diags.sources, x->sources, x->source_count * sizeof *x->sources);
    if (y->source_count)
        memcpy(c->diags.sources + x->source_count, y->sources, y->source_count * sizeof *y->sources);
    c->diags.source_count = c->diags.source_room = count;
    c->diags.paths = x->paths; /* a fabric is a text and has none */
    c->diags.path_count = c->diags.path_room = x->path_count;
    *moved = *fabric->fabric;
    moved->mark.source += x->source_count;
    moved->tiles = ST_NEW(a, struct st_fabric_tile, moved->tile_count);
    for (uint32_t i = 0; i < moved->tile_count; i++) {
        moved->tiles[i] = fabric->fabric->tiles[i];
        moved->tiles[i].mark.source += x->source_count;
    }
    moved->links = ST_NEW(a, struct st_fabric_link, moved->link_count);
    for (uint32_t i = 0; i < moved->link_count; i++) {
        moved->links[i] = fabric->fabric->links[i];
        moved->links[i].mark.source += x->source_count;
    }
    moved->bad_rows = ST_NEW(a, struct st_fabric_row, moved->bad_row_count);
    for (uint32_t i = 0; i < moved->bad_row_count; i++) {
        moved->bad_rows[i] = fabric->fabric->bad_rows[i];
        moved->bad_rows[i].mark.source += x->source_count;
    }
    return moved;
}
