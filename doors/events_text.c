#include "events.h"

#include "numpy.h"
#include "text_input.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define UNPACKED_MOST ((size_t)1 << 32)

/* --- NumPy -------------------------------------------------------------------------------------------------- */

static bool whole(struct st_event_reader *r, const struct st_numpy *n, uint64_t i, double *out)
{
    *out = st_numpy_value(n, i);
    return (*out >= 0 && *out < UINT32_MAX - 1 && *out == floor(*out)) ||
           st_event_wrong(r, ST_DIAG_FOREIGN_TYPE, n->name,
                          "element %llu is %g: whole numbers from 0 on are wanted here", (unsigned long long)i, *out);
}

/* Ticks by rows, units by columns; what is not 0 is a spike. Ticks are those of the array, whatever dt. */
static bool dense(struct st_event_reader *r, const struct st_numpy *n)
{
    if (n->dims < 2)
        return st_event_wrong(r, ST_DIAG_FOREIGN_SHAPE, n->name,
                              "spikes are [ticks][units], and this has %u dimension%s", n->dims,
                              n->dims == 1 ? "" : "s");
    uint64_t units = n->count && n->size[0] ? n->count / n->size[0] : 1;
    for (uint64_t i = 0; i < n->count; i++) {
        uint64_t tick = i / units;
        if (st_numpy_value(n, i) != 0 && !st_event_at(r, r->options->from + (double)tick * r->dt, 0, i % units))
            return false;
    }
    return true;
}

static const struct st_numpy *named(const struct st_numpy *list, uint32_t count, const char *name)
{
    for (uint32_t i = 0; i < count; i++)
        if (!strcmp(list[i].name, name))
            return &list[i];
    return NULL;
}

/* As st_events_write makes them. */
static bool columns(struct st_event_reader *r, const struct st_numpy *tick, const struct st_numpy *index)
{
    if (tick->count != index->count)
        return st_event_wrong(r, ST_DIAG_FOREIGN_SHAPE, "index", "it has %llu elements, 'tick' has %llu",
                              (unsigned long long)index->count, (unsigned long long)tick->count);
    for (uint64_t i = 0; i < tick->count; i++) {
        double t, k;
        if (!whole(r, tick, i, &t) || !whole(r, index, i, &k) ||
            !st_event_at(r, r->options->from + t * r->dt, 0, (uint64_t)k))
            return false;
    }
    return true;
}

bool st_events_numpy(struct st_event_reader *r, const unsigned char *bytes, size_t length)
{
    struct st_numpy one, *list = &one;
    uint32_t count = 1;
    bool zip = bytes[0] == 'P';
    r->out->what = zip ? ".npz" : ".npy";
    const char *wrong = zip ? st_npz_parse(r->arena, bytes, length, UNPACKED_MOST, &list, &count)
                            : st_numpy_parse(r->arena, bytes, length, &one);
    if (wrong)
        return st_event_wrong(r, ST_DIAG_FOREIGN_FILE, "/", "%s", wrong);
    const struct st_numpy *tick = named(list, count, "tick"), *index = named(list, count, "index");
    if (tick && index)
        return columns(r, tick, index);
    const struct st_numpy *spikes = zip ? named(list, count, "spikes") : &one;
    if (!spikes && count == 1)
        spikes = list;
    if (!spikes)
        return st_event_wrong(r, ST_DIAG_FOREIGN_MISSING, "/",
                              "there are %u arrays: 'spikes', or 'tick' and 'index', are wanted", count);
    return dense(r, spikes);
}

/* --- lines: `tick group index`, and traces, of which the spikes are taken ----------------------------------- */

static uint32_t group_of(struct st_event_reader *r, const char *name, size_t length)
{
    struct st_events *e = r->out;
    for (uint32_t i = 0; i < e->group_count; i++)
        if (e->groups[i] && strlen(e->groups[i]) == length && !memcmp(e->groups[i], name, length))
            return i;
    const char **groups = ST_NEW(r->arena, const char *, (size_t)e->group_count + 1);
    memcpy(groups, e->groups, e->group_count * sizeof *groups);
    groups[e->group_count] = st_arena_text(r->arena, name, length);
    e->groups = groups;
    return e->group_count++;
}

struct word {
    const char *at;
    size_t length;
};

static bool number(struct word w, uint64_t most, uint64_t *out)
{
    *out = 0;
    for (size_t i = 0; i < w.length; i++) {
        if (w.at[i] < '0' || w.at[i] > '9' || *out > most)
            return false;
        *out = 10 * *out + (uint64_t)(w.at[i] - '0');
    }
    return w.length && *out <= most;
}

bool st_events_lines(struct st_event_reader *r, const char *name, const char *text, size_t length, struct st_fault *f)
{
    uint32_t line = 0;
    if (!st_text_input(name, ST_FAULT_SPIKES, &text, &length, f))
        return false;
    r->out->group_count = 0; /* lines name theirs */
    for (const char *at = text, *end = text + length; at < end;) {
        const char *newline = memchr(at, '\n', (size_t)(end - at)), *stop = newline ? newline : end;
        struct word word[6];
        uint32_t n = 0;
        uint64_t tick, index;
        line++;
        while (at < stop && n < 6) {
            while (at < stop && (*at == ' ' || *at == '\t' || *at == '\r' || *at == ','))
                at++;
            if (at == stop || *at == '#')
                break;
            word[n].at = at;
            while (at < stop && *at != ' ' && *at != '\t' && *at != '\r' && *at != ',')
                at++;
            word[n].length = (size_t)(at - word[n].at);
            n++;
        }
        at = newline ? newline + 1 : end;
        bool title = line == 1 && n == 3 && word[0].length == 4 && !memcmp(word[0].at, "tick", 4);
        bool other = n == 5 && !(word[3].length == 5 && !memcmp(word[3].at, "spike", 5));
        if (n == 0 || title || other)
            continue;
        if ((n != 3 && n != 5) || !number(word[0], UINT32_MAX - 2, &tick) || !number(word[2], (1 << 24) - 1, &index))
            return st_event_wrong(r, ST_DIAG_FOREIGN_TYPE, st_arena_printf(r->arena, "line %u", line),
                                  "a line is `tick group index`, or of a trace `tick population index spike excess`");
        if (!st_event_at(r, r->options->from + (double)tick * r->dt, group_of(r, word[1].at, word[1].length), index))
            return false;
    }
    return true;
}
