/* events.h - spikes of other programs, sensors and data sets, as ticks of a group of receptors; and spikes for them.
 *
 *     N-MNIST .bin, AEDAT 2, 3.1, 4  ─┐  time, x, y, polarity ──bins, polarity──> tick, index ──┬─> lines for `stoa run
 * --in` SHD/SSC, SONATA (HDF5)         ─┤  time, unit                                             ├─> CSV, .npz .npy,
 * .npz                     ─┤  [ticks][units], or tick and index                      └─> SONATA (HDF5) traces of `stoa
 * run`           ─┘  tick, group, index
 *
 * A pixel's index is (channel * height + row) * width + column, as arrays have it. Two events of one index in one tick
 * are one spike: how many fell together is counted and said. */
#ifndef STOA_EVENTS_H
#define STOA_EVENTS_H

#include "diag.h"
#include "fault.h"
#include "h5_read.h"

enum st_polarity { ST_POLARITY_SEPARATE, ST_POLARITY_TOGETHER, ST_POLARITY_ON, ST_POLARITY_OFF };
enum st_camera { ST_CAMERA_DVS128, ST_CAMERA_DAVIS };
enum st_bin { ST_BIN_TOLD, ST_BIN_NMNIST, ST_BIN_ARNI };

struct st_event_options {
    double dt;      /* a tick, in the file's unit of time; 0: 1 ms, which is 0.001 in s and 1 in SONATA */
    double from;    /* what happens before is left out, and this is tick 0 */
    uint32_t ticks; /* what happens later is left out; 0: nothing is */
    enum st_polarity polarity;
    enum st_camera camera;
    enum st_bin bin;        /* whose .bin it is; told: by what it can be */
    uint32_t width, height; /* of the sensor; 0: as the format says */
    uint32_t sample;        /* of a data set of many */
    const char *group;      /* whose spikes these are; of SONATA also which population */
};

struct st_event {
    uint32_t tick, group, index;
};

struct st_events {
    struct st_event *at; /* by tick, group, index; each once */
    uint32_t count, room;
    const char **groups;
    uint32_t group_count;
    uint64_t together, outside; /* events that fell together; of another kind, time or polarity than asked for */
    int64_t label;              /* of the sample, -1: there is none */
    const char *what;           /* the format, for people */
};

/* False: refused (d), or *f. */
bool st_events_read(struct st_arena *a, struct st_diags *d, const char *path, const struct st_event_options *o,
                    struct st_events *out, struct st_fault *f);
/* The same of a file that is in memory and no HDF5; its name says whether it may be N-MNIST's or ArNI-X' (.bin). */
bool st_events_parse(struct st_arena *a, struct st_diags *d, const char *name, const char *bytes, size_t length,
                     const struct st_event_options *o, struct st_events *out, struct st_fault *f);
/* Puts them by tick, group and index, each once; `together` counts the others. */
void st_events_sort(struct st_events *e);
/* In which form, by the end of the name: .h5 (SONATA), .npz, .csv, else lines. dt: ms a tick, for SONATA. */
bool st_events_write(struct st_arena *a, const struct st_events *e, double dt, const char *path, struct st_fault *f);

/* For the readers of single formats: bytes in memory, source in d. */
struct st_event_reader {
    struct st_arena *arena;
    struct st_diags *diags;
    uint32_t source;
    const struct st_event_options *options;
    double dt;
    struct st_events *out;
};
/* Takes an event in, binned. False: said. */
bool st_event_at(struct st_event_reader *r, double time, uint32_t group, uint64_t index);
/* The same of a pixel. where: in the file, for a mistake. */
bool st_event_pixel(struct st_event_reader *r, double time, uint32_t x, uint32_t y, bool on, uint32_t width,
                    uint32_t height, size_t where);
bool st_event_wrong(struct st_event_reader *r, enum st_diag_id id, const char *path, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

bool st_events_nmnist(struct st_event_reader *r, const unsigned char *bytes, size_t length);
bool st_events_aedat(struct st_event_reader *r, const unsigned char *bytes, size_t length);
/* Whether it can be N-MNIST's; the size of its sensor is in r. */
bool st_nmnist_pixels(const struct st_event_reader *r, const unsigned char *bytes, size_t length);
/* Whether it can be ArNI-X' spikes, as masks and as lines. */
bool st_arni_masks(const unsigned char *bytes, size_t length);
bool st_arni_lines(const char *text, size_t length);
bool st_events_arni(struct st_event_reader *r, const unsigned char *bytes, size_t length);
bool st_events_arni_lines(struct st_event_reader *r, const char *text, size_t length);
bool st_events_numpy(struct st_event_reader *r, const unsigned char *bytes, size_t length);
bool st_events_lines(struct st_event_reader *r, const char *name, const char *text, size_t length, struct st_fault *f);
bool st_events_ranc_bits(struct st_event_reader *r, const char *name, const char *text, size_t length,
                         struct st_fault *f);
bool st_events_ranc(struct st_event_reader *r, const char *name, const char *text, size_t length, struct st_fault *f);
bool st_events_h5(struct st_event_reader *r, struct st_h5 *h);

#endif
