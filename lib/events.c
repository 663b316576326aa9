/* events.c - spikes of sensors, data sets and other programs as ticks, and spikes for them. */
#include "events.h"
#include "handles.h"
#include <string.h>

struct stoa_events {
    struct st_held *held;
    struct st_events events;
    stoa_events_info about;
};

_Static_assert(sizeof(stoa_event) == sizeof(struct st_event) &&
                   offsetof(stoa_event, index) == offsetof(struct st_event, index),
               "events are handed out where they lie");

static void keep(struct st_call *c, stoa_events *made)
{
    const struct st_events *e = &made->events;
    made->about = (stoa_events_info){.at = (const stoa_event *)e->at,
                                     .count = e->count,
                                     .groups = e->groups,
                                     .group_count = e->group_count,
                                     .together = e->together,
                                     .outside = e->outside,
                                     .label = e->label,
                                     .what = e->what};
    made->held = st_keep(c, NULL, NULL);
}

/* --- read ------------------------------------------------------------------------------------------------------- */

struct reading {
    const char *path;
    const stoa_event_options *given;
    stoa_events *events;
};

static bool word_of(struct st_call *c, const char *what, const char *word, const char *const *words, int *out)
{
    *out = 0;
    if (!word)
        return true;
    for (; words[*out]; ++*out)
        if (!strcmp(words[*out], word))
            return true;
    return st_request(c, "there is no %s '%.40s'", what, word);
}

static bool read_events(struct st_call *c, void *user)
{
    static const char *const polarities[] = {"separate", "together", "on", "off", NULL};
    static const char *const cameras[] = {"dvs128", "davis", NULL};
    static const char *const bins[] = {"", "n-mnist", "arni-x", NULL};
    struct reading *q = user;
    stoa_event_options o = stoa_event_defaults();
    int polarity, camera, bin;
    if (!q->path)
        return st_request(c, "there is no file of events");
    if (!st_options(c, &o, sizeof o, q->given, offsetof(stoa_event_options, format)) ||
        !word_of(c, "polarity", o.polarity, polarities, &polarity) ||
        !word_of(c, "camera", o.camera, cameras, &camera) || !word_of(c, "format", o.format, bins, &bin))
        return false;
    if (!(o.dt >= 0 && o.dt <= 1e6 && o.from >= -1e12 && o.from <= 1e12))
        return st_request(c, "dt is 0 to 1e6, and what is before `from` at most 1e12 away");
    const char *group = o.group ? o.group : "in";
    stoa_events *made = ST_NEW(c->arena, stoa_events, 1);
    const struct st_event_options how = {.dt = o.dt,
                                         .from = o.from,
                                         .ticks = o.ticks,
                                         .polarity = (enum st_polarity)polarity,
                                         .camera = (enum st_camera)camera,
                                         .bin = (enum st_bin)bin,
                                         .width = o.width,
                                         .height = o.height,
                                         .sample = o.sample,
                                         .group = st_arena_text(c->arena, group, strlen(group))};
    if (!st_events_read(c->arena, &c->diags, q->path, &how, &made->events, &c->fault))
        return false;
    keep(c, made);
    q->events = made;
    return true;
}

stoa_status stoa_events_read(const char *path, const stoa_event_options *options, stoa_events **events,
                             stoa_diagnostics **said)
{
    struct reading q = {path, options, NULL};
    stoa_status status = st_call(said, read_events, &q);
    *events = q.events;
    return status;
}

/* --- from memory ------------------------------------------------------------------------------------------------ */

struct taking {
    const stoa_event *at;
    size_t count;
    const char *const *groups;
    uint32_t group_count;
    stoa_events *events;
};

static bool take(struct st_call *c, void *user)
{
    struct taking *q = user;
    if (!q->groups || !q->group_count)
        return st_request(c, "events want the name of a group");
    if ((q->count && !q->at) || q->count >= UINT32_MAX)
        return st_request(c, "%zu events cannot be taken", q->count);
    stoa_events *made = ST_NEW(c->arena, stoa_events, 1);
    struct st_events *e = &made->events;
    *e = (struct st_events){.at = ST_NEW(c->arena, struct st_event, q->count),
                            .count = (uint32_t)q->count,
                            .groups = ST_NEW(c->arena, const char *, q->group_count),
                            .group_count = q->group_count,
                            .label = -1,
                            .what = "memory"};
    for (uint32_t i = 0; i < q->group_count; i++) {
        if (!q->groups[i] || !*q->groups[i])
            return st_request(c, "group %u has no name", i);
        e->groups[i] = st_arena_text(c->arena, q->groups[i], strlen(q->groups[i]));
    }
    for (size_t i = 0; i < q->count; i++) {
        if (q->at[i].group >= q->group_count)
            return st_request(c, "event %zu is of group %u, and there are %u", i, q->at[i].group, q->group_count);
        e->at[i] = (struct st_event){q->at[i].tick, q->at[i].group, q->at[i].index};
    }
    st_events_sort(e);
    keep(c, made);
    q->events = made;
    return true;
}

stoa_status stoa_events_of(const stoa_event *at, size_t count, const char *const *groups, uint32_t group_count,
                           stoa_events **events, stoa_diagnostics **said)
{
    struct taking q = {at, count, groups, group_count, NULL};
    stoa_status status = st_call(said, take, &q);
    *events = q.events;
    return status;
}

const stoa_events_info *stoa_events_about(const stoa_events *events) { return &events->about; }

/* --- written ---------------------------------------------------------------------------------------------------- */

struct writing {
    const stoa_events *events;
    double dt;
    const char *path;
};

static bool write_events(struct st_call *c, void *user)
{
    struct writing *q = user;
    if (!q->events || !q->path)
        return st_request(c, "writing wants events and a file");
    if (!(q->dt >= 0 && q->dt <= 1e6))
        return st_request(c, "dt is 0 to 1e6, not %g", q->dt);
    return st_events_write(c->arena, &q->events->events, q->dt > 0 ? q->dt : 1, q->path, &c->fault);
}

stoa_status stoa_events_write(const stoa_events *events, double dt, const char *path, stoa_diagnostics **said)
{
    struct writing q = {events, dt, path};
    return st_call(said, write_events, &q);
}

void stoa_events_free(stoa_events *events)
{
    if (events)
        st_let_go(events->held);
}
