/* fields.h - receptive fields: the learnt weights of every neuron, put back where its inputs are.
 *
 * The image knows rows of axons, cut over cores; a reader wants the picture that a neuron looks for. An axon's source
 * is found through the routing table (block, index), so a field is right however the network was cut: parts from
 * several cores meet in one picture, and what no core holds stays empty.
 *
 *     core's row  w[axon][neuron]  ──route: base axon -> block -> source──>  field[neuron][source]
 *
 * One set for each pair (population that learns, receptor group or population it learns from). */
#ifndef STOA_FIELDS_H
#define STOA_FIELDS_H

#include "arena.h"
#include "stoa/image.h"

enum { ST_FIELD_EMPTY = INT16_MIN };

struct st_fields {
    uint32_t population; /* whose neurons */
    uint32_t source;     /* receptor group, or population when from_population */
    bool from_population;
    uint32_t neurons;       /* of the population */
    uint32_t width, height; /* of one field: the source's shape */
    int16_t *at;            /* [neurons][height * width], ST_FIELD_EMPTY where there is no synapse */
    int16_t largest;        /* largest |weight| */
};

/* Where one plastic axon of a core comes from. */
struct st_origin {
    bool known, from_population;
    uint32_t source; /* receptor group, or population */
    uint32_t index;  /* in it */
};
/* [plastic axons] of a core. */
struct st_origin *st_axon_origins(struct st_arena *a, const struct st_image *image, const struct st_core *core);

/* The sets of one copy, ordered by population and source; NULL and 0 when nothing has learnt. */
struct st_fields *st_fields_of(struct st_arena *a, const struct st_image *image, uint32_t copy, uint32_t *count);

#endif
