/* dataset.h - pictures, with or without labels, from idx files, plain or gzipped.
 *
 * idx is the format of MNIST (Y. LeCun): 00 00 08 dims, then big-endian sizes, then bytes; pictures have three
 * dimensions (count, height, width), labels one. Any data set in that form will do: Fashion-MNIST, EMNIST, one's own.
 */
#ifndef STOA_DATASET_H
#define STOA_DATASET_H

#include "arena.h"
#include "fault.h"
#include <stdint.h>

enum { ST_PICTURE_SIDE_MAX = 4096, ST_LABELS = 256 };

/* One idx file, seen where it lies. */
struct st_idx {
    uint32_t size[3]; /* count, height, width; 1 and 1 for labels */
    const uint8_t *bytes;
};

struct st_dataset {
    char *images_path, *labels_path;
    uint32_t count, width, height, classes; /* classes: largest label + 1 */
    uint8_t *pixels;                        /* [count][height][width] */
    uint8_t *labels;                        /* [count], or NULL: nobody knows */
    uint64_t digest;                        /* of both files' content: a checkpoint belongs to its data */
};

/* labels may be NULL. */
bool st_dataset_load(struct st_arena *a, const char *images, const char *labels, struct st_dataset *out,
                     struct st_fault *f);
/* Reads the head of an idx file with 1 or 3 dimensions of unsigned bytes and proves that exactly its content
 * follows. name is for the sentence in f: DATA_MAGIC, DATA_DIMS, DATA_SIZE, DATA_SHORT or DATA_LONG. */
bool st_idx_parse(const uint8_t *bytes, size_t length, unsigned dims, const char *name, struct st_idx *out,
                  struct st_fault *f);
/* Whether what begins so may be an idx file of unsigned bytes. */
bool st_idx_begins(const unsigned char *first, size_t length);
/* The part first..first+count-1 of a data set, sharing its pixels. */
struct st_dataset st_dataset_part(const struct st_dataset *whole, uint32_t first, uint32_t count);

/* What is taken of a data set, in this order; all zero: all of it. */
struct st_dataset_choice {
    uint32_t first_label;    /* label that counts as 0: the letters of EMNIST begin at 1 */
    const uint32_t *classes; /* these alone, as counted from first_label, renumbered 0, 1, .. in this order */
    uint32_t class_count;    /* 0: all, as they are */
    uint32_t first, count;   /* of the pictures that are left; count 0: to the end */
    bool transpose;          /* rows and columns change places: EMNIST's pictures lie so */
};
/* Shares with `whole` what stays as it is. The digest tells one choice from another. DATA_CLASS: a label is below
 * first_label, or a class has no picture, is named twice, or there are no labels. */
bool st_dataset_choose(struct st_arena *a, const struct st_dataset *whole, const struct st_dataset_choice *choice,
                       struct st_dataset *out, struct st_fault *f);
/* The same pictures with their pixels re-ordered, all in the same way: pixel i is the old pixel out[i] of
 * st_permutation(seed, width * height). */
void st_dataset_permute(struct st_arena *a, const struct st_dataset *whole, uint64_t seed, struct st_dataset *out);

/* Writes idx files; labels NULL: pictures alone. */
bool st_dataset_save(const struct st_dataset *d, const char *images, const char *labels, struct st_fault *f);

/* Takes every n-th picture (the last of each n) out for validation: search never sees the test set. */
void st_dataset_hold_out(struct st_arena *a, const struct st_dataset *whole, uint32_t every, struct st_dataset *rest,
                         struct st_dataset *held);

#endif
