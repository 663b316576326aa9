// stoa_ram1 - a single-port memory: one read or one write a cycle.
//
// The only place where a synapse bank, a program or a table is an array, so that synthesis can put a macro here.
// q keeps its value until the next read.
`default_nettype none
module stoa_ram1 #(
    parameter int WIDTH = 8,
    parameter int DEPTH = 256,
    parameter int AW = DEPTH > 1 ? $clog2(DEPTH) : 1
) (
    input wire clk,
    input wire ce,
    input wire we,
    input wire [AW-1:0] addr,
    input wire [WIDTH-1:0] d,
    output logic [WIDTH-1:0] q
);
    logic [WIDTH-1:0] mem[DEPTH];
    always_ff @(posedge clk)
        if (ce) begin
            if (we) mem[addr] <= d;
            else q <= mem[addr];
        end
endmodule
`default_nettype wire
