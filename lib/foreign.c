/* foreign.c - networks from the formats of others and into them, with a verdict on each of their parts. */
#include "door.h"
#include "handles.h"
#include "nir_write.h"
#include "sonata_write.h"
#include "verdicts.h"
#include <string.h>

struct importing {
    const char *file;
    const stoa_setting *settings;
    size_t setting_count;
    stoa_net *net;
    stoa_verdicts *verdicts;
};

/* Network and verdicts lie in one memory. */
static bool import(struct st_call *c, void *user)
{
    struct importing *q = user;
    struct st_verdicts v;
    if (!q->file)
        return st_request(c, "there is no file to import");
    if (!st_settings_are(c, q->settings, q->setting_count))
        return false;
    st_verdicts_init(&v, c->arena);
    const struct st_net *net =
        st_door_read(c->arena, &c->diags, q->file, st_door_of(q->file), st_settings(c, q->settings, q->setting_count),
                     q->setting_count, &v, &c->fault);
    if (!net && c->fault.id)
        return false;
    stoa_verdicts *verdicts = st_verdicts_handle(c, q->file, net != NULL, &v);
    stoa_net *made = net ? st_net_handle(c, net, q->file) : NULL;
    struct st_held *held = st_keep(c, NULL, NULL);
    st_verdicts_held(verdicts, held);
    q->verdicts = verdicts;
    if (made)
        made->held = st_hold(held);
    q->net = made;
    return made != NULL;
}

stoa_status stoa_import(const char *file, const stoa_setting *settings, size_t count, stoa_net **net,
                        stoa_verdicts **verdicts, stoa_diagnostics **said)
{
    struct importing q = {.file = file, .settings = settings, .setting_count = count};
    stoa_status status = st_call(said, import, &q);
    *net = q.net;
    if (verdicts)
        *verdicts = q.verdicts;
    else
        stoa_verdicts_free(q.verdicts);
    return status;
}

struct exporting {
    const stoa_net *net;
    const char *form, *path;
    const stoa_export_options *given;
    stoa_verdicts *verdicts;
};

static bool export_net(struct st_call *c, void *user)
{
    struct exporting *q = user;
    stoa_export_options o = stoa_export_defaults();
    struct st_verdicts v;
    if (!q->net || !q->form || !q->path)
        return st_request(c, "exporting wants a network, a form and a place");
    bool nir = !strcmp(q->form, "nir");
    if (!nir && strcmp(q->form, "sonata") != 0)
        return st_request(c, "there is no form '%s'; there are nir and sonata", q->form);
    if (!st_options(c, &o, sizeof o, q->given, sizeof o))
        return false;
    if (!(o.dt == 0 || (o.dt >= 1e-12 && o.dt <= 1e6)))
        return st_request(c, "dt is 1e-12 to 1e6, or 0 for 1 ms, not %g", o.dt);
    double dt = o.dt > 0 ? o.dt : nir ? 0.001 : 1;
    /* What is wrong is said where the network's own file says it. */
    const struct st_diags *from = &q->net->sources;
    c->diags.sources = from->sources;
    c->diags.source_count = c->diags.source_room = from->source_count;
    c->diags.paths = from->paths;
    c->diags.path_count = c->diags.path_room = from->path_count;
    st_verdicts_init(&v, c->arena);
    bool written = nir ? st_nir_write(c->arena, &c->diags, q->net->net, dt, o.seed, q->path, &v, &c->fault)
                       : st_sonata_write(c->arena, &c->diags, q->net->net, dt, o.seed, q->path, &v, &c->fault);
    if (!written && c->fault.id)
        return false;
    stoa_verdicts *verdicts = st_verdicts_handle(c, q->net->file, written, &v);
    st_verdicts_held(verdicts, st_keep(c, NULL, NULL));
    q->verdicts = verdicts;
    return written;
}

stoa_status stoa_export(const stoa_net *net, const char *form, const char *path, const stoa_export_options *options,
                        stoa_verdicts **verdicts, stoa_diagnostics **said)
{
    struct exporting q = {.net = net, .form = form, .path = path, .given = options};
    stoa_status status = st_call(said, export_net, &q);
    if (verdicts)
        *verdicts = q.verdicts;
    else
        stoa_verdicts_free(q.verdicts);
    return status;
}
