// stoa_scalar - one scalar instruction: 32 bits, saturating (st_scalar_op). TAB's result comes from the table port.
//
// Its multiplier, 32 x 16, is the only one of a core that shares it: then lanes put their operands in through mul_lane.
`include "stoa_tables.vh"
`default_nettype none
module stoa_scalar (
    input wire [4:0] op,
    input wire [31:0] a,
    input wire [31:0] b,
    input wire [31:0] d,
    input wire [15:0] imm,
    input wire [4:0] n,
    input wire [1:0] round,
    input wire [15:0] draw,
    input wire mul_lane,
    input wire [15:0] lane_a,
    input wire [15:0] lane_b,
    output logic [31:0] y,
    output logic [15:0] lane_y
);
    logic signed [31:0] as, bs, ma;
    logic signed [15:0] b16, mb;
    logic signed [32:0] sum;
    logic signed [47:0] li, product;
    logic signed [48:0] rounded;
    logic [47:0] to_round;
    logic [4:0] by;
    logic [31:0] up, down;
    logic far, less, multiplies;
    logic [31:0] sum_sat, round_sat, li_sat;

    assign as = a;
    assign bs = b;
    assign sum = op == `ST_OP_SUB ? {as[31], as} - {bs[31], bs} : {as[31], as} + {bs[31], bs};
    assign sum_sat = sum[32] == sum[31] ? sum[31:0] : {sum[32], {31{!sum[32]}}};
    assign less = as < bs;

    assign b16 = b[31:15] == 17'd0 || b[31:15] == 17'h1ffff ? b[15:0] : {b[31], {15{!b[31]}}};
    assign ma = mul_lane ? {{16{lane_a[15]}}, lane_a} : a;
    assign mb = mul_lane ? lane_b : b16;
    assign multiplies = op == `ST_OP_MUL || mul_lane;
    always_comb begin
        product = 48'sd0; // a multiplier that is not asked rests
        if (multiplies) product = 48'(ma) * 48'(mb);
    end
    assign far = b[31:5] != 27'd0;
    assign to_round = multiplies ? product : {{16{a[31]}}, a};
    assign by = multiplies ? n : b[4:0];
    stoa_round #(.WIDTH(48)) rounder (.en(multiplies || op == `ST_OP_SHR), .x(to_round), .n(by), .round, .draw, .y(rounded));
    assign round_sat = rounded[48:31] == 18'd0 || rounded[48:31] == 18'h3ffff ? rounded[31:0]
                                                                             : {rounded[48], {31{!rounded[48]}}};
    assign lane_y = rounded[48:15] == 34'd0 || rounded[48:15] == 34'h3ffffffff ? rounded[15:0]
                                                                               : {rounded[48], {15{!rounded[48]}}};
    assign li = 48'($signed(imm)) <<< n;
    assign li_sat = li[47:31] == 17'd0 || li[47:31] == 17'h1ffff ? li[31:0] : {li[47], {31{!li[47]}}};

    assign up = far ? 32'd0 : a << b[4:0];
    assign down = far ? {32{a[31]}} : round_sat;

    always_comb
        case (op)
            `ST_OP_LI: y = li_sat;
            `ST_OP_ADD, `ST_OP_SUB: y = sum_sat;
            `ST_OP_MUL: y = round_sat;
            `ST_OP_SHL: y = up;
            `ST_OP_SHR: y = down;
            `ST_OP_MIN: y = less ? a : b;
            `ST_OP_MAX: y = less ? b : a;
            `ST_OP_AND: y = a & b;
            `ST_OP_OR: y = a | b;
            `ST_OP_LT: y = {32{less}};
            `ST_OP_SEL: y = d != 32'd0 ? a : b;
            `ST_OP_RND: y = {16'd0, draw};
            default: y = d;
        endcase
endmodule
`default_nettype wire
