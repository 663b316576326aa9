/* map.c - the bench of the mapper (`make bench-map`): generated networks, ours beside others.
 *
 * A line for each mapper: what every neuron's spike once costs (evaluate.h), tiles used and over a limit, processor
 * time, and the most memory beside the network's own; each mapper is a process of its own. With `--json` the figures
 * that were asked for, as tools/figures.sh prints them.
 *
 *     map [--json] [--only FAMILY]... [--mapper NAME] [--effort N] [--seed N] [--optimum] [--growth [--most N]]
 *
 *     --mapper     only this one, in place of all
 *     --optimum    small cases beside the proven optimum, in place of families
 *     --growth     time and memory of --effort 0 over eight sizes; --most: of up to so many neurons */
#include "baselines.h"
#include "evaluate.h"
#include "families.h"
#include "optimum.h"

#include <malloc.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

struct trial {
    const char *name, *family;
    uint32_t size, side, neurons, axons;
    const char *hops_asked, *time_asked;
    double under_metis; /* asked: percent under METIS + annealing; 0: nothing */
};

static const struct trial trials[] = {
    {"easy", "easy", 16384, 8, 256, 0, "<= 201000", "<= 20", 0},
    {"hard", "hard", 16384, 8, 256, 0, "<= 300000", "<= 20", 14},
    {"small-world", "small-world", 16384, 8, 256, 0, "<= 301000", "<= 20", 14},
    {"conv", "conv", 0, 8, 256, 0, "<= 40000", "<= 20", 50},
    {"colanet", "colanet", 30, 8, 256, 0, "", "<= 20", 50},
    {"random", "random", 16384, 8, 256, 0, "<= 730000", "<= 20", 14},
    {"easy, 1024 axons, 16 x 16", "easy", 16384, 16, 256, 1024, "<= 416000", "<= 20", 0},
    {"colanet, 1024 axons, 10 x 10", "colanet", 30, 10, 256, 1024, "<= 50000", "<= 20", 0},
    {"colanet of 10 columns", "colanet", 10, 8, 256, 0, "", "<= 20", 0},
    {"colanet of 100 columns", "colanet", 100, 8, 256, 0, "", "<= 20", 0},
    {"colanet of 1000 columns", "colanet", 1000, 8, 256, 0, "", "<= 20", 0},
    {"decay", "decay", 16384, 8, 256, 0, "", "<= 20", 0},
    {"balanced", "balanced", 16384, 8, 256, 0, "", "<= 20", 0},
    {"lenet", "lenet", 0, 6, 256, 0, "", "<= 20", 0},
    {"alexnet", "alexnet", 0, 9, 256, 0, "", "<= 20", 0},
    {"mobilenet", "mobilenet", 0, 9, 256, 0, "", "<= 20", 0},
    {"hard, 64 k neurons, 16 x 16", "hard", 65536, 16, 256, 0, "", "<= 60", 10},
};

static void quick(struct st_arena *a, const struct st_case *c, uint16_t *tile)
{
    if (!st_traffic_map(a, c->traffic, &c->mesh, (struct st_traffic_how){c->seed, 0}, tile))
        abort();
}

static void ours(struct st_arena *a, const struct st_case *c, uint16_t *tile)
{
    if (!st_traffic_map(a, c->traffic, &c->mesh, (struct st_traffic_how){c->seed, c->effort}, tile))
        abort();
}

enum { QUICK, OURS, SNAKE, PACMAN, METIS, ZOLTAN, HILBERT, OVERLAP, MAPPERS };
static const struct {
    const char *name;
    void (*map)(struct st_arena *a, const struct st_case *c, uint16_t *tile);
} mappers[MAPPERS] = {
    [QUICK] = {"stoa --effort 0", quick},
    [OURS] = {"stoa", ours},
    [SNAKE] = {"snake", st_baseline_snake},
    [PACMAN] = {"PACMAN", st_baseline_pacman},
    [METIS] = {"METIS + annealing", st_baseline_metis},
    [ZOLTAN] = {"Zoltan + annealing", st_baseline_zoltan},
    [HILBERT] = {"Hilbert + forces", st_baseline_hilbert},
    [OVERLAP] = {"overlap + spectrum", st_baseline_overlap},
};

static bool json;
static const char *alone; /* only this one, or NULL: all of them */

static void figure(const char *name, const char *what, double value, const char *unit, const char *asked)
{
    printf("{\"figure\": \"mapper: %s: %s\", \"value\": %.6g, \"unit\": \"%s\", \"asked\": \"%s\", \"command\": \"make "
           "bench-map\"}\n",
           name, what, value, unit, asked);
    fflush(stdout);
}

/* --- one mapper --------------------------------------------------------------------------------------------------- */

struct outcome {
    struct st_value value;
    double seconds, megabytes;
};

static double used(const struct rusage *r)
{
    return (double)(r->ru_utime.tv_sec + r->ru_stime.tv_sec) +
           (double)(r->ru_utime.tv_usec + r->ru_stime.tv_usec) / 1e6;
}

/* What of this process is in memory now. */
static double resident(void)
{
    long pages = 0;
    FILE *f = fopen("/proc/self/statm", "r");
    if (!f || fscanf(f, "%*s %ld", &pages) != 1)
        abort();
    fclose(f);
    return (double)pages * (double)sysconf(_SC_PAGESIZE) / 1048576;
}

static struct outcome measure(struct st_arena *a, const struct st_prices *prices, const struct st_case *c,
                              uint32_t mapper)
{
    struct outcome out;
    struct rusage use;
    size_t bytes = sizeof(double) + c->traffic->vertex_count * sizeof(uint16_t);
    double *before = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    uint16_t *tile = (uint16_t *)(before + 1);
    int status;
    if (before == MAP_FAILED)
        longjmp(a->full, 1);
    fflush(stdout);
    malloc_trim(0); /* what was given back must not serve the mapper unseen */
    pid_t child = fork();
    if (child == 0) {
        struct st_arena scratch;
        st_arena_init(&scratch);
        if (setjmp(scratch.full))
            _exit(3);
        *before = resident();
        mappers[mapper].map(&scratch, c, tile);
        _exit(0);
    }
    if (child < 0 || wait4(child, &status, 0, &use) != child || status != 0) {
        fprintf(stderr, "%s failed\n", mappers[mapper].name);
        exit(3);
    }
    out.value = st_evaluate(a, prices, c->traffic, &c->mesh, tile);
    out.seconds = used(&use);
    out.megabytes = (double)use.ru_maxrss / 1024 - *before;
    munmap(before, bytes);
    return out;
}

/* --- families ----------------------------------------------------------------------------------------------------- */

static uint32_t over(const struct outcome *o) { return o->value.cost.over_neurons + o->value.cost.over_axons; }

static void show(const char *name, const struct outcome *o, uint64_t least)
{
    const struct st_traffic_cost *c = &o->value.cost;
    printf("  %-19s %9llu hops", name, (unsigned long long)c->hops);
    if (least)
        printf(" (%5.2f x bound)", (double)c->hops / (double)least);
    printf(" %7llu on the fullest link %8.2f uJ %8.1f us %4u tiles", (unsigned long long)c->widest, o->value.energy,
           o->value.latency, c->tiles);
    if (over(o))
        printf(", %u OVER (%u axons)", over(o), c->most_axons);
    printf(" %7.2f s %6.0f MB\n", o->seconds, o->megabytes);
    fflush(stdout);
}

/* What was asked for; the best of the others is the legal one with the fewest hops. */
static void figures(const struct trial *x, const struct outcome *o, uint64_t least)
{
    char asked[32] = "", what[96];
    uint32_t best = METIS;
    bool any = false;
    for (uint32_t k = SNAKE; k < MAPPERS; k++)
        if (!over(&o[k]) && (!any || o[k].value.cost.hops < o[best].value.cost.hops))
            best = k, any = true;
    double hops = (double)o[OURS].value.cost.hops;
    if (x->under_metis > 0)
        snprintf(asked, sizeof asked, ">= %g", x->under_metis);
    figure(x->name, "hops", hops, "hops", x->hops_asked);
    if (least)
        figure(x->name, "hops, of a lower bound", hops / (double)least, "ratio", "");
    figure(x->name, "under METIS + annealing", 100 - 100 * hops / (double)o[METIS].value.cost.hops, "%", asked);
    if (any) {
        snprintf(what, sizeof what, "hops, of the best other that is legal, %s", mappers[best].name);
        figure(x->name, what, hops / (double)o[best].value.cost.hops, "ratio", "<= 1");
    }
    figure(x->name, "fullest link, of METIS + annealing's",
           (double)o[OURS].value.cost.widest / (double)o[METIS].value.cost.widest, "ratio", "<= 1");
    figure(x->name, "energy", o[OURS].value.energy, "uJ", "");
    figure(x->name, "latency of the network", o[OURS].value.latency, "us", "");
    figure(x->name, "tiles used", o[OURS].value.cost.tiles, "tiles", "");
    figure(x->name, "tiles over a limit", over(&o[OURS]), "tiles", "0");
    figure(x->name, "time", o[OURS].seconds, "s", x->time_asked);
    figure(x->name, "memory", o[OURS].megabytes, "MB", "");
    figure(x->name, "quick: hops more", 100 * (double)o[QUICK].value.cost.hops / hops - 100, "%", "<= 15");
    figure(x->name, "quick: time, of the other", o[QUICK].seconds / o[OURS].seconds, "ratio", "<= 0.1");
}

static void run(const struct trial *x, uint32_t effort, uint64_t seed)
{
    struct st_arena a;
    struct st_prices prices;
    struct st_family f;
    struct outcome o[MAPPERS];
    st_arena_init(&a);
    if (setjmp(a.full)) {
        fputs("no memory\n", stderr);
        exit(3);
    }
    if (!st_prices_read(&a, "stoa-1-large", &prices) || !st_family_make(&a, x->family, x->size, seed, &f))
        abort();
    const struct st_case c = {
        &f.traffic, {x->side, x->side, x->neurons, x->axons, NULL, NULL, NULL}, f.planted, seed, effort};
    uint64_t least = st_least_hops(c.traffic, &c.mesh);
    if (!json)
        printf("%s: %u neurons, %llu synapses, %u x %u tiles of %u\n", x->name, c.traffic->vertex_count,
               (unsigned long long)c.traffic->pin_first[c.traffic->edge_count], x->side, x->side, x->neurons);
    for (uint32_t k = 0; k < MAPPERS; k++) {
        if (alone && strcmp(alone, mappers[k].name))
            continue;
        o[k] = measure(&a, &prices, &c, k);
        if (!json)
            show(mappers[k].name, &o[k], least);
    }
    if (json && !alone)
        figures(x, o, least);
    st_arena_free(&a);
}

/* --- growth ------------------------------------------------------------------------------------------------------- */

static const struct grown {
    const char *family;
    uint32_t neurons, side;
    const char *time_asked;
} growths[] = {
    {"easy", 4096, 16, ""},   {"easy", 16384, 16, ""},     {"easy", 65536, 16, ""},
    {"easy", 262144, 16, ""}, {"dense", 16384, 8, "<= 1"},                                  /* 1.6 million synapses */
    {"dense", 65536, 16, ""}, {"dense", 262144, 16, ""},   {"dense", 1048576, 16, "<= 60"}, /* 100 million */
};

/* Seconds that it takes. */
static double grown(const struct grown *g, uint64_t seed)
{
    struct st_arena a;
    struct st_prices prices = {0};
    struct st_family f;
    char name[96];
    st_arena_init(&a);
    if (setjmp(a.full) || !st_family_make(&a, g->family, g->neurons, seed, &f))
        exit(3);
    const struct st_case c = {
        &f.traffic, {g->side, g->side, g->neurons / (g->side * g->side), 0, NULL, NULL, NULL}, f.planted, seed, 0};
    struct outcome o = measure(&a, &prices, &c, QUICK);
    double synapses = (double)f.traffic.pin_first[f.traffic.edge_count];
    double bytes = o.megabytes * 1048576 / synapses;
    snprintf(name, sizeof name, "growth: %s, %u neurons, %.0f synapses, %u x %u", g->family, g->neurons, synapses,
             g->side, g->side);
    if (json) {
        figure(name, "quick: time", o.seconds, "s", g->time_asked);
        figure(name, "quick: memory beside the network's", bytes, "bytes a synapse", "<= 16");
        figure(name, "quick: hops", (double)o.value.cost.hops, "hops", "");
    } else
        printf("%s: %llu hops, %7.2f s, %6.1f bytes a synapse\n", name, (unsigned long long)o.value.cost.hops,
               o.seconds, bytes);
    fflush(stdout);
    st_arena_free(&a);
    return o.seconds;
}

static bool is_series(const struct grown *a, const struct grown *b)
{
    return !strcmp(a->family, b->family) && a->side == b->side;
}

/* Sizes up to so many neurons; of a family on one mesh, the power of the largest beside the least. */
static void growth(uint32_t most, uint64_t seed)
{
    const struct grown *first = NULL, *last = growths + sizeof growths / sizeof *growths - 1;
    double begin = 0;
    for (const struct grown *g = growths; g <= last; g++) {
        if (g->neurons > most)
            continue;
        double seconds = grown(g, seed);
        if (!first || !is_series(first, g))
            first = g, begin = seconds;
        if (g == first || (g < last && is_series(g, g + 1) && g[1].neurons <= most))
            continue;
        double exponent = log(seconds / begin) / log((double)g->neurons / first->neurons);
        char name[64];
        snprintf(name, sizeof name, "growth: %s, %u x %u", g->family, g->side, g->side);
        if (json)
            figure(name, "quick: exponent of time over its sizes", exponent, "", "<= 1.1");
        else
            printf("%s: time grows with the power of %.2f\n", name, exponent);
    }
}

/* --- small cases -------------------------------------------------------------------------------------------------- */

/* Random targets, each neuron's in its number order; weights of 1 to 3. */
static void small(struct st_arena *a, uint32_t vertices, uint32_t targets, uint64_t seed, struct st_traffic *t)
{
    struct st_lot lot = {seed};
    *t = (struct st_traffic){.vertex_count = vertices,
                             .edge_count = vertices,
                             .size = ST_NEW(a, uint16_t, vertices),
                             .pin_first = ST_NEW(a, uint64_t, (size_t)vertices + 1),
                             .pin = ST_NEW(a, uint32_t, (size_t)vertices * targets),
                             .source = ST_NEW(a, uint32_t, vertices),
                             .weight = ST_NEW(a, uint16_t, vertices)};
    for (uint32_t v = 0, n = 0; v < vertices; v++) {
        uint32_t *order = ST_NEW(a, uint32_t, vertices);
        st_lot_order(&lot, order, vertices);
        for (uint32_t k = 0; n < (v + 1) * targets; k++)
            if (order[k] != v)
                t->pin[n++] = order[k];
        t->size[v] = 1;
        t->source[v] = v;
        t->weight[v] = (uint16_t)(1 + st_lot_below(&lot, 3));
        t->pin_first[v + 1] = n;
    }
    st_traffic_index(a, t);
}

struct small_case {
    uint32_t width, height, neurons, vertices, targets;
};

/* Whatever is drawn, the seed of the case is that of the mapping. */
static void beside_optimum(const struct small_case *x, uint64_t seed, uint32_t effort, const char *folder)
{
    struct st_arena a;
    struct st_prices prices = {0};
    struct st_traffic t;
    uint64_t least;
    char name[96];
    st_arena_init(&a);
    if (setjmp(a.full))
        exit(3);
    small(&a, x->vertices, x->targets, seed, &t);
    const struct st_case c = {&t, {x->width, x->height, x->neurons, 0, NULL, NULL, NULL}, NULL, seed, effort};
    bool proven = st_optimum(&t, &c.mesh, folder, 120, &least);
    uint64_t hops = measure(&a, &prices, &c, OURS).value.cost.hops;
    snprintf(name, sizeof name, "optimum: %u neurons on %u x %u tiles of %u, seed %u", x->vertices, x->width, x->height,
             x->neurons, (unsigned)seed);
    if (json && proven)
        figure(name, "hops, of the proven optimum", (double)hops / (double)least, "ratio", "<= 1.05");
    else if (proven)
        printf("%s: %llu hops, %llu are the least\n", name, (unsigned long long)hops, (unsigned long long)least);
    else if (!json)
        printf("%s: %llu hops, no proof in time\n", name, (unsigned long long)hops);
    fflush(stdout);
    st_arena_free(&a);
}

static void optimum(uint32_t effort)
{
    static const struct small_case cases[] = {
        {2, 2, 2, 8, 2}, {2, 2, 3, 12, 2}, {3, 2, 1, 6, 2}, {3, 2, 2, 10, 2}, {3, 3, 1, 8, 2}};
    static const char *const files[] = {"optimum.lp", "optimum.txt", "optimum.log"};
    char folder[] = "/tmp/stoa-optimum-XXXXXX", path[64];
    if (!mkdtemp(folder))
        exit(3);
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++)
        for (uint64_t seed = 1; seed <= 3; seed++)
            beside_optimum(&cases[k], seed, effort, folder);
    for (size_t k = 0; k < sizeof files / sizeof *files; k++) {
        snprintf(path, sizeof path, "%s/%s", folder, files[k]);
        unlink(path);
    }
    rmdir(folder);
}

int main(int argc, char **argv)
{
    const char *only[32];
    size_t count = 0;
    uint32_t effort = 1;
    uint64_t seed = 1;
    bool small_cases = false, sizes = false;
    uint32_t most = UINT32_MAX;
    for (int i = 1; i < argc; i++)
        if (!strcmp(argv[i], "--json"))
            json = true;
        else if (!strcmp(argv[i], "--optimum"))
            small_cases = true;
        else if (!strcmp(argv[i], "--growth"))
            sizes = true;
        else if (!strcmp(argv[i], "--most") && i + 1 < argc)
            most = (uint32_t)strtoul(argv[++i], NULL, 10);
        else if (!strcmp(argv[i], "--only") && i + 1 < argc && count < sizeof only / sizeof *only)
            only[count++] = argv[++i];
        else if (!strcmp(argv[i], "--mapper") && i + 1 < argc)
            alone = argv[++i];
        else if (!strcmp(argv[i], "--effort") && i + 1 < argc)
            effort = (uint32_t)strtoul(argv[++i], NULL, 10);
        else if (!strcmp(argv[i], "--seed") && i + 1 < argc)
            seed = strtoull(argv[++i], NULL, 10);
    if (small_cases)
        optimum(effort);
    if (sizes)
        growth(most, seed);
    if (small_cases || sizes)
        return 0;
    for (size_t i = 0; i < sizeof trials / sizeof *trials; i++) {
        bool wanted = count == 0;
        for (size_t k = 0; k < count; k++)
            wanted |= !strcmp(only[k], trials[i].name);
        if (wanted)
            run(&trials[i], effort, seed);
    }
    return 0;
}
