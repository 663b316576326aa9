// stoa_gate - a clock that comes only where it is wanted: a latch, open while the clock is low, and an AND.
//
// What it stops holds still by itself: with `gclk = clk` the machine is the same, bit for bit and cycle for cycle (GATED = 0:
// FPGAs, and one model of the lock-step). So the enable may be generous, never late.
`default_nettype none
module stoa_gate #(
    parameter int GATED = 1
) (
    input wire clk,
    input wire en,
    output logic gclk
);
    generate
        if (GATED != 0) begin : g_gate
            logic held;
            always_latch if (!clk) held = en;
            assign gclk = clk & held;
        end else begin : g_wire
            logic unused;
            assign unused = &{1'b0, en};
            assign gclk = clk;
        end
    endgenerate
endmodule
`default_nettype wire
