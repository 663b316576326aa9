// stoa_must.vh - what a module's parameters must fulfil, said while it is elaborated: `ST_MUST(what must hold, name, text),
// inside of a generate. Only Verilator has $error for that; elsewhere a module is missing, and its name says what is wrong.
`ifndef STOA_MUST
`define STOA_MUST
`ifdef VERILATOR
`define ST_MUST(ok, name, text) if (!(ok)) begin : g_``name $error(text); end
`else
`define ST_MUST(ok, name, text) if (!(ok)) begin : g_``name name here(); end
`endif
`endif
