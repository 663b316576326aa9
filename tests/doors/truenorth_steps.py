"""truenorth_steps.py - random networks of TrueNorth's neurons, and their potentials step by step, by the equations of A. Cassidy et al.,
Cognitive computing building block (IJCNN 2013): synapses by the type of their axon, plain or stochastic, leak, leak reversal, thresholds,
resets. Only what is drawn comes from docs/arithmetic.md: which draw it is."""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "witness"))
import draws  # noqa: E402

INPUTS, RELAYS, NEURONS = 30, 20, 24
STOCHASTIC = (2, 3)  # types of axons
IN, RELAY, L = 0, 1, 2  # streams


def random_network(r):
    def number(low, high):
        return int(r.integers(low, high + 1))

    def some():
        return number(1, 255) * (1 if r.random() < 0.65 else -1)

    net = {"s": [[some() for _ in range(4)] for _ in range(NEURONS)],
           "alpha": [number(60, 400) for _ in range(NEURONS)], "beta": number(0, 300), "kappa": number(0, 1), "gamma": number(0, 2),
           "R": number(-30, 30), "lambda": number(-20, 20) or 5, "epsilon": number(0, 1), "c": number(0, 1), "axons": []}
    if net["c"]:
        net["leak"] = abs(net["lambda"]) * 12
        net["lambda"] = 1 if net["lambda"] > 0 else -1
    net["mask"] = number(1, 7) if net["kappa"] and r.random() < 0.6 else 0
    for group, size in (("in", INPUTS), ("relay", RELAYS)):
        for i in range(size):
            net["axons"].append((group, i, number(0, 3), number(1, 15), [j for j in range(NEURONS) if r.random() < 0.5]))
    return net


def write(path, net):
    def rows(group, stochastic):
        return ", ".join(f"[{i}, {j}, {net['s'][j][t] / (256 if stochastic else 1)!r}, {d}]"
                         for g, i, t, d, to in net["axons"] if g == group and (t in STOCHASTIC) == stochastic for j in to)

    projections = [f"  - {{ from: {g}, to: L, kind: {'stochastic' if k else 'signal'}, policy: list, synapses: [{rows(g, k)}] }}"
                   for g in ("in", "relay") for k in (False, True)]
    with open(path, "w", encoding="utf-8") as f:
        f.write(f"""network: truenorth
presentation: {{ picture: 1000, reset: false }}
receptors: {{ in: {{ size: {INPUTS}, encoder: spikes }} }}
populations:
  relay: {{ columns: {RELAYS}, scale: 1, neuron: {{ model: grid, threshold: 1 }} }}
  L:
    columns: {NEURONS}
    scale: 1
    neuron: {{ model: grid, threshold: {net["alpha"]}, leak_add: {net["lambda"]}, leak_sign: {"follows" if net["epsilon"] else "fixed"},
              leak_chance: {net["leak"] / 256 if net["c"] else 1!r}, noise: {1 << net["mask"] if net["mask"] else 0}, floor: {-net["beta"]},
              below: {"saturate" if net["kappa"] else "reset"}, reset: {("zero", "subtract", "none")[net["gamma"]]},
              reset_value: {net["R"] if net["gamma"] == 0 else 0} }}
projections:
  - {{ from: in, to: relay, policy: list, synapses: [{", ".join(f"[{i}, {i}, 1, 1]" for i in range(RELAYS))}] }}
{chr(10).join(projections)}
readout: {{ population: L }}
""")


def run(net, inputs, seed):
    """V after each step, spikes, and how many stochastic synapses had an event and how many of them added."""
    ticks = len(inputs)
    V = [0] * NEURONS
    said = {"in": inputs, "relay": [[False] * RELAYS] + [row[:RELAYS] for row in inputs[:-1]]}
    number = {(g, k): 1 + n for n, (g, k) in enumerate((g, k) for g in ("in", "relay") for k in (False, True))}
    trace, spikes, events, added = [], [], 0, 0
    for t in range(ticks):
        of_tick = draws.key_of(seed, L, 7, t)
        for g, i, kind, d, to in net["axons"]:
            if t < d or not said[g][t - d][i]:
                continue
            key = of_tick
            for index in (number[g, kind in STOCHASTIC], i, 0):
                key = draws.step(key, index)
            for j in to:
                s = net["s"][j][kind]
                if kind in STOCHASTIC:
                    rho = 1 + (draws.draw16(key, j) >> 8)
                    events += 1
                    s = (abs(s) >= rho) * (1 if s > 0 else -1)
                    added += s != 0
                V[j] += s
        noise, fired = draws.key_of(seed, L, 0, t), set()
        for j in range(NEURONS):
            draw = draws.draw16(noise, j) if net["c"] or net["mask"] else 0
            omega = (V[j] > 0) - (V[j] < 0) if net["epsilon"] else 1
            leaks = not net["c"] or (draw & 255) << 8 | draw >> 8 < net["leak"] * 256
            V[j] += omega * net["lambda"] * leaks
            eta, alpha, beta = draw >> 16 - net["mask"], net["alpha"][j], net["beta"]
            if V[j] >= alpha + eta:
                fired.add(j)
                V[j] = (net["R"], V[j] - alpha - eta, V[j])[net["gamma"]]
            elif V[j] < -beta:
                V[j] = -beta if net["kappa"] else (-net["R"], V[j] + beta, V[j])[net["gamma"]]
        trace.append(list(V))
        spikes.append(fired)
    return trace, spikes, events, added
