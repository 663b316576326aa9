// stoa_banks - one field of the synapse matrix in K single-port banks, skewed so that rows and columns are both K wide.
//
//     bank = (axon + neuron) mod K        n0 n1 n2 n3          a spike reads the row of an axon: lane l is the neuron with
//                                    a0    0  1  2  3          n mod K = l, turned by the axon
//                                    a1    1  2  3  0          learning reads and writes the row of a neuron: lane l is the
//                                    a2    2  3  0  1          axon with a mod K = l, turned by the neuron
//                                    a3    3  0  1  2          both meet every bank once
//
// Lane l's word is in bank (l + turn) mod K at line lane_line[l], or of a row at row_line, one further where row_wrap[l]: a spike
// turns K bits and not K addresses. q follows a read by one cycle, in lane order, turned back by the turn of that read.
`default_nettype none
module stoa_banks #(
    parameter int K = 4,
    parameter int WIDTH = 8,
    parameter int LINES = 65536,
    parameter int KX = K > 1 ? $clog2(K) : 1,
    parameter int LW = $clog2(LINES)
) (
    input wire clk,
    input wire read,
    input wire [K-1:0] write,        // by lane; never together with read
    input wire [KX-1:0] turn,
    input wire [K*LW-1:0] lane_line,
    input wire by_row,
    input wire [LW-1:0] row_line,
    input wire [K-1:0] row_wrap,
    input wire [K*WIDTH-1:0] d,
    output logic [K*WIDTH-1:0] q
);
    logic [KX-1:0] turn_q, back;
    logic [K*LW-1:0] bank_line;
    logic [LW-1:0] row_next;
    logic [K-1:0] bank_wrap;
    logic [K*WIDTH-1:0] bank_d, bank_q;
    logic [K-1:0] bank_write;

    assign back = KX'(K) - turn;
    assign row_next = row_line + 1'b1;
    stoa_rotate #(.K(K), .WIDTH(1)) wraps (.in(row_wrap), .by(back), .out(bank_wrap));
    stoa_rotate #(.K(K), .WIDTH(LW)) lines (.in(lane_line), .by(back), .out(bank_line));
    stoa_rotate #(.K(K), .WIDTH(WIDTH)) words (.in(d), .by(back), .out(bank_d));
    stoa_rotate #(.K(K), .WIDTH(1)) writes (.in(write), .by(back), .out(bank_write));
    generate
        for (genvar b = 0; b < K; b++) begin : g_bank
            logic [LW-1:0] line;
            assign line = !by_row ? bank_line[b*LW+:LW] : bank_wrap[b] ? row_next : row_line;
            stoa_ram1 #(.WIDTH(WIDTH), .DEPTH(LINES)) bank (
                .clk, .ce(read || bank_write[b]), .we(bank_write[b]), .addr(line),
                .d(bank_d[b*WIDTH+:WIDTH]), .q(bank_q[b*WIDTH+:WIDTH])
            );
        end
    endgenerate
    stoa_rotate #(.K(K), .WIDTH(WIDTH)) back_again (.in(bank_q), .by(turn_q), .out(q));
    always_ff @(posedge clk)
        if (read) turn_q <= turn;
endmodule
`default_nettype wire
