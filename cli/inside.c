#include "inside.h"
#include "folder.h"
#include "said.h"
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
