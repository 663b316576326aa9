/* check.h - what an image must be before a machine may trust it.
 *
 * The engines check nothing while they run: every index is used as it is, every sum is taken to fit. So whatever
 * they rely on is proved here, from the definitions in stoa/image.h and docs/arithmetic.md, and not from what
 * the compiler happens to make.
 *
 *     check.c         the frame: limits, receptors, populations, readout, costs
 *     check_core.c    one core: neuron groups, axons, weights, the plastic part
 *     check_graded.c  what packets with a value may add up to
 *     check_routes.c  blocks and ways: every packet arrives, once, and no way turns back on itself
 *     check_copies.c  learnt and live state, and what learning may make of it
 *
 * The first contradiction is named in f (IMAGE_BAD). */
#ifndef STOA_CHECK_H
#define STOA_CHECK_H

#include "arena.h"
#include "fault.h"
#include "stoa/image.h"

#define ST_DEMAND(condition, ...)                                                                                      \
    do {                                                                                                               \
        if (!(condition))                                                                                              \
            return st_fail(f, ST_FAULT_IMAGE_BAD, __VA_ARGS__);                                                        \
    } while (0)

static inline const char *st_format_name(uint32_t format)
{
    static const char *const names[ST_FORMAT_COUNT] = {"dense", "sparse"};
    return format < ST_FORMAT_COUNT ? names[format] : "unknown";
}

/* Everything but the copies: their shape depends on it. */
bool st_check_structure(const struct st_image *image, struct st_fault *f);
bool st_check_copies(const struct st_image *image, struct st_fault *f);

bool st_check_core(const struct st_image *image, uint32_t core, struct st_fault *f);
/* Needs the core to be right; scratch is freed by the caller. */
bool st_check_graded(struct st_arena *scratch, const struct st_image *image, uint32_t core, struct st_fault *f);
/* Needs the cores to be right; scratch is freed by the caller. */
bool st_check_routes(struct st_arena *scratch, const struct st_image *image, struct st_fault *f);

#endif
