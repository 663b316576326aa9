/* beside.h - a small network compiled with whatever comes beside it: refused with a reason, or taken, and never a bug.
 *
 *     bytes ──a field of the options──> st_compile of one network and fabric ──> an image, or errors */
#ifndef STOA_FUZZ_BESIDE_H
#define STOA_FUZZ_BESIDE_H

#include "compile.h"
#include <stdlib.h>
#include <string.h>

static const char net_text[] = "network: small\n"
                               "presentation: { picture: 4 }\n"
                               "receptors: { R: { size: 6, encoder: spikes } }\n"
                               "populations:\n"
                               "  L: { columns: 3, microcolumns: 4, neuron: { model: lif, threshold: 3 }, compete: { "
                               "block: 1 } }\n"
                               "  P: { columns: 9, neuron: { model: lif, threshold: 1 } }\n"
                               "projections:\n"
                               "  - { from: R, to: L, policy: all-to-all, weight: 1 }\n"
                               "  - { from: L, to: P, policy: all-to-all, weight: 1 }\n"
                               "readout: { population: P }\n";
static const char fabric_text[] = "fabric: small\n"
                                  "mesh: { width: 3, height: 3 }\n"
                                  "tiles: { dead: [[2, 2]] }\n"
                                  "core: { neurons: 8, axons: 16, weight_bits: 8 }\n";

static inline int fuzz_beside(struct st_compile_options how)
{
    struct st_arena a;
    struct st_diags d;
    st_arena_init(&a);
    if (setjmp(a.full)) {
        st_arena_free(&a);
        return 0;
    }
    st_diags_init(&d, &a);
    const struct st_net *net = st_net_read(&a, &d, "net.yaml", net_text, sizeof net_text - 1, NULL, 0);
    const struct st_fabric *f = st_fabric_read(&a, &d, "fabric.yaml", fabric_text, sizeof fabric_text - 1);
    if (!net || !f || d.errors)
        abort();
    if (!st_compile(&a, &d, net, f, &how, NULL) != (d.errors > 0))
        abort(); /* refused without a reason, or not refused for one */
    for (uint32_t i = 0; i < d.count; i++)
        if (d.list[i].id == ST_DIAG_SELF_CHECK)
            abort();
    st_diags_text(&d, true);
    st_arena_free(&a);
    return 0;
}

#endif
