"""zoo_forgetting.py - ways to keep what was learnt: MNIST then letters in the same columns, and five permutations of MNIST.

SEEDS (1) runs of each. What Langevin ranges look at while there is noise is the first task once more, so there is a control: the same
experiment with `ranges` 1 throughout, which learns it twice and keeps nothing to a range.
"""
import json
import os
import statistics
import subprocess

import zoo_run

NAME = "against-forgetting"
SEEDS = int(os.environ.get("SEEDS", "1"))

# what, experiment, settings; published: the first task before the second, kept, the second task
LETTERS = [("nothing", NAME, ("hold=0",), (90.8, 48.1, 78.4)),
           ("lateral inhibition", NAME, ("hold=0", "lateral=-1"), (94.8, 78.6, 88.9)),
           ("largest weights frozen", NAME, (), (93.6, 78.2, 69.2)),
           ("the first task twice", NAME + "-langevin", ("ranges=1",), None),
           ("Langevin ranges", NAME + "-langevin", (), (93.6, 82.2, 78.3)),
           ("lateral inhibition for 3 ticks", NAME, ("hold=0", "lateral=-3"), None),
           ("Langevin ranges, noise of 0.05", NAME + "-langevin", ("deviation=0.05",), None),
           ("Langevin ranges, quantiles 0.02 and 0.98", NAME + "-langevin", ("lower=0.02", "upper=0.98"), None)]
PERMUTED = [("nothing", "permuted-kept", ("hold=0",)), ("lateral inhibition", "permuted-kept", ("hold=0", "lateral=-1")),
            ("largest weights frozen", "permuted-kept", ()),
            ("the first task twice", "permuted-kept-langevin", ("ranges=1",)), ("Langevin ranges", "permuted-kept-langevin", ())]


def rows(stoa, folder, what, experiment, settings):
    """Of each seed, in %: the first task's best accuracy before the last row, and the last row."""
    for k in range(SEEDS):
        t = zoo_run.tasks(stoa, os.path.join(folder, experiment, what.replace(" ", "-"), str(k + 1)), experiment, settings, k + 1)
        yield 100 * max(row[0] for row in t["accuracy"][:-1]), [100 * a for a in t["accuracy"][-1]]


def words(experiment, settings):
    return f"stoa train {experiment}" + "".join(f" --set {s}" for s in settings) + f", {SEEDS} seeds (make zoo)"


def memory(stoa, folder, ranges):
    """Bits of one network on its fabric."""
    image = os.path.join(folder, NAME, "memory.img")
    words = [stoa, "compile", NAME, "-f", "stoa-1-graded", "--copies", "1", "--set", f"ranges={ranges}", "-o", image]
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    got = subprocess.run([stoa, "report", image, "--json"], check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout
    return json.loads(got)["memory_bits"]["together"]["together"][0]


def measure(stoa, folder):
    os.makedirs(os.path.join(folder, NAME), exist_ok=True)
    bits = [memory(stoa, folder, ranges) for ranges in (0, 3)]
    for what, value in zip(("without ranges", "with ranges"), bits):
        yield (f"against-forgetting, memory of a network {what}", round(value / 8192, 1), "KiB", "",
               "stoa compile against-forgetting -f stoa-1-graded --copies 1 [--set ranges=3] -o net.img; stoa report net.img")
    lost = {}
    for what, experiment, settings, published in LETTERS:
        got, by = list(rows(stoa, folder, what, experiment, settings)), words(experiment, settings)
        means = [statistics.mean(v) for v in zip(*((before, last[0], last[1]) for before, last in got))]
        lost[what] = means[0] - means[1]
        for i, name in enumerate(("MNIST before letters", "MNIST kept", "letters")):
            yield (f"against-forgetting, {what}: {name}", round(means[i], 1), "%", f"published: {published[i]}" if published else "", by)
        yield (f"against-forgetting, {what}: both at the end", round((means[1] + means[2]) / 2, 1), "%",
               f"published: {(published[1] + published[2]) / 2:.1f}" if published else "", by)
    for what, than, asked in (("lateral inhibition", "nothing", ""), ("largest weights frozen", "nothing", ""),
                              ("the first task twice", "nothing", ""), ("Langevin ranges", "nothing", ">= 1.7"),
                              ("Langevin ranges", "the first task twice", "")):
        yield (f"against-forgetting, {what}: forgetting lower than with {than}", round(lost[than] / max(lost[what], 0.01), 2), "times", asked,
               "as above")
    for what, experiment, settings in PERMUTED:
        got, by = list(rows(stoa, folder, what, experiment, settings)), words(experiment, settings)
        yield (f"five permutations, {what}: the first kept", round(statistics.mean(last[0] for _, last in got), 1), "%",
               f"before: {statistics.mean(before for before, _ in got):.1f}", by)
        yield f"five permutations, {what}: average accuracy", round(statistics.mean(statistics.mean(last) for _, last in got), 1), "%", "", by
