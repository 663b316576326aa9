#!/bin/sh
# readme-table.sh FIGURES README - puts the figures (JSON lines of tools/figures.sh) into the README's table, between
# its two markers, in place of what stood there.
set -eu
table=$(mktemp)
trap 'rm -f "$table"' EXIT
{
    echo '| figure | measured | asked or published | command |'
    echo '|---|---|---|---|'
    sed -n 's/^{"figure": "\(.*\)", "value": \(.*\), "unit": "\(.*\)", "asked": "\(.*\)", "command": "\(.*\)"}$/| \1 | \2 \3 | \4 | `\5` |/p' "$1"
} >"$table"
awk -v table="$table" '
    /^<!-- figures -->$/ { print; while ((getline line < table) > 0) print line; skip = 1 }
    /^<!-- end of figures -->$/ { skip = 0 }
    !skip && !/^<!-- figures -->$/ { print }' "$2" >"$2.new"
mv "$2.new" "$2"
