"""zoo_stdp_kept.py - ways to keep what was learnt, in the segments of STDP and All-LTD: three digits, then three letters. A part of tools/zoo.py.

CHOICES (8) of three digits and three letters, drawn, each with a seed of its own; the same for all rows. 200 pictures of each task are learnt and
the first 300 test pictures of its classes asked. As in zoo_forgetting.py, what finds ranges learns the first task once more, so there is a
control. Forgetting is that of the means: the first task's accuracy before the letters less that after them."""
import os
import random
import re
import statistics

import zoo_fields
import zoo_run

NAME = "stdp-ltd-kept"
CHOICES = int(os.environ.get("CHOICES", "8"))
ASK = 300

# what, experiment, settings
ROWS = [("nothing", NAME, ("hold=0",)),
        ("lateral inhibition for 5 ticks", NAME, ("hold=0", "lateral=-5")),
        ("largest weights frozen", NAME, ()),
        ("the first task twice", NAME + "-langevin", ("ranges=1",)),
        ("Langevin ranges", NAME + "-langevin", ()),
        ("lateral inhibition for 20 ticks", NAME, ("hold=0", "lateral=-20")),
        ("nothing, changes of stdp-ltd", NAME, ("hold=0", "a_plus=0.01", "a_minus=0.0105"))]
PICTURED = ("nothing", "largest weights frozen", "Langevin ranges", "lateral inhibition for 20 ticks")


def choices(count=CHOICES):
    """(digits, letters) of each."""
    draw = random.Random(11)
    return [tuple(sorted(draw.sample(range(10), 3)) for _ in range(2)) for _ in range(count)]


def chosen(folder, experiment, **classes_of):
    """The experiment with other classes of its tasks, as a file in FOLDER."""
    text = zoo_run.text_of(experiment)
    for task, classes in classes_of.items():
        text, times = re.subn(rf"(task: {task}, .*classes: )\[[^\]]*\]", rf"\g<1>{classes}", text)
        assert times == 1, task
    path = os.path.join(folder, f"{experiment}.yaml")
    os.makedirs(folder, exist_ok=True)
    with open(path, "w") as f:
        f.write(text)
    return path


def as_folder(what):
    return re.sub(r"[ ,]+", "-", what)


def row(stoa, folder, what, experiment, settings):
    """Means over the choices, in %: digits before letters, digits kept, letters; and of each choice what was forgotten."""
    got = []
    for k, (digits, letters) in enumerate(choices()):
        place = os.path.join(folder, NAME, as_folder(what), str(k + 1))
        a = zoo_run.tasks(stoa, place, chosen(place, experiment, digits=digits, letters=letters), settings, k + 1, ("--ask", str(ASK)))["accuracy"]
        got.append([100 * v for v in (max(r[0] for r in a[:-1]), *a[-1])])
    return [statistics.mean(v) for v in zip(*got)], [before - kept for before, kept, _ in got]


def picture(folder):
    """What the first choice has after the letters: a line for each row of PICTURED, three neurons of each segment."""
    panels = [zoo_fields.fields(os.path.join(folder, NAME, as_folder(what), "1", "trained.img")) for what in PICTURED]
    zoo_fields.picture(os.path.join(folder, NAME, "fields.png"), [[p[10 * k + n] for k in range(3) for n in range(3)] for p in panels])


def measure(stoa, folder):
    """(figure, value, unit, asked, command) of each."""
    lost = {}
    for what, experiment, settings in ROWS:
        means, lost[what] = row(stoa, folder, what, experiment, settings)
        by = f"stoa train {experiment}" + "".join(f" --set {s}" for s in settings) + f" --ask {ASK}, {CHOICES} choices of classes (make zoo)"
        for name, value in zip(("digits before letters", "digits kept", "letters"), means):
            yield f"{NAME}, {what}: {name}", round(value, 1), "%", "", by
        yield f"{NAME}, {what}: both at the end", round((means[1] + means[2]) / 2, 1), "%", "", by
        yield f"{NAME}, {what}: forgotten", round(statistics.mean(lost[what]), 1), "points", "", by
    picture(folder)
    for what, than in (("lateral inhibition for 5 ticks", "nothing"), ("lateral inhibition for 20 ticks", "nothing"),
                       ("largest weights frozen", "nothing"), ("the first task twice", "nothing"), ("Langevin ranges", "nothing"),
                       ("Langevin ranges", "the first task twice")):
        less = [a - b for a, b in zip(lost[than], lost[what])]
        yield f"{NAME}, {what}: forgotten less than with {than}", round(statistics.mean(less), 1), "points", "", "as above"
        if CHOICES > 1:
            yield f"{NAME}, {what}: its standard error over choices", round(statistics.stdev(less) / CHOICES ** 0.5, 1), "points", "", "as above"
        # less than half a point counts as that, so that who loses nothing is not better without end
        yield (f"{NAME}, {what}: forgetting lower than with {than}, at least",
               round(statistics.mean(lost[than]) / max(statistics.mean(lost[what]), 0.5), 1), "times",
               ">= 1.7" if what == "Langevin ranges" else "", "as above")
