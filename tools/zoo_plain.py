"""Systems whose figure is an experiment's accuracy as it ships, over a few seeds (docs/zoo.md). A part of tools/zoo.py.

SEEDS=n runs of each in place of its own."""
import os
import statistics
from collections import namedtuple

import zoo_run


class Plain(namedtuple("Plain", "NAME limit ask seeds asked")):
    """An experiment, the pictures it learns and the test pictures it is asked about, and what the mean is asked to be."""

    def measure(self, stoa, folder):
        """(figure, value, unit, asked, command) of each."""
        words = ["--limit", str(self.limit), "--ask", str(self.ask)]
        seeds = range(1, int(os.environ.get("SEEDS", self.seeds)) + 1)
        got = [100 * zoo_run.result(stoa, os.path.join(folder, self.NAME, str(seed)), self.NAME, seed=seed, more=words)["accuracy"] for seed in seeds]
        by = f"stoa train netlists/experiments/{self.NAME}.yaml {' '.join(words)}, {len(got)} seeds (make zoo)"
        yield f"{self.NAME}: mean", round(statistics.mean(got), 1), "%", self.asked, by
        yield f"{self.NAME}: lowest", round(min(got), 1), "%", "", by
