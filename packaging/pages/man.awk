# man.awk - the text of `stoa COMMAND --help` as a manual page. -v name=stoa-COMMAND -v summary=.. -v version=.. -v date=..
# -v see=what else to read.
#
# A help begins with examples, each with what it does indented below; then usage, options, and what else there is to say.
function quiet(s) { gsub(/\\/, "\\e", s); gsub(/-/, "\\-", s); if (s ~ /^[.']/) s = "\\&" s; return s }
function section(s) { if (s != now) print ".SH " s; else if (gap) print ".PP"; now = s; gap = 0 }
BEGIN {
    printf ".TH %s 1 \"%s\" \"stoa %s\" \"Stoa\"\n.SH NAME\n%s \\- %s\n", toupper(quiet(name)), date, version, quiet(name), quiet(summary)
    part = "example"
}
/^usage: / { print ".SH SYNOPSIS\n.nf"; part = "usage" }
part == "usage" && /^$/ { print ".fi\n.SH EXAMPLES" example; part = "rest"; now = "EXAMPLES"; next }
part == "usage" { sub(/^usage: |^       /, ""); print quiet($0); next }
part == "example" && /^ / { sub(/^ +/, ""); example = example (verbatim ? "\n.fi" : "") "\n" quiet($0); verbatim = 0; next }
part == "example" && $0 != "" { example = example (verbatim ? "" : (example ? "\n.PP" : "") "\n.nf") "\n" quiet($0); verbatim = 1; next }
part == "example" { next }
/^Exit: / { section("EXIT STATUS"); sub(/^Exit: /, "") }
/^$/ { gap = 1; next }
/^  [^ ]/ {
    if (now != "OPTIONS" && now != "COMMANDS") section(name == "stoa" ? "COMMANDS" : "OPTIONS")
    gap = 0
    line = substr($0, 3)
    at = match(line, /  +/)
    left = at ? substr(line, 1, at - 1) : line
    text = at ? substr(line, at + RLENGTH) : ""
    if (!at && match(line, /^--[a-z]+ [A-Z]+ [a-z]/)) { # its argument is as long as the column
        left = substr(line, 1, RLENGTH - 2); text = substr(line, RLENGTH)
    }
    print ".TP\n\\fB" quiet(left) "\\fR"
    if (text) print quiet(text)
    next
}
/^        / { sub(/^ +/, ""); print quiet($0); next }
{ if (now == "EXIT STATUS") print quiet($0); else { if (now != "NOTES") section("NOTES"); else if (gap) section("NOTES"); print quiet($0) } }
END {
    if (part == "usage") print ".fi\n.SH EXAMPLES" example
    print ".SH SEE ALSO\n" (see ? see : ".BR stoa (1)")
}
