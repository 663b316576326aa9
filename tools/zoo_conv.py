"""zoo_conv.py - the thesis' convolutional network with local receptive fields (docs/zoo.md): one layer, two, two that have not learnt, and none.

All rows have the same pictures: LIMIT (2,000) a phase, asked about ASK (5,000) of the test set; SEEDS (1) runs. Results lie in FOLDER/thesis-conv
and are not made again; units.png there shows what the units of some places have learnt. Needs the shared library (make lib) and python3-numpy."""
import json
import os
import re
import statistics
import subprocess
import sys

import zoo_run

NAME = "thesis-conv"
SEEDS, LIMIT, ASK = (int(os.environ.get(k, d)) for k, d in (("SEEDS", "1"), ("LIMIT", "2000"), ("ASK", "5000")))
STATED = "stated: 90.8 .. 94.8"
SIDE, SIZE, STRIDE, SIDE1, MAPS1, SIZE2, SIDE2, MAPS2 = 22, 6, 2, 9, 12, 3, 7, 20     # of networks/thesis-conv.yaml


def times(k):
    """The upper level's weights and changes, k times those of colanet-permuted."""
    of = (("w_min", -0.319), ("w_max", 0.163), ("dopamine", 0.091), ("hebbian", -0.071), ("wrong", -0.045), ("renormalize_at", 10))
    return (*(f"{name}={round(value * k, 4):g}" for name, value in of), f"scale={800 / k:g}")


def swapped(text, *pairs):
    for was, now in pairs:
        text, found = re.subn(was, now, text)
        assert found, was
    return text


# CoLaNET hears P1 in place of P2, which is there and speaks to nobody.
ABOVE_P1 = ((r"(  H:\n    shape: )\[.*\]", r"\1[$maps1, $side1, $side1]"), ("from: P2, to: H", "from: P1, to: H"))
# The phases without labels are not there.
NOT_LEARNT = ((r"  - { task: (first|second).*\n", ""), (r"  - { learn: (first|second).*\n", ""))
ON_PIXELS = (*NOT_LEARNT, (", set: {.*?}", ""), (f"network: {NAME}", "network: colanet-permuted"))

# what, changes of the network, of the experiment, settings
ROWS = [("on pixels", (), ON_PIXELS, ("slow=0.8", "head_start=97")),
        ("above P1", ABOVE_P1, (), ("gain=2", *times(8))),
        ("above P1 and P2", (), (), ()),
        ("above P1 and P2 that have not learnt", (), NOT_LEARNT, ())]

# What was tried, with TRIED.
TRIED = ("--validate", "--limit", "1500", "--ask", "1000")


def windows(size, stride, side, maps, speak):
    return tuple(f"{name}2={value}" for name, value in zip(("size", "stride", "side", "maps", "speak"), (size, stride, side, maps, speak)))


TRIES = [ROWS[0],
         ("above P1", ABOVE_P1, (), ("gain=2", "slow=0.8", *times(8))),
         ROWS[2],
         ("above P1 and P2 with the settings of P1", (), (), ("gain=2", "slow=0.8", *times(8))),
         ("P2 of 27 maps in windows of 4 x 4", (), (), windows(4, 1, 6, 27, 5)),
         ("P2 of 39 maps in windows of 5 x 5", (), (), windows(5, 1, 5, 39, 7)),
         ("P2 of 60 maps every second place", (), (), windows(3, 2, 4, 60, 3)),
         ("P2 of 108 maps in 3 x 3 places", (), (), windows(5, 2, 3, 108, 7))]


def place(folder, what, seed):
    return os.path.join(folder, NAME, what.replace(" ", "-"), str(seed))


def experiment(folder, network, changes):
    """The shipped experiment, with changes of its network and of itself where there are some."""
    os.makedirs(folder, exist_ok=True)
    with open(f"netlists/experiments/{NAME}.yaml") as f:
        text = swapped(f.read(), (r"\.\./(?:networks|fabrics)/([a-z0-9-]+)\.yaml", r"\1"), *changes)
    with open(f"netlists/networks/{NAME}.yaml") as f:
        net = swapped(f.read(), *network)
    if network:
        text = swapped(text, (f"network: {NAME}", "network: network.yaml"))
        with open(os.path.join(folder, "network.yaml"), "w") as f:
            f.write(net)
    file = os.path.join(folder, "experiment.yaml")
    with open(file, "w") as f:
        f.write(text)
    return file


def accuracy(stoa, out, row, seed, more):
    """In %, of the task that is learnt last."""
    _, network, changes, settings = row
    return 100 * zoo_run.tasks(stoa, out, experiment(out + "-of", network, changes), settings, seed, ("--copies", "1", *more))["accuracy"][-1][-1]


def features(folder):
    """Of P1 what its units have learnt, light less dark, as places x units x pixels; of P2 the same, through P1, on the pixels that a unit sees
    (a part of its largest)."""
    import numpy as np
    import stoa

    image = stoa.load(os.path.join(place(folder, "above P1 and P2", 1), "trained.img"))
    light, dark, upper = (image.weight_matrix(a, b).astype(float) for a, b in (("On", "P1"), ("Off", "P1"), ("P1", "P2")))
    of = ((light - dark) / max(light.max(), dark.max())).reshape(SIDE, SIDE, -1)
    below = {(y, x): of[y * STRIDE:y * STRIDE + SIZE, x * STRIDE:x * STRIDE + SIZE].reshape(SIZE, SIZE, SIDE1, SIDE1, MAPS1)[:, :, y, x]
             for y in range(SIDE1) for x in range(SIDE1)}
    w = upper.reshape(SIDE1, SIDE1, MAPS1, SIDE2, SIDE2, MAPS2)
    above, wide = {}, (SIZE2 - 1) * STRIDE + SIZE
    for y in range(SIDE2):
        for x in range(SIDE2):
            seen = np.zeros((wide, wide, MAPS2))
            for v in range(SIZE2):
                for u in range(SIZE2):
                    seen[v * STRIDE:v * STRIDE + SIZE, u * STRIDE:u * STRIDE + SIZE] += below[y + v, x + u] @ w[y + v, x + u, :, y, x]
            above[y, x] = seen
    weights = {(y, x): w[y:y + SIZE2, x:x + SIZE2, :, y, x].reshape(-1, MAPS2) for y in range(SIDE2) for x in range(SIDE2)}
    return below, {at: seen / abs(seen).max((0, 1)) for at, seen in above.items()}, weights


def alike(places):
    """(pairs of units of a place that are correlated by more than 0.9, pairs)"""
    import numpy as np

    of = [np.corrcoef(w.reshape(-1, w.shape[-1]).T)[np.triu_indices(w.shape[-1], 1)] for w in places.values()]
    return int(sum((c > 0.9).sum() for c in of)), sum(len(c) for c in of)


def picture(path, below, above):
    """A row a place: P1's units, below them P2's."""
    import sheet

    def lines(places, at):
        return [[places[y, x][:, :, k].tolist() for k in range(places[y, x].shape[2])] for y, x in at]
    sheet.sheet(path, lines(below, [(y, x) for y in (2, 4, 6) for x in (2, 4, 6)]) + lines(above, [(1, 1), (1, 5), (3, 3), (5, 1), (5, 5)]), 4)


def memory(stoa, folder):
    """What weights take that are not shared, as they lie in cores and as synapses, beside those of one place; work of a picture."""
    out = place(folder, "above P1 and P2", 1)
    got = json.loads(subprocess.run([stoa, "report", out, "--json"], check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout)
    bits, by = got["memory_bits"], f"stoa report {out} --json"
    lower = [c["bits"] for c in bits["cores"] if {"P1", "P2"} & set(c["populations"])]
    synapse = 9 + 16
    first, second = 2 * SIZE * SIZE * MAPS1, SIZE2 * SIZE2 * MAPS1 * MAPS2
    apart, shared = first * SIDE1 * SIDE1 + second * SIDE2 * SIDE2, first + second
    yield "cores", got["cores"], "cores", "", by
    yield "all memory in use", round(bits["together"]["together"][0] / 8192), "KiB", "", by
    yield "rows of the cores of P1 and P2", round(sum(b[k][0] for b in lower for k in ("weights", "resources")) / 8192), "KiB", "", by
    yield f"synapses of P1 and P2, not shared ({synapse} bits each)", apart, "synapses", "", "computed"
    yield "room of synapses, not shared", round(apart * synapse / 8192, 1), "KiB", "", "computed"
    yield "shared: weights of one place", shared, "weights", "", "computed"
    yield "room of weights, shared", round(shared * synapse / 8192, 1), "KiB", "", "computed"
    yield "energy of a picture, answering", round(got["energy_evaluation"]["total_pj"] / 1e6, 1), "uJ", "", by
    yield "energy of a picture, learning", round(got["energy_training"]["total_pj"] / 1e6, 1), "uJ", "", by
    yield "time of a picture, answering", round(got["latency_estimate"]["total_ns"] / 1e6, 2), "ms", "", by


def measure(stoa, folder):
    """(figure, value, unit, asked, command) of each."""
    sys.path.insert(0, "python")
    for row in ROWS:
        what = row[0]
        got = [accuracy(stoa, place(folder, what, seed), row, seed, ("--limit", str(LIMIT), "--ask", str(ASK))) for seed in range(1, SEEDS + 1)]
        by = f"make zoo ONLY={NAME}, --limit {LIMIT} --ask {ASK}, SEEDS={SEEDS}"
        yield f"{NAME}, CoLaNET {what}, {LIMIT:,} pictures", round(statistics.mean(got), 2), "%", STATED if what == "above P1 and P2" else "", by
    below, above, weights = features(folder)
    picture(os.path.join(folder, NAME, "units.png"), below, above)
    for name, places in (("P1", below), ("P2", weights)):
        same, pairs = alike(places)
        yield f"{NAME}, {name}: of {pairs} pairs of units of a place, correlated by more than 0.9", same, "pairs", "", "as above"
    for name, *rest in memory(stoa, folder):
        yield (f"{NAME}, {name}", *rest)
    for k, row in enumerate(TRIES):
        right = accuracy(stoa, place(folder, "tries", k), row, 1001, TRIED)
        yield f"{NAME}, tried: {row[0]}", round(right, 2), "%", "", " ".join((f"make zoo ONLY={NAME}, --seed 1001", *TRIED, *(f"--set {s}" for s in row[3])))
