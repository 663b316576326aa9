# general.sh - part of tools/figures.sh: synapses, currents and rows of any kind.
"$TESTS/bench/recurrent" --json
