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

figures() { # NAME: lines KEY VALUE, once
    sta=$dir/$1.sta energy=$dir/$1.energy activity=$dir/$1.activity
    awk -v lanes="$(lanes "$1")" -f "$here/figures.awk" "$dir/$1.stat" "$([ -f "$sta" ] && echo "$sta" || echo "$dir/$1.stat")" \
        "$([ -f "$energy" ] && echo "$energy" || echo "$dir/$1.stat")" "$([ -f "$activity" ] && echo "$activity" || echo "$dir/$1.stat")"
    awk -v k="$(lanes "$1")" '$2 == k { print "cycles_" $1, $3 }' "$dir/cycles.txt" 2> /dev/null || true
}

asic() {
    echo "OSU 0.18 um, 1.8 V, 25 C; cells before layout: no wires, no clock tree. 256 neurons x 1024 axons, weights of 9 bits, resources of 16."
    echo "Memories are not synthesized: their area and time are a model's (tools/synth/memory.awk)."
    printf '%-10s %8s %9s %10s %10s %10s %11s %12s %12s %9s\n' netlist 'core' 'core' 'router' memories memories 'period' 'period with' 'router with' fmax
    printf '%-10s %8s %9s %10s %10s %10s %11s %12s %12s %9s\n' '' cells mm2 mm2 Mbit mm2 'logic ns' 'memories ns' 'memories ns' MHz
    for n in "$@"; do
        figures "$n" | awk -v n="$n" '{ v[$1] = $2 } END {
            printf "%-10s %8d %9.3f %10.3f %10.2f %10.1f %11.2f %12.2f %12.2f %9.1f\n", n, v["core_cells"], v["core_um2"] / 1e6, v["router_um2"] / 1e6,
                v["memory_bits"] / 1048576, v["memory_um2"] / 1e6, v["period_core_logic"], v["period_core_model"], v["period_router_model"], 1000 / v["period_core_model"] }'
    done
}

energy() {
    echo "pJ, from what changes in the netlist while CoLaNET learns MNIST pictures; logic without wires, glitches and clock tree | memories by the model."
    printf '%-10s %15s %15s %15s %13s %15s %13s %11s\n' netlist 'synaptic op.' 'neuron update' 'learning op.' hop 'idle, a tick' 'DELIVER' 'op. a cycle'
    printf '%-10s %15s %15s %15s %13s %15s %13s %11s\n' '' 'logic | mem.' 'logic | mem.' 'logic | mem.' 'logic' 'logic | mem.' 'pJ a cycle' ''
    for n in "$@"; do
        figures "$n" | awk -v n="$n" '{ v[$1] = $2 } END {
            printf "%-10s %7.2f | %5.1f %7.0f | %5.0f %7.2f | %5.1f %13.1f %7.0f | %5.0f %13.1f %11.2f\n", n, v["synop_pj"], v["synop_memory_pj"], v["neuron_pj"],
                v["neuron_memory_pj"], v["learn_pj"], v["learn_memory_pj"], v["hop_pj"], v["idle_pj"], v["idle_memory_pj"], v["deliver_pj_cycle"], v["ops_cycle"] }'
    done
}

cycles() {
    printf '%-10s %26s %14s %28s\n' lanes 'axon event, 150 neurons' 'neuron' 'CoLaNET row of 784, longest'
    for k in 1 4 16; do
        awk -v k=$k '$2 == k { v[$1] = $3 } END { printf "%-10d %26d %14.2f %28d\n", k, v["event"], v["neuron"], v["learning"] }' "$dir/cycles.txt"
    done
}

use() { # cells of a Yosys stat, by kind
    awk '/=== design hierarchy|=== stoa_mesh/ { split("", c) } NF == 2 { c[$1] = $2 } END {
        lut = c["LUT4"] + c["LUT1"] + c["LUT2"] + c["LUT3"] + c["LUT5"] + c["LUT6"]
        ff = c["TRELLIS_FF"] + c["FDRE"] + c["FDSE"] + c["FDCE"] + c["FDPE"]
        printf "%6d LUT %6d FF %4d carry %3d DSP %4d block RAM %5d LUT RAM", lut, ff, c["CCU2C"] + c["CARRY4"], c["MULT18X18D"] + c["DSP48E1"],
            c["DP16KD"] + c["RAMB36E1"] + c["RAMB18E1"] / 2, c["TRELLIS_DPR16X4"] + c["RAM32M"] + c["RAM64M"] + c["RAM64X1D"] + c["RAM128X1D"] }' "$1"
}

fpga() {
    echo "FPGAs. iCE40 up5k: placed and routed. ECP5 and Xilinx 7: mapped only, the core and router of K lanes."
    for f in "$dir"/up5k*.report; do
        awk -v n="$(basename "$f" .report)" 'BEGIN { RS = "[,{}]" } /"achieved"/ { split($0, a, ":"); fmax = a[2] }
            /"ICESTORM_[A-Z]*": *$|"SB_SPRAM|"[A-Z_]*": *$/ { split($0, a, "\""); name = a[2] }
            /"available"/ { split($0, a, ":"); have[name] = a[2] } /"used"/ { split($0, a, ":"); used[name] = a[2] }
            END { printf "%-12s %5.1f MHz", n, fmax
                for (k in used) if (used[k] + 0 && k !~ /IO|GB|WARM/) printf "  %s %d of %d", k, used[k], have[k]; print "" }' "$f"
    done
    for n in "$@"; do printf '%-12s ' "$n"; use "$dir/$n.stat"; echo; done
}

json() {
    line() { printf '{"figure": "%s", "value": %s, "unit": "%s", "asked": "%s", "command": "%s"}\n' "$1" "$2" "$3" "$4" "$5"; }
    for n in "$@"; do
        what="OSU 0.18 um, K = $(lanes "$n")$(case $n in *plain) echo ', clocks not gated' ;; *) echo ', gated clocks' ;; esac)"
        figures "$n" > "$dir/figures.tmp"
        value() { awk -v k="$1" -v f="${2:-%.2f}" '$1 == k { printf f, $2 }' "$dir/figures.tmp"; }
        line "$what: pJ a synaptic operation, logic" "$(value synop_pj)" pJ "$([ "$n" = k4 ] && echo '<= 5')" 'make synth-energy'
        line "$what: pJ a neuron update, logic" "$(value neuron_pj)" pJ '' 'make synth-energy'
        line "$what: pJ a learning operation, logic" "$(value learn_pj)" pJ '' 'make synth-energy'
        line "$what: pJ a hop, logic" "$(value hop_pj)" pJ '' 'make synth-energy'
        line "$what: pJ a synaptic operation, memories by the model" "$(value synop_memory_pj)" pJ '' 'make synth-energy'
        line "$what: fmax, logic" "$(awk '$1 == "period_core_logic" { printf "%.1f", 1000 / $2 }' "$dir/figures.tmp")" MHz '' 'make synth-asic'
        line "$what: fmax, memories by the model" "$(awk '$1 == "period_core_model" { printf "%.1f", 1000 / $2 }' "$dir/figures.tmp")" MHz '' 'make synth-asic'
        line "$what: core without memories" "$(awk '$1 == "core_um2" { printf "%.3f", $2 / 1e6 }' "$dir/figures.tmp")" mm2 '' 'make synth-asic'
    done
    rm -f "$dir/figures.tmp"
    line 'iCE40 up5k: fmax' "$(grep -o '"achieved": *[0-9.]*' "$dir/up5k.report" | head -1 | awk '{ printf "%.1f", $2 }')" MHz '' 'make synth-fpga'
    if [ -f "$dir/gates.txt" ]; then
        line 'words of the gate netlist compared in lock-step' "$(awk '/words compared/ { for (i = 2; i <= NF; i++) if ($i ~ /^words/) s += $(i - 1) } END { print s + 0 }' "$dir/gates.txt")" \
            words 'no difference' 'make test-gates'
    fi
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
    fpga ecp5-k1 ecp5-k4 xilinx-k1 xilinx-k4
    json "$@" > "$dir/figures.json"
    ;;
*) exit 2 ;;
esac
