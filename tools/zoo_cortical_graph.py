"""Spiking cortical columns in a small world: what links, learning, cutting and forming contribute (docs/zoo.md). A part of tools/zoo.py.

Seven columns: SEEDS (5) runs of each form, each with a graph and columns of its own, 3,000 pictures once, all 10,000 of the test set asked; and
the links at the end, links.png there. 64 columns: a run on one thread and the same on two, on a fabric whose core of the readout has as many axons; its mesh and traffic are `stoa report`'s.
Results lie in FOLDER/cortical-graph and are not made again. Needs the shared library (make lib) and python3-numpy."""
import os
import re
import statistics
import sys

import zoo_cortical
import zoo_run

NAME = "cortical-graph"
WORDS = ["--limit", "3000", "--ask", "10000", "--data", "data"]
STAY = ("a_plus=0", "a_minus=0", "prune_usage=0", "prune_weight=0", "form_at=1")
FORMS = [
    ("no graph", ("push=0", *STAY)),
    ("a column hears its own rate alone", ("influence=0", *STAY)),
    ("links that stay", STAY),
    ("links that learn and are cut", ("form_at=1",)),
    ("links that learn, are cut and form", ()),
    ("the source's thresholds", ("link=0", "spread=0.05", "a_plus=0", "a_minus=0", "prune_usage=0.05", "prune_weight=0.1", "form_at=0.8")),
    ("the source's amplitudes, 10 to 12", ("a_plus=0.005", "form_at=1")),
]
PICTURED = (2, 3, 4, 5)
FORMING = 4   # of these, the network as it ships
COLUMNS, PICTURES, ASKED = 64, 15967, 2000
LARGE = ("target=16320", "eta=0.01")
AGAIN = 15000   # pictures that are learnt once more, with a quarter of the changes; then the others, too
WHOLE = """data:
  mnist:
    folder: mnist
    train: { images: train-images-idx3-ubyte, labels: train-labels-idx1-ubyte }
    test: { images: t10k-images-idx3-ubyte, labels: t10k-labels-idx1-ubyte }
tasks:
  - { task: once, data: mnist }
  - { task: again, data: mnist, first: AGAIN }
phases:
  - { learn: once, ask: once }
  - { learn: again, set: { eta: 0.0025 }, ask: again }
"""


def links(image, settings, seed):
    """How many links there were at the beginning, and how many of these were cut, and how many others formed. A weight of 0 is none."""
    sys.path.insert(0, "python")
    import stoa

    values = {name: float(value) for name, value in (s.split("=") for s in settings)}
    was = stoa.compile(NAME, "stoa-1-graded", seed=seed, settings=values).weight_matrix("RATE", "RATE") != 0
    now = stoa.load(image).weight_matrix("RATE", "RATE") != 0
    return was.sum(), (was & ~now).sum(), (now & ~was).sum()


def matrix(image):
    """Of the weights of an image's links, 1 the largest; from a column along a row."""
    weights = image.weight_matrix("RATE", "RATE").astype(float)
    return weights / max(1, abs(weights).max())


def picture(path, first, trained):
    """Links of the large graph as they are drawn; beside these those of seven columns after learning, in the forms' order, times 8."""
    sys.path.insert(0, "python")
    import numpy as np
    import sheet
    import stoa

    graph = matrix(stoa.compile(first, os.path.join(os.path.dirname(first), "fabric.yaml"), settings={"target": 16320, "eta": 0.01}))
    seven = [np.kron(matrix(stoa.load(image)), np.ones((8, 8))) for image in trained]
    sheet.sheet(path, [[graph.tolist(), *(m.tolist() for m in seven)]], 3)


def large(folder):
    """The network with 64 columns, on a fabric with a core of as many axons as the readout has inputs."""
    texts = []
    for path in (f"netlists/networks/{NAME}.yaml", "netlists/fabrics/stoa-1-graded.yaml", f"netlists/experiments/{NAME}.yaml"):
        with open(path) as f:
            texts.append(f.read())
    changes = [
        [("columns: 7\n", f"columns: {COLUMNS}\n"), ("columns: 896", f"columns: {128 * COLUMNS}"), (r"0\.\.713", f"0..{102 * COLUMNS - 1}"),
         (r"714\.\.", f"{102 * COLUMNS}.."), ("neighbours: 2\n", "neighbours: 8\n")],
        [("axons: 1024", f"axons: {129 * COLUMNS}"), ("inputs: 2048", f"inputs: {129 * COLUMNS}"), ("synapse_bits: .*", "synapse_bits: 100000000"),
         ("width: 8", "width: 10")],
        [(r"\.\./networks/.*", "network.yaml"), (r"\.\./fabrics/.*", "fabric.yaml")]]
    os.makedirs(folder, exist_ok=True)
    for name, text, change in zip(("network", "fabric", "experiment"), texts, changes):
        for was, now in change:
            text, times = re.subn(was, now, text)
            assert times, was
        with open(os.path.join(folder, f"{name}.yaml"), "w") as f:
            f.write(text)
    return os.path.join(folder, "experiment.yaml")


def whole(experiment):
    """The experiment over all pictures, and once more over some of them with smaller changes."""
    with open(experiment) as f:
        text = re.sub(r"^data:.*", WHOLE.replace("AGAIN", str(AGAIN)), f.read(), flags=re.M | re.S)
    path = os.path.join(os.path.dirname(experiment), "whole.yaml")
    with open(path, "w") as f:
        f.write(text)
    return path


def go_on(folder):
    """The share that the network of a folder answers rightly after the other pictures, with the changes that it has."""
    sys.path.insert(0, "python")
    import stoa

    image = stoa.load(os.path.join(folder, "trained.img"))
    pixels, labels = zoo_run.mnist("train")
    image.learn(pixels[AGAIN:], labels[AGAIN:])
    return image.ask(*zoo_run.mnist("t10k")).accuracy


def measure_whole(stoa, place):
    """The network with 64 columns after an epoch, and on from there; all test pictures asked."""
    out = os.path.join(place, f"{COLUMNS}-whole")
    asked = zoo_run.tasks(stoa, out, whole(large(os.path.join(place, str(COLUMNS)))), LARGE, 1, ["--data", "data"])["accuracy"]
    right = [asked[0][0], asked[1][1], zoo_cortical.once(os.path.join(out, "twice.json"), lambda: go_on(out))]
    for what, value in zip(("all pictures once", f"{AGAIN} again with a quarter of the changes", "all of them again"), right):
        yield f"{NAME}, {COLUMNS} columns, {what}", round(100 * value, 2), "%", "aim: 96", "make zoo ONLY=cortical-graph"


def measure(stoa, folder):
    """(figure, value, unit, asked, command) of each."""
    place = os.path.join(folder, NAME)
    seeds = range(1, int(os.environ.get("SEEDS", "5")) + 1)
    without = None
    for number, (form, settings) in enumerate(FORMS):
        got, ends = [], []
        for seed in seeds:
            of = (*settings, f"world={seed}")
            out = os.path.join(place, f"{number}-{seed}")
            got.append(100 * zoo_run.result(stoa, out, NAME, of, seed, WORDS)["accuracy"])
            ends.append(links(os.path.join(out, "trained.img"), of, seed))
        by = " ".join(["stoa train", NAME, *WORDS[:4], *(f"--set {s}" for s in settings)]) + f", {len(got)} seeds (make zoo)"
        without = without or got
        gain = [a - b for a, b in zip(got, without)]
        error = statistics.stdev(gain) / len(gain) ** 0.5 if len(gain) > 1 else 0
        yield f"{NAME}, {form}: mean", round(statistics.mean(got), 2), "%", "", by
        yield f"{NAME}, {form}: more than without a graph", round(statistics.mean(gain), 2), f"+- {error:.2f}", "", by
        for what, k in (("links at first", 0), ("of them cut", 1), ("others formed", 2)):
            yield f"{NAME}, {form}: {what}", round(statistics.mean(e[k] for e in ends), 1), "links", "", by
    counts = os.path.join(place, "host")
    os.makedirs(counts, exist_ok=True)
    image = os.path.join(place, f"{FORMING}-1", "trained.img")
    got = zoo_cortical.once(os.path.join(place, "host.json"), lambda: zoo_cortical.host(stoa, counts, image))
    yield (f"{NAME}, 512 hidden neurons on the host, {zoo_cortical.HOST['train']} pictures 40 times",
           round(100 * got["tasks"]["accuracy"][0][0], 2), "%", "", "make zoo ONLY=cortical-graph")
    out = os.path.join(place, str(COLUMNS))
    experiment = large(out)
    picture(os.path.join(place, "links.png"), os.path.join(out, "network.yaml"),
            [os.path.join(place, f"{number}-1", "trained.img") for number in PICTURED])
    words = ["--limit", str(PICTURES), "--ask", str(ASKED), "--threads"]
    got, two = (zoo_run.result(stoa, where, experiment, LARGE, 1, [*words, threads, "--data", "data"]) for where, threads in ((out, "1"), (f"{out}-two", "2")))
    assert got["image"] == two["image"], "threads made a difference"
    by = "make zoo ONLY=cortical-graph"
    yield (f"{NAME}, {COLUMNS} columns, {PICTURES} pictures once, {ASKED} asked", round(100 * got["accuracy"], 2), "%",
           "stated: 96.02, in 40 passes over 60,000", by)
    for cores, run, asked in (("one core", got, ""), ("two cores", two, "< 10")):
        yield f"{NAME}, {COLUMNS} columns: an epoch of 60,000 on {cores}", round(60000 / run["trained"] * run["train_seconds"] / 60, 1), "min", asked, by
    yield from measure_whole(stoa, place)
