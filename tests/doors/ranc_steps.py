"""ranc_steps.py - random RANC networks, their files, and what a grid of RANC cores does with them, tick by tick.

Of the description in docs/formats.md: in a tick a neuron adds, in nine bits that wrap, its weight of the type of each axon that is on and
that it hears, then its leak; it spikes at its threshold, else it may have passed the one below. What it sends with tick k is there k + 1
ticks later. The bus shows a tick later what it was sent."""
import json
import os

AXONS, NEURONS, WIDE, HIGH = 12, 10, 3, 2


def wrap(x):
    return (x + 256) % 512 - 256


def random_network(r, wide=False):
    """Each axon has one source: a neuron, or packets."""
    def number(low, high):
        return int(r.integers(low, high + 1))

    bus = (WIDE - 1, HIGH - 1)
    free = {(x, y): [int(a) for a in r.permutation(AXONS)] for x in range(WIDE) for y in range(HIGH) if (x, y) != bus}
    inputs = [(c, free[c].pop()) for c in free for _ in range(4)]
    cores, outputs, top = [], 0, 255 if wide else 120
    for x, y in list(free):
        neurons, rows = [], []
        for _ in range(NEURONS):
            open_cores = [c for c in free if free[c]]
            if open_cores and r.random() < 0.7:
                to = open_cores[number(0, len(open_cores) - 1)]
                axon = free[to].pop()
            else:
                to, axon, outputs = bus, outputs % 16, outputs + 1  # some share a line of the bus
            neurons.append({"reset_potential": number(-20, 20), "weights": [number(-top, top) for _ in range(4)], "leak": number(-9, 9),
                            "positive_threshold": number(0, 150), "negative_threshold": -number(0, 150),
                            "destination_core_offset": [to[0] - x, to[1] - y], "destination_axon": axon, "destination_tick": number(0, 5),
                            "current_potential": number(-50, 50), "reset_mode": number(0, 1)})
            rows.append([number(0, 1) for _ in range(AXONS)])
        cores.append({"coordinates": [x, y], "axons": [number(0, 3) for _ in range(AXONS)], "neurons": neurons, "connections": rows})
    packets = [[{"destination_core": list(c), "destination_axon": a, "destination_tick": number(0, 3)} for c, a in inputs if r.random() < 0.3]
               for _ in range(60)]
    return {"cores": cores, "output_bus": {"coordinates": list(bus), "num_outputs": min(outputs, 16)}, "packets": packets}


def write_json(folder, net, symmetric):
    with open(os.path.join(folder, "input.json"), "w", encoding="utf-8") as f:
        json.dump(net, f)
    with open(os.path.join(folder, "config.json"), "w", encoding="utf-8") as f:
        json.dump({"num_neurons": NEURONS, "num_axons": AXONS, "num_cores_x": WIDE, "num_cores_y": HIGH, "num_weights": 4,
                   "max_tick_offset": 16, "neuron_reset_type": int(symmetric)}, f)
    return os.path.join(folder, "input.json")


def write_mem(folder, net):
    """As the Verilog reads them: most significant first, a core a pair of files."""
    def bits(x, n):
        return format(x % (1 << n), f"0{n}b")

    for core in net["cores"]:
        number = core["coordinates"][0] + core["coordinates"][1] * WIDE
        with open(os.path.join(folder, f"csram_{number:03}.mem"), "w", encoding="utf-8") as f:
            print("/* a core */", file=f)
            for n, row in zip(core["neurons"], core["connections"]):
                print("".join(str(b) for b in reversed(row)) + bits(n["current_potential"], 9) + bits(n["reset_potential"], 9)
                      + "".join(bits(w, 9) for w in n["weights"]) + bits(n["leak"], 9) + bits(n["positive_threshold"], 9)
                      + bits(n["negative_threshold"], 9) + str(n["reset_mode"]) + bits(n["destination_core_offset"][0], 9)
                      + bits(n["destination_core_offset"][1], 9) + bits(n["destination_axon"], 4) + bits(n["destination_tick"], 4), file=f)
        with open(os.path.join(folder, f"tc_{number:03}.mem"), "w", encoding="utf-8") as f:
            for kind in core["axons"]:
                print(bits(kind, 2), file=f)
    with open(os.path.join(folder, "tb_input.txt"), "w", encoding="utf-8") as f, \
            open(os.path.join(folder, "tb_num_inputs.txt"), "w", encoding="utf-8") as counts:
        for packets in net["packets"]:
            print(len(packets), file=counts)
            for p in packets:
                print(bits(p["destination_core"][0], 9) + bits(p["destination_core"][1], 9) + bits(p["destination_axon"], 4)
                      + bits(p["destination_tick"], 4), file=f)
    return os.path.join(folder, "csram_000.mem")


def run(net, symmetric, ticks):
    """The set of the bus's lines in each tick from 0 on (nothing happens in tick 0), and how many sums wrapped."""
    where = {tuple(c["coordinates"]): c for c in net["cores"]}
    bus = tuple(net["output_bus"]["coordinates"])
    on = [{c: set() for c in where} for _ in range(ticks + 300)]
    sent = [set() for _ in range(ticks + 2)]
    potential = {c: [n["current_potential"] for n in core["neurons"]] for c, core in where.items()}
    for t, packets in enumerate(net["packets"]):
        for p in packets:
            on[t + 1 + p["destination_tick"]][tuple(p["destination_core"])].add(p["destination_axon"])
    crossed = 0
    for t in range(1, ticks):
        for c, core in where.items():
            for i, (n, row) in enumerate(zip(core["neurons"], core["connections"])):
                v = potential[c][i]
                for axon in sorted(on[t][c]):
                    if row[axon]:
                        v = v + n["weights"][core["axons"][axon]]
                        crossed += v != wrap(v)
                        v = wrap(v)
                v = wrap(v + n["leak"])
                low = n["negative_threshold"]
                if v >= n["positive_threshold"]:
                    to = (c[0] + n["destination_core_offset"][0], c[1] + n["destination_core_offset"][1])
                    if to == bus:
                        sent[t + 1].add(n["destination_axon"])
                    else:
                        on[t + 1 + n["destination_tick"]][to].add(n["destination_axon"])
                    v = n["reset_potential"] if n["reset_mode"] == 0 else v - n["positive_threshold"]
                elif v < low or symmetric and v == low:
                    v = wrap(-n["reset_potential"]) if n["reset_mode"] == 0 else wrap(v - low)
                potential[c][i] = v
    return sent[:ticks], crossed
