# memory.awk - the analytic model of the memories: 0.18 um, 1.8 V, typical. No data of a real macro is used; every
# constant below is an assumption of the usual size for this process (docs/rtl-synthesis.md says where each comes from).
#
#     memory.awk -v what=lib|ports|table [-v ideal=1] FILE..
#     FILE: lines "stoa_ram1_DEPTHxWIDTH count", from macros.awk
#
# lib: Liberty, for timing (ideal: memories of no delay); ports: modules without contents, for reading a netlist;
# table: area, access time and energy of each: of a read, of a write without its bits, and of a bit that is written.
function log2(x) { return log(x) / log(2) }
function ceil(x) { return x == int(x) ? x : int(x) + 1 }
BEGIN {
    split("rise fall", e, " ")
    VDD = 1.8
    CELL = 4.65        # um2 of a six-transistor cell
    DUAL = 1.8         # a cell with one read and one write port is larger by
    FILL = 0.65        # of the area is cells
    FRINGE = 4000      # um2: decoder and control of the smallest macro
    MUX = 4            # words side by side in a row, at most: 1, 2 or 4, what a read and a write take least with
    ROWS = 256         # of a block, at most
    C_BIT = 1.8e-3     # pF of bit line a cell
    C_WORD = 2.5e-3    # pF of word line a cell
    SWING = 0.3        # V on a bit line when read
    E_SENSE = 0.4      # pJ a bit: sense amplifier, latch, driver
    E_FIXED = 2.0      # pJ: clock, control
    E_DECODE = 0.1     # pJ a bit of address
    C_WIRE = 0.2       # pF a mm of wire between blocks
    T_FIXED = 0.7      # ns
    T_DOUBLE = 0.22    # ns more for each doubling over 1 kbit
    T_SETUP = 0.3      # ns
    if (ideal) T_FIXED = T_DOUBLE = T_SETUP = 0
    if (what == "lib") {
        print "library (stoa_memories) {\n  delay_model : table_lookup;"
        print "  time_unit : \"1ns\";\n  voltage_unit : \"1V\";"
        print "  current_unit : \"1uA\";\n  pulling_resistance_unit : \"1kohm\";\n  leakage_power_unit : \"1nW\";"
        print "  capacitive_load_unit (1,pf);\n  nom_voltage : 1.8;\n  nom_temperature : 25;\n  nom_process : 1;"
        print "  default_max_transition : 2;"
        for (i = 1; i <= 2; i++) {
            printf "  input_threshold_pct_%s : 50;\n  output_threshold_pct_%s : 50;\n", e[i], e[i]
            printf "  slew_lower_threshold_pct_%s : 20;\n  slew_upper_threshold_pct_%s : 80;\n", e[i], e[i]
        }
        for (i = 1; i <= 64; i++)
            printf "  type (b%d) { base_type : array; data_type : bit; bit_width : %d; bit_from : %d; bit_to : 0; }\n",
                i, i, i - 1
    }
}
function model(kind, depth, width,    mux, best, pair, least) {
    for (mux = 1; mux <= MUX; mux *= 2) {
        shape(kind, depth, width, mux)
        pair = m_read + m_write + width * m_bit
        if (!best || pair < least) {
            best = mux
            least = pair
        }
    }
    shape(kind, depth, width, best)
}
function shape(kind, depth, width, mux,    rows, blocks, columns, bits, side, two) {
    bits = depth * width
    two = kind !~ /^stoa_ram1/
    rows = ceil(depth / mux)
    blocks = ceil(rows / ROWS)
    if (rows > ROWS) rows = ROWS
    columns = width * mux
    m_area = bits * CELL * (two ? DUAL : 1) / FILL + FRINGE
    side = blocks > 1 ? sqrt(m_area) / 1000 : 0
    m_access = T_FIXED + (bits > 1024 ? T_DOUBLE * log2(bits / 1024) : 0)
    m_common = E_FIXED + E_DECODE * log2(depth) + columns * C_WORD * VDD * VDD \
             + (width + log2(depth)) * side * C_WIRE * VDD * VDD / 2
    m_read = m_common + columns * rows * C_BIT * VDD * SWING + width * E_SENSE
    m_write = m_common + columns * rows * C_BIT * VDD * SWING
    m_bit = rows * C_BIT * VDD * (VDD - SWING) # more, where a bit is written
}
# A timing arc from the clock: the first two tables hold one value, others another.
function scalars(what, tables, value, other,    n, of, i) {
    printf "      timing () { related_pin : \"clk\"; %s\n", what
    n = split(tables, of, " ")
    for (i = 1; i <= n; i++)
        printf "        %s (scalar) { values (\"%.2f\"); }\n", of[i], i <= 2 ? value : other
    print "      }"
}
function pin(name, width, dir,    i) {
    if (width > 1) printf "    bus (%s) {\n      bus_type : b%d;\n", name, width
    else printf "    pin (%s) {\n", name
    printf "      direction : %s;\n", dir
    if (dir == "input") printf "      capacitance : 0.02;\n"
    if (name == "clk") print "      clock : true;"
    else if (dir == "input")
        scalars("timing_type : setup_rising;", "rise_constraint fall_constraint", T_SETUP, T_SETUP)
    else
        scalars("timing_type : rising_edge; timing_sense : non_unate;",
            "cell_rise cell_fall rise_transition fall_transition", m_access, 0.2)
    print "    }"
}
!seen[$1]++ {
    kind = $1
    sub(/_[0-9]+x[0-9]+$/, "", kind)
    size = $1
    sub(/.*_/, "", size)
    split(size, dw, "x")
    depth = dw[1] + 0
    width = dw[2] + 0
    aw = depth > 1 ? ceil(log2(depth) - 1e-9) : 1
    model(kind, depth, width)
    if (what == "table")
        printf "%-26s %4d %9.0f %6.2f %7.1f %7.1f %6.3f\n", $1, $2, m_area, m_access, m_read, m_write, m_bit
    else if (what == "ports") {
        print "module " $1 " (input clk,"
        if (kind ~ /^stoa_ram1/)
            print "    input ce, input we, input [" aw - 1 ":0] addr,"
        else
            print "    input re, input [" aw - 1 ":0] raddr, input we, input [" aw - 1 ":0] waddr,"
        if (kind ~ /m$/) print "    input [" width - 1 ":0] mask,"
        print "    input [" width - 1 ":0] d, output [" width - 1 ":0] q);"
        print "endmodule"
    } else {
        printf "  cell (%s) {\n    area : %.0f;\n", $1, m_area
        pin("clk", 1, "input")
        pin("we", 1, "input")
        if (kind ~ /^stoa_ram1/) {
            pin("ce", 1, "input")
            pin("addr", aw, "input")
        } else {
            pin("re", 1, "input")
            pin("raddr", aw, "input")
            pin("waddr", aw, "input")
        }
        if (kind ~ /m$/) pin("mask", width, "input")
        pin("d", width, "input")
        pin("q", width, "output")
        print "  }"
    }
}
END { if (what == "lib") print "}" }
