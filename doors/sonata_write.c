#include "sonata_write.h"

#include "file.h"
#include "h5_write.h"
#include "plain.h"
#include "synapses.h"
#include <math.h>
#include <string.h>

enum { SYNAPSES_MAX = 1 << 28 };

struct writer {
    struct st_arena *a;
    const struct st_net *net;
    struct st_plain plain;
    struct st_h5_out file, *out; /* the file at hand; out: NULL while there is none */
    const char *folder;
    double dt;
    uint64_t seed;
    struct st_text nodes, edges; /* lists of the circuit's configuration */
    struct st_fault *f;
};

static bool put_file(struct writer *w, const char *name, const char *text)
{
    return st_file_write(st_path_join(w->a, w->folder, name), text, strlen(text), w->f);
}

static void begin_h5(struct st_h5_out *o, const char *group, const char *name, struct writer *w)
{
    static const uint32_t magic = 0x0a7a, version[2] = {0, 1};
    st_h5_note_wholes(o, "/", "magic", 1, &magic);
    st_h5_note_wholes(o, "/", "version", 2, version);
    st_h5_group(o, group);
    st_h5_group(o, st_arena_printf(w->a, "%s/%s", group, name));
    st_h5_group(o, st_arena_printf(w->a, "%s/%s/0", group, name));
}

/* Whole numbers: one for all rows, or counted up. */
static void put_count(struct writer *w, const char *path, uint64_t rows, uint64_t first, uint64_t step)
{
    uint64_t *x = ST_NEW(w->a, uint64_t, rows);
    for (uint64_t i = 0; i < rows; i++)
        x[i] = first + i * step;
    st_h5_put_wholes(w->out, path, 1, &rows, x);
}

/* --- nodes -------------------------------------------------------------------------------------------------- */

static bool is_current(const struct st_net_node *n) { return st_role_at(st_models[n->model], ST_ROLE_DECAY) >= 0; }

/* A time constant from the part that is lost in a tick; where nothing is, one so long that nothing is. */
static double tau_of(const struct writer *w, double loss) { return loss > 0 ? -w->dt / log1p(-loss) : 1e9 * w->dt; }

/* What a unit of a current adds to the potential, with C_m = tau_m: as the reader works it out. */
static double pull(const struct writer *w, double tau_m, double tau_s)
{
    if (fabs(tau_m - tau_s) <= 1e-9 * tau_m)
        return w->dt / tau_m * exp(-w->dt / tau_m);
    return tau_s / (tau_s - tau_m) * (exp(-w->dt / tau_s) - exp(-w->dt / tau_m));
}

static bool check_population(struct writer *w, const struct st_net_node *n)
{
    bool good = st_plain_population(&w->plain, n);
    if (st_plain_any(n, ST_ROLE_RESET, 0))
        good = st_plain_refuse(&w->plain, n->mark, n->name, "reset", "a spike resets, it takes no threshold off,");
    double leak = st_plain_value(n, ST_ROLE_LEAK, 0, 0), decay = st_plain_value(n, ST_ROLE_DECAY, 0, 0.5),
           inhibitory = st_plain_value(n, ST_ROLE_DECAY_INHIBITORY, 0, 0.5);
    bool two = !is_current(n) || st_plain_value(n, ST_ROLE_CURRENTS, 0, 0) == 1;
    if (leak >= 1 || decay >= 1 || decay <= 0 || (two && (inhibitory >= 1 || inhibitory <= 0)))
        good = st_plain_refuse(&w->plain, n->mark, n->name, "leak",
                               "there is no time constant for what is lost in one tick, or never,");
    if (leak == 0 && st_plain_any(n, ST_ROLE_BIAS, 0))
        good = st_plain_refuse(&w->plain, n->mark, n->name, "bias", "a constant current without a leak is not");
    return good;
}

static void put_own(struct writer *w, const char *group, const char *key, const struct st_net_node *n,
                    enum st_param_role role, double factor)
{
    uint64_t size = st_node_size(n);
    double *x = ST_NEW(w->a, double, size);
    for (uint32_t i = 0; i < size; i++)
        x[i] = st_plain_value(n, role, i, 0) * factor;
    st_h5_put_reals(w->out, st_arena_printf(w->a, "%s/%s", group, key), 1, &size, x);
}

static bool write_dynamics(struct writer *w, const struct st_net_node *n)
{
    double leak = st_plain_value(n, ST_ROLE_LEAK, 0, 0), tau = tau_of(w, leak);
    struct st_text t;
    st_text_init(&t, w->a);
    st_text_put(&t, "{\"E_L\": 0, \"C_m\": ");
    st_text_number(&t, tau);
    st_text_put(&t, ", \"tau_m\": ");
    st_text_number(&t, tau);
    st_text_put(&t, ", \"t_ref\": ");
    st_text_number(&t, st_plain_value(n, ST_ROLE_REFRACTORY, 0, 0) * w->dt);
    if (is_current(n)) {
        double decay = st_plain_value(n, ST_ROLE_DECAY, 0, 1);
        bool two = st_plain_value(n, ST_ROLE_CURRENTS, 0, 0) == 1;
        st_text_put(&t, ", \"tau_syn_ex\": ");
        st_text_number(&t, tau_of(w, decay));
        st_text_put(&t, ", \"tau_syn_in\": ");
        st_text_number(&t, tau_of(w, two ? st_plain_value(n, ST_ROLE_DECAY_INHIBITORY, 0, 1) : decay));
    }
    st_text_put(&t, "}\n");
    return put_file(w, st_arena_printf(w->a, "components/%s.json", n->name), t.at);
}

/* Thresholds and what else is each neuron's own. */
static void put_owns(struct writer *w, const struct st_net_node *n, const char *group)
{
    double leak = st_plain_value(n, ST_ROLE_LEAK, 0, 0);
    st_h5_group(w->out, group);
    put_own(w, group, "V_th", n, ST_ROLE_THRESHOLD, 1);
    put_own(w, group, "V_reset", n, ST_ROLE_RESET_VALUE, 1);
    put_own(w, group, "I_e", n, ST_ROLE_BIAS, leak > 0 ? 1 / leak : 0);
}

static bool write_nodes(struct writer *w, const struct st_net_node *n)
{
    const char *group = st_arena_printf(w->a, "/nodes/%s", n->name);
    uint64_t size = st_node_size(n);
    if (!n->receptor && (!check_population(w, n) || !write_dynamics(w, n)))
        return false;
    const char *file = st_arena_printf(w->a, "network/%s_nodes.h5", n->name),
               *path = st_path_join(w->a, w->folder, file);
    if (!st_h5_create(&w->file, w->a, path, w->f))
        return false;
    w->out = &w->file;
    begin_h5(w->out, "/nodes", n->name, w);
    put_count(w, st_arena_printf(w->a, "%s/node_id", group), size, 0, 1);
    put_count(w, st_arena_printf(w->a, "%s/node_type_id", group), size, 100, 0);
    put_count(w, st_arena_printf(w->a, "%s/node_group_id", group), size, 0, 0);
    put_count(w, st_arena_printf(w->a, "%s/node_group_index", group), size, 0, 1);
    if (!n->receptor)
        put_owns(w, n, st_arena_printf(w->a, "%s/0/dynamics_params", group));
    w->out = NULL;
    if (!st_h5_commit(&w->file, w->f))
        return false;
    const char *types = st_arena_printf(w->a, "network/%s_node_types.csv", n->name);
    st_textf(&w->nodes, "%s\n      {\"nodes_file\": \"$BASE/%s\", \"node_types_file\": \"$BASE/%s\"}",
             w->nodes.length ? "," : "", file, types);
    if (n->receptor) {
        st_verdict(w->plain.verdicts, n->name, "encoder",
                   n->encoder == ST_ENCODE_SPIKES ? ST_FAITH_EXACT : ST_FAITH_APPROXIMATED, 0,
                   n->encoder == ST_ENCODE_SPIKES ? "virtual nodes"
                                                  : "left out: virtual nodes say what a file of spikes says");
        return put_file(w, types, "node_type_id model_type\n100 virtual\n");
    }
    st_verdict(w->plain.verdicts, n->name, "neuron", ST_FAITH_EXACT, 0,
               is_current(n) ? "iaf_psc_exp" : "iaf_psc_delta");
    return put_file(
        w, types,
        st_arena_printf(w->a,
                        "node_type_id model_type model_template dynamics_params\n100 point_process nest:%s %s.json\n",
                        is_current(n) ? "iaf_psc_exp" : "iaf_psc_delta", n->name));
}

/* --- edges -------------------------------------------------------------------------------------------------- */

struct columns {
    struct writer *w;
    uint64_t count, room;
    uint64_t *source, *target;
    double *weight, *delay;
    double pull[2];
    uint32_t early; /* ticks that the neuron model itself takes */
    uint64_t late;  /* synapses that are too quick for it */
};

static void *wider(struct columns *c, const void *old, uint64_t room)
{
    void *more = st_arena_get(c->w->a, room, 8);
    if (c->count)
        memcpy(more, old, c->count * 8);
    return more;
}

static bool take(void *context, uint32_t source, uint32_t target, double weight, uint32_t delay)
{
    struct columns *c = context;
    if (c->count == c->room) {
        uint64_t room = c->room ? 2 * c->room : 1024;
        if (room > SYNAPSES_MAX)
            return false;
        c->source = wider(c, c->source, room);
        c->target = wider(c, c->target, room);
        c->weight = wider(c, c->weight, room);
        c->delay = wider(c, c->delay, room);
        c->room = room;
    }
    c->late += delay <= c->early;
    c->source[c->count] = source;
    c->target[c->count] = target;
    c->weight[c->count] = weight / c->pull[weight < 0];
    c->delay[c->count++] = (delay > c->early ? delay - c->early : 1) * c->w->dt;
    return true;
}

static bool write_edges(struct writer *w, uint32_t number)
{
    const struct st_net_projection *p = &w->net->projections[number];
    const struct st_net_node *from = &w->net->nodes[p->from], *to = &w->net->nodes[p->to];
    const char *name = st_arena_printf(w->a, "%s_to_%s", from->name, to->name);
    struct columns c = {.w = w, .pull = {1, 1}};
    if (!st_plain_projection(&w->plain, p, name))
        return false;
    if (is_current(to)) {
        double tau = tau_of(w, st_plain_value(to, ST_ROLE_LEAK, 0, 0)), gain = st_plain_value(to, ST_ROLE_GAIN, 0, 1),
               decay = st_plain_value(to, ST_ROLE_DECAY, 0, 1);
        bool two = st_plain_value(to, ST_ROLE_CURRENTS, 0, 0) == 1;
        c.pull[0] = pull(w, tau, tau_of(w, decay)) / gain;
        c.pull[1] = pull(w, tau, tau_of(w, two ? st_plain_value(to, ST_ROLE_DECAY_INHIBITORY, 0, 1) : decay)) / gain;
        c.early = 1;
    }
    if (!st_each_synapse(w->a, w->net, number, w->seed, take, &c))
        return st_plain_refuse(&w->plain, p->mark, name, "synapses",
                               "there are more than 2^28 synapses, too many for one file");
    const char *file = st_arena_printf(w->a, "network/%s.%u_edges.h5", name, number);
    const char *types = st_arena_printf(w->a, "network/%s.%u_edge_types.csv", name, number);
    const char *group = st_arena_printf(w->a, "/edges/%s", name);
    if (!st_h5_create(&w->file, w->a, st_path_join(w->a, w->folder, file), w->f))
        return false;
    w->out = &w->file;
    begin_h5(w->out, "/edges", name, w);
    const char *source = st_arena_printf(w->a, "%s/source_node_id", group),
               *target = st_arena_printf(w->a, "%s/target_node_id", group);
    st_h5_put_wholes(w->out, source, 1, &c.count, c.source);
    st_h5_put_wholes(w->out, target, 1, &c.count, c.target);
    st_h5_note_text(w->out, source, "node_population", from->name);
    st_h5_note_text(w->out, target, "node_population", to->name);
    put_count(w, st_arena_printf(w->a, "%s/edge_type_id", group), c.count, 100, 0);
    put_count(w, st_arena_printf(w->a, "%s/edge_group_id", group), c.count, 0, 0);
    put_count(w, st_arena_printf(w->a, "%s/edge_group_index", group), c.count, 0, 1);
    st_h5_put_reals(w->out, st_arena_printf(w->a, "%s/0/syn_weight", group), 1, &c.count, c.weight);
    st_h5_put_reals(w->out, st_arena_printf(w->a, "%s/0/delay", group), 1, &c.count, c.delay);
    w->out = NULL;
    if (!st_h5_commit(&w->file, w->f))
        return false;
    st_textf(&w->edges, "%s\n      {\"edges_file\": \"$BASE/%s\", \"edge_types_file\": \"$BASE/%s\"}",
             w->edges.length ? "," : "", file, types);
    st_verdict(w->plain.verdicts, st_arena_printf(w->a, "%s.%u", name, number), "edges",
               c.late ? ST_FAITH_APPROXIMATED : ST_FAITH_EXACT, 0,
               c.late ? "%llu synapses, some a tick later: a current there acts in the next tick" : "%llu synapses",
               (unsigned long long)c.count);
    return put_file(w, types, "edge_type_id model_template\n100 static_synapse\n");
}

/* --- the whole ---------------------------------------------------------------------------------------------- */

static bool write_config(struct writer *w)
{
    struct st_text t;
    st_text_init(&t, w->a);
    st_text_put(&t, "{\"run\": {\"tstop\": 1000, \"dt\": ");
    st_text_number(&t, w->dt);
    st_text_put(&t, "},\n  \"network\": \"circuit_config.json\"}\n");
    return put_file(w, "simulation_config.json", t.at) &&
           put_file(w, "circuit_config.json",
                    st_arena_printf(
                        w->a,
                        "{\n  \"manifest\": {\"$BASE\": \".\"},\n  \"components\": {\"point_neuron_models_dir\": "
                        "\"$BASE/components\"},\n  \"networks\": {\n    \"nodes\": [%s],\n    \"edges\": [%s]\n  "
                        "},\n  \"target_simulator\": \"NEST\"\n}\n",
                        w->nodes.at, w->edges.at)) &&
           put_file(w, "config.json",
                    "{\"network\": \"circuit_config.json\", \"simulation\": \"simulation_config.json\"}\n");
}

static bool write_all(struct writer *w)
{
    const struct st_net *net = w->net;
    bool good = true;
    for (uint32_t i = 0; i < net->node_count && !w->f->id; i++)
        good &= write_nodes(w, &net->nodes[i]);
    for (uint32_t i = 0; i < net->projection_count && !w->f->id; i++)
        good &= write_edges(w, i);
    st_verdict(w->plain.verdicts, "readout", "", ST_FAITH_APPROXIMATED, 0, "left out: the format has none");
    if (net->copies > 1)
        st_verdict(w->plain.verdicts, "copies", "", ST_FAITH_APPROXIMATED, 0,
                   "one of %u: an ensemble is as many circuits", net->copies);
    return good && !w->f->id && write_config(w);
}

bool st_sonata_write(struct st_arena *a, struct st_diags *d, const struct st_net *net, double dt, uint64_t seed,
                     const char *folder, struct st_verdicts *v, struct st_fault *f)
{
    struct writer *w = ST_NEW(a, struct writer, 1);
    jmp_buf outer;
    *w = (struct writer){.a = a,
                         .net = net,
                         .plain = {.diags = d, .verdicts = v, .format = "SONATA", .refractory = true, .currents = true},
                         .folder = folder,
                         .dt = dt,
                         .seed = seed,
                         .f = f};
    f->id = ST_OK;
    st_text_init(&w->nodes, a);
    st_text_init(&w->edges, a);
    st_text_put(&w->nodes, "");
    st_text_put(&w->edges, "");
    if (!st_folder_make(st_path_join(a, folder, "network"), f) ||
        !st_folder_make(st_path_join(a, folder, "components"), f))
        return false;
    memcpy(&outer, &a->full, sizeof outer);
    if (setjmp(a->full)) {
        if (w->out)
            st_h5_drop(w->out);
        memcpy(&a->full, &outer, sizeof outer);
        longjmp(a->full, 1);
    }
    bool good = write_all(w);
    memcpy(&a->full, &outer, sizeof outer);
    return good;
}
