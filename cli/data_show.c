#include "data.h"
#include "sheet.h"
#include <stdio.h>

int cli_data_show(struct cli *c, int argc, char **argv)
{
    struct cli_data q;
    struct st_fault f;
    struct st_dataset whole, d;
    size_t count, length;
    if (!cli_data_options(c, argc, argv, "ofncltwr", &q))
        return CLI_USAGE;
    if (optind + 1 != argc || !q.out)
        return cli_usage(c, "show wants one SOURCE, a folder or a file of pictures, and -o SHEET.png");
    const struct cli_data_pair *pair = cli_data_pairs(c, argv[optind], &count, &f);
    if (!pair || !st_dataset_load(c->arena, pair->images, pair->labels, &whole, &f))
        return cli_fault(&f);
    struct st_sheet sheet = {
        .columns = (uint32_t)q.columns, .by_class = whole.labels && !q.in_order, .first = q.choice.first};
    if (!sheet.by_class && !q.choice.count)
        q.choice.count = 10 * sheet.columns;
    if (!st_dataset_choose(c->arena, &whole, &q.choice, &d, &f))
        return cli_fault(&f);
    if (d.count == 0)
        return cli_usage(c, "--first %u leaves nothing of %s", q.choice.first, pair->images);
    if (st_sheet_pixels(&d, &sheet) > ST_SHEET_PIXELS_MAX)
        return cli_usage(c, "a sheet of more than %d pixels: take fewer --columns or a smaller --count",
                         ST_SHEET_PIXELS_MAX);
    const uint8_t *png = st_sheet_png(c->arena, &d, &sheet, &length);
    fprintf(stderr, "%s: %s, a row %s\n", cli_shown(c, q.out), cli_shown(c, pair->images),
            sheet.by_class ? "a class" : "after the other");
    return cli_put(q.out, png, length);
}
