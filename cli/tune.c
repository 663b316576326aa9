/* tune.c - `stoa tune`: an experiment's parameters searched on held-out training pictures. */
#include "digest.h"
#include "file.h"
#include "html_tune.h"
#include "train_plan.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

const char cli_tune_help[] =
    "stoa tune permuted-mnist\n"
    "    searches the parameters that the experiment's `tune:` names, on training pictures that are held back and on\n"
    "    permutations that no reported run has, and writes tune/NAME/tuned.yaml, tune.json and tune.html\n\n"
    "usage: stoa tune EXPERIMENT [OPTIONS]\n\n"
    "  --range NAME=LOW:HIGH  another range, or a parameter that `tune:` does not name\n"
    "  --set NAME=NUMBER      another value for a parameter that is not searched\n"
    "  --population N         trials of a generation\n"
    "  --generations N\n"
    "  --seeds N              judgements of a newcomer\n"
    "  --copies N             members of the ensemble that is judged\n"
    "  --limit N              training pictures of a task\n"
    "  --ask N                held-out pictures of a task\n"
    "  --seed N               of the search (default 1)\n"
    "  -f FABRIC, --data DIR  as of stoa train\n"
    "  --out DIR              where results go (default tune/NAME)\n"
    "  --threads N            (default: one a core; the results do not depend on it)\n"
    "  --kernel NAME          kernels (same results)\n"
    "  --json                 tune.json on standard output, too\n\n"
    "A genetic search: the best stay and are judged again with another seed in each generation, and once more at the\n"
    "end; the others are bred. A network that is refused counts as the worst; any other failure ends the search.\n"
    "Every judgement is kept in DIR/log; the same command goes on from it, also after kill -9.\n";

struct request {
    struct train_options all;
    uint64_t population, generations, seeds, copies;
    struct st_axis ranges[ST_AXES_MOST];
    uint32_t range_count;
};

static bool read_range(struct cli *c, struct request *q, char *text)
{
    char *equals = strchr(text, '='), *end;
    struct st_axis x = {0};
    if (equals && q->range_count < ST_AXES_MOST) {
        x.low = strtod(equals + 1, &end);
        if (*end == ':') {
            x.high = strtod(end + 1, &end);
            if (!*end && x.low < x.high) {
                *equals = 0;
                x.name = text;
                q->ranges[q->range_count++] = x;
                return true;
            }
        }
    }
    cli_usage(c, "--range wants NAME=LOW:HIGH, not '%s'", text);
    return false;
}

static bool parse(struct cli *c, int argc, char **argv, struct request *q)
{
    static const struct option options[] = {TRAIN_OPTIONS_ALL,
                                            TRAIN_OPTIONS_NETWORK,
                                            {"range", required_argument, NULL, 'r'},
                                            {"population", required_argument, NULL, 'P'},
                                            {"generations", required_argument, NULL, 'g'},
                                            {"seeds", required_argument, NULL, 'S'},
                                            {"copies", required_argument, NULL, 'n'},
                                            {NULL, 0, NULL, 0}};
    *q = (struct request){0};
    cli_train_options_init(&q->all);
    q->all.validate = true;
    for (int o; (o = cli_option(c, argc, argv, ":f:", options)) != -1;) {
        bool ok = true;
        switch (o) {
        case 'r':
            ok = read_range(c, q, optarg);
            break;
        case 'P':
            ok = cli_number(c, "--population", optarg, 2, 1000, &q->population);
            break;
        case 'g':
            ok = cli_number(c, "--generations", optarg, 1, 1000, &q->generations);
            break;
        case 'S':
            ok = cli_number(c, "--seeds", optarg, 1, ST_SEARCH_JUDGED_MOST, &q->seeds);
            break;
        case 'n':
            ok = cli_number(c, "--copies", optarg, 1, 4096, &q->copies);
            break;
        default:
            ok = cli_train_option(c, o, &q->all);
        }
        if (!ok)
            return false;
    }
    return cli_train_options_end(c, argc, argv, &q->all);
}

/* --- a judgement ---------------------------------------------------------------------------------------------- */

struct judge {
    const struct st_plan_want *want; /* a judgement's seed and values are put over its own */
    const struct st_plan_data *data;
    const struct st_tune *tune;
    const char *variant;
    uint32_t generations;
    double drawn[2]; /* when the last line was drawn; judgements that were there before this run, below 0: not known */
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
    return good;
}

/* --- what is left behind --------------------------------------------------------------------------------------- */

/* The network's text with the best values in place of those under `parameters:`; comments stay. */
static bool write_network(struct cli *c, const struct st_plan_want *want, const struct st_tune *t,
                          const struct st_trial *best, const char *path, struct st_fault *f)
{
    char *text;
    size_t length;
    struct st_text out;
    const char *from = st_find(c->arena, "networks", want->experiment->network, f);
    if (!from || !st_file_read_most(c->arena, from, ST_TEXT_MOST, &text, &length, f))
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
    return st_file_write(path, out.at, out.length, f);
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

static void show(void *user, uint32_t generation, uint64_t done, uint64_t all, double seconds,
                 const struct st_trial *best)
{
    double *drawn = ((struct judge *)user)->drawn;
    bool terminal = isatty(STDERR_FILENO);
    if (done < all && seconds - drawn[0] < (terminal ? 0.2 : 10))
        return;
    if (drawn[1] < 0) /* the first judgement of this run: what a log kept took no time */
        drawn[1] = (double)done - 1;
    drawn[0] = seconds;
    double rate = seconds > 0 ? ((double)done - drawn[1]) / seconds : 0;
    char what[32] = "the best once more";
    if (generation < ((struct judge *)user)->generations)
        snprintf(what, sizeof what, "generation %u", generation + 1);
    fprintf(stderr, "%s%s: %llu of %llu judgements, %.2f a second, %.0f s left", terminal ? "\r" : "", what,
            (unsigned long long)done, (unsigned long long)all, rate, rate > 0 ? (double)(all - done) / rate : 0);
    if (best)
        fprintf(stderr, "; best %.2f +- %.2f (%u)", best->mean, best->deviation, best->judged);
    fputs(terminal && done < all ? "\033[K" : "\n", stderr);
}

/* --- the command ----------------------------------------------------------------------------------------------- */

/* The experiment's ranges with those of the command line over them. */
static void ranges(struct cli *c, const struct request *q, struct st_tune *t)
{
    struct st_axis *all = ST_NEW(c->arena, struct st_axis, t->axis_count + q->range_count);
    uint32_t n = t->axis_count;
    if (n)
        memcpy(all, t->axes, n * sizeof *all);
    for (uint32_t i = 0; i < q->range_count; i++) {
        uint32_t k = 0;
        while (k < n && strcmp(all[k].name, q->ranges[i].name) != 0)
            k++;
        bool log = k < n && all[k].log && q->ranges[i].low > 0, whole = k < n && all[k].whole;
        all[k] = q->ranges[i];
        all[k].log = log;
        all[k].whole = whole;
        n += k == n;
    }
    t->axes = all;
    t->axis_count = n;
}

/* Values that the network has now: the first trial. False: a parameter that it has not. */
static bool start_of(struct cli *c, const struct st_plan_want *want, const struct st_tune *t, double *start,
                     struct st_fault *f)
{
    char *text;
    size_t length;
    const struct st_experiment *e = want->experiment;
    const char *path = st_find(c->arena, "networks", e->network, f);
    if (!path || !st_file_read_most(c->arena, path, ST_TEXT_MOST, &text, &length, f))
        return false;
    struct st_diags d;
    st_diags_init(&d, c->arena);
    const struct st_yaml *root = st_yaml_parse(c->arena, &d, path, text, length);
    const struct st_yaml *parameters = root ? st_yaml_get(root, "parameters") : NULL;
    for (uint32_t k = 0; k < t->axis_count; k++) {
        const struct st_yaml *at =
            parameters && parameters->kind == ST_YAML_MAP ? st_yaml_get(parameters, t->axes[k].name) : NULL;
        if (!at || !at->text || !st_yaml_is_number(at->text, &start[k])) {
            st_fail(f, ST_FAULT_CANNOT, "'%s' has no number '%s' under `parameters:` that could be searched", path,
                    t->axes[k].name);
            return false;
        }
        for (uint32_t i = 0; i < e->change_count; i++)
            if (!strcmp(e->changes[i].name, t->axes[k].name))
                start[k] = e->changes[i].value;
        start[k] = fmin(fmax(start[k], t->axes[k].low), t->axes[k].high);
    }
    return true;
}

static uint64_t digest_of(const struct st_search *s, const struct st_plan_made *made, struct cli *c,
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

int cli_tune(struct cli *c, int argc, char **argv)
{
    struct request q;
    struct st_fault f = {0};
    struct st_plan_want want;
    if (!parse(c, argc, argv, &q))
        return CLI_USAGE;
    int status = cli_train_want(c, &q.all, &want);
    if (status != CLI_DONE)
        return status;
    const struct st_experiment *e = want.experiment;
    struct st_tune t = e->tune;
    ranges(c, &q, &t);
    if (!t.axis_count)
        return cli_usage(c,
                         "nothing is searched: the experiment has no `tune:`, and there is no --range NAME=LOW:HIGH");
    t.population = q.population ? (uint32_t)q.population : t.population;
    t.elite = t.elite < t.population ? t.elite : t.population - 1;
    t.generations = q.generations ? (uint32_t)q.generations : t.generations;
    t.seeds = q.seeds ? (uint32_t)q.seeds : t.seeds;
    t.copies = q.copies ? (uint32_t)q.copies : t.copies;
    t.first = want.limit ? want.limit : t.first;
    t.ask = want.ask ? want.ask : t.ask;
    const char *out = q.all.out ? q.all.out : st_arena_printf(c->arena, "tune/%s", e->name);
    if (!cli_folder_take(c, out, &f))
        return cli_fault(&f);
    want.how = (struct st_compile_options){.seed = st_search_seed(q.all.seed, 0), .copies = t.copies};
    want.limit = t.first;
    want.ask = t.ask;
    struct st_plan_data *data;
    struct st_plan_made made;
    status = cli_train_load(c, &want, &data);
    if (status != CLI_DONE)
        return status;
    double start[ST_AXES_MOST];
    if (!start_of(c, &want, &t, start, &f))
        return cli_fault(&f);
    if (!st_plan_make(c->arena, &c->diags, &want, data, &made, &f))
        return f.id ? cli_fault(&f) : cli_diags(c, false);
    struct judge judging = {&want, data, &t, q.all.variant, t.generations, {-100, -1}};
    struct st_search s = {.axes = t.axes,
                          .axis_count = t.axis_count,
                          .start = start,
                          .population = t.population,
                          .generations = t.generations,
                          .elite = t.elite,
                          .seeds = t.seeds,
                          .threads = (uint32_t)q.all.threads,
                          .seed = q.all.seed,
                          .judge = judge,
                          .user = &judging,
                          .log = st_path_join(c->arena, out, "log"),
                          .stop = cli_stop_on_signals(),
                          .progress = show};
    s.digest = digest_of(&s, &made, c, e, &t);
    struct st_found found;
    if (!st_search_run(c->arena, &s, &found, &f)) {
        if (f.id != ST_FAULT_STOPPED)
            return cli_fault(&f);
        fprintf(stderr, "stoa: %s; the same command goes on\n", f.text);
        return 128 + atomic_load(s.stop);
    }
    if (!isfinite(found.best->mean)) {
        fprintf(stderr, "stoa: no network with parameters in these ranges is taken: all %u were refused\n",
                found.refused);
        return CLI_REFUSED;
    }
    struct st_text json;
    size_t page_length;
    st_text_init(&json, c->arena);
    put_json(&json, e->name, &s, &found);
    const char *page = st_tune_html(c->arena, e->name, &s, &found, &page_length);
    if (!write_network(c, &want, &t, found.best, st_path_join(c->arena, out, "tuned.yaml"), &f) ||
        !st_file_write(st_path_join(c->arena, out, "tune.json"), json.at, json.length, &f) ||
        !st_file_write(st_path_join(c->arena, out, "tune.html"), page, page_length, &f))
        return cli_fault(&f);
    if (q.all.json) {
        fwrite(json.at, 1, json.length, stdout);
        return CLI_DONE;
    }
    printf("%s: %.2f +- %.2f over %u seeds on held-out pictures; it began with %.2f\n", e->name, found.best->mean,
           found.best->deviation, found.best->judged, found.trials[0].mean);
    if (found.refused)
        printf("  %u of %u networks were refused\n", found.refused, found.count);
    for (uint32_t k = 0; k < s.axis_count; k++)
        printf("  %-20s %g   (%g to %g, began with %g)\n", s.axes[k].name, found.best->at[k], s.axes[k].low,
               s.axes[k].high, start[k]);
    printf("  %s\n  %s\n", cli_shown(c, st_path_join(c->arena, out, "tuned.yaml")),
           cli_shown(c, st_path_join(c->arena, out, "tune.html")));
    return CLI_DONE;
}
