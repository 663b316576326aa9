"""Systems whose figure is an experiment's accuracy as it ships, over a few seeds (docs/zoo.md). A part of tools/zoo.py.

SEEDS=n runs of each in place of its own."""
import json
import os
import statistics
import subprocess
from collections import namedtuple


class Plain(namedtuple("Plain", "NAME limit ask seeds asked")):
    """An experiment, the pictures it learns and the test pictures it is asked about, and what the mean is asked to be."""

    def words(self):
        return ["--limit", str(self.limit), "--ask", str(self.ask)]

    def accuracy(self, stoa, folder, seed):
        """In %; run if it is not there."""
        out = os.path.join(folder, self.NAME, str(seed))
        if not os.path.exists(os.path.join(out, "result.json")):
            subprocess.run([stoa, "train", f"netlists/experiments/{self.NAME}.yaml", "--fresh", "--out", out, "--seed", str(seed), *self.words()],
                           check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        with open(os.path.join(out, "result.json"), encoding="utf-8") as f:
            return 100 * json.load(f)["accuracy"]

    def measure(self, stoa, folder):
        """(figure, value, unit, asked, command) of each."""
        got = [self.accuracy(stoa, folder, seed) for seed in range(1, int(os.environ.get("SEEDS", self.seeds)) + 1)]
        by = f"stoa train netlists/experiments/{self.NAME}.yaml {' '.join(self.words())}, {len(got)} seeds (make zoo)"
        yield f"{self.NAME}: mean", round(statistics.mean(got), 1), "%", self.asked, by
        yield f"{self.NAME}: lowest", round(min(got), 1), "%", "", by
