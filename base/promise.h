/* promise.h - what a function relies on, and what it promises.
 *
 * Engines check nothing that an image was checked for (image/check.h) while they run; at their doors they say what they
 * rely on. A broken promise is a bug of stoa and not of an input, so it ends the program at once, in release as well:
 * file, line, what was promised, and how to tell. Only at doors and at the end of long steps, where it costs nothing
 * beside the work. */
#ifndef STOA_PROMISE_H
#define STOA_PROMISE_H

#include <stdio.h>
#include <stdlib.h>

static inline _Noreturn void st_promise_broken(const char *file, int line, const char *what)
{
    fprintf(stderr,
            "%s:%d: this must hold and does not: %s\nthis is a bug of stoa: please report it with the command and its "
            "input\n",
            file, line, what);
    abort();
}

#define ST_ASSERT(condition)                                                                                           \
    do {                                                                                                               \
        if (__builtin_expect(!(condition), 0))                                                                         \
            st_promise_broken(__FILE__, __LINE__, #condition);                                                         \
    } while (0)

#endif
