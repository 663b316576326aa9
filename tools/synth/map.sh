# map.sh - the Yosys commands that turn a design into cells of a Liberty file; asic.sh and equal.sh share them.
#
#     map LIBERTY CONSTR HERE [gated]      the design is read and its top is set
#
# share: options of the sharing pass; sized: of abc, in place of sizes and buffers
map() {
    cat <<YS
synth -flatten -nofsm ${share-} -run begin:fine
opt -fast -full
memory_map
opt -undriven -fine
${4:+opt_dff; techmap -map $3/gate.v; opt_merge -share_all; opt_clean}
techmap
opt -fast
simplemap
opt_merge -share_all
dfflibmap -liberty $1
techmap -map $3/latch.v
opt -fast
abc -liberty $1 ${sized--D 4000 -constr $2}
setundef -zero
splitnets
opt_clean -purge
YS
}
