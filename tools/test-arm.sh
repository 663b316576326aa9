#!/bin/sh
# test-arm.sh HERE TEST... - runs AArch64 test programs under qemu, and compares the digests of networks trained there (a TEST of
# HERE's name) with HERE's, which is this machine's.
set -eu
here=$1
shift
name=$(basename "$here")
mine=$("$here" 2>/dev/null | grep '^trained ')
for test in "$@"; do
    ST_EQUAL_STATES=${STATES:-40000} qemu-aarch64 "$test" >"$test.arm" 2>&1 || {
        cat "$test.arm"
        echo "test-arm: $test failed" >&2
        exit 1
    }
    if [ "$(basename "$test")" = "$name" ]; then
        its=$(grep '^trained ' "$test.arm")
        if [ -z "$mine" ] || [ "$mine" != "$its" ]; then
            echo "test-arm: trained otherwise: here '$mine', on AArch64 '$its'" >&2
            exit 1
        fi
    fi
done
echo "AArch64: $# tests passed; $mine"
