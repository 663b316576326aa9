# brian.py - the bench's static network, 784 -> 4096 all to all, in Brian2's C++ standalone mode: synaptic events a second.
#
# Prints one number. CPU time of the built program, of a long run less that of a short one, so that neither compiling nor
# reading three million weights counts. The input is 100 spikes a tick, as many as a picture of MNIST gives.
import os, resource, tempfile
import numpy as np
import brian2 as b

SOURCES, TARGETS, A_TICK, SHORT, LONG = 784, 4096, 100, 20, 220


def seconds(ticks):
    b.device.reinit()
    b.device.activate()
    with tempfile.TemporaryDirectory() as where:
        b.set_device("cpp_standalone", build_on_run=False, directory=where)
        b.prefs.codegen.cpp.extra_compile_args_gcc = ["-w", "-O3", "-ffast-math", "-march=native", "-std=c++11"]
        dt = 1 * b.ms
        b.defaultclock.dt = dt
        random = np.random.default_rng(1)
        index = np.concatenate([random.choice(SOURCES, A_TICK, replace=False) for _ in range(ticks)])
        source = b.SpikeGeneratorGroup(SOURCES, index, np.repeat(np.arange(ticks), A_TICK) * dt)
        target = b.NeuronGroup(TARGETS, "dv/dt = -v / (10 * ms) : 1", threshold="v > 1000", reset="v = 0", method="exact")
        synapses = b.Synapses(source, target, "w : 1", on_pre="v_post += w")
        synapses.connect()
        synapses.w = "2 * rand() - 1"
        b.run(ticks * dt)
        b.device.build(directory=where, compile=True, run=False, debug=False)
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        b.device.run(where, with_output=False, run_args=[])
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return after.ru_utime - before.ru_utime


print((LONG - SHORT) * A_TICK * TARGETS / (seconds(LONG) - seconds(SHORT)))
