/* html_weights.c - how often each weight is there: whether rows are spread or split in two, whether they lie at their
 * limits. Bars are as high as the square root of their number, or what is rare beside the zeros would not be seen. */
#include "fields.h"
#include "html.h"
#include <math.h>

enum { VALUES = 1 << 16, BARS = 61, LEFT = 56, TOP = 12, WIDE = 700, HIGH = 150 };

struct tally {
    uint64_t *at; /* [VALUES] of each weight + 2^15 */
    uint64_t all;
    int low, high; /* there is something between */
};

static struct tally tally_open(struct st_arena *a) { return (struct tally){ST_NEW(a, uint64_t, VALUES), 0, 0, 0}; }

static void count(struct tally *y, int weight)
{
    y->low = y->all && y->low < weight ? y->low : weight;
    y->high = y->all && y->high > weight ? y->high : weight;
    y->at[weight - INT16_MIN]++;
    y->all++;
}

static uint64_t sum(const struct tally *y, int from, int to)
{
    uint64_t n = 0;
    for (int w = from; w <= to; w++)
        n += y->at[w - INT16_MIN];
    return n;
}

static int median(const struct tally *y)
{
    uint64_t n = 0;
    int w = y->low;
    for (; (n += y->at[w - INT16_MIN]) * 2 < y->all; w++)
        ;
    return w;
}

static void put_signed(struct st_text *t, int w)
{
    if (w < 0)
        st_text_put(t, "\xe2\x88\x92");
    st_textf(t, "%d", w < 0 ? -w : w);
}

static double share(const struct tally *y, int w) { return (double)y->at[w - INT16_MIN] / (double)y->all; }

static void mark(struct st_text *t, double x, int w, const char *anchor)
{
    st_textf(t, "<text x=\"%.1f\" y=\"%d\" text-anchor=\"%s\">", x, TOP + HIGH + 20, anchor);
    put_signed(t, w);
    st_text_put(t, "</text>\n");
}

static void bars(struct st_text *t, const struct tally *y)
{
    int each = (y->high - y->low) / BARS + 1, first = (int)floor((double)y->low / each) * each;
    int many = (y->high - first) / each + 1;
    uint64_t most = 1;
    for (int i = 0; i < many; i++) {
        int from = first + i * each, to = from + each - 1 < INT16_MAX ? from + each - 1 : INT16_MAX;
        uint64_t n = sum(y, from < INT16_MIN ? INT16_MIN : from, to);
        most = n > most ? n : most;
    }
    double step = (double)WIDE / many;
    st_textf(t,
             "<div class=\"scroll\"><svg class=\"weights\" viewBox=\"0 0 %d %d\" width=\"%d\" role=\"img\" "
             "aria-label=\"how often each weight is there\">\n<line class=\"grid\" x1=\"%d\" x2=\"%d\" y1=\"%d\" "
             "y2=\"%d\" />\n",
             LEFT + WIDE + 24, TOP + HIGH + 28, LEFT + WIDE + 24, LEFT, LEFT + WIDE, TOP + HIGH, TOP + HIGH);
    for (int i = 0; i < many; i++) {
        int from = first + i * each, to = from + each - 1 < INT16_MAX ? from + each - 1 : INT16_MAX;
        uint64_t n = sum(y, from < INT16_MIN ? INT16_MIN : from, to);
        double high = HIGH * sqrt((double)n / (double)most);
        if (!n)
            continue;
        st_textf(t, "<rect class=\"%s\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\"><title>",
                 to < 0     ? "less"
                 : from > 0 ? "more"
                            : "none",
                 LEFT + i * step, TOP + HIGH - high, step * 0.9, high);
        put_signed(t, from < y->low ? y->low : from);
        if (each > 1) {
            st_text_put(t, " to ");
            put_signed(t, to > y->high ? y->high : to);
        }
        st_text_put(t, ": ");
        st_put_count(t, (double)n);
        st_text_put(t, ", ");
        st_put_percent(t, (double)n / (double)y->all, 1);
        st_text_put(t, "</title></rect>\n");
    }
    mark(t, LEFT, y->low, "start");
    if (y->low < 0 && y->high > 0) {
        double x = LEFT + ((double)(0 - first) / each + 0.5 / each) * step;
        if (x > LEFT + 50 && x < LEFT + WIDE - 50)
            mark(t, x, 0, "middle");
    }
    mark(t, LEFT + WIDE, y->high, "end");
    st_text_put(t, "</svg></div>\n");
}

static void put(struct st_page *p, const struct tally *y, const char *of)
{
    struct st_text *t = p->t;
    bars(t, y);
    st_text_put(t, "<p class=\"note\">");
    st_put_count(t, (double)y->all);
    st_textf(t, " %s; median ", of);
    put_signed(t, median(y));
    st_text_put(t, ", ");
    st_put_percent(t, y->low <= 0 && y->high >= 0 ? share(y, 0) : 0, 1);
    st_text_put(t, " are 0, ");
    st_put_percent(t, share(y, y->low), 1);
    st_text_put(t, " are the least and ");
    st_put_percent(t, share(y, y->high), 1);
    st_text_put(t, " the greatest. Bars are as high as the square root of their number.</p>\n");
}

void st_put_weights(struct st_page *p, const struct st_fields *const *sets, uint32_t copies)
{
    struct tally y = tally_open(p->arena);
    for (uint32_t c = 0; c < copies; c++) {
        const struct st_fields *f = sets[c];
        for (size_t i = 0; i < (size_t)f->neurons * f->width * f->height; i++)
            if (f->at[i] != ST_FIELD_EMPTY)
                count(&y, f->at[i]);
    }
    if (!y.all)
        return;
    st_text_put(p->t, "<h4>How often each weight is there</h4>\n");
    put(p, &y,
        st_arena_printf(p->arena, "weights of %s",
                        copies == 1 ? "the copy" : st_arena_printf(p->arena, "%u copies", copies)));
}

/* Dense rows have words of weight 0 between synapses, which are no synapses of theirs: they are not counted. */
void st_put_static_weights(struct st_page *p)
{
    struct tally y = tally_open(p->arena);
    for (uint32_t c = 0; c < p->image->core_count; c++) {
        const struct st_core *core = &p->image->cores[c];
        for (uint32_t i = 0; i < core->weight_count; i++)
            if (core->weights[i])
                count(&y, core->weights[i]);
        for (uint32_t i = 0; i < core->list_count; i++)
            count(&y, core->list_weight[i]);
    }
    if (!y.all)
        return;
    st_text_put(p->t, "<h3>How often each weight is there</h3>\n");
    put(p, &y, "static weights of all cores; those that are 0 in dense rows are left out");
}
