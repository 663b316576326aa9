#include "nnc.h"

#include "stoa/draw.h"
#include <string.h>

/* Links, by what they do and by whom they join.
 *
 * Policies go by sizes: `aligned` joins neuron i of n with neurons i m .. i m + m - 1 of n m, which is column i where
 * the larger has columns of m; `exclusive` joins just the others. Those that end in -sections go by the columns of both
 * sides, all-to-all is everybody but the neuron itself, and no policy at all draws. */

enum nnc_what { FIXED, LEARNS, GATES, REWARDS };

struct link {
    const struct st_xml *xml;
    struct nnc_group *from, *to;
    enum nnc_what what;
    struct st_dist weight, delay, resource;
    bool has_resource;
    double probability;
};

/* --- reading ------------------------------------------------------------------------------------------------ */

static bool what_of(struct nnc *n, const struct st_xml *x, enum nnc_what *out)
{
    static const struct {
        const char *type;
        enum nnc_what what;
    } types[] = {{"", FIXED},           {"fixed", FIXED},      {"inhibitory", FIXED},
                 {"excitatory", FIXED}, {"plastic", LEARNS},   {"signal", LEARNS},
                 {"gating", GATES},     {"activating", GATES}, {"reward", REWARDS}};
    const char *type = st_xml_attribute(x, "type");
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (st_xml_same(type ? type : "", types[i].type)) {
            *out = types[i].what;
            if (*out == FIXED && type && st_xml_same(type, "excitatory") && !st_xml_child(x, "weight", NULL))
                return st_nnc_refuse(
                    n, ST_DIAG_FOREIGN_REFUSED, x, NULL,
                    "a link of type 'excitatory' without a <weight> learns by the rule of older files, "
                    "which is not published");
            return true;
        }
    return st_nnc_refuse(n, ST_DIAG_FOREIGN_REFUSED, x, NULL,
                         "type=\"%.40s\": 'plastic' (or 'signal'), 'fixed', 'gating' and 'reward' are in the language",
                         type);
}

/* Values of which each has a share of the synapses, as a uniform draw with their mean and deviation. */
static bool read_shares(struct nnc *n, const struct st_xml *x, double lowest, double highest, struct st_dist *out)
{
    static const char *const known[] = {"default", "value", NULL};
    double standard, mean = 0, square = 0, left = 1;
    if (!st_nnc_only(n, x, known) || !st_nnc_child_number(n, x, "default", 0, lowest, highest, &standard))
        return false;
    for (const struct st_xml *v = st_xml_child(x, "value", NULL); v; v = st_xml_child(x, "value", v)) {
        struct st_xml as[2] = {{.name = "v", .mark = v->mark}, {.name = "share", .mark = v->mark}};
        double value, share;
        if (!(as[0].text = st_nnc_attribute(n, v, "v")) || !(as[1].text = st_nnc_attribute(n, v, "share")) ||
            !st_nnc_number(n, &as[0], lowest, highest, &value) || !st_nnc_number(n, &as[1], 0, 1, &share))
            return false;
        mean += share * value;
        square += share * value * value;
        left -= share;
    }
    if (left < -1e-9)
        return st_nnc_refuse(n, ST_DIAG_FOREIGN_SHAPE, x, NULL, "the shares are %g together, more than all", 1 - left);
    mean += left * standard;
    square += left * standard * standard;
    double wide = sqrt(3 * fmax(0, square - mean * mean));
    *out = (struct st_dist){ST_UNIFORM, mean - wide, mean + wide};
    if (wide <= 1e-9 * fabs(mean))
        *out = (struct st_dist){ST_FIXED, mean, 0};
    else
        st_verdict(n->verdicts, st_arena_printf(n->arena, "line %u", x->mark.line), x->name, ST_FAITH_APPROXIMATED, 0,
                   "shares as a uniform draw of the same mean and deviation, %g to %g", out->a, out->b);
    return true;
}

/* A number, or how to draw one. *there: NULL where the link has none. */
static bool read_draw(struct nnc *n, const struct st_xml *x, const char *name, double lowest, double highest,
                      struct st_dist *out, const struct st_xml **there)
{
    static const char *const known[] = {"min", "max", NULL};
    if (!st_nnc_child(n, x, name, there))
        return false;
    const struct st_xml *at = *there;
    const char *type = at ? st_xml_attribute(at, "type") : NULL;
    if (!at)
        return true;
    out->how = ST_FIXED;
    if (!type)
        return st_nnc_number(n, at, lowest, highest, &out->a);
    if (st_xml_same(type, "dis"))
        return read_shares(n, at, lowest, highest, out);
    if (!st_xml_same(type, "uni"))
        return st_nnc_refuse(n, ST_DIAG_FOREIGN_REFUSED, at, NULL,
                             "<%.40s type=\"%.40s\">: of draws, 'uni' and 'dis' are in the language", at->name, type);
    if (!st_nnc_only(n, at, known) || !st_nnc_child_number(n, at, "min", NAN, lowest, highest, &out->a) ||
        !st_nnc_child_number(n, at, "max", NAN, lowest, highest, &out->b))
        return false;
    if (!(out->a <= out->b))
        return st_nnc_refuse(n, ST_DIAG_FOREIGN_MISSING, at, NULL,
                             "a uniform draw goes from a <min> to a <max> that is not below it");
    out->how = out->a == out->b ? ST_FIXED : ST_UNIFORM;
    return true;
}

static struct nnc_group *end_of(struct nnc *n, const struct st_xml *x, const char *which)
{
    const char *name = st_nnc_attribute(n, x, which);
    struct nnc_group *g = name ? st_nnc_group(n, name) : NULL;
    if (name && !g)
        st_nnc_refuse(n, ST_DIAG_FOREIGN_NODE, x, NULL, "the link %s '%.60s': there is no such section", which, name);
    return g;
}

static bool read_link(struct nnc *n, const struct st_xml *x, struct link *l)
{
    static const char *const known[] = {"weight", "delay", "probability", "maxnpre", "iniresource", "FIXED", NULL};
    const struct st_xml *weight, *delay, *resource;
    *l = (struct link){.xml = x, .weight.a = n->options.weight, .delay.a = 1};
    if (!(l->from = end_of(n, x, "from")) || !(l->to = end_of(n, x, "to")) || !what_of(n, x, &l->what) ||
        !st_nnc_only(n, x, known) || !read_draw(n, x, "weight", -1e6, 1e6, &l->weight, &weight) ||
        !read_draw(n, x, "delay", 1, 255, &l->delay, &delay) ||
        !read_draw(n, x, "iniresource", -1e6, 1e6, &l->resource, &resource) ||
        !st_nnc_child_number(n, x, "probability", 1, 0, 1, &l->probability))
        return false;
    l->has_resource = resource != NULL;
    if (l->to->receptors)
        return st_nnc_refuse(n, ST_DIAG_FOREIGN_NODE, x, NULL, "the link ends in the receptors '%.60s'", l->to->name);
    if (l->delay.a != floor(l->delay.a) || l->delay.b != floor(l->delay.b))
        return st_nnc_refuse(n, ST_DIAG_FOREIGN_REFUSED, delay, NULL, "a delay is a whole number of tacts");
    if (l->what != FIXED && l->what != LEARNS && !weight)
        return st_nnc_refuse(n, ST_DIAG_FOREIGN_MISSING, x, NULL, "a link that gates or rewards has a <weight>");
    if (l->what == GATES && (l->weight.how != ST_FIXED || l->weight.a != floor(l->weight.a) || fabs(l->weight.a) > 255))
        return st_nnc_refuse(n, ST_DIAG_FOREIGN_REFUSED, weight, NULL,
                             "a gate is shut or opened for a whole number of tacts, 255 at most");
    const char *type = st_xml_attribute(x, "type");
    if (type && st_xml_same(type, "inhibitory"))
        l->weight =
            (struct st_dist){l->weight.how, -(l->weight.how == ST_FIXED ? l->weight.a : l->weight.b), -l->weight.a};
    if (!weight && l->what == FIXED)
        st_verdict(n->verdicts, st_arena_printf(n->arena, "line %u", x->mark.line), "weight", ST_FAITH_APPROXIMATED, 0,
                   "the file has none: %g, of which one spike makes one (weight=NUMBER)", n->options.weight);
    return true;
}

static bool look(struct nnc *n, const struct st_xml *x)
{
    struct link l;
    if (!read_link(n, x, &l))
        return false;
    l.to->learns |= l.what == LEARNS;
    l.to->opened |= l.what == GATES && l.weight.a > 0;
    if (l.what == REWARDS && l.from->label && !l.to->taught)
        l.to->taught = x;
    return true;
}

/* Said once, when the links are made. */
bool st_nnc_links_look(struct nnc *n)
{
    uint32_t said = n->verdicts->count;
    bool good = st_nnc_each(n, "Link", look);
    if (good)
        n->verdicts->count = said;
    return good;
}

/* --- projections -------------------------------------------------------------------------------------------- */

static uint32_t add(struct nnc *n, const struct link *l, enum st_policy policy)
{
    static const enum st_kind kinds[] = {ST_SIGNAL, ST_SIGNAL, ST_GATING, ST_REWARD};
    uint32_t number = st_net_add_projection(n->build, l->from->node, l->to->node, l->xml->mark);
    struct st_net_projection *p = st_net_projection(n->build, number);
    p->policy = policy;
    p->kind = kinds[l->what];
    p->delay_ticks = l->delay;
    p->probability = l->probability;
    if (l->what != LEARNS) {
        p->weight = l->weight;
        p->forcing = l->what == FIXED && l->to->learns && l->weight.a > 0;
    } else if (n->options.learn > 0)
        st_nnc_learn(n, l->xml, l->to, number, l->has_resource ? &l->resource : NULL);
    else {
        p->weight = (struct st_dist){
            l->has_resource ? l->resource.how : ST_FIXED, l->has_resource ? st_nnc_weight_of(l->to, l->resource.a) : 0,
            l->has_resource && l->resource.how == ST_UNIFORM ? st_nnc_weight_of(l->to, l->resource.b) : 0};
    }
    return number;
}

/* Pairs that no policy of the language names, as a list: those of blocks that are aligned, or all others. */
static bool add_blocks(struct nnc *n, const struct link *l, bool aligned)
{
    uint32_t from = l->from->size, to = l->to->size, least = from < to ? from : to;
    uint64_t all = (uint64_t)from * to, inside = all / least;
    if ((aligned ? inside : all - inside) > NNC_LIST_MOST)
        return st_nnc_refuse(n, ST_DIAG_FOREIGN_SIZE, l->xml, NULL, "%u to %u neurons are more than %d pairs", from, to,
                             NNC_LIST_MOST);
    uint32_t number = add(n, l, ST_LIST);
    st_net_room(n->build, number, aligned ? inside : all - inside);
    for (uint32_t i = 0; i < from; i++) {
        uint32_t block = i / (from / least), wide = to / least;
        for (uint32_t k = aligned ? block * wide : 0; k < (aligned ? block * wide + wide : to); k++)
            if ((aligned || k / wide != block) && !st_net_synapses(n->build, number, 1, &i, &k, NULL, NULL))
                return false;
    }
    return true;
}

/* Everybody but the neuron itself. */
static bool add_all(struct nnc *n, const struct link *l)
{
    uint32_t columns = l->to->columns, size = l->to->size;
    if (l->from != l->to)
        return add(n, l, ST_ALL_TO_ALL), true;
    if (l->what == LEARNS && columns > 1 && columns < size)
        return add_blocks(n, l, false); /* one projection, so that a row is one */
    if (columns < size)
        add(n, l, ST_WITHIN_COLUMN);
    if (columns > 1)
        add(n, l, ST_BETWEEN_COLUMNS);
    return true;
}

/* `most` sources for each neuron, drawn by address, each once. */
static bool add_most(struct nnc *n, const struct link *l, const struct st_xml *at)
{
    double most;
    uint32_t from = l->from->size, to = l->to->size;
    bool same = l->from == l->to;
    if (!st_nnc_number(n, at, 1, NNC_SIZE_MOST, &most))
        return false;
    uint32_t wanted = (uint32_t)fmin(most, from - same);
    if ((uint64_t)wanted * to > NNC_LIST_MOST)
        return st_nnc_refuse(n, ST_DIAG_FOREIGN_SIZE, at, NULL, "%u sources for each of %u neurons are too many",
                             wanted, to);
    struct link all = *l;
    all.probability = 1;
    uint32_t number = add(n, &all, ST_LIST), *order = ST_NEW(n->arena, uint32_t, from);
    st_net_room(n->build, number, (uint64_t)wanted * to);
    for (uint32_t i = 0; i < from; i++)
        order[i] = i;
    for (uint32_t t = 0; t < to; t++)
        for (uint32_t k = 0, taken = 0; taken < wanted && k < from; k++) {
            uint32_t other = k + (uint32_t)(st_hash64(l->xml->mark.line, t, k) % (from - k)), kept = order[other];
            order[other] = order[k];
            order[k] = kept;
            if (same && kept == t)
                continue;
            if (!st_net_synapses(n->build, number, 1, &kept, &t, NULL, NULL))
                return false;
            taken++;
        }
    st_verdict(n->verdicts, st_arena_printf(n->arena, "line %u", at->mark.line), at->name, ST_FAITH_APPROXIMATED, 0,
               "%u sources for each neuron, drawn by the reader", wanted);
    return true;
}

static bool misfit(struct nnc *n, const struct link *l, const char *policy, const char *why)
{
    return st_nnc_refuse(n, ST_DIAG_FOREIGN_SHAPE, l->xml, NULL,
                         "policy=\"%s\": '%.60s' has %u neurons in %u columns, "
                         "'%.60s' %u in %u, %s",
                         policy, l->from->name, l->from->size, l->from->columns, l->to->name, l->to->size,
                         l->to->columns, why);
}

/* Whether aligned blocks are columns, so that the language has a policy for them. */
static bool blocks_are_columns(const struct link *l)
{
    uint32_t least = l->from->size < l->to->size ? l->from->size : l->to->size;
    return l->from->columns == least && l->to->columns == least;
}

static bool add_aligned(struct nnc *n, const struct link *l, const char *policy, bool aligned)
{
    uint32_t from = l->from->size, to = l->to->size;
    if (from % to && to % from)
        return misfit(n, l, policy, "and neither is a multiple of the other");
    if (!aligned && (from == 1 || to == 1))
        return misfit(n, l, policy, "and nobody is left");
    if (!aligned)
        st_verdict(n->verdicts, st_arena_printf(n->arena, "line %u", l->xml->mark.line), policy, ST_FAITH_APPROXIMATED,
                   0, "taken for all that 'aligned' does not join");
    if (aligned && from == to)
        return add(n, l, ST_ONE_TO_ONE), true;
    if (blocks_are_columns(l))
        return add(n, l, aligned ? ST_ALIGNED : ST_BETWEEN_COLUMNS), true;
    return add_blocks(n, l, aligned);
}

static bool add_sections(struct nnc *n, const struct link *l, const char *policy, bool within)
{
    if (l->from->columns != l->to->columns)
        return misfit(n, l, policy, "and it joins as many columns");
    if (within && l->from == l->to && l->to->columns == l->to->size)
        return misfit(n, l, policy, "and nobody is beside a neuron");
    if (!within && l->to->columns == 1)
        return misfit(n, l, policy, "and there is no other column");
    if (!within)
        st_verdict(n->verdicts, st_arena_printf(n->arena, "line %u", l->xml->mark.line), policy, ST_FAITH_APPROXIMATED,
                   0, "taken for all columns but the own");
    add(n, l, within ? l->from == l->to ? ST_WITHIN_COLUMN : ST_ALIGNED : ST_BETWEEN_COLUMNS);
    return true;
}

static bool join(struct nnc *n, const struct link *l)
{
    const char *policy = st_xml_attribute(l->xml, "policy");
    const struct st_xml *most = st_xml_child(l->xml, "maxnpre", NULL);
    bool drawn = !policy || st_xml_same(policy, "random"), all = !drawn && st_xml_same(policy, "all-to-all");
    if ((drawn || all) && l->from == l->to && l->to->size == 1) {
        st_verdict(n->verdicts, st_arena_printf(n->arena, "line %u", l->xml->mark.line), "policy", ST_FAITH_EXACT, 0,
                   "no synapse: '%s' is one neuron, and none is joined to itself", l->to->name);
        return true;
    }
    if (drawn && most)
        return add_most(n, l, most);
    if (drawn)
        st_verdict(n->verdicts, st_arena_printf(n->arena, "line %u", l->xml->mark.line), "policy", ST_FAITH_EXACT, 0,
                   "drawn with probability %g", l->probability);
    if (drawn || all)
        return add_all(n, l);
    if (st_xml_same(policy, "aligned") || st_xml_same(policy, "one-to-one"))
        return st_xml_same(policy, "aligned") || l->from->size == l->to->size
                   ? add_aligned(n, l, policy, true)
                   : misfit(n, l, policy, "and it joins as many");
    if (st_xml_same(policy, "exclusive"))
        return add_aligned(n, l, policy, false);
    if (st_xml_same(policy, "all-to-all-sections") || st_xml_same(policy, "exclusive-sections"))
        return add_sections(n, l, policy, st_xml_same(policy, "all-to-all-sections"));
    return st_nnc_refuse(
        n, ST_DIAG_FOREIGN_REFUSED, l->xml, NULL,
        "policy=\"%.40s\": 'all-to-all', 'aligned', 'exclusive', both -sections, and none, which draws, "
        "are in the language",
        policy);
}

/* Columns that get no reward settle as well, by a clock that says so in the tact of the answer. */
static void add_settling(struct nnc *n, const struct link *l)
{
    const struct st_net_node *label = st_net_node(n->build, l->from->node);
    uint16_t at = label->at[0];
    uint32_t clock = st_net_add_receptors(n->build, st_door_name(n->arena, n->build, "Settle"), l->xml->mark);
    st_net_node(n->build, clock)->encoder = ST_ENCODE_CLOCK;
    st_net_at(n->build, clock, 1, &at);
    struct st_net_projection *p =
        st_net_projection(n->build, st_net_add_projection(n->build, clock, l->to->node, l->xml->mark));
    p->kind = ST_REWARD;
    p->delay_ticks = l->delay;
    st_verdict(n->verdicts, l->to->name, "reward", ST_FAITH_APPROXIMATED, 0,
               "a clock, '%s', lets columns without a reward settle in the same tact",
               st_net_node(n->build, clock)->name);
}

static void say_link(struct nnc *n, const struct link *l)
{
    static const char *const whats[] = {"signal", "signal that learns", "gating", "reward"};
    const char *policy = st_xml_attribute(l->xml, "policy"), *forces = "";
    bool kept = l->what == LEARNS && n->options.learn <= 0;
    if (l->what == FIXED && l->to->learns && l->weight.a > 0)
        forces = "; a spike in its tact counts as forced";
    st_verdict(n->verdicts, st_arena_printf(n->arena, "line %u", l->xml->mark.line),
               st_arena_printf(n->arena, "%s -> %s", l->from->name, l->to->name),
               kept ? ST_FAITH_APPROXIMATED : ST_FAITH_EXACT, 0, "%s, %s%s%s", whats[l->what],
               policy ? policy : "drawn", forces, kept ? ", the weights with which it begins" : "");
}

static bool make_link(struct nnc *n, const struct st_xml *x)
{
    struct link l;
    if (!read_link(n, x, &l))
        return false;
    say_link(n, &l);
    if (!join(n, &l))
        return false;
    if (l.what == REWARDS && l.to->taught == x && l.to->learns && n->options.learn > 0)
        add_settling(n, &l);
    return true;
}

bool st_nnc_links(struct nnc *n) { return st_nnc_each(n, "Link", make_link); }
