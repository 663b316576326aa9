// f_scalar - a scalar instruction is its wide-integer meaning; OP 3 with LANE is a lane's product on the shared
// multiplier.
//
// As f_lane, in 96 bits: 32 x 16 bits and a shift of 31 never meet a limit. The product is cut: its factors are proved,
// and whatever it is, what comes after. OP 98: it is the product of whatever its factors are.
module f_scalar #(
    parameter int OP = 1,
    parameter int LANE = 0
) (
    input logic [4:0] code,
    input logic [31:0] a,
    input logic [31:0] b,
    input logic [31:0] d,
    input logic [15:0] imm,
    input logic [4:0] n,
    input logic [1:0] round,
    input logic [15:0] draw,
    input logic [15:0] lane_a,
    input logic [15:0] lane_b
);
    logic [31:0] y;
    logic [15:0] lane_y;
    (* hierconn *) logic signed [47:0] \dut.product ;
    (* hierconn *) logic signed [31:0] \dut.ma ;
    (* hierconn *) logic signed [15:0] \dut.mb ;
    logic [4:0] op;
    logic signed [95:0] wa, wb, w16, wide, unit, chance, nearest, toward, stochastic, exact, value, meaning, narrow;
    logic [4:0] by;
    assign op = OP == 99 ? code : OP == 98 ? 5'd3 : 5'(OP);
    stoa_scalar dut (.op, .a, .b, .d, .imm, .n, .round, .draw, .mul_lane(LANE != 0), .lane_a, .lane_b, .y, .lane_y);

    assign wa = LANE != 0 ? {{80{lane_a[15]}}, lane_a} : {{64{a[31]}}, a};
    assign wb = LANE != 0 ? {{80{lane_b[15]}}, lane_b} : {{64{b[31]}}, b};
    assign w16 = wb > 96'sd32767 ? 96'sd32767 : wb < -96'sd32768 ? -96'sd32768 : wb;
    assign wide = OP == 3 ? {{48{\dut.product [47]}}, \dut.product } : wa;
    assign by = OP == 3 ? n : b[4:0];
    assign unit = 96'sd1 <<< by;
    assign chance = {80'd0, draw};
    assign nearest = by == 0 ? wide : wide + unit / 2;
    assign toward = wide < 0 ? wide + unit - 96'sd1 : wide;
    assign stochastic = by > 16 ? wide + (chance <<< (by - 16)) : wide + (chance & (unit - 96'sd1));
    assign exact = (round == 0 ? wide : round == 1 ? nearest : round == 2 ? toward : stochastic) >>> by;
    assign value = OP == 0 ? {{80{imm[15]}}, imm} <<< n : OP == 1 ? wa + wb : OP == 2 ? wa - wb : exact;
    assign meaning = value > 96'sd2147483647 ? 96'sd2147483647 : value < -96'sd2147483648 ? -96'sd2147483648 : value;
    assign narrow = value > 96'sd32767 ? 96'sd32767 : value < -96'sd32768 ? -96'sd32768 : value;

    always_comb begin
        if (OP == 3) begin
            assert (\dut.ma == wa[31:0] && \dut.mb == w16[15:0]);
        end
        if (OP == 98) assert (96'(\dut.product ) == 96'(\dut.ma ) * 96'(\dut.mb ));
        if (LANE != 0) assert (lane_y == narrow[15:0]);
        else begin
            if (OP >= 0 && OP <= 3) assert (y == meaning[31:0]);
            if (OP == 4) assert (y == (b > 31 ? 32'd0 : 32'(wa <<< b[4:0])));
            if (OP == 5) assert (y == (b > 31 ? (wa < 0 ? 32'hffffffff : 32'd0) : meaning[31:0]));
            if (OP == 6) assert (y == (wa < wb ? a : b));
            if (OP == 7) assert (y == (wa > wb ? a : b));
            if (OP == 8) for (int i = 0; i < 32; i++) assert (y[i] == (a[i] && b[i]));
            if (OP == 9) for (int i = 0; i < 32; i++) assert (y[i] == (a[i] || b[i]));
            if (OP == 10) assert (y == (wa < wb ? 32'hffffffff : 32'd0));
            if (OP == 11) assert (y == (d == 0 ? b : a));
            if (OP == 13) assert (y == {16'd0, draw});
            if (OP == 99) begin
                assume (code == 12 || code > 13);
                assert (y == d);
            end
        end
    end
endmodule
