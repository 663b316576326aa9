/* learn.c - pictures in memory, learnt or asked about by all copies of an image.
 *
 * Learning goes on in a copy of the image and is taken over when it is done: whatever ends it sooner leaves the image
 * as it was. What is learnt is then written where it was, because arrays of it may be in a host's hands. */
#include "handles.h"
#include "machine.h"
#include "stop.h"
#include "train.h"
#include <string.h>
#include <unistd.h>

struct showing {
    stoa_image *image;
    const stoa_pictures *pictures;
    const stoa_show_options *given;
    bool learn;
    stoa_result *result;
};

/* A data set whose pixels are the caller's. */
static bool read_pictures(struct st_call *c, const struct showing *q, struct st_dataset *d)
{
    stoa_pictures p;
    memset(&p, 0, sizeof p);
    if (!q->pictures)
        return st_request(c, "there are no pictures");
    if (!st_options(c, &p, sizeof p, q->pictures, sizeof p))
        return false;
    if (!p.count || !p.width || !p.height || !p.pixels)
        return st_request(c, "%u pictures of %u x %u pixels%s: at least one, of one pixel", p.count, p.width, p.height,
                          p.pixels ? "" : ", and no pixels");
    if (p.width > ST_PICTURE_SIDE_MAX || p.height > ST_PICTURE_SIDE_MAX)
        return st_request(c, "pictures of %u x %u pixels: a side has at most %d", p.width, p.height,
                          ST_PICTURE_SIDE_MAX);
    if (q->learn && !p.labels)
        return st_request(c, "pictures without labels cannot be learnt: the teacher has to know");
    /* nobody writes to a data set */
    *d = (struct st_dataset){.images_path = st_arena_printf(c->arena, "%s", p.name ? p.name : "pictures in memory"),
                             .labels_path = st_arena_printf(c->arena, "labels in memory"),
                             .count = p.count,
                             .width = p.width,
                             .height = p.height,
                             .pixels = (uint8_t *)(uintptr_t)p.pixels,
                             .labels = (uint8_t *)(uintptr_t)p.labels};
    for (uint32_t i = 0; p.labels && i < p.count; i++)
        if (p.labels[i] >= d->classes)
            d->classes = p.labels[i] + 1u;
    return true;
}

/* --- what was learnt ------------------------------------------------------------------------------------------ */

static void put(void *to, const void *from, size_t count, size_t size)
{
    if (to && from && count)
        memcpy(to, from, count * size);
}

static void put_learnt(const struct st_image *m, struct st_learnt *to, const struct st_learnt *from)
{
    for (uint32_t k = 0; k < m->core_count; k++) {
        const struct st_plastic *p = &m->cores[k].plastic;
        size_t pairs = (size_t)p->axons * p->count;
        put(to[k].w, from[k].w, pairs, sizeof *to[k].w);
        put(to[k].r, from[k].r, pairs, sizeof *to[k].r);
        put(to[k].q, from[k].q, pairs, sizeof *to[k].q);
        put(to[k].s, from[k].s, (size_t)st_part_count(p) * p->count * ST_SCALARS, sizeof *to[k].s);
        if (st_core_adapts(&m->cores[k]))
            put(to[k].theta, from[k].theta, m->cores[k].neuron_count, sizeof *to[k].theta);
    }
}

/* The image takes over what its copy has learnt; what is live there lies in the result's memory, which it holds. */
static void take_over(stoa_image *h, uint32_t first, const struct st_image *from, struct st_held *held)
{
    for (uint32_t i = 0; i < from->copy_count; i++) {
        struct st_copy *copy = &h->image->copies[first + i];
        struct st_learnt *learnt = copy->learnt;
        put_learnt(h->image, learnt, from->copies[i].learnt);
        *copy = from->copies[i];
        copy->learnt = learnt;
        st_let_go(h->live[first + i]);
        h->live[first + i] = st_hold(held);
    }
}

static const char *own(struct st_call *c, const char *text) { return st_arena_text(c->arena, text, strlen(text)); }

static bool show(struct st_call *c, void *user)
{
    struct showing *q = user;
    stoa_show_options o = stoa_show_defaults();
    struct st_dataset data;
    struct st_listener listener;
    size_t length;
    if (!q->image)
        return st_request(c, "there is no image");
    if (!st_options(c, &o, sizeof o, q->given, sizeof o) || !read_pictures(c, q, &data))
        return false;
    if (q->learn && !q->image->about.learns)
        return st_request(c, "nothing in the image learns");
    if (!q->image->about.sees)
        return st_request(c, "no receptors of the image look at pictures: inject their spikes into a run");
    if (o.threads > 256)
        return st_request(c, "threads are 1 to 256, not %u", o.threads);
    if (o.only_copy && o.copy >= q->image->about.copies)
        return st_request(c, "copy %u: the image has %u", o.copy, q->image->about.copies);
    struct st_image some = *q->image->image;
    if (q->learn) {
        const unsigned char *bytes = st_image_pack(c->arena, q->image->image, &length);
        struct st_image *again = st_image_unpack(c->arena, bytes, length, &c->fault);
        if (!again)
            return false;
        some = *again;
    }
    const uint32_t first = o.only_copy ? o.copy : 0;
    if (o.only_copy) {
        some.copies += o.copy;
        some.copy_count = 1;
    }
    const struct st_on_want want = {o.machine, o.kernel, o.lanes, o.shared, first};
    struct st_on *on = ST_NEW(c->arena, struct st_on, 1);
    if (!st_on_ready(c->arena, on, &some, &want, &c->fault)) {
        c->at_length = on->single.why;
        if (c->fault.id == ST_FAULT_CANNOT)
            c->fault.id = ST_FAULT_REQUEST;
        return false;
    }
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    st_listen(&listener, o.stop, o.progress, NULL, o.user);
    const struct st_train_plan plan = {.train = q->learn ? &data : NULL,
                                       .test = q->learn ? NULL : &data,
                                       .epochs = o.epochs ? o.epochs : 1,
                                       .threads = o.threads   ? o.threads
                                                  : cores > 0 ? (uint32_t)cores
                                                              : 1,
                                       .variant = o.kernel,
                                       .machine = &on->machine,
                                       .folder = q->image->folder,
                                       .go_on = true,
                                       .stop = &listener.stop->asked,
                                       .progress = st_listen_progress,
                                       .user = &listener};
    struct st_result r = {.experiment = "run",
                          .network = own(c, some.network),
                          .fabric = own(c, some.fabric),
                          .dataset = data.images_path};
    if (!st_train(c->arena, &some, &plan, &r, &c->fault))
        return false;
    stoa_result *result = st_result_handle(c, &r, NULL, on);
    result->held = st_keep(c, NULL, NULL);
    if (q->learn)
        take_over(q->image, first, &some, result->held);
    q->result = result;
    return true;
}

static stoa_status run(struct showing *q, stoa_result **result, stoa_diagnostics **said)
{
    stoa_status status = st_call(said, show, q);
    if (result)
        *result = q->result;
    else
        stoa_result_free(q->result);
    return status;
}

stoa_status stoa_learn(stoa_image *image, const stoa_pictures *pictures, const stoa_show_options *options,
                       stoa_result **result, stoa_diagnostics **said)
{
    struct showing q = {.image = image, .pictures = pictures, .given = options, .learn = true};
    return run(&q, result, said);
}

stoa_status stoa_ask(const stoa_image *image, const stoa_pictures *pictures, const stoa_show_options *options,
                     stoa_result **result, stoa_diagnostics **said)
{
    /* asked, an image stays as it is */
    struct showing q = {.image = (stoa_image *)(uintptr_t)image, .pictures = pictures, .given = options};
    return run(&q, result, said);
}
