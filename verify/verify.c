#include "verify_work.h"

const char *st_verify_who(struct st_verifier *v, uint32_t node, uint32_t member)
{
    const struct st_net_node *n = &v->net->nodes[node];
    return st_arena_printf(v->arena,
                           n->emitter    ? "member %u of emitter '%s'"
                           : n->receptor ? "receptor %u of '%s'"
                                         : "neuron %u of population '%s'",
                           member, n->name);
}

bool st_verify(struct st_diags *d, const struct st_net *net, const struct st_fabric *fabric,
               const struct st_image *image, struct st_verify_how how, struct st_verified *out)
{
    struct st_verified unseen;
    struct st_verifier v = {.arena = d->arena,
                            .diags = d,
                            .net = net,
                            .fabric = fabric,
                            .image = image,
                            .how = how,
                            .out = out ? out : &unseen,
                            .errors = d->errors};
    *v.out = (struct st_verified){0};
    if (!st_verify_frame(&v) || !st_verify_seats(&v))
        return false;
    st_verify_limits(&v);
    if (!how.wiring_only)
        st_verify_neurons(&v);
    if (st_verify_ways(&v))
        st_verify_sources(&v);
    st_verify_learnt(&v);
    return d->errors == v.errors;
}
