#!/bin/sh
# up5k.sh - a core that only infers on iCE40 up5k: Yosys and nextpnr. Without noise (stoa_sip is inert as well).
# The memories that only learning reads (records, programs, rewards) are left out.
#
#     up5k.sh OUT K NEURONS LINES UB GROUPS        OUT.json OUT.asc OUT.report (fmax, use of the device)
set -eu
out=$1 k=$2 neurons=$3 lines=$4 ub=$5 groups=$6
here=$(dirname "$0")
mkdir -p "$out.d"
for m in learn ends table record turns sip; do awk -f "$here/inert.awk" "rtl/stoa_$m.sv" > "$out.d/stoa_$m.sv"; done
leave='ram1|learn|ends|table|record|turns|sip|mesh|router|barrier|arbiter|fifo'
rtl=$(ls rtl/stoa_*.sv | grep -Ev "stoa_($leave)\.sv" | tr '\n' ' ')
set_to="-DK=$k -DNEURONS=$neurons -DLINES=$lines -DRLINES=2 -DUB=$ub -DGROUPS=$groups"
yosys -q -l "$out.log" -p "read_verilog -sv -Irtl $set_to $rtl $out.d/*.sv $here/ram1_up5k.sv $here/up5k.sv
    synth_ice40 -dsp -top up5k -run begin:flatten
    delete *stoa_inbox*/*give *stoa_core*/records *stoa_core*/program_words
    synth_ice40 -dsp -top up5k -run flatten:map_gates; setundef -undriven -zero
    synth_ice40 -dsp -top up5k -run map_gates: -json $out.json
    tee -o $out.stat stat" > /dev/null 2> "$out.err" || { tail -3 "$out.err" >&2; exit 1; }
nextpnr-ice40 -q --up5k --package sg48 --json "$out.json" --pcf-allow-unconstrained --freq 24 \
    --timing-allow-fail --seed 1 --asc "$out.asc" --report "$out.report" > "$out.pnr" 2>&1 || {
    grep -E 'ERROR|Unable' "$out.pnr" >&2
    exit 1
}
