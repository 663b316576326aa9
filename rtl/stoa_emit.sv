// stoa_emit - spikes into packets: a queue that the update pass never has to wait for, and the blocks of each group.
//
//     spike ──queue──> group's first block and count ──block 0, 1, ..: is the source in it?──> packet (block, index, e)
//                 ^── a lane, what it emitted (EMITS): when no spike waits
//
// Three cycles a spike or lane and one a block, more when the network is not ready.
`default_nettype none
module stoa_emit #(
    parameter int NEURONS = 256,
    parameter int GROUPS = 8,
    parameter int BLOCKS = 64,   // that this core sends
    parameter int AXONS = 1024,
    parameter int EMITS = 0,     // lanes of rows are sources, too
    parameter int NW = $clog2(NEURONS),
    parameter int GW = GROUPS > 1 ? $clog2(GROUPS) : 1,
    parameter int BW = BLOCKS > 1 ? $clog2(BLOCKS) : 1,
    parameter int AW = $clog2(AXONS)
) (
    input wire clk,
    input wire rst,
    input wire push,
    input wire [GW-1:0] group,
    input wire [NW-1:0] member,
    input wire [NW-1:0] column,
    input wire [15:0] e,
    // a lane that speaks, and the group of the neurons whose rows emit
    input wire lane_valid,
    output logic lane_ready,
    input wire [AW-1:0] lane,
    input wire [15:0] lane_value,
    input wire [GW-1:0] lane_group,
    output logic busy,
    output logic valid,
    input wire ready,
    output logic [15:0] block,
    output logic [15:0] index,
    output logic [15:0] graded,
    // configuration: group words 2g {count, first here}, 2g + 1 first block; block words {by column, first, count},
    // of lanes {3 in 2 bits, first 14, count}
    input wire cfg_group_we,
    input wire cfg_block_we,
    input wire [BW+GW:0] cfg_addr,
    input wire [31:0] cfg_wdata,
    input wire [31:0] cfg_before
);
    localparam logic [1:0] REST = 2'd0, LOAD = 2'd1, FIND = 2'd2, SEND = 2'd3;
    logic [1:0] state;
    logic [NW-1:0] head, tail;
    logic [NW:0] count;
    logic pop, next, hit;
    logic [GW+2*NW+15:0] spike;
    logic [GW-1:0] g;
    logic [NW-1:0] i, c;
    logic [BW+BW+16:0] where_to;
    logic [BW-1:0] at;
    logic [BW:0] left, number;
    logic [15:0] block_at;
    logic [31:0] range;
    logic [15:0] source, off, first, spike_e;
    logic [GW-1:0] spike_g;
    logic takes, right; // a spike or a lane; the block is of such

    assign pop = state == REST && count != '0;
    stoa_ram2 #(.WIDTH(GW + 2 * NW + 16), .DEPTH(1 << NW)) queue (
        .clk, .re(pop), .raddr(head), .q(spike), .we(push), .waddr(tail), .d({group, member, column, e})
    );
    assign {spike_g, i, c, spike_e} = spike;
    stoa_ram1 #(.WIDTH(2 * BW + 17), .DEPTH(1 << GW)) groups (
        .clk, .ce(state == LOAD || (cfg_group_we && cfg_addr[0])), .we(cfg_group_we),
        .addr(cfg_group_we ? cfg_addr[GW:1] : g), .d({cfg_before[BW+16:16], cfg_before[BW-1:0], cfg_wdata[15:0]}), .q(where_to)
    );
    assign number = where_to[2*BW+16:BW+16];
    stoa_ram1 #(.WIDTH(32), .DEPTH(1 << BW)) ranges (
        .clk, .ce(state == FIND || next || cfg_block_we), .we(cfg_block_we),
        .addr(cfg_block_we ? cfg_addr[BW-1:0] : state == FIND ? where_to[BW+15:16] : at + 1'b1), .d(cfg_wdata), .q(range)
    );
    generate
        if (EMITS != 0) begin : g_lanes
            logic of_lane, by_lane;
            logic [AW-1:0] lane_q;
            logic [15:0] value_q;
            assign lane_ready = state == REST && count == '0;
            assign takes = pop || (lane_valid && lane_ready);
            always_ff @(posedge clk)
                if (takes) begin
                    of_lane <= !pop;
                    if (!pop) {lane_q, value_q} <= {lane, lane_value};
                end
            assign by_lane = range[31] && range[30];
            assign right = of_lane == by_lane;
            assign first = {1'b0, range[30] && !by_lane, range[29:16]};
            assign source = of_lane ? 16'(lane_q) : range[31] ? 16'(c) : 16'(i);
            assign g = of_lane ? lane_group : spike_g;
            assign graded = of_lane ? value_q : spike_e;
        end else begin : g_no_lanes
            logic unused;
            assign unused = &{1'b0, lane_valid, lane, lane_value, lane_group};
            assign lane_ready = 1'b0;
            assign takes = pop;
            assign right = 1'b1;
            assign first = {1'b0, range[30:16]};
            assign source = range[31] ? 16'(c) : 16'(i);
            assign g = spike_g;
            assign graded = spike_e;
        end
    endgenerate
    assign off = source - first;
    assign hit = right && source >= first && off < range[15:0];
    assign valid = state == SEND && hit;
    assign block = block_at;
    assign index = off;
    assign next = state == SEND && (!hit || ready);
    assign busy = state != REST || count != '0;

    always_ff @(posedge clk) begin
        if (rst) begin
            state <= REST;
            head <= '0;
            tail <= '0;
            count <= '0;
        end else begin
            case (state)
                REST: if (takes) state <= LOAD;
                LOAD: state <= FIND;
                FIND: state <= number == '0 ? REST : SEND;
                default: if (next && left == (BW + 1)'(1)) state <= REST;
            endcase
            if (pop) head <= head + 1'b1;
            if (push) tail <= tail + 1'b1;
            if (push != pop) count <= push ? count + 1'b1 : count - 1'b1;
        end
        if (state == FIND) begin
            at <= where_to[BW+15:16];
            left <= number;
            block_at <= where_to[15:0];
        end else if (next) begin
            at <= at + 1'b1;
            left <= left - 1'b1;
            block_at <= block_at + 16'd1;
        end
    end
endmodule
`default_nettype wire
