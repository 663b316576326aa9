"""Spiking cortical columns with a readout by the delta rule on the chip, and one by backpropagation on the host (docs/zoo.md). A part of tools/zoo.py.

On the chip: experiments/cortical.yaml, one pass over the first pictures; with more than seven columns on a fabric whose core of the readout has as
many axons. On the host: the counts of the same columns as pictures of bytes,
for `stoa baseline`, a dense network with 512 hidden neurons as in the source. Results lie in FOLDER/cortical and are not made again.
Needs the shared library (make lib) and python3-numpy."""
import json
import os
import re
import subprocess
import sys

NAME = "cortical"
# columns, pictures that are learnt and that are asked about, settings, asked for
RUNS = [
    (7, 20000, 10000, (), ">= 87.4"),
    (7, 60000, 10000, (), ""),
    (64, 1500, 500, ("target=16320", "eta=0.0033"), "stated: 96.02, in 40 passes over 60,000"),
]
HOST = {"train": 3000, "t10k": 1000}   # pictures whose counts the host learns, 40 times, and is asked about
TICKS, LARGEST = 50, 50
EXPERIMENT = """experiment: counts
network: colanet-tuned
fabric: stoa-1-large
data:
  folder: .
  train: {images: train-images-idx3-ubyte, labels: train-labels-idx1-ubyte}
  test: {images: t10k-images-idx3-ubyte, labels: t10k-labels-idx1-ubyte}
  hold_out: 6
epochs: 40
"""


def once(path, make):
    """What make() gives as JSON, kept in a file."""
    if not os.path.exists(path):
        got = make()
        with open(path, "w") as f:
            json.dump(got, f)
    with open(path) as f:
        return json.load(f)


def said(words):
    return json.loads(subprocess.run(words, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout)


def experiment(columns, folder):
    """The shipped experiment, or the same with another number of columns."""
    if columns == 7:
        return NAME
    texts = []
    for path in (f"netlists/networks/{NAME}.yaml", "netlists/fabrics/stoa-1-graded.yaml", f"netlists/experiments/{NAME}.yaml"):
        with open(path) as f:
            texts.append(f.read())
    for was, now in (("columns: 7", f"columns: {columns}"), ("columns: 896", f"columns: {128 * columns}"),
                     (r"0\.\.713", f"0..{102 * columns - 1}"), (r"714\.\.", f"{102 * columns}..")):
        texts[0], times = re.subn(was, now, texts[0])
        assert times, was
    for was, now in (("axons: 1024", f"axons: {128 * columns + 64}"), ("inputs: 2048", f"inputs: {128 * columns + 64}"), ("synapse_bits: .*", "synapse_bits: 100000000"),
                     ("width: 8", "width: 10")):
        texts[1] = re.sub(was, now, texts[1])
    texts[2] = re.sub(r"\.\./networks/.*", "network.yaml", re.sub(r"\.\./fabrics/.*", "fabric.yaml", texts[2]))
    for name, text in zip(("network", "fabric", "experiment"), texts):
        with open(os.path.join(folder, f"{name}.yaml"), "w") as f:
            f.write(text)
    return os.path.join(folder, "experiment.yaml")


def count_spikes(folder):
    """Writes the counts of all columns' neurons, 28 x 32 of them, as idx files."""
    sys.path.insert(0, "python")
    import numpy as np
    import stoa

    image = stoa.compile(NAME, "stoa-1-graded")
    number, size = image.populations["COUNT"].number, image.populations["COUNT"].size
    run = image.run()
    for part, pictures in HOST.items():
        pixels = np.fromfile(f"data/mnist/{part}-images-idx3-ubyte", np.uint8)[16:].reshape(-1, 784)[:pictures].astype(int)
        labels = np.fromfile(f"data/mnist/{part}-labels-idx1-ubyte", np.uint8)[8:][:pictures]
        counts = np.zeros((pictures, size), int)
        for i, picture in enumerate(pixels):
            rest = np.zeros(784, int)          # the encoder `accumulator`
            for _ in range(TICKS):
                rest += picture
                run.inject("R", np.flatnonzero(rest >= 255))
                rest[rest >= 255] -= 255
                spikes = run.step(1)
                counts[i] += np.bincount(spikes["index"][spikes["population"] == number], minlength=size)
            run.step(5)
        shown = np.minimum(counts * (255 // LARGEST), 255).astype(np.uint8)
        with open(os.path.join(folder, f"{part}-images-idx3-ubyte"), "wb") as f:
            f.write(np.array([0x803, pictures, 28, size // 28], ">u4").tobytes() + shown.tobytes())
        with open(os.path.join(folder, f"{part}-labels-idx1-ubyte"), "wb") as f:
            f.write(np.array([0x801, pictures], ">u4").tobytes() + labels.tobytes())


def host(stoa, folder):
    count_spikes(folder)
    path = os.path.join(folder, "counts.yaml")
    with open(path, "w") as f:
        f.write(EXPERIMENT)
    return said([stoa, "baseline", path, "--data", folder, "--json"])


def measure(stoa, folder):
    """(figure, value, unit, asked, command) of each."""
    place = os.path.join(folder, NAME)
    os.makedirs(place, exist_ok=True)
    for columns, pictures, tested, settings, asked in RUNS:
        out = os.path.join(place, f"{columns}-{pictures}")
        os.makedirs(out, exist_ok=True)
        words = ["--limit", str(pictures), "--ask", str(tested)] + [word for s in settings for word in ("--set", s)]
        got = once(out + ".json", lambda: said([stoa, "train", experiment(columns, out), *words, "--data", "data", "--out", out, "--fresh", "--json"]))
        yield (f"{NAME}, {columns} columns, delta rule on the chip, {pictures} pictures once, {tested} asked", round(100 * got["accuracy"], 2), "%", asked,
               " ".join(["stoa train", NAME, *words]) if columns == 7 else f"make zoo ONLY={NAME}")
    got = once(os.path.join(place, "host.json"), lambda: host(stoa, place))
    yield (f"{NAME}, 7 columns, 512 hidden neurons on the host, {HOST['train']} pictures 40 times",
           round(100 * got["tasks"]["accuracy"][0][0], 2), "%", "", "make zoo ONLY=cortical")
