// stoa_weights - the weights of a core, and the lists of its sparse rows, in the same memory.
//
// Without lists (RING = 0) one set of banks. With them two sets of half as many lines: a dense row goes through both in turn, and an
// entry of a sparse row is a line of each, its weight in the one and whose it is in the other.
//
//     line      even banks     odd banks
//     0, 1      w0  w1 ..      w4  w5 ..      two lines of a dense row
//     2, 3      -3  12 ..      n8  n5 ..      a beat of a sparse row (`both`): -3 for neuron 8, 12 for neuron 5
//
// Words of the odd banks are as wide as either needs. Of a dense row that begins with a lane only the banks of its line are read.
`default_nettype none
module stoa_weights #(
    parameter int K = 4,
    parameter int WIDTH = 8,
    parameter int RING = 0,
    parameter int WHERE = 8,       // bits of an odd bank's word, at least WIDTH
    parameter int LINES = 65536,
    parameter int BURST = 1,       // lines of a bank in a word of its memory
    parameter int KX = K > 1 ? $clog2(K) : 1,
    parameter int LW = $clog2(LINES)
) (
    input wire clk,
    input wire read,
    input wire [K-1:0] write,        // by lane; never together with read
    input wire [KX-1:0] turn,
    input wire [K*LW-1:0] lane_line,
    input wire by_row,
    input wire fresh,                // a row begins
    input wire both,                 // of a row: of each lane an entry, row_line is its number
    input wire [LW-1:0] row_line,
    input wire [K-1:0] row_wrap,
    input wire [K*WHERE-1:0] d,
    output logic [K*WIDTH-1:0] q,
    output logic [K*WHERE-1:0] where // of entries; of other words, all of an odd line's bits
);
    generate
        if (RING == 0) begin : g_dense
            logic unused;
            assign unused = &{1'b0, both};
            stoa_banks #(.K(K), .WIDTH(WIDTH), .LINES(LINES), .BURST(BURST)) all (.clk, .read, .write, .turn, .lane_line, .by_row, .fresh, .row_line, .row_wrap, .d, .q);
            assign where = q;
        end else begin : g_lists
            localparam int HW = LW - 1;
            logic [K-1:0] odd, odd_q, half_wrap;
            logic [K*HW-1:0] half_line;
            logic [K*WIDTH-1:0] d_even, q_even;
            logic [HW-1:0] half_row;
            logic read_even, read_odd, fresh_q, anew; // a dense row's second beat is the first of one of the sets
            assign anew = fresh || fresh_q;
            assign half_row = both ? row_line[HW-1:0] : row_line[LW-1:1];
            assign half_wrap = row_wrap & {K{row_line[0] && !both}}; // from an odd line a lane that is ahead goes on to the next pair
            assign read_even = read && (by_row && both || odd != '1);
            assign read_odd = read && (by_row && both || odd != '0);
            for (genvar l = 0; l < K; l++) begin : g_lane
                assign odd[l] = by_row ? row_line[0] ^ row_wrap[l] : lane_line[l*LW];
                assign half_line[l*HW+:HW] = lane_line[l*LW+1+:HW];
                assign d_even[l*WIDTH+:WIDTH] = d[l*WHERE+:WIDTH];
                assign q[l*WIDTH+:WIDTH] = odd_q[l] ? where[l*WHERE+:WIDTH] : q_even[l*WIDTH+:WIDTH];
            end
            stoa_banks #(.K(K), .WIDTH(WIDTH), .LINES(LINES / 2), .BURST(BURST)) even_banks (
                .clk, .read(read_even), .write(write & ~odd), .turn, .lane_line(half_line), .by_row, .fresh(anew), .row_line(half_row), .row_wrap(half_wrap),
                .d(d_even), .q(q_even)
            );
            stoa_banks #(.K(K), .WIDTH(WHERE), .LINES(LINES / 2), .BURST(BURST)) odd_banks (
                .clk, .read(read_odd), .write(write & odd), .turn, .lane_line(half_line), .by_row, .fresh(anew), .row_line(half_row), .row_wrap(half_wrap),
                .d, .q(where)
            );
            always_ff @(posedge clk)
                if (read) begin
                    odd_q <= by_row && both ? '0 : odd;
                    fresh_q <= fresh && !both;
                end
        end
    endgenerate
endmodule
`default_nettype wire
