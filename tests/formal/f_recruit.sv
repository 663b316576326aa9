// f_recruit - how a neuron stands with a teacher that recruits, and what becomes of its peak, are section 5 of
// docs/arithmetic.md in 40 bits, for all excess, thresholds, potentials, peaks, vigilance and freeze.
//
// From any state of the pipeline, so for all time. The memory is cut: whatever peak it gives is the neuron's.
module f_recruit #(
    parameter int UB = 24
) (
    input logic clk,
    input logic valid,
    input logic [23:0] excess,
    input logic [24:0] limit3,
    input logic [7:0] n2,
    input logic [7:0] n4,
    input logic signed [UB-1:0] u4,
    input logic forced4,
    input logic wiped
);
    (* anyconst *) logic recruits;
    (* anyconst *) logic [23:0] vigilance, freeze;
    (* hierconn *) logic signed [UB-1:0] \dut.q ;
    logic [3:0] full; // stages with a neuron
    logic [1:0] standing4;
    logic signed [26:0] match4;
    logic we;
    logic signed [UB-1:0] d;
    logic [2:0] filled;
    initial filled = 3'd0;
    always_ff @(posedge clk) filled <= {filled[1:0], valid};
    assign full = {filled, valid};
    stoa_recruit #(.UB(UB), .NW(8)) dut (
        .clk, .recruits, .vigilance, .freeze, .wiped, .valid(full), .excess, .n2, .limit3, .n4, .u4, .forced4, .standing4, .match4,
        .we, .d, .cfg_we(1'b0), .cfg_re(1'b0), .cfg_addr(8'd0), .cfg_wdata('0), .q());

    logic signed [39:0] excess2, excess3, peak, threshold, match, want_match;
    logic [1:0] want;
    logic signed [39:0] was;
    assign peak = 40'(\dut.q );
    assign threshold = {15'd0, limit3};
    assign match = peak - threshold;
    always_ff @(posedge clk) begin
        excess2 <= {16'd0, excess};
        excess3 <= excess2;
        was <= peak;
        want_match <= match;
        want <= freeze != 0 && excess3 >= $signed({16'd0, freeze}) ? 2'd3
              : excess3 == 0 ? 2'd1
              : match >= -$signed({16'd0, vigilance}) ? 2'd2
              : 2'd0;
    end
    always_comb begin
        assert (we == (recruits && full[3]));
        if (recruits && full[3]) begin
            assert (standing4 == want);
            assert (40'(match4) == want_match);
            if (wiped) assert (d == 0);
            else if (forced4) assert (40'(d) == was);
            else assert (40'(d) == (40'(u4) > was ? 40'(u4) : was));
        end
    end
endmodule
