#include "net_read.h"
#include "file.h"
#include <stdio.h>
#include <string.h>

enum { PARAMETERS_MAX = 1000 };

/* --- named numbers ------------------------------------------------------------------------------------------ */

static bool named(struct st_yaml_reader *y, const struct st_yaml *at, const char *name, double *value)
{
    struct net_reader *r = y->context;
    if (st_net_value(r->build, name, value))
        return true;
    char *hint = st_yaml_hint(y, name, st_net_parameter_names(r->build));
    st_error(r->diags, ST_DIAG_NO_PARAMETER, at->mark, hint ? hint : "add it under 'parameters:'",
             "there is no parameter '%.64s'", name);
    return false;
}

static void read_parameters(struct net_reader *r, const struct st_yaml *map)
{
    if (!map || !st_yaml_is(&r->yaml, map, ST_YAML_MAP, "'parameters'"))
        return;
    if (map->count > PARAMETERS_MAX) {
        st_error(r->diags, ST_DIAG_TOO_MANY, map->mark, NULL, "%u parameters; there may be %d", map->count,
                 PARAMETERS_MAX);
        return;
    }
    for (uint32_t i = 0; i < map->count; i++) {
        double value = 0;
        /* No names in the values of names: r->yaml.named is not set yet, and $x is refused. */
        st_yaml_number(&r->yaml, map->items[i], "a parameter", -1e12, 1e12, &value);
        st_net_parameter(r->build, map->keys[i]->text, value, map->keys[i]->mark);
    }
}

/* --- shared with the other files ---------------------------------------------------------------------------- */

void st_net_read_count(struct net_reader *r, const struct st_yaml *map, const char *key, int64_t lowest,
                       int64_t highest, uint32_t *out)
{
    const struct st_yaml *at = st_yaml_get(map, key);
    int64_t value;
    char what[80];
    snprintf(what, sizeof what, "'%s'", key);
    if (at && st_yaml_whole(&r->yaml, at, what, lowest, highest, &value))
        *out = (uint32_t)value;
}

void st_net_read_switch(struct net_reader *r, const struct st_yaml *map, const char *key, bool *out)
{
    const struct st_yaml *at = st_yaml_get(map, key);
    char what[80];
    snprintf(what, sizeof what, "'%s'", key);
    if (at)
        st_yaml_switch(&r->yaml, at, what, out);
}

void st_net_key_not_for(struct net_reader *r, const struct st_yaml *map, const char *key, const char *whom)
{
    for (uint32_t i = 0; i < map->count; i++)
        if (!strcmp(map->keys[i]->text, key))
            st_error(r->diags, ST_DIAG_KEY_NOT_FOR, map->keys[i]->mark, NULL, "'%s' is only for %s", key, whom);
}

static bool find_node(struct net_reader *r, struct st_mark mark, const char *name, uint32_t *node)
{
    uint32_t found = st_net_find(r->build, name);
    if (found != UINT32_MAX) {
        *node = found;
        return true;
    }
    if (r->nodeless)
        return false; /* a whole part of the file is missing: that has been said, and names cannot be found */
    st_error(r->diags, ST_DIAG_NO_POPULATION, mark, st_yaml_hint(&r->yaml, name, st_net_node_names(r->build)),
             "population '%.64s' does not exist", name);
    return false;
}

bool st_net_read_node(struct net_reader *r, const struct st_yaml *at, uint32_t *node)
{
    char *name;
    return st_yaml_word(&r->yaml, at, "a population", &name) && find_node(r, at->mark, name, node);
}

bool st_net_read_end(struct net_reader *r, const struct st_yaml *at, uint32_t *node, struct st_slice *slice)
{
    char *name;
    if (!st_yaml_word(&r->yaml, at, "a population", &name))
        return false;
    size_t length = strcspn(name, "[");
    if (!name[length])
        return find_node(r, at->mark, name, node);
    return find_node(r, at->mark, st_arena_text(r->arena, name, length), node) &&
           st_net_read_slice(r, at, name, length, st_net_node(r->build, *node), slice);
}

/* --- the whole file ----------------------------------------------------------------------------------------- */

static void read_presentation(struct net_reader *r, const struct st_yaml *map)
{
    static const char *const keys[] = {"picture", "silence", "reset", NULL};
    uint32_t picture = 0, silence = 0;
    bool reset = false;
    if (!map || !st_yaml_is(&r->yaml, map, ST_YAML_MAP, "'presentation'"))
        return;
    st_yaml_keys(&r->yaml, map, keys, "presentation");
    st_yaml_need(&r->yaml, map, "picture", "presentation");
    st_net_read_count(r, map, "picture", 1, 30000, &picture);
    st_net_read_count(r, map, "silence", 0, 30000, &silence);
    st_net_read_switch(r, map, "reset", &reset);
    st_net_presentation(r->build, picture, silence, reset);
}

void st_net_read_readout(struct net_reader *r, const struct st_yaml *map)
{
    static const char *const keys[] = {"population", "decide", "base", "shift", NULL};
    uint32_t node = UINT32_MAX, shift = 0;
    double base = 0;
    int how = ST_DECIDE_COUNT;
    if (!map || !st_yaml_is(&r->yaml, map, ST_YAML_MAP, "'readout'"))
        return;
    st_yaml_keys(&r->yaml, map, keys, "readout");
    const struct st_yaml *population = st_yaml_need(&r->yaml, map, "population", "readout");
    if (population)
        st_net_read_node(r, population, &node);
    const struct st_yaml *decide = st_yaml_get(map, "decide");
    if (decide && !st_yaml_choice(&r->yaml, decide, "'decide'", st_decide_names, &how))
        return;
    if (how == ST_DECIDE_EXCESS) {
        const struct st_yaml *at = st_yaml_get(map, "base");
        if (at)
            st_yaml_number(&r->yaml, at, "'base'", 0, 1e6, &base);
        st_net_read_count(r, map, "shift", 0, 15, &shift);
    } else {
        st_net_key_not_for(r, map, "base", "'decide: excess'");
        st_net_key_not_for(r, map, "shift", "'decide: excess'");
    }
    st_net_readout(r->build, node, (enum st_decide)how, base, shift, population ? population->mark : map->mark);
}

/* Names, numbers and times: what is there before the parts. */
static void read_head(struct net_reader *r, const struct st_yaml *root)
{
    uint32_t copies = 1;
    char *word;
    const struct st_yaml *name = st_yaml_need(&r->yaml, root, "network", "the file");
    if (name && st_yaml_word(&r->yaml, name, "the network's name", &word))
        st_net_name(r->build, word, name->mark);
    const struct st_yaml *about = st_yaml_get(root, "about");
    if (about && st_yaml_word(&r->yaml, about, "'about'", &word))
        st_net_about(r->build, word);
    st_net_read_count(r, root, "copies", 1, 4096, &copies);
    st_net_copies(r->build, copies);
    read_presentation(r, st_yaml_need(&r->yaml, root, "presentation", "the network"));
}

static void read_parts(struct net_reader *r, const struct st_yaml *root)
{
    const struct st_yaml *receptors = st_yaml_need(&r->yaml, root, "receptors", "the network");
    const struct st_yaml *populations = st_yaml_need(&r->yaml, root, "populations", "the network");
    st_net_read_nodes(r, receptors, populations);
    if (st_yaml_get(root, "emitters"))
        st_net_read_emitters(r, st_yaml_get(root, "emitters"));
    st_net_read_projections(r, st_yaml_need(&r->yaml, root, "projections", "the network"));
    st_net_read_readout(r, st_yaml_need(&r->yaml, root, "readout", "the network"));
}

struct net_reader *st_net_read_begin(struct st_arena *a, struct st_diags *d, const struct st_yaml *root,
                                     const char *directory, const char *const *keys, const struct st_setting *settings,
                                     size_t setting_count)
{
    struct net_reader *r = ST_NEW(a, struct net_reader, 1);
    r->yaml = (struct st_yaml_reader){.arena = a, .diags = d};
    r->arena = a;
    r->diags = d;
    r->directory = directory;
    r->build = st_net_begin(a, d, (struct st_mark){.source = root->mark.source}, directory, settings, setting_count);
    read_parameters(r, st_yaml_get(root, "parameters"));
    r->yaml.named = named;
    r->yaml.context = r;
    st_yaml_keys(&r->yaml, root, keys, "a network");
    read_head(r, root);
    return r;
}

const struct st_net *st_net_read(struct st_arena *a, struct st_diags *d, const char *file, const char *text,
                                 size_t length, const struct st_setting *settings, size_t setting_count)
{
    static const char *const keys[] = {"network",      "about",     "parameters",  "copies",
                                       "presentation", "receptors", "populations", "emitters",
                                       "projections",  "readout",   NULL};
    const struct st_yaml *root = st_yaml_parse(a, d, file, text, length);
    if (!root)
        return NULL;
    struct net_reader *r = st_net_read_begin(a, d, root, st_path_folder(a, file), keys, settings, setting_count);
    read_parts(r, root);
    return st_net_finish(r->build);
}
