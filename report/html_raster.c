/* html_raster.c - one presentation, spike by spike; page.js lets one look closer. */
#include "html.h"
#include <math.h>

/* Above each band is its name, which may be long. */
enum { LEFT = 34, TOP = 26, WIDE = 700, BETWEEN = 30, COLUMNS_MOST = 64 };

bool st_raster_shows(const struct st_page *p, uint32_t population)
{
    for (uint32_t c = 0; c < p->image->core_count; c++)
        for (uint32_t g = 0; g < p->image->cores[c].group_count; g++)
            if (p->image->cores[c].groups[g].population == population && p->image->cores[c].groups[g].host)
                return true;
    for (uint32_t i = 0; i < p->result->raster_count; i++)
        if (p->result->raster[i].population == population)
            return true;
    return false;
}

static uint32_t size_of(const struct st_image *image, uint32_t population)
{
    return st_population_size(&image->populations[population]);
}

/* Few neurons get thick lines, many share the height of a band. */
static double line_height(uint32_t neurons) { return neurons <= 16 ? 14 : neurons <= 200 ? 2.6 : 520.0 / neurons; }

/* With the room above the next. */
static double band_height(const struct st_image *image, uint32_t population)
{
    return line_height(size_of(image, population)) * size_of(image, population) + BETWEEN;
}

static void band(struct st_page *p, uint32_t population, double top, uint32_t ticks)
{
    const struct st_image *image = p->image;
    const struct st_result *r = p->result;
    const struct st_population *pop = &image->populations[population];
    struct st_text *t = p->t;
    double each = line_height(size_of(image, population));
    const struct st_columns columns = st_population_columns(pop);
    double tick_width = (double)WIDE / ticks;
    uint32_t shown = image->picture_ticks < ticks ? image->picture_ticks : ticks;
    st_text_put(t, "<g class=\"band\" data-name=\"");
    st_text_html(t, pop->name);
    st_textf(t, "\" data-top=\"%.1f\" data-each=\"%g\" data-count=\"%u\"", top, each, st_columns_all(columns));
    if (pop->columns > 1 && pop->columns <= COLUMNS_MOST) {
        st_text_put(t, " data-starts=\"");
        for (uint32_t k = 0; k < pop->columns; k++)
            st_textf(t, "%s%u", k ? " " : "", st_column_first(columns, k));
        st_text_put(t, "\"");
    }
    st_text_put(t, ">\n");
    st_textf(t, "<rect class=\"shade\" x=\"%d\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" />\n", LEFT, top,
             tick_width * shown, each * st_columns_all(columns));
    if (pop->columns > 1 && r->raster_label < pop->columns)
        st_textf(t, "<rect class=\"truth\" x=\"%d\" width=\"%d\" y=\"%.1f\" height=\"%.1f\" />\n", LEFT, WIDE,
                 top + each * st_column_first(columns, r->raster_label),
                 each * st_column_size(columns, r->raster_label));
    for (uint32_t k = 0; k <= pop->columns && pop->columns <= COLUMNS_MOST; k++)
        st_textf(t, "<line class=\"grid\" x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\" />", LEFT, LEFT + WIDE,
                 top + each * st_column_first(columns, k), top + each * st_column_first(columns, k));
    st_textf(t, "\n<path class=\"spike\" stroke-width=\"%.2f\" d=\"", each < 2 ? 2 : each * 0.8);
    for (uint32_t i = 0; i < r->raster_count; i++) {
        const struct st_host_spike *s = &r->raster[i];
        if (s->population != population || s->index >= size_of(image, population))
            continue;
        st_textf(t, "M%.1f %.1fh%.1f", LEFT + (s->tick % ticks + 0.2) * tick_width, top + (s->index + 0.5) * each,
                 0.6 * tick_width);
    }
    st_text_put(t, "\" /></g>\n");
}

/* Above a band its name, at its left the columns where there is room; these keep their size when one looks closer. */
static void band_names(struct st_page *p, uint32_t population, double top)
{
    const struct st_population *pop = &p->image->populations[population];
    const struct st_columns columns = st_population_columns(pop);
    double each = line_height(size_of(p->image, population)), least = each * st_column_size(columns, 0);
    for (uint32_t k = 1; k < pop->columns; k++)
        least = fmin(least, each * st_column_size(columns, k));
    if (pop->columns > 1 && least >= 13 && pop->columns <= COLUMNS_MOST)
        for (uint32_t k = 0; k < pop->columns; k++)
            st_textf(p->t, "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%u</text>", LEFT - 6,
                     top + each * (st_column_first(columns, k) + 0.5 * st_column_size(columns, k)) + 4, k);
    st_textf(p->t, "\n<text class=\"name\" x=\"%d\" y=\"%.1f\">", LEFT, top - 7);
    st_text_html(p->t, pop->name);
    st_text_put(p->t, "</text>\n");
}

static void tick_axis(struct st_text *t, double y, uint32_t ticks)
{
    uint32_t step = ticks <= 24 ? 1 : ticks <= 120 ? 5 : (ticks + 23) / 24;
    st_text_put(t, "<g class=\"at-x\">");
    for (uint32_t k = 0; k < ticks; k += step)
        st_textf(t, "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"middle\">%u</text>", LEFT + (k + 0.5) * WIDE / ticks,
                 y + 16, k);
    st_textf(t,
             "</g>\n<text class=\"axis\" x=\"%d\" y=\"%.1f\" text-anchor=\"middle\">tick of the presentation</text>\n",
             LEFT + WIDE / 2, y + 36);
}

static void shown_picture(struct st_page *p)
{
    const struct st_result *r = p->result;
    struct st_palette palette;
    uint32_t size = r->raster_width * r->raster_height;
    if (!r->raster_picture || size == 0)
        return;
    uint8_t *pixels = ST_NEW(p->arena, uint8_t, size);
    st_palette_grey(&palette);
    for (uint32_t i = 0; i < size; i++)
        pixels[i] = (uint8_t)(r->raster_picture[i] * ST_SHADE_TOP / 255);
    uint32_t zoom = r->raster_width < 140 ? 140 / r->raster_width : 1;
    st_text_put(p->t, "<div>");
    st_put_picture(p, pixels, r->raster_width, r->raster_height, &palette, zoom, "the picture presented");
    st_textf(p->t, "<p class=\"note\">Label %u</p></div>\n", r->raster_label);
}

void st_html_raster(struct st_page *p)
{
    const struct st_image *image = p->image;
    const struct st_result *r = p->result;
    struct st_text *t = p->t;
    uint32_t ticks = image->period_ticks ? image->period_ticks : 1;
    double height = 0;
    st_put_section(t, "raster", "Spikes of one presentation", ST_LAYOUT_WHOLE);
    for (uint32_t k = 0; k < image->population_count; k++)
        if (st_raster_shows(p, k))
            height += band_height(image, k);
    if (!r->raster_picture && r->raster_count == 0) {
        st_text_put(t, "<p class=\"note\">This run kept no presentation.</p>\n");
        st_put_section_end(t);
        return;
    }
    st_text_put(t, "<div class=\"beside\">\n");
    shown_picture(p);
    /* page.js moves what is in .plot, and puts marks and names where it then is */
    double inside = height - BETWEEN;
    st_textf(
        t,
        "<div class=\"zoom\"><div class=\"scroll\"><svg viewBox=\"0 0 %d %.0f\" width=\"%d\" data-left=\"%d\" "
        "data-top=\"%d\" data-wide=\"%d\" data-high=\"%.1f\" data-ticks=\"%u\" role=\"img\" "
        "aria-label=\"spikes, ticks by neurons\">\n<defs><clipPath id=\"in-raster\"><rect class=\"inside\" x=\"%d\" "
        "y=\"%d\" width=\"%d\" height=\"%.1f\" /></clipPath></defs>\n<g clip-path=\"url(#in-raster)\"><g "
        "class=\"plot\">\n",
        LEFT + WIDE + 4, TOP + height + 16, LEFT + WIDE + 4, LEFT, TOP, WIDE, inside, ticks, LEFT, TOP, WIDE, inside);
    double top = TOP;
    for (uint32_t k = 0; k < image->population_count; k++)
        if (st_raster_shows(p, k)) {
            band(p, k, top, ticks);
            top += band_height(image, k);
        }
    st_text_put(t, "</g></g>\n<g class=\"at-y\">\n");
    top = TOP;
    for (uint32_t k = 0; k < image->population_count; k++)
        if (st_raster_shows(p, k)) {
            band_names(p, k, top);
            top += band_height(image, k);
        }
    st_text_put(t, "</g>\n");
    tick_axis(t, top - BETWEEN, ticks);
    st_text_put(
        t, "</svg></div></div>\n</div>\n<p class=\"note\">First copy; the populations that report to the host. Grey: "
           "ticks with the picture, then silence. Blue band: the column of the label.");
    if (r->raster_left_out) {
        st_text_put(t, " The last ");
        st_put_count(t, (double)r->raster_left_out);
        st_text_put(t, " spikes of it were not kept.");
    }
    st_text_put(t, "</p>\n");
    st_put_activity(p);
    st_put_section_end(t);
}
