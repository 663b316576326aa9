// f_banks - rows and columns see one matrix: the skew is a bijection, and K words a cycle meet K banks.
//
// Any synapse (axon, neuron) is followed. From any state: 1 write it through its row or its column, or read it: its
// value is known; 2 anything that does not write it, among it every other word of the matrix; 3 read it, by row or by
// column. That is the whole argument for all time. A conflict would lose a word of a beat, and that word could be the
// followed one. With BURST lines in a word of a bank 2 is the beats of a row before it, too: who is not fresh goes on where the
// cycle before was.
module f_banks #(
    parameter int K = 4,
    parameter int NEURONS = 8,
    parameter int AXONS = 8,
    parameter int WIDTH = 2,
    parameter int SPAN = NEURONS / K,     // lines of a row
    parameter int LINES = SPAN * AXONS,
    parameter int BURST = 1,
    parameter int LAST = BURST + 1,       // beats until it is read
    parameter int KX = K > 1 ? $clog2(K) : 1,
    parameter int LW = $clog2(LINES)
) (
    input logic clk,
    input logic by_row,            // this cycle's access: K words of the row of an axon, or of the column of a neuron
    input logic write,
    input logic fresh,
    input logic [4:0] across,      // the axon, or the neuron
    input logic [4:0] beat,
    input logic [K-1:0] mask,
    input logic ahead,             // the first half of a row's lanes is one line ahead
    input logic [K*WIDTH-1:0] d
);
    (* anyconst *) logic [4:0] axon, neuron;
    logic [2:0] t;
    logic [K*LW-1:0] lane_line;
    logic [K*WIDTH-1:0] q;
    logic [WIDTH-1:0] known;
    logic here, mine_1, wrote, mine_ahead, row_1, ahead_1;
    logic [4:0] across_1, beat_1;
    logic [K-1:0] wrap;
    logic [KX-1:0] lane, lane_1;
    initial {t, row_1} = '0;
    generate
        for (genvar l = 0; l < K; l++) begin : g_lane
            assign wrap[l] = ahead && l < K / 2;
            assign lane_line[l*LW+:LW] = LW'((beat * K + l) * SPAN + across / K);
        end
    endgenerate
    stoa_banks #(.K(K), .WIDTH(WIDTH), .LINES(LINES), .BURST(BURST)) dut (
        .clk, .read(!write), .write(write ? mask : K'(0)), .turn(KX'(across % K)), .lane_line, .by_row, .fresh,
        .row_line(LW'(across * SPAN + beat)), .row_wrap(wrap), .d, .q);

    assign lane = by_row ? KX'(neuron % K) : KX'(axon % K);
    assign mine_ahead = ahead && lane < K / 2;
    assign here = by_row ? across == axon && beat + 5'(mine_ahead) == neuron / K : across == neuron && beat == axon / K;
    assign wrote = here && write && mask[lane];
    always_ff @(posedge clk) begin
        if (t != 3'd7) t <= t + 3'd1;
        {row_1, across_1, beat_1, ahead_1} <= {by_row && !write, across, beat, ahead};
        mine_1 <= here && !write;
        lane_1 <= lane;
        if (t == 3'd0) known <= d[lane*WIDTH+:WIDTH];
        if (t == 3'd1 && mine_1) known <= q[lane_1*WIDTH+:WIDTH];
    end
    always_comb begin
        assume (axon < AXONS && neuron < NEURONS);
        assume (by_row ? across < AXONS && beat + 5'(ahead && K > 1) < SPAN : across < NEURONS && beat < AXONS / K);
        if (t == 3'd0) assume (here && (!write || mask[lane]));
        if (by_row && !write && !fresh) assume (row_1 && across == across_1 && beat == beat_1 + 5'd1 && ahead == ahead_1);
        if (BURST > 1 && by_row) assume (!write); // no row is written
        if (t != 3'd0) assume (!wrote);
        if (t == 3'(LAST)) assume (here && !write);
        if (t == 3'(LAST + 1)) assert (q[lane_1*WIDTH+:WIDTH] == known);
    end
endmodule
