/* html.h - the parts of the page; seen only within report/.
 *
 *     html.c          the document, its order and its summary
 *     html_style.c    one style sheet: light, dark, paper, a phone, a large screen
 *     page.js         its script: tips, zoom of the raster, a slider through learning; built in as text
 *     html_put.c      numbers with units, bars, pictures
 *     html_tasks.c    tasks in sequence                html_album.c    each step that learnt
 *     html_seeds.c    a page of its own: an experiment over seeds
 *     html_learnt.c   confusion, learning curve        html_votes.c    the votes behind the answers
 *     html_fields.c   receptive fields                 html_weights.c  histograms of weights
 *     html_raster.c   one presentation, spike by spike html_activity.c and tick by tick
 *     html_memory.c   memory, routing                  html_energy.c   energy, latency, coefficients
 *     html_flow.c    heat-map of tiles and links, packets by population
 *
 * The page is written so that it is XML as well as HTML: every element is closed, every attribute quoted, no named
 * entities beyond XML's five. That makes "well formed" a thing that a small test can check. */
#ifndef STOA_HTML_H
#define STOA_HTML_H

#include "picture.h"
#include "report.h"
#include "text.h"

/* A page is to be sent about. */
enum { ST_PAGE_MOST = 2000000 };

struct st_page {
    struct st_arena *arena;
    struct st_text *t; /* of one section */
    size_t room;       /* bytes that a section should keep to, if it can show the first of many */
    const struct st_image *image;
    const struct st_result *result; /* or NULL */
    const struct st_ran *run;       /* or NULL */
    const struct st_report_input *in;
};

extern const char *const st_html_style;
extern const char st_html_script[]; /* page.js */

/* Sections; each writes nothing but itself, or says why it has nothing to show. Those of lists without an end stop at
 * p->room and say of how many they show the first; html.c leaves out what is too large nevertheless. */
void st_html_summary(struct st_page *p);
void st_html_tasks(struct st_page *p); /* only of a result with rows of scores */
void st_html_album(struct st_page *p); /* only of a result with an album */
void st_html_moves(struct st_page *p); /* only of a result of which something migrates */
void st_html_confusion(struct st_page *p);
void st_html_votes(struct st_page *p);
void st_html_curve(struct st_page *p);
void st_html_fields(struct st_page *p);
/* Within the fields, how often each weight is there: of these sets of all copies; of static rows. */
struct st_fields;
void st_put_weights(struct st_page *p, const struct st_fields *const *sets, uint32_t count);
void st_put_static_weights(struct st_page *p);
void st_html_raster(struct st_page *p);
/* Within the raster, spikes of each tick. */
void st_put_activity(struct st_page *p);
/* Whether a population's spikes can be in the raster: it reports to the host, or it did. */
bool st_raster_shows(const struct st_page *p, uint32_t population);
void st_html_memory(struct st_page *p);
void st_html_routing(struct st_page *p);
void st_html_flow(struct st_page *p);
void st_html_energy(struct st_page *p);

/* Accuracies of the single copies. */
struct st_spread {
    double mean, lowest, highest; /* NAN when there is none */
};
struct st_spread st_spread_of(const double *values, uint32_t count);

/* A round number of at least `least`: 1, 2 or 5 times a power of ten. */
double st_round_step(double least);
/* A heat-map: rows after what was learnt, columns the tasks asked about; with the deviations below the numbers. */
void st_put_matrix(struct st_text *t, const struct st_scores *s, enum st_score_of of, bool deviations,
                   const char *caption);
/* 60 000, with narrow spaces. */
void st_put_count(struct st_text *t, double n);
/* Three significant digits, or a count when there are more. */
void st_put_short(struct st_text *t, double x);
/* 95.72 %; a dash for NAN. */
void st_put_percent(struct st_text *t, double share, int digits);
/* With the unit that keeps the number between 1 and 1000. */
void st_put_energy(struct st_text *t, double pj);
void st_put_time(struct st_text *t, double ns);
/* A bar of 0..1; and one of several parts. */
void st_put_bar(struct st_text *t, double share);
void st_put_bars(struct st_text *t, const double *shares, uint32_t count);
/* An inline PNG shown `zoom` times as large, pixels kept square. alt is escaped. */
void st_put_picture(struct st_page *p, const uint8_t *pixels, uint32_t width, uint32_t height,
                    const struct st_palette *palette, uint32_t zoom, const char *alt);
/* Likewise, of a step of learning: the slider finds it. */
void st_put_picture_of_step(struct st_page *p, const uint8_t *pixels, uint32_t width, uint32_t height,
                            const struct st_palette *palette, uint32_t zoom, const char *alt, uint32_t step);
/* Whose neurons a core holds: each name once, the first few. */
void st_put_names(struct st_text *t, const struct st_image *image, const struct st_core *c);
/* What all pages have: up to the title, from there to the heading, and from the foot on. sided: with a list of
 * sections. */
void st_put_head(struct st_text *t);
void st_put_body(struct st_text *t, bool sided);
void st_put_end(struct st_text *t);
/* How a section uses a large screen: all its width, in columns, or half of it beside another. */
enum st_layout { ST_LAYOUT_WHOLE, ST_LAYOUT_COLUMNS, ST_LAYOUT_HALF };
void st_put_section(struct st_text *t, const char *id, const char *title, enum st_layout layout);
void st_put_section_end(struct st_text *t);

#endif
