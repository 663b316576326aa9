// assert_emits.sv - what must hold where rows emit, and must have happened; beside assert.sv, whose macros it uses.
// verilator lint_off DECLFILENAME
`ifdef SVA
`default_nettype none

module emitted_holds #(
    parameter int K = 4,
    parameter int AW = 10,
    parameter int RW = 8
) (
    input wire clk,
    input wire rst,
    input wire sweep,
    input wire [K-1:0] emits,
    input wire [RW-1:0] at,        // of lane 0
    input wire go,
    input wire [AW:0] axons,
    input wire any,
    input wire speaking,
    input wire done,
    input wire valid,
    input wire ready,
    input wire [AW-1:0] lane,
    input wire [15:0] value
);
    logic was, given; // some emitted in the cycle before; one was given in this turn
    logic [RW-1:0] row;
    always_ff @(posedge clk) begin
        was <= emits[0];
        row <= at;
        given <= !go && (given || (valid && ready));
    end
    `HOLDS(emits_in_its_phase, emits != '0 |-> !speaking && !sweep && !go)
    `HOLDS(lane_offer_stays, valid && !ready |=> valid && $stable(lane) && $stable(value))
    `HOLDS(lane_in_range, valid |-> {1'b0, lane} < axons && value != 16'd0)
    `SEEN(emits_side_by_side, was && emits[0] && row == at)
    `SEEN(emits_beat_by_beat, was && emits[0] && row != at)
    `SEEN(emits_not_all, emits != '0 && emits != '1)
    `SEEN(lane_waits, valid && !ready)
    `SEEN(lane_at_top, valid && value == 16'h7fff)
    `SEEN(lane_at_bottom, valid && value == 16'h8000)
    `SEEN(lane_last, done && valid)
    `SEEN(lanes_end_before_the_last_beat, done && !valid && given)
    `SEEN(all_were_0, done && !valid && !given)
    `SEEN(nothing_emitted, go && !any)
endmodule
bind stoa_emitted emitted_holds #(.K(K), .AW(AW), .RW(RW)) holds (.at(rows[RW-1:0]), .*);

module lanes_see (
    input wire clk,
    input wire lane_valid,
    input wire lane_ready,
    input wire valid,
    input wire ready,
    input wire [15:0] index
);
    logic lanes; // one is being sent
    always_ff @(posedge clk)
        if (lane_valid && lane_ready) lanes <= 1'b1;
        else if (lane_ready) lanes <= 1'b0;
    `SEEN(lane_sent, lanes && valid && ready)
    `SEEN(lane_sent_late, lanes && valid && !ready)
    `SEEN(lane_not_first_of_block, lanes && valid && index != 16'd0)
endmodule
bind stoa_emit lanes_see sees_lanes (.*);
`default_nettype wire
`endif
