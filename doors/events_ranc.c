#include "events.h"

#include "file.h"
#include "ranc.h"
#include <stdlib.h>
#include <string.h>

/* Packets of RANC: the simulator's list, and the Verilog's tb_input.txt, a line of bits a packet (dx, dy, axon, tick,
 * from core 0), with tb_num_inputs.txt beside it, how many there are in each tick. A packet of the list's tick t, which
 * is sent before tick t + 1 begins and waits for its own k ticks, is a spike of the axon's receptor in tick t + k, as
 * the network has them (ranc_build.c). */

static bool spike(struct st_event_reader *r, uint32_t tick, uint32_t later, uint64_t core, uint32_t axons,
                  uint32_t axon)
{
    return st_event_at(r, r->options->from + ((double)tick + later) * r->dt, 0, core * axons + axon);
}

static bool packet(void *context, uint32_t tick, uint32_t x, uint32_t y, uint32_t axon, uint32_t later)
{
    void **both = context;
    const struct ranc *ranc = both[1];
    return spike(both[0], tick, later, (uint64_t)y * ranc->grid_x + x, ranc->axons, axon);
}

bool st_events_ranc(struct st_event_reader *r, const char *name, const char *text, size_t length, struct st_fault *f)
{
    struct ranc ranc = {.arena = r->arena, .diags = r->diags, .source = r->source};
    const struct st_json *root = st_json_parse(r->arena, name, text, length, f);
    r->out->what = "RANC packets";
    if (!root)
        return false;
    return st_ranc_frame(&ranc, name, root, f) && st_ranc_packets(&ranc, root, packet, (void *[]){r, &ranc});
}

/* --- lines of bits ------------------------------------------------------------------------------------------ */

enum { FIELD = 9, TICK = 4, AXON_BITS = 14 };

static uint32_t take(const char **at, uint32_t width)
{
    uint32_t x = 0;
    for (uint32_t i = 0; i < width; i++)
        x = 2 * x + (*(*at)++ == '1');
    return x;
}

/* How many axons a core has, by the lines of a tc file beside; 0: there is none. */
static uint32_t axons_beside(struct st_event_reader *r, const char *folder)
{
    uint32_t count, axons = 0;
    char *text;
    size_t length;
    struct st_fault none;
    const char **paths = st_ranc_files(r->arena, folder, "tc_*.mem", 1, &count);
    if (!count || !st_file_read_most(r->arena, paths[0], ST_TEXT_MOST, &text, &length, &none))
        return 0;
    for (size_t i = 0; i < length; i++)
        axons += (text[i] == '0' || text[i] == '1') && (i + 1 == length || text[i + 1] == '\n' || text[i + 1] == '\r');
    return axons;
}

/* The grid's width: of SpikeHard's parameters beside, else of --size. */
static uint32_t width_beside(struct st_event_reader *r, const char *folder)
{
    char *text;
    size_t length;
    int64_t width = 0;
    struct st_fault none;
    const char *path = st_path_join(r->arena, folder, "tb_spikehard_params.json");
    if (st_file_read_most(r->arena, path, ST_TEXT_MOST, &text, &length, &none)) {
        const struct st_json *root = st_json_parse(r->arena, path, text, length, &none);
        st_json_signed(st_json_get(root, "grid_dimension_x"), 1, RANC_SIDE, &width);
    }
    return r->options->width ? r->options->width : (uint32_t)width;
}

bool st_events_ranc_bits(struct st_event_reader *r, const char *name, const char *text, size_t length,
                         struct st_fault *f)
{
    const char *folder = st_path_folder(r->arena, name), *at = text, *end = text + length;
    uint32_t axons = axons_beside(r, folder), width = width_beside(r, folder), bits = 0, left = 0, tick = 0, line = 0;
    char *counts;
    size_t count_length;
    r->out->what = "RANC packets";
    while ((1u << bits) < axons)
        bits++;
    if (!axons || axons > RANC_AXONS || bits > AXON_BITS)
        return st_event_wrong(r, ST_DIAG_FOREIGN_MISSING, "/",
                              "there is no tc_NN.mem beside it, which says how many axons a core has");
    const char *beside = st_path_join(r->arena, folder, "tb_num_inputs.txt");
    if (!st_file_read_most(r->arena, beside, ST_TEXT_MOST, &counts, &count_length, f))
        return false;
    const char *next = counts;
    for (; at < end; line++) {
        size_t n = 0;
        const char *field = at;
        while (at + n < end && (at[n] == '0' || at[n] == '1'))
            n++;
        for (at += n; at < end && (*at == ' ' || *at == '\r' || *at == '\n'); at++)
            ;
        if (n != 2 * FIELD + bits + TICK)
            return st_event_wrong(r, ST_DIAG_FOREIGN_SHAPE, st_arena_printf(r->arena, "/%u", line),
                                  "a packet of %zu bits, and with %u axons a core it has %u", n, axons,
                                  2 * FIELD + bits + TICK);
        for (char *behind; !left; next = behind, tick++) { /* ticks may have no packets */
            unsigned long count = strtoul(next, &behind, 10);
            if (behind == next || count > UINT32_MAX)
                return st_event_wrong(r, ST_DIAG_FOREIGN_SHAPE, st_arena_printf(r->arena, "/%u", line),
                                      "tb_num_inputs.txt, which says how many packets a tick has, ends before it");
            left = (uint32_t)count;
        }
        left--;
        uint32_t x = take(&field, FIELD), y = take(&field, FIELD), axon = take(&field, bits);
        if (y && !width)
            return st_event_wrong(r, ST_DIAG_FOREIGN_OPTION, st_arena_printf(r->arena, "/%u", line),
                                  "how many cores a row of the grid has is not in these files: --size WxH says it");
        if (x >= RANC_SIDE / 2 || y >= RANC_SIDE / 2 || axon >= axons || (width && x >= width))
            return st_event_wrong(r, ST_DIAG_FOREIGN_NODE, st_arena_printf(r->arena, "/%u", line),
                                  "there is no axon %u of core (%u, %u)", axon, x, y);
        if (!spike(r, tick - 1, take(&field, TICK), (uint64_t)y * width + x, axons, axon))
            return false;
    }
    return true;
}
