// assert.sv - what must hold at the interfaces in every cycle, and what must have happened once all tests have run.
//
// Bound to the modules from outside, for Verilator only (-DSVA --assert --coverage-user): Yosys and Icarus take neither bind
// nor concurrent assertions. A failure goes to whoever runs the model (tests/cosim/hooks.h), by name.
//
//     offers    what is offered stays offered until it is taken      owners   one user of a memory and an engine at a time
//     queues    none runs over or under                              ranges   what retires exists
// verilator lint_off DECLFILENAME
`include "stoa_tables.vh"
`ifdef SVA
`default_nettype none
package sva;
    import "DPI-C" function void assertion_failed(input string what);
endpackage

`define HOLDS(name, what) name: assert property (@(posedge clk) disable iff (rst) what) else sva::assertion_failed(`"name`");
`define SEEN(name, what) name: cover property (@(posedge clk) what);

module fifo_holds #(
    parameter int WIDTH = 51,
    parameter int DEPTH = 4,
    parameter int PW = 2
) (
    input wire clk,
    input wire rst,
    input wire in_valid,
    input wire in_ready,
    input wire out_valid,
    input wire out_ready,
    input wire [WIDTH-1:0] out,
    input wire [PW:0] count,
    input wire push,
    input wire pop
);
    `HOLDS(fifo_not_over, count <= DEPTH[PW:0] && !(push && count == DEPTH[PW:0]))
    `HOLDS(fifo_not_under, !(pop && count == '0))
    `HOLDS(fifo_counts, 1'b1 |=> count == $past(count) + (PW + 1)'($past(push)) - (PW + 1)'($past(pop)))
    `HOLDS(fifo_offer_stays, out_valid && !out_ready |=> out_valid && $stable(out))
    `SEEN(fifo_full_and_pushed, in_valid && !in_ready)
    `SEEN(fifo_push_and_pop, push && pop)
endmodule
bind stoa_fifo fifo_holds #(.WIDTH(WIDTH), .DEPTH(DEPTH), .PW(PW)) holds (.*);

module arbiter_holds (
    input wire clk,
    input wire rst,
    input wire [4:0] ask,
    input wire take,
    input wire [4:0] grant
);
    `HOLDS(grant_is_one, $onehot0(grant))
    `HOLDS(grant_was_asked, (grant & ~ask) == 5'd0)
    `HOLDS(grant_if_asked, ask == 5'd0 || grant != 5'd0)
    `SEEN(arbiter_several_ask, take && (ask & ~grant) != 5'd0)
endmodule
bind stoa_arbiter arbiter_holds holds (.*);

// An offer stays; which of several packets it is may change while nobody takes it.
module router_holds (
    input wire clk,
    input wire rst,
    input wire [4:0] in_valid,
    input wire [4:0] in_ready,
    input wire [4:0] out_valid,
    input wire [4:0] out_ready,
    input wire [24:0] want,
    input wire quiet,
    input wire cfg_we,
    input wire cfg_re,
    input wire [4:0] grant,
    input wire [4:0] ask
);
    generate
        for (genvar o = 0; o < 5; o++) begin : g_port
            `HOLDS(router_offer_stays, out_valid[o] && !out_ready[o] |=> out_valid[o])
            `SEEN(router_copies, $countones(want[5*o+:5]) > 1)
        end
    endgenerate
    `SEEN(router_out_waits_east, out_valid[0] && !out_ready[0])
    `SEEN(router_out_goes_east, out_valid[0] && out_ready[0])
    `SEEN(router_in_waits_east, in_valid[0] && !in_ready[0])
    `SEEN(router_out_waits_west, out_valid[1] && !out_ready[1])
    `SEEN(router_out_goes_west, out_valid[1] && out_ready[1])
    `SEEN(router_in_waits_west, in_valid[1] && !in_ready[1])
    `SEEN(router_out_waits_north, out_valid[2] && !out_ready[2])
    `SEEN(router_out_goes_north, out_valid[2] && out_ready[2])
    `SEEN(router_in_waits_north, in_valid[2] && !in_ready[2])
    `SEEN(router_out_waits_south, out_valid[3] && !out_ready[3])
    `SEEN(router_out_goes_south, out_valid[3] && out_ready[3])
    `SEEN(router_in_waits_south, in_valid[3] && !in_ready[3])
    `SEEN(router_out_waits_local, out_valid[4] && !out_ready[4])
    `SEEN(router_out_goes_local, out_valid[4] && out_ready[4])
    `SEEN(router_in_waits_local, in_valid[4] && !in_ready[4])
    `HOLDS(router_table_one_user, !((cfg_we || cfg_re) && grant != 5'd0))
    `HOLDS(router_quiet_sends_nothing, !quiet || out_valid == 5'd0)
    `SEEN(router_lookups_wait, $countones(ask) > 1)
endmodule
bind stoa_router router_holds holds (.*);

module barrier_holds (
    input wire clk,
    input wire rst,
    input wire quiet,
    input wire host_valid,
    input wire host_ready,
    input wire token,
    input wire config_in,
    input wire still,
    input wire dropped,
    input wire [31:0] left,
    input wire in_valid,
    input wire in_ready,
    input wire tick_go
);
    `HOLDS(tick_when_quiet, tick_go |-> $past(quiet))
    `HOLDS(tick_is_one_cycle, tick_go |=> !tick_go)
    `HOLDS(token_stays_out, !(token && in_valid))
    `HOLDS(config_between_ticks, !(in_valid && config_in && (tick_go || left != 32'd0)))
    `SEEN(config_waits, host_valid && config_in && !still)
    `SEEN(host_waits_for_ticks, host_valid && left != 32'd0)
    `SEEN(door_drops, dropped)
    `SEEN(barrier_waits, token && !quiet)
    `SEEN(host_waits_for_network, in_valid && !in_ready)
    `SEEN(host_goes_on, host_valid && host_ready)
endmodule
bind stoa_barrier barrier_holds holds (.*);

module banks_holds #(
    parameter int K = 4
) (
    input wire clk,
    input wire rst,
    input wire read,
    input wire [K-1:0] write
);
    `HOLDS(bank_one_user, !(read && write != '0))
endmodule
bind stoa_banks banks_holds #(.K(K)) holds (.rst(1'b0), .*);

module synapses_holds #(
    parameter int K = 4
) (
    input wire clk,
    input wire beat,
    input wire engine_read,
    input wire [K-1:0] w_write,
    input wire we_w,
    input wire re_w,
    input wire rst
);
    `HOLDS(weights_one_user, $countones({beat, engine_read, w_write != '0, we_w, re_w}) <= 1)
endmodule
bind stoa_synapses synapses_holds #(.K(K)) holds (.rst(1'b0), .*);

module wheel_holds #(
    parameter int SW = 4
) (
    input wire clk,
    input wire rst,
    input wire set_valid,
    input wire set_ready,
    input wire [SW-1:0] set_delay,
    input wire clear,
    input wire axon_valid,
    input wire axon_ready,
    input wire [31:0] axon
);
    `HOLDS(arrival_not_in_slot_of_tick, set_valid && set_ready |-> set_delay != '0)
    `HOLDS(axon_offer_stays, axon_valid && !axon_ready |=> axon_valid && $stable(axon))
    `SEEN(arrival_waits_for_clear, set_valid && clear)
    `SEEN(arrival_delay_1, set_valid && set_ready && set_delay == SW'(1))
    `SEEN(arrival_delay_2, set_valid && set_ready && set_delay == SW'(2))
    `SEEN(arrival_delay_3, set_valid && set_ready && set_delay == SW'(3))
    `SEEN(arrival_delay_4, set_valid && set_ready && set_delay == SW'(4))
    `SEEN(arrival_delay_5, set_valid && set_ready && set_delay == SW'(5))
    `SEEN(arrival_delay_6, set_valid && set_ready && set_delay == SW'(6))
    `SEEN(arrival_delay_7, set_valid && set_ready && set_delay == SW'(7))
    `SEEN(arrival_delay_8, set_valid && set_ready && set_delay == SW'(8))
    `SEEN(arrival_delay_9, set_valid && set_ready && set_delay == SW'(9))
    `SEEN(arrival_delay_10, set_valid && set_ready && set_delay == SW'(10))
    `SEEN(arrival_delay_11, set_valid && set_ready && set_delay == SW'(11))
    `SEEN(arrival_delay_12, set_valid && set_ready && set_delay == SW'(12))
    `SEEN(arrival_delay_13, set_valid && set_ready && set_delay == SW'(13))
    `SEEN(arrival_delay_14, set_valid && set_ready && set_delay == SW'(14))
    `SEEN(arrival_delay_15, set_valid && set_ready && set_delay == SW'(15))
endmodule
bind stoa_wheel wheel_holds #(.SW(SW)) holds (.axon(32'(axon)), .*);

module walk_holds #(
    parameter int K = 4
) (
    input wire clk,
    input wire rst,
    input wire valid,
    input wire hold,
    input wire first,
    input wire last,
    input wire take,
    input wire cfg_we,
    input wire cfg_re,
    input wire [1:0] kind,
    input wire forcing,
    input wire plastic,
    input wire [K-1:0] wrap,
    input wire [K-1:0] active
);
    `HOLDS(axon_table_one_user, !(take && (cfg_we || cfg_re)))
    `SEEN(axon_signal, last && kind == 2'd0)
    `SEEN(axon_gating, last && kind == 2'd1)
    `SEEN(axon_reward, last && kind == 2'd2)
    `SEEN(axon_graded, last && kind == 2'd3)
    `SEEN(row_wraps, valid && !hold && (wrap & active) != '0)
    `SEEN(row_empty, first && last && active == '0)
    `SEEN(row_long, valid && !hold && !first && !last)
    `SEEN(axon_forces, last && forcing)
    `SEEN(axon_learns, last && plastic)
endmodule
bind stoa_walk walk_holds #(.K(K)) holds (.*);

module inbox_holds (
    input wire clk,
    input wire rst,
    input wire issue,
    input wire valid1,
    input wire take
);
    `HOLDS(inbox_one_user, !(take && (issue || valid1)))
endmodule
bind stoa_inbox inbox_holds holds (.*);

module emit_holds #(
    parameter int NW = 8
) (
    input wire clk,
    input wire rst,
    input wire push,
    input wire pop,
    input wire [NW:0] count,
    input wire valid,
    input wire ready,
    input wire [15:0] block,
    input wire [15:0] index,
    input wire [15:0] graded,
    input wire hit,
    input wire next
);
    `HOLDS(spikes_not_over, !(push && !pop && count[NW]))
    `HOLDS(spikes_not_under, !(pop && count == '0))
    `HOLDS(packet_offer_stays, valid && !ready |=> valid && $stable(block) && $stable(index) && $stable(graded))
    `SEEN(packet_waits, valid && !ready)
    `SEEN(spike_outside_block, next && !hit)
    `SEEN(spikes_queue, count > (NW + 1)'(2))
endmodule
bind stoa_emit emit_holds #(.NW(NW)) holds (.*);

module update_sees #(
    parameter int UB = 24
) (
    input wire clk,
    input wire rst,
    input wire win,
    input wire fire,
    input wire compete,
    input wire wiped,
    input wire state_we,
    input wire [7:0] refractory,
    input wire subtract,
    input wire [UB-1:0] reset_value,
    input wire better,
    input wire best_valid,
    input wire [26:0] e_fire
);
    `HOLDS(fires_when_written, fire |-> state_we)
    `HOLDS(winner_competes, win |-> compete)
    `SEEN(winner, win)
    `SEEN(better_than_best, better && best_valid)
    `SEEN(fires_alone, fire && !compete)
    `SEEN(fires_into_wipe, fire && wiped)
    `SEEN(fires_refractory, fire && refractory != 8'd0)
    `SEEN(fires_subtracting, fire && subtract)
    `SEEN(fires_to_value, fire && !subtract && reset_value != '0)
    `SEEN(fires_with_large_excess, fire && $signed(e_fire) > 27'sd32767)
    `SEEN(fires_below_threshold, fire && e_fire[26])
    `SEEN(fires_far_below_threshold, fire && $signed(e_fire) < -27'sd32768)
endmodule
bind stoa_update update_sees #(.UB(UB)) holds (.*);

module column_sees (
    input wire clk,
    input wire rst,
    input wire recruits,
    input wire valid,
    input wire closed,
    input wire [1:0] standing,
    input wire ends,
    input wire candidate,
    input wire better,
    input wire best_valid,
    input wire reached,
    input wire first,
    input wire taught,
    input wire takes,
    input wire [28:0] key,
    input wire [28:0] best
);
    `HOLDS(column_ends_alone, !(ends && valid))
    `HOLDS(taught_if_it_recruits, taught |-> recruits)
    `SEEN(recruits_good, better && reached && standing == `ST_STANDING_GOOD)
    `SEEN(recruits_fresh, better && reached && standing == `ST_STANDING_FRESH)
    `SEEN(recruits_last, better && reached && standing == `ST_STANDING_LAST)
    `SEEN(recruits_frozen_not, reached && !closed && standing == `ST_STANDING_NEVER)
    `SEEN(recruits_closed_not, reached && closed)
    `SEEN(recruits_better_than_best, better && reached && best_valid && !first)
    `SEEN(recruits_first_of_equals, takes && reached && best_valid && !first && key == best)
    `SEEN(recruits_puts_best_aside, first && best_valid && better)
    `SEEN(recruits_puts_best_aside_for_none, first && best_valid && !better)
    `SEEN(recruits_not_unreached, candidate && !reached && taught)
    `SEEN(recruits_nobody, ends && taught && !best_valid)
    `SEEN(recruits_untaught, ends && recruits && !taught && best_valid)
endmodule
bind stoa_column column_sees holds (.*);

module recruit_sees #(
    parameter int UB = 24
) (
    input wire clk,
    input wire recruits,
    input wire first, // stage 1 has a neuron; stage 3
    input wire third,
    input wire [23:0] excess,
    input wire [23:0] freeze,
    input wire fresh3,
    input wire frozen3,
    input wire signed [26:0] match,
    input wire signed [26:0] least,
    input wire we,
    input wire wiped,
    input wire forced4,
    input wire [UB-1:0] u4,
    input wire [UB-1:0] peak4,
    input wire [UB-1:0] d
);
    logic rst, higher;
    assign rst = 1'b0;
    assign higher = $signed(u4) > $signed(peak4);
    `HOLDS(peak_not_below_0, we |-> !d[UB-1])
    `SEEN(peak_rises, we && !wiped && !forced4 && higher)
    `SEEN(peak_not_by_forcing, we && !wiped && forced4 && higher)
    `SEEN(peak_wiped, we && wiped && d != peak4)
    `SEEN(match_just_good, third && recruits && !fresh3 && !frozen3 && match == least)
    `SEEN(frozen_from_here, first && recruits && freeze != 24'd0 && excess == freeze)
endmodule
bind stoa_recruit recruit_sees #(.UB(UB)) holds (.first(valid[0]), .third(valid[2]), .*);

module currents_sees (
    input wire clk,
    input wire flows,
    input wire two,
    input wire second,       // stage 2 has a neuron; stage 3; stage 4
    input wire third,
    input wire fourth,
    input wire last_unit,    // what is left of a current is below 1
    input wire rounded,      // likewise, of inhibition, whatever its size; of what both add
    input wire gain_rounded,
    input wire signed [34:0] sum,
    input wire signed [34:0] sum_inhib,
    input wire signed [34:0] high,
    input wire signed [34:0] low,
    input wire wiped
);
    `SEEN(currents_one, second && flows && !two)
    `SEEN(currents_two, second && flows && two)
    `SEEN(currents_exc_at_top, second && flows && sum > high)
    `SEEN(currents_exc_at_bottom, second && flows && sum < low)
    `SEEN(currents_inhib_at_bottom, second && flows && sum_inhib < low)
    `SEEN(currents_last_unit_goes, second && flows && last_unit)
    `SEEN(currents_rounded_up, second && flows && rounded)
    `SEEN(currents_gain_rounded_up, third && flows && gain_rounded)
    `SEEN(currents_wiped, fourth && flows && wiped)
endmodule
bind stoa_currents currents_sees holds (.second(valid[1]), .third(valid[2]), .fourth(valid[3]),
    .last_unit(part[41:16] == '1 && part[15:0] != 16'd0), .rounded(part_inhib[41] && part_inhib[15:0] != 16'd0),
    .gain_rounded(product[42] && product[15:0] != 16'd0), .*);

module adapt_sees (
    input wire clk,
    input wire adapts,
    input wire counts,
    input wire moves,
    input wire decays,
    input wire wiped,
    input wire first,        // stage 1 has a neuron; stage 2
    input wire second,
    input wire over,         // a sum is beyond the field; a step leads there
    input wire step_over,
    input wire fires,
    input wire win,
    input wire we,
    input wire [23:0] base
);
    logic rst;
    assign rst = 1'b0;
    `HOLDS(adapt_written_if_it_adapts, we |-> adapts)
    `SEEN(adapt_rises_to_top, first && adapts && counts && over)
    `SEEN(adapt_ignored, first && adapts && !counts)
    `SEEN(adapt_held, we && !moves && (fires || win))
    `SEEN(adapt_decays, second && adapts && moves && decays)
    `SEEN(adapt_decays_not_now, second && adapts && moves && !decays)
    `SEEN(adapt_step, we && moves && fires)
    `SEEN(adapt_step_of_winner, we && moves && win)
    `SEEN(adapt_step_to_top, we && moves && (fires || win) && step_over)
    `SEEN(adapt_forgets, we && wiped && base != 24'd0)
endmodule
bind stoa_adapt adapt_sees holds (.first(valid[0]), .second(valid[1]), .over(sum[24]), .step_over(raised[24]), .*);

module neuron_sees (
    input wire clk,
    input wire valid,
    input wire valid2,
    input wire blocked,
    input wire [14:0] shut,
    input wire [14:0] open,
    input wire opened,
    input wire shut_by_default,
    input wire closed2,
    input wire signed [34:0] sum,
    input wire signed [34:0] high,
    input wire signed [34:0] low,
    input wire signed [34:0] base,
    input wire signed [34:0] limited,
    input wire [16:0] leak,
    input wire [25:0] bias
);
    `SEEN(gate_shut_and_open, valid && shut != 15'd0 && open != 15'd0)
    `SEEN(gate_opens_the_shut, valid && open != 15'd0 && shut == 15'd0 && !opened)
    `SEEN(gate_open_by_gating, valid && shut_by_default && open != 15'd0 && shut == 15'd0)
    `SEEN(leak_whole, valid && leak == 17'h10000)
    `SEEN(leak_fine, valid && leak[7:0] != 8'd0)
    `SEEN(bias_up, valid && !bias[25] && bias != 26'd0)
    `SEEN(bias_down, valid && bias[25])
    `SEEN(neuron_blocked, valid && blocked)
    `SEEN(membrane_at_top, valid2 && !closed2 && sum > high)
    `SEEN(membrane_at_bottom, valid2 && !closed2 && sum < low)
    `SEEN(membrane_at_floor, valid2 && !closed2 && limited < base)
endmodule
bind stoa_neuron neuron_sees holds (.opened(!gate[15]), .*);

module turns_holds #(
    parameter int NW = 8
) (
    input wire clk,
    input wire rst,
    input wire rests,
    input wire go,
    input wire fire,
    input wire given,
    input wire [NW:0] fired,
    input wire [NW:0] rewarded,
    input wire start,
    input wire reward,
    input wire [31:0] forced,
    input wire sweep,
    input wire done,
    input wire reward_all,
    input wire eligible,
    input wire later,       // a rule behind the first
    input wire passed,      // a rule without a program that is due, not the last
    input wire earlier,     // a rule before the last had one, the last has not
    input wire moves
);
    `HOLDS(turns_not_over, !(fire && fired[NW]) && !(given && rewarded[NW]))
    `HOLDS(turns_begin_at_rest, go |-> rests)
    `HOLDS(turns_lists_closed, !rests |-> !fire && !given)
    `SEEN(turn_of_spike, start && !reward)
    `SEEN(turn_of_reward, start && reward)
    `SEEN(turn_forced, start && !reward && forced != 32'd0)
    `SEEN(turn_forced_and_rewarded, start && reward && forced != 32'd0)
    `SEEN(turn_not_eligible, start && reward && reward_all && !eligible)
    `SEEN(turns_swept, done && sweep)
    `SEEN(turn_of_later_rule, start && later && !reward)
    `SEEN(turn_of_later_rule_by_reward, start && later && reward)
    `SEEN(turn_passes_a_rule, passed)
    `SEEN(turn_rewarded_by_earlier_rule, earlier)
    `SEEN(turn_later_trace, moves && later)
endmodule
bind stoa_turns turns_holds #(.NW(NW)) holds (.rests(state == REST), .eligible(mark[1]), .later(rule != '0),
    .passed(next && !engine_done), .earlier(state == REWARD_START && !runs && last && ran), .moves(post_trace_write), .*);

module mask_sees #(
    parameter int K = 4
) (
    input wire clk,
    input wire load,
    input wire [K-1:0] joined,
    input wire beat_end,
    input wire [K-1:0] within_run,
    input wire [K-1:0] within_store,
    input wire [K-1:0] active_run,
    input wire [K-1:0] active_store
);
    logic rst;
    assign rst = 1'b0;
    `HOLDS(mask_takes_only, (active_run & ~within_run) == '0 && (active_store & ~within_store) == '0)
    `SEEN(mask_all, beat_end && (within_run & active_run) == within_run)
    `SEEN(mask_some, beat_end && (within_run & ~active_run) != '0 && active_run != '0)
    `SEEN(mask_none, beat_end && within_run != '0 && active_run == '0)
    `SEEN(mask_changes_with_next_beat, load && beat_end && joined != active_run)
endmodule
bind stoa_mask mask_sees #(.K(K)) holds (.*);

module lane_sees (
    input wire clk,
    input wire run,
    input wire [4:0] op,
    input wire [1:0] round,
    input wire [15:0] first,
    input wire [15:0] second,
    input wire [15:0] y,
    input wire tab,
    input wire tab_late,
    input wire [4:0] tab_d
);
    logic top; // the result is at an end of its field
    assign top = y == 16'h7fff || y == 16'h8000;
    `SEEN(lane_add, run && op == `ST_OP_ADD)
    `SEEN(lane_sub, run && op == `ST_OP_SUB)
    `SEEN(lane_mul, run && op == `ST_OP_MUL)
    `SEEN(lane_shl, run && op == `ST_OP_SHL)
    `SEEN(lane_shr, run && op == `ST_OP_SHR)
    `SEEN(lane_min, run && op == `ST_OP_MIN)
    `SEEN(lane_max, run && op == `ST_OP_MAX)
    `SEEN(lane_and, run && op == `ST_OP_AND)
    `SEEN(lane_or, run && op == `ST_OP_OR)
    `SEEN(lane_lt, run && op == `ST_OP_LT)
    `SEEN(lane_sel, run && op == `ST_OP_SEL)
    `SEEN(lane_tab, run && op == `ST_OP_TAB)
    `SEEN(lane_rnd, run && op == `ST_OP_RND)
    `SEEN(lane_add_saturates, run && op == `ST_OP_ADD && top && first != y && second != y)
    `SEEN(lane_sub_saturates, run && op == `ST_OP_SUB && top && first != y && second != y)
    `SEEN(lane_mul_saturates, run && op == `ST_OP_MUL && top && first != y && second != y)
    `SEEN(lane_mul_floor, run && op == `ST_OP_MUL && round == `ST_ROUND_FLOOR)
    `SEEN(lane_mul_nearest, run && op == `ST_OP_MUL && round == `ST_ROUND_NEAREST)
    `SEEN(lane_mul_toward_zero, run && op == `ST_OP_MUL && round == `ST_ROUND_TOWARD_ZERO)
    `SEEN(lane_mul_stochastic, run && op == `ST_OP_MUL && round == `ST_ROUND_STOCHASTIC)
    `SEEN(lane_shr_floor, run && op == `ST_OP_SHR && round == `ST_ROUND_FLOOR)
    `SEEN(lane_shr_nearest, run && op == `ST_OP_SHR && round == `ST_ROUND_NEAREST)
    `SEEN(lane_shr_toward_zero, run && op == `ST_OP_SHR && round == `ST_ROUND_TOWARD_ZERO)
    `SEEN(lane_shr_stochastic, run && op == `ST_OP_SHR && round == `ST_ROUND_STOCHASTIC)
    `SEEN(lane_shift_far, run && (op == `ST_OP_SHL || op == `ST_OP_SHR) && second[15:4] != 12'd0)
    `SEEN(table_last_of_beat, tab && tab_late && (tab_d == `ST_OPERAND_RN || tab_d == `ST_OPERAND_WN))
    `SEEN(table_passed_by, tab && !tab_late)
endmodule
bind stoa_lane lane_sees holds (.*);

module learn_holds #(
    parameter int K = 4
) (
    input wire clk,
    input wire rst,
    input wire runs, // a scalar word
    input wire in_beat,
    input wire start,
    input wire pre,
    input wire busy,
    input wire done,
    input wire scalar_run,
    input wire [4:0] op,
    input wire [1:0] round,
    input wire [31:0] sy,
    input wire [31:0] sa,
    input wire [31:0] sb,
    input wire taken,
    input wire is_skip,
    input wire bank_read,
    input wire [K-1:0] w_write,
    input wire [K-1:0] r_write,
    input wire [K-1:0] q_write,
    input wire rec_read,
    input wire rec_write,
    input wire [2:0] red_out_to,
    input wire stretch,
    input wire [31:0] wrap_at
);
    `HOLDS(engine_starts_idle, start |-> !busy)
    `HOLDS(engine_ends_busy, done |-> busy)
    `HOLDS(record_one_user, !(rec_read && rec_write))
    `HOLDS(engine_bank_one_user, !(bank_read && (w_write | r_write | q_write) != '0))
    logic at_end;
    assign at_end = sy == 32'h7fffffff || sy == 32'h80000000;
    `SEEN(scalar_li, scalar_run && op == `ST_OP_LI)
    `SEEN(scalar_add, scalar_run && op == `ST_OP_ADD)
    `SEEN(scalar_sub, scalar_run && op == `ST_OP_SUB)
    `SEEN(scalar_mul, scalar_run && op == `ST_OP_MUL)
    `SEEN(scalar_shl, scalar_run && op == `ST_OP_SHL)
    `SEEN(scalar_shr, scalar_run && op == `ST_OP_SHR)
    `SEEN(scalar_min, scalar_run && op == `ST_OP_MIN)
    `SEEN(scalar_max, scalar_run && op == `ST_OP_MAX)
    `SEEN(scalar_and, scalar_run && op == `ST_OP_AND)
    `SEEN(scalar_or, scalar_run && op == `ST_OP_OR)
    `SEEN(scalar_lt, scalar_run && op == `ST_OP_LT)
    `SEEN(scalar_sel, scalar_run && op == `ST_OP_SEL)
    `SEEN(scalar_tab, scalar_run && op == `ST_OP_TAB)
    `SEEN(scalar_rnd, scalar_run && op == `ST_OP_RND)
    `SEEN(scalar_li_saturates, scalar_run && op == `ST_OP_LI && at_end && sa != sy && sb != sy)
    `SEEN(scalar_add_saturates, scalar_run && op == `ST_OP_ADD && at_end && sa != sy && sb != sy)
    `SEEN(scalar_sub_saturates, scalar_run && op == `ST_OP_SUB && at_end && sa != sy && sb != sy)
    `SEEN(scalar_mul_saturates, scalar_run && op == `ST_OP_MUL && at_end && sa != sy && sb != sy)
    `SEEN(scalar_mul_floor, scalar_run && op == `ST_OP_MUL && round == `ST_ROUND_FLOOR)
    `SEEN(scalar_mul_nearest, scalar_run && op == `ST_OP_MUL && round == `ST_ROUND_NEAREST)
    `SEEN(scalar_mul_toward_zero, scalar_run && op == `ST_OP_MUL && round == `ST_ROUND_TOWARD_ZERO)
    `SEEN(scalar_mul_stochastic, scalar_run && op == `ST_OP_MUL && round == `ST_ROUND_STOCHASTIC)
    `SEEN(scalar_shr_floor, scalar_run && op == `ST_OP_SHR && round == `ST_ROUND_FLOOR)
    `SEEN(scalar_shr_nearest, scalar_run && op == `ST_OP_SHR && round == `ST_ROUND_NEAREST)
    `SEEN(scalar_shr_toward_zero, scalar_run && op == `ST_OP_SHR && round == `ST_ROUND_TOWARD_ZERO)
    `SEEN(scalar_shr_stochastic, scalar_run && op == `ST_OP_SHR && round == `ST_ROUND_STOCHASTIC)
    `SEEN(reduction_a0, red_out_to == `ST_REDUCE_SUM0)
    `SEEN(reduction_a1, red_out_to == `ST_REDUCE_SUM1)
    `SEEN(reduction_a2, red_out_to == `ST_REDUCE_SUM2)
    `SEEN(reduction_m, red_out_to == `ST_REDUCE_MAX)
    `SEEN(column_wraps, in_beat && wrap_at != 32'd0)
    `SEEN(program_on_pre, start && pre)
    `SEEN(program_of_neuron, start && !pre)
    `SEEN(skip_taken, runs && taken)
    `SEEN(skip_not_taken, runs && is_skip && !taken)
    `SEEN(weights_written, w_write != '0)
    `SEEN(resources_written, r_write != '0)
    `SEEN(beat_waits_for_memory, in_beat && stretch)
endmodule
bind stoa_learn learn_holds #(.K(K)) holds (.runs(state == RUN), .in_beat(state == BEAT), .wrap_at(32'(wrap_at)), .*);

module core_holds #(
    parameter int K = 4,
    parameter int NW = 8,
    parameter int AW = 10
) (
    input wire clk,
    input wire rst,
    input wire tick_go,
    input wire idle, // and the other phases
    input wire delivers,
    input wire updates,
    input wire turns_run,
    input wire quiet,
    input wire cfg_we,
    input wire cfg_re,
    input wire beat,
    input wire engine_busy,
    input wire start,
    input wire record_read,
    input wire record_write,
    input wire excess_read,
    input wire ask_record,
    input wire tabs_ask,
    input wire in_valid,
    input wire in_ready,
    input wire out_valid,
    input wire out_ready,
    input wire [50:0] out,
    input wire plastic,
    input wire [NW-1:0] lo,
    input wire [NW:0] hi,
    input wire [AW:0] axons,
    input wire [31:0] words,
    input wire [15:0] ret_event_axon,
    input wire ret_event,
    input wire ret_pre,
    input wire [15:0] ret_pre_a,
    input wire ret_post,
    input wire [15:0] ret_post_n,
    input wire ret_record,
    input wire [15:0] ret_record_at,
    input wire [K-1:0] ret_line,
    input wire delivering,
    input wire updating,
    input wire learning,
    input wire take,
    input wire fire,
    input wire emit_valid,
    input wire lane_valid,
    input wire speaking
);
    `HOLDS(tick_finds_core_idle, tick_go |-> idle && quiet)
    `HOLDS(configured_when_idle, cfg_we || cfg_re |-> idle)
    `HOLDS(records_one_user, $countones({record_read, record_write, excess_read}) <= 1)
    `HOLDS(tables_one_user, !(ask_record && tabs_ask))
    `HOLDS(engine_in_its_phase, engine_busy || start |-> delivers || turns_run)
    `HOLDS(update_in_its_phase, take || fire |-> updates)
    `HOLDS(delivery_in_its_phase, beat |-> delivers)
    `HOLDS(clocks_when_wanted, (!beat || delivering) && (!(take || fire || emit_valid || lane_valid) || updating) && (!(engine_busy || speaking) || learning))
    `HOLDS(out_offer_stays, out_valid && !out_ready |=> out_valid && $stable(out))
    `HOLDS(event_in_range, ret_event |-> 32'(ret_event_axon) < 32 * words)
    `HOLDS(pre_trace_in_range, ret_pre |-> 32'(ret_pre_a) < 32'(axons))
    `HOLDS(post_trace_in_range, ret_post |-> ret_post_n >= 16'(lo) && 32'(ret_post_n) < 32'(hi))
    `HOLDS(record_in_range, ret_record |-> (ret_record_at >> 3) >= 16'(lo) && {16'd0, ret_record_at >> 3} < 32'(hi))
    `HOLDS(learns_if_plastic, ret_line != '0 || ret_record |-> plastic)
    `SEEN(core_in_waits, in_valid && !in_ready)
    `SEEN(core_out_waits, out_valid && !out_ready)
endmodule
module excess_sees #(
    parameter int RULES = 1
) (
    input wire clk,
    input wire over,
    input wire [RULES-1:0] read
);
    `SEEN(excess_of_several, $countones(read) > 1)
    `SEEN(excess_beyond_its_field, over)
endmodule
bind stoa_core excess_sees #(.RULES(RULES)) excess_holds (.over(excess_sum[23+XW:24] != '0), .read(excess_1), .*);

bind stoa_core core_holds #(.K(K), .NW(NW), .AW(AW)) holds (
    .idle(state == IDLE), .delivers(state == DELIVER), .updates(state == UPDATE), .turns_run(state == TURNS),
    .words(32'(words)), .tabs_ask(tab_ask != '0), .excess_read(excess_read != '0), .*);
`default_nettype wire
`endif
