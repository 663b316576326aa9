#include "events.h"

#include "file.h"
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DATA_MOST ((size_t)1 << 30)

bool st_event_wrong(struct st_event_reader *r, enum st_diag_id id, const char *path, const char *format, ...)
{
    char text[400];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    st_error(r->diags, id, st_diags_path(r->diags, r->source, path), NULL, "%s", text);
    return false;
}

static void add(struct st_event_reader *r, uint32_t tick, uint32_t group, uint32_t index)
{
    struct st_events *e = r->out;
    if (e->count == e->room) {
        uint32_t room = e->room ? 2 * e->room : 4096;
        struct st_event *at = ST_NEW(r->arena, struct st_event, room);
        if (e->count)
            memcpy(at, e->at, e->count * sizeof *at);
        e->at = at;
        e->room = room;
    }
    e->at[e->count++] = (struct st_event){tick, group, index};
}

bool st_event_at(struct st_event_reader *r, double time, uint32_t group, uint64_t index)
{
    /* a time that is a tick's beginning but for the rounding of its decimals belongs to it */
    double tick = floor((time - r->options->from) / r->dt + 1e-6);
    if (!(tick >= 0) || (r->options->ticks && tick >= r->options->ticks)) {
        r->out->outside++;
        return true;
    }
    if (tick >= UINT32_MAX - 1)
        return st_event_wrong(r, ST_DIAG_FOREIGN_SIZE, "/", "time %g is tick %.0f: take a longer dt, or a later `from`",
                              time, tick);
    if (r->out->count >= UINT32_MAX / 2)
        return st_event_wrong(r, ST_DIAG_FOREIGN_SIZE, "/", "there are more than 2^31 events");
    add(r, (uint32_t)tick, group, (uint32_t)index);
    return true;
}

bool st_event_pixel(struct st_event_reader *r, double time, uint32_t x, uint32_t y, bool on, uint32_t width,
                    uint32_t height, size_t where)
{
    const struct st_event_options *o = r->options;
    width = o->width ? o->width : width;
    height = o->height ? o->height : height;
    if (x >= width || y >= height)
        return st_event_wrong(r, ST_DIAG_FOREIGN_NODE, "/",
                              "the event at byte %zu is at column %u, row %u, and the sensor has %u x %u", where, x, y,
                              width, height);
    if ((o->polarity == ST_POLARITY_ON && !on) || (o->polarity == ST_POLARITY_OFF && on)) {
        r->out->outside++;
        return true;
    }
    uint64_t channel = o->polarity == ST_POLARITY_SEPARATE && on;
    return st_event_at(r, time, 0, (channel * height + y) * width + x);
}

/* --- in order ----------------------------------------------------------------------------------------------- */

static int by_place(const void *x, const void *y)
{
    const struct st_event *a = x, *b = y;
    int tick = (a->tick > b->tick) - (a->tick < b->tick), group = (a->group > b->group) - (a->group < b->group);
    return tick ? tick : group ? group : (a->index > b->index) - (a->index < b->index);
}

void st_events_sort(struct st_events *e)
{
    uint32_t kept = 0;
    if (e->count)
        qsort(e->at, e->count, sizeof *e->at, by_place);
    for (uint32_t i = 0; i < e->count; i++)
        if (kept && by_place(&e->at[kept - 1], &e->at[i]) == 0)
            e->together++;
        else
            e->at[kept++] = e->at[i];
    e->count = kept;
}

/* --- which format ------------------------------------------------------------------------------------------- */

static bool ends_with(const char *text, const char *end)
{
    size_t n = strlen(text), k = strlen(end);
    return n >= k && !strcmp(text + n - k, end);
}

static bool read_h5(struct st_event_reader *r, const char *path, struct st_fault *f)
{
    struct st_h5 h;
    jmp_buf outer;
    if (!st_h5_open(&h, r->arena, r->diags, path, NULL, 0, f))
        return false;
    r->source = h.source;
    memcpy(&outer, &r->arena->full, sizeof outer);
    if (setjmp(r->arena->full)) {
        st_h5_close(&h);
        memcpy(&r->arena->full, &outer, sizeof outer);
        longjmp(r->arena->full, 1);
    }
    bool good = st_events_h5(r, &h);
    memcpy(&r->arena->full, &outer, sizeof outer);
    st_h5_close(&h);
    return good;
}

static struct st_event_reader begin(struct st_arena *a, struct st_diags *d, const struct st_event_options *o,
                                    struct st_events *out, struct st_fault *f)
{
    *out = (struct st_events){.label = -1, .what = "lines"};
    f->id = ST_OK;
    out->groups = ST_NEW(a, const char *, 1);
    out->groups[0] = o->group;
    out->group_count = 1;
    return (struct st_event_reader){.arena = a, .diags = d, .options = o, .out = out, .dt = o->dt > 0 ? o->dt : 0.001};
}

/* Two programs' files end in .bin, and neither begins with a name: what can be only one is that one. What can be
 * neither is looked at as N-MNIST's. */
static bool read_bin(struct st_event_reader *r, const unsigned char *bytes, size_t length)
{
    bool masks = st_arni_masks(bytes, length), pixels = st_nmnist_pixels(r, bytes, length);
    if (r->options->bin == ST_BIN_TOLD && masks && pixels)
        return st_event_wrong(r, ST_DIAG_FOREIGN_OPTION, "/",
                              "these %zu bytes can be N-MNIST's events as well as ArNI-X' spikes: say --format n-mnist "
                              "or --format arni-x",
                              length);
    bool arni = r->options->bin == ST_BIN_TOLD ? masks : r->options->bin == ST_BIN_ARNI;
    return arni ? st_events_arni(r, bytes, length) : st_events_nmnist(r, bytes, length);
}

bool st_events_parse(struct st_arena *a, struct st_diags *d, const char *name, const char *text, size_t length,
                     const struct st_event_options *o, struct st_events *out, struct st_fault *f)
{
    struct st_event_reader r = begin(a, d, o, out, f);
    const unsigned char *bytes = (const unsigned char *)text;
    bool good;
    r.source = st_diags_source(d, name, "", 0);
    if (length >= 9 && !memcmp(text, "#!AER-DAT", 9))
        good = st_events_aedat(&r, bytes, length);
    else if (length >= 4 && (!memcmp(text, "\x93NUM", 4) || !memcmp(text, "PK\3\4", 4)))
        good = st_events_numpy(&r, bytes, length);
    else if (ends_with(name, "tb_input.txt"))
        good = st_events_ranc_bits(&r, name, text, length, f);
    else if (ends_with(name, ".json"))
        good = st_events_ranc(&r, name, text, length, f);
    else if (ends_with(name, ".bin"))
        good = read_bin(&r, bytes, length);
    else if (ends_with(name, ".lst"))
        good =
            st_event_wrong(&r, ST_DIAG_FOREIGN_REFUSED, "/",
                           "what stands in ArNI-X' .lst is not published: let it write spikes as .bin, or as lines of "
                           "'.' and '@' (-Pt)");
    else if (st_arni_lines(text, length))
        good = st_events_arni_lines(&r, text, length);
    else
        good = st_events_lines(&r, name, text, length, f);
    st_events_sort(out);
    return good;
}

bool st_events_read(struct st_arena *a, struct st_diags *d, const char *path, const struct st_event_options *o,
                    struct st_events *out, struct st_fault *f)
{
    char *text;
    size_t length;
    if (!ends_with(path, ".h5") && !ends_with(path, ".hdf5"))
        return st_file_read_most(a, path, DATA_MOST, &text, &length, f) &&
               st_events_parse(a, d, path, text, length, o, out, f);
    struct st_event_reader r = begin(a, d, o, out, f);
    bool good = read_h5(&r, path, f);
    st_events_sort(out);
    return good;
}
