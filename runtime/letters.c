#include "letters.h"
#include "letters_shape.h"
#include "stoa/permutation.h"
#include <string.h>

const char *const st_letter_tasks[ST_LETTER_TASKS] = {"ABDEGHNQRS", "ZXYUWJLPKC"};

static const struct {
    char letter[2];
    uint32_t weight;
    const char *face, *strokes;
} forms[] = {
#define X(letter, weight, face, strokes) {#letter, weight, face, strokes},
#include "letters.def"
};
enum { FORMS = sizeof forms / sizeof *forms };

/* A key for one thing of a task: the order of ten pictures, or a picture. */
static uint64_t key(uint64_t seed, uint32_t task, uint32_t thing, uint32_t number)
{
    return st_hash64(st_hash64(seed, 0x1E77u << 8 | thing, task), 0x1E77u << 8, number);
}
enum { ORDER = 1, PICTURE };

uint8_t st_letter_label(uint64_t seed, uint32_t task, uint32_t number)
{
    uint32_t order[ST_LETTER_CLASSES];
    st_permutation(key(seed, task, ORDER, number / ST_LETTER_CLASSES), ST_LETTER_CLASSES, order);
    return (uint8_t)order[number % ST_LETTER_CLASSES];
}

/* One of the letter's forms, by weight. */
static const char *form_of(char letter, struct st_dice *d)
{
    uint32_t all = 0;
    for (uint32_t i = 0; i < FORMS; i++)
        all += forms[i].letter[0] == letter ? forms[i].weight : 0;
    uint32_t turn = (uint32_t)st_dice_range(d, 0, (int32_t)all - 1), i = 0;
    for (;; i++) {
        uint32_t weight = forms[i].letter[0] == letter ? forms[i].weight : 0;
        if (turn < weight)
            return forms[i].strokes;
        turn -= weight;
    }
}

void st_letter_draw(uint64_t seed, uint32_t hands, uint32_t task, uint32_t number,
                    uint8_t picture[ST_LETTER_SIDE * ST_LETTER_SIDE])
{
    struct st_dice dice = {.key = key(seed, task, PICTURE, number), .hands = (int32_t)hands};
    struct st_shape shape;
    memset(picture, 0, ST_LETTER_SIDE * ST_LETTER_SIDE);
    st_shape_write(&shape, form_of(st_letter_tasks[task][st_letter_label(seed, task, number)], &dice), &dice);
    st_shape_ink(&shape, &dice, picture);
}

void st_letters_make(struct st_arena *a, uint64_t seed, uint32_t hands, uint32_t task, uint32_t first, uint32_t count,
                     struct st_dataset *out)
{
    enum { SIZE = ST_LETTER_SIDE * ST_LETTER_SIDE };
    *out = (struct st_dataset){
        .count = count, .width = ST_LETTER_SIDE, .height = ST_LETTER_SIDE, .classes = ST_LETTER_CLASSES};
    out->pixels = st_arena_get(a, count, SIZE);
    out->labels = ST_NEW(a, uint8_t, count);
    for (uint32_t i = 0; i < count; i++) {
        out->labels[i] = st_letter_label(seed, task, first + i);
        st_letter_draw(seed, hands, task, first + i, out->pixels + (size_t)i * SIZE);
    }
}
