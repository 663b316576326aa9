// stoa_turns - whose turn it is to learn: neurons that fired, then neurons that were rewarded, in ascending order.
//
//     fired list ──> postsynaptic trace ──spike program──> postsynaptic trace moves on, eligible
//     rewarded list ──> eligible? ──reward program──> measure program ──> no longer eligible, if a reward program ran
//     each by one rule of the core after the other: all programs, then all traces
//     with MEASURES turns are taken without learning, too: then nothing runs but what measures, and nobody becomes eligible
//     last tick of a presentation that is reset: nobody is eligible
`default_nettype none
module stoa_turns #(
    parameter int NEURONS = 256,
    parameter int RULES = 1,
    parameter int MEASURES = 0,
    parameter int VALUES = 0,
    parameter int NW = $clog2(NEURONS),
    parameter int XW = RULES > 1 ? $clog2(RULES) : 1
) (
    input wire clk,
    input wire rst,
    // what the update pass found, of plastic neurons
    input wire fire,
    input wire [NW-1:0] fire_n,
    input wire fire_forced,
    input wire [31:0] fire_dopa,
    input wire [15:0] fire_value,
    input wire given,
    input wire [NW-1:0] given_n,
    input wire [31:0] given_dopa,
    // the phase
    input wire go,
    output logic done,
    // the rule whose turn it is
    output logic [XW-1:0] rule,
    input wire last,           // no other is behind it
    input wire on_spike,       // there is such a program
    input wire on_reward,
    input wire on_measure,
    input wire any_reward,     // in any rule
    input wire any_measure,
    input wire learn,          // else nothing runs but what measures
    input wire reward_all,
    input wire sweep,          // after it nobody is eligible
    input wire [NW-1:0] lo,
    input wire [NW:0] hi,
    input wire [31:0] now,
    // the engine
    output logic start,
    output logic reward,        // else spike
    output logic measure,       // of a reward: what measures
    output logic [NW-1:0] neuron,
    output logic [31:0] forced,
    output logic [31:0] dopa,
    output logic [15:0] value, // of its spike
    input wire engine_done,
    // postsynaptic traces
    output logic post_trace_read,
    output logic record_valid,  // postsynaptic trace to stage 1 of the record unit
    output logic post_trace_write,
    input wire [31:0] post_last,
    // marks {eligible, forced}: configuration
    input wire cfg_we,
    input wire cfg_re,
    input wire [NW-1:0] cfg_addr,
    input wire [1:0] cfg_wdata,
    output logic [1:0] cfg_rdata
);
    localparam logic [3:0] REST = 4'd0, SPIKE = 4'd1, SPIKE_POST = 4'd2, SPIKE_START = 4'd3, SPIKE_RUN = 4'd4,
                           NEAR_1 = 4'd5, NEAR_2 = 4'd6, NEAR_0 = 4'd7, REWARD = 4'd8, REWARD_POST = 4'd9,
                           REWARD_START = 4'd10, REWARD_RUN = 4'd11, CLEAR = 4'd12, SWEEP = 4'd13,
                           MEASURE_START = 4'd14, MEASURE_RUN = 4'd15;
    localparam int FW = NW + 33 + (VALUES != 0 ? 16 : 0);
    logic [3:0] state;
    logic [NW:0] fired, rewarded, k;
    logic [FW-1:0] fired_q; // {value, neuron, forced, dopa}
    logic [NW+31:0] rewarded_q;
    logic [1:0] mark, mark_d;
    logic mark_we, runs, fetch, ran, next, learns, measures, starts;
    logic [3:0] behind;
    logic [NW-1:0] mark_at, sweep_n, n_now;

    assign learns = MEASURES == 0 || learn; // without programs that measure there are no other turns
    assign measures = MEASURES != 0 && any_measure;
    assign fetch = (state == SPIKE && k != fired) || (state == REWARD && (any_reward && learns || measures) && k != rewarded);
    stoa_ram2 #(.WIDTH(FW), .DEPTH(1 << NW)) fires (
        .clk, .re(fetch && state == SPIKE), .raddr(k[NW-1:0]), .q(fired_q), .we(fire), .waddr(fired[NW-1:0]),
        .d(FW'({fire_value, fire_n, fire_forced, fire_dopa}))
    );
    stoa_ram2 #(.WIDTH(NW + 32), .DEPTH(1 << NW)) gifts (
        .clk, .re(fetch && state == REWARD), .raddr(k[NW-1:0]), .q(rewarded_q), .we(given), .waddr(rewarded[NW-1:0]),
        .d({given_n, given_dopa})
    );
    assign reward = state >= REWARD;
    assign n_now = reward ? rewarded_q[NW+31:32] : fired_q[NW+32:33];
    assign neuron = n_now;
    assign dopa = reward ? rewarded_q[31:0] : fired_q[31:0];
    assign value = VALUES != 0 ? 16'(fired_q >> (NW + 33)) : 16'd0;
    assign forced = {32{reward ? post_last == now + 32'd1 && mark[0] : fired_q[32]}};

    assign post_trace_read = state == SPIKE_POST || state == REWARD_POST || state == NEAR_0;
    assign mark_at = mark_we && state == SWEEP ? sweep_n : n_now;
    assign mark_we = state == NEAR_2 || state == CLEAR || state == SWEEP;
    assign mark_d = state == NEAR_2 ? {learns || mark[1], fired_q[32]} : {1'b0, mark[0]};
    stoa_ram2 #(.WIDTH(2), .DEPTH(1 << NW)) marks (
        .clk, .re(post_trace_read || cfg_re), .raddr(cfg_re ? cfg_addr : n_now), .q(mark), .we(mark_we || cfg_we),
        .waddr(cfg_we ? cfg_addr : mark_at), .d(cfg_we ? cfg_wdata : mark_d)
    );
    assign cfg_rdata = mark;
    assign measure = MEASURES != 0 && (state == MEASURE_START || state == MEASURE_RUN);
    assign runs = measure ? on_measure
                : learns && (state == SPIKE_START ? on_spike : (mark[1] || reward_all) && (RULES == 1 && MEASURES == 0 || on_reward));
    assign starts = state == SPIKE_START || state == REWARD_START || (MEASURES != 0 && state == MEASURE_START);
    assign start = starts && runs;
    // where a rewarded neuron's turn goes on
    assign behind = ran ? CLEAR : REWARD;
    assign record_valid = state == NEAR_1;
    assign post_trace_write = state == NEAR_2;
    generate
        if (RULES > 1) begin : g_rules
            logic more; // rules have their turn in this state, one after the other
            assign more = starts && !runs;
            assign next = !last && (more || (state == SPIKE_RUN || state == REWARD_RUN || (MEASURES != 0 && state == MEASURE_RUN)) && engine_done);
            always_ff @(posedge clk) begin
                // a neuron's turn begins with the first rule, and so do its traces
                if (next || (state == NEAR_2 && !last)) rule <= rule + 1'b1;
                else if (more || engine_done || state == NEAR_2 || state == REST) rule <= '0;
            end
        end else begin : g_rule
            logic unused;
            assign unused = &{1'b0, last};
            assign next = 1'b0;
            assign rule = '0;
        end
        if (RULES > 1 || MEASURES != 0) begin : g_ran
            always_ff @(posedge clk) begin
                if (state == SPIKE_POST || state == REWARD_POST) ran <= 1'b0;
                else if (start && !measure) ran <= 1'b1;
            end
        end else begin : g_runs
            logic unused;
            assign unused = &{1'b0, on_reward};
            assign ran = 1'b0;
        end
        if (MEASURES == 0) begin : g_measures_not
            logic unused;
            assign unused = &{1'b0, learn, on_measure, any_measure};
        end
    endgenerate
    assign done = (state == REWARD && !fetch && !sweep) || (state == SWEEP && {1'b0, sweep_n} + 1'b1 == hi);

    always_ff @(posedge clk) begin
        if (rst) state <= REST;
        else
            case (state)
                REST: if (go) state <= SPIKE;
                SPIKE: state <= fetch ? SPIKE_POST : REWARD;
                SPIKE_POST: state <= SPIKE_START;
                SPIKE_START: state <= runs ? SPIKE_RUN : next ? SPIKE_START : NEAR_1;
                SPIKE_RUN: if (engine_done) state <= next ? SPIKE_START : NEAR_1;
                NEAR_1: state <= NEAR_2;
                NEAR_0: state <= NEAR_1;
                NEAR_2: state <= RULES > 1 && !last ? NEAR_0 : SPIKE;
                REWARD: state <= fetch ? REWARD_POST : sweep ? SWEEP : REST;
                REWARD_POST: state <= REWARD_START;
                REWARD_START: state <= runs ? REWARD_RUN : next ? REWARD_START : measures ? MEASURE_START : behind;
                REWARD_RUN: if (engine_done) state <= next ? REWARD_START : measures ? MEASURE_START : CLEAR;
                CLEAR: state <= REWARD;
                SWEEP: if (done) state <= REST;
                MEASURE_START: state <= runs ? MEASURE_RUN : next ? MEASURE_START : behind;
                default: if (engine_done) state <= next ? MEASURE_START : behind;
            endcase
        if (state == REST || (state == SPIKE && !fetch)) k <= '0;
        else if (fetch) k <= k + 1'b1;
        if (rst || done) begin
            fired <= '0;
            rewarded <= '0;
        end else begin
            if (fire) fired <= fired + 1'b1;
            if (given) rewarded <= rewarded + 1'b1;
        end
        sweep_n <= state == SWEEP ? sweep_n + 1'b1 : lo;
    end
endmodule
`default_nettype wire
