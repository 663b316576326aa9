#include "train_plan.h"
#include "digest.h"
#include "net_migrate.h"
#include "file.h"
#include "image_io.h"
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* --- data ----------------------------------------------------------------------------------------------------- */

/* The folder of the data: below --data, or below `data`, or beside the experiment. */
static const char *data_folder(struct cli *c, const struct train_want *w, const struct st_data_source *s)
{
    const char *usual = st_path_join(c->arena, w->data ? w->data : "data", s->folder);
    const char *beside = st_path_join(c->arena, st_path_folder(c->arena, w->path), s->folder);
    if (w->data || access(st_path_join(c->arena, usual, s->train_images), F_OK) == 0 ||
        access(st_path_join(c->arena, beside, s->train_images), F_OK) != 0)
        return usual;
    return beside;
}

/* Two files of a folder, and of them what is chosen. */
static bool load_part(struct cli *c, const struct st_data_source *s, const char *folder, const char *images,
                      const char *labels, struct st_dataset *out, struct st_fault *f)
{
    struct st_dataset whole;
    return st_dataset_load(c->arena, st_path_join(c->arena, folder, images), st_path_join(c->arena, folder, labels),
                           &whole, f) &&
           st_dataset_choose(c->arena, &whole, &s->choice, out, f);
}

static bool load(struct cli *c, const struct train_want *w, const struct st_data_source *s, struct train_data *out,
                 struct st_fault *f)
{
    const char *folder = data_folder(c, w, s);
    struct st_dataset whole;
    bool good = load_part(c, s, folder, s->train_images, s->train_labels, &whole, f);
    if (good && w->validate)
        st_dataset_hold_out(c->arena, &whole, s->hold_out, &out->train, &out->test);
    else if (good) {
        out->train = whole;
        good = load_part(c, s, folder, s->test_images, s->test_labels, &out->test, f);
    }
    if (!good && f->id == ST_FAULT_OPEN)
        fprintf(
            stderr,
            "data sets are looked for in '%s' (--data DIR); `stoa data` says which are there and how others are had\n",
            cli_shown(c, folder));
    return good;
}

/* Learnt is noise 0 .. n - 1, asked about n .. 2 n - 1; each source draws its own. */
static void make_noise(struct cli *c, const struct train_want *w, uint32_t number, uint32_t width, uint32_t height,
                       struct train_data *out)
{
    const struct st_data_source *s = &w->experiment->sources[number];
    uint64_t seed = st_protocol_noise(w->how.seed, number);
    char *name = st_arena_printf(c->arena, "%s noise", st_noise_names[s->noise.kind]);
    st_noise_make(c->arena, seed, &s->noise, width, height, 0, s->made, &out->train);
    st_noise_make(c->arena, seed, &s->noise, width, height, s->made, s->made, &out->test);
    out->train.images_path = out->test.images_path = name;
}

/* Noise that does not say its size has that of the first data set that has one. */
static void make_all_noise(struct cli *c, const struct train_want *w, struct train_data *data)
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
            make_noise(c, w, i, s->width ? s->width : width, s->width ? s->height : height, &data[i]);
    }
}

/* --- networks ------------------------------------------------------------------------------------------------- */

/* The experiment's values, then a phase's, then the user's: the last one counts. network NULL: the experiment's. */
static const struct st_image *compile(struct cli *c, const struct train_want *w, const char *network,
                                      const struct st_change *changes, uint32_t count, const struct st_net **net,
                                      struct st_fault *f)
{
    const struct st_experiment *e = w->experiment;
    size_t all = e->change_count + count + w->setting_count, n = 0;
    struct st_setting *settings = ST_NEW(c->arena, struct st_setting, all);
    const struct st_change *sources[] = {e->changes, changes};
    const uint32_t counts[] = {e->change_count, count};
    for (int k = 0; k < 2; k++)
        for (uint32_t i = 0; i < counts[k]; i++)
            settings[n++] = (struct st_setting){sources[k][i].name, sources[k][i].value};
    for (size_t i = 0; i < w->setting_count; i++)
        settings[n++] = w->settings[i];
    struct st_compiled stages;
    *net = cli_net(c, network ? network : e->network, settings, n, f);
    return *net ? st_compile(c->arena, &c->diags, *net, w->fabric, &w->how, &stages) : NULL;
}

/* --- tasks and steps ------------------------------------------------------------------------------------------ */

static bool make_view(struct cli *c, const struct train_want *w, const struct st_told_task *t,
                      const struct st_dataset *data, uint32_t most, struct st_view *v, struct st_fault *f)
{
    *v = st_view_of(data);
    if (t->class_count && !st_view_classes(c->arena, v, t->classes, t->class_count, t->renumber, f))
        return false;
    if (most)
        st_view_first(v, most);
    if (t->permutation)
        v->permutation = st_protocol_permutation(w->how.seed, t->permutation);
    return true;
}

static bool make_tasks(struct cli *c, const struct train_want *w, const struct train_data *data, struct train_made *out,
                       struct st_fault *f)
{
    const struct st_protocol *p = &w->experiment->protocol;
    out->task_count = p->task_count;
    out->tasks = ST_NEW(c->arena, struct st_task, p->task_count);
    for (uint32_t i = 0; i < p->task_count; i++) {
        const struct st_told_task *t = &p->tasks[i];
        uint32_t most = w->limit && (!t->first || w->limit < t->first) ? w->limit : t->first;
        out->tasks[i].name = t->name;
        if (!make_view(c, w, t, &data[t->source].train, most, &out->tasks[i].learn, f) ||
            !make_view(c, w, t, &data[t->source].test, w->ask, &out->tasks[i].ask, f))
            return false;
    }
    return true;
}

static bool same_word(const char *a, const char *b) { return a && b ? strcmp(a, b) == 0 : a == b; }

/* Steps that learn with values or a network of their own get an image each time these change. */
static bool make_steps(struct cli *c, const struct train_want *w, struct train_made *out, struct st_fault *f)
{
    const struct st_protocol *p = &w->experiment->protocol;
    const struct st_change *in_force = NULL;
    const char *network = NULL;
    out->step_count = p->step_count;
    out->steps = ST_NEW(c->arena, struct st_step, p->step_count);
    out->nets = ST_NEW(c->arena, const struct st_net *, p->step_count);
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
        if (t->ask || (t->changes == in_force && same_word(t->network, network)))
            continue;
        in_force = t->changes;
        network = t->network;
        s->as = compile(c, w, network, t->changes, t->change_count, &out->nets[i], f);
        if (!s->as)
            return false;
    }
    return true;
}

/* --- migration -------------------------------------------------------------------------------------------------- */

struct recutter {
    const struct train_want *want;
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
static bool make_migration(struct cli *c, const struct train_want *w, struct train_made *out)
{
    const struct st_told_migration *m = &w->experiment->migrate;
    if (!m->population)
        return true;
    uint32_t node = st_net_migrates(out->net, &c->diags, m->population, m->mark, m->quiet);
    if (node == UINT32_MAX)
        return false;
    for (uint32_t i = 0; i < out->step_count; i++)
        if (out->nets[i] && st_net_migrates(out->nets[i], &c->diags, m->population, m->mark, m->quiet) == UINT32_MAX)
            return false;
    struct recutter *k = ST_NEW(c->arena, struct recutter, 1);
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
static const char *name_data(struct cli *c, const struct train_want *w)
{
    struct st_text t;
    st_text_init(&t, c->arena);
    for (uint32_t i = 0; i < w->experiment->source_count; i++) {
        const struct st_data_source *s = &w->experiment->sources[i];
        st_textf(&t, "%s%s%s", i ? ", " : "", s->made ? st_noise_names[s->noise.kind] : s->folder,
                 s->made ? " noise" : "");
    }
    if (w->validate)
        st_text_put(&t, ", held out");
    return t.at;
}

int cli_train_load(struct cli *c, const struct train_want *w, struct train_data **out, struct st_fault *f)
{
    const struct st_experiment *e = w->experiment;
    for (uint32_t i = 0; i < e->source_count; i++)
        if (w->validate && !e->sources[i].made && !e->sources[i].hold_out)
            return cli_usage(c, "--validate: the experiment's data %s has no hold_out",
                             e->sources[i].name ? e->sources[i].name : "");
    *out = ST_NEW(c->arena, struct train_data, e->source_count);
    for (uint32_t i = 0; i < e->source_count; i++)
        if (!e->sources[i].made && !load(c, w, &e->sources[i], &(*out)[i], f))
            return cli_fault(f);
    make_all_noise(c, w, *out);
    return CLI_DONE;
}

bool cli_train_make(struct cli *c, const struct train_want *w, const struct train_data *data, struct train_made *out,
                    struct st_fault *f)
{
    const struct st_experiment *e = w->experiment;
    *out = (struct train_made){.dataset = name_data(c, w)};
    f->id = ST_OK;
    out->image = compile(c, w, NULL, NULL, 0, &out->net, f);
    if (!out->image)
        return false;
    if (e->protocol.step_count)
        return make_tasks(c, w, data, out, f) && make_steps(c, w, out, f) && make_migration(c, w, out);
    struct st_dataset *train = ST_NEW(c->arena, struct st_dataset, 1), *test = ST_NEW(c->arena, struct st_dataset, 1);
    *train = w->limit && w->limit < data->train.count ? st_dataset_part(&data->train, 0, w->limit) : data->train;
    *test = w->ask && w->ask < data->test.count ? st_dataset_part(&data->test, 0, w->ask) : data->test;
    out->train = train;
    out->test = test;
    return make_migration(c, w, out);
}

uint64_t cli_train_digest(struct cli *c, const struct train_made *m, const struct st_experiment *e)
{
    size_t length;
    const unsigned char *bytes = st_image_pack(c->arena, m->image, &length);
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
            bytes = st_image_pack(c->arena, s->as, &length);
            h = st_digest(h, bytes, length);
        }
    }
    return h;
}
