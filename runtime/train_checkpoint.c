/* train_checkpoint.c - a training's state to the disk, and taken up again: every count is compared with the others,
 * because a checkpoint is a file that anybody may have written. */
#include "checkpoint.h"
#include "image_io.h"
#include "text.h"
#include "train_work.h"
#include <string.h>

bool st_train_write_checkpoint(const struct work *w, struct st_fault *f)
{
    struct st_arena a;
    st_arena_init(&a);
    if (setjmp(a.full)) {
        st_arena_free(&a);
        return st_fail(f, ST_FAULT_MEMORY, "no memory for a checkpoint");
    }
    struct st_text t;
    st_text_init(&t, &a);
    st_result_json(&t, w->result);
    st_text_add(&t, "", 1);
    bool ok = st_checkpoint_save(w->plan->checkpoint, t.at, w->plan->digest, w->image, f);
    st_arena_free(&a);
    return ok;
}

/* Everything but what copies have learnt. */
bool st_train_same_network(struct st_arena *a, const struct st_image *x, const struct st_image *y)
{
    struct st_image shells[2] = {*x, *y};
    size_t length[2];
    const unsigned char *bytes[2];
    for (int i = 0; i < 2; i++) {
        shells[i].copy_count = 0;
        bytes[i] = st_image_pack(a, &shells[i], &length[i]);
    }
    return x->copy_count == y->copy_count && length[0] == length[1] && !memcmp(bytes[0], bytes[1], length[0]);
}

/* The network of the run, or one that it becomes in a later step. */
static bool known_network(struct st_arena *a, const struct work *w, const struct st_image *old)
{
    if (st_train_same_network(a, old, w->image))
        return true;
    for (uint32_t i = 0; i < w->step_count; i++) {
        if (!w->steps[i].as)
            continue;
        struct st_image as = *w->steps[i].as;
        as.copies = w->image->copies;
        as.copy_count = w->image->copy_count;
        if (st_train_same_network(a, old, &as))
            return true;
    }
    return false;
}

/* Whether an earlier run's rows are those of its first steps that ask. */
static bool same_scores(const struct work *w, const struct st_scores *old, uint64_t done)
{
    const struct st_scores *new = &w->result->scores;
    if (!w->plan->steps)
        return old->rows == 0;
    if (old->tasks == 0)
        return true;
    if (old->tasks != new->tasks || old->rows > new->room)
        return false;
    for (uint32_t j = 0; j < new->tasks; j++)
        if (strcmp(old->name[j], new->name[j]) != 0 || old->classes[j] != new->classes[j])
            return false;
    if (old->measured_count != new->measured_count)
        return false;
    for (uint32_t i = 0; i < new->measured_count; i++)
        if (strcmp(old->measured[i].name, new->measured[i].name) != 0 ||
            old->measured[i].width != new->measured[i].width)
            return false;
    uint64_t learnt = 0;
    uint32_t row = 0, task = ST_NO_TASK;
    for (uint32_t i = 0; i < w->step_count && row < old->rows; i++) {
        if (w->steps[i].does == ST_LEARN) {
            learnt += st_train_length(w, &w->steps[i]);
            task = w->steps[i].task;
        } else if (old->learnt[row] != learnt || learnt > done || old->task[row++] != task) {
            return false;
        }
    }
    return true;
}

/* Whether an earlier run's pages are those of the steps that it had learnt. */
static bool same_album(const struct work *w, const struct st_album *old, uint64_t done)
{
    const struct st_album *new = &w->result->album;
    uint64_t learnt = 0;
    uint32_t pages = 0, lesson = 0;
    for (uint32_t i = 0; i < w->step_count; i++) {
        const struct st_step *s = &w->steps[i];
        if (s->does != ST_LEARN)
            continue;
        learnt += st_train_length(w, s);
        if (learnt > done)
            break;
        if (!st_album_keeps(new, lesson++, w->lessons))
            continue;
        if (pages >= old->count || old->page[pages].learnt != learnt || old->page[pages].task != s->task)
            return false;
        pages++;
    }
    return pages == old->count &&
           (!pages || (old->columns == new->columns && old->microcolumns == new->microcolumns &&
                       old->a_column == new->a_column && old->width == new->width && old->height == new->height));
}

/* The pages' memory is the new run's own: it has room for all. */
static void take_album(struct st_album *to, const struct st_album *old)
{
    size_t neurons = (size_t)to->columns * to->microcolumns, pictures = (size_t)to->columns * to->a_column;
    to->count = old->count;
    for (uint32_t i = 0; i < old->count; i++) {
        struct st_album_page *p = &to->page[i], own = *p;
        *p = old->page[i];
        p->rise = memcpy(own.rise, p->rise, neurons * sizeof *p->rise);
        p->who = pictures ? memcpy(own.who, p->who, pictures * sizeof *p->who) : own.who;
        p->picture = pictures ? memcpy(own.picture, p->picture, pictures * to->width * to->height) : own.picture;
    }
}

static void take_scores(struct st_scores *to, const struct st_scores *old)
{
    to->rows = old->rows;
    for (uint32_t i = 0; i < old->rows; i++) {
        to->learnt[i] = old->learnt[i];
        to->task[i] = old->task[i];
        memcpy(&to->at[(size_t)i * to->tasks], &old->at[(size_t)i * to->tasks], to->tasks * sizeof *to->at);
    }
    for (uint32_t k = 0; k < old->measured_count; k++) {
        const struct st_measured *m = &old->measured[k];
        memcpy(to->measured[k].row, m->row, old->rows * sizeof *m->row);
        memcpy(to->measured[k].sum, m->sum, (size_t)old->rows * to->tasks * m->width * sizeof *m->sum);
    }
}

bool st_train_resume(struct st_arena *a, struct work *w, uint64_t all, struct st_fault *f)
{
    char *progress;
    struct st_result *to = w->result;
    struct st_image *old = st_checkpoint_load(a, w->plan->checkpoint, &progress, w->plan->digest, f);
    if (!old)
        return false;
    struct st_result r = {0};
    if (!st_result_read(a, w->plan->checkpoint, progress, strlen(progress), &r, f))
        return false;
    bool fits = (r.moves.count ? st_train_take_moves(w, &r.moves, old) : known_network(a, w, old)) &&
                r.curve_step == to->curve_step && (!r.moves.count || r.moves.move[r.moves.count - 1].at <= r.trained);
    uint32_t period = old->period_ticks;
    for (uint32_t c = 0; fits && c < old->copy_count; c++) /* all as far, between two presentations */
        fits = old->copies[c].live && old->copies[c].tick == old->copies[0].tick && old->copies[c].tick % period == 0;
    uint64_t done = fits ? old->copies[0].tick / period : 0;
    fits = fits && done <= all && r.trained == done && r.curve_count == done / r.curve_step &&
           r.curve_right <= done % r.curve_step * old->copy_count && same_scores(w, &r.scores, done) &&
           same_album(w, &r.album, done);
    if (!fits)
        return st_fail(f, ST_FAULT_CHECKPOINT, "the checkpoint '%s' holds another network, or contradicts itself",
                       w->plan->checkpoint);
    for (uint32_t c = 0; c < w->image->copy_count; c++)
        w->image->copies[c] = old->copies[c];
    if (r.curve_count)
        memcpy(to->curve, r.curve, r.curve_count * sizeof *r.curve);
    to->curve_count = r.curve_count;
    to->curve_right = r.curve_right;
    to->trained = r.trained;
    to->train_seconds = r.train_seconds;
    to->test_seconds = r.test_seconds;
    to->test = r.test;
    w->earlier = to->train = r.train;
    take_scores(&to->scores, &r.scores);
    take_album(&to->album, &r.album);
    return true;
}
