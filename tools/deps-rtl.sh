#!/bin/sh
# deps-rtl.sh - installs the Debian packages that the RTL is linted, simulated, proved and synthesized with, if any is missing.
set -eu
packages="verilator yosys iverilog z3 cvc5 opensta qflow qflow-tech-osu018 nextpnr-ice40 fpga-icestorm"
missing=
for p in $packages; do
    dpkg-query -W -f '${Status}' "$p" 2>/dev/null | grep -q 'ok installed' || missing="$missing $p"
done
[ -z "$missing" ] && exit 0
echo "deps: installing$missing"
sudo=
if [ "$(id -u)" != 0 ]; then
    command -v sudo >/dev/null || { echo "deps: run as root, or install:$missing" >&2; exit 3; }
    sudo=sudo
fi
export DEBIAN_FRONTEND=noninteractive
$sudo apt-get update -qq
# shellcheck disable=SC2086
$sudo apt-get install -y -qq --no-install-recommends $missing >/dev/null
