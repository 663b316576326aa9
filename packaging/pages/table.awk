# table.awk - what `stoa --help` and `stoa COMMAND --help` print, as lines with tabs for whoever makes manuals and completions
# of it:
#
#     command NAME SUMMARY              option NAME OPTION ARGUMENT DESCRIPTION        (an option has one line for each name)
#
# Input: the text of `stoa --help`, then for each command a line "@ NAME" and the text of its --help.
BEGIN { OFS = "\t" }

function put_options(left, text,    n, word, i, name) {
    n = split(left, word, /,? +/)
    for (i = 1; i <= n; i++)
        if (word[i] ~ /^-/) {
            name = word[i]
            seen[command, name] = 1
            count++
            option[count] = name; argument[count] = ""; said[count] = text
        } else if (count)
            argument[count] = word[i]
}
function flush(    i) {
    for (i = 1; i <= count; i++) print "option", command, option[i], argument[i], said[i]
    count = first = 0
}
function finish(    i, n, word, from) { # options that only the usage names
    flush()
    n = split(usage, word, /( |\[|\]|\|)+/)
    for (i = 1; i <= n; i++) {
        if (word[i] !~ /^--?[a-z]/ || (command, word[i]) in seen) continue
        seen[command, word[i]] = 1
        print "option", command, word[i], (word[i + 1] ~ /^[A-Z]/ ? word[i + 1] : ""), ""
    }
    usage = ""
}

/^@ / { if (command) finish(); command = $2; in_usage = 0; next }
!command && /^  [a-z]+ +/ { name = $1; sub(/^  [a-z]+ +/, ""); print "command", name, $0; next }
!command { next }
/^usage: / { in_usage = 1 }
in_usage && /^$/ { in_usage = 0 }
in_usage { line = $0; sub(/  +\(.*/, "", line); usage = usage " " line; next }
/^  -/ {
    flush()
    line = substr($0, 3)
    at = match(line, /  +/)
    left = at ? substr(line, 1, at - 1) : line
    text = at ? substr(line, at + RLENGTH) : ""
    if (!at && (at = match(line, /^--[a-z]+ [A-Z]+ [a-z]/))) { # its argument is as long as the column
        left = substr(line, 1, RLENGTH - 2); text = substr(line, RLENGTH)
    }
    while (match(text, /^-[^ ]+( [A-Z][^ ]*)?  +/)) { # another option on the line
        left = left " " substr(text, 1, RLENGTH); text = substr(text, RLENGTH + 1)
    }
    sub(/ +$/, "", left)
    put_options(left, text)
    next
}
/^        / && count { line = $0; sub(/^ +/, "", line); for (i = 1; i <= count; i++) said[i] = said[i] (said[i] ? " " : "") line; next }
{ flush() }
END { finish() }
