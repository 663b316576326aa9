# zoo.sh - part of tools/figures.sh: the other columnar systems of the sources. DRAWS of three classes, 20 if not given.
/usr/bin/python3 tools/zoo.py "$STOA" runs/zoo --figures
