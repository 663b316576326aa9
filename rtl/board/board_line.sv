// board_line - flits of the mesh as bytes of a serial line, and what a board says of itself.
//
//     bytes ──eight make a flit──> queue ──> RESET? the mesh begins anew   WHO? one flit for each parameter   else ──> mesh
//     bytes <──────────────────────────────────────────────────────────────────── flits of the mesh, answers to WHO
//
// A flit is eight bytes of seven bits, the highest first; bit 7 marks the first byte, so a line that begins in the middle is in step
// at the next flit. Bytes without a beginning and flits of more than 51 bits are dropped. The queue holds what is asked while the
// mesh is busy or the line back is slow: a host has at most QUEUE - 2 questions open. What comes when it is full is lost, and counted.
`include "stoa_tables.vh"
`default_nettype none
module board_line #(
    parameter int WORDS = 1, // that WHO is answered with
    parameter int QUEUE = 64,
    parameter int KW = $clog2(WORDS + 1)
) (
    input wire clk,
    input wire rst,
    input wire [32*WORDS-1:0] answer, // word k in bits 32 k and up
    // the line
    input wire in_valid,
    input wire [7:0] in,
    output logic out_valid,
    input wire out_ready,
    output logic [7:0] out,
    // the mesh
    output logic mesh_rst,
    output logic host_valid,
    input wire host_ready,
    output logic [50:0] host,
    input wire back_valid,
    output logic back_ready,
    input wire [50:0] back
);
    logic [2:0] taken, given; // bytes of the flit under way
    logic [48:0] gathers;
    logic [55:0] gathered;
    logic under_way, whole, put, queue_ready;
    logic front_valid, front_ready, take_reset, take_who;
    logic [50:0] front;
    logic [7:0] lost;
    logic [2:0] reset_left;
    logic [KW-1:0] who_left;
    logic [31:0] who_word;
    logic says;
    logic [55:0] said;

    // bytes in
    assign gathered = {gathers, in[6:0]};
    assign whole = in_valid && !in[7] && under_way && taken == 3'd7;
    always_ff @(posedge clk) begin
        if (rst) under_way <= 1'b0;
        else if (in_valid) begin
            under_way <= in[7] || (under_way && taken != 3'd7);
            taken <= in[7] ? 3'd1 : taken + 3'd1;
        end
        if (in_valid) gathers <= gathered[48:0];
    end
    assign put = whole && gathered[55:51] == 5'd0;
    stoa_fifo #(.WIDTH(51), .DEPTH(QUEUE)) queue (
        .clk, .rst, .in_valid(put), .in_ready(queue_ready), .in(gathered[50:0]), .out_valid(front_valid), .out_ready(front_ready), .out(front)
    );

    // whose it is
    assign take_reset = front_valid && front[50:48] == `ST_FLIT_RESET;
    assign take_who = front_valid && front[50:48] == `ST_FLIT_WHO && who_left == '0;
    assign host_valid = front_valid && front[50:48] != `ST_FLIT_RESET && front[50:48] != `ST_FLIT_WHO && !mesh_rst;
    assign host = front;
    assign front_ready = take_reset || take_who || (host_valid && host_ready);
    assign mesh_rst = rst || reset_left != 3'd0;
    always_ff @(posedge clk) begin
        if (rst) begin
            reset_left <= 3'd4;
            lost <= 8'd0;
        end else begin
            if (take_reset) reset_left <= 3'd4;
            else if (reset_left != 3'd0) reset_left <= reset_left - 3'd1;
            if (put && !queue_ready && lost != 8'hff) lost <= lost + 8'd1;
        end
    end

    // bytes out; the mesh first
    logic [KW-1:0] who_at;
    logic whose;
    assign who_at = KW'(WORDS) - who_left;
    assign who_word = who_at == KW'(`ST_BOARD_LOST) ? 32'(lost) : answer[32*who_at+:32];
    assign back_ready = !says && !mesh_rst;
    assign whose = back_valid && back_ready;
    assign out_valid = says;
    assign out = {given == 3'd0, said[55:49]};
    always_ff @(posedge clk) begin
        if (rst) begin
            says <= 1'b0;
            who_left <= '0;
        end else begin
            if (!says) says <= whose || who_left != '0;
            else if (out_ready && given == 3'd7) says <= 1'b0;
            if (take_who) who_left <= KW'(WORDS);
            else if (!says && !whose && who_left != '0) who_left <= who_left - 1'b1;
        end
        if (!says) begin
            given <= 3'd0;
            said <= {5'd0, whose ? back : {`ST_FLIT_WHO, 16'(who_at), who_word}};
        end else if (out_ready) begin
            given <= given + 3'd1;
            said <= said << 7;
        end
    end
endmodule
`default_nettype wire
