// stoa_inbox - what a tick brings to each neuron: sums of signals, longest gating, rewards. K lanes add at once.
//
//     beat: the banks and the inbox are read ──> stage 1: word, old sum ──> add or compare ──> written
//                                                              ^────────kept───────┘ the same neuron in the next beat
//
// A lane that meets its neuron again in the next cycle takes the sum that is just being written: whether it will is known as that
// beat is issued, and nothing is kept otherwise but as that changes. Lanes are in row `row`, or one ahead (`wrap`); only the memory of the event's kind
// is read. The update pass reads one neuron a cycle and clears it a cycle later. With CURRENTS a neuron has a sum for each sign of
// synapse, side by side, and a lane adds to the one that its word names. With lists (RING > 0) each lane has a row of its own, and with
// a ring of sums (RING > 1) a slot: a neuron has RING sums, of this tick and of those to come, and a tick takes and clears its own.
// With VALUES a beat may be graded: then what is added is the part of word times value (stoa_graded), and its sign names the sum.
// A sum has AB bits, as many as the widest that a network may bring: an image that needs more is refused by whoever loads it.
`default_nettype none
module stoa_inbox #(
    parameter int NEURONS = 256,
    parameter int K = 4,
    parameter int WB = 8,
    parameter int AB = 32,        // of a sum
    parameter int CURRENTS = 0,
    parameter int RING = 0,
    parameter int VALUES = 0,
    parameter int KX = K > 1 ? $clog2(K) : 1,
    parameter int KW = $clog2(K),
    parameter int ROWS = (NEURONS + K - 1) / K,
    parameter int RW = ROWS > 1 ? $clog2(ROWS) : 1,
    parameter int NW = $clog2(NEURONS),
    parameter int TW = RING > 1 ? $clog2(RING) : 0,
    parameter int SW = TW > 0 ? TW : 1,
    parameter int IW = TW + RW    // of a sum: {slot, row}
) (
    input wire clk,
    input wire clk_take,          // of the update pass
    input wire rst,
    input wire sweep,
    input wire [IW-1:0] sweep_row,
    input wire [SW-1:0] slot,     // of this tick
    // a beat is issued, in the cycle in which the banks are read
    input wire issue,
    input wire meets,             // a lane may meet its neuron of the beat before: not within a dense row
    input wire [K-1:0] active,
    input wire [1:0] kind,
    input wire graded,            // a signal whose words are multiplied by a value
    input wire forcing,
    input wire [3:0] shift,
    input wire [RW-1:0] row,
    input wire [K-1:0] wrap,
    input wire [K*IW-1:0] rows,   // with lists, in place of both
    // stage 1: what the banks gave, and the packet
    input wire [K*WB-1:0] w,
    input wire [15:0] value,
    output logic busy,
    // the update pass
    input wire take,
    input wire [NW-1:0] take_n,
    output logic [31:0] acc,
    output logic [31:0] acc_exc,  // of what excites, of what inhibits
    output logic [31:0] acc_inh,
    output logic forced,
    output logic [14:0] shut,
    output logic [14:0] open,
    output logic [31:0] dopa,
    output logic rewarded,
    // configuration of the ring: sums of slot s and neuron n, s << NW | n: of all or of what excites, and of what inhibits
    input wire cfg_we,
    input wire cfg_re,
    input wire [TW+NW:0] cfg_addr,
    input wire [31:0] cfg_wdata,
    input wire [31:0] cfg_before,
    output logic [31:0] cfg_rdata
);
    localparam int SUM = CURRENTS != 0 ? 2 * AB + 1 : AB + 1; // {forced, sums}
    localparam int KEEP = SUM > 33 ? SUM : 33;             // the widest of what a lane may meet again
    localparam logic [1:0] SIGNAL = 2'd0, GATING = 2'd1, REWARD = 2'd2;
    logic valid1, forcing1, graded1;
    logic [1:0] kind1;
    logic [3:0] shift1;
    logic [K*IW-1:0] heres, heres1; // where each lane is, and was
    logic [K-1:0] active1, wrap1, meeting, hit, hits;
    logic keep; // kept words, and whose they are, stand under one clock
    logic [2*K+6:0] steady, steady1; // from beat to beat of an event mostly the same: kept only when they change, their clock stands
    logic cleared;
    logic [KX-1:0] lane_t;
    logic [IW-1:0] row_t, take_row, cfg_row;
    logic [KX-1:0] cfg_lane, lane_r; // of the word that is written or read
    logic put, get;
    logic [K*SUM-1:0] sums;
    logic [K*33-1:0] gives;
    logic [K*30-1:0] gates;

    assign busy = valid1;
    assign keep = rst || meeting != '0 || hits != hit;
    assign steady = {kind, shift, forcing, active, wrap};
    assign {kind1, shift1, forcing1, active1, wrap1} = steady1;
    assign cfg_lane = cfg_addr[KX:1] & KX'(K - 1);
    generate
        if (RING > 1) begin : g_ring
            assign take_row = {slot, RW'(take_n >> KW)};
            assign cfg_row = {cfg_addr[NW+1+:TW], RW'(cfg_addr[NW:1] >> KW)};
            assign put = cfg_we && cfg_addr[0];
            assign get = cfg_re;
        end else begin : g_no_ring
            logic unused;
            assign unused = &{1'b0, slot, cfg_we, cfg_re};
            assign take_row = RW'(take_n >> KW);
            assign cfg_row = '0;
            assign {put, get} = 2'd0;
        end
    endgenerate
    always_ff @(posedge clk) begin
        valid1 <= issue && !rst;
        if (rst) steady1 <= '0;
        else if (issue && steady != steady1) steady1 <= steady;
        if (keep) hit <= hits & ~{K{rst}};
        if (get) lane_r <= cfg_lane;
    end
    always_ff @(posedge clk_take) begin
        cleared <= take && !rst;
        if (take) begin
            lane_t <= take_n[KX-1:0] & KX'(K - 1);
            row_t <= take_row;
        end
    end

    generate
        if (RING != 0) begin : g_lists
            logic unused;
            assign unused = &{1'b0, row, wrap1};
            assign heres = rows;
            always_ff @(posedge clk) if (issue) heres1 <= rows;
        end else begin : g_dense
            localparam int LOW = RW < 3 ? RW : 2; // bits of it that have a clock in each beat
            logic [RW-1:0] row1, next, next1;    // of lanes that do not wrap, and of those that do
            logic unused;
            assign unused = &{1'b0, rows};
            assign next = row + RW'(|wrap);      // an adder that nobody asks rests
            assign next1 = row1 + RW'(|wrap1);
            always_ff @(posedge clk) if (issue) row1[LOW-1:0] <= row[LOW-1:0];
            if (RW > LOW) begin : g_high
                always_ff @(posedge clk) if (issue && row[RW-1:LOW] != row1[RW-1:LOW]) row1[RW-1:LOW] <= row[RW-1:LOW];
            end
            for (genvar l = 0; l < K; l++) begin : g_row
                assign heres[l*IW+:IW] = wrap[l] ? next : row;
                assign heres1[l*IW+:IW] = wrap1[l] ? next1 : row1;
            end
        end
        if (VALUES != 0) begin : g_values
            always_ff @(posedge clk)
                if (issue) graded1 <= graded;
        end else begin : g_no_values
            logic unused;
            assign unused = &{1'b0, graded, graded1, value};
            assign graded1 = 1'b0;
        end
        for (genvar l = 0; l < K; l++) begin : g_lane
            logic mine, read, signal, gating, reward, clear, again, forces, minus, plus, negative;
            logic [IW-1:0] here, here1, rrow, wrow, met, met1;
            logic [RW-1:0] rarely, wrarely; // where gates and gives are read and written: at rest while signals come
            logic mine_put, mine_get;
            logic [31:0] word, rare, shifted; // the words of a signal, and of what comes rarely
            logic [AB-1:0] added, part_old, part_new; // of the sum that the word is added to
            logic [SUM-1:0] sum_q, sum_old, sum_new, sum_put;
            logic [KEEP-1:0] kept;
            logic [32:0] give_q, give_old, give_new;
            logic [29:0] gate_q, gate_old, gate_new;
            logic [14:0] size;

            // --- the beat that is issued, and the neuron that is taken ---
            assign here = heres[l*IW+:IW];
            assign mine_put = put && cfg_lane == KX'(l);
            assign mine_get = get && cfg_lane == KX'(l);
            assign mine = take && (take_n[KX-1:0] & KX'(K - 1)) == KX'(l);
            assign read = issue && active[l];
            assign rrow = issue ? here : mine_get ? cfg_row : take_row;
            assign rarely = issue && kind == SIGNAL ? '0 : rrow[RW-1:0];
            assign met = meets ? here : '0;
            assign met1 = meets ? here1 : '0;
            assign again = meets && valid1 && active1[l] && kind == kind1 && met == met1;
            assign hits[l] = read ? again : hit[l];

            // --- stage 1: what is not wanted is zero, and moves nothing ---
            assign here1 = heres1[l*IW+:IW];
            assign signal = valid1 && active1[l] && kind1 == SIGNAL;
            assign gating = valid1 && active1[l] && kind1 == GATING;
            assign reward = valid1 && active1[l] && kind1 == REWARD;
            assign clear = cleared && lane_t == KX'(l);
            assign word = signal ? 32'($signed(w[l*WB+:WB])) : 32'd0;
            assign rare = gating || reward ? 32'($signed(w[l*WB+:WB])) : 32'd0;
            assign shifted = word << shift1;
            assign sum_old = hit[l] ? kept[SUM-1:0] : sum_q;
            assign gate_old = hit[l] ? kept[29:0] : gate_q;
            assign give_old = hit[l] ? kept[32:0] : give_q;
            assign forces = forcing1 && word != 32'd0;
            assign size = rare[31] ? 15'd0 - rare[14:0] : rare[14:0];
            assign minus = rare[31] && size > gate_old[14:0];
            assign plus = !rare[31] && size > gate_old[29:15];
            if (VALUES != 0) begin : g_graded
                logic [31:0] part;
                stoa_graded #(.WB(WB)) worth (.en(signal && graded1), .w(w[l*WB+:WB]), .value, .shift(shift1), .part);
                assign added = graded1 ? part[AB-1:0] : shifted[AB-1:0];
                assign negative = graded1 ? part[31] : word[31];
            end else begin : g_plain
                assign added = shifted[AB-1:0];
                assign negative = word[31];
            end
            assign part_new = part_old + added;
            if (CURRENTS != 0) begin : g_two
                assign sum_put = {1'b0, cfg_wdata[AB-1:0], cfg_before[AB-1:0]};
                assign part_old = negative ? sum_old[2*AB-1:AB] : sum_old[AB-1:0];
                assign sum_new = !signal ? '0
                               : {sum_old[2*AB] | forces, negative ? {part_new, sum_old[AB-1:0]} : {sum_old[2*AB-1:AB], part_new}};
            end else begin : g_one
                logic unused;
                assign unused = &{1'b0, negative, cfg_wdata};
                assign sum_put = {1'b0, cfg_before[AB-1:0]};
                assign part_old = sum_old[AB-1:0];
                assign sum_new = signal ? {sum_old[AB] | forces, part_new} : '0;
            end
            assign gate_new = gating ? {plus ? size : gate_old[29:15], minus ? size : gate_old[14:0]} : 30'd0;
            assign give_new = reward ? {1'b1, give_old[31:0] + (rare << shift1)} : 33'd0;
            assign meeting[l] = read && again;
            always_ff @(posedge clk)
                if (keep) kept <= KEEP'(sum_new) | KEEP'(gate_new) | KEEP'(give_new);

            assign wrow = sweep ? sweep_row : clear ? row_t : mine_put ? cfg_row : here1;
            assign wrarely = signal ? '0 : wrow[RW-1:0];
            stoa_ram2 #(.WIDTH(SUM), .DEPTH(RING > 1 ? RING << RW : ROWS)) sum (
                .clk, .re((read && kind == SIGNAL) || mine || mine_get), .raddr(rrow), .q(sum_q), .we(signal || clear || sweep || mine_put),
                .waddr(wrow), .d(mine_put ? sum_put : sum_new)
            );
            stoa_ram2 #(.WIDTH(30), .DEPTH(ROWS)) gate (
                .clk, .re((read && kind == GATING) || mine), .raddr(rarely), .q(gate_q), .we(gating || clear || sweep),
                .waddr(wrarely), .d(gate_new)
            );
            stoa_ram2 #(.WIDTH(33), .DEPTH(ROWS)) give (
                .clk, .re((read && kind == REWARD) || mine), .raddr(rarely), .q(give_q), .we(reward || clear || sweep),
                .waddr(wrarely), .d(give_new)
            );
            assign sums[l*SUM+:SUM] = sum_q;
            assign gates[l*30+:30] = gate_q;
            assign gives[l*33+:33] = give_q;
        end
    endgenerate

    logic [SUM-1:0] sum_t;
    logic [32:0] give_t;
    logic [29:0] gate_t;
    assign sum_t = cleared ? sums[lane_t*SUM+:SUM] : '0; // nobody looks at another time, and beats move nothing behind it
    assign gate_t = gates[lane_t*30+:30];
    assign give_t = gives[lane_t*33+:33];
    assign forced = sum_t[SUM-1];
    generate
        if (CURRENTS != 0) begin : g_signs
            assign acc_exc = 32'($signed(sum_t[AB-1:0]));
            assign acc_inh = 32'($signed(sum_t[2*AB-1:AB]));
            assign acc = acc_exc + acc_inh;
        end else begin : g_sum
            assign acc = 32'($signed(sum_t[AB-1:0]));
            assign acc_exc = 32'd0;
            assign acc_inh = 32'd0;
        end
    endgenerate
    generate
        if (RING > 1) begin : g_read
            logic [SUM-1:0] sum_r;
            logic odd_r;
            always_ff @(posedge clk) if (get) odd_r <= cfg_addr[0];
            assign sum_r = sums[lane_r*SUM+:SUM];
            assign cfg_rdata = !odd_r ? 32'($signed(sum_r[AB-1:0])) : CURRENTS != 0 ? 32'($signed(sum_r[SUM-2-:AB])) : 32'd0;
        end else begin : g_no_read
            logic unused;
            assign unused = &{1'b0, lane_r, cfg_addr, cfg_wdata, cfg_before};
            assign cfg_rdata = 32'd0;
        end
    endgenerate
    assign {open, shut} = gate_t;
    assign {rewarded, dopa} = give_t;
endmodule
`default_nettype wire
