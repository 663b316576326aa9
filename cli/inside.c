#include "inside.h"
#include "folder.h"
#include "said.h"
#include "text.h"
#include <stdio.h>
#include <string.h>

int cli_diags(const struct cli *c, bool json)
{
    const struct st_diags *d = &c->diags;
    stoa_diagnostics *said = st_said(d, NULL, NULL, NULL);
    if (json)
        fputs(stoa_diagnostics_json(said), stdout);
    else
        fputs(stoa_diagnostics_text(said, cli_colored()), stderr);
    stoa_diagnostics_free(said);
    for (uint32_t i = 0; i < d->count; i++)
        if (!d->list[i].warning && !strcmp(st_diag_stage(d->list[i].id), "self"))
            return CLI_BUG;
    return d->errors ? CLI_REFUSED : CLI_DONE;
}

bool cli_folder_take(struct cli *c, const char *folder, struct st_fault *f)
{
    return st_folder_take(c->arena, folder, f) >= 0;
}

struct st_setting *cli_settings(const struct cli *c, const stoa_setting *settings, size_t count)
{
    struct st_setting *to = ST_NEW(c->arena, struct st_setting, count);
    for (size_t i = 0; i < count; i++)
        to[i] =
            (struct st_setting){st_arena_text(c->arena, settings[i].name, strlen(settings[i].name)), settings[i].value};
    return to;
}

const struct st_net *cli_net(struct cli *c, const char *name, const stoa_setting *settings, size_t count,
                             struct st_fault *f)
{
    const char *note;
    const struct st_net *net =
        st_net_load(c->arena, &c->diags, name, cli_settings(c, settings, count), count, &note, f);
    if (note)
        fprintf(stderr, "%s\n", cli_shown(c, note));
    return net;
}

void cli_verdicts(struct cli *c, const char *path, bool whole, const struct st_verdicts *v, bool json, FILE *to)
{
    struct st_text t;
    if (!json) {
        if (v->count)
            fputs(st_verdicts_text(v), to);
        return;
    }
    st_text_init(&t, c->arena);
    st_text_put(&t, "{\"file\": ");
    st_text_json(&t, path);
    st_textf(&t, ",\n  \"whole\": %s,\n  \"exact\": %u, \"approximated\": %u, \"refused\": %u,\n  \"verdicts\": ",
             whole ? "true" : "false", st_verdicts_of(v, ST_FAITH_EXACT), st_verdicts_of(v, ST_FAITH_APPROXIMATED),
             st_verdicts_of(v, ST_FAITH_REFUSED));
    st_verdicts_json(v, &t);
    st_text_put(&t, "\n}\n");
    fputs(t.at, to);
}
