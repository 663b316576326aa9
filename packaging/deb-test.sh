#!/bin/sh
# deb-test.sh FOLDER - the packages of FOLDER in a clean Debian 12: the tool alone and the tutorial as it is printed, then the
# library with a C program, then Python; and all away again, nothing left. Wants root, for chroot. The clean root is made once by
# debootstrap and kept as FOLDER/../debian-12.tar. Closes as cmocka does.
set -u
debs=$(cd "$1" && pwd)
here=$(cd "$(dirname "$0")/.." && pwd)
[ "$(id -u)" = 0 ] || { echo "deb-test: wants root: a clean Debian is entered by chroot" >&2; exit 3; }
base=$debs/../debian-12.tar
root=$(mktemp -d)
failed=0
leave() {
    umount "$root/proc" 2>/dev/null
    rm -rf --one-file-system "$root"
}
trap leave EXIT

said() { # NAME: the result of the last command
    if [ "$?" = 0 ]; then echo "[       OK ] $1"; else echo "[  FAILED  ] $1"; failed=$((failed + 1)); tail -20 "$root/log"; fi
}
inside() { chroot "$root" env LC_ALL=C.UTF-8 HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin DEBIAN_FRONTEND=noninteractive sh -c "$1" >"$root/log" 2>&1; }

if [ ! -f "$base" ]; then
    debootstrap --variant=minbase bookworm "$root" >"$debs/debootstrap.log" 2>&1 || { tail -3 "$debs/debootstrap.log" >&2; exit 3; }
    tar cf "$base" -C "$root" .
else
    tar xf "$base" -C "$root"
fi
mount -t proc proc "$root/proc" 2>/dev/null
cp /etc/resolv.conf "$root/etc/resolv.conf" 2>/dev/null
mkdir "$root/debs" && cp "$debs"/*.deb "$root/debs/" && cp "$here/tests/tutorial/tutorial.py" "$root/debs/"
inside 'find / -xdev \( -path /proc -o -path /debs -o -path /var -o -path /log -o -path /tmp -o -path /root \) -prune -o -print | sort >/before; apt-get update -qq'
said 'a clean Debian 12'

inside 'apt-get install -y -qq --no-install-recommends /debs/stoa_*.deb'
said 'apt install ./stoa_*.deb'
inside 'cd /tmp && stoa check colanet -f stoa-1-large && stoa compile colanet-short -f stoa-1-small -o /tmp/a.img && stoa report /tmp/a.img -o /tmp/a.html'
said 'the command finds what ships, and compiles it'
inside '! ls /usr/lib/*/libstoa* 2>/dev/null'
said 'it wants no library of its own'

inside 'apt-get install -y -qq --no-install-recommends /debs/libstoa0_*.deb /debs/libstoa-dev_*.deb /debs/python3-stoa_*.deb /debs/stoa-doc_*.deb gcc libc6-dev pkgconf'
said 'library, development files, Python package and manuals'
inside 'cd /tmp && STOA=/usr/bin/stoa python3 /debs/tutorial.py /usr/share/doc/stoa-doc/tutorial.md'
said 'the tutorial, as it is printed'
inside 'cd /tmp && cc -Wall -Werror /usr/share/doc/stoa-doc/examples/first_spike.c $(pkg-config --cflags --libs stoa) -o first && ./first | grep "^tick 1: L 0"'
said 'a C program against the installed library'
inside 'cd /tmp && cc /usr/share/doc/stoa-doc/examples/first_spike.c -l:libstoa.a $(pkg-config --static --libs stoa | sed s/-lstoa//) -o alone && ./alone'
said 'and against the archive'
inside 'cd /tmp && python3 /usr/share/doc/stoa-doc/examples/first_spike.py && python3 /usr/share/doc/stoa-doc/examples/learn_pictures.py'
said 'the Python examples'

inside 'apt-get purge -y -qq stoa libstoa0 libstoa-dev python3-stoa stoa-doc'
said 'purged'
inside 'find / -xdev \( -path /proc -o -path /debs -o -path /var -o -path /log -o -path /tmp -o -path /root \) -prune -o -print | sort | comm -13 /before - | grep -i stoa; [ $? = 1 ]'
said 'nothing of it is left'

echo "[==========] $failed failed"
exit "$((failed > 0))"
