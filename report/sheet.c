#include "sheet.h"
#include "picture.h"
#include <stdio.h>
#include <string.h>

/* Digits of 3 x 5 dots, a row an octal digit; a dot is 2 x 2 pixels. */
static const uint16_t digits[10] = {075557, 026227, 071747, 071717, 055711, 074717, 074757, 071111, 075757, 075717};
enum { DOT = 2, DIGIT = 4 * DOT, DIGIT_HIGH = 5 * DOT, GAP = 2, WHITE = 0 };

struct canvas {
    uint8_t *at;
    uint32_t width, height;
};

uint32_t st_sheet_rows(const struct st_dataset *d, const struct st_sheet *s)
{
    return s->by_class ? d->classes : (uint32_t)(((uint64_t)d->count + s->columns - 1) / s->columns);
}

/* How many digits stand at the left. */
static uint32_t margin_digits(const struct st_dataset *d, const struct st_sheet *s)
{
    uint64_t largest = s->by_class ? d->classes : (uint64_t)s->first + d->count;
    uint32_t n = 1;
    for (; largest > 10; largest = (largest + 9) / 10)
        n++;
    return n;
}

static uint64_t width_of(const struct st_dataset *d, const struct st_sheet *s)
{
    return margin_digits(d, s) * DIGIT + 2 * GAP + (uint64_t)s->columns * (d->width + GAP);
}

static uint64_t row_height(const struct st_dataset *d)
{
    return (d->height > DIGIT_HIGH ? d->height : DIGIT_HIGH) + GAP;
}

uint64_t st_sheet_pixels(const struct st_dataset *d, const struct st_sheet *s)
{
    return width_of(d, s) * (row_height(d) * st_sheet_rows(d, s) + GAP);
}

static void put_number(struct canvas *c, uint32_t x, uint32_t y, uint32_t number, uint32_t places)
{
    char text[16];
    snprintf(text, sizeof text, "%*u", (int)places, number);
    for (uint32_t k = 0; text[k]; k++)
        for (uint32_t dot = 0; text[k] != ' ' && dot < 15; dot++)
            for (uint32_t i = 0; digits[text[k] - '0'] >> (14 - dot) & 1 && i < DOT * DOT; i++)
                c->at[(size_t)(y + dot / 3 * DOT + i / DOT) * c->width + x + k * DIGIT + dot % 3 * DOT + i % DOT] =
                    ST_SHADE_TOP;
}

static void put_picture(struct canvas *c, uint32_t x, uint32_t y, const struct st_dataset *d, uint32_t picture)
{
    const uint8_t *from = d->pixels + (size_t)picture * d->width * d->height;
    for (uint32_t r = 0; r < d->height; r++)
        for (uint32_t k = 0; k < d->width; k++)
            c->at[(size_t)(y + r) * c->width + x + k] = (uint8_t)((*from++ * ST_SHADE_TOP + 127) / 255);
}

uint8_t *st_sheet_png(struct st_arena *a, const struct st_dataset *d, const struct st_sheet *s, size_t *length)
{
    struct st_palette grey;
    uint32_t rows = st_sheet_rows(d, s), places = margin_digits(d, s), *filled = ST_NEW(a, uint32_t, rows);
    uint32_t left = places * DIGIT + 2 * GAP, high = (uint32_t)row_height(d);
    struct canvas c = {.width = (uint32_t)width_of(d, s), .height = high * rows + GAP};
    c.at = st_arena_get(a, c.width, c.height);
    memset(c.at, WHITE, (size_t)c.width * c.height);
    for (uint32_t r = 0; r < rows; r++)
        put_number(&c, GAP, GAP + r * high + (high - GAP - DIGIT_HIGH) / 2, s->by_class ? r : s->first + r * s->columns,
                   places);
    for (uint32_t i = 0; i < d->count; i++) {
        uint32_t row = s->by_class ? d->labels[i] : i / s->columns;
        if (filled[row] < s->columns)
            put_picture(&c, left + filled[row]++ * (d->width + GAP), GAP + row * high, d, i);
    }
    st_palette_grey(&grey);
    return st_png(a, c.at, c.width, c.height, &grey, length);
}
