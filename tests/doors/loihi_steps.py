"""loihi_steps.py - random networks of Loihi's neurons, and their currents and potentials step by step, by the bit-accurate equations that
netlists/fabrics/loihi-1.yaml gives: integers of any size, wrapped and cut where the chip does."""

INPUTS, NEURONS = 20, 12


def towards_0(x, keep):
    return x * keep >> 12 if x >= 0 else -(-x * keep >> 12)


def random_network(r, strong):
    """strong: currents that leak little and weights of one sign, so that both ends are passed."""
    def number(low, high):
        return int(r.integers(low, high + 1))

    exponents = {"in": 3 if strong else number(0, 3), "rec": number(-6, 3)}
    net = {"du": [number(0, 9 if strong else 4095)], "dv": [number(0, 99 if strong else 4095)], "vth": number(1, 3000), "bias": [number(-4096, 4095) << number(0, 4) for _ in range(NEURONS)],
           "refractory": number(0, 3), "synapses": []}
    sign = number(0, 1) if strong else None
    for group, size in (("in", INPUTS), ("rec", NEURONS)):
        for i in range(size):
            for j in range(NEURONS):
                if r.random() < 0.6:
                    net["synapses"].append((group, i, j, (number(-255, 255) if sign is None else number(100, 255) * (1 - 2 * sign)) << max(0, exponents[group]), number(1, 6)))
    return net


def write(path, net):
    def rows(group):
        return ", ".join(f"[{i}, {j}, {64 * w}, {d}]" for g, i, j, w, d in net["synapses"] if g == group)

    with open(path, "w", encoding="utf-8") as f:
        f.write(f"""network: loihi
presentation: {{ picture: 1000, reset: false }}
receptors: {{ in: {{ size: {INPUTS}, encoder: spikes }} }}
populations:
  L:
    columns: {NEURONS}
    scale: 1
    neuron: {{ model: cuba, threshold: {64 * net["vth"] + 1}, decay: {(net["du"][0] + 1) / 4096!r}, leak: {net["dv"][0] / 4096!r}, gain: 1, bias: {net["bias"]},
              refractory: {net["refractory"]}, when_shut: zero }}
projections:
  - {{ from: in, to: L, policy: list, synapses: [{rows("in")}] }}
  - {{ from: L, to: L, policy: list, synapses: [{rows("rec")}] }}
readout: {{ population: L }}
""")


def run(net, inputs):
    """u and v after each step, spikes, and how often a current wrapped or a potential was cut."""
    ticks, top = len(inputs), (1 << 23) - 1
    u, v, shut = [0] * NEURONS, [0] * NEURONS, [0] * NEURONS
    arrives = [[0] * NEURONS for _ in range(ticks + 64)]
    trace, spikes, bent = [], [], 0
    for t in range(ticks):
        fired = []
        for k in range(NEURONS):
            current = towards_0(u[k], 4095 - net["du"][0]) + 64 * arrives[t][k]
            u[k] = (current + (1 << 23)) % (1 << 24) - (1 << 23)
            bent += u[k] != current
            if shut[k]:
                shut[k] -= 1
                v[k] = 0
                continue
            sum_ = towards_0(v[k], 4096 - net["dv"][0]) + u[k] + net["bias"][k]
            v[k] = max(-top, min(top, sum_))
            bent += v[k] != sum_
            if v[k] > 64 * net["vth"]:
                fired.append(k)
                v[k], shut[k] = 0, net["refractory"]
        trace.append((list(u), list(v)))
        spikes.append(set(fired))
        for group, i, j, w, d in net["synapses"]:
            if inputs[t][i] if group == "in" else i in fired:
                arrives[t + d][j] += w
    return trace, spikes, bent
