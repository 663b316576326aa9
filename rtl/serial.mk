# serial.mk - the board: a mesh behind a serial line, Verilated behind a pseudo-terminal, and for FPGAs.

BOARD_RTL := $(sort $(wildcard rtl/board/board*.sv))
#          as rtl.mk's models; then clocks a bit
P_board := 1 1 4  1024 2048 128 16 16 16 24 16 32768 32768 16 128 256 512 0 1 1 1 2 1 1 1 4 256 1 0
CLKS_board := 2
BD := $(RB)/board
$(BD)/pty: $(BOARD_RTL) $(RTL) rtl/stoa_tables.vh rtl/lint.vlt tests/board/pty.cpp rtl/rtl.mk rtl/serial.mk
	@mkdir -p $(BD)
	verilator --cc --exe --build -j 2 --Mdir $(BD) --prefix Vboard --top-module board $(VOPT) -Wall \
	  $(call rtl_args,-G,board) -GCLKS=$(CLKS_board) -CFLAGS "-O2 -Wall -Wextra -DP_CLKS=$(CLKS_board)" -Irtl rtl/lint.vlt \
	  $(BOARD_RTL) $(RTL) ../../../tests/board/pty.cpp -o pty.tmp > $(BD)/build.log || { cat $(BD)/build.log; false; }
	@mv $(BD)/pty.tmp $@
.PHONY: board
board: deps-test ## the board Verilated behind a pseudo-terminal: build/rtl/board/pty says where
	@$(MAKE) --no-print-directory $(BD)/pty

# The board for an ECP5-85. Debian 12 has no nextpnr for it: where the user has one (nextpnr-ecp5, ecppack), it places and routes,
# and says fmax; else what the mapped board takes of the device is all that is known.
FP := $(RB)/ulx3s
$(FP).json $(FP).stat &: $(BOARD_RTL) rtl/board/ulx3s.sv $(RTL) rtl/stoa_tables.vh
	@mkdir -p $(RB)
	@echo "  YOSYS $(FP).json (some minutes)"
	@yosys -q -l $(FP).log -p "read_verilog -sv -Irtl $(BOARD_RTL) rtl/board/ulx3s.sv $(RTL); \
	  synth_ecp5 -top ulx3s -json $(FP).json; tee -o $(FP).stat stat" > /dev/null 2>&1 || { tail -5 $(FP).log; false; }
$(FP).bit: $(FP).json rtl/board/ulx3s.lpf
	@nextpnr-ecp5 --85k --package CABGA381 --json $< --lpf rtl/board/ulx3s.lpf --textcfg $(FP).config --report $(FP).report 2> $(FP).nextpnr.log
	@grep 'Max frequency' $(FP).nextpnr.log | tail -1
	@ecppack --compress $(FP).config $@
.PHONY: fpga
fpga: deps-develop ## the board for an ECP5-85 (ULX3S): what it takes of the device; with nextpnr-ecp5 placed, routed and packed
	@$(MAKE) --no-print-directory $(FP).stat
	@awk -f tools/synth/fpga/ecp5.awk $(FP).stat
	@if command -v nextpnr-ecp5 > /dev/null; then $(MAKE) --no-print-directory $(FP).bit; \
	  else echo "nextpnr-ecp5 is not installed (Debian 12 has none): neither placed nor routed, no fmax"; fi
