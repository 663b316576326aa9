#!/bin/sh
# run.sh - prove what proofs.txt lists, two at a time; a line for each, and the count.
#
#     run.sh [NAME..]            each proof must hold
#     run.sh --mutate [NAME..]   each with its one change to the design must fail, with a counterexample
#     run.sh --rtl DIR NAME..    with the design of another folder (tests/mutants)
#
# Engines (`by`): z3, cvc5  yosys-smtbmc, DEPTH steps from the initial state; a register without reset may hold anything
#                 z3-ind    the same, then induction over DEPTH steps
#                 pdr, bmc  and-inverter graph and abc: unbounded, or DEPTH steps
set -u
here=$(cd "$(dirname "$0")" && pwd)
RTL=$here/../../rtl
OUT=${OUT:-$here/../../build/rtl/formal}
JOBS=${JOBS:-2}
LIMIT=${LIMIT:-180}
mutate=0
one=0
while :; do
    case "${1:-}" in
    --mutate) mutate=1 ;;
    --one) one=1 ;;
    --rtl) RTL=$2; shift ;;
    *) break ;;
    esac
    shift
done

# field NAME KEY: what follows KEY in the block of NAME
field() {
    awk -v name="$1" -v key="$2" '
        $1 == "proof" { on = $2 == name }
        on && $1 == key { sub(/^ *[^ ]+ */, ""); print; exit }' "$here/proofs.txt"
}

# change FILE OLD NEW: one literal place, or refuse
change() {
    OLD=$2 NEW=$3 awk '
        BEGIN { old = ENVIRON["OLD"]; new = ENVIRON["NEW"] }
        { while ((i = index($0, old)) > 0 && !done) { $0 = substr($0, 1, i - 1) new substr($0, i + length(old)); done = 1 }
          print }
        END { exit !done }' "$1" > "$1.new" && mv "$1.new" "$1"
}

# prove NAME: 0 holds, 1 a counterexample, 2 neither
prove() {
    dir=$OUT/$1$([ $mutate = 1 ] && echo .mutant)
    rm -rf "$dir" && mkdir -p "$dir" || return 2
    top=$(field "$1" top)
    module=${top%% *}
    set -- "$1" $(field "$1" by)
    engine=$2 depth=${3:-1}
    params=
    for p in ${top#"$module"}; do params="$params -set ${p%=*} ${p#*=}"; done
    files=
    for f in $(field "$1" rtl); do
        cp "$RTL/stoa_$f.sv" "$dir/" 2> "$dir/log" || return 2
        files="$files $dir/stoa_$f.sv"
    done
    if [ $mutate = 1 ]; then
        change "$dir/stoa_$(field "$1" mutate).sv" "$(field "$1" -)" "$(field "$1" +)" ||
            { echo "the place to change is not there" > "$dir/log"; return 2; }
    fi
    for f in $(field "$1" with); do files="$files $here/$f.sv"; done
    deeper=
    for p in $(field "$1" inside); do deeper="$deeper chparam -set ${p#*:} stoa_${p%%:*};"; done
    deeper=$(echo "$deeper" | tr '=' ' ')
    read="read_verilog -formal -sv $here/$module.sv $files; $deeper ${params:+chparam$params $module;}"
    case $engine in
    z3* | cvc5*)
        yosys -q -p "$read prep -flatten -top $module; async2sync; dffunmap; write_smt2 -wires $dir/p.smt2" \
            > "$dir/log" 2>&1 || return 2
        solver=${engine%%-*}
        timeout "$LIMIT" yosys-smtbmc -s "$solver" -t "$depth" --dump-vcd "$dir/cex.vcd" "$dir/p.smt2" >> "$dir/log" 2>&1
        grep -q 'Status: FAILED' "$dir/log" && return 1
        grep -q 'Status: PASSED' "$dir/log" || return 2
        case $engine in
        *-ind)
            timeout "$LIMIT" yosys-smtbmc -s "$solver" -i -t "$depth" "$dir/p.smt2" > "$dir/log.ind" 2>&1
            grep -q 'Status: PASSED' "$dir/log.ind" || return 2
            ;;
        esac
        ;;
    pdr | bmc)
        yosys -q -p "$read prep -flatten -top $module; memory_map; opt -full; async2sync; dffunmap; setundef -anyseq; techmap; \
            opt -fast; abc -g AND; opt_clean; write_aiger -zinit $dir/p.aig" > "$dir/log" 2>&1 || return 2
        [ $engine = pdr ] && run="pdr -T $LIMIT" || run="bmc3 -F $depth -T $LIMIT"
        yosys-abc -c "read $dir/p.aig; fold; print_stats; scorr; $run; write_cex -n $dir/cex.txt" >> "$dir/log" 2>&1
        grep -q 'was asserted in frame\|Output 0 .*asserted' "$dir/log" && return 1
        if [ $engine = pdr ]; then
            grep -q 'Property proved\|UNSAT' "$dir/log" || return 2
        else
            grep -q "No output .*asserted in $depth frames\|No output.*frame" "$dir/log" || return 2
        fi
        ;;
    *) return 2 ;;
    esac
}

if [ $one = 1 ]; then
    start=$(date +%s%N)
    prove "$1"
    got=$?
    ms=$((($(date +%s%N) - start) / 1000000))
    case $mutate$got in
    00) what=passed ;;
    01) what='FAILED: a counterexample' ;;
    11) what='passed: refuted' ;;
    10) what='FAILED: the change was not seen' ;;
    *) what="FAILED: no answer ($OUT/$1*/log)" ;;
    esac
    printf '%-24s %-10s %5d.%01d s  %s\n' "$1" "$(field "$1" by)" $((ms / 1000)) $((ms % 1000 / 100)) "$what"
    exit 0
fi

mkdir -p "$OUT"
start=$(date +%s)
list=${*:-$(awk '$1 == "proof" { print $2 }' "$here/proofs.txt")}
for n in $list; do echo "$n"; done |
    xargs -P "$JOBS" -I{} env OUT="$OUT" LIMIT="$LIMIT" sh "$0" --one $([ $mutate = 1 ] && echo --mutate) --rtl "$RTL" {} |
    tee "$OUT/summary"
passed=$(grep -c ' passed' "$OUT/summary")
failed=$(grep -c 'FAILED' "$OUT/summary")
echo "$(($(date +%s) - start)) s"
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
