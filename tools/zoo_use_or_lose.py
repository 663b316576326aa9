"""zoo_use_or_lose.py - 'use it or lose it': spikes for known and unknown digits and for noise, with and without decay.

SEEDS (1) runs of each, LIMIT pictures learnt in place of 15,000, ASK (500) test pictures of each kind. One run is asked with several
thresholds.
"""
import os
import statistics

import zoo_fields
import zoo_run

NAME = "use-or-lose"
SEEDS, LIMIT, ASK = (int(os.environ.get(k, d)) for k, d in (("SEEDS", "1"), ("LIMIT", "15000"), ("ASK", "500")))
THRESHOLDS = (60, 80, 100)

# task, what the thesis counts without and with decay, asked of what is kept
KINDS = [("Known", 416, 344, ">= 80"), ("Unknown", 346, 240, "less than of known ones"), ("White", 3162, 1, "about none"),
         ("Blurred", 3265, 1, "about none")]
THEIRS = ("lifetime=7500", "a_plus=0.01", "a_ltd=0.01", "inhibit=-0.5", "threshold=8")   # with a_minus as the experiment has it


def rows(stoa, folder, settings, name, seed, limit):
    """For each threshold: spikes of E for a picture, by task; and accuracy on known digits in %."""
    t = zoo_run.tasks(stoa, os.path.join(folder, NAME, f"{name}-{limit}-{ASK}", str(seed)), NAME, settings, seed,
                      ("--limit", str(limit), "--ask", str(ASK)))
    of = next(m for m in t["measures"] if m["name"] == "spikes")
    neurons, known = of["of"].index("E"), t["names"].index("Known")
    return [({k: v[neurons] for k, v in zip(t["names"], means) if v}, 100 * right[known])
            for means, right in zip(of["mean"], t["accuracy"])]


def picture(folder):
    """A segment's neurons, a row without decay and below it one with."""
    of = [zoo_fields.fields(os.path.join(folder, NAME, f"{n}-{LIMIT}-{ASK}", "1", "trained.img")) for n in ("without", "with")]
    each = len(of[0]) // 3
    zoo_fields.picture(os.path.join(folder, NAME, "fields.png"), [f[each * k:each * (k + 1)] for k in range(3) for f in of])


def measure(stoa, folder):
    by = f"stoa train use-or-lose [--set lifetime=0] --limit {LIMIT} --ask {ASK}, {SEEDS} seeds (make zoo)"
    runs = [[rows(stoa, folder, s, n, k + 1, LIMIT) for k in range(SEEDS)] for s, n in ((("lifetime=0",), "without"), ((), "with"))]
    picture(folder)
    for i, threshold in enumerate(THRESHOLDS):
        name = f"use-or-lose, asked with threshold {threshold}"
        for task, before, after, asked in KINDS:
            without, with_ = (statistics.mean(r[i][0][task] for r in kind) for kind in runs)
            yield f"{name}: {task}, without decay", round(without, 2), "spikes a picture", f"published: {before} in all", by
            yield f"{name}: {task}, with decay", round(with_, 2), "spikes a picture", f"published: {after} in all", by
            yield f"{name}: {task}, kept", round(100 * with_ / without, 1) if without else 0, "%", asked, by
        for what, kind in zip(("without", "with"), runs):
            yield f"{name}: known digits right, {what} decay", round(statistics.mean(r[i][1] for r in kind), 1), "%", "", by
    few = min(LIMIT, 1000)
    theirs = rows(stoa, folder, THEIRS, "theirs", 1, few)[0][0]
    yield (f"use-or-lose, the thesis' constants, {few} pictures: Known, with decay", round(theirs["Known"], 2), "spikes a picture", "",
           "stoa train use-or-lose " + " ".join(f"--set {s}" for s in THEIRS) + f" --limit {few} --ask {ASK}")
