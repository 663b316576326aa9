// stoa_reduce - sum or maximum over the lanes of a beat, a level of the tree a cycle.
//
//     lanes 16 bits ──pairs──pairs──> one number, log2 K cycles later, with where it goes (1 a0, 2 a1, 3 a2, 4 m)
`include "stoa_tables.vh"
`default_nettype none
module stoa_reduce #(
    parameter int K = 4,
    parameter int KW = $clog2(K)
) (
    input wire clk,
    input wire rst,
    input wire [2:0] to_in,   // 0: nothing
    input wire [K-1:0] active,
    input wire [K*16-1:0] in,
    output logic [2:0] to,
    output logic [31:0] out
);
    localparam int W = 16 + KW;
    logic [K*W-1:0] level[KW+1];
    logic [3*(KW+1)-1:0] dest;
    generate
        if (K == 1) begin : g_no_tree
            logic unused;
            assign unused = &{1'b0, clk, rst};
        end
        for (genvar l = 0; l < K; l++) begin : g_in
            assign level[0][l*W+:W] = active[l] ? W'($signed(in[l*16+:16])) : to_in == `ST_REDUCE_MAX ? W'($signed(16'h8000)) : '0;
        end
        assign dest[2:0] = to_in;
        for (genvar s = 0; s < KW; s++) begin : g_level
            logic [2:0] here;
            logic [2:0] next;
            assign here = dest[3*s+:3];
            assign dest[3*s+3+:3] = next;
            always_ff @(posedge clk)
                if (rst) next <= `ST_REDUCE_NONE;
                else next <= here;
            for (genvar l = 0; l < K; l++) begin : g_node
                if (l < (K >> (s + 1))) begin : g_used
                    logic [W-1:0] p, q, n;
                    assign p = level[s][2*l*W+:W];
                    assign q = level[s][(2*l+1)*W+:W];
                    always_ff @(posedge clk)
                        if (here != `ST_REDUCE_NONE) n <= here == `ST_REDUCE_MAX ? ($signed(p) > $signed(q) ? p : q) : p + q;
                    assign level[s+1][l*W+:W] = n;
                end else begin : g_none
                    assign level[s+1][l*W+:W] = '0;
                end
            end
        end
    endgenerate
    assign to = dest[3*KW+:3];
    assign out = 32'($signed(level[KW][W-1:0]));
endmodule
`default_nettype wire
