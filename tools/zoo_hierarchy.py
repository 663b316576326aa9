"""zoo_hierarchy.py - patches that learn without labels below a CoLaNET, beside the same CoLaNET on pixels: MNIST, then letters in the same columns.

One network each, SEEDS (1) runs. Results lie in FOLDER/hierarchy and are not made again."""
import os
import statistics

import zoo_run

NAME = "hierarchy"
SEEDS = int(os.environ.get("SEEDS", "1"))

# what, experiment, settings; mnist-letters-published is colanet-permuted with two mechanisms off
ROWS = [("on pixels", "mnist-letters-published", ("slow=0.8", "head_start=97")),
        ("above patches", NAME, ()),
        ("above patches that have not learnt", NAME, ("eta=0",)),
        ("on pixels, published mechanisms", "mnist-letters-published", ()),
        ("above patches, published mechanisms", NAME, ("slow=0", "head_start=0"))]


def measure(stoa, folder):
    """(figure, value, unit, asked, command) of each."""
    before = None
    for what, experiment, settings in ROWS:
        got = []
        for seed in range(1, SEEDS + 1):
            place = os.path.join(folder, NAME, what.replace(",", "").replace(" ", "-"), str(seed))
            a = zoo_run.tasks(stoa, place, experiment, settings, seed, ("--copies", "1"))["accuracy"]
            got.append((100 * a[0][-2], 100 * a[1][-2], 100 * a[1][-1]))
        learnt, kept, letters = (statistics.mean(v) for v in zip(*got))
        by = f"stoa train {experiment} --copies 1" + "".join(f" --set {s}" for s in settings) + f", {SEEDS} seeds (make zoo)"
        asked = f"on pixels: {before:.2f}" if before and experiment == NAME else ""
        before = learnt if experiment != NAME else before
        for name, value, unit, than in (("MNIST, 24,000 pictures once", learnt, "%", asked), ("MNIST kept", kept, "%", ""), ("letters", letters, "%", ""),
                                        ("forgotten", learnt - kept, "points", "")):
            yield f"{NAME}, CoLaNET {what}: {name}", round(value, 2), unit, than, by
