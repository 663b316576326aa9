// The model that Yosys makes of the Liberty file's latch is not one that Verilator takes for a latch.
module LATCH (input CLK, input D, output reg Q);
    always_latch if (CLK) Q = D;
endmodule
