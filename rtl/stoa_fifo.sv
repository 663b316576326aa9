// stoa_fifo - a queue of a few words between two valid/ready handshakes; neither side sees the other in the same cycle.
`default_nettype none
module stoa_fifo #(
    parameter int WIDTH = 51,
    parameter int DEPTH = 4
) (
    input wire clk,
    input wire rst,
    input wire in_valid,
    output logic in_ready,
    input wire [WIDTH-1:0] in,
    output logic out_valid,
    input wire out_ready,
    output logic [WIDTH-1:0] out
);
    localparam int PW = $clog2(DEPTH);
    logic [WIDTH-1:0] word[DEPTH];
    logic [PW-1:0] head, tail;
    logic [PW:0] count;
    logic push, pop;

    assign in_ready = count != DEPTH[PW:0];
    assign out_valid = count != '0;
    assign out = word[head];
    assign push = in_valid && in_ready;
    assign pop = out_valid && out_ready;
    always_ff @(posedge clk) begin
        if (push) word[tail] <= in;
        if (rst) begin
            head <= '0;
            tail <= '0;
            count <= '0;
        end else begin
            if (push) tail <= tail + 1'b1;
            if (pop) head <= head + 1'b1;
            if (push != pop) count <= push ? count + 1'b1 : count - 1'b1;
        end
    end
endmodule
`default_nettype wire
