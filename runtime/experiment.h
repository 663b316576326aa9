/* experiment.h - an experiment: which network learns what, in which order, on which fabric.
 *
 *     experiment: mnist
 *     network: ../networks/colanet.yaml        from the experiment's own folder, or the name of one that ships
 *     fabric: ../fabrics/stoa-1-large.yaml
 *     set: { alpha: 0.005 }                    parameters of the network, as --set
 *     data:
 *       folder: mnist                          below the data folder
 *       train: { images: train-images-idx3-ubyte, labels: train-labels-idx1-ubyte }
 *       test:  { images: t10k-images-idx3-ubyte, labels: t10k-labels-idx1-ubyte }
 *       hold_out: 6                            --validate: every 6th training picture is kept back and tested on
 *     epochs: 1
 *     copies: 15                               in place of the network's
 *     published:                               what a source states, shown beside ours
 *       { accuracy: 94.36, forgetting: 1.2, what: ensemble of 15, source: "D. Larionov, slides of 2025-11-13" }
 *
 *     migrate: { population: L, every: 5000 }  silent microcolumns go over to columns that need them
 *
 * A sequence of tasks has a protocol in place of `epochs` (protocol.h), and may have several data sets:
 *
 *     data:
 *       mnist: { folder: mnist, train: ..., test: ... }
 *       letters: { folder: letters, train: ..., test: ..., first_label: 1, classes: [0, 1, 3], transpose: true }
 *       static: { noise: blurred, pictures: 500, sigma: 2, level: 255, shape: [28, 28] }      made, not read
 */
#ifndef STOA_EXPERIMENT_H
#define STOA_EXPERIMENT_H

#include "dataset.h"
#include "noise.h"
#include "protocol.h"
#include "tune.h"

struct st_data_source {
    char *name; /* NULL: the only one */
    char *folder;
    char *train_images, *train_labels, *test_images, *test_labels; /* below the folder */
    uint32_t hold_out;                                             /* 0: cannot be validated */
    struct st_dataset_choice choice;
    uint32_t made;          /* so many pictures of noise, to learn and as many to ask about; 0: read from the folder */
    struct st_noise noise;  /* of what is made */
    uint32_t width, height; /* 0: as those of the first data set that is read */
};

/* Microcolumns that change their column (migrate.h). */
struct st_told_migration {
    char *population; /* NULL: none do */
    struct st_mark mark;
    uint32_t every, quiet, keep, most;
    double rise;
};

struct st_experiment {
    char *name, *about;
    char *network, *fabric; /* paths */
    struct st_data_source *sources;
    uint32_t source_count;
    struct st_protocol protocol; /* no steps: learn the only data set for `epochs`, then ask */
    struct st_change *changes;   /* of the network's parameters */
    uint32_t change_count;
    struct st_told_migration migrate;
    struct st_tune tune;         /* of what a search is to find; no axes: nothing */
    uint32_t epochs, copies;     /* copies 0: the network's */
    double published;            /* %, 0: not stated */
    double published_forgetting; /* points, negative: not stated */
    char *published_what, *published_source;
};

const struct st_experiment *st_experiment_read(struct st_arena *a, struct st_diags *d, const char *file,
                                               const char *text, size_t length);

#endif
