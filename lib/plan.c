#include "plan.h"
#include "digest.h"
#include "net_migrate.h"
#include "file.h"
#include "image_io.h"
#include "shipped.h"
#include "text.h"
#include <string.h>
#include <unistd.h>

/* --- data ----------------------------------------------------------------------------------------------------- */

/* The folder of the data: below --data, or below `data`, or beside the experiment. */
static const char *data_folder(struct st_arena *a, const struct st_plan_want *w, const struct st_data_source *s)
{
    const char *usual = st_path_join(a, w->data ? w->data : "data", s->folder);
    const char *beside = st_path_join(a, st_path_folder(a, w->path), s->folder);
    if (w->data || access(st_path_join(a, usual, s->train_images), F_OK) == 0 ||
        access(st_path_join(a, beside, s->train_images), F_OK) != 0)
        return usual;
    return beside;
}

/* Two files of a folder, and of them what is chosen. */
static bool load_part(struct st_arena *a, const struct st_data_source *s, const char *folder, const char *images,
                      const char *labels, struct st_dataset *out, struct st_fault *f)
{
    struct st_dataset whole;
    return st_dataset_load(a, st_path_join(a, folder, images), st_path_join(a, folder, labels), &whole, f) &&
           st_dataset_choose(a, &whole, &s->choice, out, f);
}

static bool load(struct st_arena *a, const struct st_plan_want *w, const struct st_data_source *s,
                 struct st_plan_data *out, struct st_fault *f)
{
    const char *folder = data_folder(a, w, s);
    struct st_dataset whole;
    bool good = load_part(a, s, folder, s->train_images, s->train_labels, &whole, f);
    if (good && w->validate)
        st_dataset_hold_out(a, &whole, s->hold_out, &out->train, &out->test);
    else if (good) {
        out->train = whole;
        good = load_part(a, s, folder, s->test_images, s->test_labels, &out->test, f);
    }
    if (!good && f->id == ST_FAULT_OPEN) {
        char text[sizeof f->text];
        memcpy(text, f->text, sizeof text);
        st_fail(f, ST_FAULT_OPEN,
                "%s; data sets are looked for in '%s' (--data DIR), and `stoa data` says which are there and how "
                "others are had",
                text, folder);
    }
    return good;
}

/* Learnt is noise 0 .. n - 1, asked about n .. 2 n - 1; each source draws its own. */
static void make_noise(struct st_arena *a, const struct st_plan_want *w, uint32_t number, uint32_t width,
                       uint32_t height, struct st_plan_data *out)
{
    const struct st_data_source *s = &w->experiment->sources[number];
    uint64_t seed = st_protocol_noise(w->how.seed, number);
    char *name = st_arena_printf(a, "%s noise", st_noise_names[s->noise.kind]);
    st_noise_make(a, seed, &s->noise, width, height, 0, s->made, &out->train);
    st_noise_make(a, seed, &s->noise, width, height, s->made, s->made, &out->test);
    out->train.images_path = out->test.images_path = name;
}

/* Noise that does not say its size has that of the first data set that has one. */
static void make_all_noise(struct st_arena *a, const struct st_plan_want *w, struct st_plan_data *data)
{
    const struct st_experiment *e = w->experiment;
    uint32_t width = 0, height = 0;
    for (uint32_t i = 0; i < e->source_count && !width; i++) {
        width = e->sources[i].made ? e->sources[i].width : data[i].train.width;
        height = e->sources[i].made ? e->sources[i].height : data[i].train.height;
    }
    for (uint32_t i = 0; i < e->source_count; i++) {
        const struct st_data_source *s = &e->sources[i];
        if (s->made)
            make_noise(a, w, i, s->width ? s->width : width, s->width ? s->height : height, &data[i]);
    }
}

/* --- networks ------------------------------------------------------------------------------------------------- */

/* The experiment's values, then a phase's, then the user's: the last one counts. network NULL: the experiment's. */
static const struct st_image *compile(struct st_arena *a, struct st_diags *d, const struct st_plan_want *w,
                                      const char *network, const struct st_change *changes, uint32_t count,
                                      const struct st_net **net, struct st_fault *f)
{
    const struct st_experiment *e = w->experiment;
    size_t all = e->change_count + count + w->setting_count, n = 0;
    struct st_setting *settings = ST_NEW(a, struct st_setting, all);
    const struct st_change *sources[] = {e->changes, changes};
    const uint32_t counts[] = {e->change_count, count};
    for (int k = 0; k < 2; k++)
        for (uint32_t i = 0; i < counts[k]; i++)
            settings[n++] = (struct st_setting){sources[k][i].name, sources[k][i].value};
    for (size_t i = 0; i < w->setting_count; i++)
        settings[n++] = w->settings[i];
    struct st_compiled stages;
    const char *note; /* a foreign network's was said when it was checked */
    *net = st_net_load(a, d, network ? network : e->network, settings, n, &note, f);
    return *net ? st_compile(a, d, *net, w->fabric, &w->how, &stages) : NULL;
}

/* --- tasks and steps ------------------------------------------------------------------------------------------ */

static bool make_view(struct st_arena *a, const struct st_plan_want *w, const struct st_told_task *t,
                      const struct st_dataset *data, uint32_t most, struct st_view *v, struct st_fault *f)
{
    *v = st_view_of(data);
    if (t->class_count && !st_view_classes(a, v, t->classes, t->class_count, t->renumber, f))
        return false;
    if (t->unlabelled)
        st_view_unlabelled(a, v);
    if (most)
        st_view_first(v, most);
    if (t->permutation)
        v->permutation = st_protocol_permutation(w->how.seed, t->permutation);
    return true;
}

static bool make_tasks(struct st_arena *a, const struct st_plan_want *w, const struct st_plan_data *data,
                       struct st_plan_made *out, struct st_fault *f)
{
    const struct st_protocol *p = &w->experiment->protocol;
    out->task_count = p->task_count;
    out->tasks = ST_NEW(a, struct st_task, p->task_count);
    for (uint32_t i = 0; i < p->task_count; i++) {
        const struct st_told_task *t = &p->tasks[i];
        uint32_t most = w->limit && (!t->first || w->limit < t->first) ? w->limit : t->first;
        out->tasks[i].name = t->name;
        if (!make_view(a, w, t, &data[t->source].train, most, &out->tasks[i].learn, f) ||
            !make_view(a, w, t, &data[t->source].test, w->ask, &out->tasks[i].ask, f))
            return false;
    }
    return true;
}

static bool same_word(const char *a, const char *b) { return a && b ? strcmp(a, b) == 0 : a == b; }

/* Steps get an image each time that values or network change. */
static bool make_steps(struct st_arena *a, struct st_diags *d, const struct st_plan_want *w, struct st_plan_made *out,
                       struct st_fault *f)
{
    const struct st_protocol *p = &w->experiment->protocol;
    const struct st_change *in_force = NULL;
    const char *network = NULL;
    out->step_count = p->step_count;
    out->steps = ST_NEW(a, struct st_step, p->step_count);
    out->nets = ST_NEW(a, const struct st_net *, p->step_count);
    for (uint32_t i = 0; i < p->step_count; i++) {
        const struct st_told_step *t = &p->steps[i];
        struct st_step *s = &out->steps[i];
        *s = (struct st_step){.does = t->ask ? ST_ASK : ST_LEARN,
                              .task = t->task,
                              .epochs = t->epochs,
                              .unlabelled = t->unlabelled,
                              .tasks = t->tasks,
                              .count = t->count,
                              .measures = t->measures};
        if (t->changes == in_force && same_word(t->network, network))
            continue;
        in_force = t->changes;
        network = t->network;
        s->as = compile(a, d, w, network, t->changes, t->change_count, &out->nets[i], f);
        if (!s->as)
            return false;
    }
    return true;
}

/* --- migration -------------------------------------------------------------------------------------------------- */

struct recutter {
    const struct st_plan_want *want;
    const struct st_net *net, **nets; /* as they begin, and by step */
};

/* The network of a step with columns of other sizes; its copies are of no interest. */
static const struct st_image *recut(void *user, struct st_arena *a, uint32_t step, uint32_t population,
                                    const uint32_t *starts, struct st_fault *f)
{
    const struct recutter *k = user;
    const struct st_net *net = step == ST_NONE ? k->net : k->nets[step];
    struct st_compile_options how = k->want->how;
    struct st_diags d;
    st_diags_init(&d, a);
    how.copies = 1;
    net = st_net_recut(a, net, net->receptor_count + population, starts);
    const struct st_image *image = st_compile(a, &d, net, k->want->fabric, &how, NULL);
    if (!image)
        st_fail(f, ST_FAULT_CANNOT, "microcolumns have changed their columns, and the network cannot be mapped: %.800s",
                st_diags_text(&d, false));
    return image;
}

/* What every network of the run allows. */
static bool make_migration(struct st_arena *a, struct st_diags *d, const struct st_plan_want *w,
                           struct st_plan_made *out)
{
    const struct st_told_migration *m = &w->experiment->migrate;
    if (!m->population)
        return true;
    uint32_t node = st_net_migrates(out->net, d, m->population, m->mark, m->quiet);
    if (node == UINT32_MAX)
        return false;
    for (uint32_t i = 0; i < out->step_count; i++)
        if (out->nets[i] && st_net_migrates(out->nets[i], d, m->population, m->mark, m->quiet) == UINT32_MAX)
            return false;
    struct recutter *k = ST_NEW(a, struct recutter, 1);
    *k = (struct recutter){w, out->net, out->nets};
    out->migrate = (struct st_migration){.population = node - out->net->receptor_count,
                                         .every = m->every,
                                         .quiet = m->quiet,
                                         .rise = m->rise,
                                         .keep = m->keep,
                                         .most = m->most};
    out->recut = (struct st_recut){.compile = recut, .user = k, .rooms = w->rooms};
    return true;
}

/* A single data set as it is called; of several, all of them. */
static const char *name_data(struct st_arena *a, const struct st_plan_want *w)
{
    struct st_text t;
    st_text_init(&t, a);
    for (uint32_t i = 0; i < w->experiment->source_count; i++) {
        const struct st_data_source *s = &w->experiment->sources[i];
        st_textf(&t, "%s%s%s", i ? ", " : "", s->made ? st_noise_names[s->noise.kind] : s->folder,
                 s->made ? " noise" : "");
    }
    if (w->validate)
        st_text_put(&t, ", held out");
    return t.at;
}

const struct st_experiment *st_plan_experiment(struct st_arena *a, struct st_diags *d, const char *name,
                                               const char **path, struct st_fault *f)
{
    char *text;
    size_t length;
    f->id = ST_OK;
    const char *found = st_find(a, "experiments", name, f);
    if (!found || !st_file_read_most(a, found, ST_TEXT_MOST, &text, &length, f))
        return NULL;
    if (path)
        *path = found;
    return st_experiment_read(a, d, found, text, length);
}

bool st_plan_read(struct st_arena *a, struct st_diags *d, const char *experiment, const char *fabric,
                  struct st_plan_want *want, struct st_fault *f)
{
    want->experiment = st_plan_experiment(a, d, experiment, &want->path, f);
    if (!want->experiment)
        return false;
    want->fabric = st_fabric_load(a, d, fabric ? fabric : want->experiment->fabric, f);
    return want->fabric != NULL;
}

bool st_plan_load(struct st_arena *a, const struct st_plan_want *w, struct st_plan_data **out, struct st_fault *f)
{
    const struct st_experiment *e = w->experiment;
    for (uint32_t i = 0; i < e->source_count; i++)
        if (w->validate && !e->sources[i].made && !e->sources[i].hold_out)
            return st_fail(f, ST_FAULT_REQUEST, "--validate: the experiment's data %s has no hold_out",
                           e->sources[i].name ? e->sources[i].name : "");
    *out = ST_NEW(a, struct st_plan_data, e->source_count);
    for (uint32_t i = 0; i < e->source_count; i++)
        if (!e->sources[i].made && !load(a, w, &e->sources[i], &(*out)[i], f))
            return false;
    make_all_noise(a, w, *out);
    return true;
}

bool st_plan_make(struct st_arena *a, struct st_diags *d, const struct st_plan_want *w, const struct st_plan_data *data,
                  struct st_plan_made *out, struct st_fault *f)
{
    const struct st_experiment *e = w->experiment;
    *out = (struct st_plan_made){.dataset = name_data(a, w)};
    f->id = ST_OK;
    out->image = compile(a, d, w, NULL, NULL, 0, &out->net, f);
    if (!out->image)
        return false;
    if (e->protocol.step_count)
        return make_tasks(a, w, data, out, f) && make_steps(a, d, w, out, f) && make_migration(a, d, w, out);
    struct st_dataset *train = ST_NEW(a, struct st_dataset, 1), *test = ST_NEW(a, struct st_dataset, 1);
    *train = w->limit && w->limit < data->train.count ? st_dataset_part(&data->train, 0, w->limit) : data->train;
    *test = w->ask && w->ask < data->test.count ? st_dataset_part(&data->test, 0, w->ask) : data->test;
    out->train = train;
    out->test = test;
    return make_migration(a, d, w, out);
}

struct st_train_plan st_plan_of(struct st_arena *a, const struct st_plan_want *w, const struct st_plan_made *made)
{
    struct st_fault f;
    const char *network = st_find(a, "networks", w->experiment->network, &f);
    return (struct st_train_plan){.tasks = made->tasks,
                                  .task_count = made->task_count,
                                  .steps = made->steps,
                                  .step_count = made->step_count,
                                  .train = made->train,
                                  .test = made->test,
                                  .epochs = w->experiment->epochs,
                                  .migrate = made->migrate,
                                  .recut = made->recut,
                                  .threads = 1,
                                  .folder = st_path_folder(a, network ? network : ".")};
}

uint64_t st_plan_digest(struct st_arena *a, const struct st_plan_made *m, const struct st_experiment *e)
{
    size_t length;
    const unsigned char *bytes = st_image_pack(a, m->image, &length);
    uint64_t h = st_digest(0x5374527567000004u, bytes, length); /* version 4 of this digest */
    if (m->migrate.every) {
        uint64_t rise;
        memcpy(&rise, &m->migrate.rise, sizeof rise);
        h = st_digest_word(st_digest_word(st_digest_word(h, m->migrate.every), m->migrate.population), rise);
        h = st_digest_word(st_digest_word(st_digest_word(h, m->migrate.quiet), m->migrate.keep), m->migrate.most);
    }
    if (!m->steps) {
        h = st_digest_word(st_digest_word(h, m->train->digest), m->train->count);
        h = st_digest_word(st_digest_word(h, m->test->digest), m->test->count);
        return st_digest_word(h, e->epochs);
    }
    for (uint32_t i = 0; i < m->task_count; i++)
        h = st_view_digest(st_view_digest(h, &m->tasks[i].learn), &m->tasks[i].ask);
    for (uint32_t i = 0; i < m->step_count; i++) {
        const struct st_step *s = &m->steps[i];
        h = st_digest_word(h, (uint64_t)s->does << 33 | (uint64_t)s->unlabelled << 32 | s->task);
        h = st_digest(st_digest_word(h, (uint64_t)s->measures << 32 | s->epochs), s->tasks,
                      s->count * sizeof *s->tasks);
        if (s->as) {
            bytes = st_image_pack(a, s->as, &length);
            h = st_digest(h, bytes, length);
        }
    }
    return h;
}
