#include "floor.h"

#include "stoa/draw.h"
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>

enum { ROUNDS = 5, AHEAD = 4, LINE = 64, PLACE_BITS = 24, EVENTS = 4000000 };

static double seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* In large pages, as machines lie. */
static void *room_for(size_t count)
{
    enum { PAGE = 2 << 20 };
    size_t bytes = (count * sizeof(uint32_t) / PAGE + 1) * PAGE;
    void *at = aligned_alloc(PAGE, bytes);
    if (!at) {
        fprintf(stderr, "floor: no memory\n");
        exit(3);
    }
#ifdef MADV_HUGEPAGE
    (void)madvise(at, bytes, MADV_HUGEPAGE);
#endif
    return at;
}

/* An entry: a place among the sums in the low bits, a value above it. */
static void add_lists(const uint32_t *entry, uint32_t synapses, const uint32_t *source, uint32_t count, int32_t *sum)
{
    for (uint32_t k = 0; k < count; k++) {
        if (k + AHEAD < count)
            for (uint32_t i = 0; i < synapses; i += LINE / sizeof *entry)
                __builtin_prefetch(&entry[(size_t)source[k + AHEAD] * synapses + i]);
        const uint32_t *mine = &entry[(size_t)source[k] * synapses];
        for (uint32_t i = 0; i < synapses; i++)
            sum[mine[i] & ((1U << PLACE_BITS) - 1)] += (int32_t)mine[i] >> PLACE_BITS;
    }
}

double floor_of(uint32_t neurons, uint32_t synapses, uint32_t delays, uint32_t active)
{
    uint32_t spikes = EVENTS / synapses, a_tick = neurons / active;
    uint32_t *entry = room_for((size_t)neurons * synapses), *source = room_for(spikes);
    int32_t *sum = room_for((size_t)neurons * delays);
    for (size_t i = 0; i < (size_t)neurons * delays; i++)
        sum[i] = 0;
    for (uint32_t n = 0; n < neurons; n++)
        for (uint32_t i = 0; i < synapses; i++) {
            uint64_t h = st_hash64(1, n, i);
            entry[(size_t)n * synapses + i] =
                (uint32_t)(h >> 40) << PLACE_BITS | (uint32_t)((h & UINT32_MAX) % ((uint64_t)neurons * delays));
        }
    for (uint32_t k = 0; k < spikes; k++)
        source[k] = (uint32_t)(st_hash64(2, 0, k) % neurons);
    double least = 0;
    for (int r = 0; r < ROUNDS; r++) {
        double t = seconds();
        for (uint32_t k = 0; k + a_tick <= spikes; k += a_tick)
            add_lists(entry, synapses, source + k, a_tick, sum);
        t = seconds() - t;
        least = r == 0 || t < least ? t : least;
    }
    volatile int32_t read = sum[0];
    (void)read;
    free(entry);
    free(source);
    free(sum);
    return 1e9 * least / ((double)(spikes / a_tick * a_tick) * synapses);
}
