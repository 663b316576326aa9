/* test_serial.c - `stoa run --on serial:DEV` on the Verilated board behind a pseudo-terminal: the fast engine's bytes;
 * and what is no board, another board, or a board that lies, is told. */
#include "boot.h"
#include "file.h"
#include "insist.h"
#include "serial.h"
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
/* after those it needs */
#include <cmocka.h>

#define PATIENCE "120" /* seconds: the board is a model, and the machine may have other work */

static const char network[] = "tests/cosim/masked.yaml", fabric[] = "netlists/fabrics/stoa-1-ei.yaml";

/* The board's process; its standard input keeps it alive. */
struct board {
    pid_t pid;
    int keep;
    char line[100];
};

static struct board power_up(const char *broken)
{
    struct board b = {0};
    int in[2], out[2];
    assert_int_equal(pipe(in) | pipe(out), 0);
    b.pid = fork();
    if (!b.pid) {
        dup2(in[0], 0);
        dup2(out[1], 1);
        close(in[1]);
        if (broken)
            setenv("ST_BOARD_BREAK", broken, 1);
        execl("build/rtl/board/pty", "pty", (char *)NULL);
        _exit(127);
    }
    close(in[0]);
    close(out[1]);
    b.keep = in[1];
    FILE *said = fdopen(out[0], "r");
    if (!said || !fgets(b.line, sizeof b.line, said))
        fail_msg("build/rtl/board/pty does not say where its line is");
    fclose(said);
    b.line[strcspn(b.line, "\n")] = 0;
    return b;
}

static void power_down(struct board *b)
{
    int status;
    close(b->keep);
    kill(b->pid, SIGTERM);
    waitpid(b->pid, &status, 0);
}

static const char *serial(const struct board *b) { return st_arena_printf(&arena, "serial:%s", b->line); }

static struct child fed; /* spikes on standard input */

static struct child spikes(void)
{
    struct child c = {0};
    char *text = st_arena_get(&arena, 48 * 40 * 20, 1);
    for (int tick = 0; tick < 48; tick++)
        for (int i = tick % 5; i < 144; i += 4)
            if (tick % 16 < 12)
                c.in_length += (size_t)sprintf(text + c.in_length, "%d R %d\n", tick, i);
    c.in = text;
    return c;
}

/* Whether `make board` has been here; with a word when not. */
static bool is_built(void)
{
    bool there = access("build/rtl/board/pty", X_OK) == 0;
    if (!there)
        print_message("there is no build/rtl/board/pty: `make board` makes it\n");
    return there;
}

/* Two halves, the second on what the first has saved; on and then_on are machines. */
static void feed(const char *on, const char *then_on, const char *name)
{
    const char *half = in_folder(st_arena_printf(&arena, "%s.half.img", name));
    STOA_AS(DONE, fed, "run", in_folder("net.img"), "--in", "-", "--ticks", "48", "--learn", "--on", on, "-o",
            in_folder(st_arena_printf(&arena, "%s.trace", name)), "--save", half);
    STOA_AS(DONE, fed, "run", half, "--in", "-", "--ticks", "48", "--learn", "--on", then_on, "-o",
            in_folder(st_arena_printf(&arena, "%s.then.trace", name)), "--save",
            in_folder(st_arena_printf(&arena, "%s.img", name)));
}

static void a_board_leaves_the_same_bytes(void **state)
{
    (void)state;
    if (!is_built())
        skip();
    struct board b = power_up(NULL);
    feed("sim", "sim", "sim");
    feed(serial(&b), serial(&b), "board");
    power_down(&b);
    same_files(in_folder("sim.trace"), in_folder("board.trace"));
    same_files(in_folder("sim.then.trace"), in_folder("board.then.trace"));
    same_files(in_folder("sim.img"), in_folder("board.img"));
    size_t length;
    has(slurp(in_folder("sim.then.trace"), &length), " spike ");
}

/* A bit of a byte that the board says is turned around: somewhere among the answers of the run. */
static void a_board_that_lies_is_found(void **state)
{
    (void)state;
    if (!is_built())
        skip();
    struct board b = power_up("1500");
    struct said s = STOA_AS(DIFFER, fed, "run", in_folder("net.img"), "--in", "-", "--ticks", "48", "--learn", "--on",
                            serial(&b), "-o", in_folder("lie.trace"), "--save", in_folder("lie.img"));
    has(s.err, "the fast engine");
    power_down(&b);
}

/* --- memory files ------------------------------------------------------------------------------------------- */

/* The words of a $readmemh file, each at its place. */
struct words {
    uint32_t at[8192], word[8192], count;
};

static struct words read_words(const char *path)
{
    static struct words w;
    size_t length;
    uint32_t at = 0;
    w.count = 0;
    for (char *line = strtok(slurp(path, &length), "\n"); line; line = strtok(NULL, "\n")) {
        if (*line == '@')
            at = (uint32_t)strtoul(line + 1, NULL, 16);
        else if (w.count < 8192) {
            w.at[w.count] = at++;
            w.word[w.count++] = (uint32_t)strtoul(line, NULL, 16);
        }
    }
    return w;
}

struct replies {
    uint32_t word[8192], count;
};

static bool keep_reply(void *user, uint64_t flit, struct st_fault *f)
{
    struct replies *r = user;
    (void)f;
    if (flit >> 48 == BOOT_REPLY && r->count < 8192)
        r->word[r->count++] = (uint32_t)flit;
    return true;
}

/* The bytes of packets.bin as they are, then every word of the weights is asked for. */
static void packets_load_a_board(void **state)
{
    (void)state;
    if (!is_built())
        skip();
    STOA(DONE, "pack", in_folder("net.img"), "--mem", in_folder("board"), "--lanes", "4", "--learn");
    struct board b = power_up(NULL);
    struct st_line line;
    struct st_fault f = {0};
    struct replies got = {.count = 0};
    size_t length, hex;
    const char *bytes = slurp(in_folder("board/packets.bin"), &length);
    const char *packets = slurp(in_folder("board/packets.hex"), &hex);
    assert_int_equal(length / 8 - 1, hex / 14); /* RESET is not in the text */
    assert_int_equal(strtoull(packets, NULL, 16) >> 48, BOOT_ADDR);
    if (!st_line_open(&line, b.line, &f))
        fail_msg("%s", f.text);
    for (size_t sent = 0; sent < length;) {
        ssize_t n = write(line.fd, bytes + sent, length - sent);
        sent += n > 0 ? (size_t)n : 0;
    }
    struct words want = read_words(in_folder("board/0_0.w.hex"));
    assert_true(want.count > 1000);
    uint64_t *ask = st_arena_get(&arena, want.count * 2 * sizeof *ask, 8);
    for (uint32_t k = 0; k < want.count; k++) {
        ask[2 * k] = (uint64_t)BOOT_ADDR << 48 | (uint32_t)BOOT_W << 24 | want.at[k];
        ask[2 * k + 1] = (uint64_t)BOOT_READ << 48;
    }
    if (!st_line_talk(&line, ask, 2 * want.count, keep_reply, &got, &f))
        fail_msg("%s", f.text);
    assert_int_equal(got.count, want.count);
    for (uint32_t k = 0; k < want.count; k++)
        if (got.word[k] != want.word[k])
            fail_msg("word %u of the weights: the board has %x, the file %x", want.at[k], got.word[k], want.word[k]);
    st_line_close(&line);
    power_down(&b);
    has(STOA(USAGE, "pack", in_folder("net.img"), "--mem", in_folder("board"), "--lanes", "3").err, "not 3");
    has(STOA(USAGE, "pack", in_folder("net.img"), "--mem", in_folder("board"), "--copy", "9").err, "the image has 1");
}

static void what_is_no_board_is_said(void **state)
{
    (void)state;
    if (!is_built())
        skip();
    struct board b = power_up(NULL);
    const char *on = serial(&b);
    has(STOA_AS(USAGE, fed, "run", in_folder("net.img"), "--in", "-", "--on", "serial").err, "wants its device");
    has(STOA_AS(USAGE, fed, "run", in_folder("net.img"), "--in", "-", "--on", "timed:x").err, "no machine 'timed:x'");
    has(STOA_AS(WORLD, fed, "run", in_folder("net.img"), "--in", "-", "--on", "serial:/nowhere").err,
        "cannot open the serial line");
    has(STOA_AS(WORLD, fed, "run", in_folder("net.img"), "--in", "-", "--on", "serial:/dev/null").err,
        "is no serial line");
    has(STOA_AS(USAGE, fed, "run", in_folder("net.img"), "--in", "-", "--on", st_arena_printf(&arena, "%s@12345", on))
            .err,
        "no line has 12345 bits a second");
    STOA(DONE, "compile", "colanet-tuned", "-f", "stoa-1-large", "-o", in_folder("large.img"));
    has(STOA_AS(REFUSED, fed, "run", in_folder("large.img"), "--in", "-", "--on", on).err, "does not fit the board");
    power_down(&b);
    setenv("STOA_SERIAL_SECONDS", "1", 1); /* nobody reads it any more */
    has(STOA_AS(WORLD, fed, "run", in_folder("net.img"), "--in", "-", "--on", on).err, "serial line");
    setenv("STOA_SERIAL_SECONDS", PATIENCE, 1);
}

static int begin(void **state)
{
    (void)state;
    setenv("STOA_SERIAL_SECONDS", PATIENCE, 1);
    if (!insist_begin())
        return 1;
    fed = spikes();
    STOA(DONE, "compile", network, "-f", fabric, "-o", in_folder("net.img"));
    return 0;
}

static int end(void **state)
{
    (void)state;
    return insist_end();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_board_leaves_the_same_bytes),
        cmocka_unit_test(a_board_that_lies_is_found),
        cmocka_unit_test(packets_load_a_board),
        cmocka_unit_test(what_is_no_board_is_said),
    };
    return cmocka_run_group_tests_name("serial", tests, begin, end);
}
