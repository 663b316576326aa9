#include "noise.h"
#include "stoa/draw.h"

enum { SIDE_MAX = ST_PICTURE_SIDE_MAX };

const char *const st_noise_names[ST_NOISE_KINDS + 1] = {"white", "blurred", NULL};

/* One line of the picture, its pixels `step` apart. The weights' sum is 16: twice along both ways makes 2^16. */
static void blur_line(uint32_t *at, uint32_t count, uint32_t step)
{
    uint32_t line[SIDE_MAX];
    for (uint32_t i = 0; i < count; i++)
        line[i] = at[i * step];
    for (uint32_t i = 0; i < count; i++) {
        uint32_t l1 = (i + count - 1) % count, l2 = (l1 + count - 1) % count, r1 = (i + 1) % count;
        at[i * step] = line[l2] + 4 * line[l1] + 6 * line[i] + 4 * line[r1] + line[(r1 + 1) % count];
    }
}

static void stretch(const uint32_t *from, uint32_t size, uint8_t *to)
{
    uint32_t low = from[0], high = from[0];
    for (uint32_t i = 1; i < size; i++) {
        low = from[i] < low ? from[i] : low;
        high = from[i] > high ? from[i] : high;
    }
    uint64_t range = high > low ? high - low : 1;
    for (uint32_t i = 0; i < size; i++)
        to[i] = (uint8_t)(((uint64_t)(from[i] - low) * 255 + range / 2) / range);
}

void st_noise_draw(uint64_t seed, enum st_noise kind, uint32_t number, uint32_t width, uint32_t height,
                   uint32_t *scratch, uint8_t *picture)
{
    uint64_t key = st_hash64(seed, 0x2015Eu << 8 | (uint32_t)kind, number), draw = 0;
    uint32_t size = width * height;
    for (uint32_t i = 0; i < size; i++) {
        draw = i % 8 ? draw >> 8 : st_hash64(key, 0x2015Eu << 8, i / 8);
        picture[i] = (uint8_t)draw;
    }
    if (kind == ST_NOISE_WHITE)
        return;
    for (uint32_t i = 0; i < size; i++)
        scratch[i] = picture[i];
    for (int pass = 0; pass < 2; pass++) {
        for (uint32_t y = 0; y < height; y++)
            blur_line(scratch + y * width, width, 1);
        for (uint32_t x = 0; x < width; x++)
            blur_line(scratch + x, height, width);
    }
    stretch(scratch, size, picture);
}

void st_noise_make(struct st_arena *a, uint64_t seed, enum st_noise kind, uint32_t width, uint32_t height,
                   uint32_t count, struct st_dataset *out)
{
    uint32_t *scratch = ST_NEW(a, uint32_t, (size_t)width * height);
    *out = (struct st_dataset){.count = count, .width = width, .height = height};
    out->pixels = st_arena_get(a, count, (size_t)width * height);
    for (uint32_t i = 0; i < count; i++)
        st_noise_draw(seed, kind, i, width, height, scratch, out->pixels + (size_t)i * width * height);
}
