# netlist.sh - part of tools/figures.sh: area, clock and energy of the netlists; from nothing over an hour.
make -s rtl-report >&2
cat build/synth/figures.json
