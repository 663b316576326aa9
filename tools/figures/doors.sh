# doors.sh - part of tools/figures.sh: networks and events of other programs. EDGES (default 10^7) is how many are imported.
edges=${EDGES:-10000000}
mkdir -p "$out/sonata"
/usr/bin/python3 tests/doors/make_sonata.py "$out/sonata" 20000 "$edges"
by="tests/doors/make_sonata.py FOLDER 20000 $edges; stoa import FOLDER/config.json"
cat "$out/sonata/network/"*.h5 >/dev/null # once, so that the disk is not measured
/usr/bin/python3 - "$STOA" "$out/sonata/config.json" >"$out/took" <<'PY'
import resource, subprocess, sys, time
begin = time.time()
subprocess.run([sys.argv[1], "import", sys.argv[2]], check=True, stdout=subprocess.DEVNULL)
print(time.time() - begin, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024)
PY
read -r took bytes <"$out/took"
line "SONATA: $edges synapses imported" "$(awk "BEGIN { printf \"%.2f\", $took }")" s '< 10' "$by"
line 'SONATA: memory of the whole process for each' "$(awk "BEGIN { printf \"%.1f\", $bytes / $edges }")" 'bytes a synapse' '<= 24' "$by"

# What the tests count.
STOA="$STOA" tests/doors/doors.py >"$out/doors" || { cat "$out/doors" >&2; exit 1; }
by=tests/doors/doors.py
spikes() { sed -n "s/^figure: $1[^:]*: \([0-9]*\) .*/\1/p" "$out/doors"; }
differ() { sed -n "s/^figure: $1.*, \([0-9]*\) differ.*/\1/p" "$out/doors"; }
for what in 'NIR, graphs without leaks' 'NIR, graphs with leaks and currents' 'NIR, exported and imported again' 'SONATA' 'KNP' 'RANC' 'ArNI-X' 'Loihi' 'recorded events'; do
    line "$what: compared" "$(spikes "$what")" "$([ "$what" = Loihi ] && echo states || echo spikes)" '' "$by"
    line "$what: differences" "$(differ "$what")" spikes "$([ "$what" = 'NIR, graphs with leaks and currents' ] || echo 0)" "$by"
done
line 'ArNI-X: a neuron on ten noises of 0.3, as in tutorial 1' "$(sed -n 's/^figure: a neuron of ArNI-X .*: \([0-9.]*\) Hz$/\1/p' "$out/doors")" Hz 'published: 259' "$by"

. tools/figures/doors-python.sh

# The board on an ECP5-85: what it takes of the device's scarcest part (some minutes of Yosys).
share=
if make -s fpga >"$out/fpga" 2>/dev/null && grep -q '^it fits' "$out/fpga"; then
    share=$(awk '/%$/ && $(NF - 1) > most { most = $(NF - 1) } END { print most }' "$out/fpga")
fi
line "doors: a learning CoLaNET core on an ECP5-85, its scarcest part" "$share" % '<= 100' 'make fpga'
