#!/usr/bin/env python3
"""faults.py STOA [--figures] - mappings onto broken chips: hops, cores and what is refused against the rate of faults.

    make faults             shipped networks, SEEDS (default 5) chips for each kind of fault and rate: a table as in docs/mapping.md

A rate is a share of what the mesh has: of its cores, of its links, of the rows of synapses of all cores; of places of rows
(a row and a neuron) with a stuck bit a hundredth of it, since a row has as many places as a core neurons. Every image is
proven by `stoa verify`. In the end one of the broken chips runs beside the whole one on pictures: each answer and each vote is the same.
--figures prints JSON lines of `make figures`.
"""
import concurrent.futures
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile

ROWS = [("colanet", "stoa-1-small", 15), ("lenet", "stoa-1-large", 1), ("brunel-500", "stoa-1-ei", 1)]  # copies
KINDS = ["cores", "links", "rows", "bits"]
RATES = [0.001, 0.01, 0.05, 0.1]
FIGURES = [0.01, 0.1]  # of these, as JSON lines
PICTURES = 500


def line(figure, value, unit):
    value = None if value is None else round(value, 2)
    print(json.dumps({"figure": f"faults: {figure}", "value": value, "unit": unit, "asked": "", "command": "make faults"}), flush=True)


def run(*command):
    return subprocess.run([str(c) for c in command], capture_output=True, text=True)


def must(*command):
    done = run(*command)
    if done.returncode:
        sys.exit(f"faults: {' '.join(map(str, command))}: {done.stderr.strip()}")
    return done.stdout


def limits(stoa, fabric):
    """How many of each kind a fabric has."""
    text = must(stoa, "fabric", fabric)
    number = lambda key: int(re.search(rf"\b{key}: (\d+)", text).group(1))
    width, height, rows = number("width"), number("height"), number("width") * number("height") * number("axons")
    return {"cores": width * height, "links": 2 * width * height - width - height, "rows": rows, "bits": rows * number("neurons") // 100}


def broken(stoa, folder, fabric, kind, rate, seed, has):
    path = os.path.join(folder, f"{fabric}-{kind}-{rate}-{seed}.yaml")
    with open(path, "w") as out:
        out.write(must(stoa, "fabric", fabric, "--inject", f"{kind}={round(rate * has[kind])}", "--seed", seed))
    return path


def mapped(stoa, folder, network, chip, copies):
    """(hops, cores) of a copy, or None where the mapping is refused; the image stays beside the chip."""
    image = os.path.join(folder, f"{network}-{os.path.basename(chip)}.img")
    done = run(stoa, "compile", network, "-f", chip, "--copies", copies, "-o", image)
    if done.returncode == 1:
        return None
    if done.returncode:
        sys.exit(f"faults: {network} on {chip}: {done.stderr.strip()}")
    must(stoa, "verify", network, chip, image)
    routing = json.loads(must(stoa, "report", image, "--json"))
    return routing["routing"]["hops"], len(routing["cores"]) if isinstance(routing["cores"], list) else routing["cores"]


def same_answers(stoa, folder, network, fabric, chip):
    """The accuracy, where every answer and vote on a broken chip is as on a whole one."""
    pictures = ["--images", "data/mnist/t10k-images-idx3-ubyte", "--labels", "data/mnist/t10k-labels-idx1-ubyte", "--limit", PICTURES]
    said = []
    for at in (fabric, os.path.basename(chip)):
        answers = os.path.join(folder, "answers.csv")
        must(stoa, "run", os.path.join(folder, f"{network}-{at}.img"), *pictures, "--answers", answers)
        with open(answers) as text:
            said.append(text.read())
    right = [line.split(",")[1:3] for line in said[0].splitlines()[1:]]
    if said[0] != said[1]:
        sys.exit(f"faults: {network} does not answer on {chip} as on a whole chip")
    return 100 * sum(a == b for a, b in right) / len(right)


def main():
    stoa, figures = sys.argv[1], "--figures" in sys.argv
    seeds = range(1, int(os.environ.get("SEEDS", "5")) + 1)
    with tempfile.TemporaryDirectory() as folder, concurrent.futures.ThreadPoolExecutor(2) as pool:
        if not figures:
            print("| | | whole | " + " | ".join(f"{100 * r:g} %" for r in RATES) + " |\n|---|---|---|" + "---|" * len(RATES))
        witness = None
        for network, fabric, copies in ROWS:
            whole, has = mapped(stoa, folder, network, fabric, copies), limits(stoa, fabric)
            for kind in KINDS:
                cells = []
                for rate in RATES:
                    chips = [broken(stoa, folder, fabric, kind, rate, seed, has) for seed in seeds]
                    got = list(pool.map(lambda chip: mapped(stoa, folder, network, chip, copies), chips))
                    held = [g for g in got if g]
                    if held and network == "lenet" and kind == "rows":
                        witness = chips[got.index(held[0])]
                    hops = 100 * (statistics.mean(g[0] for g in held) / whole[0] - 1) if held else None
                    cores = statistics.mean(g[1] for g in held) if held else None
                    refused = 100 * (len(got) - len(held)) / len(got)
                    cells.append(f"{hops:+.1f} %, {cores:g}" + (f", {refused:g} % refused" if refused else "") if held else "refused")
                    if figures and rate in FIGURES:
                        what = f"{rate:g} % of places with a stuck bit" if kind == "bits" else f"{100 * rate:g} % of {kind} dead"
                        line(f"{network} on {fabric}, {what}: more hops", hops, "%")
                        line(f"{network} on {fabric}, {what}: refused", refused, "%")
                if not figures:
                    what = {"cores": "cores", "links": "links", "rows": "rows", "bits": "bits, a hundredth"}[kind]
                    head = f"{network}, {fabric}" + (f", {copies} copies" if copies > 1 else "") if kind == "cores" else ""
                    print(f"| {head} | {what} | {f'{whole[0]}, {whole[1]}' if kind == 'cores' else ''} | " + " | ".join(cells) + " |", flush=True)
        accuracy = same_answers(stoa, folder, "lenet", "stoa-1-large", witness)
        if figures:
            line(f"lenet, {100 * RATES[-1]:g} % of rows dead, {PICTURES} pictures, every vote as on a whole chip: accuracy", accuracy, "%")
        else:
            print(f"\nlenet, {100 * RATES[-1]:g} % of rows dead, {PICTURES} pictures: every vote is as on a whole chip, {accuracy:g} % are right")


main()
