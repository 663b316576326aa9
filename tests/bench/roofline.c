/* roofline.c - see roofline.h. */
#include "roofline.h"
#include <string.h>

static volatile int16_t sink;

/* R registers of L lanes, from row + first on; the registers are named, or the compiler keeps them in memory. */
#define DEFINE(name, flags, L, R, first, EACH)                                                                         \
    flags static void name(const int16_t *w, const uint16_t *events, uint32_t count)                                   \
    {                                                                                                                  \
        typedef uint16_t lanes __attribute__((vector_size(2 * (L))));                                                  \
        EACH(ZERO)                                                                                                     \
        for (uint32_t e = 0; e < count; e++) {                                                                         \
            const lanes *row = (const lanes *)(w + (uint32_t)events[e] * ROOF_ROW + (first));                          \
            EACH(ADD)                                                                                                  \
        }                                                                                                              \
        lanes all = {0};                                                                                               \
        EACH(GATHER)                                                                                                   \
        sink = (int16_t)(sink + all[0] + all[(L)-1]);                                                                  \
    }
#define ZERO(k) lanes a##k = {0};
#define ADD(k) a##k += row[k];
#define GATHER(k) all += a##k;
#define FIVE(DO) DO(0) DO(1) DO(2) DO(3) DO(4)
#define TEN(DO) FIVE(DO) DO(5) DO(6) DO(7) DO(8) DO(9)

#if defined(__x86_64__)
DEFINE(sum_512, __attribute__((target("avx512bw,prefer-vector-width=512"))), 32, 5, 0, FIVE)
DEFINE(sum_256, __attribute__((target("avx2"))), 16, 10, 0, TEN)
#endif
DEFINE(sum_128, , 8, 10, 0, TEN)
DEFINE(sum_128_high, , 8, 10, 80, TEN)

void roof_sum(const char *unit, const int16_t *w, const uint16_t *events, uint32_t count)
{
#if defined(__x86_64__)
    if (!strcmp(unit, "avx512")) {
        sum_512(w, events, count);
        return;
    }
    if (!strcmp(unit, "avx2")) {
        sum_256(w, events, count);
        return;
    }
#endif
    sum_128(w, events, count);
    sum_128_high(w, events, count);
}
