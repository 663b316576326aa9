#!/bin/sh
# deps.sh - installs the Debian packages that Stoa is built, tested and shown with, if any is missing.
set -eu
packages="gcc g++ make pkg-config libc6-dev libyaml-dev zlib1g-dev libpng-dev libcmocka-dev clang libclang-rt-14-dev clang-tidy npm ca-certificates"
missing=
for p in $packages; do
    # npm may have come with Node.js itself
    if [ "$p" = npm ] && command -v npm >/dev/null 2>&1; then continue; fi
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
