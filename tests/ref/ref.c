/* ref.c - see ref.h. Section numbers are those of docs/arithmetic.md. */
#include "ref.h"
#include "arena.h"
#include "models.h"
#include "ref_learn.h"
#include "stoa/draw.h"
#include <assert.h>
#include <stdlib.h>
#include <string.h>

static void *room(size_t count, size_t size)
{
    void *p = st_alloc(count * size + 1);
    assert(p && "the reference needs memory");
    return p;
}

static const struct st_net_node *node_of(const struct st_ref *r, uint32_t population)
{
    return &r->quant->net->nodes[r->quant->net->receptor_count + population];
}

static uint32_t population_count(const struct st_ref *r)
{
    return r->quant->net->node_count - r->quant->net->receptor_count;
}

/* --- making and freeing ------------------------------------------------------------------------------------- */

static uint32_t longest_delay(const struct st_quant *q)
{
    uint32_t longest = 1;
    for (uint32_t p = 0; p < q->net->projection_count; p++) {
        const struct st_quant_projection *k = &q->projections[p];
        if (k->rule && k->plastic_delay_ticks > longest)
            longest = k->plastic_delay_ticks;
        for (uint64_t i = 0; !k->rule && i < k->synapse_count; i++)
            if (k->delay_ticks[i] > longest)
                longest = k->delay_ticks[i];
    }
    return longest;
}

static void open_population(struct st_ref *r, uint32_t population, uint32_t copy)
{
    const struct st_net_node *node = node_of(r, population);
    struct st_ref_population *p = &r->populations[population];
    uint32_t n = p->size = st_node_size(node);
    p->neuron = room(n, sizeof *p->neuron);
    if (node->compete)
        p->column = room(node->columns, sizeof *p->column);
    p->acc = room(n, sizeof *p->acc);
    p->inh = room(n, sizeof *p->inh);
    p->theta = room(n, sizeof *p->theta);
    const int32_t *reached =
        r->quant->nodes[r->quant->net->receptor_count + population].theta; /* of a frozen network */
    if (reached)
        memcpy(p->theta, reached + (size_t)copy * n, n * sizeof *p->theta);
    p->dopa = room(n, sizeof *p->dopa);
    p->e = room(n, sizeof *p->e);
    p->peak = room(n, sizeof *p->peak);
    p->by = room(n, sizeof *p->by);
    p->shut = room(n, sizeof *p->shut);
    p->open = room(n, sizeof *p->open);
    p->forced = room(n, 1);
    p->rewarded = room(n, 1);
    p->candidate = room(n, 1);
    p->fired = room(n, 1);
}

struct st_ref *st_ref_open(const struct st_quant *quant, uint32_t copy, struct st_run_options options)
{
    const struct st_net *net = quant->net;
    struct st_ref *r = room(1, sizeof *r);
    r->quant = quant;
    r->seed = st_seed_copy(quant->seed, copy);
    if (options.test)
        r->seed = st_seed_test(r->seed);
    r->learn = options.learn;
    r->slots = longest_delay(quant) + 1;
    r->said = room(net->node_count, sizeof *r->said);
    r->value = room(net->node_count, sizeof *r->value);
    for (uint32_t n = 0; n < net->node_count; n++) {
        r->said[n] = room(r->slots, st_node_size(&net->nodes[n]));
        r->value[n] = room((size_t)r->slots * st_node_size(&net->nodes[n]), sizeof **r->value);
    }
    r->populations = room(population_count(r), sizeof *r->populations);
    for (uint32_t p = 0; p < population_count(r); p++)
        open_population(r, p, copy);
    r->plastics = room(net->projection_count, sizeof *r->plastics);
    for (uint32_t p = 0; p < net->projection_count; p++)
        if (quant->projections[p].rule) {
            struct st_ref_plastic *k = &r->plastics[r->plastic_count++];
            st_ref_plastic_open(k, quant, p, copy);
            uint32_t n = 0;
            for (struct st_ref_plastic **at = r->populations[k->population].plastic; at[n]; n++) {
                k->first += at[n]->sources;
                k->words += at[n]->rule->plastic.words;
            }
            assert(n + 1 < ST_REF_RULES && "few rules a population");
            r->populations[k->population].plastic[n] = k;
        }
    return r;
}

void st_ref_close(struct st_ref *r)
{
    for (uint32_t n = 0; n < r->quant->net->node_count; n++) {
        st_release(r->said[n]);
        st_release(r->value[n]);
    }
    for (uint32_t i = 0; i < population_count(r); i++) {
        struct st_ref_population *p = &r->populations[i];
        void *all[] = {p->neuron,   p->column,    p->acc,   p->dopa, p->e,  p->shut, p->open, p->forced,
                       p->rewarded, p->candidate, p->fired, p->peak, p->by, p->inh,  p->theta};
        for (size_t k = 0; k < sizeof all / sizeof *all; k++)
            st_release(all[k]);
    }
    for (uint32_t i = 0; i < r->plastic_count; i++)
        st_ref_plastic_close(&r->plastics[i]);
    st_release(r->said);
    st_release(r->value);
    st_release(r->populations);
    st_release(r->plastics);
    st_release(r->spikes);
    st_release(r);
}

void st_ref_begin_test(struct st_ref *r)
{
    const struct st_net *net = r->quant->net;
    r->seed = st_seed_test(r->seed);
    r->learn = false;
    r->tick = 0;
    r->spike_count = 0;
    for (uint32_t n = 0; n < net->node_count; n++)
        memset(r->said[n], 0, (size_t)r->slots * st_node_size(&net->nodes[n]));
    for (uint32_t p = 0; p < population_count(r); p++) {
        memset(r->populations[p].neuron, 0, r->populations[p].size * sizeof(struct st_neuron));
        memset(r->populations[p].peak, 0, r->populations[p].size * sizeof(int32_t));
        if (node_of(r, p)->adapt.reset)
            memset(r->populations[p].theta, 0, r->populations[p].size * sizeof(int32_t));
        if (r->populations[p].column)
            memset(r->populations[p].column, 0, node_of(r, p)->columns * sizeof(struct st_ref_column));
    }
    for (uint32_t k = 0; k < r->plastic_count; k++)
        st_ref_plastic_forget(&r->plastics[k]);
}

/* --- deliver (3, 4) ----------------------------------------------------------------------------------------- */

static uint8_t *said_at(const struct st_ref *r, uint32_t node, uint32_t tick)
{
    return r->said[node] + (size_t)(tick % r->slots) * st_node_size(&r->quant->net->nodes[node]);
}

static int16_t *value_at(const struct st_ref *r, uint32_t node, uint32_t tick)
{
    return r->value[node] + (size_t)(tick % r->slots) * st_node_size(&r->quant->net->nodes[node]);
}

/* One synapse takes one event; value: what its packet brings. */
static void deliver_synapse(struct st_ref_population *p, const struct st_net_projection *k, uint32_t target, int16_t w,
                            uint8_t shift, int16_t value)
{
    int32_t wide = (int32_t)((uint32_t)(int32_t)w << shift);
    switch (k->kind) {
    case ST_SIGNAL:
        p->acc[target] += wide;
        p->inh[target] += w < 0 ? wide : 0;
        if (k->forcing && w != 0)
            p->forced[target] = 1;
        break;
    case ST_GATING:
        if (w < 0 && -w > p->shut[target])
            p->shut[target] = (uint16_t)-w;
        if (w > 0 && w > p->open[target])
            p->open[target] = (uint16_t)w;
        break;
    case ST_REWARD:
        p->dopa[target] += wide;
        p->rewarded[target] = 1;
        break;
    case ST_GRADED: {
        int32_t part = (int32_t)w * value / (1 << shift); /* C divides towards 0 */
        p->acc[target] += part;
        p->inh[target] += part < 0 ? part : 0;
        break;
    }
    case ST_STOCHASTIC_SIGNAL: /* w is what was drawn */
        p->acc[target] += wide;
        p->inh[target] += w < 0 ? wide : 0;
        break;
    case ST_KIND_COUNT:
        assert(0);
    }
}

/* 1, -1 or 0 of the i-th synapse of a projection, in this tick (2). */
static int16_t drawn(const struct st_ref *r, uint32_t projection, uint32_t source, uint64_t i)
{
    const struct st_quant_projection *q = &r->quant->projections[projection];
    uint32_t stream = r->quant->nodes[r->quant->net->projections[projection].to].stream;
    uint32_t address[] = {q->number, source & 0xffff, source >> 16};
    struct st_key key = st_key(r->seed, stream, ST_DRAW_SYNAPSE, r->tick);
    for (int k = 0; k < 3; k++) {
        uint16_t b = st_draw16(key, address[k]);
        key.k[1] = (uint16_t)(key.k[1] + b);
        key.k[2] ^= b;
    }
    int part = st_draw16(key, q->to[i]) / 256, w = q->w[i];
    return (int16_t)(part >= abs(w) ? 0 : w < 0 ? -1 : 1);
}

static void deliver_projection(struct st_ref *r, uint32_t projection)
{
    const struct st_net_projection *k = &r->quant->net->projections[projection];
    const struct st_quant_projection *quant = &r->quant->projections[projection];
    struct st_ref_population *p = &r->populations[k->to - r->quant->net->receptor_count];
    uint32_t sources = st_node_size(&r->quant->net->nodes[k->from]);
    struct st_ref_plastic *plastic = NULL;
    for (uint32_t n = 0; p->plastic[n]; n++)
        if (p->plastic[n]->projection == projection)
            plastic = p->plastic[n];

    for (uint32_t delay = 1; delay < r->slots && delay <= r->tick; delay++) {
        const uint8_t *said = said_at(r, k->from, r->tick - delay);
        const int16_t *value = value_at(r, k->from, r->tick - delay);
        for (uint32_t s = 0; s < sources; s++) {
            if (!said[s])
                continue;
            if (plastic && quant->plastic_delay_ticks == delay) {
                if (r->learn || st_ref_measures(p))
                    st_ref_plastic_event(r, plastic, s, k->kind == ST_GRADED ? value[s] : 0);
                for (uint32_t t = 0; t < plastic->targets; t++)
                    if (plastic->joined[(size_t)t * sources + s])
                        deliver_synapse(p, k, t, plastic->w[(size_t)t * sources + s], quant->plastic_shift, value[s]);
            }
            for (uint32_t i = quant->rule ? 0 : quant->start[s]; !quant->rule && i < quant->start[s + 1]; i++)
                if (quant->delay_ticks[i] == delay)
                    deliver_synapse(p, k, quant->to[i],
                                    k->kind == ST_STOCHASTIC_SIGNAL ? drawn(r, projection, s, i) : quant->w[i],
                                    quant->shift[s], value[s]);
        }
    }
}

/* --- update, compete, fire (5) ------------------------------------------------------------------------------ */

uint32_t st_ref_compete(struct st_ref_column *column, const int32_t *e, const uint8_t *candidate, uint32_t first,
                        uint32_t size, uint32_t block_ticks)
{
    uint32_t winner = UINT32_MAX;
    for (uint32_t i = 0; i < size; i++)
        if (candidate[i] && (winner == UINT32_MAX || e[i] > e[winner - first]))
            winner = first + i;
    if (winner != UINT32_MAX)
        *column = (struct st_ref_column){.winner = winner, .left = block_ticks};
    else if (column->left > 0)
        column->left--;
    return winner;
}

/* What is learnt raises the threshold; a frozen projection carries it as the one scalar there is. */
static int32_t excess_of(const struct st_ref_population *p, uint32_t n)
{
    int32_t sum = 0;
    for (uint32_t k = 0; p->plastic[k]; k++) {
        int scalar = p->plastic[k]->rule->plastic.excess_scalar;
        sum += scalar < 0 ? 0 : st_excess_of(p->plastic[k]->s[(size_t)n * ST_SCALARS + (uint32_t)scalar]);
    }
    return st_excess_of(sum);
}

/* The same with what spikes add, if it counts in this run. */
static int32_t rise_of(const struct st_ref *r, uint32_t population, uint32_t n)
{
    const struct st_ref_population *p = &r->populations[population];
    const struct st_net_adapt *a = &node_of(r, population)->adapt;
    bool counts = a->step > 0 && (r->learn || a->inference != ST_ADAPT_IGNORE);
    int64_t sum = (int64_t)excess_of(p, n) + (counts ? p->theta[n] : 0);
    return (int32_t)(sum > 0xffffff ? 0xffffff : sum);
}

/* Thresholds after the spikes of a tick. */
static void adapt_population(struct st_ref *r, uint32_t population)
{
    struct st_ref_population *p = &r->populations[population];
    const struct st_net_adapt *a = &node_of(r, population)->adapt;
    const struct st_adapt *q = &r->quant->nodes[r->quant->net->receptor_count + population].adapt;
    if (a->step == 0 || (!r->learn && a->inference != ST_ADAPT_RUN))
        return;
    for (uint32_t n = 0; n < p->size; n++) {
        if (r->tick % (1u << q->every) == 0) /* what is left, rounded down */
            p->theta[n] = (int32_t)((int64_t)p->theta[n] * (65536 - q->decay) / 65536);
        if (p->fired[n])
            p->theta[n] = p->theta[n] > 0xffffff - q->step ? 0xffffff : p->theta[n] + q->step;
    }
}

/* Its population's parameters, with what is its own in their place. */
static const int32_t *params_of(const struct st_quant_node *quant, uint32_t n, int32_t room[ST_MODEL_PARAMS])
{
    for (uint32_t k = 0; k < ST_MODEL_PARAMS; k++)
        room[k] = quant->own[k] ? quant->own[k][n] : quant->params[k];
    return room;
}

/* In a column that forcing reached, the candidates are those of the best standing, by what they are compared with; e
 * is kept aside, because spikes tell it. */
static void recruit(struct st_ref_population *p, const struct st_quant_node *quant, uint32_t first, uint32_t size)
{
    bool taught = false;
    int best = -1;
    for (uint32_t n = first; n < first + size; n++)
        taught |= p->forced[n];
    if (!taught)
        return;
    for (int standing = 2; standing >= 0 && best < 0; standing--)
        for (uint32_t n = first; n < first + size; n++) {
            int32_t excess = excess_of(p, n);
            if (!p->forced[n] || p->e[n] == INT32_MIN || (quant->recruit.freeze && excess >= quant->recruit.freeze))
                continue;
            int32_t threshold = p->neuron[n].u - p->e[n], match = p->peak[n] - threshold;
            int mine = excess == 0 ? 1 : match >= -quant->recruit.vigilance ? 2 : 0;
            int32_t by = excess == 0 ? p->e[n] : match;
            if (mine == standing && (best < 0 || by > p->by[best])) {
                best = (int)n;
                p->by[n] = by;
            }
        }
    for (uint32_t n = first; n < first + size; n++)
        p->candidate[n] = (int)n == best;
}

/* Where a column begins; that of the number behind the last: where it ends. */
static uint32_t first_of(const struct st_net_node *node, uint32_t column)
{
    return node->starts ? node->starts[column] : column * node->microcolumns;
}

static uint32_t column_of(const struct st_net_node *node, uint32_t n)
{
    uint32_t column = 0;
    while (first_of(node, column + 1) <= n)
        column++;
    return column;
}

static void update_population(struct st_ref *r, uint32_t population)
{
    struct st_ref_population *p = &r->populations[population];
    const struct st_net_node *node = node_of(r, population);
    const struct st_quant_node *quant = &r->quant->nodes[r->quant->net->receptor_count + population];
    int32_t room[ST_MODEL_PARAMS];
    struct st_key key = st_key(r->seed, quant->stream, ST_DRAW_NOISE, r->tick);
    uint8_t bits = (uint8_t)r->quant->fabric->limits.membrane_bits;

    for (uint32_t n = 0; n < p->size; n++) {
        const int32_t *params = params_of(quant, n, room);
        const struct st_ref_column *c = p->column ? &p->column[column_of(node, n)] : NULL;
        struct st_neuron_in in = {
            .acc = p->acc[n],
            .inh = p->inh[n],
            .excess = rise_of(r, population, n),
            .shut = p->shut[n],
            .open = p->open[n],
            .draw = st_model_noise(node->model, params) > 0 ? st_draw16(key, n) : 0,
            .bits = bits,
            .blocked = c && c->left > 0 && c->winner != n,
        };
        p->e[n] = INT32_MIN; /* closed */
        p->candidate[n] = st_model_step(node->model, params, &p->neuron[n], in, &p->e[n]);
        p->fired[n] = !p->column && p->candidate[n];
    }
    for (uint32_t c = 0; p->column && c < node->columns; c++) {
        uint32_t first = first_of(node, c), size = first_of(node, c + 1) - first;
        if (node->recruits)
            recruit(p, quant, first, size);
        uint32_t winner =
            st_ref_compete(&p->column[c], p->e + first, p->candidate + first, first, size, node->block_ticks);
        if (winner != UINT32_MAX)
            p->fired[winner] = 1;
    }
    for (uint32_t n = 0; node->recruits && n < p->size; n++)
        if (!p->forced[n] && p->neuron[n].u > p->peak[n])
            p->peak[n] = p->neuron[n].u;
    r->neuron_states += p->size;
}

static void note_spike(struct st_ref *r, uint32_t population, uint32_t index, int32_t e)
{
    if (r->spike_count == r->spike_room) {
        uint32_t more = r->spike_room ? 2 * r->spike_room : 256;
        struct st_host_spike *at = room(more, sizeof *at);
        if (r->spike_count > 0)
            memcpy(at, r->spikes, r->spike_count * sizeof *at);
        st_release(r->spikes);
        r->spikes = at;
        r->spike_room = more;
    }
    r->spikes[r->spike_count++] = (struct st_host_spike){
        .tick = r->tick, .population = (uint16_t)population, .index = index, .excess = st_sat16(e)};
}

static void fire_population(struct st_ref *r, uint32_t population)
{
    struct st_ref_population *p = &r->populations[population];
    const struct st_net_node *node = node_of(r, population);
    uint32_t at = r->quant->net->receptor_count + population;
    uint8_t *said = said_at(r, at, r->tick);
    int16_t *value = value_at(r, at, r->tick);
    for (uint32_t n = 0; n < p->size; n++)
        if (p->fired[n]) {
            int32_t room[ST_MODEL_PARAMS];
            st_model_fire(node->model, params_of(&r->quant->nodes[at], n, room), &p->neuron[n],
                          rise_of(r, population, n));
            note_spike(r, population, n, p->e[n]);
            said[n] = 1;
            value[n] = st_sat16(p->e[n]);
        }
}

/* --- a tick ------------------------------------------------------------------------------------------------- */

static void clear_inputs(struct st_ref_population *p)
{
    memset(p->acc, 0, p->size * sizeof *p->acc);
    memset(p->inh, 0, p->size * sizeof *p->inh);
    memset(p->dopa, 0, p->size * sizeof *p->dopa);
    memset(p->shut, 0, p->size * sizeof *p->shut);
    memset(p->open, 0, p->size * sizeof *p->open);
    memset(p->forced, 0, p->size);
    memset(p->rewarded, 0, p->size);
}

static void reset_population(struct st_ref *r, uint32_t population)
{
    struct st_ref_population *p = &r->populations[population];
    const struct st_net_node *node = node_of(r, population);
    if (!node->reset)
        return;
    memset(p->neuron, 0, p->size * sizeof *p->neuron);
    memset(p->peak, 0, p->size * sizeof *p->peak);
    if (node->adapt.reset)
        memset(p->theta, 0, p->size * sizeof *p->theta);
    if (p->column)
        memset(p->column, 0, node->columns * sizeof *p->column);
    for (uint32_t k = 0; p->plastic[k]; k++)
        memset(p->plastic[k]->eligible, 0, p->size);
}

/* What the rows of all that learns in a population have emitted in this tick is said by its emitter. */
static void say_emitted(struct st_ref *r, struct st_ref_plastic *k)
{
    const struct st_net *net = r->quant->net;
    uint32_t emitter = st_net_emitter(net, net->receptor_count + k->population);
    for (uint32_t s = 0; s < k->sources; s++) {
        if (emitter != UINT32_MAX && k->emitted[s]) {
            said_at(r, emitter, r->tick)[k->first + s] = 1;
            value_at(r, emitter, r->tick)[k->first + s] = st_sat16(k->emitted[s]);
            r->emitted++;
        }
        k->emitted[s] = 0;
    }
}

static void run_tick(struct st_ref *r)
{
    assert(r->tick < ST_TICK_END);
    const struct st_net *net = r->quant->net;
    uint32_t populations = population_count(r), period = net->picture_ticks + net->silence_ticks;

    for (uint32_t p = 0; p < populations; p++) {
        clear_inputs(&r->populations[p]);
        memset(said_at(r, net->receptor_count + p, r->tick), 0, r->populations[p].size);
    }
    for (uint32_t k = 0; k < net->projection_count; k++)
        deliver_projection(r, k);
    for (uint32_t p = 0; p < populations; p++)
        update_population(r, p);
    for (uint32_t p = 0; p < populations; p++)
        fire_population(r, p);
    for (uint32_t p = 0; p < populations; p++)
        adapt_population(r, p);
    for (uint32_t k = 0; k < r->plastic_count; k++)
        if (r->learn || st_ref_measures(&r->populations[r->plastics[k].population]))
            st_ref_plastic_learn(r, &r->plastics[k]);
    for (uint32_t k = 0; k < r->plastic_count; k++)
        say_emitted(r, &r->plastics[k]);

    r->tick++;
    for (uint32_t p = 0; net->reset && r->tick % period == 0 && p < populations; p++)
        reset_population(r, p);
    for (uint32_t k = 0; r->tick % period == 0 && k < r->plastic_count; k++)
        st_ref_plastic_end(&r->plastics[k]);
    /* what receptors say next is written by inject */
    for (uint32_t n = 0; n < net->receptor_count; n++)
        memset(said_at(r, n, r->tick), 0, st_node_size(&net->nodes[n]));
}

void st_ref_tick(struct st_ref *r)
{
    r->spike_count = 0;
    run_tick(r);
}

void st_ref_inject(struct st_ref *r, uint32_t receptor, uint32_t index)
{
    assert(receptor < st_net_outside(r->quant->net) && index < st_node_size(&r->quant->net->nodes[receptor]));
    said_at(r, receptor, r->tick)[index] = 1;
}

void st_ref_present(struct st_ref *r, const struct st_frame *frame)
{
    const struct st_net *net = r->quant->net;
    uint32_t period = net->picture_ticks + net->silence_ticks;
    assert(r->tick % period == 0);
    r->spike_count = 0;
    for (uint32_t t = 0; t < period; t++) {
        for (uint32_t g = 0; t < frame->ticks && g < st_net_outside(net); g++) {
            uint32_t size = st_node_size(&net->nodes[g]), words = (size + 63) / 64;
            for (uint32_t i = 0; frame->bits[g] && i < size; i++)
                if (frame->bits[g][(size_t)t * words + i / 64] >> (i % 64) & 1)
                    st_ref_inject(r, g, i);
        }
        run_tick(r);
    }
}

/* --- looking ------------------------------------------------------------------------------------------------ */

uint32_t st_ref_spikes_of(const struct st_ref *r, uint32_t population, struct st_host_spike *out)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < r->spike_count; i++)
        if (r->spikes[i].population == population)
            out[count++] = r->spikes[i];
    return count;
}

struct st_probe st_ref_probe(const struct st_ref *r, uint32_t population, uint32_t index)
{
    const struct st_ref_population *p = &r->populations[population];
    struct st_probe out = {.u = p->neuron[index].u,
                           .excess = excess_of(p, index),
                           .theta = p->theta[index],
                           .peak = p->peak[index],
                           .gate = p->neuron[index].gate};
    memcpy(out.more, p->neuron[index].state + 1, sizeof out.more);
    return out;
}
