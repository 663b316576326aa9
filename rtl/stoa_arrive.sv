// stoa_arrive - the way of a packet into the wheel: one input, and an event for each axon of its source, at its delay.
//
//     packet ─> input table: first axon? ─> link table: {delay, next axon?} ──> wheel, an axon a cycle
//               head                        link  ^────────next────────┘
//
// Two stages, and a new packet each cycle where sources have one axon; a source with more keeps what is behind it waiting, and so
// does a wheel that clears a word. An input without an axon says nothing. An input that the core has not, and a link without a
// delay or of an axon beyond the wheel's words, come of a bad packet or a bad table: dropped, and counted. With VALUES the value of a
// packet goes along, and a link says whether its axon takes it.
`default_nettype none
module stoa_arrive #(
    parameter int AXONS = 1024,
    parameter int INPUTS = 2048,
    parameter int SLOTS = 16,
    parameter int VALUES = 0,
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
    input wire [15:0] in_value,
    output logic busy,
    output logic [1:0] bad,        // dropped in this cycle
    // to the wheel
    output logic set_valid,
    output logic [AW-1:0] set_axon,
    output logic [SW-1:0] set_delay,
    output logic set_graded,       // the axon takes the value that the packet brings
    output logic [15:0] set_value,
    input wire set_ready,
    // configuration: inputs are {is there, axon}, links {is there a next, graded, 6, delay 8, next axon 16}
    input wire cfg_input_we,
    input wire cfg_link_we,
    input wire cfg_input_re,
    input wire cfg_link_re,
    input wire [15:0] cfg_addr,
    input wire [31:0] cfg_wdata,
    output logic [31:0] cfg_rdata, // of what was read last
    input wire cfg_link
);
    localparam int EW = SW + AW + 1 + (VALUES != 0 ? 1 : 0); // {graded, is there a next, delay, next axon}
    logic head, link, moves, ends, goes_on, take, known_in, known_link, there, more, graded, cfg_input, cfg_axon;
    logic [AW-1:0] first, next, axon;
    logic [SW-1:0] delay;
    logic [EW-1:0] entry;

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
    stoa_ram1 #(.WIDTH(EW), .DEPTH(AXONS)) links (
        .clk, .ce(goes_on || (moves && there) || cfg_axon), .we(cfg_link_we),
        .addr(cfg_axon ? cfg_addr[AW-1:0] : goes_on ? next : first),
        .d(EW'({cfg_wdata[30], cfg_wdata[31], cfg_wdata[16+:SW], cfg_wdata[AW-1:0]})), .q(entry)
    );
    assign {more, delay, next} = entry[SW+AW:0];
    generate
        if (VALUES != 0) begin : g_values
            logic [15:0] head_value, link_value; // a value goes along with its packet
            always_ff @(posedge clk) begin
                if (take) head_value <= in_value;
                if (moves && there) link_value <= head_value;
            end
            assign graded = entry[EW-1];
            assign set_value = link_value;
        end else begin : g_no_values
            logic unused;
            assign unused = &{1'b0, in_value};
            assign graded = 1'b0;
            assign set_value = 16'd0;
        end
    endgenerate
    assign set_graded = graded;
    assign cfg_rdata = cfg_link ? {more, graded, 6'd0, 8'(delay), 16'(next)} : {there, 15'd0, 16'(first)};

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
