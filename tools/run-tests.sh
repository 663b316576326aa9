#!/bin/sh
# run-tests.sh PROGRAM... - runs test programs, JOBS at a time (default: one a core), a line each as it ends: what it was,
# how many tests, how long; all that it printed only when it fails. The last line counts all: N passed, N failed.
#
# T='image rules' takes only the programs whose name holds one of the words; ONLY='test_pack*' takes only those tests
# of them (a pattern of cmocka's). VERBOSE=1 shows all output.
set -u
jobs=${JOBS:-$(nproc 2>/dev/null || echo 1)}
logs=$(mktemp -d)
trap 'rm -rf "$logs"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

if [ "${1:-}" = --one ]; then # LOGS PROGRAM: the body of a job
    rm -rf "$logs"
    trap - EXIT
    name=${3#*/tests/} log=$2/$(echo "$3" | tr / _) start=$(date +%s)
    if "$3" >"$log" 2>&1; then code=0; else code=$?; fi
    passed=$(grep -c '^\[       OK \]' "$log")
    failed=$(grep '^\[  FAILED  \] [^0-9]' "$log" | sort -u | wc -l)
    skipped=$(grep -c '^\[  SKIPPED \] [^0-9]' "$log")
    # a program that ends badly, or runs nothing though nothing was asked to be left out, has failed
    if [ "$failed" = 0 ] && { [ "$code" != 0 ] || { [ "$passed" = 0 ] && [ -z "${ONLY:-}" ] && [ "$skipped" = 0 ]; }; }; then
        failed=1
    fi
    line=$(printf '%-28s %4d passed' "$name" "$passed")
    [ "$skipped" = 0 ] || line="$line, $skipped skipped"
    [ "$failed" = 0 ] || line="$line, $failed FAILED"
    {
        echo "$line ($(($(date +%s) - start)) s)"
        if [ "$failed" != 0 ]; then
            cat "$log"
            [ "$code" -lt 128 ] || echo "$name was ended by signal $((code - 128))"
        elif [ -n "${VERBOSE:-}" ]; then
            cat "$log"
        else
            grep -E '^figure' "$log" | tail -4
        fi
    } >"$log.said"
    echo "$passed $failed $name" >"$log.count"
    cat "$log.said" # one write: lines of two jobs do not mix
    exit 0
fi

chosen=
for program in "$@"; do
    if [ -n "${T:-}" ]; then
        take=
        for word in $T; do
            case ${program#*/tests/} in *"$word"*) take=1 ;; esac
        done
        [ -n "$take" ] || continue
    fi
    chosen="$chosen $program"
done
[ -n "$chosen" ] || { echo "run-tests: no test program's name holds any of: ${T:-}" >&2; exit 2; }
# shellcheck disable=SC2086
printf '%s\n' $chosen | xargs -P "$jobs" -I{} sh "$0" --one "$logs" {}
# a program that left no count was cut short, and so was the run
for program in $chosen; do
    [ -f "$logs/$(echo "$program" | tr / _).count" ] || echo "0 1 ${program#*/tests/}(cut short)" >"$logs/$(echo "$program" | tr / _).count"
done
cat "$logs"/*.count | awk '
    { passed += $1; failed += $2; if ($2) names = names " " $3 }
    END { if (names) print "failed:" names; printf "%d passed, %d failed\n", passed, failed; exit failed > 0 || passed == 0 }'
