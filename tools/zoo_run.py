"""zoo_run.py - one run of an experiment for a system of the zoo, taken from its folder if it is there."""
import json
import os
import subprocess


def tasks(stoa, folder, experiment, settings=(), seed=1, more=()):
    """The `tasks` of the result of `stoa train EXPERIMENT` in FOLDER: a shipped one's name, or a file. It is of these words and this text of the experiment,
    or run again."""
    file = experiment if experiment.endswith(".yaml") else f"netlists/experiments/{experiment}.yaml"
    words = ["train", file, "--seed", str(seed), *more]
    for s in settings:
        words += ["--set", s]
    with open(words[1]) as f:
        of = " ".join(words) + "\n" + f.read()
    mark, result = os.path.join(folder, "run-of"), os.path.join(folder, "result.json")
    if not os.path.exists(result) or not os.path.exists(mark) or open(mark).read() != of:
        os.makedirs(folder, exist_ok=True)
        subprocess.run([stoa, *words, "--out", folder, "--fresh"], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        with open(mark, "w") as f:
            f.write(of)
    with open(result) as f:
        return json.load(f)["tasks"]
