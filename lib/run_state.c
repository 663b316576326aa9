/* run_state.c - what neurons hold between ticks, by the names of their states. */
#include "models.h"
#include "run.h"
#include <string.h>

struct looking {
    stoa_run *run;
    uint32_t population;
    const char *state;
    int32_t *out;
    size_t room;
};

static const struct st_place_of *places_of(struct st_call *c, stoa_run *r, uint32_t population)
{
    struct st_arena *a = r->held->arena;
    const struct st_image *m = r->image->image;
    if (r->places[population])
        return r->places[population];
    if (setjmp(a->full)) /* that memory's door is this call's for now */
        longjmp(c->arena->full, 1);
    uint32_t size = st_population_size(&m->populations[population]);
    struct st_place_of *places = ST_NEW(a, struct st_place_of, size);
    for (uint32_t i = 0; i < size; i++)
        st_image_place(m, population, i, &places[i]);
    return r->places[population] = places;
}

static const struct st_model_row *model_at(const struct st_image *m, struct st_place_of at)
{
    const struct st_group *g = m->cores[at.core].groups;
    while (at.neuron - g->first >= g->count)
        g++;
    return st_models[g->model];
}

/* A state by its name, of a neuron of that model; false: it has none. */
static bool pick(const struct st_probe *p, const struct st_model_row *model, const char *name, int32_t *out)
{
    const struct {
        const char *name;
        int32_t value;
    } common[] = {{"u", p->u}, {"gate", p->gate}, {"excess", p->excess}, {"theta", p->theta}, {"peak", p->peak}};
    for (size_t i = 0; i < sizeof common / sizeof *common; i++)
        if (!strcmp(name, common[i].name)) {
            *out = common[i].value;
            return true;
        }
    for (uint32_t k = 1; k < model->state_count; k++)
        if (!strcmp(name, model->states[k].name)) {
            *out = p->more[k - 1];
            return true;
        }
    return false;
}

static bool look(struct st_call *c, void *user)
{
    struct looking *q = user;
    const struct st_image *m = q->run->image->image;
    if (q->population >= m->population_count)
        return st_request(c, "there is no population %u: the image has %u", q->population, m->population_count);
    uint32_t size = st_population_size(&m->populations[q->population]);
    if (q->room < size)
        return st_request(c, "room for %zu numbers: population '%s' has %u neurons", q->room,
                          m->populations[q->population].name, size);
    const struct st_place_of *at = places_of(c, q->run, q->population);
    for (uint32_t i = 0; i < size; i++) {
        struct st_probe p = st_run_probe(q->run->run, at[i].core, at[i].neuron);
        if (!q->state || !pick(&p, model_at(m, at[i]), q->state, &q->out[i]))
            return st_request(c, "neurons of '%s' have no state '%s'; all have u, gate, excess, theta and peak",
                              m->populations[q->population].name, q->state ? q->state : "");
    }
    return true;
}

stoa_status stoa_run_state(stoa_run *run, uint32_t population, const char *state, int32_t *out, size_t room,
                           stoa_diagnostics **said)
{
    struct looking q = {run, population, state, out, room};
    return st_call(said, look, &q);
}

/* The group that has a population's first neuron. */
static const struct st_group *first_group(const struct st_image *m, uint32_t population)
{
    for (uint32_t k = 0; k < m->core_count; k++)
        for (uint32_t g = 0; g < m->cores[k].group_count; g++)
            if (m->cores[k].groups[g].population == population)
                return &m->cores[k].groups[g];
    return NULL;
}

const char *stoa_image_state(const stoa_image *image, uint32_t population, size_t index)
{
    static const char *const first[] = {"u", "gate"};
    const struct st_group *g = first_group(image->image, population);
    if (!g || index < 2)
        return g ? first[index] : NULL;
    const struct st_model_row *model = st_models[g->model];
    if (index - 1 < model->state_count)
        return model->states[index - 1].name;
    return index - 1 == model->state_count && g->adapt.step ? "theta" : NULL;
}
