/* mend.h - sums and offsets keep a fuzzer out of an image: here they are put right. */
#ifndef STOA_MEND_H
#define STOA_MEND_H

#include "bytes.h"
#include "stoa/image.h"
#include <stdbool.h>
#include <stdint.h>

/* Puts everything right that only says how the content is laid out. false: too short for that. */
static inline bool st_mend(uint8_t *bytes, size_t size)
{
    if (size < ST_HEADER_BYTES)
        return false;
    uint32_t version = bytes[ST_AT_VERSION] == 1 ? 1 : ST_IMAGE_VERSION, sections, sum;
    uint64_t whole = size;
    memcpy(bytes, ST_MAGIC, 8);
    st_little(bytes + ST_AT_VERSION, &version, 1, 4);
    st_little(bytes + ST_AT_LENGTH, &whole, 1, 8);
    st_little(&sections, bytes + ST_AT_SECTIONS, 1, 4);
    if (sections > (size - ST_HEADER_BYTES) / ST_ENTRY_BYTES)
        sections = (uint32_t)((size - ST_HEADER_BYTES) / ST_ENTRY_BYTES);
    st_little(bytes + ST_AT_SECTIONS, &sections, 1, 4);
    uint64_t at = ST_HEADER_BYTES + (uint64_t)sections * ST_ENTRY_BYTES;
    for (uint32_t i = 0; i < sections; i++) {
        uint8_t *e = bytes + ST_HEADER_BYTES + (size_t)i * ST_ENTRY_BYTES;
        uint64_t length;
        st_little(&length, e + ST_ENTRY_LENGTH, 1, 8);
        if (length > size - at || i + 1 == sections)
            length = size - at;
        sum = st_sum(0, bytes + at, (size_t)length);
        st_little(e + ST_ENTRY_SUM, &sum, 1, 4);
        st_little(e + ST_ENTRY_OFFSET, &at, 1, 8);
        st_little(e + ST_ENTRY_LENGTH, &length, 1, 8);
        at += length;
    }
    sum = st_sum_header(bytes, sections);
    st_little(bytes + ST_AT_SUM, &sum, 1, 4);
    return true;
}

#endif
