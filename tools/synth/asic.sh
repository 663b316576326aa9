#!/bin/sh
# asic.sh - a tile (core, router, barrier) as a netlist of OSU 0.18 um cells, memories as black boxes, one per geometry.
#
#     asic.sh OUT plain|gated LIBERTY NAME=VALUE..        NAME=VALUE: parameters of stoa_mesh
#
# OUT.v the netlist, OUT.stat the cells and areas, OUT.log. The modules stoa_core, stoa_router and stoa_barrier stay
# modules, each flat. `gated`: registers with an enable get a gated clock (gate.v), else a multiplexer in front of D.
set -eu
out=$1 style=$2 liberty=$3
shift 3
here=$(dirname "$0")
params=
for p in "$@"; do params="$params -set ${p%%=*} ${p#*=}"; done
rtl=$(ls rtl/stoa_*.sv | grep -v stoa_ram | tr '\n' ' ')
printf 'set_driving_cell INVX4\nset_load 0.02 [all_outputs]\n' > "$out.constr"
gating=
if [ "$style" = gated ]; then
    gating="opt_dff; techmap -map $here/gate.v; opt_merge -share_all; opt_clean"
fi
cat > "$out.ys" <<YS
read_verilog -sv -lib $here/memories.v
read_verilog -sv $rtl
chparam$params stoa_mesh
hierarchy -check -top stoa_mesh
setattr -mod -set keep_hierarchy 1 *stoa_core* *stoa_router* *stoa_barrier*
synth -flatten -nofsm -run begin:fine
opt -fast -full
memory_map
opt -undriven -fine
$gating
techmap
opt -fast
simplemap
opt_merge -share_all
dfflibmap -liberty $liberty
techmap -map $here/latch.v
opt -fast
abc -liberty $liberty -D 4000 -constr $out.constr
setundef -zero
splitnets
opt_clean -purge
rename -enumerate -pattern n% w:*
tee -o $out.stat stat -liberty $liberty
write_verilog -noattr -noexpr -nodec $out.raw.v
YS
yosys -q -l "$out.log" "$out.ys" > /dev/null 2> "$out.err" || { tail -3 "$out.err" >&2; exit 1; }
awk -v macros="$out.macros" -f "$here/macros.awk" "$out.raw.v" > "$out.tmp"
mv "$out.tmp" "$out.v"
rm -f "$out.raw.v"
