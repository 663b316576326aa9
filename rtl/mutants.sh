#!/bin/sh
# mutants.sh FIRST LAST - makes each change of rtl/mutants.txt in a copy of rtl/, and asks the lock-step to notice.
#
# A line for each: what caught it, or that it lives. Made for `make rtl-mutants`; objects of the lock-step program are there.
# The models are small and compiled without optimization: Verilating is what takes the time.
set -u
first=${1:-1} last=${2:-999}
out=build/rtl/mutants
vroot=$(verilator --getenv VERILATOR_ROOT)
core="W=1 H=1 K=4 AXONS=1024 NEURONS=256 WB=16 RB=16 QB=16 UB=24 SLOTS=16 LINES=65536 RLINES=65536 GROUPS=16 COLUMNS=128
  BLOCKS=256 ROUTES=512 SHARED=0 DRAWS=1"
mesh="W=2 H=2 K=2 AXONS=1024 NEURONS=128 WB=16 RB=16 QB=16 UB=24 SLOTS=16 LINES=65536 RLINES=65536 GROUPS=16 COLUMNS=128
  BLOCKS=256 ROUTES=512 SHARED=1 DRAWS=1"
mkdir -p $out
killed=0 lived=0 n=0
grep -v '^#' rtl/mutants.txt > $out/list
while IFS='|' read -r model file old new; do
    n=$((n + 1))
    [ $n -ge "$first" ] && [ $n -le "$last" ] || continue
    # `||` of Verilog is two separators: the line is split again at single bars only
    line=$(sed -n "${n}p" $out/list)
    d=$out/$n
    rm -rf $d && mkdir -p $d && cp rtl/*.sv rtl/lint.vlt $d
    LINE="$line" FILE="$d/$file.sv" perl -0 -e '
        my ($m, $f, $o, $w) = split /(?<!\|)\|(?!\|)/, $ENV{LINE}, 4;
        open my $h, "<", $ENV{FILE} or die; local $/; my $s = <$h>; close $h;
        my $i = index $s, $o; die "nothing to change: $o\n" if $i < 0;
        substr($s, $i, length $o) = $w;
        open $h, ">", $ENV{FILE}; print $h $s;' || { echo "$n $file: the list does not fit the source"; exit 1; }
    [ "$model" = mesh ] && p=$mesh || p=$core
    g= c=
    for x in $p; do g="$g -G$x" c="$c -DP_$x"; done
    how=
    if ! verilator --cc --build -j 2 --Mdir $d/v --prefix Vmutant --top-module stoa_mesh --x-assign fast --x-initial fast \
        -Wno-fatal -Wno-lint -MAKEFLAGS OPT_FAST=-O0 $g $d/lint.vlt $d/stoa_*.sv > $d/log 2>&1; then
        how="does not build"
    else
        g++ -O1 -I$d/v -Icosim -isystem $vroot/include -isystem $vroot/include/vltstd \
            -DMODEL=Vmutant -DMODEL_NAME=mutant -DMODEL_HEADER='"Vmutant.h"' -DVM_COVERAGE=0 $c -c cosim/core_sim.cpp \
            -o $d/shim.o || exit 1
        g++ -pthread $MUTANT_OBJ $d/shim.o $d/v/Vmutant__ALL.a $MUTANT_LIB -lyaml -lz -lpng -lm -lcmocka -o $d/lockstep || exit 1
        if ST_COSIM_STATES=${STATES:-600000} timeout 300 $d/lockstep > $d/run 2>&1; then
            how=
        else
            how=$(sed -n 's/^ERROR: //p' $d/run | head -1 | cut -c1-90)
            how=${how:-"it does not end"}
        fi
    fi
    if [ -n "$how" ]; then killed=$((killed + 1)); rm -rf $d; else lived=$((lived + 1)); fi
    echo "$n $line => ${how:-LIVES}"
done < $out/list
echo "$killed killed, $lived live"
