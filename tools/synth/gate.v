// gate.v - clock gating as a techmap: a register of GATE_MIN bits or more with an enable gets a clock that the enable
// gates (a latch, open while the clock is low, and an AND). Registers under the same enable share both: opt_merge
// finds them.
`ifndef GATE_MIN
`define GATE_MIN 2
`endif
module \$__stoa_gate (input clk, input en, output gclk);
    wire held;
    \$_DLATCH_N_ latch (.E(clk), .D(en), .Q(held));
    \$_AND_ gate (.A(clk), .B(held), .Y(gclk));
endmodule

(* techmap_celltype = "$dffe" *)
module gate_dffe (CLK, EN, D, Q);
    parameter WIDTH = 1;
    parameter CLK_POLARITY = 1;
    parameter EN_POLARITY = 1;
    input CLK, EN;
    input [WIDTH-1:0] D;
    output [WIDTH-1:0] Q;
    wire _TECHMAP_FAIL_ = WIDTH < `GATE_MIN || !CLK_POLARITY;
    wire gclk;
    \$__stoa_gate gate (.clk(CLK), .en(EN_POLARITY ? EN : !EN), .gclk(gclk));
    \$dff #(.WIDTH(WIDTH), .CLK_POLARITY(1)) _TECHMAP_REPLACE_ (.CLK(gclk), .D(D), .Q(Q));
endmodule

// reset, whether enabled or not
(* techmap_celltype = "$sdffe" *)
module gate_sdffe (CLK, SRST, EN, D, Q);
    parameter WIDTH = 1;
    parameter CLK_POLARITY = 1;
    parameter EN_POLARITY = 1;
    parameter SRST_POLARITY = 1;
    parameter SRST_VALUE = 0;
    input CLK, SRST, EN;
    input [WIDTH-1:0] D;
    output [WIDTH-1:0] Q;
    wire _TECHMAP_FAIL_ = WIDTH < `GATE_MIN || !CLK_POLARITY;
    wire gclk;
    wire reset = SRST_POLARITY ? SRST : !SRST;
    \$__stoa_gate gate (.clk(CLK), .en((EN_POLARITY ? EN : !EN) || reset), .gclk(gclk));
    \$sdff #(.WIDTH(WIDTH), .CLK_POLARITY(1), .SRST_POLARITY(1), .SRST_VALUE(SRST_VALUE))
        _TECHMAP_REPLACE_ (.CLK(gclk), .SRST(reset), .D(D), .Q(Q));
endmodule

// reset only when enabled
(* techmap_celltype = "$sdffce" *)
module gate_sdffce (CLK, SRST, EN, D, Q);
    parameter WIDTH = 1;
    parameter CLK_POLARITY = 1;
    parameter EN_POLARITY = 1;
    parameter SRST_POLARITY = 1;
    parameter SRST_VALUE = 0;
    input CLK, SRST, EN;
    input [WIDTH-1:0] D;
    output [WIDTH-1:0] Q;
    wire _TECHMAP_FAIL_ = WIDTH < `GATE_MIN || !CLK_POLARITY;
    wire gclk;
    \$__stoa_gate gate (.clk(CLK), .en(EN_POLARITY ? EN : !EN), .gclk(gclk));
    \$sdff #(.WIDTH(WIDTH), .CLK_POLARITY(1), .SRST_POLARITY(SRST_POLARITY), .SRST_VALUE(SRST_VALUE))
        _TECHMAP_REPLACE_ (.CLK(gclk), .SRST(SRST), .D(D), .Q(Q));
endmodule
