/* html_votes.c - the votes behind the answers: which columns speak for each class, and whether the network is surer
 * where it is right. */
#include "html.h"
#include <math.h>

enum { TABLE_CLASSES = 50, LEFT = 56, TOP = 12, WIDE = 700, HIGH = 180 };

static uint64_t pictures_of(const struct st_result *r, uint32_t truth)
{
    uint64_t n = 0;
    for (uint32_t k = 0; r->confusion && k <= r->classes; k++)
        n += r->confusion[(size_t)truth * (r->classes + 1) + k];
    return n;
}

/* Votes a picture; shade: of the most in the table. */
static void table(struct st_text *t, const struct st_result *r)
{
    double most = 0;
    for (uint32_t i = 0; i < r->classes; i++)
        for (uint32_t k = 0; k < r->classes; k++)
            if (pictures_of(r, i))
                most = fmax(most, (double)r->voted.sum[(size_t)i * r->classes + k] / (double)pictures_of(r, i));
    st_textf(t,
             "<div class=\"scroll\"><table class=\"cm%s\">\n<caption>Votes a picture%s</caption>\n<thead><tr><th "
             "scope=\"col\">true "
             "\xe2\x86\x93 column \xe2\x86\x92</th>",
             r->classes > 16 ? " many" : "", r->copies > 1 ? ", all copies together" : "");
    for (uint32_t k = 0; k < r->classes; k++)
        st_textf(t, "<th scope=\"col\">%u</th>", k);
    st_text_put(t, "</tr></thead>\n<tbody>\n");
    for (uint32_t i = 0; i < r->classes; i++) {
        uint64_t n = pictures_of(r, i);
        st_textf(t, "<tr><th scope=\"row\">%u</th>", i);
        for (uint32_t k = 0; k < r->classes; k++) {
            double x = n ? (double)r->voted.sum[(size_t)i * r->classes + k] / (double)n : 0;
            st_textf(t, "<td class=\"%s\" style=\"--a:%.3f\">", k == i ? "c" : "e",
                     most > 0 && x > 0 ? (k == i ? 0.6 * x / most : 0.7 * sqrt(x / most)) : 0);
            st_put_short(t, x);
            st_text_put(t, "</td>");
        }
        st_text_put(t, "</tr>\n");
    }
    st_text_put(
        t, "</tbody></table></div>\n<p class=\"note\">Rows are true classes, columns of the network those that vote. "
           "Blue: votes for the class itself; orange: for others, by the square root.</p>\n");
}

static void bar(struct st_text *t, const char *class, const char *what, int i, double from, uint32_t n, double most)
{
    double each = (double)WIDE / ST_VOTED_SHARES, high = HIGH * n / most;
    if (!n)
        return;
    st_textf(t,
             "<rect class=\"%s\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\"><title>%d to %d\xe2\x80\xaf%% of "
             "the votes: ",
             class, LEFT + (i + 0.05) * each, TOP + HIGH - HIGH * from / most - high, 0.9 * each, high,
             100 / ST_VOTED_SHARES * i, 100 / ST_VOTED_SHARES * (i + 1));
    st_put_count(t, n);
    st_textf(t, " %s</title></rect>\n", what);
}

static void shares(struct st_text *t, const struct st_voted *v)
{
    uint64_t highest = 0; /* of integers: gcc 12 for AArch64 does not survive the same loop over doubles */
    for (int i = 0; i < ST_VOTED_SHARES; i++) {
        uint64_t here = (uint64_t)v->right[i] + v->wrong[i];
        highest = here > highest ? here : highest;
    }
    if (highest == 0)
        return;
    double most = (double)highest;
    st_textf(t,
             "<h3>How sure the answers are</h3>\n<div class=\"scroll\"><svg class=\"sure\" viewBox=\"0 0 %d %d\" "
             "width=\"%d\" "
             "role=\"img\" aria-label=\"answers by their share of the votes\">\n",
             LEFT + WIDE + 24, TOP + HIGH + 48, LEFT + WIDE + 24);
    double step = st_round_step(most / 4);
    for (int i = 0; i * step <= most; i++) {
        double y = TOP + HIGH * (1 - i * step / most);
        st_textf(t,
                 "<line class=\"grid\" x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\" /><text x=\"%d\" y=\"%.1f\" "
                 "text-anchor=\"end\">",
                 LEFT, LEFT + WIDE, y, y, LEFT - 8, y + 4);
        st_put_count(t, i * step);
        st_text_put(t, "</text>\n");
    }
    for (int i = 0; i < ST_VOTED_SHARES; i++) {
        bar(t, "more", "right", i, 0, v->right[i], most);
        bar(t, "less", "wrong", i, v->right[i], v->wrong[i], most);
    }
    for (int i = 0; i <= 10; i += 2)
        st_textf(t, "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%d\xe2\x80\xaf%%</text>\n",
                 LEFT + WIDE * i / 10.0, TOP + HIGH + 20, 10 * i);
    st_textf(
        t,
        "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">of the votes were for the answer</text>\n</svg></div>\n"
        "<p class=\"note\"><span class=\"swatch s0\"></span>right answers<span class=\"swatch s2\"></span>wrong ones; "
        "pictures without an answer are in neither.</p>\n",
        LEFT + WIDE / 2, TOP + HIGH + 40);
}

void st_html_votes(struct st_page *p)
{
    const struct st_result *r = p->result;
    st_put_section(p->t, "votes", "Votes against answers", ST_LAYOUT_COLUMNS);
    if (!r->voted.sum || !r->classes)
        st_text_put(p->t, "<p class=\"note\">This run kept no votes.</p>\n");
    else {
        if (r->classes <= TABLE_CLASSES)
            table(p->t, r);
        shares(p->t, &r->voted);
    }
    st_put_section_end(p->t);
}
