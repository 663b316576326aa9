# sta.tcl - the shortest period at which a module meets its timing, by bisection (latches in front of gated clocks
# borrow, so a single report does not tell), and the worst path at it. Environment: LIBERTY, MEMORY_LIB, NETLIST, TOP.
#
# Prints `PERIOD ns`. MEMORY_LIB says what a memory takes: the model's access and setup times, or none (`logic`).
read_liberty $env(LIBERTY)
read_liberty $env(MEMORY_LIB)
read_verilog $env(NETLIST)
link_design $env(TOP)
proc slack {period} {
    create_clock -name clk -period $period [get_ports clk]
    return [sta::worst_slack_cmd "max"]
}
set low 1.0
set high 80.0
while {$high - $low > 0.05} {
    set middle [expr {($low + $high) / 2}]
    if {[slack $middle] < 0} { set low $middle } else { set high $middle }
}
puts [format "PERIOD %.2f" $high]
slack $high
report_checks -path_delay max -format full -fields {net} -digits 3
exit
