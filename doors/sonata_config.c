#include "sonata.h"

#include "file.h"
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { VARIABLES_DEEP = 16, FILES_MAX = 4096 };

bool st_sonata_refuse(struct sonata *s, enum st_diag_id id, uint32_t source, const char *path, const char *format, ...)
{
    char text[400];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    st_error(s->diags, id, st_diags_path(s->diags, source, path), NULL, "%s", text);
    st_verdict(s->verdicts, s->diags->sources[source].name, path, ST_FAITH_REFUSED, 0, "%s", text);
    return false;
}

bool st_sonata_open(struct sonata *s, const char *path, struct st_fault *f)
{
    st_h5_close(&s->open);
    return st_h5_open(&s->open, s->arena, s->diags, path, NULL, 0, f);
}

bool st_sonata_json_read(struct sonata *s, const char *path, struct sonata_json *out, struct st_fault *f)
{
    char *text;
    size_t length;
    *out = (struct sonata_json){.path = path, .folder = st_path_folder(s->arena, path)};
    if (!st_file_read_most(s->arena, path, ST_TEXT_MOST, &text, &length, f))
        return false;
    out->source = st_diags_source(s->diags, path, "", 0);
    out->root = st_json_parse(s->arena, path, text, length, f);
    if (!out->root || out->root->type != ST_JSON_OBJECT) {
        const char *why = out->root ? "an object is wanted" : st_arena_printf(s->arena, "%s", f->text);
        f->id = ST_OK;
        return st_sonata_refuse(s, ST_DIAG_FOREIGN_FILE, out->source, "/", "%s", why);
    }
    out->manifest = st_json_get(out->root, "manifest");
    return true;
}

static bool of_name(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/* $NAME and ${NAME}; a variable may stand for text with variables. */
static const char *expand(struct sonata *s, const struct sonata_json *j, const char *where, const char *text, int depth)
{
    struct st_text t;
    st_text_init(&t, s->arena);
    st_text_put(&t, "");
    if (depth > VARIABLES_DEEP) {
        st_sonata_refuse(s, ST_DIAG_FOREIGN_CYCLE, j->source, where, "'%.100s' stands for itself", text);
        return NULL;
    }
    while (*text) {
        size_t n = strcspn(text, "$");
        st_text_add(&t, text, n);
        text += n;
        if (!*text)
            break;
        const char *name = text + 1 + (text[1] == '{');
        for (n = 0; of_name(name[n]); n++)
            ;
        const char *key = st_arena_printf(s->arena, "$%.*s", (int)n, name);
        const struct st_json *value = st_json_get(j->manifest, key);
        if (!value || value->type != ST_JSON_STRING) {
            st_sonata_refuse(s, ST_DIAG_FOREIGN_MISSING, j->source, where, "'%.100s' is not in the manifest", key);
            return NULL;
        }
        const char *inner = expand(s, j, where, value->text, depth + 1);
        if (!inner || t.length + strlen(inner) > 4096) {
            if (inner)
                st_sonata_refuse(s, ST_DIAG_FOREIGN_SIZE, j->source, where, "the path is longer than 4,096 characters");
            return NULL;
        }
        st_text_put(&t, inner);
        text = name + n + (text[1] == '{' && name[n] == '}');
    }
    return t.at;
}

const char *st_sonata_path(struct sonata *s, const struct sonata_json *j, const char *where,
                           const struct st_json *value)
{
    if (!value || value->type != ST_JSON_STRING) {
        st_sonata_refuse(s, value ? ST_DIAG_FOREIGN_TYPE : ST_DIAG_FOREIGN_MISSING, j->source, where,
                         "a path is wanted here");
        return NULL;
    }
    const char *text = expand(s, j, where, value->text, 0);
    return text ? st_path_join(s->arena, j->folder, text) : NULL;
}

static bool list_files(struct sonata *s, const char *which, struct sonata_files **out, uint32_t *count)
{
    const struct sonata_json *j = &s->circuit;
    const struct st_json *list = st_json_get(st_json_get(j->root, "networks"), which);
    const char *where = st_arena_printf(s->arena, "/networks/%s", which);
    if (!list || list->type != ST_JSON_ARRAY)
        return st_sonata_refuse(s, ST_DIAG_FOREIGN_MISSING, j->source, where, "a list of files is wanted here");
    if (list->count > FILES_MAX)
        return st_sonata_refuse(s, ST_DIAG_FOREIGN_SIZE, j->source, where, "there are more than %d files", FILES_MAX);
    *out = ST_NEW(s->arena, struct sonata_files, list->count);
    uint32_t i = 0;
    for (const struct st_json *x = list->child; x; x = x->next, i++) {
        const struct st_json *on = st_json_get(x, "enabled");
        const char *data = st_arena_printf(s->arena, "%s_file", which),
                   *types = st_arena_printf(s->arena, "%.4s_types_file", which);
        if (on && on->type == ST_JSON_BOOL && !on->boolean) {
            st_verdict(s->verdicts, where, st_arena_printf(s->arena, "%u", i), ST_FAITH_EXACT, 0,
                       "switched off in the file");
            continue;
        }
        struct sonata_files *f = &(*out)[*count];
        f->data = st_sonata_path(s, j, st_arena_printf(s->arena, "%s/%u/%s", where, i, data), st_json_get(x, data));
        const struct st_json *t = st_json_get(x, types);
        if (!f->data || (t && t->type == ST_JSON_STRING &&
                         !(f->types = st_sonata_path(s, j, st_arena_printf(s->arena, "%s/%u/%s", where, i, types), t))))
            return false;
        ++*count;
    }
    return true;
}

static const char *folder_of(struct sonata *s, const char *key)
{
    const struct st_json *value = st_json_get(st_json_get(s->circuit.root, "components"), key);
    return value ? st_sonata_path(s, &s->circuit, st_arena_printf(s->arena, "/components/%s", key), value) : NULL;
}

bool st_sonata_config(struct sonata *s, struct sonata_json j, double *dt, struct st_fault *f)
{
    *dt = 0;
    /* from the configuration of everything, or of a simulation, to that of the circuit */
    for (int step = 0; step < 2 && !st_json_get(j.root, "networks"); step++) {
        const struct st_json *simulation = st_json_get(j.root, "simulation"), *network = st_json_get(j.root, "network");
        struct sonata_json next;
        if (simulation) {
            const char *to = st_sonata_path(s, &j, "/simulation", simulation);
            if (!to || !st_sonata_json_read(s, to, &next, f))
                return false;
            st_json_double(st_json_get(st_json_get(next.root, "run"), "dt"), dt);
        }
        st_json_double(st_json_get(st_json_get(j.root, "run"), "dt"), dt);
        const char *to = st_sonata_path(s, &j, "/network", network);
        if (!to || !st_sonata_json_read(s, to, &next, f))
            return false;
        j = next;
    }
    s->circuit = j;
    uint32_t errors = s->diags->errors;
    s->neuron_folder = folder_of(s, "point_neuron_models_dir");
    s->synapse_folder = folder_of(s, "synaptic_models_dir");
    return list_files(s, "nodes", &s->node_files, &s->node_file_count) &&
           list_files(s, "edges", &s->edge_files, &s->edge_file_count) && s->diags->errors == errors;
}
