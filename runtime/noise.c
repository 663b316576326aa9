#include "noise.h"
#include "digest.h"
#include "stoa/draw.h"
#include <string.h>

enum { SIDE_MAX = ST_PICTURE_SIDE_MAX };

const char *const st_noise_names[ST_NOISE_KINDS + 1] = {"white", "blurred", "flat", NULL};

/* Blurs after which a pixel has 16 bits behind the point; each further one gives back the 8 that it adds. */
enum { WIDENING = 2 };

/* One line of the picture, its pixels `step` apart. The weights' sum is 16: along both ways makes 2^8. */
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

static void stretch(const uint32_t *from, uint32_t size, uint8_t level, uint8_t *to)
{
    uint32_t low = from[0], high = from[0];
    for (uint32_t i = 1; i < size; i++) {
        low = from[i] < low ? from[i] : low;
        high = from[i] > high ? from[i] : high;
    }
    uint64_t range = high > low ? high - low : 1;
    for (uint32_t i = 0; i < size; i++)
        to[i] = (uint8_t)(((uint64_t)(from[i] - low) * level + range / 2) / range);
}

static void blur(uint32_t *at, uint32_t width, uint32_t height, uint32_t times)
{
    for (uint32_t pass = 0; pass < times; pass++) {
        for (uint32_t y = 0; y < height; y++)
            blur_line(at + y * width, width, 1);
        for (uint32_t x = 0; x < width; x++)
            blur_line(at + x, height, width);
        for (uint32_t i = 0; pass >= WIDENING && i < width * height; i++)
            at[i] = (at[i] + 128) >> 8; /* at most 255 * 2^24 */
    }
}

void st_noise_draw(uint64_t seed, const struct st_noise *noise, uint32_t number, uint32_t width, uint32_t height,
                   uint32_t *scratch, uint8_t *picture)
{
    uint64_t key = st_hash64(seed, 0x2015Eu << 8 | (uint32_t)noise->kind, number), draw = 0;
    uint32_t size = width * height, top = noise->kind == ST_NOISE_WHITE ? noise->level : ST_NOISE_LEVEL;
    if (noise->kind == ST_NOISE_FLAT) {
        memset(picture, noise->level, size);
        return;
    }
    for (uint32_t i = 0; i < size; i++) {
        draw = i % 8 ? draw >> 8 : st_hash64(key, 0x2015Eu << 8, i / 8);
        picture[i] = (uint8_t)((draw & 255) * (top + 1) >> 8);
    }
    if (noise->kind == ST_NOISE_WHITE)
        return;
    for (uint32_t i = 0; i < size; i++)
        scratch[i] = picture[i];
    blur(scratch, width, height, noise->blur);
    stretch(scratch, size, noise->level, picture);
}

void st_noise_make(struct st_arena *a, uint64_t seed, const struct st_noise *noise, uint32_t width, uint32_t height,
                   uint32_t first, uint32_t count, struct st_dataset *out)
{
    size_t size = (size_t)width * height;
    uint32_t *scratch = ST_NEW(a, uint32_t, size);
    *out = (struct st_dataset){.count = count, .width = width, .height = height};
    out->pixels = st_arena_get(a, count, size);
    for (uint32_t i = 0; i < count; i++)
        st_noise_draw(seed, noise, first + i, width, height, scratch, out->pixels + i * size);
    out->digest = st_digest(0x537464617461000Eu, out->pixels, count * size);
}
