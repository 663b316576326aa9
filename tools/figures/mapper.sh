# mapper.sh - part of tools/figures.sh: the mapper beside others on generated networks and beside proven optima, how it and the
# compiler grow, the timed engine under load, and what a misfit costs. FAMILIES, separated by semicolons, for some of those that
# `make bench-map` names; SIZE for networks of up to so many neurons where it grows.
(
    IFS=';'
    set -f
    set --
    for family in ${FAMILIES:-}; do
        set -- "$@" --only "$family"
    done
    "$TESTS/bench/map" --json "$@"
)
"$TESTS/bench/map" --json --optimum
"$TESTS/bench/map" --json --growth ${SIZE:+--most "$SIZE"}
python3 tools/sizes.py "$STOA" "${SIZE:-}"
"$TESTS/bench/timed" --json

# Broken chips: traffic and refusals against the rate of faults.
python3 tools/faults.py "$STOA" --figures

# 20,000 neurons all to all: no shipped fabric holds them. Refused within 100 MB of addresses, or not at all.
cat >"$out/misfit.yaml" <<'NET'
network: misfit
presentation: { picture: 20, silence: 0 }
receptors: { In: { size: 1, encoder: spikes } }
populations: { P: { columns: 20000, neuron: { model: lif, threshold: 1 } } }
projections:
  - { from: In, to: P, policy: all-to-all, weight: 1 }
  - { from: P, to: P, policy: all-to-all, weight: 0.1 }
readout: { population: P, decide: count }
NET
begin=$(date +%s%N)
refused=0
(ulimit -v 100000 && "$STOA" compile "$out/misfit.yaml" -f stoa-1-large -o "$out/misfit.img") 2>"$out/said" || refused=$?
end=$(date +%s%N)
took=
[ "$refused" = 1 ] && grep -q fabric-full "$out/said" && took=$(awk "BEGIN { printf \"%.3f\", ($end - $begin) / 1e9 }")
line "mapper: 20,000 neurons all to all, refused within 100 MB" "$took" s '< 1' 'stoa compile'

# Random networks, fabrics, constraints and dead cores, links and rows: compiled, proven by the checker, beside the reference.
ONLY=test_equal ST_EQUAL_CASES="${CASES:-1000}" ST_EQUAL_TALK=1 "$TESTS/ref/test_equal" >"$out/equal"
line "mapper: random networks that equal the reference" "$(sed -n 's/.* in \([0-9]*\) networks on .* 0 differences/\1/p' "$out/equal")" networks \
    '>= 900' 'ST_EQUAL_CASES=1000 tests/ref/test_equal'
line "mapper: of these, mapped within random constraints" "$(sed -n 's/.* \([0-9]*\) within constraints;.*/\1/p' "$out/equal")" networks '' \
    'ST_EQUAL_CASES=1000 tests/ref/test_equal'
