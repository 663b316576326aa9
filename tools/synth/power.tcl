# power.tcl - power of one module with the activity of each phase. Environment: LIBERTY, MEMORY_LIB, NETLIST, TOP, PREFIX,
# PERIOD (ns). Prints `PHASE watts` for each PREFIX.PHASE.tcl, and the power of one flip-flop whose data is still.
read_liberty $env(LIBERTY)
read_liberty $env(MEMORY_LIB)
read_verilog $env(NETLIST)
link_design $env(TOP)
create_clock -name clk -period $env(PERIOD) [get_ports clk]
proc a {pin changes} { sta::set_power_pin_activity [sta::find_pin $pin] $changes 0.5 }
sta::set_power_input_activity 0.05 0.5
foreach phase {idle key deliver update turns} {
    set file $env(PREFIX)$phase.tcl
    if {![file exists $file]} continue
    source $file
    puts "PHASE $phase"
    report_power -digits 8
}
exit
