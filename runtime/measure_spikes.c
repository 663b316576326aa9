/* measure_spikes.c - how many spikes each population has. */
#include "measure.h"

static uint32_t width(const struct st_image *image) { return image->population_count; }

static const char *of(const struct st_image *image, uint32_t number) { return image->populations[number].name; }

static void see(const struct st_seen *seen, uint64_t *sum)
{
    for (uint32_t i = 0; i < seen->count; i++)
        sum[seen->spikes[i].population]++;
}

const struct st_measure st_measure_spikes = {"spikes", true, width, of, see};
