# doors-python.sh - part of doors.sh: what it costs to come in from Python.

# Images a second while CoLaNET learns MNIST, the best of some rounds of each in turn: by the command, and from Python.
speed() { # JSON: images/s of a network
    sed -n 's/.*"train_seconds": \([0-9.e+-]*\).*/\1/p' "$1" | head -1 | awk -v n="$learnt" '{ printf "%.1f", n / $1 }'
}
learnt=20000
command=0 python=0
for round in 1 2 3 4 5; do
    "$STOA" train mnist --copies 2 --threads 2 --limit $learnt --ask 10 --checkpoint 0 --out "$out/doors" --json >"$out/json" 2>/dev/null
    command=$(speed "$out/json" | awk -v best="$command" '{ print ($1 > best ? $1 : best) }')
    PYTHONPATH=python STOA_LIBRARY=${STOA%/*}/libstoa.so /usr/bin/python3 -c "
import json, stoa
print(json.dumps(stoa.train('mnist', copies=2, threads=2, limit=$learnt, ask=10, checkpoint=0, out='$out/doors').json))" >"$out/json"
    python=$(speed "$out/json" | awk -v best="$python" '{ print ($1 > best ? $1 : best) }')
done
by="stoa train mnist --copies 2 --threads 2 --limit $learnt; stoa.train('mnist', copies=2, threads=2, limit=$learnt)"
line 'training from Python, of the speed of the command' "$(awk -v p="$python" -v c="$command" 'BEGIN { printf "%.1f", 100 * p / c }')" % \
    '>= 95' "$by"
line 'first spike from Python' "$(awk '/^# %%$/ { n++; next } n == 1 && NF && !/^#/ { k++ } n > 1 { exit } END { print k }' \
    python/examples/first_spike.py)" lines '<= 5' python/examples/first_spike.py
