#!/bin/sh
# four.sh PARAMETERS.. - a small mesh under Icarus with four values, loaded from an image by packets: its replies and spikes
# are those of the fast engine. PARAMETERS as in rtl/rtl.mk; LOCKSTEP writes the packets and what must come of them.
set -eu
out=build/rtl/four
mkdir -p $out
defines= names='W H K AXONS INPUTS NEURONS WB RB QB UB SLOTS LINES RLINES GROUPS COLUMNS BLOCKS ROUTES SHARED DRAWS RECRUITS MASKS RULES ADAPTS CURRENTS MEASURES RING VALUES EMITS GATED'
parameters="$*"
for n in $names; do defines="$defines -DFOUR_$n=$1"; shift; done
iverilog -g2012 -Wall -Wno-timescale -Irtl $defines -s four -o $out/four.vvp tests/cosim/four.sv rtl/stoa_*.sv
for seed in ${SEEDS:-1 5}; do
    ONLY=test_packets ST_COSIM_SMALL="$parameters" ST_COSIM_PACKETS=$out/$seed ST_COSIM_SEED=$seed $LOCKSTEP > $out/log 2>&1 ||
        { cat $out/log; exit 1; }
    timeout 300 vvp -n $out/four.vvp +flits=$out/$seed.hex +count=$(wc -l < $out/$seed.hex) > $out/$seed.said
    # replies in their order at each tile; spikes in any order
    awk '$1 == "R" { $0 = "R " $2 " " ++of[$2] " " $3 } $1 != "E"' $out/$seed.said | LC_ALL=C sort > $out/$seed.got
    LC_ALL=C sort $out/$seed.want | diff - $out/$seed.got > $out/$seed.diff ||
        { head -5 $out/$seed.diff; tail -1 $out/$seed.said; echo "the mesh under Icarus differs, seed $seed ($out/$seed.diff)"; exit 1; }
    echo "four values, seed $seed: $(grep -c ^S $out/$seed.got) spikes, $(grep -c ^R $out/$seed.got) replies as expected;" \
        "$(grep ^E $out/$seed.said | cut -c3-)"
done
