#include "place.h"

#include "text.h"

static uint32_t copies_of(const struct st_limits *l, uint32_t width, uint32_t height)
{
    return (l->mesh_width / width) * (l->mesh_height / height);
}

/* Chooses the region; false when no rectangle of the mesh holds all cores. */
static bool choose_region(struct st_place *p, const struct st_limits *l)
{
    uint32_t cores = p->wire->core_count;
    for (uint32_t width = 1; width <= l->mesh_width && width <= cores; width++) {
        uint32_t height = (cores + width - 1) / width, room = copies_of(l, width, height);
        bool squarer = width + height < p->region_width + p->region_height;
        if (height <= l->mesh_height && (room > p->copies_room || (room == p->copies_room && squarer))) {
            p->region_width = width;
            p->region_height = height;
            p->copies_room = room;
        }
    }
    return p->copies_room > 0;
}

const struct st_place *st_place_build(struct st_arena *a, struct st_diags *d, const struct st_wire *wire,
                                      uint32_t copies)
{
    const struct st_fabric *f = wire->quant->fabric;
    const struct st_limits *l = &f->limits;
    struct st_place *p = ST_NEW(a, struct st_place, 1);
    *p = (struct st_place){.wire = wire, .copies = copies};
    if (!choose_region(p, l)) {
        st_error(d, ST_DIAG_MESH_TILES, (struct st_mark){0}, "use a larger mesh, larger cores, or a smaller network",
                 "network '%s' needs %u cores, the mesh of %s has %u x %u tiles", wire->quant->net->name,
                 wire->core_count, f->name, l->mesh_width, l->mesh_height);
        return NULL;
    }
    if (p->copies_room < copies) {
        st_error(
            d, ST_DIAG_MESH_COPIES, (struct st_mark){0},
            st_arena_printf(a, "ask for %u copies (--copies %u), or use a larger mesh", p->copies_room, p->copies_room),
            "%u copies of network '%s' take %u x %u tiles each, the mesh of %s has %u x %u: it holds %u", copies,
            wire->quant->net->name, p->region_width, p->region_height, f->name, l->mesh_width, l->mesh_height,
            p->copies_room);
        return NULL;
    }
    p->tile = ST_NEW(a, struct st_tile, wire->core_count);
    for (uint32_t c = 0; c < wire->core_count; c++) {
        uint32_t y = c / p->region_width, x = c % p->region_width;
        p->tile[c] = (struct st_tile){(uint16_t)(y % 2 ? p->region_width - 1 - x : x), (uint16_t)y};
    }
    return p;
}

bool st_place_check(const struct st_place *p, struct st_diags *d)
{
    const struct st_limits *l = &p->wire->quant->fabric->limits;
    const char *wrong = NULL;
    struct st_arena *a = d->arena;
    if (p->region_width == 0 || p->region_height == 0 || p->region_width > l->mesh_width ||
        p->region_height > l->mesh_height)
        wrong = "a region lies on the mesh";
    else if ((uint64_t)(l->mesh_width / p->region_width) * (l->mesh_height / p->region_height) < p->copies)
        wrong = "there is a region for each copy";
    bool *taken = ST_NEW(a, bool, wrong ? 0 : (size_t)p->region_width * p->region_height);
    for (uint32_t c = 0; !wrong && c < p->wire->core_count; c++) {
        struct st_tile t = p->tile[c];
        if (t.x >= p->region_width || t.y >= p->region_height)
            wrong = "a core lies in the region";
        else if (taken[t.y * p->region_width + t.x])
            wrong = "a tile has one core";
        else
            taken[t.y * p->region_width + t.x] = true;
    }
    if (wrong)
        st_error(d, ST_DIAG_SELF_CHECK, (struct st_mark){0}, "this is a bug of stoa: please report it with the network",
                 "PLACE breaks its own rule: %s", wrong);
    return !wrong;
}

char *st_place_print(struct st_arena *a, const struct st_place *p)
{
    struct st_text t;
    st_text_init(&t, a);
    st_textf(&t, "place '%s' on '%s' region %u x %u copies %u of %u\n", p->wire->quant->net->name,
             p->wire->quant->fabric->name, p->region_width, p->region_height, p->copies, p->copies_room);
    for (uint32_t c = 0; c < p->wire->core_count; c++)
        st_textf(&t, "core %u at %u %u\n", c, p->tile[c].x, p->tile[c].y);
    return t.at;
}
