// board - a mesh behind a serial line: two wires make it a machine of the host (`stoa run --on serial:DEV`).
//
//     rx ──> board_rx ──bytes──> board_line ──flits──> stoa_mesh
//     tx <── board_tx <──bytes── board_line <──flits── stoa_mesh
//
// Parameters are those of stoa_mesh, and CLKS: clocks a bit. WHO is answered with them, in the order of core.def.
`include "stoa_tables.vh"
`default_nettype none
module board #(
    parameter int CLKS = 25,
    parameter int W = 1,
    parameter int H = 1,
    parameter int AXONS = 1024,
    parameter int INPUTS = 1024,
    parameter int NEURONS = 128,
    parameter int K = 4,
    parameter int WB = 9,
    parameter int RB = 16,
    parameter int QB = 0,
    parameter int UB = 24,
    parameter int SLOTS = 16,
    parameter int LINES = 16384,
    parameter int RLINES = 16384,
    parameter int GROUPS = 8,
    parameter int COLUMNS = 16,
    parameter int BLOCKS = 16,
    parameter int ROUTES = 16,
    parameter int SHARED = 0,
    parameter int DRAWS = 1,
    parameter int RECRUITS = 0,
    parameter int MASKS = 0,
    parameter int RULES = 1,
    parameter int ADAPTS = 0,
    parameter int CURRENTS = 0,
    parameter int MEASURES = 0,
    parameter int RING = 0,
    parameter int VALUES = 0,
    parameter int EMITS = 0,
    parameter int GATED = 0
) (
    input wire clk,
    input wire rst,
    input wire rx,
    output logic tx,
    output logic busy // a tick or a packet is under way
);
    localparam int WORDS = `ST_BOARD_GATED + 1;
    logic in_valid, out_valid, out_ready, mesh_rst, host_valid, host_ready, back_valid, back_ready, tick_go;
    logic [7:0] in, out;
    logic [50:0] host, back;

    logic [32*WORDS-1:0] answer;
    assign answer[32*`ST_BOARD_MAGIC+:32] = `ST_BOARD_VALUE_MAGIC;
    assign answer[32*`ST_BOARD_LOST+:32] = 32'd0; // the line knows
    assign answer[32*`ST_BOARD_CLKS+:32] = CLKS;
    assign answer[32*`ST_BOARD_W+:32] = W;
    assign answer[32*`ST_BOARD_H+:32] = H;
    assign answer[32*`ST_BOARD_AXONS+:32] = AXONS;
    assign answer[32*`ST_BOARD_INPUTS+:32] = INPUTS;
    assign answer[32*`ST_BOARD_NEURONS+:32] = NEURONS;
    assign answer[32*`ST_BOARD_K+:32] = K;
    assign answer[32*`ST_BOARD_WB+:32] = WB;
    assign answer[32*`ST_BOARD_RB+:32] = RB;
    assign answer[32*`ST_BOARD_QB+:32] = QB;
    assign answer[32*`ST_BOARD_UB+:32] = UB;
    assign answer[32*`ST_BOARD_SLOTS+:32] = SLOTS;
    assign answer[32*`ST_BOARD_LINES+:32] = LINES;
    assign answer[32*`ST_BOARD_RLINES+:32] = RLINES;
    assign answer[32*`ST_BOARD_GROUPS+:32] = GROUPS;
    assign answer[32*`ST_BOARD_COLUMNS+:32] = COLUMNS;
    assign answer[32*`ST_BOARD_BLOCKS+:32] = BLOCKS;
    assign answer[32*`ST_BOARD_ROUTES+:32] = ROUTES;
    assign answer[32*`ST_BOARD_SHARED+:32] = SHARED;
    assign answer[32*`ST_BOARD_DRAWS+:32] = DRAWS;
    assign answer[32*`ST_BOARD_RECRUITS+:32] = RECRUITS;
    assign answer[32*`ST_BOARD_MASKS+:32] = MASKS;
    assign answer[32*`ST_BOARD_RULES+:32] = RULES;
    assign answer[32*`ST_BOARD_ADAPTS+:32] = ADAPTS;
    assign answer[32*`ST_BOARD_CURRENTS+:32] = CURRENTS;
    assign answer[32*`ST_BOARD_MEASURES+:32] = MEASURES;
    assign answer[32*`ST_BOARD_RING+:32] = RING;
    assign answer[32*`ST_BOARD_VALUES+:32] = VALUES;
    assign answer[32*`ST_BOARD_EMITS+:32] = EMITS;
    assign answer[32*`ST_BOARD_GATED+:32] = GATED;

    board_rx #(.CLKS(CLKS)) receiver (.clk, .rst, .rx, .valid(in_valid), .data(in));
    board_tx #(.CLKS(CLKS)) sender (.clk, .rst, .valid(out_valid), .ready(out_ready), .data(out), .tx);
    board_line #(
        .WORDS(WORDS)
    ) line (
        .clk, .rst, .in_valid, .in, .out_valid, .out_ready, .out, .mesh_rst, .host_valid, .host_ready, .host, .back_valid, .back_ready, .back, .answer
    );
    stoa_mesh #(
        .W(W), .H(H), .AXONS(AXONS), .INPUTS(INPUTS), .NEURONS(NEURONS), .K(K), .WB(WB), .RB(RB), .QB(QB), .UB(UB), .SLOTS(SLOTS),
        .LINES(LINES), .RLINES(RLINES), .GROUPS(GROUPS), .COLUMNS(COLUMNS), .BLOCKS(BLOCKS), .ROUTES(ROUTES), .SHARED(SHARED), .DRAWS(DRAWS),
        .RECRUITS(RECRUITS), .MASKS(MASKS), .RULES(RULES), .ADAPTS(ADAPTS), .CURRENTS(CURRENTS), .MEASURES(MEASURES),
        .RING(RING), .VALUES(VALUES), .EMITS(EMITS), .GATED(GATED)
    ) mesh (
        .clk, .rst(mesh_rst), .host_valid, .host_ready, .host, .back_valid, .back_ready, .back, .tick_go,
        // for whoever looks into it: not here
        /* verilator lint_off PINCONNECTEMPTY */
        .ret_event(), .ret_event_axon(), .ret_in(), .ret_in_n(), .ret_in_acc(), .ret_in_gate(), .ret_in_dopa(), .ret_state(), .ret_state_n(),
        .ret_state_u(), .ret_state_gate(), .ret_peak(), .ret_peak_n(), .ret_peak_u(), .ret_theta(), .ret_theta_n(), .ret_theta_d(),
        .ret_current(), .ret_current_n(), .ret_current_d(), .ret_column(), .ret_column_n(), .ret_column_d(), .ret_spike(), .ret_spike_ne(),
        .ret_pre(), .ret_pre_a(), .ret_pre_x(), .ret_post(), .ret_post_n(), .ret_post_x(), .ret_line(), .ret_line_d(), .ret_record(),
        .ret_record_at(), .ret_record_d(), .ret_program(), .ret_program_owner(), .ret_packet(), .ret_packet_d()
        /* verilator lint_on PINCONNECTEMPTY */
    );
    always_ff @(posedge clk) busy <= host_valid || back_valid || tick_go;
endmodule
`default_nettype wire
