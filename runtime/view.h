/* view.h - a task as a network gets to see it: which pictures of a data set, with which labels, through which wiring.
 *
 * Tasks of a sequence are most often one data set seen in several ways. A view shares its pixels: it is a list of
 * places, a table of labels and the seed of a permutation (stoa/permutation.h) by which receptors are wired. */
#ifndef STOA_VIEW_H
#define STOA_VIEW_H

#include "dataset.h"

struct st_view {
    const struct st_dataset *data;
    uint32_t count;
    const uint32_t *pick;     /* [count] places in the data set; NULL: its first */
    uint8_t label[ST_LABELS]; /* what a label of the data set is called here */
    bool among[ST_LABELS];    /* whether a label, as it is called here, is one of this view's */
    uint32_t classes;         /* largest label here + 1 */
    uint64_t permutation;     /* 0: receptor i sees pixel i */
};

/* All of a data set. */
struct st_view st_view_of(const struct st_dataset *d);
/* Only pictures with one of these labels; renumber: they are called 0, 1, ... in this order. False, DATA_CLASS: the
 * data has no labels, or no picture with one of them, or a label stands twice. */
bool st_view_classes(struct st_arena *a, struct st_view *v, const uint32_t *classes, uint32_t count, bool renumber,
                     struct st_fault *f);
/* Nobody knows what a picture is of: it has no label and no right answer, as noise. */
void st_view_unlabelled(struct st_arena *a, struct st_view *v);
/* At most so many, the first. */
void st_view_first(struct st_view *v, uint32_t most);

static inline uint32_t st_view_place(const struct st_view *v, uint32_t i) { return v->pick ? v->pick[i] : i; }

static inline const uint8_t *st_view_picture(const struct st_view *v, uint32_t i)
{
    return v->data->pixels + (size_t)st_view_place(v, i) * v->data->width * v->data->height;
}

/* The data has labels. */
static inline uint32_t st_view_label(const struct st_view *v, uint32_t i)
{
    return v->label[v->data->labels[st_view_place(v, i)]];
}

/* Of all that decides what is seen. */
uint64_t st_view_digest(uint64_t h, const struct st_view *v);

#endif
