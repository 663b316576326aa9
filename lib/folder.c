#include "folder.h"
#include "file.h"

int st_folder_take(struct st_arena *a, const char *folder, struct st_fault *f)
{
    bool taken;
    if (!st_folder_make(folder, f))
        return -1;
    int lock = st_file_lock(st_path_join(a, folder, ".lock"), &taken, f);
    if (lock < 0 && taken)
        st_fail(f, ST_FAULT_WRITE,
                "another run is using '%s': wait for it, or choose another folder "
                "with --out",
                folder);
    if (lock >= 0)
        st_file_clear(folder, NULL);
    return lock;
}
