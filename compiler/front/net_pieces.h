/* net_pieces.h - a network that a program says part by part: each part in the words of its file (docs/language.md),
 * long lists of synapses as columns of numbers.
 *
 *     begin ─> number* ─> (receptors | population | emitter)* ─> (projection ─> synapses*)* ─> readout ─> finish
 *
 * What stands behind a name in a network's file, "{ size: 4, encoder: spikes }", is a part's text; diagnostics point
 * into it, under the part's name. NULL is "{}". A number that is computed is named first and then said as $name. As in
 * net_build.h, the first mistake ends nothing: diagnostics are collected, and finish refuses. */
#ifndef STOA_NET_PIECES_H
#define STOA_NET_PIECES_H

#include "net.h"

struct st_pieces;

/* head: `network`, `about`, `parameters`, `copies`, `presentation`. NULL: it cannot be read at all. */
struct st_pieces *st_pieces_begin(struct st_arena *a, struct st_diags *d, const char *head);
/* What $name is in the parts that follow; again: what it is from there on. */
void st_pieces_number(struct st_pieces *p, const char *name, double value);
void st_pieces_receptors(struct st_pieces *p, const char *name, const char *text);
void st_pieces_population(struct st_pieces *p, const char *name, const char *text);
void st_pieces_emitter(struct st_pieces *p, const char *name, const char *text);
/* Its number, or UINT32_MAX. Of `policy: list` the synapses may follow. */
uint32_t st_pieces_projection(struct st_pieces *p, const char *text);
/* As often as one likes. weight NULL or NAN, delay_ticks NULL or 0: the projection's own. False: there is no such
 * projection; else what is wrong is said. */
bool st_pieces_synapses(struct st_pieces *p, uint32_t projection, size_t count, const uint32_t *source,
                        const uint32_t *target, const double *weight, const uint16_t *delay_ticks);
void st_pieces_readout(struct st_pieces *p, const char *text);
const struct st_net *st_pieces_finish(struct st_pieces *p);

#endif
