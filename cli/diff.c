/* diff.c - walks two traces side by side and stops at the first difference. */
#include "cli.h"
#include "file.h"
#include "text_input.h"
#include <stdio.h>
#include <string.h>

const char cli_diff_help[] =
    "stoa diff before.trace after.trace\n"
    "    prints the first difference: tick, population, neuron, field, both values; exit 4 if there is one\n\n"
    "usage: stoa diff TRACE TRACE         (traces of `stoa run --trace`)\n";

struct lines {
    char *at;
    size_t number;
};

/* The next line, its end cut off; NULL at the end. */
static char *next_line(struct lines *l)
{
    if (!*l->at)
        return NULL;
    char *line = l->at;
    char *end = strchr(line, '\n');
    l->at = end ? end + 1 : line + strlen(line);
    if (end)
        *end = 0;
    l->number++;
    return line;
}

/* Says where a trace line is: tick, population, neuron, field are its first words. Other texts have lines only. */
static void describe(const struct cli *c, const char *line)
{
    static const char *const names[] = {"tick", "population", "neuron", "field"};
    if (*line < '0' || *line > '9') {
        puts("not of a trace");
        return;
    }
    char copy[256];
    snprintf(copy, sizeof copy, "%s", line);
    char *save = NULL, *word = strtok_r(copy, " ", &save);
    for (size_t i = 0; i < 4 && word; i++, word = strtok_r(NULL, " ", &save))
        printf("%s%s %s", i ? ", " : "", names[i], cli_shown(c, word));
    puts("");
}

static bool looks_like_text(const unsigned char *first, size_t length) { return !memchr(first, 0, length); }

int cli_diff(struct cli *c, int argc, char **argv)
{
    static const struct option none[] = {{NULL, 0, NULL, 0}};
    if (cli_option(c, argc, argv, ":", none) != -1)
        return CLI_USAGE;
    if (optind + 2 != argc)
        return cli_usage(c, "wants two traces");
    struct lines t[2] = {{NULL, 0}, {NULL, 0}};
    for (int i = 0; i < 2; i++) {
        struct st_fault f;
        size_t length;
        char *text;
        if (!st_file_read_like(c->arena, argv[optind + i], looks_like_text, &text, &length, &f))
            return cli_fault(&f);
        const char *from = text;
        if (!st_text_input(argv[optind + i], ST_FAULT_READ, &from, &length, &f))
            return cli_fault(&f);
        t[i].at = text + (from - text);
    }
    for (;;) {
        char *a = next_line(&t[0]), *b = next_line(&t[1]);
        if (!a && !b)
            return CLI_DONE;
        if (a && b && !strcmp(a, b))
            continue;
        printf("line %zu: ", a ? t[0].number : t[1].number);
        describe(c, a ? a : b);
        printf("  %s: %s\n", cli_shown(c, argv[optind]), a ? cli_shown(c, a) : "(ends)");
        printf("  %s: %s\n", cli_shown(c, argv[optind + 1]), b ? cli_shown(c, b) : "(ends)");
        return CLI_DIFFER;
    }
}
