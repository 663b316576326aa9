/* html_activity.c - how busy each population is, tick by tick of the presentation that the raster shows. */
#include "html.h"

enum { LEFT = 56, TOP = 20, WIDE = 700, HIGH = 54, BETWEEN = 26 };

static void population(struct st_page *p, uint32_t k, uint32_t ticks, int top)
{
    const struct st_result *r = p->result;
    struct st_text *t = p->t;
    uint32_t *spikes = ST_NEW(p->arena, uint32_t, ticks), most = 0;
    for (uint32_t i = 0; i < r->raster_count; i++)
        if (r->raster[i].population == k)
            spikes[r->raster[i].tick % ticks]++;
    for (uint32_t i = 0; i < ticks; i++)
        most = spikes[i] > most ? spikes[i] : most;
    st_textf(t,
             "<line class=\"grid\" x1=\"%d\" x2=\"%d\" y1=\"%d\" y2=\"%d\" /><text x=\"%d\" y=\"%d\" "
             "text-anchor=\"end\">%u</text>\n<text class=\"name\" x=\"%d\" y=\"%d\">",
             LEFT, LEFT + WIDE, top + HIGH, top + HIGH, LEFT - 8, top + 10, most, LEFT, top - 5);
    st_text_html(t, p->image->populations[k].name);
    st_text_put(t, "</text>\n");
    for (uint32_t i = 0; i < ticks; i++) {
        if (!spikes[i])
            continue;
        double each = (double)WIDE / ticks, high = (double)HIGH * spikes[i] / most;
        st_textf(t,
                 "<rect class=\"more\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\"><title>tick %u: %u "
                 "spike%s</title></rect>\n",
                 LEFT + (i + 0.1) * each, top + HIGH - high, 0.8 * each, high, i, spikes[i], spikes[i] == 1 ? "" : "s");
    }
}

void st_put_activity(struct st_page *p)
{
    const struct st_image *image = p->image;
    uint32_t ticks = image->period_ticks ? image->period_ticks : 1, shown = 0;
    struct st_text *t = p->t;
    for (uint32_t k = 0; k < image->population_count; k++)
        shown += st_raster_shows(p, k);
    if (!shown)
        return;
    int height = TOP + (int)shown * (HIGH + BETWEEN);
    st_textf(
        t,
        "<h3>Activity over time</h3>\n<div class=\"scroll\"><svg class=\"activity\" viewBox=\"0 0 %d %d\" width=\"%d\" "
        "role=\"img\" aria-label=\"spikes of each tick\">\n",
        LEFT + WIDE + 24, height + 4, LEFT + WIDE + 24);
    int top = TOP;
    for (uint32_t k = 0; k < image->population_count; k++)
        if (st_raster_shows(p, k)) {
            population(p, k, ticks, top);
            top += HIGH + BETWEEN;
        }
    uint32_t step = (ticks + 23) / 24;
    for (uint32_t i = 0; i < ticks; i += step)
        st_textf(t, "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%u</text>", LEFT + (i + 0.5) * WIDE / ticks,
                 top - BETWEEN + 18, i);
    st_text_put(t, "\n</svg></div>\n<p class=\"note\">Spikes of each tick of the presentation above, each population "
                   "with a scale of "
                   "its own; the number is that of its fullest tick.</p>\n");
}
