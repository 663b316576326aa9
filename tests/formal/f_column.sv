// f_column - who of a column fires is who section 5 of docs/arithmetic.md says, for columns of any length, all standings, potentials
// and any neurons that are shut or not reached.
//
// One neuron of the column is watched, any one: whoever is taken at the column's end goes before it, or is it. And whoever is
// taken may be. Numbers are compared in 40 bits, as in include/stoa/recruit.h.
module f_column (
    input logic clk,
    input logic valid,
    input logic closed,
    input logic forced,
    input logic [1:0] standing,
    input logic signed [26:0] match,
    input logic signed [26:0] e,
    input logic ends,
    input logic watch            // this is the neuron
);
    (* anyconst *) logic compete, recruits;
    logic begun;
    initial begun = 1'b0;
    always_ff @(posedge clk) begun <= 1'b1;
    logic candidate, better, best_valid;
    stoa_column dut (
        .clk, .rst(!begun), .compete, .recruits, .valid, .closed, .forced, .standing, .match, .e, .ends, .candidate, .better, .best_valid);

    // what the page says of a neuron: whether it may be taken, and its rank, without a teacher and with one
    typedef struct packed {
        logic may, may_taught;
        logic signed [39:0] e, rank;
    } neuron_t;
    neuron_t now, watched, best;
    logic signed [39:0] by;
    assign by = standing == 2'd1 ? 40'(e) : 40'(match);
    assign now.may = !closed && e >= 0;
    assign now.may_taught = !closed && forced && standing != 2'd3;
    assign now.e = 40'(e);
    assign now.rank = (40'({38'd0, standing}) <<< 32) + by;

    logic seen, taught, taken_later; // the watched one has passed; forcing reached one; the best came after the watched one
    always_ff @(posedge clk)
        if (!begun || ends) begin
            seen <= 1'b0;
            taught <= 1'b0;
            taken_later <= 1'b0;
        end else if (valid) begin
            taught <= taught || (recruits && forced);
            if (better) best <= now;
            if (watch) begin
                seen <= 1'b1;
                watched <= now;
            end
            if (better) taken_later <= seen; // not by the watched one itself
        end

    (* hierconn *) logic [28:0] \dut.best ;
    (* hierconn *) logic \dut.taught ;
    logic signed [39:0] value;
    assign value = {{13{!\dut.best [26]}}, !\dut.best [26], \dut.best [25:0]};
    always_comb begin
        assume (!(valid && ends));
        assume (compete || !recruits);
        assume (!watch || (valid && !seen));
        if (begun && valid) assert (candidate == now.may);
        if (begun && !compete) assert (!best_valid);
        // at a column's end, and so far at any moment before
        if (begun && compete) begin
            if (best_valid) assert (taught ? best.may_taught : best.may);
            if (seen && (taught ? watched.may_taught : watched.may)) begin
                assert (best_valid);
                if (taught) assert (best.rank > watched.rank || (best.rank == watched.rank && !taken_later));
                else assert (best.e > watched.e || (best.e == watched.e && !taken_later));
            end
            // what makes it provable step by step: what is kept is the best's
            assert (taught == \dut.taught && (recruits || !taught));
            if (seen && recruits && watched.may_taught) assert (taught);
            assert (seen || !taken_later);
            if (best_valid && taught) assert (best.rank == ({38'd0, \dut.best [28:27]} <<< 32) + value);
            if (best_valid && !taught) assert (best.e == {11'd0, \dut.best });
        end
    end
endmodule
