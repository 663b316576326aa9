// stoa_round - x / 2^n with a named rounding (docs/arithmetic.md, section 1; st_round_shift).
//
//     round 0 floor, 1 nearest (halves up), 2 toward zero, 3 stochastic: a draw is added below the point
`include "stoa_tables.vh"
`default_nettype none
module stoa_round #(
    parameter int WIDTH = 32
) (
    input wire en,            // else y is zero
    input wire [WIDTH-1:0] x, // signed
    input wire [4:0] n,
    input wire [1:0] round,
    input wire [15:0] draw,
    output logic [WIDTH:0] y   // signed
);
    localparam int WIDE = WIDTH < 32 ? 34 : WIDTH + 1; // the sum, with room for what is added
    logic [31:0] mask, half, chance, add;
    logic [WIDE-1:0] wide;
    logic [32:0] low;
    logic [WIDE-1:0] sum, out;
    logic negative, unused;
    assign negative = x[WIDTH-1];
    // not in use, everything stands at zero
    always_comb begin
        mask = 32'd0;
        half = 32'd0;
        chance = 32'd0;
        add = 32'd0;
        if (en) begin
            mask = ~(32'hffffffff << n);
            half = (mask >> 1) + 32'd1;
            chance = n <= 5'd16 ? {16'd0, draw} & mask : {16'd0, draw} << (n - 5'd16);
            add = n == 5'd0 || round == `ST_ROUND_FLOOR ? 32'd0
                : round == `ST_ROUND_NEAREST ? half
                : round == `ST_ROUND_TOWARD_ZERO ? (negative ? mask : 32'd0)
                : chance;
        end
    end
    assign wide = en ? {{(WIDE - WIDTH) {negative}}, x} : '0;
    assign low = {1'b0, wide[31:0]} + {1'b0, add};
    assign sum = {low[32] ? wide[WIDE-1:32] + 1'b1 : wide[WIDE-1:32], low[31:0]}; // what is added ends there: the carry need not ripple
    assign out = $signed(sum) >>> n;
    assign y = out[WIDTH:0];
    assign unused = &{1'b0, out};
endmodule
`default_nettype wire
