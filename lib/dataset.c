/* dataset.c - pictures of idx files, for whoever has none in memory. */
#include "dataset.h"
#include "handles.h"
#include <string.h>

struct stoa_dataset {
    struct st_held *held;
    stoa_pictures pictures;
};

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
    stoa_dataset *made = ST_NEW(c->arena, stoa_dataset, 1);
    made->pictures = (stoa_pictures){.size = sizeof made->pictures,
                                     .count = d.count,
                                     .width = d.width,
                                     .height = d.height,
                                     .pixels = d.pixels,
                                     .labels = d.labels,
                                     .name = st_arena_text(c->arena, q->images, strlen(q->images))};
    made->held = st_keep(c, NULL, NULL);
    q->data = made;
    return true;
}

stoa_status stoa_dataset_read(const char *images, const char *labels, stoa_dataset **data, stoa_diagnostics **said)
{
    struct reading q = {images, labels, NULL};
    stoa_status status = st_call(said, read_pictures, &q);
    *data = q.data;
    return status;
}

const stoa_pictures *stoa_dataset_pictures(const stoa_dataset *data) { return &data->pictures; }

void stoa_dataset_free(stoa_dataset *data)
{
    if (data)
        st_let_go(data->held);
}
