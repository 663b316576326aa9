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
//
// With BURST lines in a word of a bank a row's beats read it once for all of them, and then what it holds:
//
//     beat      `fresh` 5   6    7   8 ..       a row that begins in line 5, four lines a word
//     bank        read 4-7  -    -   read 8-11
//
// Which of them is chosen by a Gray code: one of its bits changes with a beat, where two of the number's do every second time.
// `fresh` reads anew in any case: it comes with a row's first beat. Between the beats of a row nothing else is read.
`default_nettype none
module stoa_banks #(
    parameter int K = 4,
    parameter int WIDTH = 8,
    parameter int LINES = 65536,
    parameter int BURST = 1,
    parameter int KX = K > 1 ? $clog2(K) : 1,
    parameter int LW = $clog2(LINES),
    parameter int BW = BURST > 1 ? $clog2(BURST) : 1
) (
    input wire clk,
    input wire read,
    input wire [K-1:0] write,        // by lane; never together with read
    input wire [KX-1:0] turn,
    input wire [K*LW-1:0] lane_line,
    input wire by_row,
    input wire fresh,
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
    logic turns;                         // a row turns with its first beat
    logic [BW-1:0] part_base, base, code, code_next; // which line of a word; its code, and that of the one behind it
    logic [K*BW-1:0] ahead, ahead_q;

    assign turns = !by_row || fresh;
    assign back = KX'(K) - turn;
    assign row_next = row_line + LW'(|row_wrap); // an adder that nobody asks rests
    stoa_rotate #(.K(K), .WIDTH(1)) wraps (.in(row_wrap), .by(back), .out(bank_wrap));
    stoa_rotate #(.K(K), .WIDTH(LW)) lines (.in(lane_line), .by(back), .out(bank_line));
    stoa_rotate #(.K(K), .WIDTH(WIDTH)) words (.in(d), .by(back), .out(bank_d));
    stoa_rotate #(.K(K), .WIDTH(1)) writes (.in(write), .by(back), .out(bank_write));
    generate
        if (BURST > 1) begin : g_parts // of a row: one for all banks, and how far each is ahead, which stays
            assign part_base = by_row ? row_line[BW-1:0] : '0;
            assign code_next = (base + 1'b1) ^ ((base + 1'b1) >> 1);
            always_comb
                for (int s = 0; s < BW; s++) base[s] = ^(code >> s);
            always_ff @(posedge clk) begin
                code <= part_base ^ (part_base >> 1);
                if (read && (turns || ahead != ahead_q)) {turn_q, ahead_q} <= {turn, ahead};
            end
        end else begin : g_no_parts
            logic unused;
            assign unused = &{1'b0, ahead, part_base, base, code, code_next, ahead_q};
            assign {part_base, base, code, code_next, ahead_q} = '0;
            always_ff @(posedge clk)
                if (read && turns) turn_q <= turn;
        end
        for (genvar b = 0; b < K; b++) begin : g_bank
            logic [LW-1:0] line;
            assign line = !by_row ? bank_line[b*LW+:LW] : bank_wrap[b] ? row_next : row_line;
            if (BURST > 1) begin : g_words
                logic [BW-1:0] part, written, further, choice; // a line may be read alone: then it is as far ahead as it stands in its word
                logic [BURST*WIDTH-1:0] word, rest;
                assign written = by_row ? '0 : ahead[b*BW+:BW]; // no row is written: its mask rests
                assign ahead[b*BW+:BW] = by_row ? BW'(bank_wrap[b]) : bank_line[b*LW+:BW];
                assign part = part_base + ahead[b*BW+:BW];
                assign further = ahead_q[b*BW+:BW] >> 1 << 1;
                assign choice = (ahead_q[b*BW] ? code_next : code) ^ further ^ (further >> 1);
                stoa_ram1m #(.WIDTH(BURST * WIDTH), .DEPTH(LINES / BURST)) bank (
                    .clk, .ce((read && (!by_row || fresh || part == '0)) || bank_write[b]), .we(bank_write[b]), .addr(line[LW-1:BW]),
                    .d({BURST{bank_d[b*WIDTH+:WIDTH]}}), .mask((BURST*WIDTH)'({WIDTH{1'b1}}) << written * WIDTH), .q(word)
                );
                always_comb begin // each bit of the code folds what is left: the second half is met backwards
                    rest = word;
                    for (int s = BW - 1; s >= 0; s--)
                        for (int p = 0; p < 1 << s; p++)
                            if (choice[s]) rest[p*WIDTH+:WIDTH] = rest[((2<<s)-1-p)*WIDTH+:WIDTH];
                end
                assign bank_q[b*WIDTH+:WIDTH] = rest[WIDTH-1:0];
            end else begin : g_lines
                assign ahead[b*BW+:BW] = '0;
                stoa_ram1 #(.WIDTH(WIDTH), .DEPTH(LINES)) bank (
                    .clk, .ce(read || bank_write[b]), .we(bank_write[b]), .addr(line),
                    .d(bank_d[b*WIDTH+:WIDTH]), .q(bank_q[b*WIDTH+:WIDTH])
                );
            end
        end
    endgenerate
    stoa_rotate #(.K(K), .WIDTH(WIDTH)) back_again (.in(bank_q), .by(turn_q), .out(q));
endmodule
`default_nettype wire
