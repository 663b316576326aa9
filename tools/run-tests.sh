#!/bin/sh
# run-tests.sh PROGRAM... - runs each test program, shows its closing lines (all of it when it fails), and closes
# with one line of all: N passed, N failed.
log=$(mktemp)
trap 'rm -f "$log"' EXIT
passed=0 failed=0 broken=
for t in "$@"; do
    start=$(date +%s)
    if "$t" >"$log" 2>&1; then ok=1; else ok=0; fi
    seconds=$(($(date +%s) - start))
    p=$(grep -c '^\[       OK \]' "$log")
    f=$(grep '^\[  FAILED  \] [^0-9]' "$log" | sort -u | wc -l)
    printf '%s (%s s)\n' "${t#*/tests/}" "$seconds"
    if [ "$ok" = 1 ] && [ "$p" -gt 0 ]; then
        grep -E '^\[(==========|  PASSED  )\]|^figure ' "$log" | tail -4
    else
        cat "$log"
        broken="$broken ${t#*/tests/}"
        [ "$f" -gt 0 ] || f=1
    fi
    passed=$((passed + p)) failed=$((failed + f))
done
[ -z "$broken" ] || echo "failed:$broken"
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
