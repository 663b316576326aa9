#!/bin/sh
# embed.sh FILE... - prints C that holds the files as strings, for st_rule_builtin (compiler/rule/rule.h).
echo '/* made by tools/embed.sh */'
echo '#include "rule.h"'
echo '#include <string.h>'
names=
for f in "$@"; do
    n=$(basename "$f" .rule)
    id=rule_$(echo "$n" | tr -c 'a-zA-Z0-9\n' '_')
    printf 'static const unsigned char %s[] = {' "$id"
    od -An -v -tx1 "$f" | sed 's/ \([0-9a-f][0-9a-f]\)/0x\1,/g'
    echo '0};'
    names="$names $n"
done
echo 'const char *const st_rule_names[] = {'
for n in $names; do echo "\"$n\","; done
echo 'NULL};'
echo 'const char *st_rule_builtin(const char *name, size_t *length) {'
for n in $names; do
    id=rule_$(echo "$n" | tr -c 'a-zA-Z0-9\n' '_')
    echo "if (!strcmp(name, \"$n\")) { *length = sizeof $id - 1; return (const char *)$id; }"
done
echo 'return NULL; }'
