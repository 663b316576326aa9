#include "events.h"

#include "file.h"
#include "h5_write.h"
#include "numpy.h"
#include "text.h"
#include <string.h>

enum { NAME_WIDTH = 64 };

static bool ends_with(const char *text, const char *end)
{
    size_t n = strlen(text), k = strlen(end);
    return n >= k && !strcmp(text + n - k, end);
}

static bool write_lines(struct st_arena *a, const struct st_events *e, bool csv, const char *path, struct st_fault *f)
{
    struct st_text t;
    st_text_init(&t, a);
    st_text_put(&t, csv ? "tick,group,index\n" : "");
    for (uint32_t i = 0; i < e->count; i++)
        st_textf(&t, csv ? "%u,%s,%u\n" : "%u %s %u\n", e->at[i].tick, e->groups[e->at[i].group], e->at[i].index);
    return st_file_write(path, t.at, t.length, f);
}

/* Arrays tick, index and group, and the groups' names. */
static bool write_npz(struct st_arena *a, const struct st_events *e, const char *path, struct st_fault *f)
{
    uint32_t *column[3];
    size_t length;
    for (int k = 0; k < 3; k++)
        column[k] = ST_NEW(a, uint32_t, e->count);
    for (uint32_t i = 0; i < e->count; i++) {
        column[0][i] = e->at[i].tick;
        column[1][i] = e->at[i].index;
        column[2][i] = e->at[i].group;
    }
    char *names = st_arena_get(a, e->group_count, NAME_WIDTH);
    for (uint32_t i = 0; i < e->group_count; i++) {
        size_t n = strlen(e->groups[i]);
        memcpy(names + (size_t)i * NAME_WIDTH, e->groups[i], n < NAME_WIDTH ? n : NAME_WIDTH);
    }
    const struct st_numpy_out arrays[] = {{"tick", "<u4", e->count, 4, column[0]},
                                          {"index", "<u4", e->count, 4, column[1]},
                                          {"group", "<u4", e->count, 4, column[2]},
                                          {"names", "|S64", e->group_count, NAME_WIDTH, names}};
    void *bytes = st_npz_make(a, arrays, 4, &length);
    return bytes ? st_file_write(path, bytes, length, f)
                 : st_fail(f, ST_FAULT_WRITE, "%s: the archive cannot be made", path);
}

static void write_population(struct st_h5_out *o, struct st_arena *a, const struct st_events *e, uint32_t group,
                             double dt)
{
    uint64_t n = 0, k = 0;
    for (uint32_t i = 0; i < e->count; i++)
        n += e->at[i].group == group;
    uint64_t *id = ST_NEW(a, uint64_t, n);
    double *time = ST_NEW(a, double, n);
    for (uint32_t i = 0; i < e->count; i++)
        if (e->at[i].group == group) {
            id[k] = e->at[i].index;
            time[k++] = e->at[i].tick * dt;
        }
    const char *path = st_arena_printf(a, "/spikes/%s", e->groups[group]),
               *times = st_arena_printf(a, "%s/timestamps", path);
    st_h5_group(o, path);
    st_h5_note_text(o, path, "sorting", "by_time");
    st_h5_put_wholes(o, st_arena_printf(a, "%s/node_ids", path), 1, &n, id);
    st_h5_put_reals(o, times, 1, &n, time);
    st_h5_note_text(o, times, "units", "ms");
}

static bool write_h5(struct st_arena *a, const struct st_events *e, double dt, const char *path, struct st_fault *f)
{
    static const uint32_t magic = 0x0a7a, version[2] = {0, 1};
    struct st_h5_out o;
    jmp_buf outer;
    if (!st_h5_create(&o, a, path, f))
        return false;
    memcpy(&outer, &a->full, sizeof outer);
    if (setjmp(a->full)) {
        st_h5_drop(&o);
        memcpy(&a->full, &outer, sizeof outer);
        longjmp(a->full, 1);
    }
    st_h5_note_wholes(&o, "/", "magic", 1, &magic);
    st_h5_note_wholes(&o, "/", "version", 2, version);
    st_h5_group(&o, "/spikes");
    for (uint32_t i = 0; i < e->group_count; i++)
        write_population(&o, a, e, i, dt);
    memcpy(&a->full, &outer, sizeof outer);
    return st_h5_commit(&o, f);
}

bool st_events_write(struct st_arena *a, const struct st_events *e, double dt, const char *path, struct st_fault *f)
{
    if (ends_with(path, ".h5") || ends_with(path, ".hdf5"))
        return write_h5(a, e, dt, path, f);
    if (ends_with(path, ".npz"))
        return write_npz(a, e, path, f);
    return write_lines(a, e, ends_with(path, ".csv"), path, f);
}
