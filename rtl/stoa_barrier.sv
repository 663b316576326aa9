// stoa_barrier - the door of the host, and the ticks: one ends when every core and router is quiet, and the next begins.
//
//     host ──SPIKE────────────────────────────────────────> router (0, 0)
//           ADDR, WRITE, READ ──wait until all was quiet──>
//           TICK n ──wait for quiet──> tick_go, n times, a tick each time all is quiet
//           TICK 0, other kinds ──> dropped
//
// TICK n stands between the packets of two ticks. It waits until all is quiet and then lets n ticks run, one after the other;
// what comes behind it waits for the last of them to begin, and belongs to that one. Configuration passes only when all has
// been quiet since the last tick began and no spike has gone in since: so it never meets a tick, nor a spike under way.
`include "stoa_tables.vh"
`default_nettype none
module stoa_barrier (
    input wire clk,
    input wire rst,
    input wire quiet,       // all cores and routers
    input wire host_valid,
    output logic host_ready,
    input wire [50:0] host,
    output logic in_valid,  // to the router of tile (0, 0)
    input wire in_ready,
    output logic [50:0] in,
    output logic dropped,   // what the host gives in this cycle is no packet
    output logic tick_go
);
    logic [31:0] left;
    logic [2:0] kind;
    logic still; // all was quiet, and nothing but configuration has gone in since
    logic free, token, spike, config_in, passes, fire;
    assign kind = host[50:48];
    assign free = left == 32'd0;
    assign token = kind == `ST_FLIT_TICK && host[31:0] != 32'd0;
    assign spike = kind == `ST_FLIT_SPIKE;
    assign config_in = kind == `ST_FLIT_ADDR || kind == `ST_FLIT_WRITE || kind == `ST_FLIT_READ;
    assign fire = quiet && !tick_go && (!free || (host_valid && token));
    assign passes = free && (spike || (config_in && still));
    assign dropped = host_valid && free && !token && !spike && !config_in;
    assign host_ready = token ? fire && free : passes ? in_ready : dropped;
    assign in_valid = host_valid && passes;
    assign in = host;
    always_ff @(posedge clk) begin
        if (rst) begin
            tick_go <= 1'b0;
            left <= 32'd0;
            still <= 1'b0;
        end else begin
            tick_go <= fire;
            if (fire) left <= free ? host[31:0] - 32'd1 : left - 32'd1;
            if (fire || (in_valid && spike)) still <= 1'b0;
            else if (quiet && !tick_go) still <= 1'b1;
        end
    end
endmodule
`default_nettype wire
