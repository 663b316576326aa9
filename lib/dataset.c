/* dataset.c - pictures of files, for whoever has none in memory, and files of them. */
#include "pictures.h"
#include "pictures_handle.h"
#include "sheet.h"
#include <glob.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

stoa_dataset *st_dataset_handle(struct st_call *c, const struct st_dataset *d, const char *name,
                                const stoa_dataset *from)
{
    stoa_dataset *made = ST_NEW(c->arena, stoa_dataset, 1);
    made->data = *d;
    made->names = from ? from->names : NULL;
    made->pictures = (stoa_pictures){.size = sizeof made->pictures,
                                     .count = d->count,
                                     .width = d->width,
                                     .height = d->height,
                                     .pixels = d->pixels,
                                     .labels = d->labels,
                                     .name = name ? st_arena_text(c->arena, name, strlen(name)) : NULL};
    made->held = st_keep(c, NULL, NULL);
    made->held->needs[0] = from ? st_hold(from->held) : NULL;
    return made;
}

/* --- read ------------------------------------------------------------------------------------------------------- */

struct reading {
    const char *images, *labels;
    stoa_dataset *data;
};

static bool read_pictures(struct st_call *c, void *user)
{
    struct reading *q = user;
    struct st_dataset d;
    if (!q->images)
        return st_request(c, "pictures want a file");
    if (!st_dataset_load(c->arena, q->images, q->labels, &d, &c->fault))
        return false;
    q->data = st_dataset_handle(c, &d, q->images, NULL);
    return true;
}

stoa_status stoa_dataset_read(const char *images, const char *labels, stoa_dataset **data, stoa_diagnostics **said)
{
    struct reading q = {images, labels, NULL};
    stoa_status status = st_call(said, read_pictures, &q);
    *data = q.data;
    return status;
}

static bool import(struct st_call *c, void *user)
{
    struct reading *q = user;
    struct st_pictures p;
    if (!q->images)
        return st_request(c, "pictures want a file or a folder");
    if (!st_pictures_read(c->arena, &c->diags, q->images, &p, &c->fault))
        return false;
    const struct st_dataset d = {.count = p.count,
                                 .width = p.width,
                                 .height = p.height,
                                 .classes = p.classes,
                                 .pixels = p.pixels,
                                 .labels = p.labels};
    q->data = st_dataset_handle(c, &d, q->images, NULL);
    q->data->names = p.names;
    return true;
}

stoa_status stoa_dataset_import(const char *path, stoa_dataset **data, stoa_diagnostics **said)
{
    struct reading q = {.images = path};
    stoa_status status = st_call(said, import, &q);
    *data = q.data;
    return status;
}

/* --- which files belong together ---------------------------------------------------------------------------------- */

static const char images_word[] = "images-idx3", labels_word[] = "labels-idx1";

/* The file of labels beside a file of pictures, gzipped or not; NULL when there is none. */
static const char *labels_of(struct st_arena *a, const char *images)
{
    const char *name = strrchr(images, '/'), *word = strstr(name ? name : images, images_word);
    if (!word)
        return NULL;
    size_t length = strlen(word);
    bool zipped = length > 3 && !strcmp(word + length - 3, ".gz");
    const char *plain =
        st_arena_printf(a, "%.*s%s%.*s", (int)(word - images), images, labels_word,
                        (int)(length - strlen(images_word) - (zipped ? 3 : 0)), word + strlen(images_word));
    const char *gz = st_arena_printf(a, "%s.gz", plain);
    return access(plain, F_OK) == 0 ? plain : access(gz, F_OK) == 0 ? gz : NULL;
}

struct pairing {
    const char *path;
    stoa_data_pair *pairs;
    size_t count;
};

/* The names lie behind the pairs, in one piece. */
static bool give(struct st_call *c, struct pairing *q, const stoa_data_pair *pairs, size_t count)
{
    size_t bytes = count * sizeof *pairs;
    for (size_t i = 0; i < count; i++)
        bytes += strlen(pairs[i].images) + 1 + (pairs[i].labels ? strlen(pairs[i].labels) + 1 : 0);
    stoa_data_pair *given = st_alloc(bytes);
    if (!given)
        return st_fail(&c->fault, ST_FAULT_MEMORY, "no memory for names of files");
    char *at = (char *)(given + count);
    for (size_t i = 0; i < count; i++) {
        size_t n = strlen(pairs[i].images) + 1, m = pairs[i].labels ? strlen(pairs[i].labels) + 1 : 0;
        given[i].images = memcpy(at, pairs[i].images, n);
        if (m)
            given[i].labels = memcpy(at + n, pairs[i].labels, m);
        at += n + m;
    }
    q->pairs = given;
    q->count = count;
    return true;
}

/* Names of files in a folder, each with its folder, by the alphabet. glob's own memory goes before the arena may jump.
 */
static char *names_in(struct st_call *c, const char *folder, size_t *bytes, size_t *count)
{
    glob_t found = {0};
    const char *pattern = st_arena_printf(c->arena, "%s/*%s*", folder, images_word);
    size_t n = glob(pattern, 0, NULL, &found) == 0 ? found.gl_pathc : 0;
    *bytes = 0;
    for (size_t i = 0; i < n; i++)
        *bytes += strlen(found.gl_pathv[i]) + 1;
    char *names = st_arena_try(c->arena, *bytes + 1, 1), *at = names;
    for (size_t i = 0; names && i < n; i++)
        at = (char *)memcpy(at, found.gl_pathv[i], strlen(found.gl_pathv[i]) + 1) + strlen(found.gl_pathv[i]) + 1;
    globfree(&found);
    *count = n;
    return names;
}

static bool find_pairs(struct st_call *c, void *user)
{
    struct pairing *q = user;
    struct stat s;
    if (!q->path)
        return st_request(c, "pictures want a file or a folder");
    if (stat(q->path, &s) != 0 || !S_ISDIR(s.st_mode)) {
        const stoa_data_pair one = {q->path, labels_of(c->arena, q->path)};
        return give(c, q, &one, 1);
    }
    size_t bytes, count, n = 0;
    char *names = names_in(c, q->path, &bytes, &count);
    if (!names)
        return st_fail(&c->fault, ST_FAULT_MEMORY, "no memory for names of files");
    stoa_data_pair *pairs = ST_NEW(c->arena, stoa_data_pair, count);
    for (int training = 1; training >= 0; training--)
        for (const char *at = names; at < names + bytes; at += strlen(at) + 1)
            if (!strstr(strrchr(at, '/'), "train") == !training)
                pairs[n++] = (stoa_data_pair){at, labels_of(c->arena, at)};
    return n ? give(c, q, pairs, n)
             : st_fail(&c->fault, ST_FAULT_OPEN, "there is no *%s* in '%s'", images_word, q->path);
}

stoa_status stoa_data_pairs(const char *path, stoa_data_pair **pairs, size_t *count, stoa_diagnostics **said)
{
    struct pairing q = {.path = path};
    stoa_status status = st_call(said, find_pairs, &q);
    *pairs = q.pairs;
    *count = q.count;
    return status;
}

/* --- written ------------------------------------------------------------------------------------------------------ */

struct saving {
    const stoa_dataset *data;
    const char *images, *labels;
};

static bool save(struct st_call *c, void *user)
{
    struct saving *q = user;
    if (!q->data || !q->images)
        return st_request(c, "saving wants pictures and a file");
    return st_dataset_save(&q->data->data, q->images, q->data->data.labels ? q->labels : NULL, &c->fault);
}

stoa_status stoa_dataset_save(const stoa_dataset *data, const char *images, const char *labels, stoa_diagnostics **said)
{
    struct saving q = {data, images, labels};
    return st_call(said, save, &q);
}

struct drawing {
    const stoa_dataset *data;
    struct st_sheet sheet;
    void *png;
    size_t length;
};

static bool draw(struct st_call *c, void *user)
{
    struct drawing *q = user;
    if (!q->data || !q->sheet.columns)
        return st_request(c, "a sheet wants pictures, and a column at least");
    if (q->sheet.by_class && !q->data->data.labels)
        return st_request(c, "a row a class wants labels");
    if (st_sheet_pixels(&q->data->data, &q->sheet) > ST_SHEET_PIXELS_MAX)
        return st_request(c, "a sheet of more than %d pixels: take fewer --columns or a smaller --count",
                          ST_SHEET_PIXELS_MAX);
    const uint8_t *png = st_sheet_png(c->arena, &q->data->data, &q->sheet, &q->length);
    return (q->png = st_give(c, (const char *)png, q->length)) != NULL;
}

stoa_status stoa_dataset_sheet(const stoa_dataset *data, uint32_t columns, int by_class, uint32_t first, void **png,
                               size_t *length, stoa_diagnostics **said)
{
    struct drawing q = {.data = data, .sheet = {.columns = columns, .by_class = by_class != 0, .first = first}};
    stoa_status status = st_call(said, draw, &q);
    *png = q.png;
    *length = q.png ? q.length : 0;
    return status;
}

/* --- what is asked of them ---------------------------------------------------------------------------------------- */

const stoa_pictures *stoa_dataset_pictures(const stoa_dataset *data) { return &data->pictures; }
uint32_t stoa_dataset_classes(const stoa_dataset *data) { return data->data.classes; }

const char *stoa_dataset_class(const stoa_dataset *data, uint32_t label)
{
    return data->names && label < data->data.classes ? data->names[label] : NULL;
}

void stoa_dataset_free(stoa_dataset *data)
{
    if (data)
        st_let_go(data->held);
}
