#include "call.h"
#include "said.h"
#include <locale.h>
#include <string.h>

static stoa_status status_of_fault(enum st_fault_id id)
{
    switch (id) {
    case ST_FAULT_REQUEST:
        return STOA_USAGE;
    case ST_FAULT_MISFIT:
    case ST_FAULT_SPIKES:
        return STOA_REFUSED;
    case ST_FAULT_DIFFERS:
        return STOA_DIFFERS;
    case ST_FAULT_STOPPED:
        return STOA_STOPPED;
    default:
        return STOA_FAILED;
    }
}

static stoa_status status_of(const struct st_call *c)
{
    for (uint32_t i = 0; i < c->diags.count; i++)
        if (!c->diags.list[i].warning && !strcmp(st_diag_stage(c->diags.list[i].id), "self"))
            return STOA_BUG;
    return c->fault.id ? status_of_fault(c->fault.id) : STOA_REFUSED;
}

struct st_locale st_locale_plain(void)
{
    locale_t plain = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    return (struct st_locale){plain, plain ? uselocale(plain) : (locale_t)0};
}

void st_locale_back(struct st_locale *l)
{
    if (!l->plain)
        return;
    uselocale(l->was);
    freelocale(l->plain);
}

static void drop(struct st_arena *a)
{
    st_arena_free(a);
    st_release(a);
}

/* Apart from st_call, so that none of its variables lives through a jump. */
static bool attempt(struct st_call *c, st_body *body, void *user)
{
    if (setjmp(c->arena->full))
        return st_fail(&c->fault, ST_FAULT_MEMORY, "no memory");
    st_diags_init(&c->diags, c->arena);
    return body(c, user);
}

stoa_status st_call(stoa_diagnostics **said, st_body *body, void *user)
{
    struct st_call c = {.arena = st_alloc(sizeof *c.arena)};
    stoa_status status = STOA_OK;
    if (said)
        *said = NULL;
    if (!c.arena) {
        st_fail(&c.fault, ST_FAULT_MEMORY, "no memory");
        return st_said_fault(said, &c.fault);
    }
    st_arena_init(c.arena);
    struct st_locale locale = st_locale_plain();
    if (!attempt(&c, body, user))
        status = status_of(&c);
    if (said && (c.fault.id || c.diags.count || c.note))
        *said = st_said(&c.diags, c.fault.id ? &c.fault : NULL, c.at_length, c.note);
    st_locale_back(&locale);
    if (!c.kept)
        drop(c.arena);
    return status;
}

stoa_status st_said_fault(stoa_diagnostics **said, const struct st_fault *f)
{
    if (said)
        *said = st_said(NULL, f, NULL, NULL);
    return status_of_fault(f->id);
}

struct st_held *st_keep(struct st_call *c, void (*end)(void *what), void *what)
{
    struct st_held *h = ST_NEW(c->arena, struct st_held, 1);
    atomic_init(&h->count, 1);
    h->arena = c->arena;
    h->end = end;
    h->what = what;
    c->kept = true;
    return h;
}

struct st_held *st_hold(struct st_held *h)
{
    if (h)
        atomic_fetch_add_explicit(&h->count, 1, memory_order_relaxed);
    return h;
}

void st_let_go(struct st_held *h)
{
    if (!h || atomic_fetch_sub_explicit(&h->count, 1, memory_order_acq_rel) != 1)
        return;
    struct st_held *needs[ST_HELD_NEEDS];
    memcpy(needs, h->needs, sizeof needs);
    if (h->end)
        h->end(h->what);
    drop(h->arena);
    for (int i = 0; i < ST_HELD_NEEDS; i++)
        st_let_go(needs[i]);
}

char *st_give(struct st_call *c, const char *bytes, size_t length)
{
    char *text = st_alloc(length + 1);
    if (!text) {
        st_fail(&c->fault, ST_FAULT_MEMORY, "no memory for %zu bytes of text", length);
        return NULL;
    }
    memcpy(text, bytes, length);
    return text;
}

bool st_options(struct st_call *c, void *to, size_t size, const void *given, size_t least)
{
    size_t said;
    if (!given)
        return true;
    memcpy(&said, given, sizeof said);
    if (said < least || said > size)
        return st_request(c,
                          "options of %zu bytes: this library has some of %zu to %zu; get them from "
                          "stoa_.._defaults()",
                          said, least, size);
    memcpy(to, given, said);
    return true;
}

void stoa_free(void *memory) { st_release(memory); }
const char *stoa_version(void) { return ST_VERSION; }
