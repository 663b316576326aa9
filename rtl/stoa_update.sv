// stoa_update - the update pass: every neuron of the core once a tick, one a cycle, group after group.
//
//     SETUP 17 cycles: the group's words, the key of its noise     RUN: a neuron a cycle     DRAIN 4 cycles
//     issue ──> 1 memories' words ──> 2 ──> 3 ──> 4 write back, fire, look for the column's winner
//
// In a group that competes a cycle without a neuron follows each column: in it the winner, if there is one, is written
// once more, fired, and the column's record with it. In the last tick of a presentation groups with `reset` are written
// back as they begin, so that the reset costs nothing.
`include "stoa_tables.vh"
`default_nettype none
module stoa_update #(
    parameter int NEURONS = 256,
    parameter int GROUPS = 8,
    parameter int COLUMNS = 64,
    parameter int UB = 24,
    parameter int RECRUITS = 1,
    parameter int ADAPTS = 0,
    parameter int CURRENTS = 0,
    parameter int NW = $clog2(NEURONS),
    parameter int GW = GROUPS > 1 ? $clog2(GROUPS) : 1,
    parameter int CW = COLUMNS > 1 ? $clog2(COLUMNS) : 1
) (
    input wire clk,
    input wire rst,
    input wire go,
    output logic done,
    input wire [GW:0] groups,
    input wire wipe,                  // the presentation ends with this tick
    input wire [14:0] now,            // of the run: thresholds decay in some ticks
    // the hash unit
    output logic sip_start,
    output logic [31:0] sip_what,
    input wire [63:0] sip_key,
    // the inbox, the record's excess
    output logic take,
    output logic [NW-1:0] take_n,
    input wire [31:0] acc,
    input wire [31:0] acc_exc,
    input wire [31:0] acc_inh,
    input wire forced,
    input wire [14:0] shut,
    input wire [14:0] open,
    input wire [31:0] dopa,
    input wire rewarded,
    input wire [23:0] excess,         // of the neuron taken a cycle ago
    // who fired, who was rewarded
    output logic fire,
    output logic [NW-1:0] fire_n,
    output logic [GW-1:0] fire_group,
    output logic [NW-1:0] fire_member, // its place in the group, and its column's
    output logic [NW-1:0] fire_column,
    output logic [15:0] fire_e,
    output logic fire_forced,
    output logic [31:0] fire_dopa,
    output logic given,
    output logic [NW-1:0] given_n,
    output logic [31:0] given_dopa,
    // configuration: group words 16g + k, 8g + k; state 2n, 2n + 1; peaks; thetas; currents 2n, 2n + 1; columns, and their sizes
    input wire cfg_group_we,
    input wire cfg_more_we,
    input wire cfg_theta_we,
    input wire cfg_current_we,
    input wire cfg_state_we,
    input wire cfg_peak_we,
    input wire cfg_column_we,
    input wire cfg_size_we,
    input wire cfg_re,
    input wire [NW+4:0] cfg_addr,
    input wire [31:0] cfg_wdata,
    input wire [31:0] cfg_before,     // the word written before this one
    output logic [31:0] cfg_state,
    output logic [31:0] cfg_peak,
    output logic [31:0] cfg_theta,
    output logic [31:0] cfg_current,
    output logic [31:0] cfg_column,
    // what was written, for the lock-step
    output logic ret_valid,
    output logic [NW-1:0] ret_n,
    output logic [31:0] ret_u,
    output logic [15:0] ret_gate,
    output logic ret_peak_valid,
    output logic [NW-1:0] ret_peak_n,
    output logic [31:0] ret_peak,
    output logic ret_theta_valid,
    output logic [31:0] ret_theta,    // of ret_n
    output logic ret_current_valid,
    output logic [63:0] ret_current,  // of ret_peak_n: {inhib, exc}
    output logic ret_column_valid,
    output logic [CW-1:0] ret_column,
    output logic [31:0] ret_record
);
    localparam logic [1:0] REST = 2'd0, SETUP = 2'd1, ISSUE = 2'd2, DRAIN = 2'd3;
    logic [1:0] state;
    logic [4:0] count;
    logic [GW:0] group;

    // --- the group's parameters -----------------------------------------------------------------------------
    logic [31:0] word;
    logic [NW:0] size;
    logic [NW-1:0] first;
    logic [15:0] base, block_ticks;
    logic compete, wipes, shut_by_default, hold, subtract, recruits;
    logic [7:0] refractory;
    logic [23:0] threshold;
    logic [16:0] leak;
    logic [24:0] leak_step;
    logic [25:0] bias;
    logic [31:0] floor_u;
    logic [UB-1:0] reset_value;
    logic [15:0] noise;
    logic [CW-1:0] first_column;
    logic [23:0] vigilance, freeze;
    stoa_ram1 #(.WIDTH(32), .DEPTH(16 * (1 << GW))) words (
        .clk, .ce(state == SETUP || cfg_group_we), .we(cfg_group_we),
        .addr(cfg_group_we ? cfg_addr[GW+3:0] : {group[GW-1:0], count[3:0]}), .d(cfg_wdata), .q(word)
    );
    assign sip_start = state == SETUP && count == `ST_GROUP_STREAM + 5'd1;
    assign sip_what = {word[23:0], 8'd0};
    always_ff @(posedge clk)
        if (state == SETUP)
            case (count - 5'd1) // a word comes a cycle after its address
                `ST_GROUP_RANGE: {size, first} <= {word[NW+16:16], word[NW-1:0]};
                `ST_GROUP_BASE: base <= word[15:0];
                `ST_GROUP_BLOCK_TICKS: block_ticks <= word[31:16];
                `ST_GROUP_FLAGS: begin
                    refractory <= word[15:8];
                    compete <= word[`ST_GROUP_FLAG_COMPETE];
                    wipes <= word[`ST_GROUP_FLAG_RESETS];
                    shut_by_default <= word[`ST_GROUP_FLAG_SHUT];
                    hold <= word[`ST_GROUP_FLAG_HOLD];
                    subtract <= word[`ST_GROUP_FLAG_SUBTRACT];
                    recruits <= RECRUITS != 0 && word[`ST_GROUP_FLAG_RECRUITS];
                end
                `ST_GROUP_THRESHOLD: threshold <= word[23:0];
                `ST_GROUP_LEAK: leak <= word[16:0];
                `ST_GROUP_LEAK_STEP: leak_step <= word[24:0];
                `ST_GROUP_NOISE: noise <= word[15:0];
                `ST_GROUP_FLOOR: floor_u <= word;
                `ST_GROUP_FIRST_COLUMN: first_column <= word[CW-1:0];
                `ST_GROUP_BIAS: bias <= word[25:0];
                `ST_GROUP_RESET_VALUE: reset_value <= word[UB-1:0];
                `ST_GROUP_VIGILANCE: vigilance <= word[23:0];
                `ST_GROUP_FREEZE: freeze <= word[23:0];
                default: ;
            endcase
    // what only some cores have of a group is in a memory beside it, read along with its words
    logic flows, two, adapts, theta_counts, theta_moves, forgets;
    logic [16:0] keep, keep_inhib, gain, theta_keep;
    logic [23:0] theta_step;
    logic [3:0] theta_every;
    generate
        if (ADAPTS != 0 || CURRENTS != 0) begin : g_more
            logic [31:0] more;
            stoa_ram1 #(.WIDTH(32), .DEPTH(8 * (1 << GW))) more_words (
                .clk, .ce((state == SETUP && !count[3]) || cfg_more_we), .we(cfg_more_we),
                .addr(cfg_more_we ? cfg_addr[GW+2:0] : {group[GW-1:0], count[2:0]}), .d(cfg_wdata), .q(more)
            );
            always_ff @(posedge clk)
                if (state == SETUP && count >= 5'd1 && count <= 5'd8)
                    case (3'(count - 5'd1))
                        `ST_MORE_FLAGS: begin
                            flows <= CURRENTS != 0 && more[`ST_MORE_FLAG_FLOWS];
                            two <= more[`ST_MORE_FLAG_TWO];
                            adapts <= ADAPTS != 0 && more[`ST_MORE_FLAG_ADAPTS];
                            theta_counts <= more[`ST_MORE_FLAG_COUNTS];
                            theta_moves <= more[`ST_MORE_FLAG_MOVES];
                            forgets <= more[`ST_MORE_FLAG_FORGETS];
                        end
                        `ST_MORE_KEEP: keep <= more[16:0];
                        `ST_MORE_KEEP_INHIBITORY: keep_inhib <= more[16:0];
                        `ST_MORE_GAIN: gain <= more[16:0];
                        `ST_MORE_STEP: theta_step <= more[23:0];
                        `ST_MORE_THETA: {theta_every, theta_keep} <= more[20:0];
                        default: ;
                    endcase
        end else begin : g_no_more
            logic unused;
            assign unused = &{1'b0, cfg_more_we};
            assign {flows, two, adapts, theta_counts, theta_moves, forgets} = '0;
            assign {keep, keep_inhib, gain, theta_keep} = '0;
            assign theta_step = '0;
            assign theta_every = '0;
        end
    endgenerate

    // --- issue ----------------------------------------------------------------------------------------------
    logic [NW:0] member, place; // in the group, in the column
    logic [NW:0] column_size;   // read with the column's first neuron: there when the second, or the end, may come;
                                // before that it is of the column before, and first of the first: never 0
    logic [NW-1:0] column;
    logic bubble, issue, last_issue, ends;
    assign issue = state == ISSUE;
    assign bubble = compete && place == column_size;
    assign ends = compete ? bubble : 1'b1;
    assign last_issue = issue && ends && member + {{NW{1'b0}}, !compete} == size;
    assign take = issue && !bubble;
    assign take_n = first + member[NW-1:0];
    assign done = state == DRAIN && count == 5'd3 && group + 1'b1 == groups;

    always_ff @(posedge clk) begin
        if (rst) state <= REST;
        else
            case (state)
                REST: if (go) state <= SETUP;
                SETUP: if (count == 5'd16) state <= ISSUE;
                ISSUE: if (last_issue) state <= DRAIN;
                default: if (count == 5'd3) state <= done ? REST : SETUP;
            endcase
        count <= (state == SETUP && count != 5'd16) || (state == DRAIN && count != 5'd3) ? count + 5'd1 : 5'd0;
        if (go) group <= '0;
        else if (state == DRAIN && count == 5'd3) group <= group + 1'b1;
        if (state == SETUP) begin
            member <= '0;
            place <= '0;
            column <= '0;
        end else if (issue) begin
            if (!bubble) member <= member + 1'b1;
            place <= bubble ? '0 : place + 1'b1;
            if (bubble) column <= column + 1'b1;
        end
    end

    // --- memories -------------------------------------------------------------------------------------------
    logic [UB+15:0] state_q, state_d;
    logic state_we, column_we;
    logic [NW-1:0] state_waddr;
    logic [31:0] record_q, record_d;
    logic [CW-1:0] record_addr, column_at;
    stoa_ram2 #(.WIDTH(UB + 16), .DEPTH(1 << NW)) states (
        .clk, .re(take || cfg_re), .raddr(cfg_re ? cfg_addr[NW:1] : take_n), .q(state_q),
        .we(state_we || (cfg_state_we && cfg_addr[0])), .waddr(cfg_state_we ? cfg_addr[NW:1] : state_waddr),
        .d(cfg_state_we ? {cfg_wdata[15:0], cfg_before[UB-1:0]} : state_d)
    );
    assign column_at = first_column + CW'(column);
    stoa_ram2 #(.WIDTH(32), .DEPTH(1 << CW)) records (
        .clk, .re((issue && compete) || cfg_re), .raddr(cfg_re ? cfg_addr[CW-1:0] : column_at), .q(record_q),
        .we(column_we || cfg_column_we), .waddr(cfg_column_we ? cfg_addr[CW-1:0] : record_addr),
        .d(cfg_column_we ? cfg_wdata : record_d)
    );
    stoa_ram2 #(.WIDTH(NW + 1), .DEPTH(1 << CW)) sizes (
        .clk, .re((issue && compete) || state == SETUP), .raddr(column_at), .q(column_size),
        .we(cfg_size_we), .waddr(cfg_addr[CW-1:0]), .d(cfg_wdata[NW:0])
    );
    assign cfg_state = cfg_addr[0] ? 32'($signed(state_q[UB+15:UB])) : 32'($signed(state_q[UB-1:0]));
    assign cfg_column = record_q;

    // --- stages ---------------------------------------------------------------------------------------------
    logic [3:0] valid, gap;                   // [k]: stage k + 1 has a neuron, has the end of a column
    logic [NW-1:0] n1, n2, n3, n4, m1, m2, m3, m4, c1, c2, c3, c4;
    logic [CW-1:0] at1, at2, at3, at4;
    logic [31:0] r2, r3, r4, d2, d3, d4;
    logic f2, f3, f4, w2, w3, w4;
    logic blocked, closed;
    logic [UB-1:0] u;
    logic [15:0] gate, e16;
    logic [26:0] e, match;
    logic [24:0] limit;
    logic [1:0] standing;
    assign blocked = compete && record_q[15:0] != 16'd0 && record_q[16+:NW] != n1;
    stoa_neuron #(.UB(UB), .CURRENTS(CURRENTS)) neuron (
        .clk, .shut_by_default, .hold, .threshold, .flows, .leak, .leak_step, .bias, .noise, .floor_u, .key(sip_key),
        .valid(valid[0]), .index(base + 16'(m1)), .u(state_q[UB-1:0]), .gate(state_q[UB+15:UB]), .blocked, .acc, .shut, .open,
        .excess(rise), .gained, .limit, .closed4(closed), .u4(u), .gate4(gate), .e4(e)
    );
    logic [23:0] rise;
    logic [UB:0] gained;
    generate
        if (ADAPTS != 0) begin : g_adapt
            logic decays;
            logic [23:0] theta, theta_d;
            assign decays = (now & ~(15'h7fff << theta_every)) == 15'd0;
            stoa_adapt #(.NW(NW)) adapt (
                .clk, .adapts, .counts(adapts && theta_counts), .moves(theta_moves), .decays, .wiped(wiped && forgets), .step(theta_step),
                .keep(theta_keep), .take, .take_n, .valid, .excess, .rise, .fires(fire && !win), .better, .win, .n(state_waddr),
                .we(ret_theta_valid), .d(theta_d), .cfg_we(cfg_theta_we), .cfg_re, .cfg_addr(cfg_addr[NW-1:0]), .cfg_wdata(cfg_wdata[23:0]),
                .q(theta)
            );
            assign cfg_theta = {8'd0, theta};
            assign ret_theta = {8'd0, theta_d};
        end else begin : g_no_adapt
            logic unused;
            assign unused = &{1'b0, now, cfg_theta_we, adapts, theta_counts, theta_moves, forgets, theta_keep, theta_step, theta_every};
            assign rise = excess;
            assign cfg_theta = 32'd0;
            assign ret_theta_valid = 1'b0;
            assign ret_theta = 32'd0;
        end
        if (CURRENTS != 0) begin : g_currents
            logic [2*UB-1:0] current_d;
            stoa_currents #(.UB(UB), .NW(NW)) currents (
                .clk, .flows, .two, .wiped, .keep, .keep_inhib, .gain, .take, .take_n, .valid, .acc, .acc_exc, .acc_inh, .gained3(gained), .n4,
                .we(ret_current_valid), .d(current_d), .cfg_we(cfg_current_we), .cfg_re, .cfg_addr(cfg_addr[NW:0]), .cfg_wdata,
                .cfg_before, .cfg_rdata(cfg_current)
            );
            assign ret_current = {32'($signed(current_d[2*UB-1:UB])), 32'($signed(current_d[UB-1:0]))};
        end else begin : g_no_currents
            logic unused;
            assign unused = &{1'b0, cfg_current_we, two, keep, keep_inhib, gain, acc_exc, acc_inh};
            assign gained = '0;
            assign cfg_current = 32'd0;
            assign ret_current_valid = 1'b0;
            assign ret_current = 64'd0;
        end
        if (RECRUITS != 0) begin : g_recruit
            logic [UB-1:0] peak, peak_d;
            stoa_recruit #(.UB(UB), .NW(NW)) recruit (
                .clk, .recruits, .vigilance, .freeze, .wiped, .valid, .excess, .n2, .limit3(limit), .n4, .u4(u), .forced4(f4),
                .standing4(standing), .match4(match), .we(ret_peak_valid), .d(peak_d), .cfg_we(cfg_peak_we), .cfg_re,
                .cfg_addr(cfg_addr[NW-1:0]), .cfg_wdata(cfg_wdata[UB-1:0]), .q(peak)
            );
            assign cfg_peak = 32'($signed(peak));
            assign ret_peak = 32'($signed(peak_d));
        end else begin : g_no_recruit
            logic unused;
            assign unused = &{1'b0, vigilance, freeze, limit, cfg_peak_we};
            assign standing = '0;
            assign match = '0;
            assign cfg_peak = 32'd0;
            assign ret_peak_valid = 1'b0;
            assign ret_peak = 32'd0;
        end
    endgenerate
    always_ff @(posedge clk) begin
        valid <= rst ? 4'd0 : {valid[2:0], take};
        gap <= rst ? 4'd0 : {gap[2:0], issue && bubble};
        if (issue) begin
            n1 <= take_n;
            m1 <= member[NW-1:0];
            c1 <= column;
            at1 <= column_at;
        end
        if (valid[0] || gap[0]) begin
            {n2, m2, c2, at2, r2} <= {n1, m1, c1, at1, record_q};
            {f2, w2, d2} <= {forced, rewarded, dopa};
        end
        if (valid[1] || gap[1]) {n3, m3, c3, at3, r3, f3, w3, d3} <= {n2, m2, c2, at2, r2, f2, w2, d2};
        if (valid[2] || gap[2]) {n4, m4, c4, at4, r4, f4, w4, d4} <= {n3, m3, c3, at3, r3, f3, w3, d3};
    end

    // --- stage 4: who fires ---------------------------------------------------------------------------------
    logic candidate, best_valid, better, win, wiped, forced_best;
    logic [26:0] e_best;
    logic [NW-1:0] n_best, m_best;
    logic [15:0] gate_best, gate_after, left;
    logic [31:0] dopa_best;
    logic [UB-1:0] u_after;
    logic [26:0] e_fire;
    stoa_column choice (
        .clk, .rst, .compete, .recruits, .valid(valid[3]), .closed, .forced(f4), .standing, .match, .e, .ends(gap[3]), .candidate, .better,
        .best_valid
    );
    assign win = gap[3] && best_valid;
    assign wiped = wipe && wipes;
    assign fire = compete ? win : candidate;
    assign e_fire = compete ? e_best : e;
    // whoever is recruited fires whatever its e
    assign e16 = $signed(e_fire) > 27'sd32767 ? 16'd32767
               : RECRUITS != 0 && $signed(e_fire) < -27'sd32768 ? 16'h8000
               : e_fire[15:0];
    assign gate_after = refractory != 8'd0 ? 16'd0 - {8'd0, refractory} : compete ? gate_best : gate;
    assign u_after = subtract ? e_fire[UB-1:0] : reset_value;
    always_ff @(posedge clk)
        if (better) begin
            e_best <= e;
            n_best <= n4;
            m_best <= m4;
            gate_best <= gate;
            forced_best <= f4;
            dopa_best <= d4;
        end
    assign state_we = valid[3] || win;
    assign state_waddr = win ? n_best : n4;
    assign state_d = wiped ? '0 : fire ? {gate_after, u_after} : {gate, u};
    assign left = r4[15:0];
    assign column_we = gap[3];
    assign record_addr = at4;
    assign record_d = wiped ? 32'd0
                    : win ? {16'(n_best), block_ticks}
                    : {r4[31:16], left == 16'd0 ? left : left - 16'd1};

    assign fire_n = win ? n_best : n4;
    assign fire_group = group[GW-1:0];
    assign fire_member = win ? m_best : m4;
    assign fire_column = c4;
    assign fire_e = e16;
    assign fire_forced = win ? forced_best : f4;
    assign fire_dopa = win ? dopa_best : d4;
    assign given = valid[3] && w4;
    assign given_n = n4;
    assign given_dopa = d4;

    assign ret_valid = state_we;
    assign ret_n = state_waddr;
    assign ret_u = 32'($signed(state_d[UB-1:0]));
    assign ret_gate = state_d[UB+15:UB];
    assign ret_peak_n = n4;
    assign ret_column_valid = column_we;
    assign ret_column = record_addr;
    assign ret_record = record_d;
endmodule
`default_nettype wire
