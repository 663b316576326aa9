#include "net_read.h"
#include "file.h"
#include <stdio.h>
#include <string.h>

enum { PARAMETERS_MAX = 1000 };

/* --- named numbers ------------------------------------------------------------------------------------------ */

/* The names of all parameters, ending with NULL. */
static const char **parameter_names(struct net_reader *r)
{
    uint32_t count = r->parameters ? r->parameters->count : 0;
    const char **names = ST_NEW(r->arena, const char *, count + 1);
    for (uint32_t i = 0; i < count; i++)
        names[i] = r->parameters->keys[i]->text;
    return names;
}

static bool named(struct st_yaml_reader *y, const struct st_yaml *at, const char *name, double *value)
{
    struct net_reader *r = y->context;
    for (uint32_t i = 0; r->parameters && i < r->parameters->count; i++)
        if (!strcmp(r->parameters->keys[i]->text, name)) {
            *value = r->values[i];
            r->used[i] = true;
            return true;
        }
    char *hint = st_yaml_hint(y, name, parameter_names(r));
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
    r->values = ST_NEW(r->arena, double, map->count);
    r->used = ST_NEW(r->arena, bool, map->count);
    for (uint32_t i = 0; i < map->count; i++) {
        if (!st_yaml_is_name(map->keys[i]->text))
            st_error(r->diags, ST_DIAG_BAD_NAME, map->keys[i]->mark, NULL, "'%.80s' cannot name a parameter",
                     map->keys[i]->text);
        /* No names in the values of names: r->parameters is not set yet, and $x is refused. */
        if (!st_yaml_number(&r->yaml, map->items[i], "a parameter", -1e12, 1e12, &r->values[i]))
            r->used[i] = true; /* one complaint is enough */
    }
    r->parameters = map;
}

static void apply_settings(struct net_reader *r, const struct st_setting *settings, size_t count, struct st_mark top)
{
    uint32_t parameters = r->parameters ? r->parameters->count : 0;
    const char **names = parameter_names(r);
    for (size_t k = 0; k < count; k++) {
        uint32_t i = 0;
        while (i < parameters && strcmp(names[i], settings[k].name))
            i++;
        if (i == parameters)
            st_error(r->diags, ST_DIAG_UNKNOWN_SETTING, top, st_yaml_hint(&r->yaml, settings[k].name, names),
                     "the network has no parameter '%.64s' to set", settings[k].name);
        else if (!(settings[k].value >= -1e12 && settings[k].value <= 1e12))
            st_error(r->diags, ST_DIAG_OUT_OF_RANGE, top, NULL, "'%.64s' is set to a number that is too large",
                     settings[k].name);
        else
            r->values[i] = settings[k].value;
    }
}

static void warn_unused(struct net_reader *r)
{
    for (uint32_t i = 0; r->parameters && i < r->parameters->count; i++)
        if (!r->used[i])
            st_warn(r->diags, ST_DIAG_UNUSED_PARAMETER, r->parameters->keys[i]->mark, NULL,
                    "'%s' is used nowhere", r->parameters->keys[i]->text);
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

bool st_net_find(struct net_reader *r, const struct st_yaml *at, uint32_t *node)
{
    char *name;
    if (!st_yaml_word(&r->yaml, at, "a population", &name))
        return false;
    for (uint32_t low = 0, high = r->net->node_count; low < high;) {
        uint32_t middle = low + (high - low) / 2;
        int order = strcmp(name, r->net->nodes[r->sorted[middle]].name);
        if (order == 0) {
            *node = r->sorted[middle];
            return true;
        }
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    if (r->net->receptor_count == 0 || r->net->receptor_count == r->net->node_count)
        return false; /* a whole part of the file is missing: that has been said, and names cannot be found */
    st_error(r->diags, ST_DIAG_NO_POPULATION, at->mark, st_yaml_hint(&r->yaml, name, r->names),
             "population '%.64s' does not exist", name);
    return false;
}

/* --- the whole file ----------------------------------------------------------------------------------------- */

static void read_presentation(struct net_reader *r, const struct st_yaml *map)
{
    static const char *const keys[] = {"picture", "silence", "reset", NULL};
    struct st_net *net = r->net;
    if (!map || !st_yaml_is(&r->yaml, map, ST_YAML_MAP, "'presentation'"))
        return;
    st_yaml_keys(&r->yaml, map, keys, "presentation");
    st_yaml_need(&r->yaml, map, "picture", "presentation");
    st_net_read_count(r, map, "picture", 1, 30000, &net->picture_ticks);
    st_net_read_count(r, map, "silence", 0, 30000, &net->silence_ticks);
    st_net_read_switch(r, map, "reset", &net->reset);
}

static void read_readout(struct net_reader *r, const struct st_yaml *map)
{
    static const char *const keys[] = {"population", "decide", "base", "shift", NULL};
    struct st_net *net = r->net;
    if (!map || !st_yaml_is(&r->yaml, map, ST_YAML_MAP, "'readout'"))
        return;
    net->readout_mark = map->mark;
    st_yaml_keys(&r->yaml, map, keys, "readout");
    const struct st_yaml *population = st_yaml_need(&r->yaml, map, "population", "readout");
    if (population) {
        net->readout_mark = population->mark;
        st_net_find(r, population, &net->readout_node);
    }
    const struct st_yaml *decide = st_yaml_get(map, "decide");
    int how = ST_DECIDE_COUNT;
    if (decide && !st_yaml_choice(&r->yaml, decide, "'decide'", st_decide_names, &how))
        return;
    net->decide = (enum st_decide)how;
    if (net->decide == ST_DECIDE_EXCESS) {
        const struct st_yaml *base = st_yaml_get(map, "base");
        if (base)
            st_yaml_number(&r->yaml, base, "'base'", 0, 1e6, &net->vote_base);
        st_net_read_count(r, map, "shift", 0, 15, &net->vote_shift);
    } else {
        st_net_key_not_for(r, map, "base", "'decide: excess'");
        st_net_key_not_for(r, map, "shift", "'decide: excess'");
    }
}

static void read_network(struct net_reader *r, const struct st_yaml *root)
{
    static const char *const keys[] = {"network",   "about",       "parameters",  "copies",  "presentation",
                                       "receptors", "populations", "projections", "readout", NULL};
    struct st_net *net = r->net;
    st_yaml_keys(&r->yaml, root, keys, "a network");
    const struct st_yaml *name = st_yaml_need(&r->yaml, root, "network", "the file");
    if (name && st_yaml_word(&r->yaml, name, "the network's name", &net->name) && !st_yaml_is_name(net->name))
        st_error(r->diags, ST_DIAG_BAD_NAME, name->mark, NULL, "'%.80s' cannot name a network", net->name);
    const struct st_yaml *about = st_yaml_get(root, "about");
    if (about)
        st_yaml_word(&r->yaml, about, "'about'", &net->about);
    st_net_read_count(r, root, "copies", 1, 4096, &net->copies);
    read_presentation(r, st_yaml_need(&r->yaml, root, "presentation", "the network"));
    const struct st_yaml *receptors = st_yaml_need(&r->yaml, root, "receptors", "the network");
    const struct st_yaml *populations = st_yaml_need(&r->yaml, root, "populations", "the network");
    st_net_read_nodes(r, receptors, populations);
    st_net_read_projections(r, st_yaml_need(&r->yaml, root, "projections", "the network"));
    read_readout(r, st_yaml_need(&r->yaml, root, "readout", "the network"));
}

const struct st_net *st_net_read(struct st_arena *a, struct st_diags *d, const char *file, const char *text,
                                 size_t length, const struct st_setting *settings, size_t setting_count)
{
    uint32_t before = d->errors;
    const struct st_yaml *root = st_yaml_parse(a, d, file, text, length);
    if (!root)
        return NULL;
    struct net_reader *r = ST_NEW(a, struct net_reader, 1);
    struct st_net *net = ST_NEW(a, struct st_net, 1);
    r->yaml = (struct st_yaml_reader){.arena = a, .diags = d};
    r->arena = a;
    r->diags = d;
    r->net = net;
    net->copies = 1;
    net->about = st_arena_text(a, "", 0);
    net->directory = st_path_folder(a, file);
    read_parameters(r, st_yaml_get(root, "parameters"));
    apply_settings(r, settings, setting_count, (struct st_mark){.source = root->mark.source});
    r->yaml.named = named;
    r->yaml.context = r;
    read_network(r, root);
    if (d->errors > before)
        return NULL;
    warn_unused(r);
    return net;
}
