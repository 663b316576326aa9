// f_router - a packet leaves by every port of its way, once, unchanged, and by no other port, whatever waits.
//
// The queues are cut, f_fifo has them: a head may be anything that f_head allows, at any moment, and stays until it is
// popped. A head of input PORT may have the mark, bit 16: of a spike's index, so that it is seen in what a core gets
// too, of any other packet's data; nothing else has it. The table is written before there are packets, as hosts do.
// Then
//
//     a marked flit offered at a port      is PORT's head, belongs there, is given there once, and is what it should be
//     the head is popped                   when it has been given to all its ports, not before: nothing is lost
//     heads, arbiters                      are as f_tile assumes; what goes to a neighbour may come from here
module f_router #(
    parameter int PORT = 0,
    parameter int VALUES = 1
) (
    input logic clk,
    input logic [4:0] out_ready,
    input logic takes
);
    (* anyconst *) logic [20:0] entry0, entry1;
    (* anyconst *) logic here_x, here_y;
    (* hierconn *) logic [4:0] \dut.head_valid , \dut.known , \dut.looked , \dut.pop ;
    (* hierconn *) logic [254:0] \dut.head ;
    (* hierconn *) logic [20:0] \dut.entry ;
    (* hierconn *) logic [4:0] \dut.g_in[0].mask , \dut.g_in[1].mask , \dut.g_in[2].mask , \dut.g_in[3].mask ,
                               \dut.g_in[4].mask ;
    (* hierconn *) logic [2:0] \dut.g_out[0].arbiter.next , \dut.g_out[1].arbiter.next , \dut.g_out[2].arbiter.next ,
                               \dut.g_out[3].arbiter.next , \dut.g_out[4].arbiter.next , \dut.lookup.next ;
    logic [1:0] t; // 0 reset, 1 and 2 the table is written, 3 packets
    logic [11:0] here;
    logic [4:0] ready, out_valid;
    logic [50:0] word, before;
    logic [254:0] out;
    logic quiet, begun, waits;
    logic [31:0] unused;
    logic [2:0] drops;
    initial t = 2'd0;
    assign begun = t == 2'd3;
    assign here = {5'd0, here_x, 5'd0, here_y};
    stoa_router #(.BLOCKS(2), .VALUES(VALUES), .GATED(0)) dut (
        .clk, .rst(t == 2'd0), .here, .there(5'b11111), .takes, .drops, .in_valid(5'd0), .in_ready(ready), .in(255'd0), .out_valid, .out_ready, .out,
        .quiet, .cfg_we(t == 2'd1 || t == 2'd2), .cfg_re(1'b0), .cfg_addr({15'd0, t == 2'd2}),
        .cfg_wdata({11'd0, t == 2'd2 ? entry1 : entry0}), .cfg_rdata(unused));

    // where a packet is, and where it may be next
    logic [4:0] fine, next_fine;
    logic [24:0] mask;
    assign mask = {\dut.g_in[4].mask , \dut.g_in[3].mask , \dut.g_in[2].mask , \dut.g_in[1].mask , \dut.g_in[0].mask };
    generate
        for (genvar i = 0; i < 5; i++) begin : g_head
            f_head #(.FROM(i)) head (
                .here, .inside(5'b11111), .valid(\dut.head_valid [i]), .known(\dut.known [i]), .looked(\dut.looked [i]),
                .flit(\dut.head [51*i+:51]), .mask(mask[5*i+:5]), .ports(\dut.entry [20:16]), .fine(fine[i]));
        end
        for (genvar o = 0; o < 4; o++) begin : g_next // what goes east comes from the west there
            f_head #(.FROM(o ^ 1)) head (
                .here(o == 0 ? here + 12'd64 : o == 1 ? here - 12'd64 : o == 2 ? here - 12'd1 : here + 12'd1),
                .inside(5'b11111), .valid(out_valid[o] && (o == 1 ? here_x : o == 2 ? here_y : 1'b1)), .known(1'b0),
                .looked(1'b0), .flit(out[51*o+:51]), .mask(5'd0), .ports(5'd0), .fine(next_fine[o]));
        end
    endgenerate
    assign next_fine[4] = 1'b1;

    // a head with its way
    logic trusted;
    logic [20:0] its_entry;
    logic [4:0] way, got, gets, goes, spike, door;
    logic [5:0] its_x, its_y;
    assign word = \dut.head [51*PORT+:51];
    assign its_entry = word[32] ? entry1 : entry0;
    assign its_x = word[50:48] == 3'd4 ? 6'd0 : word[47:42];
    assign its_y = word[50:48] == 3'd4 ? 6'd0 : word[41:36];
    assign goes = its_x > here[11:6] ? 5'b00001 : its_x < here[11:6] ? 5'b00010 : its_y < here[5:0] ? 5'b00100
                : its_y > here[5:0] ? 5'b01000 : word[50:48] == 3'd4 ? 5'b00010 : 5'b10000;
    assign way = word[50:48] == 3'd0 ? its_entry[20:16] : goes;
    generate
        for (genvar o = 0; o < 5; o++) begin : g_gets
            assign gets[o] = out_valid[o] && out_ready[o] && out[51*o+16];
        end
    endgenerate
    initial trusted = 1'b1; // the other heads have been as f_head says: theirs is the same proof for another PORT
    initial waits = 1'b0;
    initial got = 5'd0;
    always_ff @(posedge clk) begin
        if (t != 2'd3) t <= t + 2'd1;
        if (begun && (fine | 5'd1 << PORT) != 5'b11111) trusted <= 1'b0;
        for (int i = 0; i < 5; i++) spike[i] <= \dut.head [51*i+48+:3] == 3'd0;
        before <= word;
        waits <= begun && \dut.head_valid [PORT] && !\dut.pop [PORT];
        got <= !begun || \dut.pop [PORT] ? 5'd0 : got | gets;
    end
    f_head #(.FROM(PORT)) came (
        .here, .inside(5'b11111), .valid(\dut.head_valid [PORT]), .known(1'b0), .looked(word[50:48] == 3'd0),
        .flit(word), .mask(5'd0), .ports(its_entry[20:16]), .fine(door[0]));
    always_comb begin
        assume (!entry0[0] && !entry1[0]);
        assume (entry0[15:2] != '1 && entry1[15:2] != '1); // no input beyond the last: that one would have the mark
        assume (begun || t == 2'd0 || \dut.head_valid == 5'd0);
        assume (door[0]);
        if (waits) assume (\dut.head_valid [PORT] && word == before);
        for (int i = 0; i < 5; i++) begin
            // bits that nothing depends on, and copies of others
            assume (\dut.head [51*i+43+:5] == 5'd0 && \dut.head [51*i+37+:5] == 5'd0);
            assume (\dut.head [51*i+18+:14] == 14'd0);
            if (\dut.head [51*i+48+:3] == 3'd0) assume (\dut.head [51*i+33+:15] == 15'd0); // a block of the table
            if (i != PORT) begin
                assume (!\dut.head [51*i+16]);
                assume (!\dut.known [i] || spike[i] == (\dut.head [51*i+48+:3] == 3'd0));
            end
        end
        if (begun && trusted) begin
            assert (fine[PORT]);
            if ((fine | 5'd1 << PORT) == 5'b11111) assert (next_fine == 5'b11111);
            assert (\dut.g_out[0].arbiter.next < 3'd5 && \dut.g_out[1].arbiter.next < 3'd5);
            assert (\dut.g_out[2].arbiter.next < 3'd5 && \dut.g_out[3].arbiter.next < 3'd5);
            assert (\dut.g_out[4].arbiter.next < 3'd5 && \dut.lookup.next < 3'd5);
            if (word[16] && \dut.pop [PORT]) assert ((got | gets) == way);
            for (int o = 0; o < 5; o++)
                if (out_valid[o] && out[51*o+16]) begin
                    assert (\dut.head_valid [PORT] && word[16] && way[o] && !got[o]);
                    if (o == 4 && word[50:48] == 3'd0)
                        assert (out[51*o+:51] == {3'd0, 16'd0, its_entry[15:0] + word[31:16], VALUES != 0 ? word[15:0] : 16'd0});
                    else assert (out[51*o+:51] == word);
                end
        end
    end
endmodule
