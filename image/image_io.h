/* image_io.h - an image as bytes, and as text that says the same.
 *
 *     st_image ──pack──> bytes ──unpack──> st_image        dump: st_image ──> text ──parse──> st_image
 *
 * Lossless both ways: pack(parse(dump(x))) == pack(x). The bytes are little-endian on every machine,
 * sectioned, with a version and a checksum of each section; unpack trusts nothing: every count is checked against the
 * bytes that are left before memory is taken, every index against its table (st_image_check). A
 * corrupt, truncated or newer image is refused by name (base/faults.def, IMAGE_*). */
#ifndef STOA_IMAGE_IO_H
#define STOA_IMAGE_IO_H

#include "arena.h"
#include "fault.h"
#include "file.h"
#include "stoa/image.h"

/* The image as bytes in the arena. */
unsigned char *st_image_pack(struct st_arena *a, const struct st_image *image, size_t *length);
/* The same into zeroed memory of the caller, of the length that is asked first. */
struct st_packed {
    size_t length;
    uint32_t sections;
};
struct st_packed st_image_packed(struct st_arena *a, const struct st_image *image);
void st_image_pack_to(struct st_arena *a, const struct st_image *image, struct st_packed as, unsigned char *bytes);
/* The same piece by piece, without memory for the whole. */
bool st_image_pack_out(struct st_arena *a, const struct st_image *image, struct st_file_out *out, struct st_fault *f);
struct st_image *st_image_unpack(struct st_arena *a, const void *bytes, size_t length, struct st_fault *f);
/* Makes by_tile of an image whose cores have their tiles: whoever builds an image calls it when that is so. */
void st_image_index(struct st_arena *a, struct st_image *image);

/* And of one whose blocks and routes stand in any order, as long as those of a source are a run: into the order that
 * there is. Blocks get new numbers. */
bool st_image_order(struct st_arena *a, struct st_image *image, struct st_fault *f);

/* Everything that the machines rely on: indices in range, spans within cores, widths within limits, plastic axons
 * first, programs well formed, routes that end. f names the first contradiction. */
bool st_image_check(const struct st_image *image, struct st_fault *f);

char *st_image_dump(struct st_arena *a, const struct st_image *image, size_t *length);
struct st_image *st_image_parse(struct st_arena *a, const char *text, size_t length, struct st_fault *f);

/* Reads a file that holds either form; writes the binary one atomically. */
struct st_image *st_image_load(struct st_arena *a, const char *path, struct st_fault *f);
/* Of a binary file only what all cores share, and cores first .. first + count - 1 with their blocks and states: the
 * memory is theirs. The part is checked as far as it goes; no machine runs it, and it is not saved. */
struct st_image *st_image_load_range(struct st_arena *a, const char *path, uint32_t first, uint32_t count,
                                     struct st_fault *f);
bool st_image_save(const char *path, const struct st_image *image, struct st_fault *f);

/* Room for a copy's learnt (and, if asked for, live) state, shaped for this image, all 0. r and q are
 * NULL where the rule keeps no such word, carry where nothing is live; all else is there, if only with no elements.
 * seed and tick are kept. */
void st_copy_shape(struct st_arena *a, const struct st_image *image, struct st_copy *copy, bool live);
/* NULL, a copy of one is a copy of the other: the same cores with the same neurons, axons and words that learn in the
 * same units, the same receptors, and presentations of the same length; parameters, programs and weights that do not
 * learn may differ. Else what differs, to be said. */
const char *st_image_differs(const struct st_image *x, const struct st_image *y);
/* Whether `to` is `from` but for words and tables that it lists as parameters; their copies do not count. */
bool st_image_rewrites(struct st_arena *a, const struct st_image *from, const struct st_image *to);

#endif
