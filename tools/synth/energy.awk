# energy.awk - what the changes that netsim counted cost, in pJ, by part and phase, out of the Liberty file's tables.
#
#     awk [-v slew=0.2] [-v most=20] -f energy.awk LIBERTY ACTIVITY NETLIST.blif
#
# A change of a cell's output costs its load, C V^2 / 2, and what the cell itself takes: the mean of rise and fall in
# its internal_power tables, over its inputs the mean weighted by how often each of them changed. A change at a pin of
# a register costs what the pin's own table says, whether the output changes or not. Loads are input pins: no wires.
# The clock's own net counts with the pins that hang on it; a tree's wires and buffers are left out.
#
# OUT: `PART PHASE cycles clock registers gates`, pJ in all; `PART leakage uW`. clock: clock pins, gates and latches
# of clocks, their loads; registers: D pins and outputs. most=N: `most PART PHASE pJ-a-cycle bits NAME`, the N
# registers by name whose clocks cost most.
#
# Not OpenSTA's report_power: version 2.0.17 of 2019 replaces the counted changes of gates by its own propagated ones,
# and counts a rise and a fall for each change (docs/rtl-synthesis.md).
function word(s) { gsub(/[(){};" :]/, "", s); return s }
# y at v, straight lines between x[1..n], the ends' lines outside
function between(v, x, y, n,    k) {
    for (k = 1; k < n - 1 && v > x[k + 1]; k++);
    return y[k] + (y[k + 1] - y[k]) * (v - x[k]) / (x[k + 1] - x[k])
}
# A table, as its text, at this load. Those of input pins have a slew only.
function table(text, load,    part, n, m, k, i, first, second, row, at) {
    n = split(text, part, "\"")
    m = split(part[2], first, ", *")
    if (text !~ /index_2/) {
        split(part[4], row, ", *")
        return between(slew, first, row, m)
    }
    k = split(part[4], second, ", *")
    for (i = 1; i <= m; i++) {
        split(part[4 + 2 * i], row, ", *")
        at[i] = between(slew, second, row, k)
    }
    return between(load > first[m] ? first[m] : load, first, at, m)
}
# Mean of rise and fall, pJ a change: of a pin (related ""), or of the output by one input. Kept for steps of 2 fF.
function cost(lib, pin, related, load,    key) {
    key = lib SUBSEP pin SUBSEP related SUBSEP int(load * 500)
    if (!(key in kept)) kept[key] = ((lib, pin, related, "rise") in tables) ? \
        (table(tables[lib, pin, related, "rise"], load) + table(tables[lib, pin, related, "fall"], load)) / 2 : 0
    return kept[key]
}
BEGIN {
    if (!slew) slew = 0.2
    PHASES = split("clear idle key deliver update turns packet", phase, " ")
    VDD = 1.8
    MEMORY_PIN = 0.02 # pF, as memory.awk
}
FNR == 1 { file++ }
file == 1 {
    if ($1 == "cell") lib = word($2)
    else if ($1 ~ /^pin\(/) { pin = word(substr($1, 4)); related = "" }
    else if ($1 == "cell_leakage_power") leak[lib] = word($3)
    else if ($1 == "capacitance") cap[lib, pin] = word($3)
    else if ($1 == "direction" && word($3) == "output") output[lib] = pin
    else if ($1 == "clock") clock_pin[lib] = pin
    else if ($1 == "internal_power()") { related = ""; power = 1 }
    else if ($1 == "timing()") power = 0
    else if ($1 == "related_pin" && power) { related = word($3); relates[lib] = relates[lib] " " related }
    else if ($1 ~ /^(rise|fall)_power/) { edge = substr($1, 1, 4); text = "" }
    if (edge) {
        text = text $0
        if ($0 ~ /\}/) { tables[lib, pin, related, edge] = text; edge = "" }
    }
    next
}
file == 2 {
    if ($1 == "cycles") for (p = 1; p <= PHASES; p++) cycles[p] = $(p + 1)
    else if ($1 == "net") for (p = 1; p <= PHASES; p++) if ($(p + 2)) changed[$2, p] = $(p + 2)
    next
}
$1 == ".gate" {
    gate[++gates] = $0
    for (i = 3; i <= NF; i++) {
        at = index($i, "=")
        net = substr($i, at + 1)
        if ($2 ~ /^stoa_ram/) load[net] += substr($i, 1, 2) == "q=" || substr($i, 1, 2) == "q[" ? 0 : MEMORY_PIN
        else load[net] += cap[$2, substr($i, 1, at - 1)]
    }
    next
}
$1 == ".cname" { part_of[gates] = $2 ~ /\.core\./ ? "core" : $2 ~ /\.router\./ ? "router" : "barrier" }
END {
    for (g = 1; g <= gates; g++)
        if (match(gate[g], / CLK=[^ ]+/)) clocks[substr(gate[g], RSTART + 5, RLENGTH - 5)] = 1
    for (g = 1; g <= gates; g++) {
        n = split(gate[g], w, " ")
        lib = w[2]
        if (lib ~ /^stoa_ram/) continue
        part = part_of[g]
        split("", on)
        for (i = 3; i <= n; i++) {
            at = index(w[i], "=")
            on[substr(w[i], 1, at - 1)] = substr(w[i], at + 1)
        }
        out = output[lib]
        q = on[out]
        swing = load[q] * VDD * VDD / 2
        leakage[part] += leak[lib]
        if (lib in clock_pin) {
            ck = on[clock_pin[lib]]
            name = q
            sub(/\[[0-9]+\]$/, "", name)
            for (p = 1; p <= PHASES; p++) {
                e = changed[ck, p] * cost(lib, clock_pin[lib], "", 0)
                pins = changed[ck, p] * cap[lib, clock_pin[lib]] * VDD * VDD / 2
                # the load of a gated clock is counted where it is driven
                clock[part, p] += e + (ck == "clk" ? pins : 0)
                of_name[part, p, name] += e + pins
                if (p == 1) bits[part, name]++
                e = changed[q, p] * (cost(lib, out, clock_pin[lib], load[q]) + swing) \
                  + changed[on["D"], p] * cost(lib, "D", "", 0)
                if (lib == "LATCH") clock[part, p] += e
                else registers[part, p] += e
            }
            continue
        }
        n = split(relates[lib], of, " ")
        for (p = 1; p <= PHASES; p++) {
            moves = changed[q, p]
            if (!moves) continue
            share = total = 0
            for (i = 1; i <= n; i++) {
                often = changed[on[of[i]], p]
                share += often * cost(lib, out, of[i], load[q])
                total += often
            }
            e = moves * (swing + (total ? share / total : 0))
            if (q in clocks) clock[part, p] += e
            else logic[part, p] += e
        }
    }
    split("core router barrier", parts, " ")
    for (k = 1; k <= 3; k++) {
        for (p = 1; p <= PHASES; p++)
            if (cycles[p])
                printf "%s %s %d %.1f %.1f %.1f\n", parts[k], phase[p], cycles[p], clock[parts[k], p],
                    registers[parts[k], p], logic[parts[k], p]
        printf "%s leakage %.3f\n", parts[k], leakage[parts[k]] / 1000
    }
    if (!most) exit
    sort = "sort -k2,2 -k3,3 -k4,4gr"
    for (k in of_name) {
        split(k, at_, SUBSEP)
        p = at_[2]
        if (cycles[p]) printf "most %s %s %.3f %d %s\n", at_[1], phase[p], of_name[k] / cycles[p], bits[at_[1], at_[3]],
            at_[3] | sort
    }
}
