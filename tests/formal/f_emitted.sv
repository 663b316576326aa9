// f_emitted - what is emitted for an axon is given once, as its sum, when learning is through; and what is 0 is not.
//
// Any axon is followed from reset on: K lanes emit what they will, in whatever rows, one word behind the other;
// then sums are taken whenever who takes them is ready. Lanes are given in ascending order, and it ends. Words are multiples of
// 8192: few bits, and sums beyond 16 of them.
module f_emitted (
    input logic clk,
    input logic [1:0] emits,
    input logic [31:0] a,
    input logic [1:0] rows,
    input logic through,
    input logic ready
);
    localparam int SUM = 19; // as wide as words of this depth can make one
    (* anyconst *) logic [1:0] AXON;
    (* anyconst *) logic [2:0] axons;
    logic [5:0] t;
    logic rst, sweep, go, any, speaking, done, valid, mine, told, ran, something;
    logic [1:0] lane, latest;
    logic [15:0] value, word, want;
    logic [1:0] now;
    logic signed [18:0] sum;
    logic some; // was given in this turn
    initial t = 6'd0;
    assign rst = t == 6'd0;
    assign sweep = t < 6'd3; // the first row once more, behind reset
    assign now = sweep ? 2'd0 : emits;
    // behind the last word a program has its record to store
    assign go = through && !sweep && !speaking && !ran;
    stoa_emitted #(.AXONS(4), .NEURONS(2), .K(2), .EMITS(1), .SUM(SUM)) dut (
        .clk, .rst, .sweep, .sweep_row(t[0]), .emits(now), .a, .rows, .go, .axons, .any, .speaking, .done, .valid, .ready, .lane, .value);
    assign mine = now[AXON[0]] && rows[AXON[0]] == AXON[1];
    assign word = a[16*AXON[0]+:16];
    assign want = sum > 19'sd32767 ? 16'd32767 : sum < -19'sd32768 ? 16'h8000 : sum[15:0];
    initial {told, ran, some, something} = 4'd0;
    always_ff @(posedge clk) begin
        t <= t + 6'd1;
        ran <= now != 2'd0;
        if (rst || done) sum <= 19'sd0;
        else if (mine) sum <= sum + 19'($signed(word));
        if (done) something <= 1'b0;
        else if ((now[0] && a[15:0] != 16'd0) || (now[1] && a[31:16] != 16'd0)) something <= 1'b1;
        if (go || done) told <= 1'b0;
        else if (valid && ready && lane == AXON) told <= 1'b1;
        if (go || done) some <= 1'b0;
        else if (valid && ready) some <= 1'b1;
        if (valid && ready) latest <= lane;
    end
    always_comb begin
        assume (axons >= 3'd1 && axons <= 3'd4 && 3'(AXON) < axons);
        if (speaking || go) assume (now == 2'd0);
        assume (a[12:0] == 13'd0 && a[28:16] == 13'd0);
        for (int l = 0; l < 2; l++) if (now[l]) assume (3'({rows[l], l[0]}) < axons);
        if (t > 6'd3 && !ran) assert (any == something);
        if (t != 6'd0 && valid) begin
            assert (3'(lane) < axons && value != 16'd0);
            if (some) assert (lane > latest);
            if (lane == AXON) assert (!told && sum != 19'sd0 && value == want);
        end
        if (t != 6'd0 && done) assert (sum == 19'sd0 || told || (valid && lane == AXON));
    end
endmodule
