/* size.h - sums and products of sizes that do not wrap.
 *
 * A size is computed from what a file says. SIZE_MAX is "more than there is": it stays so in further sums and products,
 * and whoever asks for so many bytes is told that there is no memory for them. */
#ifndef STOA_SIZE_H
#define STOA_SIZE_H

#include <stddef.h>
#include <stdint.h>

static inline size_t st_size_mul(size_t a, size_t b)
{
    size_t c;
    return __builtin_mul_overflow(a, b, &c) ? SIZE_MAX : c;
}

static inline size_t st_size_add(size_t a, size_t b)
{
    size_t c;
    return __builtin_add_overflow(a, b, &c) ? SIZE_MAX : c;
}

/* The next multiple of `to`. */
static inline size_t st_size_round(size_t a, size_t to)
{
    return a > SIZE_MAX - (to - 1) ? SIZE_MAX : (a + to - 1) / to * to;
}

#endif
