#include "album.h"
#include "arena.h"
#include "fields.h"
#include "stoa/permutation.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* --- rises ---------------------------------------------------------------------------------------------------- */

static const struct st_group *group_of(const struct st_core *core, uint32_t neuron)
{
    for (uint32_t g = 0; g < core->group_count; g++)
        if (neuron >= core->groups[g].first && neuron < core->groups[g].first + core->groups[g].count)
            return &core->groups[g];
    return NULL;
}

/* The first population that learns with a threshold that rises; population_count: none. */
static uint32_t learner(const struct st_image *image)
{
    for (uint32_t c = 0; c < image->core_count; c++) {
        const struct st_core *core = &image->cores[c];
        const struct st_group *g = core->plastic.count ? group_of(core, core->plastic.first) : NULL;
        if (g && core->plastic.axons && core->plastic.excess_scalar >= 0)
            return g->population;
    }
    return image->population_count;
}

/* Of a population whose neurons learn on one core each, or on several that keep the same. */
static void rises(const struct st_image *image, uint32_t population, uint32_t copy, int32_t *out)
{
    for (uint32_t c = 0; c < image->core_count; c++) {
        const struct st_core *core = &image->cores[c];
        const struct st_plastic *p = &core->plastic;
        const int32_t *s = image->copies[copy].learnt[c].s;
        for (uint32_t n = 0; p->axons && p->excess_scalar >= 0 && s && n < p->count; n++) {
            const struct st_group *g = group_of(core, p->first + n);
            if (g && g->population == population)
                out[st_group_number(g, p->first + n - g->first)] = s[(size_t)n * ST_SCALARS + (size_t)p->excess_scalar];
        }
    }
}

static void spread(struct st_album_page *page, const struct st_image *image, uint32_t population, uint32_t neurons,
                   double unit, int32_t *scratch)
{
    double sum = 0, square = 0, n = (double)neurons * image->copy_count;
    page->lowest = INFINITY;
    page->highest = -INFINITY;
    for (uint32_t copy = 0; copy < image->copy_count; copy++) {
        rises(image, population, copy, scratch);
        for (uint32_t i = 0; i < neurons; i++) {
            double x = scratch[i] / unit;
            sum += x;
            square += x * x;
            page->lowest = fmin(page->lowest, x);
            page->highest = fmax(page->highest, x);
        }
    }
    page->mean = sum / n;
    page->deviation = n > 1 ? sqrt(fmax(square - sum * sum / n, 0) / (n - 1)) : 0;
}

/* --- pictures -------------------------------------------------------------------------------------------------- */

/* Of a column those whose threshold rose most since the page before, the first of equals; the first once more, where a
 * column has no others. place: where each neuron is in `rise`. */
static void choose(const struct st_album *a, struct st_album_page *page, const int32_t *before,
                   struct st_columns columns, const uint32_t *place)
{
    for (uint32_t c = 0; c < a->columns; c++)
        for (uint32_t k = 0; k < a->a_column; k++) {
            uint32_t *who = &page->who[c * a->a_column], size = st_column_size(columns, c), best = size;
            int64_t most = 0;
            for (uint32_t m = 0; m < size; m++) {
                uint32_t i = place[st_column_first(columns, c) + m];
                int64_t more = (int64_t)page->rise[i] - (before ? before[i] : 0);
                bool taken = false;
                for (uint32_t j = 0; j < k && k < size; j++)
                    taken |= who[j] == m;
                if (!taken && (best == size || more > most)) {
                    best = m;
                    most = more;
                }
            }
            who[k] = best;
        }
}

/* The receptors that see pictures, of all sets; NULL: it learns from something else. */
static const struct st_fields *seeing(const struct st_image *image, const struct st_fields *sets, uint32_t count,
                                      uint32_t population)
{
    for (uint32_t i = 0; i < count; i++)
        if (sets[i].population == population && !sets[i].from_population &&
            st_encoder_sees((enum st_encoder)image->receptors[sets[i].source].encoder))
            return &sets[i];
    return NULL;
}

/* Each receptor's weight goes to the pixel that it looks at, or to its taps and, with the other sign, to those against.
 */
static void put_back(const struct st_receptor *r, const uint32_t *seen, const int16_t *field, int64_t *picture)
{
    uint32_t taps = r->code.taps, all = taps + r->code.against;
    for (uint32_t i = 0; i < r->size; i++) {
        int16_t w = field[i] == ST_FIELD_EMPTY ? 0 : field[i];
        if (!taps)
            picture[seen[i]] += w;
        for (uint32_t t = 0; t < all; t++)
            picture[seen[st_code_pixel(&r->code, i, t, r->width, r->height)]] += t < taps ? w : -w;
    }
}

static void draw(struct st_arena *a, const struct st_album *album, struct st_album_page *page,
                 const struct st_image *image, uint32_t population, uint64_t permutation)
{
    uint32_t count, pixels = album->width * album->height, pictures = album->columns * album->a_column;
    const struct st_fields *sets = st_fields_of(a, image, 0, &count), *f = seeing(image, sets, count, population);
    if (!f || !pictures)
        return;
    const struct st_columns columns = st_population_columns(&image->populations[population]);
    const struct st_receptor *r = &image->receptors[f->source];
    if (r->width * r->height != pixels || (!r->code.taps && r->size != pixels))
        return;
    uint64_t seed = permutation ? permutation : r->permutation;
    uint32_t *seen = ST_NEW(a, uint32_t, pixels);
    int64_t *all = ST_NEW(a, int64_t, (size_t)pictures * pixels), largest = 1;
    for (uint32_t i = 0; i < pixels; i++)
        seen[i] = i;
    if (seed)
        st_permutation(seed, pixels, seen);
    for (uint32_t k = 0; k < pictures; k++) {
        uint32_t neuron = st_column_first(columns, k / album->a_column) + page->who[k];
        put_back(r, seen, f->at + (size_t)neuron * f->width * f->height, all + (size_t)k * pixels);
    }
    for (size_t i = 0; i < (size_t)pictures * pixels; i++)
        largest = llabs(all[i]) > largest ? llabs(all[i]) : largest;
    for (size_t i = 0; i < (size_t)pictures * pixels; i++)
        page->picture[i] = (uint8_t)(128 + all[i] * 127 / largest);
    page->largest = (uint32_t)largest;
}

/* --- the album -------------------------------------------------------------------------------------------------- */

/* How large pictures are and how many fit. */
static void lay_out(struct st_album *a, const struct st_image *image)
{
    const struct st_receptor *r = NULL;
    for (uint32_t i = 0; i < image->receptor_count && !r; i++)
        if (st_encoder_sees((enum st_encoder)image->receptors[i].encoder) && image->receptors[i].width &&
            (image->receptors[i].code.taps ||
             image->receptors[i].size == image->receptors[i].width * image->receptors[i].height))
            r = &image->receptors[i];
    if (!r)
        return;
    a->width = r->width;
    a->height = r->height;
    uint64_t each = (uint64_t)a->room * a->columns, bytes = each * a->width * a->height;
    while (a->a_column < ST_ALBUM_A_COLUMN && a->a_column < a->microcolumns &&
           (a->a_column + 1) * each <= ST_ALBUM_PICTURES && (a->a_column + 1) * bytes <= ST_ALBUM_BYTES)
        a->a_column++;
}

static void make_room(struct st_arena *a, struct st_album *album)
{
    size_t neurons = (size_t)album->columns * album->microcolumns, pictures = (size_t)album->columns * album->a_column;
    album->page = ST_NEW(a, struct st_album_page, album->room);
    for (uint32_t i = 0; i < album->room; i++) {
        struct st_album_page *p = &album->page[i];
        p->rise = ST_NEW(a, int32_t, neurons);
        p->who = ST_NEW(a, uint32_t, pictures);
        p->picture = st_arena_get(a, pictures, (size_t)album->width * album->height);
        if (pictures)
            memset(p->picture, 128, pictures * album->width * album->height);
        p->largest = 1;
    }
}

struct st_album st_album_open(struct st_arena *a, const struct st_image *image, uint32_t lessons)
{
    uint32_t population = learner(image);
    if (population == image->population_count || !lessons)
        return (struct st_album){0};
    const struct st_population *p = &image->populations[population];
    uint32_t *starts = ST_NEW(a, uint32_t, (size_t)p->columns + 1);
    for (uint32_t c = 0; c <= p->columns; c++)
        starts[c] = st_column_first(st_population_columns(p), c);
    struct st_album album = {.population = p->name,
                             .unit = p->scale > 0 ? p->scale : 1,
                             .columns = p->columns,
                             .microcolumns = p->microcolumns,
                             .starts = starts,
                             .every = (lessons + ST_ALBUM_MOST - 1) / ST_ALBUM_MOST};
    album.room = (lessons + album.every - 1) / album.every;
    lay_out(&album, image);
    make_room(a, &album);
    return album;
}

/* Where each neuron of the first copy is in `rise`. */
static uint32_t *places(struct st_arena *a, const struct st_album *album, const struct st_moves *moves,
                        uint32_t neurons)
{
    uint32_t *place = ST_NEW(a, uint32_t, neurons), *starts = ST_NEW(a, uint32_t, (size_t)album->columns + 1);
    memcpy(starts, album->starts, ((size_t)album->columns + 1) * sizeof *starts);
    for (uint32_t c = 0; c < album->columns; c++)
        for (uint32_t n = starts[c]; n < starts[c + 1]; n++)
            place[n] = c * album->microcolumns + n - starts[c];
    bool own = moves->population && !strcmp(moves->population, album->population);
    for (uint32_t i = 0; own && i < moves->count; i++) {
        st_move_words(&moves->move[i], 0, starts, place);
        st_move_starts(&moves->move[i], starts);
    }
    return place;
}

bool st_album_keeps(const struct st_album *album, uint32_t lesson, uint32_t lessons)
{
    return album->room && ((lesson + 1) % album->every == 0 || lesson + 1 == lessons);
}

bool st_album_add(struct st_album *album, const struct st_image *image, uint32_t lesson, uint32_t lessons,
                  uint32_t task, uint64_t permutation, uint64_t learnt, const struct st_moves *moves,
                  struct st_fault *f)
{
    if (!st_album_keeps(album, lesson, lessons))
        return true;
    struct st_album_page *page = &album->page[album->count];
    struct st_arena a;
    st_arena_init(&a);
    if (setjmp(a.full)) {
        st_arena_free(&a);
        return st_fail(f, ST_FAULT_MEMORY, "no memory for what was learnt in a step");
    }
    uint32_t population = learner(image);
    const struct st_columns columns = st_population_columns(&image->populations[population]);
    uint32_t neurons = st_columns_all(columns);
    page->learnt = learnt;
    page->task = task;
    int32_t *now = ST_NEW(&a, int32_t, neurons);
    uint32_t *place = places(&a, album, moves, neurons);
    spread(page, image, population, neurons, album->unit, now);
    rises(image, population, 0, now);
    for (uint32_t n = 0; n < neurons; n++)
        page->rise[place[n]] = now[n];
    choose(album, page, album->count ? page[-1].rise : NULL, columns, place);
    draw(&a, album, page, image, population, permutation);
    st_arena_free(&a);
    album->count++;
    return true;
}
