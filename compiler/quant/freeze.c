#include "quant_work.h"

#include <math.h>
#include <string.h>

struct freezer {
    struct st_arena *arena;
    struct st_diags *diags;
    const struct st_net *net;
    const struct st_image *trained;
    uint32_t copies;
};

static bool taught(const struct st_net *net, const struct st_net_projection *p)
{
    return p->teacher || p->kind == ST_REWARD || net->nodes[p->from].teacher || net->nodes[p->to].teacher;
}

static bool refuse(struct freezer *f, struct st_mark at, const char *what)
{
    st_error(f->diags, ST_DIAG_FROZEN_IMAGE, at, "give the image or checkpoint of a training of this very network",
             "the trained image does not belong to this network: %s", what);
    return false;
}

static const struct st_population *population_named(const struct st_image *image, const char *name, uint32_t *number)
{
    for (uint32_t i = 0; i < image->population_count; i++)
        if (strcmp(image->populations[i].name, name) == 0) {
            *number = i;
            return &image->populations[i];
        }
    return NULL;
}

/* One core's part of a population that learnt: its neurons' rows, put at their place in the population. */
static bool take_core(struct freezer *f, struct st_frozen_weights *out, uint32_t core, uint32_t part,
                      uint32_t population, double scale, uint32_t *taken)
{
    const struct st_core *c = &f->trained->cores[core];
    const struct st_plastic *all = &c->plastic, of = st_part_alone(all, part < st_part_count(all) ? part : 0), *p = &of;
    uint32_t first = st_part_first(all, part);
    for (uint32_t g = 0; g < c->group_count; g++) {
        const struct st_group *group = &c->groups[g];
        if (group->population != population || p->axons == 0 || group->first < p->first ||
            group->first + group->count > p->first + p->count)
            continue;
        if (part >= st_part_count(all) || p->axons != out->sources)
            return false;
        for (uint32_t copy = 0; copy < out->copies; copy++) {
            const struct st_learnt *l = &f->trained->copies[copy].learnt[core];
            for (uint32_t k = 0; k < group->count; k++) {
                uint32_t n = group->first - p->first + k, target = st_group_number(group, k);
                double *w = out->w + (size_t)copy * out->sources * out->targets + target;
                for (uint32_t a = 0; a < p->axons; a++)
                    w[(size_t)a * out->targets] = l->w[((size_t)first + a) * p->count + n] / scale;
                if (p->excess_scalar >= 0) {
                    if (!out->excess)
                        out->excess = ST_NEW(f->arena, double, (size_t)out->copies * out->targets);
                    out->excess[(size_t)copy * out->targets + target] =
                        l->s[((size_t)part * p->count + n) * ST_SCALARS + (size_t)p->excess_scalar] / scale;
                }
            }
        }
        *taken += group->count;
    }
    return true;
}

static bool take_trained(struct freezer *f, const struct st_net_projection *p, struct st_frozen_weights *out)
{
    const struct st_net_node *from = &f->net->nodes[p->from], *to = &f->net->nodes[p->to];
    uint32_t number = 0, taken = 0, part = 0; /* which of those that learn there */
    for (const struct st_net_projection *before = f->net->projections; before < p; before++)
        part += before->to == p->to && before->rule;
    const struct st_population *population = population_named(f->trained, to->name, &number);
    if (!population)
        return refuse(f, p->mark, st_arena_printf(f->arena, "it has no population '%s'", to->name));
    if (!st_columns_same(st_population_columns(population), st_node_columns(to)))
        return refuse(f, p->mark,
                      st_arena_printf(f->arena,
                                      "its population '%s' has %u columns of %u, or of other sizes, the "
                                      "network's %u of %u",
                                      to->name, population->columns, population->microcolumns, to->columns,
                                      to->microcolumns));
    if (f->trained->copy_count < f->copies)
        return refuse(
            f, p->mark,
            st_arena_printf(f->arena, "it holds %u copies, %u are asked for", f->trained->copy_count, f->copies));
    out->copies = f->copies;
    out->w = ST_NEW(f->arena, double, (size_t)out->copies * out->sources * out->targets);
    for (uint32_t c = 0; c < f->trained->core_count; c++)
        if (!take_core(f, out, c, part, number, population->scale, &taken))
            return refuse(f, p->mark,
                          st_arena_printf(f->arena, "'%s' has %u inputs from '%s', the image's has %u", to->name,
                                          out->sources, from->name, f->trained->cores[c].plastic.axons));
    if (taken != out->targets)
        return refuse(f, p->mark, st_arena_printf(f->arena, "its population '%s' did not learn", to->name));
    return true;
}

/* Nothing was trained: the weights that the rule begins with, asked for on a chip with room for everything. */
static bool take_initial(struct freezer *f, const struct st_net_projection *p, struct st_frozen_weights *out)
{
    const struct st_limits room = {.neurons = 65535,
                                   .axons = 65535,
                                   .weight_bits = 16,
                                   .resource_bits = 16,
                                   .aux_bits = 16,
                                   .membrane_bits = 24,
                                   .program_words = ST_PROGRAM_WORDS,
                                   .table_words = ST_TABLES * ST_TABLE_SIZE,
                                   .delay_slots = 256,
                                   .lanes = 1};
    const struct st_net_node *to = &f->net->nodes[p->to];
    if (p->initial_word != ST_INITIAL_RULE) {
        st_error(f->diags, ST_DIAG_INITIAL, p->initial_mark, "--weights with an image that was trained",
                 "synapses draw what they begin with, so there is nothing to freeze before something has learnt");
        return false;
    }
    struct st_rule_context context = {
        .weight_scale = to->scale > 0 ? to->scale : 256, .fan_in = out->sources, .limits = &room};
    struct st_rule_text t;
    if (!st_rule_text(f->arena, f->diags, f->net, p, &t))
        return false;
    const struct st_rule *r = st_rule_read(f->arena, f->diags, p->rule, t.text, t.length, p->rule_params,
                                           p->rule_param_count, p->rule_mark, &context);
    if (!r)
        return false;
    out->copies = f->copies;
    out->initial = true;
    size_t synapses = (size_t)out->copies * out->sources * out->targets;
    out->w = ST_NEW(f->arena, double, synapses);
    for (size_t i = 0; i < synapses; i++)
        out->w[i] = r->weight / context.weight_scale;
    if (r->plastic.excess_scalar >= 0) {
        out->excess = ST_NEW(f->arena, double, (size_t)out->copies * out->targets);
        for (size_t i = 0; i < (size_t)out->copies * out->targets; i++)
            out->excess[i] = r->scalar[r->plastic.excess_scalar] / context.weight_scale;
    }
    out->low = r->weight_low / context.weight_scale;
    out->high = r->weight_high / context.weight_scale;
    return true;
}

static struct st_frozen_weights *take(struct freezer *f, const struct st_net_projection *p)
{
    struct st_frozen_weights *out = ST_NEW(f->arena, struct st_frozen_weights, 1);
    out->sources = st_node_size(&f->net->nodes[p->from]);
    out->targets = st_node_size(&f->net->nodes[p->to]);
    if (!(f->trained ? take_trained(f, p, out) : take_initial(f, p, out)))
        return NULL;
    if (f->trained)
        for (size_t i = 0; i < (size_t)out->copies * out->sources * out->targets; i++) {
            out->low = fmin(out->low, out->w[i]);
            out->high = fmax(out->high, out->w[i]);
        }
    return out;
}

/* How far spikes have raised the thresholds of a population, in the network's unit; NULL: nothing was trained, or it is
 * refused. */
static double *take_theta(struct freezer *f, const struct st_net_node *n)
{
    uint32_t number = 0, size = st_node_size(n), taken = 0;
    if (!f->trained)
        return NULL;
    const struct st_population *population = population_named(f->trained, n->name, &number);
    if (!population || !st_columns_same(st_population_columns(population), st_node_columns(n)) ||
        f->trained->copy_count < f->copies) {
        refuse(f, n->mark,
               st_arena_printf(f->arena, "it has no population '%s' of %u x %u neurons in %u copies", n->name,
                               n->columns, n->microcolumns, f->copies));
        return NULL;
    }
    double *theta = ST_NEW(f->arena, double, (size_t)f->copies *size);
    for (uint32_t core = 0; core < f->trained->core_count; core++)
        for (uint32_t g = 0; g < f->trained->cores[core].group_count; g++) {
            const struct st_group *group = &f->trained->cores[core].groups[g];
            if (group->population != number || !group->adapt.step)
                continue;
            taken += group->count;
            for (uint32_t copy = 0; copy < f->copies; copy++)
                for (uint32_t k = 0; k < group->count; k++)
                    theta[(size_t)copy * size + st_group_number(group, k)] =
                        f->trained->copies[copy].learnt[core].theta[group->first + k] / population->scale;
        }
    if (taken != size)
        refuse(f, n->mark, st_arena_printf(f->arena, "the thresholds of its population '%s' do not adapt", n->name));
    return theta;
}

/* What stays of an adaptive threshold when nothing learns: where it goes on, all of it; where it is held, what was
 * reached. */
static void freeze_theta(struct freezer *f, struct st_net_node *n, double **theta)
{
    bool kept = n->adapt.step > 0 && n->adapt.inference != ST_ADAPT_IGNORE && !n->adapt.reset;
    *theta = kept ? take_theta(f, n) : NULL;
    if (!*theta && n->adapt.inference != ST_ADAPT_RUN)
        n->adapt = (struct st_net_adapt){0};
}

const struct st_frozen *st_net_freeze(struct st_arena *a, struct st_diags *d, const struct st_net *net,
                                      const struct st_image *trained, uint32_t copies)
{
    struct freezer f = {a, d, net, trained, copies};
    struct st_frozen *out = ST_NEW(a, struct st_frozen, 1);
    struct st_net *kept = ST_NEW(a, struct st_net, 1);
    uint32_t *place = ST_NEW(a, uint32_t, net->node_count); /* of a node among those that stay */
    *kept = *net;
    kept->copies = copies;
    kept->nodes = ST_NEW(a, struct st_net_node, net->node_count);
    kept->projections = ST_NEW(a, struct st_net_projection, net->projection_count);
    kept->node_count = kept->receptor_count = kept->projection_count = 0;
    out->net = kept;
    out->stream = ST_NEW(a, uint32_t, net->node_count);
    out->number = ST_NEW(a, uint32_t, net->projection_count);
    out->learnt = ST_NEW(a, struct st_frozen_weights *, net->projection_count);
    out->theta = ST_NEW(a, double *, net->node_count);
    uint32_t errors = d->errors;

    for (uint32_t i = 0; i < net->node_count; i++) {
        if (net->nodes[i].teacher)
            continue;
        place[i] = kept->node_count;
        out->stream[kept->node_count] = i;
        kept->nodes[kept->node_count] = net->nodes[i];
        struct st_net_node *n = &kept->nodes[kept->node_count++];
        n->compete &= !net->nodes[i].compete_teacher;
        n->recruits = false; /* nobody forces */
        n->vigilance = n->freeze = 0;
        freeze_theta(&f, n, &out->theta[kept->node_count - 1]);
        kept->receptor_count += net->nodes[i].receptor;
    }
    kept->readout_node = place[net->readout_node];
    for (uint32_t i = 0; i < net->projection_count; i++) {
        if (taught(net, &net->projections[i]))
            continue;
        uint32_t k = kept->projection_count++;
        struct st_net_projection *p = &kept->projections[k];
        *p = net->projections[i];
        p->from = place[p->from];
        p->to = place[p->to];
        out->number[k] = i;
        if (p->rule) {
            out->learnt[k] = take(&f, &net->projections[i]);
            p->rule = NULL;
        }
    }
    return d->errors == errors ? out : NULL;
}
