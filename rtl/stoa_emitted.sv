// stoa_emitted - what rows emit: a sum for each axon that learns, and each that is not 0 to the emit unit when learning is through.
//
//     a word EMIT: K lanes ──a──> sums[axon] += a, a cycle later            same row, next word: what is just being written
//     learning is through ──> a beat of K sums a cycle: the lowest lane that is not 0 ──> {lane, sat(sum, 16)}, one a time
//                                    └── the next beat when all of this one are taken; it is 0 again then
//
// A sum is wide enough for all: a core has 256 words of programs, and none runs more than once for a neuron in a tick. Nobody
// reads sums in a tick in which nothing was emitted. Reset sweeps them. With EMITS = 0 there is none of it.
`default_nettype none
module stoa_emitted #(
    parameter int AXONS = 1024,
    parameter int NEURONS = 256,
    parameter int K = 4,
    parameter int EMITS = 0,
    parameter int KW = $clog2(K),
    parameter int AW = $clog2(AXONS),
    parameter int RW = AW - KW,
    parameter int SUM = 24 + $clog2(NEURONS)
) (
    input wire clk,
    input wire rst,
    input wire sweep,
    input wire [RW-1:0] sweep_row,
    // a word of a pass
    input wire [K-1:0] emits,
    input wire [K*16-1:0] a,
    input wire [K*RW-1:0] rows,
    // learning is through
    input wire go,
    input wire [AW:0] axons,
    output logic any,             // something was emitted in this tick
    output logic speaking,
    output logic done,
    output logic valid,
    input wire ready,
    output logic [AW-1:0] lane,
    output logic [15:0] value
);
    generate
        if (EMITS != 0) begin : g_sums
            logic [K-1:0] adds, spoken, left, first, now_0; // of a beat of sums: given, still to give, the one that is given
            logic [K*16-1:0] values, words;
            logic [RW-1:0] row, next_row;
            logic [AW:0] end_row; // the one behind the last
            logic fetch, moves, last;
            assign end_row = (axons + (AW + 1)'(K - 1)) >> KW;
            assign next_row = go ? '0 : row + 1'b1;
            assign last = (AW + 1)'(row) + 1'b1 == end_row;
            assign first = left & (~left + 1'b1);
            assign valid = speaking && left != '0;
            assign moves = speaking && (left == '0 || (ready && left == first));
            assign fetch = (go && any) || (moves && !last);
            assign done = moves && last;
            always_ff @(posedge clk) begin
                adds <= rst ? '0 : emits;
                if (rst || done) any <= 1'b0;
                else if (adds != '0 && words != '0) any <= 1'b1;
                if (rst || done) speaking <= 1'b0;
                else if (go && any) speaking <= 1'b1;
                if (fetch) row <= next_row;
                if (fetch) spoken <= '0;
                else if (valid && ready) spoken <= spoken | first;
            end
            for (genvar l = 0; l < K; l++) begin : g_lane
                logic [SUM-1:0] q, kept, sum;
                logic [15:0] word;
                logic [RW-1:0] at;
                logic again; // the sum was written in the cycle in which it was read
                always_ff @(posedge clk) begin
                    if (emits[l]) begin
                        word <= a[l*16+:16];
                        at <= rows[l*RW+:RW];
                        again <= adds[l] && at == rows[l*RW+:RW];
                    end
                    if (adds[l]) kept <= sum;
                end
                assign sum = (again ? kept : q) + {{(SUM - 16){word[15]}}, word};
                stoa_ram2 #(.WIDTH(SUM), .DEPTH(1 << RW)) sums (
                    .clk, .re(emits[l] || fetch), .raddr(fetch ? next_row : rows[l*RW+:RW]), .q, .we(adds[l] || (moves && !now_0[l]) || sweep),
                    .waddr(sweep ? sweep_row : adds[l] ? at : row), .d(adds[l] ? sum : '0)
                );
                assign now_0[l] = q == '0;
                assign left[l] = !now_0[l] && !spoken[l];
                assign words[l*16+:16] = adds[l] ? word : 16'd0;
                assign values[l*16+:16] = q[SUM-1:15] == '0 || q[SUM-1:15] == '1 ? q[15:0] : {q[SUM-1], {15{!q[SUM-1]}}};
            end
            always_comb begin
                lane = '0;
                value = 16'd0;
                for (int l = 0; l < K; l++)
                    if (first[l]) begin
                        lane = AW'(row) << KW | AW'(l);
                        value = values[l*16+:16];
                    end
            end
        end else begin : g_no_sums
            logic unused;
            assign unused = &{1'b0, clk, rst, sweep, sweep_row, emits, a, rows, go, axons, ready};
            assign {any, speaking, done, valid} = 4'd0;
            assign lane = '0;
            assign value = 16'd0;
        end
    endgenerate
endmodule
`default_nettype wire
