/* file_write.c - files out: as they come into a new file beside the old one, whose name it takes in one step.
 *
 * The new file's name cannot be guessed, and it is made by whoever opens it (O_EXCL): nobody can lay a link in the way.
 * While it is written it is locked; one that is not, was left by a kill, and is cleared away by the next writer of the
 * name. */
#include "file.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

enum { DIGITS = 16 }; /* of the random part: NAME.0123456789abcdef.tmp */
static const char TAIL[] = ".tmp";

static bool write_fault(struct st_fault *f, const char *path)
{
    return st_fail(f, ST_FAULT_WRITE, "%s: cannot be written: %s", path, strerror(errno));
}

static bool write_all(int fd, const char *data, size_t length)
{
    while (length) {
        size_t step = length < INT_MAX ? length : INT_MAX;
        ssize_t put = st_file_allowed('w') ? write(fd, data, step) : -1;
        if (put < 0 && errno == EINTR)
            continue;
        if (put < 0)
            return false;
        data += put;
        length -= (size_t)put;
    }
    return true;
}

/* Makes the new name itself last: the folder's entry goes to the disk too. Some file systems cannot; that
 * is no reason to fail. */
static void flush_folder(const char *folder)
{
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd >= 0) {
        fsync(fd);
        close(fd);
    }
}

/* --- what kills have left ------------------------------------------------------------------------------------ */

/* Whether an entry is a new file of this name (or of any, NULL), by its form. */
static bool is_fresh(const char *entry, const char *name)
{
    size_t length = strlen(entry), rest = 1 + DIGITS + sizeof TAIL - 1;
    if (length <= rest || strcmp(entry + length - sizeof TAIL + 1, TAIL) != 0)
        return false;
    const char *dot = entry + length - rest;
    if (*dot != '.' || strspn(dot + 1, "0123456789abcdef") != DIGITS)
        return false;
    return !name || (strlen(name) == length - rest && !strncmp(entry, name, length - rest));
}

static void clear_one(int folder, const char *entry)
{
    struct stat s;
    int fd = openat(folder, entry, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0)
        return;
    if (fstat(fd, &s) == 0 && S_ISREG(s.st_mode) && s.st_nlink == 1 && s.st_uid == geteuid() &&
        flock(fd, LOCK_EX | LOCK_NB) == 0)
        unlinkat(folder, entry, 0);
    close(fd);
}

void st_file_clear(const char *folder, const char *name)
{
    DIR *d = opendir(folder);
    if (!d)
        return;
    for (struct dirent *e; (e = readdir(d));)
        if (is_fresh(e->d_name, name))
            clear_one(dirfd(d), e->d_name);
    closedir(d);
}

/* --- a file that is being written ----------------------------------------------------------------------------- */

/* A new file that is ours and locked. */
static int create(struct st_file_out *o)
{
    for (int k = 0; k < 16; k++) {
        uint64_t draw;
        struct stat s;
        if (getrandom(&draw, sizeof draw, 0) != (ssize_t)sizeof draw)
            return -1;
        if (snprintf(o->fresh, sizeof o->fresh, "%s.%016llx%s", o->target, (unsigned long long)draw, TAIL) >=
            (int)sizeof o->fresh) {
            errno = ENAMETOOLONG;
            return -1;
        }
        int fd = st_file_allowed('o') ? open(o->fresh, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666) : -1;
        if (fd < 0 && errno == EEXIST)
            continue;
        if (fd < 0)
            return -1;
        flock(fd, LOCK_EX); /* where the file system has no locks, nothing is cleared away either */
        if (fstat(fd, &s) == 0 && s.st_nlink > 0)
            return fd;
        close(fd); /* cleared away before it was locked */
    }
    errno = EEXIST;
    return -1;
}

bool st_file_begin(struct st_file_out *o, const char *path, struct st_fault *f)
{
    struct stat s;
    *o->fresh = 0;
    o->count = 0;
    o->fd = STDOUT_FILENO;
    if (!strcmp(path, "-")) {
        strcpy(o->target, "standard output");
        return true;
    }
    bool there = stat(path, &s) == 0;
    /* a device or a pipe is written as it is; there is nothing to replace */
    bool through = there && !S_ISREG(s.st_mode) && !S_ISDIR(s.st_mode);
    if ((through || !realpath(path, o->target)) &&
        snprintf(o->target, sizeof o->target, "%s", path) >= (int)sizeof o->target) {
        errno = ENAMETOOLONG;
        return write_fault(f, path);
    }
    if (through) {
        o->fd = st_file_allowed('o') ? open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY) : -1;
        return o->fd >= 0 || write_fault(f, path);
    }
    char folder[PATH_MAX];
    const char *slash = strrchr(o->target, '/');
    snprintf(folder, sizeof folder, "%.*s", slash ? (int)(slash - o->target) + 1 : 1, slash ? o->target : ".");
    st_file_clear(folder, slash ? slash + 1 : o->target);
    o->fd = create(o);
    if (o->fd < 0)
        *o->fresh = 0;
    return o->fd >= 0 || write_fault(f, path);
}

static bool flush(struct st_file_out *o, struct st_fault *f)
{
    size_t count = o->count;
    o->count = 0;
    return write_all(o->fd, o->buffer, count) || write_fault(f, o->target);
}

bool st_file_put(struct st_file_out *o, const void *data, size_t length, struct st_fault *f)
{
    if (length > sizeof o->buffer - o->count && !flush(o, f))
        return false;
    if (length > sizeof o->buffer)
        return write_all(o->fd, data, length) || write_fault(f, o->target);
    if (length)
        memcpy(o->buffer + o->count, data, length);
    o->count += length;
    return true;
}

bool st_file_commit(struct st_file_out *o, struct st_fault *f)
{
    bool good = flush(o, f);
    if (o->fd == STDOUT_FILENO)
        return good;
    if (!*o->fresh) {
        close(o->fd);
        return good;
    }
    if (good &&
        !(st_file_allowed('w') && fsync(o->fd) == 0 && st_file_allowed('w') && rename(o->fresh, o->target) == 0))
        good = write_fault(f, o->target);
    if (!good) {
        st_file_drop(o);
        return false;
    }
    close(o->fd);
    char folder[PATH_MAX];
    const char *slash = strrchr(o->target, '/');
    snprintf(folder, sizeof folder, "%.*s", slash ? (int)(slash - o->target) + 1 : 1, slash ? o->target : ".");
    flush_folder(folder);
    return true;
}

void st_file_drop(struct st_file_out *o)
{
    o->count = 0;
    if (o->fd == STDOUT_FILENO)
        return;
    if (*o->fresh)
        unlink(o->fresh);
    close(o->fd);
}

bool st_file_write(const char *path, const void *data, size_t length, struct st_fault *f)
{
    struct st_file_out o;
    if (!st_file_begin(&o, path, f))
        return false;
    if (st_file_put(&o, data, length, f))
        return st_file_commit(&o, f);
    st_file_drop(&o);
    return false;
}

/* --- locks --------------------------------------------------------------------------------------------------- */

int st_file_lock(const char *path, bool *taken, struct st_fault *f)
{
    *taken = false;
    int fd = st_file_allowed('o') ? open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0666) : -1;
    if (fd < 0) {
        write_fault(f, path);
        return -1;
    }
    /* a file system without locks cannot say that another run is there */
    if (flock(fd, LOCK_EX | LOCK_NB) == 0 || errno == ENOLCK || errno == EOPNOTSUPP || errno == ENOSYS)
        return fd;
    *taken = errno == EWOULDBLOCK;
    write_fault(f, path);
    close(fd);
    return -1;
}
