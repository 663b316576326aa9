/* experiment.h - an experiment: which network learns which data on which fabric.
 *
 *     experiment: mnist
 *     network: ../networks/colanet.yaml        from the experiment's own folder, or the name of one that ships
 *     fabric: ../fabrics/stoa-1-large.yaml
 *     data:
 *       folder: mnist                          below the data folder
 *       train: { images: train-images-idx3-ubyte, labels: train-labels-idx1-ubyte }
 *       test:  { images: t10k-images-idx3-ubyte, labels: t10k-labels-idx1-ubyte }
 *       hold_out: 6                            --validate: every 6th training picture is kept back and tested on
 *       transpose: true                        EMNIST's pictures lie so
 *       first_label: 1                         the label that counts as 0
 *       classes: [0, 1, 4]                     these alone, renumbered in this order
 *     epochs: 1
 *     copies: 15                               in place of the network's
 *     published:                               what a source states, shown beside ours
 *       { accuracy: 94.36, what: ensemble of 15, source: "D. Larionov, slides of 2025-11-13" }
 */
#ifndef STOA_EXPERIMENT_H
#define STOA_EXPERIMENT_H

#include "dataset.h"
#include "diag.h"

struct st_experiment {
    char *name, *about;
    char *network, *fabric; /* paths */
    char *folder;
    char *train_images, *train_labels, *test_images, *test_labels; /* below the folder */
    uint32_t hold_out;                                             /* 0: cannot be validated */
    struct st_dataset_choice choice;                               /* of the pictures of either */
    uint32_t epochs, copies;                                       /* copies 0: the network's */
    double published;                                              /* %, 0: not stated */
    char *published_what, *published_source;
};

const struct st_experiment *st_experiment_read(struct st_arena *a, struct st_diags *d, const char *file,
                                               const char *text, size_t length);

#endif
