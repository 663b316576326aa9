#include "fields.h"
#include "html.h"

/* SAID: bytes of histograms and sentences of one set, for which pictures leave room. */
enum { A_LINE = 16, GAP = 1, SAID = 20000 };

/* Whether pictures have taken the section's room. */
static bool is_full(const struct st_page *p) { return p->t->length + SAID > p->room; }

static const char *source_name(const struct st_image *image, const struct st_fields *f)
{
    return f->from_population ? image->populations[f->source].name : image->receptors[f->source].name;
}

/* The microcolumns of one column beside each other, a line of at most A_LINE. */
static void column_picture(struct st_page *p, const struct st_fields *f, uint32_t column, int largest)
{
    const struct st_population *pop = &p->image->populations[f->population];
    const struct st_columns columns = st_population_columns(pop);
    uint32_t many = st_column_size(columns, column), line = many < A_LINE ? many : A_LINE;
    uint32_t lines = (many + line - 1) / line, size = f->width * f->height;
    uint32_t width = line * (f->width + GAP) - GAP, height = lines * (f->height + GAP) - GAP;
    uint8_t *pixels = ST_NEW(p->arena, uint8_t, (size_t)width * height);
    struct st_palette palette;
    st_palette_signed(&palette);
    for (size_t i = 0; i < (size_t)width * height; i++)
        pixels[i] = ST_SHADE_GAP;
    for (uint32_t m = 0; m < many; m++) {
        const int16_t *field = f->at + (size_t)(st_column_first(columns, column) + m) * size;
        uint32_t left = m % line * (f->width + GAP), top = m / line * (f->height + GAP);
        for (uint32_t i = 0; i < size; i++)
            if (field[i] != ST_FIELD_EMPTY)
                pixels[(size_t)(top + i / f->width) * width + left + i % f->width] = st_shade(field[i], largest);
    }
    st_put_picture(p, pixels, width, height, &palette, f->width <= 32 ? 2 : 1,
                   st_arena_printf(p->arena, "weights of column %u, %u microcolumns", column, many));
}

static void copy_pictures(struct st_page *p, const struct st_fields *f, int largest)
{
    uint32_t columns = p->image->populations[f->population].columns;
    st_text_put(p->t, "<div class=\"fields many-fields\">\n");
    uint32_t c = 0;
    for (; c < columns && !is_full(p); c++) {
        size_t before = p->t->length;
        st_textf(p->t, "<div>%u</div>", c);
        column_picture(p, f, c, largest);
        st_text_put(p->t, "\n");
        if (is_full(p)) {
            st_text_cut(p->t, before);
            break;
        }
    }
    st_text_put(p->t, "</div>\n");
    if (c < columns)
        st_textf(p->t, "<p class=\"note\">The first %u of %u columns, or the page would be too large.</p>\n", c,
                 columns);
}

static void colour_scale(struct st_page *p, int largest)
{
    uint8_t shades[ST_SHADE_TOP + 1];
    struct st_palette palette;
    st_palette_signed(&palette);
    for (int i = 0; i <= ST_SHADE_TOP; i++)
        shades[i] = (uint8_t)i;
    st_text_put(p->t, "<div class=\"scale\">");
    st_put_picture(p, shades, ST_SHADE_TOP + 1, 1, &palette, 1, "colour scale of the weights");
    st_textf(p->t, "<span>\xe2\x88\x92%d</span><span class=\"mid\">0</span><span class=\"end\">+%d</span></div>\n",
             largest, largest);
}

/* One set of one copy, or NULL. */
static const struct st_fields *same_set(const struct st_fields *sets, uint32_t count, const struct st_fields *like)
{
    for (uint32_t i = 0; i < count; i++)
        if (sets[i].population == like->population && sets[i].source == like->source &&
            sets[i].from_population == like->from_population)
            return &sets[i];
    return NULL;
}

void st_html_fields(struct st_page *p)
{
    const struct st_image *image = p->image;
    struct st_text *t = p->t;
    struct st_fields **sets = ST_NEW(p->arena, struct st_fields *, image->copy_count);
    uint32_t *counts = ST_NEW(p->arena, uint32_t, image->copy_count);
    int largest = 0;
    for (uint32_t c = 0; c < image->copy_count; c++) {
        sets[c] = st_fields_of(p->arena, image, c, &counts[c]);
        for (uint32_t i = 0; i < counts[c]; i++)
            largest = sets[c][i].largest > largest ? sets[c][i].largest : largest;
    }
    st_put_section(t, "fields", "Receptive fields", ST_LAYOUT_WHOLE);
    if (image->copy_count == 0 || counts[0] == 0) {
        st_text_put(t, "<p class=\"note\">Nothing in this image learns.</p>\n");
        st_put_static_weights(p);
        st_put_section_end(t);
        return;
    }
    st_text_put(t, "<p>The learnt weights of every plastic neuron, each at the place of its input. A line is a column, "
                   "a picture in it a microcolumn.</p>\n");
    if (largest > 0) {
        colour_scale(p, largest);
        st_text_put(t, "<p class=\"note\">Weights in the fabric's units; one scale for all pictures.</p>\n");
    } else {
        st_text_put(t, "<p class=\"note\">All weights are 0: nothing has been learnt yet.</p>\n");
        st_put_section_end(t);
        return;
    }
    for (uint32_t i = 0; i < counts[0]; i++) {
        const struct st_fields *f = &sets[0][i];
        const struct st_population *pop = &image->populations[f->population];
        st_text_put(t, "<h3>");
        st_text_html(t, pop->name);
        st_text_put(t, " from ");
        st_text_html(t, source_name(image, f));
        st_textf(t, ": %u column%s of %s%u", pop->columns, pop->columns == 1 ? "" : "s",
                 pop->start_count ? "at most " : "", pop->microcolumns);
        st_text_put(t, image->copy_count > 1 ? ", first copy</h3>\n" : "</h3>\n");
        const struct st_fields **same = ST_NEW(p->arena, const struct st_fields *, image->copy_count);
        uint32_t found = 0;
        for (uint32_t c = 0; c < image->copy_count; c++)
            if ((same[found] = same_set(sets[c], counts[c], f)) != NULL)
                found++;
        copy_pictures(p, f, largest);
        st_put_weights(p, same, found);
        uint32_t left_out = 0;
        for (uint32_t c = 1; c < image->copy_count; c++) {
            if (is_full(p)) {
                left_out++;
                continue;
            }
            const struct st_fields *other = same_set(sets[c], counts[c], f);
            if (!other)
                continue;
            st_textf(t, "<details><summary>Copy %u</summary>\n", c + 1);
            copy_pictures(p, other, largest);
            st_text_put(t, "</details>\n");
        }
        if (left_out)
            st_textf(t, "<p class=\"note\">%u more copies are left out, or the page would be too large.</p>\n",
                     left_out);
    }
    st_put_section_end(t);
}
