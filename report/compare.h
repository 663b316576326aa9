/* compare.h - several mappings of one network side by side: which fabric, how many neurons a core, which mesh.
 *
 * What a mapping costs is a point with many coordinates, and no one is the price. So all stand in a table, and those
 * are marked that are best in one way: no other takes as few cores and crosses as few links. What does not fit stands
 * there, too, with its reason.
 *
 *     images ──measure──> candidates ──judge──> table, JSON, page with a plot of cores and links
 *
 * All figures are of one copy when every source speaks once. tick_ns is a bound from below: the slowest core reads its
 * rows a word a lane and cycle and updates a neuron a cycle, the fullest link passes a packet a cycle. */
#ifndef STOA_COMPARE_H
#define STOA_COMPARE_H

#include "arena.h"
#include "stoa/image.h"

struct st_candidate {
    const char *fabric;
    uint32_t mesh_width, mesh_height, neurons; /* of the chip; most of a core */
    const char *refused;                       /* why there is no mapping, or NULL */
    uint32_t cores, entries;                   /* used; most routing entries of a tile */
    uint64_t links, fullest;                   /* crossed; packets on the fullest */
    uint64_t memory_used, memory_room;         /* bits of the cores that are used */
    double energy_pj, tick_ns;                 /* NAN: the fabric does not price it */
    bool best;
};

/* Fills in what an image tells; the first four members are the caller's. */
void st_candidate_measure(struct st_arena *a, const struct st_image *image, struct st_candidate *c);
void st_candidates_judge(struct st_candidate *list, uint32_t count);

char *st_candidates_text(struct st_arena *a, const char *network, const struct st_candidate *list, uint32_t count,
                         size_t *length);
char *st_candidates_json(struct st_arena *a, const char *network, const struct st_candidate *list, uint32_t count,
                         size_t *length);
char *st_candidates_html(struct st_arena *a, const char *network, const struct st_candidate *list, uint32_t count,
                         size_t *length);

#endif
