/* corner_values.h - images in which packets bring values, and rules keep what events bring. */
#ifndef STOA_CORNER_VALUES_H
#define STOA_CORNER_VALUES_H

#include "hand_image.h"
#include "random_net.h"

/* What values add, in dense rows and in sparse ones; what rules see of them whose first keeps the value of the last
 * event, or counts events. */
void corner_values(struct hand *h, struct st_random *r);
void corner_values_listed(struct hand *h, struct st_random *r);
void corner_values_kept(struct hand *h, struct st_random *r);
void corner_values_counted(struct hand *h, struct st_random *r);
void corner_values_fill(const struct st_image *m, uint32_t core);

#endif
