// f_arrive - each packet for an input makes one event of each axon of its chain, at the axon's delay, and no other event.
//
// The tables are written first, as hosts do: two inputs, four axons, links that lead to later axons. AXON is any of them.
// Then, whatever comes and whenever the wheel takes it:
//
//     events of AXON   are as many as packets for inputs whose chain has it, less those under way: two at most, none when quiet
//     an event         has the delay of its axon's link
//     dropped          are packets for inputs beyond, and links of delay 0
//     with VALUES      an event has the value of a packet for an input that leads to its axon, and says whether that takes it
module f_arrive #(
    parameter int VALUES = 0
) (
    input logic clk,
    input logic in_valid,
    input logic [15:0] in,
    input logic set_ready
);
    (* anyconst *) logic [1:0] AXON;
    (* hierconn *) logic \dut.head , \dut.link , \dut.there , \dut.more ;
    (* hierconn *) logic [1:0] \dut.first , \dut.axon , \dut.next , \dut.delay ;
    (* anyconst *) logic [2:0] input0, input1;                  // {is there, axon}
    (* anyconst *) logic [3:0] takes;                        // by axon: it is graded
    (* anyconst *) logic [4:0] link0, link1, link2, link3;      // {next is there, delay, next}
    logic [2:0] t; // 0 reset, 1 and 2 inputs, 3 to 6 links, 7 packets
    logic begun, in_ready, busy, set_valid;
    logic [1:0] bad, set_axon, set_delay;
    logic [31:0] unused;
    logic [15:0] set_value;
    logic set_graded;
    logic [2:0] carried; // the input whose packet brought it
    logic [4:0] wide, at, held;
    logic [2:0] head;
    logic [1:0] here;
    assign begun = t == 3'd7;
    assign here = t == 3'd3 ? 2'd0 : t == 3'd4 ? 2'd1 : t == 3'd5 ? 2'd2 : 2'd3;
    assign wide = here == 2'd0 ? link0 : here == 2'd1 ? link1 : here == 2'd2 ? link2 : link3;
    assign head = t == 3'd1 ? input0 : input1;
    stoa_arrive #(.AXONS(4), .INPUTS(2), .SLOTS(4), .VALUES(VALUES)) dut (
        .clk, .rst(t == 3'd0), .inputs(2'd2), .words(2'd1), .in_valid(in_valid && begun), .in_ready, .in, .in_value({15'd0, in[0]}), .set_graded, .set_value, .busy, .bad, .set_valid,
        .set_axon, .set_delay, .set_ready, .cfg_input_we(t == 3'd1 || t == 3'd2), .cfg_link_we(t > 3'd2 && !begun),
        .cfg_input_re(1'b0), .cfg_link_re(1'b0), .cfg_addr(t < 3'd3 ? {15'd0, t == 3'd2} : {14'd0, here}),
        .cfg_wdata(t < 3'd3 ? {head[2], 29'd0, head[1:0]} : {wide[4], takes[here], 12'd0, wide[3:2], 14'd0, wide[1:0]}),
        .cfg_rdata(unused), .cfg_link(1'b0));

    logic [3:0] has; // the chain from this axon has AXON: links lead upwards
    assign has[3] = AXON == 2'd3;
    assign has[2] = AXON == 2'd2 || (link2[4] && has[3]);
    assign has[1] = AXON == 2'd1 || (link1[4] && (link1[1:0] == 2'd2 ? has[2] : has[3]));
    assign has[0] = AXON == 2'd0 || (link0[4] && (link0[1:0] == 2'd1 ? has[1] : link0[1:0] == 2'd2 ? has[2] : has[3]));
    logic [1:0] its_delay, under_way;
    logic comes, goes, drops;
    assign at = AXON == 2'd0 ? link0 : AXON == 2'd1 ? link1 : AXON == 2'd2 ? link2 : link3;
    assign its_delay = at[3:2];
    assign carried = set_value[0] ? input1 : input0;
    assign held = \dut.axon == 2'd0 ? link0 : \dut.axon == 2'd1 ? link1 : \dut.axon == 2'd2 ? link2 : link3;
    assign comes = begun && in_valid && in_ready && (in == 16'd0 ? input0[2] && has[input0[1:0]] : in == 16'd1 && input1[2] && has[input1[1:0]]);
    assign goes = begun && set_ready && ((set_valid && set_axon == AXON) || (drops && set_axon == AXON));
    assign drops = bad != 2'(in_valid && in_ready && begun && in > 16'd1); // a link is
    initial t = 3'd0;
    initial under_way = 2'd0;
    always_ff @(posedge clk) begin
        if (!begun) t <= t + 3'd1;
        under_way <= under_way + 2'(comes) - 2'(goes);
    end
    always_comb begin
        assume (!link0[4] || link0[1:0] > 2'd0);
        assume (!link1[4] || link1[1:0] > 2'd1);
        assume (!link2[4] || link2[1:0] > 2'd2);
        assume (!link3[4]);
        if (begun) begin
            assert (!(goes && under_way == 2'd0));
            assert (under_way != 2'd3);
            if (!busy) assert (under_way == 2'd0);
            if (set_valid && set_axon == AXON) assert (set_delay == its_delay && its_delay != 2'd0);
            if (drops && set_axon == AXON) assert (its_delay == 2'd0);
            assert (bad <= 2'd2);
            if (VALUES != 0 && set_valid && set_axon == AXON)
                assert (set_value[15:1] == 15'd0 && carried[2] && has[carried[1:0]] && set_graded == takes[AXON]);
            // what is under way is in the two stages
            assert (under_way == 2'(\dut.head && \dut.there && has[\dut.first ]) + 2'(\dut.link && has[\dut.axon ]));
            if (\dut.link ) assert ({\dut.more , \dut.delay , \dut.next } == held);
        end
    end
endmodule
