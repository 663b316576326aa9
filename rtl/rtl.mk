# rtl.mk - lint, lock-step, and reports of rtl/. Everything goes to build/rtl/.
#
# A model is the mesh Verilated with one set of parameters; each is linked, through its table core_sim_NAME
# (cosim/core_sim.h), into the one lock-step program and into the shared object that `stoa run --on rtl` loads.

RB     := build/rtl
RTL    := $(sort $(wildcard rtl/stoa_*.sv))
# The numbers that C and Verilog share: checked in, so that the RTL stands for itself; a test holds it to the tables.
TABLES := include/stoa/core.def include/stoa/learn.def
.PHONY: rtl-tables
rtl-tables: ## write rtl/stoa_tables.vh anew from include/stoa/*.def
	@awk -f tools/vh.awk $(TABLES) > rtl/stoa_tables.vh
VROOT  := $(shell verilator --getenv VERILATOR_ROOT 2>/dev/null)
# Registers and memories start at random; where assertions look at them before reset, at 0.
START  := unique
VOPT    = -O3 --x-assign fast --x-initial $(START) -CFLAGS '-fPIC -fvisibility=hidden' -MAKEFLAGS OPT_FAST=-O2

MODELS := one1 one2 one4 one16 wide ei mesh lists
#        W H K  AXONS INPUTS NEURONS WB RB QB UB SLOTS LINES  RLINES GROUPS COLUMNS BLOCKS ROUTES SHARED DRAWS RECRUITS MASKS RULES ADAPTS CURRENTS MEASURES RING VALUES EMITS GATED
P_one1  := 1 1 1  1024 2048  128  16 16 16 24  16 131072 131072    16 128 256 512  1 1 1 1 2 1 1 1 4 1024 1 1
P_one2  := 1 1 2  1024 1024  128  16 16 16 20  16  65536  65536    16 128 256 512  1 1 0 0 1 0 0 0 1 0 0 0
P_one4  := 1 1 4  1024 2048  256   9 16  0 24  16  65536  65536    16 128 256 512  0 1 1 0 1 0 0 0 0 0 0 1
P_one16 := 1 1 16 1024 2048  256  16 16 16 24  16  16384  16384    16 128 256 512  0 1 1 1 4 1 1 1 2 1024 1 1
P_wide  := 1 1 16 4224 8192  256   9 16  0 24  16  65536  65536    16 128 256 512  0 1 1 1 1 0 0 0 0 256 0 1
P_ei    := 1 3 4  1024 1024  256   9 16  0 24  16  65536  65536    16 128  64 256  0 1 0 1 2 1 1 1 0 256 1 1
P_mesh  := 2 2 4  1024 2048  128  16 16 16 24  16  32768  32768    16 128 256 512  1 1 1 1 2 1 1 1 1 512 1 1
P_lists := 1 1 4  4096 8192  256   9 16  0 24  32  65536  65536    16 128 256 512  0 1 0 0 1 0 0 0 16 0 0 1
NAMES  := W H K AXONS INPUTS NEURONS WB RB QB UB SLOTS LINES RLINES GROUPS COLUMNS BLOCKS ROUTES SHARED DRAWS RECRUITS MASKS RULES ADAPTS CURRENTS MEASURES RING VALUES EMITS GATED
NUMBERS := 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29
# Bits of a sum, where they are not 32, and lines of W in a word of its banks, where it is not one; a board has these.
AB_one2  := 28
AB_ei    := 31
AB_lists := 20
BURST_one4  := 4
BURST_ei    := 8
BURST_lists := 4
rtl_args = $(foreach i,$(NUMBERS),$(1)$(word $(i),$(NAMES))=$(word $(i),$(P_$(2))))
mesh_args = $(rtl_args) $(1)AB=$(or $(AB_$(2)),32) $(1)BURST=$(or $(BURST_$(2)),1)

# The lock-step program of some models: $(call lockstep_of,FOLDER,MODELS).
COSIM_SRC := $(wildcard tests/cosim/*.c)
models_of = -D'COSIM_MODELS=$(foreach m,$(1),X($(m)))'
define lockstep_of
$(1)/tests/cosim/%.o: tests/cosim/%.c
	@mkdir -p $$(@D)
	$$(CC) $$(CFLAGS) $$(call includes,tests/) $$(call models_of,$(2)) -MMD -MP -c $$< -o $$@
$(1)/lockstep: $(COSIM_SRC:%.c=$(1)/%.o) $(2:%=$(RB)/%/libmodel.a) $(RB)/libverilated.a $(REF_OBJ) $(B)/libstoa.a
	g++ $$(LDFLAGS) $$^ $$(LIBS) -lcmocka -o $$@
endef

# Made anew when its parameters change.
$(RB)/%/parameters: FORCE
	@mkdir -p $(@D) && echo "$(P_$*) $(AB_$*) $(BURST_$*) $(VOPT)" | cmp -s - $@ || echo "$(P_$*) $(AB_$*) $(BURST_$*) $(VOPT)" > $@
SOURCES = $(RTL)
WALL = -Wall
$(RB)/%/libmodel.a: $(RB)/%/parameters $(RTL) rtl/stoa_tables.vh rtl/lint.vlt cosim/core_sim.cpp cosim/core_sim.h
	@rm -f $(@D)/*.o
	verilator --cc --build -j 2 --Mdir $(@D) --prefix V$* --top-module stoa_mesh $(VOPT) $(WALL) $(call mesh_args,-G,$*) \
	  $(COVERAGE) -Irtl rtl/lint.vlt $(SOURCES) > $(@D)/build.log || { cat $(@D)/build.log; false; }
	g++ -O2 -fPIC -fvisibility=hidden -I$(@D) -Icosim -Iinclude -isystem $(VROOT)/include -isystem $(VROOT)/include/vltstd \
	  -DMODEL=V$* -DMODEL_NAME=$* -DMODEL_HEADER='"V$*.h"' \
	  -DVM_COVERAGE=$(if $(COVERAGE),1,0) $(call mesh_args,-DP_,$*) \
	  -c cosim/core_sim.cpp -o $(@D)/core_sim.o
	cp $(@D)/V$*__ALL.a $@.tmp && ar rs $@.tmp $(@D)/core_sim.o 2> /dev/null && mv $@.tmp $@

# The runtime once; the archive rule of Verilator 5.006 makes an empty one.
$(RB)/libverilated.a: rtl/rtl.mk
	@mkdir -p $(RB)/verilated
	for f in verilated verilated_threads verilated_cov; do \
	  g++ -O2 -fPIC -fvisibility=hidden -I$(VROOT)/include -I$(VROOT)/include/vltstd -DVM_COVERAGE=1 \
	    -DVL_TIME_CONTEXT -c $(VROOT)/include/$$f.cpp -o $(RB)/verilated/$$f.o || exit 1; done
	rm -f $@ && ar rcs $@ $(RB)/verilated/*.o

# Rebuilt when other models are asked for.
$(RB)/models.list: FORCE
	@mkdir -p $(RB) && echo '$(MODELS)' | cmp -s - $@ || echo '$(MODELS)' > $@
$(RB)/stoa-rtl.so: $(RB)/models.list cosim/shared.cpp cosim/rtl_models.h cosim/rtl_map.h include/stoa/core.def include/stoa/learn.def $(MODELS:%=$(RB)/%/libmodel.a) $(RB)/libverilated.a
	g++ -O2 -Wall -Wextra -shared -fPIC -fvisibility=hidden -Wl,--no-undefined -Icosim -Iinclude $(call models_of,$(MODELS)) \
	  $(filter %.cpp %.a,$^) -pthread -o $@
$(RB)/tests/cosim/lockstep.o: $(RB)/models.list

$(eval $(call lockstep_of,$(RB),$(MODELS)))

FORCE:
rtl: deps-test ## Verilate the models of the RTL for `stoa run --on rtl`
	@$(MAKE) --no-print-directory $(RB)/stoa-rtl.so
.PHONY: FORCE rtl rtl-programs rtl-lint test-rtl rtl-words check-long-rtl
LANES := 1 2 4 8 16
CORES := $(shell nproc)
rtl-lint: deps-develop ## Verilator -Wall, Yosys and Icarus over a matrix of parameters
	@awk -f tools/vh.awk $(TABLES) | cmp -s - rtl/stoa_tables.vh || { echo "rtl/stoa_tables.vh is not what $(TABLES) say: make rtl-tables"; exit 1; }
	@for k in $(LANES); do for shared in 0 1; do for draws in 0 1; do for mesh in 1 2; do \
	  echo -GK=$$k -GSHARED=$$shared -GDRAWS=$$draws -GRECRUITS=$$draws -GMASKS=$$draws -GRULES=$$((1+draws*2)) -GADAPTS=$$shared -GCURRENTS=$$draws -GMEASURES=$$shared -GRING=$$((draws ? 4 : shared)) -GVALUES=$$((shared*64)) -GEMITS=$$draws -GAB=$$((shared ? 32 : 20)) -GBURST=$$((draws ? 4 : 1)) -GQB=$$((draws*12)) \
	    -GW=$$mesh -GH=$$mesh; done; done; done; done | \
	  xargs -P $(CORES) -L 1 verilator --lint-only -Wall --top-module stoa_mesh -Irtl rtl/lint.vlt $(RTL)
	@echo "verilator -Wall: $(words $(LANES)) x 2 x 2 x 2 sets of parameters, no warning"
	@echo $(LANES) | tr ' ' '\n' | xargs -P $(CORES) -I{} yosys -q -e 'Warning.*(latch|undriven|multiple drivers|loop)' -p \
	  "read_verilog -sv -Irtl $(RTL); chparam -set K {} -set LINES 1024 -set RLINES 1024 stoa_mesh; hierarchy -check -top stoa_mesh; \
	   proc; check -assert" > /dev/null
	@echo "yosys check: $(words $(LANES)) sets of parameters"
	@for bad in RULES=17 VALUES=48 K=3 SLOTS=12 AXONS=100 INPUTS=1 ROUTES=0 W=65 UB=25 AB=33 BURST=3 RLINES=131072 RING=3 "EMITS=1 -GAXONS=32768"; do \
	  verilator --lint-only -Wall --top-module stoa_mesh -G$$bad -Irtl rtl/lint.vlt $(RTL) 2>&1 | grep -q "$${bad%%=*}.* must be" || \
	    { echo "a mesh of $$bad is not refused by name"; exit 1; }; done
	@iverilog -g2012 -Irtl -Pstoa_mesh.K=3 -s stoa_mesh -o /dev/null $(RTL) 2>&1 | grep -q K_must_be || { echo "Icarus takes K=3"; exit 1; }
	@echo "parameters that do not fit: 14 refused by name"
	@mkdir -p $(RB); for k in $(LANES); do iverilog -g2012 -Wall -Wno-timescale -Pstoa_mesh.K=$$k -Irtl -o $(RB)/lint.vvp -s stoa_mesh \
	  $(RTL) > $(RB)/iverilog.log 2>&1; grep -v '^$$' $(RB)/iverilog.log && exit 1; done; true
	@echo "iverilog -Wall: $(words $(LANES)) sets of parameters, no warning"
	@for top in board ulx3s; do verilator --lint-only -Wall --top-module $$top -Irtl rtl/lint.vlt $(BOARD_RTL) rtl/board/ulx3s.sv $(RTL) || exit 1; \
	  iverilog -g2012 -Wall -Wno-timescale -Irtl -o $(RB)/lint.vvp -s $$top $(BOARD_RTL) rtl/board/ulx3s.sv $(RTL) || exit 1; done
	@echo "the board, and its top level: no warning"

# A small mesh for Icarus, which knows x.
P_four := 2 1 2 128 256 32 9 16 12 20 16 1024 1024 4 16 32 64 0 1 1 1 2 1 1 1 2 128 1 1
.PHONY: rtl-four
rtl-four: deps-develop ## a small mesh under Icarus: four values, loaded by packets, replies and spikes compared
	@$(MAKE) --no-print-directory $(PARALLEL) $(RB)/lockstep
	@LOCKSTEP=$(RB)/lockstep sh tests/cosim/four.sh $(P_four)

rtl-programs: $(RB)/lockstep $(RB)/stoa-rtl.so $(RB)/board/pty
test-rtl: deps-develop ## the RTL beside the timed and the fast engine, and lint
	@$(MAKE) --no-print-directory $(PARALLEL) rtl-programs $(B)/tests/cli/test_on $(B)/tests/cli/test_serial $(B)/stoa
	@$(MAKE) --no-print-directory rtl-lint
	@LOCKSTEP=$(RB)/lockstep sh tests/cosim/four.sh $(P_four)
	@sh tools/run-tests.sh $(B)/tests/cli/test_on $(B)/tests/cli/test_serial $(RB)/lockstep

check-long: check-long-rtl
# Half of the words are of networks from seed 1 on, half of those from another: a process each, the same on any machine.
WORDS ?= 1000000000
rtl-words: deps-test ## WORDS (10^9) compared words of random networks on RTL, in two processes
	@$(MAKE) --no-print-directory $(PARALLEL) $(RB)/lockstep
	@export ONLY=test_random ST_COSIM_STATES=$$(($(WORDS) / 2)); \
	ST_COSIM_SEED=1000001 $(RB)/lockstep > $(RB)/half.log 2>&1 & half=$$!; \
	$(RB)/lockstep; first=$$?; \
	wait $$half; second=$$?; cat $(RB)/half.log; test $$first = 0 && test $$second = 0
check-long-rtl: rtl-words ## 10^9 compared words, 1,000 pictures, and 2,000 of two tasks on RTL
	@ST_COSIM_PICTURES=1000 ST_COSIM_TWO_TASKS=2000 $(RB)/lockstep

# All mutants are in two models (tools/mutate.pl), without the assertions: the comparison alone must notice. The
# lock-step program of these runs once for each.
MU      := $(RB)/mutants
MUTANTS := mcore mmesh
P_mcore := 1 1 4 1024 2048 256 16 16 16 24 16 16384 16384 16 128 256 512 0 1 1 1 3 1 1 1 4 128 1 1
P_mmesh := 2 2 2 1024 2048 128 16 16 16 24 16 16384 16384 16 128 256 512 1 1 1 1 2 1 1 0 0 1024 1 1
AB_mcore := 31
AB_mmesh := 31
BURST_mcore := 4
BURST_mmesh := 2
MUTANT_LIB := $(MUTANTS:%=$(RB)/%/libmodel.a)
$(MUTANT_LIB): SOURCES = $(MU)/mutant.sv $(RTL:rtl/%=$(MU)/%)
$(MUTANT_LIB): WALL = -Wno-lint -Wno-fatal
$(MUTANT_LIB): $(MU)/mutant.sv
$(MU)/mutant.sv: rtl/mutants.txt $(RTL) tools/mutate.pl
	@mkdir -p $(@D) && perl tools/mutate.pl rtl/mutants.txt rtl $(@D)
$(eval $(call lockstep_of,$(MU),$(MUTANTS)))
.PHONY: rtl-mutants rtl-coverage
FIRST ?= 0
LAST ?= 999
EACH ?= 1
rtl-mutants: deps-develop ## change the RTL in one place at a time (FIRST= LAST=, EACH=3 for every third): is it noticed?
	@$(MAKE) --no-print-directory $(PARALLEL) $(MU)/lockstep
	@sh rtl/mutants.sh $(FIRST) $(LAST) $(EACH)

# Lines and cover points of the RTL, with its assertions (rtl/assert*.sv), by the corners, random networks and pictures.
CO      := $(RB)/coverage
COVERED := cone cmesh
P_cone  := $(P_mcore)
P_cmesh := $(P_mmesh)
AB_cone := $(AB_mcore)
AB_cmesh := $(AB_mmesh)
BURST_cone := $(BURST_mcore)
BURST_cmesh := $(BURST_mmesh)
COVERED_LIB := $(COVERED:%=$(RB)/%/libmodel.a)
$(COVERED_LIB): SOURCES = $(RTL) rtl/assert.sv rtl/assert_lists.sv rtl/assert_values.sv rtl/assert_emits.sv
$(COVERED_LIB): START = fast
$(COVERED_LIB): COVERAGE = --coverage-line --coverage-user --assert -DSVA
$(COVERED_LIB): rtl/assert.sv rtl/assert_lists.sv rtl/assert_values.sv rtl/assert_emits.sv
$(eval $(call lockstep_of,$(CO),$(COVERED)))
rtl-coverage: deps-develop ## lines and cover points of the RTL that the lock-step reaches, its assertions on
	@$(MAKE) --no-print-directory $(PARALLEL) $(CO)/lockstep
	@sh rtl/coverage.sh $(COVERED)
