/* train.c - an experiment from beginning to end: compiled, learnt, asked, and left behind in a folder.
 *
 *     experiment ──plan──> networks, data, steps ──st_train──> result ──> trained.img, result.json, report.html
 *                                                   └─ checkpoints in the folder, which the run has for itself
 */
#include "checkpoint.h"
#include "file.h"
#include "folder.h"
#include "handles.h"
#include "page.h"
#include "plan.h"
#include "said.h"
#include "stop.h"
#include "train_command.h"
#include <math.h>
#include <string.h>
#include <unistd.h>

/* What must be given back whichever way the call ends. */
struct training {
    const char *experiment;
    const stoa_train_options *given;
    struct st_arena rooms[2]; /* of networks whose microcolumns migrate; the result's, once there is one */
    int lock;                 /* of the folder, or -1 */
    stoa_result *result;
};

/* A result and the image that goes with it, in one memory. */
struct trained {
    stoa_result result; /* first: it is what is handed out */
    struct st_arena rooms[2];
};

static void end(void *user)
{
    struct trained *t = user;
    st_image_end(t->result.image);
    for (int i = 0; i < 2; i++)
        st_arena_free(&t->rooms[i]);
}

/* --- before --------------------------------------------------------------------------------------------------- */

static bool read_options(struct st_call *c, const struct training *q, stoa_train_options *o)
{
    if (!q->experiment)
        return st_request(c, "training wants an experiment");
    if (!st_options(c, o, sizeof *o, q->given, sizeof *o))
        return false;
    if (o->resume && o->fresh)
        return st_request(c, "--resume goes on, --fresh begins anew: one of them");
    if (!o->out && (o->resume || o->fresh))
        return st_request(c, "checkpoints lie in the folder of the results, and there is none (out)");
    if (o->threads > 256)
        return st_request(c, "threads are 1 to 256, not %u", o->threads);
    return st_settings_are(c, o->settings, o->setting_count);
}

static void read_want(struct st_call *c, struct training *q, const stoa_train_options *o, struct st_plan_want *w)
{
    *w = (struct st_plan_want){.settings = st_settings(c, o->settings, o->setting_count),
                               .setting_count = o->setting_count,
                               .data = o->data,
                               .limit = o->limit,
                               .ask = o->ask,
                               .validate = o->validate,
                               .rooms = q->rooms};
}

/* Whether the checkpoint in the folder may be written over. */
static bool checkpoint_is_ours(struct st_call *c, const stoa_train_options *o, const struct st_train_plan *p,
                               const struct st_listener *l)
{
    uint64_t whose = 0;
    if (access(p->checkpoint, F_OK) != 0) {
        struct st_fault none;
        st_fail(&none, ST_FAULT_OPEN, "there is no checkpoint in the folder: learning from the beginning");
        if (o->resume)
            st_listen_said(l, st_said_warning(&none));
        return true;
    }
    if (o->resume) /* looked at when it is taken up */
        return true;
    if (!st_checkpoint_whose(p->checkpoint, &whose) || whose != p->digest)
        return st_fail(
            &c->fault, ST_FAULT_CHECKPOINT,
            "the checkpoint '%s' belongs to another run, which could go on from it: remove it, or choose another "
            "folder with --out",
            p->checkpoint);
    return o->fresh ||
           st_fail(&c->fault, ST_FAULT_CHECKPOINT,
                   "a checkpoint of this run is in '%s': --resume goes on from it, --fresh begins anew", p->checkpoint);
}

/* --- after ---------------------------------------------------------------------------------------------------- */

/* The image, the result and the page, in this order: the result says which image it belongs to. */
static bool write_all(struct st_call *c, const char *out, const unsigned char *bytes, size_t length,
                      const stoa_result *r)
{
    size_t page_length;
    struct st_published p;
    struct st_report_input in = {
        .image = r->image->image, .result = &r->result, .published = &p, .date = st_page_date(c->arena, NULL)};
    in.published_count = st_page_stated(&r->result, &p);
    const char *page = st_report_html(c->arena, &in, &page_length);
    return st_file_write(st_path_join(c->arena, out, "trained.img"), bytes, length, &c->fault) &&
           st_file_write(st_path_join(c->arena, out, "result.json"), r->json, strlen(r->json), &c->fault) &&
           st_file_write(st_path_join(c->arena, out, "report.html"), page, page_length, &c->fault);
}

/* The handle of both, and the files when there is a folder for them. */
static bool finish(struct st_call *c, struct training *q, const stoa_train_options *o, struct st_image *image,
                   struct st_result *r, const char *folder)
{
    struct trained *t = ST_NEW(c->arena, struct trained, 1);
    size_t length;
    for (uint32_t i = 0; i < image->copy_count; i++) /* what was learnt stays, what was under way does not */
        image->copies[i].live = NULL;
    const unsigned char *bytes = st_image_pack(c->arena, image, &length);
    r->image = st_result_of(bytes, length);
    r->command = st_train_command(c->arena, q->experiment, o, r->copies);
    t->result = *st_result_handle(c, r, image, NULL);
    t->result.image = st_image_handle(c, image, folder);
    if (o->out && !write_all(c, o->out, bytes, length, &t->result))
        return false;
    struct st_held *held = st_keep(c, end, t);
    t->result.held = t->result.image->held = held;
    memcpy(t->rooms, q->rooms, sizeof t->rooms);
    q->result = &t->result;
    return true;
}

static bool train(struct st_call *c, void *user)
{
    struct training *q = user;
    stoa_train_options o = stoa_train_defaults();
    struct st_plan_want want;
    struct st_plan_data *data;
    struct st_plan_made made;
    struct st_listener listener;
    if (!read_options(c, q, &o))
        return false;
    read_want(c, q, &o, &want);
    if (!st_plan_read(c->arena, &c->diags, q->experiment, o.fabric, &want, &c->fault))
        return false;
    const struct st_experiment *e = want.experiment;
    if (o.out && (q->lock = st_folder_take(c->arena, o.out, &c->fault)) < 0)
        return false;
    want.how = (struct st_compile_options){.seed = o.seed, .copies = o.copies ? o.copies : e->copies};
    if (!st_plan_load(c->arena, &want, &data, &c->fault) ||
        !st_plan_make(c->arena, &c->diags, &want, data, &made, &c->fault) || c->diags.errors)
        return false;
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    struct st_train_plan plan = st_plan_of(c->arena, &want, &made);
    st_listen(&listener, o.stop, o.progress, o.warn, o.user);
    plan.threads = o.threads ? o.threads : cores > 0 ? (uint32_t)cores : 1;
    plan.variant = o.kernel;
    plan.stages = 6; /* of 10 columns some 280 kB of the result */
    plan.checkpoint = o.out && (o.checkpoint > 0 || o.resume) ? st_path_join(c->arena, o.out, "checkpoint") : NULL;
    plan.checkpoint_seconds = o.checkpoint > 0 ? o.checkpoint : HUGE_VAL;
    plan.resume = o.resume;
    plan.stop = &listener.stop->asked;
    plan.progress = st_listen_progress;
    plan.warn = st_listen_warn;
    plan.user = &listener;
    plan.digest = st_plan_digest(c->arena, &made, e);
    if (plan.checkpoint && !checkpoint_is_ours(c, &o, &plan, &listener))
        return false;
    if (c->diags.count && o.warn) { /* of the network; said before the long work */
        st_listen_said(&listener, st_said(&c->diags, NULL, NULL, NULL));
        st_diags_init(&c->diags, c->arena);
    }
    struct st_image *image = ST_NEW(c->arena, struct st_image, 1);
    struct st_result result = {.experiment = e->name,
                               .network = made.net->name,
                               .fabric = want.fabric->name,
                               .dataset = made.dataset,
                               .seed = o.seed,
                               .published = e->published / 100,
                               .published_forgetting =
                                   e->published_forgetting < 0 ? (double)NAN : e->published_forgetting / 100,
                               .published_what = e->published_what,
                               .published_source = e->published_source};
    *image = *made.image;
    if (!st_train(c->arena, image, &plan, &result, &c->fault) || !finish(c, q, &o, image, &result, plan.folder))
        return false;
    if (plan.checkpoint)
        unlink(plan.checkpoint);
    return true;
}

struct naming {
    const char *experiment;
    char *name;
};

static bool name(struct st_call *c, void *user)
{
    struct naming *q = user;
    if (!q->experiment)
        return st_request(c, "there is no experiment");
    const struct st_experiment *e = st_plan_experiment(c->arena, &c->diags, q->experiment, NULL, &c->fault);
    return e && (q->name = st_give(c, e->name, strlen(e->name))) != NULL;
}

stoa_status stoa_experiment_name(const char *experiment, char **out, stoa_diagnostics **said)
{
    struct naming q = {.experiment = experiment};
    stoa_status status = st_call(said, name, &q);
    *out = q.name;
    return status;
}

stoa_status stoa_train(const char *experiment, const stoa_train_options *options, stoa_result **result,
                       stoa_diagnostics **said)
{
    struct training q = {.experiment = experiment, .given = options, .lock = -1};
    for (int i = 0; i < 2; i++)
        st_arena_init(&q.rooms[i]);
    stoa_status status = st_call(said, train, &q);
    if (q.lock >= 0)
        close(q.lock);
    for (int i = 0; i < 2 && !q.result; i++)
        st_arena_free(&q.rooms[i]);
    if (result)
        *result = q.result;
    else
        stoa_result_free(q.result);
    return status;
}
