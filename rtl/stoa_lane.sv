// stoa_lane - one synapse of a beat: its fields as fetched, those to be written, four temporaries, an ALU.
//
//     load ──> r w q x g, r' w' q' = r w q       run: d = op(a, b)       beat_end ──> store buffer, written a cycle later
//
// TAB's result comes out of the table a cycle after its instruction (`tab`): it is passed by to whoever reads it then. After
// the last instruction of a beat (`tab_late`) it belongs to the store buffer only.
module stoa_lane #(
    parameter int SHARED = 0,
    parameter int HAS_Q = 0
) (
    input logic clk,
    input logic load,
    input logic [15:0] r_in,
    input logic [15:0] w_in,
    input logic [15:0] q_in,
    input logic [15:0] x_in,
    input logic [15:0] g_in,
    input logic run,
    input logic beat_end,
    input logic [4:0] op,
    input logic [4:0] d,
    input logic [4:0] a,
    input logic [4:0] b,
    input logic [4:0] n,
    input logic [1:0] round,
    input logic [15:0] scalar_a, // what a and b are when they name a scalar
    input logic [15:0] scalar_b,
    input logic [15:0] draw,
    input logic [15:0] product,
    input logic tab,
    input logic tab_late,
    input logic [4:0] tab_d,
    input logic [15:0] tab_q,
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
    assign v0_now = bypass && tab_d == 5'd16 ? tab_q : v0;
    assign v1_now = bypass && tab_d == 5'd17 ? tab_q : v1;
    assign v2_now = bypass && tab_d == 5'd18 ? tab_q : v2;
    assign v3_now = bypass && tab_d == 5'd19 ? tab_q : v3;
    assign rn_now = bypass && tab_d == 5'd21 ? tab_q : rn;
    assign qn_now = bypass && tab_d == 5'd23 ? tab_q : qn;
    assign wn_now = bypass && tab_d == 5'd27 ? tab_q : wn;

    // an idle lane's operands are zero, and nothing moves behind them
    always_comb begin
        first = 16'd0;
        second = 16'd0;
        old = 16'd0;
        if (run) begin
            case (a)
                5'd16: first = v0_now;
                5'd17: first = v1_now;
                5'd18: first = v2_now;
                5'd19: first = v3_now;
                5'd20: first = r;
                5'd21: first = rn_now;
                5'd22: first = q;
                5'd23: first = qn_now;
                5'd24: first = x;
                5'd25: first = g;
                5'd26: first = w;
                5'd27: first = wn_now;
                default: first = scalar_a;
            endcase
            case (b)
                5'd16: second = v0_now;
                5'd17: second = v1_now;
                5'd18: second = v2_now;
                5'd19: second = v3_now;
                5'd20: second = r;
                5'd21: second = rn_now;
                5'd22: second = q;
                5'd23: second = qn_now;
                5'd24: second = x;
                5'd25: second = g;
                5'd26: second = w;
                5'd27: second = wn_now;
                default: second = scalar_b;
            endcase
            case (d)
                5'd16: old = v0_now;
                5'd17: old = v1_now;
                5'd18: old = v2_now;
                5'd19: old = v3_now;
                5'd21: old = rn_now;
                5'd23: old = qn_now;
                default: old = wn_now;
            endcase
        end
    end

    stoa_alu #(.SHARED(SHARED)) alu (.op, .a(first), .b(second), .d(old), .n, .round, .draw, .product, .y);

    assign writes = run && op != 5'd12 && op != 5'd14;
    // each register names its enable, so that its clock can be gated
    logic [27:16] set, pass; // written by this instruction; by the table's answer
    always_comb
        for (int k = 16; k < 28; k++) begin
            set[k] = writes && d == 5'(k);
            pass[k] = bypass && tab_d == 5'(k);
        end
    always_ff @(posedge clk) begin
        if (set[16] || pass[16]) v0 <= set[16] ? y : tab_q;
        if (set[17] || pass[17]) v1 <= set[17] ? y : tab_q;
        if (set[18] || pass[18]) v2 <= set[18] ? y : tab_q;
        if (set[19] || pass[19]) v3 <= set[19] ? y : tab_q;
        if (load) begin
            r <= r_in;
            w <= w_in;
            x <= x_in;
            g <= g_in;
        end
        if (load || set[21] || pass[21]) rn <= load ? r_in : set[21] ? y : tab_q;
        if (load || set[27] || pass[27]) wn <= load ? w_in : set[27] ? y : tab_q;
        if (beat_end) begin
            r_buf <= set[21] ? y : rn_now;
            w_buf <= set[27] ? y : wn_now;
        end
        if (writes || tab) result <= writes ? y : tab_q;
    end
    assign reduced = tab ? tab_q : result;
    assign r_out = tab && tab_late && tab_d == 5'd21 ? tab_q : r_buf;
    assign w_out = tab && tab_late && tab_d == 5'd27 ? tab_q : w_buf;

    generate
        if (HAS_Q != 0) begin : g_q
            always_ff @(posedge clk) begin
                if (load) q <= q_in;
                if (load || set[23] || pass[23]) qn <= load ? q_in : set[23] ? y : tab_q;
                if (beat_end) q_buf <= set[23] ? y : qn_now;
            end
        end else begin : g_no_q
            logic unused;
            assign unused = &{1'b0, q_in, qn_now, set, pass};
            assign q = 16'd0;
            assign qn = 16'd0;
            assign q_buf = 16'd0;
        end
    endgenerate
    assign q_out = tab && tab_late && tab_d == 5'd23 ? tab_q : q_buf;
endmodule
