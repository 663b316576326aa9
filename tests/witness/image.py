"""image.py - the image's bytes, followed field by field along the tables of docs/image.md."""
import re
import struct
import zlib

def read_tables(path):
    """Each '### name' with a table of fields: name -> [(field, type)]."""
    records, name = {}, None
    for line in open(path, encoding="utf-8"):
        heading = re.match(r"### (\w+)$", line)
        if line.startswith("#"):
            name = heading.group(1) if heading else None
        row = re.match(r"\| `(\w+)` \| ([^|]+?) \|", line)
        if name and row:
            records.setdefault(name, []).append((row.group(1), row.group(2)))
    return records


NUMBERS = {"u8": "B", "i8": "b", "u16": "H", "i16": "h", "u32": "I", "i32": "i", "u64": "Q", "f64": "d"}
NONE = 0xffffffff


class Reader:
    def __init__(self, tables, data):
        self.tables, self.data, self.at = tables, data, 0

    def number(self, kind):
        f = "<" + NUMBERS[kind]
        value = struct.unpack_from(f, self.data, self.at)[0]
        self.at += struct.calcsize(f)
        return value

    def text(self):
        n = self.number("u32")
        self.at += n
        return self.data[self.at - n:self.at].decode("utf-8", "surrogateescape")

    def row(self, kind, n):
        f = "<%d%s" % (n, NUMBERS[kind])
        values = struct.unpack_from(f, self.data, self.at)
        self.at += struct.calcsize(f)
        return list(values)

    def record(self, name, lengths=None, skip=()):
        out = {}
        for field, kind in self.tables[name]:
            if field in skip:
                continue
            if kind in NUMBERS:
                out[field] = self.number(kind)
            elif kind == "text":
                out[field] = self.text()
            elif kind == "record":
                if field == "plastic" and not out["learns"]:
                    out[field] = None
                else:
                    out[field] = self.record(field, lengths)
            elif kind == "u32, record[]":
                out[field] = [self.record(field, lengths) for _ in range(self.number("u32"))]
            elif kind.startswith("u32, "):
                out[field] = self.row(kind[5:-2], self.number("u32"))
            elif kind.endswith("[]"):
                out[field] = self.row(kind[:-2], lengths(field, out))
            else:
                base, n = re.match(r"(\w+)\[(\d+)\]$", kind).groups()
                out[field] = [self.text() if base == "text" else self.number(base) for _ in range(int(n))]
        return out


MODELS = {}  # number -> names of parameters, in order; read from the manual
STATES = {}  # number -> names of what a neuron keeps, the potential first
LEAK_BITS = 0


def read_models(path, tables_path):
    """The models' numbers (docs/image.md) and their sentences "Parameters: a, b (what), ..." (docs/arithmetic.md)."""
    global LEAK_BITS
    text = open(path, encoding="utf-8").read()
    LEAK_BITS = int(re.search(r"asr\(u \* leak, (\d+)\)", text).group(1))
    row = re.search(r"\| `model` \|.*", open(tables_path, encoding="utf-8").read()).group(0)
    for number, name in re.findall(r"(\d+) (\w+)", row[row.index("models.def"):]):
        section = text[text.index("\n### " + name) + 1:].split("\n### ")[0]
        names = re.search(r"State (u[\w, ]*)", section)
        STATES[int(number)] = names.group(1).replace(",", " ").split() if names else ["u"]
        sentence = re.search(r"Parameters: (.*?)\. ", section, re.S).group(1)
        sentence = re.sub(r"\([^)]*\)", "", sentence)
        MODELS[int(number)] = tuple(re.match(r"\w+", word.strip()).group(0) for word in sentence.split(","))


def column_ends(g):
    """Behind the last neuron of each column of a group, by place."""
    return g["starts"][1:] or list(range(g["column_size"], g["count"] + 1, g["column_size"]))


def read_image(tables, data):
    assert data[:8] == bytes([0x89]) + b"STOA\r\n\x1a"
    version, count, length, total = struct.unpack_from("<IIQI", data, 8)
    assert version == 6 and length == len(data)
    assert zlib.crc32(data[:24] + data[28:28 + 24 * count]) == total
    image, cores, at = {"copies": []}, [], 28 + 24 * count

    def lengths(field, out):
        if field == "params":
            return out["param_count"]
        if field == "carry":
            return sum(r["size"] for r in image["RECV"] if r["encoder"] == 1) if out["lives"] else 0
        core = cores[out["core"]]
        p = core["plastic"] or {"axons": 0, "count": 0, "has_resource": 0, "has_aux": 0}
        synapses, rules = p["axons"] * p["count"], 1 + len(p["part"]) if p["axons"] else 0
        columns = sum(len(column_ends(g)) for g in core["group"] if g["compete"])
        return {"w": synapses, "r": synapses * p["has_resource"], "q": synapses * p["has_aux"],
                "s": 8 * rules * p["count"], "u": core["neuron_count"] * max([1] + [len(STATES[g["model"]]) for g in core["group"]]), "gate": core["neuron_count"],
                "peak": core["neuron_count"] * any(g["recruits"] for g in core["group"]),
                "theta": core["neuron_count"] * any(g["theta_step"] > 0 for g in core["group"]), "winner": columns, "left": columns, "pre_x": p["axons"], "pre_last": p["axons"],
                "value": image["HEAD"]["limits"]["delay_slots"] * sum(axon["kind"] == 3 for axon in core["axon"]),
                "late": core["neuron_count"] * image["HEAD"]["limits"]["ring"] * bool(core["list_late"]) * (1 + any(
                    dict(zip(MODELS[g["model"]], g["params"])).get("currents", 0) == 1 for g in core["group"])),
                "post_x": rules * p["count"], "post_last": p["count"], "eligible": p["count"],
                "wheel": image["HEAD"]["limits"]["delay_slots"] * ((len(core["axon"]) + 63) // 64)}[field]

    for k in range(count):
        tag, crc, offset, size = struct.unpack_from("<4sIQQ", data, 28 + 24 * k)
        tag = tag.decode()
        content = data[offset:offset + size]
        assert offset == at and zlib.crc32(content) == crc
        at += size
        r = Reader(tables, content)
        many = {"RECV": "receptor", "POPS": "population", "COST": "cost", "TILE": "tile", "ROUT": "route"}
        if tag in many:
            image[tag] = [r.record(many[tag], lengths) for _ in range(r.number("u32"))]
        elif tag == "HEAD":
            image[tag] = r.record("image", lengths)
        elif tag == "CORE":
            cores.append(r.record("core", lengths))
        elif tag == "COPY":
            image["copies"].append(r.record("copy", lengths, ("learnt", "live")))
            image["copies"][-1].update(learnt=[], live=[])
        else:
            copy = image["copies"][-1]
            copy["learnt"].append(r.record("learnt", lengths))
            if copy["lives"]:
                copy["live"].append(r.record("live", lengths))
        assert r.at == len(content), tag
    image["cores"] = cores
    return image
