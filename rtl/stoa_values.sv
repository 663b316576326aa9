// stoa_values - what packets bring to graded axons, until they are due: a word an axon and slot, beside the wheel's bits.
//
//     packet into the wheel ──value──> mem[slot of tick + delay][axon]        first beat, or a pre program ahead
//                                      mem[slot of tick][axon] ──────────────> value, a cycle later; 0 of an axon that is not graded
//
// An axon has its place by its number mod VALUES: VALUES is at least as many axons as lie from a core's first graded one to its
// last. Nothing is cleared: a word counts only when its bit of the wheel is set, and then a packet has written it.
`default_nettype none
module stoa_values #(
    parameter int AXONS = 1024,
    parameter int SLOTS = 16,
    parameter int VALUES = 0,
    parameter int AW = $clog2(AXONS),
    parameter int SW = $clog2(SLOTS),
    parameter int VW = VALUES > 1 ? $clog2(VALUES) : 1,
    parameter int MW = SW + VW
) (
    input wire clk,
    input wire [SW-1:0] slot,     // of this tick
    // a packet with a value goes into the wheel
    input wire set,
    input wire [AW-1:0] set_axon,
    input wire [SW-1:0] set_delay,
    input wire [15:0] set_value,
    // an axon at its row
    input wire read,
    input wire [AW-1:0] axon,
    input wire graded,
    output logic [15:0] value,    // of the one that was read last
    // configuration: slot major
    input wire cfg_we,
    input wire cfg_re,
    input wire [MW-1:0] cfg_addr,
    input wire [15:0] cfg_wdata,
    output logic [15:0] cfg_rdata
);
    generate
        if (VALUES != 0) begin : g_values
            logic brings;
            logic [SW-1:0] set_slot;
            logic [15:0] q;
            assign set_slot = slot + set_delay;
            stoa_ram2 #(.WIDTH(16), .DEPTH(SLOTS * VALUES)) words (
                .clk, .re((read && graded) || cfg_re), .raddr(cfg_re ? cfg_addr : {slot, axon[VW-1:0]}), .q, .we(set || cfg_we),
                .waddr(cfg_we ? cfg_addr : {set_slot, set_axon[VW-1:0]}), .d(cfg_we ? cfg_wdata : set_value)
            );
            always_ff @(posedge clk)
                if (read) brings <= graded;
            assign value = brings ? q : 16'd0;
            assign cfg_rdata = q;
        end else begin : g_no_values
            logic unused;
            assign unused = &{1'b0, clk, slot, set, set_axon, set_delay, set_value, read, axon, graded, cfg_we, cfg_re, cfg_addr, cfg_wdata};
            assign value = 16'd0;
            assign cfg_rdata = 16'd0;
        end
    endgenerate
endmodule
`default_nettype wire
