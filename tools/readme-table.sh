#!/bin/sh
# readme-table.sh FIGURES README [--anew] - puts the figures (JSON lines of tools/figures.sh) into the README's table, between its two
# markers. A figure whose name stands there takes the place of that row, others come at the end, in their order; rows of figures that
# were not measured stay. --anew: the table has these figures alone.
set -eu
rows=$(mktemp)
trap 'rm -f "$rows" "$2.new"' EXIT
sed -n 's/^{"figure": "\(.*\)", "value": \(.*\), "unit": "\(.*\)", "asked": "\(.*\)", "command": "\(.*\)"}$/| \1 | \2 \3 | \4 | `\5` |/p' "$1" >"$rows"
awk -v rows="$rows" -v anew="${3:-}" '
    function name(row) { return substr(row, 1, index(substr(row, 3), " | ") + 2) }
    BEGIN {
        while ((getline row < rows) > 0) {
            if (!(name(row) in now)) order[++count] = name(row)
            now[name(row)] = row
        }
    }
    /^<!-- figures -->$/ {
        print; print "| figure | measured | asked or published | command |"; print "|---|---|---|---|"
        table = 1
        next
    }
    /^<!-- end of figures -->$/ {
        for (k = 1; k <= count; k++) if (!(order[k] in done)) print now[order[k]]
        table = 0
    }
    !table { print; next }
    anew || /^\| figure \|/ || /^\|---/ { next }
    { of = name($0); print of in now ? now[of] : $0; done[of] }' "$2" >"$2.new"
mv "$2.new" "$2"
