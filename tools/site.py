#!/usr/bin/env python3
"""site.py STOA OUT - the manuals, the tutorial and a gallery of every shipped network as one static site.

    make site                       into build/site; index.html is the README

    README.md, docs/*.md ──cmark-gfm──> a page each, with the same navigation; links between them stay links
    netlists/networks/*  ──stoa compile, report──> a gallery: each on the first fabric that takes it, with its report

No server, nothing from elsewhere. Ends with 1 where a link leads nowhere.
"""
import concurrent.futures
import html
import html.parser
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys

# The order of the navigation: what is not listed comes behind, by name.
FIRST = ["tutorial", "language", "continual", "zoo", "formats", "python", "library", "boards", "mapping", "arithmetic", "learning-engine", "image",
         "json", "data", "rtl", "rtl-formal", "rtl-synthesis", "architecture", "decisions", "glossary"]
# Tried in this order, behind what a network was made for.
MADE_FOR = {"colanet-altai": "altai-1", "sdsp-odin": "odin", "thesis-conv": "stoa-1-large"}
FABRICS = ["stoa-1-small", "stoa-1-large", "stoa-1-wide", "stoa-1-ei", "stoa-1-graded", "stoa-1-sparse", "stoa-1-ring", "altai-1"]

STYLE = """:root{color-scheme:light dark;--bg:#fff;--fg:#1a1e23;--muted:#596370;--line:#d8dde3;--soft:#f3f5f7;--main:#1f5fa8}
@media (prefers-color-scheme:dark){:root{--bg:#15181b;--fg:#e3e6ea;--muted:#9ca6b1;--line:#30363d;--soft:#1d2126;--main:#6aa5e2}}
*{box-sizing:border-box}body{margin:0;background:var(--bg);color:var(--fg);font:16px/1.55 system-ui,sans-serif}
.all{display:flex;max-width:1240px;margin:0 auto}nav{flex:0 0 200px;padding:28px 12px 28px 20px;font-size:14.5px}
nav b{display:block;font-size:20px;margin:0 0 10px}nav a{display:block;padding:2px 0;text-decoration:none}
nav a[aria-current]{font-weight:600;color:var(--fg)}main{flex:1 1 auto;min-width:0;padding:12px 24px 60px}
a{color:var(--main)}h1{font-size:28px;line-height:1.25}h2{margin-top:36px;border-bottom:1px solid var(--line);padding-bottom:4px}
p,li{max-width:88ch}pre{background:var(--soft);padding:12px 14px;overflow-x:auto;font-size:13.5px;line-height:1.4}
code{background:var(--soft);padding:1px 4px;border-radius:3px;font-size:.92em}pre code{padding:0}
table{border-collapse:collapse;display:block;overflow-x:auto;font-size:14.5px}
th,td{text-align:left;padding:4px 16px 4px 0;border-bottom:1px solid var(--line);vertical-align:top}
img{max-width:100%}.cards{display:grid;grid-template-columns:repeat(auto-fill,minmax(270px,1fr));gap:16px}
.cards section{border:1px solid var(--line);border-radius:6px;padding:4px 16px 12px}.cards h3{margin:10px 0 2px}
.cards p{margin:6px 0;color:var(--muted);font-size:14px}
@media (max-width:760px){.all{display:block}nav{padding:14px 20px 0;border-bottom:1px solid var(--line)}
nav a{display:inline-block;margin-right:14px}main{padding:4px 16px 40px}}
"""


def title_of(text, otherwise):
    found = re.search(r"^# (.+)$", text, re.M)
    return found.group(1).strip() if found else otherwise


def anchor(heading):
    """What a heading is called in a link."""
    text = re.sub(r"<[^>]+>", "", html.unescape(heading)).strip().lower()
    return re.sub(r"[^\w\- ]", "", text).replace(" ", "-")


def to_html(text):
    body = subprocess.run(["cmark-gfm", "--unsafe", "-e", "table", "-e", "autolink", "-e", "strikethrough"], input=text, capture_output=True,
                          text=True, check=True).stdout
    return re.sub(r"<h([1-4])>(.*?)</h\1>", lambda m: '<h%s id="%s">%s</h%s>' % (m[1], anchor(m[2]), m[2], m[1]), body, flags=re.S)


def page(out, name, title, body, pages):
    links = "".join('<a href="%s.html"%s>%s</a>' % (n, ' aria-current="page"' if n == name else "", html.escape(t)) for n, t in pages)
    (out / (name + ".html")).write_text(
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">'
        '<title>%s - Stoa</title><link rel="stylesheet" href="site.css"></head><body><div class="all"><nav aria-label="pages"><b>Stoa</b>%s</nav>'
        "<main>\n%s</main></div></body></html>\n" % (html.escape(re.sub(r"[*`]", "", title)), links, body))


def copied(root, out, place):
    to = out / "files" / place
    to.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(root / place, to)


def listed(root, out, place):
    """A folder: its files, and a page that lists them."""
    names = sorted(p.name for p in (root / place).iterdir() if p.is_file())
    for n in names:
        copied(root, out, "%s/%s" % (place, n))
    (out / "files" / place / "index.html").write_text(
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>%s</title></head><body><h1>%s</h1><ul>%s</ul></body></html>\n'
        % (place, place, "".join('<li><a href="%s">%s</a></li>' % (n, n) for n in names)))
    return place + "/index.html"


def rewritten(body, root, here, known, out):
    """Links of a manual: to other manuals, to pictures, to files of the project (copied)."""
    def one(match):
        attribute, target = match.group(1), html.unescape(match.group(2))
        if re.match(r"[a-z]+:|#", target):
            return match.group(0)
        path, _, fragment = target.partition("#")
        place = os.path.normpath(os.path.join(here, path))
        fragment = "#" + fragment if fragment else ""
        if place in known:
            return '%s="%s.html%s"' % (attribute, known[place], fragment)
        if (root / place).is_file():
            copied(root, out, place)
            return '%s="files/%s%s"' % (attribute, place, fragment)
        if (root / place).is_dir():
            return '%s="files/%s"' % (attribute, listed(root, out, place))
        return match.group(0)
    return re.sub(r'(href|src)="([^"]*)"', one, body)


def compiled(stoa, net, work):
    """The network on the first fabric that takes it; the last refusal where none does."""
    said = ""
    for fabric in [MADE_FOR[n] for n in MADE_FOR if n == net.stem] + FABRICS:
        image = work / (net.stem + ".img")
        made = subprocess.run([stoa, "compile", str(net), "-f", fabric, "-o", str(image)], capture_output=True, text=True)
        if made.returncode == 0:
            return fabric, image
        said = made.stderr
    raise SystemExit("site: no shipped fabric takes %s:\n%s" % (net, said))


def shown(stoa, net, out, work):
    fabric, image = compiled(stoa, net, work)
    report = out / "networks" / (net.stem + ".html")
    subprocess.run([stoa, "report", str(image), "-o", str(report)], check=True, capture_output=True)
    figures = json.loads(subprocess.run([stoa, "report", str(image), "--json"], check=True, capture_output=True, text=True).stdout)
    about = re.search(r"^about: *(.+)$", net.read_text(), re.M)
    shutil.copyfile(net, out / "networks" / net.name)
    return {"name": net.stem, "fabric": fabric, "about": about.group(1) if about else "", "figures": figures}


def facts(r):
    f = r["figures"]
    cores = f["memory_bits"]["cores"]
    used = f["memory_bits"]["together"]["together"][0]
    return "on %s: %s neurons, %d core%s, %s kbit" % (r["fabric"], "{:,}".format(sum(c["neurons"][0] for c in cores)), len(cores),
                                                     "" if len(cores) == 1 else "s", "{:,.0f}".format(used / 1000))


def gallery(stoa, root, out, pages):
    work = out / ".work"
    work.mkdir()
    (out / "networks").mkdir()
    nets = sorted((root / "netlists/networks").glob("*.yaml"))
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        rows = list(pool.map(lambda n: shown(stoa, n, out, work), nets))
    shutil.rmtree(work)
    body = "<h1>Networks that ship</h1>\n<p>Each on the first shipped fabric that takes it. The report says what it holds, where it lies and what it " \
           'would cost.</p>\n<div class="cards">\n'
    for r in rows:
        body += '<section><h3><a href="networks/%s.html">%s</a></h3><p>%s</p><p>%s</p><p><a href="networks/%s.yaml">network file</a></p></section>\n' % (
            r["name"], html.escape(r["name"]), html.escape(r["about"]), html.escape(facts(r)), r["name"])
    page(out, "gallery", "Networks", body + "</div>\n", pages)


class Links(html.parser.HTMLParser):
    def __init__(self):
        super().__init__()
        self.to, self.ids = [], set()

    def handle_starttag(self, tag, attrs):
        for k, v in attrs:
            if k in ("href", "src") and v and not re.match(r"[a-z]+:", v):
                self.to.append(v)
            if k == "id":
                self.ids.add(v)


def broken(out):
    """Links that lead nowhere."""
    parsed = {}
    for p in out.rglob("*.html"):
        parsed[p] = Links()
        parsed[p].feed(p.read_text())
    bad = []
    for p, links in parsed.items():
        for target in links.to:
            path, _, fragment = target.partition("#")
            to = (p.parent / path).resolve() if path else p
            if not to.is_file():
                bad.append("%s: %s leads nowhere" % (p.relative_to(out), target))
            elif fragment and to in parsed and fragment not in parsed[to].ids:
                bad.append("%s: %s: the page has no such heading" % (p.relative_to(out), target))
    return bad


def main():
    if len(sys.argv) != 3:
        print(__doc__.split("\n\n", 1)[0], file=sys.stderr)
        return 2
    stoa, out, root = os.path.abspath(sys.argv[1]), pathlib.Path(sys.argv[2]).resolve(), pathlib.Path(__file__).resolve().parent.parent
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    (out / "site.css").write_text(STYLE)
    manuals = {p.stem: p for p in (root / "docs").glob("*.md")}
    order = [n for n in FIRST if n in manuals] + sorted(set(manuals) - set(FIRST))
    texts = {"index": (root / "README.md").read_text(), **{n: manuals[n].read_text() for n in order}}
    texts["changes"] = (root / "CHANGELOG.md").read_text()
    known = {"README.md": "index", "CHANGELOG.md": "changes", **{"docs/%s.md" % n: n for n in order}}
    pages = [("index", "Start"), ("gallery", "Networks")] + [(n, re.sub(r"[*`]", "", title_of(texts[n], n))) for n in order] + [("changes", "Changes")]
    for name, text in texts.items():
        here = "docs" if name in manuals else ""
        page(out, name, title_of(text, name), rewritten(to_html(text), root, here, known, out), pages)
    gallery(stoa, root, out, pages)
    bad = broken(out)
    for line in bad:
        print("site: " + line, file=sys.stderr)
    if not bad:
        print("%s: %d pages, %d networks" % (out / "index.html", len(texts) + 1, len(list((out / "networks").glob("*.html")))))
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
