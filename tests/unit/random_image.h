/* random_image.h - small valid images of every kind, from a seed.
 *
 * Whatever an image can hold occurs in some of them: several cores with holes between, populations cut into
 * columns, every encoder, every kind of axon, multicast ways, hosts, plastic parts with programs and tables, copies
 * with learnt and live state. They make no sense as networks; they are legal, and that is all a machine may ask for. */
#ifndef STOA_RANDOM_IMAGE_H
#define STOA_RANDOM_IMAGE_H

#include "arena.h"
#include "stoa/image.h"

/* live: copies with all that lives between two ticks; else as a compiler makes them. */
struct st_image *random_image(struct st_arena *a, uint64_t seed, bool live);

#endif
