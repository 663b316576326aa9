// stoa_list - to whom each lane of a beat adds: of a dense row the walk says it, of a sparse row the lane's entry does.
//
//     walk ──beat──> banks ──a cycle later──> weight, entry {late, row, is there one?} ──> inbox: sums are read ──> and added to
//                                dense rows wait with them
//
// Entries come out of the banks a cycle after the walk has read them, so with lists (RING > 0) all beats are a cycle longer under way,
// and none waits for another. Lane l serves the neurons n with n mod K = l, so an entry says n / K. With a ring of sums (RING > 1) it
// also says by how many ticks it is late: its sum is that of slot tick + late. Without lists it is wires.
`default_nettype none
module stoa_list #(
    parameter int NEURONS = 256,
    parameter int K = 4,
    parameter int WB = 8,
    parameter int RING = 0,
    parameter int WHERE = 8,
    parameter int ROWS = (NEURONS + K - 1) / K,
    parameter int RW = ROWS > 1 ? $clog2(ROWS) : 1,
    parameter int TW = RING > 1 ? $clog2(RING) : 0,
    parameter int SW = TW > 0 ? TW : 1
) (
    input wire clk,
    input wire rst,
    input wire [SW-1:0] slot,        // of this tick's sums
    // a beat of the walk
    input wire beat,
    input wire sparse,
    input wire [K-1:0] active,
    input wire [1:0] kind,
    input wire graded,
    input wire forcing,
    input wire [3:0] shift,
    input wire [RW-1:0] row,
    input wire [K-1:0] wrap,
    // what the banks gave of the beat before
    input wire [K*WB-1:0] w,
    input wire [K*WHERE-1:0] where,
    input wire [15:0] value,         // that its packet brought
    output logic busy,
    // to the inbox: a beat, and the words of the one before
    output logic issue,
    output logic [K-1:0] to_active,
    output logic [1:0] to_kind,
    output logic to_graded,
    output logic to_forcing,
    output logic [3:0] to_shift,
    output logic [RW-1:0] to_row,    // without lists
    output logic [K-1:0] to_wrap,
    output logic [K*(TW+RW)-1:0] to_rows, // with them: {slot, row}
    output logic [K*WB-1:0] to_w,
    output logic [15:0] to_value
);
    generate
        if (RING == 0) begin : g_dense
            logic unused;
            assign unused = &{1'b0, clk, rst, slot, sparse, where};
            assign busy = 1'b0;
            assign issue = beat;
            assign to_active = active;
            assign {to_kind, to_graded, to_forcing, to_shift} = {kind, graded, forcing, shift};
            assign to_row = row;
            assign to_wrap = wrap;
            assign to_rows = '0;
            assign to_w = w;
            assign to_value = value;
        end else begin : g_lists
            logic sparse1;
            logic [RW-1:0] row1;
            logic [K-1:0] active1, wrap1;
            always_ff @(posedge clk) begin
                issue <= beat && !rst;
                if (beat) begin
                    sparse1 <= sparse;
                    active1 <= active;
                    {to_kind, to_graded, to_forcing, to_shift} <= {kind, graded, forcing, shift};
                    row1 <= row;
                    wrap1 <= wrap;
                end
                if (issue) begin
                    to_w <= w;
                    to_value <= value;
                end
            end
            for (genvar l = 0; l < K; l++) begin : g_lane
                logic there;
                logic [RW-1:0] at, row_l;
                assign {at, there} = where[l*WHERE+:RW+1];
                assign row_l = sparse1 ? at : row1 + RW'(wrap1[l]);
                if (RING > 1) begin : g_ring
                    logic [TW-1:0] late;
                    assign late = sparse1 ? where[l*WHERE+RW+1+:TW] : '0;
                    assign to_rows[l*(TW+RW)+:TW+RW] = {slot + late, row_l};
                end else begin : g_now
                    assign to_rows[l*RW+:RW] = row_l;
                end
                assign to_active[l] = active1[l] && (there || !sparse1);
            end
            if (RING == 1) begin : g_one_slot
                logic unused;
                assign unused = &{1'b0, slot};
            end
            assign busy = issue;
            assign to_row = '0;
            assign to_wrap = '0;
        end
    endgenerate
endmodule
`default_nettype wire
