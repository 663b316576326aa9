#include "scores_text.h"
#include <math.h>

/* A number of the matrix, or a dot where nothing was asked. */
static void put_cell(struct st_text *t, double share)
{
    if (isnan(share))
        st_textf(t, "      .");
    else
        st_textf(t, " %6.2f", 100 * share);
}

enum { MOST = 20 }; /* tasks and rows */

void st_scores_put_matrix(struct st_text *t, const struct st_scores *s)
{
    uint32_t tasks = s->tasks < MOST ? s->tasks : MOST, first = s->rows > MOST ? s->rows - MOST : 0;
    st_textf(t, "  %% right, added votes%*s", 4, "");
    for (uint32_t j = 0; j < tasks; j++)
        st_textf(t, " %6.6s", s->name[j]);
    st_text_put(t, "\n");
    for (uint32_t i = first; i < s->rows; i++) {
        st_textf(t, "  after %-18.18s", s->task[i] == ST_NO_TASK ? "nothing" : s->name[s->task[i]]);
        for (uint32_t j = 0; j < tasks; j++)
            put_cell(t, s->at[(size_t)i * s->tasks + j].together);
        st_text_put(t, "\n");
    }
    if (first || tasks < s->tasks)
        st_textf(t, "  (%u of %u tasks, the last %u of %u rows: the rest is in result.json)\n", tasks, s->tasks,
                 s->rows - first, s->rows);
}

static void put_silent(struct st_text *t, const struct st_scores *s)
{
    const struct st_score *row = &s->at[(size_t)(s->rows - 1) * s->tasks];
    bool any = false;
    for (uint32_t j = 0; j < s->tasks; j++)
        any |= row[j].silent > 0;
    if (!any)
        return;
    st_textf(t, "  %-24s", "at the end no answer to");
    for (uint32_t j = 0; j < s->tasks && j < MOST; j++)
        if (row[j].asked)
            st_textf(t, " %6u", row[j].silent);
        else
            st_textf(t, "      .");
    st_text_put(t, "\n");
}

static bool nothing(const struct st_scores *s, const struct st_measured *m, uint32_t row, uint32_t number)
{
    for (uint32_t j = 0; j < s->tasks; j++) {
        const uint64_t *sum = st_measured_at(s, m, row, j);
        if (sum && sum[number])
            return false;
    }
    return true;
}

/* A line of sums and a line of means for each number; of several, those that are 0 throughout are left out. */
static void put_row(struct st_text *t, const struct st_scores *s, const struct st_measured *m, uint32_t row)
{
    uint32_t tasks = s->tasks < MOST ? s->tasks : MOST;
    st_textf(t, "  %s after %s, all%s and each\n", m->name,
             s->task[row] == ST_NO_TASK ? "nothing" : s->name[s->task[row]],
             s->copies > 1 ? " copies' pictures" : " pictures");
    for (uint32_t k = 0; k < m->width; k++)
        for (int mean = m->width > 1 && nothing(s, m, row, k) ? 2 : 0; mean < 2; mean++) {
            st_textf(t, "  %-24.24s", mean ? "" : m->of[k]);
            for (uint32_t j = 0; j < tasks; j++) {
                const uint64_t *sum = st_measured_at(s, m, row, j);
                if (!sum)
                    st_textf(t, "      .");
                else if (mean)
                    st_textf(t, " %6.4g", st_measured_mean(s, m, row, j, k));
                else
                    st_textf(t, " %6llu", (unsigned long long)sum[k]);
            }
            st_text_put(t, "\n");
        }
}

void st_scores_put_measures(struct st_text *t, const struct st_scores *s)
{
    enum { LINES = 24 };
    if (s->rows)
        put_silent(t, s);
    for (uint32_t i = 0; i < s->measured_count; i++) {
        const struct st_measured *m = &s->measured[i];
        uint32_t count = 0, last = 0;
        for (uint32_t k = 0; k < s->rows; k++)
            if (m->row[k]) {
                count++;
                last = k;
            }
        for (uint32_t k = 0; k < s->rows; k++)
            if (m->row[k] && (k == last || count * m->width <= LINES))
                put_row(t, s, m, k);
    }
}

void st_scores_put_summary(struct st_text *t, const char *what, struct st_summary m)
{
    st_textf(t, "  %-24s AA", what);
    put_cell(t, m.average);
    st_textf(t, "   FM");
    put_cell(t, m.forgetting);
    st_textf(t, "   from the diagonal");
    put_cell(t, m.forgetting_diagonal);
    st_textf(t, "   just learnt");
    put_cell(t, m.plasticity);
    if (!isnan(m.transfer)) {
        st_textf(t, "   forward");
        put_cell(t, m.transfer);
    }
    st_text_put(t, "\n");
}
