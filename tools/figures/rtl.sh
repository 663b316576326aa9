# rtl.sh - part of tools/figures.sh: what is stated of the RTL. RTL_STATES (default 10^9) words and PICTURES (default 1,000) are
# compared; what the netlists cost comes from `make rtl-report` and is a part of its own (netlist.sh).

make -s rtl >&2
make -s build/rtl/lockstep >&2

# 784 events at once on the 150 neurons of a layer: what they add to the tick, on the Verilated core.
"$STOA" compile colanet-tuned -f stoa-1-large --copies 1 -o "$out/net.img" 2>/dev/null
: >"$out/none"
awk 'BEGIN { for (i = 0; i < 784; i++) print 2, "R", i }' >"$out/all"
for events in none all; do
    STOA_RTL=build/rtl/stoa-rtl.so "$STOA" run "$out/net.img" --in "$out/$events" --on rtl --lanes 4 --ticks 5 --trace cycles \
        -o "$out/$events.trace" 2>/dev/null
done
took() { awk '$1 == 3 && $4 == "cycles" { print $5 }' "$out/$1.trace"; } # the tick in which they are delivered
line 'RTL, K = 4: synaptic operations a cycle of the 4 there could be' "$(echo "$(took none) $(took all)" |
    awk '{ printf "%.3f", 784 * 150 / 4 / ($2 - $1) }')" \
    ratio '>= 0.9' 'stoa run --on rtl --trace cycles, 784 events on 150 neurons'

# The same of sparse rows: 784 lists of 80 among 240 neurons, a third of them each, which is as many in every lane.
{
    printf 'network: lists\npresentation: { picture: 8, silence: 0 }\nreceptors: { R: { size: 784, encoder: spikes } }\n'
    printf 'populations: { E: { columns: 240, neuron: { model: lif, threshold: 1000 } } }\nreadout: { population: E }\n'
    printf 'projections:\n  - from: R\n    to: E\n    policy: list\n    synapses:\n'
    awk 'BEGIN { for (i = 0; i < 784; i++) for (n = i % 3; n < 240; n += 3) print "      - [" i ", " n ", " (i + n) % 7 - 3.5 "]" }'
} >"$out/lists.yaml"
"$STOA" compile "$out/lists.yaml" -f stoa-1-sparse -o "$out/net.img" 2>/dev/null
for events in none all; do
    STOA_RTL=build/rtl/stoa-rtl.so "$STOA" run "$out/net.img" --in "$out/$events" --on rtl --lanes 4 --ticks 5 --trace cycles \
        -o "$out/$events.trace" 2>/dev/null
done
line 'RTL, K = 4: entries of sparse rows a cycle of the 4 there could be' "$(echo "$(took none) $(took all)" |
    awk '{ printf "%.3f", 784 * 80 / 4 / ($2 - $1) }')" \
    ratio '>= 0.9' 'stoa run --on rtl --trace cycles, 784 events, lists of 80 among 240 neurons'

by='ST_COSIM_STATES=1000000000 ST_COSIM_PICTURES=1000 build/rtl/lockstep (make check-long)'
ST_COSIM_STATES=${RTL_STATES:-1000000000} ST_COSIM_PICTURES=${PICTURES:-1000} build/rtl/lockstep >"$out/lockstep" 2>&1 ||
    { cat "$out/lockstep" >&2; exit 1; }
line 'RTL: words compared in random networks and images' \
    "$(awk '/words compared in/ && !/^corners/ && !/pictures/ { print $1; exit }' "$out/lockstep")" words '>= 1e9' "$by"
line 'RTL: differences' "$(grep -c '^ERROR' "$out/lockstep" || true)" differences 0 "$by"
awk '/MNIST pictures on/ { gsub(/,/, ""); print $2, $6, $8 + 0, $0 }' "$out/lockstep" | while read -r n cores _ rest; do
    words=$(echo "$rest" | sed 's/.* cycles \([0-9]*\) words compared.*/\1/')
    line "RTL: CoLaNET learns $n MNIST pictures on $cores core(s), words compared" "$words" words '' "$by"
done
sed -n 's/^figure: .*; \([0-9.]*\) M cycles.*/\1/p' "$out/lockstep" | head -1 >"$out/speed"
line 'RTL: lock-step with full compare, one core' "$(cat "$out/speed")" 'M cycles/s' '>= 5' "$by"

make -s formal >"$out/formal" 2>&1 || { tail -5 "$out/formal" >&2; exit 1; }
line 'RTL: proofs that hold' "$(awk '/ passed, / { print $1 }' "$out/formal" | tail -1)" proofs '' 'make formal'
make -s formal MUTATE=1 >"$out/formal" 2>&1 || { tail -5 "$out/formal" >&2; exit 1; }
line 'RTL: proofs that one change refutes' "$(awk '/ passed, / { print $1 }' "$out/formal" | tail -1)" proofs '' 'make formal MUTATE=1'
make -s rtl-mutants >"$out/mutants" 2>&1 || { tail -5 "$out/mutants" >&2; exit 1; }
line 'RTL: one-line changes noticed' "$(awk '/ noticed, / { print $1 }' "$out/mutants" | tail -1)" changes '>= 60' 'make rtl-mutants'
make -s rtl-coverage >"$out/coverage" 2>&1 || { tail -5 "$out/coverage" >&2; exit 1; }
line 'RTL: line coverage' "$(sed -n 's/^figure: line coverage of rtl\/ \([0-9.]*\) %.*/\1/p' "$out/coverage")" % '>= 95' 'make rtl-coverage'
