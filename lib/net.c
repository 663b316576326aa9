/* net.c - networks and fabrics. */
#include "fabric_json.h"
#include "handles.h"
#include "net_build.h"
#include "shipped.h"
#include <string.h>

/* Either comes from a file (text NULL) or from a text. */
struct source {
    const char *file, *text;
    size_t length;
    const stoa_setting *settings;
    size_t setting_count;
};

static bool is_whole(struct st_call *c, const struct source *s)
{
    return s->file || st_request(c, "a network or fabric wants a name");
}

bool st_settings_are(struct st_call *c, const stoa_setting *settings, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!settings || !settings[i].name)
            return st_request(c, "setting %zu has no name", i);
    return true;
}

struct st_setting *st_settings(struct st_call *c, const stoa_setting *settings, size_t count)
{
    struct st_setting *kept = ST_NEW(c->arena, struct st_setting, count);
    for (size_t i = 0; i < count; i++)
        kept[i] =
            (struct st_setting){st_arena_text(c->arena, settings[i].name, strlen(settings[i].name)), settings[i].value};
    return kept;
}

/* --- networks ------------------------------------------------------------------------------------------------- */

struct net_made {
    struct source from;
    stoa_net *net;
};

static bool make_net(struct st_call *c, void *user)
{
    struct net_made *m = user;
    const struct source *s = &m->from;
    if (!is_whole(c, s) || !st_settings_are(c, s->settings, s->setting_count))
        return false;
    const struct st_setting *settings = st_settings(c, s->settings, s->setting_count);
    const struct st_net *net =
        s->text ? st_net_read(c->arena, &c->diags, s->file, s->text, s->length, settings, s->setting_count)
                : st_net_load(c->arena, &c->diags, s->file, settings, s->setting_count, &c->note, &c->fault);
    if (!net)
        return false;
    m->net = st_net_handle(c, net, s->file);
    m->net->held = st_keep(c, NULL, NULL);
    return true;
}

stoa_net *st_net_handle(struct st_call *c, const struct st_net *net, const char *file)
{
    stoa_net *made = ST_NEW(c->arena, stoa_net, 1);
    made->net = net;
    made->file = st_arena_text(c->arena, file, strlen(file));
    made->sources = st_sources_of(&c->diags);
    return made;
}

stoa_status stoa_net_read(const char *name, const stoa_setting *settings, size_t count, stoa_net **net,
                          stoa_diagnostics **said)
{
    struct net_made m = {.from = {.file = name, .settings = settings, .setting_count = count}};
    stoa_status status = st_call(said, make_net, &m);
    *net = m.net;
    return status;
}

stoa_status stoa_net_parse(const char *file, const char *text, size_t length, const stoa_setting *settings,
                           size_t count, stoa_net **net, stoa_diagnostics **said)
{
    struct net_made m = {.from = {file, text ? text : "", text ? length : 0, settings, count}};
    stoa_status status = st_call(said, make_net, &m);
    *net = m.net;
    return status;
}

const char *stoa_net_name(const stoa_net *net) { return net->net->name; }

struct printing {
    const void *of;
    char *text;
};

static bool print_net(struct st_call *c, void *user)
{
    struct printing *p = user;
    const char *text = st_net_print(c->arena, p->of);
    return (p->text = st_give(c, text, strlen(text))) != NULL;
}

stoa_status stoa_net_print(const stoa_net *net, char **text, stoa_diagnostics **said)
{
    struct printing p = {.of = net->net};
    stoa_status status = st_call(said, print_net, &p);
    *text = p.text;
    return status;
}

void stoa_net_free(stoa_net *net)
{
    if (net)
        st_let_go(net->held);
}

/* --- fabrics -------------------------------------------------------------------------------------------------- */

struct fabric_made {
    struct source from;
    stoa_fabric *fabric;
};

static bool make_fabric(struct st_call *c, void *user)
{
    struct fabric_made *m = user;
    const struct source *s = &m->from;
    if (!is_whole(c, s))
        return false;
    const struct st_fabric *fabric;
    if (s->text) {
        fabric = st_fabric_read(c->arena, &c->diags, s->file, s->text, s->length);
        fabric = fabric && st_fabric_check(fabric, &c->diags) ? fabric : NULL;
    } else {
        fabric = st_fabric_load(c->arena, &c->diags, s->file, &c->fault);
    }
    if (!fabric)
        return false;
    stoa_fabric *made = ST_NEW(c->arena, stoa_fabric, 1);
    made->fabric = fabric;
    made->sources = st_sources_of(&c->diags);
    made->held = st_keep(c, NULL, NULL);
    m->fabric = made;
    return true;
}

stoa_status stoa_fabric_read(const char *name, stoa_fabric **fabric, stoa_diagnostics **said)
{
    struct fabric_made m = {.from = {.file = name}};
    stoa_status status = st_call(said, make_fabric, &m);
    *fabric = m.fabric;
    return status;
}

stoa_status stoa_fabric_parse(const char *file, const char *text, size_t length, stoa_fabric **fabric,
                              stoa_diagnostics **said)
{
    struct fabric_made m = {.from = {.file = file, .text = text ? text : "", .length = text ? length : 0}};
    stoa_status status = st_call(said, make_fabric, &m);
    *fabric = m.fabric;
    return status;
}

const char *stoa_fabric_name(const stoa_fabric *fabric) { return fabric->fabric->name; }

static bool print_fabric(struct st_call *c, void *user)
{
    struct printing *p = user;
    const char *text = st_fabric_print(c->arena, p->of);
    return (p->text = st_give(c, text, strlen(text))) != NULL;
}

stoa_status stoa_fabric_print(const stoa_fabric *fabric, char **text, stoa_diagnostics **said)
{
    struct printing p = {.of = fabric->fabric};
    stoa_status status = st_call(said, print_fabric, &p);
    *text = p.text;
    return status;
}

static bool print_json(struct st_call *c, void *user)
{
    struct printing *p = user;
    const char *text = st_fabric_json(c->arena, p->of);
    return (p->text = st_give(c, text, strlen(text))) != NULL;
}

stoa_status stoa_fabric_json(const stoa_fabric *fabric, char **text, stoa_diagnostics **said)
{
    struct printing p = {.of = fabric->fabric};
    stoa_status status = st_call(said, print_json, &p);
    *text = p.text;
    return status;
}

struct breaking {
    const stoa_fabric *whole;
    bool rows; /* rows and places of them, not cores and links */
    uint32_t first, second;
    uint64_t seed;
    stoa_fabric *broken;
};

static bool break_fabric(struct st_call *c, void *user)
{
    struct breaking *q = user;
    const uint32_t most = q->rows ? ST_ROW_FAULTS_MAX : ST_FAULTS_MAX;
    const char *what = q->rows ? "rows" : "cores", *other = q->rows ? "bits of rows" : "links";
    if (q->first > most || q->second > most)
        return st_request(c, "%u %s and %u %s: at most %u of each can be dead or stuck", q->first, what, q->second,
                          other, most);
    const struct st_fabric *fabric = q->rows
                                         ? st_fabric_wear(c->arena, q->whole->fabric, q->first, q->second, q->seed)
                                         : st_fabric_break(c->arena, q->whole->fabric, q->first, q->second, q->seed);
    if (!fabric)
        return st_request(c, "the mesh has not as many %s or %s that work", what, other);
    stoa_fabric *made = ST_NEW(c->arena, stoa_fabric, 1);
    made->fabric = fabric;
    made->sources = q->whole->sources;
    made->held = st_keep(c, NULL, NULL);
    made->held->needs[0] = st_hold(q->whole->held);
    q->broken = made;
    return true;
}

stoa_status stoa_fabric_break(const stoa_fabric *fabric, uint32_t cores, uint32_t links, uint64_t seed,
                              stoa_fabric **broken, stoa_diagnostics **said)
{
    struct breaking q = {fabric, false, cores, links, seed, NULL};
    stoa_status status = st_call(said, break_fabric, &q);
    *broken = q.broken;
    return status;
}

stoa_status stoa_fabric_wear(const stoa_fabric *fabric, uint32_t rows, uint32_t bits, uint64_t seed, stoa_fabric **worn,
                             stoa_diagnostics **said)
{
    struct breaking q = {fabric, true, rows, bits, seed, NULL};
    stoa_status status = st_call(said, break_fabric, &q);
    *worn = q.broken;
    return status;
}

void stoa_fabric_free(stoa_fabric *fabric)
{
    if (fabric)
        st_let_go(fabric->held);
}
