#!/bin/sh
# run.sh - prove what proofs.txt lists, JOBS at a time; a line for each, and the count.
#
#     run.sh [NAME..]            each proof must hold
#     run.sh --mutate [NAME..]   each with its one change to the design must fail, with a counterexample
#
# Engines (`by`): z3         yosys-smtbmc, DEPTH steps from the initial state; a register without one may hold anything
#                 z3-ind     the same, then induction over DEPTH steps
#                 bmc, pdr   and-inverter graph and abc: DEPTH steps likewise, or unbounded
#                 comb       the same without registers
# No answer within LIMIT seconds, a name that is not listed and a place to change that is not there are failures too.
set -uf
here=$(cd "$(dirname "$0")" && pwd)
RTL=${RTL:-$here/../../rtl}
OUT=${OUT:-$here/../../build/rtl/formal}
JOBS=${JOBS:-2}
LIMIT=${LIMIT:-300}
mutate=0
one=0
while :; do
    case "${1:-}" in
    --mutate) mutate=1 ;;
    --one) one=1 ;;
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
        { if (!done && old != "" && (i = index($0, old)) > 0) {
              $0 = substr($0, 1, i - 1) new substr($0, i + length(old)); done = 1 }
          print }
        END { exit !done }' "$1" > "$1.new" && mv "$1.new" "$1"
}

# prove NAME: 0 holds, 1 a counterexample, 2 neither
prove() {
    dir=$OUT/$1$([ $mutate = 1 ] && echo .mutant)
    rm -rf "$dir" && mkdir -p "$dir" || return 2
    top=$(field "$1" top)
    [ -n "$top" ] || { echo "no such proof" > "$dir/log"; return 2; }
    module=${top%% *}
    set -- "$1" $(field "$1" by)
    engine=$2 depth=${3:-1}
    params=
    for p in ${top#"$module"}; do params="$params -set ${p%=*} ${p#*=}"; done
    files=
    cp "$RTL/stoa_tables.vh" "$dir/" 2> "$dir/log" || return 2
    for f in $module $(field "$1" with); do
        cp "$here/$f.sv" "$dir/" 2> "$dir/log" || return 2
        files="$files $dir/$f.sv"
    done
    for f in $(field "$1" rtl); do
        cp "$RTL/stoa_$f.sv" "$dir/" 2> "$dir/log" || return 2
        files="$files $dir/stoa_$f.sv"
    done
    if [ $mutate = 1 ]; then
        f=$(field "$1" mutate)
        [ -f "$dir/$f.sv" ] || f=stoa_$f
        change "$dir/$f.sv" "$(field "$1" -)" "$(field "$1" +)" ||
            { echo "the place to change is not there" > "$dir/log"; return 2; }
    fi
    cut=
    for p in $(field "$1" cut); do cut="$cut cutpoint $p;"; done
    read="read_verilog -formal -sv $files; ${params:+chparam$params $module;} \
        prep -flatten -top $module; $cut memory_map; opt_clean"
    if [ "${engine%-ind}" = z3 ]; then
        timeout "$LIMIT" yosys -q -p "$read; async2sync; dffunmap; write_smt2 -wires $dir/p.smt2" \
            > "$dir/log" 2>&1 || return 2
        timeout "$LIMIT" yosys-smtbmc -s z3 -t "$depth" --dump-vcd "$dir/cex.vcd" "$dir/p.smt2" >> "$dir/log" 2>&1
        grep -q 'Status: FAILED' "$dir/log" && return 1
        grep -q 'Status: PASSED' "$dir/log" || return 2
        [ "$engine" = z3 ] && return 0
        timeout "$LIMIT" yosys-smtbmc -s z3 -i -t "$depth" "$dir/p.smt2" > "$dir/log.ind" 2>&1
        grep -q 'Status: PASSED' "$dir/log.ind" && return 0
        return 2
    fi
    # -noff: a register that nothing sets has some value, not every value at once
    timeout "$LIMIT" yosys -q -p "$read; async2sync; dffunmap; setundef -anyseq; opt -full -noff; techmap; \
        opt -fast -noff; setundef -anyseq; aigmap; opt_clean; \
        write_aiger -zinit -map $dir/p.map $dir/p.aig" > "$dir/log" 2>&1 || return 2
    case $engine in
    comb) run="orpos; iprove" proved='^UNSATISFIABLE' refuted='^SATISFIABLE' ;;
    bmc) run="scorr; bmc3 -F $depth" proved="^No output asserted in $depth frames" refuted='was asserted in frame' ;;
    pdr) run="scorr; pdr" proved='^Property proved' refuted='was asserted in frame' ;;
    *) return 2 ;;
    esac
    timeout "$LIMIT" yosys-abc -c "read $dir/p.aig; fold; print_stats; $run; write_cex -n $dir/cex.txt" \
        > "$dir/abc" 2>&1
    cat "$dir/abc" >> "$dir/log"
    grep -aq "$refuted" "$dir/abc" && return 1
    grep -aq "$proved" "$dir/abc" && return 0
    return 2
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
asked=$(echo $list | wc -w)
for n in $list; do echo "$n"; done |
    xargs -P "$JOBS" -I{} env OUT="$OUT" LIMIT="$LIMIT" sh "$0" --one $([ $mutate = 1 ] && echo --mutate) {} |
    tee "$OUT/summary"
passed=$(grep -c ' passed' "$OUT/summary")
echo "$passed of $asked passed, $(($(date +%s) - start)) s"
[ "$asked" -gt 0 ] && [ "$passed" = "$asked" ]
