# doors.sh - part of tools/figures.sh: what it costs to come in by another door than the command.
. tools/figures/doors-python.sh
