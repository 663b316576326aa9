#!/bin/sh
# fetch-fashion.sh [FOLDER] - puts the four idx files of Fashion-MNIST into FOLDER (data/fashion-mnist), each checked
# by the sha256 of what is inside its gzip.
#
# They come from the Debian package dataset-fashion-mnist: from where it is installed, else from the package itself,
# which apt-get downloads and which is unpacked here, so no rights are needed. What is there and right is kept; a
# file appears under its name only when it is whole.
set -eu
folder=${1:-data/fashion-mnist}
package=dataset-fashion-mnist

sums='c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888 train-images-idx3-ubyte.gz
bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9 train-labels-idx1-ubyte.gz
5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b t10k-images-idx3-ubyte.gz
0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34 t10k-labels-idx1-ubyte.gz'

die() {
    echo "fetch-fashion: $*" >&2
    exit 3
}
right() {
    echo "$sums" | while read -r sum name; do
        [ -f "$1/$name" ] || exit 1
        [ "$(gzip -dc "$1/$name" 2>/dev/null | sha256sum)" = "$sum  -" ] || exit 1
    done
}

if right "$folder"; then
    echo "fetch-fashion: $folder is complete" >&2
    exit 0
fi
mkdir -p "$folder" || die "cannot make $folder"
work=$(mktemp -d "$folder/.fetch-XXXXXX") || die "cannot write to $folder"
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

if dpkg -L "$package" >"$work/list" 2>/dev/null; then
    grep 'ubyte\.gz$' "$work/list" | while read -r file; do cp "$file" "$work/"; done
else
    command -v apt-get >/dev/null || die "apt-get is needed and not there; put the four files into $folder yourself"
    echo "fetch-fashion: getting $package" >&2
    # As root, apt would download as a user of its own, who may not write here; that it says so is no news.
    (cd "$work" && apt-get download -qq -o APT::Sandbox::User=root "$package") ||
        die "apt-get could not get $package (apt-get update may help)"
    for file in "$work"/*.deb; do
        dpkg-deb -x "$file" "$work/package" || die "the package $package cannot be unpacked"
    done
    find "$work/package" -name '*ubyte.gz' -exec mv {} "$work/" \;
fi
right "$work" || die "the files of $package do not have the expected sha256; nothing was installed"
for name in $(echo "$sums" | sed 's/.* //'); do
    mv "$work/$name" "$folder/$name"
done
right "$folder" || die "$folder is not as it should be after installing"
echo "fetch-fashion: $folder is complete" >&2
