/* fuzz_nnc.c - whatever stands in the files of a network of ArNI-X: refused with a reason, or a network that is sound.
 * The bytes are the files, by tests/doors/folder_make.h. */
#include "doors/folder_make.h"
#include "read_door.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int st_fuzz_nnc(const uint8_t *data, size_t size);

static void read_one(const char *path, double learn)
{
    const struct st_setting settings[] = {{"receptors", 6}, {"learn", learn}, {"subtract", learn}};
    read_door(path, ST_DOOR_NNC, settings, 3);
}

int st_fuzz_nnc(const uint8_t *data, size_t size)
{
    char folder[] = "/tmp/stoa-fuzz-XXXXXX", path[100];
    if (size > 1 << 14 || !mkdtemp(folder))
        return 0;
    st_folder_fill(folder, (const char *)data, size);
    snprintf(path, sizeof path, "%s/net.nnc", folder);
    read_one(path, 1);
    read_one(path, 0);
    st_folder_empty(folder);
    return 0;
}

#ifdef ST_LIBFUZZER
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) { return st_fuzz_nnc(data, size); }
#endif
