// f_lane - a lane instruction is its wide-integer meaning, for every operand, count, rounding and draw.
//
// The meaning is written from docs/arithmetic.md and include/stoa/learn.def in 64 bits. OP 99: every code that is not
// listed keeps d. The product is the language's own `*` on both sides: what is proved is widths, signs, rounding,
// saturation.
module f_lane #(
    parameter int SHARED = 0,
    parameter int OP = 1
) (
    input logic [4:0] code,
    input logic [15:0] a,
    input logic [15:0] b,
    input logic [15:0] d,
    input logic [15:0] draw,
    input logic [15:0] product,
    input logic [4:0] n,
    input logic [1:0] round
);
    logic [15:0] y;
    logic [4:0] op;
    logic signed [63:0] wa, wb, wide, by, unit, chance, exact, meaning;
    logic signed [63:0] nearest, toward, stochastic, value;
    assign op = OP == 99 ? code : 5'(OP);
    stoa_alu #(.SHARED(SHARED)) dut (.op, .a, .b, .d, .n, .round, .draw, .product, .y);

    assign wa = {{48{a[15]}}, a};
    assign wb = {{48{b[15]}}, b};
    assign wide = OP == 3 ? wa * wb : wa;
    assign by = OP == 3 ? {59'd0, n} : {48'd0, b};
    assign unit = 64'sd1 <<< by[4:0];
    assign chance = {48'd0, draw};
    assign nearest = by[4:0] == 0 ? wide : wide + unit / 2;
    assign toward = wide < 0 ? wide + unit - 64'sd1 : wide;
    assign stochastic = by[4:0] > 16 ? wide + (chance <<< (by[4:0] - 16)) : wide + (chance & (unit - 64'sd1));
    assign exact = (round == 0 ? wide : round == 1 ? nearest : round == 2 ? toward : stochastic) >>> by[4:0];

    assign value = OP == 1 ? wa + wb : OP == 2 ? wa - wb : exact;
    assign meaning = value > 64'sd32767 ? 64'sd32767 : value < -64'sd32768 ? -64'sd32768 : value;

    always_comb begin
        if (OP == 1 || OP == 2) assert (y == meaning[15:0]);
        if (OP == 3) assert (y == (SHARED != 0 ? product : meaning[15:0]));
        if (OP == 4) assert (y == (b > 15 ? 16'd0 : 16'(wa <<< b[3:0])));
        if (OP == 5) assert (y == (b > 15 ? (wa < 0 ? 16'hffff : 16'd0) : meaning[15:0]));
        if (OP == 6) assert (y == (wa < wb ? a : b));
        if (OP == 7) assert (y == (wa > wb ? a : b));
        if (OP == 8) for (int i = 0; i < 16; i++) assert (y[i] == (a[i] && b[i]));
        if (OP == 9) for (int i = 0; i < 16; i++) assert (y[i] == (a[i] || b[i]));
        if (OP == 10) assert (y == (wa < wb ? 16'hffff : 16'd0));
        if (OP == 11) assert (y == (d == 0 ? b : a));
        if (OP == 13) assert (y == draw);
        if (OP == 99) begin
            assume (code == 0 || code == 12 || code > 13);
            assert (y == d);
        end
    end
endmodule
