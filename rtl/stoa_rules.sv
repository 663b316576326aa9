// stoa_rules - the rules of a core: which of them is at work, and its words.
//
//     axons    0 ......... FIRST 1 ........ FIRST 2 .... axons      an axon learns by the last rule that begins at or before it
//              rule 0      rule 1           rule 2
//
// The words of rule 0 are control words, so that a core of one rule is wires. At work is, while axons are delivered, the rule of the
// axon at its row; in turns the rule whose turn it is. A rule that is not there begins behind all axons, without programs or excess. A presynaptic trace moves on one and two cycles later: its rule comes along.
`include "stoa_tables.vh"
`default_nettype none
module stoa_rules #(
    parameter int AXONS = 1024,
    parameter int LINES = 65536,
    parameter int RULES = 1,
    parameter int MEASURES = 0,
    parameter int VALUES = 0,
    parameter int EW = MEASURES != 0 ? 36 : 27, // words of programs by trigger, 9 bits each
    parameter int AW = $clog2(AXONS),
    parameter int LW = $clog2(LINES),
    parameter int XW = RULES > 1 ? $clog2(RULES) : 1
) (
    input wire clk,               // of configuration
    input wire clk_axons,
    // rule 0
    input wire [EW-1:0] entries0,
    input wire [3:0] excess0,
    input wire [19:0] trace0,     // {rewards all, decays, decay table, step}
    input wire [1:0] keeps0,      // what its records keep in place of spikes: {count, value}
    input wire [AW:0] axons,      // of all rules
    // who is at work
    input wire by_axon,
    input wire [AW-1:0] axon,
    input wire heard,             // its presynaptic trace is read
    input wire [XW-1:0] turn,
    output logic [XW-1:0] rule,
    output logic last,            // no rule has its turn behind this one
    output logic [EW-1:0] entries,
    output logic reward_all,
    output logic on_reward,       // some rule has such a program
    output logic on_measure,
    output logic [AW:0] first,    // its axons
    output logic [AW:0] beyond,
    output logic [LW-1:0] line,
    output logic [RULES*4-1:0] excess, // of each rule
    // of the trace in stage 1 of the record unit, and of that in stage 2
    output logic [19:0] trace1,
    output logic [19:0] trace2,
    output logic [1:0] keeps,     // of the rule at work
    output logic [1:0] keeps1,    // of the trace in stage 1
    // configuration: words 8r + k
    input wire cfg_we,
    input wire [23:0] cfg_addr,
    input wire [31:0] cfg_wdata
);
    generate
        if (RULES > 1) begin : g_rules
            logic [RULES*EW-1:0] all_entries;
            logic [RULES*20-1:0] all_traces;
            logic [RULES*LW-1:0] all_lines;
            logic [(RULES+1)*(AW+1)-1:0] firsts;
            logic [RULES:0] later;                 // rule k begins at or before the axon
            logic [RULES:0] there;                 // rule k has axons
            logic [RULES-1:0] rewards, measures;
            logic [XW-1:0] of_axon, rule1, rule2, heard1, heard2;
            assign all_entries[EW-1:0] = entries0;
            assign all_traces[19:0] = trace0;
            assign all_lines[LW-1:0] = '0;
            assign excess[3:0] = excess0;
            assign firsts[AW:0] = '0;
            assign firsts[RULES*(AW+1)+:AW+1] = axons;
            for (genvar k = 1; k < RULES; k++) begin : g_words
                logic mine;
                logic [AW:0] first_k;
                logic [LW-1:0] line_k;
                logic [EW-1:0] entries_k;
                logic [3:0] excess_k;
                logic [19:0] trace_k;
                assign mine = cfg_we && cfg_addr[23:3] == 21'(k);
                always_ff @(posedge clk) begin
                    if (mine && cfg_addr[2:0] == `ST_RULE_FIRST) first_k <= cfg_wdata[AW:0];
                    if (mine && cfg_addr[2:0] == `ST_RULE_LINE) line_k <= cfg_wdata[LW-1:0];
                    if (mine && cfg_addr[2:0] == `ST_RULE_ENTRIES) entries_k[26:0] <= cfg_wdata[26:0];
                    if (MEASURES != 0 && mine && cfg_addr[2:0] == `ST_RULE_MEASURE) entries_k[EW-1-:9] <= cfg_wdata[8:0];
                    if (mine && cfg_addr[2:0] == `ST_RULE_EXCESS) excess_k <= cfg_wdata[3:0];
                    if (mine && cfg_addr[2:0] == `ST_RULE_TRACE) trace_k <= cfg_wdata[19:0];
                end
                assign firsts[k*(AW+1)+:AW+1] = first_k;
                assign all_lines[k*LW+:LW] = line_k;
                assign all_entries[k*EW+:EW] = entries_k;
                assign all_traces[k*20+:20] = trace_k;
                assign excess[4*k+:4] = excess_k;
            end
            for (genvar k = 0; k <= RULES; k++) begin : g_there
                assign there[k] = firsts[k*(AW+1)+:AW+1] < axons;
                assign later[k] = firsts[k*(AW+1)+:AW+1] <= {1'b0, axon};
                if (k < RULES) begin : g_has
                    assign rewards[k] = !all_entries[EW*k+26];
                    assign measures[k] = MEASURES != 0 && !all_entries[EW*k+EW-1];
                end
            end
            always_comb begin
                of_axon = '0;
                for (int k = 1; k < RULES; k++)
                    if (later[k]) of_axon = XW'(k);
            end
            assign rule = by_axon ? of_axon : turn;
            assign last = !there[32'(rule)+1];
            assign entries = all_entries[rule*EW+:EW];
            assign reward_all = all_traces[rule*20+19];
            assign on_reward = rewards != '0;
            assign on_measure = measures != '0;
            assign first = firsts[rule*(AW+1)+:AW+1];
            assign beyond = firsts[(32'(rule)+1)*(AW+1)+:AW+1];
            assign line = all_lines[rule*LW+:LW];
            always_ff @(posedge clk_axons) begin
                if (heard) heard1 <= of_axon;
                heard2 <= heard1;
            end
            assign rule1 = by_axon ? heard1 : turn;
            assign rule2 = by_axon ? heard2 : turn;
            assign trace1 = all_traces[rule1*20+:20];
            assign trace2 = all_traces[rule2*20+:20];
            if (VALUES != 0) begin : g_values
                logic [RULES*2-1:0] all_keeps;
                assign all_keeps[1:0] = keeps0;
                for (genvar k = 1; k < RULES; k++) begin : g_keeps
                    logic [1:0] keeps_k;
                    always_ff @(posedge clk)
                        if (cfg_we && cfg_addr[23:3] == 21'(k) && cfg_addr[2:0] == `ST_RULE_TRACE) keeps_k <= cfg_wdata[21:20];
                    assign all_keeps[2*k+:2] = keeps_k;
                end
                assign keeps = all_keeps[rule*2+:2];
                assign keeps1 = all_keeps[rule1*2+:2];
            end else begin : g_no_values
                assign keeps = keeps0;
                assign keeps1 = keeps0;
            end
        end else begin : g_rule
            logic unused;
            assign unused = &{1'b0, clk, clk_axons, by_axon, axon, heard, turn, cfg_we, cfg_addr, cfg_wdata};
            assign rule = '0;
            assign last = 1'b1;
            assign entries = entries0;
            assign reward_all = trace0[19];
            assign on_reward = !entries0[26];
            assign on_measure = MEASURES != 0 && !entries0[EW-1];
            assign first = '0;
            assign beyond = axons;
            assign line = '0;
            assign excess = excess0;
            assign trace1 = trace0;
            assign trace2 = trace0;
            assign keeps = keeps0;
            assign keeps1 = keeps0;
        end
    endgenerate
endmodule
`default_nettype wire
