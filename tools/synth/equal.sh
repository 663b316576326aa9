#!/bin/sh
# equal.sh - the RTL of each leaf and its cells: equal for all inputs, from all registers zero on; and that a change
# to the RTL is found.
#
#     OUT=DIR equal.sh LIBERTY [NAME..]       NAME: leaves of equal.txt, all without
#
# Both are joined to one machine whose output says that they differ, an and-inverter graph; abc proves it: without
# registers by &cec; else it finds the registers that correspond (lcorr) and proves the rest for any number of cycles
# (dprove). Clocks are not gated here.
set -u
here=$(cd "$(dirname "$0")" && pwd)
. "$here/map.sh"
out=${OUT:-build/synth/equal} liberty=$1
shift
mkdir -p "$out"

# field NAME KEY: what follows KEY in the block of NAME
field() {
    awk -v name="$1" -v key="$2" '
        $1 == "leaf" { on = $2 == name }
        on && $1 == key { sub(/^ *[^ ]+ +/, ""); print; exit }' "$here/equal.txt"
}

# graph NAME DIR RTL-OF-GOLD: DIR/miter.aig
graph() {
    top=$(field "$1" leaf)
    module=$(echo "$top" | awk '{ print $2 }')
    params=$(echo "$top" | awk '{ for (i = 3; i <= NF; i++) { sub("=", " ", $i); printf " -set %s", $i } }')
    gold= gate=
    for f in $(field "$1" rtl); do
        gold="$gold $3/stoa_$f.sv"
        gate="$gate rtl/stoa_$f.sv"
    done
    printf 'set_driving_cell INVX4\nset_load 0.02 [all_outputs]\n' > "$2/constr"
    cat > "$2/graph.ys" <<YS
read_verilog -sv -Irtl $gate
${params:+chparam$params $module}
hierarchy -check -top $module
$(map "$liberty" "$2/constr" "$here" '')
rename -top gate
design -stash gate
read_verilog -sv -Irtl $gold
${params:+chparam$params $module}
hierarchy -check -top $module
proc
flatten
memory_map
opt_dff
opt -full
opt_dff
opt -full
rename -top gold
design -stash gold
design -copy-from gold -as gold gold
design -copy-from gate -as gate gate
read_liberty $liberty
miter -equiv -flatten gold gate miter
hierarchy -top miter
flatten
techmap
setundef -zero
dffunmap
zinit -all
opt -fast -nodffe -nosdff
aigmap
opt_clean
write_aiger -zinit $2/miter.aig
YS
    yosys -q -l "$2/log" "$2/graph.ys" > /dev/null 2> "$2/err"
}

# compare DIR: 0 equal, 1 not, 2 no answer
compare() {
    timeout "${LIMIT:-120}" yosys-abc -c "read $1/miter.aig; strash; print_stats; &get -n; &cec -m" > "$1/abc" 2>&1
    if ! grep -q "lat = *0 " "$1/abc"; then
        timeout "${LIMIT:-120}" yosys-abc -c "read $1/miter.aig; strash; print_stats; lcorr; print_stats; dprove; \
            comb; cone -O 0; &get -n; &cec -m" > "$1/abc" 2>&1
    fi
    grep -q "Property proved\|Networks are equivalent" "$1/abc" && return 0
    grep -q "was asserted in frame\|Networks are NOT EQUIVALENT" "$1/abc" && return 1
    return 2
}

failed=0
for name in ${*:-$(awk '$1 == "leaf" { print $2 }' "$here/equal.txt")}; do
    start=$(date +%s%N)
    dir=$out/$name
    rm -rf "$dir" && mkdir -p "$dir/changed"
    for f in $(field "$name" rtl); do cp "rtl/stoa_$f.sv" "$dir/changed/"; done
    change=$(field "$name" change)
    file=$dir/changed/stoa_${change%% *}.sv
    old=${change#* | } new=${change##* | }
    old=${old%" | $new"}
    OLD=$old NEW=$new awk '{ while ((i = index($0, ENVIRON["OLD"])) > 0 && !done) {
            $0 = substr($0, 1, i - 1) ENVIRON["NEW"] substr($0, i + length(ENVIRON["OLD"])); done = 1 }
        print } END { exit !done }' "$file" > "$file.new" || {
        echo "$name: the place to change is not there"; failed=1; continue; }
    mv "$file.new" "$file"
    mkdir -p "$dir/same"
    graph "$name" "$dir/same" rtl && compare "$dir/same"
    same=$?
    graph "$name" "$dir/changed" "$dir/changed" && compare "$dir/changed"
    changed=$?
    case $same$changed in
    01) what='equal; the change is found' ;;
    0*) what='equal; FAILED: the change is not found' ;;
    1*) what='FAILED: not equal' ;;
    *) what="FAILED: no answer ($dir/same)" ;;
    esac
    [ $same$changed = 01 ] || failed=1
    printf '%-12s %5d AND nodes, %4d registers  %6.1f s  %s\n' "$name" \
        "$(sed -n 's/.*and = *\([0-9]*\).*/\1/p' "$dir/same/abc" | head -1)" \
        "$(sed -n 's/.*lat = *\([0-9]*\).*/\1/p' "$dir/same/abc" | head -1)" \
        "$(awk -v a="$start" -v b="$(date +%s%N)" 'BEGIN { print (b - a) / 1e9 }')" "$what"
done
exit $failed
