/* fan.h - sparse rows by source in place of by core.
 *
 * In a sparse network the synapses of a source lie on as many cores as it has synapses, each behind an input, an axon
 * and a list of its own: every synaptic event would wait for memory three times. So the lists that a source has on all
 * cores are put together once, when a machine begins, by the ticks that their entries take from spike to sum:
 *
 *     image   core 3: axon (delay 1) ─ {n 5, late 0} {n 9, late 4}       core 7: axon (delay 1) ─ {n 2, late 4}
 *     fan     source: after 1 tick {3.5}     after 5 ticks {3.9} {7.2}
 *
 * A spike is noted in the log of its tick, once whatever it reaches. A tick adds what is due to the sums of this tick
 * alone, which lie together for all cores and stay in a near cache. Long lists are added from where they are, through
 * the log of each delay. Of a source with few entries for many delays a tick would read a piece of a line: so the tick
 * after the spike reads the whole list once and lays each piece into the tray of the tick in which it is due. Trays are
 * as deep as a busy tick wants; what finds one full is added through the log.
 *
 * Nothing else can tell: sums are wide, so their order does not matter; what is saved is what it would be without fans,
 * the log told as events in wheels and sums to come; events and operations are counted in the tick in which an axon
 * would have had its event. Signals that neither force nor learn have fans; all others, and what a saved copy brings,
 * go by axons. */
#ifndef STOA_FAN_H
#define STOA_FAN_H

#include "room.h"
#include "stoa/image.h"

struct st_sim;
struct sim_block;
struct sim_core;

enum {
    FAN_DELAYS = 256 + ST_RING_MOST, /* an axon's ticks, and an entry's */
    FAN_PIECE = 64,                  /* bytes that are moved together */
    FAN_BUSY = 32                    /* one source in so many speaks in a busy tick */
};

/* Sources are blocks' indices, numbered through. An entry is a place among the sums of all cores and what is added
 * there, in as few bytes as hold both. */
struct sim_fans {
    uint32_t sources; /* 0: nothing has a fan */
    uint32_t delays;  /* that there are, of entries or of axons */
    uint16_t delay[FAN_DELAYS];
    uint32_t counted;           /* those of axons, */
    uint32_t count[FAN_DELAYS]; /* which they are, by delay, or ST_NONE */
    uint32_t *pending;          /* [sources][counted] events that no core has counted yet */
    uint32_t *start;            /* [sources][delays], and one */
    unsigned char *entry;       /* [entries][bytes] */
    uint32_t entries;
    uint8_t bytes, place_bits;
    uint32_t window;     /* ticks that are in the log */
    uint32_t *log;       /* [window][sources] who spoke in a tick, */
    uint32_t *log_count; /* [window] and how many; a source speaks once a tick: of a column that competes one does */
    uint32_t *laid;      /* [window][delays] how many of them have their entries in a tray */
    unsigned char *tray; /* [window][tray_room] entries that are due in a tick, */
    uint32_t *tray_used; /* [window] and bytes of them */
    uint32_t tray_room;  /* bytes; 0: there are no trays */
    uint64_t until;      /* from this tick on nothing is under way */
};

/* Neurons of a core, and room for whole vectors behind them. */
uint32_t st_sim_padded(uint32_t neurons);
/* Whether an axon's row is part of a fan, where there are any: it is sparse, or so short that no vector would be full.
 */
static inline bool sim_fanned(const struct st_axon *a)
{
    enum { SHORT = 8 };
    return (a->format == ST_ROW_SPARSE || a->hi - a->lo <= SHORT) && a->kind == ST_SIGNAL && !a->forcing && !a->plastic;
}

/* What fans there are, and room for them. */
void st_sim_fans_lay(struct room *m, struct sim_fans *f, const struct st_image *image);
/* Whether a copy under way has an event farther ahead than its axon's delay, which no run leaves, but an image may
 * hold: a spike to come would be one with it in the wheel, and two in a fan. Such a copy goes by axons. */
bool st_sim_fans_meet(const struct st_image *image, const struct st_copy *copy);
/* Puts the lists together; blocks and targets are there. */
void st_sim_fans_fill(struct st_sim *s);
/* A source of a block that has fans spoke in this tick. */
void st_sim_fans_note(struct st_sim *s, const struct sim_block *b, uint32_t index);
/* What is due in this tick is added to the sums of all cores, before any core's step. Returns whether there was any. */
bool st_sim_fans_deliver(struct st_sim *s);
/* After that: whether it reached a core. */
void st_sim_fans_reach(struct sim_core *c);
/* The log of the tick that begins is empty. */
void st_sim_fans_turn(struct st_sim *s);
/* Nothing is under way any more. */
void st_sim_fans_forget(struct st_sim *s);
/* Cores count the events of their axons. */
void st_sim_fans_count(const struct st_sim *s);
/* What is under way to a core, as events in its wheel and sums of later ticks. */
void st_sim_fans_save(const struct st_sim *s, struct st_live *live);

#endif
