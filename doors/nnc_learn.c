#include "nnc.h"

#include <string.h>

/* Learning. The published properties are those of CoLaNET: resources behind a weight between minweight and maxweight,
 * a change at a spike, another when a reward comes. Both shipped forms of it are used:
 *
 *     rewarded by receptors for the right answer    colanet: both at once when the answer is said (a clock says it to
 *                                                   the columns that get no reward), with all properties
 *     rewarded by neurons                           colanet-spike: each in its tick, as the emulator has it
 *
 * learn=0 leaves the weights as they begin: whatever the properties are, the rest of the network can be run. */

enum { HISTORY = 15 };

static bool refuse(struct nnc *n, const struct nnc_group *g, enum nnc_property p, const char *why)
{
    return st_nnc_refuse(n, ST_DIAG_FOREIGN_REFUSED, g->at[p], "--set learn=0 keeps the weights as they begin",
                         "<%.40s> of '%.60s': %s", g->at[p]->name, g->name, why);
}

static bool learnt_map(struct nnc *n, const struct nnc_group *g)
{
    if (n->linearized)
        return st_nnc_refuse(n, ST_DIAG_FOREIGN_REFUSED, n->root, NULL,
                             "model=\"linearized\": which weight goes with a resource there is not published");
    if (!g->at[NNC_MINWEIGHT] || !g->at[NNC_MAXWEIGHT])
        return st_nnc_refuse(n, ST_DIAG_FOREIGN_MISSING, g->xml, NULL,
                             "'%.60s' learns, and does not say its <minweight> and <maxweight>", g->name);
    if (g->value[NNC_MINWEIGHT] > 0 || g->value[NNC_MAXWEIGHT] <= 0)
        return st_nnc_refuse(n, ST_DIAG_FOREIGN_REFUSED, g->at[NNC_MINWEIGHT], NULL,
                             "weights of '%.60s' go from one up to 0 to one above it, not from %g to %g", g->name,
                             g->value[NNC_MINWEIGHT], g->value[NNC_MAXWEIGHT]);
    return true;
}

bool st_nnc_learnable(struct nnc *n, const struct nnc_group *g)
{
    if (!learnt_map(n, g))
        return false;
    if (n->options.learn <= 0)
        return true;
    if (g->at[NNC_THREE_FACTOR])
        return refuse(n, g, NNC_THREE_FACTOR, "no shipped rule changes weights by three factors as the emulator does");
    if (g->at[NNC_PLASTICITY_TIME])
        return refuse(n, g, NNC_PLASTICITY_TIME, "the rule of older files is not published");
    if (g->at[NNC_REL_WEIGHT_DEC])
        return refuse(n, g, NNC_REL_WEIGHT_DEC, "the rule of older files is not published");
    if (g->at[NNC_HEBBIAN] && g->at[NNC_WEIGHT_INC])
        return refuse(n, g, NNC_WEIGHT_INC, "and <hebbian_plasticity> say the same");
    if (g->value[NNC_NSILENT] < -1 || g->value[NNC_NSILENT] != floor(g->value[NNC_NSILENT]))
        return refuse(n, g, NNC_NSILENT, "it is a whole number, or -1");
    if (g->value[NNC_ONE_FACTOR] > 0)
        return refuse(n, g, NNC_ONE_FACTOR, "synapses that gain by themselves are not in the rule");
    if (g->value[NNC_ONE_FACTOR] < 0 && !(g->value[NNC_ONE_FACTOR_PERIOD] >= 1))
        return refuse(n, g, NNC_ONE_FACTOR, "it has a <_1_factor_plasticity_period> of 1 and more");
    return true;
}

/* --- the rule ----------------------------------------------------------------------------------------------- */

struct learning {
    struct nnc *n;
    struct nnc_group *g;
    uint32_t projection;
};

static void set(const struct learning *l, const char *name, double value, enum nnc_property p, const char *note)
{
    const struct st_xml *at = l->g->at[p];
    st_net_rule_param(l->n->build, l->projection, name, value, at ? at->mark : l->g->xml->mark);
    if (note)
        st_verdict(l->n->verdicts, l->g->name, at ? at->name : name, ST_FAITH_APPROXIMATED, 0, "%s", note);
    else if (at)
        st_verdict(l->n->verdicts, l->g->name, at->name, ST_FAITH_EXACT, 0, "'%s' of the rule", name);
}

/* Tacts that the rule can look back. */
static void set_ticks(const struct learning *l, const char *name, double ticks, enum nnc_property p)
{
    double held = fmin(HISTORY, fmax(0, floor(ticks + 0.5)));
    set(l, name, held, p,
        held == ticks ? NULL : st_arena_printf(l->n->arena, "%g tacts: the rule looks back %g", ticks, held));
}

static void left_out(const struct learning *l, enum nnc_property p, const char *why)
{
    const struct nnc_group *g = l->g;
    if (g->at[p] && g->value[p] != 0)
        st_verdict(l->n->verdicts, g->name, g->at[p]->name, ST_FAITH_APPROXIMATED, 0, "left out: %s", why);
}

/* What the form that settles at the answer has beyond the other. */
static void set_settled(const struct learning *l)
{
    const struct nnc_group *g = l->g;
    if (g->value[NNC_STABILITY] > 0)
        set(l, "stability", g->value[NNC_STABILITY], NNC_STABILITY, NULL);
    if (g->value[NNC_ONE_FACTOR] < 0)
        set(l, "one_factor", -g->value[NNC_ONE_FACTOR] * 10000 / g->value[NNC_ONE_FACTOR_PERIOD], NNC_ONE_FACTOR,
            "made up for when it settles, and rounded at random");
}

void st_nnc_learn(struct nnc *n, const struct st_xml *link, struct nnc_group *g, uint32_t projection,
                  const struct st_dist *resource)
{
    const struct learning l = {n, g, projection};
    const char *rule = g->taught ? "colanet" : "colanet-spike";
    double silent = g->value[NNC_NSILENT], chartime = g->value[NNC_CHARTIME];
    enum nnc_property hebbian = g->at[NNC_WEIGHT_INC] ? NNC_WEIGHT_INC : NNC_HEBBIAN;
    struct st_net_projection *p = st_net_projection(n->build, projection);
    st_net_plastic(n->build, projection, rule, link->mark);
    st_verdict(n->verdicts, g->name, "plasticity", ST_FAITH_APPROXIMATED, 0,
               g->taught
                   ? "rule 'colanet': changes of a spike and of the reward are made together, when the reward comes"
                   : "rule 'colanet-spike': changes in the tact of their cause");
    set(&l, "w_min", g->value[NNC_MINWEIGHT], NNC_MINWEIGHT, NULL);
    set(&l, "w_max", g->value[NNC_MAXWEIGHT], NNC_MAXWEIGHT, NULL);
    set(&l, "hebbian", g->value[hebbian], hebbian, NULL);
    set(&l, "alpha", g->value[NNC_EXCESS], NNC_EXCESS, NULL);
    set(&l, "isi", g->value[NNC_MAXTSSISI], NNC_MAXTSSISI, NULL);
    set_ticks(&l, "window", isinf(chartime) ? HISTORY : g->value[NNC_RATIO] * chartime, NNC_RATIO);
    set_ticks(&l, "reach", g->at[NNC_DOPAMINE_TIME] ? g->value[NNC_DOPAMINE_TIME] : HISTORY, NNC_DOPAMINE_TIME);
    if (silent >= 0) {
        set(&l, "virtual", silent, NNC_NSILENT, NULL);
        set(&l, "renormalize_at", 1, NNC_NSILENT, "renormalized at a free resource of 1, as KNP's tests do");
    }
    if (g->taught)
        set_settled(&l);
    else {
        left_out(&l, NNC_STABILITY, "only the rule that settles has it");
        left_out(&l, NNC_ONE_FACTOR, "only the rule that settles has it");
    }
    if (resource) {
        p->initial_word = ST_INITIAL_RESOURCE;
        p->initial = *resource;
        p->initial_mark = link->mark;
    }
}
