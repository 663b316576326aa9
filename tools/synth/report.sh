#!/bin/sh
# report.sh - the figures of build/synth as tables, and as JSON lines in build/synth/figures.json (all).
#
#     report.sh asic|energy|fpga|all NAME..      NAME: netlists k1, k4, k4-plain, ..; for fpga: ecp5-k4, ..
set -eu
what=$1
shift
here=$(dirname "$0")
dir=${SB:-build/synth}

lanes() { n=${1#*k}; echo "${n%%-*}"; }

figures() { # NAME: lines KEY VALUE
    for kind in stat sta memories energy activity; do
        [ ! -f "$dir/$1.$kind" ] || echo "$dir/$1.$kind"
    done | xargs awk -v lanes="$(lanes "$1")" -f "$here/figures.awk"
}

asic() {
    echo "OSU 0.18 um, 1.8 V, 25 C; cells before layout: no wires, no clock tree. 256 neurons x 1024 axons, weights of"
    echo "9 bits, resources of 16. Memories are not synthesized: their area and time are a model's (memory.awk)."
    head='%-10s %8s %9s %9s %9s %9s %10s %10s %8s\n'
    printf "$head" netlist 'core' 'core' 'router' memories memories 'period ns' 'period ns' 'fmax MHz'
    printf "$head" '' cells mm2 mm2 Mbit mm2 'logic' 'with mem.' 'w. mem.'
    for n in "$@"; do
        figures "$n" | awk -v n="$n" '{ v[$1] = $2 } END {
            printf "%-10s %8d %9.3f %9.3f %9.2f %9.1f", n, v["core_cells"], v["core_um2"] / 1e6, v["router_um2"] / 1e6,
                v["memory_bits"] / 1048576, v["memory_um2"] / 1e6
            period = v["period_core_model"]
            printf " %10.2f %10.2f %8.1f\n", v["period_core_logic"], period, period ? 1000 / period : 0 }'
    done
}

energy() {
    echo "pJ, from what changes in the netlist while CoLaNET learns MNIST pictures: logic"
    echo "without wires, glitches and clock tree | memories by the model. A learning operation is one vector instruction on one synapse."
    case " $* " in *lists*) echo "k4-lists: lists of 80 among 240 neurons (lists.awk); its operation is an entry, nothing learns." ;; esac
    head='%-10s %15s %13s %15s %6s %13s %10s %8s\n'
    printf "$head" netlist 'synaptic op.' 'neuron' 'learning op.' hop 'idle, a tick' 'DELIVER,' 'syn. op.'
    printf "$head" '' 'logic | mem.' 'logic | mem.' 'logic | mem.' logic 'logic | mem.' 'pJ a cycle' 'a cycle'
    for n in "$@"; do
        figures "$n" | awk -v n="$n" '{ v[$1] = $2 } END {
            printf "%-10s %7.2f | %5.1f %6.0f | %4.0f", n, v["synop_pj"], v["synop_memory_pj"], v["neuron_pj"], v["neuron_memory_pj"]
            if ("learn_pj" in v)
                printf " %7.2f | %5.1f %6.1f %6.0f | %4.0f", v["learn_pj"], v["learn_memory_pj"], v["hop_pj"], v["idle_pj"], v["idle_memory_pj"]
            else printf " %15s %6s %13s", "-", "-", "-"
            printf " %10.1f %8.2f\n", v["deliver_pj_cycle"], v["ops_cycle"] }'
    done
}

cycles() {
    printf '%-10s %24s %12s %32s %14s\n' 'K, cycles' 'axon event, 150 neurons' 'neuron' \
        "longest program, CoLaNET's 784" 'empty tick'
    for k in 1 4 16; do
        awk -v k=$k '$2 == k { v[$1] = $3 } END {
            printf "%-10d %24d %12.2f %32d %14d\n", k, v["event"], v["neuron"], v["learning"], v["tick"]
        }' "$dir/cycles.txt"
    done
}

# What nextpnr reports, as far as it is used.
placed() {
    awk -v n="$(basename "$1" .report)" 'BEGIN { RS = "," }
        { gsub(/[ \n{}]/, "") }
        { k = split($0, w, /[":]+/) }
        /achieved/ { fmax = w[k] }
        /"available"/ { for (i = 1; i <= k; i++) if (w[i] ~ /^[A-Z][A-Z0-9]*_/) name = w[i]; have[name] = w[k] }
        /"used"/ { used[name] = w[k] }
        END {
            printf "%-12s %5.1f MHz", n, fmax
            for (name in used)
                if (used[name] + 0 && name ~ /^ICESTORM/)
                    printf "  %s %d of %d", substr(name, index(name, "_") + 1), used[name], have[name]
            print "" }' "$1"
}

# Cells of a mapping, by kind.
mapped() {
    awk -v n="$(basename "$1" .stat)" '/^===/ { split("", c) } NF == 2 { c[$1] = $2 } END {
        lut = c["LUT4"] + c["LUT1"] + c["LUT2"] + c["LUT3"] + c["LUT5"] + c["LUT6"]
        ff = c["TRELLIS_FF"] + c["FDRE"] + c["FDSE"] + c["FDCE"] + c["FDPE"]
        small = c["TRELLIS_DPR16X4"] + c["RAM32M"] + c["RAM64M"] + c["RAM64X1D"] + c["RAM128X1D"]
        printf "%-12s %6d LUT %6d flip-flops %4d carries %3d multipliers", n, lut, ff, c["CCU2C"] + c["CARRY4"],
            c["MULT18X18D"] + c["DSP48E1"]
        printf " %5.1f block RAMs %4d LUT RAMs\n", c["DP16KD"] + c["RAMB36E1"] + c["RAMB18E1"] / 2, small }' "$1"
}

fpga() {
    echo "iCE40 up5k: placed and routed, inference only. ECP5 and Xilinx 7: mapped only, core and router with learning."
    for f in "$dir"/up5k*.report; do [ ! -f "$f" ] || placed "$f"; done
    for n in "$@"; do [ ! -f "$dir/$n.stat" ] || mapped "$dir/$n.stat"; done
}

line() { # figure value unit asked command
    printf '{"figure": "%s", "value": %s, "unit": "%s", "asked": "%s", "command": "%s"}\n' "$1" "$2" "$3" "$4" "$5"
}

json() {
    for n in "$@"; do
        gates='gated clocks' op='a synaptic operation'
        case $n in *plain) gates='clocks not gated' ;; *lists) gates='gated clocks, sparse rows' op='an entry' ;; esac
        what="OSU 0.18 um, K = $(lanes "$n"), $gates:"
        figures "$n" > "$dir/figures.tmp"
        for row in "synop_pj|pJ $op, logic" 'neuron_pj|pJ a neuron update, logic' \
            'learn_pj|pJ a learning operation, logic' 'hop_pj|pJ a hop, logic' \
            "synop_memory_pj|pJ $op, memories by the model"; do
            value=$(awk -v k="${row%%|*}" '$1 == k { printf "%.2f", $2 }' "$dir/figures.tmp")
            asked=
            [ "$n ${row%%|*}" != 'k4 synop_pj' ] || asked='<= 7'
            [ -z "$value" ] || line "$what ${row#*|}" "$value" pJ "$asked" 'make synth-energy'
        done
        for row in 'period_core_logic|fmax, logic' 'period_core_model|fmax, memories by the model'; do
            value=$(awk -v k="${row%%|*}" '$1 == k { printf "%.1f", 1000 / $2 }' "$dir/figures.tmp")
            line "$what ${row#*|}" "$value" MHz '' 'make synth-asic'
        done
        value=$(awk '$1 == "core_um2" { printf "%.3f", $2 / 1e6 }' "$dir/figures.tmp")
        line "$what core without memories" "$value" mm2 '' 'make synth-asic'
        case $n in *lists) ;; *) continue ;; esac
        value=$(awk -v k="$(lanes "$n")" '$1 == "ops_cycle" { printf "%.3f", $2 / k }' "$dir/figures.tmp")
        line "$what entries a cycle of DELIVER of the $(lanes "$n") there could be" "$value" ratio '>= 0.9' 'make synth-energy'
    done
    rm -f "$dir/figures.tmp"
    for f in "$dir"/up5k*.report; do
        [ -f "$f" ] || continue
        line "iCE40 $(basename "$f" .report): fmax" "$(placed "$f" | awk '{ print $2 }')" MHz '' 'make synth-fpga'
    done
    [ ! -f "$dir/gates.txt" ] || line 'words of the gate netlist compared in lock-step' \
        "$(grep -o '[0-9]* words compared' "$dir/gates.txt" | awk '{ s += $1 } END { print s + 0 }')" words '' \
        'make test-gates'
}

case $what in
asic) asic "$@" ;;
energy) energy "$@" ;;
fpga) fpga "$@" ;;
all)
    asic "$@"
    echo
    cycles
    echo
    energy "$@"
    echo
    fpga ecp5-k4 xilinx-k4
    json "$@" > "$dir/figures.json"
    ;;
*) exit 2 ;;
esac
