// f_turns - in the turn of a neuron each rule of the core has its turn: every program that is due runs once, rule by rule, and then
// every rule's postsynaptic trace moves on, rule by rule; a reward leaves a neuron eligible only if no program ran. What measures runs
// behind all programs of a reward, with learning and without; without nothing else runs, and a spike makes nobody eligible.
//
// Any rules, programs, lists and marks; an engine that is done whenever it likes.
module f_turns #(
    parameter int RULES = 3,
    parameter int MEASURES = 0
) (
    input logic clk,
    input logic fire,
    input logic fire_n,
    input logic fire_forced,
    input logic given,
    input logic given_n,
    input logic go,
    input logic sweep,
    input logic engine_done,
    input logic [31:0] post_last,
    input logic [31:0] now
);
    (* anyconst *) logic [1:0] COUNT;            // rules of the core
    (* anyconst *) logic [2:0] spikes, rewards, all, measures; // which have such a program; whose reward programs ask for all
    (* anyconst *) logic learn;
    (* hierconn *) logic [3:0] \dut.state ;
    (* hierconn *) logic [1:0] \dut.mark ;
    (* hierconn *) logic [1:0] \dut.mark_d ;
    logic rst, done, start, reward, measure, neuron, post_trace_read, record_valid, post_trace_write, last, running;
    logic [1:0] rule, mark_out;
    logic [31:0] forced, dopa;
    logic [2:0] there;
    initial rst = 1'b1;
    always_ff @(posedge clk) rst <= 1'b0;
    assign there = COUNT == 2'd1 ? 3'b001 : COUNT == 2'd2 ? 3'b011 : 3'b111;
    assign last = rule + 2'd1 == COUNT;
    stoa_turns #(.NEURONS(2), .RULES(RULES), .MEASURES(MEASURES)) dut (
        .clk, .rst, .fire, .fire_n, .fire_forced, .fire_dopa(32'd0), .given, .given_n, .given_dopa(32'd0), .go, .done, .rule, .last,
        .on_spike(spikes[rule]), .on_reward(rewards[rule]), .on_measure(measures[rule]), .any_measure((measures & there) != 3'd0), .learn, .any_reward((rewards & there) != 3'd0), .reward_all(all[rule]), .sweep, .lo(1'b0), .hi(2'd2),
        .now, .start, .reward, .measure, .neuron, .forced, .dopa, .engine_done, .post_trace_read, .record_valid, .post_trace_write, .post_last,
        .cfg_we(1'b0), .cfg_re(1'b0), .cfg_addr(1'b0), .cfg_wdata(2'd0), .cfg_rdata(mark_out));

    // the turn that there is: what ran, which traces moved
    logic [2:0] ran, measured, due, due_measure;
    logic [1:0] moved;
    logic was_measure, spike_turn, reward_turn, spike_ends, reward_ends, asked, cleared;
    assign spike_turn = \dut.state == 4'd2;   // SPIKE_POST, REWARD_POST: a turn begins
    assign reward_turn = \dut.state == 4'd9;
    assign spike_ends = \dut.state == 4'd1;   // SPIKE, REWARD: the next, or none
    assign reward_ends = \dut.state == 4'd8;
    assign due = there & {3{learn || MEASURES == 0}} & (reward ? rewards & (all | {3{\dut.mark [1]}}) : spikes);
    assign due_measure = there & {3{MEASURES != 0}} & measures;
    initial {running, asked, ran, measured, moved, cleared} = '0;
    always_ff @(posedge clk) begin
        if (rst || engine_done) running <= 1'b0;
        else if (start) running <= 1'b1;
        if (start) was_measure <= measure;
        if (spike_turn || reward_turn) begin
            ran <= 3'd0;
            measured <= 3'd0;
            moved <= 2'd0;
            cleared <= 1'b0;
        end else begin
            if (start && !measure) ran <= ran | 3'd1 << rule;
            if (start && measure) measured <= measured | 3'd1 << rule;
            if (\dut.state == 4'd12) cleared <= 1'b1;
            if (post_trace_write) moved <= moved + 2'd1;
        end
        if (rst || \dut.state == 4'd0) asked <= 1'b0;
        else if (spike_turn || reward_turn) asked <= 1'b1;
        else if (spike_ends || reward_ends) asked <= 1'b0;
    end
    always_comb begin
        assume (COUNT != 2'd0 && COUNT <= RULES);
        if (engine_done) assume (running);
        if (fire || given || go) assume (\dut.state == 4'd0);
        if (!rst) begin
            if (start && measure)
                assert (reward && ran == due && due_measure[rule] && measured == (due_measure & ((3'd1 << rule) - 3'd1)));
            if (start && !measure) assert (measured == 3'd0 && due[rule] && ran == (due & ((3'd1 << rule) - 3'd1)));      // in order, each once
            if (running) assert (measure == was_measure); // the engine reads where it begins as it runs
            if (post_trace_write) assert (!reward && ran == due && moved == rule);         // behind all programs, in order
            if (spike_ends && asked) assert (moved == COUNT);
            if (reward_ends && asked) assert (ran == due && measured == due_measure && cleared == (ran != 3'd0));
            if (post_trace_write) assert (\dut.mark_d [1] == (learn || MEASURES == 0 || \dut.mark [1])); // eligible
            if (\dut.state == 4'd12) assert (reward && ran == due && ran != 3'd0);          // CLEAR
        end
    end
endmodule
