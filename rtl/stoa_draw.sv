// stoa_draw - sixteen random bits for an index under a key (docs/arithmetic.md, section 2).
//
// Three multiplications by constants of three to five non-zero digits, written as the shifts and adds they are:
//     0x00eb = 0x100 - 0x10 - 4 - 1      0x0029 = 0x20 + 8 + 1      0xf161 = -0x1000 + 0x200 - 0x80 - 0x20 + 1
`default_nettype none
module stoa_draw (
    input wire [63:0] key,
    input wire [15:0] index,
    output logic [15:0] draw
);
    logic [15:0] a, b, c, d, e, f, g;
    assign a = index ^ key[15:0];
    assign b = (a << 8) - (a << 4) - (a << 2) - a;
    assign c = (b ^ (b >> 7)) + key[31:16];
    assign d = (c << 5) + (c << 3) + c;
    assign e = (d ^ (d >> 6)) + key[47:32];
    assign f = e - (e << 5) - (e << 7) + (e << 9) - (e << 12);
    assign g = f ^ (f >> 8);
    assign draw = g ^ key[63:48];
endmodule
`default_nettype wire
