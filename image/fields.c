#include "field.h"
#include "check.h"
#include "image_io.h"
#include "models.h"

static const struct st_words model_set = {true,
                                          {
#define X(NAME, name, what) {#name, 1 << ST_MODEL_##NAME},
#include "models.def"
                                          }};
static const struct st_words format_set = {true, {{"dense", 1 << ST_ROW_DENSE}, {"sparse", 1 << ST_ROW_SPARSE}}};
static const struct st_words rule_set = {true,
                                         {{"traces", ST_RULE_TRACE},
                                          {"draws", ST_RULE_DRAWS},
                                          {"recruits", ST_RULE_RECRUITS},
                                          {"adapts", ST_RULE_ADAPTS},
                                          {"mask", ST_RULE_MASK},
                                          {"more", ST_RULE_MORE},
                                          {"measure", ST_RULE_MEASURE},
                                          {"graded", ST_RULE_GRADED}}};
static const struct st_words encoders = {false,
                                         {{"bernoulli", ST_ENCODE_BERNOULLI},
                                          {"accumulator", ST_ENCODE_ACCUMULATOR},
                                          {"poisson", ST_ENCODE_POISSON},
                                          {"latency", ST_ENCODE_LATENCY},
                                          {"spikes", ST_ENCODE_SPIKES},
                                          {"label", ST_ENCODE_LABEL},
                                          {"clock", ST_ENCODE_CLOCK}}};
static const struct st_words decides = {false, {{"count", ST_DECIDE_COUNT}, {"excess", ST_DECIDE_EXCESS}}};
static const struct st_words ports = {true,
                                      {{"east", ST_PORT_EAST},
                                       {"west", ST_PORT_WEST},
                                       {"north", ST_PORT_NORTH},
                                       {"south", ST_PORT_SOUTH},
                                       {"local", ST_PORT_LOCAL}}};

static void route(struct st_walk *w, struct st_route *s)
{
    const struct st_image *m = w->image;
    const struct st_block *b = !w->ops->building && s->block < m->block_count ? &m->blocks[s->block] : NULL;
    uint32_t source = !b ? ST_NONE : b->receptor != ST_NONE ? b->receptor : m->receptor_count + b->core;
    uint32_t number =
        !b ? s->block
           : s->block - (b->receptor != ST_NONE ? m->receptors[b->receptor].first_block : w->core_block[b->core]);
    RECORD("route");
    WIDER(x);
    WIDER(y);
    UNTIL(1) WIDER(block);
    SINCE(2) LOCAL("source", source);
    SINCE(2) LOCAL("block", number);
    FIELD_AS(ports, ports);
    UNTIL(2) st_walk_wider(w, "axon", &s->input, 1, &st_or_none);
    SINCE(3) FIELD_AS(input, st_or_none);
    END();
    if (!w->ops->building || w->failed || w->version < 2)
        return;
    uint32_t first = 0, end = 0;
    if (source < m->receptor_count) {
        first = m->receptors[source].first_block;
        end = first + m->receptors[source].block_count;
    } else if (source - m->receptor_count < m->core_count) {
        first = w->core_block[source - m->receptor_count];
        end = w->core_block[source - m->receptor_count + 1];
    }
    if (number >= end - first)
        st_walk_fail(w, ST_FAULT_IMAGE_BAD, "route of block %u of source %u, which has %u", number, source,
                     end - first);
    s->block = first + number;
}

static void code(struct st_walk *w, struct st_code *s)
{
    w->ops->numbers(w, "taps", &s->taps, 1, ST_U8, NULL);
    w->ops->numbers(w, "against", &s->against, 1, ST_U8, NULL);
    w->ops->numbers(w, "window", &s->window, 1, ST_U8, NULL);
    w->ops->numbers(w, "level", &s->level, 1, ST_U8, NULL);
    w->ops->numbers(w, "speak", &s->speak, 1, ST_U32, NULL);
    w->ops->numbers(w, "code_seed", &s->seed, 1, ST_U64, NULL);
}

static void filter(struct st_walk *w, struct st_filter *s)
{
    w->ops->numbers(w, "centre", &s->centre, 1, ST_U8, NULL);
    w->ops->numbers(w, "surround", &s->surround, 1, ST_U8, NULL);
    w->ops->numbers(w, "off", &s->off, 1, ST_U8, NULL);
    w->ops->numbers(w, "least", &s->least, 1, ST_U8, NULL);
    w->ops->numbers(w, "gain", &s->gain, 1, ST_U16, NULL);
}

static void receptor(struct st_walk *w, struct st_receptor *s)
{
    RECORD("receptor");
    TEXT(name);
    FIELD(size);
    FIELD(width);
    FIELD(height);
    SINCE(4) FIELD_AS(crop, st_yes_no);
    SINCE(4) FIELD(left);
    SINCE(4) FIELD(top);
    FIELD_AS(encoder, encoders);
    FIELD_AS(carry, st_yes_no);
    FIELD_AS(teacher, st_yes_no);
    FIELD(rate);
    TEXT(file);
    SINCE(2) FIELD(permutation);
    SINCE(2) code(w, &s->code);
    SINCE(6) filter(w, &s->filter);
    FIELD(stream);
    UNTIL(1) FIELD(first_block);
    UNTIL(1) WIDER(block_count);
    COUNTED(at, at_count, 16, ST_DECIMAL);
    SINCE(2)
    {
        if (w->ops->building)
            s->first_block = w->image->block_count;
        s->block_count = st_walk_blocks(w, s->first_block, s->block_count);
    }
    END();
}

static void population(struct st_walk *w, struct st_population *s)
{
    RECORD("population");
    TEXT(name);
    FIELD(columns);
    FIELD(microcolumns);
    FIELD(stream);
    FIELD(scale);
    SINCE(4) COUNTED(starts, start_count, 16, ST_DECIMAL);
    END();
}

static void readout(struct st_walk *w, struct st_readout *s)
{
    RECORD("readout");
    WIDER(population);
    FIELD_AS(decide, decides);
    FIELD(vote_base);
    FIELD(vote_shift);
    END();
}

static void limits(struct st_walk *w, struct st_limits *s)
{
    RECORD("limits");
    FIELD(neurons);
    FIELD(axons);
    SINCE(3) FIELD(inputs);
    FIELD(groups);
    FIELD(weight_bits);
    FIELD(resource_bits);
    FIELD(aux_bits);
    FIELD(membrane_bits);
    FIELD(shift_max);
    SINCE(3) FIELD(entry_bits);
    SINCE(4) FIELD(ring);
    FIELD(synapse_bits);
    FIELD(delay_slots);
    FIELD(lanes);
    FIELD(program_words);
    FIELD(table_words);
    FIELD(route_entries);
    FIELD(mesh_width);
    FIELD(mesh_height);
    SINCE(2) FIELD_AS(models, model_set);
    SINCE(2) FIELD_AS(formats, format_set);
    SINCE(2) FIELD_AS(rules, rule_set);
    END();
    UNTIL(3) s->ring = 1;
    UNTIL(2) s->inputs = s->axons;
    UNTIL(1)
    { /* what there was */
        s->models = 1u << ST_MODEL_LIF | 1u << ST_MODEL_ALTAI;
        s->formats = 1u << ST_ROW_DENSE;
        s->rules = ST_RULE_TRACE | ST_RULE_DRAWS;
    }
}

static void cost(struct st_walk *w, struct st_cost *s)
{
    RECORD("cost");
    TEXT(key);
    FIELD(value);
    TEXT(unit);
    TEXT(source);
    FIELD_AS(cited, st_yes_no);
    END();
}

void st_walk_image(struct st_walk *w, struct st_image *s)
{
    w->image = s;
    w->ops->section(w, "HEAD");
    RECORD("image");
    TEXT(network);
    TEXT(fabric);
    FIELD(period_ticks);
    FIELD(picture_ticks);
    FIELD_AS(reset, st_yes_no);
    FIELD(region_width);
    FIELD(region_height);
    limits(w, &s->limits);
    readout(w, &s->readout);
    END();
    w->ops->section(w, "RECV");
    LIST(receptors, receptor_count, "receptor", receptor);
    w->ops->section(w, "POPS");
    LIST(populations, population_count, "population", population);
    w->ops->section(w, "COST");
    LIST(costs, cost_count, "cost", cost);
    UNTIL(1)
    {
        w->ops->section(w, "BLOK");
        LIST(blocks, block_count, "block", st_walk_block);
    }
    SINCE(2)
    {
        w->ops->section(w, "TILE");
        st_walk_tiles(w);
    }
    w->ops->section(w, "ROUT");
    LIST(routes, route_count, "route", route);
    st_walk_cores(w);
    if (w->ops->building && !w->failed) {
        s->part.first = w->part.first;
        s->part.count = w->part.count;
        SINCE(2) st_walk_name_blocks(w);
        UNTIL(1) w->failed = !st_image_order(w->arena, s, w->fault);
    }
    struct st_list copies = {.name = "copy",
                             .tag = "COPY",
                             .at = s->copies,
                             .count = s->copy_count,
                             .size = sizeof *s->copies,
                             .needed = true};
    st_list_open(w, &copies);
    if (w->ops->building && !w->failed)
        w->failed = !st_check_structure(s, w->fault);
    for (void *at; (at = st_list_next(w, &copies)) != NULL;)
        st_walk_copy(w, at, s);
    if (w->ops->building) {
        s->copies = copies.at;
        s->copy_count = copies.count;
    }
}
