// f_arbiter - one of those who ask, and nobody sees four others served before it, whoever comes and goes.
module f_arbiter (
    input logic clk,
    input logic [4:0] ask,
    input logic ready
);
    (* hierconn *) logic [2:0] \dut.next ;
    logic rst, begun, take;
    logic [4:0] grant;
    logic [2:0] waits[5]; // others served since this one began to ask
    initial begun = 1'b0;
    assign rst = !begun;
    assign take = ready && grant != 5'd0;
    stoa_arbiter dut (.clk, .rst, .ask, .take, .grant);
    always_ff @(posedge clk) begin
        begun <= 1'b1;
        for (int i = 0; i < 5; i++)
            if (rst || !ask[i] || (take && grant[i])) waits[i] <= 3'd0;
            else if (take) waits[i] <= waits[i] + 3'd1;
    end
    always_comb
        if (begun) begin
            assert (\dut.next < 3'd5);
            assert ((grant & ~ask) == 5'd0);
            assert ((grant & (grant - 5'd1)) == 5'd0);
            assert ((grant != 5'd0) == (ask != 5'd0));
            for (int i = 0; i < 5; i++) begin
                assert (waits[i] <= 3'd4);
                if (waits[i] == 3'd4 && ask[i]) assert (grant[i]);
            end
        end
endmodule
