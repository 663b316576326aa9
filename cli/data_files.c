/* data_files.c - idx files in folders: which belong together, and writing them. */
#include "data.h"
#include "file.h"
#include <glob.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char images_word[] = "images-idx3", labels_word[] = "labels-idx1";

/* The last such word in the name of the file, or NULL. */
static const char *word_in(const char *path)
{
    const char *name = strrchr(path, '/');
    return strstr(name ? name : path, images_word);
}

/* The file of labels beside a file of pictures, gzipped or not; NULL when there is none. */
static const char *labels_of(struct cli *c, const char *images)
{
    const char *word = word_in(images);
    if (!word)
        return NULL;
    size_t length = strlen(word);
    bool zipped = length > 3 && !strcmp(word + length - 3, ".gz");
    const char *plain =
        st_arena_printf(c->arena, "%.*s%s%.*s", (int)(word - images), images, labels_word,
                        (int)(length - strlen(images_word) - (zipped ? 3 : 0)), word + strlen(images_word));
    const char *gz = st_arena_printf(c->arena, "%s.gz", plain);
    return access(plain, F_OK) == 0 ? plain : access(gz, F_OK) == 0 ? gz : NULL;
}

struct cli_data_pair *cli_data_pairs(struct cli *c, const char *path, size_t *count, struct st_fault *f)
{
    struct stat s;
    if (stat(path, &s) == 0 && S_ISDIR(s.st_mode)) {
        glob_t found = {0};
        int failed = glob(st_arena_printf(c->arena, "%s/*%s*", path, images_word), 0, NULL, &found);
        struct cli_data_pair *pairs = ST_NEW(c->arena, struct cli_data_pair, found.gl_pathc);
        *count = 0;
        for (int training = 1; training >= 0; training--)
            for (size_t i = 0; !failed && i < found.gl_pathc; i++) {
                const char *images = st_arena_text(c->arena, found.gl_pathv[i], strlen(found.gl_pathv[i]));
                if (!strstr(strrchr(images, '/'), "train") == !training)
                    pairs[(*count)++] = (struct cli_data_pair){images, labels_of(c, images)};
            }
        globfree(&found);
        if (*count)
            return pairs;
        st_fail(f, ST_FAULT_OPEN, "there is no *%s* in '%s'", images_word, path);
        return NULL;
    }
    struct cli_data_pair *pair = ST_NEW(c->arena, struct cli_data_pair, 1);
    *pair = (struct cli_data_pair){path, labels_of(c, path)};
    *count = 1;
    return pair;
}

bool cli_data_save(struct cli *c, const struct st_dataset *d, const char *folder, const char *images,
                   const char *labels, struct st_text *list, struct st_fault *f)
{
    const char *images_path = st_path_join(c->arena, folder, images);
    const char *labels_path = d->labels ? st_path_join(c->arena, folder, labels) : NULL;
    if (!st_folder_make(folder, f) || !st_dataset_save(d, images_path, labels_path, f))
        return false;
    fprintf(stderr, "%s: %u pictures of %u x %u%s\n", cli_shown(c, images_path), d->count, d->width, d->height,
            d->labels ? "" : ", without labels");
    st_text_put(list, list->length ? ",\n  " : "\n  ");
    st_text_put(list, "{\"images\": ");
    st_text_json(list, images_path);
    st_text_put(list, ", \"labels\": ");
    if (labels_path)
        st_text_json(list, labels_path);
    else
        st_text_put(list, "null");
    st_textf(list, ", \"pictures\": %u, \"width\": %u, \"height\": %u, \"classes\": %u}", d->count, d->width, d->height,
             d->classes);
    return true;
}

void cli_data_made(struct st_text *list) { printf("{\"made\": [%s\n]}\n", list->length ? list->at : ""); }
