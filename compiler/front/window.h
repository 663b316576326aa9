/* window.h - windows of a picture: what a convolution and patches see.
 *
 * The members of a node with a shape lie on a grid of height x width; its column is the pixel, its microcolumns are the
 * channels there: member (row * width + column) * channels + channel. A window is `size` pixels wide, the next one
 * begins `stride` further, and `padding` pixels of nothing lie around the grid. Windows lie on a grid, too: its columns
 * are those of the target.
 *
 *     pixels      . 0 1 2 3 4 5 6 .       padding 1
 *     windows    |--0--|                  size 3, stride 2
 *                    |--1--|
 *                        |--2--|   ...
 *
 * So one policy serves both: patches are the windows that a group of receptors has by itself, and no pixel is a
 * receptor twice. */
#ifndef STOA_WINDOW_H
#define STOA_WINDOW_H

#include "net.h"

/* Pixels of a window, or of a stride, along an axis; weights of a kernel. */
enum { ST_WINDOW_MOST = 65535, ST_KERNEL_MOST = 1 << 24 };

/* How many fit along an axis of so many pixels. */
static inline uint32_t st_window_count(const struct st_window *w, int axis, uint32_t pixels)
{
    uint64_t room = (uint64_t)pixels + 2 * (uint64_t)w->padding[axis];
    return room < w->size[axis] ? 0 : (uint32_t)((room - w->size[axis]) / w->stride[axis]) + 1;
}

/* Pixels, padding among them, at the far end that no window reaches. */
static inline uint32_t st_window_rest(const struct st_window *w, int axis, uint32_t pixels)
{
    return (pixels + 2 * w->padding[axis] - w->size[axis]) % w->stride[axis];
}

/* Of `count` windows those that see a pixel: [*lo, *hi). */
static inline void st_window_see(const struct st_window *w, int axis, uint32_t count, uint32_t pixel, uint32_t *lo,
                                 uint32_t *hi)
{
    uint32_t at = pixel + w->padding[axis], last = at / w->stride[axis] + 1;
    *hi = last < count ? last : count;
    *lo = at < w->size[axis] ? 0 : (at - w->size[axis]) / w->stride[axis] + 1;
    *lo = *lo < *hi ? *lo : *hi;
}

/* Pixels that all windows see together, one after the other. */
static inline double st_window_seen(const struct st_window *w, int axis, uint32_t pixels)
{
    double seen = 0;
    for (uint32_t i = 0, lo, hi, count = st_window_count(w, axis, pixels); i < pixels; i++, seen += hi - lo)
        st_window_see(w, axis, count, i, &lo, &hi);
    return seen;
}

static inline bool st_has_shape(const struct st_net_node *n)
{
    return n->height && n->code.taps == 0 && (uint64_t)n->height * n->width == n->columns;
}

/* The windows by which a projection joins, or NULL. */
static inline const struct st_window *st_windows_of(const struct st_net *net, const struct st_net_projection *p)
{
    const struct st_window *patches = &net->nodes[p->from].patches;
    if (p->policy == ST_CONVOLUTION)
        return &p->window;
    return patches->size[0] && (p->policy == ST_ALIGNED || p->policy == ST_WITHIN_COLUMN) ? patches : NULL;
}

/* The windows that a group's patches are. */
static inline uint32_t st_patch_count(const struct st_net_node *n)
{
    return st_window_count(&n->patches, 0, n->height) * st_window_count(&n->patches, 1, n->width);
}

/* Weights of a kernel that end in one channel: each channel of the source, each pixel of the window. */
static inline uint32_t st_window_taps(const struct st_window *w, const struct st_net_node *from)
{
    return from->microcolumns * w->size[0] * w->size[1];
}

/* Which of them stands between a member of `from` and a window: (channel * rows + row) * columns + column, or
 * UINT32_MAX: the window does not see it. */
static inline uint32_t st_window_tap(const struct st_window *w, const struct st_net_node *from, uint32_t member,
                                     uint32_t window)
{
    uint32_t across = st_window_count(w, 1, from->width), pixel = member / from->microcolumns;
    if (!across) /* no window fits */
        return UINT32_MAX;
    uint32_t at[2] = {pixel / from->width + w->padding[0], pixel % from->width + w->padding[1]};
    uint32_t begin[2] = {window / across * w->stride[0], window % across * w->stride[1]};
    for (int axis = 0; axis < 2; axis++)
        if (at[axis] < begin[axis] || at[axis] - begin[axis] >= w->size[axis])
            return UINT32_MAX;
    return (member % from->microcolumns * w->size[0] + at[0] - begin[0]) * w->size[1] + at[1] - begin[1];
}

#endif
