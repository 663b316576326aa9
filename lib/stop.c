#include "stop.h"
#include "arena.h"
#include "said.h"

stoa_stop *stoa_stop_new(void)
{
    stoa_stop *s = st_alloc(sizeof *s);
    if (s)
        atomic_init(&s->asked, 0);
    return s;
}

void stoa_stop_ask(stoa_stop *stop) { atomic_store(&stop->asked, 1); }

void stoa_stop_free(stoa_stop *stop) { st_release(stop); }

void st_listen(struct st_listener *l, stoa_stop *stop, stoa_progress *progress, stoa_warn *warn, void *user)
{
    *l = (struct st_listener){.progress = progress, .warn = warn, .user = user};
    atomic_init(&l->own.asked, 0);
    l->stop = stop ? stop : &l->own;
}

void st_listen_progress(void *listener, const char *what, uint64_t done, uint64_t all, double seconds)
{
    struct st_listener *l = listener;
    if (l->progress && l->progress(l->user, what, done, all, seconds))
        stoa_stop_ask(l->stop);
}

void st_listen_said(const struct st_listener *l, stoa_diagnostics *said)
{
    if (l->warn && said)
        l->warn(l->user, said);
    stoa_diagnostics_free(said);
}

void st_listen_warn(void *listener, const char *why)
{
    struct st_fault f;
    st_fail(&f, ST_FAULT_WRITE, "no checkpoint could be written, an earlier one stays and it is tried again: %s", why);
    st_listen_said(listener, st_said_warning(&f));
}
