// stoa_column - who of a column fires, as its neurons pass one a cycle: the one with the largest e; or, in a group that recruits
// and in a tick in which forcing reached some of them, the one of these that stands best (include/stoa/recruit.h).
//
//     candidate ─> {0, e} ────────────────────┐
//     forced ────> {standing, match or e} ────┴── more than the best so far ──> it is the best     end of the column ─> nobody
//                  the first of these puts aside who was the best without
//
// Ties stay with the first. What belongs to the best is kept by the caller, who sees `better`.
`include "stoa_tables.vh"
`default_nettype none
module stoa_column (
    input wire clk,
    input wire rst,
    // of the group, steady
    input wire compete,
    input wire recruits,
    // a neuron
    input wire valid,
    input wire closed,
    input wire forced,
    input wire [1:0] standing,
    input wire [26:0] match,   // signed, as e
    input wire [26:0] e,
    input wire ends,           // the column's end is a cycle without a neuron
    output logic candidate,
    output logic better,
    output logic best_valid
);
    logic reached, first, taught, takes, higher;
    logic [26:0] value;
    logic [28:0] key, best;
    assign candidate = valid && !closed && !e[26];
    assign reached = valid && forced && recruits;
    assign first = reached && !taught;
    assign value = standing == `ST_STANDING_FRESH ? e : match;
    assign key = reached ? {standing, !value[26], value[25:0]} : {2'd0, e};
    assign takes = reached ? !closed && standing != `ST_STANDING_NEVER : candidate && !taught;
    assign higher = key > best;
    assign better = takes && (!best_valid || first || higher);
    always_ff @(posedge clk) begin
        if (rst || ends) begin
            taught <= 1'b0;
            best_valid <= 1'b0;
        end else begin
            if (reached) taught <= 1'b1;
            if (better || first) best_valid <= better && compete;
        end
        if (better) best <= key;
    end
endmodule
`default_nettype wire
