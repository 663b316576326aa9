// stoa_draw - sixteen random bits for an index under a key (docs/arithmetic.md, section 2).
//
// Three multiplications by constants of four or five non-zero digits, written as the shifts and adds they are:
//     0xf851 = -0x07af = 1 - 0x800 + 0x50      0x4023 = 0x4000 + 0x20 + 4 - 1      0x1f65 = 0x2000 - 0x100 + 0x64 + 1
`default_nettype none
module stoa_draw (
    input wire [63:0] key,
    input wire [15:0] index,
    output logic [15:0] draw
);
    logic [15:0] a, b, c, d, e, f, g;
    assign a = index ^ key[15:0];
    assign b = a + (a << 4) + (a << 6) - (a << 11);
    assign c = (b ^ (b >> 9)) + key[31:16];
    assign d = (c << 14) + (c << 5) + (c << 2) - c;
    assign e = (d ^ (d >> 6)) + key[47:32];
    assign f = (e << 13) - (e << 8) + (e << 6) + (e << 5) + (e << 2) + e;
    assign g = f ^ (f >> 8);
    assign draw = g ^ key[63:48];
endmodule
`default_nettype wire
