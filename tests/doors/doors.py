#!/usr/bin/python3
"""doors.py - networks of other formats, through the command, against what these formats say they do. Closes as cmocka does.

NIR: random graphs are written with h5py as the nir package writes them, run in floating point (nir_float.py), imported, compiled and
run on their input; spikes must be the same, tick for tick. (Debian's Python: h5py and NumPy are its packages.)"""
import ctypes
import json
import os
import struct
import subprocess
import sys
import tempfile
import zlib

import h5py
import jsonschema
import numpy as np

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import loihi_steps  # noqa: E402
import make_sonata  # noqa: E402
import nest_float  # noqa: E402
import nir_float  # noqa: E402
import nnc_steps  # noqa: E402
import odin_steps  # noqa: E402
import ranc_steps  # noqa: E402
import truenorth_steps  # noqa: E402

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
STOA = os.path.join(ROOT, os.environ.get("STOA", "build/release/stoa"))
FABRIC = """fabric: plain
mesh: { width: 4, height: 4 }
core: { neurons: 512, axons: 4096, weight_bits: 16, membrane_bits: 24, shift_max: 2, delay_slots: 256 }
supports: { models: [lif, cuba, grid], kinds: [signal] }
"""


def stoa(*words, code=0):
    p = subprocess.run([STOA, *map(str, words)], capture_output=True, text=True, check=False)
    if p.returncode != code:
        raise AssertionError(f"stoa {' '.join(map(str, words))}: {p.returncode}, not {code}\n{p.stderr}")
    return p


def verdicts(*words, code=0):
    """What a command says with --json, held against the schema."""
    with open(os.path.join(ROOT, "docs/json.schema.json"), encoding="utf-8") as f:
        schema = json.load(f)
    said = json.loads(stoa(*words, "--json", code=code).stdout)
    jsonschema.validate(said, {"$schema": schema["$schema"], "$defs": schema["$defs"], "$ref": "#/$defs/verdicts"})
    assert said["whole"] == (code == 0) and len(said["verdicts"]) == said["exact"] + said["approximated"] + said["refused"]
    return said


def write_nir(path, nodes, edges, gzip=False):
    """As nir.write does: everything a dataset, strings of variable length."""
    with h5py.File(path, "w") as f:
        f["version"] = "1.0.7"
        root = f.create_group("node")
        root["type"] = "NIRGraph"
        root.create_dataset("edges", data=np.array(edges, dtype=object), dtype=h5py.string_dtype())
        for name, n in nodes.items():
            g = root.create_group(f"nodes/{name}")
            for key, value in n.items():
                array = isinstance(value, np.ndarray) and value.ndim > 0
                g.create_dataset(key, data=value, **({"compression": "gzip"} if gzip and array else {}))


def spikes_of(trace, sizes, steps):
    out = {k: np.zeros((steps, n)) for k, n in sizes.items()}
    for line in trace.splitlines():
        word = line.split()
        if len(word) == 5 and word[3] == "spike" and word[1] in out and int(word[0]) < steps:
            out[word[1]][int(word[0]), int(word[2])] = 1
    return out


def own_name(name):
    return name if name[0].isalpha() else "n" + name


def run_nir(folder, seed, exact, steps=60):
    """How many spikes there are, and how many differ."""
    nodes, edges, late, dt = nir_float.random_graph(seed, exact)
    r = np.random.default_rng(seed + 1)
    shape = tuple(nodes["in"]["shape"])
    inputs = (r.random((steps, *shape)) < 0.25).astype(float)
    path = os.path.join(folder, f"g{seed}.nir")
    write_nir(path, nodes, edges, gzip=seed % 2 == 0)
    said = verdicts("import", path, "--set", f"dt={dt}", "-o", os.path.join(folder, "net.yaml"))
    level = {v["node"]: int(v["note"].split("+")[1]) for v in said["verdicts"] if v["parameter"] == "time"}
    neurons = [k for k, n in nodes.items() if n["type"] in ("IF", "LIF", "CubaLIF", "Threshold")]
    if "delay" not in nodes:
        longest = nir_float.levels_of(nodes, edges, late)
        assert all(level[k] == longest[k] for k in neurons), f"graph {seed} is later than its longest way"
    expected = nir_float.simulate(nodes, edges, late, inputs, dt, early={k: level[k] for k in neurons})
    image = os.path.join(folder, "net.img")
    with open(os.path.join(folder, "in.txt"), "w", encoding="utf-8") as f:
        for t, i in zip(*np.nonzero(inputs.reshape(steps, -1))):
            print(t, "in", i, file=f)
    # the file itself, and the network that was made of it
    traces = []
    for source in (path, os.path.join(folder, "net.yaml")):
        sets = ["--set", f"dt={dt}"] if source == path else []
        stoa("compile", source, *sets, "-f", os.path.join(folder, "plain.yaml"), "-o", image, "--effort", "0")
        traces.append(stoa("run", image, "--in", os.path.join(folder, "in.txt"), "--ticks", steps + 8, "--trace", "state").stdout)
    assert traces[0] == traces[1], "the imported file runs otherwise than the graph"
    # who is not read is seen by its reset only: potentials would do, the readout is what is compared
    read = [k for k in neurons if (k, "out") in edges][0]
    sizes = {own_name(read): expected[read].shape[1]}
    got = spikes_of(traces[0], sizes, steps + 8)[own_name(read)]
    got = got[level[read]:level[read] + steps - 8]
    want = expected[read][:len(got)]
    return int(want.sum()), int((got != want).sum())


def exact_graphs(folder):
    all_spikes = 0
    for seed in range(40):
        spikes, wrong = run_nir(folder, seed, True)
        assert wrong == 0, f"graph {seed}: {wrong} of {spikes} spikes differ"
        all_spikes += spikes
    assert all_spikes > 1000, all_spikes
    print(f"figure: NIR, graphs without leaks: {all_spikes} spikes of 40 random graphs, 0 differ from floating point")


def leaky_graphs(folder):
    spikes = wrong = 0
    for seed in range(100, 140):
        s, w = run_nir(folder, seed, False)
        spikes, wrong = spikes + s, wrong + w
    assert spikes > 1000 and wrong <= spikes * 0.01, f"{wrong} of {spikes} spikes differ"
    print(f"figure: NIR, graphs with leaks and currents: {spikes} spikes of 40 random graphs, {wrong} differ from floating point")


def said_in_json(folder):
    """Also of what is refused, and of what is written."""
    path = os.path.join(folder, "g.nir")
    nodes, edges, _, dt = nir_float.random_graph(1, True)
    nodes["lif.1"] = dict(nodes["lif.1"], v_threshold=-np.ones(nodes["1"]["bias"].shape), type="IF", r=np.ones(nodes["1"]["bias"].shape))
    nodes["lif.1"].pop("threshold", None)
    write_nir(path, nodes, edges)
    said = verdicts("import", path, "--set", f"dt={dt}", code=1)
    assert [v["parameter"] for v in said["verdicts"] if v["verdict"] == "refused"] == ["v_threshold"]
    network = os.path.join(ROOT, "netlists/networks/brunel-500.yaml")
    for words in (("--nir", os.path.join(folder, "b.nir")), ("--sonata", os.path.join(folder, "b"))):
        said = verdicts("export", network, *words, code=1)
        assert any("noise" == v["parameter"] or v["verdict"] == "refused" for v in said["verdicts"])
    assert not os.path.exists(os.path.join(folder, "b.nir")), "a graph that is refused was written"


def exported_graphs(folder):
    """A graph, imported, exported and imported again: the same potentials and spikes in every tick."""
    lines = 0
    for seed in (*range(200, 212), *range(300, 312)):
        nodes, edges, _, dt = nir_float.random_graph(seed, seed < 300)
        inputs = np.random.default_rng(seed).random((40, *nodes["in"]["shape"])) < 0.25
        path, traces = os.path.join(folder, "g.nir"), []
        write_nir(path, nodes, edges)
        with open(os.path.join(folder, "in.txt"), "w", encoding="utf-8") as f:
            for t, i in zip(*np.nonzero(inputs.reshape(40, -1))):
                print(t, "in", i, file=f)
        for n in range(3):
            net, image = os.path.join(folder, f"{n}.yaml"), os.path.join(folder, "g.img")
            stoa("import", path, "--set", f"dt={dt}", "-o", net)
            stoa("compile", net, "-f", os.path.join(folder, "plain.yaml"), "-o", image, "--effort", "0")
            trace = stoa("run", image, "--in", os.path.join(folder, "in.txt"), "--ticks", 40, "--trace", "state").stdout
            traces.append(sorted(trace.splitlines()))
            path = os.path.join(folder, f"{n}.nir")
            stoa("export", net, "--nir", path, "--dt", dt)
        assert traces[0] == traces[1] == traces[2], f"graph {seed} is another one after it was exported"
        lines += len(traces[0])
    print(f"figure: NIR, exported and imported again: {lines} potentials and spikes of 24 graphs, 0 differ")


def sonata_circuit(folder, seed):
    """A random circuit of three kinds of neurons, and its spikes in floating point, as NEST and NEURON have their equations."""
    r = np.random.default_rng(seed)
    dt, steps, n = 0.5, 200, 36
    net, cells = os.path.join(folder, "network"), os.path.join(folder, "cells")
    os.makedirs(net, exist_ok=True)
    os.makedirs(cells, exist_ok=True)
    exp = {"tau_m": 10.0, "C_m": 250.0, "V_th": -55.0, "E_L": -70.0, "V_reset": -72.0, "t_ref": 2.0, "tau_syn_ex": 2.0, "tau_syn_in": 4.0,
           "I_e": 100.0}
    delta = {"tau_m": 20.0, "C_m": 200.0, "V_th": -50.0, "E_L": -65.0, "V_reset": -65.0, "t_ref": 1.0}
    fire = {"tau": 0.024, "refrac": 0.003}
    for name, what in (("exp", exp), ("delta", delta), ("fire", fire)):
        with open(os.path.join(cells, name + ".json"), "w", encoding="utf-8") as f:
            json.dump(what, f)
    tables = {"in_node_types": "node_type_id model_type\n7 virtual\n",
              "cells_node_types": "node_type_id \"model_type\" model_template dynamics_params label\n"
                                  "3 point_process nest:iaf_psc_exp exp.json 'a b'\n1 point_process nest:iaf_psc_delta delta.json x\n"
                                  "2 point_process nrn:IntFire1 fire.json NULL\n",
              "all_edge_types": "edge_type_id model_template delay nsyns\n3 static_synapse 1.0 NULL\n4 static_synapse 2.5 2\n",
              "in_edge_types": "edge_type_id model_template syn_weight delay\n3 static_synapse 1.0 NULL\n"}
    for name, text in tables.items():
        with open(os.path.join(net, name + ".csv"), "w", encoding="utf-8") as f:
            f.write(text)
    kinds = r.permutation(np.repeat([3, 1, 2], n // 3))
    v_th = np.where(kinds == 3, -55.0, -50.0) + r.integers(-8, 8, n) / 16
    make_sonata.write_nodes(os.path.join(net, "in_nodes.h5"), "in", np.full(12, 7))
    make_sonata.write_nodes(os.path.join(net, "cells_nodes.h5"), "cells", kinds, V_th=v_th)
    unit = {3: 80.0, 1: 2.0, 2: 0.2}
    weigh = lambda to: np.array([unit[k] for k in kinds[to]]) * r.normal(1, 1, len(to))
    # pairs that are there twice, with one delay or several
    source, target = r.integers(0, n, 240), r.integers(0, n, 240)
    source[:20], target[:20] = source[20:40], target[20:40]
    types = r.choice([3, 4], 240)
    weight, delay = weigh(target), r.integers(1, 9, 240) * dt
    make_sonata.write_edges(os.path.join(net, "all_edges.h5"), "cells_to_cells", source, target, ("cells", "cells"), types, syn_weight=weight,
                            delay=delay)
    si, ti = r.integers(0, 12, 120), r.integers(0, n, 120)
    wi = np.abs(weigh(ti)) * 2
    make_sonata.write_edges(os.path.join(net, "in_edges.h5"), "in_to_cells", si, ti, ("in", "cells"), np.full(120, 3), syn_weight=wi)
    make_sonata.write_config(folder, ["in", "cells"], ["all", "in"], dt)
    inputs = r.random((steps, 12)) < 0.1
    with open(os.path.join(folder, "in.txt"), "w", encoding="utf-8") as f:
        for t, i in zip(*np.nonzero(inputs)):
            print(t, "in", i, file=f)
    params = [dict({3: exp, 1: delta, 2: fire}[k], V_th=v_th[i], kind={3: "exp", 1: "delta", 2: "fire"}[k]) for i, k in enumerate(kinds)]
    edges = [(s, t, w * (2 if k == 4 else 1), round(d / dt)) for s, t, w, d, k in zip(source, target, weight, delay, types)]
    spikes = nest_float.simulate(params, edges, list(zip(si, ti, wi, np.ones(120, int))), inputs, dt)
    return kinds, spikes, steps


def run_sonata(folder, source, steps):
    """Spikes of all populations, and the trace."""
    image = os.path.join(folder, "s.img")
    stoa("compile", source, "-f", os.path.join(os.path.dirname(folder), "plain.yaml"), "-o", image, "--effort", "0")
    return stoa("run", image, "--in", os.path.join(folder, "in.txt"), "--ticks", steps, "--trace", "state").stdout


def sonata_circuits(folder):
    all_spikes = wrong = 0
    for seed in range(40):
        own = os.path.join(folder, str(seed))
        kinds, want, steps = sonata_circuit(own, seed)
        trace = run_sonata(own, os.path.join(own, "config.json"), steps)
        # the readout is the first kind's population; members by node id within it
        members = [np.nonzero(kinds == kinds[0])[0]]
        got = spikes_of(trace, {"cells": len(members[0])}, steps)["cells"]
        expected = want[:, members[0]]
        all_spikes += int(expected.sum())
        wrong += int((got[:len(want)] != expected).sum())
        # as a network of our own, exported, and imported again
        stoa("import", os.path.join(own, "config.json"), "-o", os.path.join(own, "net.yaml"))
        assert run_sonata(own, os.path.join(own, "net.yaml"), steps) == trace
        stoa("export", os.path.join(own, "net.yaml"), "--sonata", os.path.join(own, "out"), "--dt", "0.5")
        again = run_sonata(own, os.path.join(own, "out", "config.json"), steps)
        assert sorted(again.splitlines()) == sorted(trace.splitlines()), f"circuit {seed} is another one after it was exported"
    assert all_spikes > 500 and wrong == 0, f"{wrong} of {all_spikes} spikes differ"
    print(f"figure: SONATA: {all_spikes} spikes of 40 random circuits, {wrong} differ from floating point; exported and imported again, 0")


def knp_spikes(p, edges, inputs_edges, inputs):
    """KNP's AltAILIF: what arrives, the leak, which may follow the sign, then the thresholds."""
    steps, n = len(inputs), p["n"]
    v, arrives, out = np.zeros(n), np.zeros((steps + 16, n)), np.zeros((steps, n))
    for t in range(steps):
        v = np.where(p["forgets"], p["value"], v) + arrives[t]
        v = v + p["leak"] * np.where(p["follows"] & (v < 0), -1, 1)
        fired = v >= p["threshold"]
        out[t] = fired
        low = ~fired & (v <= -p["lowest"])
        v = np.where(fired, p["value"] if p["reset"] else v - p["threshold"] * p["diff"], v)
        v = np.where(low, -p["lowest"] if p["saturate"] else -p["value"] if p["reset"] else v + p["lowest"] * p["diff"], v)
        for table, says in ((edges, fired), (inputs_edges, inputs[t])):
            for s, target, w, d in table:
                if says[s]:
                    arrives[t + d, target] += w
    return out


def knp_networks(folder):
    spikes, steps, n = 0, 80, 20
    nil = "00000000-0000-0000-0000-000000000000"
    for seed in range(30):
        r = np.random.default_rng(seed)
        p = {"n": n, "leak": int(r.integers(-2, 2)), "threshold": int(r.integers(5, 12)), "reset": bool(r.random() < 0.5), "forgets": seed % 5 == 4,
             "value": int(r.integers(-3, 2)), "saturate": bool(r.random() < 0.5), "lowest": 6, "follows": bool(seed % 2), "diff": True}
        if seed % 7 == 3:
            p["diff"], p["lowest"] = p["reset"], 1 << 30  # some have no reset at all
        p["value"] *= p["reset"] or p["forgets"]
        own = os.path.join(folder, str(seed))
        os.makedirs(os.path.join(own, "network"))
        with open(os.path.join(own, "config.json"), "w", encoding="utf-8") as f:
            json.dump({"networks": ["network/network_config.json"]}, f)
        with h5py.File(os.path.join(own, "network", "populations.h5"), "w") as f:
            g = f.create_group("nodes/ab-cd")
            g["node_type_id"] = np.full(n, 102)
            for key, value in (("is_diff_", p["diff"] and not p["reset"]), ("is_reset_", p["reset"]), ("leak_rev_", p["follows"]), ("saturate_", p["saturate"]),
                               ("do_not_save_", p["forgets"]), ("activation_threshold_", p["threshold"]),
                               ("negative_activation_threshold_", p["lowest"]), ("potential_leak_", p["leak"]),
                               ("potential_reset_value_", p["value"])):
                g["0/" + key] = np.full(n, value)
        tables = []
        with h5py.File(os.path.join(own, "network", "projections.h5"), "w") as f:
            for name, source, size in (("e-in", nil, 10), ("e-rec", "ab-cd", n)):
                pairs = np.array(sorted({(int(a), int(b)) for a, b in zip(r.integers(0, size, 50), r.integers(0, n, 50))}))
                pairs[-1] = size - 1, pairs[-1][1]
                w, d, kind = r.integers(1, 9, len(pairs)), r.integers(1, 8, len(pairs)), r.integers(0, 2, len(pairs)) * (source != nil)
                g = f.create_group("edges/" + name)
                g["source_node_id"], g["target_node_id"], g["edge_type_id"] = pairs[:, 0], pairs[:, 1], np.full(len(pairs), 100)
                g["source_node_id"].attrs["node_population"], g["target_node_id"].attrs["node_population"] = source, "ab-cd"
                g["0/syn_weight"], g["0/delay"], g["0/output_type_"] = w.astype(np.float32), d, kind
                tables.append([(a, b, x * (1 - 2 * k), y) for (a, b), x, y, k in zip(pairs.tolist(), w, d, kind)])
        inputs = r.random((steps, 10)) < 0.3
        with open(os.path.join(own, "in.txt"), "w", encoding="utf-8") as f:
            for t, i in zip(*np.nonzero(inputs)):
                print(t, "in1", i, file=f)
        want = knp_spikes(p, tables[1], tables[0], inputs)
        got = spikes_of(run_sonata(own, os.path.join(own, "config.json"), steps), {"p0": n}, steps)["p0"]
        assert np.array_equal(got, want), f"network {seed}: {int((got != want).sum())} of {int(want.sum())} spikes differ"
        spikes += int(want.sum())
    assert spikes > 300, spikes
    print(f"figure: KNP: {spikes} spikes of 30 random networks, 0 differ from its steps")


def binned(t, index, dt, ticks=None):
    tick = np.floor(np.asarray(t) / dt + 1e-6).astype(int)
    return sorted({(a, b) for a, b in zip(tick.tolist(), np.asarray(index).tolist()) if ticks is None or a < ticks})


def events_of(path, out, *words):
    stoa("events", path, "-o", out, *words)
    with open(out, encoding="utf-8") as f:
        return sorted((int(a), int(b)) for a, _, b in (line.split() for line in f))


def aedat4(us, x, y, p, how, size=(34, 34)):
    """A recording as DV writes it: flatbuffers by hand, compressed by the libraries' own functions."""
    def packed(body):
        if how == 0:
            return body
        lib, room = ctypes.CDLL("liblz4.so.1" if how < 3 else "libzstd.so.1"), len(body) + 1000
        to = ctypes.create_string_buffer(room)
        if how < 3:
            lib.LZ4F_compressFrame.restype = ctypes.c_size_t
            n = lib.LZ4F_compressFrame(to, ctypes.c_size_t(room), body, ctypes.c_size_t(len(body)), None)
        else:
            lib.ZSTD_compress.restype = ctypes.c_size_t
            n = lib.ZSTD_compress(to, ctypes.c_size_t(room), body, ctypes.c_size_t(len(body)), 3)
        return to.raw[:n]

    def prefixed(flat):
        return struct.pack("<I", len(flat)) + flat

    def packet(stream, flat):
        body = packed(prefixed(flat))
        return struct.pack("<ii", stream, len(body)) + body

    def events(part):  # root, kind, vtable of one field, table, vector
        rows = b"".join(struct.pack("<qhhB3x", int(us[i]), int(x[i]), int(y[i]), int(p[i])) for i in part)
        return struct.pack("<I4sHHH2xiI", 16, b"EVTS", 6, 8, 4, 8, 8) + struct.pack("<4xI", len(part)) + rows

    names = f'<dv version="2.0"><node name="outInfo" path="/"><node name="0" path="/0/"><attr key="typeIdentifier" type="string">EVTS</attr><node name="info" path="/i/"><attr key="sizeX" type="int">{size[0]}</attr><attr key="sizeY" type="int">{size[1]}</attr></node></node></node></dv>'.encode()
    packets = b"".join(packet(0, events(range(first, min(first + 700, len(us))))) for first in range(0, len(us), 700))
    packets += packet(1, struct.pack("<I4s", 8, b"FRME") + bytes(20))

    def head(table):
        return prefixed(struct.pack("<I4sHHHHH6x", 24, b"IOHE", 10, 20, 4, 8, 16) + struct.pack("<iiqI", 16, how, table, 4) + struct.pack("<I", len(names)) + names + b"\0")

    line = b"#!AER-DAT4.0\r\n"
    return line + head(len(line) + len(head(0)) + len(packets)) + packets + b"a table of packets that is not looked at"


def event_files(folder):
    """Every format, written here by its description, against bins made with NumPy."""
    r = np.random.default_rng(3)
    n, out, checked = 3000, os.path.join(folder, "in.txt"), 0
    us = np.sort(r.integers(0, 300000, n))
    x, y, p = r.integers(0, 34, n), r.integers(0, 34, n), r.integers(0, 2, n)

    def check(name, bytes_, cases):
        nonlocal checked
        path = os.path.join(folder, name)
        with open(path, "wb") as f:
            f.write(bytes_)
        for words, expected in cases:
            got = events_of(path, out, *words)
            assert got == expected, f"{name} {words}: {len(got)} spikes, {len(expected)} expected"
            checked += len(got)

    def cases(w, h, t):
        on = p == 1
        return [(["--dt", "0.001"], binned(t, (p * h + y) * w + x, 0.001)),
                (["--dt", "0.005", "--polarity", "together"], binned(t, y * w + x, 0.005)),
                (["--dt", "0.001", "--polarity", "on", "--ticks", "100"], binned(t[on], (y * w + x)[on], 0.001, 100)),
                (["--dt", "0.001", "--polarity", "off"], binned(t[~on], (y * w + x)[~on], 0.001))]

    nmnist = b""
    for i in range(n):  # 23 bits of time, and an overflow mark every so often
        nmnist += bytes([x[i], y[i], p[i] << 7 | us[i] >> 16, us[i] >> 8 & 255, us[i] & 255])
    check("a.bin", nmnist, cases(34, 34, us * 1e-6))
    late = us + 8192 * (np.arange(n) >= 1500)
    check("b.bin", nmnist[:7500] + bytes([0, 240, 0, 0, 0]) + nmnist[7500:], cases(34, 34, late * 1e-6))
    address = y << 8 | x << 1 | p
    check("a.aedat", b"#!AER-DAT2.0\r\n# a comment\r\n" + b"".join(struct.pack(">II", a, t) for a, t in zip(address, us)), cases(128, 128, us * 1e-6))
    davis = y << 22 | x << 12 | p << 11
    check("d.aedat", b"#!AER-DAT2.0\r\n" + struct.pack(">II", 1 << 31, 5) + b"".join(struct.pack(">II", a, t) for a, t in zip(davis, us)),
          [(["--camera", "davis", *w], e) for w, e in cases(346, 260, us * 1e-6)])
    packets = b"#!AER-DAT3.1\r\n#Format: RAW\r\n#!END-HEADER\r\n"
    for first in range(0, n, 1000):
        part = range(first, first + 1000)
        packets += struct.pack("<HHIIIIII", 1, 0, 8, 4, 0, 1000, 1000, 1000)
        packets += b"".join(struct.pack("<II", int(x[i]) << 17 | int(y[i]) << 2 | int(p[i]) << 1 | 1, int(us[i])) for i in part)
        packets += struct.pack("<HHIIIIII", 0, 0, 8, 4, 0, 1, 1, 1) + bytes(8)
    check("c.aedat", packets, [(["--size", "34x34", *w], e) for w, e in cases(34, 34, us * 1e-6)])
    day = 1_600_000_000_000_000
    for how in range(5):
        check(f"{how}.aedat4", aedat4(us + day, x, y, p, how), cases(34, 34, (us - us[0]) * 1e-6))
    # arrays
    dense = (r.random((50, 7, 3)) < 0.1)
    want = [(int(t), int(i)) for t, i in zip(*np.nonzero(dense.reshape(50, -1)))]
    for name, array in (("b", dense), ("i2", dense.astype(">i2")), ("f4", dense.astype("<f4")), ("fortran", np.asfortranarray(dense.astype("u1")))):
        path = os.path.join(folder, name + ".npy")
        np.save(path, array)
        assert events_of(path, out) == want, name
        np.savez_compressed(os.path.join(folder, name + ".npz"), spikes=array, labels=np.arange(3))
        assert events_of(os.path.join(folder, name + ".npz"), out) == want, name
        checked += 2 * len(want)
    # ArNI-X: masks of whole words, behind 4 bytes or 8, and lines
    for neurons in (1, 63, 64, 65, 300):
        fired = r.random((41, neurons)) < 0.2
        words = np.zeros((41, -(-neurons // 64) * 64), bool)
        words[:, :neurons] = fired
        masks, head = np.packbits(words, axis=1, bitorder="little").tobytes(), struct.pack("<I", neurons)
        want = [(int(t), int(i)) for t, i in zip(*np.nonzero(fired))]
        check("arni.bin", head + masks, [(["--format", "arni-x"], want)])
        check("arni8.bin", head + bytes(4) + masks, [(["--format", "arni-x", "--ticks", "10"], [w for w in want if w[0] < 10])])
        check("spikes.1.txt", "".join("".join(".@"[int(s)] for s in row) + "\r\n" for row in fired).encode(), [([], want)])
    check("arni.bin", head + masks, [([], want)])  # 300 neurons: no N-MNIST's
    # HDF5
    with h5py.File(os.path.join(folder, "shd.h5"), "w") as f:
        times, units = np.sort(r.random((4, 500)), axis=1), r.integers(0, 700, (4, 500))
        ragged = h5py.vlen_dtype(np.float16), h5py.vlen_dtype(np.uint16)
        f.create_dataset("spikes/times", (4,), dtype=h5py.vlen_dtype(np.float64))
        f.create_dataset("spikes/units", (4,), dtype=ragged[1])
        for k in range(4):
            f["spikes/times"][k], f["spikes/units"][k] = times[k], units[k]
        f["labels"] = np.array([3, 1, 4, 1])
    for k in range(4):
        assert events_of(os.path.join(folder, "shd.h5"), out, "--sample", k, "--dt", "0.01") == binned(times[k], units[k], 0.01)
    assert "label 4" in stoa("events", os.path.join(folder, "shd.h5"), "--sample", "2", "-o", out).stderr
    ms = np.sort(r.random(400) * 100)
    for name, group in (("old.h5", None), ("new.h5", "cells")):
        with h5py.File(os.path.join(folder, name), "w") as f:
            at = f.create_group("spikes/" + (group or ""))
            at["node_ids" if group else "gids"], at["timestamps"] = r.integers(0, 30, 400), ms
            ids = at["node_ids" if group else "gids"][()]
        assert events_of(os.path.join(folder, name), out, "--dt", "0.5") == binned(ms, ids, 0.5)
    # and out again, in every form
    lines = sorted({(int(t), str(r.choice(["A", "B"])), int(i)) for t, i in zip(r.integers(0, 90, 300), r.integers(0, 40, 300))})
    trace = os.path.join(folder, "run.trace")
    with open(trace, "w", encoding="utf-8") as f:
        for t, g, i in lines:
            print(t, g, i, "spike", 3, file=f)
            print(t, g, i, "u", -7, file=f)
    for end in ("h5", "npz", "csv"):
        stoa("events", trace, "-o", os.path.join(folder, "s." + end), "--dt", "0.5")
    with h5py.File(os.path.join(folder, "s.h5")) as f:
        assert f.attrs["magic"] == 2682 and f["spikes/A/timestamps"].attrs["units"] == "ms"
        got = [(round(t / 0.5), g, int(i)) for g in "AB" for t, i in zip(f[f"spikes/{g}/timestamps"], f[f"spikes/{g}/node_ids"])]
    assert sorted(got) == lines
    z = np.load(os.path.join(folder, "s.npz"))
    assert sorted(zip(z["tick"].tolist(), z["names"][z["group"]].astype(str).tolist(), z["index"].tolist())) == lines
    with open(os.path.join(folder, "s.csv"), encoding="utf-8") as f:
        assert [tuple(line.strip().split(",")) for line in f][1:] == [(str(a), b, str(c)) for a, b, c in lines]
    print(f"figure: recorded events: {checked} spikes of 20 kinds of files, 0 differ from NumPy's bins")


def png(rows, colour=0):
    """A PNG of 8 bits a channel, grey (0) or colours (2), by its specification."""
    def chunk(kind, body):
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
    h, w = rows.shape[:2]
    raw = b"".join(b"\0" + row.tobytes() for row in rows)
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", w, h, 8, colour, 0, 0, 0)) + chunk(b"IDAT", zlib.compress(raw)) +
            chunk(b"IEND", b""))


def idx(path):
    with open(path, "rb") as f:
        head = struct.unpack(">HBB", f.read(4))
        return np.frombuffer(f.read()[4 * head[2]:], np.uint8)


def pictures(folder):
    r = np.random.default_rng(5)
    images, labels = r.integers(0, 256, (20, 6, 9)).astype(np.uint8), np.sort(r.integers(0, 3, 20)).astype(np.uint8)
    for i in range(20):
        at = os.path.join(folder, "png", "abc"[labels[i]])
        os.makedirs(at, exist_ok=True)
        body = png(np.repeat(images[i][:, :, None], 3, axis=2), 2) if i == 7 else png(images[i])
        with open(os.path.join(at, f"{i:03}.png"), "wb") as f:
            f.write(body)
    np.savez(os.path.join(folder, "a.npz"), x=images, y=labels.astype(np.int64))
    np.save(os.path.join(folder, "a.npy"), images.astype(np.float32))
    for source in ("png", "a.npz", "a.npy"):
        out = os.path.join(folder, "out")
        said = json.loads(stoa("data", "make", "pictures", os.path.join(folder, source), "-o", out, "--json").stdout)
        assert said["made"][0]["pictures"] == 20 and said["made"][0]["width"] == 9
        assert np.array_equal(idx(os.path.join(out, "images-idx3-ubyte")).reshape(images.shape), images), source
        assert source == "a.npy" or np.array_equal(idx(os.path.join(out, "labels-idx1-ubyte")), labels), source
    wrong = {"size": png(images[0][:, :4]), "damage": png(images[0])[:60], "kind": b"no picture at all"}
    for name, body in wrong.items():
        with open(os.path.join(folder, "png", "c", "zz.png"), "wb") as f:
            f.write(body)
        said = stoa("data", "make", "pictures", os.path.join(folder, "png"), "-o", out, code=1).stderr
        assert "zz.png" in said and "foreign-" in said, (name, said)
    np.save(os.path.join(folder, "b.npy"), images + 0.5)
    assert "whole numbers of 0 to 255" in stoa("data", "make", "pictures", os.path.join(folder, "b.npy"), "-o", out, code=1).stderr


def ranc_networks(folder):
    """Both forms of a network, on the fabric of its name: the bus in every tick."""
    lines, crossed, ticks = 0, 0, 70
    for seed in range(10):
        symmetric = seed % 2 == 1
        net = ranc_steps.random_network(np.random.default_rng(seed), wide=seed % 3 == 2)
        want, across = ranc_steps.run(net, symmetric, ticks)
        own = os.path.join(folder, str(seed))
        os.makedirs(own)
        files = [(ranc_steps.write_json(own, net, symmetric), []),
                 (ranc_steps.write_mem(own, net), ["--set", f"symmetric={int(symmetric)}", "--set", "grid=3"])]
        events = os.path.join(own, "in.txt")
        stoa("events", os.path.join(own, "tb_input.txt"), "--size", "3x2", "-o", events)
        with open(events, encoding="utf-8") as f:
            of_bits = f.read()
        stoa("events", files[0][0], "-o", events)
        with open(events, encoding="utf-8") as f:
            assert f.read() == of_bits
        for path, sets in files:
            said = verdicts("import", path, *sets, "-o", os.path.join(own, "net.yaml"))
            assert said["approximated"] == 0, said
            image = os.path.join(own, "net.img")
            stoa("compile", os.path.join(own, "net.yaml"), "-f", "ranc", "-o", image, "--effort", "0")
            assert "is `wrap`, and altai-1 has nothing for it" in stoa("check", os.path.join(own, "net.yaml"), "-f", "altai-1", code=1).stderr
            stoa("verify", os.path.join(own, "net.yaml"), "ranc", image)
            for machine in ("sim", "timed"):
                trace = stoa("run", image, "--in", events, "--ticks", ticks, "--trace", "state", "--on", machine).stdout
                got = [set() for _ in range(ticks)]
                for word in (line.split() for line in trace.splitlines()):
                    if len(word) == 5 and word[3] == "spike" and word[1] == "output":
                        got[int(word[0])].add(int(word[2]))
                assert got == want, f"network {seed} of {path}, {machine}: tick {[t for t in range(ticks) if got[t] != want[t]][0]} differs"
        lines += sum(map(len, want))
        crossed += across
    assert lines > 500 and crossed > 100, (lines, crossed)
    print(f"figure: RANC: {lines} spikes of the buses of 10 random networks in 2 forms, 0 differ; {crossed} sums wrapped")


def nnc_networks(folder):
    """Newer and older files, whole and in parts, both resets: every spike of every section."""
    spikes, ticks, used = 0, 90, set()
    fabric = os.path.join(folder, "gates.yaml")
    with open(fabric, "w", encoding="utf-8") as f:
        f.write(FABRIC.replace("plain", "gates").replace("kinds: [signal]", "kinds: [signal, gating]"))
    for seed in range(24):
        r = np.random.default_rng(seed)
        groups, links = nnc_steps.random_network(r)
        subtract = seed % 3 == 2
        if subtract:
            for g in groups.values():
                g["low"] = min(g.get("low", 0), 0)
        own = os.path.join(folder, str(seed))
        os.makedirs(own)
        path = nnc_steps.write(own, groups, links, old=seed % 4 == 3, parts=seed % 2 == 1)
        inputs = r.random((ticks, groups["R"]["size"])) < 0.3
        events, image, net = (os.path.join(own, name) for name in ("in.txt", "net.img", "net.yaml"))
        with open(events, "w", encoding="utf-8") as f:
            for t, i in zip(*np.nonzero(inputs)):
                print(t, "R", i, file=f)
        sets = ["--set", f"subtract={int(subtract)}"]
        verdicts("import", path, *sets, "-o", net)
        want = nnc_steps.run(groups, links, inputs, subtract)
        for source, more in ((path, sets), (net, [])):
            stoa("compile", source, *more, "-f", fabric, "-o", image, "--effort", "0")
            trace = stoa("run", image, "--in", events, "--ticks", ticks, "--trace", "spikes").stdout
            got = spikes_of(trace, {name: g["size"] for name, g in groups.items()}, ticks)
            for name in "ABCD":
                for t in range(ticks):
                    said = {int(i) for i in np.nonzero(got[name][t])[0]}
                    assert said == want[name][t], f"network {seed}, {source}: tact {t} of {name}: {said}, not {want[name][t]}"
        spikes += sum(len(s) for name in "ABCD" for s in want[name])
        used |= {k["policy"] for k in links}
    assert spikes > 3000 and used == set(nnc_steps.POLICIES), (spikes, used)
    print(f"figure: ArNI-X: {spikes} spikes of 24 random networks, 0 differ from its steps")


def nnc_draws(folder):
    """What a file draws: a neuron on noise as the manual's first tutorial has it (259 spikes published), and a number of sources."""
    path, image = os.path.join(folder, "one.nnc"), os.path.join(folder, "one.img")
    with open(path, "w", encoding="utf-8") as f:
        f.write("<SNN><RECEPTORS name='R' n='10'><Implementation lib='fromFile'><args type='none'><noise>0.3</noise></args></Implementation></RECEPTORS>"
                "<NETWORK><Sections><Section name='one'><props><n>1</n><chartime>10</chartime></props></Section>"
                "<Section name='many'><props><n>50</n></props></Section>"
                "<Link from='R' to='one' policy='all-to-all'><weight>1</weight></Link>"
                "<Link from='R' to='many'><weight>1</weight><maxnpre>3</maxnpre></Link></Sections></NETWORK></SNN>")
    assert not stoa("compile", path, "-f", "stoa-1-large", "-o", image).stderr.count("not-reached")
    said = spikes_of(stoa("run", image, "--ticks", 100000, "--trace", "spikes").stdout, {"R": 10, "one": 1}, 100000)
    rate = said["one"].sum() / 100
    assert abs(said["R"].mean() - 0.3) < 0.003 and 255 < rate < 265, (said["R"].mean(), rate)
    net = os.path.join(folder, "one.yaml")
    assert "'label' is a whole number, not 1.5" in stoa("import", path, "--set", "label=1.5", code=1).stderr
    stoa("import", path, "-o", net)
    with open(net, encoding="utf-8") as f:
        rows = [line for line in f.read().split("policy: list")[1].split("[") if "]" in line]
    ends = [tuple(int(x) for x in row.split("]")[0].split(",")) for row in rows if "," in row]
    sources = {}
    for i, j in ends:
        sources.setdefault(j, []).append(i)
    assert len(ends) == 150 and all(len(set(s)) == 3 for s in sources.values()) and len({tuple(sorted(s)) for s in sources.values()}) > 10, ends
    print(f"figure: a neuron of ArNI-X on ten noises of 0.3: {rate:.1f} Hz")


def nnc_colanet(folder):
    """The published form of CoLaNET learns pictures of two bars as it does when it is written in the language."""
    path = os.path.join(ROOT, "tests/fuzz/corpus/nnc/colanet")
    with open(path, encoding="utf-8") as f:
        parts = dict(part.split("\n", 1) for part in f.read().split("@ ")[1:])
    for name, text in parts.items():
        with open(os.path.join(folder, name), "w", encoding="utf-8") as f:
            f.write(text)
    net = os.path.join(folder, "net.yaml")
    said = verdicts("import", os.path.join(folder, "net.nnc"), "-o", net)
    rows = {(v["node"], v["parameter"]): v for v in said["verdicts"]}
    assert rows["L", "minweight"]["verdict"] == "exact" and rows["L", "nsilentsynapses"]["verdict"] == "approximated", rows
    r = np.random.default_rng(1)
    images, labels = np.zeros((300, 8, 8), np.uint8), r.integers(0, 2, 300)
    for image, label in zip(images, labels):
        image[:, 2:4 if label else 0] = 255
        image[2:0 if label else 4, :] = 255
        image[r.random((8, 8)) < 0.05] = 128
    for name, array in (("images", images), ("labels", labels.astype(np.uint8))):
        with open(os.path.join(folder, name), "wb") as f:
            f.write(struct.pack(f">HBB{array.ndim}I", 0, 8, array.ndim, *array.shape) + array.tobytes())
    image, learnt = os.path.join(folder, "net.img"), os.path.join(folder, "learnt.img")
    pictures_of = ["--images", os.path.join(folder, "images"), "--labels", os.path.join(folder, "labels")]
    stoa("compile", os.path.join(folder, "net.nnc"), "-f", "stoa-1-large", "-o", image)
    stoa("run", image, *pictures_of, "--learn", "--save", learnt)
    before, after = (100 * json.loads(stoa("run", k, *pictures_of, "--json").stdout)["accuracy"] for k in (image, learnt))
    assert after > 95 > before, (before, after)
    print(f"figure: CoLaNET's form for ArNI-X learns two bars: {after:.1f} % of 300 pictures, {before:.1f} % before")


def loihi_traces(folder):
    """Currents and potentials of every tick, on the fabric of Loihi's numbers."""
    states, all_spikes, bent, ticks = 0, 0, 0, 120
    for seed in range(12):
        r = np.random.default_rng(seed)
        net = loihi_steps.random_network(r, strong=seed % 3 == 0)
        inputs = r.random((ticks, loihi_steps.INPUTS)) < 0.2
        want, spikes, changed = loihi_steps.run(net, inputs)
        path, image, events = (os.path.join(folder, name) for name in ("loihi.yaml", "loihi.img", "in.txt"))
        loihi_steps.write(path, net)
        with open(events, "w", encoding="utf-8") as f:
            for t, i in zip(*np.nonzero(inputs)):
                print(t, "in", i, file=f)
        stoa("compile", path, "-f", "loihi-1", "-o", image, "--effort", "0")
        stoa("verify", path, "loihi-1", image)
        for machine in ("sim", "timed"):
            trace = stoa("run", image, "--in", events, "--ticks", ticks, "--trace", "state", "--on", machine).stdout
            got = {(int(w[0]), int(w[2]), w[3]): int(w[4]) for w in (line.split() for line in trace.splitlines()) if len(w) == 5}
            for t in range(ticks):
                for k in range(loihi_steps.NEURONS):
                    assert got[t, k, "exc"] == want[t][0][k], f"network {seed}, {machine}, tick {t}: u of {k} is {got[t, k, 'exc']}, not {want[t][0][k]}"
                    assert got[t, k, "u"] == want[t][1][k], f"network {seed}, {machine}, tick {t}: v of {k} is {got[t, k, 'u']}, not {want[t][1][k]}"
                    assert ((t, k, "spike") in got) == (k in spikes[t]), f"network {seed}, tick {t}: spike of {k}"
            states += ticks * loihi_steps.NEURONS
        all_spikes += sum(map(len, spikes))
        bent += changed
    assert all_spikes > 300 and bent > 50, (all_spikes, bent)
    print(f"figure: Loihi: {states} states of 12 random networks, 0 differ in u or v; {all_spikes} spikes, {bent} currents wrapped or potentials cut")


def said_in(path, groups):
    with open(path, "w", encoding="utf-8") as f:
        for group, said in groups.items():
            for t, i in zip(*np.nonzero(said)):
                print(t, group, i, file=f)


def same_potentials(name, image, events, want, spikes, *words):
    """On both engines, in each tick."""
    for machine in ("sim", "timed"):
        trace = stoa("run", image, "--in", events, "--ticks", len(want), "--trace", "state", "--on", machine, *words).stdout
        got = {(int(w[0]), int(w[2]), w[3]): int(w[4]) for w in (line.split() for line in trace.splitlines()) if len(w) == 5 and w[1] == "L"}
        for t, row in enumerate(want):
            for k, v in enumerate(row):
                assert got[t, k, "u"] == v, f"{name}, {machine}, tick {t}: V of {k} is {got[t, k, 'u']}, not {v}"
                assert ((t, k, "spike") in got) == (k in spikes[t]), f"{name}, {machine}, tick {t}: spike of {k}"


def truenorth_networks(folder):
    """Stochastic synapses and all that a neuron of TrueNorth has, at four weights a neuron and one target."""
    states, all_spikes, all_events, all_added, ticks = 0, 0, 0, 0, 150
    truenorth_steps.draws.DRAW = truenorth_steps.draws.read_draw(os.path.join(ROOT, "docs/arithmetic.md"))
    for seed in range(16):
        r = np.random.default_rng(seed)
        net = truenorth_steps.random_network(r)
        inputs = (r.random((ticks, truenorth_steps.INPUTS)) < 0.15).tolist()
        of_copy = truenorth_steps.draws.hash64(seed, 0xC0B1 << 8, 0)
        want, spikes, events, added = truenorth_steps.run(net, inputs, of_copy)
        path, image, said = (os.path.join(folder, name) for name in ("truenorth.yaml", "truenorth.img", "in.txt"))
        truenorth_steps.write(path, net)
        said_in(said, {"in": inputs})
        stoa("compile", path, "-f", "truenorth", "-o", image, "--seed", seed)
        stoa("verify", path, "truenorth", image, "--seed", seed)
        same_potentials(f"network {seed}", image, said, want, spikes)
        states += ticks * truenorth_steps.NEURONS
        all_spikes += sum(map(len, spikes))
        all_events += events
        all_added += added
    assert all_spikes > 500 and 0.3 < all_added / all_events < 0.7, (all_spikes, all_added, all_events)
    print(f"figure: TrueNorth: {states} potentials of 16 random networks, 0 differ; {all_spikes} spikes, {all_added} of {all_events} stochastic events added")


def odin_networks(folder):
    """SDSP, with what it needs of the neuron."""
    states, all_spikes, all_moved, ticks = 0, 0, [0, 0], 300
    for seed in range(16):
        r = np.random.default_rng(seed)
        net = odin_steps.random_network(r)
        inputs, teach = ((r.random((ticks, n)) < p).tolist() for n, p in ((odin_steps.INPUTS, 0.1), (odin_steps.TEACHERS, 0.5)))
        want, spikes, moved = odin_steps.run(net, inputs, teach)
        path, image, said = (os.path.join(folder, name) for name in ("odin.yaml", "odin.img", "in.txt"))
        odin_steps.write(path, net)
        said_in(said, {"in": inputs, "teach": teach})
        stoa("compile", path, "-f", "odin", "-o", image)
        stoa("verify", path, "odin", image)
        same_potentials(f"network {seed}", image, said, want, spikes, "--learn")
        states += ticks * odin_steps.NEURONS
        all_spikes += sum(map(len, spikes))
        all_moved = [a + b for a, b in zip(all_moved, moved)]
    assert all_spikes > 300 and min(all_moved) > 300, (all_spikes, all_moved)
    print(f"figure: ODIN: {states} potentials of 16 random networks that learn, 0 differ; {all_spikes} spikes, weights rose {all_moved[0]} and fell {all_moved[1]} times")


TESTS = [exact_graphs, leaky_graphs, said_in_json, exported_graphs, sonata_circuits, knp_networks, ranc_networks, nnc_networks,
         nnc_draws, nnc_colanet, loihi_traces, truenorth_networks, odin_networks, event_files, pictures]


def main():
    failed = 0
    only = os.environ.get("ONLY", "*").replace("*", "")
    for test in TESTS:
        if only and only not in "test_" + test.__name__:
            continue
        with tempfile.TemporaryDirectory() as folder:
            with open(os.path.join(folder, "plain.yaml"), "w", encoding="utf-8") as f:
                f.write(FABRIC)
            try:
                test(folder)
                print(f"[       OK ] {test.__name__}")
            except AssertionError as e:
                failed += 1
                print(f"{e}\n[  FAILED  ] {test.__name__}")
    return failed > 0


if __name__ == "__main__":
    sys.exit(main())
