#include "ranc.h"

#include "file.h"
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The memories of RANC's Verilog: csram_NN.mem, a line of bits a neuron, most significant first,
 *
 *     synapses A-1..0 | V | V_reset | w0..w3 | leak | thr+ | thr- | mode | dx | dy | axon | tick
 *                       9   9         4 x 9    9      9      9      1      9    9    log A  4
 *
 * tc_NN.mem, a line of two bits an axon: its type. Core NN stands at (NN mod width, NN / width). The first cores had no
 * mode and reset to V_reset at both ends; how wide a line is tells. The bus is where a neuron sends and no core is.
 * SpikeHard's tb_spikehard_params.json beside says the width and the bus. */

enum { FIELD = 9, TICK = 4, LINE_MOST = RANC_AXONS + 200 };

struct bits {
    const char *at;
};

static int32_t take(struct bits *b, uint32_t width, bool sign)
{
    int64_t x = 0;
    for (uint32_t i = 0; i < width; i++)
        x = 2 * x + (*b->at++ == '1');
    return (int32_t)(sign && x >> (width - 1) ? x - (INT64_C(1) << width) : x);
}

/* The next line of bits, behind comments and blanks; 0: there is none, or *bad. */
static size_t next_line(const char **at, const char *end, const char **line, bool *bad)
{
    while (*at < end) {
        if (end - *at >= 2 && !memcmp(*at, "/*", 2)) {
            const char *close = memmem(*at, (size_t)(end - *at), "*/", 2);
            *at = close ? close + 2 : end;
        } else if (end - *at >= 2 && !memcmp(*at, "//", 2)) {
            const char *close = memchr(*at, '\n', (size_t)(end - *at));
            *at = close ? close + 1 : end;
        } else if (**at == ' ' || **at == '\t' || **at == '\r' || **at == '\n') {
            ++*at;
        } else {
            size_t n = 0;
            while (*at + n < end && ((*at)[n] == '0' || (*at)[n] == '1'))
                n++;
            *bad = n == 0 || n > LINE_MOST || (*at + n < end && !strchr(" \t\r\n/", (*at)[n]));
            *line = *at;
            *at += n;
            return *bad ? 0 : n;
        }
    }
    return 0;
}

static uint32_t log_of(uint32_t axons)
{
    uint32_t n = 0;
    while ((1u << n) < axons)
        n++;
    return n;
}

static uint32_t width_of(uint32_t axons, bool mode)
{
    return axons + 9 * FIELD + mode + 2 * FIELD + log_of(axons) + TICK;
}

/* What stands behind csram_ in the name of a file: the number, and the end. */
static const char *number_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    return strstr(slash ? slash : path, "csram_") + strlen("csram_");
}

static bool read_types(struct ranc *r, struct ranc_core *c, const char *path, struct st_fault *f)
{
    char *text;
    size_t length, n;
    const char *line, *at;
    bool bad = false;
    uint32_t count = 0;
    uint32_t source = st_diags_source(r->diags, path, "", 0);
    if (!st_file_read_most(r->arena, path, ST_TEXT_MOST, &text, &length, f)) {
        f->id = ST_OK;
        return st_ranc_refuse(r, ST_DIAG_FOREIGN_MISSING, source, "/",
                              "there is no such file, which has the axons' types");
    }
    uint8_t *type = ST_NEW(r->arena, uint8_t, RANC_AXONS);
    for (at = text; (n = next_line(&at, text + length, &line, &bad)) > 0 && count < RANC_AXONS; count++) {
        if (n != 2)
            return st_ranc_refuse(r, ST_DIAG_FOREIGN_SHAPE, source, st_arena_printf(r->arena, "/%u", count),
                                  "a type is two bits, not %zu", n);
        type[count] = (uint8_t)take(&(struct bits){line}, 2, false);
    }
    if (bad || !count || n)
        return st_ranc_refuse(r, ST_DIAG_FOREIGN_FILE, source, st_arena_printf(r->arena, "/%u", count),
                              n ? "more axons than a core may have" : "a line of two bits is wanted");
    if (r->axons && count != r->axons)
        return st_ranc_refuse(r, ST_DIAG_FOREIGN_SHAPE, source, "/", "it has %u axons, another core has %u", count,
                              r->axons);
    r->axons = count;
    r->words = (count + 63) / 64;
    c->type = type;
    return true;
}

static void take_neuron(struct ranc *r, const char *line, bool mode, struct ranc_neuron *n, uint64_t *joined)
{
    struct bits b = {line};
    for (uint32_t k = r->axons; k-- > 0;)
        joined[k / 64] |= (uint64_t)(*b.at++ == '1') << (k % 64);
    n->potential = take(&b, FIELD, true);
    n->reset = take(&b, FIELD, true);
    for (int k = 0; k < 4; k++)
        n->weight[k] = take(&b, FIELD, true);
    n->leak = take(&b, FIELD, true);
    n->high = take(&b, FIELD, true);
    n->low = take(&b, FIELD, true);
    n->mode = mode ? take(&b, 1, false) : 0;
    n->dx = take(&b, FIELD, true);
    n->dy = take(&b, FIELD, true);
    n->axon = take(&b, log_of(r->axons), false);
    n->tick = take(&b, TICK, false);
}

static bool read_core(struct ranc *r, struct ranc_core *c, const char *path, struct st_fault *f)
{
    char *text;
    size_t length, n;
    const char *line, *at;
    bool bad = false;
    uint32_t lines = 0;
    if (!st_file_read_most(r->arena, path, ST_TEXT_MOST, &text, &length, f))
        return false;
    c->source = st_diags_source(r->diags, path, "", 0);
    c->path = "";
    for (at = text; next_line(&at, text + length, &line, &bad) > 0; lines++)
        ;
    if (bad)
        return st_ranc_refuse(r, ST_DIAG_FOREIGN_FILE, c->source, st_arena_printf(r->arena, "/%u", lines),
                              "a line of bits, 0 or 1, is wanted, of %d at most", LINE_MOST);
    if (lines > RANC_NEURONS)
        return st_ranc_refuse(r, ST_DIAG_FOREIGN_SIZE, c->source, "/", "it has %u neurons: %d are the most", lines,
                              RANC_NEURONS);
    if (!lines) /* the bus is a core without neurons */
        return true;
    const char *folder = st_path_folder(r->arena, path), *number = number_of(path);
    if (!read_types(r, c, st_path_join(r->arena, folder, st_arena_printf(r->arena, "tc_%s", number)), f))
        return false;
    c->count = lines;
    c->neuron = ST_NEW(r->arena, struct ranc_neuron, lines);
    c->joined = ST_NEW(r->arena, uint64_t, (size_t)lines * r->words);
    lines = 0;
    for (at = text; (n = next_line(&at, text + length, &line, &bad)) > 0; lines++) {
        bool mode = n == width_of(r->axons, true);
        if (!mode && n != width_of(r->axons, false))
            return st_ranc_refuse(r, ST_DIAG_FOREIGN_SHAPE, c->source, st_arena_printf(r->arena, "/neurons/%u", lines),
                                  "a line of %zu bits: with %u axons it has %u, or %u without a reset mode", n,
                                  r->axons, width_of(r->axons, true), width_of(r->axons, false));
        r->plain_reset |= !mode;
        take_neuron(r, line, mode, &c->neuron[lines], c->joined + (size_t)lines * r->words);
    }
    return true;
}

/* What SpikeHard says beside, if it does; *width and the bus. */
static bool read_params(struct ranc *r, const char *folder, int64_t *width, struct st_fault *f)
{
    const char *path = st_path_join(r->arena, folder, "tb_spikehard_params.json");
    char *text;
    size_t length;
    int64_t x, y, outputs, bits;
    struct st_fault none;
    if (!st_file_read_most(r->arena, path, ST_TEXT_MOST, &text, &length, &none))
        return true;
    const struct st_json *root = st_json_parse(r->arena, path, text, length, f);
    uint32_t source = st_diags_source(r->diags, path, "", 0);
    if (!root)
        return false;
    if (st_json_signed(st_json_get(root, "potential_width"), 1, 64, &bits) && bits != FIELD)
        return st_ranc_refuse(r, ST_DIAG_FOREIGN_REFUSED, source, "/potential_width", "fields of %d bits are read",
                              FIELD);
    st_json_signed(st_json_get(root, "grid_dimension_x"), 1, RANC_SIDE, width);
    if (st_json_signed(st_json_get(root, "output_core_x_coordinate"), 0, RANC_SIDE - 1, &x) &&
        st_json_signed(st_json_get(root, "output_core_y_coordinate"), 0, RANC_SIDE - 1, &y) &&
        st_json_signed(st_json_get(root, "num_outputs"), 1, (1 << 24) - 1, &outputs)) {
        r->has_output = true;
        r->output_x = (uint32_t)x;
        r->output_y = (uint32_t)y;
        r->outputs = (uint32_t)outputs;
    }
    return true;
}

/* The one place without a core that somebody sends to; the first of several, and who sends to others is refused. */
static void find_bus(struct ranc *r)
{
    for (uint32_t k = 0; k < r->count; k++)
        for (uint32_t i = 0; i < r->core[k].count; i++) {
            const struct ranc_neuron *n = &r->core[k].neuron[i];
            int64_t x = (int64_t)r->core[k].x + n->dx, y = (int64_t)r->core[k].y + n->dy;
            bool core = x < 0 || y < 0 || x >= RANC_SIDE || y >= RANC_SIDE;
            for (uint32_t j = 0; j < r->count && !core; j++)
                core = r->core[j].count && r->core[j].x == x && r->core[j].y == y;
            if (core)
                continue;
            if (!r->has_output) {
                r->output_x = (uint32_t)x;
                r->output_y = (uint32_t)y;
                r->grid_x = r->output_x >= r->grid_x ? r->output_x + 1 : r->grid_x;
            }
            r->has_output = true;
            if (x == r->output_x && y == r->output_y && (uint32_t)n->axon >= r->outputs)
                r->outputs = (uint32_t)n->axon + 1;
        }
}

/* Cores get their coordinates. */
static bool lay_out(struct ranc *r, const uint32_t *number, int64_t width)
{
    for (uint32_t k = 0; k < r->count && width == 0; k++)
        for (uint32_t i = 0; i < r->core[k].count; i++)
            if (r->core[k].neuron[i].dy != 0) {
                st_error(r->diags, ST_DIAG_FOREIGN_OPTION, st_diags_path(r->diags, r->core[k].source, ""),
                         "--set grid=N", "how many cores a row of the grid has is not in these files");
                return false;
            }
    uint32_t most = 0;
    for (uint32_t k = 0; k < r->count; k++)
        most = number[k] > most ? number[k] : most;
    r->grid_x = width ? (uint32_t)width : most + 2 < RANC_SIDE ? most + 2 : RANC_SIDE;
    for (uint32_t k = 0; k < r->count; k++) {
        struct ranc_core *c = &r->core[k];
        c->x = number[k] % r->grid_x;
        c->y = number[k] / r->grid_x;
        if (c->y >= RANC_SIDE)
            return st_ranc_refuse(r, ST_DIAG_FOREIGN_SIZE, c->source, "/", "core %u lies beyond row %d", number[k],
                                  RANC_SIDE);
    }
    if (!r->has_output)
        find_bus(r);
    r->rows = r->has_output ? r->output_y + 1 : 1;
    for (uint32_t k = 0; k < r->count; k++)
        r->rows = r->core[k].y >= r->rows ? r->core[k].y + 1 : r->rows;
    return true;
}

struct listing {
    glob_t found;
    jmp_buf outer;
};

const char **st_ranc_files(struct st_arena *a, const char *folder, const char *pattern, uint32_t most, uint32_t *count)
{
    /* The list is glob's: a jump out of here frees it first. */
    struct listing *l = ST_NEW(a, struct listing, 1);
    const char *wanted = st_path_join(a, folder, pattern);
    if (glob(wanted, 0, NULL, &l->found) != 0)
        l->found.gl_pathc = 0;
    memcpy(&l->outer, &a->full, sizeof l->outer);
    if (setjmp(a->full)) {
        globfree(&l->found);
        memcpy(&a->full, &l->outer, sizeof l->outer);
        longjmp(a->full, 1);
    }
    *count = l->found.gl_pathc < most ? (uint32_t)l->found.gl_pathc : most;
    const char **paths = ST_NEW(a, const char *, *count + 1);
    for (uint32_t k = 0; k < *count; k++)
        paths[k] = st_arena_text(a, l->found.gl_pathv[k], strlen(l->found.gl_pathv[k]));
    memcpy(&a->full, &l->outer, sizeof l->outer);
    globfree(&l->found);
    return paths;
}

static const struct st_net *read_folder(struct ranc *r, const char *path, struct st_fault *f)
{
    const char *folder = st_path_folder(r->arena, path);
    int64_t width = (int64_t)r->options->grid;
    uint32_t count;
    const char **paths = st_ranc_files(r->arena, folder, "csram_*.mem", RANC_CORES, &count);
    if (!count) {
        st_ranc_refuse(r, ST_DIAG_FOREIGN_MISSING, r->source, "/", "there is no csram_NN.mem beside it");
        return NULL;
    }
    if (!read_params(r, folder, &width, f))
        return NULL;
    uint32_t *number = ST_NEW(r->arena, uint32_t, count);
    r->core = ST_NEW(r->arena, struct ranc_core, count);
    for (uint32_t k = 0; k < count; k++) {
        number[r->count] = (uint32_t)strtoul(number_of(paths[k]), NULL, 10);
        if (!read_core(r, &r->core[r->count], paths[k], f))
            return NULL;
        r->count += r->core[r->count].count > 0;
    }
    return r->axons && !lay_out(r, number, width) ? NULL : st_ranc_build(r);
}

const struct st_net *st_door_read_ranc(struct st_arena *a, struct st_diags *d, const char *path,
                                       const struct st_setting *settings, size_t setting_count, struct st_verdicts *v,
                                       struct st_fault *f)
{
    struct st_mark at = {0};
    struct ranc *r = ST_NEW(a, struct ranc, 1);
    struct st_door_options *o = ST_NEW(a, struct st_door_options, 1);
    const char *folder = st_path_folder(a, path), *slash = strrchr(folder, '/');
    f->id = ST_OK;
    *r = (struct ranc){.arena = a, .diags = d, .verdicts = v, .options = o, .source = st_diags_source(d, path, "", 0)};
    r->build = st_net_begin(a, d, at, folder, settings, setting_count);
    st_net_name(r->build, st_door_name(a, r->build, slash ? slash + 1 : folder), at);
    st_net_about(r->build, "a network of RANC cores");
    if (!st_door_options(r->build, d, at, false, o))
        return NULL;
    st_door_presentation(r->build, o);
    r->symmetric = o->symmetric == 1;
    const struct st_net *net = read_folder(r, path, f);
    return f->id ? NULL : net;
}
