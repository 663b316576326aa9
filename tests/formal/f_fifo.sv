// f_fifo - what goes in comes out, in order, once: a word of any moment is followed by its place in the queue.
module f_fifo #(
    parameter int WIDTH = 4,
    parameter int DEPTH = 4
) (
    input logic clk,
    input logic in_valid,
    input logic out_ready,
    input logic [WIDTH-1:0] in,
    input logic mark // follow the word that goes in now
);
    (* hierconn *) logic [$clog2(DEPTH):0] \dut.count ;
    logic rst, in_ready, out_valid;
    logic [WIDTH-1:0] out, word;
    logic [3:0] held, ahead; // words inside; words before the followed one
    logic followed, begun;
    initial begun = 1'b0;
    assign rst = !begun;
    stoa_fifo #(.WIDTH(WIDTH), .DEPTH(DEPTH)) dut (.clk, .rst, .in_valid, .in_ready, .in, .out_valid, .out_ready, .out);
    always_ff @(posedge clk) begin
        begun <= 1'b1;
        if (rst) begin
            held <= 4'd0;
            followed <= 1'b0;
        end else begin
            held <= held + 4'(in_valid && in_ready) - 4'(out_valid && out_ready);
            if (!followed && mark && in_valid && in_ready) begin
                followed <= 1'b1;
                word <= in;
                ahead <= held - 4'(out_valid && out_ready);
            end else if (followed && out_valid && out_ready) begin
                ahead <= ahead - 4'd1;
                if (ahead == 4'd0) followed <= 1'b0;
            end
        end
    end
    always_comb
        if (begun) begin
            assert (in_ready == (held != 4'(DEPTH)));
            assert (out_valid == (held != 4'd0));
            assert (4'(\dut.count ) == held && held <= 4'(DEPTH));
            assert (!followed || ahead < held);
            assert (!followed || ahead != 4'd0 || out == word);
        end
endmodule
