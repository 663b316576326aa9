#include "flow.h"

#include "links.h"

#include <string.h>

enum { LINKS = ST_LINK_LOCAL };

const char *st_flow_sender(const struct st_image *image, uint32_t sender)
{
    return sender < image->receptor_count ? image->receptors[sender].name
                                          : image->populations[sender - image->receptor_count].name;
}

static uint32_t sender_of(const struct st_image *image, const struct st_block *b)
{
    return b->receptor != ST_NONE ? b->receptor
                                  : image->receptor_count + image->cores[b->core].groups[b->group].population;
}

/* Which populations have a neuron in the row of an axon. */
static void mark(const struct st_core *core, const struct st_axon *axon, bool *reached)
{
    for (uint32_t g = 0; g < core->group_count; g++) {
        const struct st_group *group = &core->groups[g];
        if (axon->lo < group->first + group->count && group->first < axon->hi)
            reached[group->population] = true;
    }
}

/* The packets of a block that end at a core: for whom is each? */
static void arrive(struct st_flow *f, const struct st_image *image, const struct st_route *r, const struct st_core *c,
                   bool *reached)
{
    const struct st_block *b = &image->blocks[r->block];
    uint64_t *row = f->pair + (size_t)sender_of(image, b) * image->population_count;
    for (uint32_t k = 0; k < b->count && r->input != ST_NONE && r->input + k < c->input_count; k++) {
        memset(reached, 0, image->population_count * sizeof *reached);
        for (uint32_t axon = c->inputs[r->input + k]; axon != ST_NONE; axon = c->axons[axon].next)
            mark(c, &c->axons[axon], reached);
        for (uint32_t p = 0; p < image->population_count; p++)
            row[p] += reached[p];
    }
}

static uint64_t most_of(const uint64_t *at, size_t count)
{
    uint64_t most = 0;
    for (size_t i = 0; i < count; i++)
        most = at[i] > most ? at[i] : most;
    return most;
}

struct st_flow st_flow_of(struct st_arena *a, const struct st_image *image)
{
    struct st_flow f = {.width = image->region_width,
                        .height = image->region_height,
                        .core = st_links_of(a, image).core,
                        .senders = image->receptor_count + image->population_count};
    size_t tiles = (size_t)f.width * f.height, pairs = (size_t)f.senders * image->population_count;
    f.link = ST_NEW(a, uint64_t, tiles * LINKS);
    f.by = ST_NEW(a, uint64_t, tiles * LINKS * f.senders);
    f.arrived = ST_NEW(a, uint64_t, tiles);
    f.pair = ST_NEW(a, uint64_t, pairs);
    bool *reached = ST_NEW(a, bool, image->population_count);
    for (uint32_t i = 0; i < image->route_count; i++) {
        const struct st_route *r = &image->routes[i];
        if (r->x >= f.width || r->y >= f.height || r->block >= image->block_count)
            continue;
        const struct st_block *b = &image->blocks[r->block];
        size_t tile = (size_t)r->y * f.width + r->x;
        for (unsigned port = 0; port < LINKS; port++)
            if (r->ports >> port & 1u) {
                f.link[tile * LINKS + port] += b->count;
                f.by[(tile * LINKS + port) * f.senders + sender_of(image, b)] += b->count;
            }
        if (!(r->ports >> ST_LINK_LOCAL & 1u) || f.core[tile] < 0)
            continue;
        f.arrived[tile] += b->count;
        arrive(&f, image, r, &image->cores[f.core[tile]], reached);
    }
    f.fullest = most_of(f.link, tiles * LINKS);
    f.most_arrived = most_of(f.arrived, tiles);
    f.most_of_pair = most_of(f.pair, pairs);
    return f;
}
