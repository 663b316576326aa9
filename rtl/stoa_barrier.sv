// stoa_barrier - a tick ends when every core and router is quiet, and the next begins: no host in the loop.
//
// The host's stream is packets and tokens. TICK n stands between the packets of two ticks; it waits at the door until all is
// quiet and then lets n ticks run, one after the other. What comes behind it belongs to the last of them.
`include "stoa_tables.vh"
`default_nettype none
module stoa_barrier (
    input wire clk,
    input wire rst,
    input wire quiet,       // all cores and routers
    input wire host_valid,
    output logic host_ready,
    input wire [50:0] host,
    output logic in_valid,   // to the router of tile (0, 0)
    input wire in_ready,
    output logic [50:0] in,
    output logic tick_go
);
    logic [31:0] left;
    logic token, fire;
    assign token = host_valid && host[50:48] == `ST_FLIT_TICK;
    assign fire = quiet && !tick_go && (left != 32'd0 || token);
    assign host_ready = token ? fire && left == 32'd0 : in_ready;
    assign in_valid = host_valid && !token;
    assign in = host;
    always_ff @(posedge clk) begin
        if (rst) begin
            tick_go <= 1'b0;
            left <= 32'd0;
        end else begin
            tick_go <= fire;
            if (fire) left <= left != 32'd0 ? left - 32'd1 : host[31:0] - 32'd1;
        end
    end
endmodule
`default_nettype wire
