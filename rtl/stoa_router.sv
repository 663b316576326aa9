// stoa_router - five ports, a queue behind each, a table that says where a block goes.
//
//     east west north south local ──queue──> head ──table: ports, input──> wanted ──arbiter of each port──> next tile
//
// A spike's block is looked up (one input a cycle, in turn); its packet is copied to each port of the entry as that port
// becomes free. Configuration goes along x, then along y, to the tile it names; replies go to tile (0, 0) and there west.
// Each input keeps its own head, so a packet waits only for ports that its way needs: with ways along x first no
// circle of waiting can close (docs/rtl.md). The local port has two readinesses, so that configuration which waits for the
// core never stands before a spike. A packet whose way leaves the mesh, whose block is none of the table's or whose entry
// has no port is dropped and counted.
`include "stoa_tables.vh"
`default_nettype none
module stoa_router #(
    parameter int BLOCKS = 64,
    parameter int DEPTH = 4,
    parameter int VALUES = 0,      // cores take what a packet brings
    parameter int GATED = 1,
    parameter int BW = BLOCKS > 1 ? $clog2(BLOCKS) : 1
) (
    input wire clk,
    input wire rst,
    input wire [11:0] here,     // x, y
    input wire [4:0] there,     // ports that have a neighbour: the host and the core among them
    input wire takes,           // the core takes configuration in this cycle
    output logic [2:0] drops,   // how many packets are dropped in this cycle
    input wire [4:0] in_valid,
    output logic [4:0] in_ready,
    input wire [5*51-1:0] in,
    output logic [4:0] out_valid,
    input wire [4:0] out_ready,
    output logic [5*51-1:0] out,
    output logic quiet,
    // table entry of a block: {ports 5, input 16}
    input wire cfg_we,
    input wire cfg_re,
    input wire [15:0] cfg_addr,
    input wire [31:0] cfg_wdata,
    output logic [31:0] cfg_rdata
);
    logic [4:0] head_valid, pop, ask, grant, looked, known, bad, spikes;
    logic [5*51-1:0] head, locals;
    logic [BW-1:0] block;
    logic [20:0] entry;
    logic [24:0] want, give;  // [5 i + o]: input i, output o
    logic [5*16-1:0] targets; // the core's input in each head's entry

    logic rclk;
    stoa_gate #(.GATED(GATED)) gate (.clk, .en(in_valid != 5'd0 || head_valid != 5'd0 || cfg_we || cfg_re || rst), .gclk(rclk));

    generate
        for (genvar i = 0; i < 5; i++) begin : g_in
            logic [50:0] flit;
            logic [2:0] kind;
            logic [5:0] x, y;
            logic [4:0] mask, way, now_mask, route, done;
            logic [15:0] target;
            logic [16:0] place;
            logic due;
            stoa_fifo #(.WIDTH(51), .DEPTH(DEPTH)) queue (
                .clk(rclk), .rst, .in_valid(in_valid[i]), .in_ready(in_ready[i]), .in(in[i*51+:51]), .out_valid(head_valid[i]),
                .out_ready(pop[i]), .out(head[i*51+:51])
            );
            assign flit = head[i*51+:51];
            assign kind = flit[50:48];
            assign x = kind == `ST_FLIT_REPLY ? 6'd0 : flit[47:42];
            assign y = kind == `ST_FLIT_REPLY ? 6'd0 : flit[41:36];
            // a spike asks for the table; anything else knows its way
            assign ask[i] = head_valid[i] && kind == `ST_FLIT_SPIKE && !known[i] && !looked[i];
            assign route = here[11:6] < x ? 5'd1 << `ST_PORT_EAST
                         : here[11:6] > x ? 5'd1 << `ST_PORT_WEST
                         : here[5:0] > y ? 5'd1 << `ST_PORT_NORTH
                         : here[5:0] < y ? 5'd1 << `ST_PORT_SOUTH
                         : kind == `ST_FLIT_REPLY ? 5'd1 << `ST_PORT_WEST
                         : 5'd1 << `ST_PORT_LOCAL;
            assign spikes[i] = kind == `ST_FLIT_SPIKE;
            assign way = !spikes[i] ? route : {1'b0, flit[47:32]} < 17'(BLOCKS) ? entry[20:16] : 5'd0;
            assign due = known[i] || looked[i] || (head_valid[i] && !spikes[i]); // its way stands
            assign now_mask = known[i] ? mask : due ? way & there : 5'd0;
            assign bad[i] = due && !known[i] && (way == 5'd0 || (way & ~there) != 5'd0);
            assign want[i*5+:5] = now_mask;
            assign target = known[i] ? targets[i*16+:16] : entry[15:0];
            assign done = give[i*5+:5];
            assign pop[i] = due && (now_mask & ~done) == 5'd0;
            always_ff @(posedge rclk) begin
                if (rst) {known[i], looked[i]} <= 2'd0;
                else begin
                    looked[i] <= grant[i];
                    known[i] <= now_mask != 5'd0 && !pop[i];
                end
                if (now_mask != 5'd0) mask <= now_mask & ~done;
                if (looked[i]) targets[i*16+:16] <= entry[15:0];
            end
            // what a core gets: which of its inputs, the last there can be when it is beyond, and the value if it knows any
            assign place = {1'b0, target} + {1'b0, flit[31:16]};
            assign locals[i*51+:51] = kind == `ST_FLIT_SPIKE ? {`ST_FLIT_SPIKE, 16'd0, place[15:0] | {16{place[16]}}, VALUES != 0 ? flit[15:0] : 16'd0} : flit;
        end
        for (genvar o = 0; o < 5; o++) begin : g_out
            logic [4:0] asks, chosen;
            for (genvar i = 0; i < 5; i++) begin : g_ask
                assign asks[i] = want[i*5+o] && (o != `ST_PORT_LOCAL || spikes[i] || takes);
                assign give[i*5+o] = chosen[i] && out_ready[o];
            end
            stoa_arbiter arbiter (.clk(rclk), .rst, .ask(asks), .take(out_valid[o] && out_ready[o]), .grant(chosen));
            assign out_valid[o] = asks != 5'd0;
            if (o == `ST_PORT_LOCAL) begin : g_local
                assign out[o*51+:51] = ({51{chosen[0]}} & locals[0+:51]) | ({51{chosen[1]}} & locals[51+:51])
                                     | ({51{chosen[2]}} & locals[102+:51]) | ({51{chosen[3]}} & locals[153+:51])
                                     | ({51{chosen[4]}} & locals[204+:51]);
            end else begin : g_link
                assign out[o*51+:51] = ({51{chosen[0]}} & head[0+:51]) | ({51{chosen[1]}} & head[51+:51])
                                     | ({51{chosen[2]}} & head[102+:51]) | ({51{chosen[3]}} & head[153+:51])
                                     | ({51{chosen[4]}} & head[204+:51]);
            end
        end
    endgenerate

    stoa_arbiter lookup (.clk(rclk), .rst, .ask(cfg_we || cfg_re ? 5'd0 : ask), .take(grant != 5'd0), .grant);
    assign block = ({BW{grant[0]}} & head[0+32+:BW]) | ({BW{grant[1]}} & head[51+32+:BW]) | ({BW{grant[2]}} & head[102+32+:BW])
                 | ({BW{grant[3]}} & head[153+32+:BW]) | ({BW{grant[4]}} & head[204+32+:BW]);
    stoa_ram1 #(.WIDTH(21), .DEPTH(BLOCKS)) entries (
        .clk(rclk), .ce(grant != 5'd0 || cfg_we || cfg_re), .we(cfg_we), .addr(cfg_we || cfg_re ? cfg_addr[BW-1:0] : block),
        .d(cfg_wdata[20:0]), .q(entry)
    );
    assign cfg_rdata = {11'd0, entry};
    assign quiet = head_valid == 5'd0;
    assign drops = 3'(bad[0]) + 3'(bad[1]) + 3'(bad[2]) + 3'(bad[3]) + 3'(bad[4]);
endmodule
`default_nettype wire
