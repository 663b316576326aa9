/* shipped.c - networks, fabrics, experiments and images by their names: files, or what lies in netlists/. */
#include "cli.h"
#include "door.h"
#include "file.h"
#include "text.h"
#include <glob.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Says that there is no such file, and which names there would have been. */
static const char *not_found(struct cli *c, const char *root, const char *folder, const char *name, struct st_fault *f)
{
    enum { NAMES_MAX = 64 };
    const char *names[NAMES_MAX];
    glob_t found;
    size_t count = 0;
    struct st_text t;
    st_text_init(&t, c->arena);
    if (glob(st_arena_printf(c->arena, "%s/netlists/%s/*.yaml", root, folder), 0, NULL, &found) == 0)
        for (; count < found.gl_pathc && count < NAMES_MAX; count++) {
            const char *base = strrchr(found.gl_pathv[count], '/') + 1;
            names[count] = st_arena_text(c->arena, base, strlen(base) - strlen(".yaml"));
            st_textf(&t, "%s%s", count ? ", " : "", names[count]);
        }
    globfree(&found);
    const char *near = st_nearest(name, names, count);
    if (near)
        st_fail(f, ST_FAULT_OPEN, "there is no file '%s' and nothing of that name in netlists/%s: did you mean '%s'?",
                name, folder, near);
    else
        st_fail(f, ST_FAULT_OPEN, "there is no file '%s' and nothing of that name in netlists/%s%s%s", name, folder,
                count ? ", which has " : "", count ? t.at : "");
    return NULL;
}

/* What is beside the command lies behind "../..": its place is said without. */
static const char *resolved(struct cli *c, const char *path)
{
    char place[PATH_MAX], here[PATH_MAX];
    if (!realpath(path, place))
        return path;
    size_t n = getcwd(here, sizeof here) ? strlen(here) : 0;
    bool below = n > 0 && !strncmp(place, here, n) && place[n] == '/';
    return st_arena_printf(c->arena, "%s", below ? place + n + 1 : place);
}

/* Whether a name is one, and no file that is there. */
static bool is_name(const char *name)
{
    return strcmp(name, "-") != 0 && access(name, F_OK) != 0 && !strchr(name, '/');
}

/* The file of that name in netlists/FOLDER of the current folder or of the checkout or installation that the command
 * was started from; NULL: *root gets the first of them that has the folder. */
static const char *shipped(struct cli *c, const char *folder, const char *name, const char **root)
{
    char self[PATH_MAX];
    ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);
    self[n > 0 ? n : 0] = 0;
    const char *roots[] = {".", st_path_join(c->arena, st_path_folder(c->arena, self), "../.."),
                           st_path_join(c->arena, st_path_folder(c->arena, self), "../share/stoa")};
    enum { ROOTS = sizeof roots / sizeof roots[0] };
    int shown = -1;
    for (int i = 0; i < ROOTS; i++) {
        const char *place = st_path_join(c->arena, roots[i], st_arena_printf(c->arena, "netlists/%s", folder));
        const char *path = st_arena_printf(c->arena, "%s/%s.yaml", place, name);
        if (access(path, F_OK) == 0)
            return i == 0 ? path : resolved(c, path);
        if (shown < 0 && access(place, F_OK) == 0)
            shown = i;
    }
    *root = roots[shown < 0 ? 0 : shown];
    return NULL;
}

const char *cli_find(struct cli *c, const char *folder, const char *name, struct st_fault *f)
{
    const char *root = ".", *path = is_name(name) ? shipped(c, folder, name, &root) : name;
    return path ? path : not_found(c, root, folder, name, f);
}

const struct st_net *cli_net(struct cli *c, const char *name, const struct st_setting *settings, size_t count,
                             struct st_fault *f)
{
    f->id = ST_OK;
    const char *path = cli_find(c, "networks", name, f);
    if (!path)
        return NULL;
    enum st_door door = st_door_of(path);
    struct st_verdicts v;
    st_verdicts_init(&v, c->arena);
    const struct st_net *net = st_door_read(c->arena, &c->diags, path, door, settings, count, &v, f);
    if (net && door != ST_DOOR_OWN)
        fprintf(stderr, "%s: of %u values %u are approximated: `stoa import` lists them\n", cli_shown(c, path), v.count,
                st_verdicts_of(&v, ST_FAITH_APPROXIMATED));
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

const struct st_fabric *cli_load_fabric(struct cli *c, const char *name, struct st_fault *f)
{
    char *text;
    size_t length;
    f->id = ST_OK;
    const char *path = cli_find(c, "fabrics", name, f);
    if (!path || !st_file_read_most(c->arena, path, ST_TEXT_MOST, &text, &length, f))
        return NULL;
    const struct st_fabric *fabric = st_fabric_read(c->arena, &c->diags, path, text, length);
    return fabric && st_fabric_check(fabric, &c->diags) ? fabric : NULL;
}

/* What ships has a name too, and is no image yet. */
static bool is_of_netlists(struct cli *c, const char *name, struct st_fault *f)
{
    const char *root, *shown = cli_shown(c, name);
    if (!is_name(name))
        return false;
    if (shipped(c, "networks", name, &root))
        st_fail(f, ST_FAULT_OPEN,
                "'%s' is a network that ships, and no image: compile it first (stoa compile %s -f stoa-1-large -o "
                "%s.img)",
                shown, shown, shown);
    else if (shipped(c, "experiments", name, &root))
        st_fail(f, ST_FAULT_OPEN,
                "'%s' is an experiment that ships, and no image: train it first (stoa train %s, which leaves "
                "runs/%s/trained.img)",
                shown, shown, shown);
    else if (shipped(c, "fabrics", name, &root))
        st_fail(f, ST_FAULT_OPEN,
                "'%s' is a fabric that ships, and no image: compile a network for it first (stoa compile colanet -f "
                "%s -o colanet.img)",
                shown, shown);
    else
        return false;
    return true;
}

struct st_image *cli_image(struct cli *c, const char *path, struct st_fault *f)
{
    return is_of_netlists(c, path, f) ? NULL : st_image_load(c->arena, path, f);
}
