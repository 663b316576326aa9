#include "dataset.h"
#include "digest.h"
#include <string.h>

enum { NOT_CHOSEN = -1 };

/* What each label becomes. */
static bool renumber(const struct st_dataset *whole, const struct st_dataset_choice *c, int32_t becomes[ST_LABELS],
                     struct st_fault *f)
{
    const char *name = whole->labels_path ? whole->labels_path : "a data set";
    bool there[ST_LABELS] = {false};
    if (!whole->labels)
        return st_fail(f, ST_FAULT_DATA_CLASS, "%s has no labels, so no classes can be chosen",
                       whole->images_path ? whole->images_path : name);
    for (uint32_t i = 0; i < whole->count; i++)
        there[whole->labels[i]] = true;
    for (uint32_t l = 0; l < ST_LABELS; l++) {
        if (there[l] && l < c->first_label)
            return st_fail(f, ST_FAULT_DATA_CLASS, "%s: label %u is below the first, %u", name, l, c->first_label);
        becomes[l] = c->class_count || l < c->first_label ? NOT_CHOSEN : (int32_t)(l - c->first_label);
    }
    for (uint32_t k = 0; k < c->class_count; k++) {
        uint64_t l = (uint64_t)c->classes[k] + c->first_label;
        if (l >= ST_LABELS || !there[l])
            return st_fail(f, ST_FAULT_DATA_CLASS, "%s has no picture of class %u", name, c->classes[k]);
        if (becomes[l] != NOT_CHOSEN)
            return st_fail(f, ST_FAULT_DATA_CLASS, "class %u is chosen twice", c->classes[k]);
        becomes[l] = (int32_t)k;
    }
    return true;
}

static uint64_t digest_of(uint64_t h, const struct st_dataset_choice *c)
{
    h = st_digest_word(h, (uint64_t)c->first_label << 1 | c->transpose);
    h = st_digest_word(h, c->class_count);
    for (uint32_t k = 0; k < c->class_count; k++)
        h = st_digest_word(h, c->classes[k]);
    return h;
}

/* Those pictures whose label stays, labels new. Pixels are copied only when some picture goes. */
static void keep(struct st_arena *a, const struct st_dataset *whole, const int32_t becomes[ST_LABELS],
                 struct st_dataset *out)
{
    size_t size = (size_t)whole->width * whole->height;
    uint32_t kept = 0;
    for (uint32_t i = 0; i < whole->count; i++)
        kept += becomes[whole->labels[i]] != NOT_CHOSEN;
    out->count = 0;
    out->labels = ST_NEW(a, uint8_t, kept);
    if (kept < whole->count)
        out->pixels = st_arena_get(a, kept, size);
    for (uint32_t i = 0; i < whole->count; i++) {
        int32_t label = becomes[whole->labels[i]];
        if (label == NOT_CHOSEN)
            continue;
        if (kept < whole->count)
            memcpy(out->pixels + out->count * size, whole->pixels + i * size, size);
        out->labels[out->count++] = (uint8_t)label;
    }
}

static void transpose(struct st_arena *a, struct st_dataset *d)
{
    uint32_t width = d->height, height = d->width;
    uint8_t *turned = st_arena_get(a, d->count, (size_t)width * height), *at = turned;
    for (uint32_t i = 0; i < d->count; i++) {
        const uint8_t *from = d->pixels + (size_t)i * width * height;
        for (uint32_t y = 0; y < height; y++)
            for (uint32_t x = 0; x < width; x++)
                *at++ = from[(size_t)x * height + y];
    }
    d->pixels = turned;
    d->width = width;
    d->height = height;
}

bool st_dataset_choose(struct st_arena *a, const struct st_dataset *whole, const struct st_dataset_choice *choice,
                       struct st_dataset *out, struct st_fault *f)
{
    *out = *whole;
    if (choice->first_label || choice->class_count) {
        int32_t becomes[ST_LABELS];
        if (!renumber(whole, choice, becomes, f))
            return false;
        keep(a, whole, becomes, out);
        out->classes = choice->class_count ? choice->class_count : whole->classes - choice->first_label;
    }
    if (choice->first_label || choice->class_count || choice->transpose)
        out->digest = digest_of(whole->digest, choice);
    if (choice->first || choice->count)
        *out = st_dataset_part(out, choice->first, choice->count ? choice->count : UINT32_MAX);
    if (choice->transpose)
        transpose(a, out);
    return true;
}
