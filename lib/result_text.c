#include "result_text.h"
#include "scores_text.h"
#include <math.h>
#include <string.h>

static void put_accuracy(struct st_text *t, const struct st_result *r)
{
    double low = 1, high = 0, mean = 0;
    for (uint32_t i = 0; i < r->copies; i++) {
        low = r->copy_accuracy[i] < low ? r->copy_accuracy[i] : low;
        high = r->copy_accuracy[i] > high ? r->copy_accuracy[i] : high;
        mean += r->copy_accuracy[i] / r->copies;
    }
    st_textf(t, "  one network                %6.2f %%", 100 * mean);
    if (r->copies > 1)
        st_textf(t, "   (%.2f to %.2f over %u)\n  ensemble of %-3u            %6.2f %%", 100 * low, 100 * high,
                 r->copies, r->copies, 100 * r->accuracy);
    st_text_put(t, "\n");
}

/* How many microcolumns have gone, and what columns have now. */
static void put_moves(struct st_text *t, const struct st_moves *m, const struct st_image *image)
{
    uint32_t p = 0;
    while (strcmp(image->populations[p].name, m->population) != 0)
        p++;
    const struct st_columns columns = st_population_columns(&image->populations[p]);
    st_textf(t, "  migration in %-14s %u moves; columns of", m->population, m->count);
    for (uint32_t c = 0; c < columns.count; c++)
        st_textf(t, " %u", st_column_size(columns, c));
    st_text_put(t, "\n");
}

static void put_published(struct st_text *t, const struct st_result *r)
{
    if (!(r->published > 0))
        return;
    st_textf(t, "  published, %-15s %6.2f %%", r->published_what, 100 * r->published);
    if (!isnan(r->published_forgetting))
        st_textf(t, "   FM %6.2f", 100 * r->published_forgetting);
    st_text_put(t, "\n");
}

static void put_speed(struct st_text *t, const struct st_result *r)
{
    uint32_t threads = r->threads < r->copies ? r->threads : r->copies; /* a copy learns on one */
    if (r->train_seconds > 0)
        st_textf(t, "  learning                %9.0f images/s a network, %.1f s, %u thread%s, %s\n",
                 (double)r->train.presentations / r->train_seconds, r->train_seconds, threads, threads > 1 ? "s" : "",
                 r->variant);
    if (r->test_seconds > 0)
        st_textf(t, "  asking                  %9.0f images/s a network, %.1f s\n",
                 (double)r->test.presentations / r->test_seconds, r->test_seconds);
}

const char *st_result_text(struct st_arena *a, const struct st_result *r, const struct st_image *image)
{
    struct st_text t;
    st_text_init(&t, a);
    st_textf(&t, "%-28s %s on %s, seed %llu\n", r->experiment, r->network, r->fabric, (unsigned long long)r->seed);
    if (r->scores.rows) {
        st_scores_put_matrix(&t, &r->scores);
        st_scores_put_measures(&t, &r->scores);
        st_scores_put_summary(&t, "one network", st_scores_summary(&r->scores, ST_SCORE_ONE));
        if (r->copies > 1)
            st_scores_put_summary(&t, "ensemble, votes added", st_scores_summary(&r->scores, ST_SCORE_TOGETHER));
        st_scores_put_summary(&t, "among a task's classes", st_scores_summary(&r->scores, ST_SCORE_AMONG));
    } else if (r->copy_accuracy) {
        put_accuracy(&t, r);
    }
    if (r->moves.population && image)
        put_moves(&t, &r->moves, image);
    put_published(&t, r);
    put_speed(&t, r);
    return t.at;
}
