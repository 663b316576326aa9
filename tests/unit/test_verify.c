/* test_verify.c - the checker finds what is wrong with an image, and says where.
 *
 * That it takes what is right is shown where networks are compiled (test_equal.c, test_colanet.c, test_compile.c). Here
 * right images are damaged, one thing at a time, in ways that no other check may see: each must be found, with the
 * diagnostic of its kind and with core, population and neuron. */
#include "compile.h"
#include "fabric.h"
#include "image_io.h"
#include "random_net.h"
#include "stoa/draw.h"
#include "verify.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Four columns that compete, learn, are forced, gated and rewarded; a random crowd with delays beside them. */
static const char network[] =
    "network: proof\n"
    "copies: 2\n"
    "presentation: { picture: 8, silence: 4, reset: true }\n"
    "receptors:\n"
    "  In: { shape: [4, 5], encoder: bernoulli }\n"
    "  Label: { size: 4, encoder: label, at: [9] }\n"
    "populations:\n"
    "  L: { columns: 4, microcolumns: [3, 2, 4, 3], neuron: { model: lif, threshold: 8.5, leak: 0.5 }, compete: { "
    "block: 2 } }\n"
    "  E: { columns: 24, neuron: { model: lif, threshold: 1, leak: 0.1 } }\n"
    "  O: { columns: 4, neuron: { model: lif, threshold: 1 } }\n"
    "projections:\n"
    "  - { from: In, to: L, policy: all-to-all, plasticity: { rule: colanet, w_min: -0.25, w_max: 0.1, hebbian: "
    "-0.17,\n"
    "      alpha: 0.2 } }\n"
    "  - { from: In, to: E, policy: all-to-all, weight: { uniform: [0.1, 0.5] }, probability: 0.3, delay: { uniform: "
    "[1, 5] } }\n"
    "  - { from: E, to: E, policy: all-to-all, weight: { normal: [0.1, 0.03] }, probability: 0.2 }\n"
    "  - { from: L, to: O, policy: aligned, weight: 1 }\n"
    "  - { from: O, to: L, policy: between-columns, kind: gating, weight: -3 }\n"
    "  - { from: Label, to: L, policy: aligned, weight: 9, forcing: true }\n"
    "  - { from: Label, to: L, policy: aligned, kind: reward, weight: 0.2, delay: 2 }\n"
    "  - { from: E, to: O, policy: all-to-all, weight: 0.05 }\n"
    "readout: { population: O, decide: count }\n";

struct proof {
    struct st_arena arena;
    struct st_diags diags;
    const struct st_net *net;
    struct st_fabric *fabric;
    struct st_image *image;
};

static void fresh_diags(struct proof *p) { st_diags_init(&p->diags, &p->arena); }

static struct st_image *again(struct proof *p, const struct st_image *image)
{
    struct st_fault f;
    size_t length;
    const unsigned char *bytes = st_image_pack(&p->arena, image, &length);
    struct st_image *out = st_image_unpack(&p->arena, bytes, length, &f);
    if (!out)
        fail_msg("%s", f.text);
    return out;
}

static int open_proof(void **state)
{
    struct proof *p = calloc(1, sizeof *p);
    st_arena_init(&p->arena);
    if (setjmp(p->arena.full))
        abort();
    fresh_diags(p);
    p->net = st_net_read(&p->arena, &p->diags, "proof.yaml", network, strlen(network), NULL, 0);
    p->fabric = (struct st_fabric *)st_roomy_fabric(&p->arena);
    p->fabric->limits.neurons = 12; /* several cores */
    p->fabric->limits.weight_bits = 10;
    struct st_compile_options how = {.seed = 7};
    const struct st_image *image = p->net ? st_compile(&p->arena, &p->diags, p->net, p->fabric, &how, NULL) : NULL;
    if (!image) {
        fputs(st_diags_text(&p->diags, false), stderr);
        abort();
    }
    p->image = again(p, image);
    *state = p;
    return 0;
}

static int close_proof(void **state)
{
    struct proof *p = *state;
    st_arena_free(&p->arena);
    free(p);
    return 0;
}

/* --- finding something to damage ---------------------------------------------------------------------------- */

/* A static axon of a kind with at least so many words, on the first core that has one. */
static struct st_axon *some_axon(struct st_image *m, enum st_kind kind, uint32_t words, struct st_core **core)
{
    for (*core = m->cores; *core < m->cores + m->core_count; ++*core)
        for (uint32_t i = (*core)->plastic.axons; i < (*core)->axon_count; i++) {
            struct st_axon *x = &(*core)->axons[i];
            if (x->kind == kind && !x->forcing && x->hi - x->lo >= words)
                return x;
        }
    fail_msg("no such axon");
    return NULL;
}

static struct st_core *learning_core(struct st_image *m)
{
    for (uint32_t c = 0; c < m->core_count; c++)
        if (m->cores[c].plastic.axons)
            return &m->cores[c];
    fail_msg("nothing learns");
    return NULL;
}

/* A route that only delivers, or only passes on, a block of neurons. */
static struct st_route *some_route(struct st_image *m, bool delivers)
{
    for (uint32_t i = 0; i < m->route_count; i++)
        if (m->blocks[m->routes[i].block].receptor == ST_NONE && m->routes[i].ports == ST_PORT_LOCAL && delivers)
            return &m->routes[i];
        else if (m->blocks[m->routes[i].block].receptor == ST_NONE && !(m->routes[i].ports & ST_PORT_LOCAL) &&
                 !delivers)
            return &m->routes[i];
    fail_msg("no such route");
    return NULL;
}

static void remove_route(struct st_image *m, struct st_route *r)
{
    memmove(r, r + 1, (size_t)(m->routes + m->route_count - (r + 1)) * sizeof *r);
    m->route_count--;
}

/* --- damages ------------------------------------------------------------------------------------------------ */

static void swap_weights(struct st_image *m)
{
    for (struct st_core *c = m->cores; c < m->cores + m->core_count; c++)
        for (struct st_axon *x = c->axons + c->plastic.axons; x < c->axons + c->axon_count; x++)
            for (uint32_t i = x->row; i + 1 < x->row + x->hi - x->lo; i++) {
                int16_t w = c->weights[i];
                if (x->kind != ST_SIGNAL || !w || !c->weights[i + 1] || w == c->weights[i + 1])
                    continue;
                c->weights[i] = c->weights[i + 1];
                c->weights[i + 1] = w;
                return;
            }
    fail_msg("no two weights");
}

static void change_weight(struct st_image *m)
{
    struct st_core *c;
    struct st_axon *x = some_axon(m, ST_GATING, 1, &c);
    c->weights[x->row]--;
}

static void lose_synapse(struct st_image *m)
{
    struct st_core *c;
    struct st_axon *x = some_axon(m, ST_SIGNAL, 4, &c);
    c->weights[x->row] = 0;
}

static void add_synapse(struct st_image *m)
{
    struct st_core *c;
    struct st_axon *x = some_axon(m, ST_SIGNAL, 4, &c);
    for (uint32_t i = x->row; i < x->row + x->hi - x->lo; i++)
        if (!c->weights[i]) {
            c->weights[i] = 5;
            return;
        }
    fail_msg("no gap");
}

/* An axon of the core that is for another source becomes what this one is: the first source reaches its targets by its
 * own axon, and the other source by a row that is not its. */
static void double_row(struct st_image *m)
{
    struct st_core *c;
    struct st_axon *x = some_axon(m, ST_SIGNAL, 4, &c);
    for (struct st_axon *y = x + 1; y < c->axons + c->axon_count; y++)
        if (y->kind == ST_SIGNAL && !y->forcing && y->delay_ticks == x->delay_ticks) {
            *y = *x;
            return;
        }
    fail_msg("no other axon");
}

/* The same source once more: its block's packets are also delivered to axons that were another's. */
static void deliver_twice(struct st_image *m)
{
    for (uint32_t i = 0; i < m->route_count; i++)
        for (uint32_t k = 0; k < m->route_count; k++) {
            struct st_route *a = &m->routes[i], *b = &m->routes[k];
            if (i != k && a->x == b->x && a->y == b->y && (a->ports & b->ports & ST_PORT_LOCAL) &&
                m->blocks[a->block].count == 1 && m->blocks[b->block].count == 1 && a->input != b->input) {
                b->input = a->input;
                return;
            }
        }
    fail_msg("no two deliveries");
}

static void change_delay(struct st_image *m)
{
    struct st_core *c;
    some_axon(m, ST_REWARD, 1, &c)->delay_ticks++;
}

static void cut_chain(struct st_image *m)
{
    for (struct st_core *c = m->cores; c < m->cores + m->core_count; c++)
        for (struct st_axon *x = c->axons; x < c->axons + c->axon_count; x++)
            if (x->next != ST_NONE) {
                x->next = ST_NONE;
                return;
            }
    fail_msg("no chain");
}

static void chain_goes_back(struct st_image *m)
{
    for (struct st_core *c = m->cores; c < m->cores + m->core_count; c++)
        for (struct st_axon *x = c->axons; x < c->axons + c->axon_count; x++)
            if (x->next != ST_NONE) {
                x->next = 0;
                return;
            }
    fail_msg("no chain");
}

static void change_kind(struct st_image *m)
{
    struct st_core *c;
    some_axon(m, ST_SIGNAL, 2, &c)->forcing = 1;
}

static void long_reward(struct st_image *m) /* a reward of 0 counts, too */
{
    struct st_core *c;
    struct st_axon *x = some_axon(m, ST_REWARD, 2, &c);
    x->hi--;
}

static void lose_route(struct st_image *m) { remove_route(m, some_route(m, true)); }
static void lose_passage(struct st_image *m) { remove_route(m, some_route(m, false)); }

static void forget_delivery(struct st_image *m)
{
    for (uint32_t i = 0; i < m->route_count; i++)
        if ((m->routes[i].ports & ST_PORT_LOCAL) && m->routes[i].ports != ST_PORT_LOCAL) {
            m->routes[i].ports ^= ST_PORT_LOCAL;
            m->routes[i].input = ST_NONE;
            return;
        }
    fail_msg("no such route");
}

static void wrong_input(struct st_image *m)
{
    for (uint32_t i = 0; i < m->route_count; i++)
        if ((m->routes[i].ports & ST_PORT_LOCAL) && m->blocks[m->routes[i].block].count > 1) {
            m->routes[i].input++;
            return;
        }
    fail_msg("no such route");
}

static void go_back(struct st_image *m)
{
    for (uint32_t i = 0; i < m->route_count; i++)
        if (m->routes[i].x > 0 && !(m->routes[i].ports & ST_PORT_WEST) &&
            m->blocks[m->routes[i].block].receptor != ST_NONE) {
            m->routes[i].ports |= ST_PORT_WEST;
            return;
        }
    fail_msg("no such route");
}

static void silent_readout(struct st_image *m)
{
    for (uint32_t i = 0; i < m->route_count; i++)
        if (m->routes[i].x == 0 && m->routes[i].y == 0 && (m->routes[i].ports & ST_PORT_WEST)) {
            m->routes[i].ports ^= ST_PORT_WEST;
            return;
        }
    fail_msg("nothing leaves");
}

static void short_block(struct st_image *m)
{
    for (uint32_t i = 0; i < m->block_count; i++)
        if (m->blocks[i].count > 2) {
            m->blocks[i].count--;
            return;
        }
    fail_msg("no such block");
}

static void two_on_a_tile(struct st_image *m)
{
    m->cores[1].x = m->cores[0].x;
    m->cores[1].y = m->cores[0].y;
}

static void other_threshold(struct st_image *m) { m->cores[1].groups[0].params[0]++; }
static void other_population(struct st_image *m) { m->populations[1].stream++; }
static void other_seed(struct st_image *m) { m->copies[1].seed++; }
static void other_limits(struct st_image *m) { m->limits.axons++; }
static void other_scale(struct st_image *m) { m->populations[1].scale *= 2; }
static void wide_weight(struct st_image *m) { m->cores[1].weights[0] = 1000; }
static void wide_shift(struct st_image *m) { m->cores[1].axons[m->cores[1].plastic.axons].shift = 20; }

static void neuron_twice(struct st_image *m)
{
    for (uint32_t c = 0; c < m->core_count; c++)
        for (uint32_t g = 0; g < m->cores[c].group_count; g++)
            if (m->cores[c].groups[g].base > 0 && !m->cores[c].groups[g].compete) {
                m->cores[c].groups[g].base--;
                return;
            }
    fail_msg("no such group");
}

/* A group that competes in columns of several sizes. */
static struct st_group *uneven_group(struct st_image *m)
{
    for (uint32_t c = 0; c < m->core_count; c++)
        for (uint32_t g = 0; g < m->cores[c].group_count; g++)
            if (m->cores[c].groups[g].start_count > 2)
                return &m->cores[c].groups[g];
    fail_msg("no such group");
    return NULL;
}

static void other_column(struct st_image *m) /* its first neuron competes in the column before */
{
    uneven_group(m)->starts[1]++;
}

static void torn_columns(struct st_image *m)
{
    struct st_group *g = uneven_group(m);
    g->starts[g->start_count - 1]++;
}

static void other_sizes(struct st_image *m) { m->populations[0].starts[1]++; }

static void begins_otherwise(struct st_image *m)
{
    struct st_core *c = learning_core(m);
    m->copies[1].learnt[c - m->cores].w[3]++;
}

static void swap_learning_axons(struct st_image *m)
{
    struct st_core *c = learning_core(m);
    for (uint32_t i = 0; i < m->route_count; i++) {
        struct st_route *r = &m->routes[i];
        struct st_block *b = &m->blocks[r->block];
        if ((r->ports & ST_PORT_LOCAL) && st_core_at(m, r->x, r->y) == (uint32_t)(c - m->cores) &&
            b->receptor == 0) { /* the sources turned by one */
            b->first++;
            b->count--;
            return;
        }
    }
    fail_msg("nothing learns");
}

static const struct damage {
    const char *name;
    void (*make)(struct st_image *m);
    enum st_diag_id id;
    const char *says[3];
} damages[] = {
    {"swap_weights", swap_weights, ST_DIAG_IMAGE_SYNAPSE, {"core ", "neuron ", "; the network says a signal of"}},
    {"change_weight",
     change_weight,
     ST_DIAG_IMAGE_SYNAPSE,
     {"of population 'L' has", "a gating of -4", "of -3, delay 1"}},
    {"lose_synapse", lose_synapse, ST_DIAG_IMAGE_SYNAPSE, {"core ", "of population 'E' has lost its synapse from", ""}},
    {"add_synapse", add_synapse, ST_DIAG_IMAGE_SYNAPSE, {"a signal of", "which the network does not have", "axon"}},
    {"double_row", double_row, ST_DIAG_IMAGE_SYNAPSE, {"of population 'E' has", "core ", ""}},
    {"deliver_twice", deliver_twice, ST_DIAG_IMAGE_WAY, {"comes to it, and so does", "core ", "axon"}},
    {"change_delay", change_delay, ST_DIAG_IMAGE_SYNAPSE, {"delay 3; the network says", "delay 2", "from receptor"}},
    {"cut_chain", cut_chain, ST_DIAG_IMAGE_SYNAPSE, {"has lost its synapse from", "core ", "neuron "}},
    {"chain_goes_back", chain_goes_back, ST_DIAG_IMAGE_WAY, {"go on with 0, which is no later axon", "core ", ""}},
    {"change_kind", change_kind, ST_DIAG_IMAGE_SYNAPSE, {"a forcing signal of", "; the network says a signal", ""}},
    {"long_reward", long_reward, ST_DIAG_IMAGE_SYNAPSE, {"has lost its synapse", "a reward of", "of 'Label'"}},
    {"lose_route", lose_route, ST_DIAG_IMAGE_WAY, {"which has no route for them", "of population", "core "}},
    {"lose_passage", lose_passage, ST_DIAG_IMAGE_WAY, {"which has no route for them", "of population", ""}},
    {"forget_delivery", forget_delivery, ST_DIAG_IMAGE_SYNAPSE, {"has lost its synapse from", "core ", "neuron "}},
    {"wrong_input", wrong_input, ST_DIAG_IMAGE_WAY, {"comes to it, and so does", "", ""}},
    {"go_back", go_back, ST_DIAG_IMAGE_WAY, {"of 'In': its packets come to tile", "where they were before", ""}},
    {"silent_readout", silent_readout, ST_DIAG_IMAGE_WAY, {"of population 'O'", "", ""}},
    {"short_block", short_block, ST_DIAG_IMAGE_SYNAPSE, {"has lost its synapse", "", ""}},
    {"two_on_a_tile", two_on_a_tile, ST_DIAG_IMAGE_LIMIT, {"core 1 is at tile", "where core 0 is", ""}},
    {"other_threshold", other_threshold, ST_DIAG_IMAGE_NEURON, {"core 1: threshold of neuron", "the network says", ""}},
    {"other_population", other_population, ST_DIAG_IMAGE_OTHER, {"draws of stream 4", "", ""}},
    {"other_seed", other_seed, ST_DIAG_IMAGE_OTHER, {"copy 1", "--seed 7", ""}},
    {"other_limits", other_limits, ST_DIAG_IMAGE_OTHER, {"other limits of a core", "", ""}},
    {"other_scale", other_scale, ST_DIAG_IMAGE_NEURON, {"threshold of neuron", "", ""}},
    {"wide_weight", wide_weight, ST_DIAG_IMAGE_LIMIT, {"a weight of 1000", "10 bits", ""}},
    {"wide_shift", wide_shift, ST_DIAG_IMAGE_LIMIT, {"core 1, axon", "a shift of 20", ""}},
    {"neuron_twice", neuron_twice, ST_DIAG_IMAGE_NEURON, {"is on core", "neuron ", "of population"}},
    {"other_column",
     other_column,
     ST_DIAG_IMAGE_NEURON,
     {"are not neurons as the network says", "of population 'L'", ""}},
    {"torn_columns", torn_columns, ST_DIAG_IMAGE_NEURON, {"do not follow one another", "core ", ""}},
    {"other_sizes", other_sizes, ST_DIAG_IMAGE_OTHER, {"population 'L' of the image", "columns of other sizes", ""}},
    {"begins_otherwise", begins_otherwise, ST_DIAG_IMAGE_SYNAPSE, {"copy 1: neuron", "population 'L' begins with", ""}},
    {"swap_learning_axons", swap_learning_axons, ST_DIAG_IMAGE_SYNAPSE, {"it learns, so its number", "", ""}},
};
enum { DAMAGES = sizeof damages / sizeof *damages };

static void every_damage_is_found(void **state)
{
    struct proof *p = *state;
    struct st_verify_how how = {.seed = 7};
    struct st_verified seen;
    fresh_diags(p);
    if (!st_verify(&p->diags, p->net, p->fabric, p->image, how, &seen))
        fail_msg("%s", st_diags_text(&p->diags, false));
    assert_int_equal(seen.learning, 20 * 12);
    assert_true(seen.synapses > seen.learning + 200 && seen.arrivals > 100);
    assert_int_equal(seen.neurons, 40);
    for (size_t i = 0; i < DAMAGES; i++) {
        struct st_image *m = again(p, p->image);
        damages[i].make(m);
        fresh_diags(p);
        if (st_verify(&p->diags, p->net, p->fabric, m, how, NULL))
            fail_msg("%s is not found", damages[i].name);
        char *text = st_diags_text(&p->diags, false);
        bool told = false;
        for (uint32_t k = 0; k < p->diags.count; k++)
            told |= p->diags.list[k].id == damages[i].id;
        for (size_t k = 0; k < 3; k++)
            if (!told || !strstr(text, damages[i].says[k]))
                fail_msg("%s: [%s] and '%s' are wanted, not\n%s", damages[i].name, st_diag_name(damages[i].id),
                         damages[i].says[k], text);
    }
}

/* What the fabric says of tiles and limits counts, whatever the image believes. */
static void fabrics_are_asked(void **state)
{
    struct proof *p = *state;
    struct st_verify_how how = {.seed = 7};
    struct st_fabric f = *p->fabric;
    struct st_fabric_tile dead = {
        p->image->cores[1].x + p->image->region_width, p->image->cores[1].y, ST_TILE_DEAD, {0}};
    f.tiles = &dead;
    f.tile_count = 1;
    fresh_diags(p);
    assert_false(st_verify(&p->diags, p->net, &f, p->image, how, NULL));
    assert_non_null(strstr(st_diags_text(&p->diags, false), "core 1 of copy 1 is at tile"));

    const struct st_route *r = p->image->routes; /* copy 1 crosses a link that is dead; copy 2 is not there */
    while (!(r->ports & (ST_PORT_EAST | ST_PORT_SOUTH)))
        r++;
    struct st_fabric_link link = {r->x + p->image->region_width, r->y, !(r->ports & ST_PORT_EAST), {0}};
    f = *p->fabric;
    f.links = &link;
    f.link_count = 1;
    fresh_diags(p);
    assert_false(st_verify(&p->diags, p->net, &f, p->image, how, NULL));
    assert_non_null(strstr(st_diags_text(&p->diags, false), "packets of copy 1 cross the link"));
    link.x += p->image->region_width;
    fresh_diags(p);
    assert_true(st_verify(&p->diags, p->net, &f, p->image, how, NULL));

    static const struct {
        size_t at;
        const char *says;
    } limits[] = {{offsetof(struct st_limits, neurons), "neurons, a core of"},
                  {offsetof(struct st_limits, axons), "axons, a core of"},
                  {offsetof(struct st_limits, inputs), "inputs, a core of"},
                  {offsetof(struct st_limits, groups), "groups, a core of"},
                  {offsetof(struct st_limits, route_entries), "routing entries of"},
                  {offsetof(struct st_limits, program_words), "words of program"}};
    for (size_t i = 0; i < sizeof limits / sizeof *limits; i++) {
        struct st_image *m = again(p, p->image);
        f = *p->fabric;
        *(uint32_t *)((char *)&f.limits + limits[i].at) = *(uint32_t *)((char *)&m->limits + limits[i].at) = 0;
        fresh_diags(p);
        assert_false(st_verify(&p->diags, p->net, &f, m, how, NULL));
        if (!strstr(st_diags_text(&p->diags, false), limits[i].says))
            fail_msg("'%s' is wanted, not\n%s", limits[i].says, st_diags_text(&p->diags, false));
    }
    struct st_image *m = again(p, p->image);
    f = *p->fabric;
    f.limits.synapse_bits = m->limits.synapse_bits = 100;
    fresh_diags(p);
    assert_false(st_verify(&p->diags, p->net, &f, m, how, NULL));
    assert_non_null(strstr(st_diags_text(&p->diags, false), "bits of synapses"));
}

/* A frozen image is of its network without teachers, and has the weights that were learnt. */
static void frozen_weights_are_compared(void **state)
{
    struct proof *p = *state;
    struct st_image *trained = again(p, p->image);
    for (uint32_t c = 0; c < trained->core_count; c++)
        for (uint32_t i = 0; i < trained->cores[c].plastic.axons * trained->cores[c].plastic.count; i++)
            trained->copies[0].learnt[c].w[i] = (int16_t)(i * 7 % 100);
    struct st_compile_options options = {.seed = 7, .copies = 1, .frozen = true, .weights = trained};
    fresh_diags(p);
    const struct st_image *frozen = st_compile(&p->arena, &p->diags, p->net, p->fabric, &options, NULL);
    assert_non_null(frozen);
    struct st_verify_how how = {.seed = 7, .frozen = true, .weights = trained};
    if (!st_verify(&p->diags, p->net, p->fabric, frozen, how, NULL))
        fail_msg("%s", st_diags_text(&p->diags, false));
    struct st_image *m = again(p, frozen);
    m->copies[0].learnt[learning_core(m) - m->cores].w[5]++;
    assert_false(st_verify(&p->diags, p->net, p->fabric, m, how, NULL));
    assert_non_null(strstr(st_diags_text(&p->diags, false), "of population 'L' has a frozen weight of"));
    fresh_diags(p);
    how.frozen = false;
    assert_false(st_verify(&p->diags, p->net, p->fabric, frozen, how, NULL));
    assert_non_null(strstr(st_diags_text(&p->diags, false), "[image-other]"));
}

/* Where entries may be late, an axon's delay and its entry's are the synapse's. */
static void late_entries_are_compared(void **state)
{
    struct proof *p = *state;
    struct st_fabric f = *p->fabric;
    struct st_compile_options options = {.seed = 7};
    struct st_verify_how how = {.seed = 7};
    f.rows[ST_ROW_SPARSE] = true;
    f.limits.ring = 4;
    fresh_diags(p);
    const struct st_image *image = st_compile(&p->arena, &p->diags, p->net, &f, &options, NULL);
    if (!image || !st_verify(&p->diags, p->net, &f, image, how, NULL))
        fail_msg("%s", st_diags_text(&p->diags, false));
    struct st_image *m = again(p, image);
    struct st_core *c = m->cores;
    while (c < m->cores + m->core_count && !c->list_late_count)
        c++;
    assert_true(c < m->cores + m->core_count);
    for (uint32_t i = 0; i < c->list_late_count; i++)
        if (c->list_late[i]) {
            c->list_late[i]--;
            break;
        }
    fresh_diags(p);
    assert_false(st_verify(&p->diags, p->net, &f, m, how, NULL));
    assert_non_null(strstr(st_diags_text(&p->diags, false), "[image-synapse]"));
    m = again(p, image);
    m->limits.ring = 8;
    fresh_diags(p);
    assert_false(st_verify(&p->diags, p->net, &f, m, how, NULL));
    assert_non_null(strstr(st_diags_text(&p->diags, false), "other limits of a core"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_damage_is_found, open_proof, close_proof),
        cmocka_unit_test_setup_teardown(fabrics_are_asked, open_proof, close_proof),
        cmocka_unit_test_setup_teardown(frozen_weights_are_compared, open_proof, close_proof),
        cmocka_unit_test_setup_teardown(late_entries_are_compared, open_proof, close_proof),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
