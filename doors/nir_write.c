#include "nir_write.h"

#include "h5_write.h"
#include "plain.h"
#include "synapses.h"
#include <math.h>
#include <string.h>

enum { MATRIX_MAX = 1 << 27, DELAYS = 256 };

struct writer {
    struct st_arena *a;
    struct st_plain plain;
    const struct st_net *net;
    struct st_verdicts *v;
    struct st_h5_out *out;
    double dt;
    uint64_t seed;
    const char **edges; /* pairs */
    uint64_t edge_count, edge_room;
    uint64_t elements;
    bool *biased; /* [nodes] whose bias goes into the first Affine before it */
};

static const char *at_node(struct writer *w, const char *node, const char *param)
{
    return st_arena_printf(w->a, "/node/nodes/%s%s%s", node, param ? "/" : "", param ? param : "");
}

static void put_node(struct writer *w, const char *node, const char *type)
{
    st_h5_group(w->out, at_node(w, node, NULL));
    st_h5_put_text(w->out, at_node(w, node, "type"), type);
}

static void put_edge(struct writer *w, const char *from, const char *to)
{
    if (w->edge_count == w->edge_room) {
        w->edge_room = w->edge_room ? 2 * w->edge_room : 64;
        const char **edges = ST_NEW(w->a, const char *, 2 * w->edge_room);
        if (w->edge_count)
            memcpy(edges, w->edges, 2 * w->edge_count * sizeof *edges);
        w->edges = edges;
    }
    w->edges[2 * w->edge_count] = from;
    w->edges[2 * w->edge_count++ + 1] = to;
}

/* --- neurons ------------------------------------------------------------------------------------------------ */

static void put_values(struct writer *w, const struct st_net_node *n, const char *key, const double *x)
{
    uint64_t size = st_node_size(n);
    st_h5_put_reals(w->out, at_node(w, n->name, key), 1, &size, x);
}

/* Whether the potential of a population is what is read: it fires whenever that is 0 or more, and takes nothing off. */
static bool is_read(const struct writer *w, uint32_t node)
{
    const struct st_net_node *n = &w->net->nodes[node];
    return node == w->net->readout_node && w->net->decide == ST_DECIDE_EXCESS &&
           !st_plain_any(n, ST_ROLE_THRESHOLD, 0) && st_plain_value(n, ST_ROLE_RESET, 0, 0) == 1;
}

static void say_population(struct writer *w, const struct st_net_node *n, bool read, double leak)
{
    bool subtract = st_plain_value(n, ST_ROLE_RESET, 0, 0) == 1;
    if (!read && subtract)
        st_verdict(w->v, n->name, "reset", ST_FAITH_APPROXIMATED, 0,
                   "the format does not say it: read with subtract=1");
    if (!read && !subtract)
        st_verdict(w->v, n->name, "reset", ST_FAITH_EXACT, 0, "v_reset");
    if (!read && n->scale > 0)
        st_verdict(w->v, n->name, "threshold", ST_FAITH_EXACT, 0, "a unit below, which is exceeded");
    else if (!read)
        st_verdict(w->v, n->name, "threshold", ST_FAITH_APPROXIMATED, 0,
                   "reached here, exceeded there: `scale:` would say by how little");
    if (leak > 0)
        st_verdict(w->v, n->name, "leak", ST_FAITH_EXACT, 0, "tau = dt / leak");
}

static bool write_population(struct writer *w, uint32_t node)
{
    const struct st_net_node *n = &w->net->nodes[node];
    uint32_t size = st_node_size(n);
    double leak = st_plain_value(n, ST_ROLE_LEAK, 0, 0), decay = st_plain_value(n, ST_ROLE_DECAY, 0, 1),
           gain = st_plain_value(n, ST_ROLE_GAIN, 0, 1);
    bool current = decay < 1 || gain < 1, read = is_read(w, node);
    bool subtract = st_plain_value(n, ST_ROLE_RESET, 0, 0) == 1;
    if (!st_plain_population(&w->plain, n))
        return false;
    if (current && !(leak > 0 && decay > 0))
        return st_plain_refuse(&w->plain, n->mark, n->name, "leak", "potential and current leak both");
    double *x = ST_NEW(w->a, double, size);
#define EACH(key, value)                                                                                               \
    do {                                                                                                               \
        for (uint32_t i = 0; i < size; i++)                                                                            \
            x[i] = (value);                                                                                            \
        put_values(w, n, key, x);                                                                                      \
    } while (0)
    put_node(w, n->name,
             current    ? (read ? "CubaLI" : "CubaLIF")
             : leak > 0 ? (read ? "LI" : "LIF")
             : read     ? "I"
                        : "IF");
    if (current) {
        EACH("tau_syn", w->dt / decay);
        EACH("tau_mem", w->dt / leak);
        EACH("w_in", 1 / decay);
    } else if (leak > 0) {
        EACH("tau", w->dt / leak);
    }
    EACH("r", current ? gain / leak : leak > 0 ? 1 / leak : 1 / w->dt);
    w->biased[node] = leak == 0 && st_plain_any(n, ST_ROLE_BIAS, 0);
    if (leak > 0)
        EACH("v_leak", st_plain_value(n, ST_ROLE_BIAS, i, 0) / leak);
    if (!read) {
        /* what is exceeded is a unit below what is reached; to take off the threshold, it is itself */
        double unit = n->scale > 0 && !subtract ? 1 / n->scale : 0;
        EACH("v_threshold", st_plain_value(n, ST_ROLE_THRESHOLD, i, 0) - unit);
        if (!subtract)
            EACH("v_reset", st_plain_value(n, ST_ROLE_RESET_VALUE, i, 0));
    }
#undef EACH
    say_population(w, n, read, leak);
    return true;
}

static void write_receptors(struct writer *w, const struct st_net_node *n)
{
    uint64_t shape[2] = {n->height, n->width}, size = st_node_size(n);
    bool picture = n->height > 1 && n->code.taps == 0;
    put_node(w, n->name, "Input");
    uint64_t dims = picture ? 2 : 1;
    st_h5_put_wholes(w->out, at_node(w, n->name, "shape"), 1, &dims, picture ? shape : &size);
    st_verdict(w->v, n->name, "encoder", n->encoder == ST_ENCODE_SPIKES ? ST_FAITH_EXACT : ST_FAITH_APPROXIMATED, 0,
               n->encoder == ST_ENCODE_SPIKES ? "an Input" : "left out: an Input says what it is given");
}

/* --- synapses ----------------------------------------------------------------------------------------------- */

struct matrix {
    double *delays[DELAYS]; /* [targets][sources] of each delay; NULL: there is none */
    uint64_t sources, targets;
    struct writer *w;
    bool full;
};

static bool take(void *context, uint32_t source, uint32_t target, double weight, uint32_t delay)
{
    struct matrix *m = context;
    if (!m->delays[delay]) {
        m->w->elements += m->sources * m->targets;
        m->full = m->w->elements > MATRIX_MAX;
        if (m->full)
            return false;
        m->delays[delay] = ST_NEW(m->w->a, double, m->sources * m->targets);
    }
    m->delays[delay][target * m->sources + source] = weight;
    return true;
}

static bool write_projection(struct writer *w, uint32_t number)
{
    const struct st_net_projection *p = &w->net->projections[number];
    const struct st_net_node *from = &w->net->nodes[p->from], *to = &w->net->nodes[p->to];
    const char *name = st_arena_printf(w->a, "%s-%s.%u", from->name, to->name, number);
    struct matrix m = {.sources = st_node_size(from), .targets = st_node_size(to), .w = w};
    uint64_t shape[2] = {m.targets, m.sources}, none = 0;
    if (!st_plain_projection(&w->plain, p, name))
        return false;
    if (!st_each_synapse(w->a, w->net, number, w->seed, take, &m))
        return st_plain_refuse(&w->plain, p->mark, name, "synapses",
                               "matrices are full ones, and these would have more than 2^27 weights");
    for (uint32_t d = 1; d < DELAYS; d++) {
        if (!m.delays[d])
            continue;
        const char *wait = st_arena_printf(w->a, "%s.d%u", name, d), *sum = st_arena_printf(w->a, "%s.w%u", name, d);
        double *delay = ST_NEW(w->a, double, m.sources);
        for (uint64_t i = 0; i < m.sources; i++)
            delay[i] = d * w->dt;
        put_node(w, wait, "Delay");
        st_h5_put_reals(
            w->out, at_node(w, wait, "delay"), from->height > 1 && from->receptor ? 2 : 1,
            from->height > 1 && from->receptor ? (const uint64_t[2]){from->height, from->width} : &m.sources, delay);
        put_node(w, sum, w->biased[p->to] ? "Affine" : "Linear");
        st_h5_put_reals(w->out, at_node(w, sum, "weight"), 2, shape, m.delays[d]);
        if (w->biased[p->to]) {
            double *bias = ST_NEW(w->a, double, m.targets);
            for (uint32_t i = 0; i < m.targets; i++)
                bias[i] = st_plain_value(to, ST_ROLE_BIAS, i, 0);
            st_h5_put_reals(w->out, at_node(w, sum, "bias"), 1, &m.targets, bias);
            w->biased[p->to] = false;
        }
        put_edge(w, from->name, wait);
        put_edge(w, wait, sum);
        put_edge(w, sum, to->name);
        none++;
    }
    st_verdict(w->v, name, "synapses", ST_FAITH_EXACT, 0, "%llu matri%s, one a delay", (unsigned long long)none,
               none == 1 ? "x" : "ces");
    return true;
}

/* --- the whole ---------------------------------------------------------------------------------------------- */

static bool write_all(struct writer *w)
{
    const struct st_net *net = w->net;
    bool good = true;
    st_h5_put_text(w->out, "/version", "1.0.7");
    st_h5_group(w->out, "/node");
    st_h5_put_text(w->out, "/node/type", "NIRGraph");
    st_h5_group(w->out, "/node/nodes");
    for (uint32_t i = 0; i < net->node_count; i++)
        if (i < net->receptor_count)
            write_receptors(w, &net->nodes[i]);
        else
            good &= write_population(w, i);
    for (uint32_t i = 0; i < net->projection_count; i++)
        good &= write_projection(w, i);
    for (uint32_t i = 0; i < net->node_count; i++)
        if (good && w->biased[i])
            good =
                st_plain_refuse(&w->plain, net->nodes[i].mark, net->nodes[i].name, "bias",
                                "a bias without a leak stands in a projection that ends here, of which there is none,");
    const struct st_net_node *read = &net->nodes[net->readout_node];
    uint64_t one = 1, size = st_node_size(read);
    const char *output = "output";
    for (uint32_t i = 0; i < net->node_count; i++)
        if (!strcmp(net->nodes[i].name, output))
            output = "output.1";
    put_node(w, output, "Output");
    st_h5_put_wholes(w->out, at_node(w, output, "shape"), 1, &one, &size);
    put_edge(w, read->name, output);
    uint64_t shape[2] = {w->edge_count, 2};
    st_h5_put_texts(w->out, "/node/edges", 2, shape, w->edges);
    if (net->copies > 1)
        st_verdict(w->v, "copies", "", ST_FAITH_APPROXIMATED, 0, "one of %u: an ensemble is as many graphs",
                   net->copies);
    return good;
}

bool st_nir_write(struct st_arena *a, struct st_diags *d, const struct st_net *net, double dt, uint64_t seed,
                  const char *path, struct st_verdicts *v, struct st_fault *f)
{
    struct st_h5_out out;
    struct writer w = {.a = a,
                       .plain = {.diags = d, .verdicts = v, .format = "NIR"},
                       .net = net,
                       .v = v,
                       .out = &out,
                       .dt = dt,
                       .seed = seed};
    jmp_buf outer;
    f->id = ST_OK;
    w.biased = ST_NEW(a, bool, net->node_count);
    if (!st_h5_create(&out, a, path, f))
        return false;
    memcpy(&outer, &a->full, sizeof outer);
    if (setjmp(a->full)) {
        st_h5_drop(&out);
        memcpy(&a->full, &outer, sizeof outer);
        longjmp(a->full, 1);
    }
    bool good = write_all(&w);
    memcpy(&a->full, &outer, sizeof outer);
    if (!good) {
        st_h5_drop(&out);
        return false;
    }
    return st_h5_commit(&out, f);
}
