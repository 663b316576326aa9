#!/usr/bin/env python3
"""papers.py STOA FOLDER [--figures] [NAME...] - the tables of the sources, measured: every experiment of tasks in sequence over several
seeds, with the published figures beside ours.

    make papers                     all of them, SEEDS=10 (hours; resumable: what is there is not run again)
    make papers SEEDS=2 ONLY='permuted-mnist mnist-letters'
    make papers KEEP=1              results whose network, experiment, fabric, rule or command has changed since are shown as they are

Beside each result lies a fingerprint: the command and the SHA-256 of every file it was made from. Where that is not what it would be now, the
result is stale: that is said, and it is run again. A run is `stoa train EXPERIMENT --seed N --out FOLDER/EXPERIMENT/N`; another seed is another set of permutations, draws and ensemble.
Deviations are those of the seeds (n - 1). Accuracies in %, forgetting in points. --figures prints JSON lines of `make figures`.
"""
import hashlib
import json
import math
import os
import platform
import re
import subprocess
import sys
import time

# name, with @N on letters of which hands differ by N % (docs/data.md: what was asked had been measured on letters as hard as those of 91); first: the first task's accuracy at the end and its loss are asked about, else the mean over tasks;
# published, asked (at least), aimed at: (accuracy, forgetting, the second task when it was just learnt)
ROWS = [
    ("permuted-mnist", False, (89.67, 2.75), (92, 1.3), (93.5, 0.6)),
    ("permuted-mnist-45", False, (92.39, 0.94), (93, 0.4), (94.5, 0.2)),
    ("permuted-mnist-published", False, (89.67, 2.75), (89.67, 2.75), None),
    ("permuted-mnist-45-published", False, (92.39, 0.94), (92.39, 0.94), None),
    ("permuted-letters", True, (90.87, 1.27), (92, 1), (94, 0.5)),
    ("permuted-letters-three", True, None, None, None),
    ("mnist-letters", True, (49.5, 43.4), (92.5, 3.5, 94), (93.5, 2, 95)),
    ("mnist-letters-published", True, (49.5, 43.4), None, None),
    ("letters-mnist", True, (56.35, 32.05), (None, 7.6), (None, 4)),
    ("mnist-letters@91", True, (49.5, 43.4), (92.5, 3.5, 94), (93.5, 2, 95)),
    ("letters-mnist@91", True, (56.35, 32.05), (None, 7.6), (None, 4)),
    ("split-mnist", False, None, None, None),
    ("split-mnist-domain", False, None, None, None),
    ("mnist-epochs", False, None, None, None),
]
# the sweep of the slides: CoLaNET's published mechanisms, ten permutations, the share of the weights that raises the threshold
ALPHAS = (0, 0.0166, 0.0332, 0.0664, 0.0996, 0.1328, 0.166, 0.332, 0.664)
# One mechanism or constant changed at a time, on held-out pictures: (name, what it is about, experiment, copies, pictures asked of each
# task, what all rows set, the rows)
ABLATIONS = (
    ("ablation", "MNIST, then letters, unpermuted", "mnist-letters", "3", None, ("microcolumns=15", "freeze=13", "rigid=0.02"), (
        ("all five", ()), ("no freezing", ("freeze=0",)), ("no rigid weights", ("rigid=0",)), ("neither", ("freeze=0", "rigid=0")),
        ("any match is good enough", ("vigilance=1000",)), ("only who would have fired is good enough", ("vigilance=0",)),
        ("no margin gate", ("head_start=0",)), ("freezing sooner", ("freeze=12",)), ("freezing later", ("freeze=14",)))),
    ("ablation-permuted", "ten permutations of MNIST", "permuted-mnist", "2", "2000", (), (
        ("as it ships", ()),
        ("adaptive threshold: none", ("alpha=0",)), ("adaptive threshold: half", ("alpha=0.0332",)),
        ("adaptive threshold: twice", ("alpha=0.1328",)),
        ("no virtual synapses", ("virtual=0",)), ("no renormalization", ("renormalize_at=0",)),
        ("renormalization ten times sooner", ("renormalize_at=1",)),
        ("stability 0.05", ("stability=0.05",)), ("stability 0.5", ("stability=0.5",)),
        ("noise: none", ("noise=0",)), ("noise: 2.6", ("noise=2.6",)),
        ("a winner blocks nobody", ("block=0",)), ("a winner blocks for 10 ticks", ("block=10",)),
        ("who has answered is forced too", ("answered=0",)), ("an answer keeps forcing off for 10 ticks", ("answered=-10",)),
        ("forcing 3.5", ("forcing=3.5",)), ("forcing 6", ("forcing=6",)),
        ("leak 1/10", ("leak=0.1",)), ("leak 1/2", ("leak=0.5",)),
        ("silence 8", ("silence=8",)), ("silence 8, the label at 14", ("silence=8", "label=14")),
        ("picture 14, the label at 14", ("picture=14", "label=14")), ("picture 6, the label at 6", ("picture=6", "label=6")),
        ("the label at 8", ("label=8",)),
        ("1-factor plasticity -2.6e-5 in 10 ticks", ("one_factor=0.026",)),
        ("1-factor plasticity -2.8e-4 in 10 ticks", ("one_factor=0.28",)),
        ("5 microcolumns", ("microcolumns=5",)), ("30 microcolumns", ("microcolumns=30",)),
        ("no slow-down", ("slow=0",)), ("no margin gate", ("head_start=0",)), ("neither", ("slow=0", "head_start=0")))))
# not in the slides' own network, but beside it in their table: (accuracy, forgetting), a buffer of 50 pictures
OTHERS = (("NCC", 83.47, 3.44), ("CTN", 79.70, 5.08), ("MIR", 78.31, 7.15), ("MER", 75.75, 8.74), ("GEM", 74.57, 7.40),
          ("AGEM", 69.50, 13.10), ("joint training", 89.05, None))


def named(kind, name, folder):
    """The file that a name in another file means: there, or what ships."""
    there = os.path.normpath(os.path.join(folder, name))
    return there if os.path.exists(there) else f"netlists/{kind}/{name}.yaml"


def mentioned(word, path):
    """What follows a key, anywhere in a file, comments left out."""
    with open(path) as f:
        return re.findall(rf"\b{word}:\s*([^\s,}}#]+)", re.sub(r"#.*", "", f.read()))


def sources(experiment):
    """The experiment and all that it is compiled from: networks, fabrics, rules."""
    files = {experiment}
    for kind, word in (("networks", "network"), ("fabrics", "fabric")):
        files |= {named(kind, n, os.path.dirname(experiment)) for n in mentioned(word, experiment)}
    for network in [f for f in files if "/networks/" in f]:
        files |= {f"rules/{rule}.rule" for rule in mentioned("rule", network)}
    return sorted(f for f in files if os.path.exists(f))


def fingerprint(words, experiment):
    """What a result is made from: its command, without where it goes, and its files."""
    out = {"command": " ".join(words)}
    for path in sources(experiment):
        with open(path, "rb") as f:
            out[path] = hashlib.sha256(f.read()).hexdigest()
    return out


def differs(path, now):
    """Why a result is stale, or None. One without a fingerprint says nothing of what it is of."""
    try:
        with open(path) as f:
            was = json.load(f)
    except (OSError, ValueError):
        return "it does not say what it was made from"
    changed = [k for k in sorted(set(was) | set(now)) if was.get(k) != now.get(k)]
    return f"changed since: {', '.join(changed)}" if changed else None


def easier(stoa, folder, hands):
    """A data folder whose letters are written by hands that differ less; MNIST is the one that is there."""
    out = os.path.join(folder, f"data-{hands}")
    if not os.path.exists(os.path.join(out, "letters", "README")):
        os.makedirs(out, exist_ok=True)
        link = os.path.join(out, "mnist")
        if not os.path.lexists(link):
            os.symlink(os.path.abspath("data/mnist"), link)
        subprocess.run([stoa, "data", "letters", "--hands", hands, "-o", os.path.join(out, "letters")], check=True,
                       stdout=subprocess.DEVNULL)
    return out


def run(stoa, folder, name, seed, copies=None, settings=(), validate=False, ask=None):
    """The result of one run, made if it is not there or stale; copies: in place of the network's; validate: on held-out training
    pictures; ask: of each task only so many pictures."""
    words = [name] + (["validate"] if validate else []) + ([f"copies{copies}"] if copies else []) + ([f"ask{ask}"] if ask else []) + \
        [s.replace("=", "") for s in settings]
    out = os.path.join(folder, "-".join(words), str(seed))
    path, mark = os.path.join(out, "result.json"), os.path.join(out, "fingerprint.json")
    name, _, hands = name.partition("@")
    experiment = f"netlists/experiments/{name}.yaml"
    words = ["train", experiment, "--seed", str(seed)]
    for s in settings:
        words += ["--set", s]
    words += ["--copies", copies] if copies else []
    words += ["--validate"] if validate else []
    words += ["--ask", ask] if ask else []
    words += ["--data", easier(stoa, folder, hands)] if hands else []
    now = fingerprint(words, experiment)
    why = differs(mark, now) if os.path.exists(out) else None
    if why and os.path.exists(path):
        keep = os.environ.get("KEEP") == "1"
        print(f"{out}: stale, {why}: {'kept as it is' if keep else 'run again'}", file=sys.stderr)
        if keep:
            why = None
    if why:  # nor does what was under way go on
        for old in (path, os.path.join(out, "checkpoint")):
            if os.path.exists(old):
                os.remove(old)
    if not os.path.exists(path):
        os.makedirs(out, exist_ok=True)
        with open(mark, "w") as f:
            json.dump(now, f, indent=1)
        began = time.time()
        subprocess.run([stoa] + words + ["--out", out, "--resume"], check=True, stdout=subprocess.DEVNULL)
        print(f"{name} seed {seed}: {time.time() - began:.0f} s", file=sys.stderr)
    with open(path) as f:
        return json.load(f)


def mean(values):
    return sum(values) / len(values)


def deviation(values):
    return math.sqrt(sum((v - mean(values)) ** 2 for v in values) / (len(values) - 1)) if len(values) > 1 else None


def spread(values):
    d = deviation(values)
    return f"{mean(values):6.2f}" + (f" +-{d:5.2f}" if d is not None else "        ")


def measures(result, first, which, summary):
    """Accuracy and forgetting of a result, in % and points."""
    tasks = result["tasks"]
    if not first:
        s = tasks[summary]
        return 100 * s["average_accuracy"], 100 * (s["forgetting"] or 0)
    order = [row["task"] for row in tasks["rows"]]
    j = order[0]
    column = [row[j] for row in tasks[which] if row[j] is not None]
    return 100 * column[-1], 100 * (max(column[:-1]) - column[-1])


def last_learnt(result):
    """Accuracy of the second task when it was just learnt."""
    tasks = result["tasks"]
    return 100 * tasks["accuracy"][1][tasks["rows"][1]["task"]] if len(tasks["rows"]) > 1 else None


def shown(pair):
    return f"{pair[0]:6.2f} / {pair[1]:5.2f}" if pair and pair[0] is not None else "       -       " if not pair \
        else f"     - / {pair[1]:5.2f}"


def line(figure, value, unit, asked, command):
    print(json.dumps({"figure": figure, "value": round(value, 2), "unit": unit, "asked": asked, "command": command}))


def table(stoa, folder, seeds, names, figures):
    if not figures:
        print(f"on {platform.system()} {platform.release()}, {platform.machine()}, {os.cpu_count()} cores")
        print(f"{'experiment':28} {'published':>15} {'asked':>15}   accuracy (ensemble)  forgetting        "
              f"one network       forgetting         second task   s a seed  kernels")
    for name, first, published, asked, _ in ROWS:
        if names and name not in names:
            continue
        results = [run(stoa, folder, name, s, os.environ.get("COPIES")) for s in seeds]
        copies = results[0]["copies"]
        all_ = [measures(r, first, "accuracy", "summary") for r in results]
        one = [measures(r, first, "one_network", "summary_one_network") for r in results]
        kernels = " ".join(sorted({r["variant"] for r in results}))
        seconds = mean([r["train_seconds"] + r["test_seconds"] for r in results])
        second = [last_learnt(r) for r in results if len(r["tasks"]["rows"]) == 2]
        if figures:
            file, _, hands = name.partition("@")
            by = f"stoa train netlists/experiments/{file}.yaml --seed {seeds[0]}..{seeds[-1]}" + (f" --data {folder}/data-{hands}" if hands else "")
            what = "first task kept" if first else "average accuracy"
            for k, (label, unit, sign) in enumerate(((what, "%", ">="), ("forgetting", "points", "<="))):
                want = f"{sign} {asked[k]}" if asked and asked[k] is not None else \
                    f"published: {published[k]}" if published else ""
                line(f"{name}: {label}, ensemble of {copies}", mean([v[k] for v in all_]), unit, want, by)
                d = deviation([v[k] for v in all_])
                if d is not None:
                    line(f"{name}: {label}, deviation over {len(seeds)} seeds", d, unit, "", by)
                line(f"{name}: {label}, one network", mean([v[k] for v in one]), unit, "", by)
            if second and first:
                line(f"{name}: second task when learnt, ensemble of {copies}", mean(second), "%",
                     f">= {asked[2]}" if asked and len(asked) > 2 else "", by)
            continue
        print(f"{name:28} {shown(published):>15} {shown(asked):>15}   {spread([v[0] for v in all_])}   "
              f"{spread([v[1] for v in all_])}   {spread([v[0] for v in one])}   {spread([v[1] for v in one])}   "
              f"{spread(second) if second and first else '':14}  {seconds:6.0f}    {kernels}")


def sweep(stoa, folder, seeds, figures):
    copies = os.environ.get("SWEEP_COPIES", "3")
    if not figures:
        print(f"\nalpha, published mechanisms, 15 microcolumns, {copies} copies, votes added: "
              "just learnt (mean), at the end (mean), forgetting; 10 tasks")
    for alpha in ALPHAS:
        results = [run(stoa, folder, "permuted-mnist-published", s, copies, (f"alpha={alpha}",)) for s in seeds]
        s = [r["tasks"]["summary"] for r in results]
        learnt, end, lost = (100 * mean([x[k] for x in s]) for k in ("plasticity", "average_accuracy", "forgetting"))
        if figures:
            by = f"stoa train netlists/experiments/permuted-mnist-published.yaml --copies {copies} --set alpha={alpha}"
            line(f"alpha {alpha}: just learnt, mean over 10 tasks", learnt, "%", "", by)
            line(f"alpha {alpha}: average accuracy", end, "%", "", by)
            line(f"alpha {alpha}: forgetting", lost, "points", "", by)
        else:
            print(f"  {alpha:7.4f}   {learnt:6.2f}   {end:6.2f}   {lost:6.2f}")


def ablation(stoa, folder, figures, name, about, experiment, copies, ask, base, rows):
    """One table: two tasks are shown as what was learnt, kept and learnt then; more as their means."""
    head = "the first learnt, kept, the second, forgetting" if experiment == "mnist-letters" else "just learnt, at the end, forgetting"
    if not figures:
        print(f"\n{name}: {about}, {copies} copies, votes added, held-out pictures: {head}")
    for what, settings in rows:
        settings = tuple({s.split("=")[0]: s for s in base + settings}.values())
        tasks = run(stoa, folder, experiment, 1001, copies, settings, validate=True, ask=ask)["tasks"]
        if len(tasks["rows"]) == 2:
            learnt, kept, second = (100 * tasks["accuracy"][i][j] for i, j in ((0, 0), (1, 0), (1, 1)))
            values = (("first task learnt", learnt), ("first task kept", kept), ("second task", second), ("forgetting", learnt - kept))
        else:
            values = tuple((label, 100 * (tasks["summary"][key] or 0)) for label, key in (
                ("just learnt", "plasticity"), ("average accuracy", "average_accuracy"), ("forgetting", "forgetting")))
        if figures:
            by = f"stoa train {experiment} --validate --seed 1001 --copies {copies}" + (f" --ask {ask}" if ask else "") + \
                "".join(f" --set {s}" for s in settings)
            for label, value in values:
                line(f"{name}, {what}: {label}", value, "points" if label == "forgetting" else "%", "", by)
        else:
            print(f"  {what:44} " + "   ".join(f"{value:6.2f}" for _, value in values))


def main(words):
    stoa, folder, names = words[1], words[2], [w for w in words[3:] if not w.startswith("--")]
    figures = "--figures" in words
    seeds = list(range(1, int(os.environ.get("SEEDS", "10")) + 1))
    table(stoa, folder, seeds, names, figures)
    if not names or "alpha" in names:
        sweep(stoa, folder, seeds[:1], figures)
    for table_of in ABLATIONS:
        if not names or table_of[0] in names:
            ablation(stoa, folder, figures, *table_of)
    if not names and not figures:
        print("\npublished beside them (a buffer of 50 pictures): " + "; ".join(
            f"{n} {a:.2f}" + (f" / {f:.2f}" if f is not None else "") for n, a, f in OTHERS))


if __name__ == "__main__":
    main(sys.argv)
