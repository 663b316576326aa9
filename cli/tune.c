/* tune.c - `stoa tune`: an experiment's parameters searched on held-out training pictures. */
#include "train_options.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

const char cli_tune_help[] =
    "stoa tune permuted-mnist\n"
    "    searches the parameters that the experiment's `tune:` names, on training pictures that are held back and on\n"
    "    permutations that no reported run has, and writes tune/NAME/tuned.yaml, tune.json and tune.html\n\n"
    "usage: stoa tune EXPERIMENT [OPTIONS]\n\n"
    "  --range NAME=LOW:HIGH  another range, or a parameter that `tune:` does not name\n"
    "  --set NAME=NUMBER      another value for a parameter that is not searched\n"
    "  --population N         trials of a generation\n"
    "  --generations N\n"
    "  --seeds N              judgements of a newcomer\n"
    "  --copies N             members of the ensemble that is judged\n"
    "  --limit N              training pictures of a task\n"
    "  --ask N                held-out pictures of a task\n"
    "  --seed N               of the search (default 1)\n"
    "  -f FABRIC, --data DIR  as of stoa train\n"
    "  --out DIR              where results go (default tune/NAME)\n"
    "  --threads N            for judgements (default: one a processor; the results do not depend on it)\n"
    "  --kernel NAME          kernels (same results)\n"
    "  --json                 tune.json on standard output, too\n\n"
    "A genetic search: the best stay and are judged again with another seed in each generation, and once more at the\n"
    "end; the others are bred. A network that is refused counts as the worst; any other failure ends the search.\n"
    "Every judgement is kept in DIR/log; the same command goes on from it, also after kill -9.\n";

enum { RANGES_MOST = 64, SEEDS_MOST = 32 };

struct request {
    struct train_options all;
    uint64_t population, generations, seeds, copies;
    stoa_range ranges[RANGES_MOST];
    size_t range_count;
};

static bool read_range(struct cli *c, struct request *q, char *text)
{
    char *equals = strchr(text, '='), *end;
    stoa_range x = {0};
    if (equals && q->range_count < RANGES_MOST) {
        x.low = strtod(equals + 1, &end);
        if (*end == ':') {
            x.high = strtod(end + 1, &end);
            if (!*end && x.low < x.high) {
                *equals = 0;
                x.name = text;
                q->ranges[q->range_count++] = x;
                return true;
            }
        }
    }
    cli_usage(c, "--range wants NAME=LOW:HIGH, not '%s'", text);
    return false;
}

static bool parse(struct cli *c, int argc, char **argv, struct request *q)
{
    static const struct option options[] = {TRAIN_OPTIONS_ALL,
                                            TRAIN_OPTIONS_NETWORK,
                                            {"range", required_argument, NULL, 'r'},
                                            {"population", required_argument, NULL, 'P'},
                                            {"generations", required_argument, NULL, 'g'},
                                            {"seeds", required_argument, NULL, 'S'},
                                            {"copies", required_argument, NULL, 'n'},
                                            {NULL, 0, NULL, 0}};
    *q = (struct request){0};
    cli_train_options_init(&q->all);
    for (int o; (o = cli_option(c, argc, argv, ":f:", options)) != -1;) {
        bool ok = true;
        switch (o) {
        case 'r':
            ok = read_range(c, q, optarg);
            break;
        case 'P':
            ok = cli_number(c, "--population", optarg, 2, 1000, &q->population);
            break;
        case 'g':
            ok = cli_number(c, "--generations", optarg, 1, 1000, &q->generations);
            break;
        case 'S':
            ok = cli_number(c, "--seeds", optarg, 1, SEEDS_MOST, &q->seeds);
            break;
        case 'n':
            ok = cli_number(c, "--copies", optarg, 1, 4096, &q->copies);
            break;
        default:
            ok = cli_train_option(c, o, &q->all);
        }
        if (!ok)
            return false;
    }
    return cli_train_options_end(c, argc, argv, &q->all);
}

/* --- progress --------------------------------------------------------------------------------------------------- */

/* When the last line was drawn; judgements that were there before this run, below 0: not known. */
static int show(void *user, const stoa_tuning *now)
{
    double *drawn = user;
    bool terminal = isatty(STDERR_FILENO);
    if (now->done < now->all && now->seconds - drawn[0] < (terminal ? 0.2 : 10))
        return 0;
    if (drawn[1] < 0) /* the first judgement of this run: what a log kept took no time */
        drawn[1] = (double)now->done - 1;
    drawn[0] = now->seconds;
    double rate = now->seconds > 0 ? ((double)now->done - drawn[1]) / now->seconds : 0;
    char what[32] = "the best once more";
    if (now->generation < now->generations)
        snprintf(what, sizeof what, "generation %u", now->generation + 1);
    fprintf(stderr, "%s%s: %llu of %llu judgements, %.2f a second, %.0f s left", terminal ? "\r" : "", what,
            (unsigned long long)now->done, (unsigned long long)now->all, rate,
            rate > 0 ? (double)(now->all - now->done) / rate : 0);
    if (now->judged)
        fprintf(stderr, "; best %.2f +- %.2f (%u)", now->mean, now->deviation, now->judged);
    fputs(terminal && now->done < now->all ? "\033[K" : "\n", stderr);
    return 0;
}

/* --- the command ----------------------------------------------------------------------------------------------- */

int cli_tune(struct cli *c, int argc, char **argv)
{
    struct request q;
    stoa_diagnostics *said;
    char *name, *text = NULL;
    double drawn[2] = {-100, -1};
    if (!parse(c, argc, argv, &q))
        return CLI_USAGE;
    stoa_status status = stoa_experiment_name(q.all.experiment, &name, &said);
    if (status != STOA_OK)
        return cli_said(c, status, said);
    stoa_diagnostics_free(said);
    stoa_tune_options o = stoa_tune_defaults();
    o.seed = q.all.seed;
    o.population = (uint32_t)q.population;
    o.generations = (uint32_t)q.generations;
    o.seeds = (uint32_t)q.seeds;
    o.copies = (uint32_t)q.copies;
    o.limit = (uint32_t)q.all.limit;
    o.ask = (uint32_t)q.all.ask;
    o.threads = (uint32_t)q.all.threads;
    o.fabric = q.all.fabric;
    o.data = q.all.data;
    o.kernel = q.all.variant;
    o.out = q.all.out ? q.all.out : st_arena_printf(c->arena, "tune/%s", name);
    o.settings = q.all.settings;
    o.setting_count = q.all.setting_count;
    o.ranges = q.ranges;
    o.range_count = q.range_count;
    o.stop = cli_stop();
    o.progress = show;
    o.user = drawn;
    stoa_free(name);
    status = stoa_tune(q.all.experiment, &o, q.all.json ? NULL : &text, q.all.json ? &text : NULL, &said);
    if (status == STOA_STOPPED)
        return cli_stopped(said, "; the same command goes on");
    int done = cli_said(c, status, said);
    if (text)
        fputs(text, stdout);
    stoa_free(text);
    return done;
}
