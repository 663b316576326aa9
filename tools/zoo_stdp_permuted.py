"""zoo_stdp_permuted.py - zoo_stdp_kept.py's ways to keep what was learnt, over five permutations of three digits. A part of tools/zoo.py.

CHOICES (5) of three digits, drawn, each with a seed of its own, which draws the permutations, too; the same for all rows. 200 pictures of each
permutation are learnt and the first 300 test pictures asked of each that has been learnt so far."""
import os
import statistics

import zoo_run
from zoo_stdp_kept import ASK, as_folder, choices, chosen

NAME = "stdp-ltd-permuted"
CHOICES = int(os.environ.get("CHOICES", "5"))

# what, experiment, settings
ROWS = [("nothing", NAME, ("hold=0",)),
        ("lateral inhibition for 5 ticks", NAME, ("hold=0", "lateral=-5")),
        ("largest weights frozen", NAME, ()),
        ("the first twice", NAME + "-langevin", ("ranges=1",)),
        ("Langevin ranges", NAME + "-langevin", ()),
        ("lateral inhibition for 20 ticks", NAME, ("hold=0", "lateral=-20"))]
BEFORE, KEPT, LEARNT, END, FORGOTTEN = "the first before the others", "the first kept", "each just learnt", "all at the end", "forgotten"


def row(stoa, folder, what, experiment, settings):
    """What came out, in %, each a list over the choices. Forgotten is, of all but the last, the best there was less the end (`stoa train`)."""
    got = {name: [] for name in (BEFORE, KEPT, LEARNT, END, FORGOTTEN)}
    for k, (digits, _) in enumerate(choices(CHOICES)):
        place = os.path.join(folder, NAME, as_folder(what), str(k + 1))
        tasks = zoo_run.tasks(stoa, place, chosen(place, experiment, P=digits), settings, k + 1, ("--ask", str(ASK)))
        first, summary = [r[0] for r in tasks["accuracy"]], tasks["summary"]
        only = sum(r["task"] == 0 for r in tasks["rows"])  # rows before the others
        for name, value in ((BEFORE, max(first[:only])), (KEPT, first[-1]), (LEARNT, summary["plasticity"]),
                            (END, summary["average_accuracy"]), (FORGOTTEN, summary["forgetting"])):
            got[name].append(100 * value)
    return got


def measure(stoa, folder):
    """(figure, value, unit, asked, command) of each."""
    all_got = {}
    for what, experiment, settings in ROWS:
        all_got[what] = got = row(stoa, folder, what, experiment, settings)
        by = f"stoa train {experiment}" + "".join(f" --set {s}" for s in settings) + f" --ask {ASK}, {CHOICES} choices of classes (make zoo)"
        for name, values in got.items():
            yield f"{NAME}, {what}: {name}", round(statistics.mean(values), 1), "points" if name == FORGOTTEN else "%", "", by
    nothing = all_got["nothing"]
    lost = {what: [before - kept for before, kept in zip(got[BEFORE], got[KEPT])] for what, got in all_got.items()}
    for what, *_ in ROWS[1:]:
        more = [a - b for a, b in zip(all_got[what][END], nothing[END])]
        less = [a - b for a, b in zip(lost["nothing"], lost[what])]
        for name, values in ((f"{END} more", more), ("of the first forgotten less", less)):
            error = f"+- {statistics.stdev(values) / CHOICES ** 0.5:.1f} " if CHOICES > 1 else ""
            yield f"{NAME}, {what}: {name} than with nothing", round(statistics.mean(values), 1), f"{error}points", "", "as above"
        # less than half a point counts as that, so that who loses nothing is not better without end
        yield (f"{NAME}, {what}: of the first forgotten less, at least", round(statistics.mean(lost["nothing"]) / max(statistics.mean(lost[what]), 0.5), 1),
               "times", ">= 1.7" if what == "Langevin ranges" else "", "as above")
