/* fabric.h - FABRIC: what a chip holds, what it can do, and what that costs, from its file.
 *
 * Every limit that the mapping must keep is here, and every coefficient that a report multiplies, each
 * with its source. A limit of 0 in the file is an error: a fabric says what it has. */
#ifndef STOA_FABRIC_H
#define STOA_FABRIC_H

#include "diag.h"
#include "neuron.h"
#include "stoa/image.h"

/* A tile whose core is not for the network; its router passes packets. */
enum st_tile_state {
    ST_TILE_DEAD,     /* does not work */
    ST_TILE_RESERVED, /* is for something else */
    ST_TILE_STATES
};

/* What is said of single tiles; all others are as the fabric's `core`. */
struct st_fabric_tile {
    uint32_t x, y;
    enum st_tile_state state;
    struct st_mark mark;
};

/* A link that no packet can cross, in both directions: east of a tile, or south of it. */
struct st_fabric_link {
    uint32_t x, y;
    bool south;
    struct st_mark mark;
};

/* A row of a core's synapses that does not hold what is written to it: no place of it, or that of one neuron, where a
 * bit is stuck. Which bit, and at what, is not asked (map/rows.h). */
struct st_fabric_row {
    uint32_t x, y, row;
    uint32_t neuron; /* or ST_ROW_DEAD */
    struct st_mark mark;
};
enum { ST_ROW_DEAD = 32768 }; /* as many neurons as a core has at most, so behind the last */

/* What becomes of a potential, or a current, beyond its field. */
enum st_overflow {
    ST_SATURATES,
    ST_SYMMETRIC, /* saturates at numbers of both signs that are as large */
    ST_WRAPS,
    ST_OVERFLOW_COUNT
};

/* How a core's numbers differ from those of a field that saturates, decays in 1/65,536 and weights of whole units. */
struct st_numbers {
    enum st_overflow potentials, currents;
    uint32_t decay_bits; /* leaks and decays are multiples of 1/2^this; 0: of 1/2^ST_DECAY_BITS */
    uint32_t shift_min;  /* an axon's weights count 2^this at least */
};

/* What a neuron has of its own, where it is little; 0: as many as there are. */
struct st_per_neuron {
    uint32_t weights; /* different ones, by the types of axons */
    uint32_t targets; /* axons that its packet goes to, and the host */
};
enum { ST_PER_NEURON_MOST = 255 };

enum { ST_DECAY_BITS = 16 };

static inline uint32_t st_decay_bits(const struct st_numbers *n)
{
    return n->decay_bits ? n->decay_bits : ST_DECAY_BITS;
}

struct st_fabric {
    char *name, *about;
    struct st_limits limits;
    struct st_numbers numbers;
    struct st_per_neuron neuron;
    bool models[ST_MODEL_COUNT];
    bool kinds[ST_KIND_COUNT];
    bool rows[ST_FORMAT_COUNT]; /* formats of rows; dense always */
    bool learning, competition, noise, forcing, adaptation;
    uint32_t tile_count;
    struct st_fabric_tile *tiles; /* by y, then x */
    uint32_t link_count;
    struct st_fabric_link *links; /* dead ones */
    uint32_t bad_row_count;
    struct st_fabric_row *bad_rows; /* by y, x, row, neuron */
    uint32_t cost_count;
    struct st_cost *costs; /* in the order of costs.def, those that the file gives */
    struct st_mark mark;
};

const struct st_fabric *st_fabric_read(struct st_arena *a, struct st_diags *d, const char *file, const char *text,
                                       size_t length);
/* With so many more cores and links dead, drawn from a seed among those that work; NULL: there are not as many. */
enum { ST_FAULTS_MAX = 65536 };
const struct st_fabric *st_fabric_break(struct st_arena *a, const struct st_fabric *f, uint32_t cores, uint32_t links,
                                        uint64_t seed);
/* With so many more rows of synapses dead, and so many more places of rows with a stuck bit; NULL: likewise. */
enum { ST_ROW_FAULTS_MAX = 1 << 20 };
const struct st_fabric *st_fabric_wear(struct st_arena *a, const struct st_fabric *f, uint32_t rows, uint32_t places,
                                       uint64_t seed);
bool st_fabric_check(const struct st_fabric *f, struct st_diags *d);
/* Of it, what QUANT counts on when it chooses shifts: no tick's sum overflows. */
bool st_fabric_check_sums(const struct st_fabric *f, struct st_diags *d);
char *st_fabric_print(struct st_arena *a, const struct st_fabric *f);

#endif
