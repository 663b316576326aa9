#!/usr/bin/env python3
"""What it takes to compile large networks: `stoa compile --effort 0` in one thread, processor time and memory of the whole
command, a JSON line each as tools/figures.sh prints them. `stoa verify` then holds the image against the network.

    sizes.py STOA [MOST]      networks of up to so many neurons

The fabric is stoa-1-large with a larger mesh, for the chain of 50 neurons a core. A column of `columns` is 256 neurons,
which reach 3 of 8 in their own column and 2 of 100 in the next.
"""
import json
import math
import os
import re
import resource
import subprocess
import sys
import tempfile

HEAD = """network: {name}
presentation: {{ picture: 20, silence: 0 }}
receptors: {{ In: {{ size: 1, encoder: spikes }} }}
populations:
"""


def network(name, populations, projections, readout):
    text = HEAD.format(name=name)
    for key, shape in populations:
        text += f"  {key}: {{ {shape}, neuron: {{ model: lif, threshold: 1 }} }}\n"
    text += "projections:\n"
    for source, target, rest in projections:
        text += f'  - {{ from: "{source}", to: "{target}", {rest} }}\n'
    return text + f"readout: {{ population: {readout}, decide: count }}\n"


def columns(count):
    last = count - 1
    return network("columns", [("L", f"columns: {count}, microcolumns: 256"), ("OUT", "columns: 1")], [
        ("In", "L[columns 0..0]", "policy: all-to-all, weight: 1"),
        ("L", "L", "policy: within-column, probability: 0.375, weight: 0.1"),
        (f"L[columns 0..{last - 1}]", f"L[columns 1..{last}]", "policy: aligned, probability: 0.02, weight: 0.1"),
        (f"L[columns {last}..{last}]", "OUT", "policy: all-to-all, weight: 0.1")], "OUT")


def chain(neurons):
    return network("chain", [("P", f"columns: {neurons}"), ("OUT", "columns: 1")], [
        ("In", "P[0]", "policy: all-to-all, weight: 1"),
        (f"P[..{neurons - 2}]", "P[1..]", "policy: one-to-one, weight: 1"),
        (f"P[{neurons - 1}]", "OUT", "policy: all-to-all, weight: 1")], "OUT")


def chain_of_populations(neurons, size):
    last = neurons // size - 1
    return network("populations", [(f"P{i}", f"columns: {size}") for i in range(last + 1)],
                   [("In", "P0", "policy: all-to-all, weight: 1")] +
                   [(f"P{i - 1}", f"P{i}", "policy: one-to-one, weight: 1") for i in range(1, last + 1)], f"P{last}")


def fabric(neurons, side):
    with open("netlists/fabrics/stoa-1-large.yaml", encoding="utf-8") as f:
        text = f.read()
    text = text.replace("{ width: 8, height: 8 }", f"{{ width: {side}, height: {side} }}")
    text = re.sub(r"neurons: \d+", f"neurons: {neurons}", text, count=1)
    return re.sub(r"  synapse_bits: .*\n", "", text)


def run(command):
    """Seconds of a processor, and the most memory in bytes."""
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    said = child.stderr.read()
    _, status, use = os.wait4(child.pid, 0)
    if status:
        sys.exit(said.decode())
    return use.ru_utime + use.ru_stime, use.ru_maxrss * 1024


def figure(name, value, unit, asked):
    print(json.dumps({"figure": f"mapper: {name}", "value": float(f"{value:.4g}"), "unit": unit, "asked": asked,
                      "command": "stoa compile --effort 0"}), flush=True)


def measure(stoa, folder, name, net, chip, asked):
    files = [os.path.join(folder, part) for part in ("net.yaml", "chip.yaml", "net.img")]
    for path, text in zip(files, (net, chip)):
        with open(path, "w", encoding="utf-8") as f:
            f.write(text)
    seconds, memory = run([stoa, "compile", files[0], "-f", files[1], "--effort", "0", "-o", files[2]])
    checked, _ = run([stoa, "verify", *files])
    figure(f"{name}: compiled in", seconds, "s", asked)
    figure(f"{name}: verified in", checked, "s", "")
    return seconds, memory


def main():
    stoa = sys.argv[1]
    most = int(sys.argv[2]) if len(sys.argv) > 2 and sys.argv[2] else 1 << 31
    with tempfile.TemporaryDirectory() as folder:
        sizes = []
        for count, asked in ((64, "< 1"), (256, ""), (1024, ""), (4096, "< 60")):
            neurons, synapses = 256 * count, count * (256 * 255 * 0.375) + (count - 1) * 256 * 256 * 0.02
            if neurons > most:
                break
            name = f"columns, {neurons} neurons, {synapses / 1e6:.1f} million synapses"
            seconds, memory = measure(stoa, folder, name, columns(count), fabric(256, 72), asked)
            figure(f"{name}: memory of the command", memory / synapses, "bytes a synapse", "")
            sizes.append((neurons, seconds))
        if len(sizes) > 1:
            grown, slower = (sizes[-1][k] / sizes[0][k] for k in (0, 1))
            figure("columns: exponent of time over the sizes", math.log(slower) / math.log(grown), "", "<= 1.1")
        if most >= 2000000:
            measure(stoa, folder, "chain, 2 million neurons over 40,001 cores", chain(2000000), fabric(50, 201), "< 10")
            measure(stoa, folder, "chain of 40,000 populations over 40,000 cores", chain_of_populations(2000000, 50),
                    fabric(50, 201), "< 10")


if __name__ == "__main__":
    main()
