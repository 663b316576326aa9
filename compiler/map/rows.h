/* rows.h - rows of synapses that do not work: which tiles a core may be put on, and which rows it uses there.
 *
 * An axon takes a row, dense or sparse. Axons have numbers that mean something (learning axon s is source s), so they
 * stay 0, 1, 2 ..; on a tile with faults axon a is in the a-th of the rows that work:
 *
 *     rows of the tile   0  1  x  3  4  x  6 ..        x dead, or a bit is stuck at a neuron that the core has
 *     axons of its core  0  1     2  3     4 ..
 *
 * An image therefore says of any chip which rows are used, and is the same image on all of them. A place of a
 * neuron that a core has not is never written, so a bit that is stuck there is no fault for it; but a list lies
 * anywhere in its row, so where there are sparse rows one with a stuck bit is as good as dead. What is stored is not
 * asked: it changes while the core learns, and when an image is frozen or loaded with other weights.
 *
 * A row that is lost takes its part of the synapse memory with it: so many bits are left as there are rows, of all.
 *
 * A mapping is made for cores of one size. Which? Those of a mapping onto a whole chip stand so many lost rows; tiles
 * that have lost more are left out like dead ones. Where too few are left, or those are far from each other, more lost
 * rows are stood, and all cores are filled as the worst of the tiles allows (map.c). */
#ifndef STOA_ROWS_H
#define STOA_ROWS_H

#include "place.h"

struct st_rows_need {
    uint32_t neurons; /* the most of a core */
    uint32_t lost;    /* rows that the fullest core can do without */
    uint32_t fullest; /* that core */
};

struct st_rows_need st_rows_need_of(const struct st_wire *w, const struct st_limits *l);
/* Rows of a tile that a core of so many neurons cannot use. */
uint32_t st_rows_lost(const struct st_fabric *f, uint32_t x, uint32_t y, uint32_t neurons);
/* Rows that work on half of the tiles and more, whatever neurons a core has: 0 where there are no such tiles. */
uint32_t st_rows_common(struct st_arena *a, const struct st_fabric *f);
/* A chip with cores of so many neurons for which up to `most` rows are lost: tiles with more are reserved. */
const struct st_fabric *st_rows_chip(struct st_arena *a, const struct st_fabric *chip, uint32_t neurons, uint32_t most);
/* Tiles that have lost no more, and another `most` with half as many again; UINT32_MAX: those are all. */
uint32_t st_rows_tiles(const struct st_fabric *chip, uint32_t neurons, uint32_t most);
uint32_t st_rows_more(struct st_arena *a, const struct st_fabric *chip, uint32_t neurons, uint32_t most);
/* Whether in every copy each core has the rows, and the bits, that it takes. */
bool st_rows_hold(const struct st_place *p, const struct st_fabric *chip);
/* For each core and copy on a tile with faults, the rows of its axons. */
struct st_text;
void st_rows_print(struct st_text *t, const struct st_place *p);

#endif
