#include "view.h"
#include "digest.h"
#include <string.h>

struct st_view st_view_of(const struct st_dataset *d)
{
    struct st_view v = {.data = d, .count = d->count, .classes = d->classes};
    for (uint32_t i = 0; i < ST_LABELS; i++) {
        v.label[i] = (uint8_t)i;
        v.among[i] = i < d->classes;
    }
    return v;
}

bool st_view_classes(struct st_arena *a, struct st_view *v, const uint32_t *classes, uint32_t count, bool renumber,
                     struct st_fault *f)
{
    bool wanted[ST_LABELS] = {false};
    uint32_t seen[ST_LABELS] = {0}, kept = 0;
    if (!v->data->labels)
        return st_fail(f, ST_FAULT_DATA_CLASS, "'%s' has no labels to choose classes by", v->data->images_path);
    memset(v->among, 0, sizeof v->among);
    v->classes = 0;
    for (uint32_t k = 0; k < count; k++) {
        uint32_t as = renumber ? k : classes[k];
        if (classes[k] >= ST_LABELS || wanted[classes[k]])
            return st_fail(f, ST_FAULT_DATA_CLASS, "class %u is chosen twice, or is no label", classes[k]);
        wanted[classes[k]] = true;
        v->label[classes[k]] = (uint8_t)as;
        v->among[as] = true;
        v->classes = as + 1 > v->classes ? as + 1 : v->classes;
    }
    uint32_t *pick = ST_NEW(a, uint32_t, v->count);
    for (uint32_t i = 0; i < v->count; i++) {
        uint32_t place = st_view_place(v, i), label = v->data->labels[place];
        if (!wanted[label])
            continue;
        seen[label]++;
        pick[kept++] = place;
    }
    for (uint32_t k = 0; k < count; k++)
        if (!seen[classes[k]])
            return st_fail(f, ST_FAULT_DATA_CLASS, "'%s' has no picture with the label %u", v->data->labels_path,
                           classes[k]);
    v->pick = pick;
    v->count = kept;
    return true;
}

void st_view_unlabelled(struct st_arena *a, struct st_view *v)
{
    struct st_dataset *d = ST_NEW(a, struct st_dataset, 1);
    *d = *v->data;
    d->labels = NULL;
    d->classes = 0;
    v->data = d;
    v->classes = 0;
    memset(v->label, 0, sizeof v->label);
    memset(v->among, 0, sizeof v->among);
}

void st_view_first(struct st_view *v, uint32_t most) { v->count = most < v->count ? most : v->count; }

uint64_t st_view_digest(uint64_t h, const struct st_view *v)
{
    h = st_digest_word(st_digest_word(h, v->data->digest), v->count);
    if (v->pick)
        h = st_digest(h, v->pick, v->count * sizeof *v->pick);
    return st_digest_word(st_digest(h, v->label, sizeof v->label), v->permutation);
}
