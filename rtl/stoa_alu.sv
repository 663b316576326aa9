// stoa_alu - one lane instruction on one synapse: 16 bits, saturating (st_lane_op). TAB's result comes from the table port.
`include "stoa_tables.vh"
`default_nettype none
module stoa_alu #(
    parameter int SHARED = 0 // 1: the product comes from the scalar unit
) (
    input wire [4:0] op,
    input wire [15:0] a,
    input wire [15:0] b,
    input wire [15:0] d,
    input wire [4:0] n,
    input wire [1:0] round,
    input wire [15:0] draw,
    input wire [15:0] product, // SHARED: rounded and saturated
    output logic [15:0] y
);
    logic signed [15:0] as, bs;
    logic signed [16:0] sum;
    logic [15:0] sum_sat, shifted, times;
    logic [15:0] up, sign;
    logic far, less;

    assign as = a;
    assign bs = b;
    assign sum = op == `ST_OP_SUB ? {as[15], as} - {bs[15], bs} : {as[15], as} + {bs[15], bs};
    assign sum_sat = sum[16] == sum[15] ? sum[15:0] : {sum[16], {15{!sum[16]}}};
    assign less = as < bs;
    assign far = b[15:4] != 12'd0;
    assign up = far ? 16'd0 : a << b[3:0];
    assign sign = far ? {16{a[15]}} : shifted;

    generate
        if (SHARED != 0) begin : g_shared
            logic [16:0] rounded;
            stoa_round #(.WIDTH(16)) rounder (.en(op == `ST_OP_SHR), .x(a), .n({1'b0, b[3:0]}), .round, .draw, .y(rounded));
            assign shifted = rounded[16] == rounded[15] ? rounded[15:0] : {rounded[16], {15{!rounded[16]}}};
            assign times = product;
            logic unused;
            assign unused = &{1'b0, n};
        end else begin : g_own
            logic signed [31:0] full;
            logic [31:0] to_round;
            logic [32:0] rounded;
            logic [4:0] by;
            always_comb begin
                full = 32'sd0; // a multiplier that is not asked rests
                if (op == `ST_OP_MUL) full = 32'(as) * 32'(bs);
            end
            assign to_round = op == `ST_OP_MUL ? full : {{16{a[15]}}, a};
            assign by = op == `ST_OP_MUL ? n : {1'b0, b[3:0]};
            stoa_round #(.WIDTH(32)) rounder (.en(op == `ST_OP_MUL || op == `ST_OP_SHR), .x(to_round), .n(by), .round, .draw, .y(rounded));
            assign times = rounded[32:15] == 18'd0 || rounded[32:15] == 18'h3ffff ? rounded[15:0]
                                                                                 : {rounded[32], {15{!rounded[32]}}};
            assign shifted = times;
            logic unused;
            assign unused = &{1'b0, product};
        end
    endgenerate

    always_comb
        case (op)
            `ST_OP_ADD, `ST_OP_SUB: y = sum_sat;
            `ST_OP_MUL: y = times;
            `ST_OP_SHL: y = up;
            `ST_OP_SHR: y = sign;
            `ST_OP_MIN: y = less ? a : b;
            `ST_OP_MAX: y = less ? b : a;
            `ST_OP_AND: y = a & b;
            `ST_OP_OR: y = a | b;
            `ST_OP_LT: y = {16{less}};
            `ST_OP_SEL: y = d != 16'd0 ? a : b;
            `ST_OP_RND: y = draw;
            default: y = d;
        endcase
endmodule
`default_nettype wire
