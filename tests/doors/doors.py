#!/usr/bin/python3
"""doors.py - networks of other formats, through the command, against what these formats say they do. Closes as cmocka does.

NIR: random graphs are written with h5py as the nir package writes them, run in floating point (nir_float.py), imported, compiled and
run on their input; spikes must be the same, tick for tick. (Debian's Python: h5py and NumPy are its packages.)"""
import json
import os
import subprocess
import sys
import tempfile

import h5py
import numpy as np

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import nir_float  # noqa: E402

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
STOA = os.path.join(ROOT, os.environ.get("STOA", "build/release/stoa"))
FABRIC = """fabric: plain
mesh: { width: 4, height: 4 }
core: { neurons: 512, axons: 4096, weight_bits: 16, membrane_bits: 24, shift_max: 2, delay_slots: 256 }
supports: { models: [lif, cuba], kinds: [signal] }
"""


def stoa(*words, code=0):
    p = subprocess.run([STOA, *map(str, words)], capture_output=True, text=True, check=False)
    if p.returncode != code:
        raise AssertionError(f"stoa {' '.join(map(str, words))}: {p.returncode}, not {code}\n{p.stderr}")
    return p


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
    said = json.loads(stoa("import", path, "--set", f"dt={dt}", "-o", os.path.join(folder, "net.yaml"), "--json").stdout)
    level = {v["node"]: int(v["note"].split("+")[1]) for v in said["verdicts"] if v["parameter"] == "time"}
    neurons = [k for k, n in nodes.items() if n["type"] in ("IF", "LIF", "CubaLIF", "Threshold")]
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


TESTS = [exact_graphs, leaky_graphs, exported_graphs]


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
