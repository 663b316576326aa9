/* stop.h - asking a long call to end, and hearing how far it is. */
#ifndef STOA_STOP_H
#define STOA_STOP_H

#include "stoa.h"
#include <stdatomic.h>

struct stoa_stop {
    atomic_int asked;
};

/* Who is told how far it is, and may ask it to stop: by a handle of the caller's, or by what progress returns. */
struct st_listener {
    stoa_progress *progress;
    stoa_warn *warn;
    void *user;
    stoa_stop *stop; /* the caller's, or own */
    stoa_stop own;
};

void st_listen(struct st_listener *l, stoa_stop *stop, stoa_progress *progress, stoa_warn *warn, void *user);
/* As plans call them, with the listener as their user. */
void st_listen_progress(void *listener, const char *what, uint64_t done, uint64_t all, double seconds);
void st_listen_warn(void *listener, const char *why);
/* Tells it, and frees it; said may be NULL. */
void st_listen_said(const struct st_listener *l, stoa_diagnostics *said);

#endif
