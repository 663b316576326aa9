#include "serial.h"
#include "boot.h"
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <termios.h>
#include <unistd.h>

enum { FLIT_BITS = 51, KIND = 48 };

void st_line_bytes(uint64_t flit, uint8_t bytes[ST_LINE_BYTES])
{
    for (unsigned k = 0; k < ST_LINE_BYTES; k++)
        bytes[k] = (uint8_t)((k ? 0 : 0x80) | (flit >> 7 * (ST_LINE_BYTES - 1 - k) & 0x7f));
}

/* --- the device --------------------------------------------------------------------------------------------- */

static const struct {
    unsigned rate;
    speed_t is;
} rates[] = {{9600, B9600},       {115200, B115200},   {230400, B230400},   {460800, B460800},   {921600, B921600},
             {1000000, B1000000}, {1500000, B1500000}, {2000000, B2000000}, {3000000, B3000000}, {4000000, B4000000}};

/* The device's name in `name`, and its rate. */
static bool take(const char *where, char *name, size_t size, speed_t *rate, struct st_fault *f)
{
    const char *at = strrchr(where, '@');
    size_t n = at ? (size_t)(at - where) : strlen(where);
    unsigned long wanted = 1000000;
    char *end = NULL;
    if (at) {
        wanted = strtoul(at + 1, &end, 10);
        if (end == at + 1 || *end)
            return st_fail(f, ST_FAULT_REQUEST, "'%s': the rate behind @ is a number of bits a second", where);
    }
    if (!n || n >= size)
        return st_fail(f, ST_FAULT_REQUEST,
                       "machine 'serial' wants its device: serial:/dev/ttyUSB0 or with a rate, "
                       "serial:/dev/ttyUSB0@3000000");
    memcpy(name, where, n);
    name[n] = 0;
    for (size_t k = 0; k < sizeof rates / sizeof *rates; k++)
        if (rates[k].rate == wanted) {
            *rate = rates[k].is;
            return true;
        }
    return st_fail(f, ST_FAULT_REQUEST,
                   "'%s': no line has %lu bits a second; it may have 9600, 115200, 230400, 460800, 921600, 1000000 "
                   "(that of rtl/board), 1500000, 2000000, 3000000 or 4000000",
                   where, wanted);
}

bool st_line_open(struct st_line *l, const char *where, struct st_fault *f)
{
    char name[300];
    speed_t rate = B1000000;
    const char *seconds = getenv("STOA_SERIAL_SECONDS");
    unsigned long patience = seconds ? strtoul(seconds, NULL, 10) : 0;
    *l = (struct st_line){.fd = -1, .where = where, .seconds = ST_LINE_SECONDS};
    if (patience >= 1 && patience <= 3600)
        l->seconds = (int)patience;
    if (!take(where, name, sizeof name, &rate, f))
        return false;
    l->fd = open(name, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
    if (l->fd < 0)
        return st_fail(f, ST_FAULT_OPEN, "cannot open the serial line %s: %s", name, strerror(errno));
    if (flock(l->fd, LOCK_EX | LOCK_NB) != 0) {
        st_line_close(l);
        return st_fail(f, ST_FAULT_OPEN,
                       "the serial line %s is in use: a board runs one copy at a time (`stoa run --copy N`, or "
                       "--threads 1)",
                       name);
    }
    struct termios how;
    if (tcgetattr(l->fd, &how) != 0) {
        st_line_close(l);
        return st_fail(f, ST_FAULT_OPEN, "%s is no serial line: %s", name, strerror(errno));
    }
    cfmakeraw(&how);
    how.c_cflag |= CLOCAL | CREAD;
    how.c_cflag &= ~(tcflag_t)(CRTSCTS | CSTOPB);
    if (cfsetspeed(&how, rate) != 0 || tcsetattr(l->fd, TCSANOW, &how) != 0 || tcflush(l->fd, TCIOFLUSH) != 0) {
        st_fail(f, ST_FAULT_OPEN, "the serial line %s cannot be set to this rate: %s", name, strerror(errno));
        st_line_close(l);
        return false;
    }
    return true;
}

void st_line_close(struct st_line *l)
{
    if (l->fd >= 0)
        close(l->fd);
    l->fd = -1;
}

/* --- talking ------------------------------------------------------------------------------------------------ */

static bool asks(uint64_t flit) { return flit >> KIND == BOOT_READ || flit >> KIND == BOOT_WHO; }
static bool answers(uint64_t flit) { return flit >> KIND == BOOT_REPLY || flit >> KIND == BOOT_WHO; }

/* One byte more of what comes: true with a whole flit. What has no beginning belongs to an earlier talk. */
static bool gather(struct st_line *l, uint8_t byte, uint64_t *flit)
{
    if (byte & 0x80)
        l->taken = 0, l->gathers = 0;
    else if (!l->taken)
        return false;
    l->gathers = l->gathers << 7 | (byte & 0x7f);
    if (++l->taken < ST_LINE_BYTES)
        return false;
    l->taken = 0;
    *flit = l->gathers;
    return *flit >> FLIT_BITS == 0;
}

/* The flits that are there. */
static bool listen(struct st_line *l, uint32_t *open, st_line_hear *hear, void *user, struct st_fault *f)
{
    uint8_t bytes[512];
    ssize_t n = read(l->fd, bytes, sizeof bytes);
    if (n < 0 && (errno == EAGAIN || errno == EINTR))
        return true;
    if (n <= 0)
        return st_fail(f, ST_FAULT_READ, "the serial line %s has ended: %s", l->where, n ? strerror(errno) : "hung up");
    for (ssize_t k = 0; k < n; k++) {
        uint64_t flit;
        if (!gather(l, bytes[k], &flit))
            continue;
        if (answers(flit) && *open)
            --*open;
        if (!hear(user, flit, f))
            return false;
    }
    return true;
}

bool st_line_talk(struct st_line *l, const uint64_t *flits, uint32_t count, st_line_hear *hear, void *user,
                  struct st_fault *f)
{
    enum { AT_ONCE = 64 };
    uint8_t bytes[AT_ONCE * ST_LINE_BYTES];
    size_t size = 0, sent = 0;
    uint32_t given = 0, open = 0;
    while (given < count || sent < size || open) {
        if (sent == size) { /* as many more as questions may be open */
            for (size = sent = 0; given < count && size < sizeof bytes && (open < ST_LINE_OPEN || !asks(flits[given]));
                 size += ST_LINE_BYTES) {
                open += asks(flits[given]);
                st_line_bytes(flits[given++], bytes + size);
            }
        }
        struct pollfd p = {.fd = l->fd, .events = (short)(POLLIN | (sent < size ? POLLOUT : 0))};
        int ready = poll(&p, 1, l->seconds * 1000);
        if (ready < 0 && errno != EINTR)
            return st_fail(f, ST_FAULT_READ, "the serial line %s: %s", l->where, strerror(errno));
        if (!ready)
            return st_fail(f, ST_FAULT_READ,
                           "%s has said nothing for %d s: is a board of rtl/board/ there, at this rate? "
                           "(STOA_SERIAL_SECONDS=N waits longer)",
                           l->where, l->seconds);
        if (ready > 0 && p.revents & (POLLIN | POLLHUP | POLLERR) && !listen(l, &open, hear, user, f))
            return false;
        if (ready > 0 && p.revents & POLLOUT) {
            ssize_t n = write(l->fd, bytes + sent, size - sent);
            if (n < 0 && errno != EAGAIN && errno != EINTR)
                return st_fail(f, ST_FAULT_WRITE, "the serial line %s: %s", l->where, strerror(errno));
            sent += n > 0 ? (size_t)n : 0;
        }
    }
    return true;
}

/* --- what the board is -------------------------------------------------------------------------------------- */

enum {
#define BOARD(name, number, what) BOARD_##name = (number),
#define BOARD_VALUE(name, number, what) BOARD_VALUE_##name = (number),
#include "stoa/core.def"
    BOARD_WORDS = BOARD_GATED + 1
};

struct who {
    uint32_t word[BOARD_WORDS], count;
};

static bool hear_who(void *user, uint64_t flit, struct st_fault *f)
{
    struct who *w = user;
    (void)f;
    if (flit >> KIND == BOOT_WHO && (flit >> 32 & 0xffff) == w->count && w->count < BOARD_WORDS)
        w->word[w->count++] = (uint32_t)flit;
    return true;
}

bool st_line_who(struct st_line *l, struct core_sim_model *out, struct st_fault *f)
{
    struct who w = {.count = 0};
    const uint64_t question = (uint64_t)BOOT_WHO << KIND;
    if (!st_line_talk(l, &question, 1, hear_who, &w, f))
        return false;
    while (w.count && w.count < BOARD_WORDS) { /* one question, many answers */
        struct pollfd p = {.fd = l->fd, .events = POLLIN};
        uint32_t none = 0;
        if (poll(&p, 1, l->seconds * 1000) <= 0)
            break;
        if (!listen(l, &none, hear_who, &w, f))
            return false;
    }
    const uint32_t *x = w.word;
    if (w.count < BOARD_WORDS || x[BOARD_MAGIC] != BOARD_VALUE_MAGIC)
        return st_fail(f, ST_FAULT_MISFIT,
                       "what is behind %s is no board of this version: it says %" PRIu32 " words of itself, the first "
                       "%" PRIu32 "; asked are %d and %d",
                       l->where, w.count, w.count ? x[0] : 0, BOARD_WORDS, BOARD_VALUE_MAGIC);
    *out = (struct core_sim_model){.name = "board",
                                   .width = x[BOARD_W],
                                   .height = x[BOARD_H],
                                   .lanes = x[BOARD_K],
                                   .axons = x[BOARD_AXONS],
                                   .inputs = x[BOARD_INPUTS],
                                   .neurons = x[BOARD_NEURONS],
                                   .weight_bits = x[BOARD_WB],
                                   .resource_bits = x[BOARD_RB],
                                   .aux_bits = x[BOARD_QB],
                                   .membrane_bits = x[BOARD_UB],
                                   .sum_bits = 32, /* a board has no narrower sums */
                                   .slots = x[BOARD_SLOTS],
                                   .lines = x[BOARD_LINES],
                                   .groups = x[BOARD_GROUPS],
                                   .columns = x[BOARD_COLUMNS],
                                   .blocks = x[BOARD_BLOCKS],
                                   .routes = x[BOARD_ROUTES],
                                   .shared = x[BOARD_SHARED],
                                   .draws = x[BOARD_DRAWS],
                                   .recruits = x[BOARD_RECRUITS],
                                   .masks = x[BOARD_MASKS],
                                   .adapts = x[BOARD_ADAPTS],
                                   .measures = x[BOARD_MEASURES],
                                   .emits = x[BOARD_EMITS],
                                   .rules = x[BOARD_RULES],
                                   .ring = x[BOARD_RING],
                                   .values = x[BOARD_VALUES],
                                   .families = CORE_SIM_LEAKY | (x[BOARD_CURRENTS] ? CORE_SIM_CURRENTS : 0)};
    return true;
}
