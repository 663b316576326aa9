"""A convolutional network with learnt weights, on a chip that learns and on one that does not (docs/zoo.md). A part of tools/zoo.py.

Nothing is learnt here: the network's weights lie beside it (make lenet learns them anew). What is measured is what the chip
answers to the 10,000 test pictures, and what it takes: memory of the image, energy and time of the run, by `stoa report`."""
import json
import os
import subprocess

import sheet

NAME = "lenet"
FABRICS = ("stoa-1-large", "altai-1")
PICTURES = ["--images", "data/mnist/t10k-images-idx3-ubyte", "--labels", "data/mnist/t10k-labels-idx1-ubyte"]


def said(words):
    return subprocess.run(words, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout


def measure(stoa, folder):
    """(figure, value, unit, asked, command) of each; run anew where network or fabric are younger than the result."""
    os.makedirs(os.path.join(folder, NAME), exist_ok=True)
    for fabric in FABRICS:
        image, run = (os.path.join(folder, NAME, fabric + end) for end in (".img", ".json"))
        subprocess.run([stoa, "compile", NAME, "-f", fabric, "-o", image + ".new"], check=True, stderr=subprocess.DEVNULL)
        same = os.path.exists(image) and open(image, "rb").read() == open(image + ".new", "rb").read()
        os.replace(image + ".new", image)
        if not same or not os.path.exists(run):
            answers = said([stoa, "run", image, *PICTURES, "--json"])
            with open(run, "wb") as f:
                f.write(answers)
        got = json.loads(said([stoa, "report", image, "--run", run, "--json"]))
        memory, energy = got["memory_bits"]["together"], got["energy_evaluation"]
        by = f"stoa compile {NAME} -f {fabric} -o net.img; stoa run net.img --images --labels --json; stoa report"
        yield f"{NAME} on {fabric}: accuracy", round(100 * got["accuracy"]["ensemble"], 2), "%", ">= 98", by
        yield f"{NAME} on {fabric}: cores", got["cores"], "cores", "", by
        yield f"{NAME} on {fabric}: weights", round(memory["weights"][0] / 8192, 1), "KiB", "", by
        yield f"{NAME} on {fabric}: energy", round(energy["total_pj"] / 1e6, 2), "uJ a picture", "", by
        yield f"{NAME} on {fabric}: time", round(got["latency_estimate"]["total_ns"] / 1e6, 2), "ms a picture", "", by
    picture(os.path.join(folder, NAME, "kernels.png"))


def picture(path):
    """The kernels of the first layer, and below them each channel of the second with its eight sources side by side."""
    def kernels(name, side):
        with open(f"netlists/networks/lenet/{name}.csv") as f:
            w = [int(line) / 255 for line in f]
        return [[w[k + row * side:k + (row + 1) * side] for row in range(side)] for k in range(0, len(w), side * side)]

    second = kernels("conv2", 4)
    sheet.sheet(path, [kernels("conv1", 5)] + [second[k:k + 16] for k in range(0, len(second), 16)], 8)
