#!/bin/sh
# touch.sh - CONTRIBUTING.md's lists are whole: each change is made in a scratch copy by touching just the places that its
# list names; then the copy is built and what was added is used. Closes as cmocka does, so that the runner can count.
#
#     changes/KIND/PATH        a file that is added          changes/KIND/PATH.line   a line before the table's #undef
#     CONTRIBUTING.md, "### A kind"  - `path` ...            must be the same places, NAME standing for the name
set -u
here=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0
changes=tests/touch/changes

said() { # NAME: the result of the last command
    if [ "$?" = 0 ]; then echo "[       OK ] $1"; else echo "[  FAILED  ] $1"; failed=$((failed + 1)); cat "$work/log" 2>/dev/null; fi
}

# The places of a list, NAME replaced, one a line.
listed() { # HEADING NAME
    awk -v heading="### $1" '$0 == heading { on = 1; next } /^#/ { on = 0 } on && /^- `/ { split($0, part, "`"); print part[2] }' \
        "$here/CONTRIBUTING.md" | sed "s/NAME/$2/g" | sort
}
made() { (cd "$here/$changes/$1" && find . -type f | sed 's,^\./,,; s,\.line$,,' | sort); }

# What a list says and what the change touches are the same.
same() { # KIND HEADING NAME
    listed "$2" "$3" >"$work/listed" && made "$1" >"$work/made"
    [ -s "$work/listed" ] && diff "$work/listed" "$work/made" >"$work/log"
    said "the list of $1 is what is touched"
}

apply() { # KIND
    (cd "$here/$changes/$1" && tar cf - --exclude='*.line' .) | tar xf - -C "$work/copy" || return 1
    (cd "$here/$changes/$1" && find . -type f -name '*.line') | while read -r from; do
        to=$work/copy/${from%.line}
        awk -v line="$(cat "$here/$changes/$1/$from")" '/^#undef X/ && !done { print line; done = 1 } { print }' "$to" >"$to.new" &&
            mv "$to.new" "$to"
    done
}

mkdir "$work/copy"
(cd "$here" && git ls-files -z | grep -zv '^tests/fuzz/corpus\|^docs/pictures' | tar cf - --null -T -) | tar xf - -C "$work/copy"
same model 'A neuron model' sag
same rule 'A learning rule' nudge
same fabric 'A fabric' pebble
same machine 'A machine' twin
same measure 'A measure' rivals
same diagnostic 'A diagnostic' pebble-name
for kind in model rule fabric machine measure diagnostic network; do apply $kind || exit 1; done
# the line that reports the diagnostic
awk '/check_names\(net, d\);/ { print "        if (net->name && !strcmp(net->name, \"pebble\"))\n" \
    "            st_error(d, ST_DIAG_PEBBLE, none, NULL, \"a network is not called pebble\");" } { print }' \
    "$work/copy/compiler/front/net_check.c" >"$work/new" && mv "$work/new" "$work/copy/compiler/front/net_check.c"

cd "$work/copy" || exit 1
# a chip that learns and has the model: test_colanet lets networks learn there before it freezes them
sed -i 's/models: \[lif, altai\]/models: [lif, altai, sag]/' netlists/fabrics/stoa-1-large.yaml
b=build/release
make -s -j"${JOBS:-2}" OPT_release=-O0 all $b/tests/ref/test_colanet $b/tests/diag/test_diag >"$work/log" 2>&1
said 'the copy builds'
awk 'BEGIN { for (t = 0; t < 10; t++) for (i = 0; i < 784; i += 3) print t, "R", i }' >"$work/spikes"
{ $b/stoa compile sag -f pebble -o "$work/sag.img" &&
    $b/stoa run "$work/sag.img" --in "$work/spikes" --ticks 30 --learn --on timed --trace state -o "$work/timed" &&
    $b/stoa run "$work/sag.img" --in "$work/spikes" --ticks 30 --learn --trace state -o "$work/sim" &&
    cmp "$work/timed" "$work/sim" && grep -q ' spike ' "$work/sim"; } >"$work/log" 2>&1
said 'a network of it compiles, spikes, and is the same on the fast and the timed engine'
{ $b/stoa run "$work/sag.img" --in "$work/spikes" --ticks 30 --learn --on twin --trace state -o "$work/twin" &&
    cmp "$work/twin" "$work/sim" && ! $b/stoa run "$work/sag.img" --ticks 3 --on twins; } >"$work/log" 2>&1 &&
    grep -q "did you mean 'twin'" "$work/log"
said 'the machine runs it, to the same states'
cat >"$work/rivals.yaml" <<'EOF'
experiment: rivals
network: colanet-permuted
fabric: stoa-1-large
copies: 1
data: { noise: white, pictures: 20, shape: [28, 28] }
phases: [ { ask: data, measure: rivals } ]
EOF
{ $b/stoa train "$work/rivals.yaml" --out "$work/rivals" && grep -q '"name": "rivals", "of"' "$work/rivals/result.json"; } >"$work/log" 2>&1
said 'the measure is named, looked at and printed'
ST_COLANET_NETWORK=sag $b/tests/ref/test_colanet >"$work/log" 2>&1 && grep -q 'sag.*pebble' "$work/log"
said 'and in the reference, on each fabric that takes it'
BLESS=1 $b/tests/diag/test_diag >"$work/log" 2>&1
{ grep -q 'pebble-name' tests/diag/cases/pebble-name.err && $b/tests/diag/test_diag && $b/stoa explain pebble-name; } >"$work/log" 2>&1
said 'the diagnostic is caused, shown and explained'
exit "$failed"
