// stoa_tables.vh - the numbers of include/stoa/core.def and learn.def for the RTL; written by `make rtl-tables`.
`ifndef STOA_TABLES
`define STOA_TABLES

`define ST_FLIT_SPIKE 3'd0
`define ST_FLIT_ADDR 3'd1
`define ST_FLIT_WRITE 3'd2
`define ST_FLIT_READ 3'd3
`define ST_FLIT_REPLY 3'd4
`define ST_FLIT_TICK 3'd5

`define ST_REGION_CTRL 5'd0
`define ST_REGION_AXON 5'd1
`define ST_REGION_GROUP 5'd2
`define ST_REGION_EMIT 5'd3
`define ST_REGION_BLOCK 5'd4
`define ST_REGION_PROGRAM 5'd5
`define ST_REGION_TABLE 5'd6
`define ST_REGION_W 5'd7
`define ST_REGION_R 5'd8
`define ST_REGION_Q 5'd9
`define ST_REGION_STATE 5'd10
`define ST_REGION_COLUMN 5'd11
`define ST_REGION_RECORD 5'd12
`define ST_REGION_PRE 5'd13
`define ST_REGION_POST 5'd14
`define ST_REGION_MARK 5'd15
`define ST_REGION_WHEEL 5'd16
`define ST_REGION_ROUTE 5'd17
`define ST_REGION_PEAK 5'd18
`define ST_REGION_INPUT 5'd19
`define ST_REGION_LINK 5'd20
`define ST_REGION_JOIN 5'd21
`define ST_REGION_RULE 5'd22

`define ST_CONTROL_FLAGS 5'd0
`define ST_CONTROL_SEED_LOW 5'd1
`define ST_CONTROL_SEED_HIGH 5'd2
`define ST_CONTROL_TICK 5'd3
`define ST_CONTROL_PERIOD 5'd4
`define ST_CONTROL_PHASE 5'd5
`define ST_CONTROL_GROUPS 5'd6
`define ST_CONTROL_WORDS 5'd7
`define ST_CONTROL_AXONS 5'd8
`define ST_CONTROL_RANGE 5'd9
`define ST_CONTROL_STRIDE 5'd10
`define ST_CONTROL_LINE_ZERO 5'd11
`define ST_CONTROL_ENTRIES 5'd12
`define ST_CONTROL_EXCESS 5'd13
`define ST_CONTROL_TRACE 5'd14
`define ST_CONTROL_STREAM 5'd15
`define ST_CONTROL_DROPPED 5'd16
`define ST_CONTROL_INPUTS 5'd17

`define ST_CONTROL_FLAG_LEARN 0
`define ST_CONTROL_FLAG_RESETS 1
`define ST_CONTROL_FLAG_TRACE 2
`define ST_CONTROL_FLAG_REWARD_ALL 3
`define ST_CONTROL_FLAG_DRAWS 4
`define ST_CONTROL_FLAG_ELIGIBLE_RESETS 5
`define ST_CONTROL_FLAG_PLASTIC 6
`define ST_CONTROL_FLAG_MASKED 7

`define ST_RULE_FIRST 3'd0
`define ST_RULE_LINE 3'd1
`define ST_RULE_ENTRIES 3'd2
`define ST_RULE_EXCESS 3'd3
`define ST_RULE_TRACE 3'd4

`define ST_GROUP_STREAM 5'd0
`define ST_GROUP_RANGE 5'd1
`define ST_GROUP_BASE 5'd2
`define ST_GROUP_COLUMNS 5'd3
`define ST_GROUP_FLAGS 5'd4
`define ST_GROUP_THRESHOLD 5'd5
`define ST_GROUP_LEAK 5'd6
`define ST_GROUP_LEAK_STEP 5'd7
`define ST_GROUP_NOISE 5'd8
`define ST_GROUP_FLOOR 5'd9
`define ST_GROUP_FIRST_COLUMN 5'd10
`define ST_GROUP_BIAS 5'd11
`define ST_GROUP_RESET_VALUE 5'd12
`define ST_GROUP_VIGILANCE 5'd13
`define ST_GROUP_FREEZE 5'd14

`define ST_GROUP_FLAG_COMPETE 0
`define ST_GROUP_FLAG_RESETS 1
`define ST_GROUP_FLAG_SHUT 2
`define ST_GROUP_FLAG_HOLD 3
`define ST_GROUP_FLAG_SUBTRACT 4
`define ST_GROUP_FLAG_RECRUITS 5

`define ST_STANDING_LAST 2'd0
`define ST_STANDING_FRESH 2'd1
`define ST_STANDING_GOOD 2'd2
`define ST_STANDING_NEVER 2'd3

`define ST_PORT_EAST 0
`define ST_PORT_WEST 1
`define ST_PORT_NORTH 2
`define ST_PORT_SOUTH 3
`define ST_PORT_LOCAL 4

`define ST_OPERAND_S0 5'd0
`define ST_OPERAND_T0 5'd8
`define ST_OPERAND_A0 5'd12
`define ST_OPERAND_M 5'd15
`define ST_OPERAND_V0 5'd16
`define ST_OPERAND_R 5'd20
`define ST_OPERAND_RN 5'd21
`define ST_OPERAND_Q 5'd22
`define ST_OPERAND_QN 5'd23
`define ST_OPERAND_X 5'd24
`define ST_OPERAND_G 5'd25
`define ST_OPERAND_W 5'd26
`define ST_OPERAND_WN 5'd27
`define ST_OPERAND_ZERO 5'd31

`define ST_REDUCE_NONE 3'd0
`define ST_REDUCE_SUM0 3'd1
`define ST_REDUCE_SUM1 3'd2
`define ST_REDUCE_SUM2 3'd3
`define ST_REDUCE_MAX 3'd4

`define ST_ROUND_FLOOR 2'd0
`define ST_ROUND_NEAREST 2'd1
`define ST_ROUND_TOWARD_ZERO 2'd2
`define ST_ROUND_STOCHASTIC 2'd3

`define ST_OP_LI 5'd0
`define ST_OP_ADD 5'd1
`define ST_OP_SUB 5'd2
`define ST_OP_MUL 5'd3
`define ST_OP_SHL 5'd4
`define ST_OP_SHR 5'd5
`define ST_OP_MIN 5'd6
`define ST_OP_MAX 5'd7
`define ST_OP_AND 5'd8
`define ST_OP_OR 5'd9
`define ST_OP_LT 5'd10
`define ST_OP_SEL 5'd11
`define ST_OP_TAB 5'd12
`define ST_OP_RND 5'd13
`define ST_OP_EMIT 5'd14
`define ST_OP_PASS 5'd15
`define ST_OP_SKZ 5'd16
`define ST_OP_SKN 5'd17
`define ST_OP_END 5'd18
`endif
