/* html_album.c - who learnt what, and when: a curve for each step that learnt, whose threshold rose in it, how far all
 * have risen, and what those who rose most look for. */
#include "html.h"
#include <math.h>

static const struct st_album *album_of(const struct st_page *p) { return &p->result->album; }

/* A single task is learnt in stages, named by the pictures until then. */
static bool in_stages(const struct st_page *p) { return p->result->scores.tasks == 0; }

static void put_name(struct st_page *p, const struct st_album_page *page)
{
    if (!in_stages(p)) {
        st_text_html(p->t, p->result->scores.name[page->task]);
        return;
    }
    st_put_count(p->t, (double)page->learnt);
    st_text_put(p->t, " pictures");
}

/* --- charts --------------------------------------------------------------------------------------------------- */

enum { LEFT = 56, TOP = 12, WIDE = 700, HIGH = 220 };

/* A chart from 0 to `wide` pictures and from low to high. */
struct chart {
    double wide, low, high;
};

static double x_of(const struct chart *c, double x) { return LEFT + WIDE * x / c->wide; }
static double y_of(const struct chart *c, double y) { return TOP + HIGH * (1 - (y - c->low) / (c->high - c->low)); }

/* times: what a number is multiplied by to be shown. */
static void begin(struct st_text *t, const struct chart *c, const char *about, double times, const char *unit)
{
    double step = st_round_step((c->high - c->low) / 6);
    st_textf(t,
             "<div class=\"scroll\"><svg viewBox=\"0 0 %d %d\" width=\"%d\" role=\"img\" aria-label=\"%s against "
             "pictures learnt\">\n",
             LEFT + WIDE + 90, TOP + HIGH + 48, LEFT + WIDE + 90, about);
    int first = (int)ceil(c->low / step - 1e-9), last = (int)floor(c->high / step + 1e-9);
    for (int i = first; i <= last; i++) {
        double at = i * step;
        st_textf(t,
                 "<line class=\"grid\" x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\" /><text x=\"%d\" y=\"%.1f\" "
                 "text-anchor=\"end\">%.4g%s</text>\n",
                 LEFT, LEFT + WIDE, y_of(c, at), y_of(c, at), LEFT - 8, y_of(c, at) + 4, at * times, unit);
    }
    step = st_round_step(c->wide / 8);
    for (int i = 0; i * step <= c->wide * 1.0001; i++) {
        st_textf(t, "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">", x_of(c, i * step), TOP + HIGH + 20);
        st_put_count(t, i * step);
        st_text_put(t, "</text>\n");
    }
}

static void end(struct st_text *t, const char *below, const char *note)
{
    st_textf(t, "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">%s</text>\n</svg></div>\n<p class=\"note\">%s</p>\n",
             LEFT + WIDE / 2, TOP + HIGH + 40, below, note);
}

/* --- a curve for each step ------------------------------------------------------------------------------------- */

/* Points of the learning curve that lie within a step: first .. last - 1. */
struct within {
    uint32_t first, last;
    double from; /* pictures learnt before the step */
};

static struct within points_of(const struct st_page *p, uint32_t page)
{
    const struct st_result *r = p->result;
    double from = page ? (double)album_of(p)->page[page - 1].learnt : 0, to = (double)album_of(p)->page[page].learnt;
    double step = r->curve_step;
    struct within w = {(uint32_t)ceil(from / step), (uint32_t)floor(to / step), from};
    w.last = w.last < r->curve_count ? w.last : r->curve_count;
    return w;
}

static void curves(struct st_page *p)
{
    const struct st_album *a = album_of(p);
    const struct st_result *r = p->result;
    struct st_text *t = p->t;
    struct chart c = {0, 1, 1};
    for (uint32_t i = 0; r->curve_step && a->every == 1 && i < a->count; i++) {
        struct within w = points_of(p, i);
        for (uint32_t k = w.first; k < w.last; k++)
            if (isfinite(r->curve[k])) {
                c.low = fmin(c.low, r->curve[k]);
                c.wide = fmax(c.wide, (k + 1.0) * r->curve_step - w.from);
            }
    }
    if (in_stages(p) || !(c.wide > r->curve_step)) /* the page has one curve already */
        return;
    c.low = fmin(floor(c.low * 10) / 10, 0.9);
    st_text_put(t, "<h3>Learning each task</h3>\n");
    begin(t, &c, "accuracy", 100, "\xe2\x80\xaf%");
    for (uint32_t i = 0; i < a->count; i++) {
        struct within w = points_of(p, i);
        bool pen = false;
        st_textf(t, "<path class=\"curve\" style=\"stroke-opacity:%.2f\" d=\"",
                 a->count > 1 ? 1 - 0.7 * i / (a->count - 1) : 1);
        for (uint32_t k = w.first; k < w.last; k++)
            if (isfinite(r->curve[k])) {
                st_textf(t, "%s%.1f %.1f", pen ? "L" : "M", x_of(&c, (k + 1.0) * r->curve_step - w.from),
                         y_of(&c, r->curve[k]));
                pen = true;
            }
        st_text_put(t, pen ? "\" />\n" : "M0 0\" />\n");
    }
    end(t, "pictures of the task",
        "Accuracy on the training stream before learning from it, one line a step; the first is the darkest.");
}

/* --- who ------------------------------------------------------------------------------------------------------- */

static double grown(const struct st_album *a, uint32_t page, uint32_t neuron)
{
    return (a->page[page].rise[neuron] - (page ? (double)a->page[page - 1].rise[neuron] : 0)) / a->unit;
}

/* A strip: a microcolumn beside the other, a gap between columns. */
static void strip(struct st_page *p, uint32_t page, double most)
{
    enum { HEIGHT = 14, ROOM = 880 };
    const struct st_album *a = album_of(p);
    uint32_t width = a->columns * (a->microcolumns + 1) - 1, zoom = ROOM / width;
    zoom = zoom < 1 ? 1 : zoom > HEIGHT ? HEIGHT : zoom;
    uint32_t height = HEIGHT / zoom;
    uint8_t *pixels = ST_NEW(p->arena, uint8_t, (size_t)width * height);
    struct st_palette palette;
    st_palette_signed(&palette);
    for (uint32_t y = 0; y < height; y++)
        for (uint32_t x = 0; x < width; x++) {
            uint32_t column = x / (a->microcolumns + 1), m = x % (a->microcolumns + 1);
            pixels[(size_t)y * width + x] =
                m == a->microcolumns
                    ? ST_SHADE_GAP
                    : st_shade((int)lround(1000 * grown(a, page, column * a->microcolumns + m) / most), 1000);
        }
    st_put_picture_of_step(p, pixels, width, height, &palette, zoom,
                           st_arena_printf(p->arena, "whose threshold rose after step %u", page + 1), page);
}

/* How many of the first copy rose more in this step than in any other. */
static uint32_t most_here(const struct st_album *a, uint32_t page)
{
    uint32_t count = 0;
    for (uint32_t n = 0; n < a->columns * a->microcolumns; n++) {
        uint32_t best = 0;
        for (uint32_t i = 1; i < a->count; i++)
            best = grown(a, i, n) > grown(a, best, n) ? i : best;
        count += best == page && grown(a, best, n) > 0;
    }
    return count;
}

static void who(struct st_page *p)
{
    const struct st_album *a = album_of(p);
    struct st_text *t = p->t;
    double most = 0;
    for (uint32_t i = 0; i < a->count; i++)
        for (uint32_t n = 0; n < a->columns * a->microcolumns; n++)
            most = fmax(most, fabs(grown(a, i, n)));
    if (!(most > 0)) {
        st_text_put(t, "<p class=\"note\">No threshold has risen.</p>\n");
        return;
    }
    st_textf(t, "<h3>Who learnt %s</h3>\n", in_stages(p) ? "when" : "which task");
    st_text_put(t, "<div class=\"scroll\"><div class=\"fields steps\">\n");
    for (uint32_t i = 0; i < a->count; i++) {
        st_textf(t, "<div data-step=\"%u\">", i);
        put_name(p, &a->page[i]);
        st_textf(t, " <small>%u</small></div>", most_here(a, i));
        strip(p, i, most);
        st_text_put(t, "\n");
    }
    st_text_put(t, "</div></div>\n<p class=\"note\">How much the threshold of each microcolumn of ");
    st_text_html(t, a->population);
    st_textf(t,
             " rose while %s was learnt (orange; blue: fell), %u microcolumns a column%s, first copy%s; the strongest "
             "shade is %.3g. The number counts those that rose more here than at any other time.</p>\n",
             in_stages(p) ? "a stage" : "a task", a->microcolumns,
             p->result->moves.count ? ", each where it began" : "",
             a->every > 1 ? ", of several steps the last is named" : "", most);
}

static void surplus(struct st_page *p)
{
    const struct st_album *a = album_of(p);
    struct st_text *t = p->t;
    struct chart c = {(double)a->page[a->count - 1].learnt, 0, 0};
    for (uint32_t i = 0; i < a->count; i++) {
        c.low = fmin(c.low, a->page[i].lowest);
        c.high = fmax(c.high, a->page[i].highest);
    }
    if (a->count < 2 || !(c.high > c.low))
        return;
    st_text_put(t, "<h3>Threshold surplus over time</h3>\n");
    begin(t, &c, "threshold surplus", 1, "");
    st_text_put(t, "<path class=\"truth\" d=\"");
    for (uint32_t i = 0; i < 2 * a->count; i++) { /* along one side, and back along the other */
        const struct st_album_page *page = &a->page[i < a->count ? i : 2 * a->count - 1 - i];
        double y = page->mean + (i < a->count ? page->deviation : -page->deviation);
        st_textf(t, "%s%.1f %.1f", i ? "L" : "M", x_of(&c, (double)page->learnt),
                 y_of(&c, fmin(fmax(y, c.low), c.high)));
    }
    st_text_put(t, "Z\" />\n");
    for (int line = 0; line < 3; line++) {
        st_textf(t, "<path class=\"%s\" style=\"fill:none\" d=\"", line ? "border" : "curve");
        for (uint32_t i = 0; i < a->count; i++) {
            const struct st_album_page *page = &a->page[i];
            double y = line == 0 ? page->mean : line == 1 ? page->lowest : page->highest;
            st_textf(t, "%s%.1f %.1f", i ? "L" : "M", x_of(&c, (double)page->learnt), y_of(&c, y));
        }
        st_text_put(t, "\" />\n");
    }
    end(t, "pictures learnt",
        "How far thresholds have risen after each step, in units of the network's potentials: mean of all microcolumns "
        "of all copies, its deviation as a band, lowest and highest dotted.");
}

/* --- what they look for ------------------------------------------------------------------------------------------ */

enum { GAP = 1, COLUMN_GAP = 5 };

/* All columns beside each other. */
static void looked_for(struct st_page *p, uint32_t step)
{
    const struct st_album *a = album_of(p);
    const struct st_album_page *page = &a->page[step];
    uint32_t column = a->a_column * (a->width + GAP) - GAP, width = a->columns * (column + COLUMN_GAP) - COLUMN_GAP;
    size_t size = (size_t)a->width * a->height;
    uint8_t *pixels = ST_NEW(p->arena, uint8_t, (size_t)width * a->height);
    struct st_palette palette;
    st_palette_signed(&palette);
    for (size_t i = 0; i < (size_t)width * a->height; i++)
        pixels[i] = ST_SHADE_GAP;
    for (uint32_t k = 0; k < a->columns * a->a_column; k++) {
        uint32_t left = k / a->a_column * (column + COLUMN_GAP) + k % a->a_column * (a->width + GAP);
        for (uint32_t i = 0; i < size; i++)
            pixels[(size_t)(i / a->width) * width + left + i % a->width] =
                st_shade(page->picture[k * size + i] - 128, 127);
    }
    st_put_picture_of_step(p, pixels, width, a->height, &palette, width <= 440 ? 2 : 1,
                           st_arena_printf(p->arena, "weights of those that rose most in step %u", step + 1), step);
}

static void pictures(struct st_page *p)
{
    const struct st_album *a = album_of(p);
    struct st_text *t = p->t;
    st_textf(t, "<h3>Receptive fields after each %s</h3>\n", in_stages(p) ? "stage" : "task");
    if (!a->a_column) {
        st_textf(t,
                 "<p class=\"note\">None are kept: %u steps of %u columns are too many, or no receptors see "
                 "pictures.</p>\n",
                 a->count, a->columns);
        return;
    }
    st_text_put(t, "<div class=\"scroll\"><div class=\"fields steps\">\n");
    for (uint32_t i = 0; i < a->count; i++) {
        st_textf(t, "<div data-step=\"%u\">", i);
        put_name(p, &a->page[i]);
        st_text_put(t, "</div>");
        looked_for(p, i);
        st_text_put(t, "\n");
    }
    st_textf(t,
             "</div></div>\n<p class=\"note\">Of each column, 0 at the left, the %s whose threshold rose most in the "
             "step; weights where the task's pictures have their pixels, each line with a scale of its own.</p>\n",
             a->a_column == 1 ? "microcolumn" : st_arena_printf(p->arena, "%u microcolumns", a->a_column));
}

/* --- a step after the other ----------------------------------------------------------------------------------------
 */

/* How much of the training stream was answered right just before a stage's end. */
static void answered(struct st_page *p, uint64_t learnt)
{
    const struct st_result *r = p->result;
    uint64_t point = r->curve_step ? learnt / r->curve_step : 0;
    if (!point || point > r->curve_count || !isfinite(r->curve[point - 1]))
        return;
    st_text_put(p->t, " Of the ");
    st_put_count(p->t, r->curve_step);
    st_text_put(p->t, " pictures before, asked before they were learnt, ");
    st_put_percent(p->t, r->curve[point - 1], 1);
    st_text_put(p->t, " were answered right.");
}

/* What was known of each task when so many pictures had been learnt; the last row that says so. */
static void known(struct st_page *p, uint64_t learnt)
{
    const struct st_scores *s = &p->result->scores;
    struct st_text *t = p->t;
    uint32_t row = s->rows;
    for (uint32_t i = 0; i < s->rows; i++)
        row = s->learnt[i] == learnt ? i : row;
    bool any = false;
    for (uint32_t j = 0; row < s->rows && j < s->tasks; j++) {
        double x = s->at[(size_t)row * s->tasks + j].together;
        if (isnan(x))
            continue;
        st_text_put(t, any ? ", " : " Of what was asked: ");
        st_text_html(t, s->name[j]);
        st_text_put(t, "\xc2\xa0");
        st_put_percent(t, x, 1);
        any = true;
    }
    st_text_put(t, any ? "." : "");
}

/* A list of what each step left; page.js makes a slider of it, with the step's pictures large. */
static void through(struct st_page *p)
{
    const struct st_album *a = album_of(p);
    struct st_text *t = p->t;
    st_text_put(t, "<h3 class=\"all\">Through learning</h3>\n<div class=\"through all\"><ol class=\"said\">\n");
    for (uint32_t i = 0; i < a->count; i++) {
        const struct st_album_page *page = &a->page[i];
        st_text_put(t, "<li>After <strong>");
        put_name(p, page);
        st_text_put(t, "</strong>");
        if (!in_stages(p)) {
            st_text_put(t, ", ");
            st_put_count(t, (double)page->learnt);
            st_text_put(t, " pictures");
        }
        st_textf(t, ": thresholds have risen by %.3g\xc2\xa0\xc2\xb1\xc2\xa0%.2g.", page->mean, page->deviation);
        if (in_stages(p))
            answered(p, page->learnt);
        else
            known(p, page->learnt);
        st_text_put(t, "</li>\n");
    }
    st_text_put(t, "</ol><div class=\"stage\"></div></div>\n");
}

void st_html_album(struct st_page *p)
{
    st_put_section(p->t, "steps", "Step by step", ST_LAYOUT_COLUMNS);
    through(p);
    curves(p);
    who(p);
    surplus(p);
    pictures(p);
    st_put_section_end(p->t);
}
