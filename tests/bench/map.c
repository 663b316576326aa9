/* map.c - the bench of the mapper (`make bench-map`): generated networks, ours beside the baselines.
 *
 * A line each: hops of every neuron's spike once, the fullest link, tiles used, tiles over a limit, processor time and
 * the most memory that the process has had. With `--json` the figures that were asked for, as tools/figures.sh prints
 * them.
 *
 *     map [--json] [--only FAMILY] [--effort N] [--seed N] */
#include "baselines.h"
#include "families.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

struct trial {
    const char *name, *family;
    uint32_t size, side, neurons, axons;
    const char *hops_asked;
    double under_metis; /* asked: percent under METIS + annealing; 0: nothing */
};

static const struct trial trials[] = {
    {"easy", "easy", 16384, 8, 256, 0, "<= 201000", 0},
    {"hard", "hard", 16384, 8, 256, 0, "<= 300000", 14},
    {"small-world", "small-world", 16384, 8, 256, 0, "<= 301000", 14},
    {"conv", "conv", 0, 8, 256, 0, "<= 40000", 50},
    {"colanet", "colanet", 0, 8, 256, 0, "", 50},
    {"random", "random", 16384, 8, 256, 0, "<= 730000", 14},
    {"easy, 1024 axons, 16 x 16", "easy", 16384, 16, 256, 1024, "<= 416000", 0},
    {"colanet, 1024 axons, 10 x 10", "colanet", 0, 10, 256, 1024, "<= 50000", 0},
};

static bool json;

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static void figure(const char *name, const char *what, double value, const char *unit, const char *asked)
{
    printf("{\"figure\": \"mapper: %s: %s\", \"value\": %.6g, \"unit\": \"%s\", \"asked\": \"%s\", \"command\": \"make "
           "bench-map\"}\n",
           name, what, value, unit, asked);
    fflush(stdout);
}

static struct st_traffic_cost show(struct st_arena *a, const struct trial *x, const char *who,
                                   const struct st_traffic *t, const struct st_traffic_mesh *mesh, const uint16_t *tile,
                                   double seconds)
{
    struct rusage use;
    struct st_traffic_cost c = st_traffic_measure(a, t, mesh, tile);
    getrusage(RUSAGE_SELF, &use);
    if (!json)
        printf("%-26s %-18s %9llu hops %7llu widest %4u tiles %3u over %3u over axons (%5u) %6.2f s %5ld MB\n", x->name,
               who, (unsigned long long)c.hops, (unsigned long long)c.widest, c.tiles, c.over_neurons, c.over_axons,
               c.most_axons, seconds, use.ru_maxrss / 1024);
    fflush(stdout);
    return c;
}

static void run(const struct trial *x, uint32_t effort, uint64_t seed)
{
    struct st_arena a;
    st_arena_init(&a);
    if (setjmp(a.full)) {
        fputs("no memory\n", stderr);
        exit(3);
    }
    struct st_family f;
    if (!st_family_make(&a, x->family, x->size, seed, &f))
        abort();
    const struct st_traffic *t = &f.traffic;
    struct st_traffic_mesh mesh = {x->side, x->side, x->neurons, x->axons, NULL, NULL, NULL};
    uint16_t *tile = ST_NEW(&a, uint16_t, t->vertex_count);
    struct st_traffic_cost quick, ours, metis;
    double begin = now(), quick_time, our_time;
    if (!st_traffic_map(&a, t, &mesh, (struct st_traffic_how){seed, 0}, tile))
        abort();
    quick_time = now() - begin;
    quick = show(&a, x, "stoa --effort 0", t, &mesh, tile, quick_time);
    begin = now();
    st_traffic_map(&a, t, &mesh, (struct st_traffic_how){seed, effort}, tile);
    our_time = now() - begin;
    ours = show(&a, x, "stoa", t, &mesh, tile, our_time);
    st_baseline_order(t, &mesh, NULL, tile);
    show(&a, x, "input order", t, &mesh, tile, 0);
    st_baseline_order(t, &mesh, f.planted, tile);
    show(&a, x, "planted order", t, &mesh, tile, 0);
    begin = now();
    st_baseline_metis(&a, t, &mesh, seed, tile);
    metis = show(&a, x, "METIS + annealing", t, &mesh, tile, now() - begin);
    if (json) {
        char asked[32] = "";
        if (x->under_metis > 0)
            snprintf(asked, sizeof asked, ">= %g", x->under_metis);
        figure(x->name, "hops", (double)ours.hops, "hops", x->hops_asked);
        figure(x->name, "under METIS + annealing", 100 - 100 * (double)ours.hops / (double)metis.hops, "%", asked);
        figure(x->name, "fullest link, of METIS + annealing's", (double)ours.widest / (double)metis.widest, "ratio",
               "<= 1");
        figure(x->name, "tiles over a limit", ours.over_neurons + ours.over_axons, "tiles", "0");
        figure(x->name, "time", our_time, "s", "<= 20");
        figure(x->name, "quick: hops more", 100 * (double)quick.hops / (double)ours.hops - 100, "%", "<= 15");
        figure(x->name, "quick: time, of the other", quick_time / our_time, "ratio", "<= 0.1");
    }
    st_arena_free(&a);
}

int main(int argc, char **argv)
{
    const char *only = NULL;
    uint32_t effort = 1;
    uint64_t seed = 1;
    for (int i = 1; i < argc; i++)
        if (!strcmp(argv[i], "--json"))
            json = true;
        else if (!strcmp(argv[i], "--only") && i + 1 < argc)
            only = argv[++i];
        else if (!strcmp(argv[i], "--effort") && i + 1 < argc)
            effort = (uint32_t)strtoul(argv[++i], NULL, 10);
        else if (!strcmp(argv[i], "--seed") && i + 1 < argc)
            seed = strtoull(argv[++i], NULL, 10);
    for (size_t i = 0; i < sizeof trials / sizeof *trials; i++)
        if (!only || !strcmp(only, trials[i].name))
            run(&trials[i], effort, seed);
    return 0;
}
