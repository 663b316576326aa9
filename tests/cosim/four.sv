// four.sv - a mesh under a simulator with four values: what nobody wrote is x, not 0 as it happens to be.
//
//     flits.hex (tests/cosim/talk.c: the loader's, then those of a host that talks) ──stalls──> mesh ──> lines on stdout
//         R tile word        a reply          S tick tile n<<16|e     a spike that was written
//
// An unknown value at a handshake, in a reply or in a spike ends it. tests/cosim/four.sh compares the lines.
`include "stoa_tables.vh"
module four #(
    parameter int FLITS = 100000,
    parameter int W = 2,
    parameter int H = 1,
    parameter int N = W * H
);
    logic [50:0] flit[FLITS];
    logic clk, rst, host_valid, host_ready, back_valid, back_ready, tick_go, offers;
    logic [50:0] host, back;
    logic [N-1:0] ret_spike;
    logic [N*32-1:0] ret_spike_ne;
    int given, count, idle, tick;
    logic [31:0] mood;
    string name;
    stoa_mesh #(.W(W), .H(H), .K(`FOUR_K), .AXONS(`FOUR_AXONS), .INPUTS(`FOUR_INPUTS), .NEURONS(`FOUR_NEURONS), .WB(`FOUR_WB), .RB(`FOUR_RB),
                .QB(`FOUR_QB), .UB(`FOUR_UB), .SLOTS(`FOUR_SLOTS), .LINES(`FOUR_LINES), .RLINES(`FOUR_RLINES),
                .GROUPS(`FOUR_GROUPS), .COLUMNS(`FOUR_COLUMNS), .BLOCKS(`FOUR_BLOCKS), .ROUTES(`FOUR_ROUTES),
                .SHARED(`FOUR_SHARED), .DRAWS(`FOUR_DRAWS), .RECRUITS(`FOUR_RECRUITS), .MASKS(`FOUR_MASKS), .RULES(`FOUR_RULES), .ADAPTS(`FOUR_ADAPTS),
                .CURRENTS(`FOUR_CURRENTS), .MEASURES(`FOUR_MEASURES), .RING(`FOUR_RING), .VALUES(`FOUR_VALUES), .EMITS(`FOUR_EMITS),
                .GATED(`FOUR_GATED)) mesh (
        .clk, .rst, .host_valid, .host_ready, .host, .back_valid, .back_ready, .back, .tick_go, .ret_spike, .ret_spike_ne);
    assign host_valid = offers && given < count;
    assign host = host_valid ? flit[given] : 'x;

    initial begin
        if (!$value$plusargs("flits=%s", name) || !$value$plusargs("count=%d", count)) $fatal(1, "flits=FILE count=N");
        $readmemh(name, flit, 0, count - 1);
        clk = 1'b0;
        rst = 1'b1;
        offers = 1'b1;
        back_ready = 1'b0;
        mood = 32'h1;
        given = 0;
        idle = 0;
        tick = 0;
        repeat (4) #10 @(negedge clk);
        rst = 1'b0;
    end
    always #5 clk = !clk;

    always @(posedge clk) begin
        if (host_ready !== 1'b0 && (rst || (host_valid && host_ready !== 1'b1))) begin
            $display("host_ready is %b %s", host_ready, rst ? "in reset" : "");
            $finish;
        end
        if (!rst) begin
            if (back_valid !== 1'b0 && back_valid !== 1'b1) begin
                $display("back_valid is %b", back_valid);
                $finish;
            end
            idle <= idle + 1;
            if (host_valid && host_ready) begin
                given <= given + 1;
                idle <= 0;
            end
            if (tick_go) tick <= tick + 1;
            for (int t = 0; t < N; t++)
                if (ret_spike[t] !== 1'b0) $display("S %0d %0d %h", tick - 1, t, ret_spike_ne[32*t+:32]);
            if (back_valid && back_ready) begin
                idle <= 0;
                if (back[50:48] !== `ST_FLIT_SPIKE) $display("R %0d %h", back[41:36] * W + back[47:42], back[31:0]);
            end
            if (idle > 4000) begin
                $display("E %0d of %0d packets taken, %0d ticks", given, count, tick);
                $finish;
            end
        end
    end
    // moods of the host, a new one in each cycle
    always @(negedge clk) begin
        mood <= {mood[30:0], mood[31] ^ mood[21] ^ mood[1] ^ mood[0]};
        if (!rst) offers <= mood[1:0] != 2'd0 || (offers && given < count && !host_ready);
        back_ready <= mood[9:8] == 2'd0;
    end
endmodule
