#!/bin/sh
# figures.sh STOA BENCH TESTS PART... - measures what the README states and what was asked for, a JSON line each: figure, value,
# unit, asked (">= x", "<= x", "x" or empty), command. A part is a script of tools/figures/; each stays under an hour by
# SEEDS (default 5), STATES (10^8 neuron states), RTL_STATES (10^9 words).
set -eu
STOA=$1 BENCH=$2 TESTS=$3
shift 3
export STOA BENCH TESTS
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT

# Called by the parts: figure value unit asked command
line() { printf '{"figure": "%s", "value": %s, "unit": "%s", "asked": "%s", "command": "%s"}\n' "$1" "${2:-null}" "$3" "$4" "$5"; }

for part in "$@"; do
    script=tools/figures/$part.sh
    [ -f "$script" ] || {
        echo "figures: no part '$part'; there are $(cd tools/figures && ls ./*.sh | sed 's,^\./,,; s,\.sh$,,' | tr '\n' ' ')" >&2
        exit 2
    }
    # shellcheck disable=SC1090
    . "$script"
done
