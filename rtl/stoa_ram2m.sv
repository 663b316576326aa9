// stoa_ram2m - as stoa_ram2, and a write changes only the bits of its mask: the delay wheel sets single bits.
`default_nettype none
module stoa_ram2m #(
    parameter int WIDTH = 32,
    parameter int DEPTH = 256,
    parameter int AW = DEPTH > 1 ? $clog2(DEPTH) : 1
) (
    input wire clk,
    input wire re,
    input wire [AW-1:0] raddr,
    output logic [WIDTH-1:0] q,
    input wire we,
    input wire [AW-1:0] waddr,
    input wire [WIDTH-1:0] d,
    input wire [WIDTH-1:0] mask
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
`default_nettype wire
