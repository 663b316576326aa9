#include "migrate.h"
#include "stoa/recruit.h"
#include <math.h>
#include <string.h>

/* Silent microcolumns of all copies, by number as it is now. */
struct looker {
    const struct st_image *m;
    const struct st_migration *how;
    struct st_columns columns;
    uint32_t *starts; /* as they are after the moves so far */
    uint32_t **was;   /* [copies][neurons] */
    uint8_t **silent; /* [copies][neurons] by number before the moves */
};

/* How far what has been learnt has raised the threshold of the n-th neuron that learns on a core. */
static int64_t rise_of(const struct st_plastic *p, const struct st_learnt *l, uint32_t n)
{
    int64_t sum = 0;
    for (uint32_t k = 0; k < st_part_count(p); k++) {
        struct st_plastic part = st_part_alone(p, k);
        if (part.excess_scalar < 0)
            continue;
        int32_t s = l->s[((size_t)k * p->count + n) * ST_SCALARS + (size_t)part.excess_scalar];
        sum += s < 0 ? 0 : s > ST_RISE_MOST ? ST_RISE_MOST : s;
    }
    return sum < ST_RISE_MOST ? sum : ST_RISE_MOST;
}

static void listen(struct looker *k, uint32_t copy)
{
    const struct st_copy *c = &k->m->copies[copy];
    int64_t most = (int64_t)round(k->how->rise * k->m->populations[k->how->population].scale);
    uint64_t quiet = (uint64_t)k->how->quiet * k->m->period_ticks;
    for (uint32_t i = 0; i < k->m->core_count; i++) {
        const struct st_core *core = &k->m->cores[i];
        const struct st_plastic *p = &core->plastic;
        for (const struct st_group *g = core->groups; g < core->groups + core->group_count; g++)
            for (uint32_t n = 0; g->population == k->how->population && n < g->count; n++) {
                uint32_t j = g->first + n - p->first, last = c->live[i].post_last[j]; /* tick + 1, or 0 */
                k->silent[copy][st_group_number(g, n)] =
                    rise_of(p, &c->learnt[i], j) <= most && (!last || c->tick - (last - 1) > quiet);
            }
    }
}

static uint32_t size_of(const struct looker *k, uint32_t column) { return k->starts[column + 1] - k->starts[column]; }

/* The first silent one of a column in a copy, or ST_NONE; *count: how many there are. */
static uint32_t silent_in(const struct looker *k, uint32_t copy, uint32_t column, uint32_t *count)
{
    uint32_t first = ST_NONE;
    *count = 0;
    for (uint32_t n = k->starts[column]; n < k->starts[column + 1]; n++)
        if (k->silent[copy][k->was[copy][n]]) {
            first = first == ST_NONE ? n : first;
            ++*count;
        }
    return first;
}

/* Who calls, and who answers; false: nobody. */
static bool broadcast(const struct looker *k, uint32_t *calls, uint32_t *answers)
{
    uint64_t fewest = UINT64_MAX, need = (uint64_t)k->how->keep * k->m->copy_count;
    uint32_t spare = 0;
    for (uint32_t c = 0; c < k->columns.count; c++) {
        uint64_t all = 0;
        uint32_t least = UINT32_MAX, count;
        for (uint32_t copy = 0; copy < k->m->copy_count; copy++) {
            silent_in(k, copy, c, &count);
            all += count;
            least = count < least ? count : least;
        }
        if (all < need && all < fewest && size_of(k, c) < k->m->limits.neurons) {
            fewest = all;
            *calls = c;
        }
        if (least > k->how->keep && least > spare && size_of(k, c) > 1) {
            spare = least;
            *answers = c;
        }
    }
    return fewest != UINT64_MAX && spare && *calls != *answers;
}

bool st_migrate(struct st_arena *a, const struct st_image *image, const struct st_migration *how, uint64_t at,
                struct st_moves *moves, uint32_t **was)
{
    const struct st_columns columns = st_population_columns(&image->populations[how->population]);
    uint32_t before = moves->count, neurons = st_columns_all(columns), calls = 0, answers = 0;
    struct looker k = {.m = image, .how = how, .columns = columns, .was = was};
    k.starts = ST_NEW(a, uint32_t, (size_t)columns.count + 1);
    k.silent = ST_NEW(a, uint8_t *, image->copy_count);
    for (uint32_t c = 0; c <= columns.count; c++)
        k.starts[c] = st_column_first(columns, c);
    for (uint32_t c = 0; c < image->copy_count; c++) {
        k.silent[c] = ST_NEW(a, uint8_t, neurons);
        was[c] = ST_NEW(a, uint32_t, neurons);
        for (uint32_t n = 0; n < neurons; n++)
            was[c][n] = n;
        listen(&k, c);
    }
    while (moves->count - before < how->most && moves->count < moves->room && broadcast(&k, &calls, &answers)) {
        struct st_move *m = &moves->move[moves->count++];
        m->at = at;
        m->from = answers;
        m->to = calls;
        for (uint32_t c = 0, count; c < image->copy_count; c++) {
            m->who[c] = silent_in(&k, c, answers, &count);
            st_move_words(m, c, k.starts, was[c]);
        }
        st_move_starts(m, k.starts);
    }
    return moves->count > before;
}
