"""zoo_forgetting.py - ways to keep what was learnt: MNIST then letters in the same columns, and five permutations of MNIST.

SEEDS (1) runs of each.
"""
import os
import statistics

import zoo_run

NAME = "against-forgetting"
SEEDS = int(os.environ.get("SEEDS", "1"))

# what, experiment, settings; published: the first task just learnt, kept, the second task
LETTERS = [("nothing", NAME, ("hold=0",), (90.8, 48.1, 78.4)), ("lateral inhibition", NAME, ("hold=0", "lateral=-1"), (94.8, 78.6, 88.9)),
           ("largest weights frozen", NAME, (), (93.6, 78.2, 69.2)), ("Langevin ranges", NAME + "-langevin", (), (93.6, 82.2, 78.3))]
PERMUTED = [("nothing", "permuted-kept", ("hold=0",)), ("lateral inhibition", "permuted-kept", ("hold=0", "lateral=-1")),
            ("largest weights frozen", "permuted-kept", ()), ("Langevin ranges", "permuted-kept-langevin", ())]


def last_rows(stoa, folder, what, experiment, settings):
    """Of each seed: accuracies in % after the first step, and after the last."""
    for k in range(SEEDS):
        t = zoo_run.tasks(stoa, os.path.join(folder, experiment, what.replace(" ", "-"), str(k + 1)), experiment, settings, k + 1)
        yield [100 * a for a in t["accuracy"][0] if a is not None], [100 * a for a in t["accuracy"][-1]]


def words(experiment, settings):
    return f"stoa train {experiment}" + "".join(f" --set {s}" for s in settings) + f", {SEEDS} seeds (make zoo)"


def measure(stoa, folder):
    lost = {}
    for what, experiment, settings, (learnt, kept, second) in LETTERS:
        rows, by = list(last_rows(stoa, folder, what, experiment, settings)), words(experiment, settings)
        means = [statistics.mean(v) for v in zip(*((first[0], last[0], last[1]) for first, last in rows))]
        lost[what] = means[0] - means[1]
        for name, value, asked in zip(("MNIST just learnt", "MNIST kept", "letters"), means, (learnt, kept, second)):
            yield f"against-forgetting, {what}: {name}", round(value, 1), "%", f"published: {asked}", by
    for what in list(lost)[1:]:
        yield (f"against-forgetting, {what}: forgetting lower by", round(lost["nothing"] / max(lost[what], 0.01), 2), "times",
               ">= 1.7" if what.startswith("Langevin") else "", "as above")
    for what, experiment, settings in PERMUTED:
        rows, by = list(last_rows(stoa, folder, what, experiment, settings)), words(experiment, settings)
        yield (f"five permutations, {what}: the first kept", round(statistics.mean(last[0] for _, last in rows), 1), "%",
               f"just learnt: {statistics.mean(first[0] for first, _ in rows):.1f}", by)
        yield f"five permutations, {what}: average accuracy", round(statistics.mean(statistics.mean(last) for _, last in rows), 1), "%", "", by
