/* html_moves.c - which microcolumns have changed their column, when, and what columns have now. */
#include "html.h"
#include <string.h>

enum { ROWS_MOST = 200 };

static const struct st_population *population_of(const struct st_page *p)
{
    for (uint32_t i = 0; i < p->image->population_count; i++)
        if (!strcmp(p->image->populations[i].name, p->result->moves.population))
            return &p->image->populations[i];
    return NULL;
}

static void sizes(struct st_page *p, const struct st_population *pop)
{
    const struct st_columns columns = st_population_columns(pop);
    const struct st_moves *m = &p->result->moves;
    struct st_text *t = p->t;
    st_text_put(t, "<div class=\"scroll\"><table>\n<thead><tr><th scope=\"col\">column</th>");
    for (uint32_t c = 0; c < columns.count; c++)
        st_textf(t, "<th scope=\"col\" class=\"n\">%u</th>", c);
    st_text_put(t, "</tr></thead>\n<tbody><tr><th scope=\"row\">microcolumns now</th>");
    for (uint32_t c = 0; c < columns.count; c++)
        st_textf(t, "<td class=\"n\">%u</td>", st_column_size(columns, c));
    for (int come = 0; come < 2; come++) {
        st_textf(t, "</tr>\n<tr><th scope=\"row\">%s</th>", come ? "came" : "went");
        for (uint32_t c = 0; c < columns.count; c++) {
            uint32_t count = 0;
            for (uint32_t i = 0; i < m->count; i++)
                count += (come ? m->move[i].to : m->move[i].from) == c;
            st_textf(t, "<td class=\"n\">%u</td>", count);
        }
    }
    st_text_put(t, "</tr></tbody></table></div>\n");
}

void st_html_moves(struct st_page *p)
{
    const struct st_moves *m = &p->result->moves;
    const struct st_population *pop = population_of(p);
    struct st_text *t = p->t;
    st_put_section(t, "migration", "Migration", ST_LAYOUT_WHOLE);
    st_text_put(t, "<p>Silent microcolumns of ");
    st_text_html(t, m->population);
    st_textf(t, " went over to columns that had none left: %u in all.</p>\n", m->count);
    if (pop)
        sizes(p, pop);
    if (m->count)
        st_text_put(t, "<div class=\"scroll\"><table>\n<thead><tr><th scope=\"col\" class=\"n\">pictures learnt</th>"
                       "<th scope=\"col\" class=\"n\">from column</th><th scope=\"col\" class=\"n\">to column</th>"
                       "<th scope=\"col\">its number before, by copy</th></tr></thead>\n<tbody>\n");
    for (uint32_t i = 0; i < m->count && i < ROWS_MOST; i++) {
        const struct st_move *k = &m->move[i];
        st_text_put(t, "<tr><td class=\"n\">");
        st_put_count(t, (double)k->at);
        st_textf(t, "</td><td class=\"n\">%u</td><td class=\"n\">%u</td><td>", k->from, k->to);
        for (uint32_t c = 0; c < m->copies; c++)
            st_textf(t, "%s%u", c ? ", " : "", k->who[c]);
        st_text_put(t, "</td></tr>\n");
    }
    if (m->count)
        st_text_put(t, "</tbody></table></div>\n");
    if (m->count > ROWS_MOST)
        st_textf(t, "<p class=\"note\">The first %d of %u; result.json has all.</p>\n", ROWS_MOST, m->count);
    st_put_section_end(t);
}
