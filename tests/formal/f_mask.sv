// f_mask - what is written, and what is summed, is of pairs that have a synapse: the bit of a pair goes with its words through the
// beats of a pass, whenever beats are loaded and end.
//
// Beside the mask a lane whose program changes nothing: what it gives to be written is the word that came with the bit.
module f_mask #(
    parameter int K = 4
) (
    input logic clk,
    input logic load,
    input logic beat_end,
    input logic [K-1:0] joined,
    input logic [K-1:0] within_run,
    input logic [K-1:0] within_store,
    input logic [15:0] word
);
    (* anyconst *) logic [4:0] LANE;
    logic [K-1:0] active_run, active_store;
    logic [15:0] r_out, w_out, q_out, first, second, reduced;
    stoa_mask #(.K(K), .MASKS(1)) dut (.clk, .load, .beat_end, .joined, .within_run, .within_store, .active_run, .active_store);
    stoa_lane #(.SHARED(0), .HAS_Q(0)) lane (
        .clk, .load, .r_in(16'd0), .w_in(word), .q_in(16'd0), .x_in(16'd0), .g_in(16'd0), .run(1'b0), .beat_end, .op(5'd0), .d(5'd0), .a(5'd0),
        .b(5'd0), .n(5'd0), .round(2'd0), .scalar_a(16'd0), .scalar_b(16'd0), .draw(16'd0), .product(16'd0), .tab(1'b0), .tab_late(1'b0),
        .tab_d(5'd0), .tab_q(16'd0), .first, .second, .reduced, .r_out, .w_out, .q_out);

    // the pair whose beat runs, and the one whose beat is stored
    logic runs, stored, bit_run, bit_store;
    logic [15:0] word_run, word_store;
    initial {runs, stored} = 2'b00;
    always_ff @(posedge clk) begin
        if (beat_end) {stored, bit_store, word_store} <= {runs, bit_run, word_run};
        if (load) {runs, bit_run, word_run} <= {1'b1, joined[LANE], word};
    end
    always_comb begin
        assume (LANE < K);
        if (runs) assert (active_run[LANE] == (within_run[LANE] && bit_run));
        if (stored) assert (active_store[LANE] == (within_store[LANE] && bit_store) && w_out == word_store);
    end
endmodule
