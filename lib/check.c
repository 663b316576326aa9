/* check.c - what is wrong with a network, and whether an image is one: questions that read their files themselves, so
 * that all that is said is one list. */
#include "handles.h"
#include "shipped.h"
#include "verify.h"
#include <string.h>

static struct st_setting *settings_of(struct st_call *c, const stoa_setting *from, size_t count)
{
    struct st_setting *to = ST_NEW(c->arena, struct st_setting, count);
    for (size_t i = 0; i < count; i++)
        to[i] = (struct st_setting){st_arena_text(c->arena, from[i].name, strlen(from[i].name)), from[i].value};
    return to;
}

static const struct st_net *read_net(struct st_call *c, const char *name, const stoa_setting *settings, size_t count)
{
    return st_net_load(c->arena, &c->diags, name, settings_of(c, settings, count), count, &c->note, &c->fault);
}

/* --- a network ------------------------------------------------------------------------------------------------ */

struct checking {
    const char *network, *fabric;
    const stoa_setting *settings;
    size_t count;
    bool frozen;
    const char *constraints;
    char *name;
};

static bool check(struct st_call *c, void *user)
{
    struct checking *q = user;
    if (!q->network)
        return st_request(c, "there is no network");
    if (q->constraints && !q->fabric)
        return st_request(c, "constraints are of a mapping, and want a fabric");
    const struct st_net *net = read_net(c, q->network, q->settings, q->count);
    if (!net)
        return false;
    if (q->fabric) {
        stoa_compile_options o = stoa_compile_defaults(); /* a network is checked as it would be compiled */
        struct st_compile_options how;
        o.frozen = q->frozen;
        o.constraints = q->constraints;
        const struct st_fabric *fabric = st_fabric_load(c->arena, &c->diags, q->fabric, &c->fault);
        if (!fabric || !st_compile_how(c, &o, &how) || !st_compile(c->arena, &c->diags, net, fabric, &how, NULL))
            return false;
    }
    return (q->name = st_give(c, net->name, strlen(net->name))) != NULL;
}

stoa_status stoa_check(const char *network, const stoa_setting *settings, size_t count, const char *fabric, int frozen,
                       const char *constraints, char **name, stoa_diagnostics **said)
{
    struct checking q = {network, fabric, settings, count, frozen, constraints, NULL};
    stoa_status status = st_call(said, check, &q);
    *name = q.name;
    return status;
}

/* --- an image ------------------------------------------------------------------------------------------------- */

struct verifying {
    const char *network, *fabric;
    const stoa_image *image;
    const stoa_verify_options *given;
    char *summary;
};

static bool verify(struct st_call *c, void *user)
{
    struct verifying *q = user;
    stoa_verify_options o = stoa_verify_defaults();
    struct st_verified seen;
    if (!q->network || !q->fabric || !q->image)
        return st_request(c, "a network, a fabric and an image are wanted");
    if (!st_options(c, &o, sizeof o, q->given, sizeof o))
        return false;
    if (o.weights && !o.frozen)
        return st_request(c, "weights are for a frozen network");
    const struct st_net *net = read_net(c, q->network, o.settings, o.setting_count);
    const struct st_fabric *fabric = net ? st_fabric_load(c->arena, &c->diags, q->fabric, &c->fault) : NULL;
    if (!fabric)
        return false;
    const struct st_verify_how how = {
        .seed = o.seed, .frozen = o.frozen, .weights = o.weights ? o.weights->image : NULL};
    if (!st_verify(&c->diags, net, fabric, q->image->image, how, &seen) || c->diags.errors)
        return false;
    const char *text = st_arena_printf(
        c->arena,
        "%s on %s: %llu synapses, %llu of them learning, onto %llu neurons over %llu axons of %u cores: each once, "
        "nothing else",
        net->name, fabric->name, (unsigned long long)seen.synapses, (unsigned long long)seen.learning,
        (unsigned long long)seen.neurons, (unsigned long long)seen.arrivals, q->image->about.cores);
    return (q->summary = st_give(c, text, strlen(text))) != NULL;
}

stoa_status stoa_verify(const char *network, const char *fabric, const stoa_image *image,
                        const stoa_verify_options *options, char **summary, stoa_diagnostics **said)
{
    struct verifying q = {network, fabric, image, options, NULL};
    stoa_status status = st_call(said, verify, &q);
    *summary = q.summary;
    return status;
}
