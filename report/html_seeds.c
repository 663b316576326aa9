/* html_seeds.c - one experiment over several seeds, each another set of permutations, draws and copies: means and
 * deviations (n - 1), as the sources state them. */
#include "html.h"
#include <math.h>

struct seeds {
    const struct st_result *const *results;
    uint32_t count;
};

/* Mean and deviation of what each run has; NAN where one has nothing. */
struct spread {
    double mean, deviation;
};

static struct spread spread_of(const double *values, uint32_t count)
{
    double sum = 0, square = 0;
    for (uint32_t i = 0; i < count; i++)
        sum += values[i];
    for (uint32_t i = 0; i < count; i++)
        square += (values[i] - sum / count) * (values[i] - sum / count);
    return (struct spread){sum / count, count > 1 ? sqrt(square / (count - 1)) : (double)NAN};
}

/* The first run's table with means over all in its place, and their deviations. */
static struct st_scores means(struct st_arena *a, const struct seeds *s, enum st_score_of of)
{
    struct st_scores out = s->results[0]->scores;
    double *values = ST_NEW(a, double, s->count);
    out.at = ST_NEW(a, struct st_score, (size_t)out.rows * out.tasks);
    for (size_t i = 0; i < (size_t)out.rows * out.tasks; i++) {
        for (uint32_t k = 0; k < s->count; k++)
            values[k] = st_score_value(&s->results[k]->scores.at[i], of);
        struct spread x = spread_of(values, s->count);
        out.at[i] = (struct st_score){.together = x.mean, .one = x.mean, .among = x.mean, .deviation = x.deviation};
    }
    return out;
}

static void number(struct st_text *t, double x, double deviation)
{
    if (isnan(x)) {
        st_text_put(t, "<td class=\"n\">\xe2\x80\x93</td>");
        return;
    }
    st_textf(t, "<td class=\"n\">%.2f", 100 * x);
    if (!isnan(deviation))
        st_textf(t, " \xc2\xb1 %.2f", 100 * deviation);
    st_text_put(t, "</td>");
}

static double figure(const struct st_result *r, enum st_score_of of, int which)
{
    struct st_summary m = st_scores_summary(&r->scores, of);
    const double all[] = {m.average, m.forgetting, m.forgetting_diagonal, m.plasticity};
    return all[which];
}

static void summary_row(struct st_arena *a, struct st_text *t, const struct seeds *s, const char *what,
                        enum st_score_of of)
{
    double *values = ST_NEW(a, double, s->count);
    st_textf(t, "<tr><th scope=\"row\">%s</th>", what);
    for (int which = 0; which < 4; which++) {
        for (uint32_t k = 0; k < s->count; k++)
            values[k] = figure(s->results[k], of, which);
        struct spread x = spread_of(values, s->count);
        number(t, x.mean, x.deviation);
    }
    st_text_put(t, "</tr>\n");
}

static void summary(struct st_arena *a, struct st_text *t, const struct seeds *s)
{
    const struct st_result *r = s->results[0];
    st_put_section(t, "summary", "Over all seeds", ST_LAYOUT_COLUMNS);
    st_text_put(t, "<div class=\"scroll\"><table>\n<thead><tr><th scope=\"col\"></th>"
                   "<th scope=\"col\" class=\"n\">average accuracy, %</th><th scope=\"col\" class=\"n\">forgetting</th>"
                   "<th scope=\"col\" class=\"n\">forgetting from the diagonal</th>"
                   "<th scope=\"col\" class=\"n\">just learnt, %</th></tr></thead>\n<tbody>\n");
    if (r->copies > 1)
        summary_row(a, t, s, st_arena_printf(a, "Ensemble of %u, votes added", r->copies), ST_SCORE_TOGETHER);
    summary_row(a, t, s, r->copies > 1 ? "One network, mean" : "One network", ST_SCORE_ONE);
    summary_row(a, t, s, "Answers among a task's own classes", ST_SCORE_AMONG);
    if (r->published > 0) {
        st_text_put(t, "<tr><th scope=\"row\">Published: ");
        st_text_html(t, r->published_what);
        st_text_put(t, "</th>");
        number(t, r->published, NAN);
        number(t, r->published_forgetting, NAN);
        st_text_put(t, "<td></td><td></td></tr>\n");
    }
    st_text_put(t,
                "</tbody></table></div>\n<p class=\"note\">Means over tasks and then over seeds; the deviation is that "
                "of the seeds.</p>\n");
    st_put_section_end(t);
}

static void each(struct st_text *t, const struct seeds *s)
{
    st_put_section(t, "seeds", "Each seed", ST_LAYOUT_WHOLE);
    st_text_put(t, "<div class=\"scroll\"><table>\n<thead><tr><th scope=\"col\" class=\"n\">seed</th>"
                   "<th scope=\"col\" class=\"n\">average accuracy, %</th><th scope=\"col\" class=\"n\">forgetting</th>"
                   "<th scope=\"col\" class=\"n\">one network, %</th><th scope=\"col\" class=\"n\">forgetting</th>"
                   "</tr></thead>\n<tbody>\n");
    for (uint32_t k = 0; k < s->count; k++) {
        st_textf(t, "<tr><td class=\"n\">%llu</td>", (unsigned long long)s->results[k]->seed);
        for (int of = ST_SCORE_TOGETHER; of <= ST_SCORE_ONE; of++)
            for (int which = 0; which < 2; which++)
                number(t, figure(s->results[k], (enum st_score_of)of, which), NAN);
        st_text_put(t, "</tr>\n");
    }
    st_text_put(t, "</tbody></table></div>\n");
    st_put_section_end(t);
}

char *st_seeds_html(struct st_arena *a, const struct st_result *const *results, uint32_t count, const char *date,
                    size_t *length)
{
    struct seeds s = {results, count};
    struct st_scores together = means(a, &s, ST_SCORE_TOGETHER), one = means(a, &s, ST_SCORE_ONE);
    struct st_text text, *t = &text;
    st_text_init(t, a);
    st_put_head(t);
    st_text_html(t, results[0]->experiment);
    st_textf(t, " over %u seeds", count);
    st_put_body(t, false);
    st_text_html(t, results[0]->experiment);
    st_textf(t, " over %u seeds</h1>\n<p class=\"sub\">", count);
    st_text_html(t, results[0]->network);
    st_text_put(t, " on ");
    st_text_html(t, results[0]->fabric);
    st_text_put(t, "</p>\n</header>\n<main>\n");
    summary(a, t, &s);
    st_put_section(t, "tasks", "Tasks in sequence", ST_LAYOUT_COLUMNS);
    if (results[0]->copies > 1)
        st_put_matrix(t, &together, ST_SCORE_TOGETHER, true,
                      "Ensemble, votes added, %: mean and deviation of the seeds");
    st_put_matrix(t, &one, ST_SCORE_ONE, true, "One network, %: mean and deviation of the seeds");
    st_put_section_end(t);
    each(t, &s);
    st_text_put(t, "</main>\n<footer>Stoa " ST_VERSION);
    if (date && date[0]) {
        st_text_put(t, ", ");
        st_text_html(t, date);
    }
    st_put_end(t);
    *length = t->length;
    return t->at;
}
