"""nnc_steps.py - random networks of ArNI-X, their files, and what their neurons do tact by tact, in whole millivals.

Of the description in docs/formats.md: u loses 1/chartime, takes stimulation and weights, is not below minpotential, spikes at 8.531 and is
reset or loses the threshold. A link's weight of a gate is for how many tacts it shuts (below 0) or opens; who can be opened is shut."""
import os

THRESHOLD = 8531
POLICIES = ["all-to-all", "aligned", "exclusive", "all-to-all-sections", "exclusive-sections", "one-to-one", None, "maxnpre"]


def pairs(policy, a, b, same):
    """Who is joined to whom: a and b are (size, columns)."""
    (m, p), (n, q) = a, b
    every = [(i, j) for i in range(m) for j in range(n)]
    least = min(m, n)

    def block(i, size):
        return i // (size // least)

    if policy in (None, "all-to-all", "maxnpre"):
        return [(i, j) for i, j in every if not same or i != j]
    if policy in ("aligned", "exclusive"):
        if m % n and n % m:
            return []
        return [(i, j) for i, j in every if (block(i, m) == block(j, n)) == (policy == "aligned")]
    if policy == "one-to-one":
        return [(i, i) for i in range(m)] if m == n else []
    if p != q:
        return []
    within = [(i, j) for i, j in every if i // (m // p) == j // (n // q)]
    if policy == "all-to-all-sections":
        return [(i, j) for i, j in within if not same or i != j]
    return [x for x in every if x not in set(within)]


def random_network(r):
    """Sizes go together often enough for every policy."""
    columns = int(r.integers(2, 5))
    groups = {"R": {"size": columns * int(r.integers(1, 4)), "columns": None}, "Beat": {"size": int(r.integers(1, 4)), "columns": None, "period": int(r.integers(1, 6))}}
    for name in "ABCD":
        wide = int(r.integers(1, 4))
        size = columns * wide
        chartime = [1, 2, 3, 5, 10, None][int(r.integers(0, 6))]
        low = 0
        if r.random() < 0.4:
            low = int(r.integers(-9000, 5000)) if chartime in (1, None) else -int(r.integers(0, 9000))
        groups[name] = {"size": size, "columns": columns if wide > 1 and r.random() < 0.6 else None, "chartime": chartime, "low": low,
                        "stimulus": int(r.integers(-500, 3000)) if r.random() < 0.3 else 0, "opened": False}
    for g in groups.values():
        g["columns"] = g["columns"] or g["size"]
    links, names = [], list(groups)
    while len(links) < 14:
        source, target = names[int(r.integers(0, 6))], names[int(r.integers(2, 6))]
        policy = POLICIES[int(r.integers(0, len(POLICIES)))]
        joined = pairs(policy, *((groups[k]["size"], groups[k]["columns"]) for k in (source, target)), source == target)
        if not joined:
            continue
        gates = r.random() < 0.2
        weight = int(r.integers(-4, 5)) if gates else int(r.integers(-3000, 9000))
        if gates and weight == 0:
            continue
        groups[target]["opened"] |= gates and weight > 0
        links.append({"from": source, "to": target, "policy": policy, "gates": gates, "weight": weight, "delay": int(r.integers(1, 9)), "pairs": joined})
    return groups, links


def section(name, g, old):
    props = {"n": g["size"]}
    if g["chartime"] != 1:
        props["chartime"] = "INFINITY" if g["chartime"] is None else g["chartime"]
    if g["low"]:
        props["minpotential"] = g["low"] / 1000
    if g["stimulus"]:
        props["constant_stimulation"] = g["stimulus"] / 1000
    inner = "".join(f"<{k.upper().replace('_', '') if old else k}>{v}</{k.upper().replace('_', '') if old else k}>" for k, v in props.items())
    if g["columns"] != g["size"]:
        inner += f"<Structure type='L'><dim>{g['size'] // g['columns']}</dim><dim> {g['columns']} </dim></Structure>"
    return f"<Section name='{'+' * old}{name}'><props>{inner}</props><!-- a section --></Section>\n"


def link(k, old):
    policy = f" policy='{k['policy']}'" if k["policy"] not in (None, "maxnpre") else ""
    kind = " type='gating'" if k["gates"] else " type='fixed'" * (k["delay"] % 2)
    weight = k["weight"] if k["gates"] else k["weight"] / 1000
    delay = f"<Delay Type='UNI'><min>{k['delay']}</min><max>{k['delay']}</max></Delay>" if old else f"<delay>{k['delay']}</delay>"
    return (f"<Link from='{k['from']}' to='{k['to']}'{policy}{kind}><weight>{weight}</weight>{delay}"
            + "<maxnpre>1000</maxnpre>" * (k["policy"] == "maxnpre") + "</Link>\n")


def write(folder, groups, links, old, parts):
    """`parts`: some of the sections and links stand in a file of their own."""
    root, receptors, size = ("Network", "Receptors", "N") if old else ("SNN", "RECEPTORS", "n")
    sections = [section(name, g, old) for name, g in groups.items() if "chartime" in g]
    joined = [link(k, old) for k in links]
    text = (f"<?xml version='1.0' encoding='utf - 8'?>\n<{root}>\n"
            f"<{receptors} name='R' {size}='{groups['R']['size']}'><Implementation lib='elsewhere'/></{receptors}>\n"
            f"<{receptors} name='Beat' {size}='{groups['Beat']['size']}'><Implementation lib='fromFile'><args type='none'>"
            f"<period>{groups['Beat']['period']}</period></args></Implementation></{receptors}>\n")
    inner = sections[:2] + joined[:7] + (["\\\\part.nnc\n"] if parts else sections[2:] + joined[7:])
    body = "<Sections>\n" + "".join(inner) + "</Sections>\n"
    if parts:
        body = body.replace("\\\\part.nnc\n", "").replace("<Sections>\n", "<Sections>\n\\\\part.nnc\n", 1)
        with open(os.path.join(folder, "part.nnc"), "w", encoding="utf-8") as f:
            f.write("<?xml version='1.0'?>\n" + "".join(sections[2:] + joined[7:]))
    text += body if old else f"<NETWORK>{body}</NETWORK>\n"
    text += f"<Readout lib='none'><output>D</output></Readout>\n</{root}>\n"
    path = os.path.join(folder, "net.nnc")
    with open(path, "w", encoding="utf-8") as f:
        f.write(text)
    return path


def run(groups, links, inputs, subtract):
    """Each group's spikes: {name: [set of neurons, a tact each]}."""
    ticks = len(inputs)
    spikes = {name: [set() for _ in range(ticks)] for name in groups}
    u = {name: [max(g["low"], 0)] * g["size"] for name, g in groups.items() if "chartime" in g}
    gate = {name: [0] * groups[name]["size"] for name in u}
    ends = {}
    for k in links:
        for i, j in k["pairs"]:
            ends.setdefault((k["from"], i), []).append((k["to"], j, k["gates"], k["weight"], k["delay"]))
    arrives = [{} for _ in range(ticks + 10)]
    for t in range(ticks):
        spikes["R"][t] = {int(i) for i in inputs[t].nonzero()[0]}
        if t % groups["Beat"]["period"] == groups["Beat"]["period"] - 1:
            spikes["Beat"][t] = set(range(groups["Beat"]["size"]))
        for name, state in u.items():
            g = groups[name]
            lost = 0 if g["chartime"] is None else int(65536 / g["chartime"] + 0.5)
            for j in range(g["size"]):
                summed, shut, opens = arrives[t].get((name, j), (0, 0, 0))
                x = gate[name][j]
                if shut:
                    x = -max(shut, -x if x < 0 else 0)
                elif opens:
                    x = max(opens, x) if x >= 0 else opens
                closed = x < 0 or (x == 0 and g["opened"])
                gate[name][j] = x - (x > 0) + (x < 0)
                if closed:
                    continue
                v = max(state[j] - (state[j] * lost >> 16) + g["stimulus"] + summed, g["low"])
                if v >= THRESHOLD:
                    spikes[name][t].add(j)
                    v = v - THRESHOLD if subtract else 0
                state[j] = v
        for name, said in spikes.items():
            for i in said[t]:
                for to, j, gates, weight, delay in ends.get((name, i), ()):
                    summed, shut, opens = arrives[t + delay].get((to, j), (0, 0, 0))
                    if not gates:
                        summed += weight
                    elif weight < 0:
                        shut = max(shut, -weight)
                    else:
                        opens = max(opens, weight)
                    arrives[t + delay][to, j] = summed, shut, opens
    return spikes
