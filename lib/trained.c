/* trained.c - what an earlier run has left: its result, and the image that goes with it. */
#include "file.h"
#include "handles.h"
#include "shipped.h"
#include <string.h>
#include <unistd.h>

struct reading {
    const char *path;
    stoa_image *image;
    stoa_result *result;
};

static bool read_result(struct st_call *c, const char *path, struct st_result *r)
{
    char *text;
    size_t length;
    return st_file_read_most(c->arena, path, ST_TEXT_MOST, &text, &length, &c->fault) &&
           st_result_read(c->arena, path, text, length, r, &c->fault);
}

static bool read_one(struct st_call *c, void *user)
{
    struct reading *q = user;
    struct st_result r;
    if (!q->path)
        return st_request(c, "a result wants a path");
    if (!read_result(c, q->path, &r))
        return false;
    q->result = st_result_handle(c, &r, NULL, NULL);
    q->result->held = st_keep(c, NULL, NULL);
    return true;
}

stoa_status stoa_result_read(const char *path, stoa_result **result, stoa_diagnostics **said)
{
    struct reading q = {.path = path};
    stoa_status status = st_call(said, read_one, &q);
    *result = q.result;
    return status;
}

static bool read_both(struct st_call *c, void *user)
{
    struct reading *q = user;
    struct st_result r;
    char *bytes;
    size_t length;
    if (!q->path)
        return st_request(c, "a run wants a folder");
    const char *path = st_path_join(c->arena, q->path, "result.json");
    const char *of = st_path_join(c->arena, q->path, "trained.img");
    if (access(path, F_OK) != 0)
        return st_request(c, "'%s' is no run of `stoa train`: it has no result.json", q->path);
    if (!read_result(c, path, &r) || !st_file_read(c->arena, of, &bytes, &length, &c->fault))
        return false;
    if (r.image && r.image != st_result_of(bytes, length))
        return st_fail(&c->fault, ST_FAULT_RESULT,
                       "'%s' is of another image than '%s': one of them is another run's; train again, or ask for the "
                       "image alone",
                       path, of);
    struct st_image *m = st_image_find(c->arena, of, &c->fault);
    if (!m)
        return false;
    q->image = st_image_handle(c, m, st_path_folder(c->arena, of));
    q->image->path = of;
    q->result = st_result_handle(c, &r, NULL, NULL);
    q->image->held = q->result->held = st_keep(c, st_image_end, q->image);
    st_hold(q->result->held); /* two handles are handed out */
    return true;
}

stoa_status stoa_trained_read(const char *folder, stoa_image **image, stoa_result **result, stoa_diagnostics **said)
{
    struct reading q = {.path = folder};
    stoa_status status = st_call(said, read_both, &q);
    *image = q.image;
    *result = q.result;
    return status;
}
