/* corner_rules.h - images in which not every pair that learns has a synapse, and in which several rules learn. */
#ifndef STOA_CORNER_RULES_H
#define STOA_CORNER_RULES_H

#include "hand_image.h"
#include "random_net.h"

/* One rule, and pairs without a synapse; as many rules as the model has; rows of one beat, of one rule right behind
 * another's; several rules and pairs without a synapse. */
void corner_masks(struct hand *h, struct st_random *r);
void corner_rules(struct hand *h, struct st_random *r);
void corner_rules_short(struct hand *h, struct st_random *r);
void corner_rules_masked(struct hand *h, struct st_random *r);
void corner_rules_fill(const struct st_image *m, uint32_t core);

#endif
