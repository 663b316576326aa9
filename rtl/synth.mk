# synth.mk - what the RTL costs: cells, FPGAs, equality of netlist and RTL, energy. Everything goes to build/synth/.
#
#     rtl ─yosys─> OSU 0.18 um netlist ─OpenSTA─> fmax ─Verilator, the lock-step test─> toggles ─OpenSTA─> pJ
#         ─yosys─> iCE40 up5k ─nextpnr─> fmax, use          ─yosys─> ECP5, Xilinx 7: cells
#
# Figures and what they leave out: docs/rtl-synthesis.md.

SB      := build/synth
LIBERTY := $(shell dpkg -L qflow-tech-osu018 2>/dev/null | grep 'stdcells.lib$$' | head -1)
SYNTH   := $(wildcard tools/synth/*.v tools/synth/*.awk tools/synth/*.sh)

# NAME: style, K, lines of a bank, SHARED, DRAWS. All have 256 neurons x 1024 axons, weights of 9 bits, resources of 16.
ASIC       := k1 k4 k4-plain k4-nodraw k16
A_k1       := gated 1 262144 0 1
A_k4       := gated 4 65536 0 1
A_k4-plain := plain 4 65536 0 1
A_k4-nodraw := gated 4 65536 1 0
A_k16      := gated 16 16384 0 1
asic_args   = K=$(word 2,$(A_$(1))) LINES=$(word 3,$(A_$(1))) RLINES=$(word 3,$(A_$(1))) SHARED=$(word 4,$(A_$(1))) \
  DRAWS=$(word 5,$(A_$(1))) AXONS=1024 NEURONS=256 WB=9 RB=16 QB=0 UB=24 SLOTS=16 GROUPS=16 COLUMNS=128 BLOCKS=256 ROUTES=512

$(SB)/%.v $(SB)/%.macros $(SB)/%.stat &: $(RTL) $(SYNTH)
	@mkdir -p $(SB)
	sh tools/synth/asic.sh $(SB)/$* $(word 1,$(A_$*)) $(LIBERTY) $(call asic_args,$*)
$(SB)/%.mem.lib: $(SB)/%.macros tools/synth/memory.awk
	@awk -v what=lib -f tools/synth/memory.awk $< > $@
# OpenSTA reads no assignment to a list of nets; those that there are feed ret_ ports.
$(SB)/%.sta.v: $(SB)/%.v
	@grep -v '^  assign {' $< > $@
$(SB)/%.sta: $(SB)/%.sta.v $(SB)/%.mem.lib tools/synth/sta.tcl
	@for top in stoa_core stoa_router; do echo "TOP $$top"; LIBERTY=$(LIBERTY) MEMORY_LIB=$(SB)/$*.mem.lib NETLIST=$< TOP=$$top \
	  sta -no_splash -exit tools/synth/sta.tcl; done > $@ 2>&1

# --- FPGAs ------------------------------------------------------------------------------------------------------
$(SB)/up5k.time: $(RTL) $(wildcard tools/synth/fpga/*)
	@mkdir -p $(SB)
	sh tools/synth/fpga/up5k.sh $(SB)/up5k 1 256 131072 20 4
FPGA := ecp5-k1 ecp5-k4 xilinx-k1 xilinx-k4
$(FPGA:%=$(SB)/%.stat): $(SB)/%.stat: $(RTL)
	@mkdir -p $(SB)
	yosys -q -l $(SB)/$*.log -p "read_verilog -sv $(RTL); chparam $(patsubst %,-set %,$(subst =, ,$(call asic_args,$(lastword $(subst -, ,$*))))) stoa_mesh; \
	  synth_$(firstword $(subst -, ,$*)) -top stoa_mesh -flatten; tee -o $@ stat" > /dev/null 2>&1

# --- the netlist under the lock-step test -----------------------------------------------------------------------
GATE := $(SB)/gate
$(GATE)/libmodel.a: $(SB)/k4.v $(SB)/k4.macros tools/synth/assign.awk tools/synth/gate_sim.cpp cosim/core_sim.cpp cosim/core_sim.h
	@mkdir -p $(GATE)
	@awk -v what=sim -f tools/synth/memory.awk $(SB)/k4.macros > $(GATE)/macros.v
	@awk -f tools/synth/assign.awk $(LIBERTY) $(SB)/k4.v > $(GATE)/netlist.v
	verilator --cc --build -j 2 --Mdir $(GATE) --prefix Vgate --top-module stoa_mesh -O3 --x-assign fast --x-initial fast \
	  -MAKEFLAGS OPT_FAST=-O1 -Wno-lint -Wno-style -Wno-fatal --trace --trace-underscore --trace-depth 3 \
	  $(GATE)/macros.v $(wildcard rtl/stoa_ram*.sv) $(GATE)/netlist.v > $(GATE)/build.log 2>&1
	g++ -O2 -I$(GATE) -Icosim -isystem $(VROOT)/include -isystem $(VROOT)/include/vltstd -DGATE_HEADER='"Vgate.h"' \
	  -DMODEL_NAME=one4 -DVM_COVERAGE=0 $(call rtl_args,-DP_,one4) -c tools/synth/gate_sim.cpp -o $(GATE)/gate_sim.o
	g++ -O2 -I$(VROOT)/include -I$(VROOT)/include/vltstd -c $(VROOT)/include/verilated_vcd_c.cpp -o $(GATE)/vcd.o
	cp $(GATE)/Vgate__ALL.a $@.tmp && ar rs $@.tmp $(GATE)/gate_sim.o $(GATE)/vcd.o 2> /dev/null && mv $@.tmp $@
$(GATE)/lockstep.o: tests/cosim/lockstep.c
	@mkdir -p $(GATE)
	@$(CC) $(CFLAGS) $(call includes,tests/) -D'COSIM_MODELS=X(one4)' -c $< -o $@
$(GATE)/lockstep: $(GATE)/lockstep.o $(filter-out %/lockstep.o,$(COSIM_OBJ)) $(GATE)/libmodel.a $(RB)/libverilated.a $(REF_OBJ) $(B)/libstoa.a
	g++ $(LDFLAGS) $^ $(LIBS) -lcmocka -o $@
$(SB)/toggles: tools/synth/toggles.c
	@$(CC) -std=c11 -D_GNU_SOURCE -O2 -Wall -Wextra -Wshadow -Werror $< -o $@

.PHONY: synth-asic synth-fpga synth-equal test-gates synth-energy rtl-report
synth-asic: $(ASIC:%=$(SB)/%.sta) ## netlists of OSU 0.18 um cells, and their timing
synth-fpga: $(SB)/up5k.time $(FPGA:%=$(SB)/%.stat) ## iCE40 up5k placed and routed; ECP5 and Xilinx mapped
test-gates: $(GATE)/lockstep ## the lock-step test on the netlist
	@ST_COSIM_STATES=20000 ST_COSIM_PICTURES=1 $(GATE)/lockstep
