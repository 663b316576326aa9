/* html_tasks.c - a sequence of tasks: what was known of each after each step, as the heat-map of the sources, and over
 * time. */
#include "html.h"
#include <math.h>

enum { TABLE_TASKS = 30, TABLE_ROWS = 60 };

struct range {
    double low, high;
};

/* Of all numbers of the matrix. */
static struct range range_of(const struct st_scores *s, enum st_score_of of)
{
    struct range r = {1, 0};
    for (size_t i = 0; i < (size_t)s->rows * s->tasks; i++) {
        double x = st_score_value(&s->at[i], of);
        if (isnan(x))
            continue;
        r.low = fmin(r.low, x);
        r.high = fmax(r.high, x);
    }
    return r;
}

/* --- the matrix ---------------------------------------------------------------------------------------------- */

static void cell(struct st_text *t, double x, double deviation, struct range r)
{
    if (isnan(x)) {
        st_text_put(t, "<td class=\"z\">\xc2\xb7</td>");
        return;
    }
    double alpha = r.high > r.low ? 0.08 + 0.62 * (x - r.low) / (r.high - r.low) : 0.5;
    st_textf(t, "<td class=\"c\" style=\"--a:%.3f\">%.2f", alpha, 100 * x);
    if (!isnan(deviation))
        st_textf(t, "<small>\xc2\xb1%.2f</small>", 100 * deviation);
    st_text_put(t, "</td>");
}

void st_put_matrix(struct st_text *t, const struct st_scores *s, enum st_score_of of, bool deviations,
                   const char *caption)
{
    struct range r = range_of(s, of);
    uint32_t tasks = s->tasks < TABLE_TASKS ? s->tasks : TABLE_TASKS;
    uint32_t first = s->rows > TABLE_ROWS ? s->rows - TABLE_ROWS : 0;
    st_textf(t,
             "<div class=\"scroll\"><table class=\"cm%s\">\n<caption>%s</caption>\n<thead><tr><th scope=\"col\">after "
             "learning "
             "\xe2\x86\x93 asked about \xe2\x86\x92</th>",
             tasks > 16 ? " many" : "", caption);
    for (uint32_t j = 0; j < tasks; j++) {
        st_text_put(t, "<th scope=\"col\">");
        st_text_html(t, s->name[j]);
        st_text_put(t, "</th>");
    }
    st_text_put(t, "</tr></thead>\n<tbody>\n");
    for (uint32_t i = first; i < s->rows; i++) {
        st_text_put(t, "<tr><th scope=\"row\">");
        st_text_html(t, s->task[i] == ST_NO_TASK ? "nothing" : s->name[s->task[i]]);
        st_text_put(t, "</th>");
        for (uint32_t j = 0; j < tasks; j++) {
            const struct st_score *x = &s->at[(size_t)i * s->tasks + j];
            cell(t, st_score_value(x, of), deviations ? x->deviation : (double)NAN, r);
        }
        st_text_put(t, "</tr>\n");
    }
    st_text_put(t, "</tbody></table></div>\n");
    if (first || tasks < s->tasks)
        st_textf(t, "<p class=\"note\">%u of %u tasks, the last %u of %u rows; result.json has all.</p>\n", tasks,
                 s->tasks, s->rows - first, s->rows);
}

/* --- the summary --------------------------------------------------------------------------------------------- */

static void number(struct st_text *t, double x)
{
    if (isnan(x))
        st_text_put(t, "<td class=\"n\">\xe2\x80\x93</td>");
    else
        st_textf(t, "<td class=\"n\">%.2f</td>", 100 * x);
}

static void summary_row(struct st_text *t, const char *what, struct st_summary m)
{
    st_textf(t, "<tr><th scope=\"row\">%s</th>", what);
    number(t, m.average);
    number(t, m.forgetting);
    number(t, m.forgetting_diagonal);
    number(t, m.plasticity);
    number(t, m.transfer);
    st_text_put(t, "</tr>\n");
}

static void summary(struct st_page *p)
{
    const struct st_result *r = p->result;
    struct st_text *t = p->t;
    st_text_put(t,
                "<div class=\"scroll\"><table>\n<thead><tr><th scope=\"col\"></th>"
                "<th scope=\"col\" class=\"n\">average accuracy, %</th><th scope=\"col\" class=\"n\">forgetting</th>"
                "<th scope=\"col\" class=\"n\">forgetting from the diagonal</th>"
                "<th scope=\"col\" class=\"n\">just learnt, %</th><th scope=\"col\" class=\"n\">forward transfer</th>"
                "</tr></thead>\n<tbody>\n");
    if (r->copies > 1)
        summary_row(t, st_arena_printf(p->arena, "Ensemble of %u, votes added", r->copies),
                    st_scores_summary(&r->scores, ST_SCORE_TOGETHER));
    summary_row(t, r->copies > 1 ? "One network, mean" : "One network", st_scores_summary(&r->scores, ST_SCORE_ONE));
    summary_row(t, "Answers among a task's own classes", st_scores_summary(&r->scores, ST_SCORE_AMONG));
    if (r->published > 0) {
        st_text_put(t, "<tr><th scope=\"row\">Published: ");
        st_text_html(t, r->published_what);
        st_text_put(t, "</th>");
        number(t, r->published);
        number(t, r->published_forgetting);
        st_text_put(t, "<td></td><td></td><td></td></tr>\n");
    }
    st_text_put(
        t, "</tbody></table></div>\n<p class=\"note\">Means over tasks. Forgetting, in points: the best of the rows "
           "before the last less the last; from the diagonal: what a task had when it was just learnt less the last "
           "row. Forward transfer: before a task was learnt, less chance.</p>\n");
}

/* --- over time ------------------------------------------------------------------------------------------------ */

enum { LEFT = 56, TOP = 12, WIDE = 700, HIGH = 240, ROOM = 52 /* for a number of pictures */ };

static double y_of(double x, struct range r) { return TOP + HIGH * (1 - (x - r.low) / (r.high - r.low)); }

static double x_of(const struct st_scores *s, uint32_t row)
{
    double last = (double)s->learnt[s->rows - 1];
    return LEFT + WIDE * (last > 0 ? (double)s->learnt[row] / last : 1);
}

/* A line a task, from the row in which it was asked about first; the first tasks are the darkest. */
static void chart(struct st_page *p)
{
    const struct st_scores *s = &p->result->scores;
    struct st_text *t = p->t;
    struct range r = range_of(s, ST_SCORE_TOGETHER);
    r.low = fmin(floor(r.low * 20) / 20, 0.95);
    r.high = fmin(ceil(r.high * 20) / 20, 1);
    if (s->rows < 2 || !(r.high > r.low))
        return;
    st_textf(t,
             "<h3>Each task over time</h3>\n<div class=\"scroll\"><svg viewBox=\"0 0 %d %d\" width=\"%d\" role=\"img\" "
             "aria-label=\"accuracy on each task against pictures learnt\">\n",
             LEFT + WIDE + 90, TOP + HIGH + 48, LEFT + WIDE + 90);
    for (int i = 0; i <= 5; i++) { /* the range is whole steps of 5 %: each line is at a whole number */
        double at = r.low + (r.high - r.low) * i / 5, y = y_of(at, r);
        st_textf(t,
                 "<line class=\"grid\" x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\" /><text x=\"%d\" y=\"%.1f\" "
                 "text-anchor=\"end\">%.0f\xe2\x80\xaf%%</text>\n",
                 LEFT, LEFT + WIDE, y, y, LEFT - 8, y + 4, 100 * at);
    }
    for (uint32_t j = 0; j < s->tasks; j++) {
        bool pen = false;
        double x = 0, y = 0, x0 = 0, y0 = 0, faint = s->tasks > 1 ? 1 - 0.6 * j / (s->tasks - 1) : 1;
        st_textf(t, "<path class=\"curve\" style=\"stroke-opacity:%.2f\" d=\"", faint);
        for (uint32_t i = 0; i < s->rows; i++) {
            double v = s->at[(size_t)i * s->tasks + j].together;
            if (isnan(v))
                continue;
            x = x_of(s, i), y = y_of(v, r);
            st_textf(t, "%s%.1f %.1f", pen ? "L" : "M", x, y);
            if (!pen)
                x0 = x, y0 = y;
            pen = true;
        }
        st_text_put(t, pen ? "\" />" : "M0 0\" />");
        if (pen) /* also all there is to see of a task that was asked about once */
            st_textf(t, "<circle class=\"mark\" style=\"fill-opacity:%.2f\" cx=\"%.1f\" cy=\"%.1f\" r=\"3.5\" />",
                     faint, x0, y0);
        if (pen && s->tasks <= 3) {
            st_textf(t, "<text x=\"%.1f\" y=\"%.1f\">", x + 6, y + 4);
            st_text_html(t, s->name[j]);
            st_text_put(t, "</text>");
        }
        st_text_put(t, "\n");
    }
    double labelled = -ROOM;
    for (uint32_t i = 0; i < s->rows; i++) {
        if (x_of(s, i) - labelled < ROOM)
            continue;
        labelled = x_of(s, i);
        st_textf(t, "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">", x_of(s, i), TOP + HIGH + 20);
        st_put_count(t, (double)s->learnt[i]);
        st_text_put(t, "</text>\n");
    }
    st_textf(
        t,
        "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">pictures learnt</text>\n</svg></div>\n<p class=\"note\">Added "
        "votes, from where a task was asked about first (dot); the first task is the darkest line.</p>\n",
        LEFT + WIDE / 2, TOP + HIGH + 40);
}

/* --- what was measured beside -------------------------------------------------------------------------------- */

static void task_heads(struct st_text *t, const struct st_scores *s, const char *first)
{
    st_textf(t, "<thead><tr>%s", first);
    for (uint32_t j = 0; j < s->tasks && j < TABLE_TASKS; j++) {
        st_text_put(t, "<th scope=\"col\" class=\"n\">");
        st_text_html(t, s->name[j]);
        st_text_put(t, "</th>");
    }
    st_text_put(t, "</tr></thead>\n<tbody>\n");
}

static void row_head(struct st_text *t, const struct st_scores *s, uint32_t row)
{
    st_text_put(t, "<tr><th scope=\"row\">");
    st_text_html(t, s->task[row] == ST_NO_TASK ? "nothing" : s->name[s->task[row]]);
    st_text_put(t, "</th>");
}

/* Pictures without an answer, where there are any. */
static void silent(struct st_page *p)
{
    const struct st_scores *s = &p->result->scores;
    struct st_text *t = p->t;
    bool any = false;
    for (size_t i = 0; i < (size_t)s->rows * s->tasks; i++)
        any |= s->at[i].silent > 0;
    if (!any)
        return;
    st_text_put(t, "<h3>Pictures without an answer</h3>\n<div class=\"scroll\"><table class=\"cm\">\n");
    task_heads(t, s, "<th scope=\"col\">after learning \xe2\x86\x93 asked about \xe2\x86\x92</th>");
    for (uint32_t i = s->rows > TABLE_ROWS ? s->rows - TABLE_ROWS : 0; i < s->rows; i++) {
        row_head(t, s, i);
        for (uint32_t j = 0; j < s->tasks && j < TABLE_TASKS; j++) {
            const struct st_score *x = &s->at[(size_t)i * s->tasks + j];
            if (x->asked)
                st_textf(t, "<td>%u<small>of %u</small></td>", x->silent, x->asked);
            else
                st_text_put(t, "<td class=\"z\">\xc2\xb7</td>");
        }
        st_text_put(t, "</tr>\n");
    }
    st_textf(t, "</tbody></table></div>\n<p class=\"note\">%s.</p>\n",
             p->result->copies > 1 ? "No copy has a vote" : "No column has a vote");
}

/* A row for each row of scores and number: the sum, and a picture's mean. */
static void measured(struct st_page *p, const struct st_measured *m)
{
    const struct st_scores *s = &p->result->scores;
    struct st_text *t = p->t;
    st_text_put(t, "<h3>Measured: ");
    st_text_html(t, m->name);
    st_text_put(t, "</h3>\n<div class=\"scroll\"><table>\n");
    task_heads(t, s, "<th scope=\"col\">after learning</th><th scope=\"col\">of</th>");
    for (uint32_t i = 0, shown = 0; i < s->rows && shown < TABLE_ROWS; i++)
        for (uint32_t k = 0; m->row[i] && k < m->width; k++, shown++) {
            row_head(t, s, i);
            st_text_put(t, "<td>");
            st_text_html(t, m->of[k]);
            st_text_put(t, "</td>");
            for (uint32_t j = 0; j < s->tasks && j < TABLE_TASKS; j++) {
                const uint64_t *sum = st_measured_at(s, m, i, j);
                st_text_put(t, sum ? "<td class=\"n\">" : "<td class=\"n z\">\xc2\xb7");
                if (sum) {
                    st_put_count(t, (double)sum[k]);
                    st_textf(t, " <small>(%.4g)</small>", st_measured_mean(s, m, i, j, k));
                }
                st_text_put(t, "</td>");
            }
            st_text_put(t, "</tr>\n");
        }
    st_textf(t, "</tbody></table></div>\n<p class=\"note\">Over all pictures%s; in brackets a picture's mean%s.</p>\n",
             p->result->copies > 1 ? " and copies" : "", p->result->copies > 1 ? " in one network" : "");
}

void st_html_tasks(struct st_page *p)
{
    const struct st_result *r = p->result;
    st_put_section(p->t, "tasks", "Tasks in sequence", ST_LAYOUT_COLUMNS);
    summary(p);
    if (r->copies > 1)
        st_put_matrix(p->t, &r->scores, ST_SCORE_TOGETHER, false, "Ensemble, votes added, %");
    chart(p);
    st_put_matrix(p->t, &r->scores, ST_SCORE_ONE, true,
                  r->copies > 1 ? "One network, mean of the copies, %, and their deviation" : "One network, %");
    silent(p);
    for (uint32_t i = 0; i < r->scores.measured_count; i++)
        measured(p, &r->scores.measured[i]);
    st_put_section_end(p->t);
}
