// stoa_round - x / 2^n with a named rounding (docs/arithmetic.md, section 1; st_round_shift).
//
//     round 0 floor, 1 nearest (halves up), 2 toward zero, 3 stochastic: a draw is added below the point
module stoa_round #(
    parameter int WIDTH = 32
) (
    input logic [WIDTH-1:0] x, // signed
    input logic [4:0] n,
    input logic [1:0] round,
    input logic [15:0] draw,
    output logic [WIDTH:0] y   // signed
);
    logic [31:0] mask, half, chance, add;
    logic [WIDTH:0] sum;
    assign mask = ~(32'hffffffff << n);
    assign half = (mask >> 1) + 32'd1;
    assign chance = n <= 5'd16 ? {16'd0, draw} & mask : {16'd0, draw} << (n - 5'd16);
    assign add = n == 5'd0 || round == 2'd0 ? 32'd0
               : round == 2'd1 ? half
               : round == 2'd2 ? (x[WIDTH-1] ? mask : 32'd0)
               : chance;
    generate
        if (WIDTH >= 32) begin : g_wide
            assign sum = {x[WIDTH-1], x} + {{(WIDTH - 31) {1'b0}}, add};
            assign y = $signed(sum) >>> n;
        end else begin : g_narrow
            logic [33:0] wide, low;
            logic unused;
            assign wide = {{(34 - WIDTH) {x[WIDTH-1]}}, x} + {2'b00, add};
            assign low = $signed(wide) >>> n;
            assign sum = '0;
            assign unused = &{1'b0, low[33:WIDTH+1], sum};
            assign y = low[WIDTH:0];
        end
    endgenerate
endmodule
