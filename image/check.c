#include "check.h"
#include "image_io.h"
#include "neuron.h"
#include <math.h>
#include <string.h>

/* ceil(log2(n)), n >= 1 */
static uint32_t bits_for(uint32_t n)
{
    uint32_t bits = 0;
    while (UINT64_C(1) << bits < n)
        bits++;
    return bits;
}

/* Words of lanes are 16 bits (docs/arithmetic.md). */
static bool check_limits(const struct st_limits *l, struct st_fault *f)
{
    ST_DEMAND(l->neurons >= 1 && l->neurons <= ST_LOCAL_MOST && l->axons >= 1 && l->axons <= ST_LOCAL_MOST &&
                  l->inputs >= 1 && l->inputs <= ST_LOCAL_MOST && l->groups >= 1,
              "limits: %u neurons, %u axons, %u inputs, %u groups a core", l->neurons, l->axons, l->inputs, l->groups);
    ST_DEMAND(l->models && l->models >> ST_MODEL_COUNT == 0 && l->formats && l->formats >> ST_FORMAT_COUNT == 0 &&
                  l->rules <= ST_RULE_ALL,
              "limits: models 0x%x, row formats 0x%x, rules 0x%x, of which some are unknown", l->models, l->formats,
              l->rules);
    ST_DEMAND(l->weight_bits >= 1 && l->weight_bits <= 16 && l->resource_bits <= 16 && l->aux_bits <= 16,
              "limits: fields of %u, %u and %u bits a synapse", l->weight_bits, l->resource_bits, l->aux_bits);
    ST_DEMAND(l->membrane_bits >= 2 && l->membrane_bits <= 24, "limits: potentials of %u bits", l->membrane_bits);
    ST_DEMAND(l->shift_max <= 30 && l->weight_bits + l->shift_max + bits_for(l->axons) <= 30,
              "limits: weights of %u bits, shifted by up to %u, over %u axons do not add up within 30 bits",
              l->weight_bits, l->shift_max, l->axons);
    ST_DEMAND(l->delay_slots >= 2 && l->delay_slots <= 256, "limits: %u delay slots", l->delay_slots);
    ST_DEMAND(l->lanes >= 1 && l->lanes <= ST_LANES_MOST, "limits: %u lanes a core", l->lanes);
    bool lists = l->formats >> ST_ROW_SPARSE & 1;
    ST_DEMAND(lists ? l->entry_bits > l->weight_bits && l->entry_bits <= 64 : l->entry_bits == 0,
              "limits: entries of %u bits %s sparse rows", l->entry_bits, lists ? "of" : "without");
    ST_DEMAND(l->ring >= 1 && l->ring <= ST_RING_MOST && !(l->ring & (l->ring - 1)) && (lists || l->ring == 1),
              "limits: a ring of %u sums %s sparse rows", l->ring, lists ? "of" : "without");
    ST_DEMAND(l->mesh_width >= 1 && l->mesh_width <= 65536 && l->mesh_height >= 1 && l->mesh_height <= 65536,
              "limits: a mesh of %u x %u", l->mesh_width, l->mesh_height);
    return true;
}

static bool check_receptor(const struct st_image *m, uint32_t i, struct st_fault *f)
{
    const struct st_receptor *r = &m->receptors[i];
    ST_DEMAND(r->name && *r->name, "receptor %u has no name", i);
    ST_DEMAND(r->size >= 1 && r->size <= INT32_MAX, "receptor %u: %u receptors", i, r->size);
    ST_DEMAND(r->encoder < ST_ENCODER_COUNT, "receptor %u: there is no encoder %u", i, r->encoder);
    ST_DEMAND(r->carry <= 1 && r->teacher <= 1, "receptor %u: a flag is neither 0 nor 1", i);
    const struct st_code *c = &r->code;
    ST_DEMAND(c->taps ? st_encoder_sees((enum st_encoder)r->encoder) && c->taps + c->against <= ST_CODE_TAPS_MOST &&
                            c->window % 2 && c->level && c->speak && r->size <= 1u << 26 && r->width && r->height &&
                            r->width <= 65535 && r->height <= 65535
                      : !c->against && !c->window && !c->level && !c->speak && !c->seed,
              "receptor %u: a code of %u and %u taps in a window of %u, of which %u speak at %u", i, c->taps,
              c->against, c->window, c->speak, c->level);
    const struct st_filter *d = &r->filter;
    ST_DEMAND(d->surround ? st_encoder_sees((enum st_encoder)r->encoder) && st_filter_whole(d)
                          : !d->centre && !d->off && !d->least && !d->gain,
              "receptors '%s': a filter of %u and %u steps with a gain of %u / 256", r->name, d->centre, d->surround,
              d->gain);
    ST_DEMAND(r->encoder >= ST_ENCODE_SPIKES || c->taps || (uint64_t)r->width * r->height == r->size,
              "receptor %u: a picture of %u x %u for %u receptors", i, r->width, r->height, r->size);
    ST_DEMAND(!r->carry || r->encoder == ST_ENCODE_ACCUMULATOR, "receptor %u: only accumulators carry", i);
    ST_DEMAND(!r->crop || st_encoder_sees((enum st_encoder)r->encoder), "receptors '%s': only pictures are cropped",
              r->name);
    ST_DEMAND(r->crop <= 1 && (r->crop || !(r->left | r->top)) && r->left <= UINT16_MAX && r->top <= UINT16_MAX,
              "receptors '%s': a crop at column %u, row %u, where there %s", r->name, r->left, r->top,
              r->crop ? "are 65536" : "is none");
    ST_DEMAND(!r->permutation || st_encoder_sees((enum st_encoder)r->encoder),
              "receptor %u: only receptors of pictures are permuted", i);
    bool timed = r->encoder == ST_ENCODE_LABEL || r->encoder == ST_ENCODE_CLOCK;
    ST_DEMAND(timed || !r->at_count, "receptor %u: only labels and clocks spike at ticks", i);
    for (uint32_t k = 0; k < r->at_count; k++)
        ST_DEMAND(r->at[k] < m->period_ticks && (k == 0 || r->at[k] > r->at[k - 1]),
                  "receptor %u: it spikes at tick %u of %u, out of order or time", i, r->at[k], m->period_ticks);
    ST_DEMAND(r->stream < 1u << 24, "receptor %u: the stream of its draws is %u", i, r->stream);
    return true;
}

static bool check_population(const struct st_image *m, uint32_t i, struct st_fault *f)
{
    const struct st_population *p = &m->populations[i];
    ST_DEMAND(p->name && *p->name, "population %u has no name", i);
    ST_DEMAND(p->columns >= 1 && p->microcolumns >= 1 && (uint64_t)p->columns * p->microcolumns <= INT32_MAX,
              "population %u: %u columns of %u", i, p->columns, p->microcolumns);
    ST_DEMAND(!p->start_count || (p->start_count - 1 == p->columns && st_columns_sound(st_population_columns(p), true)),
              "population %u: a table of %u where its %u columns begin, of %u neurons the largest, contradicts itself",
              i, p->start_count, p->columns, p->microcolumns);
    ST_DEMAND(p->stream < 1u << 24, "population %u: the stream of its draws is %u", i, p->stream);
    ST_DEMAND(isfinite(p->scale) && p->scale > 0, "population %u: its scale is not a positive number", i);
    return true;
}

static bool check_readout(const struct st_image *m, struct st_fault *f)
{
    const struct st_readout *r = &m->readout;
    ST_DEMAND(r->population < m->population_count, "the readout is of population %u of %u", r->population,
              m->population_count);
    ST_DEMAND(r->decide <= ST_DECIDE_EXCESS && r->vote_shift <= 15, "the readout's way to vote is unknown");
    for (uint32_t c = 0; c < m->core_count; c++)
        for (uint32_t g = 0; g < m->cores[c].group_count; g++)
            ST_DEMAND(m->cores[c].groups[g].population != r->population || m->cores[c].groups[g].host,
                      "core %u, group %u: it is read out but does not send spikes to the host", c, g);
    return true;
}

static bool check_costs(const struct st_image *m, struct st_fault *f)
{
    static const char *const known[][2] = {
#define X(key, unit, what) {#key, unit},
#include "stoa/costs.def"
    };
    enum { KNOWN = sizeof known / sizeof *known };
    uint32_t next = 0; /* they come in the order of the table */
    for (uint32_t i = 0; i < m->cost_count; i++) {
        const struct st_cost *c = &m->costs[i];
        uint32_t k = next;
        while (k < KNOWN && (!c->key || strcmp(known[k][0], c->key)))
            k++;
        ST_DEMAND(k < KNOWN, "cost %u: '%.40s' is unknown, or there twice, or out of order", i, c->key ? c->key : "");
        ST_DEMAND(c->unit && !strcmp(c->unit, known[k][1]), "cost '%s' is not in %s", c->key, known[k][1]);
        ST_DEMAND(isfinite(c->value) && c->value >= 0, "cost '%s' is not a number from 0", c->key);
        ST_DEMAND(c->cited <= 1 && (!c->cited || (c->source && *c->source)), "cost '%s' cites no source", c->key);
        next = k + 1;
    }
    return true;
}

static bool check_all(struct st_arena *scratch, const struct st_image *m, struct st_fault *f)
{
    if (!check_limits(&m->limits, f))
        return false;
    ST_DEMAND(m->period_ticks >= 1 && m->period_ticks <= 65535 && m->picture_ticks <= m->period_ticks,
              "a picture of %u ticks in a presentation of %u", m->picture_ticks, m->period_ticks);
    ST_DEMAND(m->reset <= 1, "reset is neither 0 nor 1");
    ST_DEMAND(m->region_width >= 1 && m->region_width <= m->limits.mesh_width && m->region_height >= 1 &&
                  m->region_height <= m->limits.mesh_height,
              "a region of %u x %u tiles on a mesh of %u x %u", m->region_width, m->region_height, m->limits.mesh_width,
              m->limits.mesh_height);
    ST_DEMAND((uint64_t)m->receptor_count + m->core_count < ST_NONE, "more receptors and cores than can be numbered");
    uint32_t first = m->part.count ? m->part.first : 0, end = m->core_count;
    if (m->part.count) {
        ST_DEMAND(first < m->core_count && m->part.count <= m->core_count - first,
                  "cores %u to %llu of %u are asked for", first, (unsigned long long)first + m->part.count,
                  m->core_count);
        end = first + m->part.count;
    }
    uint64_t receptors = 0;
    for (uint32_t i = 0; i < m->receptor_count; i++) {
        if (!check_receptor(m, i, f))
            return false;
        receptors += m->receptors[i].size;
    }
    ST_DEMAND(receptors <= ST_RECEPTORS_MOST, "%llu receptors, of which a network may have %u",
              (unsigned long long)receptors, ST_RECEPTORS_MOST);
    for (uint32_t i = 0; i < m->population_count; i++)
        if (!check_population(m, i, f))
            return false;
    for (uint32_t i = first; i < end; i++)
        if (!st_check_core(m, i, f) || !st_check_graded(scratch, m, i, f))
            return false;
    return check_readout(m, f) && check_costs(m, f) && st_check_routes(scratch, m, f);
}

bool st_check_structure(const struct st_image *image, struct st_fault *f)
{
    struct st_arena scratch;
    st_arena_init(&scratch);
    if (setjmp(scratch.full)) {
        st_arena_free(&scratch);
        return st_fail(f, ST_FAULT_MEMORY, "no memory to check the image");
    }
    bool ok = check_all(&scratch, image, f);
    st_arena_free(&scratch);
    return ok;
}

bool st_image_check(const struct st_image *image, struct st_fault *f)
{
    return st_check_structure(image, f) && st_check_copies(image, f);
}
