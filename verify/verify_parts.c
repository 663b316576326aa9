/* verify_parts.c - populations whose sums are made in parts (compiler/map/parts.h), by what an image says alone.
 *
 * Behind the populations of the network there are those of helpers: 'X+' for weights above 0 of X, 'X-' for those
 * below. They join the network that is checked, as neurons that forget at once and fire at 1. What a helper is sent
 * counts as sent to the neuron that it serves, a tick later; what it sends must be its sum. */
#include "verify_work.h"

#include "lif/lif.h"
#include <string.h>

/* Of an extra population of the image: the node that it is of, or ST_NONE; minus: of weights below 0. */
static uint32_t served_by(const struct st_net *net, const char *name, bool *minus)
{
    size_t length = strlen(name);
    *minus = length && name[length - 1] == '-';
    for (uint32_t n = net->receptor_count; length && n < net->node_count; n++)
        if (strlen(net->nodes[n].name) == length - 1 && !strncmp(net->nodes[n].name, name, length - 1) &&
            (*minus || name[length - 1] == '+'))
            return n;
    return ST_NONE;
}

bool st_verify_add_parts(struct st_verifier *v, uint32_t populations)
{
    const struct st_image *m = v->image;
    uint32_t extra = m->population_count - populations;
    struct st_net *net = ST_NEW(v->arena, struct st_net, 1);
    *net = *v->net;
    v->plain = net->node_count;
    v->part = ST_NEW(v->arena, struct st_verify_part, extra);
    net->nodes = ST_NEW(v->arena, struct st_net_node, net->node_count + extra);
    memcpy(net->nodes, v->net->nodes, net->node_count * sizeof *net->nodes);
    v->in_parts = ST_NEW(v->arena, bool, net->node_count + extra);
    for (uint32_t k = 0; k < extra; k++) {
        const struct st_population *p = &m->populations[populations + k];
        struct st_verify_part *part = &v->part[k];
        part->of = served_by(v->net, p->name, &part->minus);
        bool again = false;
        for (uint32_t i = 0; i < k; i++)
            again |= v->part[i].of == part->of && v->part[i].minus == part->minus;
        if (part->of == ST_NONE || again || p->start_count || p->microcolumns != 1) {
            ST_COMPLAIN(v, IMAGE_OTHER, (struct st_mark){0}, "the image has a population '%s', network '%s' has none",
                        p->name, net->name);
            return false;
        }
        struct st_net_node *n = &net->nodes[net->node_count++];
        *n = (struct st_net_node){.name = p->name,
                                  .mark = net->nodes[part->of].mark,
                                  .columns = p->columns,
                                  .microcolumns = 1,
                                  .model = ST_MODEL_LIF,
                                  .reset = net->nodes[part->of].reset,
                                  .scale = p->scale};
        n->params[ST_LIF_THRESHOLD] = 1 / p->scale;
        n->params[ST_LIF_LEAK] = 1;
        part->serve = ST_NEW(v->arena, uint32_t, p->columns);
        part->load = ST_NEW(v->arena, int64_t, p->columns);
        v->in_parts[part->of] = true;
    }
    v->net = net;
    return true;
}

/* What a helper sends: its value to one neuron, by a graded signal, and 1 more. */
bool st_verify_serves(struct st_verifier *v, uint32_t node, uint32_t member, const struct st_wanted *const *sent,
                      uint32_t count)
{
    struct st_verify_part *part = &v->part[node - v->plain];
    int32_t one = part->minus ? -1 : 1;
    bool right = count == 2;
    for (uint32_t i = 0; right && i < 2; i++) {
        const struct st_wanted *x = sent[i];
        right = x->node == part->of && x->target == sent[0]->target && x->delay_ticks == 1 && !x->forcing &&
                !x->learns && x->amount == (x->kind == ST_GRADED ? st_verify_graded(one, 0) : one);
    }
    right = right && sent[0]->kind + sent[1]->kind == ST_GRADED + ST_SIGNAL && sent[0]->kind != sent[1]->kind;
    if (right)
        part->serve[member] = sent[0]->target;
    else
        ST_COMPLAIN(v, IMAGE_SYNAPSE, v->net->nodes[node].mark, "%s does not send its sum to one neuron of '%s'",
                    st_verify_who(v, node, member), v->net->nodes[part->of].name);
    return right;
}

void st_verify_sum(struct st_verifier *v, struct st_wanted *x)
{
    if (x->node < v->plain)
        return;
    struct st_verify_part *part = &v->part[x->node - v->plain];
    if (x->kind != ST_SIGNAL || x->forcing || x->amount <= 0)
        return; /* the network has no such synapse: it is told as it is */
    int64_t *load = &part->load[x->target], top = (INT64_C(1) << (v->fabric->limits.membrane_bits - 1)) - 1;
    int64_t most = top < 1 << 15 ? top : 1 << 15;
    *load += x->amount;
    if (*load > most && *load - x->amount <= most)
        ST_COMPLAIN(v, IMAGE_SYNAPSE, v->net->nodes[x->node].mark, "what comes to %s may add up to more than %lld",
                    st_verify_who(v, x->node, x->target), (long long)most);
    x->target = part->serve[x->target];
    x->node = part->of;
    x->amount = part->minus ? -x->amount : x->amount;
    x->delay_ticks++;
}
