#include "data.h"
#include "file.h"
#include <stdio.h>
#include <string.h>

const char cli_data_help[] =
    "stoa data\n"
    "    says which data sets are there, where the others belong, and how they are had\n\n"
    "usage: stoa data [--data DIR] [--json]\n"
    "       stoa data show SOURCE -o SHEET.png [CHOICE] [--columns N] [--in-order]\n"
    "       stoa data make permuted SOURCE -o FOLDER [--seed N] [--json]\n"
    "       stoa data make subset SOURCE -o FOLDER [CHOICE] [--json]\n"
    "       stoa data make noise --kind white|blurred|flat -o FOLDER [--count N] [--side N] [--seed N] [--json]\n"
    "       stoa data make pictures FOLDER|FILE.npy|FILE.npz -o FOLDER [--json]\n"
    "       stoa data letters [-o FOLDER] [--seed N] [--hands N] [--json]\n\n"
    "SOURCE is a folder of idx files (show takes its training pictures) or a file of pictures, "
    "NAME-images-idx3-ubyte,\n"
    "whose labels lie beside it in NAME-labels-idx1-ubyte; gzipped or not.\n\n"
    "  show              pictures as a PNG, a row a class, or in order\n"
    "  make permuted     pixels re-ordered, all pictures alike, by seed (docs/arithmetic.md, section 2)\n"
    "  make subset       a part of a data set as one of its own\n"
    "  make noise        pictures of nothing, without labels: every pixel uniform, that blurred and stretched,\n"
    "                    or every pixel 255\n"
    "  make pictures     PNG files (FOLDER/CLASS/*.png or FOLDER/*.png) or arrays of NumPy as idx files "
    "(docs/formats.md)\n"
    "  letters           a stand-in for letters, drawn from strokes: two data sets, FOLDER/1 and FOLDER/2\n"
    "                    (default data/letters)\n\n"
    "CHOICE, in this order:\n"
    "  --first-label N   the label that counts as 0 (default 0)\n"
    "  --classes A,B,..  these alone, renumbered 0, 1, .. in this order\n"
    "  --first N         leave out the first N pictures\n"
    "  --count N         then take so many\n"
    "  --transpose       rows and columns change places, as EMNIST's want\n\n"
    "  --data DIR        the data folder (default data)\n"
    "  --columns N       pictures a row (default 20)\n"
    "  --in-order        as they come, though there are labels\n"
    "  --side N          noise of N x N pixels (default 28)\n"
    "  --hands N         how far the hands differ that write letters, in % of what ships (default 100): the less, the "
    "easier\n"
    "  --seed N          (default 1)\n"
    "  --json            what is there, or what was made, as JSON on standard output\n";

static const char *state_text(const char *state)
{
    static const char *const texts[][2] = {{"not-checked", "there, no checksum known"}, {"wrong", "WRONG"}};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (!strcmp(state, texts[i][0]))
            return texts[i][1];
    return state;
}

static void put_json(struct st_text *t, const stoa_known_set *set, const char *folder, const char *state,
                     const char *wrong)
{
    const char *const texts[][2] = {{"name", set->name}, {"what", set->what}, {"folder", folder},
                                    {"state", state},    {"how", set->how},   {"wrong", wrong}};
    st_textf(t, "%s\n  {", t->length ? "," : "");
    for (size_t i = 0; i < sizeof texts / sizeof *texts && texts[i][1]; i++) {
        st_textf(t, "%s\"%s\": ", i ? ", " : "", texts[i][0]);
        st_text_json(t, texts[i][1]);
    }
    st_text_put(t, "}");
}

static void put_line(struct cli *c, struct st_text *t, const stoa_known_set *set, const char *folder, const char *state,
                     const char *wrong)
{
    st_textf(t, "%-16s %s\n    %s: %s\n", set->name, set->what, cli_shown(c, folder), state_text(state));
    if (wrong)
        st_textf(t, "    %s\n", wrong);
    if (!strcmp(state, "missing") || !strcmp(state, "wrong"))
        st_textf(t, "    get it: %s\n", set->how);
}

static int list(struct cli *c, int argc, char **argv)
{
    static const struct option options[] = {
        {"data", required_argument, NULL, 'd'}, {"json", no_argument, NULL, 'j'}, {NULL, 0, NULL, 0}};
    const char *root = "data";
    bool json = false;
    struct st_text t;
    for (int o; (o = cli_option(c, argc, argv, ":", options)) != -1;) {
        if (o == '?')
            return CLI_USAGE;
        json |= o == 'j';
        root = o == 'd' ? optarg : root;
    }
    if (optind != argc)
        return cli_usage(c, "no command '%s': show, make or letters, or nothing for the list", argv[optind]);
    st_text_init(&t, c->arena);
    const stoa_known_set *set;
    for (size_t i = 0; (set = stoa_known_set_at(i)); i++) {
        stoa_diagnostics *said;
        const char *folder = st_path_join(c->arena, root, set->folder), *state;
        stoa_status status = stoa_known_set_look(i, folder, &state, &said);
        if (status != STOA_OK)
            return cli_said(c, status, said);
        const stoa_diagnostic *wrong = stoa_diagnostics_at(said, 0);
        if (json)
            put_json(&t, set, folder, state, wrong ? wrong->message : NULL);
        else
            put_line(c, &t, set, folder, state, wrong ? wrong->message : NULL);
        stoa_diagnostics_free(said);
    }
    if (json)
        printf("{\"sets\": [%s\n]}\n", t.at);
    else
        fputs(t.at, stdout);
    return CLI_DONE;
}

int cli_data(struct cli *c, int argc, char **argv)
{
    static const struct {
        const char *name;
        int (*run)(struct cli *c, int argc, char **argv);
    } commands[] = {{"show", cli_data_show}, {"make", cli_data_make}, {"letters", cli_data_letters}};
    for (size_t i = 0; argc > 1 && i < sizeof commands / sizeof *commands; i++)
        if (!strcmp(argv[1], commands[i].name))
            return commands[i].run(c, argc - 1, argv + 1);
    return list(c, argc, argv);
}
