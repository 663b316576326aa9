// stoa_rotate - K words turned by a number of places: out[l] = in[(l + by) mod K]. K is a power of two.
`default_nettype none
module stoa_rotate #(
    parameter int K = 4,
    parameter int WIDTH = 8,
    parameter int KX = K > 1 ? $clog2(K) : 1
) (
    input wire [K*WIDTH-1:0] in,
    input wire [KX-1:0] by,
    output logic [K*WIDTH-1:0] out
);
    generate
        if (K == 1) begin : g_one
            logic unused;
            assign unused = &{1'b0, by};
            assign out = in;
        end else begin : g_many
            for (genvar s = 0; s < KX; s++) begin : g_stage
                localparam int N = WIDTH << s;
                logic [K*WIDTH-1:0] from, to;
                if (s == 0) begin : g_first
                    assign from = in;
                end else begin : g_next
                    assign from = g_stage[s-1].to;
                end
                assign to = by[s] ? {from[N-1:0], from[K*WIDTH-1:N]} : from;
            end
            assign out = g_stage[KX-1].to;
        end
    endgenerate
endmodule
`default_nettype wire
