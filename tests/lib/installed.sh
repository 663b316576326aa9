#!/bin/sh
# installed.sh - the installed tree, as a stranger has it: moved to another place, in another folder, with its own compiler
# flags. What the library shows is what its header and its map say. Closes as cmocka does, so that the runner can count.
set -u
here=$(cd "$(dirname "$0")/../.." && pwd)
cd "$here" || exit 1
b=build/release
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0

said() { # NAME: the result of the last command
    if [ "$?" = 0 ]; then echo "[       OK ] $1"; else echo "[  FAILED  ] $1"; failed=$((failed + 1)); cat "$work/log" 2>/dev/null; fi
}
build() { make -s --no-print-directory "$@" >"$work/log" 2>&1; }

# --- what the library shows -----------------------------------------------------------------------------------------
build lib
said 'the library builds'
[ "stoa $(sed -n 's/^#define STOA_VERSION_[A-Z]* \([0-9]*\)$/\1/p' include/stoa.h | paste -sd.)" = "$($b/stoa --version)" ]
said 'the header has the version of the command'
# every function that the header declares, without comments and what is defined in it
grep -v '^ *#' include/stoa.h | tr '\n' ' ' | sed 's,/\*\([^*]\|\*[^/]\)*\*/,,g' | grep -o 'STOA_API [^;]*;' |
    sed 's/^STOA_API [^(]*[ *]\(stoa_[a-z_]*\)(.*/\1/' | sort >"$work/header"
sed -n 's/^ *\(stoa_[a-z_]*\);$/\1/p' lib/libstoa.map | sort >"$work/map"
nm -D --defined-only $b/libstoa.so | sed -n 's/.* T \(stoa_[a-z_]*\)@@STOA_.*/\1/p' | sort >"$work/shared"
[ "$(wc -l <"$work/header")" -gt 50 ] && diff "$work/header" "$work/map" >"$work/log" && diff "$work/map" "$work/shared" >"$work/log"
said 'header, map and shared object have the same functions'
nm -D --defined-only $b/libstoa.so | awk '$2 != "A" && $3 !~ /^stoa_[a-z_]*@@STOA_[0-9.]*$/ { print; bad = 1 } END { exit bad }' >"$work/log"
said 'the shared object shows nothing else, and each with a version'
objdump -p $b/libstoa.so | grep -q 'SONAME *libstoa.so.0$'
said 'its name has the number of its ABI'
nm -g --defined-only $b/public/libstoa.a | awk 'NF == 3 { print $3 }' | sort | diff "$work/map" - >"$work/log"
said 'the archive shows the same'
# whatever can be written when nobody runs: three hooks of tests, and nothing else
nm -A $b/libstoa.a 2>/dev/null | awk '$(NF - 1) ~ /^[bBC]$/ { print $NF }' | sort >"$work/bss"
objdump -t $b/libstoa.a 2>/dev/null | awk '$3 == "O" || $4 == "O" { for (i = 1; i <= NF; i++) if ($i == ".data") print $NF }' | sort >"$work/data"
printf '%s\n' st_alloc_hook st_file_hook >"$work/hooks"
{ diff "$work/hooks" "$work/bss" && echo st_arena_chunk_bytes | diff - "$work/data"; } >"$work/log"
said 'nothing beneath the library is written but by its handles'

# --- the tree -------------------------------------------------------------------------------------------------------
build install prefix=/opt/stoa "DESTDIR=$work/first" && mv "$work/first/opt/stoa" "$work/tree"
said 'it is installed, and moved'
tree=$work/tree
PKG_CONFIG_PATH=$tree/lib/pkgconfig
export PKG_CONFIG_PATH
flags() { pkg-config --define-prefix "$@" stoa; }
cd "$work" || exit 1
export LD_LIBRARY_PATH="$tree/lib"

for cc in gcc clang; do
    command -v $cc >/dev/null || continue
    for name in first_spike mistake build; do
        # shellcheck disable=SC2046
        $cc -std=c99 -Wall -Wextra -Wpedantic -Wconversion -Werror "$tree/share/doc/stoa/examples/$name.c" $(flags --cflags --libs) \
            -o "$work/$name" >"$work/log" 2>&1 && "$work/$name" >"$work/out" 2>"$work/log"
        said "examples/$name.c by $cc"
        case $name in first_spike) want='^tick 1: L 0$' ;; build) want='^1001 spikes; the last at tick 2001: 0$' ;; mistake) want="did you mean 'Layer'" ;; esac
        grep -q "$want" "$work/out"
        said "examples/$name.c by $cc says what it is to say"
    done
done
# shellcheck disable=SC2046
g++ -std=c++14 -Wall -Wextra -Wpedantic -Werror "$tree/share/doc/stoa/examples/learn.cpp" $(flags --cflags --libs) -o "$work/learn" \
    >"$work/log" 2>&1 && "$work/learn" >"$work/log" 2>&1
said 'examples/learn.cpp'
# shellcheck disable=SC2046
gcc "$tree/share/doc/stoa/examples/first_spike.c" $(flags --cflags) "$tree/lib/libstoa.a" $(flags --static --libs | sed 's/-lstoa//') \
    -o "$work/alone" >"$work/log" 2>&1 && ! ldd "$work/alone" | grep -q libstoa && XDG_DATA_DIRS=$tree/share "$work/alone" >"$work/log" 2>&1
said 'examples/first_spike.c with the archive'

"$tree/bin/stoa" check colanet -f stoa-1-large >"$work/log" 2>&1
said 'the installed command finds what ships from any folder'
"$tree/bin/stoa" train mnist --data "$here/data" --copies 1 --limit 100 --ask 50 --out "$work/run" >"$work/log" 2>&1 &&
    [ -s "$work/run/report.html" ]
said 'it trains an experiment that ships'
python=$(dirname "$(find "$tree/lib" -path '*dist-packages/stoa' -type d)")
PYTHONPATH=$python STOA_INSTALLED=1 /usr/bin/python3 "$tree/share/doc/stoa/examples/first_spike.py" >"$work/log" 2>&1
said 'the installed Python package finds the library and what ships'

# --- manuals, completions --------------------------------------------------------------------------------------------
"$tree/bin/stoa" --help | sed -n 's/^  \([a-z][a-z]*\)  *.*/\1/p' >"$work/commands"
(while read -r name; do [ -s "$tree/share/man/man1/stoa-$name.1" ] || echo "no page of $name"; done) <"$work/commands" >"$work/log"
[ "$(wc -l <"$work/commands")" -gt 10 ] && [ ! -s "$work/log" ] && grep -q 'stoa\\-train' "$tree/share/man/man1/stoa.1"
said 'each command has a manual page'
if command -v mandoc >/dev/null; then
    mandoc -T lint -W warning "$tree"/share/man/man1/*.1 >"$work/log" 2>&1
    said 'manual pages are well formed'
fi
# every option of every --help is in every completion
complete=$tree/share
(while read -r name; do
    "$tree/bin/stoa" "$name" --help | grep -o '^  --[a-z-]*' | tr -d ' ' | while read -r option; do
        awk -v c="$name)" '$1 == c { getline; print }' "$complete/bash-completion/completions/stoa" | grep -q -e "$option\\b" || echo "bash: $name $option"
        grep -e "__fish_seen_subcommand_from $name'" "$complete/fish/vendor_completions.d/stoa.fish" | grep -q -e "-l ${option#--}\\b" || echo "fish: $name $option"
        awk -v c="$name)" '$1 == c { on = 1 } on { print } /;;/ { on = 0 }' "$complete/zsh/vendor-completions/_stoa" | grep -q -e "'\\**$option\\[" || echo "zsh: $name $option"
    done
done) <"$work/commands" >"$work/log"
[ ! -s "$work/log" ]
said 'completions know every option'
sed "s,/opt/stoa/share,$complete,g" "$complete/bash-completion/completions/stoa" >"$work/bash"
bash -c '. "$1"
    COMP_WORDS=(stoa compile colanet -f stoa-1-l) COMP_CWORD=4; _stoa; [ "${COMPREPLY[*]}" = stoa-1-large ] || exit 1
    COMP_WORDS=(stoa tr) COMP_CWORD=1; _stoa; [ "${COMPREPLY[*]}" = train ] || exit 1
    COMP_WORDS=(stoa train --val) COMP_CWORD=2; _stoa; [ "${COMPREPLY[*]}" = --validate ] || exit 1
    COMP_WORDS=(stoa run x.img --on t) COMP_CWORD=4; _stoa; [ "${COMPREPLY[*]}" = timed ]' bash "$work/bash" >"$work/log" 2>&1
said 'bash completes commands, options, choices and names'
for shell in zsh fish; do
    command -v $shell >/dev/null || continue
    case $shell in zsh) file=$complete/zsh/vendor-completions/_stoa ;; fish) file=$complete/fish/vendor_completions.d/stoa.fish ;; esac
    $shell -n "$file" >"$work/log" 2>&1
    said "$shell reads its completion"
done

# --- and away -----------------------------------------------------------------------------------------------------------
cd "$here" || exit 1
mkdir -p "$work/first/opt" && mv "$tree" "$work/first/opt/stoa" && build uninstall prefix=/opt/stoa "DESTDIR=$work/first" &&
    find "$work/first" ! -type d >"$work/log" && [ ! -s "$work/log" ] && [ ! -d "$work/first/opt/stoa/share/stoa" ]
said 'uninstall leaves no file'

echo "[==========] $failed failed"
exit "$((failed > 0))"
