#include "shipped.h"
#include "door.h"
#include "file.h"
#include "image_io.h"
#include "self.h"
#include "text.h"
#include <glob.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Says that there is no such file, and which names there would have been. */
static const char *not_found(struct st_arena *a, const char *root, const char *folder, const char *name,
                             struct st_fault *f)
{
    enum { NAMES_MAX = 64 };
    const char *names[NAMES_MAX];
    glob_t found;
    size_t count = 0;
    struct st_text t;
    st_text_init(&t, a);
    if (glob(st_arena_printf(a, "%s/netlists/%s/*.yaml", root, folder), 0, NULL, &found) == 0)
        for (; count < found.gl_pathc && count < NAMES_MAX; count++) {
            const char *base = strrchr(found.gl_pathv[count], '/') + 1;
            names[count] = st_arena_text(a, base, strlen(base) - strlen(".yaml"));
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

/* What is beside the command or library lies behind "../..": its place is said without. */
static const char *resolved(struct st_arena *a, const char *path)
{
    char place[PATH_MAX], here[PATH_MAX];
    if (!realpath(path, place))
        return path;
    size_t n = getcwd(here, sizeof here) ? strlen(here) : 0;
    bool below = n > 0 && !strncmp(place, here, n) && place[n] == '/';
    return st_arena_printf(a, "%s", below ? place + n + 1 : place);
}

/* Whether a name is one, and no file that is there. */
static bool is_name(const char *name)
{
    return strcmp(name, "-") != 0 && access(name, F_OK) != 0 && !strchr(name, '/');
}

/* Where netlists/ may lie: the current folder, the checkout or installation that this is in, and for a program that was
 * linked with the archive what the system shares (XDG Base Directory Specification). NULL ends them. */
static const char *const *roots_of(struct st_arena *a)
{
    enum { ROOTS = 20 };
    const char **roots = ST_NEW(a, const char *, ROOTS + 1), *self = st_self_folder(a);
    static const char *const near[] = {"../..", "../share/stoa", "../../share/stoa"};
    size_t count = 0;
    roots[count++] = ".";
    for (size_t i = 0; i < sizeof near / sizeof *near; i++)
        roots[count++] = st_path_join(a, self, near[i]);
    const char *shared = getenv("XDG_DATA_DIRS");
    for (const char *at = shared && *shared ? shared : "/usr/local/share:/usr/share"; *at && count < ROOTS;) {
        size_t n = strcspn(at, ":");
        if (n)
            roots[count++] = st_path_join(a, st_arena_text(a, at, n), "stoa");
        at += n + (at[n] == ':');
    }
    return roots;
}

/* The file of that name in netlists/FOLDER of one of them; NULL: *root gets the first that has the folder. */
static const char *shipped(struct st_arena *a, const char *folder, const char *name, const char **root)
{
    const char *const *roots = roots_of(a);
    int shown = -1;
    for (int i = 0; roots[i]; i++) {
        const char *place = st_path_join(a, roots[i], st_arena_printf(a, "netlists/%s", folder));
        const char *path = st_arena_printf(a, "%s/%s.yaml", place, name);
        if (access(path, F_OK) == 0)
            return i == 0 ? path : resolved(a, path);
        if (shown < 0 && access(place, F_OK) == 0)
            shown = i;
    }
    *root = roots[shown < 0 ? 0 : shown];
    return NULL;
}

const char *st_find(struct st_arena *a, const char *folder, const char *name, struct st_fault *f)
{
    const char *root = ".", *path = is_name(name) ? shipped(a, folder, name, &root) : name;
    return path ? path : not_found(a, root, folder, name, f);
}

const struct st_net *st_net_load(struct st_arena *a, struct st_diags *d, const char *name,
                                 const struct st_setting *settings, size_t count, const char **note, struct st_fault *f)
{
    struct st_verdicts v;
    f->id = ST_OK;
    *note = NULL;
    const char *path = st_find(a, "networks", name, f);
    if (!path)
        return NULL;
    enum st_door door = st_door_of(path);
    st_verdicts_init(&v, a);
    const struct st_net *net = st_door_read(a, d, path, door, settings, count, &v, f);
    if (net && door != ST_DOOR_OWN)
        *note = st_arena_printf(a, "%s: of %u values %u are approximated: `stoa import` lists them", path, v.count,
                                st_verdicts_of(&v, ST_FAITH_APPROXIMATED));
    return net;
}

const struct st_fabric *st_fabric_load(struct st_arena *a, struct st_diags *d, const char *name, struct st_fault *f)
{
    char *text;
    size_t length;
    f->id = ST_OK;
    const char *path = st_find(a, "fabrics", name, f);
    if (!path || !st_file_read_most(a, path, ST_TEXT_MOST, &text, &length, f))
        return NULL;
    const struct st_fabric *fabric = st_fabric_read(a, d, path, text, length);
    return fabric && st_fabric_check(fabric, d) ? fabric : NULL;
}

/* What ships has a name too, and is no image yet. */
static bool is_of_netlists(struct st_arena *a, const char *name, struct st_fault *f)
{
    const char *root;
    if (!is_name(name))
        return false;
    if (shipped(a, "networks", name, &root))
        st_fail(f, ST_FAULT_OPEN,
                "'%s' is a network that ships, and no image: compile it first (stoa compile %s -f stoa-1-large -o "
                "%s.img)",
                name, name, name);
    else if (shipped(a, "experiments", name, &root))
        st_fail(f, ST_FAULT_OPEN,
                "'%s' is an experiment that ships, and no image: train it first (stoa train %s, which leaves "
                "runs/%s/trained.img)",
                name, name, name);
    else if (shipped(a, "fabrics", name, &root))
        st_fail(f, ST_FAULT_OPEN,
                "'%s' is a fabric that ships, and no image: compile a network for it first (stoa compile colanet -f "
                "%s -o colanet.img)",
                name, name);
    else
        return false;
    return true;
}

struct st_image *st_image_find(struct st_arena *a, const char *path, struct st_fault *f)
{
    return is_of_netlists(a, path, f) ? NULL : st_image_load(a, path, f);
}
