#include "aedat4.h"
#include "events.h"

#include <string.h>

/* Recordings of event cameras: bytes in a row. Times are microseconds. */

static uint32_t big(const unsigned char *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}
static uint32_t little(const unsigned char *p)
{
    return (uint32_t)p[3] << 24 | (uint32_t)p[2] << 16 | (uint32_t)p[1] << 8 | p[0];
}

static double seconds(uint64_t us) { return (double)us * 1e-6; }

/* N-MNIST and N-Caltech101: 5 bytes an event. A row of 240 is none: the time runs over (2^13 us). */
enum { SIDE = 34, OVERFLOW = 240, OVER = 1 << 13 };

bool st_nmnist_pixels(const struct st_event_reader *r, const unsigned char *bytes, size_t length)
{
    uint32_t width = r->options->width ? r->options->width : SIDE,
             height = r->options->height ? r->options->height : SIDE;
    for (size_t at = 0; at + 5 <= length; at += 5)
        if (bytes[at + 1] != OVERFLOW && (bytes[at] >= width || bytes[at + 1] >= height))
            return false;
    return length % 5 == 0;
}

bool st_events_nmnist(struct st_event_reader *r, const unsigned char *bytes, size_t length)
{
    uint64_t later = 0;
    r->out->what = "N-MNIST";
    if (length % 5)
        return st_event_wrong(r, ST_DIAG_FOREIGN_FILE, "/",
                              "events have 5 bytes each, and %zu are left at the end; if these are ArNI-X' spikes, "
                              "--format arni-x says what is wrong with them",
                              length % 5);
    for (size_t at = 0; at < length; at += 5) {
        const unsigned char *p = bytes + at;
        uint64_t us = (uint64_t)(p[2] & 127) << 16 | (uint64_t)p[3] << 8 | p[4];
        if (p[1] == OVERFLOW) {
            later += OVER;
            continue;
        }
        if (!st_event_pixel(r, seconds(us + later), p[0], p[1], p[2] >> 7, SIDE, SIDE, at))
            return false;
    }
    return true;
}

/* Lines that begin with '#'; 3.1 says where they end. */
static size_t behind_head(const unsigned char *bytes, size_t length, bool says_end)
{
    size_t at = 0;
    while (at < length && bytes[at] == '#') {
        const unsigned char *stop = memchr(bytes + at, '\n', length - at);
        bool end = length - at > 12 && !memcmp(bytes + at, "#!END-HEADER", 12);
        at = stop ? (size_t)(stop - bytes) + 1 : length;
        if (says_end && end)
            break;
    }
    return at;
}

static bool aedat2(struct st_event_reader *r, const unsigned char *bytes, size_t length)
{
    size_t at = behind_head(bytes, length, false);
    bool davis = r->options->camera == ST_CAMERA_DAVIS;
    uint64_t over = 0;
    uint32_t last = 0;
    r->out->what = davis ? "AEDAT 2, DAVIS" : "AEDAT 2, DVS128";
    if ((length - at) % 8)
        return st_event_wrong(r, ST_DIAG_FOREIGN_FILE, "/", "events have 8 bytes each, and %zu are left at the end",
                              (length - at) % 8);
    for (; at < length; at += 8) {
        uint32_t address = big(bytes + at), us = big(bytes + at + 4);
        over += us < last && last - us > UINT32_MAX / 2 ? UINT64_C(1) << 32 : 0;
        last = us;
        if (davis && address >> 31) { /* a frame's sample, or inertia */
            r->out->outside++;
            continue;
        }
        bool good = davis ? st_event_pixel(r, seconds(us + over), address >> 12 & 0x3ff, address >> 22 & 0x1ff,
                                           address >> 11 & 1, 346, 260, at)
                          : st_event_pixel(r, seconds(us + over), address >> 1 & 0x7f, address >> 8 & 0x7f, address & 1,
                                           128, 128, at);
        if (!good)
            return false;
    }
    return true;
}

/* Packets of events of one kind; polarity events are kind 1. */
static bool aedat31(struct st_event_reader *r, const unsigned char *bytes, size_t length)
{
    enum { HEAD = 28, POLARITY = 1, EVENT = 8 };
    size_t at = behind_head(bytes, length, true);
    r->out->what = "AEDAT 3.1";
    while (at < length) {
        const unsigned char *p = bytes + at;
        if (length - at < HEAD)
            return st_event_wrong(r, ST_DIAG_FOREIGN_FILE, "/", "the head of the packet at byte %zu is cut short", at);
        uint32_t kind = p[0] | (uint32_t)p[1] << 8, size = little(p + 4), over = little(p + 12), count = little(p + 20);
        if (!size || (uint64_t)size * count > length - at - HEAD || (kind == POLARITY && size < EVENT))
            return st_event_wrong(r, ST_DIAG_FOREIGN_SIZE, "/",
                                  "the packet at byte %zu claims %u events of %u bytes, and there are %zu", at, count,
                                  size, length - at - HEAD);
        at += HEAD;
        for (uint32_t i = 0; i < count; i++, at += size) {
            uint32_t data = little(bytes + at), us = little(bytes + at + 4);
            if (kind != POLARITY || !(data & 1)) {
                r->out->outside++;
                continue;
            }
            if (!st_event_pixel(r, seconds((uint64_t)over << 31 | us), data >> 17, data >> 2 & 0x7fff, data >> 1 & 1,
                                346, 260, at))
                return false;
        }
    }
    return true;
}

bool st_events_aedat(struct st_event_reader *r, const unsigned char *bytes, size_t length)
{
    if (length > 12 && !memcmp(bytes, "#!AER-DAT3", 10))
        return aedat31(r, bytes, length);
    if (length > 12 && !memcmp(bytes, "#!AER-DAT2", 10))
        return aedat2(r, bytes, length);
    if (length > 12 && !memcmp(bytes, "#!AER-DAT4", 10))
        return st_events_aedat4(r, bytes, length);
    return st_event_wrong(r, ST_DIAG_FOREIGN_REFUSED, "/", "of AEDAT, versions 2, 3.1 and 4 are read; this is '%.12s'",
                          length >= 12 ? (const char *)bytes : "");
}
