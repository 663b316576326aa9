// stoa_ram2 - a memory with one read port and one write port.
//
// A read of the word that is written in the same cycle gives the old word. q keeps its value until the next read.
`default_nettype none
module stoa_ram2 #(
    parameter int WIDTH = 8,
    parameter int DEPTH = 256,
    parameter int AW = DEPTH > 1 ? $clog2(DEPTH) : 1
) (
    input wire clk,
    input wire re,
    input wire [AW-1:0] raddr,
    output logic [WIDTH-1:0] q,
    input wire we,
    input wire [AW-1:0] waddr,
    input wire [WIDTH-1:0] d
);
    logic [WIDTH-1:0] mem[DEPTH];
    always_ff @(posedge clk) begin
        if (re) q <= mem[raddr];
        if (we) mem[waddr] <= d;
    end
endmodule
`default_nettype wire
