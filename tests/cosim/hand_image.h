/* hand_image.h - images put together by hand, a line a part, for corners that no network is made for.
 *
 *     begin ─> core ─> group, axons ─> receptor ─> way (block of a source ─> axons of a core, or the host) ─> end
 *
 * The image's limits are the model's. Sources get their blocks one after the other: all of one before those of the
 * next. */
#ifndef STOA_HAND_IMAGE_H
#define STOA_HAND_IMAGE_H

#include "arena.h"
#include "core_sim.h"
#include "stoa/image.h"

enum {
    HAND_CORES = 4,
    HAND_GROUPS = 16,
    HAND_AXONS = 256,
    HAND_INPUTS = 512,
    HAND_BLOCKS = 320,
    HAND_ROUTES = 512,
    HAND_ENTRIES = 16384,
    HAND_HOST = 255
};

struct hand {
    struct st_arena *a;
    const struct core_sim_model *model;
    struct st_image *m;
};

void hand_begin(struct hand *h, struct st_arena *a, const struct core_sim_model *model, uint32_t period_ticks);
/* On this tile; its number. */
uint32_t hand_core(struct hand *h, uint32_t x, uint32_t y);
/* A population of its own: columns of `size` neurons, which compete when size > 1. Fires from the threshold, else
 * forgets nothing; parameters are the caller's to change. */
struct st_group *hand_group(struct hand *h, uint32_t core, uint32_t columns, uint32_t size, uint8_t model,
                            int32_t threshold);
/* Columns of several sizes: the first gives all but one neuron to the last. */
void hand_cut(struct hand *h, struct st_group *g);
/* `count` axons onto neurons lo..hi-1 with these weights, one axon after the other (NULL: all 0); the first one's
 * number. */
uint32_t hand_axons(struct hand *h, uint32_t core, uint32_t count, enum st_kind kind, uint32_t lo, uint32_t hi,
                    uint32_t delay, const int16_t *weights);
/* A further axon, with a sparse row and nothing in it; its number. Entries of the last axon come in order. */
uint32_t hand_list(struct hand *h, uint32_t core, enum st_kind kind, uint32_t delay);
void hand_entry(struct hand *h, uint32_t core, uint32_t neuron, int16_t weight, uint32_t late);
uint32_t hand_receptor(struct hand *h, uint32_t size);
/* A new block of `count` sources from `first` of a receptor; of a group of a core. */
uint32_t hand_receptor_block(struct hand *h, uint32_t receptor, uint32_t first, uint32_t count);
uint32_t hand_group_block(struct hand *h, uint32_t core, const struct st_group *group, uint32_t first, uint32_t count,
                          enum st_block_by by);
/* The block also goes to this core, onto axons from `axon`, or ST_NONE: onto inputs without; HAND_HOST: to the host. */
void hand_way(struct hand *h, uint32_t block, uint32_t core, uint32_t axon);
/* A receptor for each of the axons, and its way. */
uint32_t hand_feed(struct hand *h, uint32_t core, uint32_t axon, uint32_t count);
/* The first `axons` axons of a core learn, onto `count` neurons from `first`; no program yet, all words are there. */
struct st_plastic *hand_plastic(struct hand *h, uint32_t core, uint32_t axons, uint32_t first, uint32_t count);
/* With the next word begins the program of a trigger; a word of a program. */
void hand_enter(struct st_plastic *p, enum st_trigger on);
void hand_word(struct st_plastic *p, struct st_insn i);
/* The image with one copy, whose learnt words are the caller's to fill; what is wrong with it is said in why. */
struct st_image *hand_end(struct hand *h, const char **why);

#endif
