// board_tx - bytes onto a serial line: a start bit, eight bits from the lowest on, a stop bit; CLKS clocks a bit.
//
//     byte ──> {stop, byte, start} ──a bit after CLKS clocks──> tx
`default_nettype none
module board_tx #(
    parameter int CLKS = 25,
    parameter int CW = $clog2(CLKS) + 1
) (
    input wire clk,
    input wire rst,
    input wire valid,
    output logic ready,
    input wire [7:0] data,
    output logic tx
);
    logic [9:0] word;
    logic [3:0] bits; // that are still to be said
    logic [CW-1:0] left;
    assign ready = bits == 4'd0;
    assign tx = ready || word[0];
    always_ff @(posedge clk) begin
        if (rst) bits <= 4'd0;
        else if (ready) begin
            if (valid) bits <= 4'd10;
            word <= {1'b1, data, 1'b0};
            left <= CW'(CLKS - 1);
        end else if (left != '0) left <= left - 1'b1;
        else begin
            left <= CW'(CLKS - 1);
            bits <= bits - 4'd1;
            word <= word >> 1;
        end
    end
endmodule
`default_nettype wire
