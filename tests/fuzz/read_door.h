/* read_door.h - one file of a foreign network read through its door: a reason, or a network that is sound; else abort.
 */
#ifndef STOA_TESTS_READ_DOOR_H
#define STOA_TESTS_READ_DOOR_H

#include "door.h"
#include <stdlib.h>

static inline void read_door(const char *path, enum st_door door, const struct st_setting *settings, uint32_t count)
{
    struct st_arena a;
    struct st_diags d;
    struct st_fault f;
    struct st_verdicts v;
    st_arena_init(&a);
    if (setjmp(a.full) == 0) {
        st_diags_init(&d, &a);
        st_verdicts_init(&v, &a);
        const struct st_net *net = st_door_read(&a, &d, path, door, settings, count, &v, &f);
        if (!net != (d.errors > 0 || f.id) || (net && (!st_net_check(net, &d) || st_verdicts_of(&v, ST_FAITH_REFUSED))))
            abort();
        st_diags_text(&d, true);
        st_verdicts_text(&v);
    }
    st_arena_free(&a);
}

#endif
