"""zoo_run.py - one run of an experiment for a system of the zoo, taken from its folder if it is there."""
import json
import os
import re
import subprocess


def result(stoa, folder, experiment, settings=(), seed=1, more=()):
    """The result of `stoa train EXPERIMENT` in FOLDER: a shipped one's name, or a file. It is of these words and these texts of the experiment and its
    network, or run again."""
    path = experiment if experiment.endswith(".yaml") else f"netlists/experiments/{experiment}.yaml"
    words = ["train", path, "--seed", str(seed), *more]
    for s in settings:
        words += ["--set", s]
    with open(path) as f:
        text = f.read()
    network = re.search(r"^network: *(\S+)", text, re.M).group(1)
    with open(os.path.join(os.path.dirname(path), network) if network.endswith(".yaml") else f"netlists/networks/{network}.yaml") as f:
        of = " ".join(words) + "\n" + text + f.read()
    mark, got = os.path.join(folder, "run-of"), os.path.join(folder, "result.json")
    if not os.path.exists(got) or not os.path.exists(mark) or open(mark).read() != of:
        os.makedirs(folder, exist_ok=True)
        subprocess.run([stoa, *words, "--out", folder, "--fresh"], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        with open(mark, "w") as f:
            f.write(of)
    with open(got) as f:
        return json.load(f)


def tasks(stoa, folder, experiment, settings=(), seed=1, more=()):
    """The `tasks` of it."""
    return result(stoa, folder, experiment, settings, seed, more)["tasks"]
