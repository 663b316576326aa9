// f_neuron - a tick of a neuron is its page of docs/arithmetic.md in 40 bits, more than it needs, for all states,
// inputs and parameters.
//
// CURRENTS: neurons may have them, and then leak is what a leak leaves, and what they add comes in place of input.
//
// From any state of the pipeline, so for all time; stages stand still when nothing is valid. FACTORS 0: the two
// products are cut, so whatever they are, what comes after is right. FACTORS 1: they are the products of the right
// factors.
module f_neuron #(
    parameter int UB = 24,
    parameter int FACTORS = 0,
    parameter int CURRENTS = 0
) (
    input logic clk,
    input logic valid,
    input logic [15:0] index,
    input logic signed [UB-1:0] u,
    input logic signed [15:0] gate,
    input logic blocked,
    input logic signed [31:0] acc,
    input logic [14:0] shut,
    input logic [14:0] open,
    input logic [23:0] excess,
    input logic signed [UB:0] gained
);
    (* anyconst *) logic shut_by_default, hold, flows;
    logic with_currents;
    assign with_currents = CURRENTS != 0 && flows;
    (* anyconst *) logic [23:0] threshold;
    (* anyconst *) logic [16:0] leak;
    (* anyconst *) logic [24:0] leak_step;
    (* anyconst *) logic signed [25:0] bias;
    (* anyconst *) logic [31:0] floor_u;
    (* anyconst *) logic [15:0] noise;
    (* anyconst *) logic [63:0] key;
    (* hierconn *) logic [15:0] \dut.draw ;
    (* hierconn *) logic [15:0] \dut.draw1 ;
    (* hierconn *) logic [31:0] \dut.product ;
    (* hierconn *) logic signed [41:0] \dut.part1 ;
    logic closed4;
    logic [24:0] limit3;
    logic [UB-1:0] u4;
    logic [15:0] gate4;
    logic [26:0] e4;
    stoa_neuron #(.UB(UB), .CURRENTS(CURRENTS)) dut (
        .clk, .shut_by_default, .hold, .threshold, .flows, .leak, .leak_step, .bias, .noise, .floor_u, .key, .valid, .index,
        .u, .gate, .blocked, .acc, .shut, .open, .excess, .gained, .limit(limit3), .closed4, .u4, .gate4, .e4);

    // gate
    logic signed [39:0] g, ago, longer;
    logic closed;
    assign ago = gate < 0 ? 40'sd0 - 40'(gate) : 40'sd0;
    assign longer = {25'd0, shut} > ago ? {25'd0, shut} : ago;
    always_comb begin
        g = 40'(gate);
        if (shut > 0) g = -longer;
        else if (open > 0) g = gate >= 0 && 40'(gate) > $signed({25'd0, open}) ? 40'(gate) : $signed({25'd0, open});
    end
    assign closed = g < 0 || (g == 0 && shut_by_default) || blocked;

    // what stage 1 was given, for stages 2 and 3
    logic signed [39:0] gone[3], held[3], input_[3], limit[3];
    logic [2:0] shut_then;
    logic [3:0] full;
    initial full = 4'd0;
    logic signed [41:0] part;
    logic signed [39:0] noisy, drawn, after_keep, after_leak, after_step, v, w, lowered, top, e;
    always_ff @(posedge clk) begin
        full <= {full[2:0], valid};
        if (valid) begin
            gone[0] <= g < 0 ? g + 40'sd1 : g > 0 ? g - 40'sd1 : 40'sd0;
            held[0] <= 40'(u);
            input_[0] <= 40'(acc);
            limit[0] <= {16'd0, threshold} + {16'd0, excess};
            shut_then[0] <= closed;
            part <= 42'(u) * 42'($signed({1'b0, leak}));
            drawn <= {24'd0, \dut.draw };
        end
        if (full[0]) begin
            gone[1] <= gone[0];
            held[1] <= held[0];
            limit[1] <= limit[0];
            shut_then[1] <= shut_then[0];
            v <= (with_currents ? after_keep : after_step + input_[0]) + 40'(bias) + noisy;
        end
        if (full[1]) begin
            gone[2] <= gone[1];
            limit[2] <= limit[1];
            shut_then[2] <= shut_then[1];
            held[2] <= shut_then[1] ? (hold ? held[1] : 40'sd0) : lowered;
        end
    end
    logic signed [39:0] step, all;
    assign step = {15'd0, leak_step};
    assign after_keep = 40'((42'(\dut.part1 ) + (\dut.part1 < 42'sd0 ? 42'sd65535 : 42'sd0)) >>> 16);
    assign after_leak = held[0] - 40'(\dut.part1 >>> 16);
    assign after_step = after_leak > 0 ? (after_leak - step > 0 ? after_leak - step : 40'sd0)
                      : (after_leak + step < 0 ? after_leak + step : 40'sd0);
    assign noisy = {24'd0, \dut.product [31:16]};
    assign top = (40'sd1 <<< (UB - 1)) - 40'sd1;
    assign all = v + (with_currents ? 40'(gained) : 40'sd0);
    assign w = all > top ? top : all < -top - 40'sd1 ? -top - 40'sd1 : all;
    assign lowered = w < $signed({{8{floor_u[31]}}, floor_u}) ? {{8{floor_u[31]}}, floor_u} : w;
    assign e = held[2] - limit[2];

    always_comb begin
        assume (threshold < 25'h1000000 && leak <= 17'd65536);
        assume (leak_step <= 25'h1000000 && bias >= -26'sh1000000 && bias <= 26'sh1000000);
        // floor <= 0; one below the field is no floor
        assume (floor_u[31] ? $signed(floor_u) >= -(32'sd1 <<< (UB - 1)) : floor_u == 32'd0);
        // within 32 bits with the potential and the noise (section 4)
        assume (acc >= -32'sh40000000 && acc <= 32'sh40000000);
        if (FACTORS != 0 && full[0]) begin
            assert (\dut.part1 == part);
            assert ({8'd0, \dut.product } == {24'd0, noise} * {24'd0, \dut.draw1 });
        end
        if (FACTORS != 0 && full[1]) assert ({15'd0, limit3} == limit[1]);
        if (full[0]) assert ({24'd0, \dut.draw1 } == drawn);
        if (FACTORS == 0 && full[2]) begin
            assert (closed4 == shut_then[2]);
            assert ($signed(gate4) == gone[2]);
            assert ($signed(u4) == held[2]);
            assert ($signed(e4) == e);
        end
    end
endmodule
