"""zoo_hierarchy.py - patches that learn without labels below a CoLaNET, beside the same CoLaNET on pixels: MNIST, then letters in the same columns.

One network each, SEEDS (1) runs. Results lie in FOLDER/hierarchy and are not made again; units.png there shows what the units of some patches
have learnt. Needs the shared library (make lib) and python3-numpy."""
import os
import statistics
import sys

import zoo_run

NAME = "hierarchy"
SEEDS = int(os.environ.get("SEEDS", "1"))

# what, experiment, settings: mnist-letters-published with these has the same columns as hierarchy, on pixels
ROWS = [("on pixels", "mnist-letters-published", ("slow=0.8", "head_start=97")),
        ("above patches", NAME, ()),
        ("above patches that have not learnt", NAME, ("eta=0",))]


def times(k):
    """The upper level's weights and changes, k times those of colanet-permuted."""
    of = (("w_min", -0.319), ("w_max", 0.163), ("dopamine", 0.091), ("hebbian", -0.071), ("wrong", -0.045), ("renormalize_at", 10))
    return (*(f"{name}={round(value * k, 4):g}" for name, value in of), f"scale={800 // k}")


# What was tried, with TRIED: 5,000 pictures learnt, 2,000 held-out ones asked.
TRIED = ("--validate", "--limit", "5000", "--ask", "2000")
TRIES = [("on pixels", "mnist-letters-published", ("slow=0.8", "head_start=97")),
         ("above patches", NAME, ()),
         ("units that have not learnt", NAME, ("eta=0",)),
         ("a conscience (rise 0.01)", NAME, ("rise=0.01",)),
         ("weights above twice pixels'", NAME, times(2)),
         ("the same, a conscience (rise 0.05)", NAME, ("rise=0.05", *times(2))),
         ("the same, a winner leaves the next tick to others", NAME, ("rise=0.05", "again=1", *times(2))),
         ("weights above thrice pixels', a conscience", NAME, ("rise=0.05", *times(3))),
         ("weights above as on pixels, a conscience", NAME, ("rise=0.05", *times(1))),
         ("36 patches of 7 x 7, 24 units, four times, a conscience", NAME, ("rise=0.05", "size=7", "stride=3", "patches=36", "units=24", *times(4))),
         ("patches of 5 x 5, half the threshold", NAME, ("size=5", "speak=1"))]
SIDE, SIZE, STRIDE, UNITS = 22, 6, 2, 12      # of networks/hierarchy.yaml


def place(folder, what, seed):
    return os.path.join(folder, NAME, what.replace(" ", "-"), str(seed))


def look(folder):
    """(units that have not come to expect anything, pairs of a patch that look alike, pairs), and a picture, a row a patch: the weights of its units."""
    sys.path.insert(0, "python")
    import numpy as np
    import sheet
    import stoa

    across = (SIDE - SIZE) // STRIDE + 1
    weights = stoa.load(os.path.join(place(folder, "above patches", 1), "trained.img")).weight_matrix("R", "P").astype(float)
    weights = (weights / weights.max()).reshape(SIDE, SIDE, across, across, UNITS)
    patches = {(y, x): weights[y * STRIDE:y * STRIDE + SIZE, x * STRIDE:x * STRIDE + SIZE, y, x] for y in range(across) for x in range(across)}
    idle, alike, pairs = 0, 0, 0
    for units in patches.values():
        units = units.reshape(SIZE * SIZE, UNITS).T
        learnt = units[units.max(1) >= 0.5]
        idle += UNITS - len(learnt)
        if len(learnt) > 1:
            of = np.corrcoef(learnt)[np.triu_indices(len(learnt), 1)]
            alike, pairs = alike + int((of > 0.9).sum()), pairs + len(of)
    lines = [[patches[y, x][:, :, k].tolist() for k in range(UNITS)] for y in (3, 5, 7) for x in range(1, across, 2)]
    sheet.sheet(os.path.join(folder, NAME, "units.png"), lines, 5)
    return idle, alike, pairs


def measure(stoa, folder):
    """(figure, value, unit, asked, command) of each."""
    before = None
    for what, experiment, settings in ROWS:
        got = []
        for seed in range(1, SEEDS + 1):
            a = zoo_run.tasks(stoa, place(folder, what, seed), experiment, settings, seed, ("--copies", "1"))["accuracy"]
            got.append((100 * a[0][-2], 100 * a[1][-2], 100 * a[1][-1]))
        learnt, kept, letters = (statistics.mean(v) for v in zip(*got))
        by = f"stoa train {experiment} --copies 1" + "".join(f" --set {s}" for s in settings) + f", {SEEDS} seeds (make zoo)"
        asked = f"> {before:.2f}" if experiment == NAME and not settings else ""
        before = before or learnt
        for name, value, unit, than in (("MNIST, 24,000 pictures once", learnt, "%", asked), ("MNIST kept", kept, "%", ""), ("letters", letters, "%", ""),
                                        ("forgotten", learnt - kept, "points", "")):
            yield f"{NAME}, CoLaNET {what}: {name}", round(value, 2), unit, than, by
    idle, alike, pairs = look(folder)
    yield f"{NAME}, units whose weights all stay below half of the largest", idle, "units", "", "as above"
    yield f"{NAME}, of {pairs} pairs of units of a patch, correlated by more than 0.9", alike, "pairs", "", "as above"
    for k, (what, experiment, settings) in enumerate(TRIES):
        a = zoo_run.tasks(stoa, os.path.join(folder, NAME, "tries", str(k)), experiment, settings, 1001, ("--copies", "1", *TRIED))["accuracy"]
        by = " ".join(("stoa train", experiment, "--seed 1001 --copies 1", *TRIED, *(f"--set {s}" for s in settings)))
        yield f"{NAME}, tried: {what}", round(100 * a[0][-2], 2), "%", "", by
