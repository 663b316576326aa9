#include "events.h"

#include <string.h>

/* Spikes in HDF5: SHD and SSC (ragged, a row a sample), SONATA (old: /spikes/gids; new: /spikes/POPULATION/node_ids).
 */

enum { ROWS_MAX = 1 << 28 };

static bool read_pairs(struct st_event_reader *r, struct st_h5 *h, const char *ids, const char *times)
{
    struct st_h5_array id, time;
    r->out->what = "SONATA";
    r->dt = r->options->dt > 0 ? r->options->dt : 1;
    if (!st_h5_numbers(h, ids, ROWS_MAX, &id) || !st_h5_numbers(h, times, ROWS_MAX, &time))
        return false;
    if (id.count != time.count)
        return st_event_wrong(r, ST_DIAG_FOREIGN_SHAPE, times, "it has %llu rows, and there are %llu ids",
                              (unsigned long long)time.count, (unsigned long long)id.count);
    for (uint64_t i = 0; i < id.count; i++) {
        if (!(id.at[i] >= 0 && id.at[i] < 1 << 24))
            return st_event_wrong(r, ST_DIAG_FOREIGN_NODE, ids, "row %llu is %g: ids are 0 to 16,777,215",
                                  (unsigned long long)i, id.at[i]);
        if (!st_event_at(r, time.at[i], 0, (uint64_t)id.at[i]))
            return false;
    }
    return true;
}

static bool read_sonata(struct st_event_reader *r, struct st_h5 *h)
{
    uint32_t count, found = UINT32_MAX;
    if (st_h5_kind(h, "/spikes/gids") == ST_H5_DATASET)
        return read_pairs(r, h, "/spikes/gids", "/spikes/timestamps");
    const char *const *names = st_h5_names(h, "/spikes", 4096, &count);
    if (!names)
        return false;
    for (uint32_t i = 0; i < count; i++)
        if (count == 1 || !strcmp(names[i], r->options->group))
            found = i;
    if (found == UINT32_MAX)
        return st_event_wrong(r, ST_DIAG_FOREIGN_NODE, "/spikes",
                              "there are %u populations, and none is '%.64s': --group NAME chooses", count,
                              r->options->group);
    return read_pairs(r, h, st_arena_printf(r->arena, "/spikes/%s/node_ids", names[found]),
                      st_arena_printf(r->arena, "/spikes/%s/timestamps", names[found]));
}

static bool read_sample(struct st_event_reader *r, struct st_h5 *h)
{
    struct st_h5_array times, units, labels;
    r->out->what = "SHD";
    if (!st_h5_ragged(h, "/spikes/times", r->options->sample, ROWS_MAX, &times) ||
        !st_h5_ragged(h, "/spikes/units", r->options->sample, ROWS_MAX, &units))
        return false;
    if (times.count != units.count)
        return st_event_wrong(r, ST_DIAG_FOREIGN_SHAPE, "/spikes/units", "sample %u has %llu times and %llu units",
                              r->options->sample, (unsigned long long)times.count, (unsigned long long)units.count);
    if (st_h5_kind(h, "/labels") == ST_H5_DATASET) {
        if (!st_h5_numbers(h, "/labels", ROWS_MAX, &labels))
            return false;
        if (r->options->sample < labels.count && labels.at[r->options->sample] >= 0 &&
            labels.at[r->options->sample] < 1e9)
            r->out->label = (int64_t)labels.at[r->options->sample];
    }
    for (uint64_t i = 0; i < times.count; i++) {
        if (!(units.at[i] >= 0 && units.at[i] < 1 << 24))
            return st_event_wrong(r, ST_DIAG_FOREIGN_NODE, "/spikes/units", "unit %g of sample %u", units.at[i],
                                  r->options->sample);
        if (!st_event_at(r, times.at[i], 0, (uint64_t)units.at[i]))
            return false;
    }
    return true;
}

bool st_events_h5(struct st_event_reader *r, struct st_h5 *h)
{
    if (!st_h5_need(h, "/spikes", ST_H5_GROUP))
        return false;
    return st_h5_kind(h, "/spikes/units") == ST_H5_DATASET ? read_sample(r, h) : read_sonata(r, h);
}
