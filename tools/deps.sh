#!/bin/sh
# deps.sh GROUP... - installs the Debian packages of these groups that are missing. Nothing else of Stoa installs anything.
#
#     demo      builds the command and fetches MNIST
#     test      also runs the tests, the RTL beside the engines among them
#     arm       also cross-compiles for AArch64 and runs its tests under qemu
#     package   also makes Debian packages, and installs them in a clean root
#     bench     also holds the mapper against other partitioners and proven optima
#     site      also makes the site
#     develop   also lints, formats, fuzzes, cross-compiles, and checks and synthesizes the RTL
set -eu
demo="gcc make libc6-dev libyaml-dev zlib1g-dev libpng-dev libhdf5-dev libzip-dev libxml2-dev liblz4-dev libzstd-dev pkg-config npm ca-certificates"
test="$demo g++ libcmocka-dev verilator iverilog python3 python3-jsonschema python3-numpy python3-h5py python3-pil chromium fonts-dejavu-core binutils locales"
package="$demo debhelper lintian debootstrap dh-python python3-all"
arm="$test gcc-aarch64-linux-gnu libc6-dev-arm64-cross qemu-user libyaml-dev:arm64 zlib1g-dev:arm64 libpng-dev:arm64
libcmocka-dev:arm64"
site="$demo python3 cmark-gfm"
partition="libmetis-dev libtrilinos-zoltan-dev libopenmpi-dev openmpi-bin coinor-cbc"
bench="$demo libcmocka-dev $partition"
develop="$test $package cmark-gfm mandoc zsh fish $partition clang libclang-rt-14-dev clang-tidy clang-format yosys z3 cvc5 opensta qflow qflow-tech-osu018 nextpnr-ice40
fpga-icestorm"

missing=
for group in "${@:-demo}"; do
    case $group in
    demo) packages=$demo ;;
    test) packages=$test ;;
    arm) packages=$arm ;;
    package) packages=$package ;;
    bench) packages=$bench ;;
    site) packages=$site ;;
    develop) packages=$develop ;;
    *) echo "deps: no group '$group'; there are demo, test, arm, package, bench, site, develop" >&2 && exit 2 ;;
    esac
    for p in $packages; do
        # npm may have come with Node.js itself
        if [ "$p" = npm ] && command -v npm >/dev/null 2>&1; then continue; fi
        case " $missing " in *" $p "*) continue ;; esac
        dpkg-query -W -f '${Status}' "$p" 2>/dev/null | grep -q 'ok installed' || missing="$missing $p"
    done
done
[ -z "$missing" ] && exit 0
echo "deps: installing$missing"
sudo=
if [ "$(id -u)" != 0 ]; then
    command -v sudo >/dev/null || { echo "deps: run as root, or install:$missing" >&2; exit 3; }
    sudo=sudo
fi
export DEBIAN_FRONTEND=noninteractive
case $missing in *:arm64*) $sudo dpkg --add-architecture arm64 ;; esac
$sudo apt-get update -qq
# shellcheck disable=SC2086
$sudo apt-get install -y -qq --no-install-recommends $missing >/dev/null
