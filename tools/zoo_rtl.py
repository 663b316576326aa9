"""zoo_rtl.py - rules of the other systems on the RTL in lock-step with the engines, picture by picture. A part of tools/zoo.py.

PICTURES (1,000) of MNIST are learnt by each network of test_zoo (tests/cosim/lockstep.c), which is a shipped one or, with fewer neurons, like
one. Each is a run of its own, kept in FOLDER/rtl/NAME-PICTURES.txt with a sum of the Verilog, rules, networks and settings it is of, and
not made again while these are the same. Needs build/rtl/lockstep (make rtl-programs)."""
import glob
import hashlib
import os
import re
import subprocess
import sys

import zoo_run

NAME = "rtl"
PICTURES = int(os.environ.get("PICTURES", "1000"))
LOCKSTEP = "build/rtl/lockstep"
SYSTEMS = ["lateral", "frozen", "langevin", "langevin-bounds", "meta-clusters", "hierarchy", "hierarchy-conscience", "cortical-graph",
           "stdp-ltd-small", "stdp-ltd-adapt", "stdp-ltd-lateral", "stdp-ltd-frozen", "stdp-ltd-langevin", "stdp-ltd-bounds", "stdp-ltd"]
TABLE = "tests/cosim/lockstep.c"
COUNTED = re.compile(r" pictures \((.*)\) on (\d+) cores of (\w+): (\d+) cycles, (\d+) words compared, (\d+) spikes, (\d+) programs")


def line_of(system):
    """The system's line of the table, without names that are defined there."""
    with open(TABLE, encoding="utf-8") as f:
        table = re.search(r"^} zoo\[\] = {\n(.*?)^};", f.read(), re.M | re.S).group(1)
    table = re.sub(r" *\\\n *", " ", table)
    line = re.search(rf'^ +{{"{system}",.*', table, re.M)
    if not line:
        sys.exit(f"{TABLE} has no system '{system}'")
    text = line.group()
    for name, meaning in reversed(re.findall(r"^#define (\w+) (.*)", table, re.M)):
        text = re.sub(rf"\b{name}\b", meaning.strip(), text)
    return text


def made_of(system):
    """A sum of what a run depends on: the Verilog, the system's line of the table, its network and the rules that this names."""
    line = line_of(system)
    shipped, other = re.search(r'NETWORK\("(.*?)"\)|network = "(.*?)"', line).groups()
    network = other or f"netlists/networks/{shipped}.yaml"
    total = hashlib.sha256(line.encode())
    for path in [*sorted(glob.glob("rtl/stoa_*")), network, *zoo_run.rules_of(network)]:
        with open(path, "rb") as f:
            total.update(f.read())
    return f"of {total.hexdigest()}\n"


def run(folder, system):
    """What the lock-step prints of a system. A run that fails leaves no result: a difference stops everything."""
    path = os.path.join(folder, NAME, f"{system}-{PICTURES}.txt")
    of = made_of(system)
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
