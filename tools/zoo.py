#!/usr/bin/env python3
"""zoo.py STOA FOLDER [--figures] [NAME...] - the other columnar systems of the sources, measured beside what they state.

    make zoo                        all rows (resumable: what is there is not run again)
    make zoo DRAWS=5 ONLY=stdp-ltd  fewer random choices of classes, one row

A row is an experiment with settings, run over DRAWS (20) random choices of three classes, each with its own seed; the choices are the same
for all rows. Results lie in FOLDER/ROW/CHOICE with the experiment they are of. Accuracies in %, over 1,000 test pictures; deviations are those
of the choices (n - 1). --figures prints JSON lines of `make figures`.
"""
import json
import os
import random
import re
import statistics
import subprocess
import sys

import zoo_clusters
import zoo_conv
import zoo_cortical
import zoo_cortical_graph
import zoo_forgetting
import zoo_hierarchy
import zoo_lenet
import zoo_rtl
import zoo_stdp_kept
import zoo_use_or_lose
from zoo_plain import Plain

# name, what it is, experiment, settings, times the 100 pictures are learnt, published (mean, deviation), at least
ROWS = [
    ("stdp-ltd", "100 pictures, once", "stdp-ltd", (), 1, (74.9, 19.8), 80),
    ("stdp-ltd-adapt", "the same, thresholds adapt", "stdp-ltd", ("theta=3",), 1, (80.0, 13.0), 80),
    ("stdp-ltd-50", "100 pictures, 50 rounds", "stdp-ltd", (), 50, (74.9, 19.8), 87),
    ("stdp-ltd-50-adapt", "the same, thresholds adapt", "stdp-ltd", ("theta=3",), 50, (80.0, 13.0), 87),
]

# Systems of other kinds: each with NAME and measure(stoa, folder), which yields (figure, value, unit, asked, command).
SYSTEMS = [zoo_use_or_lose, zoo_forgetting, zoo_stdp_kept, zoo_cortical, zoo_cortical_graph, zoo_clusters, zoo_lenet, zoo_hierarchy, zoo_conv,
           Plain("sdsp-odin", limit=5000, ask=1000, seeds=5, asked=""), Plain("stdp-ltd-ten", limit=1000, ask=10000, seeds=2, asked=">= 85"), zoo_rtl]


def choices(count):
    """Three different classes each, drawn from a seed of their own."""
    draw = random.Random(7)
    return [sorted(draw.sample(range(10), 3)) for _ in range(count)]


def experiment(name, classes, times):
    """The experiment's text with other classes, its network and fabric by their names."""
    with open(f"netlists/experiments/{name}.yaml") as f:
        text = f.read()
    text = re.sub(r"classes: \[[^\]]*\]", f"classes: {classes}", text)
    text = re.sub(r"\.\./(?:networks|fabrics)/([a-z0-9-]+)\.yaml", r"\1", text)
    return text if times == 1 else text.replace("learn: all", f"learn: all, epochs: {times}")


def accuracy(stoa, folder, row, k, classes):
    """In %, of one choice; run if it is not there."""
    name, _, base, settings, times, _, _ = row
    out = os.path.join(folder, name, "-".join(str(c) for c in classes))
    path, text = os.path.join(out, "result.json"), experiment(base, classes, times)
    file = os.path.join(out, "experiment.yaml")
    if not os.path.exists(path) or not os.path.exists(file) or open(file).read() != text:
        os.makedirs(out, exist_ok=True)
        with open(file, "w") as f:
            f.write(text)
        words = [stoa, "train", file, "--seed", str(k + 1), "--ask", "1000", "--out", out, "--fresh"]
        for s in settings:
            words += ["--set", s]
        subprocess.run(words, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    with open(path) as f:
        return 100 * json.load(f)["tasks"]["accuracy"][0][0]


def main(words):
    stoa, folder, names = words[1], words[2], [w for w in words[3:] if not w.startswith("--")]
    figures = "--figures" in words
    draws = choices(int(os.environ.get("DRAWS", "20")))
    if not figures:
        print(f"{'row':18} {'':28} {'published':>13}   at least   measured, over {len(draws)} choices of three classes")
    for row in ROWS:
        name, about, base, settings, times, published, least = row
        if names and name not in names:
            continue
        got = [accuracy(stoa, folder, row, k, c) for k, c in enumerate(draws)]
        mean, spread = statistics.mean(got), statistics.stdev(got) if len(got) > 1 else 0
        if figures:
            by = f"stoa train netlists/experiments/{base}.yaml" + "".join(f" --set {s}" for s in settings) + \
                (f", epochs: {times}" if times > 1 else "") + f", {len(draws)} choices of classes (make zoo)"
            for label, value, unit, asked in (("mean", mean, "%", f">= {least}"), ("deviation", spread, "points", ""),
                                              ("lowest", min(got), "%", "")):
                print(json.dumps({"figure": f"{name}, three classes, {about}: {label}", "value": round(value, 1), "unit": unit,
                                  "asked": asked, "command": by}))
        else:
            print(f"{name:18} {about:28} {published[0]:6.1f} +-{published[1]:5.1f} {least:8}     {mean:6.1f} +-{spread:5.1f}   lowest {min(got):.1f}")
    for system in SYSTEMS:
        if names and system.NAME not in names:
            continue
        for figure, value, unit, asked, command in system.measure(stoa, folder):
            if figures:
                print(json.dumps({"figure": figure, "value": value, "unit": unit, "asked": asked, "command": command}))
            else:
                print(f"{figure:60} {value:10} {unit:14} {asked}")


if __name__ == "__main__":
    main(sys.argv)
