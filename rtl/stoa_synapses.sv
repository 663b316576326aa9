// stoa_synapses - the synapses of a core, a field in banks of its own: weights (and lists of sparse rows), resources, auxiliary
// words, and whether there is a synapse at all.
//
//     walk   ──row of an axon───> W                      one user at a time: rows while axons are delivered, columns or rows
//     engine ──lines of lanes──> W R Q, is there one?    while a program runs, single words while the core is configured
//     host   ──line, bank──────> any of them
//
// Only the weights are read when an axon has an event, so the learning memory (R, Q, the mask) has a clock of its own.
`include "stoa_tables.vh"
`default_nettype none
module stoa_synapses #(
    parameter int K = 4,
    parameter int WB = 8,
    parameter int RB = 16,
    parameter int QB = 0,
    parameter int LINES = 65536,
    parameter int RLINES = 65536,
    parameter int MASKS = 0,
    parameter int RING = 0,
    parameter int WHERE = 8,
    parameter int BURST = 1,
    parameter int KX = K > 1 ? $clog2(K) : 1,
    parameter int KW = $clog2(K),
    parameter int LW = $clog2(LINES),
    parameter int RLW = $clog2(RLINES),
    parameter int QW = QB > 0 ? QB : 1
) (
    input wire clk,
    input wire clk_learn,
    // the row of an axon
    input wire beat,
    input wire fresh,
    input wire sparse,
    input wire [KX-1:0] axon,
    input wire [LW-1:0] row_line,
    input wire [K-1:0] row_wrap,
    // the learning engine, by lane
    input wire engine_busy,
    input wire engine_read,
    input wire [KX-1:0] engine_turn,
    input wire [K*LW-1:0] engine_line,
    input wire [K-1:0] w_write,
    input wire [K-1:0] r_write,
    input wire [K-1:0] q_write,
    input wire [K*WB-1:0] w_d,
    input wire [K*RB-1:0] r_d,
    input wire [K*QW-1:0] q_d,
    input wire masked,             // a pair without a bit has no synapse
    output logic [K*WB-1:0] w_q,
    output logic [K*WHERE-1:0] where_q,
    output logic [K*RB-1:0] r_q,
    output logic [K*QW-1:0] q_q,
    output logic [K-1:0] joined_q,
    // configuration: words line * K + bank of a region
    input wire cfg_we,
    input wire cfg_re,
    input wire [4:0] cfg_region,
    input wire [23:0] cfg_addr,
    input wire [31:0] cfg_wdata,
    input wire [4:0] cfg_read_region, // of the word that was read last
    input wire [KX+KW:0] cfg_read_addr,
    output logic [31:0] cfg_rdata
);
    logic we_w, we_r, we_q, we_join, re_w, re_r, re_join, configured, by_row, joined_at;
    logic [K-1:0] cfg_lane;
    logic [KX-1:0] turn, cfg_bank, lane_at;
    logic [K*LW-1:0] lane_line;
    logic [K*RLW-1:0] r_line;
    logic [WB-1:0] w_at;
    logic [WHERE-1:0] where_at;
    logic [K*WHERE-1:0] wide_d;
    logic odd_at; // of lists: who reads an odd line reads all of it
    logic [RB-1:0] r_at;
    logic [QW-1:0] q_at;
    assign we_w = cfg_we && cfg_region == `ST_REGION_W;
    assign we_r = cfg_we && cfg_region == `ST_REGION_R;
    assign we_q = cfg_we && cfg_region == `ST_REGION_Q;
    assign we_join = cfg_we && cfg_region == `ST_REGION_JOIN;
    assign re_w = cfg_re && cfg_region == `ST_REGION_W;
    assign re_r = cfg_re && (cfg_region == `ST_REGION_R || cfg_region == `ST_REGION_Q);
    assign re_join = cfg_re && cfg_region == `ST_REGION_JOIN;

    assign configured = cfg_we || cfg_re;
    assign cfg_bank = cfg_addr[KX-1:0] & KX'(K - 1);
    assign by_row = !configured && !engine_busy;
    assign turn = configured ? '0 : engine_turn;
    generate
        for (genvar l = 0; l < K; l++) begin : g_lane
            assign cfg_lane[l] = cfg_bank == KX'(l);
            assign lane_line[l*LW+:LW] = configured ? LW'(cfg_addr >> KW) : engine_line[l*LW+:LW];
            assign r_line[l*RLW+:RLW] = RLW'(lane_line[l*LW+:LW]);
            assign wide_d[l*WHERE+:WHERE] = we_w ? cfg_wdata[WHERE-1:0] : WHERE'($signed(w_d[l*WB+:WB]));
        end
    endgenerate
    stoa_weights #(.K(K), .WIDTH(WB), .RING(RING), .WHERE(WHERE), .LINES(LINES), .BURST(BURST)) weights (
        .clk, .read(engine_read || beat || re_w), .write(we_w ? cfg_lane : w_write),
        .turn(by_row ? axon & KX'(K - 1) : turn), .lane_line, .by_row, .fresh, .both(sparse), .row_line, .row_wrap,
        .d(wide_d), .q(w_q), .where(where_q)
    );
    stoa_banks #(.K(K), .WIDTH(RB), .LINES(RLINES)) resources (
        .clk(clk_learn), .read(engine_read || re_r), .write(we_r ? cfg_lane : r_write), .turn, .lane_line(r_line), .by_row(1'b0), .fresh(1'b0),
        .row_line(RLW'(0)), .row_wrap(K'(0)), .d(we_r ? {K{cfg_wdata[RB-1:0]}} : r_d), .q(r_q)
    );
    generate
        if (QB > 0) begin : g_q
            stoa_banks #(.K(K), .WIDTH(QW), .LINES(RLINES)) aux (
                .clk(clk_learn), .read(engine_read || re_r), .write(we_q ? cfg_lane : q_write), .turn, .lane_line(r_line),
                .by_row(1'b0), .fresh(1'b0), .row_line(RLW'(0)), .row_wrap(K'(0)),
                .d(we_q ? {K{cfg_wdata[QW-1:0]}} : q_d), .q(q_q)
            );
        end else begin : g_no_q
            logic unused;
            assign unused = &{1'b0, we_q, q_write, q_d};
            assign q_q = '0;
        end
    endgenerate
    generate
        if (MASKS != 0) begin : g_masks
            logic [K-1:0] joined;
            stoa_banks #(.K(K), .WIDTH(1), .LINES(RLINES)) mask (
                .clk(clk_learn), .read(engine_read || re_join), .write(we_join ? cfg_lane : K'(0)), .turn, .lane_line(r_line), .by_row(1'b0), .fresh(1'b0),
                .row_line(RLW'(0)), .row_wrap(K'(0)), .d({K{cfg_wdata[0]}}), .q(joined)
            );
            assign joined_q = masked ? joined : '1;
            assign joined_at = joined[lane_at];
        end else begin : g_no_masks
            logic unused;
            assign unused = &{1'b0, we_join, re_join, masked};
            assign joined_q = '1;
            assign joined_at = 1'b0;
        end
    endgenerate

    assign lane_at = cfg_read_addr[KX-1:0] & KX'(K - 1);
    assign odd_at = RING != 0 && cfg_read_addr[KW];
    assign where_at = where_q[lane_at*WHERE+:WHERE];
    assign w_at = w_q[lane_at*WB+:WB];
    assign r_at = r_q[lane_at*RB+:RB];
    assign q_at = q_q[lane_at*QW+:QW];
    always_comb
        case (cfg_read_region)
            `ST_REGION_W: cfg_rdata = odd_at ? 32'($signed(where_at)) : 32'($signed(w_at));
            `ST_REGION_R: cfg_rdata = 32'($signed(r_at));
            `ST_REGION_Q: cfg_rdata = 32'($signed(q_at));
            default: cfg_rdata = {31'd0, joined_at};
        endcase
endmodule
`default_nettype wire
