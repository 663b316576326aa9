#include "nnc.h"

#include "lif/lif.h"
#include <string.h>

/* Sections and their properties, and what becomes of them as neurons. */

static const struct {
    const char *name;
    double standard;
} properties[NNC_PROPERTIES] = {
#define P(ID, name, standard) {name, standard},
#include "nnc.def"
};

/* --- reading ------------------------------------------------------------------------------------------------ */

static bool is_infinite(const char *text) { return st_xml_same(text, "INFINITY") || st_xml_same(text, "inf"); }

static bool read_property(struct nnc *n, struct nnc_group *g, enum nnc_property p, const struct st_xml *x)
{
    if (g->at[p])
        return st_nnc_refuse(n, ST_DIAG_FOREIGN_SHAPE, x, NULL, "<%.40s> is there twice", x->name);
    g->at[p] = x;
    if (p == NNC_CHARTIME && is_infinite(x->text)) {
        g->value[p] = INFINITY;
        return true;
    }
    if (p == NNC_THREE_FACTOR && !*x->text)
        return true;
    return st_nnc_number(n, x, p == NNC_N || p == NNC_CHARTIME ? 1 : -1e9, p == NNC_N ? NNC_SIZE_MOST : 1e9,
                         &g->value[p]);
}

/* L: so many neurons a column, so many columns. */
static bool read_structure(struct nnc *n, struct nnc_group *g, const struct st_xml *x)
{
    const char *type = st_nnc_attribute(n, x, "type");
    double dim[2] = {0};
    uint32_t count = 0;
    if (!type)
        return false;
    for (const struct st_xml *d = st_xml_child(x, "dim", NULL); d; d = st_xml_child(x, "dim", d), count++)
        if (!st_nnc_number(n, d, 1, NNC_SIZE_MOST, &dim[count < 2 ? count : 1]))
            return false;
    if (st_xml_same(type, "W") && count == 0) {
        st_verdict(n->verdicts, g->name, "Structure", ST_FAITH_APPROXIMATED, 0,
                   "'W' says no sizes: each neuron is a column");
        return true;
    }
    if (!st_xml_same(type, "L") || count != 2)
        return st_nnc_refuse(n, ST_DIAG_FOREIGN_REFUSED, x, NULL,
                             "of structures, 'L' with two dimensions and 'W' without are in the language");
    if (dim[0] * dim[1] != g->size || dim[0] != floor(dim[0]))
        return st_nnc_refuse(n, ST_DIAG_FOREIGN_SHAPE, x, NULL,
                             "%g neurons in each of %g columns are not the %u of '%s'", dim[0], dim[1], g->size,
                             g->name);
    g->columns = (uint32_t)dim[1];
    st_verdict(n->verdicts, g->name, "Structure", ST_FAITH_EXACT, 0, "%u columns of %g neurons", g->columns, dim[0]);
    return true;
}

static bool read_section(struct nnc *n, const struct st_xml *x)
{
    static const char *const known[] = {"props", NULL};
    const char *name = st_nnc_attribute(n, x, "name");
    const struct st_xml *props, *structure = NULL;
    if (!name || !st_nnc_only(n, x, known) || !st_nnc_child(n, x, "props", &props))
        return false;
    /* older files say here, and not in links, what a section is for */
    struct nnc_group *g = st_nnc_add_group(n, name + (name[1] && (name[0] == '+' || name[0] == '-')), x);
    if (!g)
        return false;
    for (int p = 0; p < NNC_PROPERTIES; p++)
        g->value[p] = properties[p].standard;
    for (const struct st_xml *c = props ? props->child : NULL; c; c = c->next) {
        int p = 0;
        while (p < NNC_PROPERTIES && !st_xml_same(properties[p].name, c->name))
            p++;
        if (p < NNC_PROPERTIES) {
            if (!read_property(n, g, (enum nnc_property)p, c))
                return false;
        } else if (st_xml_same(c->name, "Structure")) {
            if (structure)
                return st_nnc_refuse(n, ST_DIAG_FOREIGN_SHAPE, c, NULL, "<%.40s> is there twice", c->name);
            structure = c;
        } else if (st_xml_same(c->name, "migration"))
            st_verdict(n->verdicts, g->name, "migration",
                       st_xml_same(c->text, "NONE") ? ST_FAITH_EXACT : ST_FAITH_APPROXIMATED, 0,
                       "nobody moves (`migrate:` of an experiment)");
        else
            return st_nnc_refuse(n, ST_DIAG_FOREIGN_REFUSED, c, NULL, "the property <%.40s> is not known", c->name);
    }
    double size = g->value[NNC_N];
    if (!g->at[NNC_N])
        return st_nnc_refuse(n, ST_DIAG_FOREIGN_MISSING, x, NULL, "'%.60s' does not say how many neurons it has: <n>",
                             g->name);
    if (size != floor(size))
        return st_nnc_refuse(n, ST_DIAG_FOREIGN_TYPE, g->at[NNC_N], NULL, "%g neurons are no whole number", size);
    g->size = g->columns = (uint32_t)size;
    return !structure || read_structure(n, g, structure);
}

bool st_nnc_sections(struct nnc *n) { return st_nnc_each(n, "Section", read_section); }

/* --- neurons ------------------------------------------------------------------------------------------------ */

static bool refuse_property(struct nnc *n, const struct nnc_group *g, enum nnc_property p, const char *why)
{
    return st_nnc_refuse(n, ST_DIAG_FOREIGN_REFUSED, g->at[p], NULL, "<%s> of '%.60s': %s", properties[p].name, g->name,
                         why);
}

/* A lowest potential above 0: potentials are counted from it, so that it is the floor 0 of the language. */
static bool set_lowest(struct nnc *n, const struct nnc_group *g, struct st_net_node *node)
{
    double low = g->value[NNC_MINPOTENTIAL];
    if (low > 0 && (low >= NNC_THRESHOLD || n->options.subtract > 0))
        return refuse_property(n, g, NNC_MINPOTENTIAL,
                               low >= NNC_THRESHOLD ? "it is above the threshold"
                                                    : "above 0, with a reset that takes the threshold off");
    if (low > 0) {
        node->params[ST_LIF_THRESHOLD] -= low;
        node->params[ST_LIF_BIAS] -= low * node->params[ST_LIF_LEAK];
        node->params[ST_LIF_RESET_VALUE] = -low;
    } else
        node->params[ST_LIF_FLOOR] = low;
    if (g->at[NNC_MINPOTENTIAL])
        st_verdict(n->verdicts, g->name, "minpotential", ST_FAITH_EXACT, 0, "%s",
                   low > 0 ? "potentials are counted from it, and begin at it" : "floor");
    return true;
}

static bool set_adapt(struct nnc *n, const struct nnc_group *g, struct st_net_node *node)
{
    double step = g->value[NNC_THRESHOLD_INC], period = g->value[NNC_THRESHOLD_DECAY];
    if (step == 0)
        return true;
    if (step < 0)
        return refuse_property(n, g, NNC_THRESHOLD_INC, "a threshold that falls is not in the language");
    if (!(period >= 1))
        return st_nnc_refuse(n, g->at[NNC_THRESHOLD_DECAY] ? ST_DIAG_FOREIGN_REFUSED : ST_DIAG_FOREIGN_MISSING,
                             g->at[NNC_THRESHOLD_INC], NULL,
                             "a threshold that rises falls again within a <threshold_decay_period> of 1 and more");
    node->adapt = (struct st_net_adapt){.step = step, .decay = 1 / period, .inference = ST_ADAPT_RUN};
    st_verdict(n->verdicts, g->name, "threshold_inc", ST_FAITH_EXACT, 0, "each spike raises the threshold");
    st_verdict(n->verdicts, g->name, "threshold_decay_period", ST_FAITH_APPROXIMATED, 0,
               "1/%g of what was raised is lost in each tact: the manual's words leave the form open", period);
    return true;
}

static void say_what_is_open(struct nnc *n, const struct nnc_group *g)
{
    st_verdict(n->verdicts, g->name, "n", ST_FAITH_EXACT, 0, "%u of threshold %g", g->size, NNC_THRESHOLD);
    st_verdict(n->verdicts, g->name, "reset", ST_FAITH_APPROXIMATED, 0,
               n->options.subtract > 0
                   ? "a spike takes the threshold off"
                   : "to 0, as the manual says; newer programs take the threshold off (subtract=1)");
    if (g->value[NNC_STOCHASTIC] != 0)
        st_verdict(n->verdicts, g->name, "stochastic_stimulation", ST_FAITH_APPROXIMATED, 0,
                   "a uniform draw between 0 and it in each tact");
    if (g->value[NNC_CONSTANT] != 0)
        st_verdict(n->verdicts, g->name, "constant_stimulation", ST_FAITH_EXACT, 0, "bias");
}

static bool make_population(struct nnc *n, struct nnc_group *g)
{
    double lost;
    g->node = st_net_add_population(n->build, st_door_name(n->arena, n->build, g->name), g->xml->mark);
    struct st_net_node *node = st_net_node(n->build, g->node);
    node->columns = g->columns;
    node->microcolumns = g->size / g->columns;
    st_net_model(node, ST_MODEL_LIF, g->xml->mark);
    node->params[ST_LIF_THRESHOLD] = NNC_THRESHOLD;
    node->params[ST_LIF_LEAK] = st_door_fraction(1 / g->value[NNC_CHARTIME], &lost);
    node->params[ST_LIF_NOISE] = g->value[NNC_STOCHASTIC];
    node->params[ST_LIF_BIAS] = g->value[NNC_CONSTANT];
    node->params[ST_LIF_RESET] = n->options.subtract > 0;
    node->params[ST_LIF_GATE] = g->opened;
    node->params[ST_LIF_WHEN_SHUT] = 1;
    node->reset = g->at[NNC_RESET_PERIOD] != NULL;
    node->scale = n->options.bits > 0 && !g->learns ? NNC_MILLIVALS : 0;
    say_what_is_open(n, g);
    st_verdict(n->verdicts, g->name, "chartime", ST_FAITH_EXACT, lost, "leak %.6g a tact", node->params[ST_LIF_LEAK]);
    if (g->value[NNC_STOCHASTIC] < 0)
        return refuse_property(n, g, NNC_STOCHASTIC, "it is 0 or more");
    if (g->value[NNC_RESET_PHASE] != 0)
        return refuse_property(n, g, NNC_RESET_PHASE, "a reset is at a presentation's end, which is 0");
    for (int p = NNC_MEMORY; p <= NNC_BURSTING; p++)
        if (g->at[p] && g->value[p] != 0)
            return refuse_property(n, g, (enum nnc_property)p, "the language has no such neurons");
    if (g->opened)
        st_verdict(n->verdicts, g->name, "gating", ST_FAITH_APPROXIMATED, 0,
                   "shut unless a link opens it; its potential is kept meanwhile");
    return set_lowest(n, g, node) && set_adapt(n, g, node) && (!g->learns || st_nnc_learnable(n, g));
}

bool st_nnc_populations(struct nnc *n)
{
    for (uint32_t i = 0; i < n->count; i++)
        if (!n->group[i].receptors && !make_population(n, &n->group[i]))
            return false;
    return true;
}
