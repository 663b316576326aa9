/* build.c - a network that a program builds call by call: a ring along which a spike walks, its synapses computed.
 *
 *     cc build.c $(pkg-config --cflags --libs stoa) -o build && ./build */
#include "failed.h"

enum { NEURONS = 1000, PIECE = 100 };

/* Neuron i reaches the next one two ticks later; in pieces, as they are computed. */
static int ring(stoa_builder *b, uint32_t projection)
{
    stoa_diagnostics *said = NULL;
    uint32_t from[PIECE], to[PIECE];
    uint16_t delay[PIECE];
    int bad = 0;
    for (uint32_t i = 0; i < NEURONS && !bad; i += PIECE) {
        for (uint32_t k = 0; k < PIECE; k++) {
            from[k] = i + k;
            to[k] = (i + k + 1) % NEURONS;
            delay[k] = 2;
        }
        bad = failed(stoa_build_synapses(b, projection, PIECE, from, to, NULL, delay, &said), &said);
    }
    return bad;
}

static stoa_net *build(void)
{
    stoa_net *net = NULL;
    stoa_builder *b = NULL;
    stoa_diagnostics *said = NULL;
    uint32_t projection = 0;
    char size[64];
    if (failed(stoa_build_begin("{ network: ring, presentation: { picture: 30000 } }", &b, &said), &said))
        return NULL;
    snprintf(size, sizeof size, "{ columns: %d, neuron: { model: lif, threshold: $strong } }", NEURONS);
    int bad =
        failed(stoa_build_number(b, "strong", 1.25, &said), &said) ||
        failed(stoa_build_receptors(b, "R", "{ size: 1, encoder: spikes }", &said), &said) ||
        failed(stoa_build_population(b, "L", size, &said), &said) ||
        failed(stoa_build_projection(b, "{ from: R, to: 'L[0]', policy: all-to-all, weight: $strong }", NULL, &said),
               &said) ||
        failed(stoa_build_projection(b, "{ from: L, to: L, policy: list, weight: $strong }", &projection, &said),
               &said) ||
        ring(b, projection) || failed(stoa_build_readout(b, "{ population: L, decide: count }", &said), &said) ||
        failed(stoa_build_finish(b, &net, &said), &said);
    stoa_build_free(b);
    return bad ? NULL : net;
}

int main(void)
{
    stoa_net *net = build();
    stoa_fabric *fabric = NULL;
    stoa_compiled *compiled = NULL;
    stoa_image *image = NULL;
    stoa_run *run = NULL;
    stoa_diagnostics *said = NULL;
    const uint32_t receptor = 0;
    size_t count = 0;
    int bad = !net || failed(stoa_fabric_read("stoa-1-large", &fabric, &said), &said) ||
              failed(stoa_compile(net, fabric, NULL, &compiled, &said), &said);
    if (!bad) {
        image = stoa_compiled_image(compiled);
        bad = failed(stoa_run_open(image, NULL, &run, &said), &said) ||
              failed(stoa_run_inject(run, 0, &receptor, 1, &said), &said) ||
              failed(stoa_run_step(run, 2002, &said), &said);
    }
    if (!bad) {
        stoa_spike *spikes = stoa_run_take(run, &count);
        if (count)
            printf("%zu spikes; the last at tick %u: %u\n", count, spikes[count - 1].tick, spikes[count - 1].index);
        stoa_free(spikes);
    }
    stoa_run_close(run);
    stoa_image_free(image);
    stoa_compiled_free(compiled);
    stoa_fabric_free(fabric);
    stoa_net_free(net);
    return bad || count != 1001;
}
