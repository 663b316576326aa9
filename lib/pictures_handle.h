/* pictures_handle.h - data sets of pictures behind their handles. */
#ifndef STOA_PICTURES_HANDLE_H
#define STOA_PICTURES_HANDLE_H

#include "call.h"
#include "dataset.h"

struct stoa_dataset {
    struct st_held *held;
    struct st_dataset data;
    stoa_pictures pictures;
    const char *const *names; /* [classes], or NULL */
};

/* In the call's memory, which is kept with it. from: whose pixels it shares, or NULL. name: or NULL. */
stoa_dataset *st_dataset_handle(struct st_call *c, const struct st_dataset *d, const char *name,
                                const stoa_dataset *from);

#endif
