/* net_numbers.c - so many numbers at once: a list, or a file with a number a line. */
#include "file.h"
#include "net_read.h"
#include <ctype.h>
#include <string.h>

static bool wrong_count(struct net_reader *r, struct st_mark at, const struct st_net_numbers *want, uint32_t count)
{
    st_error(r->diags, want->wrong_count, at, want->order, "%s has %u values for %u %s", want->whom, count, want->count,
             want->each);
    return false;
}

static bool read_lines(struct net_reader *r, struct st_mark at, const char *path, const char *text, size_t length,
                       const struct st_net_numbers *want, double *out)
{
    uint32_t count = 0, line = 0;
    const char *end = text + length;
    for (const char *p = text; p < end;) {
        const char *newline = memchr(p, '\n', (size_t)(end - p)), *stop = newline ? newline : end, *first = p;
        const char *next = stop + 1;
        line++;
        while (first < stop && isspace((unsigned char)*first))
            first++;
        while (stop > first && isspace((unsigned char)stop[-1]))
            stop--;
        p = next;
        if (first == stop || *first == '#')
            continue;
        char *number = st_arena_text(r->arena, first, (size_t)(stop - first));
        double value;
        if (!st_yaml_is_number(number, &value) || !(value >= want->lowest && value <= want->highest)) {
            uint32_t source = st_diags_source(r->diags, path, text, length);
            st_error(r->diags, ST_DIAG_OUT_OF_RANGE, (struct st_mark){source, line, 1, (uint32_t)(stop - first)}, NULL,
                     "%s is a number from %g to %g, one a line", want->what, want->lowest, want->highest);
            return false;
        }
        if (count < want->count)
            out[count] = value;
        count++;
    }
    return count == want->count || wrong_count(r, at, want, count);
}

static bool read_file(struct net_reader *r, const struct st_yaml *map, const struct st_net_numbers *want, double *out)
{
    static const char *const keys[] = {"file", NULL};
    char *name, *text;
    size_t length;
    struct st_fault fault;
    st_yaml_keys(&r->yaml, map, keys, want->what);
    const struct st_yaml *file = st_yaml_need(&r->yaml, map, "file", want->what);
    if (!file || !st_yaml_word(&r->yaml, file, "'file'", &name))
        return false;
    char *path = st_path_join(r->arena, r->directory, name);
    if (!strcmp(path, "-")) /* never the standard input */
        path = st_arena_printf(r->arena, "./-");
    if (st_file_read_most(r->arena, path, ST_TEXT_MOST, &text, &length, &fault))
        return read_lines(r, file->mark, path, text, length, want, out);
    st_error(r->diags, ST_DIAG_LIST_FILE, file->mark, NULL, "%.400s", fault.text);
    return false;
}

bool st_net_read_numbers(struct net_reader *r, const struct st_yaml *at, const struct st_net_numbers *want, double *out)
{
    if (at->kind != ST_YAML_LIST)
        return read_file(r, at, want, out);
    if (at->count != want->count)
        return wrong_count(r, at->mark, want, at->count);
    for (uint32_t i = 0; i < at->count; i++)
        if (!st_yaml_number(&r->yaml, at->items[i], want->what, want->lowest, want->highest, &out[i]))
            return false;
    return true;
}
