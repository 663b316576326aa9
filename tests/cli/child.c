#include "child.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

const char *stoa_path(void)
{
    static char path[4200];
    const char *given = getenv("STOA");
    if (given && *given)
        return given;
    char self[4096];
    ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);
    self[n > 0 ? n : 0] = 0;
    for (int up = 0; up < 3; up++) { /* VARIANT/tests/cli/test_cli */
        char *slash = strrchr(self, '/');
        if (slash)
            *slash = 0;
    }
    snprintf(path, sizeof path, "%s/stoa", self);
    return path;
}

static void two_ends(int ends[2])
{
    if (pipe2(ends, O_CLOEXEC) != 0)
        abort();
}

/* A terminal in place of a pipe: what a user would see. */
static void terminal_ends(int ends[2])
{
    ends[0] = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (ends[0] < 0 || grantpt(ends[0]) != 0 || unlockpt(ends[0]) != 0)
        abort();
    ends[1] = open(ptsname(ends[0]), O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (ends[1] < 0)
        abort();
}

pid_t stoa_start(const struct child *how, const char *const *words, int *in, int *out, int *err)
{
    int i[2], o[2] = {-1, -1}, e[2];
    two_ends(i);
    if (how->out_path)
        o[1] = open(how->out_path, O_WRONLY | O_CLOEXEC);
    else
        two_ends(o);
    if (how->terminal)
        terminal_ends(e);
    else
        two_ends(e);
    pid_t pid = fork();
    if (pid < 0)
        abort();
    if (pid == 0) {
        char *argv[CHILD_WORDS + 2] = {(char *)(size_t)stoa_path()};
        for (int k = 0; k < CHILD_WORDS && words[k]; k++)
            argv[k + 1] = (char *)(size_t)words[k];
        unsetenv("NO_COLOR");
        signal(SIGPIPE, SIG_DFL);
        if (how->setting)
            putenv((char *)(size_t)how->setting);
        if (dup2(i[0], 0) < 0 || dup2(o[1], 1) < 0 || dup2(e[1], 2) < 0)
            _exit(126);
        execv(argv[0], argv);
        _exit(127);
    }
    close(i[0]);
    close(o[1]);
    close(e[1]);
    *in = i[1];
    *out = o[0];
    *err = e[0];
    return pid;
}

/* Takes what has come; false at the end. */
static bool take(int fd, char **text, size_t *length)
{
    char part[65536];
    ssize_t n = read(fd, part, sizeof part);
    if (n < 0 && errno == EINTR)
        return true;
    if (n <= 0)
        return false;
    *text = realloc(*text, *length + (size_t)n + 1);
    if (!*text)
        abort();
    memcpy(*text + *length, part, (size_t)n);
    *length += (size_t)n;
    (*text)[*length] = 0;
    return true;
}

struct said stoa_run(const struct child *how, const char *const *words)
{
    int in, out, err, status;
    struct said s = {0, calloc(1, 1), calloc(1, 1), 0, 0};
    size_t put = 0, all = how->in ? how->in_length : 0;
    pid_t pid = stoa_start(how, words, &in, &out, &err);
    fcntl(in, F_SETFL, O_NONBLOCK);
    while (out >= 0 || err >= 0) {
        if (in >= 0 && put == all) {
            close(in);
            in = -1;
        }
        struct pollfd p[3] = {{in, POLLOUT, 0}, {out, POLLIN, 0}, {err, POLLIN, 0}};
        if (poll(p, 3, -1) < 0)
            continue;
        if (p[0].revents) {
            ssize_t n = write(in, how->in + put, all - put);
            if (n > 0)
                put += (size_t)n;
            else if (errno != EAGAIN && errno != EINTR)
                put = all; /* it does not want any more */
        }
        if (p[1].revents && !take(out, &s.out, &s.out_length)) {
            close(out);
            out = -1;
        }
        if (p[2].revents && !take(err, &s.err, &s.err_length)) {
            close(err);
            err = -1;
        }
    }
    if (in >= 0)
        close(in);
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        ;
    s.code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    return s;
}

void said_free(struct said *s)
{
    free(s->out);
    free(s->err);
}
