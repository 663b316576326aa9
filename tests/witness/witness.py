#!/usr/bin/env python3
"""witness.py - a second simulator of the image, written from the manuals only.

docs/image.md says what the bytes are: its tables are read and followed field by field. docs/arithmetic.md and
docs/learning-engine.md say what they do. Nothing here was taken from the engines; where the manuals did not suffice,
they were mended. Slow on purpose: plain integers, one neuron and one synapse after the other.

    cases (test_witness.c): image, what receptors said, what the fast engine did ──> the same again ──> equal?

    witness.py CASES [--change NAME]     a change makes one arithmetic detail wrong: it must be noticed
"""
import struct
import sys

sys.dont_write_bytecode = True

import change
import draws
import image as image_file
import learn
from change import wrong
from draws import M16, draw16, hash64, key_of, part, sat, step, wrap
from image import MODELS, NONE, read_image, read_models, read_tables
from learn import look_up, run_program

def multiplied(w, value, shift):
    """What a graded packet adds over a weight: docs/arithmetic.md, 4."""
    product = w * value
    if wrong("graded"):
        return product >> shift
    return product >> shift if product >= 0 else -(-product >> shift)

# --- a core --------------------------------------------------------------------------------------------------------

class Core:
    def __init__(self, machine, core, learnt, live):
        self.m, self.d = machine, core
        n = core["neuron_count"]
        self.group_of = [g for g in core["group"] for _ in range(g["count"])]
        self.number = []
        for g in core["group"]:
            self.number += g["order"] or range(g["base"], g["base"] + g["count"])
        self.param = []
        for g in core["group"]:
            for k in range(g["count"]):
                values = list(g["params"])
                for own in g["own"]:
                    values[own["param"]] = own["value"][k]
                self.param.append(dict(zip(MODELS[g["model"]], values)))
        self.u, self.gate, self.peak = [0] * n, [0] * n, [0] * n
        self.more = [[0] * n for _ in range(3)]  # what a model keeps beside the potential
        self.theta = list(learnt["theta"]) or [0] * n
        for k in range(n):
            if not live and self.group_of[k]["theta_reset"]:
                self.theta[k] = 0
        columns = sum(len(image_file.column_ends(g)) for g in core["group"] if g["compete"])
        self.winner, self.left = [0] * columns, [0] * columns
        self.column = []  # of each neuron: its record, or None
        k = 0
        for g in core["group"]:
            ends = image_file.column_ends(g)
            for j in range(g["count"]):
                place = min(j // g["column_size"], len(ends) - 1) if wrong("columns") else sum(end <= j for end in ends)
                self.column.append(k + place if g["compete"] else None)
            k += len(ends) if g["compete"] else 0
        p = self.p = core["plastic"]
        self.axons, self.count = (p["axons"], p["count"]) if p else (0, 0)
        self.rules = [dict(p, **part) for part in [{}] + p["part"]] if p else []
        at = self.axons
        for rule, part in zip(reversed(self.rules), list(reversed(p["part"] if p else [])) + [None]):
            rule["end"] = at
            at = at - part["axons"] if part else 0
            rule["begin"] = at
        self.w, self.r, self.q, self.s = (list(learnt[f]) for f in ("w", "r", "q", "s"))
        self.measures = any(rule["entry"][3] != NONE for rule in self.rules)
        self.pre_x, self.pre_last = [0] * self.axons, [0] * self.axons
        self.post_x = [[0] * self.count for _ in self.rules]
        self.post_last, self.eligible = [0] * self.count, [0] * self.count
        self.slots = machine.slots
        words = (len(core["axon"]) + 63) // 64
        self.wheel = [set() for _ in range(self.slots)]
        self.value = [{} for _ in range(self.slots)]  # of packets to graded axons, by axon
        self.ring = machine.ring
        self.late = [[0] * n for _ in range(self.ring)]  # sums of ticks to come, and of the negative weights alone
        self.late_inh = [[0] * n for _ in range(self.ring)]
        if live:
            self.gate, self.winner, self.left = (list(live[f]) for f in ("gate", "winner", "left"))
            self.u, *kept = [[]] if not n else (list(live["u"][at:at + n]) for at in range(0, len(live["u"]), n or 1))
            self.more[:len(kept)] = kept
            self.peak = list(live["peak"]) or self.peak
            for at in range(0, len(live["late"]), n or 1):
                k = at // n
                (self.late if k < self.ring else self.late_inh)[k % self.ring] = list(live["late"][at:at + n])
            self.pre_x, self.pre_last = list(live["pre_x"]), list(live["pre_last"])
            self.post_x = [list(live["post_x"][k * self.count:(k + 1) * self.count]) for k in range(len(self.rules))]
            self.post_last = list(live["post_last"])
            self.eligible = list(live["eligible"])
            for slot in range(self.slots):
                for k, word in enumerate(live["wheel"][slot * words:(slot + 1) * words]):
                    self.wheel[slot] |= {64 * k + bit for bit in range(64) if word >> bit & 1}
            graded = [a for a, axon in enumerate(core["axon"]) if axon["kind"] == 3]
            for at, value in enumerate(live["value"]):
                if not wrong("value-kept"):
                    self.value[at // len(graded)][graded[at % len(graded)]] = value

    def excess(self, n):
        """What learning adds to the threshold of neuron n."""
        p, total = self.p, 0
        if not p or not 0 <= n - p["first"] < p["count"]:
            return 0
        for k, rule in enumerate(self.rules):
            if rule["excess_scalar"] >= 0:
                total += max(0, min(self.s[8 * (k * self.count + n - p["first"]) + rule["excess_scalar"]], (1 << 24) - 1))
        return min(total, (1 << 24) - 1)

    def rule_of(self, axon):
        return 0 if wrong("rules") else next(k for k, rule in enumerate(self.rules) if axon < rule["end"])

    def rise(self, n):
        """The same with what spikes add, where that counts."""
        g = self.group_of[n]
        counts = g["theta_step"] > 0 and (self.m.learn or g["theta_inference"] != 1)
        return min(self.excess(n) + self.theta[n] * counts, (1 << 24) - 1)

    def adapt(self, fired):
        for k, g in enumerate(self.group_of):
            if g["theta_step"] == 0 or not (self.m.learn or g["theta_inference"] == 2):
                continue
            if self.m.tick % (1 << g["theta_every"]) == 0 and not wrong("theta-decay"):
                self.theta[k] = part(self.theta[k], 65536 - g["theta_decay"])
            if k in fired:
                self.theta[k] = min(self.theta[k] + g["theta_step"], (1 << 24) - 1)

    # records: docs/arithmetic.md, 6

    @staticmethod
    def age(last, now):
        if wrong("first-event") and not last:
            return min(now, 32767)
        return min(now - (last - 1), 32767) if last else 32767

    def calcium(self, p, x, last, now):
        """What is left of it in this tick."""
        g, every = self.age(last, now), p["trace_step"]
        if wrong("calcium"):
            return x
        return max(0, x - (now // every - (now - g) // every)) if g <= now else 0

    def note(self, p, x, last, i, now, value):
        g = self.age(last[i], now)
        if p["pre_kind"] == 2:
            x[i] = value & M16
        elif p["pre_kind"] == 4:
            x[i] = min(self.calcium(p, x[i], last[i], now) + 1, p["decay_table"])
        elif p["pre_kind"] == 3:
            x[i] = min((0 if g > now % self.m.period else x[i]) + 1, 32767)
        elif p["pre_kind"] == 1:
            value = x[i] - (x[i] >> 15 << 16)
            decay = look_up(p["table"][p["decay_table"]], min(g, 255))
            x[i] = sat((value * decay >> 15) + p["trace_step"] + wrong("trace"), 16) & M16
        else:
            x[i] = 1 if g > 15 else (x[i] << g | 1) & M16

    def run(self, rule, trigger, owner, scalars):
        """A program over the row of neuron `owner`, or for trigger 0 over the column of axon `owner`."""
        p, now = self.rules[rule], self.m.tick
        stream = self.group_of[p["first"]]["stream"]
        key = key_of(self.m.seed, stream, 2, now)
        lanes, places, emitting = [], [], []
        for k in range(self.count) if trigger == 0 else range(p["begin"], p["end"]):
            axon, n = (owner, k) if trigger == 0 else (k, owner)
            x, last = (self.post_x[rule], self.post_last) if trigger == 0 else (self.pre_x, self.pre_last)
            at_w, at_r = axon * self.count + n, n * self.axons + axon
            if p["joined"] and not p["joined"][n * ((self.axons + 63) // 64) + axon // 64] >> axon % 64 & 1 \
                    and not wrong("joined"):
                continue
            places.append((at_w, at_r))
            emitting.append(axon)
            seen = x[k] - (x[k] >> 15 << 16)
            if p["pre_kind"] == 3 and self.age(last[k], now) > now % self.m.period and not wrong("count"):
                seen = 0
            if p["pre_kind"] == 4:
                seen = self.calcium(p, x[k], last[k], now)
                seen -= seen >> 15 << 16
            lanes.append({"w": self.w[at_w], "r": self.r[at_r] if p["has_resource"] else 0,
                          "q": self.q[at_r] if p["has_aux"] else 0, "x": seen,
                          "g": self.age(last[k], now), "emitted": self.emitted.get(axon, 0),
                          "u": 0 if trigger != 0 or wrong("inside") else sat(self.u[p["first"] + k], 16),
                          "number": self.number[p["first"] + k] if trigger == 0 else k})
        line = owner if trigger == 0 else self.number[p["first"] + owner]
        run_program(p, p["entry"][trigger], scalars, lanes, key, line)
        for (at_w, at_r), axon, lane in zip(places, emitting, lanes):
            if trigger != 0:
                self.emitted[axon] = lane["emitted"]
            self.w[at_w] = lane["w"]
            if p["has_resource"]:
                self.r[at_r] = lane["r"]
            if p["has_aux"]:
                self.q[at_r] = lane["q"]

    def by_chance(self, axon, k, w):
        """What a stochastic synapse on neuron k is: docs/arithmetic.md, 4."""
        key = key_of(self.m.seed, self.group_of[k]["stream"], 7, self.m.tick)
        for index in (axon["projection"], axon["source"] & M16, axon["source"] >> 16):
            key = key if wrong("chance") else step(key, index)
        drawn = draw16(key, self.number[k] & M16) >> 8
        return 0 if drawn >= abs(w) else -1 if w < 0 else 1

    def run_row(self, rule, trigger, i, fired, forced, dopa):
        at = 8 * (rule * self.count + i)
        scalars = self.s[at:at + 8] + [self.age(self.post_last[i], self.m.tick), -1 if fired and forced else 0,
                                             dopa, self.m.tick % self.m.period] + [0] * 4
        self.run(rule, trigger, i, scalars)
        self.s[at:at + 8] = scalars[:8]

    def step(self):
        """Returns the spikes: [(neuron, excess)]."""
        d, m, now = self.d, self.m, self.m.tick
        n = d["neuron_count"]
        self.emitted = {}  # sums of this tick, by learning axon
        acc, forced, shut, open_ = [0] * n, [False] * n, [0] * n, [0] * n
        self.inh = inh = [0] * n
        dopa, rewarded = [0] * n, [False] * n
        slot = self.wheel[now % self.slots]
        events = sorted(slot)
        slot.clear()
        value, self.value[now % self.slots] = self.value[now % self.slots], {}
        learning = [a for a in events if a < self.axons]
        p = self.p
        late = wrong("pre-late")
        columns = [a for a in learning if m.learn and self.rules[self.rule_of(a)]["entry"][0] != NONE]
        for a in columns if not late else ():
            self.run(self.rule_of(a), 0, a, [0] * 8 + [self.age(self.pre_last[a], now) - wrong("gap"), 0, 0 if wrong("payload") else value.get(a, 0),
                                            now % m.period] + [0] * 4)
        for a in events:
            axon = d["axon"][a]
            if a < self.axons:
                for i in range(self.count):
                    w = self.w[a * self.count + i]
                    add = multiplied(w, value.get(a, 0), axon["shift"]) if axon["kind"] == 3 else w << axon["shift"]
                    acc[p["first"] + i] += add
                    inh[p["first"] + i] += min(add, 0)
                continue
            row = axon["row"]
            if axon["format"] == 1:
                some = slice(row, row + axon["entries"])
                ticks = d["list_late"][some] or [0] * axon["entries"]
                entries = list(zip(d["list_neuron"][some], d["list_weight"][some], ticks))
                if wrong("list"):
                    entries = entries[1:]
            else:
                entries = [(k, d["weights"][row + k - axon["lo"]], 0) for k in range(axon["lo"], axon["hi"])]
            for k, w, ticks in entries:
                if axon["kind"] == 0:
                    tick = (now + ticks + wrong("ring")) % self.ring
                    self.late[tick][k] += w << axon["shift"]
                    self.late_inh[tick][k] += min(w, 0) << axon["shift"]
                    forced[k] |= bool(axon["forcing"] and w)
                elif axon["kind"] == 4:
                    add = self.by_chance(axon, k, w) << axon["shift"]
                    acc[k] += add
                    inh[k] += min(add, 0)
                elif axon["kind"] == 3:
                    add = multiplied(w, value.get(a, 0), axon["shift"])
                    acc[k] += add
                    inh[k] += min(add, 0)
                elif axon["kind"] == 1:
                    shut[k], open_[k] = max(shut[k], -w), max(open_[k], w)
                else:
                    dopa[k] += w << axon["shift"]
                    rewarded[k] = True
        acc = [a + b for a, b in zip(acc, self.late[now % self.ring])]
        self.inh = inh = [a + b for a, b in zip(inh, self.late_inh[now % self.ring])]
        self.late[now % self.ring], self.late_inh[now % self.ring] = [0] * n, [0] * n
        for a in columns if late else ():
            self.run(self.rule_of(a), 0, a, [0] * 8 + [self.age(self.pre_last[a], now), 0, value.get(a, 0), now % m.period] + [0] * 4)
        for a in learning if m.learn or self.measures else ():
            self.note(self.rules[self.rule_of(a)], self.pre_x, self.pre_last, a, now, value.get(a, 0))
            self.pre_last[a] = now + 1

        e = [self.update(k, acc[k], shut[k], open_[k]) for k in range(n)]
        fired = self.compete(e, forced)
        for k in range(n):
            if self.group_of[k]["recruits"] and not forced[k]:
                self.peak[k] = max(self.peak[k], self.u[k])
        for k in fired:
            self.fire(k)
        self.adapt(set(fired))
        if p and (m.learn or self.measures):
            self.learn({k: sat(e[k], 16) for k in fired}, forced, dopa, rewarded)
        return [(k, sat(e[k], 16)) for k in fired]

    def update(self, k, acc, shut, open_):
        """One neuron; returns e, or None when it is closed or below."""
        g, q, now = self.group_of[k], self.param[k], self.m.tick
        gate = self.gate[k]
        if shut > 0:
            gate = -max(shut, -gate if gate < 0 else 0)
        elif open_ > 0:
            gate = max(open_, gate) if gate >= 0 else open_
        closed = gate < 0 or gate == 0 and q["gate"] == 1
        self.gate[k] = gate - 1 if gate > 0 else gate + 1 if gate < 0 else 0
        if wrong("gate") and gate > 0:
            self.gate[k] = gate
        c = self.column[k]
        if c is not None and self.left[c] > 0 and self.winner[c] != k:
            closed = True
        u, bits = self.u[k], self.m.bits
        lif, cuba, grid = (g["model"] == number for number in (0, 2, 3))
        if cuba:
            inh = self.inh[k] if q["currents"] == 1 else 0
            if wrong("currents"):  # told by the sign of the sum
                inh = min(acc, 0) if q["currents"] == 1 else 0
            hold = wrap if q["current_overflow"] == 1 else sat
            exc = hold(part(self.more[0][k], 65536 - q["decay"]) + acc - inh, bits)
            inhib = hold(part(self.more[1][k], 65536 - q["decay_inhibitory"]) + inh, bits)
            if not (closed and wrong("shut-currents")):
                self.more[0][k], self.more[1][k] = exc, inhib
        if closed:
            if "when_shut" in q and q["when_shut"] == 0:
                self.u[k] = 0
            return None
        if cuba:
            v = part(u, 65536 - q["leak"]) + part(exc + inhib, q["gain"]) + q["bias"]
            if q["noise"] > 0:
                v += q["noise"] * draw16(self.m.key(g["stream"], 0), self.number[k]) >> 16
            u = sat(v, bits)
            self.u[k] = max(u, q["floor"])
            return self.u[k] - (q["threshold"] + self.rise(k))
        if grid:
            return self.update_grid(k, q, acc)
        if lif:
            v = u - (u * q["leak"] + (wrong("leak") and (1 << image_file.LEAK_BITS) - 1) >> image_file.LEAK_BITS)
            v = max(v - q["leak_step"], 0) if v > 0 else min(v + q["leak_step"], 0) if v < 0 else 0
            if q["noise"] > 0:
                key = self.m.key(g["stream"], 0)
                v += q["noise"] * draw16(key, self.number[k]) >> 16
            v += acc + q.get("bias", 0)
        else:
            v = u + acc + q["leak_add"]
        u = sat(v, bits)
        self.u[k] = u if wrong("floor") else max(u, q["floor"])
        e = self.u[k] - (q["threshold"] + self.rise(k) * (not wrong("excess")))
        return e

    def update_grid(self, k, q, acc):
        """An open neuron of a grid: docs/arithmetic.md, 5."""
        bits, draw = self.m.bits, 0
        hold = wrap if q["overflow"] == 1 else sat
        if q["noise"] > 0 or 0 < q["leak_chance"] < 65536:
            draw = draw16(self.m.key(self.group_of[k]["stream"], 0), self.number[k])
        if q["begins"] == 1 and self.more[0][k] == 0:
            self.u[k], self.more[0][k] = hold(q["initial"], bits), 1
            return None
        v = (q["reset_value"] if q["memory"] == 1 else self.u[k]) + acc
        if q["overflow"] == 1:
            v = wrap(v, bits)
        at_zero = (1, 0, 1, -1)[q["leak_sign"]]
        sign = 1 if q["leak_sign"] == 0 else at_zero if v == 0 and not wrong("leak-sign") else 1 if v > 0 else -1
        swapped = draw if wrong("leak-draw") else draw % 256 * 256 + draw // 256
        v = hold(v + (sign * q["leak_add"] if swapped < q["leak_chance"] else 0), bits)
        eta = q["noise"] * draw >> 16
        e = v - eta - (q["threshold"] + self.rise(k))
        if e >= 0:
            self.u[k] = v - eta if q["reset"] == 1 else v
        elif v < q["floor"] or q["floor_at"] == 1 and v == q["floor"] and not wrong("below"):
            self.u[k] = q["floor"] if q["below"] == 0 else (
                hold(-q["reset_value"], bits) if q["reset"] == 0 else hold(v - q["floor"], bits) if q["reset"] == 1 else v)
        else:
            self.u[k] = v
        return e

    def recruit(self, c, e, forced):
        """The neuron that a column which forcing reached fires, or None."""
        best = None
        for k in range(len(e)):
            g, x = self.group_of[k], self.excess(k)
            if self.column[k] != c or not forced[k] or e[k] is None or g["freeze"] and x >= g["freeze"]:
                continue
            match = self.peak[k] - (self.param[k]["threshold"] + self.rise(k))
            rank = (1, e[k]) if x == 0 else (2 if match >= -g["vigilance"] else 0, match)
            if best is None or rank > best[0]:
                best = rank, k
        return best and best[1]

    def compete(self, e, forced):
        fired, best = [], {}
        taught = {self.column[k] for k, g in enumerate(self.group_of) if g["recruits"] and forced[k] and not wrong("recruit")}
        for c in taught:
            k = self.recruit(c, e, forced)
            if k is not None:
                best[c] = k
        for k, x in enumerate(e):
            c = self.column[k]
            if x is None or x < 0 or c in taught:
                continue
            if c is None:
                fired.append(k)
            elif c not in best or (x >= e[best[c]] if wrong("ties") else x > e[best[c]]):
                best[c] = k
        for c in range(len(self.left)):
            if c in best:
                k = best[c]
                fired.append(k)
                self.winner[c], self.left[c] = k, self.group_of[k]["block_ticks"]
            elif self.left[c] > 0:
                self.left[c] -= 1 + (wrong("block") and self.left[c] > 1)
        return sorted(fired)

    def fire(self, k):
        q = self.param[k]
        if q["reset"] == 0:
            self.u[k] = q.get("reset_value", 0)
        elif q["reset"] == 1:
            self.u[k] -= q["threshold"] + self.rise(k)
        if q["refractory"] > 0:
            self.gate[k] = -q["refractory"]

    def learn(self, fired, forced, dopa, rewarded):
        p, now = self.p, self.m.tick
        for i in range(self.count):
            k = p["first"] + i
            if k in fired:
                for r, rule in enumerate(self.rules):
                    if self.m.learn and rule["entry"][1] != NONE:
                        self.run_row(r, 1, i, True, forced[k], dopa[k])
                for r, rule in enumerate(self.rules):
                    self.note(rule, self.post_x[r], self.post_last, i, now, fired[k])
                self.post_last[i] = now + 1
                self.eligible[i] |= self.m.learn
            eligible = self.eligible[i]
            for r, rule in enumerate(self.rules):
                if self.m.learn and rewarded[k] and rule["entry"][2] != NONE and (eligible or rule["reward_all"]):
                    self.run_row(r, 2, i, k in fired, forced[k], dopa[k])
                    self.eligible[i] = 1 if wrong("eligible") else 0
            for r, rule in enumerate(self.rules):
                if rewarded[k] and rule["entry"][3] != NONE and not wrong("measure"):
                    self.run_row(r, 3, i, k in fired, forced[k], dopa[k])

    def reset(self):
        if wrong("reset"):
            return
        for k, g in enumerate(self.group_of):
            if g["reset"]:
                self.u[k] = self.gate[k] = self.peak[k] = 0
                for kept in self.more:
                    kept[k] = 0
                if g["theta_reset"]:
                    self.theta[k] = 0
                if self.column[k] is not None:
                    self.winner[self.column[k]] = self.left[self.column[k]] = 0
                if self.p and 0 <= k - self.p["first"] < self.count:
                    self.eligible[k - self.p["first"]] = 0


# --- a machine -----------------------------------------------------------------------------------------------------

class Machine:
    def __init__(self, image, copy, learn, test):
        head, c = image["HEAD"], image["copies"][copy]
        self.image, self.learn = image, learn
        self.period, self.bits = head["period_ticks"], head["limits"]["membrane_bits"]
        self.slots, self.ring, self.resets = head["limits"]["delay_slots"], head["limits"]["ring"], head["reset"]
        live = c["lives"] and not test
        self.seed = hash64(c["seed"], 0x7e57 << 8, 0) if test else c["seed"]
        self.tick = c["tick"] if live else 0
        self.keys = {}
        self.cores = [Core(self, core, c["learnt"][k], c["live"][k] if live else None)
                      for k, core in enumerate(image["cores"])]
        self.carry = list(c["carry"]) if live else []
        self.at = {(t["x"], t["y"]): t["core"] for t in image["TILE"]}
        self.place = {t["core"]: (t["x"], t["y"]) for t in image["TILE"]}
        self.table = {(r["x"], r["y"], r["source"], r["block"]): r for r in image["ROUT"]}
        self.leaves = {}

    def key(self, stream, purpose):
        if (stream, purpose) not in self.keys:
            self.keys[stream, purpose] = key_of(self.seed, stream, purpose, self.tick)
        return self.keys[stream, purpose]

    def ends(self, source, block, x, y):
        """The way of a block from a tile: [(core, input of its first source)]."""
        if (source, block) not in self.leaves:
            ends, todo = [], [(x, y)]
            while todo:
                x, y = todo.pop()
                r = self.table.get((x, y, source, block))
                if r is None:  # to the host, beyond the edge
                    continue
                if r["ports"] & 16:
                    ends.append((self.at[x, y], r["input"]))
                for bit, dx, dy in ((1, 1, 0), (2, -1, 0), (4, 0, -1), (8, 0, 1)):
                    if r["ports"] & bit:
                        todo.append((x + dx, y + dy))
            self.leaves[source, block] = ends
        return self.leaves[source, block]

    def send(self, source, block, index, x, y, value=0):
        for core, first in self.ends(source, block, x, y):
            to = self.cores[core]
            a = to.d["inputs"][first + index]
            while a != NONE:
                delay = to.d["axon"][a]["delay_ticks"] + wrong("wheel")
                to.wheel[(self.tick + delay) % self.slots].add(a)
                if to.d["axon"][a]["kind"] == 3:
                    to.value[(self.tick + delay) % self.slots][a] = value
                a = NONE if wrong("chain") else to.d["axon"][a]["next"]

    def step(self, said):
        """said: [(group, receptor)]; returns the spikes of all populations: {(population, number, excess)}."""
        self.keys = {}
        for group, i in set(said):
            for k, b in enumerate(self.image["RECV"][group]["block"]):
                if b["first"] <= i < b["first"] + b["count"]:
                    self.send(group, k, i - b["first"], 0, 0)
        spikes, out = [core.step() for core in self.cores], set()
        groups = len(self.image["RECV"])
        for c, core in enumerate(self.cores):
            for n, excess in spikes[c]:
                first = block = 0
                for g in core.d["group"]:
                    if n < first + g["count"]:
                        break
                    first += g["count"]
                    block += g["block_count"]
                out.add((g["population"], core.number[n], excess))
                for k in range(block, block + g["block_count"]):
                    b = core.d["block"][k]
                    if b["by_column"] == 2:
                        continue
                    i = sum(end <= n - first for end in image_file.column_ends(g)) if b["by_column"] else n - first
                    if b["first"] <= i < b["first"] + b["count"]:
                        self.send(groups + c, k, i - b["first"], *self.place[c], excess)
        for c, core in enumerate(self.cores):
            block = 0
            for g in core.d["group"]:
                for k in range(block, block + g["block_count"]):
                    b = core.d["block"][k]
                    for lane in range(b["first"], b["first"] + b["count"]) if b["by_column"] == 2 else ():
                        total = core.emitted.get(lane, 0)
                        if total != 0 or wrong("emit-silent"):
                            self.send(groups + c, k, lane - b["first"], *self.place[c], sat(total, 16))
                block += g["block_count"]
        self.tick += 1
        if self.resets and self.tick % self.period == 0:
            for core in self.cores:
                core.reset()
        return out

    def encode(self, group, picture, width, height, label, now, teach):
        """What a receptor group says in a presentation that begins in tick `now`: {(tick of it, receptor)}."""
        r, head = self.image["RECV"][group], self.image["HEAD"]
        ticks, out = head["picture_ticks"], set()
        if r["encoder"] in (4, 5, 6):
            if r["encoder"] == 4 or not teach:
                return out
            who = range(r["size"]) if r["encoder"] == 6 else [label] if label < r["size"] else []
            return {(t, i) for t in r["at"] for i in who}
        left, top = (r["left"], r["top"]) if r["crop"] else ((width - r["width"]) // 2, (height - r["height"]) // 2)
        p = [picture[(top + i // r["width"]) * width + left + i % r["width"]] for i in range(r["width"] * r["height"])]
        if r["surround"]:
            p = difference(r, p)
        if r["permutation"]:
            p = [p[i] for i in permutation(r["permutation"], r["width"] * r["height"])]
        if r["taps"]:
            p = sparse_code(r, p)
        if r["encoder"] == 1:
            before = sum(g["size"] for g in self.image["RECV"][:group] if g["encoder"] == 1)
            while len(self.carry) < before + r["size"]:
                self.carry.append(0)
            rest = self.carry[before:before + r["size"]] if r["carry"] else [0] * r["size"]
        for t in range(ticks):
            key = key_of(self.seed, r["stream"], 1, now + t)
            for i, x in enumerate(p):
                if r["encoder"] == 0:
                    pair = draw16(key, i >> 1)
                    if (pair & 255 if i % 2 == wrong("pair") else pair >> 8) < x + (x >= 128):
                        out.add((t, i))
                elif r["encoder"] == 1:
                    rest[i] += x
                    if rest[i] >= 255:
                        rest[i] -= 255
                        out.add((t, i))
                elif r["encoder"] == 2:
                    if x and draw16(key, i) < poisson(r["rate"], x):
                        out.add((t, i))
                elif x and (255 - x + 8 * wrong("late-latency")) * ticks // 256 == t:
                    out.add((t, i))
        if r["encoder"] == 1:
            self.carry[before:before + r["size"]] = rest
        return out


def difference(r, p):
    """What a filter makes of the pixels p of a cropped picture."""
    width, height = r["width"], r["height"]

    def step(line):
        return [(a + 2 * b + c + 2 * (not wrong("filter"))) // 4 for a, b, c in zip([0] + line, line, line[1:] + [0])]

    rows, after = [[256 * p[y * width + x] for x in range(width)] for y in range(height)], {}
    for k in range(r["surround"] + 1):
        after[k] = [v for row in rows for v in row]
        columns = [step(list(c)) for c in zip(*[step(row) for row in rows])]
        rows = [list(row) for row in zip(*columns)]
    out = []
    for c, s in zip(after[r["centre"]], after[r["surround"]]):
        x = min(255, max(s - c if r["off"] else c - s, 0) * r["gain"] >> 16)
        out.append(x if x >= r["least"] else 0)
    return out


def sparse_code(r, p):
    """Intensities of the receptors of a code for the pixels p of a picture."""
    width, height, reach, sums = r["width"], r["height"], r["window"] // 2, []

    def draw(number):
        bits = hash64(r["code_seed"], 0xC0DE << 8, number)
        return bits >> 48, bits >> 32 & M16

    def place(bits, extent):
        room = extent - 2 * reach
        return reach + (room * bits >> 16) if room > 0 else extent // 2

    for i in range(r["size"]):
        row, column = draw(32 * i)
        row, column, total = place(row, height), place(column, width), 0
        for k in range(r["taps"] + r["against"]):
            y, x = (r["window"] * bits >> 16 for bits in draw(32 * i + 1 + k))
            y = min(max(row + y - reach, 0), height - 1)
            x = min(max(column + x - reach, 0), width - 1)
            total += p[y * width + x] * (1 if k < r["taps"] else -1)
        sums.append(total)
    limit = min(level for level in [0] + [x for x in sums if x > 0]
                if sum(x > level for x in sums) <= r["speak"] - wrong("code"))
    return [r["level"] if x > limit else 0 for x in sums]


def permutation(seed, n):
    out = list(range(n))
    for i in range(n - 1, 0, -1):
        j = (i + 1) * (hash64(seed, 0x9E37 << 8, i) >> 32) >> 32
        out[i], out[j] = out[j], out[i]
    return out


def poisson(rate, x):
    """floor(65535 (1 - exp(-rate / 65536 * x / 255)) + 1/2), exp by the series of the manual, in doubles."""
    z, halvings = rate / 65536.0 * x / (256.0 - (not wrong("poisson"))), 0
    while z > 0.125:
        z /= 2
        halvings += 1
    term = total = 1.0
    for n in range(1, 20):
        term *= -z / n
        total += term
    for _ in range(halvings):
        total *= total
    return int(65535.0 * (1.0 - total) + 0.5)


# --- cases ---------------------------------------------------------------------------------------------------------

class Differs(Exception):
    pass


def same(where, field, mine, theirs):
    if mine != theirs:
        raise Differs("%s: %s: witness %s, engine %s" % (where, field, mine, theirs))


def compare_saved(m, after, where):
    copy = after["copies"][0]
    same(where, "tick", m.tick, copy["tick"])
    for c, core in enumerate(m.cores):
        learnt, live = copy["learnt"][c], copy["live"][c]
        at = "%s, core %d" % (where, c)
        for field in ("w", "r", "q", "s") + ("theta",) * bool(learnt["theta"]):
            same(at, field, getattr(core, field), learnt[field])
        n = core.d["neuron_count"]
        same(at, "states", [x for kept in [core.u] + core.more for x in kept][:len(live["u"])], live["u"])
        for field in ("gate", "left", "pre_x", "eligible"):
            same(at, field, getattr(core, field), live[field])
        same(at, "post_x", sum(core.post_x, []), live["post_x"])
        for field in ("pre_last", "post_last"):  # none, or too long ago to be told from it
            same(at, field, [core.age(x, m.tick) for x in getattr(core, field)],
                 [core.age(x, m.tick) for x in live[field]])
        for k, left in enumerate(core.left):
            same(at, "winner", left and core.winner[k], left and live["winner"][k])
        words = (len(core.d["axon"]) + 63) // 64
        wheel = [sum(1 << a % 64 for a in slot if a // 64 == k) for slot in core.wheel for k in range(words)]
        same(at, "wheel", wheel, live["wheel"])


def run_cases(path, tables):
    data, at, count, spikes = open(path, "rb").read(), 0, 0, 0

    def ints(n):
        nonlocal at
        values = struct.unpack_from("<%di" % n, data, at)
        at += 4 * n
        return values

    def blob():
        nonlocal at
        (n,) = ints(1)
        at += n
        return data[at - n:at]

    while at < len(data):
        seed, learn, test, ticks, width, height, pictures = ints(7)
        where = "case %d" % seed
        image = read_image(tables, blob())
        m = Machine(image, 0, bool(learn), bool(test))
        for k in range(pictures):
            (label,) = ints(1)
            picture = blob()
            (n,) = ints(1)
            flat = ints(3 * n)
            frame = {tuple(flat[3 * j:3 * j + 3]) for j in range(n)}
            now = m.tick + k * m.period
            mine = {(g, t, i) for g in range(len(image["RECV"]))
                    for t, i in m.encode(g, picture, width, height, label, now, bool(learn))}
            same("%s, picture %d" % (where, k), "frame", sorted(mine), sorted(frame))
        for _ in range(ticks):
            n_in, n_out = ints(2)
            said = ints(2 * n_in)
            told = ints(3 * n_out)
            here = "%s, tick %d" % (where, m.tick)
            out = m.step([(said[2 * k], said[2 * k + 1]) for k in range(n_in)])
            same(here, "spikes", sorted(out), sorted(tuple(told[3 * k:3 * k + 3]) for k in range(n_out)))
            spikes += len(out)
            for c, core in enumerate(m.cores):
                n = core.d["neuron_count"]
                state = ints(7 * n)
                at_core = "%s, core %d" % (here, c)
                same(at_core, "potentials", core.u, list(state[:n]))
                same(at_core, "gates", core.gate, list(state[n:2 * n]))
                same(at_core, "excess", [core.excess(k) for k in range(n)], list(state[2 * n:3 * n]))
                same(at_core, "raised thresholds", core.theta, list(state[3 * n:4 * n]))
                same(at_core, "currents", [x for kept in core.more for x in kept], list(state[4 * n:]))
        compare_saved(m, read_image(tables, blob()), where)
        count += 1
    return count, spikes


def main(arguments):
    if "--change" in arguments:
        change.NAME = arguments[arguments.index("--change") + 1]
        wrong(change.NAME)
    if "--changes" in arguments:
        print("\n".join(change.CHANGES))
        return 0
    draws.DRAW = draws.read_draw("docs/arithmetic.md")
    learn.OPS[:] = learn.read_ops("docs/learning-engine.md")
    read_models("docs/arithmetic.md", "docs/image.md")
    try:
        count, spikes = run_cases(arguments[1], read_tables("docs/image.md"))
    except Differs as difference:
        print(str(difference)[:2000])
        return 1
    print("%d images, %d spikes, no difference" % (count, spikes))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
