/* dataset_make.c - pictures out of others, and out of nothing: chosen, permuted, noise, letters; and the data sets that
 * are known. */
#include "known_data.h"
#include "letters.h"
#include "noise.h"
#include "pictures_handle.h"
#include "said.h"
#include <string.h>

_Static_assert(STOA_LETTER_TASKS == (int)ST_LETTER_TASKS && STOA_LETTERS_TRAIN == (int)ST_LETTERS_TRAIN &&
                   STOA_LETTERS_TEST == (int)ST_LETTERS_TEST && STOA_LETTER_HANDS == (int)ST_LETTER_HANDS,
               "the header says how many letters there are");

struct making {
    const stoa_dataset *from;
    const stoa_choice *choice;
    const char *kind;
    uint32_t task, hands, width, height, first, count;
    uint64_t seed;
    stoa_dataset *made;
};

static stoa_status make(st_body *body, struct making *q, stoa_dataset **made, stoa_diagnostics **said)
{
    stoa_status status = st_call(said, body, q);
    *made = q->made;
    return status;
}

/* --- of others ---------------------------------------------------------------------------------------------------- */

static bool choose(struct st_call *c, void *user)
{
    struct making *q = user;
    stoa_choice o = stoa_choice_defaults();
    struct st_dataset d;
    if (!q->from)
        return st_request(c, "there is nothing to choose from");
    if (!st_options(c, &o, sizeof o, q->choice, sizeof o))
        return false;
    if (o.class_count && !o.classes)
        return st_request(c, "%u classes are said, and not which", o.class_count);
    const struct st_dataset_choice choice = {.first_label = o.first_label,
                                             .classes = o.classes,
                                             .class_count = o.class_count,
                                             .first = o.first,
                                             .count = o.count,
                                             .transpose = o.transpose != 0};
    if (!st_dataset_choose(c->arena, &q->from->data, &choice, &d, &c->fault))
        return false;
    q->made = st_dataset_handle(c, &d, q->from->pictures.name, q->from);
    if (o.class_count || o.first_label)
        q->made->names = NULL; /* labels mean others now */
    return true;
}

stoa_status stoa_dataset_choose(const stoa_dataset *data, const stoa_choice *choice, stoa_dataset **chosen,
                                stoa_diagnostics **said)
{
    struct making q = {.from = data, .choice = choice};
    return make(choose, &q, chosen, said);
}

static bool permute(struct st_call *c, void *user)
{
    struct making *q = user;
    struct st_dataset d;
    if (!q->from)
        return st_request(c, "there is nothing to permute");
    st_dataset_permute(c->arena, &q->from->data, q->seed, &d);
    q->made = st_dataset_handle(c, &d, q->from->pictures.name, q->from);
    return true;
}

stoa_status stoa_dataset_permute(const stoa_dataset *data, uint64_t seed, stoa_dataset **permuted,
                                 stoa_diagnostics **said)
{
    struct making q = {.from = data, .seed = seed};
    return make(permute, &q, permuted, said);
}

/* --- of nothing --------------------------------------------------------------------------------------------------- */

static bool noise(struct st_call *c, void *user)
{
    struct making *q = user;
    struct st_dataset d;
    int kind = 0;
    while (q->kind && kind < ST_NOISE_KINDS && strcmp(q->kind, st_noise_names[kind]) != 0)
        kind++;
    if (!q->kind || kind == ST_NOISE_KINDS)
        return st_request(c, "noise is white, blurred or flat");
    if (q->width < 1 || q->width > ST_PICTURE_SIDE_MAX || q->height < 1 || q->height > ST_PICTURE_SIDE_MAX || !q->count)
        return st_request(c, "pictures are 1 to %d pixels wide and high, and one at least", ST_PICTURE_SIDE_MAX);
    const struct st_noise how = {(enum st_noise_kind)kind, ST_NOISE_LEVEL, ST_NOISE_BLUR};
    st_noise_make(c->arena, q->seed, &how, q->width, q->height, 0, q->count, &d);
    q->made = st_dataset_handle(c, &d, q->kind, NULL);
    return true;
}

stoa_status stoa_dataset_noise(const char *kind, uint32_t width, uint32_t height, uint32_t count, uint64_t seed,
                               stoa_dataset **data, stoa_diagnostics **said)
{
    struct making q = {.kind = kind, .width = width, .height = height, .count = count, .seed = seed};
    return make(noise, &q, data, said);
}

static bool letters(struct st_call *c, void *user)
{
    struct making *q = user;
    struct st_dataset d;
    if (q->task >= ST_LETTER_TASKS || q->hands > ST_LETTER_HANDS || !q->count || q->first > UINT32_MAX - q->count)
        return st_request(c, "letters are of task 0 or 1, by hands of 0 to %d %%, and one at least", ST_LETTER_HANDS);
    st_letters_make(c->arena, q->seed, q->hands, q->task, q->first, q->count, &d);
    q->made = st_dataset_handle(c, &d, "letters", NULL);
    return true;
}

stoa_status stoa_dataset_letters(uint32_t task, uint32_t hands, uint32_t first, uint32_t count, uint64_t seed,
                                 stoa_dataset **data, stoa_diagnostics **said)
{
    struct making q = {.task = task, .hands = hands, .first = first, .count = count, .seed = seed};
    return make(letters, &q, data, said);
}

/* --- what is known ------------------------------------------------------------------------------------------------ */

const stoa_known_set *stoa_known_set_at(size_t index)
{
    static const stoa_known_set sets[ST_KNOWN_SETS] = {
#define SET(ID, name, folder, what, how) {name, what, folder, how},
#define FILE(...)
#include "known_data.def"
    };
    return index < ST_KNOWN_SETS ? &sets[index] : NULL;
}

stoa_status stoa_known_set_look(size_t index, const char *folder, const char **state, stoa_diagnostics **said)
{
    struct st_fault f = {0};
    *state = NULL;
    if (said)
        *said = NULL;
    if (index >= ST_KNOWN_SETS || !folder) {
        st_fail(&f, ST_FAULT_REQUEST, "there is no data set %zu, or no folder", index);
        return st_said_fault(said, &f);
    }
    enum st_known_state s = st_known_look_all((enum st_known_set)index, folder, &f);
    *state = st_known_state_name(s);
    if (s == ST_KNOWN_WRONG && said)
        *said = st_said_warning(&f);
    return STOA_OK;
}
