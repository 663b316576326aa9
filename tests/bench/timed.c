/* timed.c - the bench of the timed engine: a mesh of 16 x 16 cores under load, and one on which nearly all is quiet.
 *
 * 4,096 neurons, 16 a core, that fire by themselves; each reaches eight others anywhere, so that packets cross the
 * whole mesh and wait for each other. A message is a packet at one of the cores that it is for. Processor time of one
 * thread.
 *
 *     timed [--json] [TICKS] */
#include "compile.h"
#include "timed.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static const char fabric_text[] =
    "fabric: bench\n"
    "mesh: { width: 16, height: 16 }\n"
    "core: { neurons: 16, axons: 1024, inputs: 4096, route_entries: 16384, lanes: 4, weight_bits: 8 }\n";

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

struct load {
    uint64_t messages, links, cycles;
    double seconds;
};

static const struct st_image *make(struct st_arena *a, const char *net_text)
{
    struct st_diags d;
    st_diags_init(&d, a);
    const struct st_net *net = st_net_read(a, &d, "net", net_text, strlen(net_text), NULL, 0);
    const struct st_fabric *f = st_fabric_read(a, &d, "fabric", fabric_text, sizeof fabric_text - 1);
    struct st_compile_options how = {.seed = 1};
    const struct st_image *image = net && f ? st_compile(a, &d, net, f, &how, NULL) : NULL;
    if (!image) {
        fputs(st_diags_text(&d, false), stderr);
        exit(1);
    }
    return image;
}

static struct load run(struct st_arena *a, const struct st_image *image, uint32_t ticks)
{
    struct load l = {0};
    uint32_t *cores = ST_NEW(a, uint32_t, image->block_count); /* that a block reaches */
    for (uint32_t i = 0; i < image->route_count; i++)
        cores[image->routes[i].block] += (image->routes[i].ports & ST_PORT_LOCAL) != 0;
    struct st_timed_shape shape = {.lanes = 4, .width = image->region_width, .height = image->region_height};
    struct st_timed *t = st_timed_open(image, 0, (struct st_run_options){0}, shape);
    double begin = now();
    for (uint32_t k = 0; k < ticks; k++) {
        if (!t || !st_timed_tick(t, NULL, 0)) {
            fputs("no memory\n", stderr);
            exit(3);
        }
        for (uint32_t c = 0; c < image->core_count; c++) {
            const struct st_retires *sent = st_timed_retired(t, c, ST_RETIRED_PACKET);
            for (uint32_t i = 0; i < sent->count; i++)
                l.messages += cores[sent->item[i].at];
        }
    }
    l.seconds = now() - begin;
    l.links = st_timed_counters(t).hops;
    l.cycles = st_timed_cycle(t);
    st_timed_close(t);
    return l;
}

static void show(bool json, const char *what, const struct load *l, double rate, const char *unit, const char *asked)
{
    if (json)
        printf("{\"figure\": \"timed engine: %s\", \"value\": %.4g, \"unit\": \"%s\", \"asked\": \"%s\", \"command\": "
               "\"make bench-timed\"}\n",
               what, rate, unit, asked);
    else
        printf("%-34s %10.4g %s; %llu messages, %llu links, %llu cycles, %.2f s\n", what, rate, unit,
               (unsigned long long)l->messages, (unsigned long long)l->links, (unsigned long long)l->cycles,
               l->seconds);
}

int main(int argc, char **argv)
{
    static const char net_text[] = "network: load\n"
                                   "presentation: { picture: 100, silence: 0, reset: false }\n"
                                   "receptors: { In: { size: 1, encoder: spikes } }\n"
                                   "populations: { P: { columns: 4096, neuron: { model: lif, threshold: 4, bias: %d, "
                                   "floor: 0 } } }\n"
                                   "projections: [ { from: P, to: P, policy: all-to-all, weight: 1, probability: 0.002 "
                                   "}, { from: In, to: P, policy: all-to-all, weight: 8, probability: 0.0005 } ]\n"
                                   "readout: { population: P, decide: count }\n";
    bool json = argc > 1 && !strcmp(argv[1], "--json");
    uint32_t ticks = argc > 1 + json ? (uint32_t)strtoul(argv[1 + json], NULL, 10) : 200;
    struct st_arena a;
    st_arena_init(&a);
    if (setjmp(a.full))
        return 3;
    char text[sizeof net_text + 16];
    snprintf(text, sizeof text, net_text, 1);
    struct load loaded = run(&a, make(&a, text), ticks);
    snprintf(text, sizeof text, net_text, 0);
    struct load quiet = run(&a, make(&a, text), 500 * ticks);
    show(json, "16 x 16 tiles under load", &loaded, (double)loaded.messages / loaded.seconds, "messages/s", ">= 1e6");
    show(json, "16 x 16 tiles, all quiet", &quiet, 500.0 * (double)ticks / quiet.seconds, "ticks/s", "");
    st_arena_free(&a);
    return 0;
}
