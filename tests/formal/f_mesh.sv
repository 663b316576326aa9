// f_mesh - no deadlock: from every state, full queues everywhere among them, a W x H mesh whose sinks are ready
//
//     ALL 0    moves a flit within WITHIN cycles, if there is any
//     ALL 1    is empty after WITHIN cycles
//
// when nothing more comes in. A move leaves fewer links to go, or makes of a READ the reply to it, so the first implies the
// second for some bound. Every state is f_tile's; what sinks kept waiting before the first of these cycles is among them.
//
// A core takes spikes always, as the wheel does but for the cycles of a clear, and configuration when it owes no reply: a
// READ that it takes is owed until the queue of the local port has taken the reply. So configuration that waits for a
// reply, which waits for the network, is among the states.
module f_mesh #(
    parameter int W = 2,
    parameter int H = 2,
    parameter int DEPTH = 4,
    parameter int ALL = 0,
    parameter int WITHIN = 8,
    parameter int ANSWERS = 1, // 0: a READ is taken as anything else
    parameter int N = W * H
) (
    input logic clk
);
    logic [N-1:0] quiet, owed;
    logic [5*N-1:0] in_valid, in_ready, out_valid, out_ready;
    logic [45*N-1:0] in, out;
    logic [7:0] age;
    logic moved;
    initial age = 8'd0;
    initial moved = 1'b0;
    always_ff @(posedge clk) begin
        age <= age == 8'd255 ? age : age + 8'd1;
        moved <= moved || (out_valid & out_ready) != '0 || (in_valid & in_ready) != '0;
    end
    always_comb if (age >= WITHIN) assert ((&quiet && owed == '0) || (ALL == 0 && moved));
    generate
        for (genvar t = 0; t < N; t++) begin : g_tile
            localparam int X = t % W;
            localparam int Y = t / W;
            f_tile #(.W(W), .H(H), .X(X), .Y(Y), .DEPTH(DEPTH)) tile (
                .clk, .in_valid(in_valid[5*t+:5]), .in_ready(in_ready[5*t+:5]), .in(in[45*t+:45]), .takes(!owed[t]),
                .out_valid(out_valid[5*t+:5]), .out_ready(out_ready[5*t+:5]), .out(out[45*t+:45]), .quiet(quiet[t]));
            for (genvar p = 0; p < 4; p++) begin : g_link
                // the neighbour, and its port
                localparam int U = p == 0 ? t + 1 : p == 1 ? t - 1 : p == 2 ? t - W : t + W;
                localparam int Q = p == 0 ? 1 : p == 1 ? 0 : p == 2 ? 3 : 2;
                if (p == 0 ? X + 1 < W : p == 1 ? X > 0 : p == 2 ? Y > 0 : Y + 1 < H) begin : g_there
                    assign in_valid[5*t+p] = out_valid[5*U+Q];
                    assign in[45*t+9*p+:9] = out[45*U+9*Q+:9];
                    assign out_ready[5*t+p] = in_ready[5*U+Q];
                end else begin : g_edge
                    assign in_valid[5*t+p] = 1'b0;
                    assign in[45*t+9*p+:9] = 9'd0;
                    assign out_ready[5*t+p] = t == 0 && p == 1; // the host
                end
            end
            logic owes, held; // held: anything at first
            assign owes = ANSWERS != 0 && held;
            always_ff @(posedge clk)
                if (owes) held <= !in_ready[5*t+4];
                else held <= out_valid[5*t+4] && out[45*t+42+:3] == 3'd3;
            assign in_valid[5*t+4] = owes;
            assign in[45*t+36+:9] = {3'd4, 3'(X), 3'(Y)};
            assign out_ready[5*t+4] = out[45*t+42+:3] == 3'd0 || !owes;
            assign owed[t] = owes;
        end
    endgenerate
endmodule
