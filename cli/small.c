/* small.c - the commands that are a few lines: dump, pack, explain. */
#include "cli.h"
#include <stdio.h>
#include <string.h>

static const struct option no_options[] = {{NULL, 0, NULL, 0}};

/* The single argument of a command that has no options; NULL after a usage message. */
static const char *only_argument(struct cli *c, int argc, char **argv, const char *what)
{
    if (cli_option(c, argc, argv, ":", no_options) != -1)
        return NULL;
    if (optind + 1 != argc) {
        cli_usage(c, "wants one %s", what);
        return NULL;
    }
    return argv[optind];
}

const char cli_dump_help[] =
    "stoa dump trained.img > trained.txt\n"
    "    prints an image as text that `stoa pack` turns back into the same bytes\n\n"
    "  --parameters    only which parameters of rules a host may write between ticks, and where they stand\n\n"
    "usage: stoa dump IMAGE [-o TEXT]     (- is standard input or output)\n";

const char cli_pack_help[] =
    "stoa pack trained.txt -o trained.img\n"
    "    turns the text of `stoa dump` into an image; or writes what a board is loaded with:\n"
    "stoa pack trained.img --mem board/\n\n"
    "usage: stoa pack TEXT -o IMAGE       (- is standard input or output)\n"
    "       stoa pack IMAGE --mem FOLDER [--lanes N] [--copy N] [--learn]\n\n"
    "  --mem FOLDER  packets.hex: the packets that load it, one a line ($readmemh, 51 bits);\n"
    "                packets.bin: the same as bytes for the serial line of a board;\n"
    "                X_Y.REGION.hex: the words of each memory of each tile by offset ($readmemh)\n"
    "  --lanes N     of the board's core, on which the order of synapses hangs (default: the\n"
    "                fabric's)\n"
    "  --copy N      which member of the ensemble (default 0)\n"
    "  --learn       learning programs will run\n";

/* Either direction: loads whichever form the file has, writes the one asked for. */
static int convert(struct cli *c, int argc, char **argv, bool to_text)
{
    static const struct option dumps[] = {{"parameters", no_argument, NULL, 'p'}, {NULL, 0, NULL, 0}};
    const char *out = NULL;
    bool parameters = false;
    for (int o; (o = cli_option(c, argc, argv, ":o:", to_text ? dumps : no_options)) != -1;) {
        if (o == 'p')
            parameters = true;
        else if (o == 'o')
            out = optarg;
        else
            return CLI_USAGE;
    }
    if (optind + 1 != argc)
        return cli_usage(c, "wants one file");
    if (!to_text && !out)
        return cli_usage(c, "wants -o IMAGE");
    struct st_fault f;
    stoa_diagnostics *said;
    stoa_image *image;
    void *bytes = NULL;
    char *text = NULL;
    size_t length = 0;
    stoa_status s = stoa_image_load(argv[optind], &image, &said);
    if (s != STOA_OK)
        return cli_said(c, s, said);
    stoa_diagnostics_free(said);
    if (!cli_writable(c, out, &f)) {
        stoa_image_free(image);
        return cli_fault(&f);
    }
    if (parameters)
        s = stoa_image_parameters(image, &text, &said);
    else if (to_text)
        s = stoa_image_dump(image, &text, &length, &said);
    else
        s = stoa_image_pack(image, &bytes, &length, &said);
    int status = cli_said(c, s, said);
    if (parameters && text)
        length = strlen(text);
    if (status == CLI_DONE)
        status = cli_put(out, text ? text : bytes, length);
    stoa_free(text);
    stoa_free(bytes);
    stoa_image_free(image);
    return status;
}

int cli_dump(struct cli *c, int argc, char **argv) { return convert(c, argc, argv, true); }

/* What a board is loaded with. */
static int write_memories(struct cli *c, const char *path, const char *folder, const stoa_memory_options *how)
{
    stoa_diagnostics *said;
    stoa_image *image;
    char *text = NULL;
    stoa_status s = stoa_image_load(path, &image, &said);
    if (s == STOA_OK) {
        stoa_diagnostics_free(said);
        s = stoa_image_memories(image, how, folder, &text, &said);
    }
    if (s == STOA_OK)
        fputs(text, stderr);
    stoa_free(text);
    stoa_image_free(image);
    return cli_said(c, s, said);
}

int cli_pack(struct cli *c, int argc, char **argv)
{
    static const struct option options[] = {{"mem", required_argument, NULL, 'm'},
                                            {"lanes", required_argument, NULL, 'l'},
                                            {"copy", required_argument, NULL, 'c'},
                                            {"learn", no_argument, NULL, 'e'},
                                            {NULL, 0, NULL, 0}};
    bool memories = false;
    for (int k = 1; k < argc; k++)
        memories |= !strncmp(argv[k], "--mem", 5);
    if (!memories)
        return convert(c, argc, argv, false);
    stoa_memory_options how = stoa_memory_defaults();
    const char *folder = NULL;
    uint64_t n;
    for (int o; (o = cli_option(c, argc, argv, ":", options)) != -1;)
        switch (o) {
        case 'm':
            folder = optarg;
            break;
        case 'l':
            if (!cli_number(c, "--lanes", optarg, 1, 16, &n))
                return CLI_USAGE;
            how.lanes = (uint32_t)n;
            break;
        case 'c':
            if (!cli_number(c, "--copy", optarg, 0, UINT32_MAX, &n))
                return CLI_USAGE;
            how.copy = (uint32_t)n;
            break;
        case 'e':
            how.learn = 1;
            break;
        default:
            return CLI_USAGE;
        }
    if (optind + 1 != argc)
        return cli_usage(c, "wants one image");
    return write_memories(c, argv[optind], folder, &how);
}

const char cli_explain_help[] = "stoa explain no-population\n"
                                "    says what a diagnostic means and how it is cured\n\n"
                                "usage: stoa explain DIAGNOSTIC | --list\n";

int cli_explain(struct cli *c, int argc, char **argv)
{
    if (argc == 2 && !strcmp(argv[1], "--list")) {
        for (size_t i = 0; stoa_explained(i); i++)
            puts(stoa_explained(i));
        return CLI_DONE;
    }
    const char *name = only_argument(c, argc, argv, "diagnostic (or --list)");
    if (!name)
        return CLI_USAGE;
    const char *text = stoa_explain(name);
    if (!text) {
        size_t count = 0;
        while (stoa_explained(count))
            count++;
        const char **names = ST_NEW(c->arena, const char *, count);
        for (size_t i = 0; i < count; i++)
            names[i] = stoa_explained(i);
        const char *near = st_nearest(name, names, count);
        return cli_usage(c, "no diagnostic '%s'%s%s; --list names them", name, near ? ", nearest is " : "",
                         near ? near : "");
    }
    printf("%s: %s\n", name, text);
    return CLI_DONE;
}
