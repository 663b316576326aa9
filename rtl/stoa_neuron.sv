// stoa_neuron - one tick of one neuron, in four stages (docs/arithmetic.md, section 5): the leaky family (models/leaky.h) and, with
// CURRENTS, beside stoa_currents, that of neurons with synaptic currents (models/currents.h).
//
//     1 gate, u * leak, draw    2 u - leak, leak_step, noise * draw    3 + bias, noise, input, saturate, floor
//     4 e = u - (H + excess)          with currents: 2 u * keep, towards 0     3 and what they add, in place of input
//
// Stage 1 takes what the memories gave; stage 4's outputs are written back by the caller. closed: no step is made.
`default_nettype none
module stoa_neuron #(
    parameter int UB = 24,
    parameter int CURRENTS = 0
) (
    input wire clk,
    // of the group, steady
    input wire shut_by_default,
    input wire hold,            // a closed neuron keeps its potential
    input wire [23:0] threshold,
    input wire flows,           // it has currents
    input wire [16:0] leak,     // 0 .. 65,536; with currents what a leak leaves
    input wire [24:0] leak_step,
    input wire [25:0] bias,     // signed
    input wire [15:0] noise,
    input wire [31:0] floor_u,
    input wire [63:0] key,
    // stage 1
    input wire valid,
    input wire [15:0] index,
    input wire [UB-1:0] u,
    input wire [15:0] gate,
    input wire blocked,
    input wire [31:0] acc,
    input wire [14:0] shut,
    input wire [14:0] open,
    input wire [23:0] excess,
    // stage 3
    input wire [UB:0] gained,   // by currents, signed
    output logic [24:0] limit,  // H + excess
    // stage 4
    output logic closed4,
    output logic [UB-1:0] u4,
    output logic [15:0] gate4,
    output logic [26:0] e4       // signed
);
    // --- stage 1 ---
    logic [15:0] g, left, draw;
    logic shut_now;
    assign left = gate[15] ? 16'd0 - gate : 16'd0;
    assign g = shut != 15'd0 ? 16'd0 - ({1'b0, shut} > left ? {1'b0, shut} : left)
             : open != 15'd0 ? ($signed(gate) > $signed({1'b0, open}) ? gate : {1'b0, open})
             : gate;
    assign shut_now = g[15] || (g == 16'd0 && shut_by_default);
    stoa_draw noise_draw (.key, .index, .draw);

    logic closed1, valid1;
    logic [UB-1:0] u1;
    logic [15:0] gate1, draw1;
    logic [24:0] limit1, limit2, limit3;
    logic signed [41:0] part1;
    logic [31:0] acc1;
    always_ff @(posedge clk) begin
        valid1 <= valid;
        if (valid) begin
            closed1 <= shut_now || blocked;
            gate1 <= g[15] ? g + 16'd1 : g == 16'd0 ? g : g - 16'd1;
            u1 <= u;
            part1 <= 42'($signed(u)) * 42'($signed({1'b0, leak}));
            draw1 <= draw;
            limit1 <= {1'b0, threshold} + {1'b0, excess};
            acc1 <= acc;
        end
    end

    // --- stage 2 ---
    logic closed2, valid2;
    logic [UB-1:0] u2;
    logic [15:0] gate2, noise2;
    logic signed [26:0] left_over, kept, step, v, v2;
    logic with_currents;
    assign with_currents = CURRENTS != 0 && flows;
    assign kept = 27'(part1 >>> 16) + 27'(part1[41] && part1[15:0] != 16'd0); // towards 0
    logic [31:0] acc2, product;
    assign step = {2'b00, leak_step};
    assign left_over = 27'($signed(u1)) - 27'(part1 >>> 16);
    assign v = left_over > step ? left_over - step
             : left_over < -step ? left_over + step
             : 27'd0;
    assign product = noise * draw1;
    always_ff @(posedge clk) begin
        valid2 <= valid1;
        if (valid1) begin
            closed2 <= closed1;
            gate2 <= gate1;
            u2 <= u1;
            v2 <= with_currents ? kept : v;
            noise2 <= product[31:16];
            limit2 <= limit1;
            acc2 <= (with_currents ? 32'd0 : acc1) + 32'($signed(bias)); // within 32 bits: section 4
        end
    end

    // --- stage 3 ---
    logic [15:0] gate3;
    logic closed3;
    logic [UB-1:0] u3;
    logic signed [34:0] sum, high, low, limited, base;
    assign sum = 35'(v2) + $signed({19'd0, noise2}) + 35'($signed(acc2)) + (with_currents ? 35'($signed(gained)) : 35'sd0);
    assign high = (35'sd1 <<< (UB - 1)) - 35'sd1;
    assign low = -(35'sd1 <<< (UB - 1));
    assign base = 35'($signed(floor_u));
    assign limit = limit2;
    assign limited = sum > high ? high : sum < low ? low : sum;
    always_ff @(posedge clk)
        if (valid2) begin
            closed3 <= closed2;
            gate3 <= gate2;
            u3 <= closed2 ? (hold ? u2 : '0) : limited < base ? base[UB-1:0] : limited[UB-1:0];
            limit3 <= limit2;
        end

    // --- stage 4 ---
    assign closed4 = closed3;
    assign u4 = u3;
    assign gate4 = gate3;
    assign e4 = 27'($signed(u3)) - {2'b00, limit3};
endmodule
`default_nettype wire
