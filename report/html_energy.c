#include "energy.h"
#include "html.h"
#include <math.h>
#include <string.h>

static void put_price(struct st_text *t, const struct st_energy_part *part)
{
    if (!part->priced) {
        st_text_put(t, "<td class=\"n\">not priced</td>");
        return;
    }
    st_text_put(t, "<td class=\"n\">");
    st_put_energy(t, part->price_pj);
    st_text_put(t, part->cited ? "</td>" : " *</td>");
}

/* Closes a cell, and with energy, share and bar the row. */
static void put_share(struct st_text *t, double pj, double share)
{
    st_text_put(t, "</td><td class=\"n\">");
    st_put_energy(t, pj);
    st_text_put(t, "</td><td class=\"n\">");
    st_put_percent(t, share, 1);
    st_text_put(t, "</td><td>");
    st_put_bar(t, share);
    st_text_put(t, "</td></tr>\n");
}

static void energy_table(struct st_page *p, const char *what, const struct st_counters *c, enum st_per per)
{
    struct st_energy e = st_energy_of(p->image, c, per);
    struct st_text *t = p->t;
    const char *each = per == ST_PER_RUN ? "in the run" : "a picture";
    if (!e.known)
        return;
    st_textf(t,
             "<h3>%s</h3>\n<div class=\"scroll\"><table>\n<thead><tr><th scope=\"col\">Part</th>"
             "<th scope=\"col\" class=\"n\">events %s</th><th scope=\"col\" class=\"n\">energy of one</th>"
             "<th scope=\"col\" class=\"n\">energy %s</th><th scope=\"col\" class=\"n\">share</th>"
             "<th scope=\"col\"></th></tr></thead>\n<tbody>\n",
             what, each, each);
    for (int i = 0; i < ST_ENERGY_COUNT; i++) {
        const struct st_energy_part *part = &e.part[i];
        double share = e.total_pj > 0 ? part->pj / e.total_pj : 0;
        st_textf(t, "<tr><th scope=\"row\">%s</th><td class=\"n\">", part->title);
        st_put_short(t, part->count);
        st_text_put(t, "</td>");
        put_price(t, part);
        st_text_put(t, "<td class=\"n\">");
        if (part->priced)
            st_put_energy(t, part->pj);
        st_text_put(t, "</td><td class=\"n\">");
        if (part->priced)
            st_put_percent(t, share, 1);
        st_text_put(t, "</td><td>");
        if (part->priced)
            st_put_bar(t, share);
        st_text_put(t, "</td></tr>\n");
    }
    st_textf(t, "<tr class=\"sum\"><th scope=\"row\">%s</th><td></td><td></td><td class=\"n\">",
             e.missing ? "Together, at least" : "Together");
    st_put_energy(t, e.total_pj);
    st_text_put(t, "</td><td></td><td></td></tr>\n</tbody></table></div>\n<p>");
    st_put_percent(t, e.total_pj > 0 ? e.uncited_pj / e.total_pj : 0, 1);
    st_text_put(t, " of this total rests on coefficients without a cited source (marked *).");
    if (e.missing)
        st_textf(t, " %u part%s happened that the fabric does not price.", e.missing, e.missing == 1 ? "" : "s");
    if (p->image->copy_count > 1 && per == ST_PER_PRESENTATION) {
        st_textf(t, " An ensemble of %u copies takes ", p->image->copy_count);
        st_put_energy(t, e.total_pj * p->image->copy_count);
        st_text_put(t, " a picture.");
    }
    st_text_put(t, "</p>\n");
}

/* Where in a run the energy went: what each core counted; the host's packets are the rest. */
static void by_core(struct st_page *p)
{
    const struct st_ran *run = p->run;
    struct st_text *t = p->t;
    double all = st_energy_of(p->image, &run->counters, ST_PER_RUN).total_pj, rest = all;
    if (!run->cores || all <= 0)
        return;
    st_text_put(t, "<h3>Core by core</h3>\n<div class=\"scroll\"><table>\n<thead><tr><th scope=\"col\">Core</th>"
                   "<th scope=\"col\">Tile</th><th scope=\"col\" class=\"n\">spikes</th>"
                   "<th scope=\"col\" class=\"n\">synaptic operations</th>"
                   "<th scope=\"col\" class=\"n\">energy</th><th scope=\"col\" class=\"n\">share</th>"
                   "<th scope=\"col\"></th></tr></thead>\n<tbody>\n");
    for (uint32_t k = 0; k < run->core_count; k++) {
        const struct st_counters *c = &run->cores[k];
        double pj = st_energy_of_core(p->image, c).total_pj;
        rest -= pj;
        st_textf(t, "<tr><th scope=\"row\">%u</th><td>%u, %u</td><td class=\"n\">", k, p->image->cores[k].x,
                 p->image->cores[k].y);
        st_put_count(t, (double)c->spikes);
        st_text_put(t, "</td><td class=\"n\">");
        st_put_count(t, (double)c->synaptic_operations);
        put_share(t, pj, pj / all);
    }
    st_text_put(t, "<tr><th scope=\"row\">The host's packets</th><td></td><td></td><td class=\"n\">");
    put_share(t, fmax(rest, 0), fmax(rest, 0) / all);
    st_text_put(t, "</tbody></table></div>\n");
}

static void latency(struct st_page *p)
{
    const struct st_counters *c = p->run ? &p->run->counters : p->result ? &p->result->test : NULL;
    struct st_latency l = st_latency_of(p->image, c, p->run ? ST_PER_RUN : ST_PER_PRESENTATION);
    struct st_text *t = p->t;
    if (!l.known)
        return;
    st_text_put(t, l.with_work ? "<h3>Latency, an estimate</h3>\n<p>" : "<h3>Latency, a lower bound</h3>\n<p>");
    st_put_time(t, l.total_ns);
    st_textf(t, " %s: %llu ticks of the shortest length take ", p->run ? "for the run" : "a presentation",
             (unsigned long long)(p->run ? c->ticks : p->image->period_ticks));
    st_put_time(t, l.ticks_ns);
    if (l.with_work) {
        st_textf(t,
                 ", and the work counted on %u lanes of each core, if the cores share it evenly and nothing "
                 "waits, ",
                 p->image->limits.lanes);
        st_put_time(t, l.work_ns);
    } else {
        st_text_put(t, "; the work within the ticks is not known here and not counted");
    }
    st_textf(t, ". %s</p>\n",
             l.cited ? "The coefficients have sources." : "At least one of its coefficients has no cited source.");
}

static const char *meaning_of(const char *key)
{
    static const struct {
        const char *key, *what;
    } known[] = {
#define X(name, unit, says) {#name, says},
#include "stoa/costs.def"
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (!strcmp(known[i].key, key))
            return known[i].what;
    return "";
}

static void coefficients(struct st_page *p)
{
    struct st_text *t = p->t;
    st_text_put(t, "<h3>Coefficients</h3>\n<div class=\"scroll\"><table>\n<thead><tr><th scope=\"col\">Coefficient</th>"
                   "<th scope=\"col\" class=\"n\">value</th><th scope=\"col\">of</th><th scope=\"col\">source</th></tr>"
                   "</thead>\n<tbody>\n");
    for (uint32_t i = 0; i < p->image->cost_count; i++) {
        const struct st_cost *c = &p->image->costs[i];
        st_text_put(t, "<tr><th scope=\"row\">");
        st_text_html(t, c->key);
        st_text_put(t, "</th><td class=\"n\">");
        st_text_number(t, c->value);
        st_text_put(t, "\xc2\xa0");
        st_text_html(t, c->unit);
        st_text_put(t, "</td><td>");
        st_text_html(t, meaning_of(c->key));
        st_text_put(t, "</td><td>");
        if (!c->cited)
            st_text_put(t, "* ");
        st_text_html(t, c->source[0] ? c->source : "none");
        st_text_put(t, "</td></tr>\n");
    }
    st_text_put(t, "</tbody></table></div>\n");
}

void st_html_energy(struct st_page *p)
{
    const struct st_result *r = p->result;
    st_put_section(p->t, "energy", "Energy and latency", ST_LAYOUT_COLUMNS);
    if (p->image->cost_count == 0) {
        st_text_put(p->t, "<p class=\"note\">The fabric prices nothing.</p>\n");
        st_put_section_end(p->t);
        return;
    }
    if (r && (r->test.presentations || r->train.presentations)) {
        st_text_put(p->t, "<p>One picture on one copy: events counted by the simulator times the fabric's "
                          "coefficients.</p>\n");
        energy_table(p, "Evaluation", &r->test, ST_PER_PRESENTATION);
        energy_table(p, "Training", &r->train, ST_PER_PRESENTATION);
    } else if (p->run) {
        st_text_put(p->t, "<p>The whole run: events counted by the machine (");
        st_text_html(p->t, p->run->ran_on);
        st_text_put(p->t, ") times the fabric's coefficients.</p>\n");
        energy_table(p, "The run", &p->run->counters, ST_PER_RUN);
        by_core(p);
    } else {
        st_text_put(p->t, "<p class=\"note\">Energies need the counters of a run (stoa report IMAGE --run FILE, the "
                          "FILE of stoa run --json); here are the coefficients.</p>\n");
    }
    latency(p);
    coefficients(p);
    st_put_section_end(p->t);
}
