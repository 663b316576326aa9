// stoa_traces - the records of presynaptic (axons) or postsynaptic (neurons) traces: what was last received, and when.
//
//     x 16 bits | tick of the last event + 1, 32 bits, 0: never       K banks, member m in bank m mod K
//
// One member at a time for events, K at a time for the learning engine; ages are differences, nothing is swept.
`default_nettype none
module stoa_traces #(
    parameter int MEMBERS = 1024,
    parameter int K = 4,
    parameter int FW = 11,
    parameter int KX = K > 1 ? $clog2(K) : 1,
    parameter int KW = $clog2(K),
    parameter int MW = $clog2(MEMBERS),
    parameter int ROWS = (MEMBERS + K - 1) / K,
    parameter int RW = ROWS > 1 ? $clog2(ROWS) : 1
) (
    input wire clk,
    input wire one_read,
    input wire [MW-1:0] one,
    output logic [47:0] one_q,
    input wire line_read,
    input wire [K*FW-1:0] line_rows,
    output logic [K*48-1:0] line_q,
    input wire write,
    input wire [MW-1:0] write_member,
    input wire [47:0] d,
    // configuration: words 2m x, 2m + 1 tick + 1
    input wire cfg_we,
    input wire cfg_re,
    input wire [MW:0] cfg_addr,
    input wire [31:0] cfg_wdata,
    input wire [31:0] cfg_before,
    output logic [31:0] cfg_rdata
);
    logic [MW-1:0] read_at, write_at;
    logic [KX-1:0] lane;
    logic single, commit;
    logic [47:0] data;
    assign single = one_read || cfg_re;
    assign read_at = cfg_re ? cfg_addr[MW:1] : one;
    assign commit = write || (cfg_we && cfg_addr[0]);
    assign write_at = write ? write_member : cfg_addr[MW:1];
    assign data = write ? d : {cfg_before[15:0], cfg_wdata};
    generate
        for (genvar l = 0; l < K; l++) begin : g_bank
            logic mine_r, mine_w;
            logic [RW-1:0] raddr;
            assign mine_r = (read_at[KX-1:0] & KX'(K - 1)) == KX'(l);
            assign mine_w = (write_at[KX-1:0] & KX'(K - 1)) == KX'(l);
            assign raddr = single ? RW'(read_at >> KW) : RW'(line_rows[l*FW+:FW]);
            stoa_ram2 #(.WIDTH(48), .DEPTH(ROWS)) bank (
                .clk, .re(line_read || (single && mine_r)), .raddr, .q(line_q[l*48+:48]),
                .we(commit && mine_w), .waddr(RW'(write_at >> KW)), .d(data)
            );
        end
    endgenerate
    always_ff @(posedge clk)
        if (single) lane <= read_at[KX-1:0] & KX'(K - 1);
    assign one_q = line_q[lane*48+:48];
    assign cfg_rdata = cfg_addr[0] ? one_q[31:0] : {16'd0, one_q[47:32]};
endmodule
`default_nettype wire
