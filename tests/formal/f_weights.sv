// f_weights - dense rows and entries of sparse rows see one memory: a line is in one of the two sets of banks, an entry is two of them.
//
// Any word (bank, line) is followed. From any state: 1 write it, or read it as what it is: its value is known; 2 anything that does
// not write it; 3 read it: by lanes, as part of a dense row, or as a half of an entry. With BURST lines in a word of a bank, 2 is the
// beats of a row before it, too.
module f_weights #(
    parameter int K = 4,
    parameter int WIDTH = 2,
    parameter int WHERE = 3,
    parameter int LINES = 8,
    parameter int BURST = 1,
    parameter int LAST = BURST + 1,    // beats until it is read
    parameter int KX = K > 1 ? $clog2(K) : 1,
    parameter int LW = $clog2(LINES)
) (
    input logic clk,
    input logic by_row,
    input logic both,
    input logic write,
    input logic fresh,
    input logic [KX-1:0] turn,
    input logic [K*LW-1:0] lane_line,
    input logic [LW-1:0] row_line,
    input logic [K-1:0] row_wrap,
    input logic [K-1:0] mask,
    input logic [K*WHERE-1:0] d
);
    (* anyconst *) logic [4:0] BANK;
    (* anyconst *) logic [LW-1:0] LINE;
    logic [2:0] t;
    logic [KX-1:0] lane, lane_1;
    logic [K*WIDTH-1:0] q;
    logic [K*WHERE-1:0] where;
    logic [WHERE-1:0] known, got;
    logic here, wrote, mine_1, entry, entry_1, row_1, both_1;
    logic [LW-1:0] line, line_1;
    logic [K-1:0] wrap_1;
    logic [KX-1:0] turn_1;
    stoa_weights #(.K(K), .WIDTH(WIDTH), .RING(1), .WHERE(WHERE), .LINES(LINES), .BURST(BURST)) dut (
        .clk, .read(!write), .write(write ? mask : K'(0)), .turn(turn & KX'(K - 1)), .lane_line, .by_row, .fresh, .both, .row_line, .row_wrap, .d, .q, .where);

    assign lane = KX'(BANK - 5'(turn)) & KX'(K - 1);
    assign entry = by_row && both;
    assign line = by_row ? row_line + LW'(row_wrap[lane]) : lane_line[lane*LW+:LW];
    assign here = entry ? row_line == LINE >> 1 : line == LINE;
    assign wrote = here && write && mask[lane];
    // what a user takes of it: half of an entry; of other words the bits of a weight, of an odd line all
    assign got = LINE[0] ? where[lane_1*WHERE+:WHERE] : WHERE'(q[lane_1*WIDTH+:WIDTH]);
    initial {t, row_1} = '0;
    always_ff @(posedge clk) begin
        if (t != 3'd7) t <= t + 3'd1;
        {row_1, both_1, line_1, wrap_1, turn_1} <= {by_row && !write, both, row_line, row_wrap, turn};
        mine_1 <= here && !write;
        lane_1 <= lane;
        entry_1 <= entry;
        if (t == 3'd0) known <= LINE[0] ? d[lane*WHERE+:WHERE] : WHERE'(d[lane*WHERE+:WIDTH]);
        if (t == 3'd1 && mine_1) known <= got;
    end
    always_comb begin
        assume (BANK < K && turn < K);
        if (write) assume (!by_row);
        if (by_row) assume (both ? row_line < LINES / 2 && row_wrap == '0 : row_line < LINES - 1);
        if (t == 3'd0) assume (here && (!write || mask[lane]));
        if (by_row && !fresh) assume (row_1 && both == both_1 && row_line == line_1 + 1'b1 && row_wrap == wrap_1 && turn == turn_1);
        if (t != 3'd0) assume (!wrote);
        if (t == 3'(LAST)) assume (here && !write);
        if (t == 3'(LAST + 1)) begin
            assert (got == known);
            if (!entry_1) assert (q[lane_1*WIDTH+:WIDTH] == known[WIDTH-1:0]);
        end
    end
endmodule
