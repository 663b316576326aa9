"""Meta-clustering: clusterizers that share their inputs out among themselves (docs/zoo.md). A part of tools/zoo.py.

Each case is networks/meta-clusters.yaml with other numbers, on stoa-1-graded with cores large enough (SEEN lies on one core). Pictures are
drawn a batch at a time; after each batch the masks are looked at: groups are apart when three looks in a row find each whole and in a mask
of its own. Results lie in FOLDER/meta-clusters/CASE-SEED.json and are not made again.
SEEDS=n: so many for each case in place of its own. What constants do to 10 groups of 10 is tried with zoo_clusters.c, the same integers
without a machine, on other seeds. Needs the shared library (make lib), a C compiler and python3-numpy."""
import hashlib
import json
import os
import re
import subprocess
import sys
from collections import namedtuple

import zoo_run

NAME = "meta-clusters"
Case = namedtuple("Case", "name about height width metas clusters eta_mask eta_centre random batch most seeds asked")
CASES = [
    Case("5x5", "5 groups of 5 inputs apart", 5, 5, 5, 5, 0.5, 0.3, 0.02, 50, 5000, 20, "all, < 5000 samples"),
    Case("10x10", "10 groups of 10 inputs apart", 10, 10, 10, 10, 0.8, 0.3, 0.1, 500, 60000, 6, "most"),
    Case("10x10-article", "10 groups of 10 inputs apart, constants of the article", 10, 10, 10, 10, 0.5, 0.3, 0.02, 500, 60000, 2, ""),
    Case("digits", "two digits side by side, halved", 14, 28, 2, 10, 0.05, 0.02, 0.1, 500, 8000, 2, ""),
    Case("pixels", "one digit between two masks, halved", 14, 14, 2, 10, 0.05, 0.02, 0.1, 500, 8000, 1, ""),
]

# 10 groups of 10 by zoo_clusters.c, seeds from 1001 on: what differs from the constants of the article
TRIED, SOURCE = 20, "tools/zoo_clusters.c"
TRIES = [(), ("most", 200000), ("nearest", 1), ("least", 0.01), ("centre", 0.15), ("centre", 0.5), ("mask", 0.8), ("mask", 1),
         ("random", 0), ("random", 0.1), ("random", 0.3), ("random", 0.5), ("mask", 0.8, "random", 0.1)]


def network(case, folder):
    """The shipped network and a fabric with room for the case, as files."""
    inputs = case.height * case.width
    with open(f"netlists/networks/{NAME}.yaml") as f:
        net = f.read()
    for was, now in ((r"shape: \[\$side, \$side\]", f"shape: [{case.height}, {case.width}]"), ("olumns: 25", f"olumns: {inputs}"),
                     (f"{NAME}/seen.csv", "seen.csv"), ("  side: .*\n", ""), ("metas: 5 ", f"metas: {case.metas} "),
                     ("clusters: 5 ", f"clusters: {case.clusters} "), ("eta_mask: 0.*", f"eta_mask: {case.eta_mask}"),
                     ("eta_centre: 0.*", f"eta_centre: {case.eta_centre}"), ("  random: 0.*", f"  random: {case.random / case.clusters}")):
        net, times = re.subn(was, now, net)
        assert times, was
    with open("netlists/fabrics/stoa-1-graded.yaml") as f:
        fabric = f.read()
    for was, now in (("neurons: 256", "neurons: 1024"), ("axons: 1024", "axons: 2048"), ("synapse_bits: .*", "synapse_bits: 100000000")):
        fabric = re.sub(was, now, fabric)
    for name, text in (("net.yaml", net), ("fabric.yaml", fabric),
                       ("seen.csv", "".join(f"{j},{k * inputs + j}\n" for k in range(case.metas) for j in range(inputs)))):
        with open(os.path.join(folder, name), "w") as f:
            f.write(text)
    return os.path.join(folder, "net.yaml"), os.path.join(folder, "fabric.yaml")


def pictures(np, case, draw, count):
    """[count, height, width] of 0 and 255: a row is a group with one input on; or digits of MNIST, halved."""
    if case.name[0].isdigit():
        on = draw.integers(case.width, size=(count, case.height))
        return (np.arange(case.width) == on[:, :, None]).astype(np.uint8) * 255
    digits, _ = zoo_run.mnist("train")
    which = draw.integers(len(digits), size=(case.width // 14, count))
    halved = [digits[w].reshape(-1, 14, 2, 14, 2).mean((2, 4)) > 96 for w in which]
    return np.concatenate(halved, 2).astype(np.uint8) * 255


def owners(np, case, image):
    """[height, width]: the meta-column with the largest mask, and the masks [metas, height, width], 0 .. 1."""
    inputs = np.arange(case.height * case.width)
    weights = image.weight_matrix("X", "SEEN").reshape(len(inputs), case.metas, len(inputs))[inputs, :, inputs]
    return weights.argmax(1).reshape(case.height, case.width), (weights.T.reshape(-1, case.height, case.width) - 1) / 254


def answers(np, case, image, shown):
    """[count, metas]: who wins each meta-column, without learning."""
    run, won = image.run(), np.zeros((len(shown), case.metas), int)
    number = image.populations["CLUSTER"].number
    for i, picture in enumerate(shown):
        run.inject("R", np.flatnonzero(picture))
        spikes = run.step(11)
        for index in spikes["index"][spikes["population"] == number]:
            won[i, index // case.clusters] = index % case.clusters
    return won


def learn(case, seed, folder):
    """One seed of a case: a dict of what came out, and pictures of masks and of what clusters answer to."""
    sys.path.insert(0, "python")
    import numpy as np
    import sheet
    import stoa

    draw, apart, n, looks = np.random.default_rng(seed), 0, 0, []
    image = stoa.compile(*network(case, folder), seed=seed)
    while n < case.most and apart < 3:
        image.learn(pictures(np, case, draw, case.batch), np.zeros(case.batch, np.uint8))
        n += case.batch
        owner, masks = owners(np, case, image)
        looks.append(sum(len(set(row)) == 1 for row in owner))
        each_its_own = looks[-1] == case.height and len(set(owner.flat)) == case.height
        apart = apart + 1 if each_its_own and case.name[0].isdigit() else 0
    got = {"samples": n, "apart": apart == 3, "whole": looks}
    shown = pictures(np, case, draw, 500)
    won = answers(np, case, image, shown)
    if case.name[0].isdigit():
        # of the groups that one meta-column has: does its winner name the input that is on?
        right = 0
        for row in range(case.height):
            k = np.bincount(owner[row]).argmax()
            on = shown[:, row].argmax(1)
            right += sum(np.bincount(on[won[:, k] == c]).max(initial=0) for c in range(case.clusters))
        got["named"] = right / (500 * case.height)
    if case.name == "digits":
        # of pixels that have ink in a tenth of the pictures and more
        ink = (shown > 0).mean(0) >= 0.1
        left = np.arange(case.width) < case.width // 2
        share = [(owner == k)[ink & (left == side)].mean() for k, side in ((0, True), (1, False))]
        got["split"] = max(sum(share) / 2, 1 - sum(share) / 2)
    centres = [[((shown > 0)[won[:, k] == c].mean(0) if (won[:, k] == c).any() else np.zeros((case.height, case.width))) * masks[k]
                for c in range(case.clusters)] for k in range(case.metas)]
    sheet.sheet(os.path.join(folder, "masks.png"), [[masks[k].tolist()] + [c.tolist() for c in centres[k]] for k in range(case.metas)],
                max(1, 112 // case.width))
    return got


def tries(folder):
    """(what, result) of each of TRIES, kept with a sum of the source."""
    with open(SOURCE, "rb") as f:
        of = hashlib.sha256(f.read()).hexdigest()
    program, path = os.path.join(folder, NAME, "zoo_clusters"), os.path.join(folder, NAME, "tries.json")
    kept = json.load(open(path)) if os.path.exists(path) else {}
    if kept.get("of") != of:
        kept = {"of": of}
        subprocess.run(["cc", "-std=c11", "-O3", SOURCE, "-o", program], check=True)
    for words in TRIES:
        run = " ".join(str(word) for word in ("1001", TRIED, *words))
        if run not in kept:
            kept[run] = json.loads(subprocess.run([program, *run.split()], check=True, stdout=subprocess.PIPE).stdout)
            with open(path, "w") as f:
                json.dump(kept, f)
        yield run, kept[run]


def measure(stoa, folder):
    """(figure, value, unit, asked, command) of each."""
    for case in CASES:
        seeds, all_got = int(os.environ.get("SEEDS", case.seeds)), []
        for seed in range(1, seeds + 1):
            place = os.path.join(folder, NAME, f"{case.name}-{seed}")
            path, settings = os.path.join(place, "result.json"), json.dumps(case._asdict())
            old = json.load(open(path)) if os.path.exists(path) else {}
            if old.get("case") != settings:
                os.makedirs(place, exist_ok=True)
                old = {"case": settings, **learn(case, seed, place)}
                with open(path, "w") as f:
                    json.dump(old, f)
            all_got.append(old)
        by, about = "make zoo ONLY=meta-clusters", f"{NAME} {case.name}, {case.about}, {seeds} seeds"
        if case.name[0].isdigit():
            done = [g["samples"] for g in all_got if g["apart"]]
            yield f"{about}: apart", len(done), "seeds", case.asked, by
            if done:
                yield f"{about}: samples, mean of those", round(sum(done) / len(done)), "samples", "", by
                yield f"{about}: samples, most of those", max(done), "samples", "", by
            yield f"{about}: groups whole at the end, mean", round(sum(g["whole"][-1] for g in all_got) / seeds, 1), f"of {case.height}", "", by
            yield f"{about}: inputs named by winners", round(100 * sum(g["named"] for g in all_got) / seeds, 1), "%", "", by
        if case.name == "digits":
            yield f"{about}: pixels on their side's mask, mean", round(100 * sum(g["split"] for g in all_got) / seeds, 1), "%", "", by
            yield f"{about}: pixels on their side's mask, least", round(100 * min(g["split"] for g in all_got), 1), "%", "", by
    os.makedirs(os.path.join(folder, NAME), exist_ok=True)
    for run, got in tries(folder):
        by, about = f"zoo_clusters {run} (tools/zoo_clusters.c)", f"{NAME} 10x10 without a machine, {run}"
        yield f"{about}: apart", got["apart"], f"of {got['seeds']} seeds", "", by
        yield f"{about}: samples, mean of those", round(got["samples"]), "samples", "", by
        yield f"{about}: groups whole at the end, mean", got["whole"], "of 10", "", by
