"""nir_float.py - NIR graphs in floating point, straight from the specification's equations, and random ones to try.

A step is dt. A node's output of a step follows from its inputs of the same step; an edge that closes a cycle brings the step before.
Neurons by forward Euler: v += dt/tau (v_leak - v + R I), a spike where v > v_threshold. A node begins `early` steps before step 0,
with whatever its bias does then: so does a population that is that many ticks behind the input."""
import numpy as np


def conv2d(x, w, bias, stride, padding, dilation, groups):
    out_channels, per, kh, kw = w.shape
    if isinstance(padding, str) and padding == "same":
        ph, pw = dilation[0] * (kh - 1), dilation[1] * (kw - 1)
        x = np.pad(x, ((0, 0), (ph // 2, ph - ph // 2), (pw // 2, pw - pw // 2)))
    elif not isinstance(padding, str):
        x = np.pad(x, ((0, 0), (padding[0],) * 2, (padding[1],) * 2))
    h = (x.shape[1] - dilation[0] * (kh - 1) - 1) // stride[0] + 1
    v = (x.shape[2] - dilation[1] * (kw - 1) - 1) // stride[1] + 1
    y = np.zeros((out_channels, h, v))
    for o in range(out_channels):
        first = o // (out_channels // groups) * per
        for i in range(h):
            for j in range(v):
                r, c = i * stride[0], j * stride[1]
                seen = x[first:first + per, r:r + dilation[0] * (kh - 1) + 1:dilation[0],
                         c:c + dilation[1] * (kw - 1) + 1:dilation[1]]
                y[o, i, j] = (seen * w[o]).sum() + bias[o]
    return y


def pool(x, n, average):
    k, s, p = (np.asarray(n[key], int) for key in ("kernel_size", "stride", "padding"))
    ones = np.ones((x.shape[0], 1, k[0], k[1]))
    y = conv2d(x, ones, np.zeros(x.shape[0]), s, p, (1, 1), x.shape[0])
    return y / (k[0] * k[1]) if average else y


def pass_on(n, x):
    t = n["type"]
    if t in ("Affine", "Linear"):
        return np.asarray(n["weight"], float) @ x.reshape(-1) + n.get("bias", 0)
    if t == "Scale":
        return x * np.asarray(n["scale"], float).reshape(x.shape)
    if t == "Conv2d":
        return conv2d(x, n["weight"], n["bias"], n["stride"], n["padding"], n["dilation"], int(n["groups"]))
    if t == "Conv1d":
        p = n["padding"]
        return conv2d(x[:, None], n["weight"][:, :, None], n["bias"], (1, int(n["stride"])),
                      p if isinstance(p, str) else (0, int(p)), (1, int(n["dilation"])), int(n["groups"]))[:, 0]
    if t in ("SumPool2d", "AvgPool2d"):
        return pool(x, n, t == "AvgPool2d")
    if t == "Flatten":
        return x.reshape(-1)
    return x


class Neuron:
    def __init__(self, n, dt, subtract):
        self.n, self.dt, self.subtract = n, dt, subtract
        self.v = self.i = 0.0

    def step(self, x):
        n, dt = self.n, self.dt
        g = lambda key, default=0.0: np.asarray(n.get(key, default), float)
        if n["type"] == "Threshold":
            return (x > g("threshold")).astype(float)
        if n["type"] == "IF":
            self.v = self.v + dt * g("r") * x
        elif n["type"] == "LIF":
            self.v = self.v + dt / g("tau") * (g("v_leak") - self.v + g("r") * x)
        else:
            self.i = self.i + dt / g("tau_syn") * (g("w_in", 1.0) * x - self.i)
            self.v = self.v + dt / g("tau_mem") * (g("v_leak") - self.v + g("r") * self.i)
        z = (self.v > g("v_threshold")).astype(float)
        self.v = self.v - z * g("v_threshold") if self.subtract else np.where(z > 0, g("v_reset"), self.v)
        return z


def order_of(nodes, edges, late):
    """Nodes behind what they take from, over edges that bring the same step."""
    left, done = dict.fromkeys(nodes), []
    while left:
        for name in left:
            if all(a in done for a, b in edges if b == name and (a, b) not in late):
                done.append(name)
                del left[name]
                break
        else:
            raise ValueError("a cycle")
    return done


def simulate(nodes, edges, late, inputs, dt, subtract=False, early=None):
    """Spikes of each neuron node, [steps, elements]; inputs: [steps, ...] of the node 'in'; early: steps before 0 by node."""
    early = early or {}
    first, steps = -max(early.values(), default=0), len(inputs)
    neurons = {k: Neuron(n, dt, subtract) for k, n in nodes.items() if n["type"] in ("IF", "LIF", "CubaLIF", "Threshold")}
    shape, before, out, held = {}, {}, {k: [] for k in neurons}, {k: [] for k, n in nodes.items() if n["type"] == "Delay"}
    order = order_of(nodes, edges, late)
    for t in range(first, steps):
        now = {}
        for name in order:
            n = nodes[name]
            if n["type"] == "Input":
                now[name] = inputs[t] if t >= 0 else np.zeros_like(inputs[0])
                continue
            terms = [(before.get(a) if (a, name) in late else now[a]) for a, b in edges if b == name]
            terms = [x for x in terms if x is not None]
            x = sum(x.reshape(-1) if n["type"] in ("Output",) else x for x in terms) if terms else None
            if name in neurons:
                if t < -early.get(name, 0):
                    now[name] = np.zeros(np.shape(n.get("v_threshold", n.get("threshold"))))
                else:
                    now[name] = neurons[name].step(0.0 if x is None else x.reshape(np.shape(n.get("v_threshold", n.get("threshold")))))
                if t >= 0:
                    out[name].append(now[name].reshape(-1))
            elif n["type"] == "Delay":
                held[name].append(x.reshape(-1))
                ticks = np.rint(np.asarray(n["delay"], float).reshape(-1) / dt).astype(int)
                at = len(held[name]) - 1 - ticks
                y = [held[name][a][i] if a >= 0 else 0.0 for i, a in enumerate(at)]
                now[name] = np.array(y).reshape(x.shape)
            else:
                now[name] = pass_on(n, x)
        before = now
    return {k: np.array(v) for k, v in out.items()}


def parts(r, shape, denominator, low, high):
    """Whole multiples of 1/denominator: sums of them are exact in either arithmetic."""
    return r.integers(low, high + 1, shape) / denominator


def neuron(r, kind, shape, dt, exact):
    full = lambda x: np.full(shape, float(x))
    if kind == "Threshold":
        return {"type": kind, "threshold": full(0.75)}
    n = {"type": kind, "v_threshold": full(1.0 if exact else 1.015625 + 1 / 177)}
    if kind == "IF":
        n["r"] = parts(r, shape, 2, 1, 2) / dt
    if kind == "LIF":
        n.update(tau=full(dt * float(r.choice([2, 4, 8]))), r=full(float(r.choice([2, 4]))), v_leak=parts(r, shape, 8, -1, 1))
    if kind == "CubaLIF":
        n.update(tau_syn=full(dt * float(r.choice([2, 4]))), tau_mem=full(dt * float(r.choice([4, 8]))),
                 r=full(8.0), v_leak=full(0.0), w_in=full(float(r.choice([1, 2]))))
    if r.random() < 0.5:
        n["v_reset"] = parts(r, shape, 8, -2, 1)
    return n


def random_graph(seed, exact):
    """Nodes, edges, the edges that close cycles; exact: nothing that rounds."""
    r = np.random.default_rng(seed)
    dt = 2.0 ** -10
    kinds = ["IF", "Threshold"] if exact else ["LIF", "CubaLIF", "LIF", "IF"]
    side = int(r.integers(4, 8))
    shape = (int(r.integers(1, 3)), side, side)
    nodes, edges, late, at = {"in": {"type": "Input", "shape": np.array(shape)}}, [], set(), "in"

    def add(name, n):
        nonlocal at
        nodes[name] = n
        edges.append((at, name))
        at = name

    if r.random() < 0.7:
        groups = int(r.choice([1, shape[0]]))
        out = groups * int(r.integers(1, 3))
        same = r.random() < 0.3
        stride = (1, 1) if same else (int(r.integers(1, 3)), 1)
        k = int(r.integers(1, 4))
        add("conv", {"type": "Conv2d", "weight": parts(r, (out, shape[0] // groups, k, 2), 16, -8, 16),
                     "bias": parts(r, out, 32, -1, 1), "stride": np.array(stride),
                     "padding": "same" if same else np.array([int(r.integers(0, 2)), 1]),
                     "dilation": np.array([1, 1 if same else int(r.integers(1, 3))]), "groups": np.array(groups)})
        y = pass_on(nodes["conv"], np.zeros(shape))
        shape = y.shape
        add("c-n", neuron(r, str(r.choice(kinds)), shape, dt, exact))
    if r.random() < 0.6 and min(shape[1:]) >= 2:
        k = np.array([2, 2])
        add("pool", {"type": str(r.choice(["SumPool2d", "AvgPool2d"])), "kernel_size": k, "stride": k, "padding": np.array([0, 1])})
        shape = pass_on(nodes["pool"], np.zeros(shape)).shape
    if r.random() < 0.4:
        ticks = r.integers(0, 4, shape)
        add("delay", {"type": "Delay", "delay": ticks * dt})
    add("flat", {"type": "Flatten", "start_dim": np.array(0), "end_dim": np.array(-1), "input_type": np.array(shape)})
    size, wide = int(np.prod(shape)), int(r.integers(3, 12))
    if r.random() < 0.3:
        add("scale", {"type": "Scale", "scale": parts(r, size, 4, 1, 4)})
    add("1", {"type": "Affine", "weight": parts(r, (wide, size), 16, -4, 8), "bias": parts(r, wide, 64, -1, 1)})
    add("lif.1", neuron(r, str(r.choice(kinds)), wide, dt, exact))
    if r.random() < 0.7:
        nodes["lif.1.w_rec"] = {"type": "Linear", "weight": parts(r, (wide, wide), 16, -8, 4)}
        edges.extend([("lif.1", "lif.1.w_rec"), ("lif.1.w_rec", "lif.1")])
        late.add(("lif.1.w_rec", "lif.1"))
    if r.random() < 0.5:
        nodes["skip"] = {"type": "Linear", "weight": parts(r, (4, wide), 16, -8, 16)}
        edges.append((at, "skip"))
        add("2", {"type": "Linear", "weight": parts(r, (4, wide), 16, -8, 16)})
        add("mid", neuron(r, str(r.choice(kinds)), 4, dt, exact))
        nodes["end"] = neuron(r, kinds[0], 4, dt, exact)
        edges.extend([("mid", "end"), ("skip", "end")])
        at, wide = "end", 4
    for a, b in edges:  # a constant current settles in NIR, and is settled from the beginning here
        if nodes[b]["type"] == "CubaLIF" and "bias" in nodes[a]:
            nodes[a]["bias"] = nodes[a]["bias"] * 0
    nodes["out"] = {"type": "Output", "shape": np.array([wide])}
    edges.append((at, "out"))
    return nodes, edges, late, dt
