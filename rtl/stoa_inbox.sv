// stoa_inbox - what a tick brings to each neuron: sums of signals, longest gating, rewards. K lanes add at once.
//
//     stage 1: word out of the synapse banks, old sum out of the inbox      stage 2: add or compare, write back
//
// A lane that meets the same neuron in the next cycle takes the sum that is just being written (`kept`): whether it will is known
// a cycle before, and nothing is kept otherwise. Lanes are in row `row`, or one ahead (`wrap`).
// The update pass reads one neuron a cycle and clears it a cycle later.
module stoa_inbox #(
    parameter int NEURONS = 256,
    parameter int K = 4,
    parameter int WB = 8,
    parameter int KX = K > 1 ? $clog2(K) : 1,
    parameter int KW = $clog2(K),
    parameter int ROWS = (NEURONS + K - 1) / K,
    parameter int RW = ROWS > 1 ? $clog2(ROWS) : 1,
    parameter int NW = $clog2(NEURONS)
) (
    input logic clk,
    input logic rst,
    input logic sweep,
    input logic [RW-1:0] sweep_row,
    // stage 1
    input logic valid,
    input logic [K-1:0] active,
    input logic [1:0] kind,
    input logic forcing,
    input logic [3:0] shift,
    input logic [RW-1:0] row,
    input logic [K-1:0] wrap,
    input logic [K*WB-1:0] w,
    output logic busy,
    // the update pass
    input logic take,
    input logic [NW-1:0] take_n,
    output logic [31:0] acc,
    output logic forced,
    output logic [14:0] shut,
    output logic [14:0] open,
    output logic [31:0] dopa,
    output logic rewarded
);
    logic [K-1:0] active2;
    logic valid2, forcing2;
    logic [1:0] kind2;
    logic [3:0] shift2;
    logic [RW-1:0] row2, next2; // of lanes that do not wrap, and of those that do
    logic [K-1:0] wrap2;
    logic [K*WB-1:0] w2;
    logic cleared;
    logic [KX-1:0] lane_t;
    logic [RW-1:0] row_t;
    logic [K*33-1:0] sums, gives;
    logic [K*30-1:0] gates;

    assign busy = valid2;
    always_ff @(posedge clk) begin
        valid2 <= valid && !rst;
        cleared <= take && !rst;
        if (valid) begin
            active2 <= active;
            forcing2 <= forcing;
            kind2 <= kind;
            shift2 <= shift;
            row2 <= row;
            next2 <= row + 1'b1;
            wrap2 <= wrap;
            w2 <= w;
        end
        if (take) begin
            lane_t <= take_n[KX-1:0] & KX'(K - 1);
            row_t <= RW'(take_n >> KW);
        end
    end

    generate
        for (genvar l = 0; l < K; l++) begin : g_lane
            logic signal, gating, reward, clear, hit_s, hit_g, hit_r, we_s, we_g, we_r, re, mine;
            logic again, forces;
            logic [RW-1:0] here1, here2, wrow, rrow;
            logic [31:0] word, shifted;
            logic [32:0] sum_q, sum_old, summed, sum_new, kept_s, give_q, give_old, given, give_new, kept_r;
            logic [29:0] gate_q, gate_old, longest, gate_new, kept_g;
            logic [14:0] size;
            logic minus, plus;

            assign here1 = row + RW'(wrap[l]);
            assign here2 = wrap2[l] ? next2 : row2;
            assign again = valid && active[l] && here1 == here2;
            assign signal = valid2 && active2[l] && kind2 == 2'd0;
            assign gating = valid2 && active2[l] && kind2 == 2'd1;
            assign reward = valid2 && active2[l] && kind2 == 2'd2;
            assign clear = cleared && lane_t == KX'(l);
            assign word = 32'($signed(w2[l*WB+:WB]));
            assign shifted = word << shift2;

            assign sum_old = hit_s ? kept_s : sum_q;
            assign gate_old = hit_g ? kept_g : gate_q;
            assign give_old = hit_r ? kept_r : give_q;
            assign forces = forcing2 && word != 32'd0;
            assign size = word[31] ? 15'd0 - word[14:0] : word[14:0];
            assign minus = word[31] && size > gate_old[14:0];
            assign plus = !word[31] && size > gate_old[29:15];
            assign summed = {sum_old[32] | forces, sum_old[31:0] + shifted};
            assign longest = {plus ? size : gate_old[29:15], minus ? size : gate_old[14:0]};
            assign given = {1'b1, give_old[31:0] + shifted};
            // what is not wanted is zero, and moves nothing
            assign sum_new = signal ? summed : 33'd0;
            assign gate_new = gating ? longest : 30'd0;
            assign give_new = reward ? given : 33'd0;

            assign mine = take && (take_n[KX-1:0] & KX'(K - 1)) == KX'(l);
            assign re = valid && active[l];
            assign rrow = valid ? here1 : RW'(take_n >> KW);
            assign wrow = sweep ? sweep_row : clear ? row_t : here2;
            assign we_s = signal || clear || sweep;
            assign we_g = gating || clear || sweep;
            assign we_r = reward || clear || sweep;
            stoa_ram2 #(.WIDTH(33), .DEPTH(ROWS)) sum (
                .clk, .re((re && kind == 2'd0) || mine), .raddr(rrow), .q(sum_q), .we(we_s), .waddr(wrow), .d(sum_new));
            stoa_ram2 #(.WIDTH(30), .DEPTH(ROWS)) gate (
                .clk, .re((re && kind == 2'd1) || mine), .raddr(rrow), .q(gate_q), .we(we_g), .waddr(wrow), .d(gate_new));
            stoa_ram2 #(.WIDTH(33), .DEPTH(ROWS)) give (
                .clk, .re((re && kind == 2'd2) || mine), .raddr(rrow), .q(give_q), .we(we_r), .waddr(wrow), .d(give_new));
            assign sums[l*33+:33] = sum_q;
            assign gates[l*30+:30] = gate_q;
            assign gives[l*33+:33] = give_q;

            always_ff @(posedge clk) begin
                hit_s <= again && signal && kind == 2'd0;
                hit_g <= again && gating && kind == 2'd1;
                hit_r <= again && reward && kind == 2'd2;
                if (again && signal && kind == 2'd0) kept_s <= sum_new;
                if (again && gating && kind == 2'd1) kept_g <= gate_new;
                if (again && reward && kind == 2'd2) kept_r <= give_new;
            end
        end
    endgenerate

    logic [32:0] sum_t, give_t;
    logic [29:0] gate_t;
    assign sum_t = sums[lane_t*33+:33];
    assign gate_t = gates[lane_t*30+:30];
    assign give_t = gives[lane_t*33+:33];
    assign {forced, acc} = sum_t;
    assign {open, shut} = gate_t;
    assign {rewarded, dopa} = give_t;
endmodule
