/* tune.c - an experiment's parameters searched on held-out training pictures.
 *
 *     experiment ──plan──> data, read once ──> judge(values, seed): compile, train, ask ──> score
 *                                                 └──search.h──> the best ──> tuned.yaml, tune.json, tune.html
 */
#include "digest.h"
#include "file.h"
#include "folder.h"
#include "handles.h"
#include "html_tune.h"
#include "plan.h"
#include "shipped.h"
#include "stop.h"
#include "yaml_tree.h"
#include <math.h>
#include <string.h>
#include <unistd.h>

/* What must be given back whichever way the call ends. */
struct tuning {
    const char *experiment;
    const stoa_tune_options *given;
    int lock; /* of the folder, or -1 */
    char *text, *json;
};

/* --- a judgement ---------------------------------------------------------------------------------------------- */

struct judge {
    const struct st_plan_want *want; /* a judgement's seed and values are put over its own */
    const struct st_plan_data *data;
    const struct st_tune *tune;
    const char *variant;
    uint32_t generations;
    stoa_stop *stop;
    stoa_tune_progress *progress;
    void *user;
};

/* Accuracy in % less what forgetting costs; of one task alone its accuracy. */
static double score(const struct st_result *r, const struct st_tune *t)
{
    if (!r->scores.rows)
        return 100 * r->accuracy;
    struct st_summary m = st_scores_summary(&r->scores, ST_SCORE_TOGETHER);
    return 100 * (m.average - (isnan(m.forgetting) ? 0 : t->forgetting * m.forgetting));
}

/* On any thread, with memory of its own. Refused is a network that does not compile with these values, or that a phase
 * of them cannot go on with; whatever else fails would fail the others, too. */
static bool judge(void *user, const double *at, uint64_t seed, double *out, struct st_fault *f)
{
    const struct judge *j = user;
    struct st_arena arena;
    struct st_arena rooms[2];
    struct st_diags diags;
    bool volatile good = false;
    struct st_locale locale = st_locale_plain();
    st_arena_init(&arena);
    for (int i = 0; i < 2; i++)
        st_arena_init(&rooms[i]);
    st_fail(f, ST_FAULT_MEMORY, "no memory for a judgement");
    if (setjmp(arena.full) == 0) {
        struct st_plan_want want = *j->want;
        struct st_setting *settings = ST_NEW(&arena, struct st_setting, want.setting_count + j->tune->axis_count);
        struct st_plan_made made;
        struct st_fault fault = {0};
        st_diags_init(&diags, &arena);
        if (want.setting_count)
            memcpy(settings, want.settings, want.setting_count * sizeof *settings);
        for (uint32_t k = 0; k < j->tune->axis_count; k++)
            settings[want.setting_count++] = (struct st_setting){j->tune->axes[k].name, at[k]};
        want.settings = settings;
        want.how.seed = seed;
        want.rooms = rooms;
        bool taken = st_plan_make(&arena, &diags, &want, j->data, &made, &fault) && !diags.errors, done = false;
        if (taken) {
            struct st_image image = *made.image;
            struct st_result r = {0};
            struct st_train_plan plan = st_plan_of(&arena, &want, &made);
            plan.variant = j->variant;
            done = st_train(&arena, &image, &plan, &r, &fault);
            *out = done ? score(&r, j->tune) : (double)NAN;
            if (done && isnan(*out))
                st_fail(&fault, ST_FAULT_DATA,
                        "nothing that is asked about has labels: there is no score to search by");
        }
        good = taken ? (done ? !isnan(*out) : fault.id == ST_FAULT_CANNOT) : fault.id == ST_OK;
        *f = fault;
    }
    for (int i = 0; i < 2; i++)
        st_arena_free(&rooms[i]);
    st_arena_free(&arena);
    st_locale_back(&locale);
    return good;
}

static void show(void *user, uint32_t generation, uint64_t done, uint64_t all, double seconds,
                 const struct st_trial *best)
{
    const struct judge *j = user;
    const stoa_tuning now = {.generation = generation,
                             .generations = j->generations,
                             .done = done,
                             .all = all,
                             .seconds = seconds,
                             .mean = best ? best->mean : 0,
                             .deviation = best ? best->deviation : 0,
                             .judged = best ? best->judged : 0};
    if (j->progress && j->progress(j->user, &now))
        stoa_stop_ask(j->stop);
}

/* --- what is left behind --------------------------------------------------------------------------------------- */

/* The network's text with the best values in place of those under `parameters:`; comments stay. */
static bool write_network(struct st_call *c, const struct st_plan_want *want, const struct st_tune *t,
                          const struct st_trial *best, const char *path)
{
    char *text;
    size_t length;
    struct st_text out;
    const char *from = st_find(c->arena, "networks", want->experiment->network, &c->fault);
    if (!from || !st_file_read_most(c->arena, from, ST_TEXT_MOST, &text, &length, &c->fault))
        return false;
    st_text_init(&out, c->arena);
    st_textf(&out, "# Found by stoa tune: %.2f +- %.2f over %u seeds, on held-out training pictures.\n", best->mean,
             best->deviation, best->judged);
    bool inside = false;
    for (char *line = text, *end; *line; line = end) {
        end = strchr(line, '\n');
        end = end ? end + 1 : line + strlen(line);
        if (*line != ' ' && *line != '\n' && *line != '#')
            inside = !strncmp(line, "parameters:", 11);
        const char *name = line + strspn(line, " "), *colon = memchr(name, ':', (size_t)(end - name));
        uint32_t k = 0;
        while (inside && colon && k < t->axis_count &&
               (strlen(t->axes[k].name) != (size_t)(colon - name) ||
                strncmp(t->axes[k].name, name, (size_t)(colon - name)) != 0))
            k++;
        const char *number = colon ? colon + 1 + strspn(colon + 1, " ") : NULL;
        if (!inside || !colon || k == t->axis_count || *number == '\n') {
            st_text_add(&out, line, (size_t)(end - line));
            continue;
        }
        st_text_add(&out, line, (size_t)(number - line));
        st_text_number(&out, best->at[k]);
        const char *rest = number + strcspn(number, " #\n");
        st_text_add(&out, rest, (size_t)(end - rest));
    }
    return st_file_write(path, out.at, out.length, &c->fault);
}

static void put_json(struct st_text *t, const char *experiment, const struct st_search *s, const struct st_found *found)
{
    st_text_put(t, "{\n  \"stoa_tune\": 1,\n  \"experiment\": ");
    st_text_json(t, experiment);
    st_textf(t, ",\n  \"seed\": %llu,\n  \"parameters\": [", (unsigned long long)s->seed);
    for (uint32_t k = 0; k < s->axis_count; k++) {
        st_text_put(t, k ? ", {\"name\": " : "{\"name\": ");
        st_text_json(t, s->axes[k].name);
        st_text_put(t, ", \"from\": ");
        st_text_number(t, s->axes[k].low);
        st_text_put(t, ", \"to\": ");
        st_text_number(t, s->axes[k].high);
        st_text_put(t, "}");
    }
    st_text_put(t, "],\n  \"best_of_generation\": ");
    st_text_numbers(t, found->best_of, s->generations);
    st_text_put(t, ",\n  \"mean_of_generation\": ");
    st_text_numbers(t, found->mean_of, s->generations);
    st_textf(t, ",\n  \"refused\": %u", found->refused);
    st_textf(t, ",\n  \"best\": {\"generation\": %u, \"number\": %u},\n  \"trials\": [", found->best->generation,
             found->best->number);
    for (uint32_t i = 0; i < found->count; i++) {
        const struct st_trial *x = &found->trials[i];
        st_textf(t, "%s\n    {\"generation\": %u, \"number\": %u, \"values\": ", i ? "," : "", x->generation,
                 x->number);
        st_text_numbers(t, x->at, s->axis_count);
        st_text_put(t, ", \"scores\": ");
        st_text_numbers(t, x->score, x->judged);
        st_text_put(t, ", \"mean\": ");
        st_text_number(t, x->mean);
        st_text_put(t, ", \"deviation\": ");
        st_text_number(t, x->deviation);
        st_text_put(t, "}");
    }
    st_text_put(t, "\n  ]\n}\n");
}

static void put_text(struct st_text *t, const char *experiment, const struct st_search *s, const struct st_found *found,
                     const char *const paths[2])
{
    st_textf(t, "%s: %.2f +- %.2f over %u seeds on held-out pictures; it began with %.2f\n", experiment,
             found->best->mean, found->best->deviation, found->best->judged, found->trials[0].mean);
    if (found->refused)
        st_textf(t, "  %u of %u networks were refused\n", found->refused, found->count);
    for (uint32_t k = 0; k < s->axis_count; k++)
        st_textf(t, "  %-20s %g   (%g to %g, began with %g)\n", s->axes[k].name, found->best->at[k], s->axes[k].low,
                 s->axes[k].high, s->start[k]);
    for (int i = 0; i < 2; i++) {
        st_text_put(t, "  ");
        st_text_shown(t, paths[i]);
        st_text_put(t, "\n");
    }
}

/* Files first: what is handed out is the caller's only when all is well. */
static bool leave(struct st_call *c, struct tuning *q, const char *out, const struct st_plan_want *want,
                  const struct st_tune *t, const struct st_search *s, const struct st_found *found)
{
    const char *name = want->experiment->name;
    const char *const paths[] = {st_path_join(c->arena, out, "tuned.yaml"), st_path_join(c->arena, out, "tune.html")};
    struct st_text json, text;
    size_t page_length;
    st_text_init(&json, c->arena);
    st_text_init(&text, c->arena);
    put_json(&json, name, s, found);
    put_text(&text, name, s, found, paths);
    const char *page = st_tune_html(c->arena, name, s, found, &page_length);
    return write_network(c, want, t, found->best, paths[0]) &&
           st_file_write(st_path_join(c->arena, out, "tune.json"), json.at, json.length, &c->fault) &&
           st_file_write(paths[1], page, page_length, &c->fault) &&
           (q->json = st_give(c, json.at, json.length)) != NULL && (q->text = st_give(c, text.at, text.length)) != NULL;
}

/* --- the search ------------------------------------------------------------------------------------------------- */

static bool read_options(struct st_call *c, const struct tuning *q, stoa_tune_options *o)
{
    if (!q->experiment)
        return st_request(c, "tuning wants an experiment");
    if (!st_options(c, o, sizeof *o, q->given, sizeof *o) || !st_settings_are(c, o->settings, o->setting_count))
        return false;
    if (!o->out)
        return st_request(c, "tuning wants a folder (out): it keeps each judgement there");
    if (o->population == 1 || o->population > 1000 || o->generations > 1000 || o->seeds > ST_SEARCH_JUDGED_MOST ||
        o->copies > 4096 || o->threads > 256 || o->range_count > ST_AXES_MOST)
        return st_request(c,
                          "a population is 2 to 1000, generations 1 to 1000, seeds 1 to %d, copies 1 to 4096, threads "
                          "1 to 256, ranges at most %d",
                          ST_SEARCH_JUDGED_MOST, ST_AXES_MOST);
    for (size_t i = 0; i < o->range_count; i++)
        if (!o->ranges || !o->ranges[i].name || !(o->ranges[i].low < o->ranges[i].high))
            return st_request(c, "range %zu has no name, or is from a higher to a lower number", i);
    return true;
}

/* The experiment's ranges with those of the caller over them. */
static bool ranges(struct st_call *c, const stoa_tune_options *o, struct st_tune *t)
{
    struct st_axis *all = ST_NEW(c->arena, struct st_axis, t->axis_count + o->range_count);
    uint32_t n = t->axis_count;
    if (n)
        memcpy(all, t->axes, n * sizeof *all);
    for (size_t i = 0; i < o->range_count; i++) {
        const stoa_range *r = &o->ranges[i];
        uint32_t k = 0;
        while (k < n && strcmp(all[k].name, r->name) != 0)
            k++;
        all[k] = (struct st_axis){.name = st_arena_text(c->arena, r->name, strlen(r->name)),
                                  .low = r->low,
                                  .high = r->high,
                                  .log = k < n && all[k].log && r->low > 0,
                                  .whole = k < n && all[k].whole};
        n += k == n;
    }
    t->axes = all;
    t->axis_count = n;
    if (n > ST_AXES_MOST)
        return st_request(c, "%u parameters to search; there may be %d", n, ST_AXES_MOST);
    return n > 0 || st_request(c, "nothing is searched: the experiment has no `tune:`, and there is no --range "
                                  "NAME=LOW:HIGH");
}

static void settle(const stoa_tune_options *o, struct st_tune *t)
{
    t->population = o->population ? o->population : t->population;
    t->elite = t->elite < t->population ? t->elite : t->population - 1;
    t->generations = o->generations ? o->generations : t->generations;
    t->seeds = o->seeds ? o->seeds : t->seeds;
    t->copies = o->copies ? o->copies : t->copies;
    t->first = o->limit ? o->limit : t->first;
    t->ask = o->ask ? o->ask : t->ask;
}

/* Values that the network has now: the first trial. False: a parameter that it has not. */
static bool start_of(struct st_call *c, const struct st_plan_want *want, const struct st_tune *t, double *start)
{
    char *text;
    size_t length;
    const struct st_experiment *e = want->experiment;
    const char *path = st_find(c->arena, "networks", e->network, &c->fault);
    if (!path || !st_file_read_most(c->arena, path, ST_TEXT_MOST, &text, &length, &c->fault))
        return false;
    struct st_diags d;
    st_diags_init(&d, c->arena);
    const struct st_yaml *root = st_yaml_parse(c->arena, &d, path, text, length);
    const struct st_yaml *parameters = root ? st_yaml_get(root, "parameters") : NULL;
    for (uint32_t k = 0; k < t->axis_count; k++) {
        const struct st_yaml *at =
            parameters && parameters->kind == ST_YAML_MAP ? st_yaml_get(parameters, t->axes[k].name) : NULL;
        if (!at || !at->text || !st_yaml_is_number(at->text, &start[k])) {
            st_fail(&c->fault, ST_FAULT_CANNOT, "'%s' has no number '%s' under `parameters:` that could be searched",
                    path, t->axes[k].name);
            return false;
        }
        for (uint32_t i = 0; i < e->change_count; i++)
            if (!strcmp(e->changes[i].name, t->axes[k].name))
                start[k] = e->changes[i].value;
        start[k] = fmin(fmax(start[k], t->axes[k].low), t->axes[k].high);
    }
    return true;
}

static uint64_t digest_of(const struct st_search *s, const struct st_plan_made *made, struct st_call *c,
                          const struct st_experiment *e, const struct st_tune *t)
{
    uint64_t h = st_plan_digest(c->arena, made, e);
    for (uint32_t k = 0; k < s->axis_count; k++) {
        h = st_digest(h, s->axes[k].name, strlen(s->axes[k].name));
        h = st_digest(h, &s->axes[k].low, sizeof s->axes[k].low);
        h = st_digest(h, &s->axes[k].high, sizeof s->axes[k].high);
        h = st_digest_word(h, (uint64_t)s->axes[k].log << 1 | s->axes[k].whole);
    }
    h = st_digest(h, &t->forgetting, sizeof t->forgetting);
    h = st_digest_word(h, s->generations); /* children move less the later they are born */
    return st_digest_word(st_digest_word(st_digest_word(h, s->seed), s->population), s->seeds << 16 | s->elite);
}

static bool tune(struct st_call *c, void *user)
{
    struct tuning *q = user;
    stoa_tune_options o = stoa_tune_defaults();
    struct st_plan_data *data;
    struct st_plan_made made;
    struct st_found found;
    stoa_stop own;
    double start[ST_AXES_MOST];
    atomic_init(&own.asked, 0);
    if (!read_options(c, q, &o))
        return false;
    struct st_plan_want want = {.settings = st_settings(c, o.settings, o.setting_count),
                                .setting_count = o.setting_count,
                                .data = o.data,
                                .validate = true};
    if (!st_plan_read(c->arena, &c->diags, q->experiment, o.fabric, &want, &c->fault))
        return false;
    struct st_tune t = want.experiment->tune;
    if (!ranges(c, &o, &t))
        return false;
    settle(&o, &t);
    if ((q->lock = st_folder_take(c->arena, o.out, &c->fault)) < 0)
        return false;
    want.how = (struct st_compile_options){.seed = st_search_seed(o.seed, 0), .copies = t.copies};
    want.limit = t.first;
    want.ask = t.ask;
    if (!st_plan_load(c->arena, &want, &data, &c->fault) || !start_of(c, &want, &t, start) ||
        !st_plan_make(c->arena, &c->diags, &want, data, &made, &c->fault))
        return false;
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    stoa_stop *stop = o.stop ? o.stop : &own;
    struct judge judging = {&want, data, &t, o.kernel, t.generations, stop, o.progress, o.user};
    struct st_search s = {.axes = t.axes,
                          .axis_count = t.axis_count,
                          .start = start,
                          .population = t.population,
                          .generations = t.generations,
                          .elite = t.elite,
                          .seeds = t.seeds,
                          .threads = o.threads   ? o.threads
                                     : cores > 0 ? (uint32_t)cores
                                                 : 1,
                          .seed = o.seed,
                          .judge = judge,
                          .user = &judging,
                          .log = st_path_join(c->arena, o.out, "log"),
                          .stop = &stop->asked,
                          .progress = show};
    s.digest = digest_of(&s, &made, c, want.experiment, &t);
    if (!st_search_run(c->arena, &s, &found, &c->fault))
        return false;
    if (isfinite(found.best->mean))
        return leave(c, q, o.out, &want, &t, &s, &found);
    c->at_length = st_arena_printf(
        c->arena, "no network with parameters in these ranges is taken: all %u were refused\n", found.refused);
    return st_fail(&c->fault, ST_FAULT_MISFIT, "all networks were refused");
}

stoa_status stoa_tune(const char *experiment, const stoa_tune_options *options, char **text, char **json,
                      stoa_diagnostics **said)
{
    struct tuning q = {.experiment = experiment, .given = options, .lock = -1};
    stoa_status status = st_call(said, tune, &q);
    if (q.lock >= 0)
        close(q.lock);
    bool good = status == STOA_OK;
    if (!(good && text))
        stoa_free(q.text);
    if (!(good && json))
        stoa_free(q.json);
    if (text)
        *text = good ? q.text : NULL;
    if (json)
        *json = good ? q.json : NULL;
    return status;
}
