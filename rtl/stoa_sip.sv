// stoa_sip - the key of a population, purpose and tick: HalfSipHash-2-4 with 64 bits of output, one round a cycle.
//
//     start ──> v0..v3 from the seed ──6 rounds: what, tick, length──> 4 rounds ──> low ──4 rounds──> high
//
// key is valid from 15 cycles after start until the next start.
`default_nettype none
module stoa_sip (
    input wire clk,
    input wire rst,
    input wire start,
    input wire [63:0] seed,
    input wire [31:0] what,
    input wire [31:0] tick,
    output logic [63:0] key
);
    logic [31:0] v0, v1, v2, v3, word, second;
    logic [3:0] step; // 0: at rest, else the round to do, 1..14
    logic takes, puts;
    logic [31:0] low;

    // one round, with the words that go in before and after it
    logic [31:0] a0, a1, a2, a3, b0, b1, b2, b3, c0, c1, c2, c3;
    assign takes = step == 4'd1 || step == 4'd3 || step == 4'd5;
    assign puts = step == 4'd2 || step == 4'd4 || step == 4'd6;
    assign word = step <= 4'd2 ? what : step <= 4'd4 ? second : 32'h08000000;
    assign a0 = v0;
    assign a1 = step == 4'd11 ? v1 ^ 32'hdd : v1;
    assign a2 = step == 4'd7 ? v2 ^ 32'hee : v2;
    assign a3 = takes ? v3 ^ word : v3;
    assign b0 = a0 + a1;
    assign b1 = {a1[26:0], a1[31:27]} ^ b0;
    assign b2 = a2 + a3;
    assign b3 = {a3[23:0], a3[31:24]} ^ b2;
    assign c0 = {b0[15:0], b0[31:16]} + b3;
    assign c3 = {b3[24:0], b3[31:25]} ^ c0;
    assign c2 = b2 + b1;
    assign c1 = {b1[18:0], b1[31:19]} ^ c2;

    assign second = tick;
    always_ff @(posedge clk) begin
        if (rst) step <= 4'd0;
        else if (start) step <= 4'd1;
        else if (step != 4'd0) step <= step == 4'd14 ? 4'd0 : step + 4'd1;
        if (start) begin
            v0 <= seed[31:0];
            v1 <= seed[63:32] ^ 32'hee;
            v2 <= 32'h6c796765 ^ seed[31:0];
            v3 <= 32'h74656462 ^ seed[63:32];
        end else if (step != 4'd0) begin
            v0 <= puts ? c0 ^ word : c0;
            v1 <= c1;
            v2 <= {c2[15:0], c2[31:16]};
            v3 <= c3;
            if (step == 4'd10) low <= c1 ^ c3;
        end
    end
    assign key = {v1 ^ v3, low};
endmodule
`default_nettype wire
