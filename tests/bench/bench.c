/* bench.c - how fast, and how far from what the machine can do. Never a pass or fail.
 *
 *     bench [--json] [--kernel NAME]... [--ten-tasks STOA]       kernels: those named, or all that the machine has
 *
 * Everything is measured in one run, in turn and several times over, by the thread's CPU time, and medians are
 * compared: on a shared machine only ratios mean anything.
 *
 *     roofline   rows of 160 int16 weights summed in the unit's registers, and nothing else (roofline.h)
 *     inference  the engine on 784 -> 160 with frames ready made; with encoding
 *     training   CoLaNET with 15 microcolumns on MNIST, one thread
 *     static     784 -> 4096 without learning over 16 cores, the same frames; brian.py is the same network in Brian2
 *     threads    a copy each on two threads, of one alone
 *     ten tasks  with --ten-tasks: all of permuted-mnist by the command STOA, 15 copies that learn 10 x 60,000 pictures
 * and are asked about 55 x 10,000, beside as many bare presentations: their rows summed, and nothing else
 */
#include "compile.h"
#include "dataset.h"
#include "encode.h"
#include "file.h"
#include "image_io.h"
#include "kernels.h"
#include "roofline.h"
#include "sim.h"
#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

enum { ROUNDS = 5, PICTURES = 2000, LEARNT = 4000 };

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

/* Events a second x 160: 784 rows, some 100 at a time. They are written first: pages that nobody wrote are all one page
 * of zeros, and a sum over them is as quick as the nearest cache. */
static double roofline(const char *unit, const uint16_t *const *lists, const uint32_t *counts, uint32_t n)
{
    enum { BYTES = 784 * ROOF_ROW * (int)sizeof(int16_t) };
    static int16_t *w;
    if (!w)
        w = memset(st_arena_get(&arena, BYTES, 64), 1, BYTES);
    uint64_t events = 0;
    double t = seconds();
    for (uint32_t i = 0; i < n; i++) {
        roof_sum(unit, w, lists[i], counts[i]);
        events += counts[i];
    }
    return (double)events * ROOF_ROW / (seconds() - t);
}

/* --- the engine --------------------------------------------------------------------------------------------- */

static struct st_image *compiled(const char *name, const char *text, size_t length, double microcolumns)
{
    struct st_diags d;
    struct st_fault f;
    char *fabric_text;
    size_t fabric_length;
    st_diags_init(&d, &arena);
    struct st_setting m = {"microcolumns", microcolumns};
    if (!st_file_read(&arena, "netlists/fabrics/stoa-1-large.yaml", &fabric_text, &fabric_length, &f))
        fail(f.text);
    const struct st_net *net = st_net_read(&arena, &d, name, text, length, &m, microcolumns > 0);
    const struct st_fabric *fabric = st_fabric_read(&arena, &d, "fabric", fabric_text, fabric_length);
    struct st_compile_options how = {.seed = 1, .copies = 1};
    struct st_compiled stages;
    const struct st_image *image = net && fabric ? st_compile(&arena, &d, net, fabric, &how, &stages) : NULL;
    if (!image)
        fail(st_diags_text(&d, false));
    return (struct st_image *)(uintptr_t)image;
}

static struct st_image *colanet(double microcolumns)
{
    struct st_fault f;
    char *text;
    size_t length;
    if (!st_file_read(&arena, "netlists/networks/colanet-tuned.yaml", &text, &length, &f))
        fail(f.text);
    return compiled("colanet-tuned", text, length, microcolumns);
}

/* Every pixel to 4096 neurons, with weights of its own for each: 3.2 million synapses, no learning. */
static struct st_image *dense(void)
{
    static const char text[] = "network: dense\n"
                               "presentation: { picture: 10, silence: 0, reset: false }\n"
                               "receptors: { R: { shape: [28, 28], encoder: bernoulli } }\n"
                               "populations:\n"
                               "  L: { columns: 4096, neuron: { model: lif, threshold: 1000, leak: 0.1 } }\n"
                               "projections:\n"
                               "  - { from: R, to: L, policy: all-to-all, weight: { uniform: [-1, 1] } }\n"
                               "readout: { population: L, decide: count }\n";
    return compiled("dense", text, sizeof text - 1, 0);
}

struct machine {
    struct st_sim *sim;
    struct st_encoders *encoders;
};

static struct machine machine(struct st_image *image, bool learn, const char *unit)
{
    struct st_run_options o = {.learn = learn, .variant = unit};
    return (struct machine){st_sim_init(st_arena_get(&arena, st_sim_size(image), 1), image, 0, o),
                            st_encoder_init(st_arena_get(&arena, st_encoder_size(image), 1), image, 0, 28, 28, o)};
}

static void show(struct machine *m, const struct st_dataset *d, uint32_t first, uint32_t count, bool teach)
{
    for (uint32_t i = first; i < first + count; i++)
        st_sim_present(m->sim, st_encode(m->encoders, d->pixels + (size_t)(i % d->count) * 784, d->labels[i % d->count],
                                         st_sim_now(m->sim), teach));
}

/* --- what is measured, once for each unit ------------------------------------------------------------------- */

enum { FRAMES = 500 };

struct unit {
    const char *name;
    struct machine ask, learn, wide; /* 784 -> 160 frozen; learning; dense */
    double roof[ROUNDS], ready[ROUNDS], encoded[ROUNDS], images[ROUNDS], dense[ROUNDS];
};

static double operations(const struct st_sim *s) { return (double)st_sim_counters(s).synaptic_operations; }

static double present(struct st_sim *s, const struct st_frame *frames, uint32_t count)
{
    double before = operations(s), t = seconds();
    for (uint32_t i = 0; i < count; i++)
        st_sim_present(s, &frames[i % FRAMES]);
    return (operations(s) - before) / (seconds() - t);
}

static const char *command = "make bench";
static void figure(const char *unit, const char *name, double value, const char *of, const char *asked)
{
    printf("{\"figure\": \"%s, %s\", \"value\": %.6g, \"unit\": \"%s\", \"asked\": \"%s\", \"command\": \"%s\"}\n",
           name, unit, value, of, asked, command);
}

static void tell(struct unit *u, bool json)
{
    double roof = median(u->roof, ROUNDS), ready = median(u->ready, ROUNDS), encoded = median(u->encoded, ROUNDS),
           images = median(u->images, ROUNDS), dense = median(u->dense, ROUNDS);
    bool asked = strcmp(u->name, "scalar") != 0;
    /* what was asked of training goes with the roofline: 60,000 at 38 G, 200,000 at 115 G */
    const char *images_asked = !strcmp(u->name, "avx2")     ? ">= 60000 at a roofline of 38 G"
                               : !strcmp(u->name, "avx512") ? ">= 200000 at a roofline of 115 G"
                                                            : "";
    if (json) {
        figure(u->name, "roofline, rows of 160 int16 summed in registers", roof / 1e9, "G synaptic events/s", "");
        figure(u->name, "inference, 784 to 160, frames ready", ready / 1e9, "G synaptic events/s", "");
        figure(u->name, "inference, frames ready, of the roofline", ready / roof, "ratio", asked ? ">= 0.5" : "");
        figure(u->name, "inference, 784 to 160, with encoding", encoded / 1e9, "G synaptic events/s", "");
        figure(u->name, "inference, with encoding, of the roofline", encoded / roof, "ratio", asked ? ">= 0.35" : "");
        figure(u->name, "training, 15 microcolumns, one thread", images, "images/s", images_asked);
        figure(u->name, "training, images for each G of the roofline", images / (roof / 1e9), "images", "");
        figure(u->name, "static, 784 to 4096 over 16 cores", dense / 1e9, "G synaptic events/s", "");
        return;
    }
    printf("kernels %s, one thread, medians of %d rounds in one run, by CPU time\n", u->name, ROUNDS);
    printf("  roofline, rows of 160 int16 summed in registers  %8.2f G synaptic events/s\n", roof / 1e9);
    printf("  inference, 784 -> 160, frames ready              %8.2f G synaptic events/s  %.2f of it\n", ready / 1e9,
           ready / roof);
    printf("  inference with encoding                          %8.2f G synaptic events/s  %.2f of it\n", encoded / 1e9,
           encoded / roof);
    printf("  training, 15 microcolumns                        %8.0f images/s\n", images);
    printf("  static, 784 -> 4096 over 16 cores                %8.2f G synaptic events/s\n", dense / 1e9);
}

/* The same static network in Brian2, synaptic events a second; 0 where it is not installed. */
static double brian(void)
{
    FILE *p =
        popen("python3 tests/bench/brian.py 2>/dev/null || /usr/bin/python3 tests/bench/brian.py 2>/dev/null", "r");
    double events = 0;
    char line[200];
    while (p && fgets(line, sizeof line, p))
        events = strtod(line, NULL);
    if (p)
        pclose(p);
    return events;
}

/* A copy that learns on a thread of its own, by that thread's CPU time. */
struct worker {
    struct machine machine;
    const struct st_dataset *data;
    pthread_t thread;
    double images;
};

static void *work(void *of)
{
    struct worker *w = of;
    double t = seconds();
    show(&w->machine, w->data, 0, LEARNT, true);
    w->images = LEARNT / (seconds() - t);
    return NULL;
}

/* Images a second of two copies on two threads at once, of those of one alone. */
static double two_threads(struct st_image *image, const struct st_dataset *data)
{
    double ratio[ROUNDS];
    struct worker w[2] = {{machine(image, true, NULL), data, 0, 0}, {machine(image, true, NULL), data, 0, 0}};
    work(&w[0]);
    for (int r = 0; r < ROUNDS; r++) {
        work(&w[0]);
        double alone = w[0].images;
        for (int i = 0; i < 2; i++)
            if (pthread_create(&w[i].thread, NULL, work, &w[i]))
                fail("no thread");
        for (int i = 0; i < 2; i++)
            pthread_join(w[i].thread, NULL);
        ratio[r] = (w[0].images + w[1].images) / alone;
    }
    return median(ratio, ROUNDS);
}

/* --- ten tasks ---------------------------------------------------------------------------------------------- */

static double clock_of(clockid_t id)
{
    struct timespec t;
    clock_gettime(id, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static double children(void)
{
    struct rusage r;
    getrusage(RUSAGE_CHILDREN, &r);
    return (double)(r.ru_utime.tv_sec + r.ru_stime.tv_sec) + 1e-6 * (double)(r.ru_utime.tv_usec + r.ru_stime.tv_usec);
}

/* Processor seconds of the whole experiment, with its start and its report, of those of its bare presentations; and
 * seconds by the clock, which hang on the cores that are free. */
static void ten_tasks(const char *stoa, const struct unit *u, const uint16_t *const *lists, const uint32_t *counts,
                      uint32_t list_count, bool json)
{
    const double presentations = 15.0 * (10 * 60000 + 55 * 10000);
    char line[400];
    snprintf(
        line, sizeof line,
        "%s train netlists/experiments/permuted-mnist.yaml --seed 1 --kernel %s --fresh --out build/bench/ten-tasks "
        ">/dev/null 2>&1",
        stoa, u->name);
    double roof = 0, events = 0;
    for (uint32_t i = 0; i < list_count; i++)
        events += counts[i];
    for (int n = 0; n < 20; n++) {
        double one = roofline(u->name, lists, counts, list_count);
        roof = one > roof ? one : roof;
    }
    double spent = children(), began = clock_of(CLOCK_MONOTONIC);
    if (system(line))
        fail("the ten tasks did not run");
    double wall = clock_of(CLOCK_MONOTONIC) - began, used = children() - spent;
    for (int n = 0; n < 20; n++) {
        double one = roofline(u->name, lists, counts, list_count);
        roof = one > roof ? one : roof;
    }
    double bare = presentations * events / FRAMES * ROOF_ROW / roof;
    if (json) {
        figure(u->name, "ten tasks, 15 copies: learning and asking, of its bare presentations", used / bare, "times",
               "<= 4");
        figure(u->name, "ten tasks, 15 copies: processor seconds", used, "s", "");
        figure(u->name, "ten tasks, 15 copies: seconds on two threads", wall, "s",
               strcmp(u->name, "avx512") ? strcmp(u->name, "avx2") ? "" : "< 300" : "< 90");
        return;
    }
    printf("ten tasks, 15 copies, %s: %.1f processor seconds, %.2f times its %.2f M bare presentations (%.1f s); %.1f "
           "s by the clock\n",
           u->name, used, used / bare, presentations / 1e6, bare, wall);
}

int main(int argc, char **argv)
{
    static bool json;
    static const char *stoa;
    enum { UNITS = 8 };
    static struct unit units[UNITS];
    static const char *const all[] = {"avx512", "avx2", "neon", "scalar"};
    int unit_count = 0;
    for (int i = 1; i < argc; i++) {
        if (!strcmp(argv[i], "--json"))
            json = true;
        else if (!strcmp(argv[i], "--kernel") && i + 1 < argc && unit_count < UNITS)
            units[unit_count++].name = argv[++i];
        else if (!strcmp(argv[i], "--ten-tasks") && i + 1 < argc)
            stoa = argv[++i];
        else
            fail("usage: bench [--json] [--kernel NAME]... [--ten-tasks STOA]");
    }
    if (unit_count == 0)
        for (size_t i = 0; i < sizeof all / sizeof *all; i++)
            if (st_kernels_find(all[i]))
                units[unit_count++].name = all[i];
    for (int u = 0; u < unit_count; u++)
        if (!st_kernels_find(units[u].name))
            fail("this machine has no such kernels");

    st_arena_init(&arena);
    if (setjmp(arena.full))
        fail("no memory");
    struct st_fault f;
    struct st_dataset train;
    if (!st_dataset_load(&arena, "data/mnist/train-images-idx3-ubyte", "data/mnist/train-labels-idx1-ubyte", &train,
                         &f))
        fail(f.text);
    struct st_image *trained = colanet(16), *fresh = colanet(15), *wide = dense();
    struct machine teach16 = machine(trained, true, NULL);
    show(&teach16, &train, 0, LEARNT, true);
    st_sim_save(teach16.sim, &trained->copies[0]);

    /* frames and event lists of the same pictures, made before the clock runs */
    struct machine maker = machine(trained, false, NULL);
    uint32_t words = (784 + 63) / 64, period = trained->period_ticks;
    const struct st_kernels *k = st_kernels_find(NULL);
    struct st_frame *frames = ST_NEW(&arena, struct st_frame, FRAMES),
                    *short_frames = ST_NEW(&arena, struct st_frame, FRAMES);
    const uint16_t **lists = ST_NEW(&arena, const uint16_t *, FRAMES *period);
    uint32_t *counts = ST_NEW(&arena, uint32_t, FRAMES * period), list_count = 0;
    for (uint32_t i = 0; i < FRAMES; i++) {
        const struct st_frame *now = st_encode(maker.encoders, train.pixels + (size_t)i * 784, 0, i * period, false);
        uint64_t *bits = ST_NEW(&arena, uint64_t, period * words);
        memcpy(bits, now->bits[0], period * words * sizeof *bits);
        const uint64_t **groups = ST_NEW(&arena, const uint64_t *, trained->receptor_count);
        groups[0] = bits;
        frames[i] = (struct st_frame){period, groups};
        short_frames[i] = (struct st_frame){wide->period_ticks, groups};
        for (uint32_t t = 0; t < trained->picture_ticks; t++) {
            uint16_t *list = ST_NEW(&arena, uint16_t, words * 64 + 32);
            counts[list_count] = k->places(bits + (size_t)t * words, words, list);
            lists[list_count++] = list;
        }
    }

    for (int u = 0; u < unit_count; u++) {
        units[u].ask = machine(trained, false, units[u].name);
        units[u].learn = machine(fresh, true, units[u].name);
        units[u].wide = machine(wide, false, units[u].name);
        show(&units[u].learn, &train, 0, 1000, true);
        present(units[u].wide.sim, short_frames, 20);
    }
    for (int r = 0; r < ROUNDS; r++)
        for (int i = 0; i < unit_count; i++) {
            struct unit *u = &units[i];
            double best = 0;
            for (int n = 0; n < 20; n++) {
                double one = roofline(u->name, lists, counts, list_count);
                best = one > best ? one : best;
            }
            u->roof[r] = best;
            u->ready[r] = present(u->ask.sim, frames, 4 * FRAMES);
            double before = operations(u->ask.sim), t = seconds();
            show(&u->ask, &train, 0, PICTURES, false);
            u->encoded[r] = (operations(u->ask.sim) - before) / (seconds() - t);
            t = seconds();
            show(&u->learn, &train, 1000 + (uint32_t)r * LEARNT, LEARNT, true);
            u->images[r] = LEARNT / (seconds() - t);
            u->dense[r] = present(u->wide.sim, short_frames, 200);
        }
    for (int u = 0; u < unit_count; u++)
        tell(&units[u], json);
    double threads = two_threads(fresh, &train), others = brian(), best = median(units[0].dense, ROUNDS);
    double bytes = (double)st_sim_size(fresh) / (784.0 * 150);
    if (json)
        figure("any kernels", "two threads, a copy each, of one (CPU time)", threads, "times", ">= 1.8");
    if (json && others > 0) {
        figure("Brian2 C++ standalone", "static, 784 to 4096", others / 1e9, "G synaptic events/s", "");
        figure(units[0].name, "static, 784 to 4096 over 16 cores, of Brian2", best / others, "times", ">= 8");
    }
    if (json)
        figure("any kernels", "memory of a running copy", bytes, "bytes a plastic synapse", "<= 8");
    else {
        printf("two threads, a copy each                           %8.2f times one, by CPU time\n", threads);
        if (others > 0)
            printf("static, 784 -> 4096: %s %.1f times Brian2 (C++ standalone), which does %.2f G synaptic events/s\n",
                   units[0].name, best / others, others / 1e9);
        else
            printf("static, 784 -> 4096: no Brian2 (python3-brian) here to compare with\n");
        printf("memory of a running copy %.2f bytes a plastic synapse\n", bytes);
    }
    for (int u = 0; stoa && u < unit_count; u++)
        if (strcmp(units[u].name, "scalar") != 0)
            ten_tasks(stoa, &units[u], lists, counts, list_count, json);
    st_arena_free(&arena);
    return 0;
}
