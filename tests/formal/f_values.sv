// f_values - a value is there for the axon and the tick that it is for, whatever else goes into the wheel and is read meanwhile.
//
// The value of any axon and slot is followed. From any state: 1 its packet comes; 2 any others come, and others are read; 3 it is
// read; 4 it stays until the next is. That is the whole argument for all time. Graded axons lie within VALUES of each other.
module f_values #(
    parameter int VALUES = 4
) (
    input logic clk,
    input logic [1:0] slot,
    input logic set,
    input logic [3:0] set_axon,
    input logic [1:0] set_delay,
    input logic [15:0] set_value,
    input logic read,
    input logic [3:0] axon,
    input logic graded
);
    (* anyconst *) logic [3:0] FIRST, AXON;
    (* anyconst *) logic [1:0] SLOT;
    logic [15:0] value, known, unused;
    logic [2:0] t;
    logic mine, plain, before, again; // what was read last; that something was; behind the one that is followed
    stoa_values #(.AXONS(16), .SLOTS(4), .VALUES(VALUES)) dut (
        .clk, .slot, .set, .set_axon, .set_delay, .set_value, .read, .axon, .graded, .value, .cfg_we(1'b0), .cfg_re(1'b0),
        .cfg_addr('0), .cfg_wdata(16'd0), .cfg_rdata(unused));
    function automatic logic within(input logic [3:0] a);
        within = a >= FIRST && 5'(a) < 5'(FIRST) + 5'(VALUES);
    endfunction
    assign mine = set && set_axon == AXON && 2'(slot + set_delay) == SLOT;
    initial t = 3'd0;
    initial {plain, before, again} = 3'd0;
    always_ff @(posedge clk) begin
        if (t != 3'd4) t <= t + 3'd1;
        if (t == 3'd0) known <= set_value;
        if (read) plain <= !graded;
        before <= before || read;
        again <= again || (read && t > 3'd2);
    end
    always_comb begin
        assume (within(AXON) && (!set || within(set_axon)));
        if (t == 3'd0) assume (mine);
        else assume (!mine);
        if (t == 3'd2) assume (read && graded && axon == AXON && slot == SLOT);
        if (t == 3'd3) assert (value == known);
        if (t == 3'd4 && !again) assert (value == known);
        if (before && plain) assert (value == 16'd0);
    end
endmodule
