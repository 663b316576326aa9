# assign.awk - a netlist of cells as assignments, each by the function that the Liberty file gives its cell, so that
# Verilator takes 70,000 of them in a minute. Net names stay.
#
#     awk -f assign.awk LIBERTY NETLIST
FNR == NR {
    if ($1 == "cell") {
        lib = $2
        gsub(/[()]/, "", lib)
    } else if ($1 == "function" && !(lib in function_of)) {
        text = $0
        sub(/^[^"]*"/, "", text)
        sub(/".*/, "", text)
        gsub(/ *\+ */, "|", text)
        gsub(/!/, "~", text)
        gsub(/ +/, "\\&", text)
        function_of[lib] = text
    }
    next
}
/^  [A-Z0-9]+ +_[0-9]+_ +\($/ {
    cell = $1
    split("", pin)
    next
}
cell != "" && /^    \./ {
    net = $0
    sub(/^ *\./, "", net)
    name = net
    sub(/\(.*/, "", name)
    sub(/^[^(]*\(/, "", net)
    sub(/\),?$/, "", net)
    pin[name] = net
    next
}
cell != "" && /^  \);/ {
    if (cell == "DFFPOSX1" || cell == "LATCH") {
        kept = "held" ++registers
        print "  logic " kept ";\n  assign " pin["Q"] " = " kept ";"
        if (cell == "LATCH") print "  always_latch if (" pin["CLK"] ") " kept " = " pin["D"] ";"
        else print "  always_ff @(posedge " pin["CLK"] ") " kept " <= " pin["D"] ";"
    }
    else {
        out = ""
        for (i = 1; i <= length(function_of[cell]); i++) {
            c = substr(function_of[cell], i, 1)
            out = out (c ~ /[A-Z]/ ? pin[c] : c)
        }
        print "  assign " pin["Y"] " = " out ";"
    }
    cell = ""
    next
}
{
    sub(/^  wire /, "  logic ")
    print
}
