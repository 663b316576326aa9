// f_rules - an axon learns by the rule whose axons it is among; what is at work is that rule's, and a presynaptic trace moves on by
// the rule of its own axon, whoever is at its row by then.
//
// Two rules beside the first are written, as hosts do, one after the other; a rule that is not there begins behind all axons.
module f_rules #(
    parameter int VALUES = 0
) (
    input logic clk,
    input logic by_axon,
    input logic heard,
    input logic [3:0] axon,
    input logic [1:0] turn
);
    (* anyconst *) logic [4:0] first1, first2, axons;
    (* anyconst *) logic [7:0] line1, line2;
    (* anyconst *) logic [26:0] entries0, entries1, entries2;
    (* anyconst *) logic [3:0] excess0, excess1, excess2;
    (* anyconst *) logic [19:0] trace0, trace1, trace2;
    (* anyconst *) logic [1:0] keeps0, keeps1, keeps2;
    logic [3:0] t;
    logic begun, last, reward_all, on_reward, on_measure;
    logic [1:0] rule;
    logic [26:0] entries;
    logic [4:0] first, beyond;
    logic [7:0] line;
    logic [11:0] excess;
    logic [19:0] now1, now2;
    logic [1:0] keeps, keeps_1;
    logic [31:0] data;
    assign begun = t == 4'd10;
    always_comb
        case (t)
            4'd0: data = 32'(first1);
            4'd1: data = 32'(line1);
            4'd2: data = 32'(entries1);
            4'd3: data = 32'(excess1);
            4'd4: data = 32'({keeps1, trace1});
            4'd5: data = 32'(first2);
            4'd6: data = 32'(line2);
            4'd7: data = 32'(entries2);
            4'd8: data = 32'(excess2);
            default: data = 32'({keeps2, trace2});
        endcase
    stoa_rules #(.AXONS(16), .LINES(256), .RULES(3), .VALUES(VALUES)) dut (
        .clk, .clk_axons(clk), .entries0, .excess0, .trace0, .keeps0, .axons, .by_axon, .axon, .heard, .turn, .rule, .last, .entries, .reward_all,
        .on_reward, .on_measure, .first, .beyond, .line, .excess, .trace1(now1), .trace2(now2), .keeps, .keeps1(keeps_1), .cfg_we(!begun),
        .cfg_addr(t < 4'd5 ? 24'd8 + 24'(t) : 24'd16 + 24'(t - 4'd5)), .cfg_wdata(data));

    logic [1:0] of, heard1, heard2, stage1, stage2;
    logic [1:0] heard_for; // how many cycles of axons' traces are known
    assign of = axon < first1 ? 2'd0 : axon < first2 ? 2'd1 : 2'd2;
    assign stage1 = by_axon ? heard1 : turn;
    assign stage2 = by_axon ? heard2 : turn;
    initial t = 4'd0;
    initial heard_for = 2'd0;
    always_ff @(posedge clk) begin
        if (!begun) t <= t + 4'd1;
        if (begun && heard) heard_for <= 2'd1;
        if (begun && heard_for == 2'd1) heard_for <= 2'd2;
        if (heard) heard1 <= of;
        heard2 <= heard1;
    end
    always_comb begin
        assume (first1 != 5'd0 && first1 <= first2 && first2 <= axons && axons <= 5'd16);
        assume (first1 < first2 || first2 == axons); // a rule has axons
        assume ({1'b0, axon} < axons);
        assume (turn == 2'd0 || (turn == 2'd1 && first1 < axons) || (turn == 2'd2 && first2 < axons));
        if (begun) begin
            assert (rule == (by_axon ? of : turn));
            assert (first == (rule == 2'd0 ? 5'd0 : rule == 2'd1 ? first1 : first2));
            assert (beyond == (rule == 2'd0 ? first1 : rule == 2'd1 ? first2 : axons));
            if (by_axon) assert (first <= {1'b0, axon} && {1'b0, axon} < beyond);
            assert (line == (rule == 2'd0 ? 8'd0 : rule == 2'd1 ? line1 : line2));
            assert (entries == (rule == 2'd0 ? entries0 : rule == 2'd1 ? entries1 : entries2));
            assert (reward_all == (rule == 2'd0 ? trace0[19] : rule == 2'd1 ? trace1[19] : trace2[19]));
            assert (last == (rule == 2'd0 ? first1 == axons : rule == 2'd1 ? first2 == axons : 1'b1));
            assert (on_reward == (!entries0[26] || !entries1[26] || !entries2[26]));
            assert (excess == {excess2, excess1, excess0});
            if (VALUES != 0) begin
                assert (keeps == (rule == 2'd0 ? keeps0 : rule == 2'd1 ? keeps1 : keeps2));
                if (!by_axon || heard_for >= 2'd1) assert (keeps_1 == (stage1 == 2'd0 ? keeps0 : stage1 == 2'd1 ? keeps1 : keeps2));
            end
            if (!by_axon || heard_for >= 2'd1) assert (now1 == (stage1 == 2'd0 ? trace0 : stage1 == 2'd1 ? trace1 : trace2));
            if (!by_axon || heard_for == 2'd2) assert (now2 == (stage2 == 2'd0 ? trace0 : stage2 == 2'd1 ? trace1 : trace2));
        end
    end
endmodule
