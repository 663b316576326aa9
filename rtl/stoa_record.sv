// stoa_record - what an event does to a record (docs/arithmetic.md, section 6).
//
//     stage 1: gap since the last event; history is ready; a trace asks the table     stage 2: the record to write
//              with VALUES: the event's value, or one event more in this presentation, in place of a history
`default_nettype none
module stoa_record #(
    parameter int VALUES = 0
) (
    input wire clk,
    input wire [31:0] now,
    // stage 1
    input wire trace,            // its record decays, else it is a history
    input wire [1:0] keeps,      // or else {a count of events in this presentation, the value of the last}
    input wire [15:0] value,     // that the event brings
    input wire [14:0] phase,     // ticks since the presentation began: where events are counted, it has no more
    input wire valid,
    input wire [47:0] record,
    output logic [15:0] gap,      // as a program sees it
    output logic ask,
    output logic [15:0] ask_a,
    // stage 2
    input wire trace2,           // likewise, of what was in stage 1
    input wire [15:0] step,
    input wire [15:0] decay,
    output logic [47:0] updated
);
    logic [31:0] since;
    logic [15:0] x, x2, history, kept, history2;
    logic signed [31:0] product;
    logic signed [17:0] sum;
    assign since = now + 32'd1 - record[31:0];
    assign gap = record[31:0] == 32'd0 || since > 32'd32767 ? 16'd32767 : since[15:0];
    assign x = record[47:32];
    assign history = gap > 16'd15 ? 16'd1 : (x << gap[3:0]) | 16'd1;
    generate
        if (VALUES != 0) begin : g_values
            logic [15:0] more;
            assign more = gap > {1'b0, phase} ? 16'd1 : x == 16'd32767 ? x : x + 16'd1; // none of an earlier presentation
            assign kept = keeps[0] ? value : keeps[1] ? more : history;
        end else begin : g_no_values
            logic unused;
            assign unused = &{1'b0, keeps, value, phase};
            assign kept = history;
        end
    endgenerate
    assign ask = valid && trace;
    assign ask_a = gap > 16'd255 ? 16'd255 : gap;
    always_ff @(posedge clk)
        if (valid) begin
            x2 <= x;
            history2 <= kept;
        end
    assign product = 32'($signed(x2)) * 32'($signed(decay));
    assign sum = 18'(product >>> 15) + 18'($signed(step));
    assign updated[47:32] = !trace2 ? history2
                          : sum[17:15] == 3'd0 || sum[17:15] == 3'd7 ? sum[15:0]
                          : {sum[17], {15{!sum[17]}}};
    assign updated[31:0] = now + 32'd1;
endmodule
`default_nettype wire
