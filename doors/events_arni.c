#include "events.h"

#include <string.h>

/* Spikes of ArNI-X, each tact a tick:
 *
 *     .bin   neurons (u32) ─ nothing, or 4 bytes ─ a mask for each tact, 64 neurons a word, the lowest bit first
 *     text   a line for each tact, a sign for each neuron: '.' is silent, '@' a spike
 *
 * A mask is whole words, so the file's length says whether 4 bytes stand before the first. */

enum { COUNT = 4, WORD = 8, NEURONS_MOST = 1 << 24 };

static uint32_t neurons_of(const unsigned char *p)
{
    return (uint32_t)p[3] << 24 | (uint32_t)p[2] << 16 | (uint32_t)p[1] << 8 | p[0];
}

static size_t mask_bytes(uint32_t neurons) { return ((size_t)neurons + 63) / 64 * WORD; }

/* Where masks begin, which is where whole ones are left behind it; 0: nowhere. */
static size_t masks_at(const unsigned char *bytes, size_t length)
{
    size_t head = length % WORD ? COUNT : WORD;
    if (length < head || length % WORD % COUNT || !neurons_of(bytes) || neurons_of(bytes) > NEURONS_MOST)
        return 0;
    return (length - head) % mask_bytes(neurons_of(bytes)) ? 0 : head;
}

static bool spikes(const unsigned char *mask, uint32_t i) { return mask[i / 8] >> i % 8 & 1; }

/* The first bit of a mask that is set and nobody's; as many as the mask has: there is none. */
static uint32_t stray(const unsigned char *mask, uint32_t neurons)
{
    uint32_t bits = (uint32_t)mask_bytes(neurons) * 8, i = neurons;
    while (i < bits && !spikes(mask, i))
        i++;
    return i;
}

bool st_arni_masks(const unsigned char *bytes, size_t length)
{
    size_t at = masks_at(bytes, length);
    if (!at || at == length)
        return false;
    uint32_t neurons = neurons_of(bytes);
    size_t row = mask_bytes(neurons);
    for (; at < length; at += row)
        if (stray(bytes + at, neurons) < row * 8)
            return false;
    return true;
}

bool st_events_arni(struct st_event_reader *r, const unsigned char *bytes, size_t length)
{
    r->out->what = "ArNI-X";
    if (length < COUNT)
        return st_event_wrong(r, ST_DIAG_FOREIGN_FILE, "/",
                              "ArNI-X's spikes begin with their number of neurons, 4 bytes, "
                              "and the file has %zu",
                              length);
    uint32_t neurons = neurons_of(bytes);
    if (!neurons || neurons > NEURONS_MOST)
        return st_event_wrong(r, ST_DIAG_FOREIGN_SIZE, "/", "ArNI-X's spikes claim %u neurons, and 1 to %d are read",
                              neurons, NEURONS_MOST);
    size_t at = masks_at(bytes, length), row = mask_bytes(neurons);
    if (!at)
        return st_event_wrong(
            r, ST_DIAG_FOREIGN_SIZE, "/",
            "ArNI-X's spikes of %u neurons have %zu bytes a tact behind 4 or 8 of a head, and the file "
            "has %zu: no whole number of tacts",
            neurons, row, length);
    for (uint64_t tact = 0; at < length; at += row, tact++) {
        const unsigned char *mask = bytes + at;
        uint32_t nobody = stray(mask, neurons);
        if (nobody < row * 8)
            return st_event_wrong(r, ST_DIAG_FOREIGN_NODE, "/", "tact %llu has a spike of neuron %u, and there are %u",
                                  (unsigned long long)tact, nobody, neurons);
        for (uint32_t i = 0; i < neurons; i++)
            if (spikes(mask, i) && !st_event_at(r, r->options->from + (double)tact * r->dt, 0, i))
                return false;
    }
    return true;
}

/* --- text --------------------------------------------------------------------------------------------------- */

/* Signs of a line without its end. */
static size_t line_of(const char *at, size_t left, size_t *with_end)
{
    const char *newline = memchr(at, '\n', left);
    size_t n = newline ? (size_t)(newline - at) : left;
    *with_end = n + (newline != NULL);
    return n && at[n - 1] == '\r' ? n - 1 : n;
}

static size_t signs(const char *at, size_t n)
{
    size_t i = 0;
    while (i < n && (at[i] == '.' || at[i] == '@'))
        i++;
    return i;
}

bool st_arni_lines(const char *text, size_t length)
{
    size_t step, n = line_of(text, length, &step);
    return n && signs(text, n) == n;
}

bool st_events_arni_lines(struct st_event_reader *r, const char *text, size_t length)
{
    size_t step, neurons = line_of(text, length, &step);
    uint64_t tact = 0;
    r->out->what = "ArNI-X, lines";
    if (neurons > NEURONS_MOST)
        return st_event_wrong(r, ST_DIAG_FOREIGN_SIZE, "line 1", "a line of %zu neurons, and at most %d are read",
                              neurons, NEURONS_MOST);
    for (size_t at = 0; at < length; at += step, tact++) {
        size_t n = line_of(text + at, length - at, &step), good = signs(text + at, n);
        const char *line = st_arena_printf(r->arena, "line %llu", (unsigned long long)tact + 1);
        if (good < n)
            return st_event_wrong(r, ST_DIAG_FOREIGN_TYPE, line, "sign %zu is neither '.' (silent) nor '@' (a spike)",
                                  good + 1);
        if (n != neurons)
            return st_event_wrong(r, ST_DIAG_FOREIGN_SHAPE, line, "it has %zu neurons, and the first line %zu", n,
                                  neurons);
        for (size_t i = 0; i < n; i++)
            if (text[at + i] == '@' && !st_event_at(r, r->options->from + (double)tact * r->dt, 0, i))
                return false;
    }
    return true;
}
