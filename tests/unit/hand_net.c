#include "hand_net.h"

#include "lif/lif.h"
#include "random_net.h"
#include <stdio.h>
#include <stdlib.h>

const struct st_net_param st_hand_params[4] = {{(char *)"w_min", -0.253, {0}},
                                               {(char *)"w_max", 0.0924, {0}},
                                               {(char *)"hebbian", -0.1765, {0}},
                                               {(char *)"alpha", 0.2, {0}}};

static struct st_net_node *population(struct st_builder *b, const char *name, uint32_t columns, uint32_t microcolumns)
{
    struct st_net_node *n = st_net_node(b, st_net_add_population(b, name, (struct st_mark){0}));
    n->columns = columns;
    n->microcolumns = microcolumns;
    n->reset = false;
    return n;
}

static struct st_net_projection *aligned(struct st_builder *b, uint32_t from, uint32_t to, double weight)
{
    uint32_t number = st_net_add_projection(b, from, to, (struct st_mark){0});
    struct st_net_projection *p = st_net_projection(b, number);
    p->policy = ST_ALIGNED;
    p->weight.a = weight;
    return p;
}

const struct st_net *st_hand_build(struct st_builder *b, uint32_t side, uint32_t microcolumns)
{
    struct st_mark none = {0};
    st_net_name(b, "colanet-by-hand", none);
    st_net_copies(b, 2);
    st_net_presentation(b, 10, 10, true);
    struct st_net_node *r = st_net_node(b, st_net_add_receptors(b, "R", none));
    r->columns = side * side;
    r->width = r->height = side;
    struct st_net_node *label = st_net_node(b, st_net_add_receptors(b, "Label", none));
    label->columns = label->width = 10;
    label->encoder = ST_ENCODE_LABEL;
    label->teacher = true;
    st_net_at(b, HAND_LABEL, 1, (const uint16_t[]){12});
    struct st_net_node *l = population(b, "L", 10, microcolumns);
    l->compete = true;
    l->reset = true;
    l->block_ticks = 3;
    l->scale = 1000;
    l->params[ST_LIF_THRESHOLD] = 8.531;
    l->params[ST_LIF_LEAK] = 1.0 / 3;
    l->params[ST_LIF_NOISE] = 2.212;
    population(b, "OUT", 10, 1);
    population(b, "BIASGATE", 10, 1)->teacher = true;

    uint32_t learns = st_net_add_projection(b, HAND_R, HAND_L, none);
    st_net_plastic(b, learns, "colanet", none);
    for (size_t i = 0; i < sizeof st_hand_params / sizeof *st_hand_params; i++)
        st_net_rule_param(b, learns, st_hand_params[i].name, st_hand_params[i].value, none);
    aligned(b, HAND_L, HAND_OUT, 1);
    aligned(b, HAND_OUT, HAND_BIASGATE, -3)->kind = ST_GATING;
    aligned(b, HAND_LABEL, HAND_BIASGATE, 1);
    aligned(b, HAND_BIASGATE, HAND_L, 10.644)->forcing = true;
    struct st_net_projection *reward = aligned(b, HAND_LABEL, HAND_L, 0.18);
    reward->kind = ST_REWARD;
    reward->delay_ticks.a = 3;
    st_net_readout(b, HAND_OUT, ST_DECIDE_COUNT, 1, 0, none);
    return st_net_finish(b);
}

struct st_net *st_hand_colanet(struct st_arena *a, uint32_t side, uint32_t microcolumns)
{
    struct st_diags *d = ST_NEW(a, struct st_diags, 1);
    st_diags_init(d, a);
    const struct st_net *net = st_hand_build(st_net_begin(a, d, (struct st_mark){0}, ".", NULL, 0), side, microcolumns);
    if (!net) {
        fputs(st_diags_text(d, false), stderr);
        abort();
    }
    return (struct st_net *)net; /* tests change it */
}

struct st_fabric *st_hand_fabric(struct st_arena *a, uint32_t neurons, uint32_t axons, uint32_t weight_bits)
{
    struct st_fabric *f = (struct st_fabric *)st_roomy_fabric(a);
    f->limits.neurons = neurons;
    f->limits.axons = axons;
    f->limits.inputs = 2 * axons;
    f->limits.weight_bits = weight_bits;
    f->limits.shift_max = weight_bits < 12 ? 8 : 20 - weight_bits; /* sums of 1024 axons stay within 30 bits */
    return f;
}
