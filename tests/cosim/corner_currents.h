/* corner_currents.h - neurons with synaptic currents, and thresholds that adapt, at the ends of their fields. */
#ifndef STOA_CORNER_CURRENTS_H
#define STOA_CORNER_CURRENTS_H

#include "hand_image.h"
#include "random_net.h"

void corner_currents(struct hand *h, struct st_random *r);
void corner_adapts(struct hand *h, struct st_random *r);
void corner_adapts_fill(const struct st_image *m, uint32_t core);

#endif
