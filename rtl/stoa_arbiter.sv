// stoa_arbiter - five ask, one is chosen: the first at or after `next`, which then moves behind it. Nobody waits for
// more than four others.
`default_nettype none
module stoa_arbiter (
    input wire clk,
    input wire rst,
    input wire [4:0] ask,
    input wire take,        // the chosen one was served
    output logic [4:0] grant // one bit, or none when nobody asks
);
    logic [2:0] next;
    logic [9:0] twice, from;
    logic [4:0] first;
    assign twice = {ask, ask} >> next;
    assign first = twice[4:0] & (~twice[4:0] + 5'd1);
    assign from = {5'd0, first} << next;
    assign grant = from[4:0] | from[9:5];
    always_ff @(posedge clk)
        if (rst) next <= 3'd0;
        else if (take)
            next <= grant[0] ? 3'd1 : grant[1] ? 3'd2 : grant[2] ? 3'd3 : grant[3] ? 3'd4 : 3'd0;
endmodule
`default_nettype wire
