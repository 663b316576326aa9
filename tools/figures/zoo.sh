# zoo.sh - part of tools/figures.sh: the other columnar systems of the sources, from runs/zoo where they have been run before. DRAWS of
# three classes, 20 if not given; ONLY='names' of rows and systems.
# shellcheck disable=SC2086
/usr/bin/python3 tools/zoo.py "$STOA" runs/zoo --figures ${ONLY:-}
