# synth.mk - what the RTL costs: cells, timing, energy, FPGAs; netlist and RTL compared. Everything goes to
# build/synth/.
#
#     rtl ─yosys─> cells of OSU 0.18 um ─┬─OpenSTA─> period
#                                        ├─netsim under the lock-step test─> equal; changes ─energy.awk─> pJ
#                                        └─leaf by leaf─> equal to the RTL for all inputs
#         ─yosys─> iCE40 up5k ─nextpnr─> fmax, use          ─yosys─> ECP5, Xilinx 7: cells
#
# Figures and what they leave out: docs/rtl-synthesis.md. `make rtl-report` does all and prints the table.

SB      := build/synth
TS      := tools/synth
LIBERTY := $(shell dpkg -L qflow-tech-osu018 2>/dev/null | grep 'stdcells.lib$$' | head -1)

# NAME: style, K, lines of a bank, sums of a neuron that sparse rows may add to. All have 256 neurons x 1024 axons, weights of 9
# bits, resources of 16, a multiplier a lane.
ASIC       := k1 k4 k4-lists k4-plain k16
A_k1       := gated 1 262144
A_k4       := gated 4 65536
A_k4-lists := gated 4 65536 1
A_k4-plain := plain 4 65536
A_k16      := gated 16 16384
asic_args   = GATED=$(if $(filter gated,$(word 1,$(A_$(1)))),1,0) K=$(word 2,$(A_$(1))) LINES=$(word 3,$(A_$(1))) \
  RLINES=$(word 3,$(A_$(1))) SHARED=0 DRAWS=1 RECRUITS=0 MASKS=0 RULES=1 ADAPTS=0 CURRENTS=0 MEASURES=0 RING=$(or $(word 4,$(A_$(1))),0) VALUES=0 EMITS=0 AXONS=1024 INPUTS=2048 \
  NEURONS=256 WB=9 RB=16 QB=0 UB=24 AB=19 BURST=4 SLOTS=16 GROUPS=16 COLUMNS=128 BLOCKS=256 ROUTES=512

MADE := v blif macros stat model.lib logic.lib sta memories gates.o lockstep so activity energy
.PRECIOUS: $(addprefix $(SB)/%.,$(MADE))
$(SB)/%.v $(SB)/%.blif $(SB)/%.macros $(SB)/%.stat &: $(RTL) \
  $(addprefix $(TS)/,asic.sh map.sh gate.v latch.v memories.v macros.awk)
	@mkdir -p $(SB)
	@echo "  YOSYS $(SB)/$*.v (some minutes)"
	@sh $(TS)/asic.sh $(SB)/$* $(word 1,$(A_$*)) $(LIBERTY) $(call asic_args,$*)
$(SB)/%.model.lib: $(SB)/%.macros $(TS)/memory.awk
	@awk -v what=lib -f $(TS)/memory.awk $< > $@
$(SB)/%.logic.lib: $(SB)/%.macros $(TS)/memory.awk
	@awk -v what=lib -v ideal=1 -f $(TS)/memory.awk $< > $@
$(SB)/%.memories: $(SB)/%.macros $(TS)/memory.awk
	@awk -v what=table -f $(TS)/memory.awk $< > $@
# OpenSTA reads no assignment to a list of nets; those that there are feed ret_ ports.
$(SB)/%.sta: $(SB)/%.v $(SB)/%.model.lib $(SB)/%.logic.lib $(TS)/sta.tcl
	@echo "  STA   $@"
	@grep -v '^  assign {' $< > $@.v
	@for top in stoa_core stoa_router; do for lib in model logic; do echo "TOP $$top $$lib"; \
	  LIBERTY=$(LIBERTY) MEMORY_LIB=$(SB)/$*.$$lib.lib NETLIST=$@.v TOP=$$top sta -no_splash -exit $(TS)/sta.tcl; \
	  done; done > $@.tmp 2>&1
	@rm $@.v && mv $@.tmp $@

# --- the netlist under the lock-step test -----------------------------------------------------------------------
# The test's model is called one4 whatever the lanes: the test is not changed.
GATE_OBJ := $(patsubst tests/cosim/%.c,$(SB)/%.o,$(COSIM_SRC))
$(GATE_OBJ): $(SB)/%.o: tests/cosim/%.c
	@mkdir -p $(SB)
	@$(CC) $(CFLAGS) $(call includes,tests/) -D'COSIM_MODELS=X(one4)' -c $< -o $@
$(SB)/netsim.o: $(TS)/netsim.c $(TS)/netsim.h
	@mkdir -p $(SB)
	@$(CC) $(CFLAGS) -O3 -fPIC -c $< -o $@
$(SB)/%.gates.o: $(TS)/gate_sim.cpp $(TS)/netsim.h cosim/core_sim.cpp cosim/core_sim.h
	@mkdir -p $(SB)
	@g++ -O2 -fPIC -Icosim -Iinclude -I$(TS) -isystem $(VROOT)/include -isystem $(VROOT)/include/vltstd -DMODEL_HEADER='"netsim.h"' \
	  -DMODEL_NAME=one4 -DVM_COVERAGE=0 -DLIBERTY='"$(LIBERTY)"' -DNETLIST='"$(SB)/$*.blif"' -DP_W=1 -DP_H=1 \
	  $(addprefix -DP_,$(call asic_args,$*)) -c $< -o $@
$(SB)/%.lockstep: $(SB)/%.gates.o $(SB)/netsim.o $(GATE_OBJ) $(RB)/libverilated.a \
  $(REF_OBJ) $(B)/libstoa.a | $(SB)/%.blif
	@g++ $(LDFLAGS) $^ $(LIBS) -lcmocka -o $@

# --- energy -----------------------------------------------------------------------------------------------------
# Whole presentations of 16 ticks, from the first on.
PICTURES ?= 6
$(SB)/%.activity: $(SB)/%.lockstep $(SB)/%.blif
	@echo "  GATES $@: CoLaNET learns $(PICTURES) pictures on the netlist (a minute or two)"
	@ONLY=test_colanet ST_GATE_OUT=$@.tmp ST_GATE_TICKS=$$((16 * $(PICTURES))) ST_COSIM_CASES=0 ST_COSIM_PICTURES=$(PICTURES) \
	  $< > $@.log 2>&1 || { cat $@.log; false; }
	@mv $@.tmp $@
# Sparse rows are not in that test: a network of lists runs on the netlist beside the timed engine, as `stoa run --on rtl` does it.
LIST_TICKS ?= 8
$(SB)/%.so: $(SB)/%.gates.o $(SB)/netsim.o $(RB)/libverilated.a cosim/shared.cpp cosim/rtl_models.h cosim/rtl_map.h | $(SB)/%.blif
	@g++ -O2 -shared -fPIC -Wl,--no-undefined -Icosim -Iinclude -D'COSIM_MODELS=X(one4)' $(filter %.cpp %.o %.a,$^) -pthread -o $@
$(SB)/lists.img: $(TS)/lists.awk netlists/fabrics/stoa-1-sparse.yaml $(B)/stoa
	@awk -v what=net -f $< > $(SB)/lists.yaml
	@$(B)/stoa compile $(SB)/lists.yaml -f stoa-1-sparse -o $@ 2> /dev/null
$(SB)/k4-lists.activity: $(SB)/k4-lists.so $(SB)/k4-lists.blif $(SB)/lists.img
	@echo "  GATES $@: $(LIST_TICKS) ticks of lists on the netlist"
	@awk -v what=events -v ticks=$(LIST_TICKS) -f $(TS)/lists.awk > $(SB)/lists.events
	@STOA_RTL=$(SB)/k4-lists.so ST_GATE_OUT=$@.tmp ST_GATE_TICKS=$(LIST_TICKS) $(B)/stoa run $(SB)/lists.img --in $(SB)/lists.events \
	  --on rtl --lanes 4 --ticks $(LIST_TICKS) > $@.log 2>&1 || { cat $@.log; false; }
	@mv $@.tmp $@
$(SB)/%.energy: $(SB)/%.activity $(SB)/%.blif $(TS)/energy.awk
	@awk -v most=1 -f $(TS)/energy.awk $(LIBERTY) $(SB)/$*.activity $(SB)/$*.blif > $@.tmp
	@mv $@.tmp $@

# --- FPGAs ------------------------------------------------------------------------------------------------------
# A column of CoLaNET: K = 1, 16 neurons, 16384 words of 8 bits (784 x 15 are 11,760), membranes of 24 bits.
$(SB)/up5k.report: $(RTL) $(wildcard $(TS)/fpga/*)
	@mkdir -p $(SB)
	@echo "  UP5K  $@"
	@sh $(TS)/fpga/up5k.sh $(SB)/up5k 1 16 16384 24 2
# A core with learning and 64 neurons: its memories are block RAM of the devices.
fpga_args = $(filter-out GATED=% LINES=% RLINES=% NEURONS=% BURST=%,$(call asic_args,$(lastword $(subst -, ,$*)))) GATED=0 NEURONS=64 \
  LINES=16384 RLINES=16384
FPGA := ecp5-k4 xilinx-k4
$(FPGA:%=$(SB)/%.stat): $(SB)/%.stat: $(RTL)
	@mkdir -p $(SB)
	@echo "  YOSYS $@"
	@yosys -q -l $(SB)/$*.log -p "read_verilog -sv $(RTL); \
	  chparam $(foreach p,$(fpga_args),-set $(subst =, ,$(p))) stoa_mesh; \
	  synth_$(firstword $(subst -, ,$*)) -top stoa_mesh -flatten; tee -o $@ stat" > /dev/null 2>&1

# --- report -----------------------------------------------------------------------------------------------------
$(SB)/cycles: $(TS)/cycles.c $(B)/libstoa.a
	@mkdir -p $(SB)
	@$(CC) $(CFLAGS) -Iinclude -Ibase -Imodels -Iimage -Isim -MMD -MP $< $(B)/libstoa.a $(LDFLAGS) $(LIBS) -o $@
$(SB)/cycles.txt: $(SB)/cycles $(B)/stoa
	@$(B)/stoa compile colanet-tuned -f stoa-1-large -o $(SB)/colanet.img 2> /dev/null
	@$(SB)/cycles $(SB)/colanet.img 150 > $@
-include $(SB)/cycles.d

# What the tables are made of; two at a time.
ASIC_FILES := $(foreach n,$(ASIC),$(SB)/$(n).sta $(SB)/$(n).memories)
ENERGY_FILES := $(foreach n,$(ASIC),$(SB)/$(n).energy $(SB)/$(n).memories) $(SB)/cycles.txt
FPGA_FILES := $(if $(FPGA),$(SB)/up5k.report) $(FPGA:%=$(SB)/%.stat)

.PHONY: synth-asic synth-fpga synth-equal test-gates synth-energy rtl-report
# The tools first, then make anew: only then is it known where the cells are.
TOOLED = @$(MAKE) --no-print-directory
synth-asic: deps-develop ## netlists of OSU 0.18 um cells, and their timing
	$(TOOLED) $(ASIC_FILES)
	@sh $(TS)/report.sh asic $(ASIC)
test-gates: deps-develop ## the lock-step test on the netlist
	$(TOOLED) $(SB)/k4.lockstep $(SB)/k4.blif
	@ST_COSIM_STATES=$${ST_COSIM_STATES:-100000} ST_COSIM_PICTURES=$${ST_COSIM_PICTURES:-2} $(SB)/k4.lockstep \
	  > $(SB)/gates.tmp 2>&1; code=$$?; cat $(SB)/gates.tmp; [ $$code = 0 ] && mv $(SB)/gates.tmp $(SB)/gates.txt
.PHONY: synth-mechanisms
# What is off by itself is not named: an older RTL does not know it.
synth-mechanisms: deps-develop ## cells that each mechanism adds to the core of K = 4; BEFORE=commit: is that RTL's core the same?
	@rm -rf $(SB)/before && mkdir -p $(SB)/before
	@$(if $(BEFORE),git archive $(BEFORE) rtl | tar x -C $(SB)/before)
	@OUT=$(SB)/mechanisms BEFORE=$(if $(BEFORE),$(SB)/before/rtl) sh $(TS)/mechanisms.sh $(LIBERTY) rtl \
	  $(filter-out ROUTES=% AB=% BURST=% MASKS=% RULES=% ADAPTS=% CURRENTS=% MEASURES=% RING=% VALUES=% EMITS=%,$(call asic_args,k4))
.PHONY: equal-leaves
equal-leaves:
	@OUT=$(SB)/equal sh $(TS)/equal.sh $(LIBERTY)
synth-equal: deps-develop ## netlist and RTL of each leaf equal for all inputs, and a changed one not
	$(TOOLED) equal-leaves
synth-energy: deps-develop ## pJ of each operation, from what changes in the netlist
	$(TOOLED) $(ENERGY_FILES)
	@sh $(TS)/report.sh energy $(ASIC)
synth-fpga: deps-develop ## iCE40 up5k placed and routed; ECP5 and Xilinx mapped
	$(TOOLED) $(FPGA_FILES)
	@sh $(TS)/report.sh fpga $(FPGA)
rtl-report: deps-develop ## area, fmax, cycles and pJ of each configuration, one table (up to an hour); ASIC='k4 k4-lists' FPGA= for some
	$(TOOLED) -j2 $(ASIC_FILES) $(ENERGY_FILES) $(FPGA_FILES)
	@sh $(TS)/report.sh all $(ASIC)
