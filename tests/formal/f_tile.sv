// f_tile - a router of a W x H mesh in any state that it can be in (f_mesh; f_router proves that it is in no other).
//
// A flit is its kind and where it goes: 3 + 3 + 3 bits. The table is cut: a look-up may give any ports that the
// compiler's check lets a packet from there have (compiler/map/route_check.c): on, or from x to y, never from y to x and
// never back; within the region; at least one. Another answer at each look-up is allowed too, which is more than any
// table does.
module f_tile #(
    parameter int W = 2,
    parameter int H = 2,
    parameter int X = 0,
    parameter int Y = 0,
    parameter int DEPTH = 4
) (
    input logic clk,
    input logic [4:0] in_valid,
    output logic [4:0] in_ready,
    input logic [44:0] in,
    input logic takes,
    output logic [4:0] out_valid,
    input logic [4:0] out_ready,
    output logic [44:0] out,
    output logic quiet
);
    localparam int CW = $clog2(DEPTH) + 1;
    (* hierconn *) logic [4:0] \router.head_valid , \router.known , \router.looked ;
    (* hierconn *) logic [254:0] \router.head ;
    (* hierconn *) logic [20:0] \router.entry ;
    (* hierconn *) logic [4:0] \router.g_in[0].mask , \router.g_in[1].mask , \router.g_in[2].mask ,
                               \router.g_in[3].mask , \router.g_in[4].mask ;
    (* hierconn *) logic [CW-1:0] \router.g_in[0].queue.count , \router.g_in[1].queue.count ,
                                  \router.g_in[2].queue.count , \router.g_in[3].queue.count ,
                                  \router.g_in[4].queue.count ;
    (* hierconn *) logic [2:0] \router.g_out[0].arbiter.next , \router.g_out[1].arbiter.next ,
                               \router.g_out[2].arbiter.next , \router.g_out[3].arbiter.next ,
                               \router.g_out[4].arbiter.next , \router.lookup.next ;
    logic [4:0] inside;
    logic [254:0] flit_in, flit_out;
    logic [31:0] unused;
    logic [2:0] drops;
    stoa_router #(.BLOCKS(1), .DEPTH(DEPTH), .GATED(0)) router (
        .clk, .rst(1'b0), .here({6'(X), 6'(Y)}), .there(inside), .takes, .drops, .in_valid, .in_ready, .in(flit_in), .out_valid, .out_ready,
        .out(flit_out), .quiet, .cfg_we(1'b0), .cfg_re(1'b0), .cfg_addr(16'd0), .cfg_wdata(32'd0), .cfg_rdata(unused));

    logic [24:0] mask;
    logic [4:0] fine;
    assign inside = {1'b1, Y + 1 < H, Y > 0, X > 0 || Y == 0, X + 1 < W};
    assign mask = {\router.g_in[4].mask , \router.g_in[3].mask , \router.g_in[2].mask , \router.g_in[1].mask ,
                   \router.g_in[0].mask };
    generate
        for (genvar i = 0; i < 5; i++) begin : g_port
            assign flit_in[51*i+:51] = {in[9*i+6+:3], 3'd0, in[9*i+3+:3], 3'd0, in[9*i+:3], 36'd0};
            assign out[9*i+:9] = {flit_out[51*i+48+:3], flit_out[51*i+42+:3], flit_out[51*i+36+:3]};
            f_head #(.FROM(i)) head (
                .here({6'(X), 6'(Y)}), .inside, .valid(\router.head_valid [i]), .known(\router.known [i]),
                .looked(\router.looked [i]), .flit(\router.head [51*i+:51]), .mask(mask[5*i+:5]),
                .ports(\router.entry [20:16]), .fine(fine[i]));
        end
    endgenerate
    always_comb begin
        assume (fine == 5'b11111);
        for (int i = 0; i < 5; i++) // a spike's block is the table's only one
            if (\router.head [51*i+48+:3] == 3'd0) assume (\router.head [51*i+32+:16] == 16'd0);
        assume (!\router.head_valid [0] || inside[0]);
        assume (!\router.head_valid [1] || inside[1]);
        assume (!\router.head_valid [2] || inside[2]);
        assume (!\router.head_valid [3] || inside[3]);
        assume (\router.g_in[0].queue.count <= CW'(DEPTH) && \router.g_in[1].queue.count <= CW'(DEPTH));
        assume (\router.g_in[2].queue.count <= CW'(DEPTH) && \router.g_in[3].queue.count <= CW'(DEPTH));
        assume (\router.g_in[4].queue.count <= CW'(DEPTH));
        assume (\router.g_out[0].arbiter.next < 3'd5 && \router.g_out[1].arbiter.next < 3'd5);
        assume (\router.g_out[2].arbiter.next < 3'd5 && \router.g_out[3].arbiter.next < 3'd5);
        assume (\router.g_out[4].arbiter.next < 3'd5 && \router.lookup.next < 3'd5);
    end
endmodule
