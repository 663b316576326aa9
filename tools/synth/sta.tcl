# sta.tcl - the shortest period at which a module meets its timing, by bisection (latches in front of gated clocks borrow,
# so a single report does not tell), and the worst path. Environment: LIBERTY, MEMORY_LIB, NETLIST, TOP.
#
# `memories`: paths to and from memories with the modelled access time. `logic`: between flip-flops only.
read_liberty $env(LIBERTY)
read_liberty $env(MEMORY_LIB)
read_verilog $env(NETLIST)
link_design $env(TOP)
proc slack {period} {
    create_clock -name clk -period $period [get_ports clk]
    return [sta::worst_slack_cmd "max"]
}
proc shortest {} {
    set low 3.0
    set high 60.0
    while {$high - $low > 0.05} {
        set middle [expr {($low + $high) / 2}]
        if {[slack $middle] < 0} { set low $middle } else { set high $middle }
    }
    return $high
}
proc show {what} {
    set period [shortest]
    puts [format "PERIOD %s %.2f" $what $period]
}
show memories
slack 20
report_checks -path_delay max -format full -digits 3
exit
