#include "budget.h"
#include "html.h"
#include "links.h"
#include <math.h>

/* --- memory ------------------------------------------------------------------------------------------------- */

static double share_of(uint64_t used, uint64_t room) { return room ? (double)used / (double)room : 0; }

static void bits_cells(struct st_text *t, uint64_t used, uint64_t room)
{
    st_text_put(t, "<td class=\"n\">");
    st_put_count(t, (double)used);
    st_text_put(t, "</td><td class=\"n\">");
    st_put_count(t, (double)room);
    st_text_put(t, "</td><td class=\"n\">");
    st_put_percent(t, room ? share_of(used, room) : NAN, 1);
    st_text_put(t, "</td>");
}

static void part_row(struct st_text *t, const struct st_budget *b, enum st_budget_part part)
{
    uint64_t used = b->part[part].used, room = b->part[part].room;
    bool shares = part > ST_BUDGET_WEIGHTS && part <= ST_BUDGET_MASK;
    if (used == 0 && room == 0 && (!shares || part == ST_BUDGET_LISTS || part == ST_BUDGET_MASK))
        return;
    st_textf(t, "<tr><th scope=\"row\">%s</th>", st_budget_title(part));
    if (part == ST_BUDGET_WEIGHTS || shares) {
        /* the room is written once, at the sum of the synapse memory above */
        st_text_put(t, "<td class=\"n\">");
        st_put_count(t, (double)used);
        st_text_put(t, "</td><td></td><td class=\"n\">");
        st_put_percent(t, b->part[ST_BUDGET_WEIGHTS].room ? share_of(used, b->part[ST_BUDGET_WEIGHTS].room) : NAN, 1);
        st_textf(t, "</td><td><span class=\"swatch s%d\"></span>of the synapse memory",
                 part == ST_BUDGET_MASK ? 2 : (int)part - (int)ST_BUDGET_WEIGHTS); /* few bits: of the last colour */
    } else {
        bits_cells(t, used, room);
        st_text_put(t, "<td>");
        st_put_bar(t, share_of(used, room));
    }
    st_textf(t, "</td><td class=\"sub\">%s</td></tr>\n", st_budget_entry(part));
}

static void synapse_bars(struct st_text *t, const struct st_budget *b)
{
    double room = (double)b->part[ST_BUDGET_WEIGHTS].room, shares[4];
    for (int i = 0; i < 4; i++)
        shares[i] = room > 0 ? (double)b->part[ST_BUDGET_WEIGHTS + i].used / room : 0;
    st_put_bars(t, shares, 4);
}

static void parts_table(struct st_page *p)
{
    struct st_text *t = p->t;
    struct st_budget b = st_budget_sum(p->image);
    st_textf(t,
             "<div class=\"scroll\"><table>\n<caption>%s, bits</caption>\n<thead><tr><th scope=\"col\">Memory</th>"
             "<th scope=\"col\" class=\"n\">used</th><th scope=\"col\" class=\"n\">there</th>"
             "<th scope=\"col\" class=\"n\">share</th><th scope=\"col\"></th><th scope=\"col\">an entry is</th></tr>"
             "</thead>\n<tbody>\n",
             p->image->core_count == 1 ? "The core" : "All cores of a copy");
    st_text_put(t, "<tr><th scope=\"row\">Synapse memory</th>");
    bits_cells(t, b.synapse_used, b.part[ST_BUDGET_WEIGHTS].room);
    st_text_put(t, "<td>");
    synapse_bars(t, &b);
    st_text_put(t, "</td><td class=\"sub\">all fields of the synapses</td></tr>\n");
    for (int i = 0; i < ST_BUDGET_COUNT; i++)
        part_row(t, &b, (enum st_budget_part)i);
    st_text_put(t, "<tr class=\"sum\"><th scope=\"row\">Together</th>");
    bits_cells(t, b.used, b.room);
    st_text_put(t, "<td>");
    st_put_bar(t, share_of(b.used, b.room));
    st_text_put(t, "</td><td></td></tr>\n</tbody></table></div>\n");
}

static void used_of(struct st_text *t, uint64_t used, uint64_t room)
{
    st_text_put(t, "<td class=\"n\">");
    st_put_count(t, (double)used);
    st_text_put(t, " / ");
    st_put_count(t, (double)room);
    st_text_put(t, "</td>");
}

void st_put_names(struct st_text *t, const struct st_image *image, const struct st_core *c)
{
    enum { NAMES_MOST = 8 };
    uint32_t names = 0;
    for (uint32_t g = 0; g < c->group_count; g++) {
        if (!st_budget_first_of(c, g))
            continue;
        if (names < NAMES_MOST) {
            st_text_put(t, names ? ", " : "");
            st_text_html(t, image->populations[c->groups[g].population].name);
        }
        names++;
    }
    if (names > NAMES_MOST)
        st_textf(t, " and %u more", names - NAMES_MOST);
}

static void core_row(struct st_page *p, uint32_t core)
{
    const struct st_image *image = p->image;
    const struct st_core *c = &image->cores[core];
    struct st_budget b = st_budget_core(image, core);
    struct st_text *t = p->t;
    st_textf(t, "<tr><th scope=\"row\">%u</th><td>(%u,\xc2\xa0%u)</td>", core, c->x, c->y);
    st_text_put(t, "<td class=\"names\">");
    st_put_names(t, image, c);
    st_text_put(t, "</td>");
    used_of(t, c->neuron_count, image->limits.neurons);
    used_of(t, c->axon_count, image->limits.axons);
    used_of(t, st_budget_routes(image, c->x, c->y), image->limits.route_entries);
    st_text_put(t, "<td>");
    synapse_bars(t, &b);
    st_text_put(t, "</td><td class=\"n\">");
    st_put_percent(t, share_of(b.synapse_used, b.part[ST_BUDGET_WEIGHTS].room), 1);
    st_text_put(t, "</td>");
    for (int i = ST_BUDGET_NEURONS; i < ST_BUDGET_COUNT; i++) {
        if (i == ST_BUDGET_ROUTES)
            continue;
        st_text_put(t, "<td class=\"n\">");
        st_put_percent(t, b.part[i].room ? share_of(b.part[i].used, b.part[i].room) : NAN, 1);
        st_text_put(t, "</td>");
    }
    st_text_put(t, "<td class=\"n\">");
    st_put_percent(t, share_of(b.used, b.room), 1);
    st_text_put(t, "</td></tr>\n");
}

static void cores_table(struct st_page *p)
{
    struct st_text *t = p->t;
    st_text_put(
        t, "<h3>Core by core</h3>\n<div class=\"scroll\"><table class=\"wide\">\n<thead><tr><th scope=\"col\">Core</th>"
           "<th scope=\"col\">Tile</th><th scope=\"col\">Populations</th>"
           "<th scope=\"col\" class=\"n\">Neurons</th>"
           "<th scope=\"col\" class=\"n\">Axons</th><th scope=\"col\" class=\"n\">Routing entries</th>"
           "<th scope=\"col\" colspan=\"2\">Synapse memory</th>");
    for (int i = ST_BUDGET_NEURONS; i < ST_BUDGET_COUNT; i++)
        if (i != ST_BUDGET_ROUTES)
            st_textf(t, "<th scope=\"col\" class=\"n\">%s</th>", st_budget_title((enum st_budget_part)i));
    st_text_put(t, "<th scope=\"col\" class=\"n\">Together</th></tr></thead>\n<tbody>\n");
    uint32_t c = 0;
    for (; c < p->image->core_count && t->length < p->room; c++)
        core_row(p, c);
    st_text_put(t, "</tbody></table></div>\n");
    if (c < p->image->core_count)
        st_textf(t, "<p class=\"note\">The first %u of %u cores, or the page would be too large.</p>\n", c,
                 p->image->core_count);
    st_text_put(t,
                "<p class=\"note\">Bars: <span class=\"swatch s0\"></span>weights"
                "<span class=\"swatch s1\"></span>resources<span class=\"swatch s2\"></span>auxiliary words and masks. "
                "Percentages are bits used of the bits there are.</p>\n");
}

void st_html_memory(struct st_page *p)
{
    st_put_section(p->t, "memory", "Memory", ST_LAYOUT_COLUMNS);
    parts_table(p);
    cores_table(p);
    st_put_section_end(p->t);
}

/* --- routing ------------------------------------------------------------------------------------------------ */

enum { TILE = 84, PITCH = 134, WEST = 64, EDGE = 12, MESH_MAX = 40, NUMBERS_MAX = 12, LETTERS = 11 };

/* As much of the first name as a tile has room for; all of them are what the pointer asks for. */
static void put_tile_name(struct st_text *t, const struct st_image *image, const struct st_core *c)
{
    if (!c->group_count)
        return;
    const char *name = image->populations[c->groups[0].population].name;
    uint32_t length = 0, letters = 0; /* a letter may be several bytes */
    for (; name[length] && letters < LETTERS; letters++)
        do
            length++;
        while (((unsigned char)name[length] & 0xc0) == 0x80);
    bool others = false;
    for (uint32_t g = 1; g < c->group_count; g++)
        others |= c->groups[g].population != c->groups[0].population;
    st_text_html(t, st_arena_printf(t->arena, "%.*s", (int)length, name));
    if (name[length] || others)
        st_text_put(t, "\xe2\x80\xa6");
}

static void mesh_tile(struct st_text *t, const struct st_image *image, double left, double top, int32_t core)
{
    st_textf(t, "<rect class=\"%s\" x=\"%.0f\" y=\"%.0f\" width=\"%d\" height=\"%d\">", core >= 0 ? "core" : "tile",
             left, top, TILE, TILE);
    if (core < 0) {
        st_text_put(t, "</rect>\n");
        return;
    }
    st_textf(t, "<title>core %d: ", core);
    st_put_names(t, image, &image->cores[core]);
    st_textf(t, "</title></rect><text class=\"num\" x=\"%.0f\" y=\"%.0f\">core %d</text>", left + TILE / 2.0,
             top + TILE / 2.0 - 4, core);
    st_textf(t, "<text class=\"num\" x=\"%.0f\" y=\"%.0f\">", left + TILE / 2.0, top + TILE / 2.0 + 14);
    put_tile_name(t, image, &image->cores[core]);
    st_text_put(t, "</text>\n");
}

/* One direction of a link, from a tile's side outwards; the two directions lie beside each other. */
static void link_line(struct st_text *t, const struct st_links *l, uint32_t x, uint32_t y, unsigned port)
{
    static const int way[4][2] = {{1, 0}, {-1, 0}, {0, -1}, {0, 1}};
    uint32_t load = st_link_load(l, x, y, port);
    if (load == 0)
        return;
    int dx = way[port][0], dy = way[port][1];
    double cx = WEST + x * (double)PITCH + TILE / 2.0, cy = EDGE + y * (double)PITCH + TILE / 2.0;
    double out = TILE / 2.0, away = 7;
    double x1 = cx + dx * out - dy * away, y1 = cy + dy * out + dx * away;
    double x2 = x1 + dx * (double)(PITCH - TILE), y2 = y1 + dy * (double)(PITCH - TILE);
    double width = 1 + 5 * (double)load / l->busiest;
    st_textf(t, "<path class=\"link\" stroke-width=\"%.1f\" d=\"M%.1f %.1fL%.1f %.1f\" marker-end=\"url(#tip)\" />",
             width, x1, y1, x2 - 10 * dx, y2 - 10 * dy);
    if (l->width <= NUMBERS_MAX && l->height <= NUMBERS_MAX)
        st_textf(t, "<text class=\"num\" x=\"%.1f\" y=\"%.1f\">%u</text>", (x1 + x2) / 2 - dy * 14.0,
                 (y1 + y2) / 2 + (dx > 0   ? 19
                                  : dx < 0 ? -10
                                           : 4),
                 load);
    st_text_put(t, "\n");
}

static void mesh_picture(struct st_text *t, const struct st_image *image, const struct st_links *l)
{
    double width = WEST + EDGE + (l->width - 1.0) * PITCH + TILE,
           height = 2.0 * EDGE + (l->height - 1.0) * PITCH + TILE;
    st_textf(t,
             "<div class=\"scroll\"><svg class=\"mesh\" viewBox=\"0 0 %.0f %.0f\" width=\"%.0f\" role=\"img\" "
             "aria-label=\"tiles and links\">\n<defs><marker id=\"tip\" viewBox=\"0 0 6 6\" refX=\"1\" refY=\"3\" "
             "markerWidth=\"11\" markerHeight=\"11\" "
             "markerUnits=\"userSpaceOnUse\" orient=\"auto\"><path d=\"M0 0L6 3L0 6Z\" fill=\"var(--main)\" />"
             "</marker></defs>\n",
             width, height, fmin(width, 1032));
    for (uint32_t y = 0; y < l->height; y++)
        for (uint32_t x = 0; x < l->width; x++) {
            int32_t core = l->core[(size_t)y * l->width + x];
            double left = WEST + x * (double)PITCH, top = EDGE + y * (double)PITCH;
            mesh_tile(t, image, left, top, core);
        }
    for (uint32_t y = 0; y < l->height; y++)
        for (uint32_t x = 0; x < l->width; x++)
            for (unsigned port = 0; port < ST_LINK_LOCAL; port++)
                link_line(t, l, x, y, port);
    if (st_link_load(l, 0, 0, ST_LINK_WEST))
        st_textf(t, "<text x=\"14\" y=\"%d\">host</text>\n", EDGE + TILE / 2 + 18);
    st_text_put(t, "</svg></div>\n");
}

void st_html_routing(struct st_page *p)
{
    struct st_text *t = p->t;
    struct st_links l = st_links_of(p->arena, p->image);
    st_put_section(t, "routing", "Routing", ST_LAYOUT_HALF);
    if (l.width == 0 || l.height == 0) {
        st_text_put(t, "<p class=\"note\">This image has no tiles.</p>\n");
        st_put_section_end(t);
        return;
    }
    st_textf(t,
             "<p>A copy takes %u \xc3\x97 %u tiles of the mesh of %u \xc3\x97 %u. %u blocks of sources need %u routing "
             "entries, at most %u in a tile of %u there are; the busiest link carries %u block%s. When every source "
             "speaks once, packets cross %llu links, and %llu of them "
             "the fullest.</p>\n",
             l.width, l.height, p->image->limits.mesh_width, p->image->limits.mesh_height, p->image->block_count,
             p->image->route_count, l.most_entries, p->image->limits.route_entries, l.busiest,
             l.busiest == 1 ? "" : "s", (unsigned long long)l.hops, (unsigned long long)l.fullest);
    if (l.width <= MESH_MAX && l.height <= MESH_MAX)
        mesh_picture(t, p->image, &l);
    st_text_put(t, "<p class=\"note\">A link's load is the number of blocks whose packets take it; arrows are as thick "
                   "as their load. Blue tiles hold a core, named by its first population; point at one for all.</p>\n");
    st_put_section_end(t);
}
