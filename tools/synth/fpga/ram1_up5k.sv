// ram1_up5k.sv - stoa_ram1 for iCE40 UltraPlus: large memories in the four single-port RAMs of 16384 x 16 bits,
// others left to inference. Read instead of rtl/stoa_ram1.sv.
//
// A word of at most 8 bits takes half a RAM word (two write masks of four). q keeps its value until the next read:
// the RAM's output need not, so it is kept here.
module stoa_ram1 #(
    parameter int WIDTH = 8,
    parameter int DEPTH = 256,
    parameter int AW = DEPTH > 1 ? $clog2(DEPTH) : 1
) (
    input logic clk,
    input logic ce,
    input logic we,
    input logic [AW-1:0] addr,
    input logic [WIDTH-1:0] d,
    output logic [WIDTH-1:0] q
);
    localparam int HALF = WIDTH <= 8 ? 1 : 0;
    localparam int RAM_WORDS = 16384 << HALF;
    localparam int RAMS = (DEPTH + RAM_WORDS - 1) / RAM_WORDS;
    generate
        if (WIDTH <= 16 && DEPTH * WIDTH >= 65536) begin : g_large
            logic [23:0] wide;
            logic [15:0] data, out, half;
            logic [16*RAMS-1:0] outs;
            logic [WIDTH-1:0] kept, word;
            logic [7:0] ram, ram_q;
            logic [3:0] mask;
            logic odd, odd_q, was_read;
            assign wide = 24'(addr);
            assign odd = HALF != 0 && wide[0];
            assign ram = 8'(wide >> (14 + HALF));
            assign data = HALF != 0 ? {8'(d), 8'(d)} : 16'(d);
            assign mask = HALF == 0 ? 4'b1111 : odd ? 4'b1100 : 4'b0011;
            for (genvar r = 0; r < RAMS; r++) begin : g_ram
                SB_SPRAM256KA spram (
                    .ADDRESS(14'(wide >> HALF)), .DATAIN(data), .MASKWREN(mask), .WREN(we), .CHIPSELECT(ce && ram == 8'(r)),
                    .CLOCK(clk), .STANDBY(1'b0), .SLEEP(1'b0), .POWEROFF(1'b1), .DATAOUT(outs[16*r+:16])
                );
            end
            assign out = outs[16*ram_q+:16];
            assign half = odd_q ? out >> 8 : out;
            assign word = half[WIDTH-1:0];
            assign q = was_read ? word : kept;
            always_ff @(posedge clk) begin
                was_read <= ce && !we;
                if (ce && !we) begin
                    ram_q <= ram;
                    odd_q <= odd;
                end
                if (was_read) kept <= word;
            end
        end else begin : g_small
            logic [WIDTH-1:0] mem[DEPTH];
            always_ff @(posedge clk)
                if (ce) begin
                    if (we) mem[addr] <= d;
                    else q <= mem[addr];
                end
        end
    endgenerate
endmodule
