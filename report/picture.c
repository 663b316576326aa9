#include "picture.h"
#include <png.h>
#include <string.h>
#include <zlib.h>

/* Anchors of the signed scale, evenly spaced from the most negative to the most positive. Lightness falls alike to
 * both sides. */
static const uint8_t anchors[7][3] = {{12, 44, 106},   {45, 106, 176}, {150, 190, 226}, {247, 247, 245},
                                      {244, 186, 120}, {199, 98, 20},  {112, 42, 4}};

void st_palette_signed(struct st_palette *p)
{
    p->gap_clear = true;
    for (int i = 0; i <= ST_SHADE_TOP; i++) {
        int at = i * 6, low = at / ST_SHADE_TOP, part = at % ST_SHADE_TOP, high = low < 6 ? low + 1 : 6;
        for (int k = 0; k < 3; k++) {
            int mixed = anchors[low][k] * (ST_SHADE_TOP - part) + anchors[high][k] * part;
            p->rgb[i][k] = (uint8_t)((mixed + ST_SHADE_ZERO) / ST_SHADE_TOP);
        }
    }
    memset(p->rgb[ST_SHADE_GAP], 128, 3);
}

void st_palette_grey(struct st_palette *p)
{
    p->gap_clear = true;
    for (int i = 0; i <= ST_SHADE_TOP; i++)
        memset(p->rgb[i], 255 - (i * 255 + ST_SHADE_ZERO) / ST_SHADE_TOP, 3);
    memset(p->rgb[ST_SHADE_GAP], 128, 3);
}

uint8_t st_shade(int value, int largest)
{
    if (largest <= 0)
        return ST_SHADE_ZERO;
    value = value > largest ? largest : value < -largest ? -largest : value;
    int half = largest / 2;
    int step = (value < 0 ? -value * ST_SHADE_ZERO + half : value * ST_SHADE_ZERO + half) / largest;
    return (uint8_t)(value < 0 ? ST_SHADE_ZERO - step : ST_SHADE_ZERO + step);
}

/* libpng's memory and output, and the way back from its errors. The output has all the room it can need from the
 * start, so that no arena jumps through libpng. */
struct sink {
    uint8_t *at;
    size_t length, room;
};

static void take(png_structp png, png_bytep bytes, size_t length)
{
    struct sink *s = png_get_io_ptr(png);
    if (length > s->room - s->length)
        png_error(png, "more bytes than a PNG can have");
    memcpy(s->at + s->length, bytes, length);
    s->length += length;
}

static void flush(png_structp png) { (void)png; }
static png_voidp get_memory(png_structp png, png_alloc_size_t bytes)
{
    (void)png;
    return st_alloc(bytes);
}
static void give_memory(png_structp png, png_voidp p)
{
    (void)png;
    st_release(p);
}
static void quiet(png_structp png, png_const_charp what)
{
    (void)png;
    (void)what;
}
static void leave(png_structp png, png_const_charp what)
{
    (void)what;
    png_longjmp(png, 1);
}

/* False when memory ran out. A function of its own: nothing in it changes between setjmp and a jump. */
static bool encode(struct sink *s, const uint8_t *pixels, uint32_t width, uint32_t height,
                   const struct st_palette *palette)
{
    png_structp png =
        png_create_write_struct_2(PNG_LIBPNG_VER_STRING, NULL, leave, quiet, NULL, get_memory, give_memory);
    png_infop info = png ? png_create_info_struct(png) : NULL;
    if (!info) {
        png_destroy_write_struct(&png, NULL);
        return false;
    }
    if (setjmp(png_jmpbuf(png))) {
        png_destroy_write_struct(&png, &info);
        return false;
    }
    png_color colours[256];
    png_byte alpha[256];
    for (int i = 0; i < 256; i++) {
        colours[i] = (png_color){palette->rgb[i][0], palette->rgb[i][1], palette->rgb[i][2]};
        alpha[i] = i == ST_SHADE_GAP && palette->gap_clear ? 0 : 255;
    }
    png_set_write_fn(png, s, take, flush);
    png_set_IHDR(png, info, width, height, 8, PNG_COLOR_TYPE_PALETTE, PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT,
                 PNG_FILTER_TYPE_DEFAULT);
    png_set_PLTE(png, info, colours, 256);
    if (palette->gap_clear)
        png_set_tRNS(png, info, alpha, 256, NULL);
    png_set_compression_level(png, 9);
    png_write_info(png, info);
    for (uint32_t y = 0; y < height; y++)
        png_write_row(png, pixels + (size_t)y * width);
    png_write_end(png, info);
    png_destroy_write_struct(&png, &info);
    return true;
}

uint8_t *st_png(struct st_arena *a, const uint8_t *pixels, uint32_t width, uint32_t height,
                const struct st_palette *palette, size_t *length)
{
    /* Compressed data at their worst, twelve bytes around each chunk of 8 KiB, and the head with its palette. */
    size_t data = compressBound((uLong)(((size_t)width + 1) * height));
    struct sink s = {.room = data + (data / 8192 + 2) * 12 + 4096};
    s.at = ST_NEW(a, uint8_t, s.room);
    if (!encode(&s, pixels, width, height, palette))
        longjmp(a->full, 1);
    *length = s.length;
    return s.at;
}
