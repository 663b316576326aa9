// f_barrier - a tick begins if and only if all is quiet and a tick is due; TICK n gives n ticks; what comes behind it waits
// until the last of them has begun; configuration goes in only when nothing runs and no spike is under way.
//
// The cores leave quiet in the cycle in which they see tick_go, so it is never given twice in a row. Packets are neither
// changed, nor held back but by a token before them or, configuration, by a spike. What is no packet is dropped, once.
module f_barrier (
    input logic clk,
    input logic quiet,
    input logic host_valid,
    input logic [50:0] host,
    input logic in_ready
);
    (* hierconn *) logic [31:0] \dut.left ;
    (* hierconn *) logic \dut.still ;
    logic begun, host_ready, in_valid, tick_go, token, due, begins, dropped, began, calm, spike, config_in;
    logic [50:0] in;
    logic [32:0] asked, ran; // ticks: of the last token, and since it was taken
    initial begun = 1'b0;
    stoa_barrier dut (.clk, .rst(!begun), .quiet, .host_valid, .host_ready, .host, .in_valid, .in_ready, .in, .dropped, .tick_go);
    assign token = host_valid && host[50:48] == 3'd5 && host[31:0] != 32'd0;
    assign spike = host_valid && host[50:48] == 3'd0;
    assign config_in = host_valid && host[50:48] >= 3'd1 && host[50:48] <= 3'd3;
    assign due = ran != asked;
    assign begins = quiet && !tick_go && (due || token);
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
        // all was quiet in a cycle since the last tick began, and since the last spike went in
        if (!begun || begins || (in_valid && spike)) calm <= 1'b0;
        else if (quiet && !tick_go) calm <= 1'b1;
    end
    always_comb begin
        if (begun) begin
            assert (tick_go == began);
            assert (in_valid == (!due && (spike || (config_in && calm))));
            if (in_valid) assert (in == host && host_ready == in_ready);
            if (token) assert (host_ready == (begins && !due));
            if (in_valid && config_in) assert (!tick_go);
            assert (dropped == (host_valid && !due && !token && !spike && !config_in));
            if (dropped) assert (host_ready);
            if (host_valid && host_ready) assert (in_valid || token || dropped);
            assert (ran <= asked && {1'b0, \dut.left } == asked - ran && \dut.still == calm);
        end
    end
endmodule
