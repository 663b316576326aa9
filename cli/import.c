/* import.c - `stoa import`: a network in the format of others, as a file of our own, and what became of each value. */
#include "inside.h"
#include "door.h"
#include "file.h"
#include <stdio.h>
#include <string.h>

const char cli_import_help[] =
    "stoa import graph.nir --set dt=1e-4 -o net.yaml\n"
    "    reads a network of another program and says of each node and parameter whether it is exact, approximated "
    "(and\n"
    "    by how much) or refused (and why). Any command that takes a network takes such files, too\n\n"
    "usage: stoa import FILE [-o NET.yaml] [--set NAME=NUMBER]... [--json]\n\n"
    "  FILE               NIR (.nir, HDF5), SONATA (circuit or simulation configuration, .json), RANC (.json of its\n"
    "                     simulator, or one of its csram_NN.mem), ArNI-X (.nnc)\n"
    "  -o NET.yaml        the network; lists of 1,000 synapses and more go into files beside it, NET-N.csv\n"
    "  --set dt=NUMBER    a tick: NIR in the graph's unit of time (seconds), SONATA in ms (default: its run's dt)\n"
    "  --set subtract=1   a spike takes the threshold off (default 0: it resets)\n"
    "  --set exponential=1  decays as exact solutions (default 0: forward Euler)\n"
    "  --set bits=N       scales are chosen so that the widest weight is below 2^N units (default 15; 0: the compiler\n"
    "                     chooses for its fabric)\n"
    "  --set ticks=N      presentations of so many ticks, reset after each (default: one that goes on)\n"
    "  --set symmetric=1  RANC: potentials are reset at the negative threshold (default 0: below it; or as "
    "config.json)\n"
    "  --set wrap=0       RANC: potentials as wide as the fabric's (default 1: they wrap)\n"
    "  --set grid=N       RANC: cores in a row, where no file says it\n"
    "  --set learn=0      ArNI-X: what learns keeps the weights with which it begins (default 1: it learns)\n"
    "  --set label=N      ArNI-X: the tick of the right answer (default: the second of the silence)\n"
    "  --set weight=N     ArNI-X: of links that say none (default 10: one spike makes one)\n"
    "  --set receptors=N  ArNI-X: how many, where neither the file nor the data beside it says it\n"
    "  --json             the verdicts as JSON\n";

enum { LEAST_BESIDE = 1000, ROWS_AT_ONCE = 1 << 14 };

/* A list as a file, piece by piece. */
static bool write_list(struct cli *c, const char *path, const struct st_net_list *l, struct st_fault *f)
{
    struct st_file_out *o = ST_NEW(c->arena, struct st_file_out, 1);
    struct st_text t;
    st_text_init(&t, c->arena);
    if (!st_file_begin(o, path, f))
        return false;
    for (uint32_t i = 0; i < l->count; i += ROWS_AT_ONCE) {
        t.length = 0;
        st_net_print_rows(&t, l, i, l->count - i < ROWS_AT_ONCE ? l->count - i : ROWS_AT_ONCE);
        if (!st_file_put(o, t.at, t.length, f)) {
            st_file_drop(o);
            return false;
        }
    }
    return st_file_commit(o, f);
}

static bool write_net(struct cli *c, const char *out, const struct st_net *net, struct st_fault *f)
{
    bool standard = !strcmp(out, "-");
    const char *slash = strrchr(out, '/'), *name = slash ? slash + 1 : out, *dot = strrchr(name, '.');
    const char *stem = st_arena_text(c->arena, name, dot && dot > name ? (size_t)(dot - name) : strlen(name));
    const char *folder = st_path_folder(c->arena, out);
    const char *text = standard ? st_net_print(c->arena, net) : st_net_print_beside(c->arena, net, stem, LEAST_BESIDE);
    for (uint32_t i = 0; i < net->projection_count && !standard; i++) {
        const struct st_net_projection *p = &net->projections[i];
        const char *file = st_path_join(c->arena, folder, st_net_list_file(c->arena, stem, i));
        if (p->policy == ST_LIST && p->list.count >= LEAST_BESIDE && !write_list(c, file, &p->list, f))
            return false;
    }
    return st_file_write(out, text, strlen(text), f);
}

int cli_import(struct cli *c, int argc, char **argv)
{
    static const struct option options[] = {
        {"set", required_argument, NULL, 's'}, {"json", no_argument, NULL, 'j'}, {NULL, 0, NULL, 0}};
    stoa_setting settings[CLI_SETTINGS];
    size_t count = 0;
    const char *out = NULL;
    bool json = false;
    for (int o; (o = cli_option(c, argc, argv, ":o:", options)) != -1;)
        switch (o) {
        case 'o':
            out = optarg;
            break;
        case 's':
            if (!cli_setting(c, optarg, settings, &count))
                return CLI_USAGE;
            break;
        case 'j':
            json = true;
            break;
        default:
            return CLI_USAGE;
        }
    if (optind + 1 != argc)
        return cli_usage(c, "wants one file");
    if (out && json && !strcmp(out, "-"))
        return cli_usage(c, "--json and the network cannot both go to standard output");
    struct st_fault f;
    struct st_verdicts v;
    st_verdicts_init(&v, c->arena);
    const char *path = argv[optind];
    enum st_door door = st_door_of(path);
    if (!cli_writable(c, out, &f))
        return cli_fault(&f);
    const struct st_net *net =
        st_door_read(c->arena, &c->diags, path, door, cli_settings(c, settings, count), count, &v, &f);
    if (!net && f.id)
        return cli_fault(&f);
    cli_verdicts(c, path, net != NULL, &v, json, out && !strcmp(out, "-") ? stderr : stdout);
    int status = cli_diags(c, false);
    if (net && status == CLI_DONE && out && !write_net(c, out, net, &f))
        return cli_fault(&f);
    return status;
}
