#include "cli.h"
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct cli_command commands[] = {
    {"compile", "network + fabric -> image", cli_compile_help, cli_compile},
    {"check", "what is wrong with a network", cli_check_help, cli_check},
    {"verify", "prove an image from its network and fabric", cli_verify_help, cli_verify},
    {"import", "a network of another format -> network, with a verdict on each value", cli_import_help, cli_import},
    {"export", "network -> NIR or SONATA", cli_export_help, cli_export},
    {"events", "recorded events <-> spikes of receptors", cli_events_help, cli_events},
    {"fabric", "what a fabric holds and costs", cli_fabric_help, cli_fabric},
    {"data", "which data sets are there; make and show some", cli_data_help, cli_data},
    {"train", "learn a data set, then be asked", cli_train_help, cli_train},
    {"tune", "search a network's parameters", cli_tune_help, cli_tune},
    {"baseline", "a dense network with backpropagation on the same tasks", cli_baseline_help, cli_baseline},
    {"run", "run an image on spikes or pictures", cli_run_help, cli_run},
    {"report", "what it costs and what it learnt, as a page", cli_report_help, cli_report},
    {"dump", "image -> text", cli_dump_help, cli_dump},
    {"pack", "text -> image", cli_pack_help, cli_pack},
    {"diff", "the first difference of two traces", cli_diff_help, cli_diff},
    {"explain", "what a diagnostic means", cli_explain_help, cli_explain},
};
enum { COMMANDS = sizeof commands / sizeof commands[0] };

static void help(FILE *to)
{
    fputs("stoa train netlists/experiments/mnist.yaml\n"
          "    trains a columnar spiking network on a neuromorphic fabric and reports\n\n"
          "usage: stoa COMMAND [OPTIONS]\n\n",
          to);
    for (int i = 0; i < COMMANDS; i++)
        fprintf(to, "  %-9s %s\n", commands[i].name, commands[i].summary);
    fputs("\n`stoa COMMAND --help` begins with an example.\n"
          "Exit: 0 done, 1 input refused, 2 bad command line, 3 the world failed, 4 traces differ, 70 a bug in stoa,\n"
          "128 + n stopped by signal n.\n",
          to);
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        help(stderr);
        return CLI_USAGE;
    }
    if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h") || !strcmp(argv[1], "help")) {
        help(stdout);
        return CLI_DONE;
    }
    if (!strcmp(argv[1], "--version")) {
        puts("stoa " ST_VERSION);
        return CLI_DONE;
    }
    const char *names[COMMANDS];
    for (int i = 0; i < COMMANDS; i++)
        names[i] = commands[i].name;
    for (int i = 0; i < COMMANDS; i++) {
        if (strcmp(argv[1], commands[i].name))
            continue;
        for (int k = 2; k < argc; k++)
            if (!strcmp(argv[k], "--help") || !strcmp(argv[k], "-h")) {
                fputs(commands[i].help, stdout);
                return CLI_DONE;
            }
        struct st_arena arena;
        st_arena_init(&arena);
        struct cli c = {.arena = &arena, .command = &commands[i]};
        if (setjmp(arena.full)) {
            fputs("stoa: no memory\n", stderr);
            return CLI_WORLD;
        }
        st_diags_init(&c.diags, &arena);
        int status = commands[i].run(&c, argc - 1, argv + 1);
        st_arena_free(&arena);
        if (fflush(stdout) != 0 || ferror(stdout)) {
            fputs("stoa: cannot write to standard output\n", stderr);
            return CLI_WORLD;
        }
        return status;
    }
    const char *near = st_nearest(argv[1], names, COMMANDS);
    struct st_arena arena;
    st_arena_init(&arena);
    if (setjmp(arena.full))
        return CLI_WORLD;
    const struct cli c = {.arena = &arena};
    fprintf(stderr, "stoa: no command '%s'%s%s%s\n`stoa --help` lists them\n", cli_shown(&c, argv[1]),
            near ? "; did you mean '" : "", near ? near : "", near ? "'?" : "");
    st_arena_free(&arena);
    return CLI_USAGE;
}
