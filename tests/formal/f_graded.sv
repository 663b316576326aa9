// f_graded - what a graded packet adds is its line of docs/arithmetic.md (section 4), for all weights, values and shifts.
//
// FACTORS 0: the product is cut, so whatever it is, what comes after is right. FACTORS 1: it is the product of weight and value.
module f_graded #(
    parameter int WB = 16,
    parameter int FACTORS = 0
) (
    input logic en,
    input logic [WB-1:0] w,
    input logic [15:0] value,
    input logic [3:0] shift
);
    (* hierconn *) logic signed [31:0] \dut.product ;
    logic [31:0] part;
    stoa_graded #(.WB(WB)) dut (.en, .w, .value, .shift, .part);
    logic signed [47:0] product, wanted;
    always_comb begin
        product = 48'(\dut.product );
        wanted = product < 48'sd0 ? -(-product >>> shift) : product >>> shift;
        if (FACTORS != 0) assert (product == (en ? 48'($signed(w)) * 48'($signed(value)) : 48'sd0));
        else begin
            assume (product <= 48'sh40000000 && product >= -48'sh40000000); // 16 bits by 16
            assert (part == wanted[31:0]);
        end
    end
endmodule
