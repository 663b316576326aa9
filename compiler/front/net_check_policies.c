/* net_check_policies.c - whether the two ends of a projection have the shapes that its policy asks for. */
#include "names.h"
#include "net_check.h"
#include "promise.h"
#include "slice.h"
#include "small_world.h"
#include "window.h"
#include <math.h>

/* --- slices ------------------------------------------------------------------------------------------------- */

/* Members or columns first, first + step, ... that exist, each once. */
static bool check_slice(const struct st_net_node *n, const struct st_slice *s, enum st_policy policy, struct st_mark at,
                        struct st_diags *d)
{
    uint32_t all = s->columns ? n->columns : st_node_size(n);
    if (s->count == 0)
        return true;
    if (s->columns && n->starts) {
        st_error(d, ST_DIAG_SLICE, at, "a slice of members, or columns of one size",
                 "the columns of '%s' differ in size, and such are not sliced by columns", n->name);
        return false;
    }
    if (s->step < 1 || s->first >= all || (uint64_t)(s->count - 1) * s->step >= all - s->first) {
        st_error(d, ST_DIAG_SLICE, at, NULL, "'%s' has the %s 0 to %u, and the slice goes beyond", n->name,
                 s->columns ? "columns" : "members", all - 1);
        return false;
    }
    if (policy != ST_LIST && policy != ST_CONVOLUTION)
        return true;
    st_error(d, ST_DIAG_SLICE, at, "leave the slice out",
             policy == ST_LIST ? "a list names members of the whole of '%s'"
                               : "a convolution is of the whole of '%s', a slice of it has no shape",
             n->name);
    return false;
}

static bool same_slice(const struct st_slice *a, const struct st_slice *b)
{
    return a->first == b->first && a->count == b->count && a->step == b->step && a->columns == b->columns;
}

/* --- windows ------------------------------------------------------------------------------------------------ */

/* A grid of windows over so many pixels: what it sees, and how many there are. False: it is no grid. */
static bool check_windows(const struct st_window *w, const struct st_net_node *n, const char *what, struct st_mark at,
                          struct st_diags *d)
{
    static const char *const axis[] = {"rows", "columns"};
    uint32_t pixels[] = {n->height, n->width}, rest;
    for (int k = 0; k < 2; k++) {
        if (w->size[k] < 1 || w->stride[k] < 1 || w->padding[k] >= w->size[k] || w->size[k] > ST_WINDOW_MOST ||
            w->stride[k] > ST_WINDOW_MOST) {
            st_error(d, ST_DIAG_WINDOW, at, NULL,
                     "%s of %u %s, %u further each, with %u of padding: the size is 1 to %d, the stride likewise, the "
                     "padding less than the size",
                     what, w->size[k], axis[k], w->stride[k], w->padding[k], ST_WINDOW_MOST);
            return false;
        }
        if (st_window_count(w, k, pixels[k]) < 1) {
            st_error(d, ST_DIAG_WINDOW, at, NULL, "%s of %u %s are larger than the %u of '%s' with %u of padding", what,
                     w->size[k], axis[k], pixels[k], n->name, w->padding[k]);
            return false;
        }
        rest = st_window_rest(w, k, pixels[k]);
        if (rest > w->padding[k])
            st_warn(d, ST_DIAG_WINDOW_EDGE, at, "another stride or size, or padding",
                    "no %s sees the %s of '%s' from %u on", what[0] == 'p' ? "patch" : "window", axis[k], n->name,
                    pixels[k] - (rest - w->padding[k]));
    }
    return true;
}

static void check_patches(const struct st_net_node *from, const struct st_net_projection *p, struct st_columns end,
                          const char *to, struct st_mark at, struct st_diags *d)
{
    const struct st_window *w = &from->patches;
    uint32_t columns = end.count;
    if (p->from_slice.count || p->policy == ST_BETWEEN_COLUMNS || p->policy == ST_SMALL_WORLD) {
        st_error(d, ST_DIAG_POLICY_SHAPE, at, "another policy, or receptors without patches",
                 p->from_slice.count ? "patches are of all receptors of '%s', and this is a slice of them"
                                     : "a pixel of '%s' is in several patches, so no patch is another's",
                 from->name);
        return;
    }
    if (end.starts)
        st_error(d, ST_DIAG_POLICY_SHAPE, at, "columns of one size, or receptors without patches",
                 "patches of '%s' are joined to columns of one size, and those of '%s' differ", from->name, to);
    if (w->stride[0] && w->stride[1] && st_patch_count(from) != columns)
        st_error(d, ST_DIAG_POLICY_SHAPE, at, NULL,
                 "'%s' is %u x %u patches, so the target needs %u columns; '%s' has %u", from->name,
                 st_window_count(w, 0, from->height), st_window_count(w, 1, from->width), st_patch_count(from), to,
                 columns);
}

void st_net_check_patches(const struct st_net_node *n, struct st_diags *d)
{
    struct st_mark at = st_mark_or(n->patches_mark, n->mark);
    if (!n->patches.size[0])
        return;
    if (!st_has_shape(n))
        st_error(d, ST_DIAG_WINDOW, at, "shape: [height, width]", "'%s' has patches, but no shape", n->name);
    else if (n->patches.padding[0] || n->patches.padding[1])
        st_error(d, ST_DIAG_WINDOW, at, NULL, "the patches of '%s' have a padding; only a convolution has", n->name);
    else
        check_windows(&n->patches, n, "patches", at, d);
}

static bool needs_shape(const struct st_net_node *n, struct st_mark at, struct st_diags *d)
{
    if (st_has_shape(n))
        return true;
    st_error(d, ST_DIAG_POLICY_SHAPE, at,
             n->receptor ? "shape: [height, width]" : "shape: [channels, height, width] in place of columns",
             "'convolution' needs a shape on both sides, and '%s' has none", n->name);
    return false;
}

static void check_kernel(const struct st_net_projection *p, uint64_t count, struct st_diags *d)
{
    struct st_mark at = st_mark_or(p->kernel_mark, p->mark);
    for (uint64_t i = 0; p->kernel && i < count; i++)
        if (!(fabs(p->kernel[i]) <= 1e6)) {
            st_error(d, ST_DIAG_OUT_OF_RANGE, at, NULL, "weight %llu of the kernel is out of range",
                     (unsigned long long)i);
            return;
        } else if (p->kind == ST_GATING && !st_gating_weight(p->kernel[i])) {
            st_error(d, ST_DIAG_GATING_WEIGHT, at, NULL,
                     "weight %llu of the kernel is no whole number of ticks, -255 to 255", (unsigned long long)i);
            return;
        }
}

static void check_convolution(const struct st_net *net, const struct st_net_projection *p, struct st_mark at,
                              struct st_diags *d)
{
    const struct st_net_node *from = &net->nodes[p->from], *to = &net->nodes[p->to];
    const struct st_window *w = &p->window;
    if (!needs_shape(from, at, d) || !needs_shape(to, at, d) || !check_windows(w, from, "windows", at, d))
        return;
    uint32_t rows = st_window_count(w, 0, from->height), columns = st_window_count(w, 1, from->width);
    uint64_t kernel = (uint64_t)w->size[0] * w->size[1] * from->microcolumns;
    if (rows != to->height || columns != to->width)
        st_error(d, ST_DIAG_POLICY_SHAPE, at,
                 "a side of p pixels with this kernel becomes (p + 2 padding - kernel) / stride + 1, rounded down",
                 "windows of %u x %u on the %u x %u of '%s' make %u x %u, and '%s' is %u x %u", w->size[0], w->size[1],
                 from->height, from->width, from->name, rows, columns, to->name, to->height, to->width);
    else if (kernel * to->microcolumns > ST_KERNEL_MOST)
        st_error(d, ST_DIAG_TOO_MANY, at, NULL, "the kernel has more than %d weights", ST_KERNEL_MOST);
    else
        check_kernel(p, kernel * to->microcolumns, d);
}

/* --- graphs ------------------------------------------------------------------------------------------------- */

/* As many edges as were asked for, each at both ends and once, none from a column to itself, and of the ring those that
 * have not let go. */
static bool is_graph(const struct st_world *w, const struct st_links *l, uint32_t columns)
{
    if (!l || l->first[0] != 0 || l->first[columns] != columns * w->neighbours)
        return false;
    for (uint32_t c = 0; c < columns; c++)
        for (uint32_t k = l->first[c]; k < l->first[c + 1]; k++)
            if (l->column[k] >= columns || l->column[k] == c || !st_linked(l, l->column[k], c) ||
                (k > l->first[c] && l->column[k - 1] >= l->column[k]))
                return false;
    for (uint32_t c = 0; c < columns; c++)
        for (uint32_t distance = 1; distance <= w->neighbours / 2; distance++)
            if (!st_world_rewires(w, st_world_hash(w, c, distance, columns)) &&
                !st_linked(l, c, (c + distance) % columns))
                return false;
    return true;
}

static void check_world(const struct st_net_projection *p, uint32_t columns, struct st_mark at, struct st_diags *d)
{
    const struct st_world *w = &p->world;
    if ((uint64_t)columns * w->neighbours > 2 * (uint64_t)ST_WORLD_EDGES_MOST)
        st_error(d, ST_DIAG_TOO_MANY, at, NULL, "a small world of %u columns with %u neighbours has more than %d edges",
                 columns, w->neighbours, ST_WORLD_EDGES_MOST);
    else if (!st_world_sound(w, columns))
        st_error(d, ST_DIAG_SMALL_WORLD, at, "an even number, 2 or more and less than there are columns",
                 "no ring of %u columns gives each %u neighbours, half of them on either side", columns, w->neighbours);
    else
        ST_ASSERT(is_graph(w, p->links, columns));
}

/* --- all policies ------------------------------------------------------------------------------------------- */

void st_net_check_policy(const struct st_net *net, const struct st_net_projection *p, struct st_diags *d)
{
    const struct st_net_node *from = &net->nodes[p->from], *to = &net->nodes[p->to];
    struct st_mark at = st_mark_or(p->policy_mark, p->mark);
    const char *policy = (unsigned)p->policy < ST_POLICY_COUNT ? st_policy_names[p->policy] : "?";
    bool from_sound = check_slice(from, &p->from_slice, p->policy, st_mark_or(p->from_mark, p->mark), d);
    if (!check_slice(to, &p->to_slice, p->policy, st_mark_or(p->to_mark, p->mark), d) || !from_sound)
        return;
    struct st_view begin = st_view_from(net, p), end = st_view_to(net, p);
    switch (p->policy) {
    case ST_CONVOLUTION:
        check_convolution(net, p, at, d);
        break;
    case ST_ALIGNED:
    case ST_WITHIN_COLUMN:
    case ST_BETWEEN_COLUMNS:
    case ST_SMALL_WORLD:
        if (from->patches.size[0])
            check_patches(from, p, end.columns, to->name, at, d);
        else if (begin.columns.count != end.columns.count)
            st_error(d, ST_DIAG_POLICY_SHAPE, at, NULL,
                     "'%s' needs as many columns on both sides: '%s' has %u, '%s' has %u", policy, from->name,
                     begin.columns.count, to->name, end.columns.count);
        else if (p->policy == ST_WITHIN_COLUMN && p->from == p->to && end.columns.size == 1 &&
                 same_slice(&p->from_slice, &p->to_slice))
            st_error(d, ST_DIAG_EMPTY_PROJECTION, at, NULL, "the columns of '%s' have one neuron each: no synapse",
                     to->name);
        else if (p->policy == ST_BETWEEN_COLUMNS && end.columns.count == 1)
            st_error(d, ST_DIAG_EMPTY_PROJECTION, at, NULL, "'%s' has one column: no synapse between columns",
                     to->name);
        else if (p->policy == ST_SMALL_WORLD)
            check_world(p, begin.columns.count, at, d);
        break;
    case ST_ONE_TO_ONE:
        if (st_view_size(begin) != st_view_size(end))
            st_error(d, ST_DIAG_POLICY_SHAPE, at, NULL, "'one-to-one' needs as many members: '%s' has %u, '%s' has %u",
                     from->name, st_view_size(begin), to->name, st_view_size(end));
        break;
    case ST_ALL_TO_ALL:
    case ST_LIST:
        break;
    default:
        st_error(d, ST_DIAG_UNKNOWN_CHOICE, at, NULL, "the projection has no policy");
    }
}
