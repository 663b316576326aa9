# continual.sh - part of tools/figures.sh: tasks in sequence. The default of two seeds and the experiments that were asked for stay
# under an hour on two cores; `make papers` has all of them over ten.
SEEDS=${SEEDS:-2} python3 tools/papers.py "$STOA" runs/papers --figures ${ONLY:-permuted-mnist permuted-mnist-45 \
    permuted-mnist-published permuted-letters mnist-letters letters-mnist mnist-letters@91 letters-mnist@91 split-mnist alpha}

# Two tasks on the core in Verilog, 1,000 pictures each, the second through another wiring: the bytes are the simulator's.
make -s rtl >&2
"$STOA" compile colanet-permuted -f stoa-1-large --copies 1 -o "$out/first.img" 2>/dev/null
for on in sim rtl; do
    learn() { STOA_RTL=build/rtl/stoa-rtl.so "$STOA" run "$1" --images data/mnist/train-images-idx3-ubyte \
        --labels data/mnist/train-labels-idx1-ubyte --limit "${PICTURES:-1000}" --learn --on $on --save "$2" >/dev/null 2>&1; }
    learn "$out/first.img" "$out/$on-1.img"
    "$STOA" dump "$out/$on-1.img" | sed '/^receptor name="R"/s/permutation=0/permutation=77/' >"$out/$on.txt"
    "$STOA" pack "$out/$on.txt" -o "$out/$on-2.img"
    learn "$out/$on-2.img" "$out/$on-3.img"
done
cmp -s "$out/sim-3.img" "$out/rtl-3.img" && differences=0 || differences=1
line "pictures of two tasks learnt on RTL, the second permuted" $((2 * ${PICTURES:-1000})) pictures '>= 2000' \
    'make figures PART=continual'
line "files that differ from the simulator's after them" $differences files 0 'make figures PART=continual'

# All of permuted-mnist beside its bare presentations, both in one run.
"$BENCH" --json --ten-tasks "$STOA" | grep '"ten tasks'
