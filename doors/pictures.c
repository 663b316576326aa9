#include "pictures.h"

#include "file.h"
#include "numpy.h"
#include <dirent.h>
#include <png.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { SIDE_MAX = 4096, CLASSES_MAX = 256, FILES_MAX = 1 << 24 };
#define DATA_MOST ((size_t)1 << 31)

struct reader {
    struct st_arena *arena;
    struct st_diags *diags;
    struct st_pictures *out;
    uint32_t room;
    struct st_fault *f;
};

static bool wrong(struct reader *r, enum st_diag_id id, const char *file, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
static bool wrong(struct reader *r, enum st_diag_id id, const char *file, const char *format, ...)
{
    char text[300];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    st_error(r->diags, id, st_diags_path(r->diags, st_diags_source(r->diags, file, "", 0), "/"), NULL, "%s", text);
    return false;
}

/* Room for one more picture; the first says how large all are. */
static uint8_t *next_picture(struct reader *r, const char *file, uint32_t width, uint32_t height)
{
    struct st_pictures *p = r->out;
    if (!p->count) {
        p->width = width;
        p->height = height;
    }
    if (p->width != width || p->height != height || !width || !height || width > SIDE_MAX || height > SIDE_MAX) {
        wrong(r, ST_DIAG_FOREIGN_SHAPE, file,
              "the picture has %u x %u pixels, and all have %u x %u, at most %d each way", width, height, p->width,
              p->height, SIDE_MAX);
        return NULL;
    }
    size_t size = (size_t)width * height;
    if (p->count == r->room) {
        r->room = r->room ? 2 * r->room : 64;
        uint8_t *pixels = st_arena_get(r->arena, r->room, size), *labels = ST_NEW(r->arena, uint8_t, r->room);
        if (p->count) {
            memcpy(pixels, p->pixels, p->count * size);
            memcpy(labels, p->labels, p->count);
        }
        p->pixels = pixels;
        p->labels = labels;
    }
    return p->pixels + p->count * size;
}

/* --- PNG ---------------------------------------------------------------------------------------------------- */

static bool read_png(struct reader *r, const char *path, uint32_t class)
{
    char *bytes;
    size_t length;
    png_image image = {.version = PNG_IMAGE_VERSION};
    if (!st_file_read_most(r->arena, path, ST_TEXT_MOST, &bytes, &length, r->f))
        return false;
    if (!png_image_begin_read_from_memory(&image, bytes, length))
        return wrong(r, ST_DIAG_FOREIGN_FILE, path, "it is no PNG: %s", image.message);
    image.format = PNG_FORMAT_GRAY;
    /* libpng's own memory is given back before the arena may jump */
    jmp_buf outer;
    memcpy(&outer, &r->arena->full, sizeof outer);
    if (setjmp(r->arena->full)) {
        png_image_free(&image);
        memcpy(&r->arena->full, &outer, sizeof outer);
        longjmp(r->arena->full, 1);
    }
    uint8_t *to = next_picture(r, path, image.width, image.height);
    memcpy(&r->arena->full, &outer, sizeof outer);
    png_color black = {0, 0, 0}; /* what shines through */
    if (!to || !png_image_finish_read(&image, &black, to, 0, NULL)) {
        if (to)
            wrong(r, ST_DIAG_FOREIGN_FILE, path, "the picture is damaged: %s", image.message);
        png_image_free(&image);
        return false;
    }
    r->out->labels[r->out->count++] = (uint8_t) class;
    return true;
}

static int by_name(const void *x, const void *y) { return strcmp(*(const char *const *)x, *(const char *const *)y); }

/* What a folder holds, by the alphabet: folders, or files that end so. */
static const char **members(struct reader *r, const char *folder, bool folders, const char *end, uint32_t *count)
{
    DIR *d = opendir(folder);
    uint32_t room = 64;
    const char **names = ST_NEW(r->arena, const char *, room);
    *count = 0;
    for (struct dirent *e; d && *count < FILES_MAX && (e = readdir(d));) {
        struct stat s;
        size_t n = strlen(e->d_name), k = strlen(end);
        char path[4400];
        snprintf(path, sizeof path, "%s/%s", folder, e->d_name);
        if (e->d_name[0] == '.' || stat(path, &s) != 0 || (folders ? !S_ISDIR(s.st_mode) : !S_ISREG(s.st_mode)) ||
            n < k || strcmp(e->d_name + n - k, end) != 0)
            continue;
        char *kept = st_arena_try(r->arena, n + 1, 1);
        const char **wider = *count == room ? st_arena_try(r->arena, 2 * (size_t)room, sizeof *wider) : names;
        if (!kept || !wider) {
            closedir(d);
            longjmp(r->arena->full, 1);
        }
        if (wider != names) {
            memcpy(wider, names, room * sizeof *names);
            room *= 2;
        }
        names = wider;
        memcpy(kept, e->d_name, n);
        names[(*count)++] = kept;
    }
    if (d)
        closedir(d);
    qsort(names, *count, sizeof *names, by_name);
    return names;
}

static bool read_class(struct reader *r, const char *folder, uint32_t class)
{
    uint32_t count;
    const char **files = members(r, folder, false, ".png", &count);
    for (uint32_t i = 0; i < count; i++)
        if (!read_png(r, st_path_join(r->arena, folder, files[i]), class))
            return false;
    return true;
}

static bool read_folder(struct reader *r, const char *folder)
{
    struct st_pictures *p = r->out;
    p->names = members(r, folder, true, "", &p->classes);
    if (p->classes > CLASSES_MAX)
        return wrong(r, ST_DIAG_FOREIGN_SIZE, folder, "there are %u folders, and at most %d classes", p->classes,
                     CLASSES_MAX);
    for (uint32_t i = 0; i < p->classes; i++)
        if (!read_class(r, st_path_join(r->arena, folder, p->names[i]), i))
            return false;
    if (!p->classes && !read_class(r, folder, 0))
        return false;
    if (!p->classes)
        p->labels = NULL;
    return p->count || wrong(r, ST_DIAG_FOREIGN_MISSING, folder, "there is no .png in it, nor in the folders in it");
}

/* --- NumPy -------------------------------------------------------------------------------------------------- */

static const struct st_numpy *named(const struct st_numpy *list, uint32_t count, const char *name, const char *other)
{
    for (uint32_t i = 0; i < count; i++)
        if (!strcmp(list[i].name, name) || !strcmp(list[i].name, other))
            return &list[i];
    return NULL;
}

static bool take_bytes(struct reader *r, const char *path, const struct st_numpy *n, uint8_t *out)
{
    for (uint64_t i = 0; i < n->count; i++) {
        double x = st_numpy_value(n, i);
        if (!(x >= 0 && x <= 255) || x != (double)(uint8_t)x)
            return wrong(r, ST_DIAG_FOREIGN_TYPE, path,
                         "'%.60s' has %g at element %llu: whole numbers of 0 to 255 are wanted", n->name, x,
                         (unsigned long long)i);
        out[i] = (uint8_t)x;
    }
    return true;
}

static bool read_numpy(struct reader *r, const char *path)
{
    struct st_pictures *p = r->out;
    struct st_numpy one, *list = &one;
    char *text;
    size_t length;
    uint32_t count = 1;
    if (!st_file_read_most(r->arena, path, DATA_MOST, &text, &length, r->f))
        return false;
    const unsigned char *bytes = (const unsigned char *)text;
    bool zip = length > 4 && !memcmp(text, "PK\3\4", 4);
    const char *why = zip ? st_npz_parse(r->arena, bytes, length, DATA_MOST, &list, &count)
                          : st_numpy_parse(r->arena, bytes, length, &one);
    if (why)
        return wrong(r, ST_DIAG_FOREIGN_FILE, path, "%s", why);
    const struct st_numpy *images = zip ? named(list, count, "images", "x") : &one,
                          *labels = zip ? named(list, count, "labels", "y") : NULL;
    if (!images)
        return wrong(r, ST_DIAG_FOREIGN_MISSING, path, "there is no array 'images' or 'x' among %u", count);
    if (images->dims != 3 || !images->count || images->size[1] > SIDE_MAX || images->size[2] > SIDE_MAX ||
        images->size[0] > FILES_MAX)
        return wrong(r, ST_DIAG_FOREIGN_SHAPE, path, "pictures are [pictures][rows][columns], at most %d each way",
                     SIDE_MAX);
    if (labels && labels->count != images->size[0])
        return wrong(r, ST_DIAG_FOREIGN_SHAPE, path, "there are %llu labels for %llu pictures",
                     (unsigned long long)labels->count, (unsigned long long)images->size[0]);
    p->count = (uint32_t)images->size[0];
    p->height = (uint32_t)images->size[1];
    p->width = (uint32_t)images->size[2];
    p->pixels = ST_NEW(r->arena, uint8_t, images->count);
    p->labels = labels ? ST_NEW(r->arena, uint8_t, labels->count) : NULL;
    if (!take_bytes(r, path, images, p->pixels) || (labels && !take_bytes(r, path, labels, p->labels)))
        return false;
    for (uint32_t i = 0; labels && i < p->count; i++)
        p->classes = p->labels[i] >= p->classes ? p->labels[i] + 1u : p->classes;
    return true;
}

bool st_pictures_read(struct st_arena *a, struct st_diags *d, const char *path, struct st_pictures *out,
                      struct st_fault *f)
{
    struct reader r = {.arena = a, .diags = d, .out = out, .f = f};
    struct stat s;
    *out = (struct st_pictures){0};
    f->id = ST_OK;
    return stat(path, &s) == 0 && S_ISDIR(s.st_mode) ? read_folder(&r, path) : read_numpy(&r, path);
}
