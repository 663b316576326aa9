"""odin_steps.py - random networks of ODIN's leaky neurons that learn by its SDSP, tick by tick: potentials of eight bits, calcium of three, its
counter of leaks, weights of three bits (C. Frenkel et al. 2019, and the chip's lif_calcium.v, lif_neuron_state.v and sdsp_update.v), with the
events of a tick taken together."""

INPUTS, TEACHERS, NEURONS = 40, 12, 12


def random_network(r):
    def number(low, high):
        return int(r.integers(low, high + 1))

    theta = sorted(number(0, 7) for _ in range(3))
    return {"thr": number(40, 200), "leak": number(1, 20), "theta_m": number(10, 120), "theta": (theta[0], theta[1], theta[2] + 1),
            "caleak": number(1, 31), "start": number(0, 7), "mapped": int(r.random() < 0.9),
            "teach": [(i, j, number(-7, 7)) for i in range(TEACHERS) for j in range(NEURONS) if r.random() < 0.4]}


def write(path, net):
    teach = ", ".join(f"[{i}, {j}, {w}]" for i, j, w in net["teach"])
    with open(path, "w", encoding="utf-8") as f:
        f.write(f"""network: odin
presentation: {{ picture: 1000, reset: false }}
receptors:
  in: {{ size: {INPUTS}, encoder: spikes }}
  teach: {{ size: {TEACHERS}, encoder: spikes }}
populations:
  L: {{ columns: {NEURONS}, scale: 1, neuron: {{ model: grid, threshold: {net["thr"]}, leak_add: {-net["leak"]}, floor: 0 }} }}
projections:
  - from: in
    to: L
    policy: all-to-all
    plasticity: {{ rule: sdsp, theta_m: {net["theta_m"]}, theta_1: {net["theta"][0]}, theta_2: {net["theta"][1]}, theta_3: {net["theta"][2]},
                  leak: {net["caleak"]}, start: {net["start"]}, mapped: {net["mapped"]} }}
  - {{ from: teach, to: L, policy: list, synapses: [{teach}] }}
readout: {{ population: L }}
""")


def run(net, inputs, teach):
    """V after each tick, spikes, and how often a weight rose and fell."""
    V, ca, spikes, trace, moved, count = [0] * NEURONS, [0] * NEURONS, [], [], [0, 0], 0
    w = [[net["start"]] * NEURONS for _ in range(INPUTS)]
    one, two, three = net["theta"]
    for t in range(len(inputs)):
        if t:
            count += 1
            if count == net["caleak"]:
                count, ca = 0, [max(0, c - 1) for c in ca]
        up = [V[j] >= net["theta_m"] and one <= ca[j] < three for j in range(NEURONS)]
        down = [V[j] < net["theta_m"] and one <= ca[j] < two for j in range(NEURONS)]
        total, fired = [0] * NEURONS, set()
        for i in range(INPUTS):
            for j in range(NEURONS) if t and inputs[t - 1][i] else ():
                total[j] += w[i][j]
                if net["mapped"] and up[j] and w[i][j] < 7:
                    w[i][j] += 1
                    moved[0] += 1
                elif net["mapped"] and down[j] and w[i][j] > 0:
                    w[i][j] -= 1
                    moved[1] += 1
        for i, j, weight in net["teach"]:
            total[j] += weight * (t > 0 and bool(teach[t - 1][i]))
        for j in range(NEURONS):
            V[j] = max(0, min(255, V[j] + total[j] - net["leak"]))
            if V[j] >= net["thr"]:
                fired.add(j)
                V[j], ca[j] = 0, min(7, ca[j] + 1)
        trace.append(list(V))
        spikes.append(fired)
    return trace, spikes, moved
