/* hand_net.h - CoLaNET's short form built by hand, so that no front end stands between a test and the stages. */
#ifndef STOA_HAND_NET_H
#define STOA_HAND_NET_H

#include "fabric.h"
#include "net_build.h"

enum { HAND_R, HAND_LABEL, HAND_L, HAND_OUT, HAND_BIASGATE, HAND_NODES };
enum { HAND_R_L, HAND_L_OUT, HAND_OUT_BIASGATE, HAND_LABEL_BIASGATE, HAND_BIASGATE_L, HAND_LABEL_L };

extern const struct st_net_param st_hand_params[4]; /* of the rule colanet */

/* side x side pixels, ten columns. The second is through a builder that has just begun; it finishes. */
struct st_net *st_hand_colanet(struct st_arena *a, uint32_t side, uint32_t microcolumns);
const struct st_net *st_hand_build(struct st_builder *b, uint32_t side, uint32_t microcolumns);
/* A roomy fabric (random_net.h) with these limits. */
struct st_fabric *st_hand_fabric(struct st_arena *a, uint32_t neurons, uint32_t axons, uint32_t weight_bits);

#endif
