#include "fields.h"
#include <math.h>

static struct st_origin origin_of(const struct st_image *image, const struct st_block *b, uint32_t offset)
{
    struct st_origin o = {.known = true};
    if (b->receptor != ST_NONE) {
        o.source = b->receptor;
        o.index = b->first + offset;
        o.known = o.source < image->receptor_count;
        return o;
    }
    o.known = b->core < image->core_count && b->group < image->cores[b->core].group_count && !b->by_column;
    if (o.known) {
        const struct st_group *g = &image->cores[b->core].groups[b->group];
        o.from_population = true;
        o.source = g->population;
        o.index = st_group_number(g, b->first + offset);
    }
    return o;
}

struct st_origin *st_axon_origins(struct st_arena *a, const struct st_image *image, const struct st_core *core)
{
    struct st_origin *at = ST_NEW(a, struct st_origin, core->plastic.axons);
    for (uint32_t i = 0; i < image->route_count; i++) {
        const struct st_route *r = &image->routes[i];
        if (r->x != core->x || r->y != core->y || r->input == ST_NONE || r->block >= image->block_count)
            continue;
        const struct st_block *b = &image->blocks[r->block];
        for (uint32_t k = 0; k < b->count; k++)
            for (uint32_t x = core->inputs[r->input + k]; x < core->plastic.axons; x = core->axons[x].next)
                at[x] = origin_of(image, b, k);
    }
    return at;
}

/* The shape in which a source is drawn: a picture, a population's columns, or as square as can be. */
static void shape_of(const struct st_image *image, struct st_fields *f)
{
    uint32_t size;
    if (f->from_population) {
        const struct st_population *p = &image->populations[f->source];
        size = st_population_size(p);
        f->width = p->start_count ? 0 : p->microcolumns; /* columns of several sizes make no picture */
        f->height = p->columns;
    } else {
        const struct st_receptor *r = &image->receptors[f->source];
        size = r->size;
        f->width = r->width;
        f->height = r->height;
    }
    if (f->width < 2 || f->height < 2 || (uint64_t)f->width * f->height < size) {
        f->width = (uint32_t)ceil(sqrt((double)size));
        f->height = f->width ? (size + f->width - 1) / f->width : 0;
    }
}

static struct st_fields *set_of(struct st_arena *a, const struct st_image *image, struct st_fields *sets,
                                uint32_t *count, uint32_t population, struct st_origin from)
{
    for (uint32_t i = 0; i < *count; i++)
        if (sets[i].population == population && sets[i].source == from.source &&
            sets[i].from_population == from.from_population)
            return &sets[i];
    struct st_fields *f = &sets[(*count)++];
    const struct st_population *p = &image->populations[population];
    *f = (struct st_fields){.population = population, .source = from.source, .from_population = from.from_population};
    f->neurons = st_population_size(p);
    shape_of(image, f);
    size_t words = (size_t)f->width * f->height * f->neurons;
    f->at = ST_NEW(a, int16_t, words);
    for (size_t i = 0; i < words; i++)
        f->at[i] = ST_FIELD_EMPTY;
    return f;
}

static const struct st_group *group_of(const struct st_core *core, uint32_t neuron)
{
    for (uint32_t g = 0; g < core->group_count; g++)
        if (neuron >= core->groups[g].first && neuron < (uint32_t)core->groups[g].first + core->groups[g].count)
            return &core->groups[g];
    return NULL;
}

static bool comes_before(const struct st_fields *a, const struct st_fields *b)
{
    if (a->population != b->population)
        return a->population < b->population;
    if (a->from_population != b->from_population)
        return b->from_population;
    return a->source < b->source;
}

struct st_fields *st_fields_of(struct st_arena *a, const struct st_image *image, uint32_t copy, uint32_t *count)
{
    *count = 0;
    if (copy >= image->copy_count || !image->copies[copy].learnt)
        return NULL;
    size_t room = (size_t)image->population_count * (image->receptor_count + image->population_count);
    struct st_fields *sets = ST_NEW(a, struct st_fields, room);
    for (uint32_t c = 0; c < image->core_count; c++) {
        const struct st_core *core = &image->cores[c];
        const struct st_plastic *p = &core->plastic;
        const int16_t *w = image->copies[copy].learnt[c].w;
        if (!p->axons || !w)
            continue;
        struct st_origin *from = st_axon_origins(a, image, core);
        for (uint32_t n = 0; n < p->count; n++) {
            const struct st_group *g = group_of(core, p->first + n);
            struct st_fields *f = NULL;
            if (!g || g->population >= image->population_count)
                continue;
            uint32_t neuron = st_group_number(g, p->first + n - g->first);
            for (uint32_t i = 0; i < p->axons; i++) {
                if (!from[i].known)
                    continue;
                if (!f || f->source != from[i].source || f->from_population != from[i].from_population)
                    f = set_of(a, image, sets, count, g->population, from[i]);
                if (neuron >= f->neurons || from[i].index >= f->width * f->height)
                    continue;
                int16_t weight = w[(size_t)i * p->count + n];
                int magnitude = weight < 0 ? -(int)weight : weight;
                f->at[(size_t)neuron * f->width * f->height + from[i].index] = weight;
                if (magnitude > f->largest)
                    f->largest = (int16_t)(magnitude > INT16_MAX ? INT16_MAX : magnitude);
            }
        }
    }
    for (uint32_t i = 1; i < *count; i++)
        for (uint32_t k = i; k > 0 && comes_before(&sets[k], &sets[k - 1]); k--) {
            struct st_fields swap = sets[k];
            sets[k] = sets[k - 1];
            sets[k - 1] = swap;
        }
    return *count ? sets : NULL;
}
