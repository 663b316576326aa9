# sta.tcl - timing of one module of a netlist: fmax with the modelled memories, and of the logic alone.
# Environment: LIBERTY, MEMORY_LIB, NETLIST, TOP.
read_liberty $env(LIBERTY)
read_liberty $env(MEMORY_LIB)
read_verilog $env(NETLIST)
link_design $env(TOP)
create_clock -name clk -period 20 [get_ports clk]
set_input_transition 0.2 [all_inputs]
puts "PATH all"
report_checks -path_delay max -format full -digits 3
set_false_path -from [all_inputs]
set_false_path -to [all_outputs]
puts "PATH registers"
report_checks -path_delay max -format full -digits 3
puts "END"
exit
