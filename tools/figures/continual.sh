# continual.sh - part of tools/figures.sh: tasks in sequence. The default of two seeds and the experiments that were asked for stay
# under an hour on two cores; `make papers` has all of them over ten.
SEEDS=${SEEDS:-2} python3 tools/papers.py "$STOA" runs/papers --figures ${ONLY:-permuted-mnist permuted-mnist-45 \
    permuted-mnist-published permuted-letters mnist-letters letters-mnist split-mnist alpha}
