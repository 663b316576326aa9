// stoa_walk - the axon table, and the walk over an axon's row: K neurons a cycle, no cycle lost between axons.
//
//     axon ──table──> entry {kind, shift, lo, hi, base} ──beat 0, 1, ..──> line of each synapse bank, address of each lane
//
// Lane l serves the neurons n with n mod K = l. A row from lo to hi takes ceil((hi - lo) / K) beats, at least one, wherever
// it begins: in the lanes below lo mod K the walk is one line ahead (`wrap`).
// The synapse of axon a and neuron n is in bank (a + n) mod K, line base + n / K - lo / K. A sparse row (RING > 0) is written as one
// from 0 to K times its beats: the entry of lane l in beat b is in bank (a + l) mod K, line base + b of entries (stoa_weights).
`default_nettype none
module stoa_walk #(
    parameter int AXONS = 1024,
    parameter int NEURONS = 256,
    parameter int K = 4,
    parameter int LINES = 65536,
    parameter int RING = 0,
    parameter int KX = K > 1 ? $clog2(K) : 1,
    parameter int KW = $clog2(K),
    parameter int AW = $clog2(AXONS),
    parameter int NW = $clog2(NEURONS),
    parameter int LW = $clog2(LINES)
) (
    input wire clk,
    input wire clk_row,             // may stand while a row is `steady`
    input wire rst,
    // from the scanner
    input wire axon_valid,
    input wire [AW-1:0] axon,
    output logic axon_ready,
    // the entry under way
    output logic valid,
    output logic first,             // its first cycle
    output logic last,              // its last beat
    output logic steady,            // a beat between both: only the beat's number changes
    input wire hold,               // stay in front of the first beat
    output logic [AW-1:0] number,
    output logic [1:0] kind,
    output logic forcing,
    output logic plastic,
    output logic sparse,
    output logic [3:0] shift,
    output logic [LW-1:0] line,     // of lanes that do not wrap; others are one ahead
    output logic [NW-KW:0] row,     // n / K of lanes that do not wrap
    output logic [K-1:0] wrap,
    output logic [K-1:0] active,
    // configuration: entry e is words 2e {hi 16, sparse, lo 15} and 2e + 1 {plastic, forcing, kind, shift, base}
    input wire cfg_we,
    input wire cfg_re,
    input wire [AW:0] cfg_addr,
    input wire [31:0] cfg_wdata,
    output logic [31:0] cfg_rdata
);
    localparam int SPAN = 2 * NW + 1 + (RING != 0 ? 1 : 0);
    logic take, started, re;
    logic [AW-1:0] addr;
    logic [SPAN-1:0] span, span_d;
    logic [LW+7:0] what;
    logic [NW-1:0] lo;
    logic [NW:0] hi, size, left;
    logic whole; // a beat of which all lanes are neurons of the row
    localparam int LOW = NW - KW < 2 ? NW - KW + 1 : 2; // bits of a beat's number that have a clock in each beat
    logic [NW-KW:0] count, number_of_beat, next_beat; // the one counter: all else is the entry and a sum

    assign whole = left > (NW + 1)'(K);
    assign last = valid && !hold && !whole;
    assign axon_ready = !valid || last;
    assign take = axon_valid && axon_ready;
    assign re = take || cfg_re;
    assign addr = take ? axon : cfg_addr[AW:1];

    stoa_ram1 #(.WIDTH(SPAN), .DEPTH(AXONS)) spans (
        .clk(clk_row), .ce(re || (cfg_we && !cfg_addr[0])), .we(cfg_we), .addr,
        .d(span_d), .q(span)
    );
    stoa_ram1 #(.WIDTH(LW + 8), .DEPTH(AXONS)) whats (
        .clk(clk_row), .ce(re || (cfg_we && cfg_addr[0])), .we(cfg_we), .addr, .d({cfg_wdata[31:24], cfg_wdata[LW-1:0]}), .q(what)
    );
    assign lo = span[NW-1:0];
    assign hi = span[2*NW:NW];
    generate
        if (RING != 0) begin : g_lists
            assign span_d = {cfg_wdata[15], cfg_wdata[NW+16:16], cfg_wdata[NW-1:0]};
            assign sparse = span[SPAN-1];
        end else begin : g_dense
            assign span_d = {cfg_wdata[NW+16:16], cfg_wdata[NW-1:0]};
            assign sparse = 1'b0;
        end
    endgenerate
    assign {plastic, forcing, kind, shift} = what[LW+7:LW];
    assign cfg_rdata = cfg_addr[0] ? {what[LW+7:LW], 24'(what[LW-1:0])} : {16'(hi), sparse, 15'(lo)};

    assign first = valid && !started;
    assign steady = valid && started && !hold && whole;
    assign number_of_beat = started ? count : '0;
    assign next_beat = number_of_beat + 1'b1;
    assign size = hi - {1'b0, lo};
    assign left = size - ((NW + 1)'(number_of_beat) << KW);
    assign line = what[LW-1:0] + LW'(number_of_beat);
    assign row = (NW - KW + 1)'(lo[NW-1:KW]) + number_of_beat;
    generate
        for (genvar l = 0; l < K; l++) begin : g_lane
            logic [KX-1:0] place; // of the lane in a beat
            assign wrap[l] = KX'(l) < (lo[KX-1:0] & KX'(K - 1));
            assign place = (KX'(l) - lo[KX-1:0]) & KX'(K - 1);
            assign active[l] = whole || left > (NW + 1)'(place);
        end
    endgenerate

    always_ff @(posedge clk_row) begin
        if (rst) valid <= 1'b0;
        else if (take) valid <= 1'b1;
        else if (last) valid <= 1'b0;
        if (take) number <= axon;
        if (rst || take) started <= 1'b0;
        else if (valid && !hold) started <= 1'b1;
    end
    always_ff @(posedge clk)
        if (valid && !hold) count[LOW-1:0] <= next_beat[LOW-1:0];
    generate
        if (NW - KW + 1 > LOW) begin : g_high
            always_ff @(posedge clk)
                if (valid && !hold && (!started || next_beat[LOW-1:0] == '0)) count[NW-KW:LOW] <= next_beat[NW-KW:LOW];
        end
    endgenerate
endmodule
`default_nettype wire
