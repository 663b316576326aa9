# figures.awk - the figures of one netlist out of what the tools printed: lines `KEY VALUE`.
#
#     awk -v lanes=K -f figures.awk NAME.stat NAME.sta NAME.memories NAME.energy NAME.activity      those that there are
#
# An operation's energy is all that the core took in its phase, divided by how many operations there were: scanning the
# wheel is in a synaptic operation, a group's beginning in a neuron update, a program's scalar words and record in a
# learning operation (one vector instruction on one synapse: beats x lanes). Idle is all outside the three phases, for
# each tick. A hop is what the router took above its rate in TURNS, when hardly a packet comes, for each packet that it
# took in; that rate is idle's. Without learning there are no TURNS, and neither hop nor idle is said.
function part(s) {
    return s ~ /stoa_core/ ? "core" : s ~ /stoa_router/ ? "router" : s ~ /stoa_barrier/ ? "barrier" : ""
}
BEGIN { LATCH = 56 } # um2: the LEF's; the Liberty file says 0
FNR == 1 {
    kind = FILENAME
    sub(/.*\./, "", kind)
    at = ""
}
kind == "stat" && /^===/ { at = part($0) }
kind == "stat" && at != "" {
    if ($1 == "DFFPOSX1") registers[at] = $2
    else if ($1 == "LATCH") latches[at] = $2
    else if (/Number of cells/) cells[at] = $NF
    else if (/Chip area for module/) area[at] = $NF + LATCH * latches[at]
}
kind == "sta" && $1 == "TOP" { at = part($2) "_" $3 }
kind == "sta" && $1 == "PERIOD" { period[at] = $2 }
kind == "memories" {
    split($1, size, /[_x]/)
    bits += $2 * size[3] * size[4]
    memory_area += $2 * $3
    reading[$1] = $5
    writing[$1] = $6
    written[$1] = $7
}
kind == "energy" && $1 ~ /^(core|router|barrier)$/ && NF == 6 {
    took[$1, $2] = $4 + $5 + $6
    all[$1] += took[$1, $2]
    cycles[$2] = $3
}
kind == "energy" && $2 == "leakage" { leakage[$1] = $3 }
kind == "activity" && $1 == "high" {
    for (p = 1; p <= 7; p++) {
        high[$2, p] += $(p + 2)
        total[$2] += $(p + 2)
    }
}
kind == "activity" && $1 == "memory" {
    for (p = 1; p <= 7; p++) memory[p] += $(p + 4) * ($2 == "read" ? reading[$3] : $2 == "write" ? writing[$3] : written[$3])
    if ($2 == "write" && $4 ~ /inbox/) operations += $8 # in DELIVER, each lane that is active
}
END {
    for (p in area) {
        print p "_um2", area[p]
        print p "_cells", cells[p]
        print p "_registers", registers[p]
    }
    for (p in period) print "period_" p, period[p]
    print "memory_um2", memory_area
    print "memory_bits", bits
    if (!operations) exit
    for (p in leakage) print p "_leakage_uw", leakage[p]
    for (p in cycles) everything += cycles[p]
    learnt = high["beat", 6] * lanes
    print "synop_pj", took["core", "deliver"] / operations
    print "synop_memory_pj", memory[4] / operations
    print "neuron_pj", took["core", "update"] / high["neuron", 5]
    print "neuron_memory_pj", memory[5] / high["neuron", 5]
    if (learnt) print "learn_pj", took["core", "turns"] / learnt
    if (learnt) print "learn_memory_pj", memory[6] / learnt
    if (cycles["turns"]) {
        rest = took["router", "turns"] / cycles["turns"]
        outside = took["core", "idle"] + took["core", "key"] + took["core", "packet"] + rest * everything + all["barrier"]
        print "hop_pj", (all["router"] - rest * everything) / total["flit"]
        print "idle_pj", outside / total["tick"]
        print "idle_memory_pj", (memory[1] + memory[2] + memory[3] + memory[7]) / total["tick"]
    }
    print "deliver_pj_cycle", took["core", "deliver"] / cycles["deliver"]
    print "ops_cycle", operations / cycles["deliver"]
    print "synaptic_operations", operations
    print "learning_operations", learnt
    print "hops", total["flit"]
    print "ticks", total["tick"]
    print "cycles", everything
}
