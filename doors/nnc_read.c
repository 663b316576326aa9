#include "nnc.h"

#include "file.h"
#include <string.h>

/* The whole: what stands about receptors, sections and links, and in which order they are taken. */

/* --- networks ----------------------------------------------------------------------------------------------- */

static bool read_copies(struct nnc *n, const struct st_xml *net, double *copies)
{
    const char *text = st_xml_attribute(net, "ncopies"), *merge = st_xml_attribute(net, "merge");
    struct st_xml as = {.name = "ncopies", .text = text, .mark = net->mark};
    double value;
    if (!text)
        return true;
    if (!st_nnc_number(n, &as, 1, 1000, &value))
        return false;
    if (value != floor(value) || (*copies > 0 && value != *copies))
        return st_nnc_refuse(n, ST_DIAG_FOREIGN_REFUSED, net, NULL,
                             "ncopies=\"%.40s\": copies are a whole number, the same for the whole network", text);
    *copies = value;
    bool merged = merge && st_xml_same(merge, "yes");
    st_verdict(n->verdicts, net->name, "ncopies", merged || value == 1 ? ST_FAITH_EXACT : ST_FAITH_APPROXIMATED, 0,
               "an ensemble of %g, whose votes are added%s", value,
               merged || value == 1 ? "" : ", though it says no merge");
    return true;
}

/* Neurons that a program makes, or that were saved, are not in the file. */
static bool refuse_made(struct nnc *n, const struct st_xml *x)
{
    const char *saved = st_xml_attribute(x, "saved"), *lib;
    const struct st_xml *i = st_xml_child(x, "Implementation", NULL);
    if (saved)
        return st_nnc_refuse(n, ST_DIAG_FOREIGN_REFUSED, x, NULL,
                             "saved=\"%.60s\": the form of saved networks is not published", saved);
    if (!i)
        return true;
    lib = st_xml_attribute(i, "lib");
    return st_nnc_refuse(n, ST_DIAG_FOREIGN_REFUSED, i, NULL,
                         "a part of the network is made by the program '%.60s', and not in the file", lib ? lib : "");
}

static bool read_network(struct nnc *n, const struct st_xml *net, double *copies)
{
    static const char *const parts[] = {"Sections", "Implementation", NULL}, *const inner[] = {"Section", "Link",
                                                                                               "Implementation", NULL};
    bool root = net == n->root;
    if (!root && (!st_nnc_only(n, net, parts) || !refuse_made(n, net) || !read_copies(n, net, copies)))
        return false;
    for (const struct st_xml *s = st_xml_child(net, "Sections", NULL); s; s = st_xml_child(net, "Sections", s))
        if (!st_nnc_only(n, s, inner) || !refuse_made(n, s))
            return false;
    return true;
}

static bool read_about(struct nnc *n)
{
    static const char *const known[] = {"RECEPTORS", "NETWORK",  "Sections", "Readout",
                                        "Global",    "Verifyer", "Verifier", NULL};
    double copies = 0;
    if (!st_nnc_only(n, n->root, known) || !read_network(n, n->root, &copies))
        return false;
    for (const struct st_xml *x = n->root->child; x; x = x->next) {
        if (st_xml_same(x->name, "NETWORK") && !read_network(n, x, &copies))
            return false;
        if (st_xml_same(x->name, "Global") || st_xml_same(x->name, "Verifyer") || st_xml_same(x->name, "Verifier"))
            st_verdict(n->verdicts, st_arena_printf(n->arena, "line %u", x->mark.line), x->name, ST_FAITH_APPROXIMATED,
                       0, "left out: it is for programs of the emulator");
    }
    if (copies > 0)
        st_net_copies(n->build, (uint32_t)copies);
    return true;
}

/* --- ends --------------------------------------------------------------------------------------------------- */

static bool read_out(struct nnc *n)
{
    struct nnc_group *first = NULL, *last = NULL;
    struct st_mark at = n->root->mark;
    for (const struct st_xml *r = st_xml_child(n->root, "Readout", NULL); r; r = st_xml_child(n->root, "Readout", r))
        for (const struct st_xml *o = st_xml_child(r, "output", NULL); o; o = st_xml_child(r, "output", o)) {
            struct nnc_group *g = st_nnc_group(n, o->text);
            if (!g || g->receptors)
                return st_nnc_refuse(n, ST_DIAG_FOREIGN_NODE, o, NULL, "there is no section '%.60s' to be read",
                                     o->text);
            if (first)
                st_verdict(n->verdicts, g->name, "output", ST_FAITH_APPROXIMATED, 0, "seen in traces only");
            else
                at = o->mark;
            first = first ? first : g;
        }
    for (uint32_t i = 0; i < n->count; i++)
        last = n->group[i].receptors ? last : &n->group[i];
    if (!first && !last)
        return st_nnc_refuse(n, ST_DIAG_FOREIGN_MISSING, n->root, NULL, "the network has no section");
    st_verdict(n->verdicts, first ? first->name : last->name, "readout", first ? ST_FAITH_EXACT : ST_FAITH_APPROXIMATED,
               0, first ? "its spikes are counted by column" : "the file reads nothing: the last section is read");
    st_net_readout(n->build, first ? first->node : last->node, ST_DECIDE_COUNT, 0, 0, at);
    return true;
}

/* A network has receptors; here none may be needed. */
static void need_receptors(struct nnc *n)
{
    for (uint32_t i = 0; i < st_net_node_count(n->build); i++)
        if (st_net_node(n->build, i)->receptor)
            return;
    uint32_t none = st_net_add_receptors(n->build, st_door_name(n->arena, n->build, "none"), n->root->mark);
    st_net_node(n->build, none)->encoder = ST_ENCODE_SPIKES;
    st_verdict(n->verdicts, "none", "", ST_FAITH_APPROXIMATED, 0,
               "nothing comes from outside: a receptor without synapses");
}

/* Named numbers that count. */
static bool whole_options(struct nnc *n)
{
    const double value[] = {n->options.label, n->options.receptors};
    static const char *const name[] = {"label", "receptors"};
    for (int i = 0; i < 2; i++)
        if (value[i] != floor(value[i])) {
            st_error(n->diags, ST_DIAG_FOREIGN_OPTION, n->root->mark, NULL, "'%s' is a whole number, not %g", name[i],
                     value[i]);
            return false;
        }
    return true;
}

const struct st_net *st_door_read_nnc(struct st_arena *a, struct st_diags *d, const char *path,
                                      const struct st_setting *settings, size_t setting_count, struct st_verdicts *v,
                                      struct st_fault *f)
{
    struct nnc *n = ST_NEW(a, struct nnc, 1);
    struct st_mark at = {0};
    f->id = ST_OK;
    *n = (struct nnc){.arena = a, .diags = d, .verdicts = v, .folder = st_path_folder(a, path)};
    n->build = st_net_begin(a, d, at, n->folder, settings, setting_count);
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
    st_net_name(n->build, st_door_name(a, n->build, st_arena_text(a, name, strcspn(name, "."))), at);
    st_net_about(n->build, "a network of ArNI-X");
    if (!st_door_options(n->build, d, at, false, &n->options) || !st_nnc_load(n, path, f) || !whole_options(n) ||
        !read_about(n) || !st_nnc_presentation(n) || !st_nnc_receptors(n) || !st_nnc_sections(n) ||
        !st_nnc_links_look(n) || !st_nnc_populations(n) || !st_nnc_links(n) || !read_out(n))
        return NULL;
    need_receptors(n);
    return st_net_finish(n->build);
}
