// board_rx - bytes from a serial line: a start bit, eight bits from the lowest on, a stop bit; CLKS clocks a bit.
//
//     rx ──two registers──> start? ──half a bit later, then bit by bit──> byte
//
// A byte without its stop bit is dropped.
`default_nettype none
module board_rx #(
    parameter int CLKS = 25,
    parameter int CW = $clog2(CLKS) + 1
) (
    input wire clk,
    input wire rst,
    input wire rx,
    output logic valid,
    output logic [7:0] data
);
    logic [1:0] seen; // what is outside of the clock becomes part of it
    logic busy;
    logic [CW-1:0] left;
    logic [3:0] bits; // of start, data and stop that have been looked at
    always_ff @(posedge clk) begin
        seen <= {seen[0], rx};
        valid <= 1'b0;
        if (rst) begin
            seen <= 2'b11;
            busy <= 1'b0;
        end else if (!busy) begin
            busy <= !seen[1];
            left <= CW'((CLKS - 1) / 2);
            bits <= 4'd0;
        end else if (left != '0) left <= left - 1'b1;
        else begin
            left <= CW'(CLKS - 1);
            bits <= bits + 4'd1;
            if (bits == 4'd0) busy <= !seen[1]; // too short for a start
            else if (bits == 4'd9) begin
                busy <= 1'b0;
                valid <= seen[1];
            end else data <= {seen[1], data[7:1]};
        end
    end
endmodule
`default_nettype wire
