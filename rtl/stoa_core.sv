// stoa_core - a columnar core: axons in, synaptic sums, neurons in columns, spikes out, and the rows learn.
//
//     packets ─> arrive ─> wheel ─axons─> walk ─lines─> banks W ─K words─> inbox ─a neuron a cycle─> update ─spikes─> emit ─> packets
//                                          │             │                                          │fired, rewarded
//                                presynaptic traces      banks R, Q  <──── learn <──────────────────── turns <── postsynaptic traces
//
// A tick: KEY (only when programs draw), DELIVER, UPDATE, TURNS, SPEAK (only when rows have emitted), and quiet. Packets go out
// meanwhile and after. Reset sweeps the wheel, the inbox and the sums of what rows emit; everything else is written by packets before the first tick (docs/rtl.md has the
// map). The learning memory (R, Q) is separate from the weights (W); ret_* say what was written, for the lock-step.
`include "stoa_tables.vh"
`include "stoa_must.vh"
`default_nettype none
module stoa_core #(
    parameter int AXONS = 1024,
    parameter int INPUTS = 2048,  // sources that packets may come of
    parameter int NEURONS = 256,
    parameter int K = 4,
    parameter int WB = 8,
    parameter int RB = 16,
    parameter int QB = 0,
    parameter int UB = 24,
    parameter int AB = 32,        // of a sum of a tick's signals: weight, shift and log2 of the axons together are enough
    parameter int SLOTS = 16,
    parameter int LINES = 65536,  // of a bank of W
    parameter int RLINES = 65536, // of a bank of R and Q
    parameter int GROUPS = 8,
    parameter int COLUMNS = 64,
    parameter int BLOCKS = 64,
    parameter int SHARED = 0,     // one multiplier and one table port for all lanes
    parameter int DRAWS = 1,      // programs may draw
    parameter int RECRUITS = 1,   // groups may recruit: a peak a neuron
    parameter int MASKS = 0,      // not every pair that learns has a synapse: a bit each
    parameter int RULES = 1,      // at most, each with its records
    parameter int ADAPTS = 0,     // thresholds may adapt: a word a neuron
    parameter int CURRENTS = 0,   // neurons may have synaptic currents: two sums and two words each
    parameter int MEASURES = 0,   // programs may measure, without learning, too
    parameter int RING = 0,       // sums of a neuron that entries of sparse rows may add to; 0: rows are dense
    parameter int VALUES = 0,     // as many axons lie from the first that is graded to the last; packets bring values, rules may keep them
    parameter int EMITS = 0,      // what rows emit reaches others: a sum an axon
    parameter int BURST = 1,      // lines of a bank of W in a word of its memory: a row reads them together
    parameter int GATED = 1,      // clocks stop where nothing happens
    parameter int KX = K > 1 ? $clog2(K) : 1,
    parameter int KW = $clog2(K),
    parameter int AW = $clog2(AXONS),
    parameter int IW = $clog2(INPUTS),
    parameter int NW = $clog2(NEURONS),
    parameter int LW = $clog2(LINES),
    parameter int GW = GROUPS > 1 ? $clog2(GROUPS) : 1,
    parameter int CW = COLUMNS > 1 ? $clog2(COLUMNS) : 1,
    parameter int BW = BLOCKS > 1 ? $clog2(BLOCKS) : 1,
    parameter int SW = $clog2(SLOTS),
    parameter int QW = QB > 0 ? QB : 1
) (
    input wire clk,
    input wire rst,
    input wire tick_go,
    output logic quiet,
    // from the router: spikes as the number of an input, and configuration
    input wire in_valid,
    output logic in_ready,
    input wire [50:0] in,
    // to the router
    output logic out_valid,
    input wire out_ready,
    output logic [50:0] out,
    input wire [11:0] here, // x, y of this tile
    output logic takes,        // configuration
    input wire [3:0] drops,    // packets that the router, or the door, drops in this cycle
    // the router's table is configured through the core's pointer
    output logic route_we,
    output logic route_re,
    output logic [15:0] route_addr,
    output logic [31:0] route_wdata,
    input wire [31:0] route_rdata,
    // what was written, for the lock-step
    output logic ret_event,
    output logic [15:0] ret_event_axon,
    output logic ret_in,
    output logic [15:0] ret_in_n,
    output logic [31:0] ret_in_acc,
    output logic [31:0] ret_in_gate,
    output logic [31:0] ret_in_dopa,
    output logic ret_state,
    output logic [15:0] ret_state_n,
    output logic [31:0] ret_state_u,
    output logic [15:0] ret_state_gate,
    output logic ret_peak,
    output logic [15:0] ret_peak_n,
    output logic [31:0] ret_peak_u,
    output logic ret_theta,
    output logic [15:0] ret_theta_n,
    output logic [31:0] ret_theta_d,
    output logic ret_current,
    output logic [15:0] ret_current_n,
    output logic [63:0] ret_current_d,
    output logic ret_column,
    output logic [15:0] ret_column_n,
    output logic [31:0] ret_column_d,
    output logic ret_spike,
    output logic [31:0] ret_spike_ne,
    output logic ret_pre,
    output logic [15:0] ret_pre_a,
    output logic [15:0] ret_pre_x,
    output logic ret_post,
    output logic [15:0] ret_post_n,
    output logic [15:0] ret_post_x,
    output logic [K-1:0] ret_line,
    output logic [K*48-1:0] ret_line_d,
    output logic ret_record,
    output logic [15:0] ret_record_at,
    output logic [31:0] ret_record_d,
    output logic ret_program,
    output logic [15:0] ret_program_owner
);
    localparam int XW = RULES > 1 ? $clog2(RULES) : 1;
    localparam int POSTS = RULES > 1 ? RULES << NW : NEURONS; // neuron n of rule r is r << NW | n
    localparam int PW = $clog2(POSTS);
    localparam int EW = MEASURES != 0 ? 36 : 27; // entries of programs by trigger
    localparam int PORTS = SHARED != 0 ? 1 : K;
    localparam int FW = (AXONS > NEURONS ? AW : NW) + 1;
    localparam int PF = FW + XW;
    localparam int ROWS = (NEURONS + K - 1) / K;
    localparam int RW = ROWS > 1 ? $clog2(ROWS) : 1;
    localparam int TW = RING > 1 ? $clog2(RING) : 0;
    localparam int TS = TW > 0 ? TW : 1;
    localparam int WHERE = RING != 0 && TW + RW + 1 > WB ? TW + RW + 1 : WB; // bits of an entry beside its weight, and of a weight
    localparam int WORDS = (AXONS + 31) / 32;
    localparam int WW = WORDS > 1 ? $clog2(WORDS) : 1;
    localparam int MW = SW + WW;
    localparam int VMW = SW + (VALUES > 1 ? $clog2(VALUES) : 1);
    localparam int EMR = AW - KW; // bits of a beat of axons
    localparam int SWEPT = MW > TW + RW ? MW : TW + RW;
    localparam int SWEEP = EMITS != 0 && EMR > SWEPT ? EMR : SWEPT;
    localparam logic [2:0] CLEAR = 3'd0, IDLE = 3'd1, KEY = 3'd2, DELIVER = 3'd3, UPDATE = 3'd4, TURNS = 3'd5, SPEAK = 3'd6;

    generate
        `ST_MUST(RULES >= 1 && RULES <= 16, RULES_must_be_1_to_16, "RULES must be 1 to 16: the map of a core has 4 bits for a rule")
        `ST_MUST(K >= 1 && K <= 16 && (K & (K - 1)) == 0, K_must_be_1_2_4_8_or_16, "K must be 1, 2, 4, 8 or 16: lanes are numbered by bits")
        `ST_MUST(SLOTS >= 2 && SLOTS <= 256 && (SLOTS & (SLOTS - 1)) == 0, SLOTS_must_be_a_power_of_two_from_2_to_256, "SLOTS must be a power of two from 2 to 256: the wheel turns by its low bits")
        `ST_MUST(AXONS >= 32 && AXONS <= 65536 && AXONS % 32 == 0, AXONS_must_be_a_multiple_of_32_to_65536, "AXONS must be a multiple of 32 to 65536: a word of the wheel has 32")
        `ST_MUST(INPUTS >= 2 && INPUTS <= 65536, INPUTS_must_be_2_to_65536, "INPUTS must be 2 to 65536: a packet has 16 bits for its index")
        `ST_MUST(NEURONS >= 2 && NEURONS <= 32768 && NEURONS >= K, NEURONS_must_be_K_to_32768, "NEURONS must be at least 2 and K, and at most 32768")
        `ST_MUST(WB >= 2 && WB <= 16 && RB >= 2 && RB <= 16 && QB >= 0 && QB <= 16, WB_RB_QB_must_be_at_most_16_bits, "WB and RB must be 2 to 16, QB 0 to 16: a lane has 16 bits")
        `ST_MUST(UB >= 2 && UB <= 24, UB_must_be_2_to_24, "UB must be 2 to 24: thresholds have 24 bits")
        `ST_MUST(AB >= WB && AB <= 32, AB_must_be_WB_to_32, "AB must be WB to 32: a sum holds a weight, and the neuron adds in 32 bits")
        `ST_MUST(RLINES <= LINES && LINES >= 2 && LINES <= 16777216 / K, LINES_must_be_at_least_RLINES, "LINES must be at least RLINES and at most 2^24 / K")
        `ST_MUST(RING >= 0 && RING <= 64 && (RING & (RING - 1)) == 0, RING_must_be_0_or_a_power_of_two_to_64, "RING must be 0 or a power of two to 64: slots of sums turn by the low bits of the tick")
        `ST_MUST(BURST >= 1 && BURST <= 8 && (BURST & (BURST - 1)) == 0 && LINES % (2 * BURST) == 0, BURST_must_be_1_2_4_or_8, "BURST must be 1, 2, 4 or 8, and LINES a multiple of 2 BURST: a word of a bank has whole lines")
        `ST_MUST(RING == 0 || LINES % 2 == 0 && LINES >= 4, LINES_must_be_even, "LINES must be even, and at least 4, where there are lists: an entry is a line of each half")
        `ST_MUST(VALUES == 0 || VALUES >= 2 && VALUES <= AXONS && (VALUES & (VALUES - 1)) == 0, VALUES_must_be_0_or_a_power_of_two_to_AXONS, "VALUES must be 0, or a power of two from 2 to AXONS: an axon has its place by its low bits")
        `ST_MUST(EMITS == 0 || AXONS <= 16384 && NEURONS <= 16384, EMITS_must_be_0_beyond_16384, "EMITS must be 0 in a core of more than 16384 axons or neurons: a block has 14 bits for its first lane")
        `ST_MUST(GROUPS >= 1 && COLUMNS >= 1 && BLOCKS >= 1 && GROUPS <= 65536 && COLUMNS <= 65536 && BLOCKS <= 65536, GROUPS_COLUMNS_BLOCKS_must_be_1_to_65536, "GROUPS, COLUMNS and BLOCKS must be 1 to 65536")
    endgenerate

    logic clk_still, clk_deliver, clk_row, clk_update, clk_learn, clk_shared; // each stops when its part rests (the end of this file)

    // --- configuration: a pointer, words in, words out ------------------------------------------------------
    logic [2:0] kind;
    logic [28:0] pointer;
    logic [31:0] wdata, earlier, rdata;
    logic cfg_in, cfg_ready, cfg_we, cfg_re, reading, reply;
    logic [31:0] reply_data, dropped;
    logic [1:0] bad;
    logic [4:0] region, region_q;
    logic [23:0] at, at_q, word_at;
    assign kind = in[50:48];
    assign takes = cfg_ready;
    assign cfg_in = in_valid && kind != `ST_FLIT_SPIKE && cfg_ready;
    assign region = pointer[28:24];
    assign at = pointer[23:0];
    assign word_at = reading ? at_q : at; // an answer is picked by the address that was asked: the pointer has moved on
    always_ff @(posedge clk_still) begin
        if (cfg_in && kind == `ST_FLIT_ADDR) pointer <= in[28:0];
        else if (cfg_we || cfg_re) pointer <= pointer + 29'd1;
        if (cfg_in) wdata <= in[31:0];
        if (cfg_we) earlier <= wdata;
        if (cfg_re) begin
            region_q <= region;
            at_q <= at;
        end
        if (rst) begin
            cfg_we <= 1'b0;
            cfg_re <= 1'b0;
            reading <= 1'b0;
            reply <= 1'b0;
        end else begin
            cfg_we <= cfg_in && kind == `ST_FLIT_WRITE;
            cfg_re <= cfg_in && kind == `ST_FLIT_READ;
            reading <= cfg_re;
            if (reading) reply <= 1'b1;
            else if (out_ready) reply <= 1'b0;
        end
        if (reading) reply_data <= rdata;
        // how many were dropped; it stops at its end
        if (rst) dropped <= 32'd0;
        else if (cfg_we && region == `ST_REGION_CTRL && at[4:0] == `ST_CONTROL_DROPPED) dropped <= wdata;
        else if (dropped[31:4] != '1) dropped <= dropped + 32'(drops) + 32'(bad);
    end
    logic we_axon, we_group, we_emit, we_block, we_prog, we_table, we_state, we_peak, we_column, we_size, we_record, we_pre_trace,
          we_post_trace, we_mark, we_wheel, re_axon, re_table, re_state, re_record, re_pre_trace, re_post_trace, re_mark, re_wheel,
          re_prog, we_input, we_link, re_input, re_link, we_rule, we_more, we_theta, we_current, we_late, re_late,
          we_value, re_value;
    assign we_axon = cfg_we && region == `ST_REGION_AXON;
    assign we_group = cfg_we && region == `ST_REGION_GROUP;
    assign we_emit = cfg_we && region == `ST_REGION_EMIT;
    assign we_block = cfg_we && region == `ST_REGION_BLOCK;
    assign we_prog = cfg_we && region == `ST_REGION_PROGRAM;
    assign we_table = cfg_we && region == `ST_REGION_TABLE;
    assign we_state = cfg_we && region == `ST_REGION_STATE;
    assign we_peak = cfg_we && region == `ST_REGION_PEAK;
    assign we_column = cfg_we && region == `ST_REGION_COLUMN;
    assign we_size = cfg_we && region == `ST_REGION_SIZE;
    assign we_record = cfg_we && region == `ST_REGION_RECORD;
    assign we_pre_trace = cfg_we && region == `ST_REGION_PRE;
    assign we_post_trace = cfg_we && region == `ST_REGION_POST;
    assign we_mark = cfg_we && region == `ST_REGION_MARK;
    assign we_wheel = cfg_we && region == `ST_REGION_WHEEL;
    assign we_input = cfg_we && region == `ST_REGION_INPUT;
    assign we_link = cfg_we && region == `ST_REGION_LINK;
    assign we_more = cfg_we && region == `ST_REGION_MORE;
    assign we_theta = cfg_we && region == `ST_REGION_THETA;
    assign we_current = cfg_we && region == `ST_REGION_CURRENT;
    assign we_late = cfg_we && region == `ST_REGION_LATE;
    assign re_late = cfg_re && region == `ST_REGION_LATE;
    assign we_rule = cfg_we && region == `ST_REGION_RULE;
    assign we_value = cfg_we && region == `ST_REGION_VALUE;
    assign re_value = cfg_re && region == `ST_REGION_VALUE;
    assign re_input = cfg_re && region == `ST_REGION_INPUT;
    assign re_link = cfg_re && region == `ST_REGION_LINK;
    assign re_axon = cfg_re && region == `ST_REGION_AXON;
    assign re_prog = cfg_re && region == `ST_REGION_PROGRAM;
    assign re_table = cfg_re && region == `ST_REGION_TABLE;
    assign re_state = cfg_re && (region == `ST_REGION_STATE || region == `ST_REGION_PEAK || region == `ST_REGION_THETA
        || region == `ST_REGION_CURRENT || region == `ST_REGION_COLUMN);
    assign re_record = cfg_re && region == `ST_REGION_RECORD;
    assign re_pre_trace = cfg_re && region == `ST_REGION_PRE;
    assign re_post_trace = cfg_re && region == `ST_REGION_POST;
    assign re_mark = cfg_re && region == `ST_REGION_MARK;
    assign re_wheel = cfg_re && region == `ST_REGION_WHEEL;
    assign route_we = cfg_we && region == `ST_REGION_ROUTE;
    assign route_re = cfg_re && region == `ST_REGION_ROUTE;
    assign route_addr = at[15:0];
    assign route_wdata = wdata;

    // --- control words --------------------------------------------------------------------------------------
    logic learn, resets, trace, reward_all, draws, eligible_resets, plastic, masked;
    logic keeps_values, counts; // what records keep in place of spikes
    logic [63:0] seed, sip_key, learn_key;
    logic [31:0] now, period, phase;
    logic [GW:0] groups;
    logic [WW:0] words;
    logic [IW:0] inputs;
    logic [AW:0] axons;
    logic [NW-1:0] lo;
    logic [NW:0] hi;
    logic [LW-1:0] stride;
    logic [15:0] line_zero, trace_step;
    logic [EW-1:0] entries;
    logic [3:0] excess_at;
    logic [1:0] decay_table;
    logic [23:0] stream;
    logic [31:0] ctrl, flags;
    always_ff @(posedge clk_still) begin
        if (rst) begin
            {eligible_resets, draws, reward_all, trace, resets, learn, plastic, masked} <= 8'd0;
            {keeps_values, counts} <= 2'd0;
            groups <= '0;
            words <= '0;
            inputs <= '0;
        end else if (cfg_we && region == `ST_REGION_CTRL)
            case (at[4:0])
                `ST_CONTROL_FLAGS: begin
                    learn <= wdata[`ST_CONTROL_FLAG_LEARN];
                    resets <= wdata[`ST_CONTROL_FLAG_RESETS];
                    trace <= wdata[`ST_CONTROL_FLAG_TRACE];
                    reward_all <= wdata[`ST_CONTROL_FLAG_REWARD_ALL];
                    draws <= wdata[`ST_CONTROL_FLAG_DRAWS];
                    eligible_resets <= wdata[`ST_CONTROL_FLAG_ELIGIBLE_RESETS];
                    plastic <= wdata[`ST_CONTROL_FLAG_PLASTIC];
                    masked <= MASKS != 0 && wdata[`ST_CONTROL_FLAG_MASKED];
                    keeps_values <= VALUES != 0 && wdata[`ST_CONTROL_FLAG_VALUE];
                    counts <= VALUES != 0 && wdata[`ST_CONTROL_FLAG_COUNT];
                end
                `ST_CONTROL_SEED_LOW: seed[31:0] <= wdata;
                `ST_CONTROL_SEED_HIGH: seed[63:32] <= wdata;
                `ST_CONTROL_PERIOD: period <= wdata;
                `ST_CONTROL_GROUPS: groups <= wdata[GW:0];
                `ST_CONTROL_WORDS: words <= wdata[WW:0];
                `ST_CONTROL_INPUTS: inputs <= wdata[IW:0];
                `ST_CONTROL_AXONS: axons <= wdata[AW:0];
                `ST_CONTROL_RANGE: {hi, lo} <= {wdata[NW+16:16], wdata[NW-1:0]};
                `ST_CONTROL_STRIDE: stride <= wdata[LW-1:0];
                `ST_CONTROL_LINE_ZERO: line_zero <= wdata[15:0];
                `ST_CONTROL_ENTRIES: entries[26:0] <= wdata[26:0];
                `ST_CONTROL_EXCESS: excess_at <= wdata[3:0];
                `ST_CONTROL_TRACE: {decay_table, trace_step} <= wdata[17:0];
                `ST_CONTROL_STREAM: stream <= wdata[23:0];
                default: ;
            endcase
    end
    always_ff @(posedge clk_still) begin
        if (cfg_we && region == `ST_REGION_CTRL && at[4:0] == `ST_CONTROL_TICK) now <= wdata;
        else if (tick_go) now <= now + 32'd1;
        if (cfg_we && region == `ST_REGION_CTRL && at[4:0] == `ST_CONTROL_PHASE) phase <= wdata;
        else if (tick_go) phase <= phase + 32'd1 == period ? 32'd0 : phase + 32'd1;
    end
    always_ff @(posedge clk_update)
        if (state == KEY && key_count == 4'd15) learn_key <= sip_key;
    generate
        if (MEASURES != 0) begin : g_measures
            always_ff @(posedge clk_still)
                if (cfg_we && region == `ST_REGION_CTRL && at[4:0] == `ST_CONTROL_MEASURE) entries[EW-1-:9] <= wdata[8:0];
        end
    endgenerate
    always_comb begin
        flags = 32'd0;
        flags[`ST_CONTROL_FLAG_LEARN] = learn;
        flags[`ST_CONTROL_FLAG_RESETS] = resets;
        flags[`ST_CONTROL_FLAG_TRACE] = trace;
        flags[`ST_CONTROL_FLAG_REWARD_ALL] = reward_all;
        flags[`ST_CONTROL_FLAG_DRAWS] = draws;
        flags[`ST_CONTROL_FLAG_ELIGIBLE_RESETS] = eligible_resets;
        flags[`ST_CONTROL_FLAG_PLASTIC] = plastic;
        flags[`ST_CONTROL_FLAG_MASKED] = masked;
        flags[`ST_CONTROL_FLAG_VALUE] = keeps_values;
        flags[`ST_CONTROL_FLAG_COUNT] = counts;
    end
    assign ctrl = at_q[4:0] == `ST_CONTROL_DROPPED ? dropped : at_q[4:0] == `ST_CONTROL_TICK ? now : at_q[4:0] == `ST_CONTROL_PHASE ? phase : flags;

    // --- the tick -------------------------------------------------------------------------------------------
    logic [2:0] state;
    logic [3:0] key_count;
    logic [SWEEP-1:0] sweep_at;
    logic sweep, begin_scan, scan_done, deliver_done, update_go, update_done, turns_go, turns_done, learns, keeps, wipe, entered;
    assign learns = learn && plastic;
    assign keeps = plastic && (learn || any_measure); // records of spikes; programs have turns
    assign wipe = resets && phase + 32'd1 == period;
    assign sweep = state == CLEAR;
    always_ff @(posedge clk) begin
        if (rst) state <= CLEAR;
        else
            case (state)
                CLEAR: if (sweep_at == '1) state <= IDLE;
                IDLE: if (tick_go) state <= keeps && draws ? KEY : DELIVER;
                KEY: if (key_count == 4'd15) state <= DELIVER;
                DELIVER: if (deliver_done) state <= groups != '0 ? UPDATE : IDLE;
                UPDATE: if (update_done) state <= keeps ? TURNS : IDLE;
                default: if (turns_done) state <= emitted ? SPEAK : IDLE; else if (spoken) state <= IDLE;
            endcase
    end
    always_ff @(posedge clk_update)
        if (rst || state == KEY) key_count <= rst ? 4'd0 : key_count + 4'd1; // wraps to 0
    always_ff @(posedge clk_row) begin
        if (rst || sweep) sweep_at <= rst ? '0 : sweep_at + 1'b1;
        entered <= state == DELIVER && !deliver_done; // the row's clock comes with a delivery's last beat, not behind it
    end
    assign begin_scan = state == DELIVER && !entered;
    assign update_go = deliver_done && groups != '0;
    assign turns_go = update_done && keeps;

    // --- arrivals, wheel, walk ------------------------------------------------------------------------------
    logic axon_valid, axon_ready, set_valid, set_ready, set_graded, arrive_ready, arriving;
    logic [AW-1:0] axon, set_axon;
    logic [SW-1:0] set_delay;
    logic [15:0] set_value;
    logic [31:0] wheel_rdata, walk_rdata, arrive_rdata;
    assign cfg_ready = !cfg_re && !reading && !reply && state == IDLE;
    assign in_ready = kind == `ST_FLIT_SPIKE ? arrive_ready : cfg_ready;
    stoa_arrive #(.AXONS(AXONS), .INPUTS(INPUTS), .SLOTS(SLOTS), .VALUES(VALUES)) arrive (
        .clk(clk_row), .rst, .inputs, .words, .in_valid(in_valid && kind == `ST_FLIT_SPIKE), .in_ready(arrive_ready), .in(in[31:16]),
        .in_value(in[15:0]), .busy(arriving), .bad, .set_valid, .set_axon, .set_delay, .set_graded, .set_value, .set_ready, .cfg_input_we(we_input), .cfg_link_we(we_link),
        .cfg_input_re(re_input), .cfg_link_re(re_link), .cfg_addr(word_at[15:0]), .cfg_wdata(wdata), .cfg_rdata(arrive_rdata),
        .cfg_link(region_q == `ST_REGION_LINK)
    );
    stoa_wheel #(.AXONS(AXONS), .SLOTS(SLOTS)) wheel (
        .clk(clk_row), .rst, .slot(now[SW-1:0]), .words, .sweep, .sweep_addr(sweep_at[MW-1:0]), .begin_scan, .scan_done, .axon_valid,
        .axon, .axon_ready, .set_valid, .set_axon, .set_delay, .set_ready,
        .cfg_we(we_wheel), .cfg_re(re_wheel), .cfg_addr(word_at[MW-1:0]), .cfg_wdata(wdata), .cfg_rdata(wheel_rdata)
    );

    logic walk_valid, walk_first, walk_last, walk_steady, walk_hold, walk_forcing, walk_plastic, walk_sparse;
    logic [AW-1:0] walk_axon;
    logic [1:0] walk_kind;
    logic [3:0] walk_shift;
    logic [LW-1:0] walk_line;
    logic [NW-KW:0] walk_row;
    logic [K-1:0] walk_wrap, walk_active;
    stoa_walk #(.AXONS(AXONS), .NEURONS(NEURONS), .K(K), .LINES(LINES), .RING(RING)) walk (
        .clk(clk_deliver), .clk_row, .rst, .axon_valid, .axon, .axon_ready, .valid(walk_valid), .first(walk_first), .last(walk_last), .steady(walk_steady), .hold(walk_hold),
        .number(walk_axon), .kind(walk_kind), .forcing(walk_forcing), .plastic(walk_plastic), .sparse(walk_sparse), .shift(walk_shift),
        .line(walk_line), .row(walk_row), .wrap(walk_wrap), .active(walk_active),
        .cfg_we(we_axon), .cfg_re(re_axon), .cfg_addr(word_at[AW:0]), .cfg_wdata(wdata), .cfg_rdata(walk_rdata)
    );
    logic walk_graded;
    logic [15:0] value, value_rdata; // that the packet of the axon at its row brought
    assign walk_graded = VALUES != 0 && walk_kind == 2'd3;
    stoa_values #(.AXONS(AXONS), .SLOTS(SLOTS), .VALUES(VALUES)) values (
        .clk(clk_row), .slot(now[SW-1:0]), .set(set_valid && set_ready && set_graded), .set_axon, .set_delay, .set_value,
        .read((beat && walk_first) || pre_read), .axon(walk_axon), .graded(walk_graded), .value,
        .cfg_we(we_value), .cfg_re(re_value), .cfg_addr(word_at[VMW-1:0]), .cfg_wdata(wdata[15:0]), .cfg_rdata(value_rdata)
    );
    logic beat, pre_read, pre_ready, pre_wanted, pre_done, pre_start, engine_busy, engine_done, pipe_empty, pre_trace_1, pre_trace_2, inbox_busy, list_busy;
    assign beat = walk_valid && !walk_hold;
    assign pre_wanted = walk_plastic && learns && !entries_now[8] && !pre_done;
    assign walk_hold = pre_wanted;
    assign pipe_empty = !list_busy && !inbox_busy && !pre_trace_1 && !pre_trace_2;
    assign pre_start = walk_valid && pre_wanted && pre_ready && pipe_empty && !engine_busy;
    assign deliver_done = state == DELIVER && !begin_scan && scan_done && !walk_valid && pipe_empty;
    always_ff @(posedge clk_row)
        if (rst || walk_last) pre_done <= 1'b0;
        else if (engine_done && state == DELIVER) pre_done <= 1'b1;
    always_ff @(posedge clk_row) pre_ready <= pre_read && !pre_start;

    // --- synapses -------------------------------------------------------------------------------------------
    logic bank_read;
    logic [K-1:0] w_write, r_write, q_write, joined_q;
    logic [KX-1:0] engine_turn;
    logic [K*LW-1:0] engine_line;
    logic [K*WB-1:0] engine_w, w_q;
    logic [K*RB-1:0] engine_r, r_q;
    logic [K*QW-1:0] engine_q, q_q;
    logic [K*WHERE-1:0] where_q;
    logic [31:0] synapse_rdata;
    stoa_synapses #(.K(K), .WB(WB), .RB(RB), .QB(QB), .LINES(LINES), .RLINES(RLINES), .MASKS(MASKS),
                    .RING(RING), .WHERE(WHERE), .BURST(BURST)) synapses (
        .clk(clk_shared), .clk_learn, .beat, .fresh(walk_first), .sparse(walk_sparse), .axon(walk_axon[KX-1:0]), .row_line(walk_line), .row_wrap(walk_wrap), .engine_busy,
        .engine_read(bank_read), .engine_turn, .engine_line, .w_write, .r_write, .q_write, .w_d(engine_w), .r_d(engine_r),
        .q_d(engine_q), .masked, .w_q, .where_q, .r_q, .q_q, .joined_q, .cfg_we, .cfg_re, .cfg_region(region), .cfg_addr(at), .cfg_wdata(wdata),
        .cfg_read_region(region_q), .cfg_read_addr(at_q[KX+KW:0]), .cfg_rdata(synapse_rdata)
    );

    // --- inbox ----------------------------------------------------------------------------------------------
    logic take, forced, rewarded;
    logic [NW-1:0] take_n;
    logic [31:0] acc, acc_exc, acc_inh, dopa;
    logic [14:0] shut, open;
    logic issue, to_forcing, to_graded;
    logic [K-1:0] to_active, to_wrap;
    logic [1:0] to_kind;
    logic [3:0] to_shift;
    logic [RW-1:0] to_row;
    logic [K*(TW+RW)-1:0] to_rows;
    logic [15:0] to_value;
    logic [31:0] late_rdata;
    logic [K*WB-1:0] to_w;
    stoa_list #(.NEURONS(NEURONS), .K(K), .WB(WB), .RING(RING), .WHERE(WHERE)) list (
        .clk(clk_deliver), .rst, .slot(now[TS-1:0]), .beat, .sparse(walk_sparse), .active(walk_active), .kind(walk_graded ? 2'd0 : walk_kind), .graded(walk_graded),
        .forcing(walk_forcing),
        .shift(walk_shift), .row(RW'(walk_row)), .wrap(walk_wrap), .w(w_q), .value, .where(where_q), .busy(list_busy), .issue, .to_active,
        .to_kind, .to_graded, .to_forcing, .to_shift, .to_row, .to_wrap, .to_rows, .to_w, .to_value
    );
    stoa_inbox #(.NEURONS(NEURONS), .K(K), .WB(WB), .AB(AB), .CURRENTS(CURRENTS), .RING(RING), .VALUES(VALUES)) inbox (
        .clk(clk_deliver), .clk_take(clk_update), .rst, .sweep, .sweep_row(sweep_at[TW+RW-1:0]), .slot(now[TS-1:0]), .issue, .meets(RING != 0 || walk_first), .active(to_active), .kind(to_kind),
        .graded(to_graded), .forcing(to_forcing), .shift(to_shift), .row(to_row), .wrap(to_wrap), .rows(to_rows), .w(to_w), .value(to_value), .busy(inbox_busy), .take, .take_n, .acc, .acc_exc, .acc_inh, .forced, .shut,
        .open, .dopa, .rewarded, .cfg_we(we_late), .cfg_re(re_late), .cfg_addr(at[TW+NW:0]), .cfg_wdata(wdata), .cfg_before(earlier),
        .cfg_rdata(late_rdata)
    );

    // --- update ---------------------------------------------------------------------------------------------
    logic sip_start, fire, fire_forced, given, record_read, record_write;
    logic [31:0] sip_what, sip_what_q, fire_dopa, given_dopa, record_q, record_d, state_rdata, peak_rdata, theta_rdata, current_rdata, column_rdata, ret_u, record_rdata;
    logic [NW-1:0] fire_n, fire_member, fire_column, given_n, ret_n, ret_peak_of;
    logic [GW-1:0] fire_group;
    logic [15:0] fire_e;
    logic [NW+2:0] record_addr;
    logic [23:0] excess;
    logic learns_n;
    logic [RULES-1:0] excess_1, excess_read;
    logic [RULES*24-1:0] gives; // each rule to the excess
    logic [RULES*32-1:0] records_q;
    logic [23+XW:0] excess_sum;
    logic [CW-1:0] ret_col;
    assign learns_n = plastic && take_n >= lo && {1'b0, take_n} < hi;
    always_ff @(posedge clk_update) excess_1 <= excess_read;
    always_comb begin
        excess_sum = '0;
        for (int r = 0; r < RULES; r++) excess_sum = excess_sum + (24 + XW)'(gives[24*r+:24]);
    end
    assign excess = RULES > 1 && excess_sum[23+XW:24] != '0 ? 24'hffffff : excess_sum[23:0];
    stoa_sip sip (
        .clk(clk_update), .rst, .start(sip_start || (state == KEY && key_count == 4'd0)), .seed,
        .what(state == KEY ? {stream, 8'd2} : sip_what_q), .tick(now), .key(sip_key)
    );
    always_ff @(posedge clk_update)
        if (sip_start) sip_what_q <= sip_what;
    stoa_update #(.NEURONS(NEURONS), .GROUPS(GROUPS), .COLUMNS(COLUMNS), .UB(UB), .RECRUITS(RECRUITS), .ADAPTS(ADAPTS),
                  .CURRENTS(CURRENTS)) update (
        .clk(clk_update), .rst, .go(update_go), .done(update_done), .groups, .wipe, .now(now[14:0]), .sip_start, .sip_what, .sip_key, .take, .take_n, .acc,
        .acc_exc, .acc_inh, .forced, .shut, .open, .dopa, .rewarded, .excess, .fire, .fire_n, .fire_group, .fire_member, .fire_column, .fire_e,
        .fire_forced, .fire_dopa, .given, .given_n, .given_dopa, .cfg_group_we(we_group), .cfg_more_we(we_more), .cfg_theta_we(we_theta),
        .cfg_current_we(we_current), .cfg_state_we(we_state),
        .cfg_peak_we(we_peak), .cfg_column_we(we_column), .cfg_size_we(we_size), .cfg_re(re_state), .cfg_addr(word_at[NW+4:0]), .cfg_wdata(wdata), .cfg_before(earlier),
        .cfg_state(state_rdata), .cfg_peak(peak_rdata), .cfg_theta(theta_rdata), .cfg_current(current_rdata), .cfg_column(column_rdata), .ret_valid(ret_state), .ret_n, .ret_u,
        .ret_gate(ret_state_gate), .ret_peak_valid(ret_peak), .ret_peak_n(ret_peak_of), .ret_peak(ret_peak_u), .ret_theta_valid(ret_theta), .ret_theta(ret_theta_d),
        .ret_current_valid(ret_current), .ret_current(ret_current_d),
        .ret_column_valid(ret_column), .ret_column(ret_col), .ret_record(ret_column_d)
    );
    generate
        for (genvar r = 0; r < RULES; r++) begin : g_records
            logic we_here, re_here, mine;
            logic [31:0] q;
            assign we_here = we_record && (RULES == 1 || at[23:20] == 4'(r));
            assign re_here = re_record && (RULES == 1 || at[23:20] == 4'(r));
            assign mine = RULES == 1 || rule == XW'(r);
            assign excess_read[r] = take && learns_n && excess_of[4*r+3];
            stoa_ram1 #(.WIDTH(32), .DEPTH(8 << NW)) records (
                .clk(clk_learn), .ce((mine && (record_read || record_write)) || excess_read[r] || we_here || re_here),
                .we((mine && record_write) || we_here),
                .addr(we_here || re_here ? at[NW+2:0] : excess_read[r] ? {take_n, excess_of[4*r+:3]} : record_addr),
                .d(we_here ? wdata : record_d), .q
            );
            assign records_q[32*r+:32] = q;
            assign gives[24*r+:24] = !excess_1[r] || q[31] ? 24'd0 : q[30:24] != 7'd0 ? 24'hffffff : q[23:0];
        end
    endgenerate
    assign record_q = records_q[rule*32+:32];
    assign record_rdata = records_q[(RULES > 1 ? 32'(at_q[23:20]) : 0)*32+:32];

    // --- emit -----------------------------------------------------------------------------------------------
    logic emit_busy, emit_valid, emitted, speaking, spoken, lane_valid, lane_ready, lanes_heard;
    logic [K-1:0] emits;
    logic [K*16-1:0] emits_a;
    logic [K*EMR-1:0] emits_row;
    logic [AW-1:0] lane;
    logic [GW-1:0] lane_group;
    logic [15:0] block, index, graded, lane_value;
    generate
        if (EMITS != 0) begin : g_emits
            always_ff @(posedge clk_still)
                if (rst) lanes_heard <= 1'b0;
                else if (cfg_we && region == `ST_REGION_CTRL && at[4:0] == `ST_CONTROL_EMITTER) {lanes_heard, lane_group} <= {wdata[31], wdata[GW-1:0]};
        end else begin : g_no_emits
            assign lanes_heard = 1'b0;
            assign lane_group = '0;
        end
    endgenerate
    stoa_emitted #(.AXONS(AXONS), .NEURONS(NEURONS), .K(K), .EMITS(EMITS)) sums (
        .clk(clk_learn), .rst, .sweep, .sweep_row(EMR'(sweep_at)), .emits(emits & {K{lanes_heard}}), .a(emits_a), .rows(emits_row),
        .go(turns_done), .axons, .any(emitted), .speaking, .done(spoken), .valid(lane_valid), .ready(lane_ready), .lane, .value(lane_value)
    );
    stoa_emit #(.NEURONS(NEURONS), .GROUPS(GROUPS), .BLOCKS(BLOCKS), .AXONS(AXONS), .EMITS(EMITS)) emit (
        .clk(clk_update), .rst, .push(fire), .group(fire_group), .member(fire_member), .column(fire_column), .e(fire_e),
        .lane_valid, .lane_ready, .lane, .lane_value, .lane_group, .busy(emit_busy),
        .valid(emit_valid), .ready(out_ready && !reply), .block, .index, .graded, .cfg_group_we(we_emit),
        .cfg_block_we(we_block), .cfg_addr(word_at[BW+GW:0]), .cfg_wdata(wdata), .cfg_before(earlier)
    );
    assign out_valid = reply || emit_valid;
    assign out = reply ? {`ST_FLIT_REPLY, here, 4'd0, reply_data} : {`ST_FLIT_SPIKE, block, index, graded};
    assign quiet = state == IDLE && !arriving && !emit_busy && !cfg_we && !cfg_re && !reading && !reply;

    // --- learning -------------------------------------------------------------------------------------------
    logic turn_start, turn_reward, post_trace_1, post_trace_2, start, on_pre_trace, prog_read, is_scalar, pre_trace_read, ask_record;
    logic [NW-1:0] turn_n;
    logic [31:0] turn_forced, turn_dopa, prog_q, tab_scalar, pre_trace_rdata, post_trace_rdata, table_rdata;
    logic [7:0] prog_addr, entry;
    logic [EW-1:0] entries_now;
    logic turn_measure, any_measure;
    logic [XW-1:0] rule, turn_rule;
    logic rule_last, any_reward, all_rewarded;
    logic [AW:0] rule_first, rule_beyond;
    logic [LW-1:0] rule_line;
    logic [RULES*4-1:0] excess_of;
    logic [19:0] trace_1, trace_2; // of the record unit's stages: {rewards all, decays, table, step}
    logic [K*PF-1:0] post_rows;
    logic [PW:0] post_cfg;
    logic [PW-1:0] post_one;
    logic [PORTS-1:0] tab_ask;
    logic [1:0] tab_which, mark_rdata;
    logic [PORTS*16-1:0] tab_a, tab_q;
    logic [K*FW-1:0] pre_trace_rows;
    logic [K*48-1:0] pre_trace_line, post_trace_line, ends_line;
    logic [47:0] pre_trace_one, post_trace_one, updated;
    logic [15:0] gap, ask_a, turn_value;
    logic [1:0] kept, kept_1; // by the records of the rule at work, of the trace in stage 1
    logic [AW-1:0] far_axon_1, far_axon_2;
    logic fired_here, given_here, post_trace_read, engine_pre;
    logic [K-1:0] line_active;

    assign fired_here = fire && keeps && fire_n >= lo && {1'b0, fire_n} < hi;
    assign given_here = given && keeps && given_n >= lo && {1'b0, given_n} < hi;
    stoa_rules #(.AXONS(AXONS), .LINES(LINES), .RULES(RULES), .MEASURES(MEASURES), .VALUES(VALUES)) rules (
        .clk(clk_still), .clk_axons(clk_row), .entries0(entries), .excess0(excess_at), .trace0({reward_all, trace, decay_table, trace_step}),
        .keeps0({counts, keeps_values}), .axons, .by_axon(engine_pre), .axon(walk_axon), .heard(on_pre_trace), .turn(turn_rule), .rule, .last(rule_last), .entries(entries_now),
        .reward_all(all_rewarded), .on_reward(any_reward), .on_measure(any_measure), .first(rule_first), .beyond(rule_beyond), .line(rule_line), .excess(excess_of),
        .trace1(trace_1), .trace2(trace_2), .keeps(kept), .keeps1(kept_1), .cfg_we(we_rule), .cfg_addr(at), .cfg_wdata(wdata)
    );
    stoa_turns #(.NEURONS(NEURONS), .RULES(RULES), .MEASURES(MEASURES), .VALUES(VALUES)) turns (
        .clk(clk_learn), .rst, .fire(fired_here), .fire_n, .fire_forced, .fire_dopa, .fire_value(fire_e), .given(given_here), .given_n, .given_dopa,
        .go(turns_go), .done(turns_done), .rule(turn_rule), .last(rule_last), .on_spike(!entries_now[17]),
        .on_reward(!entries_now[26]), .on_measure(MEASURES != 0 && !entries_now[EW-1]), .any_reward, .any_measure, .learn, .reward_all(all_rewarded),
        .sweep(wipe && eligible_resets), .lo, .hi, .now, .start(turn_start), .reward(turn_reward), .measure(turn_measure), .neuron(turn_n),
        .forced(turn_forced), .dopa(turn_dopa), .value(turn_value), .engine_done, .post_trace_read, .record_valid(post_trace_1), .post_trace_write(post_trace_2),
        .post_last(post_trace_one[31:0]), .cfg_we(we_mark), .cfg_re(re_mark), .cfg_addr(word_at[NW-1:0]), .cfg_wdata(wdata[1:0]),
        .cfg_rdata(mark_rdata)
    );
    assign engine_pre = state == DELIVER;
    assign start = pre_start || turn_start;
    assign entry = engine_pre ? entries_now[7:0] : turn_measure ? entries_now[EW-2-:8] : turn_reward ? entries_now[25:18] : entries_now[16:9];

    // presynaptic traces of plastic axons move on with their first beat; postsynaptic traces by turns
    assign on_pre_trace = beat && walk_first && walk_plastic && keeps;
    assign pre_read = walk_valid && pre_wanted && !engine_busy; // the gap that a pre program sees
    always_ff @(posedge clk_row) begin
        pre_trace_1 <= on_pre_trace && !rst;
        pre_trace_2 <= pre_trace_1 && !rst;
        if (on_pre_trace) far_axon_1 <= walk_axon;
        if (pre_trace_1) far_axon_2 <= far_axon_1;
    end
    stoa_traces #(.MEMBERS(AXONS), .K(K), .FW(FW)) pre_traces (
        .clk(clk_row), .one_read(on_pre_trace || pre_read), .one(walk_axon), .one_q(pre_trace_one), .line_read(pre_trace_read && !engine_pre),
        .line_rows(pre_trace_rows), .line_q(pre_trace_line), .write(pre_trace_2), .write_member(far_axon_2), .d(updated), .cfg_we(we_pre_trace),
        .cfg_re(re_pre_trace), .cfg_addr(word_at[AW:0]), .cfg_wdata(wdata), .cfg_before(earlier), .cfg_rdata(pre_trace_rdata)
    );
    generate
        if (RULES > 1) begin : g_posts
            for (genvar l = 0; l < K; l++) begin : g_lane
                assign post_rows[l*PF+:PF] = PF'(pre_trace_rows[l*FW+:FW]) + (PF'(rule) << (NW - KW));
            end
            assign post_one = {turn_rule, turn_n};
            assign post_cfg = {word_at[20+:XW], word_at[NW:0]};
        end else begin : g_post
            for (genvar l = 0; l < K; l++) begin : g_lane
                assign post_rows[l*PF+:PF] = PF'(pre_trace_rows[l*FW+:FW]);
            end
            assign post_one = turn_n;
            assign post_cfg = word_at[NW:0];
        end
    endgenerate
    stoa_traces #(.MEMBERS(POSTS), .K(K), .FW(PF)) post_traces (
        .clk(clk_learn), .one_read(post_trace_read), .one(post_one), .one_q(post_trace_one), .line_read(pre_trace_read && engine_pre), .line_rows(post_rows),
        .line_q(post_trace_line), .write(post_trace_2), .write_member(post_one), .d(updated), .cfg_we(we_post_trace), .cfg_re(re_post_trace),
        .cfg_addr(post_cfg), .cfg_wdata(wdata), .cfg_before(earlier), .cfg_rdata(post_trace_rdata)
    );
    assign ends_line = engine_pre ? post_trace_line : pre_trace_line;
    stoa_record #(.VALUES(VALUES)) record_unit (
        .clk(clk_row), .now, .trace(trace_1[18]), .keeps(kept_1), .value(engine_pre ? value : turn_value),
        .phase(phase[14:0]), .valid(pre_trace_1 || post_trace_1), .record(engine_pre ? pre_trace_one : post_trace_one), .gap,
        .ask(ask_record), .ask_a, .trace2(trace_2[18]), .step(trace_2[15:0]), .decay(tab_q[15:0]), .updated
    );

    stoa_learn #(.AXONS(AXONS), .NEURONS(NEURONS), .K(K), .WB(WB), .RB(RB), .QB(QB), .LINES(LINES), .SHARED(SHARED),
                 .DRAWS(DRAWS), .MASKS(MASKS), .RULES(RULES), .VALUES(VALUES), .EMITS(EMITS)) engine (
        .clk(clk_learn), .rst, .start, .pre(engine_pre), .entry, .neuron(turn_n), .axon(walk_axon), .t0({16'd0, gap}),
        .t1(engine_pre ? 32'd0 : turn_forced), .t2(engine_pre ? 32'($signed(value)) : turn_dopa), .t3(phase), .busy(engine_busy),
        .done(engine_done), .lo, .hi, .first(rule_first), .axons(rule_beyond), .first_line(rule_line), .stride, .base(walk_line), .line_zero, .key(learn_key), .now, .bank_read,
        .w_write, .r_write, .q_write, .turn(engine_turn), .lane_line(engine_line), .w_d(engine_w), .r_d(engine_r),
        .q_d(engine_q), .w_q, .r_q, .q_q, .joined_q, .pre_trace_read, .pre_trace_row(pre_trace_rows), .pre_trace_q(ends_line), .counts(kept[1]), .emits, .emits_a, .emits_row, .rec_read(record_read),
        .rec_write(record_write), .rec_addr(record_addr), .rec_d(record_d), .rec_q(record_q), .prog_read, .prog_addr, .prog_q,
        .tab_ask, .tab_which, .tab_is_scalar(is_scalar), .tab_scalar, .tab_a, .tab_q, .ret_active(line_active),
        .ret_words(ret_line_d)
    );
    stoa_ram1 #(.WIDTH(32), .DEPTH(256)) program_words (
        .clk(clk_learn), .ce(prog_read || we_prog || re_prog), .we(we_prog), .addr(we_prog || re_prog ? at[7:0] : prog_addr), .d(wdata),
        .q(prog_q)
    );
    logic [PORTS*16-1:0] table_a;
    generate
        if (PORTS > 1) begin : g_ports
            assign table_a = {tab_a[PORTS*16-1:16], ask_record ? ask_a : tab_a[15:0]};
        end else begin : g_port
            assign table_a = ask_record ? ask_a : tab_a[15:0];
        end
    endgenerate
    stoa_table #(.PORTS(PORTS)) tables (
        .clk(clk_learn), .rst, .ask(ask_record ? PORTS'(1) : tab_ask), .which(tab_which), .first_which(ask_record ? trace_1[17:16] : tab_which),
        .scalar(tab_scalar),
        .is_scalar(is_scalar && !ask_record), .a(table_a), .q(tab_q), .cfg_we(we_table), .cfg_re(re_table), .cfg_addr(word_at[10:0]),
        .cfg_wdata(wdata), .cfg_rdata(table_rdata)
    );

    // --- read-back ------------------------------------------------------------------------------------------
    always_comb
        case (region_q)
            `ST_REGION_CTRL: rdata = ctrl;
            `ST_REGION_AXON: rdata = walk_rdata;
            `ST_REGION_PROGRAM: rdata = prog_q;
            `ST_REGION_TABLE: rdata = table_rdata;
            `ST_REGION_W, `ST_REGION_R, `ST_REGION_Q, `ST_REGION_JOIN: rdata = synapse_rdata;
            `ST_REGION_STATE: rdata = state_rdata;
            `ST_REGION_PEAK: rdata = peak_rdata;
            `ST_REGION_THETA: rdata = theta_rdata;
            `ST_REGION_CURRENT: rdata = current_rdata;
            `ST_REGION_COLUMN: rdata = column_rdata;
            `ST_REGION_LATE: rdata = late_rdata;
            `ST_REGION_RECORD: rdata = record_rdata;
            `ST_REGION_PRE: rdata = pre_trace_rdata;
            `ST_REGION_POST: rdata = post_trace_rdata;
            `ST_REGION_MARK: rdata = {30'd0, mark_rdata};
            `ST_REGION_WHEEL: rdata = wheel_rdata;
            `ST_REGION_VALUE: rdata = {16'd0, value_rdata};
            `ST_REGION_INPUT, `ST_REGION_LINK: rdata = arrive_rdata;
            `ST_REGION_ROUTE: rdata = route_rdata;
            default: rdata = 32'd0;
        endcase

    // --- what was written -----------------------------------------------------------------------------------
    logic ret_take;
    logic [NW-1:0] ret_take_n;
    always_ff @(posedge clk_update) begin
        ret_take <= take;
        if (take) ret_take_n <= take_n;
    end
    assign ret_event = walk_last;
    assign ret_event_axon = 16'(walk_axon);
    assign ret_in = ret_take;
    assign ret_in_n = 16'(ret_take_n);
    assign ret_in_acc = acc;
    assign ret_in_gate = {forced, shut, rewarded, open};
    assign ret_in_dopa = dopa;
    assign ret_state_n = 16'(ret_n);
    assign ret_state_u = ret_u;
    assign ret_peak_n = 16'(ret_peak_of);
    assign ret_theta_n = 16'(ret_n);
    assign ret_current_n = 16'(ret_peak_of);
    assign ret_column_n = 16'(ret_col);
    assign ret_spike = fire;
    assign ret_spike_ne = {16'(fire_n), fire_e};
    assign ret_pre = pre_trace_2;
    assign ret_pre_a = 16'(far_axon_2);
    assign ret_pre_x = updated[47:32];
    assign ret_post = post_trace_2;
    assign ret_post_n = 16'(turn_n);
    assign ret_post_x = updated[47:32];
    assign ret_line = line_active;
    assign ret_record = record_write;
    assign ret_record_at = 16'(record_addr);
    assign ret_record_d = record_d;
    assign ret_program = engine_done;
    assign ret_program_owner = engine_pre ? 16'(walk_axon) : 16'(turn_n);

    // --- clocks: each part's comes only while the part has something to do --------------------------------------
    logic configuring, coming, delivering, row_rests, updating, learning;
    assign configuring = cfg_we || cfg_re || rst;
    assign coming = sweep || (in_valid && kind == `ST_FLIT_SPIKE) || arriving || configuring;
    assign delivering = state == DELIVER || coming;
    assign row_rests = walk_steady && axon_valid && !pre_trace_1 && !pre_trace_2; // in most beats of a row
    assign updating = state == UPDATE || update_go || state == KEY || emit_busy || lane_valid || configuring;
    assign learning = engine_busy || start || state == TURNS || speaking || configuring;
    stoa_gate #(.GATED(GATED)) gate_still (
        .clk, .en((in_valid && kind != `ST_FLIT_SPIKE) || reading || reply || tick_go || configuring || drops != 4'd0 || bad != 2'd0), .gclk(clk_still));
    stoa_gate #(.GATED(GATED)) gate_deliver (.clk, .en(delivering || updating), .gclk(clk_deliver));
    stoa_gate #(.GATED(GATED)) gate_row (.clk, .en(coming || (state == DELIVER && !row_rests) || learning), .gclk(clk_row));
    stoa_gate #(.GATED(GATED)) gate_update (.clk, .en(updating), .gclk(clk_update));
    stoa_gate #(.GATED(GATED)) gate_learn (.clk, .en(learning || updating || pre_trace_1 || (EMITS != 0 && sweep)), .gclk(clk_learn));
    stoa_gate #(.GATED(GATED)) gate_shared (.clk, .en(delivering || learning), .gclk(clk_shared));
endmodule
`default_nettype wire
