#!/bin/sh
# mutants.sh FIRST LAST EACH - asks the lock-step to notice each change of rtl/mutants.txt (tools/mutate.pl), or every EACH-th of
# them. Number 0 is no change: it must pass, all tests of it. A line for each, JOBS at a time: what noticed it, or that it lives.
#
# What noticed a change the last time stands in rtl/mutants.first and is tried first; what that lets live sees everything. KEEP=1
# writes that file anew.
#
# How a change is to be noticed stands before it in the list. One that lives and is to be noticed ends in failure, and so does one
# that is noticed though nothing could.
set -u
first=${1:-0} last=${2:-999} each=${3:-1}
out=build/rtl/mutants
export STATES=${STATES:-1500000} LIMIT=${LIMIT:-600} OUT=$out
grep -v '^#' rtl/mutants.txt | grep . > $out/list
count=$(wc -l < $out/list)
[ "$last" -le "$count" ] || last=$count
rm -rf $out/runs && mkdir -p $out/runs

cat > $out/one.sh << 'END'
n=$1
line=$([ $n = 0 ] && echo 'same|no change' || sed -n "${n}p" $OUT/list)
how=${line%%|*} what=${line#*|}
run=$OUT/runs/$n
case $how in
formal*) RTL=$OUT/one/$n OUT=$OUT/one/$n/proof sh tests/formal/run.sh ${how#formal } > $run.log 2>&1
    grep -q 'a counterexample' $run.log && code=1 || code=0 # no answer is none
    by="proof ${how#formal }" ;;
*)  code=0
    first=$(WHAT=$what awk -F ' => ' '$1 == ENVIRON["WHAT"] { print $2; exit }' rtl/mutants.first)
    [ -z "$first" ] || { eval "$first ST_MUTANT=$n timeout $LIMIT $OUT/lockstep" > $run.log 2>&1; code=$?; }
    states=$STATES
    [ "$how" != same ] || states=$((STATES / 5)) # what is argued has only to be seen
    [ $code != 0 ] || { ST_MUTANT=$n ST_COSIM_STATES=$states timeout $LIMIT $OUT/lockstep > $run.log 2>&1; code=$?; }
    again=$(sed -n "s/.*; again: \(.*\) build.*/\1/p; s/^a host that talks, \([^,]*\), \(ST_COSIM_SEED=[0-9]*\):.*/ST_COSIM_MODEL=\1 \2 ST_COSIM_TALKS=1/p" $run.log | head -1)
    test=$(sed -n 's/^\[ RUN *\] //p' $run.log | tail -1)
    [ $code = 0 ] || [ $code = 124 ] || echo "$what => ONLY=$test $again" > $run.first
    by=$(sed -n 's/; again: .*//; s/^\(.*: \(assertion\|tick\|core\|RTL\|the\|a reply\).*\)/\1/p' $run.log | head -1 | cut -c1-110)
    [ $code != 124 ] || by="no end in $LIMIT s, which may be the machine's load: give it a LIMIT, or the test a bound" ;;
esac
[ $code = 0 ] && said=LIVES || said=${by:-$(tail -1 $run.log | cut -c1-110)}
ok=yes
[ $code = 0 ] && [ "$how" != same ] && ok=no
[ $code != 0 ] && [ "$how" = same ] && ok=no
[ $code = 124 ] && ok=no
echo "$ok $how" > $run.end
[ "$how" = same ] && [ $code = 0 ] && said="the same"
echo "$ok $n $what => $said" > $run.said
echo "$n $what => $said"
END
for n in $(sed -n '/^formal/=' $out/list); do
    rm -rf $out/one/$n && mkdir -p $out/one && perl tools/mutate.pl rtl/mutants.txt rtl $out/one/$n "$n" || exit 1
done
seq "$first" "$each" "$last" | xargs -P "${JOBS:-2}" -n 1 sh $out/one.sh
grep -h '^no' $out/runs/*.said 2> /dev/null | sed 's/^no/not as the list says:/'
if [ -n "${KEEP:-}" ]; then
    { grep '^#' rtl/mutants.first; cat $(ls $out/runs/*.first | sort -t/ -k5n); } > $out/first.new && mv $out/first.new rtl/mutants.first
fi
bad=$(cat $out/runs/*.end | grep -c '^no')
noticed=$(cat $out/runs/*.end | grep -Ec '^yes (run|formal)')
same=$(cat $out/runs/*.end | grep -c '^yes same')
echo "$noticed noticed, $same the same as no change (0 among them), $bad not as the list says"
[ "$bad" = 0 ]
