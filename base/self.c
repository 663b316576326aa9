#include "self.h"
#include "file.h"
#include <dlfcn.h>
#include <string.h>
#include <unistd.h>

char *st_self_folder(struct st_arena *a)
{
    char self[PATH_MAX];
    Dl_info is;
    /* of a program dladdr knows only what it was called as, and that may be no path */
    if (dladdr((const void *)(uintptr_t)st_self_folder, &is) && is.dli_fname && strstr(is.dli_fname, ".so"))
        return st_path_folder(a, is.dli_fname);
    ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);
    self[n > 0 ? n : 0] = 0;
    return st_path_folder(a, self);
}
