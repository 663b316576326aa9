// stoa_mask - which lanes of a beat there are: those within the line and, with MASKS, of pairs that have a synapse.
//
//     joined ──load, with the words──> of the beat that runs: what is summed ──beat_end──> of the beat that is stored: what is written
`default_nettype none
module stoa_mask #(
    parameter int K = 4,
    parameter int MASKS = 0
) (
    input wire clk,
    input wire load,
    input wire beat_end,
    input wire [K-1:0] joined,
    input wire [K-1:0] within_run,
    input wire [K-1:0] within_store,
    output logic [K-1:0] active_run,
    output logic [K-1:0] active_store
);
    generate
        if (MASKS != 0) begin : g_masks
            logic [K-1:0] joined_run, joined_store;
            always_ff @(posedge clk) begin
                if (load) joined_run <= joined;
                if (beat_end) joined_store <= joined_run;
            end
            assign active_run = within_run & joined_run;
            assign active_store = within_store & joined_store;
        end else begin : g_no_masks
            logic unused;
            assign unused = &{1'b0, clk, load, beat_end, joined};
            assign active_run = within_run;
            assign active_store = within_store;
        end
    endgenerate
endmodule
`default_nettype wire
