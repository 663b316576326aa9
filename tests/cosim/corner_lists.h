/* corner_lists.h - sparse rows of every kind among dense ones; entries that are late. */
#ifndef STOA_CORNER_LISTS_H
#define STOA_CORNER_LISTS_H

#include "hand_image.h"
#include "random_net.h"

void corner_lists(struct hand *h, struct st_random *r);
void corner_late(struct hand *h, struct st_random *r);

#endif
