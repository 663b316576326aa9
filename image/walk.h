/* walk.h - the fields of an image, said once.
 *
 * Four functions must agree on every field: pack, unpack, dump, parse. So fields*.c walk the structs of
 * stoa/image.h field by field and say of each no more than its name; what is done there is the
 * business of the back end that walks along. A new field is one line in one of them (field.h).
 *
 *                      ┌─ pack.c    bytes out (or only counted)
 *     fields*.c ─walk──┼─ unpack.c  bytes in            building: takes memory, sets the fields
 *                      ├─ dump.c    text out
 *                      ├─ parse.c   text in             building
 *                      └─ shape.c   zeros               building: room for a state
 *
 * A record is its fields (numbers, texts) and then its parts (rows of numbers, lists of records): the text twin puts
 * the fields on one line and the parts on lines of their own. An older form is read by the same walk: a line that is
 * not there in every version says so (SINCE, UNTIL), and a number that was narrower says how wide it was. A back end
 * that meets an error says it by st_walk_fail; after that every call does nothing, so the walk just runs out. */
#ifndef STOA_WALK_H
#define STOA_WALK_H

#include "arena.h"
#include "fault.h"
#include "stoa/image.h"

enum st_type { ST_U8, ST_I8, ST_U16, ST_I16, ST_U32, ST_I32, ST_U64, ST_F64, ST_TYPE_COUNT };
#define ST_TYPE_OF(x)                                                                                                  \
    _Generic((x), uint8_t                                                                                              \
             : ST_U8, int8_t                                                                                           \
             : ST_I8, uint16_t                                                                                         \
             : ST_U16, int16_t                                                                                         \
             : ST_I16, uint32_t                                                                                        \
             : ST_U32, int32_t                                                                                         \
             : ST_I32, uint64_t                                                                                        \
             : ST_U64, double                                                                                          \
             : ST_F64)

static inline size_t st_type_size(enum st_type t)
{
    static const uint8_t size[ST_TYPE_COUNT] = {1, 1, 2, 2, 4, 4, 8, 8};
    return size[t];
}

/* Words for the values of a field in the text twin; flags: values are bits, joined by '+'. Ends with a NULL name. A
 * value without a word is written as a number. */
struct st_words {
    bool flags;
    struct {
        const char *name;
        int64_t value;
    } is[12];
};

/* A row of numbers. counted: its length is part of the image (else both sides know it). at: NULL when building, unless
 * the row has a place of `most` elements already. width: numbers a line of text; style: how they look. */
enum st_style { ST_DECIMAL, ST_HEX, ST_PROGRAM };
struct st_row {
    const char *name;
    enum st_type type;
    void *at;
    uint64_t count;
    bool counted;
    uint32_t most; /* 0: none */
    uint64_t width;
    enum st_style style;
};

/* A list of records. tag: each of them is a section of the file, NULL: they stand in the section of their owner.
 * When building, at and count grow with the records that come; room is what memory there is for. */
struct st_list {
    const char *name, *tag;
    void *at;
    uint32_t count, room;
    size_t size;        /* of one record in memory */
    uint32_t i;         /* the next record */
    uint32_t announced; /* how many the bytes say there are */
    bool needed;        /* there must be one */
};

struct st_walk;
struct st_walk_ops {
    bool building;
    void (*section)(struct st_walk *w, const char *tag);
    void (*begin)(struct st_walk *w, const char *record);
    void (*end)(struct st_walk *w);
    void (*numbers)(struct st_walk *w, const char *name, void *at, uint32_t count, enum st_type t,
                    const struct st_words *words);
    void (*texts)(struct st_walk *w, const char *name, char **at, uint32_t count);
    void (*row)(struct st_walk *w, struct st_row *r);
    void (*list)(struct st_walk *w, struct st_list *l); /* opens a list; when building may ask for room */
    bool (*more)(struct st_walk *w, const struct st_list *l);
    void (*fail)(struct st_walk *w, enum st_fault_id id, const char *what); /* adds the place */
    void (*skip)(struct st_walk *w, const char *tag);                       /* over a section that is not asked for */
};

struct st_walk {
    const struct st_walk_ops *ops;
    struct st_arena *arena;
    struct st_fault *fault;
    bool failed;
    uint32_t version; /* of the form: a line of fields*.c may be there only since, or until, some version */
    struct {
        uint32_t first, count;
    } part;                 /* building: the cores asked for; count 0: all */
    uint64_t size;          /* building: bytes of the whole form, which bound what it may claim */
    struct st_image *image; /* that is walked */
    uint32_t block_room;    /* building: of the image's blocks */
    uint32_t *core_block;   /* [cores + 1] where a core's blocks begin */
};

/* The image, section by section. When building, the structure is proved before the copies' state is read, whose shape
 * depends on it. */
void st_walk_image(struct st_walk *w, struct st_image *image);
/* One copy's state, shaped for the image. */
void st_walk_copy(struct st_walk *w, struct st_copy *copy, const struct st_image *image);
void st_walk_fail(struct st_walk *w, enum st_fault_id id, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
