"""zoo_rtl.py - rules of the other systems on the RTL in lock-step with the engines, picture by picture. A part of tools/zoo.py.

PICTURES (1,000) of MNIST are learnt by each network of test_zoo (tests/cosim/lockstep.c), which is a shipped one, some of them with fewer
neurons. Each is a run of its own, kept in FOLDER/rtl/NAME-PICTURES.txt with a sum of the Verilog, rules and networks it is of, and not made
again while these are the same. Needs build/rtl/lockstep (make rtl-programs)."""
import glob
import hashlib
import os
import re
import subprocess
import sys

NAME = "rtl"
PICTURES = int(os.environ.get("PICTURES", "1000"))
LOCKSTEP = "build/rtl/lockstep"
SYSTEMS = ["lateral", "frozen", "langevin", "langevin-bounds", "meta-clusters", "hierarchy", "hierarchy-conscience", "stdp-ltd-small",
           "stdp-ltd-adapt", "stdp-ltd", "stdp-ltd-lateral", "stdp-ltd-frozen", "stdp-ltd-langevin", "stdp-ltd-bounds"]
COUNTED = re.compile(r" pictures \((.*)\) on (\d+) cores of (\w+): (\d+) cycles, (\d+) words compared, (\d+) spikes, (\d+) programs")


def made_of():
    """A sum of what a run depends on."""
    total = hashlib.sha256()
    for path in sorted(glob.glob("rtl/stoa_*") + glob.glob("rules/*.rule") + glob.glob("netlists/networks/*.yaml")):
        with open(path, "rb") as f:
            total.update(f.read())
    return f"of {total.hexdigest()}\n"


def run(folder, system):
    """What the lock-step prints of a system. A run that fails leaves no result: a difference stops everything."""
    path = os.path.join(folder, NAME, f"{system}-{PICTURES}.txt")
    of = made_of()
    if not os.path.exists(path) or not open(path, encoding="utf-8").read().startswith(of):
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with_these = dict(os.environ, ONLY="test_zoo", ST_COSIM_ZOO=system, ST_COSIM_PICTURES=str(PICTURES))
        text = subprocess.run([LOCKSTEP], check=True, env=with_these, stdout=subprocess.PIPE, text=True).stdout
        if not COUNTED.search(text):
            sys.exit(f"{LOCKSTEP} knows no system '{system}': {text}")
        with open(path, "w", encoding="utf-8") as f:
            f.write(of + text)
    with open(path, encoding="utf-8") as f:
        return COUNTED.search(f.read()).groups()


def measure(stoa, folder):
    """(figure, value, unit, asked, command) of each."""
    del stoa
    if not os.path.exists(LOCKSTEP):
        print(f"zoo: {NAME} is left out: there is no {LOCKSTEP}; make rtl-programs makes it", file=sys.stderr)
        return
    for system in SYSTEMS:
        _, cores, model, cycles, words, spikes, programs = run(folder, system)
        by = f"ST_COSIM_ZOO={system} ST_COSIM_PICTURES={PICTURES} {LOCKSTEP}"
        about = f"{NAME}, {system} on {model}, {cores} cores, {PICTURES} pictures learnt"
        for name, value in (("words compared, none different", words), ("cycles", cycles), ("spikes", spikes), ("programs", programs)):
            yield f"{about}: {name}", int(value), "", "", by
