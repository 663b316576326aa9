#!/usr/bin/env python3
"""tutorial.py [PAGE] - a page of the manual, done as it stands: its files are written, its commands are run in order, and what they
say must be what the page says. `...` in a line is anything, a line `...` any lines. Closes as cmocka does, for the runner."""
import os
import re
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
STOA = os.path.join(ROOT, os.path.dirname(os.environ.get("STOA", "build/release/stoa")))


def blocks(page):
    for kind, name, body in re.findall(r"^```(yaml|console)(?: (\S+))?\n(.*?)^```$", page, re.M | re.S):
        yield kind, name, body


def pattern(lines):
    """A regular expression for what a command says."""
    out = ""
    for line in lines:
        out += "(?:.*\n)*" if line == "..." else ".*".join(map(re.escape, line.split("..."))) + "\n"
    return re.compile(out + r"\Z")


def main():
    path = sys.argv[1] if len(sys.argv) > 1 else os.path.join(ROOT, "docs/tutorial.md")
    page = open(path, encoding="utf-8").read()
    env = dict(os.environ, PATH=STOA + os.pathsep + os.environ["PATH"], NO_COLOR="1")
    rtl = os.path.join(ROOT, "build/rtl/stoa-rtl.so")
    if os.path.exists(rtl):
        env.setdefault("STOA_RTL", rtl)
    failed = commands = 0
    with tempfile.TemporaryDirectory() as folder:
        for kind, name, body in blocks(page):
            if kind == "yaml":
                open(os.path.join(folder, name), "w", encoding="utf-8").write(body)
                continue
            for command, said in re.findall(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", body, re.M):
                if "--on rtl" in command and "STOA_RTL" not in env:
                    print(f"[  SKIPPED ] {command} (no models: make rtl)")
                    break
                commands += 1
                got = subprocess.run(command, shell=True, cwd=folder, env=env, text=True, stdout=subprocess.PIPE,
                                     stderr=subprocess.STDOUT, check=False).stdout
                if pattern(said.splitlines()).match(got):
                    print(f"[       OK ] {command}")
                else:
                    failed += 1
                    print(f"[  FAILED  ] {command}\n--- the page says\n{said}--- it says\n{got}---")
    if not commands:
        print("[  FAILED  ] the page has no command")
    return 1 if failed or not commands else 0


sys.exit(main())
