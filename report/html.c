#include "budget.h"
#include "energy.h"
#include "html.h"
#include <string.h>
#include <strings.h>

static void key_figure(struct st_text *t, const char *what, void (*put)(struct st_text *, double), double value)
{
    st_text_put(t, "<div><b>");
    put(t, value);
    st_textf(t, "</b><span>%s</span></div>\n", what);
}

static void percent2(struct st_text *t, double share) { st_put_percent(t, share, 2); }
static void percent1(struct st_text *t, double share) { st_put_percent(t, share, 1); }

static void row_text(struct st_text *t, const char *what, const char *value)
{
    if (!value || !value[0])
        return;
    st_textf(t, "<tr><th scope=\"row\">%s</th><td>", what);
    st_text_html(t, value);
    st_text_put(t, "</td></tr>\n");
}

static void row_count(struct st_text *t, const char *what, double value)
{
    st_textf(t, "<tr><th scope=\"row\">%s</th><td>", what);
    st_put_count(t, value);
    st_text_put(t, "</td></tr>\n");
}

static void row_accuracy(struct st_text *t, const char *what, double accuracy, const char *source)
{
    st_text_put(t, "<tr><th scope=\"row\">");
    st_text_html(t, what);
    st_text_put(t, "</th><td class=\"n\">");
    st_put_percent(t, accuracy, 2);
    st_text_put(t, "</td><td>");
    st_text_html(t, source);
    st_text_put(t, "</td></tr>\n");
}

static void accuracy_table(struct st_page *p)
{
    const struct st_result *r = p->result;
    struct st_text *t = p->t;
    struct st_spread s = st_spread_of(r->copy_accuracy, r->copies);
    struct st_text here;
    st_text_init(&here, p->arena);
    st_text_put(&here, "this run, ");
    st_put_count(&here, (double)r->tested);
    st_text_put(&here, " test pictures");
    st_text_put(t, "<h3>Accuracy</h3>\n<div class=\"scroll\"><table>\n<thead><tr><th scope=\"col\">Network</th>"
                   "<th scope=\"col\" class=\"n\">Accuracy</th><th scope=\"col\">Source</th></tr></thead>\n<tbody>\n");
    if (r->copies > 1) {
        row_accuracy(t, st_arena_printf(p->arena, "Ensemble of %u, votes added", r->copies), r->accuracy, here.at);
        row_accuracy(t, st_arena_printf(p->arena, "One network, mean of %u", r->copies), s.mean, here.at);
        row_accuracy(t, "One network, lowest", s.lowest, here.at);
        row_accuracy(t, "One network, highest", s.highest, here.at);
    } else {
        row_accuracy(t, "One network", r->accuracy, here.at);
    }
    for (uint32_t i = 0; i < p->in->published_count; i++) {
        const struct st_published *other = &p->in->published[i];
        bool says_so = !strncasecmp(other->what, "published", 9);
        row_accuracy(t, st_arena_printf(p->arena, "%s%s", says_so ? "" : "Published: ", other->what), other->accuracy,
                     other->source);
    }
    st_textf(t, "</tbody></table></div>\n<p class=\"note\">A picture without an answer counts as wrong; ");
    st_put_count(t, (double)r->silent);
    st_textf(t, " had none%s.</p>\n", r->copies > 1 ? " from the ensemble" : "");
}

/* Words of rows: plastic ones are synapses each; of static ones those of weight 0 may be padding between synapses. */
struct words {
    uint64_t plastic, fixed, zero;
};

static struct words words_of(const struct st_image *image)
{
    struct words w = {0};
    for (uint32_t c = 0; c < image->core_count; c++) {
        const struct st_core *core = &image->cores[c];
        w.plastic += (uint64_t)core->plastic.axons * core->plastic.count;
        w.fixed += core->weight_count;
        for (uint32_t i = 0; i < core->weight_count; i++)
            w.zero += core->weights[i] == 0;
    }
    return w;
}

static void facts_table(struct st_page *p)
{
    const struct st_image *image = p->image;
    const struct st_result *r = p->result;
    struct st_text *t = p->t;
    uint64_t neurons = 0;
    struct words w = words_of(image);
    for (uint32_t c = 0; c < image->core_count; c++)
        neurons += image->cores[c].neuron_count;
    st_text_put(t, "<h3>The run</h3>\n<div class=\"scroll\"><table><tbody>\n");
    row_text(t, "Network", image->network);
    row_text(t, "Fabric", image->fabric);
    if (r) {
        row_text(t, "Experiment", r->experiment);
        row_text(t, "Data set", r->dataset);
        st_textf(t, "<tr><th scope=\"row\">Seed</th><td>%llu</td></tr>\n", (unsigned long long)r->seed);
    }
    if (r && r->command) {
        st_text_put(t, "<tr><th scope=\"row\">Command</th><td><code>");
        st_text_html(t, r->command);
        st_text_put(t, "</code></td></tr>\n");
    }
    row_count(t, "Copies", image->copy_count);
    row_count(t, "Cores a copy", image->core_count);
    row_count(t, "Neurons a copy", (double)neurons);
    row_count(t, "Plastic synapses a copy", (double)w.plastic);
    row_count(t, "Static synapses a copy, weight not 0", (double)(w.fixed - w.zero));
    row_count(t, "Words of weight 0 in static rows", (double)w.zero);
    st_textf(t, "<tr><th scope=\"row\">Presentation</th><td>%u ticks: %u of picture, %u of silence</td></tr>\n",
             image->period_ticks, image->picture_ticks,
             image->period_ticks > image->picture_ticks ? image->period_ticks - image->picture_ticks : 0);
    if (r && r->trained && r->train_seconds > 0) {
        st_text_put(t, "<tr><th scope=\"row\">Training</th><td>");
        st_put_count(t, (double)r->trained);
        st_text_put(t, " pictures a copy, ");
        st_put_count(t, (double)r->trained * r->copies / r->train_seconds);
        st_textf(t, " pictures a second (all copies, %u thread%s, ", r->threads, r->threads == 1 ? "" : "s");
        st_text_html(t, r->variant ? r->variant : "");
        st_text_put(t, ")</td></tr>\n");
    }
    row_text(t, "Made by", "Stoa " ST_VERSION);
    row_text(t, "Date of the page", p->in->date);
    st_text_put(t, "</tbody></table></div>\n");
}

static void key_figures(struct st_page *p)
{
    const struct st_result *r = p->result;
    struct st_text *t = p->t;
    st_text_put(t, "<div class=\"key\">\n");
    if (r) {
        if (r->copies > 1) {
            key_figure(t, "accuracy, ensemble", percent2, r->accuracy);
            key_figure(t, "accuracy, one network", percent2, st_spread_of(r->copy_accuracy, r->copies).mean);
        } else {
            key_figure(t, "accuracy", percent2, r->accuracy);
        }
        struct st_energy e = st_energy_of(p->image, &r->test, ST_PER_PRESENTATION);
        const char *least = e.missing ? ", at least" : "";
        if (e.known && r->copies > 1)
            key_figure(t, st_arena_printf(p->arena, "energy a picture, ensemble of %u%s", r->copies, least),
                       st_put_energy, e.total_pj * r->copies);
        if (e.known)
            key_figure(t, st_arena_printf(p->arena, "energy a picture, one network%s", least), st_put_energy,
                       e.total_pj);
    } else if (p->run) {
        struct st_energy e = st_energy_of(p->image, &p->run->counters, ST_PER_RUN);
        key_figure(t, "ticks run", st_put_count, (double)p->run->counters.ticks);
        key_figure(t, "spikes", st_put_count, (double)p->run->counters.spikes);
        if (e.known)
            key_figure(t, e.missing ? "energy of the run, at least" : "energy of the run", st_put_energy, e.total_pj);
    }
    struct st_latency l = r        ? st_latency_of(p->image, &r->test, ST_PER_PRESENTATION)
                          : p->run ? st_latency_of(p->image, &p->run->counters, ST_PER_RUN)
                                   : st_latency_of(p->image, NULL, ST_PER_PRESENTATION);
    if (l.known)
        key_figure(t,
                   !l.with_work ? "a presentation takes, at least"
                   : p->run     ? "the run takes, estimate"
                                : "latency a picture, estimate",
                   st_put_time, l.total_ns);
    struct st_budget b = st_budget_sum(p->image);
    if (b.room)
        key_figure(t, "of the memory used", percent1, (double)b.used / (double)b.room);
    key_figure(t, p->image->core_count == 1 ? "core a copy" : "cores a copy", st_put_count, p->image->core_count);
    st_text_put(t, "</div>\n");
}

void st_html_summary(struct st_page *p)
{
    st_put_section(p->t, "summary", "Summary", ST_LAYOUT_COLUMNS);
    key_figures(p);
    if (p->result)
        accuracy_table(p);
    facts_table(p);
    st_put_section_end(p->t);
}

/* --- the parts and the whole ----------------------------------------------------------------------------------- */

/* A section, its place in the list of sections, and its text. */
struct part {
    const char *id, *name;
    void (*put)(struct st_page *);
    bool there; /* this input has it */
    bool last;  /* it can do with what the others leave, so it is written after them */
    struct st_text text;
};

static void write_part(struct st_page *p, struct part *part, size_t room)
{
    st_text_init(&part->text, p->arena);
    p->t = &part->text;
    p->room = room;
    part->put(p);
}

static void leave_out(struct st_page *p, struct part *part)
{
    size_t bytes = part->text.length;
    st_text_init(&part->text, p->arena);
    st_put_section(&part->text, part->id, part->name, ST_LAYOUT_WHOLE);
    st_text_put(&part->text, "<p class=\"note\">This section is left out: it takes ");
    st_put_count(&part->text, (double)bytes);
    st_text_put(&part->text, " bytes, and the page would be larger than 2 MB.</p>\n");
    st_put_section_end(&part->text);
}

static size_t length_of(const struct part *parts, uint32_t count)
{
    size_t sum = 0;
    for (uint32_t i = 0; i < count; i++)
        sum += parts[i].text.length;
    return sum;
}

/* The largest part goes first: so most of them stay. */
static void fit(struct st_page *p, struct part *parts, uint32_t count, size_t most)
{
    for (uint32_t left_out = 0; left_out < count && length_of(parts, count) > most; left_out++) {
        struct part *largest = parts;
        for (uint32_t i = 1; i < count; i++)
            largest = parts[i].text.length > largest->text.length ? &parts[i] : largest;
        leave_out(p, largest);
    }
}

/* All parts within so many bytes together. */
static void write_parts(struct st_page *p, struct part *parts, uint32_t count, size_t most)
{
    enum { A_PART = 400000, LAST_LEAST = 600000, LAST_MOST = 1200000 };
    for (uint32_t i = 0; i < count; i++) {
        st_text_init(&parts[i].text, p->arena);
        if (parts[i].there && !parts[i].last)
            write_part(p, &parts[i], A_PART);
    }
    fit(p, parts, count, most - LAST_LEAST);
    for (uint32_t i = 0; i < count; i++)
        if (parts[i].there && parts[i].last) {
            size_t left = most - length_of(parts, count);
            write_part(p, &parts[i], left < LAST_MOST ? left : LAST_MOST);
        }
    fit(p, parts, count, most);
}

char *st_report_html(struct st_arena *a, const struct st_report_input *in, size_t *length)
{
    const struct st_result *r = in->result;
    struct part parts[] = {
        {"summary", "Summary", st_html_summary, true, false, {0}},
        {"tasks", "Tasks", st_html_tasks, r && r->scores.rows, false, {0}},
        {"steps", "Step by step", st_html_album, r && r->album.count, false, {0}},
        {"migration", "Migration", st_html_moves, r && r->moves.population, false, {0}},
        {"confusion", "Confusion", st_html_confusion, r, false, {0}},
        {"votes", "Votes", st_html_votes, r, false, {0}},
        {"curve", "Learning curve", st_html_curve, r, false, {0}},
        {"fields", "Receptive fields", st_html_fields, true, true, {0}},
        {"raster", "Spikes", st_html_raster, r, false, {0}},
        {"memory", "Memory", st_html_memory, true, false, {0}},
        {"routing", "Routing", st_html_routing, true, false, {0}},
        {"traffic", "Traffic", st_html_flow, true, false, {0}},
        {"energy", "Energy", st_html_energy, true, false, {0}},
    };
    enum {
        PARTS = sizeof parts / sizeof *parts,
        FRAME = 20000
    }; /* what stands around the parts, but for fixed texts */
    struct st_text text;
    struct st_page page = {.arena = a, .image = in->image, .result = r, .run = in->run, .in = in};
    write_parts(&page, parts, PARTS, ST_PAGE_MOST - FRAME - strlen(st_html_style) - strlen(st_html_script));
    st_text_init(&text, a);
    st_put_head(&text);
    st_text_html(&text, in->image->network);
    st_text_put(&text, " on ");
    st_text_html(&text, in->image->fabric);
    st_text_put(&text, " \xe2\x80\x93 Stoa report");
    st_put_body(&text, true);
    st_text_html(&text, in->image->network);
    st_text_put(&text, " on ");
    st_text_html(&text, in->image->fabric);
    st_text_put(&text, "</h1>\n<p class=\"sub\">What the mapping costs and what the network has "
                       "learnt</p>\n</header>\n<nav aria-label=\"sections\">");
    for (uint32_t i = 0; i < PARTS; i++)
        if (parts[i].text.length)
            st_textf(&text, "<a href=\"#%s\">%s</a>", parts[i].id, parts[i].name);
    st_text_put(&text, "</nav>\n<main>\n");
    for (uint32_t i = 0; i < PARTS; i++)
        st_text_add(&text, parts[i].text.at, parts[i].text.length);
    st_text_put(&text, "</main>\n<footer>Stoa " ST_VERSION);
    if (in->date && in->date[0]) {
        st_text_put(&text, ", ");
        st_text_html(&text, in->date);
    }
    st_text_put(&text, ". Widths and counts are the image's own; energies are counted events times the fabric file's "
                       "coefficients.");
    st_put_end(&text);
    *length = text.length;
    return text.at;
}
