#include "hand_net.h"

#include "lif/lif.h"
#include "random_net.h"
#include <string.h>

const struct st_net_param st_hand_params[4] = {{(char *)"w_min", -0.253, {0}}, {(char *)"w_max", 0.0924, {0}},
                                               {(char *)"hebbian", -0.1765, {0}}, {(char *)"alpha", 0.2, {0}}};

static void name(struct st_net_node *n, const char *text, uint32_t columns, uint32_t microcolumns)
{
    n->name = (char *)text;
    n->columns = columns;
    n->microcolumns = microcolumns;
}

struct st_net *st_hand_colanet(struct st_arena *a, uint32_t side, uint32_t microcolumns)
{
    struct st_net *net = ST_NEW(a, struct st_net, 1);
    *net = (struct st_net){.name = (char *)"colanet-by-hand", .about = (char *)"", .directory = (char *)".",
                           .copies = 2, .picture_ticks = 10, .silence_ticks = 10, .reset = true,
                           .node_count = HAND_NODES, .receptor_count = 2, .readout_node = HAND_OUT, .vote_base = 1};
    struct st_net_node *n = net->nodes = ST_NEW(a, struct st_net_node, HAND_NODES);
    name(&n[HAND_R], "R", side * side, 1);
    n[HAND_R].receptor = true;
    n[HAND_R].width = n[HAND_R].height = side;
    name(&n[HAND_LABEL], "Label", 10, 1);
    n[HAND_LABEL].receptor = n[HAND_LABEL].teacher = true;
    n[HAND_LABEL].encoder = ST_ENCODE_LABEL;
    n[HAND_LABEL].at = ST_NEW(a, uint16_t, 1);
    n[HAND_LABEL].at[0] = 12;
    n[HAND_LABEL].at_count = 1;
    name(&n[HAND_L], "L", 10, microcolumns);
    n[HAND_L].compete = n[HAND_L].reset = true;
    n[HAND_L].block_ticks = 3;
    n[HAND_L].scale = 1000;
    n[HAND_L].params[ST_LIF_THRESHOLD] = 8.531;
    n[HAND_L].params[ST_LIF_LEAK] = 1.0 / 3;
    n[HAND_L].params[ST_LIF_NOISE] = 2.212;
    name(&n[HAND_OUT], "OUT", 10, 1);
    name(&n[HAND_BIASGATE], "BIASGATE", 10, 1);
    n[HAND_OUT].params[ST_LIF_THRESHOLD] = n[HAND_BIASGATE].params[ST_LIF_THRESHOLD] = 1;
    n[HAND_BIASGATE].teacher = true;
    static const struct st_net_projection links[] = {
        {.from = HAND_R, .to = HAND_L, .rule = (char *)"colanet", .rule_params = (struct st_net_param *)st_hand_params,
         .rule_param_count = 4, .delay_ticks = {.a = 1}, .probability = 1},
        {.from = HAND_L, .to = HAND_OUT, .policy = ST_ALIGNED, .weight = {.a = 1}, .delay_ticks = {.a = 1},
         .probability = 1},
        {.from = HAND_OUT, .to = HAND_BIASGATE, .policy = ST_ALIGNED, .kind = ST_GATING, .weight = {.a = -3},
         .delay_ticks = {.a = 1}, .probability = 1, .teacher = true},
        {.from = HAND_LABEL, .to = HAND_BIASGATE, .policy = ST_ALIGNED, .weight = {.a = 1}, .delay_ticks = {.a = 1},
         .probability = 1, .teacher = true},
        {.from = HAND_BIASGATE, .to = HAND_L, .policy = ST_ALIGNED, .weight = {.a = 10.644}, .delay_ticks = {.a = 1},
         .probability = 1, .forcing = true, .teacher = true},
        {.from = HAND_LABEL, .to = HAND_L, .policy = ST_ALIGNED, .kind = ST_REWARD, .weight = {.a = 0.18},
         .delay_ticks = {.a = 3}, .probability = 1, .teacher = true},
    };
    net->projection_count = sizeof links / sizeof *links;
    net->projections = ST_NEW(a, struct st_net_projection, net->projection_count);
    memcpy(net->projections, links, sizeof links);
    return net;
}

struct st_fabric *st_hand_fabric(struct st_arena *a, uint32_t neurons, uint32_t axons, uint32_t weight_bits)
{
    struct st_fabric *f = (struct st_fabric *)st_roomy_fabric(a);
    f->limits.neurons = neurons;
    f->limits.axons = axons;
    f->limits.weight_bits = weight_bits;
    f->limits.shift_max = weight_bits < 12 ? 8 : 20 - weight_bits; /* sums of 1024 axons stay within 30 bits */
    return f;
}
