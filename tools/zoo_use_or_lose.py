"""zoo_use_or_lose.py - 'use it or lose it': spikes for known and unknown digits and for noise, with and without decay.

SEEDS (1) runs of each, LIMIT pictures learnt in place of 15,000, ASK (500) test pictures of each kind.
"""
import os
import statistics

import zoo_run

NAME = "use-or-lose"
SEEDS, LIMIT, ASK = (int(os.environ.get(k, d)) for k, d in (("SEEDS", "1"), ("LIMIT", "15000"), ("ASK", "500")))

# task, what the thesis counts without and with decay, asked of what is kept
KINDS = [("Known", 416, 344, ">= 80"), ("Unknown", 346, 240, "less than of known ones"), ("White", 3162, 1, "about none"),
         ("Blurred", 3265, 1, "about none")]


def spikes(stoa, folder, settings, name, seed):
    """Spikes of E for a picture, by task, at the end; accuracy on known digits in %."""
    t = zoo_run.tasks(stoa, os.path.join(folder, NAME, f"{name}-{LIMIT}-{ASK}", str(seed)), NAME, settings, seed,
                      ("--limit", str(LIMIT), "--ask", str(ASK)))
    of = next(m for m in t["measures"] if m["name"] == "spikes")
    last = dict(zip(t["names"], of["mean"][-1]))
    return {k: v[of["of"].index("E")] for k, v in last.items() if v}, 100 * t["accuracy"][-1][t["names"].index("Known")]


def measure(stoa, folder):
    by = f"stoa train use-or-lose [--set lifetime=0] --limit {LIMIT} --ask {ASK}, {SEEDS} seeds (make zoo)"
    runs = [[spikes(stoa, folder, s, n, k + 1) for k in range(SEEDS)] for s, n in ((("lifetime=0",), "without"), ((), "with"))]
    for task, before, after, asked in KINDS:
        without, with_ = (statistics.mean(r[0][task] for r in kind) for kind in runs)
        yield f"use-or-lose: {task}, spikes a picture without decay", round(without, 2), "spikes", f"published: {before} in all", by
        yield f"use-or-lose: {task}, spikes a picture with decay", round(with_, 2), "spikes", f"published: {after} in all", by
        yield f"use-or-lose: {task}, kept", round(100 * with_ / without, 1) if without else 0, "%", asked, by
    for name, kind in zip(("without", "with"), runs):
        yield f"use-or-lose: known digits right, {name} decay", round(statistics.mean(r[1] for r in kind), 1), "%", "", by
