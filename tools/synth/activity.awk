# activity.awk - what toggles.c counted, as Tcl for OpenSTA, and what a gated clock saves.
#
#     awk -v top=stoa_core -v kind=core -v prefix=OUT. -f activity.awk TOGGLES NETLIST
#
# OUT.PHASE.tcl: `a INSTANCE/PIN changes-a-cycle` for the output of each cell of module top; OUT.gated: `PHASE flip-flop
# clocks that did not come a cycle`, and the same for the AND gates in front of them.
BEGIN { split("clear idle key deliver update turns x y", phase, " ") }
FNR == NR && $1 == "cycles" { for (p = 1; p <= 6; p++) cycles[p] = $(p + 1); next }
FNR == NR && $1 == kind { for (p = 1; p <= 6; p++) if ($(p + 2)) changed[$2, p] = $(p + 2); next }
FNR == NR { next }
$1 == "module" { mine = $2 == top; next }
!mine { next }
/^  [A-Z0-9]+ +_[0-9]+_ +\($/ { cell = $1; instance = $2; next }
/^    \.(Y|Q|YC|YS)\(/ {
    net = $0
    sub(/^[^(]*\(/, "", net)
    sub(/ *\),?$/, "", net)
    sub(/^\\/, "", net)
    pin = $0
    sub(/^ *\./, "", pin)
    sub(/\(.*/, "", pin)
    for (p = 1; p <= 6; p++)
        if (cycles[p]) printf "a %s/%s %.5f\n", instance, pin, changed[net, p] / cycles[p] > (prefix phase[p] ".tcl")
    next
}
/^    \.CLK\(/ {
    net = $0
    sub(/^[^(]*\(/, "", net)
    sub(/ *\),?$/, "", net)
    sub(/^\\/, "", net)
    if (cell ~ /^DFF/) flops[net]++
}
END {
    for (p = 1; p <= 6; p++) {
        if (!cycles[p]) continue
        still = gates = all = 0
        for (net in flops) {
            all += flops[net]
            if (net == "clk") continue
            off = 1 - changed[net, p] / (2 * cycles[p])
            still += flops[net] * off
            gates += off
        }
        printf "%s %d %.2f %.2f %d\n", phase[p], cycles[p], still, gates, all > (prefix "gated")
    }
}
