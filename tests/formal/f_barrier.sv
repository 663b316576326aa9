// f_barrier - a tick begins if and only if all is quiet and a tick is due; TICK n gives n ticks; nothing passes it.
//
// n >= 1, as hosts send it. The cores leave quiet in the cycle in which they see tick_go, so it is never given twice in
// a row. Packets are neither changed nor held back but by a token before them.
module f_barrier (
    input logic clk,
    input logic quiet,
    input logic host_valid,
    input logic [50:0] host,
    input logic in_ready
);
    (* hierconn *) logic [31:0] \dut.left ;
    logic begun, host_ready, in_valid, tick_go, token, due, begins;
    logic [50:0] in;
    logic [32:0] asked, ran; // ticks: of the last token, and since it was taken
    initial begun = 1'b0;
    stoa_barrier dut (.clk, .rst(!begun), .quiet, .host_valid, .host_ready, .host, .in_valid, .in_ready, .in, .tick_go);
    assign token = host_valid && host[50:48] == 3'd5;
    assign due = ran != asked;
    assign begins = quiet && !tick_go && (due || token);
    logic began;
    always_ff @(posedge clk) begin
        begun <= 1'b1;
        began <= begun && begins;
        if (!begun) begin
            asked <= 33'd0;
            ran <= 33'd0;
        end else if (token && host_ready) begin
            asked <= {1'b0, host[31:0]};
            ran <= 33'd1;
        end else if (begins) ran <= ran + 33'd1;
    end
    always_comb begin
        if (token) assume (host[31:0] != 32'd0);
        if (begun) begin
            assert (tick_go == began);
            assert (in_valid == (host_valid && !token));
            if (in_valid) assert (in == host && host_ready == in_ready);
            if (token) assert (host_ready == (begins && !due));
            assert (ran <= asked && {1'b0, \dut.left } == asked - ran);
        end
    end
endmodule
