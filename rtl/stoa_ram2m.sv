// stoa_ram2m - as stoa_ram2, and a write changes only the bits of its mask: the delay wheel sets single bits.
module stoa_ram2m #(
    parameter int WIDTH = 32,
    parameter int DEPTH = 256,
    parameter int AW = DEPTH > 1 ? $clog2(DEPTH) : 1
) (
    input logic clk,
    input logic re,
    input logic [AW-1:0] raddr,
    output logic [WIDTH-1:0] q,
    input logic we,
    input logic [AW-1:0] waddr,
    input logic [WIDTH-1:0] d,
    input logic [WIDTH-1:0] mask
);
    logic [WIDTH-1:0] mem[DEPTH];
    always_ff @(posedge clk) begin
        if (re) q <= mem[raddr];
`ifdef VERILATOR // the same in one word: bit by bit it is a tenth of a core's simulation
        if (we) mem[waddr] <= (mem[waddr] & ~mask) | (d & mask);
`else
        if (we)
            for (int i = 0; i < WIDTH; i++)
                if (mask[i]) mem[waddr][i] <= d[i];
`endif
    end
endmodule
