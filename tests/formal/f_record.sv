// f_record - an event's mark on a record is its page of docs/arithmetic.md (section 6), for all records and moments.
//
// FACTORS 0: the product is cut, so whatever it is, what comes after is right. FACTORS 1: it is the product of x and
// decay.
module f_record #(
    parameter int FACTORS = 0,
    parameter int VALUES = 0
) (
    input logic clk,
    input logic valid,
    input logic trace,  // of stage 1 and of stage 2, each its rule.s
    input logic trace2,
    input logic [47:0] record,
    input logic [1:0] keeps, // {count, value}: neither, where it decays
    input logic [15:0] brings,
    input logic [15:0] decay
);
    (* anyconst *) logic signed [15:0] step;
    (* anyconst *) logic [31:0] now;
    (* anyconst *) logic [14:0] phase;
    (* hierconn *) logic signed [31:0] \dut.product ;
    (* hierconn *) logic [15:0] \dut.x2 ;
    logic [15:0] gap, ask_a;
    logic ask;
    logic [47:0] updated;
    stoa_record #(.VALUES(VALUES)) dut (.clk, .now, .trace, .keeps, .value(brings), .phase, .valid, .record, .gap, .ask, .ask_a, .trace2, .step, .decay, .updated);
    logic [63:0] age, bits;
    logic signed [63:0] value;
    logic signed [15:0] x1;
    logic [15:0] bits1;
    logic valid1;
    initial valid1 = 1'b0;
    always_comb begin
        // a record holds the tick of the last event + 1, 0 for none
        age = record[31:0] == 32'd0 ? 64'd32767 : {32'd0, 32'(now + 32'd1 - record[31:0])};
        if (record[31:0] != 32'd0) assume (record[31:0] <= now && now != 32'hffffffff);
        if (age > 64'd32767) age = 64'd32767;
        bits = age > 64'd15 ? 64'd1 : ({48'd0, record[47:32]} << age) | 64'd1;
        assume (keeps != 2'd3);
        if (VALUES != 0 && keeps == 2'd1) bits = {48'd0, brings};
        if (VALUES != 0 && keeps == 2'd2) begin // x never is more than 32767, nor below 0
            assume (!record[47]);
            bits = age > 64'(phase) ? 64'd1 : record[47:32] == 16'd32767 ? 64'd32767 : 64'(record[47:32]) + 64'd1;
        end
        if (FACTORS != 0) assert (64'(\dut.product ) == 64'($signed(\dut.x2 )) * 64'($signed(decay)));
        else begin
            assert (gap == age[15:0]);
            assert (ask == (valid && trace));
            assert (ask_a == (age > 64'd255 ? 16'd255 : age[15:0]));
        end
        value = (64'(\dut.product ) >>> 15) + 64'(step);
        if (value > 64'sd32767) value = 64'sd32767;
        if (value < -64'sd32768) value = -64'sd32768;
        if (valid1 && FACTORS == 0) begin
            assert (\dut.x2 == x1);
            assert (updated[31:0] == now + 32'd1);
            if (trace2) assert (updated[47:32] == value[15:0]);
            else assert (updated[47:32] == bits1);
        end
    end
    always_ff @(posedge clk) begin
        valid1 <= valid;
        if (valid) begin
            x1 <= record[47:32];
            bits1 <= bits[15:0];
        end
    end
endmodule
