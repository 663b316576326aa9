// up5k.sv - one core behind a serial door, so that it has few enough pins: 51 bits are shifted in and handed over, 51
// bits are taken and shifted out.
module up5k (
    input logic clk,
    input logic rst,
    input logic tick_go,
    input logic shift_in,
    input logic hand_over,
    input logic si,
    output logic taken,
    input logic shift_out,
    output logic so,
    output logic have,
    output logic quiet
);
    logic [50:0] in, out, give, take;
    logic in_valid, in_ready, out_valid, route_we, route_re;
    logic [15:0] route_addr;
    logic [31:0] route_wdata;
    assign in = give;
    assign taken = !in_valid;
    assign so = take[0];
    always_ff @(posedge clk) begin
        if (shift_in) give <= {si, give[50:1]};
        if (rst) in_valid <= 1'b0;
        else if (hand_over) in_valid <= 1'b1;
        else if (in_ready) in_valid <= 1'b0;
        if (rst) have <= 1'b0;
        else if (out_valid && !have) have <= 1'b1;
        else if (shift_out && take[50:1] == '0) have <= 1'b0;
        if (out_valid && !have) take <= out;
        else if (shift_out) take <= {1'b0, take[50:1]};
    end
    stoa_core #(
        .AXONS(1024), .INPUTS(1024), .NEURONS(`NEURONS), .K(`K), .WB(8), .RB(16), .QB(0), .UB(`UB), .SLOTS(4), .LINES(`LINES), .RLINES(`RLINES),
        .GROUPS(`GROUPS), .COLUMNS(16), .BLOCKS(8), .SHARED(1), .DRAWS(0), .RECRUITS(0), .GATED(0)
    ) core (
        .clk, .rst, .tick_go, .quiet, .in_valid, .in_ready, .in, .out_valid, .out_ready(!have), .out, .here(12'd0), .route_we,
        .route_re, .route_addr, .route_wdata, .route_rdata(32'd0), .ret_event(), .ret_event_axon(), .ret_in(), .ret_in_n(),
        .ret_in_acc(), .ret_in_gate(), .ret_in_dopa(), .ret_state(), .ret_state_n(), .ret_state_u(), .ret_state_gate(),
        .ret_peak(), .ret_peak_n(), .ret_peak_u(),
        .ret_column(), .ret_column_n(), .ret_column_d(), .ret_spike(), .ret_spike_ne(), .ret_pre(), .ret_pre_a(), .ret_pre_x(),
        .ret_post(), .ret_post_n(), .ret_post_x(), .ret_line(), .ret_line_d(), .ret_record(), .ret_record_at(), .ret_record_d(),
        .ret_program(), .ret_program_owner()
    );
endmodule
