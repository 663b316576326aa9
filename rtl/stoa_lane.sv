// stoa_lane - one synapse of a beat: its fields as fetched, those to be written, four temporaries, an ALU.
//
//     load ──> r w q x g, r' w' q' = r w q       run: d = op(a, b)       beat_end ──> store buffer, written a cycle later
//
// TAB's result comes out of the table a cycle after its instruction (`tab`): it is passed by to whoever reads it then. After
// the last instruction of a beat (`tab_late`) it belongs to the store buffer only.
`include "stoa_tables.vh"
`default_nettype none
module stoa_lane #(
    parameter int SHARED = 0,
    parameter int HAS_Q = 0
) (
    input wire clk,
    input wire load,
    input wire [15:0] r_in,
    input wire [15:0] w_in,
    input wire [15:0] q_in,
    input wire [15:0] x_in,
    input wire [15:0] g_in,
    input wire run,
    input wire beat_end,
    input wire [4:0] op,
    input wire [4:0] d,
    input wire [4:0] a,
    input wire [4:0] b,
    input wire [4:0] n,
    input wire [1:0] round,
    input wire [15:0] scalar_a, // what a and b are when they name a scalar
    input wire [15:0] scalar_b,
    input wire [15:0] draw,
    input wire [15:0] product,
    input wire tab,
    input wire tab_late,
    input wire [4:0] tab_d,
    input wire [15:0] tab_q,
    output logic [15:0] first,  // operands, for the shared units
    output logic [15:0] second,
    output logic [15:0] reduced,
    output logic [15:0] r_out,
    output logic [15:0] w_out,
    output logic [15:0] q_out
);
    logic [15:0] v0, v1, v2, v3, r, rn, q, qn, x, g, w, wn, y, old, result, r_buf, w_buf, q_buf;
    logic [15:0] rn_now, qn_now, wn_now, v0_now, v1_now, v2_now, v3_now;
    logic bypass, writes;

    assign bypass = tab && !tab_late;
    assign v0_now = bypass && tab_d == `ST_OPERAND_V0 ? tab_q : v0;
    assign v1_now = bypass && tab_d == `ST_OPERAND_V0 + 5'd1 ? tab_q : v1;
    assign v2_now = bypass && tab_d == `ST_OPERAND_V0 + 5'd2 ? tab_q : v2;
    assign v3_now = bypass && tab_d == `ST_OPERAND_V0 + 5'd3 ? tab_q : v3;
    assign rn_now = bypass && tab_d == `ST_OPERAND_RN ? tab_q : rn;
    assign qn_now = bypass && tab_d == `ST_OPERAND_QN ? tab_q : qn;
    assign wn_now = bypass && tab_d == `ST_OPERAND_WN ? tab_q : wn;

    // an idle lane's operands are zero, and nothing moves behind them
    always_comb begin
        first = 16'd0;
        second = 16'd0;
        old = 16'd0;
        if (run) begin
            case (a)
                `ST_OPERAND_V0: first = v0_now;
                `ST_OPERAND_V0 + 5'd1: first = v1_now;
                `ST_OPERAND_V0 + 5'd2: first = v2_now;
                `ST_OPERAND_V0 + 5'd3: first = v3_now;
                `ST_OPERAND_R: first = r;
                `ST_OPERAND_RN: first = rn_now;
                `ST_OPERAND_Q: first = q;
                `ST_OPERAND_QN: first = qn_now;
                `ST_OPERAND_X: first = x;
                `ST_OPERAND_G: first = g;
                `ST_OPERAND_W: first = w;
                `ST_OPERAND_WN: first = wn_now;
                default: first = scalar_a;
            endcase
            case (b)
                `ST_OPERAND_V0: second = v0_now;
                `ST_OPERAND_V0 + 5'd1: second = v1_now;
                `ST_OPERAND_V0 + 5'd2: second = v2_now;
                `ST_OPERAND_V0 + 5'd3: second = v3_now;
                `ST_OPERAND_R: second = r;
                `ST_OPERAND_RN: second = rn_now;
                `ST_OPERAND_Q: second = q;
                `ST_OPERAND_QN: second = qn_now;
                `ST_OPERAND_X: second = x;
                `ST_OPERAND_G: second = g;
                `ST_OPERAND_W: second = w;
                `ST_OPERAND_WN: second = wn_now;
                default: second = scalar_b;
            endcase
            case (d)
                `ST_OPERAND_V0: old = v0_now;
                `ST_OPERAND_V0 + 5'd1: old = v1_now;
                `ST_OPERAND_V0 + 5'd2: old = v2_now;
                `ST_OPERAND_V0 + 5'd3: old = v3_now;
                `ST_OPERAND_RN: old = rn_now;
                `ST_OPERAND_QN: old = qn_now;
                default: old = wn_now;
            endcase
        end
    end

    stoa_alu #(.SHARED(SHARED)) alu (.op, .a(first), .b(second), .d(old), .n, .round, .draw, .product, .y);

    assign writes = run && op != `ST_OP_TAB && op != `ST_OP_EMIT;
    // each register names its enable, so that its clock can be gated
    logic [`ST_OPERAND_WN:`ST_OPERAND_V0] set, pass; // written by this instruction; by the table's answer
    always_comb
        for (int k = 32'(`ST_OPERAND_V0); k <= 32'(`ST_OPERAND_WN); k++) begin
            set[k] = writes && d == 5'(k);
            pass[k] = bypass && tab_d == 5'(k);
        end
    always_ff @(posedge clk) begin
        if (set[`ST_OPERAND_V0] || pass[`ST_OPERAND_V0]) v0 <= set[`ST_OPERAND_V0] ? y : tab_q;
        if (set[`ST_OPERAND_V0 + 5'd1] || pass[`ST_OPERAND_V0 + 5'd1]) v1 <= set[`ST_OPERAND_V0 + 5'd1] ? y : tab_q;
        if (set[`ST_OPERAND_V0 + 5'd2] || pass[`ST_OPERAND_V0 + 5'd2]) v2 <= set[`ST_OPERAND_V0 + 5'd2] ? y : tab_q;
        if (set[`ST_OPERAND_V0 + 5'd3] || pass[`ST_OPERAND_V0 + 5'd3]) v3 <= set[`ST_OPERAND_V0 + 5'd3] ? y : tab_q;
        if (load) begin
            r <= r_in;
            w <= w_in;
            x <= x_in;
            g <= g_in;
        end
        if (load || set[`ST_OPERAND_RN] || pass[`ST_OPERAND_RN]) rn <= load ? r_in : set[`ST_OPERAND_RN] ? y : tab_q;
        if (load || set[`ST_OPERAND_WN] || pass[`ST_OPERAND_WN]) wn <= load ? w_in : set[`ST_OPERAND_WN] ? y : tab_q;
        if (beat_end) begin
            r_buf <= set[`ST_OPERAND_RN] ? y : rn_now;
            w_buf <= set[`ST_OPERAND_WN] ? y : wn_now;
        end
        if (writes || tab) result <= writes ? y : tab_q;
    end
    assign reduced = tab ? tab_q : result;
    assign r_out = tab && tab_late && tab_d == `ST_OPERAND_RN ? tab_q : r_buf;
    assign w_out = tab && tab_late && tab_d == `ST_OPERAND_WN ? tab_q : w_buf;

    generate
        if (HAS_Q != 0) begin : g_q
            always_ff @(posedge clk) begin
                if (load) q <= q_in;
                if (load || set[`ST_OPERAND_QN] || pass[`ST_OPERAND_QN]) qn <= load ? q_in : set[`ST_OPERAND_QN] ? y : tab_q;
                if (beat_end) q_buf <= set[`ST_OPERAND_QN] ? y : qn_now;
            end
        end else begin : g_no_q
            logic unused;
            assign unused = &{1'b0, q_in, qn_now, set, pass};
            assign q = 16'd0;
            assign qn = 16'd0;
            assign q_buf = 16'd0;
        end
    endgenerate
    assign q_out = tab && tab_late && tab_d == `ST_OPERAND_QN ? tab_q : q_buf;
endmodule
`default_nettype wire
