#!/usr/bin/env python3
"""zoo.py STOA FOLDER [--figures] [NAME...] - the other columnar systems of the sources, measured beside what they state.

    make zoo                        all rows (resumable: what is there is not run again)
    make zoo DRAWS=5 ONLY=stdp-ltd  fewer random choices of classes, one row

Results lie in FOLDER/NAME with what they are of. --figures prints JSON lines of `make figures`.
"""
import json
import sys

import zoo_clusters
import zoo_conv
import zoo_cortical
import zoo_cortical_graph
import zoo_forgetting
import zoo_hierarchy
import zoo_lenet
import zoo_rtl
import zoo_stdp_kept
import zoo_stdp_permuted
import zoo_use_or_lose
from zoo_plain import Plain
from zoo_triples import Triples

# Each has NAME and measure(stoa, folder), which yields (figure, value, unit, asked, command); a value may be one of numpy's.
SYSTEMS = [
    Triples("stdp-ltd", "100 pictures, once", (), 1, (74.9, 19.8), ">= 80"),
    Triples("stdp-ltd-adapt", "the same, thresholds adapt", ("theta=3",), 1, (80.0, 13.0), ">= 80"),
    Triples("stdp-ltd-50", "100 pictures, 50 rounds", (), 50, (74.9, 19.8), ">= 87"),
    Triples("stdp-ltd-50-adapt", "the same, thresholds adapt", ("theta=3",), 50, (80.0, 13.0), ">= 87"),
    zoo_use_or_lose,
    zoo_forgetting,
    zoo_stdp_kept,
    zoo_stdp_permuted,
    zoo_cortical,
    zoo_cortical_graph,
    zoo_clusters,
    zoo_lenet,
    zoo_hierarchy,
    zoo_conv,
    Plain("sdsp-odin", limit=5000, ask=1000, seeds=5, asked=""),
    Plain("stdp-ltd-ten", limit=1000, ask=10000, seeds=2, asked=">= 85", segment=10),
    Plain("stdp-ltd-ten-vote", limit=1000, ask=10000, seeds=1, asked=">= 85", experiment="stdp-ltd-ten", copies=3),
    zoo_rtl,
]


def main(words):
    stoa, folder, names = words[1], words[2], [w for w in words[3:] if not w.startswith("--")]
    known = [system.NAME for system in SYSTEMS]
    for name in names:
        if name not in known:
            sys.exit(f"zoo: no system '{name}'; there are {', '.join(known)}")
    for system in SYSTEMS:
        if names and system.NAME not in names:
            continue
        for figure, value, unit, asked, command in system.measure(stoa, folder):
            if "--figures" in words:
                print(json.dumps({"figure": figure, "value": value, "unit": unit, "asked": asked, "command": command}, default=float), flush=True)
            else:
                print(f"{figure:60} {value:10} {unit:14} {asked}", flush=True)


if __name__ == "__main__":
    main(sys.argv)
