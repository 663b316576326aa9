# figures.awk - the figures of one netlist out of what the tools printed: lines `KEY VALUE`.
#
#     awk -f figures.awk NAME.stat NAME.sta NAME.energy NAME.activity
#
# An operation's energy is all that the core took in its phase, divided by how many operations there were: scanning the wheel is
# in a synaptic operation, a group's beginning in a neuron update, a program's scalar words and record in a learning operation
# (one vector instruction on one synapse: beats x lanes). Idle is all outside the three phases, for each tick. A hop is what
# the router took above its rate in TURNS, when hardly a packet comes, for each packet that it took in; that rate is idle's.
function part(s) { return s ~ /stoa_core/ ? "core" : s ~ /stoa_router/ ? "router" : s ~ /stoa_barrier/ ? "barrier" : "" }
BEGIN { LATCH = 56 } # um2: the LEF's; the Liberty file says 0
FNR == 1 { file++ }
file == 1 && /^===/ { at = part($0) }
file == 1 && at != "" && $1 == "DFFPOSX1" { registers[at] = $2 }
file == 1 && at != "" && $1 == "LATCH" { latches[at] = $2 }
file == 1 && at != "" && /Number of cells/ { cells[at] = $NF }
file == 1 && at != "" && /Chip area for module/ { area[at] = $NF + LATCH * latches[at]; at = "" }
file == 2 && $1 == "TOP" { top = part($2) "_" $3 }
file == 2 && $1 == "PERIOD" { period[top] = $2 }
file == 3 && $1 == "macro" { memory_area += $3 * $4; reading[$2] = $6; writing[$2] = $7; split($2, g, /[_x]/); bits += $3 * g[3] * g[4]; next }
file == 3 && $1 ~ /^(core|router|barrier)$/ && NF == 6 { took[$1, $2] = $4 + $5 + $6; all[$1] += $4 + $5 + $6; cycles[$2] = $3; next }
file == 3 && $2 == "leakage" { leakage[$1] = $3; next }
file == 4 && $1 == "high" { for (p = 1; p <= 7; p++) high[$2, p] += $(p + 2); next }
file == 4 && $1 == "memory" {
    for (p = 1; p <= 7; p++) memory[p] += $(p + 4) * ($2 == "read" ? reading[$3] : writing[$3])
    if ($2 == "write" && $4 ~ /inbox/) operations += $8
}
END {
    split("core router barrier", parts, " ")
    for (k = 1; k <= 3; k++) {
        print parts[k] "_um2", area[parts[k]] + 0
        print parts[k] "_cells", cells[parts[k]] + 0
        print parts[k] "_registers", registers[parts[k]] + 0
        print parts[k] "_leakage_uw", leakage[parts[k]] + 0
    }
    print "memory_um2", memory_area
    print "memory_bits", bits
    for (k in period) print "period_" k, period[k]
    if (!operations) exit
    for (p in cycles) everything += cycles[p]
    ticks = high["tick", 1] + high["tick", 2] + high["tick", 3] + high["tick", 4] + high["tick", 5] + high["tick", 6] + high["tick", 7]
    for (p = 1; p <= 7; p++) flits += high["flit", p]
    learnt = high["beat", 6] * lanes
    rest = took["router", "turns"] / cycles["turns"]
    print "synop_pj", took["core", "deliver"] / operations
    print "synop_memory_pj", memory[4] / operations
    print "synops", operations
    print "neuron_pj", took["core", "update"] / high["neuron", 5]
    print "neuron_memory_pj", memory[5] / high["neuron", 5]
    print "learn_pj", took["core", "turns"] / learnt
    print "learn_memory_pj", memory[6] / learnt
    print "learnt", learnt
    print "hop_pj", (all["router"] - rest * everything) / flits
    print "hops", flits
    print "idle_pj", (took["core", "idle"] + took["core", "key"] + took["core", "packet"] + rest * everything + all["barrier"]) / ticks
    print "idle_memory_pj", (memory[1] + memory[2] + memory[3] + memory[7]) / ticks
    print "deliver_pj_cycle", took["core", "deliver"] / cycles["deliver"]
    print "ops_cycle", operations / cycles["deliver"]
    print "cycles", everything
}
