"""zoo_run.py - one run of an experiment for a system of the zoo, taken from its folder if it is there."""
import json
import os
import re
import subprocess
import sys


def text_of(experiment):
    """A shipped experiment's text with its network and fabric by their names, so that it may lie anywhere."""
    with open(f"netlists/experiments/{experiment}.yaml") as f:
        return re.sub(r"\.\./(?:networks|fabrics)/([a-z0-9-]+)\.yaml", r"\1", f.read())


def network_of(path):
    """The file of the network that an experiment's file names."""
    with open(path) as f:
        network = re.search(r"^network: *(\S+)", f.read(), re.M).group(1)
    return os.path.join(os.path.dirname(path), network) if network.endswith(".yaml") else f"netlists/networks/{network}.yaml"


def rules_of(network):
    """Those of the shipped rules that a network's file names."""
    with open(network) as f:
        named = set(re.findall(r"rule: *([a-z0-9-]+)", f.read()))
    return [path for path in (f"rules/{name}.rule" for name in sorted(named)) if os.path.exists(path)]


def is_of(mark, of):
    """Whether this file is there and says this."""
    if not os.path.exists(mark):
        return False
    with open(mark) as f:
        return f.read() == of


def result(stoa, folder, experiment, settings=(), seed=1, more=()):
    """The result of `stoa train EXPERIMENT` in FOLDER: a shipped one's name, or a file. It is of these words and these texts of the experiment,
    its network and rules, or run again."""
    path = experiment if experiment.endswith(".yaml") else f"netlists/experiments/{experiment}.yaml"
    words = ["train", path, "--seed", str(seed), *more]
    for s in settings:
        words += ["--set", s]
    of = " ".join(words) + "\n"
    network = network_of(path)
    for text in (path, network, *rules_of(network)):
        with open(text) as f:
            of += f.read()
    mark, got = os.path.join(folder, "run-of"), os.path.join(folder, "result.json")
    if not is_of(mark, of) or not os.path.exists(got):
        begun = os.path.join(folder, "begun-of")
        if not is_of(begun, of):  # what another run has left is not gone on from
            os.makedirs(folder, exist_ok=True)
            for left in ("checkpoint", "run-of"):
                if os.path.exists(os.path.join(folder, left)):
                    os.remove(os.path.join(folder, left))
            with open(begun, "w") as f:
                f.write(of)
        how = "--resume" if os.path.exists(os.path.join(folder, "checkpoint")) else "--fresh"
        ran = subprocess.run([stoa, *words, "--out", folder, how], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        if ran.returncode:
            sys.exit(f"zoo: {' '.join([stoa, *words, '--out', folder, how])}: {ran.stderr or ran.returncode}")
        os.replace(begun, mark)
    with open(got) as f:
        return json.load(f)


def tasks(stoa, folder, experiment, settings=(), seed=1, more=()):
    """The `tasks` of it."""
    return result(stoa, folder, experiment, settings, seed, more)["tasks"]


def mnist(part):
    """Pictures [count, 28, 28] and labels of "train" or "t10k"."""
    import numpy as np

    pixels, labels = (np.fromfile(f"data/mnist/{part}-{what}-ubyte", np.uint8) for what in ("images-idx3", "labels-idx1"))
    return pixels[16:].reshape(-1, 28, 28), labels[8:]
