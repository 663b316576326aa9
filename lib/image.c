/* image.c - images: bytes, texts, files, and what there is in one. */
#include "file.h"
#include "handles.h"
#include "names.h"
#include "shipped.h"
#include "text.h"
#include <string.h>

/* --- handles -------------------------------------------------------------------------------------------------- */

static bool learns(const struct st_image *m)
{
    for (uint32_t k = 0; k < m->core_count; k++)
        if (m->cores[k].plastic.axons && m->cores[k].plastic.words) /* frozen: rows without a program */
            return true;
    return false;
}

static bool sees(const struct st_image *m)
{
    for (uint32_t i = 0; i < m->receptor_count; i++)
        if (st_encoder_sees((enum st_encoder)m->receptors[i].encoder))
            return true;
    return false;
}

stoa_image *st_image_handle(struct st_call *c, struct st_image *m, const char *folder)
{
    stoa_image *h = ST_NEW(c->arena, stoa_image, 1);
    *h = (stoa_image){.image = m, .folder = folder};
    h->about = (stoa_image_info){.network = m->network,
                                 .fabric = m->fabric,
                                 .copies = m->copy_count,
                                 .cores = m->core_count,
                                 .blocks = m->block_count,
                                 .routes = m->route_count,
                                 .receptors = m->receptor_count,
                                 .populations = m->population_count,
                                 .period_ticks = m->period_ticks,
                                 .picture_ticks = m->picture_ticks,
                                 .readout = m->readout.population,
                                 .learns = learns(m),
                                 .sees = sees(m)};
    h->receptors = ST_NEW(c->arena, stoa_group_info, m->receptor_count);
    for (uint32_t i = 0; i < m->receptor_count; i++) {
        const struct st_receptor *r = &m->receptors[i];
        h->receptors[i] = (stoa_group_info){.name = r->name,
                                            .size = r->size,
                                            .width = r->width,
                                            .height = r->height,
                                            .encoder = st_encoder_names[r->encoder]};
    }
    h->populations = ST_NEW(c->arena, stoa_group_info, m->population_count);
    for (uint32_t i = 0; i < m->population_count; i++) {
        const struct st_population *p = &m->populations[i];
        h->populations[i] = (stoa_group_info){.name = p->name, .size = st_population_size(p), .columns = p->columns};
    }
    h->live = ST_NEW(c->arena, struct st_held *, m->copy_count);
    h->learns = ST_NEW(c->arena, struct st_learns, m->core_count);
    h->weights = ST_NEW(c->arena, stoa_weights, (size_t)m->copy_count * m->core_count);
    return h;
}

void st_image_end(void *image)
{
    stoa_image *h = image;
    for (uint32_t i = 0; i < h->about.copies; i++)
        st_let_go(h->live[i]);
}

static void keep(struct st_call *c, stoa_image *h) { h->held = st_keep(c, st_image_end, h); }

void stoa_image_rest(stoa_image *image)
{
    for (uint32_t i = 0; i < image->about.copies; i++) {
        struct st_copy *copy = &image->image->copies[i];
        copy->tick = 0;
        copy->live = NULL;
        st_let_go(image->live[i]);
        image->live[i] = NULL;
    }
}

void stoa_image_free(stoa_image *image)
{
    if (image)
        st_let_go(image->held);
}

const stoa_image_info *stoa_image_about(const stoa_image *image) { return &image->about; }

const stoa_group_info *stoa_image_receptor(const stoa_image *image, uint32_t index)
{
    return index < image->about.receptors ? &image->receptors[index] : NULL;
}

const stoa_group_info *stoa_image_population(const stoa_image *image, uint32_t index)
{
    return index < image->about.populations ? &image->populations[index] : NULL;
}

static uint32_t find(const stoa_group_info *groups, uint32_t count, const char *name)
{
    for (uint32_t i = 0; i < count; i++)
        if (name && !strcmp(groups[i].name, name))
            return i;
    return UINT32_MAX;
}

uint32_t stoa_image_find_receptor(const stoa_image *image, const char *name)
{
    return find(image->receptors, image->about.receptors, name);
}

uint32_t stoa_image_find_population(const stoa_image *image, const char *name)
{
    return find(image->populations, image->about.populations, name);
}

/* --- in ------------------------------------------------------------------------------------------------------- */

struct loading {
    const char *path;
    const void *bytes;
    size_t length;
    stoa_image *image;
};

static bool load(struct st_call *c, void *user)
{
    struct loading *q = user;
    if (!q->path)
        return st_request(c, "an image wants a path");
    struct st_image *m = st_image_find(c->arena, q->path, &c->fault);
    if (!m)
        return false;
    q->image = st_image_handle(c, m, st_path_folder(c->arena, q->path));
    q->image->path = strcmp(q->path, "-") ? st_arena_text(c->arena, q->path, strlen(q->path)) : NULL;
    keep(c, q->image);
    return true;
}

stoa_status stoa_image_load(const char *path, stoa_image **image, stoa_diagnostics **said)
{
    struct loading q = {.path = path};
    stoa_status status = st_call(said, load, &q);
    *image = q.image;
    return status;
}

static bool unpack(struct st_call *c, void *user)
{
    struct loading *q = user;
    struct st_image *m = st_image_unpack(c->arena, q->bytes, q->length, &c->fault);
    if (!m)
        return false;
    q->image = st_image_handle(c, m, NULL);
    keep(c, q->image);
    return true;
}

stoa_status stoa_image_unpack(const void *bytes, size_t length, stoa_image **image, stoa_diagnostics **said)
{
    struct loading q = {.bytes = bytes ? bytes : "", .length = bytes ? length : 0};
    stoa_status status = st_call(said, unpack, &q);
    *image = q.image;
    return status;
}

/* --- out ------------------------------------------------------------------------------------------------------ */

struct writing {
    const stoa_image *image;
    const char *path;
    char *bytes;
    size_t length;
};

static bool save(struct st_call *c, void *user)
{
    struct writing *q = user;
    return q->path ? st_image_save(q->path, q->image->image, &c->fault) : st_request(c, "saving wants a path");
}

stoa_status stoa_image_save(const stoa_image *image, const char *path, stoa_diagnostics **said)
{
    struct writing q = {.image = image, .path = path};
    return st_call(said, save, &q);
}

static bool pack(struct st_call *c, void *user)
{
    struct writing *q = user;
    struct st_packed as = st_image_packed(c->arena, q->image->image);
    if (!(q->bytes = st_alloc(as.length)))
        return st_fail(&c->fault, ST_FAULT_MEMORY, "no memory for the %zu bytes of the image", as.length);
    q->length = as.length;
    st_image_pack_to(c->arena, q->image->image, as, (unsigned char *)q->bytes);
    return true;
}

stoa_status stoa_image_pack(const stoa_image *image, void **bytes, size_t *length, stoa_diagnostics **said)
{
    struct writing q = {.image = image};
    stoa_status status = st_call(said, pack, &q);
    if (status != STOA_OK) { /* it may have been there when other memory ended */
        stoa_free(q.bytes);
        q.bytes = NULL;
        q.length = 0;
    }
    *bytes = q.bytes;
    *length = q.length;
    return status;
}

static bool dump(struct st_call *c, void *user)
{
    struct writing *q = user;
    const char *text = st_image_dump(c->arena, q->image->image, &q->length);
    return (q->bytes = st_give(c, text, q->length)) != NULL;
}

stoa_status stoa_image_dump(const stoa_image *image, char **text, size_t *length, stoa_diagnostics **said)
{
    struct writing q = {.image = image};
    stoa_status status = st_call(said, dump, &q);
    *text = q.bytes;
    *length = q.length;
    return status;
}

/* A line for each parameter of a rule that a host may write: on which cores, in which words and tables. */
static bool list_parameters(struct st_call *c, void *user)
{
    struct writing *q = user;
    struct st_text t;
    st_text_init(&t, c->arena);
    for (uint32_t k = 0; k < q->image->image->core_count; k++) {
        const struct st_plastic *p = &q->image->image->cores[k].plastic;
        for (uint32_t i = 0; i < p->parameter_count; i++) {
            const struct st_parameter *x = &p->parameters[i];
            st_textf(&t, "core %u rule %s parameter %s value ", k, st_part_alone(p, x->rule).rule, x->name);
            st_text_number(&t, x->value);
            for (uint32_t w = 0; w < x->word_count; w++)
                st_textf(&t, "%s%u", w ? "," : " words ", x->words[w]);
            for (uint32_t n = 0; n < x->table_count; n++)
                st_textf(&t, "%s%u", n ? "," : " tables ", x->tables[n]);
            st_text_put(&t, "\n");
        }
    }
    return (q->bytes = st_give(c, t.at, t.length)) != NULL;
}

stoa_status stoa_image_parameters(const stoa_image *image, char **text, stoa_diagnostics **said)
{
    struct writing q = {.image = image};
    stoa_status status = st_call(said, list_parameters, &q);
    *text = q.bytes;
    return status;
}
