# general.sh - part of tools/figures.sh: synapses, currents and rows of any kind, on the engines and in the netlist. RTL_STATES words of
# the lock-step take 40 minutes of two cores for 10^9; the two netlists of K = 4 twenty from nothing.
"$TESTS/bench/recurrent" --json

ST_EQUAL_STATES=${STATES:-100000000} "$TESTS/ref/test_equal" >"$out/equal" 2>&1 || cat "$out/equal" >&2
by='ST_EQUAL_STATES=100000000 build/release/tests/ref/test_equal'
line 'main proof, every mechanism: neuron states compared' "$(awk '/neuron states/ {print $1; exit}' "$out/equal")" states '>= 1e8' "$by"
line 'main proof, every mechanism: differences' "$(awk '/neuron states/ {print $(NF-1); exit}' "$out/equal")" differences 0 "$by"

make -s rtl-words WORDS="${RTL_STATES:-1000000000}" >"$out/words" 2>"$out/said" || { cat "$out/words" "$out/said" >&2; exit 1; }
line 'RTL, every mechanism: words compared' "$(awk '/ words compared in/ { sum += $1 } END { print sum }' "$out/words")" words '>= 1e9' \
    'make rtl-words'
ONLY=test_colanet build/rtl/lockstep >"$out/lockstep"
line 'RTL: lock-step with full compare, one core' "$(sed -n 's/^figure: .*; \([0-9.]*\) M cycles.*/\1/p' "$out/lockstep" | head -1)" \
    'M cycles/s' '>= 2.5' 'ONLY=test_colanet build/rtl/lockstep'

# Of the netlists of K = 4, with dense rows only and with sparse ones.
make -s rtl-report ASIC='k4 k4-lists' FPGA= >&2
of() { sed -n "s/.*K = 4, gated clocks$1: $2\", \"value\": \([0-9.]*\).*/\1/p" build/synth/figures.json | head -1; }
of_k4() { of '' "$1"; }
of_lists() { of ', sparse rows' "$1"; }
ns() { awk '$1 > 0 { printf "%.2f", 1000 / $1 }'; }
line 'K = 4: a synaptic operation, logic' "$(of_k4 'pJ a synaptic operation, logic')" pJ '<= 7' 'make rtl-report'
line 'K = 4: a synaptic operation, memories by the model' "$(of_k4 'pJ a synaptic operation, memories by the model')" pJ '<= 36' \
    'make rtl-report'
line 'K = 4: clock, memories by the model' "$(of_k4 'fmax, memories by the model' | ns)" ns '<= 21' 'make rtl-report'
line 'K = 4: clock, logic' "$(of_k4 'fmax, logic' | ns)" ns '' 'make rtl-report'
line 'K = 4: core without memories' "$(of_k4 'core without memories')" mm2 '' 'make rtl-report'
line 'K = 4 with sparse rows: an entry, logic' "$(of_lists 'pJ an entry, logic')" pJ '' 'make rtl-report'
line 'K = 4 with sparse rows: an entry, memories by the model' "$(of_lists 'pJ an entry, memories by the model')" pJ '' 'make rtl-report'
line 'K = 4 with sparse rows: entries a cycle of the 4 there could be' \
    "$(of_lists 'entries a cycle of DELIVER of the 4 there could be')" ratio '>= 0.9' 'make rtl-report'
line 'K = 4 with sparse rows: clock, memories by the model' "$(of_lists 'fmax, memories by the model' | ns)" ns '' 'make rtl-report'
line 'K = 4 with sparse rows: core without memories' "$(of_lists 'core without memories')" mm2 '' 'make rtl-report'
