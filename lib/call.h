/* call.h - what every function of stoa.h is made of: a call with memory of its own, and handles that keep it.
 *
 *     stoa_x ──st_call──> body(call) ──keep──> handle ──free──> st_let_go
 *                  │          └─ refused, failed, no memory: the memory goes
 *                  └──> what was said, as a value of its own
 *
 * - A body builds all it makes in the call's arena, and keeps it as the last thing it does: the handle lies there, too.
 *   Running out of memory is a jump out of the body, so it opens nothing that must be closed before its arena is done.
 * - Several handles may lie in one memory (a result and its image). A count says how many are held, atomically: handles
 *   of one memory are freed by different threads. What was made from something holds that.
 * - A host may have set another locale: numbers are read and written in that of C, on this thread, for the call. */
#ifndef STOA_CALL_H
#define STOA_CALL_H

#include "diag.h"
#include "fault.h"
#include "stoa.h"
#include <stdatomic.h>

enum { ST_HELD_NEEDS = 3 };

struct st_held {
    atomic_uint count;
    struct st_arena *arena;
    void (*end)(void *what); /* before the memory goes, or NULL */
    void *what;
    struct st_held *needs[ST_HELD_NEEDS];
};

struct st_call {
    struct st_arena *arena;
    struct st_diags diags;
    struct st_fault fault;
    const char *at_length; /* of a fault whose sentence is longer than it has room for, or NULL */
    const char *note;      /* a warning of no place in a file, or NULL */
    bool kept;
};

/* True: it is done. False: fault or diags say why not. */
typedef bool st_body(struct st_call *c, void *user);

stoa_status st_call(stoa_diagnostics **said, st_body *body, void *user);
/* The same for what only has a fault to tell, and needs no memory: it goes on as it is. */
stoa_status st_said_fault(stoa_diagnostics **said, const struct st_fault *f);
/* Of an argument that cannot be: fault REQUEST. */
#define st_request(c, ...) st_fail(&(c)->fault, ST_FAULT_REQUEST, __VA_ARGS__)

/* The call's memory stays until it is let go as often as it is held: once, so far. */
struct st_held *st_keep(struct st_call *c, void (*end)(void *what), void *what);
struct st_held *st_hold(struct st_held *h); /* or NULL */
void st_let_go(struct st_held *h);          /* or NULL */

/* Numbers as C writes them, on this thread, until what it had is given back. A call has that; a thread that it begins
 * does not. */
struct st_locale {
    void *plain, *was;
};
struct st_locale st_locale_plain(void);
void st_locale_back(struct st_locale *l);

/* A copy of a text that stoa_free frees. */
char *st_give(struct st_call *c, const char *bytes, size_t length);

/* Options of a caller that knew fewer of them: what it gave, over the defaults. False: they say no size that there was.
 */
bool st_options(struct st_call *c, void *to, size_t size, const void *given, size_t least);

#endif
