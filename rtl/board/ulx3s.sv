// ulx3s - the board on a ULX3S with an ECP5-85: its 25 MHz clock, its USB serial line at 1,000,000 bits a second.
//
//     25 MHz ──> board <──rx, tx──> FTDI <──USB──> host          led 0: a packet or a tick is under way; led 7: power
//
// A core of 64 neurons that learns 16,384 lines of 4 synapses: CoLaNET with five microcolumns a class.
`default_nettype none
module ulx3s (
    input wire clk_25mhz,
    input wire ftdi_txd,   // what the host says
    output logic ftdi_rxd, // what it hears
    output logic [7:0] led
);
    logic [3:0] age = 4'd0; // since power came: the first clocks are reset
    logic busy;
    always_ff @(posedge clk_25mhz) if (age != 4'd15) age <= age + 4'd1;
    board #(
        .CLKS(25), .AXONS(1024), .INPUTS(1024), .NEURONS(64), .K(4), .WB(9), .RB(16), .LINES(16384), .RLINES(16384), .GROUPS(16),
        .COLUMNS(16), .BLOCKS(32), .ROUTES(32), .RECRUITS(0)
    ) board (
        .clk(clk_25mhz), .rst(age != 4'd15), .rx(ftdi_txd), .tx(ftdi_rxd), .busy
    );
    assign led = {1'b1, 6'd0, busy};
endmodule
`default_nettype wire
