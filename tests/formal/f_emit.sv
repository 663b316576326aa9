// f_emit - who is sent what a spike or a lane says: exactly the blocks of its group that are of such and hold it, with its value.
//
// The words of groups and blocks are any; a spike or a lane is taken from any state of the queue, and is the one to send until
// the unit rests again. A spike that waits goes before a lane.
module f_emit #(
    parameter int EMITS = 1
) (
    input logic clk,
    input logic push,
    input logic [0:0] group,
    input logic [1:0] member,
    input logic [1:0] column,
    input logic [15:0] e,
    input logic lane_valid,
    input logic [4:0] lane,
    input logic [15:0] lane_value,
    input logic ready
);
    (* anyconst *) logic [0:0] lane_group;
    (* hierconn *) logic [31:0] \dut.range ;
    (* hierconn *) logic [1:0] \dut.state ;
    (* hierconn *) logic [2:0] \dut.count ;
    (* hierconn *) logic [20:0] \dut.spike ;
    (* hierconn *) logic \dut.pop ;
    logic [5:0] t;
    logic busy, valid, lane_ready, lanes, of_lanes, columns, in;
    logic [15:0] block, index, graded, its, source, first;
    logic [4:0] its_lane;
    logic [31:0] range;
    initial t = 6'd0;
    stoa_emit #(.NEURONS(4), .GROUPS(2), .BLOCKS(4), .AXONS(32), .EMITS(EMITS)) dut (
        .clk, .rst(t == 6'd0), .push(push && \dut.count != 3'd4), .group, .member, .column, .e, .lane_valid, .lane_ready, .lane, .lane_value, .lane_group,
        .busy, .valid, .ready, .block, .index, .graded, .cfg_group_we(1'b0), .cfg_block_we(1'b0), .cfg_addr('0), .cfg_wdata(32'd0),
        .cfg_before(32'd0));
    always_ff @(posedge clk) begin
        t <= t + 6'd1;
        if (lane_valid && lane_ready) begin
            lanes <= 1'b1;
            its_lane <= lane;
            its <= lane_value;
        end else if (\dut.pop ) lanes <= 1'b0;
    end
    // as docs/rtl.md has the word of a block
    assign range = \dut.range ;
    assign of_lanes = EMITS != 0 && range[31:30] == 2'd3;
    assign columns = range[31] && !of_lanes;
    assign first = of_lanes ? {2'd0, range[29:16]} : {1'b0, range[30:16]};
    assign source = lanes ? 16'(its_lane) : columns ? 16'(\dut.spike [17:16]) : 16'(\dut.spike [19:18]);
    assign in = lanes == of_lanes && 32'(source) >= 32'(first) && 32'(source) < 32'(first) + 32'(range[15:0]);
    always_comb begin
        if (t != 6'd0) begin
            if (lane_valid && lane_ready) assert (EMITS != 0 && \dut.count == 3'd0 && !busy);
            if (\dut.state == 2'd3) begin
                assert (valid == in);
                if (valid) assert (32'(index) == 32'(source) - 32'(first) && graded == (lanes ? its : \dut.spike [15:0]));
            end else assert (!valid);
        end
    end
endmodule
