// stoa_table - the look-up tables behind one or K ports: index (a - base) >> shift, clamped (st_table_at). An answer comes
// a cycle after the question. Each port has its own copy of the memory; all are written at once.
`default_nettype none
module stoa_table #(
    parameter int PORTS = 4,
    parameter int TABLES = 4
) (
    input wire clk,
    input wire rst,
    input wire [PORTS-1:0] ask,
    input wire [1:0] which,
    input wire [1:0] first_which,   // of port 0
    input wire [31:0] scalar,       // port 0 when it asks for a scalar
    input wire is_scalar,
    input wire [PORTS*16-1:0] a,
    output logic [PORTS*16-1:0] q,
    input wire cfg_we,
    input wire cfg_re,
    input wire [10:0] cfg_addr,     // 0..1023 entries, 1024.. {size, shift, base} of each
    input wire [31:0] cfg_wdata,
    output logic [31:0] cfg_rdata
);
    logic [15:0] base[TABLES];
    logic [4:0] shift[TABLES];
    logic [8:0] size[TABLES];
    logic data;
    assign data = !cfg_addr[10];
    generate
        for (genvar p = 0; p < PORTS; p++) begin : g_port
            logic signed [32:0] wide, off, index;
            logic [1:0] mine;
            logic [15:0] base_k;
            logic [4:0] shift_k;
            logic [8:0] size_k, top;
            logic [7:0] at;
            logic configure, ce;
            logic [9:0] addr;
            logic [15:0] answer;
            assign mine = p == 0 ? first_which : which;
            assign base_k = base[mine];
            assign shift_k = shift[mine];
            assign size_k = size[mine];
            assign wide = p == 0 && is_scalar ? {scalar[31], scalar} : 33'($signed(a[p*16+:16]));
            assign off = wide - 33'($signed(base_k));
            assign index = off >>> shift_k;
            assign top = size_k - 9'd1;
            assign at = index[32] ? 8'd0 : index >= $signed({24'd0, size_k}) ? top[7:0] : index[7:0];
            if (p == 0) begin : g_first
                assign configure = cfg_we || cfg_re;
            end else begin : g_other
                assign configure = cfg_we;
            end
            assign ce = ask[p] || (data && configure);
            assign addr = configure ? cfg_addr[9:0] : {mine, at};
            stoa_ram1 #(.WIDTH(16), .DEPTH(TABLES * 256)) bank (
                .clk, .ce, .we(cfg_we && data), .addr, .d(cfg_wdata[15:0]), .q(answer)
            );
            assign q[p*16+:16] = answer;
        end
    endgenerate
    assign cfg_rdata = data ? {16'd0, q[15:0]} : {2'd0, size[cfg_addr[1:0]], shift[cfg_addr[1:0]], base[cfg_addr[1:0]]};
    always_ff @(posedge clk)
        if (rst)
            for (int i = 0; i < TABLES; i++) begin
                base[i] <= 16'd0;
                shift[i] <= 5'd0;
                size[i] <= 9'd1;
            end
        else if (cfg_we && !data) begin
            base[cfg_addr[1:0]] <= cfg_wdata[15:0];
            shift[cfg_addr[1:0]] <= cfg_wdata[20:16];
            size[cfg_addr[1:0]] <= cfg_wdata[29:21];
        end
endmodule
`default_nettype wire
