#include "folder_make.h"

#include "h5_make.h"
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { NAME = 40, FILES = 32 };

static void write_file(const char *folder, const char *name, const char *text, size_t length)
{
    char path[300];
    size_t n = strlen(name);
    if (n == 0 || n > NAME || strchr(name, '/') || name[0] == '.')
        return;
    snprintf(path, sizeof path, "%s/%s", folder, name);
    void *made = NULL;
    if (n > 3 && !strcmp(name + n - 3, ".h5"))
        made = st_h5_make(text, length, &length);
    FILE *f = fopen(path, "wb");
    if (f) {
        fwrite(made ? made : text, 1, length, f);
        fclose(f);
    }
    free(made);
}

void st_folder_fill(const char *folder, const char *text, size_t length)
{
    char name[NAME + 2] = "";
    const char *begin = text, *end = text + length;
    int files = 0;
    for (const char *at = text; at < end && files < FILES;) {
        const char *newline = memchr(at, '\n', (size_t)(end - at)), *stop = newline ? newline : end;
        if (stop - at > 2 && at[0] == '@' && at[1] == ' ') {
            write_file(folder, name, begin, (size_t)(at - begin));
            size_t n = (size_t)(stop - at - 2) < NAME ? (size_t)(stop - at - 2) : NAME;
            memcpy(name, at + 2, n);
            name[n] = 0;
            begin = newline ? newline + 1 : end;
            files++;
        }
        at = newline ? newline + 1 : end;
    }
    write_file(folder, name, begin, (size_t)(end - begin));
}

void st_folder_empty(const char *folder)
{
    DIR *d = opendir(folder);
    for (struct dirent *e; d && (e = readdir(d));) {
        char path[600];
        snprintf(path, sizeof path, "%s/%s", folder, e->d_name);
        if (e->d_name[0] != '.')
            unlink(path);
    }
    if (d)
        closedir(d);
    rmdir(folder);
}
