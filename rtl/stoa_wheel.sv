// stoa_wheel - the delay wheel: one bit an axon and slot, and the scanner that turns a slot into axon numbers.
//
//     arrival (axon, delay) ──set bit──> mem[slot of tick + delay]
//     scan: mem[slot of tick] ──word──> cur ──lowest bit──> axon        32 axons a word; a word that was read is cleared
//
// Arrivals never touch the slot that is scanned (1 <= delay < SLOTS). They wait while a word is cleared.
`default_nettype none
module stoa_wheel #(
    parameter int AXONS = 1024,
    parameter int SLOTS = 16,
    parameter int AW = $clog2(AXONS),
    parameter int SW = $clog2(SLOTS),
    parameter int WORDS = (AXONS + 31) / 32,
    parameter int WW = WORDS > 1 ? $clog2(WORDS) : 1,
    parameter int MW = SW + WW
) (
    input wire clk,
    input wire rst,
    input wire [SW-1:0] slot,     // of this tick
    input wire [WW:0] words,      // how many words the core's axons take
    // sweep after reset
    input wire sweep,
    input wire [MW-1:0] sweep_addr,
    // scan
    input wire begin_scan,
    output logic scan_done,        // everything was given out
    output logic axon_valid,
    output logic [AW-1:0] axon,
    input wire axon_ready,
    // arrivals
    input wire set_valid,
    input wire [AW-1:0] set_axon,
    input wire [SW-1:0] set_delay,
    output logic set_ready,
    // configuration: words of the wheel, slot major
    input wire cfg_we,
    input wire cfg_re,
    input wire [MW-1:0] cfg_addr,
    input wire [31:0] cfg_wdata,
    output logic [31:0] cfg_rdata
);
    logic [31:0] cur, out, lowest, set_bit, rest;
    logic [WW-1:0] cur_word, read_word;
    logic [WW:0] loaded, issued; // words given to cur; words read
    logic load, clear, re, we;
    logic [MW-1:0] raddr, waddr;
    logic [SW-1:0] set_slot;
    logic [4:0] bit_number;

    assign lowest = cur & (~cur + 32'd1);
    assign rest = cur ^ lowest;
    // the number of the one bit of `lowest`
    assign bit_number = {|(lowest & 32'hffff0000), |(lowest & 32'hff00ff00), |(lowest & 32'hf0f0f0f0),
                         |(lowest & 32'hcccccccc), |(lowest & 32'haaaaaaaa)};
    assign axon_valid = cur != 32'd0;
    assign axon = AW'({cur_word, bit_number});
    assign load = (cur == 32'd0 || (axon_ready && rest == 32'd0)) && loaded != issued;
    assign clear = load && out != 32'd0;
    assign scan_done = cur == 32'd0 && loaded == words;

    assign re = begin_scan ? words != '0 : load && issued != words;
    assign read_word = begin_scan ? '0 : issued[WW-1:0];
    assign raddr = cfg_re ? cfg_addr : {slot, read_word};

    assign set_slot = slot + set_delay;
    assign set_bit = 32'd1 << set_axon[4:0];
    assign set_ready = !clear && !sweep && !cfg_we;
    assign we = sweep || clear || cfg_we || (set_valid && set_ready);
    assign waddr = sweep ? sweep_addr
                 : cfg_we ? cfg_addr
                 : clear ? {slot, loaded[WW-1:0]}
                 : {set_slot, WW'(set_axon >> 5)};

    stoa_ram2m #(.WIDTH(32), .DEPTH(1 << MW)) bank (
        .clk, .re(re || cfg_re), .raddr, .q(out), .we, .waddr,
        .d(cfg_we ? cfg_wdata : sweep || clear ? 32'd0 : set_bit),
        .mask(sweep || clear || cfg_we ? 32'hffffffff : set_bit)
    );
    assign cfg_rdata = out;

    always_ff @(posedge clk) begin
        if (rst) begin
            cur <= 32'd0;
            loaded <= '0;
            issued <= '0;
        end else if (begin_scan) begin
            loaded <= '0;
            issued <= words != '0 ? 1 : '0;
        end else begin
            if (load) begin
                cur <= out;
                loaded <= loaded + 1'b1;
                if (issued != words) issued <= issued + 1'b1;
            end else if (axon_valid && axon_ready) cur <= rest;
        end
        if (load) cur_word <= loaded[WW-1:0];
    end
endmodule
`default_nettype wire
