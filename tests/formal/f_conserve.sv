// f_conserve - what a pass gives to a row is what it measures, and its neuron pays it: r' = r + x, d = r' - r, F' = F -
// sum d leaves sum r + F as it was, to the unit, whatever saturated on the way.
//
// One beat of K lanes in which any lanes count; beats add up. F stays far from the ends of 32 bits, as the compiler's
// bound of the resource says.
module f_conserve #(
    parameter int K = 4,
    parameter int KW = $clog2(K)
) (
    input logic clk,
    input logic [K*16-1:0] r,
    input logic [K*16-1:0] x,
    input logic [K-1:0] active,
    input logic signed [31:0] free
);
    logic [K*16-1:0] rn, given;
    logic [2:0] to;
    logic [31:0] out, left;
    logic [15:0] unused;
    logic signed [39:0] change_of[2*K]; // of sum r: node 1 the root, K.. the lanes
    generate
        for (genvar l = 0; l < K; l++) begin : g_lane
            stoa_alu add (.op(5'd1), .a(r[l*16+:16]), .b(x[l*16+:16]), .d(16'd0), .n(5'd0), .round(2'd0), .draw(16'd0),
                          .product(16'd0), .y(rn[l*16+:16]));
            stoa_alu sub (.op(5'd2), .a(rn[l*16+:16]), .b(r[l*16+:16]), .d(16'd0), .n(5'd0), .round(2'd0), .draw(16'd0),
                          .product(16'd0), .y(given[l*16+:16]));
            assign change_of[K+l] = active[l] ? 40'($signed(rn[l*16+:16])) - 40'($signed(r[l*16+:16])) : 40'sd0;
        end
        for (genvar i = 1; i < K; i++) begin : g_sum
            assign change_of[i] = change_of[2*i] + change_of[2*i+1];
        end
    endgenerate
    stoa_reduce #(.K(K)) tree (.clk, .rst(1'b0), .to_in(3'd1), .active, .in(given), .to, .out);
    stoa_scalar pay (.op(5'd2), .a(free), .b(out), .d(32'd0), .imm(16'd0), .n(5'd0), .round(2'd0), .draw(16'd0),
                     .mul_lane(1'b0), .lane_a(16'd0), .lane_b(16'd0), .y(left), .lane_y(unused));
    logic signed [39:0] change[KW+1];
    logic [3:0] age;
    initial age = 4'd0;
    assign change[0] = change_of[1];
    generate
        for (genvar i = 0; i < KW; i++) begin : g_then
            always_ff @(posedge clk) change[i+1] <= change[i];
        end
    endgenerate
    always_ff @(posedge clk) if (age != 4'd15) age <= age + 4'd1;
    always_comb begin
        assume (free >= -32'sh40000000 && free <= 32'sh40000000);
        if (age > KW) assert (change[KW] + 40'($signed(left)) == 40'(free));
    end
endmodule
