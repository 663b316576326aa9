#include "html.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Beyond this many classes a table of all pairs says nothing; the commonest mistakes do. */
enum { TABLE_CLASSES = 50, LISTED_PAIRS = 40 };

static uint32_t cell(const struct st_result *r, uint32_t truth, uint32_t answer)
{
    return r->confusion[(size_t)truth * (r->classes + 1) + answer];
}

static uint64_t row_sum(const struct st_result *r, uint32_t truth)
{
    uint64_t sum = 0;
    for (uint32_t k = 0; k <= r->classes; k++)
        sum += cell(r, truth, k);
    return sum;
}

static void share_cell(struct st_text *t, const char *class, uint64_t part, uint64_t whole)
{
    st_textf(t, "<td class=\"n %s\">", class);
    st_put_percent(t, whole ? (double)part / (double)whole : NAN, 1);
    st_text_put(t, "</td>");
}

/* Right answers and mistakes have each their own colour and scale: on one scale the mistakes would vanish. */
static void confusion_table(struct st_text *t, const struct st_result *r)
{
    uint32_t worst = 1;
    uint64_t right_all = 0, all = 0;
    for (uint32_t i = 0; i < r->classes; i++)
        for (uint32_t k = 0; k <= r->classes; k++)
            if (k != i && cell(r, i, k) > worst)
                worst = cell(r, i, k);
    st_textf(t,
             "<div class=\"scroll\"><table class=\"cm%s\">\n<thead><tr><th scope=\"col\">true \xe2\x86\x93 answer "
             "\xe2\x86\x92</th>",
             r->classes > 16 ? " many" : "");
    for (uint32_t k = 0; k < r->classes; k++)
        st_textf(t, "<th scope=\"col\">%u</th>", k);
    st_text_put(t, "<th scope=\"col\">silent</th><th scope=\"col\" class=\"edge\">recall</th></tr></thead>\n<tbody>\n");
    for (uint32_t i = 0; i < r->classes; i++) {
        uint64_t sum = row_sum(r, i);
        right_all += cell(r, i, i);
        all += sum;
        st_textf(t, "<tr><th scope=\"row\">%u</th>", i);
        for (uint32_t k = 0; k <= r->classes; k++) {
            uint32_t n = cell(r, i, k);
            double alpha = k == i ? 0.6 * (sum ? (double)n / (double)sum : 0) : 0.7 * sqrt((double)n / worst);
            if (n == 0)
                st_text_put(t, "<td class=\"z\">0</td>");
            else
                st_textf(t, "<td class=\"%s\" style=\"--a:%.3f\">%u</td>", k == i ? "c" : "e", alpha, n);
        }
        share_cell(t, "edge", cell(r, i, i), sum);
        st_text_put(t, "</tr>\n");
    }
    st_text_put(t, "<tr><th scope=\"row\">precision</th>");
    for (uint32_t k = 0; k < r->classes; k++) {
        uint64_t answered = 0;
        for (uint32_t i = 0; i < r->classes; i++)
            answered += cell(r, i, k);
        share_cell(t, "", cell(r, k, k), answered);
    }
    st_text_put(t, "<td></td>");
    share_cell(t, "edge", right_all, all);
    st_textf(t,
             "</tr>\n</tbody></table></div>\n<p class=\"note\">Pictures by true class (rows) and answer (columns). "
             "Blue: right answers, by their share of the row. Orange: mistakes, by the square root of their number; "
             "the commonest has %u.</p>\n",
             worst);
}

struct pair {
    uint32_t truth, answer, count;
};

static int more_first(const void *x, const void *y)
{
    const struct pair *a = x, *b = y;
    if (a->count != b->count)
        return a->count < b->count ? 1 : -1;
    if (a->truth != b->truth)
        return a->truth < b->truth ? -1 : 1;
    return a->answer < b->answer ? -1 : a->answer > b->answer;
}

static void commonest_mistakes(struct st_page *p)
{
    const struct st_result *r = p->result;
    struct st_text *t = p->t;
    uint32_t count = 0;
    struct pair *pairs = ST_NEW(p->arena, struct pair, (size_t)r->classes * (r->classes + 1));
    for (uint32_t i = 0; i < r->classes; i++)
        for (uint32_t k = 0; k <= r->classes; k++)
            if (k != i && cell(r, i, k))
                pairs[count++] = (struct pair){i, k, cell(r, i, k)};
    qsort(pairs, count, sizeof *pairs, more_first);
    st_textf(t,
             "<p>%u classes; the %u commonest mistakes:</p>\n<div class=\"scroll\"><table>\n<thead><tr>"
             "<th scope=\"col\" class=\"n\">true</th><th scope=\"col\" class=\"n\">answer</th>"
             "<th scope=\"col\" class=\"n\">pictures</th><th scope=\"col\" class=\"n\">of the class</th></tr></thead>\n"
             "<tbody>\n",
             r->classes, count < LISTED_PAIRS ? count : LISTED_PAIRS);
    for (uint32_t i = 0; i < count && i < LISTED_PAIRS; i++) {
        st_textf(t, "<tr><td class=\"n\">%u</td><td class=\"n\">", pairs[i].truth);
        if (pairs[i].answer == r->classes)
            st_text_put(t, "silent");
        else
            st_textf(t, "%u", pairs[i].answer);
        st_textf(t, "</td><td class=\"n\">%u</td>", pairs[i].count);
        share_cell(t, "", pairs[i].count, row_sum(r, pairs[i].truth));
        st_text_put(t, "</tr>\n");
    }
    st_text_put(t, "</tbody></table></div>\n");
}

void st_html_confusion(struct st_page *p)
{
    const struct st_result *r = p->result;
    st_put_section(p->t, "confusion", "Confusion", ST_LAYOUT_HALF);
    if (!r->confusion || r->classes == 0)
        st_text_put(p->t, "<p class=\"note\">This run has not been evaluated.</p>\n");
    else if (r->classes <= TABLE_CLASSES)
        confusion_table(p->t, r);
    else
        commonest_mistakes(p);
    st_put_section_end(p->t);
}

/* --- learning curve ----------------------------------------------------------------------------------------- */

enum { LEFT = 56, TOP = 12, WIDE = 700, HIGH = 240, LETTER = 8 };

static double y_of(double accuracy, double lowest) { return TOP + HIGH * (1 - (accuracy - lowest) / (1 - lowest)); }

static void curve_axes(struct st_text *t, double lowest, double pictures)
{
    double step = lowest < 0.45 ? 0.1 : lowest < 0.75 ? 0.05 : 0.02;
    for (int i = 0; i * step <= 1 - lowest + 1e-9; i++) {
        double at = 1 - i * step, y = y_of(at, lowest);
        st_textf(t,
                 "<line class=\"grid\" x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\" /><text x=\"%d\" y=\"%.1f\" "
                 "text-anchor=\"end\">%.0f\xe2\x80\xaf%%</text>\n",
                 LEFT, LEFT + WIDE, y, y, LEFT - 8, y + 4, 100 * at);
    }
    step = st_round_step(pictures / 8);
    for (int i = 0; i * step <= pictures * 1.0001; i++) {
        st_textf(t, "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">", LEFT + WIDE * i * step / pictures,
                 TOP + HIGH + 20);
        st_put_count(t, i * step);
        st_text_put(t, "</text>\n");
    }
    st_textf(t, "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">pictures learnt</text>\n", LEFT + WIDE / 2,
             TOP + HIGH + 40);
}

static const char *learnt_last(const struct st_scores *s, uint32_t row)
{
    return s->task[row] == ST_NO_TASK ? "nothing" : s->name[s->task[row]];
}

/* A line where the network was asked and another task came next, and between lines the name of what was learnt last,
 * where there is room for it. Returns whether there is any line. */
static bool curve_borders(struct st_text *t, const struct st_scores *s, double pictures)
{
    bool any = false;
    double from = 0;
    for (uint32_t i = 0; i < s->rows; i++) {
        bool last = i + 1 == s->rows;
        double to = fmin((double)s->learnt[i], pictures), wide = WIDE * (to - from) / pictures;
        if (!last && s->task[i] == s->task[i + 1])
            continue;
        if (!last && to > 0 && to < pictures) {
            double x = LEFT + WIDE * to / pictures;
            st_textf(t, "<line class=\"border\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%d\" y2=\"%d\" />\n", x, x, TOP,
                     TOP + HIGH);
            any = true;
        }
        const char *name = learnt_last(s, i);
        if (any && (double)strlen(name) * LETTER < wide) {
            st_textf(t, "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">", LEFT + WIDE * from / pictures + wide / 2,
                     TOP + HIGH - 6);
            st_text_html(t, name);
            st_text_put(t, "</text>\n");
        }
        from = to;
    }
    return any;
}

void st_html_curve(struct st_page *p)
{
    const struct st_result *r = p->result;
    struct st_text *t = p->t;
    double lowest = 1, last = NAN;
    st_put_section(t, "curve", "Learning curve", ST_LAYOUT_HALF);
    for (uint32_t i = 0; i < r->curve_count; i++)
        if (isfinite(r->curve[i])) {
            lowest = r->curve[i] < lowest ? r->curve[i] : lowest;
            last = r->curve[i];
        }
    if (!isfinite(last) || r->curve_step == 0) {
        st_text_put(t, r->trained ? "<p class=\"note\">The run was too short for a point of the curve.</p>\n"
                                  : "<p class=\"note\">Nothing was learnt in this run.</p>\n");
        st_put_section_end(t);
        return;
    }
    lowest = fmin(fmax(floor(lowest * 10) / 10, 0), 0.9);
    double pictures = (double)r->curve_count * r->curve_step;
    st_textf(t,
             "<div class=\"scroll\"><svg viewBox=\"0 0 %d %d\" width=\"%d\" role=\"img\" "
             "aria-label=\"accuracy against pictures learnt\">\n",
             LEFT + WIDE + 24, TOP + HIGH + 48, LEFT + WIDE + 24);
    curve_axes(t, lowest, pictures);
    bool borders = curve_borders(t, &r->scores, pictures);
    if (isfinite(r->accuracy) && r->accuracy >= lowest && r->accuracy <= 1)
        st_textf(t, "<line class=\"ref\" x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\" />\n", LEFT, LEFT + WIDE,
                 y_of(r->accuracy, lowest), y_of(r->accuracy, lowest));
    st_text_put(t, "<path class=\"curve\" d=\"");
    bool pen = false;
    for (uint32_t i = 0; i < r->curve_count; i++) {
        if (isfinite(r->curve[i]))
            st_textf(t, "%s%.1f %.1f", pen ? "L" : "M", LEFT + WIDE * (i + 1.0) / r->curve_count,
                     y_of(r->curve[i], lowest));
        pen = isfinite(r->curve[i]);
    }
    st_textf(t,
             "\" />\n</svg></div>\n<p class=\"note\">Accuracy on the training stream, each %u pictures, before "
             "learning from "
             "them; at the end ",
             r->curve_step);
    st_put_percent(t, last, 2);
    st_text_put(t, ".");
    if (isfinite(r->accuracy)) {
        st_textf(t, " Dashed: the test accuracy%s, ", r->copies > 1 ? " of the ensemble" : "");
        st_put_percent(t, r->accuracy, 2);
        st_text_put(t, ".");
    }
    if (borders)
        st_text_put(t,
                    " Vertical lines: the network was asked, and another task came next; named is what it had learnt "
                    "last.");
    st_text_put(t, "</p>\n");
    st_put_section_end(t);
}
