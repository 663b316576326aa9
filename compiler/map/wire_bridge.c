#include "wire_work.h"

/* Fewer blocks for more inputs. A block ends where the next source reaches other cores, so sparse projections make a
 * block a source, and routers have tables for some hundred. Where that does not fit, neighbouring sources are sent to
 * the union of their cores: on a core that a source has nothing for, it gets an input without an axon. That costs an
 * entry there, and the packet's way; so it is done only when tables overflow, as far as each core has inputs left, and
 * for no longer runs than asked for.
 * Runs of sources are tried whole, then by halves.
 *
 *     source 7: cores 1, 3    source 8: cores 1, 2    ──>    7, 8: cores 1, 2, 3; a gap for 7 on 2, for 8 on 3 */

/* As one block, if the cores have room for that. */
static bool join(struct st_blocker *b, uint32_t home, uint32_t source, uint32_t count)
{
    if (count > b->longest)
        return false;
    st_wire_gather(b, source, count);
    for (uint32_t k = 0; k < b->core_count; k++)
        if (count - b->count[b->cores[k]] > b->spare[b->cores[k]])
            return false;
    for (uint32_t k = 0; k < b->core_count; k++)
        b->spare[b->cores[k]] -= count - b->count[b->cores[k]];
    st_wire_new_block(b, home, source, count);
    return true;
}

/* One source always fits: it has no gap. */
static void join_or_halve(struct st_blocker *b, uint32_t home, uint32_t source, uint32_t count)
{
    while (count && !st_wire_speaks(b, home, source))
        source++, count--;
    while (count && !st_wire_speaks(b, home, source + count - 1))
        count--;
    if (!count || join(b, home, source, count))
        return;
    join_or_halve(b, home, source, count / 2);
    join_or_halve(b, home, source + count / 2, count - count / 2);
}

void st_wire_bridge(struct st_blocker *b, uint32_t home)
{
    join_or_halve(b, home, b->first[home], b->first[home + 1] - b->first[home]);
}
