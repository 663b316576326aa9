#include "aedat4.h"

#include <lz4frame.h>
#include <string.h>
#include <zstd.h>
#include <zstd_errors.h>

/* Frames of LZ4 and zstd, which need not say how long they are unpacked: into memory that grows, and no further than
 * BODY_MOST. Handles are the libraries': the arena may not jump while there is one. */

struct unpacked {
    struct st_arena *arena;
    unsigned char *at;
    size_t length, room;
    const char *why;
};

static const char no_memory[] = "there is no memory";

/* Room for more. False: said. */
static bool widen(struct unpacked *u)
{
    size_t room = u->room ? 2 * u->room : 1 << 16;
    if (u->room >= ST_AEDAT4_BODY_MOST) {
        u->why = "it is longer than 256 MiB unpacked";
        return false;
    }
    unsigned char *at = st_arena_try(u->arena, room, 1);
    if (!at) {
        u->why = no_memory;
        return false;
    }
    if (u->length)
        memcpy(at, u->at, u->length);
    st_arena_drop(u->arena, u->at);
    u->at = at;
    u->room = room;
    return true;
}

static bool unpack_lz4(struct unpacked *u, const unsigned char *bytes, size_t length)
{
    LZ4F_dctx *c = NULL;
    size_t at = 0, left = 1;
    if (LZ4F_isError(LZ4F_createDecompressionContext(&c, LZ4F_VERSION))) {
        u->why = no_memory;
        return false;
    }
    while (left && (u->length < u->room || widen(u))) {
        size_t taken = length - at, given = u->room - u->length;
        left = LZ4F_decompress(c, u->at + u->length, &given, bytes + at, &taken, NULL);
        if (LZ4F_isError(left) || (!taken && !given)) {
            u->why =
                !strcmp(LZ4F_getErrorName(left), "ERROR_allocation_failed") ? no_memory : "it is no whole LZ4 frame";
            break;
        }
        at += taken;
        u->length += given;
    }
    LZ4F_freeDecompressionContext(c);
    return !u->why;
}

static bool unpack_zstd(struct unpacked *u, const unsigned char *bytes, size_t length)
{
    ZSTD_DStream *s = ZSTD_createDStream();
    ZSTD_inBuffer in = {bytes, length, 0};
    size_t left = 1;
    if (!s) {
        u->why = no_memory;
        return false;
    }
    while (left && (u->length < u->room || widen(u))) {
        ZSTD_outBuffer out = {u->at, u->room, u->length};
        size_t before = in.pos;
        left = ZSTD_decompressStream(s, &out, &in);
        if (ZSTD_isError(left) || (in.pos == before && out.pos == u->length)) {
            u->why = ZSTD_getErrorCode(left) == ZSTD_error_memory_allocation ? no_memory : "it is no whole zstd frame";
            break;
        }
        u->length = out.pos;
    }
    ZSTD_freeDStream(s);
    return !u->why;
}

unsigned char *st_aedat4_unpack(struct st_arena *a, enum st_aedat4_packing how, const unsigned char *bytes,
                                size_t length, size_t *out, const char **why)
{
    struct unpacked u = {.arena = a};
    bool lz4 = how == ST_AEDAT4_LZ4 || how == ST_AEDAT4_LZ4_HIGH, good;
    if (how == ST_AEDAT4_NONE) {
        unsigned char *copy = st_arena_get(a, length, 1);
        if (length)
            memcpy(copy, bytes, length);
        *out = length;
        return copy;
    }
    good = lz4 ? unpack_lz4(&u, bytes, length) : unpack_zstd(&u, bytes, length);
    if (u.why == no_memory)
        longjmp(a->full, 1);
    *out = u.length;
    *why = u.why;
    return good ? u.at : NULL;
}
