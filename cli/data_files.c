/* data_files.c - idx files: read, and written into folders. */
#include "data.h"
#include "file.h"
#include <stdio.h>

bool cli_data_load(struct cli *c, const stoa_data_pair *pair, stoa_dataset **data, int *done)
{
    stoa_diagnostics *said;
    stoa_status status = stoa_dataset_read(pair->images, pair->labels, data, &said);
    *done = cli_said(c, status, said);
    return status == STOA_OK;
}

bool cli_data_choose(struct cli *c, stoa_dataset **data, const stoa_choice *choice, int *done)
{
    stoa_diagnostics *said;
    stoa_dataset *chosen;
    stoa_status status = stoa_dataset_choose(*data, choice, &chosen, &said);
    stoa_dataset_free(*data);
    *data = chosen;
    *done = cli_said(c, status, said);
    return status == STOA_OK;
}

static void put(struct st_text *list, const stoa_dataset *d, const char *images, const char *labels)
{
    const stoa_pictures *p = stoa_dataset_pictures(d);
    st_text_put(list, list->length ? ",\n  " : "\n  ");
    st_text_put(list, "{\"images\": ");
    st_text_json(list, images);
    st_text_put(list, ", \"labels\": ");
    if (labels)
        st_text_json(list, labels);
    else
        st_text_put(list, "null");
    st_textf(list, ", \"pictures\": %u, \"width\": %u, \"height\": %u, \"classes\": %u}", p->count, p->width, p->height,
             stoa_dataset_classes(d));
}

int cli_data_save(struct cli *c, stoa_dataset *d, const char *folder, const char *images, const char *labels,
                  struct st_text *list)
{
    const stoa_pictures *p = stoa_dataset_pictures(d);
    stoa_diagnostics *said;
    struct st_fault f;
    images = st_path_join(c->arena, folder, images);
    labels = p->labels ? st_path_join(c->arena, folder, labels) : NULL;
    if (!st_folder_make(folder, &f)) {
        stoa_dataset_free(d);
        return cli_fault(&f);
    }
    stoa_status status = stoa_dataset_save(d, images, labels, &said);
    int done = cli_said(c, status, said);
    if (status == STOA_OK) {
        fprintf(stderr, "%s: %u pictures of %u x %u%s\n", cli_shown(c, images), p->count, p->width, p->height,
                p->labels ? "" : ", without labels");
        put(list, d, images, labels);
    }
    stoa_dataset_free(d);
    return done;
}

void cli_data_made(struct st_text *list) { printf("{\"made\": [%s\n]}\n", list->length ? list->at : ""); }
