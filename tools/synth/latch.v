// latch.v - the library has one latch, transparent while CLK is high.
module \$_DLATCH_P_ (input E, input D, output Q);
    LATCH _TECHMAP_REPLACE_ (.CLK(E), .D(D), .Q(Q));
endmodule
module \$_DLATCH_N_ (input E, input D, output Q);
    wire e;
    INVX2 invert (.A(E), .Y(e));
    LATCH _TECHMAP_REPLACE_ (.CLK(e), .D(D), .Q(Q));
endmodule
