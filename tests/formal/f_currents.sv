// f_currents - what becomes of a neuron's currents in a tick, and what they add to its potential, is section 5 of docs/arithmetic.md
// in 48 bits, for all currents, sums, decays and gains; membranes of 16 and 24 bits.
//
// From any state of the pipeline, so for all time. The memory is cut: whatever it gives are the neuron's. FACTORS 0: the three
// products are cut as well, so whatever they are, what comes after is right. FACTORS 1: they are the products of the right factors.
module f_currents #(
    parameter int UB = 24,
    parameter int FACTORS = 0
) (
    input logic clk,
    input logic valid,
    input logic wiped,
    input logic signed [31:0] acc_exc,
    input logic signed [31:0] acc_inh,
    input logic [7:0] n
);
    (* anyconst *) logic flows, two;
    (* anyconst *) logic [16:0] keep, keep_inhib, gain;
    (* hierconn *) logic [2*UB-1:0] \dut.q ;
    (* hierconn *) logic signed [41:0] \dut.part ;
    (* hierconn *) logic signed [41:0] \dut.part_inhib ;
    (* hierconn *) logic signed [42:0] \dut.product ;
    (* hierconn *) logic signed [UB:0] \dut.both3 ;
    logic [2:0] filled;
    logic [UB:0] gained3;
    logic [2*UB-1:0] d;
    logic [31:0] acc, unused;
    logic we;
    initial filled = 3'd0;
    always_ff @(posedge clk) filled <= {filled[1:0], valid};
    assign acc = acc_exc + acc_inh;
    stoa_currents #(.UB(UB), .NW(8)) dut (
        .clk, .flows, .two, .wiped, .keep, .keep_inhib, .gain, .take(valid), .take_n(n), .valid({filled, valid}), .acc, .acc_exc, .acc_inh,
        .gained3, .n4(n), .we, .d, .cfg_we(1'b0), .cfg_re(1'b0), .cfg_addr(9'd0), .cfg_wdata(32'd0), .cfg_before(32'd0), .cfg_rdata(unused));

    // asr(p + (p < 0 ? 65535 : 0), 16)
    function automatic logic signed [47:0] towards0(input logic signed [47:0] p);
        towards0 = (p + (p < 48'sd0 ? 48'sd65535 : 48'sd0)) >>> 16;
    endfunction
    logic signed [47:0] top, bottom, e_in, i_in, exc, inhib, sum, sum_inhib, exc3, inhib3, exc4, inhib4;
    logic signed [47:0] product1, product1_inhib, product3;
    assign top = (48'sd1 <<< (UB - 1)) - 48'sd1;
    assign bottom = -(48'sd1 <<< (UB - 1));
    assign sum = towards0(48'(\dut.part )) + e_in;
    assign sum_inhib = towards0(48'(\dut.part_inhib )) + i_in;
    assign exc = sum > top ? top : sum < bottom ? bottom : sum;
    assign inhib = sum_inhib > top ? top : sum_inhib < bottom ? bottom : sum_inhib;
    logic signed [UB-1:0] q_exc, q_inhib;
    assign {q_inhib, q_exc} = \dut.q ;
    assign product3 = 48'(\dut.both3 ) * 48'($signed({1'b0, gain}));
    always_ff @(posedge clk) begin
        if (valid) begin
            e_in <= two ? 48'(acc_exc) : 48'(acc_exc) + 48'(acc_inh);
            i_in <= two ? 48'(acc_inh) : 48'sd0;
            product1 <= 48'(q_exc) * 48'($signed({1'b0, keep}));
            product1_inhib <= 48'(q_inhib) * 48'($signed({1'b0, keep_inhib}));
        end
        if (filled[0]) {exc3, inhib3} <= {exc, inhib};
        if (filled[1]) {exc4, inhib4} <= {exc3, inhib3};
    end
    always_comb begin
        assume (keep <= 17'd65536 && keep_inhib <= 17'd65536 && gain <= 17'd65536);
        // sums of a tick, of each sign (section 4)
        assume (acc_exc >= 32'sd0 && acc_exc <= 32'sh40000000 && acc_inh <= 32'sd0 && acc_inh >= -32'sh40000000);
        if (flows && FACTORS != 0) begin
            if (filled[0]) assert (48'(\dut.part ) == product1 && 48'(\dut.part_inhib ) == product1_inhib);
            if (filled[1]) assert (48'(\dut.product ) == product3);
        end
        if (flows && FACTORS == 0) begin
            // a product is no wider than the current that keep leaves, nor the gain's than both
            assume (\dut.part >= -(42'sd1 <<< (UB + 15)) && \dut.part <= (42'sd1 <<< (UB + 15)));
            assume (\dut.part_inhib >= -(42'sd1 <<< (UB + 15)) && \dut.part_inhib <= (42'sd1 <<< (UB + 15)));
            assume (\dut.product >= -(43'sd1 <<< (UB + 16)) && \dut.product < (43'sd1 <<< (UB + 16)));
            if (filled[1]) assert (48'(\dut.both3 ) == exc3 + inhib3);
            if (filled[1]) assert (48'($signed(gained3)) == towards0(48'(\dut.product )));
            assert (we == filled[2]);
            if (we) assert (wiped ? d == '0 : 48'($signed(d[UB-1:0])) == exc4 && 48'($signed(d[2*UB-1:UB])) == inhib4);
        end
        if (!flows) assert (!we);
    end
endmodule
