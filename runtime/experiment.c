#include "experiment.h"
#include "file.h"
#include "yaml_tree.h"
#include <math.h>
#include <string.h>
#include <unistd.h>

static bool need_word(struct st_yaml_reader *r, const struct st_yaml *map, const char *key, const char *owner,
                      char **out)
{
    const struct st_yaml *at = st_yaml_need(r, map, key, owner);
    return at && st_yaml_word(r, at, key, out);
}

static void read_files(struct st_yaml_reader *r, const struct st_yaml *data, const char *key, char **images,
                       char **labels)
{
    static const char *const keys[] = {"images", "labels", NULL};
    const struct st_yaml *at = st_yaml_need(r, data, key, "data");
    if (!at || !st_yaml_is(r, at, ST_YAML_MAP, key))
        return;
    st_yaml_keys(r, at, keys, key);
    need_word(r, at, "images", key, images);
    need_word(r, at, "labels", key, labels);
}

static void read_count(struct st_yaml_reader *r, const struct st_yaml *map, const char *key, int64_t low, int64_t high,
                       uint32_t *out)
{
    const struct st_yaml *at = st_yaml_get(map, key);
    int64_t v;
    if (at && st_yaml_whole(r, at, key, low, high, &v))
        *out = (uint32_t)v;
}

/* Which pictures of the files, and how they lie. */
static void read_choice(struct st_yaml_reader *r, const struct st_yaml *data, struct st_dataset_choice *out)
{
    const struct st_yaml *transpose = st_yaml_get(data, "transpose"), *classes = st_yaml_get(data, "classes");
    if (transpose)
        st_yaml_switch(r, transpose, "transpose", &out->transpose);
    read_count(r, data, "first_label", 0, UINT8_MAX, &out->first_label);
    if (!classes || !st_yaml_is(r, classes, ST_YAML_LIST, "classes"))
        return;
    uint32_t *list = ST_NEW(r->arena, uint32_t, classes->count);
    for (uint32_t i = 0; i < classes->count; i++) {
        int64_t v;
        if (st_yaml_whole(r, classes->items[i], "a class", 0, UINT8_MAX, &v))
            list[i] = (uint32_t)v;
    }
    out->classes = list;
    out->class_count = classes->count;
}

/* A file from the experiment's own folder; a bare name that is no file there stays one: of something that ships. */
static char *find(struct st_arena *a, const char *folder, char *name)
{
    char *path = st_path_join(a, folder, name);
    return strchr(name, '/') || access(path, F_OK) == 0 ? path : name;
}

/* `shape: [height, width]`, as of receptors. */
static void read_shape(struct st_yaml_reader *r, const struct st_yaml *at, struct st_data_source *out)
{
    int64_t height, width;
    if (!st_yaml_is(r, at, ST_YAML_LIST, "'shape'"))
        return;
    if (at->count != 2)
        st_error(r->diags, ST_DIAG_OUT_OF_RANGE, at->mark, NULL, "'shape' wants [height, width]");
    else if (st_yaml_whole(r, at->items[0], "the height", 1, ST_PICTURE_SIDE_MAX, &height) &&
             st_yaml_whole(r, at->items[1], "the width", 1, ST_PICTURE_SIDE_MAX, &width)) {
        out->height = (uint32_t)height;
        out->width = (uint32_t)width;
    }
}

/* Pictures that are made. A blur is done in whole steps of one square pixel of variance. */
static void read_noise(struct st_yaml_reader *r, const struct st_yaml *data, const char *owner,
                       struct st_data_source *out)
{
    static const char *const keys[] = {"noise", "pictures", "level", "sigma", "shape", NULL};
    const struct st_yaml *shape = st_yaml_get(data, "shape"), *sigma = st_yaml_get(data, "sigma");
    uint32_t level = ST_NOISE_LEVEL;
    int kind = 0;
    double width = sqrt(ST_NOISE_BLUR);
    st_yaml_keys(r, data, keys, owner);
    st_yaml_choice(r, st_yaml_get(data, "noise"), "'noise'", st_noise_names, &kind);
    if (st_yaml_need(r, data, "pictures", owner))
        read_count(r, data, "pictures", 1, ST_NOISE_PICTURES_MOST, &out->made);
    read_count(r, data, "level", 0, ST_NOISE_LEVEL, &level);
    if (sigma && kind != ST_NOISE_BLURRED)
        st_error(r->diags, ST_DIAG_KEY_NOT_FOR, sigma->mark, "noise: blurred", "'sigma' is not for '%s' noise",
                 st_noise_names[kind]);
    else if (sigma)
        st_yaml_number(r, sigma, "sigma", 0.71, sqrt(ST_NOISE_BLUR_MOST), &width);
    if (shape)
        read_shape(r, shape, out);
    out->noise = (struct st_noise){(enum st_noise_kind)kind, (uint8_t)level, (uint32_t)lround(width * width)};
}

static void read_source(struct st_yaml_reader *r, const struct st_yaml *data, struct st_data_source *out)
{
    static const char *const keys[] = {"folder",    "train",       "test",    "hold_out",
                                       "transpose", "first_label", "classes", NULL};
    const char *owner = out->name ? out->name : "data";
    if (!st_yaml_is(r, data, ST_YAML_MAP, owner))
        return;
    if (st_yaml_get(data, "noise")) {
        read_noise(r, data, owner, out);
        return;
    }
    st_yaml_keys(r, data, keys, owner);
    need_word(r, data, "folder", owner, &out->folder);
    read_files(r, data, "train", &out->train_images, &out->train_labels);
    read_files(r, data, "test", &out->test_images, &out->test_labels);
    read_count(r, data, "hold_out", 2, 1000000, &out->hold_out);
    read_choice(r, data, &out->choice);
}

/* One data set, or several by name; their names, ended by NULL. */
static const char *const *read_sources(struct st_yaml_reader *r, const struct st_yaml *data, struct st_experiment *e)
{
    bool several =
        data->kind == ST_YAML_MAP && data->count && !st_yaml_get(data, "folder") && !st_yaml_get(data, "noise");
    for (uint32_t i = 0; several && i < data->count; i++)
        several = data->items[i]->kind == ST_YAML_MAP && strcmp(data->keys[i]->text, "train") != 0 &&
                  strcmp(data->keys[i]->text, "test") != 0;
    e->source_count = several ? data->count : 1;
    e->sources = ST_NEW(r->arena, struct st_data_source, e->source_count);
    const char **names = ST_NEW(r->arena, const char *, e->source_count + 1);
    bool size_known = false;
    for (uint32_t i = 0; i < e->source_count; i++) {
        struct st_data_source *s = &e->sources[i];
        s->name = several ? data->keys[i]->text : NULL;
        names[i] = several ? s->name : "data";
        read_source(r, several ? data->items[i] : data, s);
        size_known |= !s->made || s->width;
    }
    if (!size_known)
        st_error(r->diags, ST_DIAG_MISSING_KEY, data->mark, "shape: [28, 28]",
                 "no data set is read from files, so noise needs a 'shape'");
    return names;
}

static void read_published(struct st_yaml_reader *r, const struct st_yaml *published, struct st_experiment *e)
{
    static const char *const keys[] = {"accuracy", "forgetting", "what", "source", NULL};
    e->published_forgetting = -1;
    if (!published || !st_yaml_is(r, published, ST_YAML_MAP, "published"))
        return;
    st_yaml_keys(r, published, keys, "published");
    const struct st_yaml *accuracy = st_yaml_need(r, published, "accuracy", "published");
    const struct st_yaml *forgetting = st_yaml_get(published, "forgetting");
    if (accuracy)
        st_yaml_number(r, accuracy, "accuracy", 0, 100, &e->published);
    if (forgetting)
        st_yaml_number(r, forgetting, "forgetting", 0, 100, &e->published_forgetting);
    need_word(r, published, "what", "published", &e->published_what);
    need_word(r, published, "source", "published", &e->published_source);
}

static void read_migration(struct st_yaml_reader *r, const struct st_yaml *at, struct st_told_migration *out)
{
    static const char *const keys[] = {"population", "every", "quiet", "rise", "keep", "most", NULL};
    const struct st_yaml *rise = st_yaml_get(at, "rise");
    *out = (struct st_told_migration){.mark = at->mark, .quiet = 1, .keep = 1, .most = 1};
    if (!st_yaml_is(r, at, ST_YAML_MAP, "migrate"))
        return;
    st_yaml_keys(r, at, keys, "migrate");
    need_word(r, at, "population", "migrate", &out->population);
    if (st_yaml_need(r, at, "every", "migrate"))
        read_count(r, at, "every", 100, 1000000000, &out->every);
    read_count(r, at, "quiet", 1, 1000000, &out->quiet);
    read_count(r, at, "keep", 1, 1000000, &out->keep);
    read_count(r, at, "most", 1, 100, &out->most);
    if (rise)
        st_yaml_number(r, rise, "rise", 0, 1e6, &out->rise);
}

const struct st_experiment *st_experiment_read(struct st_arena *a, struct st_diags *d, const char *file,
                                               const char *text, size_t length)
{
    static const char *const keys[] = {"experiment", "about",     "network", "fabric", "set",  "data",    "epochs",
                                       "copies",     "published", "tasks",   "phases", "tune", "migrate", NULL};
    const struct st_yaml *root = st_yaml_parse(a, d, file, text, length);
    if (!root)
        return NULL;
    struct st_yaml_reader r = {.arena = a, .diags = d};
    struct st_experiment *e = ST_NEW(a, struct st_experiment, 1);
    const char *folder = st_path_folder(a, file);
    st_yaml_keys(&r, root, keys, "the experiment");
    if (need_word(&r, root, "experiment", "the experiment", &e->name) && !st_yaml_is_name(e->name))
        st_error(d, ST_DIAG_BAD_NAME, st_yaml_get(root, "experiment")->mark, NULL,
                 "'%.80s' cannot name an experiment: its results go to a folder of that name", e->name);
    if (need_word(&r, root, "network", "the experiment", &e->network))
        e->network = find(a, folder, e->network);
    if (need_word(&r, root, "fabric", "the experiment", &e->fabric))
        e->fabric = find(a, folder, e->fabric);
    const struct st_yaml *about = st_yaml_get(root, "about"), *set = st_yaml_get(root, "set");
    if (about)
        st_yaml_word(&r, about, "about", &e->about);
    if (set)
        e->changes = st_changes_read(&r, set, &e->change_count);
    e->epochs = 1;
    read_count(&r, root, "epochs", 1, 1000000, &e->epochs);
    read_count(&r, root, "copies", 1, 4096, &e->copies);
    read_published(&r, st_yaml_get(root, "published"), e);
    if (st_yaml_get(root, "tune"))
        st_tune_read(&r, st_yaml_get(root, "tune"), &e->tune);
    if (st_yaml_get(root, "migrate"))
        read_migration(&r, st_yaml_get(root, "migrate"), &e->migrate);
    const struct st_yaml *data = st_yaml_need(&r, root, "data", "the experiment");
    const struct st_yaml *tasks = st_yaml_get(root, "tasks"), *phases = st_yaml_get(root, "phases");
    if (!data)
        return NULL;
    const char *const *sources = read_sources(&r, data, e);
    if (phases) {
        if (st_yaml_get(root, "epochs"))
            st_error(d, ST_DIAG_KEY_NOT_FOR, st_yaml_get(root, "epochs")->mark, "epochs of a phase",
                     "'epochs' is not for an experiment with phases");
        st_protocol_read(&r, tasks, phases, sources, &e->protocol);
        for (uint32_t i = 0; i < e->protocol.step_count; i++)
            if (e->protocol.steps[i].network)
                e->protocol.steps[i].network = find(a, folder, e->protocol.steps[i].network);
    } else if (tasks || e->source_count > 1) {
        st_yaml_need(&r, root, "phases", "an experiment with several tasks");
    }
    return d->errors ? NULL : e;
}
