/* fuzz_run_net.c - whatever text comes as a network and a fabric, with a line "---" between: refused with a diagnostic,
 * or compiled, and then the reference and the compiled image run to the same spikes, states and learnt words. */
#include "compile.h"
#include "equal.h"
#include "file.h"
#include "net_check.h"
#include "stoa/draw.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int st_fuzz_run_net(const uint8_t *data, size_t size);

enum { NEURONS = 1500, SYNAPSES = 200000, PERIOD = 60, PRESENTATIONS = 2 };

static int no_files(int kind) { return kind != 'o'; }

static bool is_small(const struct st_net *net)
{
    uint64_t neurons = 0, synapses = 0;
    for (uint32_t n = 0; n < net->node_count; n++)
        neurons += (uint64_t)net->nodes[n].columns * net->nodes[n].microcolumns;
    for (uint32_t i = 0; i < net->projection_count && neurons <= NEURONS; i++)
        synapses += (uint64_t)st_node_size(&net->nodes[net->projections[i].from]) *
                    st_node_size(&net->nodes[net->projections[i].to]);
    return neurons <= NEURONS && synapses <= SYNAPSES && net->picture_ticks + net->silence_ticks <= PERIOD;
}

static void compare(struct st_arena *a, const struct st_compiled *c, uint64_t seed)
{
    const struct st_image *m = c->image;
    struct st_pair p;
    struct st_run_options o = {.learn = seed & 1};
    const uint64_t **bits = ST_NEW(a, const uint64_t *, m->receptor_count);
    st_pair_open(&p, a, c->quant, m, (uint32_t)(seed >> 8) % m->copy_count, o);
    for (uint32_t k = 0; k < PRESENTATIONS && !p.differs; k++) {
        for (uint32_t r = 0; r < m->receptor_count; r++) {
            uint32_t words = (m->receptors[r].size + 63) / 64;
            uint64_t *frame = ST_NEW(a, uint64_t, (size_t)words * m->period_ticks);
            for (uint32_t t = 0; t < m->period_ticks; t++)
                for (uint32_t i = 0; i < m->receptors[r].size; i++)
                    if (st_hash64(seed + k, t << 8 | r, i) % (t % 3 ? 17 : 3) == 0)
                        frame[(size_t)t * words + i / 64] |= UINT64_C(1) << i % 64;
            bits[r] = frame;
        }
        st_pair_present(&p, &(struct st_frame){m->period_ticks, bits}, seed & 2, true);
    }
    if (p.differs) {
        fprintf(stderr, "%s\n", p.text);
        abort();
    }
    st_pair_close(&p);
}

int st_fuzz_run_net(const uint8_t *data, size_t size)
{
    struct st_arena a;
    struct st_diags d;
    const char *text = (const char *)data, *cut = NULL;
    for (size_t i = 0; i + 5 <= size && !cut; i++)
        cut = memcmp(text + i, "\n---\n", 5) ? NULL : text + i;
    if (!cut)
        return 0;
    st_arena_init(&a);
    if (setjmp(a.full)) {
        st_arena_free(&a);
        return 0;
    }
    st_file_hook = no_files;
    st_diags_init(&d, &a);
    const struct st_net *net = st_net_read(&a, &d, "fuzz.yaml", text, (size_t)(cut - text), NULL, 0);
    const struct st_fabric *f = st_fabric_read(&a, &d, "fabric.yaml", cut + 5, size - (size_t)(cut + 5 - text));
    if (net && f && st_net_check(net, &d) && st_fabric_check(f, &d) && is_small(net)) {
        struct st_compiled out = {0};
        struct st_compile_options options = {.seed = st_hash64(size, data[0], data[size - 1]), .trace = true};
        if (!st_compile(&a, &d, net, f, &options, &out)) {
            if (!d.errors)
                abort(); /* refused without a reason */
            for (uint32_t i = 0; i < d.count; i++)
                if (d.list[i].id == ST_DIAG_SELF_CHECK) {
                    fprintf(stderr, "%s\n", st_diags_text(&d, false));
                    abort();
                }
        } else {
            compare(&a, &out, options.seed);
        }
    }
    st_file_hook = NULL;
    st_arena_free(&a);
    return 0;
}

#ifdef ST_LIBFUZZER
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) { return st_fuzz_run_net(data, size); }
#endif
