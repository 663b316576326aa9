/* columns.h - how the neurons of a population, or of a part of one, are cut into columns.
 *
 * Problem: which column a neuron is in, and which neurons a column has, is asked by policies, competition, votes and
 * pages; columns may differ in size, and then no division says it.
 *
 *     even     | 0 1 2 | 3 4 5 | 6 7 8 |     size 3, no table
 *     uneven   | 0 1 | 2 3 4 5 | 6 7 8 |     starts 0 2 6 9, size 4: that of the largest
 *
 * Constraint: a column is a run of numbers and has a neuron at least; so a table of where columns begin is enough. */
#ifndef STOA_COLUMNS_H
#define STOA_COLUMNS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct st_columns {
    uint32_t count, size;   /* columns; neurons of each, or of the largest */
    const uint32_t *starts; /* [count + 1] where each begins and the last ends, or NULL: all have the same size */
};

static inline uint32_t st_column_first(struct st_columns k, uint32_t column)
{
    return k.starts ? k.starts[column] : column * k.size;
}

static inline uint32_t st_column_size(struct st_columns k, uint32_t column)
{
    return k.starts ? k.starts[column + 1] - k.starts[column] : k.size;
}

/* Neurons of all columns. */
static inline uint32_t st_columns_all(struct st_columns k) { return st_column_first(k, k.count); }

/* The column that a neuron is in. */
static inline uint32_t st_column_of(struct st_columns k, uint32_t neuron)
{
    if (!k.starts)
        return neuron / k.size;
    uint32_t low = 0, high = k.count;
    while (high - low > 1) {
        uint32_t middle = low + (high - low) / 2;
        if (k.starts[middle] <= neuron)
            low = middle;
        else
            high = middle;
    }
    return low;
}

/* Whether a column begins with this neuron. */
static inline bool st_column_begins(struct st_columns k, uint32_t neuron)
{
    return st_column_first(k, st_column_of(k, neuron)) == neuron;
}

static inline bool st_columns_same(struct st_columns a, struct st_columns b)
{
    bool same = a.count == b.count && a.size == b.size && !a.starts == !b.starts;
    for (uint32_t c = 0; same && a.starts && c <= a.count; c++)
        same = a.starts[c] == b.starts[c];
    return same;
}

/* Whether a table is one: it begins at 0 and no column is empty; of all columns of a population, the largest has `size`
 * and they differ. */
static inline bool st_columns_sound(struct st_columns k, bool all)
{
    uint32_t most = 0, least = UINT32_MAX;
    if (!k.starts)
        return k.count >= 1 && k.size >= 1;
    if (k.count < 1 || k.starts[0])
        return false;
    for (uint32_t c = 0; c < k.count; c++) {
        if (k.starts[c + 1] <= k.starts[c])
            return false;
        uint32_t size = k.starts[c + 1] - k.starts[c];
        most = size > most ? size : most;
        least = size < least ? size : least;
    }
    return all ? most == k.size && least < most : most <= k.size;
}

#endif
