// f_head - what can be said about the head of an input: it goes on along x, or from x to y, or along y, or ends here.
//
// FROM: 0 it came from the east, 1 west (or the host), 2 north, 3 south, 4 the core. Packets of the host are for tiles
// of the region: they come along row 0 from the west, then from the north. Replies go to (0, 0) and there west, where the
// host is: they come from the core, the east, the south. So neither is ever before the other.
module f_head #(
    parameter int FROM = 0
) (
    input logic [11:0] here,   // x, y
    input logic [4:0] inside,  // ports with a neighbour, the host among them
    input logic valid,
    input logic known,
    input logic looked,
    input logic [50:0] flit,
    input logic [4:0] mask,    // of a packet that has waited: ports still to serve
    input logic [4:0] ports,   // of the entry that was looked up
    output logic fine
);
    logic [4:0] way, goes;
    logic [5:0] x, y;
    logic spike, config;
    always_comb begin
        way = FROM == 0 ? 5'b11110 : FROM == 1 ? 5'b11101 : FROM == 2 ? 5'b11000 : FROM == 3 ? 5'b10100 : 5'b11111;
        if (here == 12'd0) way = way | 5'b00010;
        way = way & inside;
        spike = flit[50:48] == 3'd0;
        config = flit[50:48] >= 3'd1 && flit[50:48] <= 3'd4;
        x = flit[50:48] == 3'd4 ? 6'd0 : flit[47:42];
        y = flit[50:48] == 3'd4 ? 6'd0 : flit[41:36];
        goes = x > here[11:6] ? 5'b00001 : x < here[11:6] ? 5'b00010 : y < here[5:0] ? 5'b00100
             : y > here[5:0] ? 5'b01000 : flit[50:48] == 3'd4 ? 5'b00010 : 5'b10000;
        fine = 1'b1;
        if (valid) begin
            if (!spike) fine = config && (flit[50:48] == 3'd4 ? FROM == 0 || FROM == 3 || FROM == 4 : (FROM == 1 && here[5:0] == 6'd0) || FROM == 2) && (goes & ~way) == 5'd0 && !looked && (!known || mask == goes);
            else begin
                if (looked) fine = !known && ports != 5'd0 && (ports & ~way) == 5'd0;
                if (known) fine = mask != 5'd0 && (mask & ~way) == 5'd0;
                if (known && looked) fine = 1'b0;
            end
        end else fine = !known && !looked;
    end
endmodule
