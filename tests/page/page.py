#!/usr/bin/python3
"""The pages of `stoa report` in a browser: a phone, a large screen, dark and light; what moves is moved as users move it;
what stands there afterwards is asked of the page, and looked at beside stored screenshots.

    page.py                 ONLY=word for some tests, BLESS=1 stores the screenshots anew (tests/page/shots)

Screenshots are compared by the means of tiles, not by pixels: letters differ between machines, places and colours do not.
"""
import io
import json
import os
import shutil
import subprocess
import sys
import tempfile
import traceback
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
os.chdir(ROOT)
STOA = os.environ.get("STOA", str(ROOT / "build/release/stoa"))
MOST = 2_000_000  # bytes of a page
PHONE, DESK, LARGE = (375, 800), (1280, 900), (2560, 1440)


def stoa(*arguments):
    done = subprocess.run([STOA, *map(str, arguments)], capture_output=True, text=True,
                          env={**os.environ, "SOURCE_DATE_EPOCH": "1700000000"})
    assert done.returncode == 0, f"stoa {' '.join(map(str, arguments))}: {done.stderr}"
    return done.stdout


def make_pages(folder):
    """A sequence of tasks, one task, more copies than a page can show, a mesh of cores that has learnt nothing, a run on spikes of a network that cannot learn; and pages of
    more than one image."""
    pages = {}
    for name, experiment, more in (("sequence", "permuted-mnist", ["--copies", 2, "--ask", 100]), ("alone", "mnist", ["--copies", 1])):
        stoa("train", f"netlists/experiments/{experiment}.yaml", "--limit", 1500, "--threads", 1, "--out", folder / name, *more)
        pages[name] = folder / name / "report.html"
    # one task, long enough to be seen in stages
    stoa("train", "mnist", "--limit", 2500, "--ask", 100, "--threads", 1, "--copies", 1, "--out", folder / "stages")
    pages["stages"] = folder / "stages/report.html"
    # more than a page can hold
    stoa("train", "mnist", "--limit", 100, "--ask", 20, "--threads", 1, "--copies", 60, "--out", folder / "crowd")
    pages["crowd"] = folder / "crowd/report.html"
    stoa("compile", "colanet", "-f", "stoa-1-small", "-o", folder / "mesh.img")
    pages["mesh"] = folder / "mesh.html"
    stoa("report", folder / "mesh.img", "-o", pages["mesh"])
    stoa("compile", "brunel-500", "-f", "stoa-1-ei", "-o", folder / "spikes.img")
    (folder / "spikes.txt").write_text("".join(f"{t} R {i}\n" for t in range(40) for i in range(20)))
    (folder / "run.json").write_text(stoa("run", folder / "spikes.img", "--in", folder / "spikes.txt", "--ticks", 50, "--json",
                                          "-o", folder / "trace"))
    # what has no list of sections: mappings side by side, an experiment over seeds, a search
    pages["mappings"] = folder / "mappings.html"
    stoa("compile", "colanet", "--compare", "stoa-1-small", "stoa-1-large", "-o", pages["mappings"])
    pages["seeds"] = folder / "seeds.html"
    stoa("train", "netlists/experiments/permuted-mnist.yaml", "--limit", 1500, "--threads", 1, "--out", folder / "other", "--copies", 2,
         "--ask", 100, "--seed", 2)
    stoa("report", folder / "sequence", folder / "other", "-o", pages["seeds"])
    stoa("tune", "permuted-mnist-published", "--population", 4, "--generations", 2, "--limit", 300, "--ask", 50, "--copies", 1,
         "--threads", 1, "--out", folder / "tune")
    pages["search"] = folder / "tune/tune.html"
    pages["spikes"] = folder / "spikes.html"
    stoa("report", folder / "spikes.img", "--run", folder / "run.json", "-o", pages["spikes"])
    return pages


def ask(b, body):
    return b.ask("(() => {" + body + "})()")


TEXTS = """
    const bad = [], walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let n; (n = walker.nextNode());) {
        const e = n.parentElement;
        if (!n.textContent.trim() || !e.getClientRects().length || e.closest('script'))
            continue;
        const m = e.ownerSVGElement && e.getScreenCTM ? Math.abs(e.getScreenCTM().d) : 1;
        const size = parseFloat(getComputedStyle(e).fontSize) * m;
        if (size < 13.99)
            bad.push(size.toFixed(1) + ' ' + e.tagName + '.' + e.getAttribute('class') + ': ' + n.textContent.trim().slice(0, 30));
    }
    return bad.slice(0, 8);"""
BEYOND = """
    return Array.from(document.querySelectorAll('body *')).filter(e => {
        const r = e.getBoundingClientRect();
        return r.width && (r.right > innerWidth + 1 || r.left < -1) && !e.closest('.scroll, nav, .stage, [hidden]');
    }).map(e => e.tagName + '.' + e.getAttribute('class')).slice(0, 8);"""
TARGETS = """
    return Array.from(document.querySelectorAll('nav a, button, summary, input')).filter(e => {
        const r = e.getBoundingClientRect();
        return r.height && (r.height < 43.9 || r.width < 43.9);
    }).map(e => e.tagName + ' ' + e.textContent + ' ' + Math.round(e.getBoundingClientRect().height)).slice(0, 8);"""


def alone(b, pages):
    for name, page in pages.items():
        size = page.stat().st_size
        assert size < MOST, f"{name}: {size} bytes"
        b.open(page, *DESK)
        assert b.asked == [page.resolve().as_uri()], f"{name} asks for {b.asked}"
        assert not b.broken, f"{name}: {b.broken}"
        # nor can it: what would come from outside is refused
        b.ask("new Promise(f => { const i = new Image(); i.onerror = i.onload = () => f(1); i.src = 'http://127.0.0.1:9/x.png';"
              "document.body.append(i); })")
        b.settle()
        assert any("Content Security Policy" in said for said in b.broken), f"{name}: a picture from outside would be fetched"
    sizes = [page.stat().st_size for page in pages.values()]
    print(f"figure: {len(pages)} pages, the largest {max(sizes)} bytes of {MOST}")


def limited(b, pages):
    """What a page has no room for is said in it, with the number: shown and left out are all there are."""
    b.open(pages["crowd"], *DESK)
    copies = json.loads((pages["crowd"].parent / "result.json").read_text())["copies"]
    shown = 1 + b.ask("document.querySelectorAll('#fields details').length")
    said = ask(b, "return Array.from(document.querySelectorAll('#fields .note')).map(e => e.textContent).filter(t => t.includes('left out'))")
    assert said == [f"{copies - shown} more copies are left out, or the page would be too large."] and shown > 1, (copies, shown, said)
    for name, page in pages.items():
        if name != "crowd":
            assert "or the page would be too large" not in page.read_text(), f"{name} leaves something out"
    print(f"figure: of {copies} copies' fields {shown} are in a page of {pages['crowd'].stat().st_size} bytes")


def phone(b, pages):
    for name, page in pages.items():
        b.open(page, *PHONE, phone=True)
        b.ask("document.querySelectorAll('details').forEach(d => { d.open = true; })")
        b.settle()
        wide = b.ask("document.documentElement.scrollWidth")
        assert wide == 375, f"{name} is {wide} px wide, because of {ask(b, BEYOND)}"
        for what, body in (("small letters", TEXTS), ("beyond the edge", BEYOND), ("not a finger wide", TARGETS)):
            bad = ask(b, body)
            assert not bad, f"{name}: {what}: {bad}"
        loose = b.ask("Array.from(document.querySelectorAll('table')).filter(t => !t.closest('.scroll')).length")
        assert loose == 0, f"{name}: {loose} tables without a box of their own"


def large(b, pages):
    for name, page in pages.items():
        b.open(page, *LARGE)
        assert b.ask("document.documentElement.scrollWidth") == 2560, f"{name}: {ask(b, BEYOND)}"
        assert not ask(b, BEYOND), f"{name}: {ask(b, BEYOND)}"
        if not b.ask("!!document.querySelector('nav')"):
            continue
        nav, main = (b.ask(f"document.querySelector('{e}').getBoundingClientRect().toJSON()") for e in ("nav", "main"))
        assert nav["right"] <= main["left"] and main["width"] > 2000, f"{name}: nav {nav}, main {main}"
    b.open(pages["sequence"], *LARGE)
    for left, right in (("confusion", "curve"), ("routing", "traffic")):
        a, c = (b.ask(f"document.getElementById('{e}').getBoundingClientRect().toJSON()") for e in (left, right))
        assert abs(a["top"] - c["top"]) < 2 and a["right"] <= c["left"], f"{left} and {right} are not side by side"
    short = b.ask("document.documentElement.scrollHeight")
    b.open(pages["sequence"], *DESK)
    tall = b.ask("document.documentElement.scrollHeight")
    assert short < 0.75 * tall, f"a large screen saves nothing: {short} of {tall} px"


def dark(b, pages):
    bright = []
    for is_dark in (False, True):
        b.open(pages["sequence"], *DESK, dark=is_dark)
        for e in ("body", "nav", "button"):
            colours = b.ask(f"(() => {{ const s = getComputedStyle(document.querySelector('{e}'));"
                            "return [s.color, s.backgroundColor] })()")
            ink, paper = (sum(map(float, c[c.index("(") + 1:-1].split(",")[:3])) / 3 for c in colours)
            assert abs(ink - paper) > 80, f"{e}: {colours}"
            bright.append(paper > ink)
    assert bright == [True] * 3 + [False] * 3, bright


def tips(b, pages):
    said = "(() => { const t = document.querySelector('.tip'); return t.hidden ? null : t.textContent })()"
    b.open(pages["mesh"], *DESK)
    names = ask(b, "return Array.from(document.querySelectorAll('#routing .core')).map(e => e.getAttribute('aria-label'))")
    assert len(names) > 1 and all(n.startswith("core ") for n in names), names
    for where in ("#routing .core", "#traffic [data-tip*='core 0']", "#traffic [data-tip*=' packets']"):
        x, y = b.middle(where)
        b.mouse("mouseMoved", x, y)
        b.settle()
        tip = b.ask(said)
        assert tip and tip == b.ask(f"document.querySelector(\"{where}\").getAttribute('data-tip')"), f"{where}: {tip}"
    assert any(" L" in n or ":L" in n for n in names), f"no core is said to hold L: {names}"
    b.mouse("mouseMoved", 3, 3)
    b.settle()
    assert b.ask(said) is None, "a tip stays where nothing is"
    b.open(pages["sequence"], *PHONE, phone=True)
    x, y = b.middle("#routing .core")
    b.touch("touchStart", (x, y))
    b.touch("touchEnd")
    b.settle()
    assert "core 0" in (b.ask(said) or ""), b.ask(said)
    x, y = b.middle("svg.weights rect")
    b.touch("touchStart", (x, y))
    b.touch("touchEnd")
    b.settle()
    assert "%" in (b.ask(said) or ""), b.ask(said)


class Raster:
    def __init__(self, b):
        self.b = b

    def state(self):
        """How close, and which ticks are said to be seen; that of the drawing itself and of its marks agrees."""
        said = self.b.ask("document.querySelector('.zoom output').textContent")
        m = self.b.ask("document.querySelector('.plot').getAttribute('transform').slice(7, -1).split(' ').map(Number)")
        marks = self.b.ask("Array.from(document.querySelectorAll('.at-x text')).map(e => Number(e.textContent))")
        k = m[3]
        if said.startswith("all"):
            assert k == 1, (said, m)
            return k, m[4], m[5], marks
        assert abs(float(said[1:].split(",")[0]) - k) < 0.06, (said, m)
        first, last = map(int, said.split("ticks ")[1].split(" to "))
        assert all(first <= t <= last for t in marks), (said, marks)
        return k, m[4], m[5], marks


def zoom(b, pages):
    for name in ("sequence", "alone"):
        b.open(pages[name], *DESK)
        r = Raster(b)
        whole = r.state()
        x, y = b.middle(".zoom svg")
        b.mouse("mouseWheel", x, y, deltaX=0, deltaY=-200)
        b.settle()
        assert r.state() == whole, "a wheel that passes over the raster zooms"
        b.mouse("mouseWheel", *b.middle(".zoom svg"), deltaX=0, deltaY=-200, modifiers=2)
        b.settle()
        assert r.state()[0] > 1.2, "Ctrl and wheel do not zoom"
        b.click(".zoom button[aria-label='show all']")
        assert r.state() == whole
        b.click(".zoom svg")
        x, y = b.middle(".zoom svg")
        b.mouse("mouseWheel", x, y, deltaX=0, deltaY=-600)
        b.settle()
        near = r.state()
        assert near[0] > 1.5 and len(near[3]) < len(whole[3]), (whole, near)
        b.mouse("mousePressed", x, y, button="left", clickCount=1)
        b.mouse("mouseMoved", x - 50, y - 20, button="left", buttons=1)
        b.mouse("mouseReleased", x - 50, y - 20, button="left", clickCount=1)
        b.settle()
        drawn = r.state()
        assert drawn[0] == near[0] and abs(drawn[1] - near[1] + 50) < 1 and abs(drawn[2] - near[2] + 20) < 1, (near, drawn)
        b.key("+", 187)
        assert abs(r.state()[0] / near[0] - 1.5) < 0.01, r.state()
        before = r.state()
        b.key("ArrowRight", 39)
        assert abs(r.state()[1] - before[1] + 60) < 1, "the arrow does not move"
        b.key("-", 189)
        assert abs(r.state()[0] - near[0]) < 0.01
        b.key("0", 48)
        assert r.state() == whole
        b.click(".zoom button[aria-label='look closer']")
        assert abs(r.state()[0] - 1.5) < 0.01
        b.click(".zoom button[aria-label='show more']")
        assert r.state() == whole
        for _ in range(20):
            b.key("+", 187)
        assert r.state()[0] == 64, "there is an end to it"
        b.key("0", 48)
    # a spike is where its name says: column, microcolumn and tick of what is under the pointer
    b.open(pages["sequence"], *DESK)
    spike = ask(b, """
        const band = document.querySelector('.band'), d = band.querySelector('.spike').getAttribute('d');
        const [x, y] = d.slice(1).split('h')[0].split(' ').map(Number), svg = document.querySelector('.zoom svg');
        const p = new DOMPoint(x + 5, y).matrixTransform(document.querySelector('.plot').getScreenCTM());
        const n = Math.round((y - band.dataset.top) / band.dataset.each - 0.5), starts = band.dataset.starts.split(' ').map(Number);
        const c = starts.filter(s => s <= n).length - 1, t = Math.floor((x - svg.dataset.left) / svg.dataset.wide * svg.dataset.ticks);
        return [p.y + scrollY, p.x, 'tick ' + t + ', ' + band.dataset.name + ' ' + n + ': column ' + c + ', microcolumn ' + (n - starts[c])];""")
    b.ask(f"window.scrollTo({{top: {spike[0]} - 400, behavior: 'instant'}})")
    b.settle()
    b.mouse("mouseMoved", spike[1], spike[0] - b.ask("scrollY"))
    b.settle()
    tip = b.ask("document.querySelector('.tip').textContent")
    assert tip == spike[2], (tip, spike)
    # fingers
    b.open(pages["sequence"], *PHONE, phone=True)
    r = Raster(b)
    x, y = b.middle(".zoom svg")
    b.touch("touchStart", (x - 20, y), (x + 20, y))
    for d in (30, 45, 60):
        b.touch("touchMove", (x - d, y), (x + d, y))
    b.touch("touchEnd")
    b.settle()
    pinched = r.state()
    assert 2.5 < pinched[0] < 3.5, pinched
    b.touch("touchStart", (x, y))
    b.touch("touchMove", (x - 40, y))
    b.touch("touchEnd")
    b.settle()
    assert abs(r.state()[1] - pinched[1] + 40) < 1, (pinched, r.state())


def slider(b, pages):
    b.open(pages["sequence"], *DESK)
    steps = b.ask("document.querySelectorAll('.said li').length")
    seen = ("(() => { const li = Array.from(document.querySelectorAll('.said li')); const shown = li.filter(e => !e.hidden);"
            "return [shown.length, li.indexOf(shown[0]), shown[0].textContent, document.querySelector('.stage').innerHTML,"
            "Array.from(document.querySelectorAll('[data-step].now')).map(e => Number(e.dataset.step))] })()")
    assert steps == 10, steps
    result = json.loads((pages["sequence"].parent / "result.json").read_text())
    names, pages_kept = result["tasks"]["names"], result["album"]["pages"]

    def at(i):
        shown, which, text, stage, now = b.ask(seen)
        assert (shown, which) == (1, i) and now == [i, i], (i, shown, which, now)
        assert stage.count("<img") == 2 and stage.count(f"step-{i} ") + stage.count(f'step-{i}"') == 2, f"step {i} has other pictures"
        assert text.startswith(f"After {names[pages_kept[i]['task']]}, "), text
        return text, stage

    last = at(steps - 1)
    b.ask("document.querySelector('.through input').focus()")
    b.key("Home", 36)
    first = at(0)
    assert first[0] != last[0] and first[1] != last[1]
    b.key("ArrowRight", 39)
    at(1)
    b.click(".through button[aria-label='the next step']")
    at(2)
    b.click(".through button[aria-label='the step before']")
    at(1)
    x, y = b.middle(".through input")
    box = b.ask("document.querySelector('.through input').getBoundingClientRect().toJSON()")
    b.mouse("mousePressed", box["left"] + 0.5 * box["width"], y, button="left", clickCount=1)
    b.mouse("mouseMoved", box["right"] - 4, y, button="left", buttons=1)
    b.mouse("mouseReleased", box["right"] - 4, y, button="left", clickCount=1)
    b.settle()
    at(steps - 1)
    b.click(".through button[aria-label='play']")  # from the beginning
    at(0)
    b.ask("new Promise(f => setTimeout(() => f(1), 1300))")
    at(1)


def stages(b, pages):
    """A single task has its slider, too: a stage a thousand pictures at most."""
    b.open(pages["stages"], *DESK)
    said = b.ask("Array.from(document.querySelectorAll('.said li')).map(e => e.textContent)")
    assert [s.split(":")[0] for s in said] == ["After 1\u202f000 pictures", "After 2\u202f500 pictures"], said
    curve = json.loads((pages["stages"].parent / "result.json").read_text())["curve"]
    assert f"{100 * curve[0]:.1f}" in said[0], (said, curve)
    stage = "document.querySelector('.stage').innerHTML"
    last = b.ask(stage)
    b.ask("document.querySelector('.through input').focus()")
    b.key("Home", 36)
    first = b.ask(stage)
    assert first != last and first.count("<img") == last.count("<img") == 2
    b.open(pages["alone"], *DESK)
    assert b.ask("document.querySelectorAll('.said li').length") == 0, "too few pictures for stages"


def without_script(b, pages):
    b.open(pages["sequence"], *DESK, script=False)
    root = b.call("DOM.getDocument", depth=0)["root"]["nodeId"]

    def shown(selector):
        nodes = b.call("DOM.querySelectorAll", nodeId=root, selector=selector)["nodeIds"]
        return sum(1 for n in nodes if has_box(b, n))

    assert shown(".said li") == 10 and shown(".zoom svg .spike") > 0 and shown("button, input, .tip") == 0


def has_box(b, node):
    try:
        box = b.call("DOM.getBoxModel", nodeId=node)["model"]
        return box["width"] > 0 and box["height"] > 0
    except RuntimeError:
        return False


def says_what_it_is(b, pages):
    b.open(pages["sequence"], *DESK)
    rows = dict(ask(b, "return Array.from(document.querySelectorAll('#summary tbody tr')).map(r => [r.cells[0].textContent, r.cells[1].textContent])"))
    version = stoa("--version").split()[1]
    assert rows["Made by"] == f"Stoa {version}" and rows["Date of the page"] == "2023-11-14" and rows["Seed"] == "1", rows
    assert rows["Command"] == "stoa train netlists/experiments/permuted-mnist.yaml --seed 1 --copies 2 --limit 1500 --ask 100", rows
    # votes against answers: what the result says adds up, and is what is drawn
    r = json.loads((pages["sequence"].parent / "result.json").read_text())
    right, wrong, silent = sum(r["votes"]["right"]), sum(r["votes"]["wrong"]), r["silent"]
    assert right + wrong + silent == r["tested"] and right == sum(r["confusion"][i][i] for i in range(10)), r["votes"]
    for kind, shares in (("right", r["votes"]["right"]), ("wrong", r["votes"]["wrong"])):
        drawn = [int(t.split(": ")[1].split(" ")[0].replace("\u202f", "")) for t in
                 ask(b, "return Array.from(document.querySelectorAll('.sure rect')).map(e => e.getAttribute('data-tip'))") if t.endswith(kind)]
        assert drawn == [n for n in shares if n], (drawn, shares)
    told = ask(b, "return Array.from(document.querySelectorAll('svg.weights rect')).map(e => e.getAttribute('data-tip'))")
    count = sum(int(t.split(": ")[1].split(",")[0].replace("\u202f", "")) for t in told)
    assert count == 2 * 784 * 150, f"{count} weights are in the histogram"
    spikes = ask(b, "return Array.from(document.querySelectorAll('.activity rect')).map(e => e.getAttribute('data-tip'))")
    assert sum(int(t.split(": ")[1].split(" ")[0]) for t in spikes) == len(r["raster"]["spikes"]), spikes


# What is looked at: page, screen, dark, what is in view, what is done before.
SHOTS = {
    "phone-top": ("sequence", PHONE, False, "header", None),
    "phone-steps": ("sequence", PHONE, True, "#steps", None),
    "phone-raster": ("sequence", PHONE, False, ".zoom", ".zoom button[aria-label='look closer']"),
    "large-top": ("sequence", LARGE, False, "header", None),
    "large-learnt": ("sequence", LARGE, True, "#confusion", None),
    "large-raster": ("alone", LARGE, False, "#raster", ".zoom button[aria-label='look closer']"),
    "desk-mesh": ("mesh", DESK, False, "#routing", None),
    "desk-weights": ("alone", DESK, True, "h4", None),
    "desk-memory": ("spikes", DESK, False, "#memory", None),
}
SCALE, TILE = 4, 8  # stored pictures are smaller by SCALE, their tiles TILE pixels wide
TILE_OFF, TILES_OFF, ALL_OFF = 24, 0.006, 0.8  # of 255; of all tiles; of 255


def differs(a, b):
    """How far two pictures lie apart: the share of tiles that differ, and the mean of all tiles' differences."""
    import numpy as np
    if a.size != b.size:
        return 1.0, 255.0
    x, y = (np.asarray(i.convert("RGB"), dtype=float) for i in (a, b))
    h, w = x.shape[0] // TILE * TILE, x.shape[1] // TILE * TILE
    d = (x - y)[:h, :w].reshape(h // TILE, TILE, w // TILE, TILE, 3).mean(axis=(1, 3))
    d = abs(d).max(axis=2)
    return float((d > TILE_OFF).mean()), float(d.mean())


def shots(b, pages):
    from PIL import Image
    worst, bad = (0.0, 0.0), []
    for name, (page, size, is_dark, where, click) in SHOTS.items():
        b.open(pages[page], *size, dark=is_dark, phone=size == PHONE)
        # whatever a machine takes for the system's letters
        b.ask("document.head.append(Object.assign(document.createElement('style'),"
              "{textContent: \"body, button, code {font-family: 'DejaVu Sans'}\"}))")
        b.settle()
        if click:
            b.click(click)
        b.ask(f"document.querySelector('{where}').scrollIntoView({{behavior: 'instant'}})")
        b.mouse("mouseMoved", 1, 1)
        b.settle()
        image = Image.open(io.BytesIO(b.picture())).convert("RGB")
        image = image.resize((image.width // SCALE, image.height // SCALE), Image.Resampling.BOX)
        stored = HERE / "shots" / f"{name}.png"
        if os.environ.get("BLESS"):
            stored.parent.mkdir(exist_ok=True)
            image.quantize(256, dither=Image.Dither.NONE).save(stored, optimize=True)
            continue
        assert stored.exists(), f"{stored.name} is not stored: BLESS=1 stores it"
        off = differs(image, Image.open(stored))
        worst = max(worst, off)
        if off[0] > TILES_OFF or off[1] > ALL_OFF:
            image.save(ROOT / "build" / f"page-{name}.png")
            bad.append(f"{name}: {100 * off[0]:.1f} % of the tiles differ, {off[1]:.2f} in the mean (build/page-{name}.png)")
    assert not bad, "; ".join(bad)
    print(f"figure: {len(SHOTS)} screenshots; of the worst {100 * worst[0]:.2f} % of the tiles differ, {worst[1]:.2f} of 255 in the mean")


TESTS = [alone, limited, phone, large, dark, tips, zoom, slider, stages, without_script, says_what_it_is, shots]


def main():
    program = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if not program:
        print("figure: no page was looked at: there is no chromium (make deps FOR=test)")
        for test in TESTS:
            print(f"[  SKIPPED ] {test.__name__}")
        return 0
    from browser import Browser
    failed = 0
    only = os.environ.get("ONLY", "*").replace("*", "")
    chosen = [t for t in TESTS if not only or only in "test_" + t.__name__]
    if not chosen:
        return 0
    with tempfile.TemporaryDirectory() as folder, Browser(program) as b:
        pages = make_pages(Path(folder))
        for test in chosen:
            try:
                test(b, pages)
                print(f"[       OK ] {test.__name__}", flush=True)
            except Exception as e:  # pylint: disable=broad-except
                failed += 1
                if not isinstance(e, AssertionError):
                    traceback.print_exc(file=sys.stdout)
                print(f"{e}\n[  FAILED  ] {test.__name__}", flush=True)
    return failed > 0


if __name__ == "__main__":
    sys.exit(main())
