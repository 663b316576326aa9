/* net_slice.c - NAME[0..99]: a slice of a population, as it is written.
 *
 *     slice = '[' ['columns'] part ']'        part = number | [number] '..' [number] [':' step]
 *
 * Both ends belong to it; one that is left out is that of the population. */
#include "net_read.h"
#include <ctype.h>
#include <string.h>

struct cursor {
    struct net_reader *r;
    const struct st_yaml *at;
    const char *text, *p; /* the whole word, and where reading is */
};

/* Where the cursor stands in the file. A word in quotes begins a column later. */
static struct st_mark mark_at(const struct cursor *c, const char *p)
{
    struct st_mark m = c->at->mark;
    m.column += (uint32_t)(p - c->text) + c->at->quoted;
    m.width = 1;
    return m;
}

static bool refuse(const struct cursor *c, const char *p, const char *message)
{
    st_error(c->r->diags, ST_DIAG_SLICE, mark_at(c, p), "L[0..99], L[0..99:10], L[5] or L[columns 2..4]", "%s",
             message);
    return false;
}

static void blanks(struct cursor *c)
{
    while (*c->p == ' ')
        c->p++;
}

/* A whole number, or where there is none what stands for it. */
static bool number(struct cursor *c, uint32_t otherwise, uint32_t *out)
{
    const char *begin = c->p;
    uint64_t value = 0;
    for (; isdigit((unsigned char)*c->p); c->p++)
        value = value < UINT32_MAX ? 10 * value + (uint64_t)(*c->p - '0') : value;
    if (value >= UINT32_MAX)
        return refuse(c, begin, "the number is larger than any population");
    *out = c->p == begin ? otherwise : (uint32_t)value;
    blanks(c);
    return true;
}

static bool taken(struct cursor *c, const char *what)
{
    size_t length = strlen(what);
    if (strncmp(c->p, what, length) != 0)
        return false;
    c->p += length;
    blanks(c);
    return true;
}

bool st_net_read_slice(struct net_reader *r, const struct st_yaml *at, const char *text, size_t bracket,
                       const struct st_net_node *n, struct st_slice *slice)
{
    struct cursor cursor = {r, at, text, text + bracket + 1}, *c = &cursor;
    uint32_t first = 0, last = 0, step = 1;
    blanks(c);
    struct st_slice s = {.columns = taken(c, "columns")};
    uint32_t all = s.columns ? n->columns : st_node_size(n);
    const char *begin = c->p;
    if (!number(c, 0, &first))
        return false;
    bool one = c->p != begin;
    last = first;
    const char *end = c->p;
    if (taken(c, "..")) {
        one = true;
        end = c->p;
        if (!number(c, all - 1, &last))
            return false;
        const char *colon = c->p;
        if (taken(c, ":") && (!number(c, 0, &step) || step == 0))
            return step ? false : refuse(c, colon, "the step of a slice is a number from 1 on");
    }
    if (!one)
        return refuse(c, begin, "a slice says which members or columns it has");
    if (*c->p != ']' || c->p[1])
        return refuse(c, c->p, "this does not belong to a slice");
    if (first >= all || last >= all) {
        st_error(r->diags, ST_DIAG_SLICE, mark_at(c, first >= all ? begin : end), NULL,
                 "'%s' has the %s 0 to %u, there is no %u", n->name, s.columns ? "columns" : "members", all - 1,
                 first >= all ? first : last);
        return false;
    }
    if (last < first)
        return refuse(c, end, "the slice ends before it begins");
    s.first = first;
    s.step = step;
    s.count = (last - first) / step + 1;
    *slice = s;
    return true;
}
