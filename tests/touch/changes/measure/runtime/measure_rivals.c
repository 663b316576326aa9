/* measure_rivals.c - how many columns have a vote. */
#include "measure.h"

static uint32_t width(const struct st_image *image)
{
    (void)image;
    return 1;
}

static const char *of(const struct st_image *image, uint32_t number)
{
    (void)number;
    return image->populations[image->readout.population].name;
}

static void see(const struct st_seen *seen, uint64_t *sum)
{
    for (uint32_t c = 0; c < seen->columns; c++)
        sum[0] += seen->votes[c] > 0;
}

const struct st_measure st_measure_rivals = {"rivals", false, width, of, see};
