/* html_compare.c - the page of mappings side by side: a plot of cores and links, and the table. */
#include "compare.h"
#include "html.h"
#include <math.h>

enum { WIDE = 560, HIGH = 300, LEFT = 64, TOP = 16, BELOW = 40 };

struct spans {
    double cores, links;
};

static double x_of(double cores, struct spans s) { return LEFT + WIDE * cores / s.cores; }
static double y_of(double links, struct spans s) { return TOP + HIGH * (1 - links / s.links); }

static struct spans spans_of(const struct st_candidate *list, uint32_t count)
{
    struct spans s = {1, 1};
    for (uint32_t i = 0; i < count; i++)
        if (!list[i].refused) {
            s.cores = fmax(s.cores, list[i].cores);
            s.links = fmax(s.links, (double)list[i].links);
        }
    s.cores *= 1.05;
    s.links *= 1.05;
    return s;
}

/* A step down from each of the best to the next: what lies above it is beaten. */
static void front(struct st_text *t, const struct st_candidate *list, uint32_t count, struct spans s)
{
    double cores = 0, links = s.links;
    bool pen = false;
    for (;;) {
        const struct st_candidate *next = NULL;
        for (uint32_t i = 0; i < count; i++)
            if (list[i].best && list[i].cores > cores && (!next || list[i].cores < next->cores))
                next = &list[i];
        if (!next)
            break;
        cores = next->cores;
        st_textf(t, "%s%.1f %.1f", pen ? "L" : "<path class=\"curve\" fill=\"none\" d=\"M", x_of(cores, s),
                 y_of(links, s));
        links = (double)next->links;
        st_textf(t, "L%.1f %.1f", x_of(cores, s), y_of(links, s));
        pen = true;
    }
    if (pen)
        st_textf(t, "L%d %.1f\" />\n", LEFT + WIDE, y_of(links, s));
}

static void plot(struct st_text *t, const struct st_candidate *list, uint32_t count)
{
    struct spans s = spans_of(list, count);
    st_textf(
        t,
        "<div class=\"scroll\"><svg viewBox=\"0 0 %d %d\" width=\"%d\" role=\"img\" aria-label=\"cores and links\">\n",
        LEFT + WIDE + 12, TOP + HIGH + BELOW, LEFT + WIDE + 12);
    for (int i = 0; i <= 4; i++) {
        double links = s.links * i / 4, cores = s.cores * i / 4;
        st_textf(t,
                 "<line class=\"grid\" x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\" /><text x=\"%d\" y=\"%.1f\" "
                 "text-anchor=\"end\">%.0f</text><text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%.1f</text>\n",
                 LEFT, LEFT + WIDE, y_of(links, s), y_of(links, s), LEFT - 6, y_of(links, s) + 4, links, x_of(cores, s),
                 TOP + HIGH + 18, cores);
    }
    front(t, list, count, s);
    for (uint32_t i = 0; i < count; i++) {
        const struct st_candidate *c = &list[i];
        if (c->refused)
            continue;
        st_textf(t, "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"%s\" style=\"fill:var(%s);fill-opacity:0.7\"><title>",
                 x_of(c->cores, s), y_of((double)c->links, s), c->best ? "6" : "4", c->best ? "--third" : "--main");
        st_text_html(t, c->fabric);
        st_textf(t, ", %u x %u, %u neurons a core: %u cores, %llu links</title></circle>\n", c->mesh_width,
                 c->mesh_height, c->neurons, c->cores, (unsigned long long)c->links);
    }
    st_textf(t, "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">cores</text>\n</svg></div>\n", LEFT + WIDE / 2,
             TOP + HIGH + 36);
    st_text_put(t, "<p class=\"note\">Across: cores. Up: links crossed when every source speaks once. A dot a mapping, "
                   "its name when it is pointed at; large ones are those that no other beats in both.</p>\n");
}

static void row(struct st_text *t, const struct st_candidate *c)
{
    st_text_put(t, "<tr><th scope=\"row\">");
    st_text_html(t, c->fabric);
    st_textf(t, "%s</th><td class=\"n\">%u x %u</td><td class=\"n\">%u</td>", c->best ? " *" : "", c->mesh_width,
             c->mesh_height, c->neurons);
    if (c->refused) {
        st_text_put(t, "<td colspan=\"6\">");
        st_text_html(t, c->refused);
        st_text_put(t, "</td></tr>\n");
        return;
    }
    const double counts[] = {c->cores, (double)c->links, (double)c->fullest};
    for (int i = 0; i < 3; i++) {
        st_text_put(t, "<td class=\"n\">");
        st_put_count(t, counts[i]);
        st_text_put(t, "</td>");
    }
    st_text_put(t, "<td class=\"n\">");
    st_put_percent(t, c->memory_room ? (double)c->memory_used / (double)c->memory_room : NAN, 1);
    st_text_put(t, "</td><td class=\"n\">");
    if (isnan(c->energy_pj))
        st_text_put(t, "-");
    else
        st_put_energy(t, c->energy_pj);
    st_text_put(t, "</td><td class=\"n\">");
    if (isnan(c->tick_ns))
        st_text_put(t, "-");
    else
        st_put_time(t, c->tick_ns);
    st_text_put(t, "</td></tr>\n");
}

char *st_candidates_html(struct st_arena *a, const char *network, const struct st_candidate *list, uint32_t count,
                         size_t *length)
{
    static const char *const heads[] = {"mesh",         "neurons a core", "cores",  "links",
                                        "fullest link", "memory",         "energy", "tick, at least"};
    struct st_text text, *t = &text;
    st_text_init(t, a);
    st_put_head(t);
    st_text_html(t, network);
    st_text_put(t, " mapped");
    st_put_body(t, false);
    st_text_html(t, network);
    st_textf(t, " mapped</h1>\n<p class=\"sub\">%u mapping%s side by side, one copy, every source speaks once</p>\n",
             count, count == 1 ? "" : "s");
    st_text_put(t, "</header>\n<main>\n");
    st_put_section(t, "plot", "Cores and links", ST_LAYOUT_HALF);
    plot(t, list, count);
    st_put_section_end(t);
    st_put_section(t, "table", "All", ST_LAYOUT_HALF);
    st_text_put(t, "<div class=\"scroll\"><table>\n<thead><tr><th scope=\"col\">fabric</th>");
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++)
        st_textf(t, "<th scope=\"col\" class=\"n\">%s</th>", heads[i]);
    st_text_put(t, "</tr></thead>\n<tbody>\n");
    for (uint32_t i = 0; i < count; i++)
        row(t, &list[i]);
    st_text_put(t, "</tbody></table></div>\n");
    st_put_section_end(t);
    st_text_put(t, "</main>\n<footer>Stoa " ST_VERSION);
    st_put_end(t);
    *length = t->length;
    return t->at;
}
