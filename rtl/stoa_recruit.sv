// stoa_recruit - how a neuron stands with a teacher that recruits, and the memory of peaks: the highest potential of each neuron in
// this presentation, of ticks in which no forcing reached it.
//
//     1 excess ─> known? frozen?    2 ─> peak is read    3 match = peak - (H + excess) ─> standing
//     4 peak = max(peak, u), or as it was when forcing reached the neuron, or 0 as the presentation ends ─> written back
`include "stoa_tables.vh"
`default_nettype none
module stoa_recruit #(
    parameter int UB = 24,
    parameter int NW = 8
) (
    input wire clk,
    // of the group, steady
    input wire recruits,
    input wire [23:0] vigilance,
    input wire [23:0] freeze,   // 0: no neuron is frozen
    input wire wiped,
    input wire [3:0] valid,     // [k]: stage k + 1 has a neuron
    input wire [23:0] excess,   // stage 1
    input wire [NW-1:0] n2,
    input wire [24:0] limit3,   // H + excess
    // stage 4
    input wire [NW-1:0] n4,
    input wire [UB-1:0] u4,
    input wire forced4,
    output logic [1:0] standing4,
    output logic [26:0] match4, // signed
    output logic we,            // a peak is written
    output logic [UB-1:0] d,
    // configuration: a word a neuron
    input wire cfg_we,
    input wire cfg_re,
    input wire [NW-1:0] cfg_addr,
    input wire [UB-1:0] cfg_wdata,
    output logic [UB-1:0] q
);
    stoa_ram2 #(.WIDTH(UB), .DEPTH(1 << NW)) peaks (
        .clk, .re((valid[1] && recruits) || cfg_re), .raddr(cfg_re ? cfg_addr : n2), .q,
        .we(we || cfg_we), .waddr(cfg_we ? cfg_addr : n4), .d(cfg_we ? cfg_wdata : d)
    );
    logic fresh2, fresh3, frozen2, frozen3;
    logic [UB-1:0] peak4;
    logic signed [26:0] match, least;
    assign match = 27'($signed(q)) - {2'b00, limit3};
    assign least = -$signed({3'b000, vigilance});
    always_ff @(posedge clk)
        if (recruits) begin
            if (valid[0]) begin
                fresh2 <= excess == 24'd0;
                frozen2 <= freeze != 24'd0 && excess >= freeze;
            end
            if (valid[1]) {fresh3, frozen3} <= {fresh2, frozen2};
            if (valid[2]) begin
                peak4 <= q;
                match4 <= match;
                standing4 <= frozen3 ? `ST_STANDING_NEVER
                           : fresh3 ? `ST_STANDING_FRESH
                           : match >= least ? `ST_STANDING_GOOD
                           : `ST_STANDING_LAST;
            end
        end
    assign we = valid[3] && recruits;
    assign d = wiped ? '0 : !forced4 && $signed(u4) > $signed(peak4) ? u4 : peak4;
endmodule
`default_nettype wire
