/* corner_recruits.h - columns that recruit, with every standing of a neuron beside every other: for corners.c. */
#ifndef STOA_CORNER_RECRUITS_H
#define STOA_CORNER_RECRUITS_H

#include "hand_image.h"
#include "random_net.h"

/* Vigilance and freeze in the middle; none of either; as large as they may be. */
void corner_recruits(struct hand *h, struct st_random *r);
void corner_recruits_any(struct hand *h, struct st_random *r);
void corner_recruits_far(struct hand *h, struct st_random *r);
void corner_recruits_just(struct hand *h, struct st_random *r);
void corner_recruits_just_far(struct hand *h, struct st_random *r);
void corner_recruits_just_fill(const struct st_image *m, uint32_t core);
void corner_recruits_fill(const struct st_image *m, uint32_t core);

#endif
