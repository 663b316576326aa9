# macros.awk - gives each memory geometry and each parametrized module a plain name in a netlist that Yosys wrote:
# `stoa_ram1 #(.DEPTH(32'sh40), .WIDTH(32'sh20)) x (..)` becomes `stoa_ram1_64x32 x (..)`. `macros`: file for the list
# of geometries.
function hex(s,    v, i) {
    sub(/.*'s?h/, "", s)
    sub(/\).*/, "", s)
    v = 0
    for (i = 1; i <= length(s); i++) v = v * 16 + index("0123456789abcdef", substr(s, i, 1)) - 1
    return v
}
/^  stoa_ram[12]m? #\($/ { kind = $1; next }
kind != "" && /\.DEPTH\(/ { depth = hex($0); next }
kind != "" && /\.WIDTH\(/ { width = hex($0); next }
kind != "" && /^  \)/ {
    sub(/^  \)/, "")
    name = kind "_" depth "x" width
    print "  " name $0
    count[name]++
    kind = ""
    next
}
{
    while (match($0, /\\\$paramod[^ ]* /)) {
        from = RSTART
        span = RLENGTH
        word = substr($0, from, span)
        match(word, /\\stoa_[a-z0-9]+/)
        $0 = substr($0, 1, from - 1) substr(word, RSTART + 1, RLENGTH - 1) " " substr($0, from + span)
    }
    print
}
END { for (name in count) print name, count[name] > macros }
