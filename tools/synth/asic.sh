#!/bin/sh
# asic.sh - a tile (core, router, barrier) as a netlist of OSU 0.18 um cells, memories as black boxes, one per geometry.
#
#     asic.sh OUT plain|gated LIBERTY NAME=VALUE..        NAME=VALUE: parameters of stoa_mesh
#
# OUT.v the netlist, OUT.blif the same flat, for netsim; OUT.macros the memories; OUT.stat cells and areas; OUT.log.
# The modules stoa_core, stoa_router and stoa_barrier stay modules, each flat. `gated`: registers with an enable get a
# gated clock (gate.v), else a multiplexer in front of D.
set -eu
out=$1 style=$2 liberty=$3
shift 3
here=$(dirname "$0")
. "$here/map.sh"
params=
for p in "$@"; do params="$params -set ${p%%=*} ${p#*=}"; done
rtl=$(ls rtl/stoa_*.sv | grep -v stoa_ram | tr '\n' ' ')
printf 'set_driving_cell INVX4\nset_load 0.02 [all_outputs]\n' > "$out.constr"
# Yosys looks at each pair of what could be shared: with sixteen lanes it does not end in half an hour.
share=
case " $* " in *" K=16 "*) share=-noshare ;; esac
gated=
[ "$style" = plain ] || gated=yes
cat > "$out.ys" <<YS
read_verilog -sv -lib $here/memories.v
read_verilog -sv -Irtl $rtl
chparam$params stoa_mesh
hierarchy -check -top stoa_mesh
setattr -mod -set keep_hierarchy 1 *stoa_core* *stoa_router* *stoa_barrier*
$(map "$liberty" "$out.constr" "$here" "$gated")
rename -enumerate -pattern n% w:*
tee -o $out.stat stat -liberty $liberty
write_verilog -noattr -noexpr -nodec $out.raw.v
YS
fail() { tail -3 "$out.err" >&2; exit 1; }
yosys -q -l "$out.log" "$out.ys" > /dev/null 2> "$out.err" || fail
awk -v macros="$out.macros" -f "$here/macros.awk" "$out.raw.v" > "$out.tmp"
awk -v what=ports -f "$here/memory.awk" "$out.macros" > "$out.ports.v"
yosys -q -p "read_liberty -lib $liberty; read_verilog -lib $out.ports.v; read_verilog $out.tmp; \
    hierarchy -top stoa_mesh; flatten; opt_clean; write_blif -gates -conn -cname $out.blif" \
    > /dev/null 2> "$out.err" || fail
mv "$out.tmp" "$out.v"
rm -f "$out.raw.v" "$out.ports.v" "$out.constr"
