// stoa_graded - what a graded packet adds over one synapse: weight times value, the part 2^-shift of it, towards 0
// (docs/arithmetic.md, section 4; st_graded of include/stoa/fix.h).
//
//     w, value ──*──> product ──+ what is below the point, if negative──>>> shift──> part
`default_nettype none
module stoa_graded #(
    parameter int WB = 8
) (
    input wire en, // else nothing moves, and part is 0
    input wire [WB-1:0] w,
    input wire [15:0] value,
    input wire [3:0] shift,
    output logic [31:0] part
);
    logic signed [31:0] product;
    logic [14:0] below;
    assign product = en ? 32'($signed(w)) * 32'($signed(value)) : 32'd0;
    assign below = product[31] ? ~(15'h7fff << shift) : 15'd0;
    assign part = (product + $signed({17'd0, below})) >>> shift;
endmodule
`default_nettype wire
