/* constraints.h - what the user asks of a mapping, from a file of its own (--constraints FILE).
 *
 * A mapping is free to put neurons where the traffic wants them. Sometimes it must not: a population belongs at the
 * edge where its sensor is, two must not share what one of them could exhaust, room is to be left for what is loaded
 * later, a tile is known to be bad. Who is meant is a population, or a run of its columns or neurons.
 *
 *     neurons, populations   most neurons of a core, and of one population on it
 *     reserve                what each core and router keeps free
 *     forbid                 tiles that hold no core, links that no packet crosses, rows without an axon; of the mesh,
 *                            as in a fabric
 *     pin                    who is on one of these tiles of the region
 *     together, apart        who is on one core; who is never on a core with whom
 *
 * Whether they can be kept at all is asked before anything is mapped; what is refused names the constraint. */
#ifndef STOA_CONSTRAINTS_H
#define STOA_CONSTRAINTS_H

#include "fabric.h"
#include "net.h"

struct st_span { /* members of a population */
    uint32_t node, first, count;
    struct st_mark mark;
};

struct st_spans { /* one set of `together` or `apart` */
    uint32_t count;
    struct st_span *spans;
    struct st_mark mark;
};

struct st_pin {
    struct st_span who;
    uint32_t tile_count;
    struct st_fabric_tile *tiles;
};

struct st_constraints {
    uint32_t neurons; /* most on a core; 0: as the fabric */
    uint32_t node_count;
    uint32_t *of_population; /* [nodes] most of it on a core; 0: as many as there is room */
    struct st_reserve {
        uint32_t neurons, axons, inputs, route_entries;
        uint64_t synapse_bits;
    } reserve;
    uint32_t tile_count, link_count, pin_count, together_count, apart_count;
    struct st_fabric_tile *tiles; /* all reserved */
    struct st_fabric_link *links;
    uint32_t row_count;
    struct st_fabric_row *rows; /* all dead, by y, x, row */
    struct st_pin *pins;
    struct st_spans *together, *apart;
    struct st_mark mark;
};

/* Of helpers (parts.h), whose nodes come behind those that a file can name, there is no most. */
static inline uint32_t st_most_of(const struct st_constraints *c, uint32_t node)
{
    return node < c->node_count ? c->of_population[node] : 0;
}

/* NULL when the text is refused: it is no such file, names what the network has not, or what the fabric cannot do. */
const struct st_constraints *st_constraints_read(struct st_arena *a, struct st_diags *d, const struct st_net *net,
                                                 const struct st_fabric *f, const char *file, const char *text,
                                                 size_t length);

#endif
