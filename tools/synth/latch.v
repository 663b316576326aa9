// latch.v - the library has one latch, transparent while CLK is high. The inverter is a gate like others, so that
// latches share it.
module \$_DLATCH_P_ (input E, input D, output Q);
    LATCH _TECHMAP_REPLACE_ (.CLK(E), .D(D), .Q(Q));
endmodule
module \$_DLATCH_N_ (input E, input D, output Q);
    wire e;
    \$_NOT_ invert (.A(E), .Y(e));
    LATCH _TECHMAP_REPLACE_ (.CLK(e), .D(D), .Q(Q));
endmodule
