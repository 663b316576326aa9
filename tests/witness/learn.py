"""learn.py - learning programs: docs/learning-engine.md, sections 2 and 3, and docs/arithmetic.md, section 6."""
import re

from change import wrong
from draws import M16, draw16, sat

OPS = []  # names by number, read from the manual
T0, A0, MX, V0, R, RN, Q, QN, X, G, W, WN, U, ZERO = 8, 12, 15, 16, 20, 21, 22, 23, 24, 25, 26, 27, 28, 31


def read_ops(path):
    text = open(path, encoding="utf-8").read()
    text = text[text.index("## 3. Instructions"):text.index("## 4. ")]
    return re.findall(r"^\| `(\w+)[^|]*\| (?:scalar|both|pass|control) \|", text, re.M)


def unpack(w):
    op = OPS[w >> 27]
    i = {"op": op, "d": w >> 22 & 31, "a": w >> 17 & 31, "b": w >> 12 & 31, "reduce": w >> 9 & 7, "n": w >> 4 & 31,
         "round": w >> 2 & 3, "count": w >> 9 & 255}
    if op == "li":
        i["imm"] = (w >> 6 & M16) - (w >> 5 & 0x10000)
        i["n"] = w >> 1 & 31
    return i


def rounded(x, n, how, draw):
    if n == 0:
        return x
    if how == 1:
        x += (1 << (n - 1)) - wrong("nearest")
    elif how == 2:
        x += (1 << n) - 1 if x < 0 else 0
    elif how == 3:
        x += draw & (1 << n) - 1 if n <= 16 else draw << (n - 16)
        x -= wrong("round")
    return x >> n


def operate(i, a, b, d, bits, tables, draw):
    """What an operation makes of its operands, in lanes of 16 or scalars of 32 bits."""
    op, mask = i["op"], (1 << bits) - 1

    def signed(x):
        x &= mask
        return x - (x >> (bits - 1) << bits)

    if op == "li":
        return sat(i["imm"] << i["n"], 32)
    if op == "add":
        return sat(a + b, bits)
    if op == "sub":
        return sat(a - b, bits)
    if op == "mul":
        return sat(rounded(a * sat(b, 16), i["n"], i["round"], draw), bits)
    if op == "shl":
        return signed(a << b) if 0 <= b < bits else 0
    if op == "shr":
        return sat(rounded(a, b, i["round"], draw), bits) if 0 <= b < bits else -1 if a < 0 else 0
    if op == "min":
        return min(a, b)
    if op == "max":
        return max(a, b)
    if op == "and":
        return a & b
    if op == "or":
        return a | b
    if op == "lt":
        return -1 if a < b else 0
    if op == "sel":
        return a if d != 0 else b
    if op == "tab":
        return look_up(tables[i["n"] & 3], a)
    if op == "rnd":
        return signed(draw)
    raise AssertionError(op)


def look_up(table, a):
    k = a - table["base"] >> table["shift"]
    return table["at"][max(0, min(k - wrong("table"), len(table["at"]) - 1))]


def lane_of(op, first, x):
    """A scalar that enters a lane."""
    if op in ("and", "or") or op == "shl" and first:
        x &= M16
        return x - (x >> 15 << 16)
    return sat(x, 16)


def run_program(p, start, scalars, lanes, key, line):
    """lanes: dicts with w r q x g u, number and emitted; returns nothing, changes scalars (16) and the lanes' w r q,
    and adds what they emit."""
    program, tables = p["program"], p["table"]

    def base_draw(i, word):
        place = i["n"] if i["op"] == "rnd" else 32 + word % 32
        return draw16(key, line * 64 + place)

    def draws(i):
        return i["op"] == "rnd" or i["op"] in ("mul", "shr") and i["round"] == 3

    pc = start
    while True:
        i = unpack(program[pc])
        op = i["op"]
        if op == "end":
            return
        if op == "pass":
            body = [(pc + 1 + k, unpack(program[pc + 1 + k])) for k in range(i["count"])]
            run_pass(body, p, tables, scalars, lanes, key, base_draw, draws)
            pc += 1 + i["count"]
            continue
        a, b = (0 if op == "li" or i[o] == ZERO else scalars[i[o]] for o in "ab")
        if op in ("skz", "skn"):
            pc += 1 + (i["count"] if (a == 0) == (op == "skz") else 0)
            continue
        scalars[i["d"]] = operate(i, a, b, scalars[i["d"]], 32, tables, base_draw(i, pc) if draws(i) else 0)
        pc += 1


def run_pass(body, p, tables, scalars, lanes, key, base_draw, draws):
    sums, most = [0, 0, 0], -32768
    keys = {}
    for word, i in body:
        if draws(i):
            b = base_draw(i, word)
            keys[word] = (key[0], key[1] + b & M16, key[2] ^ b, key[3])
    for lane in lanes:
        v = {V0: 0, V0 + 1: 0, V0 + 2: 0, V0 + 3: 0, R: lane["r"], RN: lane["r"], Q: lane["q"], QN: lane["q"],
             X: lane["x"], G: lane["g"], W: lane["w"], WN: lane["w"], U: lane["u"], ZERO: 0}
        for word, i in body:
            if i["op"] == "emit":
                a = v[i["a"]] if i["a"] in v else lane_of("emit", True, scalars[i["a"]])
                lane["emitted"] = a + (not wrong("emit")) * lane["emitted"]
                continue
            a, b = (v[o] if o in v else lane_of(i["op"], first, scalars[o]) for o, first in
                    ((i["a"], True), (i["b"], False)))
            draw = draw16(keys[word], lane["number"] + wrong("lane")) if word in keys else 0
            out = operate(i, a, b, v[i["d"]], 16, tables, draw)
            v[i["d"]] = out
            if 1 <= i["reduce"] <= 3:
                sums[i["reduce"] - 1] += out
            elif i["reduce"] == 4:
                most = max(most, out)
        lane["w"] = v[WN]
        if p["has_resource"]:
            lane["r"] = v[RN]
        if p["has_aux"]:
            lane["q"] = v[QN]
    scalars[A0:A0 + 3] = [sat(s, 32) for s in sums]
    scalars[MX] = most
