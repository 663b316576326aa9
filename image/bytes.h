/* bytes.h - where what stands in an image file.
 *
 *     header    magic 8 | version 4 | sections 4 | length of the file 8 | sum 4   sum: of all before it, and the table
 *     table     tag 4 | sum 4 | offset 8 | length 8                                 an entry a section
 *     sections  HEAD RECV POPS COST BLOK ROUT CORE... COPY...                       in this order, without gaps
 *
 * Little-endian, no padding; sums are CRC-32 as in zlib. There is one way to write an image: the same value is the
 * same bytes, and bytes that are not what pack would write are refused. */
#ifndef STOA_BYTES_H
#define STOA_BYTES_H

#include "walk.h"
#include <string.h>

#define ST_MAGIC "\x89STOA\r\n\x1a"
enum {
    ST_AT_VERSION = 8,
    ST_AT_SECTIONS = 12,
    ST_AT_LENGTH = 16,
    ST_AT_SUM = 24,
    ST_HEADER_BYTES = 28,
    ST_ENTRY_SUM = 4,
    ST_ENTRY_OFFSET = 8,
    ST_ENTRY_LENGTH = 16,
    ST_ENTRY_BYTES = 24
};

/* Copies numbers between memory and a file, which is little-endian. */
static inline void st_little(void *to, const void *from, size_t count, size_t size)
{
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    if (count)
        memcpy(to, from, count * size);
#else
    for (size_t i = 0; i < count; i++)
        for (size_t b = 0; b < size; b++)
            ((unsigned char *)to)[i * size + b] = ((const unsigned char *)from)[i * size + size - 1 - b];
#endif
}

/* CRC-32 of any length, going on from a sum before (0 at the beginning). */
uint32_t st_sum(uint32_t before, const void *bytes, size_t length);
/* The sum of a header and its table of sections. */
uint32_t st_sum_header(const unsigned char *bytes, uint32_t sections);

#endif
