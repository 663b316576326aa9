#include "file.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

enum { FIRST_ROOM = 64 * 1024 };

int (*st_file_hook)(int kind);

/* Asks the fault test, if any, whether this call to the system may succeed. */
static bool allowed(int kind)
{
    if (!st_file_hook || st_file_hook(kind))
        return true;
    errno = EIO;
    return false;
}

/* --- reading ------------------------------------------------------------------------------------------------ */

/* Closes what we opened ourselves, then leaves by the arena's door. */
static _Noreturn void leave(struct st_arena *a, int fd)
{
    if (fd > 0)
        close(fd);
    longjmp(a->full, 1);
}

/* Reads until the end. The arena is asked politely here: a jump would lose fd. */
static bool read_all(struct st_arena *a, int fd, size_t guess, char **text, size_t *length)
{
    size_t room = guess, n = 0;
    char *at = st_arena_try(a, room + 1, 1);
    if (!at)
        leave(a, fd);
    for (;;) {
        if (n == room) {
            size_t wider = room < SIZE_MAX / 4 ? 2 * room : SIZE_MAX;
            char *more = wider < SIZE_MAX ? st_arena_try(a, wider + 1, 1) : NULL;
            if (!more)
                leave(a, fd);
            memcpy(more, at, n);
            at = more;
            room = wider;
        }
        ssize_t got = allowed('r') ? read(fd, at + n, room - n) : -1;
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return false;
        if (got == 0)
            break;
        n += (size_t)got;
    }
    at[n] = 0;
    *text = at;
    *length = n;
    return true;
}

static voidpf zlib_alloc(voidpf arena, uInt items, uInt size)
{
    return st_arena_try(arena, items, size);
}

static void zlib_free(voidpf arena, voidpf p)
{
    (void)arena;
    (void)p;
}

/* Un-gzips, also several members one after the other. What inflate needs lies in the arena, so a jump loses
 * nothing. */
static bool gunzip(struct st_arena *a, const char *path, char **text, size_t *length, struct st_fault *f)
{
    z_stream z = {.zalloc = zlib_alloc, .zfree = zlib_free, .opaque = a};
    if (inflateInit2(&z, 16 + MAX_WBITS) != Z_OK)
        longjmp(a->full, 1);
    const unsigned char *in = (const unsigned char *)*text;
    size_t left = *length, room = *length < SIZE_MAX / 16 ? 4 * *length + FIRST_ROOM : *length, n = 0;
    char *out = st_arena_get(a, room + 1, 1);
    for (;;) {
        if (n == room) {
            char *more = st_arena_get(a, room, 2);
            memcpy(more, out, n);
            out = more;
            room = 2 * room - 1;
        }
        uInt in_step = left < INT_MAX ? (uInt)left : INT_MAX;
        uInt out_step = room - n < INT_MAX ? (uInt)(room - n) : INT_MAX;
        z.next_in = (z_const Bytef *)in;
        z.avail_in = in_step;
        z.next_out = (Bytef *)out + n;
        z.avail_out = out_step;
        int state = inflate(&z, Z_NO_FLUSH);
        size_t used = in_step - z.avail_in, made = out_step - z.avail_out;
        in += used;
        left -= used;
        n += made;
        if (state == Z_STREAM_END) {
            if (left < 2 || in[0] != 0x1f || in[1] != 0x8b)
                break; /* padding after the last member is no member */
            if (inflateReset(&z) != Z_OK)
                return st_fail(f, ST_FAULT_READ, "%s: not a valid gzip file", path);
        } else if (state == Z_MEM_ERROR) {
            longjmp(a->full, 1);
        } else if (state != Z_OK && state != Z_BUF_ERROR) {
            return st_fail(f, ST_FAULT_READ, "%s: not a valid gzip file (%s)", path, z.msg ? z.msg : "damaged");
        } else if (used == 0 && made == 0 && n < room) {
            return st_fail(f, ST_FAULT_READ, "%s: the gzip file ends early", path);
        }
    }
    inflateEnd(&z);
    out[n] = 0;
    *text = out;
    *length = n;
    return true;
}

bool st_file_read(struct st_arena *a, const char *path, char **text, size_t *length, struct st_fault *f)
{
    bool standard = !strcmp(path, "-");
    int fd = standard ? STDIN_FILENO : allowed('o') ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    if (fd < 0)
        return st_fail(f, ST_FAULT_OPEN, "%s: cannot be opened: %s", path, strerror(errno));
    struct stat s;
    size_t guess = FIRST_ROOM;
    if (fstat(fd, &s) == 0 && S_ISREG(s.st_mode) && s.st_size >= 0)
        guess = (size_t)s.st_size + 1; /* one more, so that the end is seen without growing */
    bool good = read_all(a, fd, guess, text, length);
    int why = errno;
    if (!standard)
        close(fd);
    if (!good)
        return st_fail(f, ST_FAULT_READ, "%s: cannot be read: %s", path, strerror(why));
    const unsigned char *p = (const unsigned char *)*text;
    return *length >= 2 && p[0] == 0x1f && p[1] == 0x8b ? gunzip(a, path, text, length, f) : true;
}

/* --- writing ------------------------------------------------------------------------------------------------ */

static bool write_all(int fd, const char *data, size_t length)
{
    while (length) {
        size_t step = length < INT_MAX ? length : INT_MAX;
        ssize_t put = allowed('w') ? write(fd, data, step) : -1;
        if (put < 0 && errno == EINTR)
            continue;
        if (put < 0)
            return false;
        data += put;
        length -= (size_t)put;
    }
    return true;
}

static bool write_fault(struct st_fault *f, const char *path)
{
    return st_fail(f, ST_FAULT_WRITE, "%s: cannot be written: %s", path, strerror(errno));
}

/* Makes the new name itself last: the folder's entry goes to the disk too. Some file systems cannot; that
 * is no reason to fail. */
static void flush_folder(const char *path)
{
    char folder[PATH_MAX];
    const char *slash = strrchr(path, '/');
    size_t n = slash ? (size_t)(slash - path) + 1 : 0;
    memcpy(folder, path, n);
    memcpy(folder + n, ".", 2);
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd >= 0) {
        fsync(fd);
        close(fd);
    }
}

/* A device or a pipe is written as it is; there is nothing to replace. */
static bool write_through(const char *path, const void *data, size_t length, struct st_fault *f)
{
    int fd = allowed('o') ? open(path, O_WRONLY | O_CLOEXEC) : -1;
    if (fd < 0)
        return write_fault(f, path);
    bool good = write_all(fd, data, length);
    int why = errno;
    close(fd);
    errno = why;
    return good || write_fault(f, path);
}

bool st_file_write(const char *path, const void *data, size_t length, struct st_fault *f)
{
    if (!strcmp(path, "-"))
        return write_all(STDOUT_FILENO, data, length) || write_fault(f, "standard output");
    struct stat s;
    if (stat(path, &s) == 0 && !S_ISREG(s.st_mode) && !S_ISDIR(s.st_mode))
        return write_through(path, data, length, f);
    char target[PATH_MAX], fresh[PATH_MAX];
    if (!realpath(path, target) && snprintf(target, sizeof target, "%s", path) >= (int)sizeof target) {
        errno = ENAMETOOLONG;
        return write_fault(f, path);
    }
    if (snprintf(fresh, sizeof fresh, "%s.%ld.tmp", target, (long)getpid()) >= (int)sizeof fresh) {
        errno = ENAMETOOLONG;
        return write_fault(f, path);
    }
    int fd = allowed('o') ? open(fresh, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666) : -1;
    if (fd < 0)
        return write_fault(f, path);
    bool good = write_all(fd, data, length) && allowed('w') && fsync(fd) == 0;
    int why = errno;
    if (close(fd) != 0 && good) {
        good = false;
        why = errno;
    }
    if (good && !(allowed('w') && rename(fresh, target) == 0)) {
        good = false;
        why = errno;
    }
    if (good) {
        flush_folder(target);
        return true;
    }
    unlink(fresh);
    errno = why;
    return write_fault(f, path);
}

/* --- folders and paths -------------------------------------------------------------------------------------- */

bool st_folder_make(const char *path, struct st_fault *f)
{
    char part[PATH_MAX];
    if (snprintf(part, sizeof part, "%s", path) >= (int)sizeof part) {
        errno = ENAMETOOLONG;
        return write_fault(f, path);
    }
    for (char *p = part + (part[0] == '/'); *p; p++) {
        if (*p != '/')
            continue;
        *p = 0;
        if (mkdir(part, 0777) != 0 && errno != EEXIST)
            return write_fault(f, part);
        *p = '/';
    }
    struct stat s;
    if (!allowed('w') || (mkdir(part, 0777) != 0 && errno != EEXIST))
        return write_fault(f, path);
    if (stat(part, &s) != 0 || !S_ISDIR(s.st_mode)) {
        errno = ENOTDIR;
        return write_fault(f, path);
    }
    return true;
}

char *st_path_join(struct st_arena *a, const char *folder, const char *path)
{
    if (path[0] == '/' || !folder[0] || !strcmp(folder, "."))
        return st_arena_printf(a, "%s", path);
    return st_arena_printf(a, "%s%s%s", folder, folder[strlen(folder) - 1] == '/' ? "" : "/", path);
}

char *st_path_folder(struct st_arena *a, const char *path)
{
    const char *slash = strrchr(path, '/');
    if (!slash)
        return st_arena_text(a, ".", 1);
    return st_arena_text(a, path, slash == path ? 1 : (size_t)(slash - path));
}
