# ecp5.awk - what a design takes of an ECP5 LFE5U-85: the `stat` of yosys after synth_ecp5, the last module. Fails if it is too much.
BEGIN {
    has["LUT4"] = 83640; has["TRELLIS_FF"] = 83640; has["DP16KD"] = 208; has["MULT18X18D"] = 156
    split("LUT4 TRELLIS_FF DP16KD MULT18X18D", order)
}
/design hierarchy/ { delete used }
$1 in has || $1 ~ /^(CCU2C|TRELLIS_DPR16X4|L6MUX21|PFUMX)$/ { used[$1] += $2 }
END {
    # a carry is two LUTs; 16 x 4 of distributed RAM six
    used["LUT4"] += 2 * used["CCU2C"] + 6 * used["TRELLIS_DPR16X4"]
    for (k = 1; k <= 4; k++) {
        x = order[k]
        printf "%-12s %7d of %6d  %5.1f %%\n", x, used[x], has[x], 100 * used[x] / has[x]
        if (used[x] > has[x]) bad = 1
    }
    print bad ? "it does not fit" : "it fits"
    exit bad
}
