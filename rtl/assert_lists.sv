// assert_lists.sv - as assert.sv, of sparse rows and of the ring of sums.
// verilator lint_off DECLFILENAME
`ifdef SVA
`default_nettype none
module weights_sees #(
    parameter int K = 4,
    parameter int RING = 0
) (
    input wire clk,
    input wire rst,
    input wire read,
    input wire by_row,
    input wire both,
    input wire [K-1:0] write,
    input wire [K-1:0] row_wrap
);
    generate
        if (RING != 0) begin : g_lists
            `HOLDS(entries_are_read_by_rows, !(by_row && both && write != '0))
            `HOLDS(entries_are_not_ahead, !(read && by_row && both) || row_wrap == '0)
            `SEEN(list_read, read && by_row && both)
        end else begin : g_dense
            logic unused;
            assign unused = &{1'b0, clk, rst, read, by_row, both, write, row_wrap};
        end
    endgenerate
endmodule
bind stoa_weights weights_sees #(.K(K), .RING(RING)) holds (.rst(1'b0), .*);

module list_sees #(
    parameter int K = 4,
    parameter int RING = 0
) (
    input wire clk,
    input wire beat,
    input wire sparse,
    input wire issue,
    input wire [K-1:0] active,
    input wire [K-1:0] to_active,
    input wire [1:0] to_kind
);
    generate
        if (RING != 0) begin : g_lists
            `SEEN(list_beats_in_turn, beat && sparse && issue)
            `SEEN(list_without_entry, beat && sparse && active == '0)
            `SEEN(list_lane_without_entry, issue && to_active != '0 && to_active != '1)
            `SEEN(list_gates, issue && to_kind == 2'd1)
            `SEEN(list_rewards, issue && to_kind == 2'd2)
        end else begin : g_dense
            logic unused;
            assign unused = &{1'b0, clk, beat, sparse, issue, active, to_active, to_kind};
        end
    endgenerate
endmodule
bind stoa_list list_sees #(.K(K), .RING(RING)) holds (.*);
`default_nettype wire
`endif
