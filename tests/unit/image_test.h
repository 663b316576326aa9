/* image_test.h - what tests of images share: an arena each, and bytes that must be the same. */
#ifndef STOA_TESTS_IMAGE_TEST_H
#define STOA_TESTS_IMAGE_TEST_H

#include "arena.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
/* after those it needs */
#include <cmocka.h>

/* In a test, no memory is a failure of the test. */
#define ARENA(a)                                                                                                       \
    struct st_arena a;                                                                                                 \
    st_arena_init(&a);                                                                                                 \
    if (setjmp(a.full)) {                                                                                              \
        fail_msg("no memory");                                                                                         \
    }

static inline void same_bytes(const unsigned char *x, size_t nx, const unsigned char *y, size_t ny, uint64_t seed)
{
    if (nx != ny || memcmp(x, y, nx))
        fail_msg("seed %llu: %zu bytes became %zu, or others", (unsigned long long)seed, nx, ny);
}

#endif
