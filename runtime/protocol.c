#include "protocol.h"
#include "measure.h"
#include "stoa/draw.h"
#include <string.h>

uint64_t st_protocol_permutation(uint64_t seed, uint32_t number)
{
    uint64_t h = st_hash64(seed, 0x7A5Cu << 8, number);
    return h ? h : 1;
}

uint64_t st_protocol_noise(uint64_t seed, uint32_t source) { return st_hash64(seed, 0x7A5Du << 8, source); }

struct st_change *st_changes_read(struct st_yaml_reader *r, const struct st_yaml *set, uint32_t *count)
{
    *count = 0;
    if (!st_yaml_is(r, set, ST_YAML_MAP, "'set'"))
        return NULL;
    struct st_change *changes = ST_NEW(r->arena, struct st_change, set->count);
    for (uint32_t i = 0; i < set->count; i++) {
        struct st_change *c = &changes[*count];
        c->name = set->keys[i]->text;
        if (st_yaml_number(r, set->items[i], c->name, -1e12, 1e12, &c->value))
            (*count)++;
    }
    return changes;
}

static uint32_t whole_or(struct st_yaml_reader *r, const struct st_yaml *map, const char *key, int64_t low,
                         int64_t high, uint32_t otherwise)
{
    const struct st_yaml *at = st_yaml_get(map, key);
    int64_t v = otherwise;
    if (at)
        st_yaml_whole(r, at, key, low, high, &v);
    return (uint32_t)v;
}

static bool switch_or(struct st_yaml_reader *r, const struct st_yaml *map, const char *key, bool otherwise)
{
    const struct st_yaml *at = st_yaml_get(map, key);
    if (at)
        st_yaml_switch(r, at, key, &otherwise);
    return otherwise;
}

/* --- tasks --------------------------------------------------------------------------------------------------- */

/* A name in `tasks`: one task, or as many as `times` says. */
struct family {
    char *name;
    uint32_t first, count;
};

struct reading {
    struct st_yaml_reader *r;
    struct st_protocol *out;
    struct family *families;
    uint32_t family_count;
    uint32_t task_room, step_room;
    bool *seen;                 /* [tasks] */
    struct st_change *in_force; /* what has been set so far */
    uint32_t in_force_count;
    char *network; /* that a phase named, or NULL */
};

static uint32_t *read_classes(struct st_yaml_reader *r, const struct st_yaml *at, uint32_t *count)
{
    *count = 0;
    if (!at || !st_yaml_is(r, at, ST_YAML_LIST, "'classes'"))
        return NULL;
    uint32_t *classes = ST_NEW(r->arena, uint32_t, at->count);
    for (uint32_t i = 0; i < at->count; i++) {
        int64_t v;
        if (st_yaml_whole(r, at->items[i], "a class", 0, 255, &v))
            classes[(*count)++] = (uint32_t)v;
    }
    return classes;
}

static void read_permutation(struct st_yaml_reader *r, const struct st_yaml *at, bool *each, uint32_t *number)
{
    int64_t v;
    if (!at)
        return;
    *each = at->kind == ST_YAML_SCALAR && !strcmp(at->text, "each");
    if (!*each && st_yaml_whole(r, at, "'permutation'", 0, 1000000, &v))
        *number = (uint32_t)v;
}

static bool add_task(struct reading *k, struct st_told_task task, struct st_mark mark)
{
    if (!strcmp(task.name, "all") || !strcmp(task.name, "seen")) {
        st_error(k->r->diags, ST_DIAG_BAD_NAME, mark, NULL, "'%s' cannot name a task: it is a word of phases",
                 task.name);
        return false;
    }
    if (k->out->task_count == ST_TASKS_MOST) {
        st_error(k->r->diags, ST_DIAG_OUT_OF_RANGE, mark, NULL, "more than %d tasks", ST_TASKS_MOST);
        return false;
    }
    for (uint32_t i = 0; i < k->out->task_count; i++)
        if (!strcmp(k->out->tasks[i].name, task.name)) {
            st_error(k->r->diags, ST_DIAG_DUPLICATE_KEY, mark, NULL, "there is a task '%s' already", task.name);
            return false;
        }
    k->out->tasks[k->out->task_count++] = task;
    return true;
}

static void read_task(struct reading *k, const struct st_yaml *at, const char *const *sources)
{
    static const char *const keys[] = {"task",  "data",  "permutation", "classes", "renumber",
                                       "label", "first", "times",       NULL};
    struct st_yaml_reader *r = k->r;
    struct st_told_task t = {0};
    int source = 0;
    bool each = false;
    if (!st_yaml_is(r, at, ST_YAML_MAP, "a task"))
        return;
    st_yaml_keys(r, at, keys, "a task");
    const struct st_yaml *name = st_yaml_need(r, at, "task", "a task"), *data = st_yaml_get(at, "data");
    if (!name || !st_yaml_word(r, name, "'task'", &t.name))
        return;
    if (!st_yaml_is_name(t.name)) {
        st_error(r->diags, ST_DIAG_BAD_NAME, name->mark, NULL, "'%.80s' cannot name a task", t.name);
        return;
    }
    if (!data && sources[1]) /* which of them would be a guess */
        st_yaml_need(r, at, "data", "a task");
    if (data && !st_yaml_choice(r, data, "'data'", sources, &source))
        return;
    t.source = (uint32_t)source;
    read_permutation(r, st_yaml_get(at, "permutation"), &each, &t.permutation);
    t.classes = read_classes(r, st_yaml_get(at, "classes"), &t.class_count);
    t.renumber = switch_or(r, at, "renumber", false);
    t.unlabelled = !switch_or(r, at, "label", true);
    if (t.renumber && t.unlabelled)
        st_error(r->diags, ST_DIAG_KEY_NOT_FOR, at->mark, NULL,
                 "'renumber' names labels, and 'label: false' leaves none");
    t.first = whole_or(r, at, "first", 1, UINT32_MAX, 0);
    uint32_t times = whole_or(r, at, "times", 1, ST_TASKS_MOST, 1);
    struct family *f = &k->families[k->family_count++];
    *f = (struct family){t.name, k->out->task_count, 0};
    for (uint32_t i = 0; i < times; i++, f->count++) {
        struct st_told_task one = t;
        if (st_yaml_get(at, "times"))
            one.name = st_arena_printf(r->arena, "%s%u", t.name, i + 1);
        if (each)
            one.permutation = i;
        if (!add_task(k, one, at->mark))
            return;
    }
}

/* --- phases -------------------------------------------------------------------------------------------------- */

/* The tasks that a word names, added to list; false: none. */
static bool add_named(struct reading *k, const struct st_yaml *at, bool asks, uint32_t *list, uint32_t *count)
{
    const char *word = at->kind == ST_YAML_SCALAR ? at->text : "";
    uint32_t first = 0, n = 0;
    bool all = !strcmp(word, "all"), seen = asks && !strcmp(word, "seen");
    if (all || seen)
        n = k->out->task_count;
    for (uint32_t i = 0; !n && i < k->family_count; i++)
        if (!strcmp(k->families[i].name, word)) {
            first = k->families[i].first;
            n = k->families[i].count;
        }
    for (uint32_t i = 0; !n && i < k->out->task_count; i++)
        if (!strcmp(k->out->tasks[i].name, word)) {
            first = i;
            n = 1;
        }
    if (!n) {
        st_error(k->r->diags, ST_DIAG_UNKNOWN_CHOICE, at->mark,
                 "a task, the name that tasks share, a list of them, 'all', and after 'ask' also 'seen'",
                 "there is no task '%.80s'", word);
        return false;
    }
    for (uint32_t i = first; i < first + n; i++) {
        bool twice = seen && !k->seen[i];
        for (uint32_t j = 0; j < *count; j++)
            twice |= list[j] == i;
        if (!twice)
            list[(*count)++] = i;
    }
    return true;
}

static uint32_t *named(struct reading *k, const struct st_yaml *at, bool asks, uint32_t *count)
{
    uint32_t *list = ST_NEW(k->r->arena, uint32_t, k->out->task_count + 1);
    *count = 0;
    if (at->kind != ST_YAML_LIST) {
        add_named(k, at, asks, list, count);
        return list;
    }
    for (uint32_t i = 0; i < at->count; i++)
        if (!add_named(k, at->items[i], asks, list, count))
            break;
    return list;
}

static void add_step(struct reading *k, struct st_told_step step, struct st_mark mark)
{
    struct st_protocol *p = k->out;
    if (p->step_count == ST_PROTOCOL_STEPS_MOST) {
        st_error(k->r->diags, ST_DIAG_OUT_OF_RANGE, mark, NULL, "more than %d steps", ST_PROTOCOL_STEPS_MOST);
        return;
    }
    if (p->step_count == k->step_room) {
        uint32_t room = k->step_room ? 2 * k->step_room : 64;
        struct st_told_step *more = ST_NEW(k->r->arena, struct st_told_step, room);
        if (p->step_count)
            memcpy(more, p->steps, p->step_count * sizeof *more);
        p->steps = more;
        k->step_room = room;
    }
    p->steps[p->step_count++] = step;
}

/* What a phase sets is added to what is in force; a list of its own, because earlier steps hold theirs. */
static void set(struct reading *k, const struct st_yaml *at)
{
    uint32_t count;
    const struct st_change *new = st_changes_read(k->r, at, &count);
    if (!count)
        return;
    struct st_change *all = ST_NEW(k->r->arena, struct st_change, k->in_force_count + count);
    uint32_t n = 0;
    for (uint32_t i = 0; i < k->in_force_count; i++) {
        bool again = false;
        for (uint32_t j = 0; j < count; j++)
            again |= !strcmp(new[j].name, k->in_force[i].name);
        if (!again)
            all[n++] = k->in_force[i];
    }
    memcpy(all + n, new, count * sizeof *new);
    k->in_force = all;
    k->in_force_count = n + count;
}

/* One name or a list of them. */
static uint32_t read_measures(struct reading *k, const struct st_yaml *at)
{
    uint32_t bits = 0, count = at->kind == ST_YAML_LIST ? at->count : 1;
    for (uint32_t i = 0; i < count; i++) {
        int which;
        if (st_yaml_choice(k->r, at->kind == ST_YAML_LIST ? at->items[i] : at, "'measure'", st_measure_names, &which))
            bits |= 1u << which;
    }
    return bits;
}

static void ask(struct reading *k, const struct st_yaml *at, uint32_t measures)
{
    struct st_told_step s = {.ask = true,
                             .measures = measures,
                             .changes = k->in_force,
                             .change_count = k->in_force_count,
                             .network = k->network};
    s.tasks = named(k, at, true, &s.count);
    if (s.count)
        add_step(k, s, at->mark);
    else if (!k->r->diags->errors)
        st_error(k->r->diags, ST_DIAG_UNKNOWN_CHOICE, at->mark, "'all', or tasks by name",
                 "no task has been seen here");
}

static void read_phase(struct reading *k, const struct st_yaml *at)
{
    static const char *const keys[] = {"learn", "ask", "epochs", "rounds", "label", "set", "network", "measure", NULL};
    struct st_yaml_reader *r = k->r;
    if (!st_yaml_is(r, at, ST_YAML_MAP, "a phase"))
        return;
    st_yaml_keys(r, at, keys, "a phase");
    const struct st_yaml *learn = st_yaml_get(at, "learn"), *asked = st_yaml_get(at, "ask");
    if (!learn && !asked) {
        st_yaml_need(r, at, "learn", "a phase");
        return;
    }
    const struct st_yaml *measure = st_yaml_get(at, "measure");
    uint32_t measures = measure ? read_measures(k, measure) : 0;
    if (measure && !asked)
        st_error(r->diags, ST_DIAG_KEY_NOT_FOR, measure->mark, "ask: all",
                 "'measure' is for a phase that asks: nothing is looked at while it learns");
    if (st_yaml_get(at, "set"))
        set(k, st_yaml_get(at, "set"));
    if (st_yaml_get(at, "network"))
        st_yaml_word(r, st_yaml_get(at, "network"), "'network'", &k->network);
    uint32_t count = 0, rounds = whole_or(r, at, "rounds", 1, 100000, 1);
    const uint32_t *tasks = learn ? named(k, learn, false, &count) : NULL;
    struct st_told_step s = {.epochs = whole_or(r, at, "epochs", 1, 1000000, 1),
                             .unlabelled = !switch_or(r, at, "label", true),
                             .changes = k->in_force,
                             .change_count = k->in_force_count,
                             .network = k->network};
    for (uint32_t round = 0; round < rounds && !r->diags->errors; round++) {
        for (uint32_t i = 0; i < count; i++) {
            s.task = tasks[i];
            add_step(k, s, at->mark);
            k->seen[tasks[i]] = true;
            if (asked)
                ask(k, asked, measures);
        }
        if (!learn)
            ask(k, asked, measures);
    }
}

void st_protocol_read(struct st_yaml_reader *r, const struct st_yaml *tasks, const struct st_yaml *phases,
                      const char *const *sources, struct st_protocol *out)
{
    struct reading k = {.r = r, .out = out};
    *out = (struct st_protocol){.tasks = ST_NEW(r->arena, struct st_told_task, ST_TASKS_MOST)};
    uint32_t source_count = 0;
    while (sources[source_count])
        source_count++;
    k.families = ST_NEW(r->arena, struct family, tasks && tasks->kind == ST_YAML_LIST ? tasks->count : source_count);
    if (tasks && st_yaml_is(r, tasks, ST_YAML_LIST, "'tasks'"))
        for (uint32_t i = 0; i < tasks->count; i++)
            read_task(&k, tasks->items[i], sources);
    for (uint32_t i = 0; !tasks && i < source_count; i++)
        add_task(&k, (struct st_told_task){.name = st_arena_printf(r->arena, "%s", sources[i]), .source = i},
                 phases->mark);
    k.seen = ST_NEW(r->arena, bool, out->task_count + 1);
    if (r->diags->errors || !st_yaml_is(r, phases, ST_YAML_LIST, "'phases'"))
        return;
    for (uint32_t i = 0; i < phases->count && !r->diags->errors; i++)
        read_phase(&k, phases->items[i]);
    if (!r->diags->errors && !out->step_count)
        st_error(r->diags, ST_DIAG_MISSING_KEY, phases->mark, NULL, "'phases' holds nothing to do");
}
