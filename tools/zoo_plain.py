"""Systems whose figure is an experiment's accuracy as it ships, over a few seeds (docs/zoo.md). A part of tools/zoo.py.

SEEDS=n runs of each in place of its own."""
import os
import re
import statistics
from collections import namedtuple

import zoo_fields
import zoo_run


def widened(folder, name, copies):
    """The experiment on a mesh that is as many times as wide, as a file in FOLDER: there copies lie side by side."""
    os.makedirs(folder, exist_ok=True)
    text = zoo_run.text_of(name)
    fabric = re.search(r"^fabric: (\S+)", text, re.M).group(1)
    text = text.replace(f"fabric: {fabric}", "fabric: fabric.yaml")
    with open(f"netlists/fabrics/{fabric}.yaml") as f:
        mesh = re.sub(r"width: *(\d+)", lambda m: f"width: {copies * int(m.group(1))}", f.read())
    for path, what in (("fabric.yaml", mesh), ("experiment.yaml", text)):
        with open(os.path.join(folder, path), "w") as f:
            f.write(what)
    return os.path.join(folder, "experiment.yaml")


class Plain(namedtuple("Plain", "NAME limit ask seeds asked experiment copies segment", defaults=(None, None, None))):
    """An experiment (that of its name, if no other), the pictures it learns and the test pictures it is asked about, what the mean is asked to be,
    and how many copies vote, if not as many as it says: on a mesh so many times as wide. segment: of so many neurons of E, whose weights after the first
    seed are fields.png there, a line a segment."""

    def measure(self, stoa, folder):
        """(figure, value, unit, asked, command) of each."""
        experiment = self.experiment or self.NAME
        words = ["--limit", str(self.limit), "--ask", str(self.ask)] + (["--copies", str(self.copies)] if self.copies else [])
        seeds = range(1, int(os.environ.get("SEEDS", self.seeds)) + 1)
        got = []
        for seed in seeds:
            place = os.path.join(folder, self.NAME, str(seed))
            of = widened(place, experiment, self.copies) if self.copies else experiment
            got.append(100 * zoo_run.result(stoa, place, of, seed=seed, more=words)["accuracy"])
        if self.segment:
            panels = zoo_fields.fields(os.path.join(folder, self.NAME, "1", "trained.img"))
            zoo_fields.picture(os.path.join(folder, self.NAME, "fields.png"),
                               [panels[k:k + self.segment] for k in range(0, len(panels), self.segment)])
        by = f"stoa train netlists/experiments/{experiment}.yaml {' '.join(words)}, {len(got)} seeds (make zoo{' ONLY=' + self.NAME if self.copies else ''})"
        yield f"{self.NAME}: mean", round(statistics.mean(got), 1), "%", self.asked, by
        yield f"{self.NAME}: lowest", round(min(got), 1), "%", "", by
