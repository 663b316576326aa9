/* recurrent.c - a sparse recurrent network, beside Brian2 and over sizes. Never a pass or fail.
 *
 *     recurrent [--json] [--kernel NAME]... [--small] [--only synapses|sizes]   kernels: those named, or all there are
 *
 * Every neuron has as many synapses as its size says onto others, drawn; one in a hundred is made to fire in each tick,
 * by a receptor of its own, and the recurrent weights are too small to add spikes: so the load is known, and the same
 * in recurrent.py, which is the network in Brian2's C++ standalone mode. CPU time of one thread, the median of rounds.
 *
 *     delays    10,000 neurons x 1,000 synapses, delays 1 .. 16 drawn by synapse; the same with a delay of 1
 *     sizes     1,000 to 100,000 neurons x 100 synapses: the exponent of the time against the size, and what the
 *               machine could do at the least (floor.h)
 *
 * --small leaves out the sizes beyond 10,000. */
#include "compile.h"
#include "file.h"
#include "floor.h"
#include "kernels.h"
#include "sim.h"
#include "stoa/draw.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { ROUNDS = 3, ACTIVE = 100 /* one neuron of so many fires */ };

static void fail(const char *what)
{
    fprintf(stderr, "recurrent: %s\n", what);
    exit(3);
}

static double seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double *v, int n)
{
    qsort(v, (size_t)n, sizeof *v, by_size);
    return v[n / 2];
}

/* --- the network -------------------------------------------------------------------------------------------- */

struct load {
    uint32_t neurons, synapses; /* of each neuron */
    uint32_t delay;             /* 1 .. delay, drawn by synapse */
};

/* The fabric is stoa-1-ring with as many tiles and axons as it takes. */
static const struct st_image *compiled(struct st_arena *a, struct load l)
{
    static const char form[] =
        "network: recurrent\n"
        "presentation: { picture: 100, silence: 0, reset: false }\n"
        "receptors: { In: { size: %u, encoder: spikes } }\n"
        "populations:\n"
        "  P: { columns: %u, neuron: { model: lif, threshold: 20, leak: 0.05 } }\n"
        "projections:\n"
        "  - { from: In, to: P, policy: one-to-one, weight: 40 }\n"
        "  - { from: P, to: P, policy: all-to-all, weight: { uniform: [-0.1, 0.1] }, probability: %.9g, delay: %s }\n"
        "readout: { population: P, decide: count }\n";
    char delay[40] = "1";
    struct st_diags d;
    struct st_fault f;
    size_t length;
    char *text;
    st_diags_init(&d, a);
    if (l.delay > 1)
        snprintf(delay, sizeof delay, "{ uniform: [1, %u] }", l.delay);
    const char *net_text = st_arena_printf(a, form, l.neurons, l.neurons, (double)l.synapses / l.neurons, delay);
    if (!st_file_read(a, "netlists/fabrics/stoa-1-ring.yaml", &text, &length, &f))
        fail(f.text);
    const struct st_fabric *read = st_fabric_read(a, &d, "stoa-1-ring", text, length);
    const struct st_net *net = st_net_read(a, &d, "recurrent", net_text, strlen(net_text), NULL, 0);
    if (!read || !net)
        fail(st_diags_text(&d, false));
    struct st_fabric fabric = *read;
    if (l.neurons > 10000) { /* sources that a core hears of grow with the network */
        fabric.limits.neurons = 512;
        fabric.limits.axons = fabric.limits.inputs = 65000;
        fabric.limits.shift_max = 5;           /* so many add up in an accumulator */
        fabric.limits.route_entries = 1 << 20; /* a source reaches nearly every core: each has a tree of its own */
        fabric.limits.mesh_width = fabric.limits.mesh_height = 16;
    }
    struct st_compile_options how = {.seed = 1, .copies = 1};
    const struct st_image *image = st_compile(a, &d, net, &fabric, &how, NULL);
    if (!image)
        fail(st_diags_text(&d, false));
    return image;
}

/* --- what is measured --------------------------------------------------------------------------------------- */

struct run {
    double a_tick;  /* CPU seconds */
    double events;  /* synaptic events a second */
    double machine; /* bytes a synapse that it touches, */
    double rows;    /* and that the image has in lists */
    double compile; /* CPU seconds of making the image */
};

/* Bytes of this process that are in memory. */
static double resident(void)
{
    long all = 0, here = 0;
    FILE *f = fopen("/proc/self/statm", "r");
    if (!f || fscanf(f, "%ld %ld", &all, &here) != 2)
        fail("no /proc/self/statm");
    fclose(f);
    return (double)here * (double)sysconf(_SC_PAGESIZE);
}

static void tick(struct st_sim *s, uint32_t neurons, uint32_t now)
{
    for (uint32_t k = 0; k < neurons / ACTIVE; k++)
        st_sim_inject(s, 0, (uint32_t)(st_hash64(1, now, k) % neurons));
    st_sim_tick(s);
}

static struct run measure(struct load l, const char *unit)
{
    static struct st_arena arena;
    st_arena_init(&arena);
    if (setjmp(arena.full))
        fail("no memory");
    double began = seconds();
    const struct st_image *image = compiled(&arena, l);
    double compile = seconds() - began;
    struct st_run_options o = {.variant = unit};
    double before_all = resident();
    struct st_sim *s = st_sim_init(st_arena_get(&arena, st_sim_size(image), 1), image, 0, o);
    double a_tick[ROUNDS], events[ROUNDS];
    uint32_t now = 0, ticks = 20 + 2000000 / (l.neurons * (l.synapses / 100));
    uint64_t synapses = 0, rows = 0;
    for (uint32_t c = 0; c < image->core_count; c++) {
        const struct st_core *core = &image->cores[c];
        synapses += core->list_count + core->weight_count;
        rows += (uint64_t)core->list_count * 4 + core->list_late_count + (uint64_t)core->weight_count * 2;
    }
    for (; now < 20; now++)
        tick(s, l.neurons, now);
    for (int r = 0; r < ROUNDS; r++) {
        uint64_t before = st_sim_counters(s).synaptic_operations;
        double t = seconds();
        for (uint32_t end = now + ticks; now < end; now++)
            tick(s, l.neurons, now);
        t = seconds() - t;
        a_tick[r] = t / ticks;
        events[r] = (double)(st_sim_counters(s).synaptic_operations - before) / t;
    }
    struct run out = {median(a_tick, ROUNDS), median(events, ROUNDS), (resident() - before_all) / (double)synapses,
                      (double)rows / (double)synapses, compile};
    st_arena_free(&arena);
    return out;
}

/* Synaptic events a second of the same network in Brian2; 0 where it is not installed. */
static double brian(struct load l)
{
    char command[200], line[200];
    double events = 0;
    snprintf(command, sizeof command,
             "for p in python3 /usr/bin/python3; do $p tests/bench/recurrent.py %u %u %u 2>/dev/null && break; done",
             l.neurons, l.synapses, l.delay);
    FILE *p = popen(command, "r");
    while (p && fgets(line, sizeof line, p))
        events = strtod(line, NULL);
    if (p)
        pclose(p);
    return events;
}

/* The slope of log y over log x. */
static double exponent(const double *x, const double *y, int n)
{
    double sx = 0, sy = 0, sxx = 0, sxy = 0;
    for (int i = 0; i < n; i++) {
        double u = log(x[i]), v = log(y[i]);
        sx += u;
        sy += v;
        sxx += u * u;
        sxy += u * v;
    }
    return (n * sxy - sx * sy) / (n * sxx - sx * sx);
}

static bool json;
static const struct load delayed = {10000, 1000, 16}, prompt = {10000, 1000, 1};

static void figure(const char *unit, const char *name, double value, const char *of, const char *asked)
{
    if (json)
        printf("{\"figure\": \"%s, %s\", \"value\": %.4g, \"unit\": \"%s\", \"asked\": \"%s\", \"command\": \"make "
               "bench\"}\n",
               name, unit, value, of, asked);
    else
        printf("  %-58s %10.4g %s\n", name, value, of);
    fflush(stdout);
}

/* Against the figures asked for and Brian2: others, in events a second, 0 where there is none. */
static void many_synapses(const char *unit, const double others[2])
{
    const char *least = !strcmp(unit, "avx512") ? ">= 0.4" : !strcmp(unit, "avx2") ? ">= 0.2" : "";
    struct run r = measure(delayed, unit);
    figure(unit, "10,000 neurons x 1,000 synapses, delays 1 to 16", r.events / 1e9, "G synaptic events/s", least);
    figure(unit, "memory that the machine touches", r.machine, "bytes a synapse", "<= 8");
    figure(unit, "the same, and the image's lists", r.machine + r.rows, "bytes a synapse", "");
    if (others[0] > 0)
        figure(unit, "delays 1 to 16: of Brian2", r.events / others[0], "times", ">= 5");
    r = measure(prompt, unit);
    figure(unit, "10,000 neurons x 1,000 synapses, delay 1", r.events / 1e9, "G synaptic events/s", "");
    if (others[1] > 0)
        figure(unit, "delay 1: of Brian2", r.events / others[1], "times", ">= 2");
}

static void sizes(const char *unit, bool small)
{
    static const uint32_t neurons[] = {1000, 3000, 10000, 30000, 100000};
    enum { SIZES = sizeof neurons / sizeof *neurons, SMALL = 3 };
    double x[SIZES], y[SIZES], least[SIZES];
    int count = small ? SMALL : SIZES;
    for (int k = 0; k < count; k++) {
        x[k] = neurons[k];
        struct run r = measure((struct load){neurons[k], 100, 16}, unit);
        y[k] = r.a_tick;
        char name[80];
        snprintf(name, sizeof name, "%u neurons x 100 synapses: time of a synaptic event", neurons[k]);
        figure(unit, name, 1e9 * y[k] * ACTIVE / (100.0 * neurons[k]), "ns", "");
        double sums = floor_of(neurons[k], 100, 1, ACTIVE), ring = floor_of(neurons[k], 100, 16, ACTIVE);
        least[k] = ring * neurons[k];
        snprintf(name, sizeof name, "%u x 100: the floor, lists added to sums", neurons[k]);
        figure(unit, name, sums, "ns", "");
        snprintf(name, sizeof name, "%u x 100: the floor, lists added to rings of sums", neurons[k]);
        figure(unit, name, ring, "ns", "");
        snprintf(name, sizeof name, "%u neurons x 100 synapses: compile", neurons[k]);
        figure(unit, name, r.compile, "s", "");
        snprintf(name, sizeof name, "%u neurons x 100 synapses: the machine touches", neurons[k]);
        figure(unit, name, r.machine, "bytes a synapse", "");
    }
    figure(unit, "time of a tick, 100 synapses a neuron: exponent of the size", exponent(x, y, count), "", "<= 1.05");
    figure(unit, "the same of the floor, lists added to rings of sums", exponent(x, least, count), "", "");
}

int main(int argc, char **argv)
{
    static const char *const all[] = {"avx512", "avx2", "neon", "scalar"};
    enum { UNITS = 8 };
    const char *units[UNITS], *only = "";
    int unit_count = 0;
    bool small = false;
    for (int i = 1; i < argc; i++) {
        if (!strcmp(argv[i], "--json"))
            json = true;
        else if (!strcmp(argv[i], "--small"))
            small = true;
        else if (!strcmp(argv[i], "--only") && i + 1 < argc)
            only = argv[++i];
        else if (!strcmp(argv[i], "--kernel") && i + 1 < argc && unit_count < UNITS)
            units[unit_count++] = argv[++i];
        else
            fail("usage: recurrent [--json] [--kernel NAME]... [--small] [--only synapses|sizes]");
    }
    bool with_synapses = strcmp(only, "sizes") != 0, with_sizes = strcmp(only, "synapses") != 0;
    if (unit_count == 0)
        for (size_t i = 0; i < sizeof all / sizeof *all; i++)
            if (st_kernels_find(all[i]))
                units[unit_count++] = all[i];
    double others[2] = {with_synapses ? brian(delayed) : 0, with_synapses ? brian(prompt) : 0};
    for (int u = 0; u < unit_count; u++) {
        if (!st_kernels_find(units[u]))
            fail("this machine has no such kernels");
        if (!json)
            printf("kernels %s, one thread, medians of %d rounds, by CPU time\n", units[u], ROUNDS);
        if (with_synapses)
            many_synapses(units[u], others);
        if (with_sizes)
            sizes(units[u], small);
    }
    if (others[0] > 0 && !json)
        printf("Brian2 (C++ standalone): %.3g and %.3g G synaptic events/s\n", others[0] / 1e9, others[1] / 1e9);
    if (with_synapses && others[0] == 0 && !json)
        printf("no Brian2 (python3-brian) here to compare with\n");
    return 0;
}
