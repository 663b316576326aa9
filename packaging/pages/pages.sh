#!/bin/sh
# pages.sh STOA OUT VERSION SHARE - manual pages (OUT/stoa*.1) and completions (OUT/stoa.bash, _stoa, stoa.fish), of what the
# command says of itself by --help. SHARE: where what ships will lie. SOURCE_DATE_EPOCH is the pages' date, if it is set.
set -eu
stoa=$1 out=$2 version=$3 share=$4
here=$(dirname "$0")
date=$(date -u -d "@${SOURCE_DATE_EPOCH:-$(date +%s)}" +%Y-%m-%d)
mkdir -p "$out"
names=$("$stoa" --help | sed -n 's/^  \([a-z][a-z]*\)  *.*/\1/p')
{
    "$stoa" --help
    for name in $names; do echo "@ $name" && "$stoa" "$name" --help; done
} | awk -f "$here/table.awk" >"$out/table"
for shell in bash zsh fish; do
    case $shell in bash) to=stoa.bash ;; zsh) to=_stoa ;; fish) to=stoa.fish ;; esac
    awk -v shell=$shell -v share="$share" -f "$here/complete.awk" "$out/table" >"$out/$to"
done
man() { awk -v name="$1" -v summary="$2" -v version="$version" -v date="$date" -v see="$3" -f "$here/man.awk" >"$out/$1.1"; }
see=
for name in $names; do
    see="$see${see:+,
}.BR stoa-$name (1)"
    "$stoa" "$name" --help | man "stoa-$name" "$(awk -F '\t' -v name="$name" '$1 == "command" && $2 == name { print $3 }' "$out/table")" ''
done
see=$(echo "$see" | sed 's/^\(\.BR .*\),$/\1 ,/; s/-/\\\\-/g')
"$stoa" --help | man stoa 'columnar spiking networks on neuromorphic fabrics' "$see"
