#!/bin/sh
# embed-text.sh NAME FILE - prints C that holds the file as the string NAME.
set -eu
echo "/* made by tools/embed-text.sh of $2 */"
echo "extern const char $1[];"
echo "const char $1[] = {"
od -An -v -tx1 "$2" | sed 's/ \([0-9a-f][0-9a-f]\)/0x\1,/g'
echo '0};'
