#!/bin/sh
# coverage.sh MODEL... - runs the lock-step on models that count, a process each, and says which lines and cover points were
# reached.
#
#     a line for each module: lines reached, lines there; a line for each cover point of rtl/assert*.sv: how often
#
# What is not reached must stand in rtl/holes.txt, with its reason; what stands there and is reached must not. Both end in
# failure, and so do fewer than 95 lines in a hundred.
set -eu
out=build/rtl/coverage
rm -rf $out/data && mkdir -p $out/data
export ST_COSIM_COVERAGE=$out/data ST_COSIM_STATES=$((${STATES:-2000000} / $#)) OUT=$out
printf '%s\n' "$@" | xargs -P "${JOBS:-2}" -I{} sh -c \
    'ST_COSIM_MODEL={} $OUT/lockstep > $OUT/{}.log 2>&1 || { cat $OUT/{}.log; exit 1; }; grep -E "words compared" $OUT/{}.log'
verilator_coverage --write $out/all.dat $out/data/*.dat > /dev/null
LC_ALL=C awk -v holes=rtl/holes.txt '
    function field(key,   n, s) { # of the record under way
        n = index($0, "\001" key "\002")
        if (!n) return ""
        s = substr($0, n + length(key) + 2)
        sub(/[\001\047].*/, "", s)
        return s
    }
    BEGIN { while ((getline h < holes) > 0) if (h !~ /^#/ && h ~ /\|/) { split(h, part, "|"); why[part[1]] = part[2] } }
    /^C / {
        file = field("f"); sub(/.*\//, "", file); sub(/\.sv$/, "", file)
        at = field("l"); kind = field("page"); name = field("o"); hits = $NF
        if (kind ~ /^v_user/) { point[name] += hits; next }
        if (file ~ /^assert/) next
        n = split(field("S"), span, ",")
        for (k = 1; k <= n; k++) {
            m = split(span[k], ends, "-")
            for (l = ends[1]; l <= ends[m]; l++) { there[file ":" l] = 1; reached[file ":" l] += hits }
        }
    }
    END {
        for (x in there) { split(x, part, ":"); lines[part[1]]++; all++; if (reached[x]) { got[part[1]]++; done++ } }
        for (f in lines) printf "%-14s %4d of %4d lines\n", f, got[f], lines[f] | "sort"
        close("sort")
        for (p in point) printf "%-32s %d\n", p, point[p] | "sort"
        close("sort")
        printf "figure: line coverage of rtl/ %.1f %%, %d of %d lines\n", 100 * done / all, done, all
        for (x in there) if (!reached[x] && !(x in why)) { print "not reached: " x; bad = 1 }
        for (p in point) if (!point[p] && !(p in why)) { print "never seen: " p; bad = 1 }
        for (x in why) if (reached[x] || point[x]) { print "reached, though rtl/holes.txt says not: " x; bad = 1 }
        exit bad || done < 0.95 * all
    }' $out/all.dat
