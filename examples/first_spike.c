/* first_spike.c - one receptor, one neuron, and a synapse as strong as the threshold.
 *
 *     cc first_spike.c $(pkg-config --cflags --libs stoa) -o first_spike && ./first_spike */
#include "failed.h"
#include <string.h>

static const char text[] = "network: first\n"
                           "presentation: { picture: 10, silence: 10 }\n"
                           "receptors:\n"
                           "  R: { size: 1, encoder: spikes }\n"
                           "populations:\n"
                           "  L: { columns: 1, neuron: { model: lif, threshold: 1 } }\n"
                           "projections:\n"
                           "  - { from: R, to: L, policy: all-to-all, weight: 1 }\n"
                           "readout: { population: L, decide: count }\n";

int main(void)
{
    stoa_net *net = NULL;
    stoa_fabric *fabric = NULL;
    stoa_compiled *compiled = NULL;
    stoa_image *image = NULL;
    stoa_run *run = NULL;
    stoa_diagnostics *said = NULL;
    const uint32_t receptor = 0;
    size_t count = 0;
    int bad = failed(stoa_net_parse("first.yaml", text, strlen(text), NULL, 0, &net, &said), &said) ||
              failed(stoa_fabric_read("stoa-1-small", &fabric, &said), &said) ||
              failed(stoa_compile(net, fabric, NULL, &compiled, &said), &said);
    if (!bad) {
        image = stoa_compiled_image(compiled);
        bad = failed(stoa_run_open(image, NULL, &run, &said), &said) ||
              failed(stoa_run_inject(run, 0, &receptor, 1, &said), &said) ||
              failed(stoa_run_step(run, 5, &said), &said);
    }
    if (!bad) {
        stoa_spike *spikes = stoa_run_take(run, &count);
        for (size_t i = 0; i < count; i++)
            printf("tick %u: %s %u\n", spikes[i].tick, stoa_image_population(image, spikes[i].population)->name,
                   spikes[i].index);
        stoa_free(spikes);
    }
    stoa_run_close(run);
    stoa_image_free(image);
    stoa_compiled_free(compiled);
    stoa_fabric_free(fabric);
    stoa_net_free(net);
    return bad || count != 1;
}
