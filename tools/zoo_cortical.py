"""Spiking cortical columns with a readout by the delta rule on the chip, and one by backpropagation on the host (docs/zoo.md). A part of tools/zoo.py.

On the chip: experiments/cortical.yaml, one pass over the first pictures. On the host: the counts of the same columns as pictures of bytes, for `stoa
baseline`, a dense network with 512 hidden neurons as in the source. Results lie in FOLDER/cortical and are not made again.
Needs the shared library (make lib) and python3-numpy."""
import json
import os
import subprocess
import sys

import zoo_run

NAME = "cortical"
# pictures that are learnt and that are asked about, asked for
RUNS = [(20000, 10000, ">= 87.4"), (60000, 10000, "")]
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


def count_spikes(folder, path):
    """Writes the counts of all columns' neurons, 28 x 32 of them, as idx files; of an image, or of the network as it ships."""
    sys.path.insert(0, "python")
    import numpy as np
    import stoa

    image = stoa.load(path) if path else stoa.compile(NAME, "stoa-1-graded")
    number, size = image.populations["COUNT"].number, image.populations["COUNT"].size
    run = image.run()
    for part, pictures in HOST.items():
        pixels, labels = (v[:pictures] for v in zoo_run.mnist(part))
        counts = np.zeros((pictures, size), int)
        for i, picture in enumerate(pixels.reshape(-1, 784).astype(int)):
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


def host(stoa, folder, image=None):
    count_spikes(folder, image)
    path = os.path.join(folder, "counts.yaml")
    with open(path, "w") as f:
        f.write(EXPERIMENT)
    return said([stoa, "baseline", path, "--data", folder, "--json"])


def measure(stoa, folder):
    """(figure, value, unit, asked, command) of each."""
    place = os.path.join(folder, NAME)
    os.makedirs(place, exist_ok=True)
    for pictures, tested, asked in RUNS:
        out = os.path.join(place, f"7-{pictures}")
        words = ["--limit", str(pictures), "--ask", str(tested)]
        got = once(out + ".json", lambda: said([stoa, "train", NAME, *words, "--data", "data", "--out", out, "--fresh", "--json"]))
        yield (f"{NAME}, 7 columns, delta rule on the chip, {pictures} pictures once, {tested} asked", round(100 * got["accuracy"], 2), "%", asked,
               " ".join(["stoa train", NAME, *words]))
    got = once(os.path.join(place, "host.json"), lambda: host(stoa, place))
    yield (f"{NAME}, 7 columns, 512 hidden neurons on the host, {HOST['train']} pictures 40 times",
           round(100 * got["tasks"]["accuracy"][0][0], 2), "%", "", "make zoo ONLY=cortical")
