/* fuzz_run_image.c - whatever bytes a loader takes for an image, machines run: the fast engine with each kernel and the
 * timed one, with input drawn from the bytes, to the same spikes, states and learnt words; and what is saved is an
 * image again.
 *
 * The check of an image is the only thing between a file and engines that check nothing. */
#include "image_io.h"
#include "kernels.h"
#include "mend.h"
#include "port.h"
#include "sim.h"
#include "stoa/draw.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int st_fuzz_run_image(const uint8_t *data, size_t size);

enum { TICKS = 40, TILES = 1024, BYTES = 64 << 20, RECEPTORS = 1 << 14 };

static void fail(const char *what)
{
    fprintf(stderr, "%s\n", what);
    abort();
}

/* Which receptors spike in a tick: a few, and now and then many. */
static bool spikes(uint64_t seed, uint32_t tick, uint32_t receptor, uint32_t index)
{
    uint64_t h = st_hash64(seed, tick << 8 | receptor, index);
    return h % (st_hash64(seed, tick, receptor) % 4 ? 23 : 3) == 0;
}

static void saved_is_an_image(struct st_arena *a, const struct st_image *m, const struct st_sim *s)
{
    struct st_image after = *m;
    struct st_copy copy = m->copies[0];
    struct st_fault f;
    st_copy_shape(a, m, &copy, true);
    st_sim_save(s, &copy);
    after.copies = &copy;
    after.copy_count = 1;
    if (!st_image_check(&after, &f))
        fail(f.text);
}

/* The same run with another kernel. */
static void other_kernels(struct st_arena *a, const struct st_image *m, struct st_run_options o, uint64_t seed)
{
    static const char *const names[] = {"scalar", "avx2", "avx512"};
    const struct st_sim *first = NULL;
    for (int k = 0; k < 3; k++) {
        if (!st_kernels_find(names[k]))
            continue;
        o.variant = names[k];
        struct st_sim *s = st_sim_init(st_arena_get(a, st_sim_size(m), 1), m, 0, o);
        uint32_t begin = st_sim_now(s);
        for (uint32_t t = 0; t < TICKS && begin < UINT32_MAX - TICKS; t++) {
            for (uint32_t r = 0; r < m->receptor_count; r++)
                for (uint32_t i = 0; i < m->receptors[r].size; i++)
                    if (spikes(seed, t, r, i))
                        st_sim_inject(s, r, i);
            st_sim_tick(s);
        }
        saved_is_an_image(a, m, s);
        for (uint32_t c = 0; first && c < m->core_count; c++)
            for (uint32_t n = 0; n < m->cores[c].neuron_count; n++) {
                struct st_probe x = st_sim_probe_at(first, c, n), y = st_sim_probe_at(s, c, n);
                if (x.u != y.u || x.gate != y.gate || x.excess != y.excess || x.peak != y.peak || x.theta != y.theta ||
                    memcmp(x.more, y.more, sizeof x.more))
                    fail("kernels differ");
            }
        if (first && (st_sim_counters(first).spikes != st_sim_counters(s).spikes ||
                      st_sim_counters(first).packets != st_sim_counters(s).packets))
            fail("kernels count differently");
        first = s;
    }
}

static void both_engines(struct st_arena *a, const struct st_image *m, struct st_run_options o, uint64_t seed)
{
    struct st_machine machine[3];
    struct st_fault f;
    struct st_copy copy = m->copies[0];
    bool good = st_machine_ready(&machine[0], &st_port_sim, m, (struct st_port_want){0}, a, &f) &&
                st_machine_ready(&machine[1], &st_port_timed, m, (struct st_port_want){.lanes = 1u << seed % 5}, a, &f);
    if (good)
        machine[2] = st_machine_beside(&machine[1], &machine[0]);
    struct st_run *r = good ? st_run_open(&machine[2], 0, o, &f) : NULL;
    for (uint32_t t = 0; r && good && t < TICKS; t++) {
        for (uint32_t k = 0; k < m->receptor_count; k++)
            for (uint32_t i = 0; i < m->receptors[k].size; i++)
                if (spikes(seed, t, k, i))
                    good = good && st_run_inject(r, k, i, &f);
        good = good && st_run_step(r, &f);
    }
    if (r && good) {
        st_copy_shape(a, m, &copy, true);
        good = st_run_save(r, &copy, false, &f);
    }
    if (r && !good && f.id == ST_FAULT_DIFFERS)
        fail(f.text);
    st_run_close(r);
}

static void run(const uint8_t *bytes, size_t size)
{
    struct st_arena a;
    struct st_fault f = {.id = ST_OK};
    st_arena_init(&a);
    if (setjmp(a.full)) {
        st_arena_free(&a);
        return;
    }
    const struct st_image *m = st_image_unpack(&a, bytes, size, &f);
    uint64_t receptors = 0, seed = st_hash64(size, size ? bytes[size / 2] : 0, size ? bytes[size - 1] : 0);
    for (uint32_t r = 0; m && r < m->receptor_count; r++)
        receptors += m->receptors[r].size;
    /* what is large is refused for its size where it is opened; here it would only take time */
    if (m && st_sim_size(m) < BYTES && receptors < RECEPTORS) {
        struct st_run_options o = {.learn = seed & 1, .test = (seed & 6) == 6, .trace = true};
        if ((uint64_t)m->region_width * m->region_height <= TILES)
            both_engines(&a, m, o, seed);
        other_kernels(&a, m, o, seed);
    }
    st_arena_free(&a);
}

int st_fuzz_run_image(const uint8_t *data, size_t size)
{
    uint8_t *copy = calloc(size ? size : 1, 1);
    if (!copy)
        return 0;
    if (size)
        memcpy(copy, data, size);
    if (st_mend(copy, size))
        run(copy, size);
    free(copy);
    return 0;
}

#ifdef ST_LIBFUZZER
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) { return st_fuzz_run_image(data, size); }
#endif
