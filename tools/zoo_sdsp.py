"""Ten neurons that learn digits by ODIN's own rule, in its bits (docs/zoo.md). A part of tools/zoo.py.

SEEDS (5) runs of 5,000 pictures, each asked about 1,000 of the test set."""
import json
import os
import statistics
import subprocess

NAME = "sdsp-odin"
WORDS = ["--limit", "5000", "--ask", "1000"]


def accuracy(stoa, folder, seed):
    """In %; run if it is not there."""
    out = os.path.join(folder, NAME, str(seed))
    if not os.path.exists(os.path.join(out, "result.json")):
        subprocess.run([stoa, "train", f"netlists/experiments/{NAME}.yaml", "--fresh", "--out", out, "--seed", str(seed), *WORDS],
                       check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    with open(os.path.join(out, "result.json"), encoding="utf-8") as f:
        return 100 * json.load(f)["accuracy"]


def measure(stoa, folder):
    """(figure, value, unit, asked, command) of each."""
    got = [accuracy(stoa, folder, seed) for seed in range(1, int(os.environ.get("SEEDS", "5")) + 1)]
    by = f"stoa train netlists/experiments/{NAME}.yaml --limit 5000 --ask 1000, {len(got)} seeds (make zoo)"
    yield f"{NAME}: mean", round(statistics.mean(got), 1), "%", "", by
    yield f"{NAME}: lowest", round(min(got), 1), "%", "", by
