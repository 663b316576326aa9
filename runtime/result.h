/* result.h - what a run of training and evaluation found; the report shows it, scripts read it as JSON. */
#ifndef STOA_RESULT_H
#define STOA_RESULT_H

#include "album.h"
#include "fault.h"
#include "moves.h"
#include "scores.h"
#include "stoa/run.h"
#include "text.h"
#include "voted.h"

enum { ST_CLASSES_MAX = 256, ST_RASTER_MOST = 50000 };

struct st_result {
    const char *experiment, *network, *fabric, *dataset;
    const char *command; /* what trains the same again, but for threads and kernels, which change nothing; or NULL */
    uint64_t seed;
    uint32_t copies, classes;
    uint64_t trained, tested;           /* presentations a copy */
    double train_seconds, test_seconds; /* wall clock; not part of what must be equal */
    uint32_t threads;
    const char *variant;
    double *copy_accuracy; /* [copies]: silent pictures count as wrong */
    double accuracy;       /* of the merged votes: silent pictures count as wrong too */
    uint64_t silent;       /* merged */
    uint32_t *confusion;   /* [classes][classes + 1]: row true, column answered, last column silent */
    struct st_voted voted; /* the votes behind the answers */
    double *curve;         /* accuracy on the training stream over the last curve_step pictures, before learning them */
    uint32_t curve_count, curve_step;
    struct st_scores scores;        /* of a sequence of tasks; tasks 0: there was one */
    struct st_album album;          /* of a sequence of tasks: its steps that learnt */
    struct st_moves moves;          /* microcolumns that went over to other columns */
    uint64_t curve_right;           /* answered right since the last point of the curve; in checkpoints only */
    uint64_t image;                 /* digest of the image that goes with it; 0: none said */
    struct st_counters train, test; /* summed over copies */
    struct st_counters *train_cores,
        *test_cores;             /* [cores], of all copies of this run together; not part of the text */
    int32_t *votes;              /* [tested][classes], of all copies together; not part of the text */
    struct st_timing timing;     /* of a machine that has cycles; not part of the text */
    uint64_t *busy;              /* [cores] likewise */
    double published;            /* accuracy that a source states, 0..1, to be shown beside; 0: none */
    double published_forgetting; /* 0..1, NAN: not stated; of a sequence of tasks */
    const char *published_what, *published_source;
    /* one presentation of copy 0, for the raster */
    struct st_host_spike *raster;
    uint32_t raster_count, raster_left_out; /* at most ST_RASTER_MOST are kept, the first */
    uint8_t *raster_picture;                /* [height * width] */
    uint32_t raster_width, raster_height, raster_label;
};

/* "key": { counters by name }, two spaces in; and read back: NULL, or the name of the first
 * that is missing or no whole number. */
void st_counters_json(struct st_text *t, const char *key, const struct st_counters *c);
void st_put_counters(struct st_text *t, const struct st_counters *c); /* the object alone */
struct st_json;
const char *st_counters_read(const struct st_json *object, struct st_counters *c);

/* What a result says of the file of its image, so that one of another run is noticed. */
uint64_t st_result_of(const void *bytes, size_t length);
/* The result as JSON; also the text of result.json in a run's folder. Arrays that are NULL are left out. */
void st_result_json(struct st_text *t, const struct st_result *r);
/* What st_result_json wrote, read back whole: writing it again gives the same bytes. Unknown keys are passed over.
 * False and f (JSON or RESULT, with the key) when the text contradicts itself; name is for the sentence. */
bool st_result_read(struct st_arena *a, const char *name, const char *text, size_t length, struct st_result *out,
                    struct st_fault *f);

#endif
