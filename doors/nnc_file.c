#include "nnc.h"

#include "file.h"
#include "yaml_tree.h"
#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Files, and what is asked of their elements. A line "\\other.nnc" stands for what that file has: for the children of
 * its root where that is an SNN, or is called as the element in which the line stands; else for the root. */

/* --- saying and asking -------------------------------------------------------------------------------------- */

bool st_nnc_refuse(struct nnc *n, enum st_diag_id id, const struct st_xml *at, const char *cure, const char *format,
                   ...)
{
    char text[400];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    st_error(n->diags, id, at->mark, cure, "%s", text);
    st_verdict(n->verdicts, st_arena_printf(n->arena, "line %u", at->mark.line), at->name, ST_FAITH_REFUSED, 0, "%s",
               text);
    return false;
}

bool st_nnc_number(struct nnc *n, const struct st_xml *at, double lowest, double highest, double *out)
{
    if (!st_yaml_is_number(at->text, out))
        return st_nnc_refuse(n, ST_DIAG_FOREIGN_TYPE, at, NULL, "<%.40s> has a number for its text, not '%.40s'",
                             at->name, at->text);
    if (!(*out >= lowest && *out <= highest))
        return st_nnc_refuse(n, ST_DIAG_FOREIGN_SIZE, at, NULL, "<%.40s> is %g to %g, not %.40s", at->name, lowest,
                             highest, at->text);
    return true;
}

bool st_nnc_child(struct nnc *n, const struct st_xml *x, const char *name, const struct st_xml **out)
{
    *out = st_xml_child(x, name, NULL);
    const struct st_xml *twice = *out ? st_xml_child(x, name, *out) : NULL;
    return !twice || st_nnc_refuse(n, ST_DIAG_FOREIGN_SHAPE, twice, NULL, "<%.40s> is there twice", twice->name);
}

bool st_nnc_child_number(struct nnc *n, const struct st_xml *x, const char *name, double standard, double lowest,
                         double highest, double *out)
{
    const struct st_xml *at;
    *out = standard;
    return st_nnc_child(n, x, name, &at) && (!at || st_nnc_number(n, at, lowest, highest, out));
}

bool st_nnc_only(struct nnc *n, const struct st_xml *x, const char *const *names)
{
    for (const struct st_xml *c = x->child; c; c = c->next) {
        const char *const *k = names;
        while (*k && !st_xml_same(*k, c->name))
            k++;
        if (!*k)
            return st_nnc_refuse(n, ST_DIAG_FOREIGN_REFUSED, c, NULL, "<%.40s> of <%.40s> is not known", c->name,
                                 x->name);
    }
    return true;
}

const char *st_nnc_attribute(struct nnc *n, const struct st_xml *x, const char *name)
{
    const char *value = st_xml_attribute(x, name);
    if (!value || !*value) {
        st_nnc_refuse(n, ST_DIAG_FOREIGN_MISSING, x, NULL, "<%.40s> says no %s=\"..\"", x->name, name);
        return NULL;
    }
    return value;
}

/* --- files -------------------------------------------------------------------------------------------------- */

struct chain {
    const char *path;
    const struct chain *before;
};

static bool is_snn(const struct st_xml *x) { return st_xml_same(x->name, "SNN"); }

static bool note_model(struct nnc *n, const struct st_xml *x)
{
    const char *model = st_xml_attribute(x, "model");
    if (!model)
        return true;
    n->linearized |= st_xml_same(model, "linearized");
    return st_xml_same(model, "linearized") || st_xml_same(model, "smooth") ||
           st_nnc_refuse(n, ST_DIAG_FOREIGN_REFUSED, x, NULL,
                         "model=\"%.40s\": of models, 'smooth' and 'linearized' are known", model);
}

static bool include_all(struct nnc *n, struct st_xml *x, const char *folder, const struct chain *chain);

static void adopt(struct st_xml *x, struct st_xml *first, struct st_xml *last)
{
    if (!first)
        return;
    if (x->last)
        x->last->next = first;
    else
        x->child = first;
    x->last = last;
}

/* One file whose name stands in an element's text. */
static bool include(struct nnc *n, struct st_xml *x, char *name, const char *folder, const struct chain *chain)
{
    char *text;
    size_t length, depth = 0;
    struct st_fault f;
    for (char *c = name; *c; c++)
        *c = *c == '\\' ? '/' : *c;
    while (!strncmp(name, "./", 2))
        name += 2;
    const char *path = st_path_join(n->arena, folder, name);
    struct chain link = {path, chain};
    for (const struct chain *c = chain; c; c = c->before, depth++)
        if (!strcmp(c->path, path) || depth == NNC_DEEP)
            return st_nnc_refuse(n, ST_DIAG_FOREIGN_CYCLE, x, NULL, "'%.100s' is within itself, or more than %d deep",
                                 name, NNC_DEEP);
    if (n->diags->source_count > NNC_FILES_MOST)
        return st_nnc_refuse(n, ST_DIAG_FOREIGN_SIZE, x, NULL, "more than %d files are put together", NNC_FILES_MOST);
    if (!st_file_read_most(n->arena, path, ST_TEXT_MOST, &text, &length, &f))
        return st_nnc_refuse(n, ST_DIAG_FOREIGN_MISSING, x, NULL, "\\\\%.100s: %s", name, f.text);
    struct st_xml *file = st_xml_parse(n->arena, n->diags, path, text, length);
    if (!file)
        return false;
    for (struct st_xml *c = file->child, *next; c; c = next) {
        bool inner = is_snn(c) || st_xml_same(c->name, x->name);
        next = c->next;
        c->next = NULL;
        if (is_snn(c) && !note_model(n, c))
            return false;
        if (!include_all(n, c, st_path_folder(n->arena, path), &link))
            return false;
        adopt(x, inner ? c->child : c, inner ? c->last : c);
    }
    return true;
}

static bool include_all(struct nnc *n, struct st_xml *x, const char *folder, const struct chain *chain)
{
    for (struct st_xml *c = x->child; c; c = c->next)
        if (!include_all(n, c, folder, chain))
            return false;
    if (strncmp(x->text, "\\\\", 2) != 0)
        return true;
    const char *rest = x->text;
    x->text = "";
    while (*rest) {
        size_t length = strcspn(rest, "\r\n"), used = length;
        while (used > 0 && isspace((unsigned char)rest[used - 1]))
            used--;
        if (used < 3 || strncmp(rest, "\\\\", 2) != 0)
            return st_nnc_refuse(n, ST_DIAG_FOREIGN_TYPE, x, NULL,
                                 "files are named by lines of '\\\\' and a name, and this is '%.*s'",
                                 (int)(used < 60 ? used : 60), rest);
        if (!include(n, x, st_arena_text(n->arena, rest + 2, used - 2), folder, chain))
            return false;
        rest += length;
        rest += strspn(rest, "\r\n \t");
    }
    return true;
}

bool st_nnc_load(struct nnc *n, const char *path, struct st_fault *f)
{
    char *text;
    size_t length;
    if (!st_file_read_most(n->arena, path, ST_TEXT_MOST, &text, &length, f))
        return false;
    struct st_xml *file = st_xml_parse(n->arena, n->diags, path, text, length);
    struct chain first = {path, NULL};
    if (!file)
        return false;
    struct st_xml *root = file->child;
    if (!root || root->next || !(is_snn(root) || st_xml_same(root->name, "Network")))
        return st_nnc_refuse(n, ST_DIAG_FOREIGN_TYPE, root ? root : file, NULL,
                             "the one element of a network of ArNI-X is <SNN>, or <Network>");
    n->root = root;
    return note_model(n, root) && include_all(n, root, st_path_folder(n->arena, path), &first);
}

bool st_nnc_each(struct nnc *n, const char *name, st_nnc_each_fn *each)
{
    /* <NETWORK><Sections>, or, in older files, <Network><Sections> of the root itself */
    for (const struct st_xml *net = n->root->child; net; net = net->next) {
        bool network = st_xml_same(net->name, "NETWORK");
        for (const struct st_xml *s = network ? net->child : net; s; s = network ? s->next : NULL) {
            if (!st_xml_same(s->name, "Sections"))
                continue;
            for (const struct st_xml *x = st_xml_child(s, name, NULL); x; x = st_xml_child(s, name, x))
                if (!each(n, x))
                    return false;
        }
    }
    return true;
}

/* --- groups ------------------------------------------------------------------------------------------------- */

struct nnc_group *st_nnc_group(struct nnc *n, const char *name)
{
    for (uint32_t i = 0; i < n->count; i++)
        if (!strcmp(n->group[i].name, name))
            return &n->group[i];
    return NULL;
}

struct nnc_group *st_nnc_add_group(struct nnc *n, const char *name, const struct st_xml *x)
{
    if (st_nnc_group(n, name)) {
        st_nnc_refuse(n, ST_DIAG_FOREIGN_SHAPE, x, NULL, "there are two of the name '%.60s'", name);
        return NULL;
    }
    if (n->count == NNC_GROUPS_MOST) {
        st_nnc_refuse(n, ST_DIAG_FOREIGN_SIZE, x, NULL, "there are more than %d receptors and sections",
                      NNC_GROUPS_MOST);
        return NULL;
    }
    if (n->count == n->room) {
        struct nnc_group *wider = ST_NEW(n->arena, struct nnc_group, n->room = n->room ? 2 * n->room : 16);
        if (n->count)
            memcpy(wider, n->group, n->count * sizeof *wider);
        n->group = wider;
    }
    struct nnc_group *g = &n->group[n->count++];
    *g = (struct nnc_group){.name = name, .xml = x, .node = UINT32_MAX};
    return g;
}
