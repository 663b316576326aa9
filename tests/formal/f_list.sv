// f_list - what a tick takes of a neuron is the sum of what beats have brought it for that tick, of dense rows and of sparse ones, on
// time and late, one after the other or with pauses; and nothing of it stays. With VALUES a beat may be graded: what it brings is then
// the part of each word times the value that is there with its words (section 4 of arithmetic.md), and its sign names the sum.
//
// Any neuron and slot is followed, from any state of the sums: once it has been taken, what it holds is known. Weights and entries are any that the banks may give. While anything is under way
// no neuron is taken and no tick begins.
module f_list #(
    parameter int K = 2,
    parameter int RING = 2,
    parameter int CURRENTS = 0,
    parameter int AB = 32, // enough for the beats of a proof
    parameter int VALUES = 0,
    parameter int NEURONS = 4,
    parameter int TW = $clog2(RING),
    parameter int RW = 1,
    parameter int WB = 2,
    parameter int WHERE = TW + RW + 1
) (
    input logic clk,
    input logic beat,
    input logic sparse,
    input logic [K-1:0] active,
    input logic [1:0] kind,
    input logic forcing,
    input logic [RW-1:0] row,
    input logic [K-1:0] wrap,
    input logic [K*WB-1:0] w,
    input logic [K*WHERE-1:0] where,
    input logic graded,
    input logic [15:0] value,
    input logic [TW-1:0] slot,
    input logic take,
    input logic [1:0] take_n
);
    (* anyconst *) logic [1:0] N;
    (* anyconst *) logic [TW-1:0] SLOT;
    logic busy, issue, to_graded, to_forcing, inbox_busy, forced, rewarded, rst;
    logic [K-1:0] to_active, to_wrap;
    logic [1:0] to_kind;
    logic [3:0] to_shift;
    logic [RW-1:0] to_row;
    logic [K*(TW+RW)-1:0] to_rows;
    logic [K*WB-1:0] to_w;
    logic [15:0] to_value;
    logic [31:0] acc, acc_exc, acc_inh, dopa, cfg_rdata;
    logic [14:0] shut, open;
    initial rst = 1'b1;
    always_ff @(posedge clk) rst <= 1'b0;
    stoa_list #(.NEURONS(NEURONS), .K(K), .WB(WB), .RING(RING), .WHERE(WHERE)) list (
        .clk, .rst, .slot, .beat, .sparse, .active, .kind, .graded, .forcing, .shift(4'd1), .row, .wrap, .w, .where, .value, .busy, .issue,
        .to_active, .to_kind, .to_graded, .to_forcing, .to_shift, .to_row, .to_wrap, .to_rows, .to_w, .to_value);
    stoa_inbox #(.NEURONS(NEURONS), .K(K), .WB(WB), .AB(AB), .CURRENTS(CURRENTS), .RING(RING), .VALUES(VALUES)) inbox (
        .clk, .clk_take(clk), .rst, .sweep(1'b0), .sweep_row('0), .slot, .issue, .meets(1'b1), .active(to_active), .kind(to_kind), .graded(to_graded), .forcing(to_forcing), .shift(to_shift),
        .row(to_row), .wrap(to_wrap), .rows(to_rows), .w(to_w), .value(to_value), .busy(inbox_busy), .take, .take_n, .acc, .acc_exc, .acc_inh, .forced, .shut,
        .open, .dopa, .rewarded, .cfg_we(1'b0), .cfg_re(1'b0), .cfg_addr('0), .cfg_wdata(32'd0), .cfg_before(32'd0), .cfg_rdata);

    // the beat whose words the banks give now
    logic now, now_sparse, now_graded, now_forcing, mine, took, cleared, was_forced, known;
    logic [K-1:0] now_active, now_wrap;
    logic [1:0] now_kind;
    logic [RW-1:0] now_row, to;
    logic [TW-1:0] slot_1, for_slot;
    logic signed [31:0] word, product, sum, sum_took;
    logic [WHERE-1:0] entry;
    int lane;
    assign lane = 32'(N) % K;
    assign entry = where[lane*WHERE+:WHERE];
    assign to = now_sparse ? entry[1+:RW] : now_row + RW'(now_wrap[lane]);
    assign for_slot = slot + (now_sparse ? entry[RW+1+:TW] : '0);
    assign mine = now && now_kind == 2'd0 && now_active[lane] && (!now_sparse || entry[0]) && 32'(to) * K + lane == 32'(N) && for_slot == SLOT;
    assign word = 32'($signed(w[lane*WB+:WB]));
    assign product = word * 32'($signed(value));
    initial {now, sum, took, cleared, was_forced, known} = '0;
    always_ff @(posedge clk) begin
        now <= beat && !rst;
        {now_sparse, now_active, now_kind, now_graded, now_forcing, now_row, now_wrap} <= {sparse, active, kind, graded, forcing, row, wrap};
        took <= take && take_n == N && slot == SLOT && !rst;
        cleared <= take;
        slot_1 <= slot;
        if (mine) begin
            sum <= sum + (!now_graded ? word <<< 1 : product < 0 ? -(-product >>> 1) : product >>> 1);
            was_forced <= was_forced || (now_forcing && word != 0);
        end else if (took) {sum, was_forced} <= '0;
        if (took) known <= 1'b1;
    end
    always_comb begin
        assume (32'(N) < NEURONS && 32'(take_n) < NEURONS);
        if (beat) assume (!take && !cleared && !rst);
        if (take) assume (!busy && !inbox_busy && !now && !rst);
        if (took) assume (!(take && take_n == N)); // each neuron once a tick
        if (now || busy || inbox_busy || took || cleared) assume (slot == slot_1);
        if (sparse) assume (wrap == '0);
        assume (VALUES != 0 ? !graded || kind == 2'd0 : !graded);
        assume ($signed(value) >= -4 && $signed(value) < 4); // products are those of f_graded
        for (int l = 0; l < K; l++) // rows and entries are of neurons that there are
            assume (32'(row) + 32'(wrap[l]) < NEURONS / K);
        if (took && known) begin
            assert (acc == sum);
            assert (forced == was_forced);
        end
    end
endmodule
