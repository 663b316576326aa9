#include "spike_file.h"
#include "file.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int by_tick(const void *a, const void *b)
{
    const struct st_spike_event *x = a, *y = b;
    if (x->tick != y->tick)
        return x->tick < y->tick ? -1 : 1;
    return x->index < y->index ? -1 : x->index > y->index;
}

/* A number at *at below `limit`, with what is left after it; false if there is none. */
static bool number(const char **at, uint64_t limit, uint32_t *out)
{
    if (**at < '0' || **at > '9')
        return false;
    char *end;
    errno = 0;
    unsigned long long v = strtoull(*at, &end, 10);
    if (errno || v >= limit)
        return false;
    *out = (uint32_t)v;
    *at = end + strspn(end, " \t\r");
    return true;
}

bool st_spike_list_parse(struct st_arena *a, const char *name, const char *text, uint32_t size,
                         struct st_spike_list *out, struct st_fault *f)
{
    size_t lines = 1, line = 0;
    for (const char *p = text; *p; p++)
        lines += *p == '\n';
    *out = (struct st_spike_list){ST_NEW(a, struct st_spike_event, lines), 0};
    for (const char *p = text; *p; p += *p == '\n') {
        line++;
        p += strspn(p, " \t\r");
        if (*p == '#')
            p += strcspn(p, "\n");
        if (*p == '\n' || !*p)
            continue;
        struct st_spike_event *e = &out->events[out->count];
        if (!number(&p, UINT32_MAX, &e->tick) || !number(&p, size, &e->index) || (*p != '\n' && *p))
            return st_fail(f, ST_FAULT_SPIKES, "%s:%zu: wants `tick index` with an index below %u", name, line, size);
        out->count++;
    }
    qsort(out->events, out->count, sizeof *out->events, by_tick);
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
        if (!st_file_read(a, path, &text, &length, f)) {
            if (f->id == ST_FAULT_OPEN && folder && r->file[0] != '/')
                st_fail(f, ST_FAULT_OPEN, "spikes of '%s': there is no '%s', neither in '%s' nor in the current folder",
                        r->name, r->file, folder);
            return false;
        }
        if (strlen(text) != length)
            return st_fail(f, ST_FAULT_SPIKES, "%s: is not text: it holds a zero character", r->file);
        if (!st_spike_list_parse(a, r->file, text, r->size, &(*lists)[i], f))
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
