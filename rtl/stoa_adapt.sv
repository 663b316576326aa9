// stoa_adapt - thresholds that adapt, and their memory: theta, a word a neuron, rises with each spike and comes back to 0
// (docs/arithmetic.md, section 5).
//
//     1 theta ─> rise = min(excess + theta, top): what the step adds to H      theta * keep     2 in ticks of 2^every it decays
//     4 + step, if the neuron fires ─> min(.., top) ─> written back; of a column's winner once more, as it is found
`include "stoa_tables.vh"
`default_nettype none
module stoa_adapt #(
    parameter int NW = 8
) (
    input wire clk,
    // of the group, steady
    input wire adapts,
    input wire counts,            // it raises the threshold in this run
    input wire moves,             // it goes on in this run
    input wire decays,            // in this tick
    input wire wiped,             // the presentation ends, and it with it
    input wire [23:0] step,
    input wire [16:0] keep,       // what a decay leaves, 0 .. 65,536
    // neurons
    input wire take,
    input wire [NW-1:0] take_n,
    input wire [3:0] valid,       // [k]: stage k + 1 has a neuron
    input wire [23:0] excess,     // stage 1
    output logic [23:0] rise,
    input wire fires,             // stage 4: this neuron
    input wire better,            // it is the best of its column so far
    input wire win,               // a column's end: the best fires
    input wire [NW-1:0] n,        // who is written
    output logic we,
    output logic [23:0] d,
    // configuration: a word a neuron
    input wire cfg_we,
    input wire cfg_re,
    input wire [NW-1:0] cfg_addr,
    input wire [23:0] cfg_wdata,
    output logic [23:0] q
);
    stoa_ram2 #(.WIDTH(24), .DEPTH(1 << NW)) thetas (
        .clk, .re((take && adapts) || cfg_re), .raddr(cfg_re ? cfg_addr : take_n), .q, .we(we || cfg_we), .waddr(cfg_we ? cfg_addr : n),
        .d(cfg_we ? cfg_wdata : d)
    );
    logic [24:0] sum, raised;
    logic [40:0] product, product2;
    logic [23:0] theta2, theta3, theta4, best, base;
    assign sum = {1'b0, excess} + {1'b0, counts ? q : 24'd0};
    assign rise = sum[24] ? 24'hffffff : sum[23:0];
    assign product = 41'(q) * 41'(keep);
    always_ff @(posedge clk)
        if (adapts) begin
            if (valid[0]) {theta2, product2} <= {q, product};
            if (valid[1]) theta3 <= moves && decays ? product2[39:16] : theta2;
            if (valid[2]) theta4 <= theta3;
            if (better) best <= theta4;
        end
    assign base = win ? best : theta4;
    assign raised = {1'b0, base} + {1'b0, step};
    assign we = adapts && (valid[3] || win);
    assign d = wiped ? 24'd0 : !(moves && (fires || win)) ? base : raised[24] ? 24'hffffff : raised[23:0];
endmodule
`default_nettype wire
