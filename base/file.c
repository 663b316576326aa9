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
bool st_file_allowed(int kind)
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

enum ended { WHOLE, FAILED, TOO_LONG };

static bool is_gzip(const char *text, size_t length) { return length >= 2 && !memcmp(text, "\x1f\x8b", 2); }

/* What is to be read, and what it has to look like (NULL: like anything). */
struct wanted {
    size_t most;
    st_file_looks *looks;
    bool looked;
};

/* Whether the rest is not wanted: the beginning shows that this is another kind of file. */
static bool enough(struct wanted *w, const char *text, size_t length)
{
    if (w->looked || !w->looks || length < ST_FILE_LOOK)
        return false;
    w->looked = true;
    return !w->looks((const unsigned char *)text, length);
}

/* Reads until the end, `most` bytes at most. The arena is asked politely here: a jump would lose fd. */
static enum ended read_all(struct st_arena *a, int fd, size_t guess, struct wanted *w, char **text, size_t *length)
{
    size_t most = w->most;
    size_t room = guess < most ? guess : most + 1, n = 0;
    char *at = st_arena_try(a, room + 1, 1);
    if (!at)
        leave(a, fd);
    for (;;) {
        if (n > most)
            return TOO_LONG;
        if (n == room) {
            size_t wider = room < most / 2 ? 2 * room : most + 1;
            char *more = st_arena_try(a, wider + 1, 1);
            if (!more)
                leave(a, fd);
            memcpy(more, at, n);
            at = more;
            room = wider;
        }
        ssize_t got = st_file_allowed('r') ? read(fd, at + n, room - n) : -1;
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return FAILED;
        if (got == 0)
            break;
        n += (size_t)got;
        if (!is_gzip(at, n) && enough(w, at, n))
            break;
    }
    at[n] = 0;
    *text = at;
    *length = n;
    return WHOLE;
}

static bool too_long(struct st_fault *f, const char *path, size_t most)
{
    return st_fail(f, ST_FAULT_TOO_LONG, "%s: is longer than %zu MiB, the most that is read of such a file", path,
                   most >> 20);
}

static voidpf zlib_alloc(voidpf arena, uInt items, uInt size) { return st_arena_try(arena, items, size); }

static void zlib_free(voidpf arena, voidpf p)
{
    (void)arena;
    (void)p;
}

/* Un-gzips, also several members one after the other. What inflate needs lies in the arena, so a jump loses
 * nothing. */
static bool gunzip(struct st_arena *a, const char *path, struct wanted *w, char **text, size_t *length,
                   struct st_fault *f)
{
    size_t most = w->most;
    z_stream z = {.zalloc = zlib_alloc, .zfree = zlib_free, .opaque = a};
    if (inflateInit2(&z, 16 + MAX_WBITS) != Z_OK)
        longjmp(a->full, 1);
    const unsigned char *in = (const unsigned char *)*text;
    size_t left = *length, room = *length < SIZE_MAX / 16 ? 4 * *length + FIRST_ROOM : *length, n = 0;
    char *out = st_arena_get(a, room + 1, 1);
    for (;;) {
        if (n > most)
            return too_long(f, path, most);
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
        if (enough(w, out, n))
            break;
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

static bool read_file(struct st_arena *a, const char *path, struct wanted w, char **text, size_t *length,
                      struct st_fault *f)
{
    size_t most = w.most;
    bool standard = !strcmp(path, "-");
    int fd = standard ? STDIN_FILENO : st_file_allowed('o') ? open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY) : -1;
    if (fd < 0)
        return st_fail(f, ST_FAULT_OPEN, "%s: cannot be opened: %s", path, strerror(errno));
    struct stat s;
    size_t guess = FIRST_ROOM;
    enum ended end = FAILED;
    if (fstat(fd, &s) == 0 && S_ISREG(s.st_mode) && s.st_size >= 0)
        guess = (size_t)s.st_size + 1;            /* one more, so that the end is seen without growing */
    if (guess <= most + 1 || !S_ISREG(s.st_mode)) /* what is too long is not read first */
        end = read_all(a, fd, guess, &w, text, length);
    else
        end = TOO_LONG;
    int why = errno;
    if (!standard)
        close(fd);
    if (end == TOO_LONG)
        return too_long(f, path, most);
    if (end == FAILED)
        return st_fail(f, ST_FAULT_READ, "%s: cannot be read: %s", path, strerror(why));
    return is_gzip(*text, *length) ? gunzip(a, path, &w, text, length, f) : true;
}

bool st_file_read_most(struct st_arena *a, const char *path, size_t most, char **text, size_t *length,
                       struct st_fault *f)
{
    return read_file(a, path, (struct wanted){.most = most}, text, length, f);
}

bool st_file_length(const char *path, uint64_t *length, struct st_fault *f)
{
    struct stat s;
    if (!st_file_allowed('o') || stat(path, &s) != 0)
        return st_fail(f, ST_FAULT_OPEN, "%s: cannot be opened: %s", path, strerror(errno));
    if (!S_ISREG(s.st_mode))
        return st_fail(f, ST_FAULT_OPEN, "%s: parts can only be read of a file", path);
    *length = (uint64_t)s.st_size;
    return true;
}

unsigned char *st_file_read_part(struct st_arena *a, const char *path, uint64_t offset, size_t length,
                                 struct st_fault *f)
{
    unsigned char *at = st_arena_get(a, length, 1);
    int fd = st_file_allowed('o') ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    if (fd < 0) {
        st_fail(f, ST_FAULT_OPEN, "%s: cannot be opened: %s", path, strerror(errno));
        return NULL;
    }
    size_t n = 0;
    while (n < length) {
        ssize_t got = st_file_allowed('r') ? pread(fd, at + n, length - n, (off_t)(offset + n)) : -1;
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0) {
            st_fail(f, ST_FAULT_READ, "%s: cannot be read: %s", path, got ? strerror(errno) : "it ends early");
            close(fd);
            return NULL;
        }
        n += (size_t)got;
    }
    close(fd);
    return at;
}

bool st_file_read_like(struct st_arena *a, const char *path, st_file_looks *looks, char **text, size_t *length,
                       struct st_fault *f)
{
    long pages = sysconf(_SC_PHYS_PAGES), bytes = sysconf(_SC_PAGESIZE);
    size_t machine = pages > 0 && bytes > 0 ? (size_t)pages * (size_t)bytes : (size_t)1 << 32;
    return read_file(a, path, (struct wanted){.most = machine / 4, .looks = looks}, text, length, f);
}

bool st_file_read(struct st_arena *a, const char *path, char **text, size_t *length, struct st_fault *f)
{
    return st_file_read_like(a, path, NULL, text, length, f);
}

static bool write_fault(struct st_fault *f, const char *path)
{
    return st_fail(f, ST_FAULT_WRITE, "%s: cannot be written: %s", path, strerror(errno));
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
    if (!st_file_allowed('w') || (mkdir(part, 0777) != 0 && errno != EEXIST))
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
