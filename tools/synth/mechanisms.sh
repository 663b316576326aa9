#!/bin/sh
# mechanisms.sh - what each mechanism that a core may have costs in cells: a core without any is mapped, then one with
# each alone; a line each, with what it has more.
#
#     OUT=DIR mechanisms.sh LIBERTY RTL NAME=VALUE..      RTL: the folder of the Verilog; NAME=VALUE: of the core without
#     BEFORE=DIR                                          of an older Verilog: its core without any is compared, too
#
# Modules that no mechanism touches, lanes foremost, are black boxes: they cost the same in each.
set -eu
here=$(dirname "$0")
. "$here/map.sh"
liberty=$1 rtl=$2
shift 2
share=-noshare sized=-fast # differences are looked for, not a period
mkdir -p "$OUT"

same= # files of modules that are left out
for m in lane scalar draw sip table reduce wheel column gate traces; do same="$same *stoa_$m*"; done

# cells NAME RTL NAME=VALUE..: OUT/NAME.stat
cells() {
    name=$1 from=$2
    shift 2
    params=
    for p in "$@"; do params="$params -set ${p%%=*} ${p#*=}"; done
    cat > "$OUT/$name.ys" << YS
read_verilog -sv -lib $here/memories.v
read_verilog -sv -I$from $(ls "$from"/stoa_*.sv | grep -v stoa_ram | tr '\n' ' ')
chparam$params stoa_core
hierarchy -check -top stoa_core
blackbox $same
$(map "$liberty" - "$here" yes)
tee -o $OUT/$name.tmp stat -liberty $liberty
write_verilog -noattr -noexpr -nodec $OUT/$name.v
YS
    yosys -q -l "$OUT/$name.log" "$OUT/$name.ys" > /dev/null 2> "$OUT/$name.err" || { tail -3 "$OUT/$name.err" >&2; exit 1; }
    awk -v macros="$OUT/$name.macros" -f "$here/macros.awk" "$OUT/$name.v" > /dev/null
    mv "$OUT/$name.tmp" "$OUT/$name.stat"
}

# figures NAME: cells, registers, um2, bits of memory
figures() {
    awk 'FILENAME ~ /macros$/ { split($1, size, /[_x]/); bits += $2 * size[3] * size[4]; next }
        /Chip area/ { area = $NF }
        NF == 2 && $1 !~ /stoa|:/ && $2 ~ /^[0-9]+$/ { cells += $2; if ($1 ~ /^DFF/) registers += $2 }
        END { print cells + 0, registers + 0, area, bits }' "$OUT/$1.macros" "$OUT/$1.stat"
}

says() { # NAME WHAT
    echo "$(figures none) $(figures "$1")" | awk -v what="$2" '{
        printf "%-34s %+7d cells %+6d registers %+8.3f mm2 %+9d bits of memory\n", what, $5 - $1, $6 - $2, ($7 - $3) / 1e6, $8 - $4 }'
}

cells none "$rtl" "$@"
figures none | awk '{ printf "%-34s %7d cells %6d registers %8.3f mm2 %9d bits of memory\n", "without any, lanes apart", $1, $2, $3 / 1e6, $4 }'
if [ -n "${BEFORE:-}" ]; then
    cells before "$BEFORE" "$@"
    says before 'the same of the Verilog before'
fi
# each alone; of what is given twice the last counts
while read -r set what; do
    [ -z "${ONLY:-}" ] || [ "$ONLY" = "$set" ] || continue
    cells "$set" "$rtl" "$@" "$set"
    says "$set" "$what"
done << END
MASKS=1 pairs without a synapse
RULES=2 a second rule
ADAPTS=1 thresholds that adapt
CURRENTS=1 synaptic currents
MEASURES=1 programs that measure
RING=1 sparse rows
RING=16 and their delays, in a ring of 16 sums
RECRUITS=1 recruiting
VALUES=256 packets that bring values
EMITS=1 what rows emit
END
