/* aedat4.h - AEDAT 4 (iniVation's DV): packets of flatbuffers, each compressed by itself.
 *
 *     "#!AER-DAT4.0\r\n" | u32 n, IOHeader of n bytes | (i32 stream, i32 bytes, body)* | table of the packets
 *                             compression, where the table is, streams as XML
 *     body ──LZ4 or zstd──> u32 n, flatbuffer of n bytes: "EVTS" events of 16 bytes | "FRME" | "IMUS" | "TRIG"
 *
 * Nothing in a flatbuffer is trusted: a number in it is a place, and places are looked at before they are gone to. */
#ifndef STOA_AEDAT4_H
#define STOA_AEDAT4_H

#include "events.h"

enum st_aedat4_packing { ST_AEDAT4_NONE, ST_AEDAT4_LZ4, ST_AEDAT4_LZ4_HIGH, ST_AEDAT4_ZSTD, ST_AEDAT4_ZSTD_HIGH };
enum { ST_AEDAT4_BODY_MOST = 1 << 28 };

/* A body unpacked into memory of the arena, which whoever is done with it drops. NULL: why says what is wrong. */
unsigned char *st_aedat4_unpack(struct st_arena *a, enum st_aedat4_packing how, const unsigned char *bytes,
                                size_t length, size_t *out, const char **why);

/* Behind the first line of the file. False: said. */
bool st_events_aedat4(struct st_event_reader *r, const unsigned char *bytes, size_t length);

#endif
