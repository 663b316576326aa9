// f_draw - the draw of docs/arithmetic.md, section 2: shifts and adds are the three multiplications.
//
// STEP n looks at one multiplication; what goes into it is cut, so it is anything.
module f_draw #(
    parameter int STEP = 1
) (
    input logic [63:0] key,
    input logic [15:0] index
);
    logic [15:0] draw;
    (* hierconn *) logic [15:0] \dut.a ;
    (* hierconn *) logic [15:0] \dut.b ;
    (* hierconn *) logic [15:0] \dut.c ;
    (* hierconn *) logic [15:0] \dut.d ;
    (* hierconn *) logic [15:0] \dut.e ;
    (* hierconn *) logic [15:0] \dut.f ;
    stoa_draw dut (.key, .index, .draw);
    always_comb begin
        if (STEP == 0) begin
            assert (\dut.a == (index ^ key[15:0]));
            assert (\dut.c == 16'((\dut.b ^ {7'd0, \dut.b [15:7]}) + key[31:16]));
            assert (\dut.e == 16'((\dut.d ^ {6'd0, \dut.d [15:6]}) + key[47:32]));
            assert (draw == (\dut.f ^ {8'd0, \dut.f [15:8]} ^ key[63:48]));
        end
        if (STEP == 1) assert (\dut.b == 16'(\dut.a * 16'h00eb));
        if (STEP == 2) assert (\dut.d == 16'(\dut.c * 16'h0029));
        if (STEP == 3) assert (\dut.f == 16'(\dut.e * 16'hf161));
    end
endmodule
