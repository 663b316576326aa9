#include "spike_file.h"
#include "file.h"
#include "text_input.h"
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { WORDS = 3 };

struct word {
    const char *at;
    size_t length;
};

/* Where a text is read, and what its lines are about: one group, or with `image` all. */
struct reader {
    const char *name;
    const struct st_image *image;
    uint32_t size; /* of the one group */
    uint32_t line;
    struct st_fault *fault;
};

static int in_order(const void *a, const void *b)
{
    const struct st_spike_in *x = a, *y = b;
    if (x->tick != y->tick)
        return x->tick < y->tick ? -1 : 1;
    if (x->receptor != y->receptor)
        return x->receptor < y->receptor ? -1 : 1;
    if (x->index != y->index)
        return x->index < y->index ? -1 : 1;
    return x->line < y->line ? -1 : x->line > y->line;
}

/* The words of a line up to its comment; WORDS + 1 when there are more. */
static int cut(const char *at, const char *stop, struct word out[WORDS])
{
    int n = 0;
    for (;;) {
        while (at < stop && (*at == ' ' || *at == '\t' || *at == '\r'))
            at++;
        if (at == stop || *at == '#')
            return n;
        if (n == WORDS)
            return n + 1;
        out[n].at = at;
        while (at < stop && *at != ' ' && *at != '\t' && *at != '\r' && *at != '#')
            at++;
        out[n].length = (size_t)(at - out[n].at);
        n++;
    }
}

/* A whole number below `limit`. */
static bool whole(struct word w, uint64_t limit, uint32_t *out)
{
    uint64_t v = 0;
    for (size_t i = 0; i < w.length; i++) {
        if (w.at[i] < '0' || w.at[i] > '9' || v >= limit)
            return false;
        v = 10 * v + (uint64_t)(w.at[i] - '0');
    }
    *out = (uint32_t)v;
    return w.length && v < limit;
}

static int shown(struct word w) { return w.length < 40 ? (int)w.length : 40; }

static bool find_group(const struct reader *r, struct word w, uint32_t *out)
{
    for (uint32_t g = 0; g < r->image->receptor_count; g++) {
        const char *name = r->image->receptors[g].name;
        if (strlen(name) == w.length && !memcmp(name, w.at, w.length)) {
            *out = g;
            return true;
        }
    }
    return st_fail(r->fault, ST_FAULT_SPIKES, "%s:%u: there is no receptor group '%.*s'", r->name, r->line, shown(w),
                   w.at);
}

static bool take_line(const struct reader *r, const struct word *w, int count, struct st_spike_in *e)
{
    int wanted = r->image ? 3 : 2;
    e->line = r->line;
    e->receptor = 0;
    if (count != wanted)
        return st_fail(r->fault, ST_FAULT_SPIKES, "%s:%u: wants %s, has %s", r->name, r->line,
                       r->image ? "`tick group index`" : "`tick index`", count < wanted ? "fewer words" : "more words");
    if (!whole(w[0], UINT32_MAX, &e->tick))
        return st_fail(r->fault, ST_FAULT_SPIKES, "%s:%u: the tick '%.*s' is not a whole number below %u", r->name,
                       r->line, shown(w[0]), w[0].at, UINT32_MAX);
    if (r->image && !find_group(r, w[1], &e->receptor))
        return false;
    uint32_t size = r->image ? r->image->receptors[e->receptor].size : r->size;
    struct word index = w[wanted - 1];
    if (!whole(index, size, &e->index))
        return st_fail(r->fault, ST_FAULT_SPIKES,
                       "%s:%u: the index '%.*s' is not a whole number below %u, the size of "
                       "the group",
                       r->name, r->line, shown(index), index.at, size);
    return true;
}

static bool read_lines(struct st_arena *a, struct reader *r, const char *text, size_t length, struct st_spike_in **out,
                       uint32_t *count)
{
    if (!st_text_input(r->name, ST_FAULT_SPIKES, &text, &length, r->fault))
        return false;
    const char *end = text + length;
    size_t lines = 1;
    for (const char *p = text; p < end && (p = memchr(p, '\n', (size_t)(end - p))) != NULL; p++)
        lines++;
    if (lines >= UINT32_MAX)
        return st_fail(r->fault, ST_FAULT_TOO_LONG, "%s: has %zu lines, at most %u are read", r->name, lines,
                       UINT32_MAX - 1);
    struct st_spike_in *e = *out = ST_NEW(a, struct st_spike_in, lines);
    *count = 0;
    for (const char *p = text; p < end;) {
        const char *newline = memchr(p, '\n', (size_t)(end - p)), *stop = newline ? newline : end;
        struct word words[WORDS];
        int n = cut(p, stop, words);
        r->line++;
        if (n && !take_line(r, words, n, &e[(*count)++]))
            return false;
        p = stop + 1;
    }
    qsort(e, *count, sizeof *e, in_order);
    for (uint32_t i = 1; i < *count; i++)
        if (e[i].tick == e[i - 1].tick && e[i].receptor == e[i - 1].receptor && e[i].index == e[i - 1].index)
            return st_fail(r->fault, ST_FAULT_SPIKES,
                           "%s:%u: says the spike of line %u again; a receptor spikes once in "
                           "a tick",
                           r->name, e[i].line, e[i - 1].line);
    return true;
}

bool st_spikes_parse(struct st_arena *a, const char *name, const char *text, size_t length,
                     const struct st_image *image, struct st_spike_in **out, uint32_t *count, struct st_fault *f)
{
    struct reader r = {.name = name, .image = image, .fault = f};
    return read_lines(a, &r, text, length, out, count);
}

bool st_spike_list_parse(struct st_arena *a, const char *name, const char *text, size_t length, uint32_t size,
                         struct st_spike_list *out, struct st_fault *f)
{
    struct reader r = {.name = name, .size = size, .fault = f};
    struct st_spike_in *in;
    *out = (struct st_spike_list){0};
    if (!read_lines(a, &r, text, length, &in, &out->count))
        return false;
    out->events = ST_NEW(a, struct st_spike_event, (size_t)out->count + 1);
    for (uint32_t i = 0; i < out->count; i++)
        out->events[i] = (struct st_spike_event){in[i].tick, in[i].index};
    return true;
}

/* Where the file of a group is. */
static const char *find(struct st_arena *a, const char *folder, const char *file)
{
    const char *there = folder ? st_path_join(a, folder, file) : file;
    return access(there, F_OK) == 0 ? there : file;
}

bool st_spike_lists(struct st_arena *a, const struct st_image *image, const char *folder, struct st_spike_list **lists,
                    struct st_fault *f)
{
    *lists = ST_NEW(a, struct st_spike_list, image->receptor_count);
    for (uint32_t i = 0; i < image->receptor_count; i++) {
        const struct st_receptor *r = &image->receptors[i];
        char *text;
        size_t length;
        if (r->encoder != ST_ENCODE_SPIKES || !r->file || !*r->file)
            continue;
        const char *path = find(a, folder, r->file);
        if (!strcmp(path, "-"))
            path = "./-"; /* a network's file is never the standard input */
        if (!st_file_read_most(a, path, ST_TEXT_MOST, &text, &length, f)) {
            if (f->id == ST_FAULT_OPEN && folder && r->file[0] != '/')
                st_fail(f, ST_FAULT_OPEN, "spikes of '%s': there is no '%s', neither in '%s' nor in the current folder",
                        r->name, r->file, folder);
            return false;
        }
        if (!st_spike_list_parse(a, r->file, text, length, r->size, &(*lists)[i], f))
            return false;
    }
    return true;
}

uint32_t st_spike_list_find(const struct st_spike_list *l, uint32_t tick)
{
    uint32_t low = 0, high = l->count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (l->events[middle].tick < tick)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}
