/* boot.h - an image as the packets that load it: what a host would send to silicon.
 *
 *     image, copy ──> ADDR, WRITE, WRITE, .. for each tile: control words, axons, groups, blocks, program, tables,
 * synapses in their skewed banks, state; the routers' tables
 *
 * The map of a core's memories is in docs/rtl.md. */
#ifndef STOA_BOOT_H
#define STOA_BOOT_H

#include "core_sim.h"
#include "sim.h"

enum boot_region {
#define REGION(name, number, what) BOOT_##name = (number),
#include "stoa/core.def"
};

enum boot_kind {
#define FLIT(name, number, what) BOOT_##name = (number),
#include "stoa/core.def"
};

/* Records and postsynaptic traces of rule r are from r << this on. */
enum { BOOT_RULE_SHIFT = 20 };

/* Words of BOOT_CTRL, of a group in BOOT_GROUP and of a rule in BOOT_RULE; bits of their flags. */
enum boot_word {
#define CONTROL(name, number, what) BOOT_CONTROL_##name = (number),
#define GROUP(name, number, what) BOOT_GROUP_##name = (number),
#define RULE(name, number, what) BOOT_RULE_##name = (number),
#define MORE(name, number, what) BOOT_MORE_##name = (number),
#include "stoa/core.def"
};
enum boot_flag {
#define CONTROL_FLAG(name, number, what) BOOT_CONTROL_FLAG_##name = (number),
#define GROUP_FLAG(name, number, what) BOOT_GROUP_FLAG_##name = (number),
#define MORE_FLAG(name, number, what) BOOT_MORE_FLAG_##name = (number),
#include "stoa/core.def"
};

struct boot {
    uint64_t *flit;
    uint32_t count, room;
    bool failed; /* no memory: some are missing */
};

/* The least parameters of a model of so many lanes that takes the image; name and functions are left out. */
struct core_sim_model st_boot_need(const struct st_image *image, uint32_t lanes);
/* Whether an image does not fit a model, and in text why. */
bool st_boot_misfit(const struct core_sim_model *m, const struct st_image *image, char *text, size_t size);
/* The image, to begin in first_tick. Adds to b; look at b->failed afterwards. */
void st_boot_load(struct boot *b, const struct core_sim_model *m, const struct st_image *image, uint32_t copy,
                  struct st_run_options options, uint32_t first_tick);
/* What is under way in the copy, after st_boot_load with its tick. */
void st_boot_live(struct boot *b, const struct core_sim_model *m, const struct st_image *image, uint32_t copy);
void st_boot_free(struct boot *b);
void st_boot_put(struct boot *b, enum boot_kind kind, uint32_t x, uint32_t y, uint32_t data);
/* What beside its weight an entry of a sparse row is, as BOOT_W gives it back. */
uint32_t st_boot_where(const struct core_sim_model *m, uint32_t neuron, uint32_t late);
/* Lines of a bank that the rows of a core take; the family of a group's neurons, 0: of none that the RTL has. */
uint32_t st_boot_lines(const struct core_sim_model *m, const struct st_core *c);
uint32_t st_boot_family(const struct st_group *g);
/* Where the synapse of an axon and a neuron is in BOOT_W (BOOT_R, BOOT_Q: learning synapses only). */
uint32_t st_boot_synapse(const struct core_sim_model *m, const struct st_core *c, uint32_t axon, uint32_t neuron);

#endif
