/* room.h - hands out consecutive pieces of a block of memory, under AddressSanitizer with a gap behind each; with base
 * NULL it only counts. */
#ifndef STOA_ROOM_H
#define STOA_ROOM_H

#include "redzone.h"
#include "size.h"

struct room {
    char *base;
    size_t used;
};

static inline void *take(struct room *r, size_t count, size_t size)
{
    size_t at = r->used;
    size_t bytes = st_size_mul(count, size);
    r->used = st_size_add(r->used, st_size_add(st_size_round(bytes, 64), ST_RED_ZONE));
    if (!r->base)
        return NULL;
    ST_POISON(r->base + at + st_size_round(bytes, 8), r->used - at - st_size_round(bytes, 8));
    return r->base + at;
}

#define TAKE(room, place, count)                                                                                       \
    do {                                                                                                               \
        void *taken_ = take((room), (count), sizeof *(place));                                                         \
        if ((room)->base)                                                                                              \
            (place) = taken_;                                                                                          \
    } while (0)

#endif
