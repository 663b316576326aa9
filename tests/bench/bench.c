/* bench.c - how fast, and how far from what the machine can do. Never a pass or fail.
 *
 * Everything is measured in one run, in turn and several times over, by the thread's CPU time, and medians are compared:
 * on a shared machine only ratios mean anything.
 *
 *     roofline   rows of 160 int16 weights summed in registers, and nothing else
 *     inference  the engine on 784 -> 160 with frames ready made; with encoding
 *     training   CoLaNET with 15 microcolumns on MNIST, one thread
 */
#include "compile.h"
#include "dataset.h"
#include "encode.h"
#include "file.h"
#include "image_io.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { ROUNDS = 7, PICTURES = 5000, LEARNT = 10000 };

static struct st_arena arena;

static double seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

static double median(double *v, int n)
{
    qsort(v, (size_t)n, sizeof *v, by_size);
    return v[n / 2];
}

static void fail(const char *what)
{
    fprintf(stderr, "bench: %s\n", what);
    exit(3);
}

/* --- roofline ----------------------------------------------------------------------------------------------- */

static volatile int16_t sink;

/* Events a second x 160: sums of rows of 160 int16 weights held in registers, 784 rows, about 100 at a time, no more. */
#if defined(__x86_64__)
__attribute__((target("avx512bw,prefer-vector-width=512")))
#endif
static void sum_rows_512(const int16_t *w, const uint16_t *events, uint32_t count)
{
    typedef int16_t v32 __attribute__((vector_size(64)));
    v32 a0 = {0}, a1 = {0}, a2 = {0}, a3 = {0}, a4 = {0};
    for (uint32_t e = 0; e < count; e++) {
        const v32 *r = (const v32 *)(w + (size_t)events[e] * 160);
        a0 += r[0];
        a1 += r[1];
        a2 += r[2];
        a3 += r[3];
        a4 += r[4];
    }
    a0 += a1 + a2 + a3 + a4;
    sink = (int16_t)(sink + a0[0] + a0[31]);
}

static void sum_rows_plain(const int16_t *w, const uint16_t *events, uint32_t count)
{
    int16_t a[160] = {0};
    for (uint32_t e = 0; e < count; e++)
        for (int k = 0; k < 160; k++)
            a[k] = (int16_t)(a[k] + w[(size_t)events[e] * 160 + (size_t)k]);
    for (int k = 0; k < 160; k++)
        sink = (int16_t)(sink + a[k]);
}

static double roofline(const uint16_t *const *lists, const uint32_t *counts, uint32_t n)
{
    static int16_t *w;
    if (!w)
        w = st_arena_get(&arena, 784 * 160, sizeof *w);
    uint64_t events = 0;
#if defined(__x86_64__)
    bool wide = __builtin_cpu_supports("avx512bw");
#else
    bool wide = false;
#endif
    double t = seconds();
    for (uint32_t i = 0; i < n; i++) {
        if (wide)
            sum_rows_512(w, lists[i], counts[i]);
        else
            sum_rows_plain(w, lists[i], counts[i]);
        events += counts[i];
    }
    return (double)events * 160 / (seconds() - t);
}

/* --- the engine --------------------------------------------------------------------------------------------- */

static struct st_image *compiled(double microcolumns)
{
    struct st_diags d;
    struct st_fault f;
    char *text, *fabric_text;
    size_t length, fabric_length;
    st_diags_init(&d, &arena);
    struct st_setting m = {"microcolumns", microcolumns};
    if (!st_file_read(&arena, "netlists/networks/colanet-tuned.yaml", &text, &length, &f) ||
        !st_file_read(&arena, "netlists/fabrics/stoa-1-large.yaml", &fabric_text, &fabric_length, &f))
        fail(f.text);
    const struct st_net *net = st_net_read(&arena, &d, "net", text, length, &m, 1);
    const struct st_fabric *fabric = st_fabric_read(&arena, &d, "fabric", fabric_text, fabric_length);
    struct st_compile_options how = {.seed = 1, .copies = 1};
    struct st_compiled stages;
    const struct st_image *image = net && fabric ? st_compile(&arena, &d, net, fabric, &how, &stages) : NULL;
    if (!image)
        fail(st_diags_text(&d, false));
    return (struct st_image *)(uintptr_t)image;
}

struct machine {
    struct st_sim *sim;
    struct st_encoders *encoders;
};

static struct machine machine(struct st_image *image, bool learn)
{
    struct st_run_options o = {.learn = learn};
    return (struct machine){st_sim_init(st_arena_get(&arena, st_sim_size(image), 1), image, 0, o),
                            st_encoder_init(st_arena_get(&arena, st_encoder_size(image), 1), image, 0, 28, 28, o)};
}

static void show(struct machine *m, const struct st_dataset *d, uint32_t first, uint32_t count, bool teach)
{
    for (uint32_t i = first; i < first + count; i++)
        st_sim_present(m->sim, st_encode(m->encoders, d->pixels + (size_t)(i % d->count) * 784, d->labels[i % d->count],
                                         st_sim_now(m->sim), teach));
}

static void figure(const char *name, double value, const char *unit, const char *asked)
{
    printf("{\"figure\": \"%s\", \"value\": %.6g, \"unit\": \"%s\", \"asked\": \"%s\", \"command\": \"make bench\"}\n", name,
           value, unit, asked);
}

int main(int argc, char **argv)
{
    bool json = argc > 1 && !strcmp(argv[1], "--json");
    st_arena_init(&arena);
    if (setjmp(arena.full))
        fail("no memory");
    struct st_fault f;
    struct st_dataset train;
    if (!st_dataset_load(&arena, "data/mnist/train-images-idx3-ubyte", "data/mnist/train-labels-idx1-ubyte", &train, &f))
        fail(f.text);
    struct st_image *trained = compiled(16), *fresh = compiled(15);
    struct machine teach16 = machine(trained, true);
    show(&teach16, &train, 0, LEARNT, true);
    st_sim_save(teach16.sim, &trained->copies[0]);

    /* frames and event lists of the same pictures, made before the clock runs */
    struct machine ask = machine(trained, false), learn = machine(fresh, true);
    uint32_t words = (784 + 63) / 64, period = trained->period_ticks;
    const struct st_kernels *k = st_kernels_find(NULL);
    enum { FRAMES = 500 };
    struct st_frame *frames = ST_NEW(&arena, struct st_frame, FRAMES);
    const uint16_t **lists = ST_NEW(&arena, const uint16_t *, FRAMES * period);
    uint32_t *counts = ST_NEW(&arena, uint32_t, FRAMES * period), list_count = 0;
    for (uint32_t i = 0; i < FRAMES; i++) {
        const struct st_frame *now = st_encode(ask.encoders, train.pixels + (size_t)i * 784, 0, i * period, false);
        uint64_t *bits = ST_NEW(&arena, uint64_t, period * words);
        memcpy(bits, now->bits[0], period * words * sizeof *bits);
        const uint64_t **groups = ST_NEW(&arena, const uint64_t *, trained->receptor_count);
        groups[0] = bits;
        frames[i] = (struct st_frame){period, groups};
        for (uint32_t t = 0; t < trained->picture_ticks; t++) {
            uint16_t *list = ST_NEW(&arena, uint16_t, words * 64 + 32);
            counts[list_count] = k->places(bits + (size_t)t * words, words, list);
            lists[list_count++] = list;
        }
    }

    double roof[ROUNDS], inference[ROUNDS], encoded[ROUNDS], training[ROUNDS];
    show(&learn, &train, 0, 1000, true);
    for (int r = 0; r < ROUNDS; r++) {
        double best = 0;
        for (int i = 0; i < 20; i++) {
            double one = roofline(lists, counts, list_count);
            best = one > best ? one : best;
        }
        roof[r] = best;
        uint64_t before = st_sim_counters(ask.sim).synaptic_operations;
        double t = seconds();
        for (uint32_t i = 0; i < 10 * FRAMES; i++)
            st_sim_present(ask.sim, &frames[i % FRAMES]);
        inference[r] = (double)(st_sim_counters(ask.sim).synaptic_operations - before) / (seconds() - t);
        before = st_sim_counters(ask.sim).synaptic_operations;
        t = seconds();
        show(&ask, &train, 0, PICTURES, false);
        encoded[r] = (double)(st_sim_counters(ask.sim).synaptic_operations - before) / (seconds() - t);
        t = seconds();
        show(&learn, &train, 1000 + (uint32_t)r * LEARNT, LEARNT, true);
        training[r] = LEARNT / (seconds() - t);
    }
    double ceiling = median(roof, ROUNDS), sums = median(inference, ROUNDS), whole = median(encoded, ROUNDS),
           images = median(training, ROUNDS);
    size_t bytes = st_sim_size(fresh);
    double synapses = 784.0 * 150;
    if (json) {
        figure("roofline, rows of 160 int16 summed in registers", ceiling / 1e9, "G synaptic events/s", "");
        figure("inference, 784 -> 160, frames ready", sums / 1e9, "G synaptic events/s", ">= 12");
        figure("inference, of the roofline", sums / ceiling, "ratio", "");
        figure("inference, 784 -> 160, with encoding", whole / 1e9, "G synaptic events/s", "");
        figure("training, 15 microcolumns, one thread", images, "images/s", ">= 100000");
        figure("memory of a running copy", (double)bytes / synapses, "bytes a plastic synapse", "<= 8");
    } else {
        printf("kernels %s, one thread, medians of %d rounds in one run, by CPU time\n", k->name, ROUNDS);
        printf("  roofline, rows of 160 int16 summed in registers  %8.2f G synaptic events/s\n", ceiling / 1e9);
        printf("  inference, 784 -> 160, frames ready              %8.2f G synaptic events/s  %.2f of it (asked: 12)\n",
               sums / 1e9, sums / ceiling);
        printf("  inference with encoding                          %8.2f G synaptic events/s  %.2f of it\n", whole / 1e9,
               whole / ceiling);
        printf("  training, 15 microcolumns                        %8.0f images/s (asked: 100000)\n", images);
        printf("  memory of a running copy                         %8.2f bytes a plastic synapse (asked: 8)\n",
               (double)bytes / synapses);
    }
    st_arena_free(&arena);
    return 0;
}
