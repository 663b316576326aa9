/* mistake.c - what is wrong is a value: where it is, what it is, and how it is cured.
 *
 *     ./mistake NETWORK.yaml       without a file: one that names a population that is not there */
#include <stdio.h>
#include <stoa.h>
#include <string.h>

static const char wrong[] = "network: wrong\n"
                            "presentation: { picture: 10, silence: 10 }\n"
                            "receptors:\n"
                            "  R: { size: 1, encoder: spikes }\n"
                            "populations:\n"
                            "  Layer: { columns: 1, neuron: { model: lif, threshold: 1 } }\n"
                            "projections:\n"
                            "  - { from: R, to: Leyer, policy: all-to-all, weight: 1 }\n"
                            "readout: { population: Layer, decide: count }\n";

int main(int argc, char **argv)
{
    stoa_net *net;
    stoa_diagnostics *said;
    stoa_status status = argc > 1 ? stoa_net_read(argv[1], NULL, 0, &net, &said)
                                  : stoa_net_parse("wrong.yaml", wrong, strlen(wrong), NULL, 0, &net, &said);
    for (size_t i = 0; i < stoa_diagnostics_count(said); i++) {
        const stoa_diagnostic *d = stoa_diagnostics_at(said, i);
        printf("%s, line %u, column %u: %s: %s\n", d->file ? d->file : "", d->line, d->column,
               d->is_error ? "error" : "warning", d->message);
        if (d->cure)
            printf("    %s\n", d->cure);
        if (stoa_explain(d->id))
            printf("    %s: %s\n", d->id, stoa_explain(d->id));
    }
    stoa_diagnostics_free(said);
    stoa_net_free(net);
    return status == STOA_OK || status == STOA_REFUSED ? 0 : 1;
}
