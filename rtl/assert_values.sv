// assert_values.sv - what must hold where packets bring values, and must have happened; beside assert.sv, whose macros it uses.
// verilator lint_off DECLFILENAME
`ifdef SVA
`default_nettype none

module values_holds #(
    parameter int SW = 4
) (
    input wire clk,
    input wire set,
    input wire read,
    input wire graded,
    input wire [SW-1:0] set_delay,
    input wire cfg_we,
    input wire cfg_re
);
    logic rst;
    assign rst = 1'b0;
    `HOLDS(values_one_writer, !(set && cfg_we))
    `HOLDS(values_one_reader, !(read && cfg_re))
    `HOLDS(value_not_of_this_tick, set |-> set_delay != '0)
    `SEEN(value_far, set && set_delay == '1)
    `SEEN(value_comes_while_one_is_read, set && read && graded)
endmodule
bind stoa_values values_holds #(.SW(SW)) holds (.*);

module graded_sees #(
    parameter int WB = 8
) (
    input wire clk,
    input wire rst,
    input wire issue,
    input wire graded,
    input wire forcing,
    input wire [1:0] kind,
    input wire came,         // lane 0 has a beat with a value; its word
    input wire again,        // and meets its neuron again
    input wire [WB-1:0] word,
    input wire [15:0] value,
    input wire [3:0] shift
);
    `HOLDS(graded_is_a_signal, issue && graded |-> kind == 2'd0 && !forcing)
    `SEEN(graded_value_at_top, came && value == 16'h7fff)
    `SEEN(graded_value_at_bottom, came && value == 16'h8000)
    `SEEN(graded_value_0, came && value == 16'd0)
    `SEEN(graded_below_0, came && word[WB-1] != value[15] && word != '0 && value != 16'd0)
    `SEEN(graded_last_unit_goes, came && word == '1 && !value[15] && value != 16'd0 && value >> shift == 16'd0)
    `SEEN(graded_whole, came && shift == 4'd0)
    `SEEN(graded_finest, came && shift == 4'd15)
    `SEEN(graded_then_plain, came && again && !graded)
    `SEEN(graded_then_graded, came && again && graded)
endmodule
bind stoa_inbox graded_sees #(.WB(WB)) sees_graded (.came(valid1 && graded1 && active1[0]), .word(w[WB-1:0]), .shift(shift1),
    .again(issue && active[0] && kind == 2'd0 && heres[IW-1:0] == heres1[IW-1:0]), .*);

module kept_sees (
    input wire clk,
    input wire valid,
    input wire [1:0] keeps,
    input wire [15:0] x,
    input wire [15:0] gap,
    input wire [15:0] value,
    input wire [14:0] phase
);
    `SEEN(keeps_value, valid && keeps[0] && value != 16'd0)
    `SEEN(keeps_value_below_0, valid && keeps[0] && value[15])
    `SEEN(keeps_that_none_came, valid && keeps[0] && value == 16'd0 && x != 16'd0)
    `SEEN(counts_on, valid && keeps[1] && gap <= {1'b0, phase})
    `SEEN(counts_anew, valid && keeps[1] && gap > {1'b0, phase} && x != 16'd0)
    `SEEN(counts_of_its_first_tick, valid && keeps[1] && gap == {1'b0, phase} && x != 16'd0)
endmodule
bind stoa_record kept_sees sees_kept (.*);

module seen_sees (
    input wire clk,
    input wire loads,
    input wire counts,
    input wire of_axon,
    input wire pre,
    input wire [31:0] t2,
    input wire [31:0] t3,
    input wire [31:0] now,
    input wire [47:0] first // of the line
);
    logic counted;
    assign counted = loads && counts && first[47:32] != 16'd0 && first[31:0] != 32'd0;
    `SEEN(pre_gets_a_value, of_axon && pre && t2 != 32'd0)
    `SEEN(pre_gets_a_value_below_0, of_axon && pre && t2[31])
    `SEEN(count_seen, counted && now + 32'd1 - first[31:0] <= t3)
    `SEEN(count_of_before_not_seen, counted && now + 32'd1 - first[31:0] > t3)
endmodule
bind stoa_learn seen_sees sees_seen (.loads(loading), .of_axon(start), .first(pre_trace_q[47:0]), .*);
`default_nettype wire
`endif
