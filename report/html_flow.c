#include "html.h"
#include "flow.h"
#include <math.h>
#include <stdlib.h>

/* A tile is a square, each direction of a link a strip towards the next: darker for more packets. Small enough for 64 x
 * 64 tiles; numbers and names are what the pointer asks for. */
enum { PITCH = 24, TILE = 13, STRIP = 4, EDGE = 14, NAMED = 6, PAIRS_MOST = 32 };

static const char *const ways[4] = {"east", "west", "north", "south"};

struct ranked {
    uint64_t packets;
    uint32_t from, to;
};

static int more_packets(const void *x, const void *y)
{
    const struct ranked *a = x, *b = y;
    if (a->packets != b->packets)
        return a->packets < b->packets ? 1 : -1;
    if (a->from != b->from)
        return a->from < b->from ? -1 : 1;
    return (a->to > b->to) - (a->to < b->to);
}

/* The most first; what is 0 is left out. */
static uint32_t rank(struct ranked *out, const uint64_t *packets, uint32_t rows, uint32_t columns)
{
    uint32_t n = 0;
    for (uint32_t y = 0; y < rows; y++)
        for (uint32_t x = 0; x < columns; x++)
            if (packets[(size_t)y * columns + x])
                out[n++] = (struct ranked){packets[(size_t)y * columns + x], y, x};
    if (n)
        qsort(out, n, sizeof *out, more_packets);
    return n;
}

static void begin_square(struct st_text *t, double x, double y, double width, double height, double share)
{
    st_textf(t, "<rect class=\"heat\" style=\"--a:%.2f\" x=\"%.1f\" y=\"%.1f\" width=\"%.0f\" height=\"%.0f\"><title>",
             share > 0 ? 0.12 + 0.88 * share : 0, x, y, width, height);
}

static double middle(uint32_t k) { return EDGE + k * (double)PITCH + TILE / 2.0; }

static void tile(struct st_page *p, const struct st_flow *f, uint32_t x, uint32_t y)
{
    struct st_text *t = p->t;
    size_t at = (size_t)y * f->width + x;
    int32_t core = f->core[at];
    begin_square(t, middle(x) - TILE / 2.0, middle(y) - TILE / 2.0, TILE, TILE,
                 f->most_arrived ? (double)f->arrived[at] / (double)f->most_arrived : 0);
    st_textf(t, "tile (%u, %u), ", x, y);
    if (core < 0) {
        st_text_put(t, "no core</title></rect>\n");
        return;
    }
    st_textf(t, "core %d: ", core);
    st_put_names(t, p->image, &p->image->cores[core]);
    st_textf(t, "; %llu packets arrive</title></rect>\n", (unsigned long long)f->arrived[at]);
}

static void strip(struct st_page *p, const struct st_flow *f, struct ranked *room, uint32_t x, uint32_t y,
                  unsigned port)
{
    static const int step[4][2] = {{1, 0}, {-1, 0}, {0, -1}, {0, 1}};
    struct st_text *t = p->t;
    size_t at = ((size_t)y * f->width + x) * 4 + port;
    if (!f->link[at])
        return;
    double dx = step[port][0], dy = step[port][1], gap = PITCH - TILE, across = TILE / 2.0 - STRIP / 2.0;
    double cx = middle(x) + dx * (PITCH / 2.0) - dy * across, cy = middle(y) + dy * (PITCH / 2.0) + dx * across;
    double width = port < 2 ? gap : STRIP, height = port < 2 ? STRIP : gap;
    begin_square(t, cx - width / 2, cy - height / 2, width, height, (double)f->link[at] / (double)f->fullest);
    st_textf(t, "(%u, %u) %s: %llu packets", x, y, ways[port], (unsigned long long)f->link[at]);
    uint32_t n = rank(room, f->by + at * f->senders, 1, f->senders);
    for (uint32_t k = 0; k < n && k < NAMED; k++) {
        st_text_put(t, k ? ", " : " of ");
        st_text_html(t, st_flow_sender(p->image, room[k].to));
        st_textf(t, " %llu", (unsigned long long)room[k].packets);
    }
    st_text_put(t, n > NAMED ? ", and others</title></rect>\n" : "</title></rect>\n");
}

static void heat_map(struct st_page *p, const struct st_flow *f, struct ranked *room)
{
    struct st_text *t = p->t;
    double width = 2 * EDGE + f->width * (double)PITCH, height = 2 * EDGE + f->height * (double)PITCH;
    st_textf(t,
             "<div class=\"scroll\"><svg class=\"mesh\" viewBox=\"0 0 %.0f %.0f\" width=\"%.0f\" role=\"img\" "
             "aria-label=\"packets by "
             "tile and link\">\n",
             width, height, fmin(2 * width, 1032));
    for (uint32_t y = 0; y < f->height; y++)
        for (uint32_t x = 0; x < f->width; x++) {
            tile(p, f, x, y);
            for (unsigned port = 0; port < 4; port++)
                strip(p, f, room, x, y, port);
        }
    st_text_put(t, "</svg></div>\n");
}

static void pairs(struct st_page *p, const struct st_flow *f, struct ranked *room)
{
    struct st_text *t = p->t;
    uint32_t n = rank(room, f->pair, f->senders, p->image->population_count);
    if (!n)
        return;
    st_text_put(t, "<h3>By population</h3>\n<div class=\"scroll\"><table>\n<thead><tr><th scope=\"col\">From</th>"
                   "<th scope=\"col\">To</th><th scope=\"col\" class=\"n\">packets that arrive</th>"
                   "<th scope=\"col\"></th></tr></thead>\n<tbody>\n");
    for (uint32_t k = 0; k < n && k < PAIRS_MOST; k++) {
        st_text_put(t, "<tr><th scope=\"row\">");
        st_text_html(t, st_flow_sender(p->image, room[k].from));
        st_text_put(t, "</th><td>");
        st_text_html(t, p->image->populations[room[k].to].name);
        st_text_put(t, "</td><td class=\"n\">");
        st_put_count(t, (double)room[k].packets);
        st_text_put(t, "</td><td>");
        st_put_bar(t, (double)room[k].packets / (double)f->most_of_pair);
        st_text_put(t, "</td></tr>\n");
    }
    st_text_put(t, "</tbody></table></div>\n");
    if (n > PAIRS_MOST)
        st_textf(t, "<p class=\"note\">And %u pairs with fewer; all of them are in the JSON.</p>\n", n - PAIRS_MOST);
}

void st_html_flow(struct st_page *p)
{
    struct st_flow f = st_flow_of(p->arena, p->image);
    if (f.width == 0 || f.height == 0)
        return;
    size_t most = (size_t)f.senders * (p->image->population_count ? p->image->population_count : 1);
    struct ranked *room = ST_NEW(p->arena, struct ranked, most);
    st_put_section(p->t, "traffic", "Traffic", ST_LAYOUT_HALF);
    st_textf(p->t, "<p>Packets when every source speaks once: at most %llu on a link and %llu into a core.</p>\n",
             (unsigned long long)f.fullest, (unsigned long long)f.most_arrived);
    heat_map(p, &f, room);
    st_text_put(p->t, "<p class=\"note\">Squares are tiles, darker where more packets reach their core; strips are "
                      "links, each direction its own, darker where more packets cross. Point at one for its numbers "
                      "and populations.</p>\n");
    pairs(p, &f, room);
    st_put_section_end(p->t);
}
