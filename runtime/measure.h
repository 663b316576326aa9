/* measure.h - what a phase looks at while it asks, beside who answers right: observers of presentations.
 *
 *     ask:  each copy, each picture ──> spikes, votes ──see()──> sums by task ──> a row of the scores
 *
 * A measure adds up whole numbers over all presentations of a task, so neither the order of pictures nor the number of
 * threads matters. A new one is a file with its row, measure_NAME.c, and a line in measures.def; phases name it then,
 * and tables, JSON and page show it without knowing what it is. */
#ifndef STOA_MEASURE_H
#define STOA_MEASURE_H

#include "stoa/run.h"

/* One presentation to one copy. */
struct st_seen {
    const struct st_image *image;
    const struct st_host_spike *spikes; /* of every population where the measure wants all */
    uint32_t count;
    const int32_t *votes; /* [columns] */
    uint32_t columns;
};

struct st_measure {
    const char *name;
    bool all; /* wants the spikes of every population, not only of those that the image sends to the host */
    uint32_t (*width)(const struct st_image *image); /* numbers of a task */
    const char *(*of)(const struct st_image *image, uint32_t number);
    void (*see)(const struct st_seen *seen, uint64_t *sum);
};

enum {
#define X(name) ST_MEASURE_##name,
#include "measures.def"
    ST_MEASURE_COUNT
};

#define X(name) extern const struct st_measure st_measure_##name;
#include "measures.def"

/* In the order of measures.def, in which steps have a bit each. */
extern const struct st_measure *const st_measures[ST_MEASURE_COUNT];
extern const char *const st_measure_names[ST_MEASURE_COUNT + 1]; /* NULL ends them */

#endif
