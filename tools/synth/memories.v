// memories.v - the memories as black boxes: what synthesis for standard cells sees of stoa_ram1, stoa_ram1m,
// stoa_ram2 and stoa_ram2m. macros.awk gives each geometry a module name of its own afterwards.
(* blackbox, dynports *)
module stoa_ram1 #(parameter WIDTH = 8, parameter DEPTH = 256, parameter AW = DEPTH > 1 ? $clog2(DEPTH) : 1)
  (input clk, input ce, input we, input [AW-1:0] addr, input [WIDTH-1:0] d, output [WIDTH-1:0] q);
endmodule

(* blackbox, dynports *)
module stoa_ram2 #(parameter WIDTH = 8, parameter DEPTH = 256, parameter AW = DEPTH > 1 ? $clog2(DEPTH) : 1)
  (input clk, input re, input [AW-1:0] raddr, output [WIDTH-1:0] q, input we, input [AW-1:0] waddr,
   input [WIDTH-1:0] d);
endmodule

(* blackbox, dynports *)
module stoa_ram2m #(parameter WIDTH = 32, parameter DEPTH = 256, parameter AW = DEPTH > 1 ? $clog2(DEPTH) : 1)
  (input clk, input re, input [AW-1:0] raddr, output [WIDTH-1:0] q, input we, input [AW-1:0] waddr, input [WIDTH-1:0] d,
   input [WIDTH-1:0] mask);
endmodule

(* blackbox, dynports *)
module stoa_ram1m #(parameter WIDTH = 32, parameter DEPTH = 256, parameter AW = DEPTH > 1 ? $clog2(DEPTH) : 1)
  (input clk, input ce, input we, input [AW-1:0] addr, input [WIDTH-1:0] d, input [WIDTH-1:0] mask, output [WIDTH-1:0] q);
endmodule
