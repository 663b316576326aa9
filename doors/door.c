#include "door.h"

#include "file.h"
#include "models.h"
#include "nir.h"
#include "nnc.h"
#include "ranc.h"
#include "yaml_tree.h"
#include <math.h>
#include <stdio.h>
#include <string.h>

/* --- which ------------------------------------------------------------------------------------------------- */

static bool ends_with(const char *text, const char *end)
{
    size_t n = strlen(text), k = strlen(end);
    return n >= k && !strcmp(text + n - k, end);
}

enum st_door st_door_of(const char *path)
{
    unsigned char first[8] = {0};
    if (ends_with(path, ".json"))
        return ST_DOOR_SONATA;
    if (ends_with(path, ".mem"))
        return ST_DOOR_RANC;
    if (ends_with(path, ".nnc"))
        return ST_DOOR_NNC;
    FILE *file = fopen(path, "rb");
    if (!file)
        return ST_DOOR_OWN; /* whose reader says why */
    size_t n = fread(first, 1, sizeof first, file);
    fclose(file);
    return st_h5_begins(first, n) ? ST_DOOR_NIR : ST_DOOR_OWN;
}

/* --- what readers share ------------------------------------------------------------------------------------- */

bool st_door_options(struct st_builder *b, struct st_diags *d, struct st_mark at, bool dt_needed,
                     struct st_door_options *o)
{
    uint32_t errors = d->errors;
#define X(field, name, standard, lowest, highest)                                                                      \
    st_net_parameter(b, name, standard, at);                                                                           \
    st_net_value(b, name, &o->field);                                                                                  \
    if (!(o->field >= (lowest) && o->field <= (highest)))                                                              \
        st_error(d, ST_DIAG_FOREIGN_OPTION, at, NULL, "'%s' is %g to %g, not %g", name, (double)(lowest),              \
                 (double)(highest), o->field);
    ST_DOOR_OPTIONS(X)
#undef X
    if (dt_needed && !(o->dt > 0))
        st_error(d, ST_DIAG_FOREIGN_OPTION, at, "--set dt=NUMBER, in the file's unit of time",
                 "the file does not say 'dt', which is what a tick is");
    return d->errors == errors;
}

void st_door_set_at(struct st_arena *a, struct st_net_node *n, int at, const double *value)
{
    bool same = true;
    n->params[at] = value[0];
    for (uint32_t i = 1; i < n->columns; i++) {
        same = same && value[i] == value[0];
        if (fabs(value[i]) > fabs(n->params[at]))
            n->params[at] = value[i];
    }
    if (same)
        return;
    n->own[at] = ST_NEW(a, double, n->columns);
    memcpy(n->own[at], value, n->columns * sizeof *value);
}

void st_door_set(struct st_arena *a, struct st_net_node *n, enum st_param_role role, const double *value)
{
    st_door_set_at(a, n, st_role_at(st_models[n->model], role), value);
}

void st_door_presentation(struct st_builder *b, const struct st_door_options *o)
{
    enum { LONG = 30000 };
    st_net_presentation(b, o->ticks > 0 ? (uint32_t)o->ticks : LONG, 0, o->ticks > 0);
}

const char *st_door_name(struct st_arena *a, const struct st_builder *b, const char *name)
{
    enum { LONGEST = 56 };
    char clean[LONGEST + 2];
    size_t n = 0;
    if (!((name[0] >= 'a' && name[0] <= 'z') || (name[0] >= 'A' && name[0] <= 'Z')))
        clean[n++] = 'n';
    for (; *name && n < LONGEST; name++) {
        char c = *name;
        bool good = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
                    c == '-' || c == '.';
        if (good || ((unsigned char)c & 0xc0) != 0x80)
            clean[n++] = good ? c : '_';
    }
    clean[n] = 0;
    const char *out = st_arena_printf(a, "%s", clean);
    for (uint32_t k = 2; st_net_find(b, out) != UINT32_MAX; k++)
        out = st_arena_printf(a, "%s-%u", clean, k);
    return out;
}

double st_door_fraction(double x, double *error)
{
    double held = floor(x * ST_FRACTION_ONE + 0.5) / ST_FRACTION_ONE;
    *error = x > 0 ? fabs(held - x) / x : 0;
    *error = *error < 1e-12 ? 0 : *error;
    return held;
}

/* --- NIR ---------------------------------------------------------------------------------------------------- */

static const char *base_name(struct st_arena *a, const char *path)
{
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
    size_t n = strcspn(name, ".");
    return st_arena_text(a, name, n);
}

static const struct st_net *read_nir(struct st_h5 *h, const char *path, const struct st_setting *settings,
                                     size_t setting_count, struct st_verdicts *v)
{
    struct st_arena *a = h->arena;
    struct st_mark at = st_h5_mark(h, "/");
    struct st_builder *b = st_net_begin(a, h->diags, at, st_path_folder(a, path), settings, setting_count);
    struct st_door_options o;
    struct nir_graph *g = ST_NEW(a, struct nir_graph, 1);
    struct nir_sums s = {0};
    struct nir_time t = {0};
    *g = (struct nir_graph){.file = h, .arena = a, .diags = h->diags, .verdicts = v};
    if (!st_door_options(b, h->diags, at, true, &o))
        return NULL;
    st_net_name(b, st_door_name(a, b, base_name(a, path)), at);
    st_net_about(b, "a NIR graph");
    st_door_presentation(b, &o);
    if (!st_nir_read(g) || h->diags->errors || !st_nir_wire(g) || !st_nir_shapes(g) || !st_nir_multiply(g, o.dt, &s))
        return NULL;
    st_nir_levels(g, &s, &t);
    return st_nir_build(g, &s, &t, b, &o);
}

const struct st_net *st_door_read_nir(struct st_arena *a, struct st_diags *d, const char *path, const void *bytes,
                                      size_t length, const struct st_setting *settings, size_t setting_count,
                                      struct st_verdicts *v, struct st_fault *f)
{
    /* The file's handle is libhdf5's: a jump out of here closes it first. */
    struct st_h5 h;
    jmp_buf outer;
    f->id = ST_OK;
    if (!st_h5_open(&h, a, d, path, bytes, length, f))
        return NULL;
    memcpy(&outer, &a->full, sizeof outer);
    if (setjmp(a->full)) {
        st_h5_close(&h);
        memcpy(&a->full, &outer, sizeof outer);
        longjmp(a->full, 1);
    }
    const struct st_net *net = read_nir(&h, path, settings, setting_count, v);
    memcpy(&a->full, &outer, sizeof outer);
    st_h5_close(&h);
    return net;
}

/* --- all ---------------------------------------------------------------------------------------------------- */

const struct st_net *st_door_read(struct st_arena *a, struct st_diags *d, const char *path, enum st_door door,
                                  const struct st_setting *settings, size_t setting_count, struct st_verdicts *v,
                                  struct st_fault *f)
{
    char *text;
    size_t length;
    f->id = ST_OK;
    switch (door) {
    case ST_DOOR_NIR:
        return st_door_read_nir(a, d, path, NULL, 0, settings, setting_count, v, f);
    case ST_DOOR_SONATA:
        return st_door_read_sonata(a, d, path, settings, setting_count, v, f);
    case ST_DOOR_RANC:
        return st_door_read_ranc(a, d, path, settings, setting_count, v, f);
    case ST_DOOR_NNC:
        return st_door_read_nnc(a, d, path, settings, setting_count, v, f);
    default:
        return st_file_read_most(a, path, ST_TEXT_MOST, &text, &length, f)
                   ? st_net_read(a, d, path, text, length, settings, setting_count)
                   : NULL;
    }
}
