# lists.awk - sparse rows for the netlist, drawn by a fixed seed: 784 lists of 80 among 240 neurons, weights of all sizes.
#
#     awk -v what=net -f lists.awk                  the network; each list has 20 entries in each of 4 lanes
#     awk -v what=events -v ticks=N -f lists.awk    N ticks of spikes: one input in four in each, as a picture has
function draw() { # from 0 to below 1: the least standard generator, exact in a double
    seed = seed * 16807 % 2147483647
    return seed / 2147483647
}
BEGIN {
    INPUTS = 784
    NEURONS = 240
    LANES = 4
    ENTRIES = 80
    seed = 1
    for (i = 0; i < 10; i++) draw()
    if (what == "events") {
        for (t = 0; t < ticks; t++)
            for (i = 0; i < INPUTS; i++)
                if (draw() < 0.25) print t, "R", i
        exit
    }
    print "network: lists\npresentation: { picture: 8, silence: 0 }"
    print "receptors: { R: { size: " INPUTS ", encoder: spikes } }"
    print "populations: { E: { columns: " NEURONS ", neuron: { model: lif, threshold: 3000 } } }\nreadout: { population: E }"
    print "projections:\n  - from: R\n    to: E\n    policy: list\n    synapses:"
    rows = NEURONS / LANES
    for (i = 0; i < INPUTS; i++)
        for (lane = 0; lane < LANES; lane++) {
            need = ENTRIES / LANES
            for (r = 0; r < rows; r++)
                if (draw() * (rows - r) < need) {
                    need--
                    w = int(draw() * 511) - 255
                    print "      - [" i ", " r * LANES + lane ", " (w ? w : 1) "]"
                }
        }
}
