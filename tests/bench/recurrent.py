# recurrent.py NEURONS SYNAPSES DELAY - the network of recurrent.c in Brian2's C++ standalone mode: synaptic events a second.
#
# Prints one number. CPU time of the built program, of a long run less that of a short one, so that neither compiling nor drawing
# ten million synapses counts.
import resource, sys, tempfile
import numpy as np
import brian2 as b

NEURONS, SYNAPSES, DELAY = (int(word) for word in sys.argv[1:4])
A_TICK, SHORT, LONG = NEURONS // 100, 20, 2020


def seconds(ticks):
    b.device.reinit()
    b.device.activate()
    with tempfile.TemporaryDirectory() as where:
        b.set_device("cpp_standalone", build_on_run=False, directory=where)
        b.prefs.codegen.cpp.extra_compile_args_gcc = ["-w", "-O3", "-ffast-math", "-march=native", "-std=c++11"]
        b.defaultclock.dt = dt = 1 * b.ms
        random = np.random.default_rng(1)
        index = np.concatenate([random.choice(NEURONS, A_TICK, replace=False) for _ in range(ticks)])
        source = b.SpikeGeneratorGroup(NEURONS, index, np.repeat(np.arange(ticks), A_TICK) * dt)
        target = b.NeuronGroup(NEURONS, "dv/dt = -v / (20 * ms) : 1", threshold="v > 20", reset="v = 0", method="exact")
        drive = b.Synapses(source, target, on_pre="v_post += 40")
        drive.connect(j="i")
        synapses = b.Synapses(target, target, "w : 1", on_pre="v_post += w")
        synapses.connect(p=SYNAPSES / NEURONS)
        synapses.w = "0.2 * rand() - 0.1"
        synapses.delay = "(1 + floor(rand() * %d)) * ms" % DELAY if DELAY > 1 else "1 * ms"
        b.run(ticks * dt)
        b.device.build(directory=where, compile=True, run=False, debug=False)
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        b.device.run(where, with_output=False, run_args=[])
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return after.ru_utime - before.ru_utime


print((LONG - SHORT) * A_TICK * SYNAPSES / (seconds(LONG) - seconds(SHORT)))
