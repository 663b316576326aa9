// stoa_currents - the synaptic currents of a neuron, and their memory: excitation and inhibition, each with its decay, and what they
// add to the potential (docs/arithmetic.md, section 5, cuba; models/currents.h).
//
//     1 exc * keep, inhib * keep     2 towards 0, + input, saturate ─> exc', inhib' ─> exc' + inhib'
//     3 sum * gain, towards 0 ─> the neuron's sum     4 exc', inhib' are written back: a closed gate stops the membrane alone
`default_nettype none
module stoa_currents #(
    parameter int UB = 24,
    parameter int NW = 8
) (
    input wire clk,
    // of the group, steady
    input wire flows,              // it has currents
    input wire two,                // inhibition has its own
    input wire wiped,
    input wire [16:0] keep,        // what a decay leaves, 0 .. 65,536
    input wire [16:0] keep_inhib,
    input wire [16:0] gain,
    // neurons
    input wire take,
    input wire [NW-1:0] take_n,
    input wire [3:0] valid,        // [k]: stage k + 1 has a neuron
    input wire [31:0] acc,         // stage 1: the sum of all input, and of each sign
    input wire [31:0] acc_exc,
    input wire [31:0] acc_inh,
    output logic [UB:0] gained3,   // stage 3, signed
    input wire [NW-1:0] n4,
    output logic we,
    output logic [2*UB-1:0] d,     // {inhib, exc}
    // configuration: words 2n exc, 2n + 1 inhib
    input wire cfg_we,
    input wire cfg_re,
    input wire [NW:0] cfg_addr,
    input wire [31:0] cfg_wdata,
    input wire [31:0] cfg_before,
    output logic [31:0] cfg_rdata
);
    logic [2*UB-1:0] q;
    stoa_ram2 #(.WIDTH(2 * UB), .DEPTH(1 << NW)) currents (
        .clk, .re((take && flows) || cfg_re), .raddr(cfg_re ? cfg_addr[NW:1] : take_n), .q, .we(we || (cfg_we && cfg_addr[0])),
        .waddr(cfg_we ? cfg_addr[NW:1] : n4), .d(cfg_we ? {cfg_wdata[UB-1:0], cfg_before[UB-1:0]} : d)
    );
    assign cfg_rdata = cfg_addr[0] ? 32'($signed(q[2*UB-1:UB])) : 32'($signed(q[UB-1:0]));

    logic signed [UB-1:0] exc, inhib;
    logic signed [41:0] part, part_inhib, decayed, decayed_inhib;
    logic signed [31:0] input_exc, input_inh;
    logic signed [34:0] sum, sum_inhib, high, low;
    logic [UB-1:0] exc2, inhib2, exc3, inhib3, exc4, inhib4;
    logic signed [UB:0] both, both3;
    logic signed [42:0] product, gained;
    assign {inhib, exc} = q;
    assign high = (35'sd1 <<< (UB - 1)) - 35'sd1;
    assign low = -(35'sd1 <<< (UB - 1));
    // towards 0: a negative number with a fraction is rounded up
    assign decayed = 42'(part >>> 16) + 42'(part[41] && part[15:0] != 16'd0);
    assign decayed_inhib = 42'(part_inhib >>> 16) + 42'(part_inhib[41] && part_inhib[15:0] != 16'd0);
    assign sum = 35'(decayed) + 35'(input_exc);
    assign sum_inhib = 35'(decayed_inhib) + 35'(input_inh);
    assign exc2 = sum > high ? high[UB-1:0] : sum < low ? low[UB-1:0] : sum[UB-1:0];
    assign inhib2 = sum_inhib > high ? high[UB-1:0] : sum_inhib < low ? low[UB-1:0] : sum_inhib[UB-1:0];
    assign both = (UB + 1)'($signed(exc2)) + (UB + 1)'($signed(inhib2));
    assign product = 43'(both3) * 43'($signed({1'b0, gain}));
    assign gained = 43'(product >>> 16) + 43'(product[42] && product[15:0] != 16'd0);
    assign gained3 = gained[UB:0];
    always_ff @(posedge clk)
        if (flows) begin
            if (valid[0]) begin
                part <= 42'(exc) * 42'($signed({1'b0, keep}));
                part_inhib <= 42'(inhib) * 42'($signed({1'b0, keep_inhib}));
                input_exc <= two ? acc_exc : acc;
                input_inh <= two ? acc_inh : 32'd0;
            end
            if (valid[1]) {exc3, inhib3, both3} <= {exc2, inhib2, both};
            if (valid[2]) {exc4, inhib4} <= {exc3, inhib3};
        end
    assign we = valid[3] && flows;
    assign d = wiped ? '0 : {inhib4, exc4};
endmodule
`default_nettype wire
