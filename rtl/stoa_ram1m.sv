// stoa_ram1m - as stoa_ram1, and a write changes only the bits of its mask: one weight of the lines that share a word.
`default_nettype none
module stoa_ram1m #(
    parameter int WIDTH = 32,
    parameter int DEPTH = 256,
    parameter int AW = DEPTH > 1 ? $clog2(DEPTH) : 1
) (
    input wire clk,
    input wire ce,
    input wire we,
    input wire [AW-1:0] addr,
    input wire [WIDTH-1:0] d,
    input wire [WIDTH-1:0] mask,
    output logic [WIDTH-1:0] q
);
    logic [WIDTH-1:0] mem[DEPTH];
    always_ff @(posedge clk)
        if (ce) begin
            if (!we) q <= mem[addr];
`ifdef VERILATOR // the same in one word: bit by bit it is a tenth of a core's simulation
            else mem[addr] <= (mem[addr] & ~mask) | (d & mask);
`else
            else
                for (int i = 0; i < WIDTH; i++)
                    if (mask[i]) mem[addr][i] <= d[i];
`endif
        end
endmodule
`default_nettype wire
