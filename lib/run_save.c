/* run_save.c - what came of a run: back into an image, and as figures. */
#include "activity.h"
#include "run.h"
#include "run_json.h"
#include <string.h>

struct saving {
    stoa_run *run;
    stoa_image *image;
    bool last;
};

static bool save(struct st_call *c, void *user)
{
    struct saving *q = user;
    stoa_image *to = q->image;
    if (!to || q->run->copy >= to->about.copies)
        return st_request(c, "an image that has a copy %u is wanted", q->run->copy);
    const char *differs = to == q->run->image ? NULL : st_image_differs(q->run->image->image, to->image);
    if (differs)
        return st_request(c, "the images differ in %s, and a copy of one does not fit the other", differs);
    struct st_copy *copy = &to->image->copies[q->run->copy], room = *copy;
    /* What is learnt goes where it was. What is live gets room of its own, which the image holds; what was there goes.
     */
    st_copy_shape(c->arena, to->image, &room, true);
    room.learnt = copy->learnt;
    struct st_held *live = st_keep(c, NULL, NULL);
    c->kept = false;
    if (!st_run_save(q->run->run, &room, q->last, &c->fault))
        return false;
    c->kept = true;
    *copy = room;
    st_let_go(to->live[q->run->copy]);
    to->live[q->run->copy] = live;
    return true;
}

stoa_status stoa_run_save(stoa_run *run, stoa_image *image, stoa_diagnostics **said)
{
    struct saving q = {run, image, false};
    return st_call(said, save, &q);
}

stoa_status stoa_run_finish(stoa_run *run, stoa_image *image, stoa_diagnostics **said)
{
    struct saving q = {run, image, true};
    return st_call(said, save, &q);
}

/* --- figures -------------------------------------------------------------------------------------------------- */

struct telling {
    const stoa_run *run;
    char *text;
};

/* Cycles in which each core was not quiet. */
static const uint64_t *busy_of(struct st_call *c, const stoa_run *r)
{
    uint32_t count = r->image->image->core_count;
    uint64_t *busy = ST_NEW(c->arena, uint64_t, count);
    for (uint32_t k = 0; k < count; k++)
        busy[k] = st_run_busy(r->run, k);
    return busy;
}

static bool put_json(struct st_call *c, void *user)
{
    struct telling *q = user;
    const stoa_run *r = q->run;
    const struct st_image *m = r->image->image;
    const struct st_timing timing = st_run_timing(r->run);
    struct st_counters *cores = ST_NEW(c->arena, struct st_counters, m->core_count);
    struct st_text t;
    for (uint32_t k = 0; k < m->core_count; k++)
        cores[k] = st_run_counters(r->run, k);
    const struct st_ran ran = {.network = m->network,
                               .fabric = m->fabric,
                               .ran_on = st_arena_printf(c->arena, "%s %s", r->on.single.port->name, r->kernel),
                               .first_tick = r->first_tick,
                               .counters = st_run_counters(r->run, ST_ALL_CORES),
                               .cores = cores,
                               .core_count = m->core_count};
    st_text_init(&t, c->arena);
    st_text_put(&t, "{\n");
    st_run_json(&t, m, &ran);
    if (timing.ticks) {
        st_text_put(&t, ",\n  \"machine\": ");
        st_on_put_json(&t, &r->on, &timing, busy_of(c, r));
    }
    st_text_put(&t, "\n}\n");
    return (q->text = st_give(c, t.at, t.length)) != NULL;
}

stoa_status stoa_run_json(const stoa_run *run, char **text, stoa_diagnostics **said)
{
    struct telling q = {.run = run};
    stoa_status status = st_call(said, put_json, &q);
    *text = q.text;
    return status;
}

static bool put_profile(struct st_call *c, void *user)
{
    struct telling *q = user;
    const stoa_run *r = q->run;
    const struct st_image *m = r->image->image;
    uint32_t n = m->receptor_count + m->population_count;
    const char **names = ST_NEW(c->arena, const char *, n);
    for (uint32_t i = 0; i < n; i++)
        names[i] = i < m->receptor_count ? m->receptors[i].name : m->populations[i - m->receptor_count].name;
    const char *text = st_activity_print(c->arena, m->network, st_run_now(r->run) - r->first_tick, names, r->spoke, n);
    return (q->text = st_give(c, text, strlen(text))) != NULL;
}

stoa_status stoa_run_profile(const stoa_run *run, char **text, stoa_diagnostics **said)
{
    struct telling q = {.run = run};
    stoa_status status = st_call(said, put_profile, &q);
    *text = q.text;
    return status;
}

static bool put_text(struct st_call *c, void *user)
{
    struct telling *q = user;
    const struct st_timing timing = st_run_timing(q->run->run);
    struct st_text t;
    st_text_init(&t, c->arena);
    if (timing.ticks)
        st_on_put_text(&t, &q->run->on, &timing, busy_of(c, q->run));
    return (q->text = st_give(c, t.at, t.length)) != NULL;
}

stoa_status stoa_run_text(const stoa_run *run, char **text, stoa_diagnostics **said)
{
    struct telling q = {.run = run};
    stoa_status status = st_call(said, put_text, &q);
    *text = q.text;
    return status;
}
