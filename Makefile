# Stoa. `make help` lists what can be made.
#
# One non-recursive Makefile. Every folder is compiled with only the include paths it may see (SEES_*), so a
# stage that reaches for a later one does not compile. Objects go to build/VARIANT; nothing else is written
# outside build/ and runs/.

MAKEFLAGS += -r
VARIANT ?= release
B       := build/$(VARIANT)
CC      ?= gcc

WARN    := -Wall -Wextra -Wconversion -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wvla -Werror
OPT_release := -O2 -g
OPT_asan    := -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
OPT_tsan    := -O1 -g -fsanitize=thread
OPT_clang   := -O2 -g
OPT_arm     := -O2 -g
OPT_fuzz    := -O1 -g -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all -DST_LIBFUZZER
ifneq ($(filter clang fuzz,$(VARIANT)),)
CC := clang
endif
ifeq ($(VARIANT),arm)
CC := aarch64-linux-gnu-gcc
endif
VERSION := 0.2.0
CFLAGS  += -std=c11 -D_GNU_SOURCE -DST_VERSION=\"$(VERSION)\" $(WARN) $(OPT_$(VARIANT)) -fno-strict-overflow -pthread
# What is in the library can be in a shared one, and shows nothing but what include/stoa.h lists.
SHARED  := -fPIC -fvisibility=hidden
LDFLAGS += $(OPT_$(VARIANT)) -pthread
# HDF5 and libxml2 lie in folders of their own. Debian has its development files for one architecture at a time: what is cross-compiled, which is
# what concerns bits, does without other formats.
CROSS   := $(filter arm,$(VARIANT))
DOOR_CFLAGS := -isystem /usr/include/hdf5/serial -isystem /usr/include/libxml2
LIBS    := -lyaml -lz -lpng $(if $(CROSS),,-lzip -lxml2 -llz4 -lzstd $(shell pkg-config --libs hdf5-serial)) -lm

# Who may see whom. Data flows one way: compiler and simulator meet at include/stoa/image.h.
SEES_base     := include base
SEES_models   := include models
SEES_image    := include base models image
# The compiler's own rooms, in the order of its stages; compiler/*.c is the pipeline and sees them all.
COMPILER      := compiler/front compiler/rule compiler/quant compiler/traffic compiler/map compiler/emit
SEES_front    := include base models image compiler/front
SEES_rule     := $(SEES_front) compiler/rule
SEES_quant    := $(SEES_rule) compiler/quant
SEES_traffic  := include base compiler/traffic
SEES_map      := $(SEES_quant) compiler/traffic compiler/map
SEES_emit     := $(SEES_map) compiler/emit
SEES_compiler := $(SEES_emit) compiler
# Readers of other formats are front ends, and know no stage behind them.
SEES_doors    := $(SEES_front) doors
# The checker of images knows networks and fabrics, and no stage that makes an image of them.
SEES_verify   := $(SEES_front) verify
SEES_sim      := include base models sim
SEES_cosim    := include base models image sim cosim
SEES_runtime  := include base models image sim cosim runtime
SEES_report   := include base models image runtime report
SEES_lib      := include base image models $(COMPILER) compiler doors verify cosim sim runtime report lib
# Commands are clients of the library: they see its header, and base/ for texts and files.
SEES_cli      := include base cli
SEES_tests    := include base image models $(COMPILER) compiler doors verify sim cosim runtime report lib tests/ref tests

FOLDERS := base models $(patsubst %/,%,$(wildcard models/*/)) image $(COMPILER) compiler $(if $(CROSS),,doors) verify sim cosim runtime report $(if $(CROSS),,lib)
# The hot loops once for each vector unit of the machine that the compiler compiles for; any runs the plain C.
MACHINE := $(firstword $(subst -, ,$(shell $(CC) -dumpmachine)))
KERNELS := scalar $(if $(filter x86_64,$(MACHINE)),avx2 avx512) $(if $(filter aarch64,$(MACHINE)),neon)
LIB_SRC := $(filter-out sim/kernels.c,$(foreach f,$(FOLDERS),$(wildcard $(f)/*.c)))
LIB_OBJ := $(LIB_SRC:%.c=$(B)/%.o) $(B)/gen/rules.o $(B)/gen/page.o $(KERNELS:%=$(B)/sim/kernels_%.o)
CLI_OBJ := $(patsubst %.c,$(B)/%.o,$(wildcard cli/*.c))
TEST_SRC := $(filter-out tests/cosim/%,$(wildcard tests/*/test_*.c))
REF_OBJ := $(patsubst %.c,$(B)/%.o,$(filter-out $(TEST_SRC),$(wildcard tests/ref/*.c)))
HELP_OBJ := $(patsubst %.c,$(B)/%.o,$(filter-out $(TEST_SRC) $(if $(CROSS),tests/lib/% tests/doors/%) $(wildcard tests/ref/*.c tests/fuzz/*.c tests/bench/*.c) \
  $(filter-out tests/cosim/world.c,$(wildcard tests/cosim/*.c)),$(wildcard tests/*/*.c)))
TESTS   := $(TEST_SRC:%.c=$(B)/%)
FUZZ    := $(patsubst tests/fuzz/fuzz_%.c,%,$(wildcard tests/fuzz/fuzz_*.c))

.PHONY: all help bench bench-map bench-timed faults test-arm figures papers zoo lenet site readme check-long tidy fuzz deps data mnist demo test tests clean format format-check
all: $(B)/stoa ## build the command

help: ## this list
	@sed -n 's/^\([a-z][a-z-]*\):[^#]*## /  \1	/p' Makefile $(sort $(wildcard lib/*.mk packaging/*.mk rtl/*.mk)) | expand -t 18

# --- building -----------------------------------------------------------------------------------------------
# The room of a file is its first folder, in the compiler its second.
room     = $(firstword $(subst /, ,$(patsubst compiler/%,%,$(1))))
includes = $(foreach d,$(or $(SEES_$(call room,$(1))),$(SEES_compiler)),-I$(d)) $(if $(filter doors tests,$(call room,$(1))),$(DOOR_CFLAGS))
$(B)/%.o: %.c
	@mkdir -p $(@D)
	@echo "  CC    $@"
	@$(CC) $(CFLAGS) $(SHARED) $(call includes,$*) $(if $(filter sim/% compiler/traffic/% runtime/dense,$*),-O3) $(if $(filter runtime/dense compiler/traffic/%,$*),-ffp-contract=off) -MMD -MP -c $< -o $@

ARCH_scalar := -DST_PLAIN
ARCH_neon   :=
ARCH_avx2   := -mavx2 -mbmi -mbmi2 -mpopcnt -mfma
ARCH_avx512 := $(ARCH_avx2) -mavx512f -mavx512bw -mavx512vl -mavx512dq -mavx512vbmi -mavx512vbmi2 -mprefer-vector-width=512
$(KERNELS:%=$(B)/sim/kernels_%.o): $(B)/sim/kernels_%.o: sim/kernels.c
	@mkdir -p $(@D)
	@echo "  CC    $@"
	@$(CC) $(CFLAGS) $(SHARED) $(call includes,sim/) -O3 $(ARCH_$*) -DST_VARIANT=$* -MMD -MP -c $< -o $@

# Rules that ship are built in: rules/*.rule as C strings.
$(B)/gen/rules.c: tools/embed.sh $(wildcard rules/*.rule)
	@mkdir -p $(@D)
	@sh tools/embed.sh $(wildcard rules/*.rule) > $@.tmp && mv $@.tmp $@
$(B)/gen/rules.o: $(B)/gen/rules.c
	@echo "  CC    $@"
	@$(CC) $(CFLAGS) $(SHARED) $(call includes,compiler/rule/) -c $< -o $@

# The script of the report's page likewise.
$(B)/gen/page.c: tools/embed-text.sh report/page.js
	@mkdir -p $(@D)
	@sh tools/embed-text.sh st_html_script report/page.js > $@.tmp && mv $@.tmp $@
$(B)/gen/page.o: $(B)/gen/page.c
	@echo "  CC    $@"
	@$(CC) $(CFLAGS) $(SHARED) -c $< -o $@

$(B)/libstoa.a: $(LIB_OBJ)
	@rm -f $@ && ar rcs $@ $^
$(B)/stoa: $(CLI_OBJ) $(B)/libstoa.a
	@echo "  LINK  $@"
	@$(CC) $(LDFLAGS) $^ $(LIBS) -o $@
$(addprefix $(B)/tests/cli/,test_cli test_on test_serial test_schema test_data test_experiments): | $(B)/stoa $(B)/tests/cli/liar.so
$(B)/tests/cli/liar.so: tests/cli/liar/liar.c cosim/core_sim.h cosim/rtl_models.h
	@mkdir -p $(@D)
	@echo "  LINK  $@"
	@$(CC) $(CFLAGS) $(call includes,tests/) -fPIC -shared $< -o $@
$(B)/tests/bench/bench: $(B)/tests/bench/roofline.o
$(B)/tests/bench/recurrent: $(B)/tests/bench/floor.o
MAP_OBJ := $(patsubst %,$(B)/tests/bench/%.o,families families_layers baselines_fill baselines_place baselines_cut baselines_overlap evaluate optimum)
$(B)/tests/bench/map: $(MAP_OBJ)
$(B)/tests/bench/map: LIBS += -lmetis -ltrilinos_zoltan $(shell pkg-config --libs ompi-c 2>/dev/null)
$(B)/tests/bench/baselines_cut.o: CFLAGS += -isystem /usr/include/trilinos $(patsubst -I%,-isystem %,$(shell pkg-config --cflags ompi-c 2>/dev/null))
$(B)/tests/fuzz/test_replay: $(FUZZ:%=$(B)/tests/fuzz/fuzz_%.o)
$(B)/fuzz/%: $(B)/tests/fuzz/fuzz_%.o $(REF_OBJ) $(B)/libstoa.a
	@mkdir -p $(@D)
	@$(CC) -fsanitize=fuzzer,address,undefined -pthread $^ $(LIBS) -o $@
$(B)/tests/%: $(B)/tests/%.o $(REF_OBJ) $(HELP_OBJ) $(B)/libstoa.a
	@echo "  LINK  $@"
	@$(CC) $(LDFLAGS) $(filter %.o,$^) $(filter %.a,$^) $(LIBS) -lcmocka -o $@

# --- what a user makes ---------------------------------------------------------------------------------------
# The only place that installs anything; whatever needs tools asks it first.
FOR ?= demo
deps: ## install the Debian packages that are missing; FOR=test or FOR=develop for more than the demo
	@sh tools/deps.sh $(FOR)
deps-%:
	@sh tools/deps.sh $*

data: mnist $(B)/stoa ## fetch MNIST and draw letters, with checksums; FASHION=1 for Fashion-MNIST too
	@$(if $(FASHION),sh tools/fetch-fashion.sh)
	@$(B)/stoa data letters
mnist:
	@sh tools/fetch-mnist.sh

demo: deps-demo ## set up, train one network on MNIST, test it, and write the report
	@$(MAKE) --no-print-directory all mnist
	$(B)/stoa train netlists/experiments/mnist.yaml --copies 1

# The proof at large is with the release build: there the RTL runs beside the engines. Other variants test the C.
WITH_RTL := $(filter release,$(VARIANT))
PARALLEL = $(if $(findstring -j,$(MAKEFLAGS)),,-j$(shell nproc))
test: deps-test ## set up and run all tests, the RTL beside the engines among them; T=word or ONLY='test_x*' for some
	@$(MAKE) --no-print-directory -s $(PARALLEL) tests all data $(if $(WITH_RTL),names lib rtl-programs)
	@sh tools/run-tests.sh $(if $(WITH_RTL),$(RB)/lockstep tests/touch/touch.sh tests/tutorial/tutorial.py tests/lib/installed.sh tests/lib/python.py tests/doors/doors.py tests/page/page.py) $(TESTS)

tests: $(TESTS) ## build the tests

ARM_TESTS := arith/test_kernels arith/test_ops arith/test_table ref/test_equal ref/test_bits
test-arm: deps-arm ## cross-compile for AArch64 and run what concerns bits under qemu: the same as here
	@$(MAKE) --no-print-directory -s $(PARALLEL) mnist VARIANT=arm $(ARM_TESTS:%=build/arm/tests/%)
	@$(MAKE) --no-print-directory -s $(PARALLEL) $(B)/tests/ref/test_bits
	@sh tools/test-arm.sh $(B)/tests/ref/test_bits $(ARM_TESTS:%=build/arm/tests/%)

bench: all data $(B)/tests/bench/bench $(B)/tests/bench/recurrent ## how fast, beside what the machine can do; KERNEL=name for one unit, TASKS=1 for ten tasks too
	@$(B)/tests/bench/recurrent $(KERNEL:%=--kernel %)
	@$(B)/tests/bench/bench $(KERNEL:%=--kernel %) $(if $(TASKS),--ten-tasks $(B)/stoa)

bench-map: deps-bench ## the mapper beside others on generated networks; ONLY=family for one, EFFORT=n, OPTIMUM=1 small cases beside proven optima, GROWTH=1 up to SIZE neurons
	@$(MAKE) --no-print-directory -s $(B)/tests/bench/map
	@$(B)/tests/bench/map $(if $(ONLY),--only '$(ONLY)') $(EFFORT:%=--effort %) $(if $(OPTIMUM),--optimum) $(if $(GROWTH),--growth $(SIZE:%=--most %))

faults: all mnist ## the mapper on broken chips: hops, cores and refusals against the rate of faults, over SEEDS chips (default 5)
	@SEEDS=$(or $(SEEDS),5) python3 tools/faults.py $(B)/stoa

bench-timed: ## the timed engine on a mesh of 16 x 16 under load
	@$(MAKE) --no-print-directory -s $(B)/tests/bench/timed
	@$(B)/tests/bench/timed

PART ?= house netlist
figures: all lib data tests $(B)/tests/bench/bench $(B)/tests/bench/recurrent $(if $(filter mapper,$(PART)),$(B)/tests/bench/map $(B)/tests/bench/timed) ## every figure asked for and stated, a JSON line each; PART=house for one part
	@mkdir -p build/figures
	@set -e; for part in $(PART); do \
	  sh tools/figures.sh $(B)/stoa $(B)/tests/bench/bench $(B)/tests $$part | tee build/figures/$$part.json.tmp; \
	  mv build/figures/$$part.json.tmp build/figures/$$part.json; done

papers: all data ## the sources' tables over SEEDS seeds (default 10: hours; resumable), ONLY='names' for some
	@SEEDS=$(or $(SEEDS),10) python3 tools/papers.py $(B)/stoa runs/papers $(ONLY)

zoo: all data lib ## the other systems of the sources beside what they state (resumable); DRAWS=n choices of classes, ONLY='names'
	@$(PYTHON) tools/zoo.py $(B)/stoa runs/zoo $(ONLY)

lenet: mnist ## learn the weights of lenet.yaml again (minutes): the same as those that ship
	@mkdir -p build/lenet
	@$(CC) -std=c11 -O3 -ffp-contract=off -Wall -Wextra tools/lenet.c -lm -o build/lenet/lenet
	@build/lenet/lenet data/mnist build/lenet
	@for f in conv1 conv2 dense; do cmp build/lenet/$$f.csv netlists/networks/lenet/$$f.csv; done

site: deps-site all ## the manuals, the tutorial and a gallery of every shipped network as a static site: build/site/index.html
	@python3 tools/site.py $(B)/stoa build/site

readme: ## put the figures of the last `make figures` into the README's table, PART='zoo' those of a part; ANEW=1: and no others
	@cat /dev/null $(wildcard $(patsubst %,build/figures/%.json,$(PART))) > build/figures/all.json
	@sh tools/readme-table.sh build/figures/all.json README.md $(if $(ANEW),--anew)

check-long: tests ## the main proof at length: 10^8 neuron states, reference against engine
	@ST_EQUAL_STATES=100000000 $(B)/tests/ref/test_equal

format: ## lay out all C as .clang-format says
	@clang-format -i $(SOURCES_C)
format-check: ## whether all C is laid out so
	@clang-format --dry-run -Werror $(SOURCES_C)
SOURCES_C = $(filter-out build/%,$(sort $(wildcard *.[ch] */*.[ch] */*/*.[ch] */*/*/*.[ch])))

names: all ## whether what the library is made of begins with st_, what it shows with stoa_
	@nm -g --defined-only $(B)/libstoa.a | awk 'NF == 3 && $$3 !~ /^st(oa)?_/ { print $$3 " is not named st_ or stoa_: rename it, or make it static"; bad = 1 } END { exit bad }'

# The analyzer follows so many states of a function before it gives up: fewer take less time and see less.
NODES ?= 225000
tidy: $(addprefix tidy.,$(subst /,.,$(FOLDERS) cli)) ## static analysis with clang-tidy; NODES=n states a function
tidy.%:
	@clang-tidy --quiet $(addprefix --extra-arg=,-Xclang -analyzer-config -Xclang max-nodes=$(NODES)) $(wildcard $(subst .,/,$*)/*.c) -- -std=c11 -D_GNU_SOURCE -DST_VERSION='""' -DST_VARIANT=tidy \
	  $(call includes,$(subst .,/,$*)/) 2>/dev/null

FUZZ_SECONDS ?= 60
fuzz: ## give each reader FUZZ_SECONDS of libFuzzer; what it finds stays in build/fuzz
	@$(MAKE) --no-print-directory VARIANT=fuzz $(FUZZ:%=build/fuzz/fuzz/%)
	@set -e; for t in $(FUZZ); do mkdir -p build/fuzz/new/$$t; echo "fuzz $$t"; \
	  build/fuzz/fuzz/$$t -max_total_time=$(FUZZ_SECONDS) -timeout=20 -verbosity=0 -artifact_prefix=build/fuzz/$$t- \
	    build/fuzz/new/$$t tests/fuzz/corpus/$$t; done

-include $(sort $(wildcard lib/*.mk packaging/*.mk rtl/*.mk))

clean: ## remove what was built (runs/ and data/ stay)
	rm -rf build

.SECONDARY:
%.d: ;
-include $(sort $(shell find $(B) build/fuzz build/rtl/tests build/rtl/mutants/tests build/rtl/coverage/tests -type f -name '*.d' 2>/dev/null))
