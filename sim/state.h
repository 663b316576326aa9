/* state.h - what a running copy keeps in memory; private to sim/.
 *
 * One block of memory, laid out by layout.c, all arrays 64-byte aligned and padded to whole vectors of 32 lanes:
 *
 *     sim ─ cores[] ─ neurons: u gate threshold e acc ...   columns: winner left
 *                   ─ wheel[slot][axon bits]
 *                   ─ plastic: w[axon][neurons] r[neuron][axons] q s   presynaptic traces   postsynaptic traces
 *         ─ targets[]: where each block's packets go, flattened from the routing tables
 *         ─ fans: sparse rows by source (fan.h)
 */
#ifndef STOA_SIM_STATE_H
#define STOA_SIM_STATE_H

#include "currents.h"
#include "fan.h"
#include "kernels.h"
#include "leaky.h"
#include "sim.h"
#include "team.h"
#include <stdatomic.h>

/* A block's delivery to one core: index i goes to input + i. even: the axons of neighbours are neighbours of one delay,
 * all along their chains, no packet brings a value, and none is in a fan. */
struct sim_target {
    uint32_t input, core : 31, even : 1; /* there are as many as a source reaches cores, over all sources */
};

struct sim_block {
    uint32_t first_target, target_count;
    uint32_t walked; /* the first of them, which have axons that are in no fan */
    uint32_t hops;   /* links a packet crosses, over all branches */
    uint32_t first_source;
    uint32_t first; /* as the image has it, beside what is looked up with it */
    bool by_column; /* likewise */
    bool fans;      /* some have axons that are in one */
};

/* A run of neurons lo .. hi - 1; empty when hi <= lo. */
struct sim_span {
    uint32_t lo, hi;
};

/* All lines of memory that hold a piece of it are sent for: the last one, too, where it begins within a line. */
static inline void sim_fetch(const void *from, size_t bytes)
{
    enum { LINE = 64 };
    __builtin_prefetch(from);
    for (size_t i = LINE; i + 1 < bytes; i += LINE) /* seldom, for what is short */
        __builtin_prefetch((const char *)from + i);
    __builtin_prefetch((const char *)from + bytes - 1);
}

static inline void sim_span_add(struct sim_span *s, uint32_t lo, uint32_t hi)
{
    if (s->hi <= s->lo) {
        *s = (struct sim_span){lo, hi};
        return;
    }
    s->lo = lo < s->lo ? lo : s->lo;
    s->hi = hi > s->hi ? hi : s->hi;
}

/* What a group is, looked up once. */
struct sim_kind {
    const struct st_model_row *model;
    int32_t noise;
    bool shut_by_default;
    bool by_step; /* no kernel runs it: another model, parameters that are each neuron's own, draws out of order */
    bool rests;   /* without state and input it stays so, be it open or closed, and does not fire */
    bool keeps;   /* without input it stays as it is while it is open */
    bool splits;  /* it is given the sum of negative weights apart */
    bool raised;  /* theta counts in this run, */
    bool moves;   /* and changes */
    bool fanned;  /* all that its spikes reach is in fans, */
    bool fans;    /* or some is */
    uint32_t first_column, columns; /* that compete */
};

/* What lets a group's update be shortened. */
struct sim_group {
    bool resting; /* all states are 0 and nothing but a signal can change that, */
    bool keeping; /* or they are what they were a tick before, and only a signal or being closed can change that */
    bool stirred; /* some gate is not 0 */
    bool blocked; /* some column is blocked */
    bool moved;   /* and others than `column_shown` says may be */
    bool calmed;  /* nobody has a raised threshold, as far as it moves */
};

/* A spike whose packets are yet to be sent, where its group begins, and the value that they bring. */
struct sim_spoke {
    uint32_t core;
    uint16_t neuron, first;
    int16_t value;
};

/* What cores have to say in a tick: of all of them in one list, or, where they have their steps side by side, of each
 * in its own (divide.c). */
struct sim_out {
    struct sim_spoke *spoke; /* spikes whose packets are sent at the tick's end */
    uint32_t spoke_count;
    struct st_host_spike *spikes; /* for the host; of the list of all, those of a presentation */
    size_t spike_count, spike_room;
};

/* Keys of a group's noise for the ticks first .. first + ST_KEYS - 1. */
struct sim_keys {
    uint32_t first;
    struct st_key key[ST_KEYS];
};

/* Names of lines as bits, by enum st_operand. */
struct sim_pass {
    uint32_t needed, written; /* read before it is written; written */
};

/* Axons first .. end - 1 that do not learn. plain: signals to the same neurons with the same shift, without forcing,
 * whose dense rows follow one another; the others differ in something. */
struct sim_run {
    uint32_t first, end;
    bool plain;
    bool negative, positive; /* it has such weights, for neurons that tell them apart; else both are false */
};

/* One rule of a core, and the axons that learn by it: first .. first + of.axons - 1. */
struct sim_part {
    struct st_plastic of;
    uint32_t first;
    int32_t *s;       /* [count][ST_SCALARS] */
    uint16_t *post_x; /* [count] */
};

enum { PRE_LOG = 32 }; /* ticks of axon events kept before presynaptic traces are brought up to date */

struct sim_core {
    const struct st_core *def;
    uint32_t neurons, neurons_padded, axon_words;
    int32_t *u, *e, *dopa, *threshold, *closed;
    uint32_t first_place; /* among the sums of all cores, */
    int32_t *acc;         /* [neurons] where its own are */
    int32_t *inh;         /* [neurons] of the signals, those of negative weight; NULL where no core tells them apart */
    int32_t *late;        /* [ring][neurons] sums of this tick and those to come; NULL where no entry is late */
    int32_t *late_inh;    /* the same of negative weights, or NULL */
    uint64_t late_until;  /* from this tick on they are all 0 */
    int32_t *theta;       /* [neurons] what spikes added to the threshold; NULL where no group adapts */
    int32_t *state[ST_MODEL_STATES]; /* [0] is u; NULL where no model of the core has so many */
    uint32_t states;
    int32_t *peak; /* [neurons], or NULL where no group recruits */
    int16_t *gate;
    uint16_t *shut, *open;
    uint8_t *forced, *rewarded, *fired;
    uint16_t *column_winner, *column_left;
    uint32_t *column_shown; /* [columns] the winner + 1 that `closed` leaves open, 0: nobody is closed; or ST_NONE */
    uint64_t *wheel;        /* [slots][axon_words] */
    uint8_t *busy;          /* [slots] whether a slot may hold an event */
    int16_t *value; /* [slots][axon_words * 64] what packets to graded axons bring, else 0; NULL: there are none */
    uint32_t *send_first; /* [neurons + 1] where in `send` a neuron's begin */
    uint32_t *send;       /* blocks that a spike of it is a packet of */
    uint16_t *fired_list; /* ascending, by group */
    uint32_t fired_count;
    uint16_t *ready;                                   /* candidates of a group */
    uint16_t *column;                                  /* [neurons] column within its group */
    struct sim_span signals, forcing, gating, rewards; /* neurons that events of this kind reached in this tick, */
    struct sim_span summed_to; /* and those that learn, when their axons brought any: they are never left alone */
    struct sim_group *groups;
    struct sim_kind *kinds;   /* by group */
    struct sim_keys *keys;    /* by group */
    struct st_lif_batch *lif; /* by group: ready but for who is closed and the tick's key */
    struct st_cuba_batch *cuba;
    uint32_t sum_block;   /* rows that learn, of which so many can be summed in 16 bits */
    struct sim_run *runs; /* of the axons that do not learn, in order */
    uint32_t row_block;   /* their rows, of which so many can be summed in 16 bits */
    uint16_t *received;   /* those with an event, as they are looked through */

    /* plastic part */
    uint32_t axons, lanes, count; /* plastic axons; the same padded; plastic neurons */
    uint32_t stride;              /* of w, padded count */
    int16_t *w, *r, *q;           /* w[axon * stride + n]; r, q[n * lanes + axon] */
    int16_t *joined;              /* like r: -1 where there is a synapse, else 0; NULL: everywhere */
    bool measures;                /* some rule does, so that records are kept without learning, too */
    int32_t *s;                   /* [rules][count][ST_SCALARS] */
    struct sim_part *parts;       /* [part_count] the rules */
    uint32_t part_count;
    bool histories;          /* all of them keep histories */
    bool keeps_values;       /* some keep what packets bring */
    struct st_insn *program; /* unpacked */
    struct sim_pass *passes; /* by the word of its PASS */
    uint64_t *now;           /* [pre_words] events of this tick, */
    uint64_t *plain;         /* those of them that bring no value, */
    uint64_t *graded;        /* which others are; both NULL: none of what learns is graded */
    uint16_t *events;        /* axons whose rows are summed */
    int32_t *sums;           /* [stride] of the rows of the last delivery, */
    uint64_t *summed;        /* [pre_words] whose events were these, */
    uint32_t summed_count;   /* so many, */
    bool sums_hold;          /* and no weight has changed since */
    uint16_t *pre_aligned, *pre_x, *pre_age;
    uint32_t pre_tick; /* ages are as of this tick */
    uint64_t *pre_log; /* [PRE_LOG][lanes / 64 rounded up] */
    uint32_t pre_log_tick[PRE_LOG], pre_log_count, pre_words;
    uint16_t *post_x;
    uint32_t *post_last;
    uint8_t *eligible;
    int16_t *line[17];             /* working lines of the learning engine, named in learn.c */
    int64_t *emitted;              /* [axons] what rows have emitted in this tick; NULL: nobody is sent it */
    bool emits;                    /* some row has */
    uint32_t stream;               /* of the plastic population's draws */
    const struct st_group *learns; /* the group whose neurons learn */
    int32_t *base_threshold;       /* [neurons] without what learning adds */
    struct sim_out *out;           /* where it says what it has to say */
    struct st_counters counters;
};

/* The cores of a copy over the threads of a team (divide.c). */
struct sim_division {
    struct st_team *team;  /* NULL: there is none */
    uint64_t least;        /* work of a tick from which on it is divided */
    uint32_t ticks, until; /* since the last look at how much that is, and at the next */
    uint32_t threads, round;
    bool reached;                     /* fans brought something in this tick */
    uint32_t first[ST_TEAM_MOST + 1]; /* where a thread's cores begin in */
    uint32_t *order;                  /* [cores] of each thread those with most work first */
    atomic_uint *taken;               /* [cores] in that order: the round in which it was taken last */
    uint64_t *work;                   /* [cores] in all, at the last look, */
    uint64_t *since;                  /* and since the look before */
    struct sim_out *out;              /* [cores] */
};

struct st_sim {
    const struct st_image *image;
    const struct st_kernels *kernels;
    struct st_run_options options;
    uint64_t seed;
    uint32_t copy;
    uint32_t ring;              /* sums of a neuron */
    uint32_t tick, slot, slots; /* slot: where the events of this tick are in the wheels, of slots each */
    uint32_t core_count;
    struct sim_core *cores;
    struct sim_block *blocks;
    struct sim_target *targets;
    int32_t *acc, *inh; /* sums of all cores, one behind the other: of a tick's signals, and those of negative weight */
    struct sim_fans fans;
    const uint64_t *const
        *spoken;         /* by receptors in this tick: [receptors], of each the words of some ticks, or NULL */
    size_t spoken_tick;  /* which of those; spoken NULL: nobody speaks */
    uint64_t **injected; /* [receptors][words] */
    bool any_injected;
    struct sim_out out;
    struct st_host_spike *said; /* [neurons] room for those of a tick, core by core */
    struct sim_division division;
    bool divided;                /* this tick's cores have their steps side by side */
    bool far;                    /* static rows are too many for a near cache */
    bool all_reset;              /* every group is reset at the end of a presentation */
    struct st_counters counters; /* of no core: time, and what the host sent */
};

/* learn.c: unpacks the programs. */
void st_sim_learn_init(struct sim_core *c);
/* Runs one program over a neuron's row (spike, reward) or an axon's column (pre). */
void st_sim_learn_row(struct st_sim *s, struct sim_core *c, const struct sim_part *part, enum st_trigger trigger,
                      uint32_t neuron);
void st_sim_learn_column(struct st_sim *s, struct sim_core *c, uint32_t axon);
/* Brings presynaptic traces up to date with the logged events. */
void st_sim_pre_flush(const struct st_sim *s, struct sim_core *c);
/* As before the first event. */
void st_sim_pre_forget(const struct st_sim *s, struct sim_core *c);
/* Notes the plastic axons' events of this tick. */
void st_sim_pre_note(const struct st_sim *s, struct sim_core *c);

/* Goes to a tick; nothing else changes. */
static inline void sim_goto(struct st_sim *s, uint32_t tick)
{
    s->tick = tick;
    s->slot = tick % s->slots;
}

/* An event is put where its tick will find it. */
static inline uint32_t sim_slot(const struct st_sim *s, uint32_t delay_ticks)
{
    uint32_t slot = s->slot + delay_ticks;
    return slot < s->slots ? slot : slot - s->slots;
}

/* adapt.c: thresholds of a group that spikes raise, in a tick or in several in which nobody fires; as a run begins. */
void st_sim_adapt(struct sim_core *c, uint32_t group, uint32_t tick, const uint16_t *fired, uint32_t count);
void st_sim_adapt_begin(struct sim_core *c, const int32_t *from, bool live);

/* Events of a later tick. Where cores have their steps side by side others may send to this core, too. */
static inline void sim_put(uint64_t *word, uint64_t bits, bool divided)
{
    if (divided)
        __atomic_fetch_or(word, bits, __ATOMIC_RELAXED);
    else
        *word |= bits;
}

/* A slot has events; several may say so. */
static inline void sim_busy(struct sim_core *c, uint32_t slot)
{
    __atomic_store_n(&c->busy[slot], 1, __ATOMIC_RELAXED);
}

/* A packet reached an input whose first axon is this: each axon of its source that is in no fan has its event at its
 * delay, and those that are graded its value. */
static inline void sim_arrive(const struct st_sim *s, struct sim_core *c, uint32_t axon, int16_t value)
{
    const struct st_axon *axons = c->def->axons;
    for (; axon != ST_NONE; axon = axons[axon].next) {
        if (s->fans.sources && sim_fanned(&axons[axon]))
            continue;
        uint32_t slot = sim_slot(s, axons[axon].delay_ticks);
        sim_busy(c, slot);
        sim_put(&c->wheel[(size_t)slot * c->axon_words + axon / 64], UINT64_C(1) << (axon % 64), s->divided);
        if (axons[axon].kind == ST_GRADED)
            c->value[(size_t)slot * c->axon_words * 64 + axon] = value;
    }
}

/* The value that an axon's event of this tick brings. */
static inline int16_t sim_value(const struct st_sim *s, const struct sim_core *c, uint32_t axon)
{
    return c->value ? c->value[(size_t)s->slot * c->axon_words * 64 + axon] : (int16_t)0;
}

/* layout.c: all states of neurons first .. first + count - 1 as at the beginning. */
void st_sim_clear_states(struct sim_core *c, uint32_t first, uint32_t count);

/* deliver.c: events that are due become sums; what they reached is in the core's spans. */
void st_sim_deliver(struct st_sim *s, struct sim_core *c);

/* tick.c: one tick of a core; packets of what its rows emitted, and those of all cores that are left when all had their
 * step; what the end of a presentation does to a core. */
void st_sim_core_step(struct st_sim *s, struct sim_core *c);
void st_sim_send_emitted(struct st_sim *s, struct sim_core *c);
void st_sim_send_rest(struct st_sim *s);
void st_sim_core_reset(struct sim_core *c);

/* present.c: what receptors say in this tick goes into the wheels; then nothing of it is left to go. */
void st_sim_hear(struct st_sim *s);

/* divide.c: every so many ticks, whether they are divided from now on, and how; the steps of all cores, divided;
 * reached: what fans brought is among their sums. */
void st_sim_look(struct st_sim *s);
void st_sim_step_divided(struct st_sim *s, bool reached);

/* What learning adds to a neuron's threshold: the excess scalars of all rules, each and their sum within 0 .. 2^24 - 1.
 */
static inline int32_t sim_excess(const struct sim_core *c, uint32_t n)
{
    uint32_t i = n - c->def->plastic.first;
    int32_t sum = 0;
    if (i >= c->count)
        return 0;
    for (const struct sim_part *p = c->parts; p < c->parts + c->part_count; p++)
        if (p->of.excess_scalar >= 0)
            sum += st_excess_of(p->s[(size_t)i * ST_SCALARS + (size_t)p->of.excess_scalar]);
    return st_excess_of(sum);
}

/* The threshold of a neuron of a group after what is added to it changed. */
static inline void sim_raise(struct sim_core *c, uint32_t group, uint32_t n)
{
    int32_t theta = c->kinds[group].raised ? c->theta[n] : 0;
    c->threshold[n] = c->base_threshold[n] + st_adapt_rise(sim_excess(c, n), theta);
}

#define SIM_VECTORS(lanes) ((lanes) / ST_LANES)

#endif
