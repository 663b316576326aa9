// stoa_mesh - W x H tiles, each a router and a core; the host at the west of tile (0, 0); one barrier.
//
//     host ──> barrier ──> (0,0) ── (1,0) ── ..      x to the east, y to the south; edges without a neighbour neither
//          <────────────────┤        │               send nor take
//                         (0,1) ── (1,1) ── ..
//
// ret_* of tile t = y * W + x stand side by side.
`include "stoa_tables.vh"
`include "stoa_must.vh"
`default_nettype none
module stoa_mesh #(
    parameter int W = 1,
    parameter int H = 1,
    parameter int AXONS = 1024,
    parameter int INPUTS = 2048,
    parameter int NEURONS = 256,
    parameter int K = 4,
    parameter int WB = 8,
    parameter int RB = 16,
    parameter int QB = 0,
    parameter int UB = 24,
    parameter int AB = 32,
    parameter int SLOTS = 16,
    parameter int LINES = 65536,
    parameter int RLINES = 65536,
    parameter int GROUPS = 8,
    parameter int COLUMNS = 64,
    parameter int BLOCKS = 64,
    parameter int ROUTES = 256,
    parameter int SHARED = 0,
    parameter int DRAWS = 1,
    parameter int RECRUITS = 1,
    parameter int MASKS = 0,
    parameter int RULES = 1,
    parameter int ADAPTS = 0,
    parameter int CURRENTS = 0,
    parameter int MEASURES = 0,
    parameter int RING = 0,
    parameter int VALUES = 0,
    parameter int EMITS = 0,
    parameter int BURST = 1,
    parameter int GATED = 1,
    parameter int N = W * H
) (
    input wire clk,
    input wire rst,
    input wire host_valid,
    output logic host_ready,
    input wire [50:0] host,
    output logic back_valid,
    input wire back_ready,
    output logic [50:0] back,
    output logic tick_go,
    output logic [N-1:0] ret_event,
    output logic [N*16-1:0] ret_event_axon,
    output logic [N-1:0] ret_in,
    output logic [N*16-1:0] ret_in_n,
    output logic [N*32-1:0] ret_in_acc,
    output logic [N*32-1:0] ret_in_gate,
    output logic [N*32-1:0] ret_in_dopa,
    output logic [N-1:0] ret_state,
    output logic [N*16-1:0] ret_state_n,
    output logic [N*32-1:0] ret_state_u,
    output logic [N*16-1:0] ret_state_gate,
    output logic [N-1:0] ret_peak,
    output logic [N*16-1:0] ret_peak_n,
    output logic [N*32-1:0] ret_peak_u,
    output logic [N-1:0] ret_theta,
    output logic [N*16-1:0] ret_theta_n,
    output logic [N*32-1:0] ret_theta_d,
    output logic [N-1:0] ret_current,
    output logic [N*16-1:0] ret_current_n,
    output logic [N*64-1:0] ret_current_d,
    output logic [N-1:0] ret_column,
    output logic [N*16-1:0] ret_column_n,
    output logic [N*32-1:0] ret_column_d,
    output logic [N-1:0] ret_spike,
    output logic [N*32-1:0] ret_spike_ne,
    output logic [N-1:0] ret_pre,
    output logic [N*16-1:0] ret_pre_a,
    output logic [N*16-1:0] ret_pre_x,
    output logic [N-1:0] ret_post,
    output logic [N*16-1:0] ret_post_n,
    output logic [N*16-1:0] ret_post_x,
    output logic [N*K-1:0] ret_line,
    output logic [N*K*48-1:0] ret_line_d,
    output logic [N-1:0] ret_record,
    output logic [N*16-1:0] ret_record_at,
    output logic [N*32-1:0] ret_record_d,
    output logic [N-1:0] ret_program,
    output logic [N*16-1:0] ret_program_owner,
    output logic [N-1:0] ret_packet,
    output logic [N*51-1:0] ret_packet_d
);
    logic [5*N-1:0] in_valid, in_ready, out_valid, out_ready;
    logic [5*51*N-1:0] in, out;
    logic [N-1:0] core_quiet, router_quiet;
    logic door_valid, door_ready, door_drops, knock, answer;
    logic [50:0] door;

    logic reset; // a cycle after rst: then nothing inside waits for an input
    always_ff @(posedge clk) reset <= rst;
    // during both nothing is taken
    assign knock = host_valid && !rst && !reset;
    assign host_ready = answer && !rst && !reset;

    generate
        `ST_MUST(W >= 1 && W <= 64 && H >= 1 && H <= 64, W_and_H_must_be_1_to_64, "W and H must be 1 to 64: a packet has 6 bits for each")
        `ST_MUST(ROUTES >= 1 && ROUTES <= 65536, ROUTES_must_be_1_to_65536, "ROUTES must be 1 to 65536: a packet has 16 bits for its block")
    endgenerate

    stoa_barrier barrier (
        .clk, .rst(reset), .quiet(&core_quiet && &router_quiet), .host_valid(knock), .host_ready(answer), .host,
        .in_valid(door_valid), .in_ready(door_ready), .in(door), .dropped(door_drops), .tick_go
    );
    assign door_ready = in_ready[1];
    assign back_valid = out_valid[1];
    assign back = out[51+:51];

    generate
        for (genvar t = 0; t < N; t++) begin : g_tile
            localparam int X = t % W;
            localparam int Y = t / W;
            logic route_we, route_re;
            logic [15:0] route_addr;
            logic [31:0] route_wdata, route_rdata;
            logic [11:0] here;
            logic [4:0] there;
            logic [2:0] drops;
            logic takes;
            assign here = {6'(X), 6'(Y)};
            assign there[`ST_PORT_EAST] = X + 1 < W;
            assign there[`ST_PORT_WEST] = X > 0 || Y == 0; // the host
            assign there[`ST_PORT_NORTH] = Y > 0;
            assign there[`ST_PORT_SOUTH] = Y + 1 < H;
            assign there[`ST_PORT_LOCAL] = 1'b1;

            // east
            if (X + 1 < W) begin : g_east
                assign in_valid[5*t+0] = out_valid[5*(t+1)+1];
                assign in[51*(5*t+0)+:51] = out[51*(5*(t+1)+1)+:51];
                assign out_ready[5*t+0] = in_ready[5*(t+1)+1];
            end else begin : g_no_east
                assign in_valid[5*t+0] = 1'b0;
                assign in[51*(5*t+0)+:51] = 51'd0;
                assign out_ready[5*t+0] = 1'b0;
            end
            // west, and the host
            if (X > 0) begin : g_west
                assign in_valid[5*t+1] = out_valid[5*(t-1)+0];
                assign in[51*(5*t+1)+:51] = out[51*(5*(t-1)+0)+:51];
                assign out_ready[5*t+1] = in_ready[5*(t-1)+0];
            end else if (Y == 0) begin : g_host
                assign in_valid[5*t+1] = door_valid;
                assign in[51*(5*t+1)+:51] = door;
                assign out_ready[5*t+1] = back_ready;
            end else begin : g_no_west
                assign in_valid[5*t+1] = 1'b0;
                assign in[51*(5*t+1)+:51] = 51'd0;
                assign out_ready[5*t+1] = 1'b0;
            end
            // north
            if (Y > 0) begin : g_north
                assign in_valid[5*t+2] = out_valid[5*(t-W)+3];
                assign in[51*(5*t+2)+:51] = out[51*(5*(t-W)+3)+:51];
                assign out_ready[5*t+2] = in_ready[5*(t-W)+3];
            end else begin : g_no_north
                assign in_valid[5*t+2] = 1'b0;
                assign in[51*(5*t+2)+:51] = 51'd0;
                assign out_ready[5*t+2] = 1'b0;
            end
            // south
            if (Y + 1 < H) begin : g_south
                assign in_valid[5*t+3] = out_valid[5*(t+W)+2];
                assign in[51*(5*t+3)+:51] = out[51*(5*(t+W)+2)+:51];
                assign out_ready[5*t+3] = in_ready[5*(t+W)+2];
            end else begin : g_no_south
                assign in_valid[5*t+3] = 1'b0;
                assign in[51*(5*t+3)+:51] = 51'd0;
                assign out_ready[5*t+3] = 1'b0;
            end

            stoa_router #(.BLOCKS(ROUTES), .VALUES(VALUES), .GATED(GATED)) router (
                .clk, .rst(reset), .here, .there, .takes, .drops, .in_valid(in_valid[5*t+:5]), .in_ready(in_ready[5*t+:5]), .in(in[255*t+:255]),
                .out_valid(out_valid[5*t+:5]), .out_ready(out_ready[5*t+:5]), .out(out[255*t+:255]), .quiet(router_quiet[t]),
                .cfg_we(route_we), .cfg_re(route_re), .cfg_addr(route_addr), .cfg_wdata(route_wdata), .cfg_rdata(route_rdata)
            );
            stoa_core #(
                .AXONS(AXONS), .INPUTS(INPUTS), .NEURONS(NEURONS), .K(K), .WB(WB), .RB(RB), .QB(QB), .UB(UB), .AB(AB), .SLOTS(SLOTS), .LINES(LINES),
                .RLINES(RLINES), .GROUPS(GROUPS), .COLUMNS(COLUMNS), .BLOCKS(BLOCKS), .SHARED(SHARED), .DRAWS(DRAWS),
                .RECRUITS(RECRUITS), .MASKS(MASKS), .RULES(RULES), .ADAPTS(ADAPTS), .CURRENTS(CURRENTS), .MEASURES(MEASURES), .RING(RING), .VALUES(VALUES),
                .EMITS(EMITS), .BURST(BURST), .GATED(GATED)
            ) core (
                .clk, .rst(reset), .tick_go, .quiet(core_quiet[t]), .in_valid(out_valid[5*t+4]), .in_ready(out_ready[5*t+4]),
                .in(out[51*(5*t+4)+:51]), .out_valid(in_valid[5*t+4]), .out_ready(in_ready[5*t+4]), .out(in[51*(5*t+4)+:51]),
                .here, .takes, .drops({1'b0, drops} + 4'(t == 0 && door_drops)), .route_we, .route_re, .route_addr, .route_wdata, .route_rdata,
                .ret_event(ret_event[t]), .ret_event_axon(ret_event_axon[16*t+:16]), .ret_in(ret_in[t]),
                .ret_in_n(ret_in_n[16*t+:16]), .ret_in_acc(ret_in_acc[32*t+:32]), .ret_in_gate(ret_in_gate[32*t+:32]),
                .ret_in_dopa(ret_in_dopa[32*t+:32]), .ret_state(ret_state[t]), .ret_state_n(ret_state_n[16*t+:16]),
                .ret_state_u(ret_state_u[32*t+:32]), .ret_state_gate(ret_state_gate[16*t+:16]), .ret_peak(ret_peak[t]),
                .ret_peak_n(ret_peak_n[16*t+:16]), .ret_peak_u(ret_peak_u[32*t+:32]), .ret_theta(ret_theta[t]),
                .ret_theta_n(ret_theta_n[16*t+:16]), .ret_theta_d(ret_theta_d[32*t+:32]), .ret_current(ret_current[t]),
                .ret_current_n(ret_current_n[16*t+:16]), .ret_current_d(ret_current_d[64*t+:64]), .ret_column(ret_column[t]),
                .ret_column_n(ret_column_n[16*t+:16]), .ret_column_d(ret_column_d[32*t+:32]), .ret_spike(ret_spike[t]),
                .ret_spike_ne(ret_spike_ne[32*t+:32]), .ret_pre(ret_pre[t]), .ret_pre_a(ret_pre_a[16*t+:16]),
                .ret_pre_x(ret_pre_x[16*t+:16]), .ret_post(ret_post[t]), .ret_post_n(ret_post_n[16*t+:16]),
                .ret_post_x(ret_post_x[16*t+:16]), .ret_line(ret_line[K*t+:K]), .ret_line_d(ret_line_d[48*K*t+:48*K]),
                .ret_record(ret_record[t]), .ret_record_at(ret_record_at[16*t+:16]), .ret_record_d(ret_record_d[32*t+:32]),
                .ret_program(ret_program[t]), .ret_program_owner(ret_program_owner[16*t+:16])
            );
            assign ret_packet[t] = in_valid[5*t+4] && in_ready[5*t+4];
            assign ret_packet_d[51*t+:51] = in[51*(5*t+4)+:51];
        end
    endgenerate
endmodule
`default_nettype wire
