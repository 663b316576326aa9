#include "small.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
/* after those it needs */
#include <cmocka.h>

const char small_net[] = "network: small\n"
                         "copies: 2\n"
                         "presentation: { picture: 4, silence: 4, reset: true }\n"
                         "receptors:\n"
                         "  R: { shape: [6, 6], encoder: bernoulli }\n"
                         "  Label: { size: 3, encoder: label, at: [5] }\n"
                         "populations:\n"
                         "  L:\n"
                         "    columns: 3\n"
                         "    microcolumns: 4\n"
                         "    neuron: { model: lif, threshold: 3, leak: 0.3, noise: 0.5 }\n"
                         "    compete: { block: 1 }\n"
                         "  OUT: { columns: 3, neuron: { model: lif, threshold: 1, leak: 1 } }\n"
                         "projections:\n"
                         "  - { from: R, to: L, policy: all-to-all, plasticity: { rule: colanet, w_min: -0.3, "
                         "w_max: 0.3, hebbian: -0.2 } }\n"
                         "  - { from: L, to: OUT, policy: aligned, weight: 1 }\n"
                         "  - { from: Label, to: L, policy: aligned, weight: 9, forcing: true }\n"
                         "  - { from: Label, to: L, policy: aligned, kind: reward, weight: 0.2, delay: 2 }\n"
                         "readout: { population: OUT, decide: count }\n";

void small_pictures(uint8_t *pixels, uint8_t *labels, uint32_t count, unsigned seed)
{
    uint32_t x = seed * 2654435761u + 1;
    for (uint32_t i = 0; i < count; i++) {
        labels[i] = (uint8_t)(i % SMALL_CLASSES);
        for (uint32_t k = 0; k < SMALL_SIDE * SMALL_SIDE; k++) {
            x = x * 1664525u + 1013904223u;
            uint8_t noise = (uint8_t)(x >> 27);
            pixels[i * SMALL_SIDE * SMALL_SIDE + k] = k / SMALL_SIDE / 2 == labels[i] ? (uint8_t)(220 + noise) : noise;
        }
    }
}

stoa_image *small_image(uint32_t copies)
{
    stoa_net *net;
    stoa_fabric *fabric;
    stoa_compiled *compiled;
    stoa_compile_options o = stoa_compile_defaults();
    o.copies = copies;
    assert_int_equal(stoa_net_parse("small.yaml", small_net, strlen(small_net), NULL, 0, &net, NULL), STOA_OK);
    assert_int_equal(stoa_fabric_read("stoa-1-small", &fabric, NULL), STOA_OK);
    assert_int_equal(stoa_compile(net, fabric, &o, &compiled, NULL), STOA_OK);
    stoa_image *image = stoa_compiled_image(compiled);
    assert_non_null(image);
    stoa_compiled_free(compiled); /* the image needs none of them */
    stoa_fabric_free(fabric);
    stoa_net_free(net);
    return image;
}
