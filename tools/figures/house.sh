# house.sh - part of tools/figures.sh: accuracies, speeds, the proofs of equality, what the two commands take.
seeds=${SEEDS:-5}

# Accuracies of an experiment over seeds: one network (mean, lowest, highest over all copies and seeds) and ensemble.
accuracy() { # experiment asked-single asked-ensemble
    : >"$out/one" && : >"$out/all"
    s=1
    while [ $s -le "$seeds" ]; do
        "$STOA" train "netlists/experiments/$1.yaml" --seed $s --checkpoint 0 --out "$out/run" --json >"$out/json" 2>/dev/null
        sed -n 's/^ *"copy_accuracy": \[\(.*\)\].*/\1/p' "$out/json" | tr ',' '\n' >>"$out/one"
        sed -n 's/^ *"accuracy": \([0-9.e-]*\).*/\1/p' "$out/json" >>"$out/all"
        s=$((s + 1))
    done
    by="stoa train netlists/experiments/$1.yaml --seed 1..$seeds"
    line "$1: one network, mean" "$(awk '{s+=$1} END {printf "%.2f", 100*s/NR}' "$out/one")" % "$2" "$by"
    line "$1: one network, lowest" "$(sort -g "$out/one" | head -1 | awk '{printf "%.2f", 100*$1}')" % "" "$by"
    line "$1: one network, highest" "$(sort -g "$out/one" | tail -1 | awk '{printf "%.2f", 100*$1}')" % "" "$by"
    line "$1: ensemble of 15, mean" "$(awk '{s+=$1} END {printf "%.2f", 100*s/NR}' "$out/all")" % "$3" "$by"
}

accuracy mnist '>= 94.4' '>= 95.7'
accuracy mnist-published '' 'published: 94.36'
accuracy mnist-full '' 'published: 94.36'

# What AltAI-1 would answer: learnt on stoa-1, frozen, in the other chip's integers.
"$STOA" train netlists/experiments/mnist-altai.yaml --checkpoint 0 --out "$out/altai" >/dev/null 2>&1
"$STOA" compile colanet-altai -f altai-1 --frozen --weights "$out/altai/trained.img" -o "$out/altai.img" 2>/dev/null
"$STOA" run "$out/altai.img" --images data/mnist/t10k-images-idx3-ubyte --labels data/mnist/t10k-labels-idx1-ubyte --json \
    >"$out/json" 2>/dev/null
by='stoa train netlists/experiments/mnist-altai.yaml; stoa compile --frozen --weights; stoa run --images'
line 'AltAI-1, 22 x 22: one network, mean' "$(sed -n 's/^ *"copy_accuracy": \[\(.*\)\].*/\1/p' "$out/json" | tr ',' '\n' |
    awk '{s+=$1} END {printf "%.2f", 100*s/NR}')" % '' "$by"
line 'AltAI-1, 22 x 22: ensemble of 15' "$(sed -n 's/^ *"accuracy": \([0-9.e-]*\).*/\1/p' "$out/json" |
    awk '{printf "%.2f", 100*$1}')" % '' "$by"

"$BENCH" --json

ST_EQUAL_STATES=${STATES:-100000000} "$TESTS/ref/test_equal" >"$out/equal" 2>&1 || cat "$out/equal" >&2
line 'compared neuron states' "$(awk '/neuron states/ {print $1}' "$out/equal")" states '>= 1e8' 'ST_EQUAL_STATES=100000000 build/release/tests/ref/test_equal'
line 'differences in states, spikes and learnt words' "$(awk '/neuron states/ {print $(NF-1)}' "$out/equal")" differences 0 \
    'ST_EQUAL_STATES=100000000 build/release/tests/ref/test_equal'
line 'wrong inputs, each with its caret and id' "$(find tests/diag/cases -name '*.err' | wc -l)" cases '>= 40' \
    'build/release/tests/diag/test_diag'

# What the two commands take on a machine that has the packages: a fresh clone, everything built.
children() { ("$@" >"$out/log" 2>&1 || tail -3 "$out/log" >&2; times) | awk 'NR == 2 { for (i = 1; i <= 2; i++) { split($i, t, "[ms]"); s += 60 * t[1] + t[2] } printf "%.1f", s }'; }
git clone -q . "$out/clone" && mkdir -p "$out/clone/data" && cp -r data/mnist "$out/clone/data/"
begin=$(date +%s)
(cd "$out/clone" && make -s demo >"$out/log" 2>&1) || tail -3 "$out/log" >&2
line 'make demo from a fresh clone, packages and data there' $(($(date +%s) - begin)) s '<= 60' 'make demo'
line 'make test from a fresh clone, processor time' \
    "$(children make -s -C "$out/clone" test | awk '{ printf "%.1f", $1 / 60 }')" min '<= 10' 'make test'
line 'places that a new neuron model touches' "$(find tests/touch/changes/model -type f | wc -l)" files '' 'tests/touch/touch.sh'

. tools/figures/rtl.sh
