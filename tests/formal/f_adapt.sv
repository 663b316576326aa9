// f_adapt - what spikes have added to a threshold is section 5 of docs/arithmetic.md in 40 bits: what counts in a tick, what it
// decays to, what a spike adds, of a neuron alone and of a column's winner; for all excess, theta, steps and decays.
//
// From any state of the pipeline, so for all time. The memory is cut: whatever theta it gives is the neuron's. FACTORS 0: so is
// the product; FACTORS 1: it is the product of the right factors.
module f_adapt #(
    parameter int FACTORS = 0
) (
    input logic clk,
    input logic valid,
    input logic decays,
    input logic wiped,
    input logic [23:0] excess,
    input logic fires,
    input logic better,
    input logic win,
    input logic [7:0] n
);
    (* anyconst *) logic adapts, counts, moves;
    (* anyconst *) logic [23:0] step;
    (* anyconst *) logic [16:0] keep;
    (* hierconn *) logic [23:0] \dut.q ;
    (* hierconn *) logic [40:0] \dut.product ;
    logic [2:0] filled;
    logic [23:0] rise, d, unused;
    logic we, known;
    initial {filled, known} = 4'd0;
    stoa_adapt #(.NW(8)) dut (
        .clk, .adapts, .counts, .moves, .decays, .wiped, .step, .keep, .take(valid), .take_n(n), .valid({filled, valid}), .excess, .rise, .fires,
        .better, .win, .n, .we, .d, .cfg_we(1'b0), .cfg_re(1'b0), .cfg_addr(8'd0), .cfg_wdata(24'd0), .q(unused));

    logic signed [39:0] most, sum, before2, after3, after4, best, base, added;
    logic [40:0] product2;
    assign most = 40'shffffff;
    assign sum = {16'd0, excess} + (counts ? {16'd0, \dut.q } : 40'd0);
    assign base = win ? best : after4;
    assign added = base + $signed({16'd0, step});
    always_ff @(posedge clk) begin
        filled <= {filled[1:0], valid};
        if (valid) begin
            before2 <= {16'd0, \dut.q };
            product2 <= \dut.product ;
        end
        if (filled[0]) after3 <= moves && decays ? $signed({15'd0, product2[40:16]}) : before2;
        if (filled[1]) after4 <= after3;
        if (better) best <= after4;
        if (better && filled[2]) known <= 1'b1;
    end
    always_comb begin
        assume (keep <= 17'd65536 && !(better && !filled[2]) && !(win && filled[2]) && !(fires && win));
        if (!adapts) assume (!counts);
        assert ({16'd0, rise} == (sum < most ? sum : most));
        if (FACTORS != 0) assert (\dut.product == {17'd0, \dut.q } * {24'd0, keep});
        else begin
            assume ({1'b0, \dut.product } <= {1'b0, \dut.q , 16'd0}); // keep is at most 65,536
            assert (we == (adapts && (filled[2] || win)));
            if (we && (win ? known : 1'b1)) begin
                if (wiped) assert (d == 24'd0);
                else if (moves && (fires || win)) assert ({16'd0, d} == (added < most ? added : most));
                else assert ({16'd0, d} == base);
            end
        end
    end
endmodule
