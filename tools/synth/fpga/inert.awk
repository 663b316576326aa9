# inert.awk - a module with the same ports that does nothing: all outputs zero. A core that only infers is the core
# with stoa_learn, stoa_traces, stoa_table, stoa_record and stoa_turns made inert (stoa_sip: without noise); what only
# they used is then optimized away.
{ print }
/^ *output logic/ {
    name = $NF == "," ? $(NF - 1) : $0
    sub(/ *\/\/.*/, "", name)
    sub(/,? *$/, "", name)
    sub(/.* /, "", name)
    outputs[++n] = name
}
/^\);/ {
    for (i = 1; i <= n; i++) print "    assign " outputs[i] " = '0;"
    print "endmodule"
    exit
}
