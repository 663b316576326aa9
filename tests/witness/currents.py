#!/usr/bin/env python3
"""currents.py - cuba neurons beside the same equations in floating point, and beside Brian2 where it is installed.

A network is made from a seed: receptors with random spikes onto neurons of two kinds, `free`, which never fire, and `fires`,
with reset and refractory time. It is compiled and run by the command; then

    1. free:   every current and potential of every tick is within the bound that docs/arithmetic.md (5, cuba) states;
    2. fires:  nearly all spikes are those of the floating point solution, tick by tick;
    3. fires:  nearly all are those of Brian2's exact solution of dv/dt = (i - v) / tau_m, di/dt = -i / tau.

Decays and gain are fractions of 65,536, so that what is compared is the arithmetic; a spike that comes a tick later counts as two
differences.

    currents.py STOA WORK [SEED]     prints the figures; fails when one is out of its bound
"""
import math
import random
import subprocess
import sys

TICKS, INPUTS, NEURONS = 2000, 60, 40
TAU_M, TAU_E, TAU_I, THRESHOLD, RESET, REFRACTORY, SCALE = 20.0, 5.0, 10.0, 15.0, 5.0, 3, 10000
ONE = 65536


def fraction(x):
    return round(x * ONE) / ONE


def reaches(tau):
    """Of a current of 1 at the beginning of a tick: what it has added to the potential at its end, exactly."""
    return tau / (tau - TAU_M) * (math.exp(-1 / tau) - math.exp(-1 / TAU_M))


LEAK, DECAY_E, DECAY_I = (fraction(1 - math.exp(-1 / tau)) for tau in (TAU_M, TAU_E, TAU_I))
TAU_M, TAU_E, TAU_I = (-1 / math.log(1 - lost) for lost in (LEAK, DECAY_E, DECAY_I))  # what these fractions are exactly
GAIN, RATIO = fraction(reaches(TAU_E)), reaches(TAU_I) / reaches(TAU_E)  # one gain: inhibitory weights carry the ratio


def world(seed):
    draw = random.Random(seed)
    synapses = [(i, n, draw.choice((1, 1, 1, 1, -1)) * round(draw.uniform(1, 4) * SCALE / 4) * 4 / SCALE)
                for i in range(INPUTS) for n in range(NEURONS) if draw.random() < 0.5]
    spikes = [(t, i) for t in range(TICKS - 1) for i in range(INPUTS) if draw.random() < 0.07]
    return synapses, spikes


def network(synapses):
    neuron = ("model: cuba, leak: %.9f, decay: %.9f, decay_inhibitory: %.9f, currents: two, gain: %.9f, reset_value: %g, "
              "refractory: %d" % (LEAK, DECAY_E, DECAY_I, GAIN, RESET, REFRACTORY))
    rows = ", ".join("[%d, %d, %.9g]" % s for s in synapses)
    text = "network: currents\npresentation: { picture: %d, silence: 0, reset: false }\n" % TICKS
    text += "receptors: { R: { size: %d, encoder: clock, at: [0] } }\npopulations:\n" % INPUTS
    for name, threshold in (("free", 800), ("fires", THRESHOLD)):
        text += "  %s: { columns: %d, neuron: { %s, threshold: %g }, scale: %d }\n" % (name, NEURONS, neuron, threshold, SCALE)
    text += "projections:\n"
    for name in ("free", "fires"):
        text += "  - { from: R, to: %s, policy: list, synapses: [%s] }\n" % (name, rows)
    return text + "readout: { population: fires }\n"


def fabric():
    return ("fabric: roomy\ncore: { neurons: 256, axons: 512, weight_bits: 16, membrane_bits: 24, shift_max: 2, delay_slots: 2 }\n")


def command(stoa, work, synapses, spikes):
    """What the machine does: {(population, neuron): [value by tick]} of each state, and its spikes."""
    for name, text in (("net.yaml", network(synapses)), ("roomy.yaml", fabric()),
                       ("spikes", "".join("%d R %d\n" % s for s in spikes))):
        with open(work + "/" + name, "w", encoding="ascii") as f:
            f.write(text)
    subprocess.run([stoa, "compile", work + "/net.yaml", "-f", work + "/roomy.yaml", "-o", work + "/net.img"], check=True,
                   stdout=subprocess.DEVNULL)
    subprocess.run([stoa, "run", work + "/net.img", "--in", work + "/spikes", "--ticks", str(TICKS), "--trace", "state",
                    "-o", work + "/trace"], check=True, stdout=subprocess.DEVNULL)
    states, fired = {}, set()
    for line in open(work + "/trace", encoding="ascii"):
        tick, population, index, what, value = line.split()
        if what == "spike":
            fired.add((population, int(index), int(tick)))
        else:
            states.setdefault((population, int(index), what), []).append(int(value) / SCALE)
    return states, fired


def solve(synapses, spikes, threshold):
    """The equations of docs/arithmetic.md in floating point, without any rounding."""
    into = [[] for _ in range(INPUTS)]
    for i, n, w in synapses:
        into[i].append((n, w))
    arrive = [[] for _ in range(TICKS + 1)]
    for t, i in spikes:
        arrive[t + 1].append(i)
    u, exc, inh, shut = [0.0] * NEURONS, [0.0] * NEURONS, [0.0] * NEURONS, [0] * NEURONS
    trace, fired = [], set()
    for t in range(TICKS):
        exc = [x * (1 - DECAY_E) for x in exc]
        inh = [x * (1 - DECAY_I) for x in inh]
        for i in arrive[t]:
            for n, w in into[i]:
                if w > 0:
                    exc[n] += w
                else:
                    inh[n] += w
        for n in range(NEURONS):
            if shut[n]:
                shut[n] -= 1
                continue
            u[n] = u[n] * (1 - LEAK) + GAIN * (exc[n] + inh[n])
            if u[n] >= threshold:
                u[n], shut[n] = RESET, REFRACTORY
                fired.add((n, t))
        trace.append((list(u), list(exc), list(inh)))
    return trace, fired


def bounds(states, trace):
    """The furthest that a state of `free` is off, in units, beside its bound."""
    allowed = {"exc": 1 / DECAY_E, "inhib": 1 / DECAY_I, "u": (2 + GAIN * (1 / DECAY_E + 1 / DECAY_I)) / LEAK}
    worst = {}
    for place, what in enumerate(("u", "exc", "inhib")):
        worst[what] = max(abs(states["free", n, what][t] - trace[t][place][n]) * SCALE
                          for n in range(NEURONS) for t in range(TICKS))
        print("figure current_%s %.4g units furthest from floating point, bound %.4g" % (what, worst[what], allowed[what]))
    return all(worst[what] < allowed[what] for what in worst)


def alike(mine, theirs, who):
    both = len(mine & theirs) / max(1, len(mine | theirs))
    print("figure current_spikes %.4f of %d spikes are those of %s" % (both, len(mine | theirs), who))
    return both >= 0.95 and len(mine) > 500


def brian(synapses, spikes):
    """Spikes of Brian2's exact integration, or None where there is no Brian2. A current that is there at the beginning of a
    step acts in it, so a spike given in step t acts from t + 1 on, as here over a delay of 1."""
    try:
        import brian2 as b
    except ImportError:
        return None
    b.prefs.codegen.target = "numpy"
    b.defaultclock.dt = 1 * b.ms
    group = b.NeuronGroup(NEURONS, """dv/dt = (ge + gi - v) / (%.12g*ms) : 1 (unless refractory)
                                      dge/dt = -ge / (%.12g*ms) : 1
                                      dgi/dt = -gi / (%.12g*ms) : 1""" % (TAU_M, TAU_E, TAU_I), threshold="v >= %g" % THRESHOLD,
                          reset="v = %g" % RESET, refractory=(REFRACTORY + 1) * b.ms, method="exact")
    source = b.SpikeGeneratorGroup(INPUTS, [i for _, i in spikes], [t for t, _ in spikes] * b.ms)
    excite = b.Synapses(source, group, "w : 1", on_pre="ge_post += w")
    inhibit = b.Synapses(source, group, "w : 1", on_pre="gi_post += w")
    for synapse, sign, ratio in ((excite, 1, 1), (inhibit, -1, 1 / RATIO)):
        rows = [s for s in synapses if s[2] * sign > 0]
        synapse.connect(i=[s[0] for s in rows], j=[s[1] for s in rows])
        synapse.w = [s[2] * ratio for s in rows]
    monitor = b.SpikeMonitor(group)
    b.run(TICKS * b.ms)
    return {(int(n), round(float(t / b.ms))) for n, t in zip(monitor.i, monitor.t)}


def main(stoa, work, seed):
    synapses, spikes = world(seed)
    states, fired = command(stoa, work, synapses, spikes)
    good = not any(population == "free" for population, _, _ in fired)
    mine = {(n, t) for population, n, t in fired if population == "fires"}
    good &= bounds(states, solve(synapses, spikes, 1e9)[0])
    good &= alike(mine, solve(synapses, spikes, THRESHOLD)[1], "floating point")
    theirs = brian(synapses, spikes)
    if theirs is None:
        print("no Brian2 (python3-brian) here to compare with")
    else:
        good &= alike(mine, theirs, "Brian2")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2], int(sys.argv[3]) if len(sys.argv) > 3 else 1))
