/* corner_emits.h - what rows emit: as often and as much as there can be, next to nothing, nothing, and who hears it. */
#ifndef STOA_CORNER_EMITS_H
#define STOA_CORNER_EMITS_H

#include "hand_image.h"
#include "random_net.h"

void corner_emits(struct hand *h, struct st_random *r);
/* Neurons that learn compete, and blocks of columns stand beside those of lanes. */
void corner_emits_columns(struct hand *h, struct st_random *r);
void corner_emits_fill(const struct st_image *m, uint32_t core);
/* All neurons that there can be emit the largest words that there are, in nearly all words of their programs. */
void corner_emits_most(struct hand *h, struct st_random *r);
void corner_emits_most_fill(const struct st_image *m, uint32_t core);
/* Pairs of neurons whose sums cancel, but for those of the last pair: most ticks leave nothing. */
void corner_emits_cancel(struct hand *h, struct st_random *r);
/* The same, and each lane stands in more blocks than the router's queue has room for. */
void corner_emits_late(struct hand *h, struct st_random *r);
void corner_emits_pairs_fill(const struct st_image *m, uint32_t core);

#endif
