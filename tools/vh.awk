# vh.awk - the tables of include/stoa as macros of Verilog: awk -f tools/vh.awk include/stoa/core.def include/stoa/learn.def
#
#     REGION(WHEEL, 16, "..")      -> `define ST_REGION_WHEEL 5'd16       a number of its field's width
#     GROUP_FLAG(RESETS, 2, "..")  -> `define ST_GROUP_FLAG_RESETS 2      the place of a bit: a plain number
#     X(ADD, "add", ..)            -> `define ST_OP_ADD 5'd1              learn.def: numbered as they stand
BEGIN {
    width["FLIT"] = 3; width["REGION"] = 5; width["CONTROL"] = 5; width["GROUP"] = 5; width["RULE"] = 3; width["MORE"] = 3; width["OPERAND"] = 5
    width["REDUCE"] = 3; width["ROUND"] = 2; width["OP"] = 5; width["STANDING"] = 2
    print "// stoa_tables.vh - the numbers of include/stoa/core.def and learn.def for the RTL; written by `make rtl-tables`."
    print "`ifndef STOA_TABLES\n`define STOA_TABLES"
}
function row(table, name, number,   bits) {
    if (table in width && number >= 2 ^ width[table]) {
        print FILENAME ":" FNR ": " number " does not fit " width[table] " bits" > "/dev/stderr"
        exit 1
    }
    bits = table in width ? width[table] "'d" : ""
    if (table != last) print ""
    last = table
    print "`define ST_" table "_" name " " bits number
}
FILENAME ~ /learn/ && match($0, /^X\([A-Z0-9_]+,/) { row("OP", substr($0, 3, RLENGTH - 3), count++ + 0); next }
match($0, /^[A-Z_]+\([A-Z0-9_]+, [0-9]+, /) {
    split(substr($0, 1, RLENGTH), part, /[(,] */)
    row(part[1], part[2], part[3] + 0)
}
END { print "`endif" }
