"""zoo_triples.py - STDP and All-LTD on three classes of MNIST (docs/zoo.md). A part of tools/zoo.py.

Over DRAWS (20) random choices of three classes, each with its own seed; the choices are the same for all rows. Accuracies over 1,000 test
pictures; deviations are those of the choices (n - 1)."""
import os
import random
import re
import statistics
from collections import namedtuple

import zoo_run

BASE = "stdp-ltd"  # the experiment


def choices(count):
    """Three different classes each, drawn from a seed of their own."""
    draw = random.Random(7)
    return [sorted(draw.sample(range(10), 3)) for _ in range(count)]


class Triples(namedtuple("Triples", "NAME about settings rounds published asked")):
    """The experiment with settings, its pictures learnt `rounds` times, what is published (mean, deviation), and what the mean is asked to be."""

    def experiment(self, folder, classes):
        """A file of it with other classes, its network and fabric by their names."""
        text = re.sub(r"classes: \[[^\]]*\]", f"classes: {classes}", zoo_run.text_of(BASE))
        if self.rounds > 1:
            text = text.replace("learn: all", f"learn: all, epochs: {self.rounds}")
        os.makedirs(folder, exist_ok=True)
        path = os.path.join(folder, "experiment.yaml")
        with open(path, "w") as f:
            f.write(text)
        return path

    def measure(self, stoa, folder):
        """(figure, value, unit, asked, command) of each."""
        got = []
        for k, classes in enumerate(choices(int(os.environ.get("DRAWS", "20")))):
            out = os.path.join(folder, self.NAME, "-".join(str(c) for c in classes))
            ran = zoo_run.result(stoa, out, self.experiment(out, classes), self.settings, seed=k + 1, more=("--ask", "1000"))
            got.append(100 * ran["tasks"]["accuracy"][0][0])
        by = f"stoa train netlists/experiments/{BASE}.yaml" + "".join(f" --set {s}" for s in self.settings) + \
            (f", epochs: {self.rounds}" if self.rounds > 1 else "") + f", {len(got)} choices of classes (make zoo)"
        about = f"{self.NAME}, three classes, {self.about}"
        mean, deviation = self.published
        yield f"{about}: published", mean, f"% +- {deviation}", "", "D. Antonov, thesis"
        yield f"{about}: mean", round(statistics.mean(got), 1), "%", self.asked, by
        yield f"{about}: deviation", round(statistics.stdev(got) if len(got) > 1 else 0, 1), "points", "", by
        yield f"{about}: lowest", round(min(got), 1), "%", "", by
