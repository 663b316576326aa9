#include "html_tune.h"
#include "html.h"
#include <math.h>

enum { WIDE = 320, HIGH = 200, LEFT = 52, TOP = 10, BELOW = 34 };

struct scale {
    double low, high;
};

/* Of what was judged; the lowest quarter of a wide range says nothing and lies on the edge. */
static struct scale scores_of(const struct st_found *found)
{
    struct scale y = {INFINITY, -INFINITY};
    for (uint32_t i = 0; i < found->count; i++) {
        double m = found->trials[i].mean;
        if (isfinite(m)) {
            y.low = fmin(y.low, m);
            y.high = fmax(y.high, m);
        }
    }
    if (y.high - y.low > 20)
        y.low = y.high - 20;
    if (!(y.high > y.low))
        y.low = y.high - 1;
    return y;
}

static double y_of(double m, struct scale y) { return TOP + HIGH * (1 - (fmax(m, y.low) - y.low) / (y.high - y.low)); }

static void begin_chart(struct st_text *t, struct scale y, const char *what)
{
    st_textf(t, "<div class=\"scroll\"><svg viewBox=\"0 0 %d %d\" width=\"%d\" role=\"img\" aria-label=\"",
             LEFT + WIDE + 12, TOP + HIGH + BELOW, LEFT + WIDE + 12);
    st_text_html(t, what);
    st_text_put(t, "\">\n");
    for (int i = 0; i <= 2; i++) {
        double at = y.low + (y.high - y.low) * i / 2;
        st_textf(t,
                 "<line class=\"grid\" x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\" /><text x=\"%d\" y=\"%.1f\" "
                 "text-anchor=\"end\">%.2f</text>\n",
                 LEFT, LEFT + WIDE, y_of(at, y), y_of(at, y), LEFT - 6, y_of(at, y) + 4, at);
    }
}

static void generations(struct st_text *t, const struct st_search *s, const struct st_found *found, struct scale y)
{
    const double *lines[] = {found->best_of, found->mean_of};
    begin_chart(t, y, "score over generations");
    for (uint32_t k = 0; k < 2; k++) {
        st_textf(t, "<path class=\"%s\" d=\"", k ? "ref" : "curve");
        bool pen = false;
        for (uint32_t g = 0; g < s->generations; g++) {
            if (isfinite(lines[k][g]))
                st_textf(t, "%s%.1f %.1f", pen ? "L" : "M",
                         LEFT + WIDE * (s->generations > 1 ? (double)g / (s->generations - 1) : 0.5),
                         y_of(lines[k][g], y));
            pen |= isfinite(lines[k][g]);
        }
        st_text_put(t, pen ? "\" fill=\"none\" />\n" : "M0 0\" fill=\"none\" />\n");
    }
    st_textf(t, "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">generation 1 to %u</text>\n</svg></div>\n",
             LEFT + WIDE / 2, TOP + HIGH + 24, s->generations);
}

static void parameter(struct st_text *t, const struct st_axis *x, uint32_t k, const struct st_found *found,
                      struct scale y)
{
    begin_chart(t, y, x->name);
    for (uint32_t i = 0; i < found->count; i++) {
        const struct st_trial *trial = &found->trials[i];
        if (!isfinite(trial->mean))
            continue;
        double u =
            x->log ? log(trial->at[k] / x->low) / log(x->high / x->low) : (trial->at[k] - x->low) / (x->high - x->low);
        bool best = trial == found->best;
        st_textf(t, "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"%s\" style=\"fill:var(%s);fill-opacity:%s\" />\n",
                 LEFT + WIDE * u, y_of(trial->mean, y), best ? "5" : "3", best ? "--third" : "--main",
                 best ? "1" : "0.45");
    }
    st_textf(t, "<text x=\"%d\" y=\"%d\">", LEFT, TOP + HIGH + 24);
    st_text_number(t, x->low);
    st_textf(t, "</text><text class=\"name\" x=\"%d\" y=\"%d\" text-anchor=\"middle\">", LEFT + WIDE / 2,
             TOP + HIGH + 24);
    st_text_html(t, x->name);
    st_textf(t, "%s</text><text x=\"%d\" y=\"%d\" text-anchor=\"end\">", x->log ? " (log)" : "", LEFT + WIDE,
             TOP + HIGH + 24);
    st_text_number(t, x->high);
    st_text_put(t, "</text>\n</svg></div>\n");
}

static void table(struct st_text *t, const struct st_search *s, const struct st_found *found)
{
    st_text_put(t,
                "<div class=\"scroll\"><table>\n<thead><tr><th scope=\"col\">parameter</th>"
                "<th scope=\"col\" class=\"n\">best</th><th scope=\"col\" class=\"n\">began with</th>"
                "<th scope=\"col\" class=\"n\">from</th><th scope=\"col\" class=\"n\">to</th></tr></thead>\n<tbody>\n");
    for (uint32_t k = 0; k < s->axis_count; k++) {
        const double values[] = {found->best->at[k], found->trials[0].at[k], s->axes[k].low, s->axes[k].high};
        st_text_put(t, "<tr><th scope=\"row\">");
        st_text_html(t, s->axes[k].name);
        st_text_put(t, "</th>");
        for (int i = 0; i < 4; i++) {
            st_text_put(t, "<td class=\"n\">");
            st_text_number(t, values[i]);
            st_text_put(t, "</td>");
        }
        st_text_put(t, "</tr>\n");
    }
    st_text_put(t, "</tbody></table></div>\n");
}

char *st_tune_html(struct st_arena *a, const char *name, const struct st_search *s, const struct st_found *found,
                   size_t *length)
{
    struct st_text text, *t = &text;
    struct scale y = scores_of(found);
    uint32_t judgements = 0;
    for (uint32_t i = 0; i < found->count; i++)
        judgements += found->trials[i].judged;
    st_text_init(t, a);
    st_put_head(t);
    st_text_html(t, name);
    st_text_put(t, " tuned");
    st_put_body(t, false);
    st_text_html(t, name);
    st_textf(t,
             " tuned</h1>\n<p class=\"sub\">%u generations of %u, %u trials, %u judgements on held-out training "
             "pictures; %u "
             "trials were refused</p>\n</header>\n<main>\n",
             s->generations, s->population, found->count, judgements, found->refused);
    st_text_put(t, "<div class=\"key\">\n<div><b>");
    st_textf(t, "%.2f</b><span>best, mean of %u seeds</span></div>\n<div><b>%.2f</b><span>its deviation</span></div>\n",
             found->best->mean, found->best->judged, found->best->deviation);
    st_textf(t, "<div><b>%.2f</b><span>where it began</span></div>\n</div>\n", found->trials[0].mean);
    st_put_section(t, "values", "Values", ST_LAYOUT_HALF);
    table(t, s, found);
    st_put_section_end(t);
    st_put_section(t, "generations", "Over generations", ST_LAYOUT_HALF);
    generations(t, s, found, y);
    st_text_put(
        t, "<p class=\"note\">The best of each population, and dashed its mean. Whoever stays is judged with another "
           "seed each time, and once more after the last generation, so the best can fall.</p>\n");
    st_put_section_end(t);
    st_put_section(t, "parameters", "Each parameter", ST_LAYOUT_WHOLE);
    st_text_put(t, "<div class=\"beside\">\n");
    for (uint32_t k = 0; k < s->axis_count; k++)
        parameter(t, &s->axes[k], k, found, y);
    st_text_put(
        t,
        "</div>\n<p class=\"note\">A dot a trial, its mean score; the large one is the best. Where a range spans more "
        "than 20 points, those below lie on the edge.</p>\n");
    st_put_section_end(t);
    st_text_put(t, "</main>\n<footer>Stoa " ST_VERSION);
    st_put_end(t);
    *length = t->length;
    return t->at;
}
