// stoa_arrive - the way of a packet into the wheel: one input, and an event for each axon of its source, at its delay.
//
//     packet ─> input table: first axon? ─> link table: {delay, next axon?} ──> wheel, an axon a cycle
//               head                        link  ^────────next────────┘
//
// Two stages, and a new packet each cycle where sources have one axon; a source with more keeps what is behind it waiting, and so
// does a wheel that clears a word. An input without an axon says nothing. An input that the core has not, and a link without a
// delay or of an axon beyond the wheel's words, come of a bad packet or a bad table: dropped, and counted.
`default_nettype none
module stoa_arrive #(
    parameter int AXONS = 1024,
    parameter int INPUTS = 2048,
    parameter int SLOTS = 16,
    parameter int AW = $clog2(AXONS),
    parameter int IW = $clog2(INPUTS),
    parameter int SW = $clog2(SLOTS),
    parameter int WORDS = (AXONS + 31) / 32,
    parameter int WW = WORDS > 1 ? $clog2(WORDS) : 1
) (
    input wire clk,
    input wire rst,
    input wire [IW:0] inputs,      // how many the core has
    input wire [WW:0] words,       // of the wheel that its axons take
    input wire in_valid,
    output logic in_ready,
    input wire [15:0] in,
    output logic busy,
    output logic [1:0] bad,        // dropped in this cycle
    // to the wheel
    output logic set_valid,
    output logic [AW-1:0] set_axon,
    output logic [SW-1:0] set_delay,
    input wire set_ready,
    // configuration: inputs are {is there, axon}, links {is there a next, 7, delay 8, next axon 16}
    input wire cfg_input_we,
    input wire cfg_link_we,
    input wire cfg_input_re,
    input wire cfg_link_re,
    input wire [15:0] cfg_addr,
    input wire [31:0] cfg_wdata,
    output logic [31:0] cfg_rdata, // of what was read last
    input wire cfg_link
);
    logic head, link, moves, ends, goes_on, take, known_in, known_link, there, more, cfg_input, cfg_axon;
    logic [AW-1:0] first, next, axon;
    logic [SW-1:0] delay;

    assign cfg_input = cfg_input_we || cfg_input_re;
    assign cfg_axon = cfg_link_we || cfg_link_re;
    assign known_in = 17'(in) < 17'(inputs);
    assign known_link = delay != '0 && (WW + 1)'(axon >> 5) < words;
    assign goes_on = link && set_ready && more;
    assign ends = link && set_ready && !more;
    assign moves = head && (!there || !link || ends);
    assign in_ready = (!head || moves) && !cfg_input;
    assign take = in_valid && in_ready && known_in;
    assign busy = head || link;
    assign bad = 2'(in_valid && in_ready && !known_in) + 2'(link && set_ready && !known_link);
    assign set_valid = link && known_link;
    assign set_axon = axon;
    assign set_delay = delay;

    stoa_ram1 #(.WIDTH(AW + 1), .DEPTH(INPUTS)) heads (
        .clk, .ce(take || cfg_input), .we(cfg_input_we), .addr(cfg_input ? cfg_addr[IW-1:0] : in[IW-1:0]),
        .d({cfg_wdata[31], cfg_wdata[AW-1:0]}), .q({there, first})
    );
    stoa_ram1 #(.WIDTH(SW + AW + 1), .DEPTH(AXONS)) links (
        .clk, .ce(goes_on || (moves && there) || cfg_axon), .we(cfg_link_we),
        .addr(cfg_axon ? cfg_addr[AW-1:0] : goes_on ? next : first),
        .d({cfg_wdata[31], cfg_wdata[16+:SW], cfg_wdata[AW-1:0]}), .q({more, delay, next})
    );
    assign cfg_rdata = cfg_link ? {more, 7'd0, 8'(delay), 16'(next)} : {there, 15'd0, 16'(first)};

    always_ff @(posedge clk) begin
        if (rst) {head, link} <= 2'd0;
        else begin
            head <= take || (head && !moves);
            link <= (moves && there) || (link && !ends);
        end
        if (goes_on) axon <= next;
        else if (moves && there) axon <= first;
    end
endmodule
`default_nettype wire
