// stoa_learn - the learning engine: runs one program over one line of the synapse matrix.
//
//     start ──> LOAD record ──> RUN a scalar word a cycle ──PASS──> FILL ──> BEAT, BEAT, .. ──> DRAIN ──> RUN .. END ──> STORE
//                8 cycles                                  1        ceil(line / K) * body       1 + log2 K            8 cycles
//
// In a pass the program is read a word ahead: while a word runs, the next is there and the line draws for it.
// A beat's words are read while the beat before runs and written in the first cycle of the beat after. A row's owner is a
// neuron: lane l is the axon of the rule with a mod K = l. A column's owner is an axon (`pre`): lane l is the neuron with n mod K = l, walked as
// stoa_walk does. An axon has no record: no LOAD, no STORE. A lane without a synapse (MASKS) runs,
// and nothing is made of it.
// Docs: docs/learning-engine.md, include/stoa/learn.h, include/stoa/learn_cost.h.
`include "stoa_tables.vh"
`default_nettype none
module stoa_learn #(
    parameter int AXONS = 1024,
    parameter int NEURONS = 256,
    parameter int K = 4,
    parameter int WB = 8,
    parameter int RB = 16,
    parameter int QB = 0,
    parameter int LINES = 65536,
    parameter int WORDS = 256,
    parameter int SHARED = 0,
    parameter int DRAWS = 1,
    parameter int MASKS = 0,
    parameter int RULES = 1,
    parameter int VALUES = 0,
    parameter int EMITS = 0,
    parameter int KX = K > 1 ? $clog2(K) : 1,
    parameter int KW = $clog2(K),
    parameter int AW = $clog2(AXONS),
    parameter int NW = $clog2(NEURONS),
    parameter int LW = $clog2(LINES),
    parameter int PW = $clog2(WORDS),
    parameter int QW = QB > 0 ? QB : 1,
    parameter int PORTS = SHARED != 0 ? 1 : K,
    parameter int FW = (AXONS > NEURONS ? AW : NW) + 1, // of beat numbers
    parameter int RW = AW - KW
) (
    input wire clk,
    input wire rst,
    input wire start,
    input wire pre,
    input wire [PW-1:0] entry,
    input wire [NW-1:0] neuron,       // owner of a row
    input wire [AW-1:0] axon,         // owner of a column
    input wire [31:0] t0,
    input wire [31:0] t1,
    input wire [31:0] t2,
    input wire [31:0] t3,
    output logic busy,
    output logic done,
    // the plastic matrix
    input wire [NW-1:0] lo,           // neurons lo..hi-1, axons first..axons-1
    input wire [NW:0] hi,
    input wire [AW:0] first,
    input wire [AW:0] axons,
    input wire [LW-1:0] first_line,   // where row 0 of the beat of the first axon begins
    input wire [LW-1:0] stride,       // lines from one axon's row to the next
    input wire [LW-1:0] base,         // of the column's axon
    input wire [15:0] line_zero,      // draws: number of neuron 0 of the core in its population
    input wire [63:0] key,
    input wire [31:0] now,
    // synapse banks, lane order
    output logic bank_read,
    output logic [K-1:0] w_write,
    output logic [K-1:0] r_write,
    output logic [K-1:0] q_write,
    output logic [KX-1:0] turn,
    output logic [K*LW-1:0] lane_line,
    output logic [K*WB-1:0] w_d,
    output logic [K*RB-1:0] r_d,
    output logic [K*QW-1:0] q_d,
    input wire [K*WB-1:0] w_q,
    input wire [K*RB-1:0] r_q,
    input wire [K*QW-1:0] q_q,
    input wire [K-1:0] joined_q,      // the pair has a synapse
    // presynaptic traces of the line, by lane: x and tick of the last event + 1
    output logic pre_trace_read,
    output logic [K*FW-1:0] pre_trace_row,
    input wire [K*48-1:0] pre_trace_q,
    input wire counts,                // x counts events: those from before the presentation are none
    // lanes that emit in this cycle, what, and their places among the sums
    output logic [K-1:0] emits,
    output logic [K*16-1:0] emits_a,
    output logic [K*RW-1:0] emits_row,
    // records
    output logic rec_read,
    output logic rec_write,
    output logic [NW+2:0] rec_addr,
    output logic [31:0] rec_d,
    input wire [31:0] rec_q,
    // program and tables
    output logic prog_read,
    output logic [PW-1:0] prog_addr,
    input wire [31:0] prog_q,
    output logic [PORTS-1:0] tab_ask,
    output logic [1:0] tab_which,
    output logic tab_is_scalar,
    output logic [31:0] tab_scalar,
    output logic [PORTS*16-1:0] tab_a,
    input wire [PORTS*16-1:0] tab_q,
    // what was written: lane order, for the lock-step
    output logic [K-1:0] ret_active,
    output logic [K*48-1:0] ret_words
);
    localparam logic [2:0] IDLE = 3'd0, LOAD = 3'd1, RUN = 3'd2, FILL = 3'd3, BEAT = 3'd4, DRAIN = 3'd5, STORE = 3'd6;
    localparam logic [3:0] T0 = 4'(`ST_OPERAND_T0), A0 = 4'(`ST_OPERAND_A0), M = 4'(`ST_OPERAND_M); // places in s
    localparam logic [2:0] FLUSH = 3'(KW);
    logic [2:0] state, count;
    logic is_pre;

    // --- the instruction ------------------------------------------------------------------------------------
    logic [4:0] op, d, a, b, n;
    logic [2:0] reduce;
    logic [1:0] round;
    logic [7:0] skip;
    logic scalar_run, is_pass, is_end, is_skip, taken, control, fetch, over;
    logic [31:0] word, word_run;
    logic [PW-1:0] pc, pc_run, next_pc, body_first, body_end; // of the word that was read, of the one that a pass runs
    assign word = state == BEAT ? word_run : prog_q;
    assign op = word[31:27];
    assign d = word[26:22];
    assign a = op == `ST_OP_LI ? `ST_OPERAND_ZERO : word[21:17];
    assign b = op == `ST_OP_LI ? `ST_OPERAND_ZERO : word[16:12];
    assign reduce = word[11:9];
    assign n = op == `ST_OP_LI ? word[5:1] : word[8:4];
    assign round = word[3:2];
    assign skip = word[16:9];
    assign is_pass = op == `ST_OP_PASS;
    assign is_end = op == `ST_OP_END;
    assign is_skip = op == `ST_OP_SKZ || op == `ST_OP_SKN;
    assign control = op >= `ST_OP_EMIT;
    assign scalar_run = state == RUN && !control;

    // --- scalars --------------------------------------------------------------------------------------------
    logic [31:0] s[16];
    logic s_tab, is_tab;
    logic [3:0] s_tab_d;
    logic [31:0] sa, sb, sd, sy, tab32;
    logic [15:0] draw, unit_draw, lane_product;
    logic [K*16-1:0] lane_draws;
    logic mul_lane;
    logic [15:0] mul_a, mul_b;
    assign is_tab = op == `ST_OP_TAB;
    assign tab32 = {{16{tab_q[15]}}, tab_q[15:0]};
    assign sa = a[4] ? 32'd0 : s_tab && s_tab_d == a[3:0] ? tab32 : s[a[3:0]];
    assign sb = b[4] ? 32'd0 : s_tab && s_tab_d == b[3:0] ? tab32 : s[b[3:0]];
    assign sd = s_tab && s_tab_d == d[3:0] ? tab32 : s[d[3:0]];
    stoa_scalar unit (
        .op, .a(scalar_run ? sa : 32'd0), .b(scalar_run ? sb : 32'd0), .d(scalar_run ? sd : 32'd0), .imm(word[21:6]), .n, .round, .draw(unit_draw), .mul_lane, .lane_a(mul_a), .lane_b(mul_b),
        .y(sy), .lane_y(lane_product)
    );
    assign taken = is_skip && ((sa == 32'd0) == (op == `ST_OP_SKZ));

    // --- the line -------------------------------------------------------------------------------------------
    // Where a beat is: `at` the line of lane 0 (row) or of lanes that do not wrap (column); `row` the address of presynaptic traces.
    logic [LW-1:0] at_next, at_run, at_store, at_read_q, offset;
    logic [FW-1:0] row_next, row_run, row_store, row_read_q, rows_end;
    logic [KX-1:0] wrap_at;
    logic reading, more, last_beat, loading;
    logic beat_end, beat_first, stretch, word_end, share_end, storing, stores;
    logic [KX-1:0] share;
    logic [LW-1:0] step;
    logic body_one, writes_field;
    logic [NW+1:0] beats_pre;
    logic [AW+1:0] beats_row;

    assign beats_pre = (NW + 2)'(hi) - (NW + 2)'(lo) + (NW + 2)'(K - 1);
    assign beats_row = (AW + 2)'(axons) - (AW + 2)'(first) + (AW + 2)'(K - 1);
    assign offset = LW'(neuron[NW-1:KW]) - LW'(lo[NW-1:KW]);
    assign step = is_pre ? LW'(1) : LW'(stride << KW);
    assign wrap_at = (is_pre ? KX'(lo) : RULES > 1 ? KX'(first) : '0) & KX'(K - 1);
    // the beat after the last
    assign rows_end = is_pre ? FW'(lo[NW-1:KW]) + FW'(beats_pre[NW+1:KW]) : FW'(first[AW:KW]) + FW'(beats_row[AW+1:KW]);
    assign turn = is_pre ? KX'(axon) & KX'(K - 1) : KX'(neuron) & KX'(K - 1);
    assign more = row_next != rows_end;
    assign last_beat = row_run + 1'b1 == rows_end;

    assign writes_field = d >= `ST_OPERAND_R && op != `ST_OP_EMIT;
    assign body_one = body_first == body_end;
    assign stretch = body_one && writes_field && beat_first && (SHARED == 0 || K == 1 || !(op == `ST_OP_MUL || is_tab));
    assign share_end = SHARED == 0 || K == 1 || !(op == `ST_OP_MUL || is_tab) || share == KX'(K - 1);
    assign word_end = state == BEAT && !stretch && share_end;
    assign beat_end = word_end && pc_run == body_end;
    assign over = beat_end && last_beat;
    assign loading = state == FILL || (beat_end && !last_beat);
    assign fetch = state == FILL || (word_end && !over);
    assign reading = (state == RUN && is_pass) || (loading && more);

    generate
        for (genvar l = 0; l < K; l++) begin : g_line
            logic ahead;
            logic [LW-1:0] line_read, line_store, across; // of a row: the lane's place in its beat
            assign ahead = KX'(l) < wrap_at;
            assign across = LW'(stride * LW'(l)) + (RULES > 1 && ahead ? step : '0);
            assign line_read = is_pre ? at_next + LW'(ahead) : at_next + across;
            assign line_store = is_pre ? at_store + LW'(ahead) : at_store + across;
            assign lane_line[l*LW+:LW] = stores ? line_store : line_read;
            assign pre_trace_row[l*FW+:FW] = row_next + FW'(ahead);
            assign emits_row[l*RW+:RW] = RW'(row_run) + RW'(ahead);
        end
    endgenerate
    assign stores = storing && (wrote_r || wrote_w || wrote_q); // a beat that writes nothing leaves the line to the next read
    assign emits = EMITS != 0 && state == BEAT && op == `ST_OP_EMIT ? active_run : '0;
    assign emits_a = firsts;
    assign bank_read = reading;
    assign pre_trace_read = reading;

    // --- lanes ----------------------------------------------------------------------------------------------
    logic [K*16-1:0] firsts, seconds, results;
    logic [15:0] scalar_a, scalar_b;
    logic bits_a, bits_b;
    logic [K-1:0] lane_run, tab_now, active_run, active_store, within_run, within_store;
    logic v_tab, v_late;
    logic [4:0] v_tab_d;
    logic [KX-1:0] v_tab_lane;
    logic wrote_r, wrote_w, wrote_q;
    logic field_r, field_w, field_q;
    logic sum_a;
    logic [2:0] red_to, red_out_to;
    logic [31:0] red_out;
    logic [K-1:0] red_active;

    function automatic logic [15:0] sat16(input logic [31:0] v);
        sat16 = v[31:15] == 17'd0 || v[31:15] == 17'h1ffff ? v[15:0] : {v[31], {15{!v[31]}}};
    endfunction
    assign bits_a = op == `ST_OP_AND || op == `ST_OP_OR || op == `ST_OP_SHL;
    assign bits_b = op == `ST_OP_AND || op == `ST_OP_OR;
    assign scalar_a = bits_a ? sa[15:0] : sat16(sa);
    assign scalar_b = bits_b ? sb[15:0] : sat16(sb);
    assign sum_a = SHARED != 0 && K > 1;

    // The line draws once for a word, when it has been read: for a scalar in the same cycle, for a pass in the cycle before, so that
    // its hash and the lanes' are not in series.
    logic [63:0] key_line;
    logic draws; // the word that runs does; else the hashes rest
    generate
        if (DRAWS != 0) begin : g_draw
            logic [15:0] owner, place, drawn, drawn_run, index;
            logic [4:0] op_read;
            logic draws_read;
            assign op_read = prog_q[31:27];
            assign draws_read = op_read == `ST_OP_RND || ((op_read == `ST_OP_MUL || op_read == `ST_OP_SHR) && prog_q[3:2] == `ST_ROUND_STOCHASTIC);
            assign owner = is_pre ? 16'(axon) : 16'(neuron) + line_zero;
            assign place = op_read == `ST_OP_RND ? {11'd0, prog_q[8:4]} : {11'd1, pc[4:0]};
            assign index = draws_read ? (owner << 6) + place : 16'd0;
            stoa_draw line (.key, .index, .draw(drawn));
            always_ff @(posedge clk)
                if (fetch) begin
                    draws <= draws_read;
                    if (draws_read) drawn_run <= drawn;
                end
            assign draw = draws_read && state == RUN ? drawn : 16'd0;
            assign key_line = draws ? {key[63:48], key[47:32] ^ drawn_run, key[31:16] + drawn_run, key[15:0]} : 64'd0;
        end else begin : g_no_draw
            logic unused;
            assign unused = &{1'b0, key, line_zero, key_line, draws};
            assign draws = 1'b0;
            assign draw = 16'd0;
            assign key_line = 64'd0;
        end
    endgenerate

    generate
        for (genvar l = 0; l < K; l++) begin : g_lane
            logic [15:0] lane_draw, age, x, tab_l, r_o, w_o, q_o;
            logic signed [RB-1:0] r_s; // by name: Yosys 0.23 does not take $signed of a part that is the whole
            logic signed [WB-1:0] w_s;
            logic signed [QW-1:0] q_s;
            logic [31:0] last, gap;
            logic [FW+KW:0] member, member_store;
            // memories that also serve spikes are not seen before their words are loaded
            assign x = VALUES != 0 && counts && age > {1'b0, t3[14:0]} ? 16'd0 : pre_trace_q[l*48+32+:16];
            assign r_s = r_q[l*RB+:RB];
            assign w_s = loading ? w_q[l*WB+:WB] : '0;
            assign q_s = q_q[l*QW+:QW];
            assign last = loading ? pre_trace_q[l*48+:32] : 32'd0;
            assign gap = loading ? now + 32'd1 - last : 32'd0;
            assign age = last == 32'd0 || gap > 32'd32767 ? 16'd32767 : gap[15:0];
            assign member = ((FW + KW + 1)'(row_run) + (FW + KW + 1)'(KX'(l) < wrap_at)) * (FW + KW + 1)'(K)
                          + (FW + KW + 1)'(l);
            assign member_store = ((FW + KW + 1)'(row_store) + (FW + KW + 1)'(KX'(l) < wrap_at)) * (FW + KW + 1)'(K)
                                + (FW + KW + 1)'(l);
            assign within_run[l] = member < (is_pre ? (FW + KW + 1)'(hi) : (FW + KW + 1)'(axons));
            assign within_store[l] = member_store < (is_pre ? (FW + KW + 1)'(hi) : (FW + KW + 1)'(axons));
            if (DRAWS != 0) begin : g_draw
                logic [15:0] index;
                assign index = !draws ? 16'd0 : is_pre ? 16'(member) + line_zero : 16'(member);
                stoa_draw lane (.key(key_line), .index, .draw(lane_draw));
            end else begin : g_no_draw
                assign lane_draw = 16'd0;
            end
            assign lane_draws[l*16+:16] = lane_draw;
            assign lane_run[l] = state == BEAT && !stretch && (!sum_a || share == KX'(l) || !(op == `ST_OP_MUL || is_tab));
            assign tab_now[l] = v_tab && (!sum_a || v_tab_lane == KX'(l));
            assign tab_l = tab_q[(PORTS > 1 ? l : 0)*16+:16];
            stoa_lane #(.SHARED(SHARED), .HAS_Q(QB > 0 ? 1 : 0)) lane (
                .clk, .load(loading),
                .r_in(16'(r_s)), .w_in(16'(w_s)),
                .q_in(16'(q_s)), .x_in(x), .g_in(age),
                .run(lane_run[l]), .beat_end, .op, .d, .a, .b, .n, .round, .scalar_a, .scalar_b, .draw(lane_draw),
                .product(lane_product), .tab(tab_now[l]), .tab_late(v_late), .tab_d(v_tab_d), .tab_q(tab_l),
                .first(firsts[l*16+:16]), .second(seconds[l*16+:16]), .reduced(results[l*16+:16]),
                .r_out(r_o), .w_out(w_o), .q_out(q_o)
            );
            assign r_d[l*RB+:RB] = r_o[RB-1:0];
            assign w_d[l*WB+:WB] = w_o[WB-1:0];
            assign q_d[l*QW+:QW] = q_o[QW-1:0];
            assign ret_words[l*48+:48] = {16'($signed(r_o[RB-1:0])), 16'($signed(w_o[WB-1:0])), 16'($signed(q_o[QW-1:0]))};
        end
        if (SHARED != 0 && K > 1) begin : g_one_multiplier
            assign mul_lane = state == BEAT && op == `ST_OP_MUL;
            assign unit_draw = mul_lane ? lane_draws[share*16+:16] : draw;
            assign mul_a = firsts[share*16+:16];
            assign mul_b = seconds[share*16+:16];
            assign tab_a = firsts[share*16+:16];
            logic unused;
            assign unused = &{1'b0, seconds};
        end else begin : g_own_multipliers
            assign mul_lane = SHARED != 0 && state == BEAT && op == `ST_OP_MUL;
            assign unit_draw = mul_lane ? lane_draws[15:0] : draw;
            assign mul_a = SHARED != 0 ? firsts[15:0] : 16'd0;
            assign mul_b = SHARED != 0 ? seconds[15:0] : 16'd0;
            assign tab_a = firsts[PORTS*16-1:0];
            logic unused;
            assign unused = &{1'b0, seconds, lane_product, lane_draws};
        end
    endgenerate
    assign tab_ask = is_tab && scalar_run ? PORTS'(1) : is_tab && state == BEAT && !stretch ? {PORTS{1'b1}} : '0;
    assign tab_which = n[1:0];
    assign tab_is_scalar = state == RUN;
    assign tab_scalar = sa;

    assign r_write = storing && wrote_r ? active_store : '0;
    assign w_write = storing && wrote_w ? active_store : '0;
    assign q_write = storing && wrote_q && QB > 0 ? active_store : '0;
    assign ret_active = storing && (wrote_r || wrote_w || wrote_q) ? active_store : '0;

    stoa_reduce #(.K(K)) tree (.clk, .rst, .to_in(red_to), .active(red_active), .in(results), .to(red_out_to), .out(red_out));

    stoa_mask #(.K(K), .MASKS(MASKS)) mask (
        .clk, .load(loading), .beat_end, .joined(joined_q), .within_run, .within_store, .active_run, .active_store);

    // --- sequence -------------------------------------------------------------------------------------------
    assign busy = state != IDLE;
    assign done = (state == STORE && count == 3'd7) || (state == RUN && is_end && is_pre);
    assign next_pc = over ? body_end + 1'b1
                   : state != RUN && pc == body_end ? body_first
                   : state == RUN && taken ? pc + PW'(skip) + 1'b1
                   : pc + 1'b1;
    assign prog_read = (start && pre) || (state == LOAD && count == 3'd7) || (state == RUN && !is_end) || state == FILL || word_end;
    assign prog_addr = state == IDLE || state == LOAD ? entry : next_pc;
    assign rec_read = (start && !pre) || (state == LOAD && count != 3'd7);
    assign rec_write = state == STORE;
    assign rec_addr = {neuron, state == LOAD ? count + 3'd1 : count};
    assign rec_d = s[{1'b0, count}];

    always_ff @(posedge clk) begin
        s_tab <= scalar_run && is_tab;
        s_tab_d <= d[3:0];
        v_tab <= state == BEAT && is_tab && !stretch;
        v_late <= beat_end;
        v_tab_d <= d;
        v_tab_lane <= share;
        red_to <= word_end && op != `ST_OP_EMIT ? reduce : `ST_REDUCE_NONE;
        red_active <= active_run;
        storing <= beat_end;
        if (state == BEAT) share <= share_end || stretch ? '0 : share + 1'b1;
        else share <= '0;
        if (prog_read) pc <= prog_addr;
        if (fetch) begin
            word_run <= prog_q;
            pc_run <= pc;
        end
        if (state == RUN && is_pass) begin
            body_first <= next_pc;
            body_end <= pc + PW'(skip);
            field_r <= 1'b0;
            field_w <= 1'b0;
            field_q <= 1'b0;
        end
        if (word_end && op != `ST_OP_EMIT) begin
            if (d == `ST_OPERAND_RN) field_r <= 1'b1;
            if (d == `ST_OPERAND_WN) field_w <= 1'b1;
            if (d == `ST_OPERAND_QN) field_q <= 1'b1;
        end
        if (beat_end) begin
            wrote_r <= field_r || (d == `ST_OPERAND_RN && op != `ST_OP_EMIT);
            wrote_w <= field_w || (d == `ST_OPERAND_WN && op != `ST_OP_EMIT);
            wrote_q <= field_q || (d == `ST_OPERAND_QN && op != `ST_OP_EMIT);
            beat_first <= 1'b1;
        end else if (state == BEAT) beat_first <= 1'b0;
        else beat_first <= 1'b1;

        if (state == IDLE || state == LOAD || (state == DRAIN)) begin
            at_next <= is_pre || (start && pre) ? base : offset + first_line;
            row_next <= is_pre || (start && pre) ? FW'(lo[NW-1:KW]) : FW'(first[AW:KW]);
        end else if (reading) begin
            at_next <= at_next + step;
            row_next <= row_next + 1'b1;
        end
        if (reading) begin
            at_read_q <= at_next;
            row_read_q <= row_next;
        end
        if (loading) begin
            at_run <= at_read_q;
            row_run <= row_read_q;
        end
        if (beat_end) begin
            at_store <= at_run;
            row_store <= row_run;
        end

        if (rst) state <= IDLE;
        else
            case (state)
                IDLE: if (start) state <= pre ? RUN : LOAD;
                LOAD: if (count == 3'd7) state <= RUN;
                RUN: if (is_pass) state <= FILL; else if (is_end) state <= is_pre ? IDLE : STORE;
                FILL: state <= BEAT;
                BEAT: if (beat_end && last_beat) state <= DRAIN;
                DRAIN: if (count == FLUSH) state <= RUN;
                default: if (count == 3'd7) state <= IDLE;
            endcase
        count <= state == LOAD || state == STORE || (state == DRAIN && count != FLUSH) ? count + 3'd1 : 3'd0;
        if (start) is_pre <= pre;
    end

    // m and the sums take what comes out of the tree; a pass begins them anew
    always_ff @(posedge clk) begin
        if (s_tab) s[s_tab_d] <= tab32;
        if (scalar_run && !is_tab) s[d[3:0]] <= sy;
        if (state == LOAD) s[{1'b0, count}] <= rec_q;
        if (start) begin
            s[T0] <= t0;
            s[T0 + 4'd1] <= t1;
            s[T0 + 4'd2] <= t2;
            s[T0 + 4'd3] <= t3;
            s[A0] <= 32'd0;
            s[A0 + 4'd1] <= 32'd0;
            s[A0 + 4'd2] <= 32'd0;
            s[M] <= 32'd0;
        end
        if (state == RUN && is_pass) begin
            s[A0] <= 32'd0;
            s[A0 + 4'd1] <= 32'd0;
            s[A0 + 4'd2] <= 32'd0;
            s[M] <= 32'hffff8000;
        end
        if (red_out_to == `ST_REDUCE_SUM0) s[A0] <= s[A0] + red_out;
        if (red_out_to == `ST_REDUCE_SUM1) s[A0 + 4'd1] <= s[A0 + 4'd1] + red_out;
        if (red_out_to == `ST_REDUCE_SUM2) s[A0 + 4'd2] <= s[A0 + 4'd2] + red_out;
        if (red_out_to == `ST_REDUCE_MAX) s[M] <= $signed(red_out) > $signed(s[M]) ? red_out : s[M];
    end
endmodule
`default_nettype wire
