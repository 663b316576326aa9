// assert.sv - what must hold at the interfaces in every cycle, and what must have happened once all tests have run.
//
// Bound to the modules from outside, for Verilator only (-DSVA --assert --coverage-user): Yosys and Icarus take neither bind
// nor concurrent assertions. A failure goes to whoever runs the model (tests/cosim/hooks.h), by name.
//
//     offers    what is offered stays offered until it is taken      owners   one user of a memory and an engine at a time
//     queues    none runs over or under                              ranges   what retires exists
// verilator lint_off DECLFILENAME
`ifdef SVA
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
    input logic clk,
    input logic rst,
    input logic in_valid,
    input logic in_ready,
    input logic out_valid,
    input logic out_ready,
    input logic [WIDTH-1:0] out,
    input logic [PW:0] count,
    input logic push,
    input logic pop
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
    input logic clk,
    input logic rst,
    input logic [4:0] ask,
    input logic take,
    input logic [4:0] grant
);
    `HOLDS(grant_is_one, $onehot0(grant))
    `HOLDS(grant_was_asked, (grant & ~ask) == 5'd0)
    `HOLDS(grant_if_asked, ask == 5'd0 || grant != 5'd0)
    `SEEN(arbiter_several_ask, take && (ask & ~grant) != 5'd0)
endmodule
bind stoa_arbiter arbiter_holds holds (.*);

// An offer stays; which of several packets it is may change while nobody takes it.
module router_holds (
    input logic clk,
    input logic rst,
    input logic [4:0] in_valid,
    input logic [4:0] in_ready,
    input logic [4:0] out_valid,
    input logic [4:0] out_ready,
    input logic [24:0] want,
    input logic quiet,
    input logic cfg_we,
    input logic cfg_re,
    input logic [4:0] grant,
    input logic [4:0] ask
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
    input logic clk,
    input logic rst,
    input logic quiet,
    input logic host_valid,
    input logic host_ready,
    input logic token,
    input logic config_in,
    input logic still,
    input logic dropped,
    input logic [31:0] left,
    input logic in_valid,
    input logic in_ready,
    input logic tick_go
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
    input logic clk,
    input logic rst,
    input logic read,
    input logic [K-1:0] write
);
    `HOLDS(bank_one_user, !(read && write != '0))
endmodule
bind stoa_banks banks_holds #(.K(K)) holds (.rst(1'b0), .*);

module wheel_holds #(
    parameter int SW = 4
) (
    input logic clk,
    input logic rst,
    input logic set_valid,
    input logic set_ready,
    input logic [SW-1:0] set_delay,
    input logic clear,
    input logic axon_valid,
    input logic axon_ready,
    input logic [31:0] axon
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
    input logic clk,
    input logic rst,
    input logic valid,
    input logic hold,
    input logic first,
    input logic last,
    input logic take,
    input logic cfg_we,
    input logic cfg_re,
    input logic [1:0] kind,
    input logic forcing,
    input logic plastic,
    input logic [K-1:0] wrap,
    input logic [K-1:0] active
);
    `HOLDS(axon_table_one_user, !(take && (cfg_we || cfg_re)))
    `SEEN(axon_signal, last && kind == 2'd0)
    `SEEN(axon_gating, last && kind == 2'd1)
    `SEEN(axon_reward, last && kind == 2'd2)
    `SEEN(row_wraps, valid && !hold && (wrap & active) != '0)
    `SEEN(row_empty, first && last && active == '0)
    `SEEN(row_long, valid && !hold && !first && !last)
    `SEEN(axon_forces, last && forcing)
    `SEEN(axon_learns, last && plastic)
endmodule
bind stoa_walk walk_holds #(.K(K)) holds (.*);

module inbox_holds (
    input logic clk,
    input logic rst,
    input logic issue,
    input logic valid1,
    input logic take
);
    `HOLDS(inbox_one_user, !(take && (issue || valid1)))
endmodule
bind stoa_inbox inbox_holds holds (.*);

module emit_holds #(
    parameter int NW = 8
) (
    input logic clk,
    input logic rst,
    input logic push,
    input logic pop,
    input logic [NW:0] count,
    input logic valid,
    input logic ready,
    input logic [15:0] block,
    input logic [15:0] index,
    input logic [15:0] graded,
    input logic hit,
    input logic next
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
    input logic clk,
    input logic rst,
    input logic win,
    input logic fire,
    input logic compete,
    input logic wiped,
    input logic state_we,
    input logic [7:0] refractory,
    input logic subtract,
    input logic [UB-1:0] reset_value,
    input logic better,
    input logic best_valid,
    input logic [26:0] e_fire
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
    `SEEN(fires_with_large_excess, fire && e_fire > 27'd32767)
endmodule
bind stoa_update update_sees #(.UB(UB)) holds (.*);

module neuron_sees (
    input logic clk,
    input logic valid,
    input logic valid2,
    input logic blocked,
    input logic [14:0] shut,
    input logic [14:0] open,
    input logic opened,
    input logic shut_by_default,
    input logic closed2,
    input logic signed [34:0] sum,
    input logic signed [34:0] high,
    input logic signed [34:0] low,
    input logic signed [34:0] base,
    input logic signed [34:0] limited,
    input logic [16:0] leak,
    input logic [25:0] bias
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
    input logic clk,
    input logic rst,
    input logic [3:0] state,
    input logic go,
    input logic fire,
    input logic given,
    input logic [NW:0] fired,
    input logic [NW:0] rewarded,
    input logic start,
    input logic reward,
    input logic [31:0] forced,
    input logic sweep,
    input logic done,
    input logic reward_all,
    input logic eligible
);
    `HOLDS(turns_not_over, !(fire && fired[NW]) && !(given && rewarded[NW]))
    `HOLDS(turns_begin_at_rest, go |-> state == 4'd0)
    `HOLDS(turns_lists_closed, state != 4'd0 |-> !fire && !given)
    `SEEN(turn_of_spike, start && !reward)
    `SEEN(turn_of_reward, start && reward)
    `SEEN(turn_forced, start && !reward && forced != 32'd0)
    `SEEN(turn_forced_and_rewarded, start && reward && forced != 32'd0)
    `SEEN(turn_not_eligible, start && reward && reward_all && !eligible)
    `SEEN(turns_swept, done && sweep)
endmodule
bind stoa_turns turns_holds #(.NW(NW)) holds (.eligible(mark[1]), .*);

module lane_sees (
    input logic clk,
    input logic run,
    input logic [4:0] op,
    input logic [1:0] round,
    input logic [15:0] first,
    input logic [15:0] second,
    input logic [15:0] y,
    input logic tab,
    input logic tab_late,
    input logic [4:0] tab_d
);
    logic top; // the result is at an end of its field
    assign top = y == 16'h7fff || y == 16'h8000;
    `SEEN(lane_add, run && op == 5'd1)
    `SEEN(lane_sub, run && op == 5'd2)
    `SEEN(lane_mul, run && op == 5'd3)
    `SEEN(lane_shl, run && op == 5'd4)
    `SEEN(lane_shr, run && op == 5'd5)
    `SEEN(lane_min, run && op == 5'd6)
    `SEEN(lane_max, run && op == 5'd7)
    `SEEN(lane_and, run && op == 5'd8)
    `SEEN(lane_or, run && op == 5'd9)
    `SEEN(lane_lt, run && op == 5'd10)
    `SEEN(lane_sel, run && op == 5'd11)
    `SEEN(lane_tab, run && op == 5'd12)
    `SEEN(lane_rnd, run && op == 5'd13)
    `SEEN(lane_add_saturates, run && op == 5'd1 && top && first != y && second != y)
    `SEEN(lane_sub_saturates, run && op == 5'd2 && top && first != y && second != y)
    `SEEN(lane_mul_saturates, run && op == 5'd3 && top && first != y && second != y)
    `SEEN(lane_mul_floor, run && op == 5'd3 && round == 2'd0)
    `SEEN(lane_mul_nearest, run && op == 5'd3 && round == 2'd1)
    `SEEN(lane_mul_toward_zero, run && op == 5'd3 && round == 2'd2)
    `SEEN(lane_mul_stochastic, run && op == 5'd3 && round == 2'd3)
    `SEEN(lane_shr_floor, run && op == 5'd5 && round == 2'd0)
    `SEEN(lane_shr_nearest, run && op == 5'd5 && round == 2'd1)
    `SEEN(lane_shr_toward_zero, run && op == 5'd5 && round == 2'd2)
    `SEEN(lane_shr_stochastic, run && op == 5'd5 && round == 2'd3)
    `SEEN(lane_shift_far, run && (op == 5'd4 || op == 5'd5) && second[15:4] != 12'd0)
    `SEEN(table_last_of_beat, tab && tab_late && (tab_d == 5'd21 || tab_d == 5'd27))
    `SEEN(table_passed_by, tab && !tab_late)
endmodule
bind stoa_lane lane_sees holds (.*);

module learn_holds #(
    parameter int K = 4
) (
    input logic clk,
    input logic rst,
    input logic [2:0] state,
    input logic start,
    input logic pre,
    input logic busy,
    input logic done,
    input logic scalar_run,
    input logic [4:0] op,
    input logic [1:0] round,
    input logic [31:0] sy,
    input logic [31:0] sa,
    input logic [31:0] sb,
    input logic taken,
    input logic is_skip,
    input logic bank_read,
    input logic [K-1:0] w_write,
    input logic [K-1:0] r_write,
    input logic [K-1:0] q_write,
    input logic rec_read,
    input logic rec_write,
    input logic [2:0] red_out_to,
    input logic stretch,
    input logic [31:0] wrap_at
);
    `HOLDS(engine_starts_idle, start |-> !busy)
    `HOLDS(engine_ends_busy, done |-> busy)
    `HOLDS(record_one_user, !(rec_read && rec_write))
    `HOLDS(engine_bank_one_user, !(bank_read && (w_write | r_write | q_write) != '0))
    logic at_end;
    assign at_end = sy == 32'h7fffffff || sy == 32'h80000000;
    `SEEN(scalar_li, scalar_run && op == 5'd0)
    `SEEN(scalar_add, scalar_run && op == 5'd1)
    `SEEN(scalar_sub, scalar_run && op == 5'd2)
    `SEEN(scalar_mul, scalar_run && op == 5'd3)
    `SEEN(scalar_shl, scalar_run && op == 5'd4)
    `SEEN(scalar_shr, scalar_run && op == 5'd5)
    `SEEN(scalar_min, scalar_run && op == 5'd6)
    `SEEN(scalar_max, scalar_run && op == 5'd7)
    `SEEN(scalar_and, scalar_run && op == 5'd8)
    `SEEN(scalar_or, scalar_run && op == 5'd9)
    `SEEN(scalar_lt, scalar_run && op == 5'd10)
    `SEEN(scalar_sel, scalar_run && op == 5'd11)
    `SEEN(scalar_tab, scalar_run && op == 5'd12)
    `SEEN(scalar_rnd, scalar_run && op == 5'd13)
    `SEEN(scalar_li_saturates, scalar_run && op == 5'd0 && at_end && sa != sy && sb != sy)
    `SEEN(scalar_add_saturates, scalar_run && op == 5'd1 && at_end && sa != sy && sb != sy)
    `SEEN(scalar_sub_saturates, scalar_run && op == 5'd2 && at_end && sa != sy && sb != sy)
    `SEEN(scalar_mul_saturates, scalar_run && op == 5'd3 && at_end && sa != sy && sb != sy)
    `SEEN(scalar_mul_floor, scalar_run && op == 5'd3 && round == 2'd0)
    `SEEN(scalar_mul_nearest, scalar_run && op == 5'd3 && round == 2'd1)
    `SEEN(scalar_mul_toward_zero, scalar_run && op == 5'd3 && round == 2'd2)
    `SEEN(scalar_mul_stochastic, scalar_run && op == 5'd3 && round == 2'd3)
    `SEEN(scalar_shr_floor, scalar_run && op == 5'd5 && round == 2'd0)
    `SEEN(scalar_shr_nearest, scalar_run && op == 5'd5 && round == 2'd1)
    `SEEN(scalar_shr_toward_zero, scalar_run && op == 5'd5 && round == 2'd2)
    `SEEN(scalar_shr_stochastic, scalar_run && op == 5'd5 && round == 2'd3)
    `SEEN(reduction_a0, red_out_to == 3'd1)
    `SEEN(reduction_a1, red_out_to == 3'd2)
    `SEEN(reduction_a2, red_out_to == 3'd3)
    `SEEN(reduction_m, red_out_to == 3'd4)
    `SEEN(column_wraps, state == 3'd4 && wrap_at != 32'd0)
    `SEEN(program_on_pre, start && pre)
    `SEEN(program_of_neuron, start && !pre)
    `SEEN(skip_taken, state == 3'd2 && taken)
    `SEEN(skip_not_taken, state == 3'd2 && is_skip && !taken)
    `SEEN(weights_written, w_write != '0)
    `SEEN(resources_written, r_write != '0)
    `SEEN(beat_waits_for_memory, state == 3'd4 && stretch)
endmodule
bind stoa_learn learn_holds #(.K(K)) holds (.wrap_at(32'(wrap_at)), .*);

module core_holds #(
    parameter int K = 4,
    parameter int NW = 8,
    parameter int AW = 10
) (
    input logic clk,
    input logic rst,
    input logic tick_go,
    input logic [2:0] state,
    input logic quiet,
    input logic cfg_we,
    input logic cfg_re,
    input logic beat,
    input logic bank_read,
    input logic [K-1:0] w_write,
    input logic we_w,
    input logic re_w,
    input logic engine_busy,
    input logic start,
    input logic record_read,
    input logic record_write,
    input logic excess_read,
    input logic ask_record,
    input logic tabs_ask,
    input logic in_valid,
    input logic in_ready,
    input logic out_valid,
    input logic out_ready,
    input logic [50:0] out,
    input logic plastic,
    input logic [NW-1:0] lo,
    input logic [NW:0] hi,
    input logic [AW:0] axons,
    input logic [31:0] words,
    input logic [15:0] ret_event_axon,
    input logic ret_event,
    input logic ret_pre,
    input logic [15:0] ret_pre_a,
    input logic ret_post,
    input logic [15:0] ret_post_n,
    input logic ret_record,
    input logic [15:0] ret_record_at,
    input logic [K-1:0] ret_line,
    input logic delivering,
    input logic updating,
    input logic learning,
    input logic take,
    input logic fire,
    input logic emit_valid
);
    localparam logic [2:0] IDLE = 3'd1, DELIVER = 3'd3, UPDATE = 3'd4, TURNS = 3'd5;
    `HOLDS(tick_finds_core_idle, tick_go |-> state == IDLE && quiet)
    `HOLDS(configured_when_idle, cfg_we || cfg_re |-> state == IDLE)
    `HOLDS(weights_one_user, $countones({beat, bank_read, w_write != '0, we_w, re_w}) <= 1)
    `HOLDS(records_one_user, $countones({record_read, record_write, excess_read}) <= 1)
    `HOLDS(tables_one_user, !(ask_record && tabs_ask))
    `HOLDS(engine_in_its_phase, engine_busy || start |-> state == DELIVER || state == TURNS)
    `HOLDS(update_in_its_phase, take || fire |-> state == UPDATE)
    `HOLDS(delivery_in_its_phase, beat |-> state == DELIVER)
    `HOLDS(clocks_when_wanted, (!beat || delivering) && (!(take || fire || emit_valid) || updating) && (!engine_busy || learning))
    `HOLDS(out_offer_stays, out_valid && !out_ready |=> out_valid && $stable(out))
    `HOLDS(event_in_range, ret_event |-> 32'(ret_event_axon) < 32 * words)
    `HOLDS(pre_trace_in_range, ret_pre |-> 32'(ret_pre_a) < 32'(axons))
    `HOLDS(post_trace_in_range, ret_post |-> ret_post_n >= 16'(lo) && 32'(ret_post_n) < 32'(hi))
    `HOLDS(record_in_range, ret_record |-> (ret_record_at >> 3) >= 16'(lo) && {16'd0, ret_record_at >> 3} < 32'(hi))
    `HOLDS(learns_if_plastic, ret_line != '0 || ret_record |-> plastic)
    `SEEN(core_in_waits, in_valid && !in_ready)
    `SEEN(core_out_waits, out_valid && !out_ready)
endmodule
bind stoa_core core_holds #(.K(K), .NW(NW), .AW(AW)) holds (
    .words(32'(words)), .tabs_ask(tab_ask != '0), .*);
`endif
