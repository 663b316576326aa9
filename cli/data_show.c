#include "data.h"
#include <stdio.h>

/* The sheet of what is chosen of the pictures, which are freed. */
static int show(struct cli *c, struct cli_data *q, const char *images, stoa_dataset *d)
{
    stoa_diagnostics *said;
    void *png;
    size_t length;
    int done;
    bool by_class = stoa_dataset_pictures(d)->labels && !q->in_order;
    if (!by_class && !q->choice.count)
        q->choice.count = 10 * (uint32_t)q->columns;
    if (!cli_data_choose(c, &d, &q->choice, &done))
        return done;
    if (stoa_dataset_pictures(d)->count == 0) {
        stoa_dataset_free(d);
        return cli_usage(c, "--first %u leaves nothing of %s", q->choice.first, images);
    }
    stoa_status status = stoa_dataset_sheet(d, (uint32_t)q->columns, by_class, q->choice.first, &png, &length, &said);
    stoa_dataset_free(d);
    if (status != STOA_OK)
        return cli_said(c, status, said);
    fprintf(stderr, "%s: %s, a row %s\n", cli_shown(c, q->out), cli_shown(c, images),
            by_class ? "a class" : "after the other");
    done = cli_put(q->out, png, length);
    stoa_free(png);
    return done;
}

int cli_data_show(struct cli *c, int argc, char **argv)
{
    struct cli_data q;
    stoa_diagnostics *said;
    stoa_data_pair *pairs;
    stoa_dataset *d;
    size_t count;
    if (!cli_data_options(c, argc, argv, "ofncltwr", &q))
        return CLI_USAGE;
    if (optind + 1 != argc || !q.out)
        return cli_usage(c, "show wants one SOURCE, a folder or a file of pictures, and -o SHEET.png");
    stoa_status status = stoa_data_pairs(argv[optind], &pairs, &count, &said);
    int done = cli_said(c, status, said);
    if (status == STOA_OK && cli_data_load(c, &pairs[0], &d, &done))
        done = show(c, &q, pairs[0].images, d);
    stoa_free(pairs);
    return done;
}
