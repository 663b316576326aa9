/* cycles.c - what takes how many cycles, for the report: from the tables that the timed engine expands.
 *
 *     cycles IMAGE NEURONS    lines `FIGURE lanes cycles` for 1, 4 and 16 lanes, of the image's first learning core
 *
 *     event      an axon event on NEURONS neurons, back to back
 *     neuron     one of a group of NEURONS, its share of the group's beginning and end included
 *     learning   a row: the longer of the spike and the reward program
 *     tick       the shortest, without its neurons: nothing arrives, one group */
#include "image_io.h"
#include "stoa/learn_cost.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

enum {
#define X(NAME, cycles, meaning) COST_##NAME = (cycles),
#include "timed_costs.def"
};

int main(int argc, char **argv)
{
    static const uint32_t lanes[] = {1, 4, 16};
    static struct st_arena arena;
    struct st_fault fault;
    if (argc != 3)
        return 2;
    st_arena_init(&arena);
    if (setjmp(arena.full))
        return 3;
    const struct st_image *image = st_image_load(&arena, argv[1], &fault);
    if (!image) {
        fprintf(stderr, "cycles: %s\n", fault.text);
        return 3;
    }
    const struct st_core *core = NULL;
    for (uint32_t c = 0; c < image->core_count && !core; c++)
        if (image->cores[c].plastic.axons)
            core = &image->cores[c];
    if (!core)
        return 3;
    uint32_t n = (uint32_t)strtoul(argv[2], NULL, 10), line = core->plastic.axons;
    for (unsigned i = 0; i < sizeof lanes / sizeof *lanes; i++) {
        uint32_t k = lanes[i];
        uint64_t learning = 0;
        for (int t = ST_ON_SPIKE; t <= ST_ON_REWARD; t++) {
            uint64_t cycles = st_program_cycles(&core->plastic, (enum st_trigger)t, line, k, false);
            learning = cycles > learning ? cycles : learning;
        }
        printf("event %u %u\n", k, (n + k - 1) / k);
        printf("neuron %u %.2f\n", k, 1 + (double)(COST_GROUP + COST_WRITE) / n);
        printf("learning %u %" PRIu64 "\n", k, learning);
        uint32_t scan = COST_SCAN + (image->limits.axons + 31) / 32 * COST_EMPTY;
        printf("tick %u %u\n", k, COST_KEY + scan + COST_GROUP + COST_WRITE + COST_BARRIER);
    }
    printf("row 0 %u\n", line);
    st_arena_free(&arena);
    return 0;
}
