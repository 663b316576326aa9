// f_reduce - the tree gives the sum, or the maximum, of the lanes that count, log2 K cycles later, a beat a cycle.
module f_reduce #(
    parameter int K = 4,
    parameter int KW = $clog2(K)
) (
    input logic clk,
    input logic [2:0] to_in,
    input logic [K-1:0] active,
    input logic [K*16-1:0] in
);
    logic begun;
    initial begun = 1'b0;
    logic [2:0] to;
    logic [31:0] out;
    logic signed [39:0] top, want;
    logic signed [39:0] add[2*K], most[2*K]; // node 1 the root, K.. the leaves: integers, so any order gives the same
    stoa_reduce #(.K(K)) dut (.clk, .rst(!begun), .to_in, .active, .in, .to, .out);
    generate
        for (genvar l = 0; l < K; l++) begin : g_leaf
            assign add[K+l] = active[l] ? {{24{in[l*16+15]}}, in[l*16+:16]} : 40'sd0;
            assign most[K+l] = active[l] ? {{24{in[l*16+15]}}, in[l*16+:16]} : -40'sd32768;
        end
        for (genvar i = 1; i < K; i++) begin : g_sum
            assign add[i] = add[2*i] + add[2*i+1];
            assign most[i] = most[2*i] > most[2*i+1] ? most[2*i] : most[2*i+1];
        end
    endgenerate
    assign top = most[1];
    always_comb begin
        want = to_in == 3'd4 ? top : add[1];
        assume (to_in <= 3'd4);
    end
    logic signed [39:0] then[KW+1];
    logic [2:0] where_to[KW+1];
    assign then[0] = want;
    assign where_to[0] = begun ? to_in : 3'd0;
    generate
        for (genvar s = 0; s < KW; s++) begin : g_then
            always_ff @(posedge clk) begin
                then[s+1] <= then[s];
                where_to[s+1] <= begun ? where_to[s] : 3'd0;
            end
        end
    endgenerate
    always_ff @(posedge clk) begun <= 1'b1;
    logic [3:0] age;
    initial age = 4'd0;
    always_ff @(posedge clk) if (age != 4'd15) age <= age + 4'd1;
    always_comb
        if (begun && age > KW) begin
            assert (to == where_to[KW]);
            if (to != 3'd0) assert ($signed(out) == then[KW]);
        end
endmodule
