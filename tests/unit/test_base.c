/* test_base.c - the ground everything stands on: memory, texts, files, diagnostics; each failure once. */
#include "diag.h"
#include "fault.h"
#include "file.h"
#include "text.h"
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>
/* after those it needs */
#include <cmocka.h>

static struct st_arena arena;
static char folder[] = "/tmp/stoa-base-XXXXXX";

/* Fails the n-th call and all that follow. */
static int calls, fail_at;
static int fail_alloc(size_t bytes)
{
    (void)bytes;
    return ++calls < fail_at;
}
static int fail_file(int kind)
{
    (void)kind;
    return ++calls < fail_at;
}

static int setup(void **state)
{
    (void)state;
    st_arena_init(&arena);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    st_alloc_hook = NULL;
    st_file_hook = NULL;
    st_arena_free(&arena);
    return 0;
}

/* --- arena -------------------------------------------------------------------------------------------------- */

static void arena_is_aligned_and_zero(void **state)
{
    (void)state;
    size_t sizes[] = {0, 1, 63, 64, 65, 1000, 60000, 70000, 1, 20000, 3, 1 << 20, 5};
    if (setjmp(arena.full))
        fail();
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        unsigned char *p = st_arena_get(&arena, sizes[i], 1);
        assert_int_equal((uintptr_t)p % 64, 0);
        for (size_t k = 0; k < sizes[i]; k++)
            assert_int_equal(p[k], 0);
        memset(p, 0xa5, sizes[i]); /* an overlap would show in a later one */
    }
    assert_true(arena.bytes >= 1000 + 60000 + 70000);
}

/* What is large goes back; what shares its chunk with others, or is of another arena, stays. */
static void arena_takes_back(void **state)
{
    (void)state;
    static char elsewhere[64];
    if (setjmp(arena.full))
        fail_msg("no memory");
    size_t before = arena.bytes;
    char *small = st_arena_get(&arena, 64, 1), *large = st_arena_get(&arena, 200000, 1);
    char *other = st_arena_get(&arena, 300000, 1), *next = st_arena_get(&arena, 64, 1);
    small[0] = next[0] = other[299999] = 'x';
    st_arena_drop(&arena, large);
    assert_true(arena.bytes >= before + 300000 + 128 && arena.bytes < before + 300000 + 1000);
    st_arena_drop(&arena, small);
    st_arena_drop(&arena, elsewhere);
    st_arena_drop(&arena, NULL);
    assert_true(small[0] == 'x' && next[0] == 'x' && other[299999] == 'x');
    st_arena_drop(&arena, other);
    assert_true(arena.bytes < before + 1000);
    st_arena_free(&arena);
}

static void arena_refuses_what_overflows(void **state)
{
    (void)state;
    volatile int jumps = 0;
    size_t huge[][2] = {{SIZE_MAX, 2}, {SIZE_MAX, 1}, {SIZE_MAX - 70, 1}, {SIZE_MAX / 2, 1}};
    for (volatile size_t i = 0; i < 4; i++) {
        if (setjmp(arena.full) == 0) {
            st_arena_get(&arena, huge[i][0], huge[i][1]);
            fail();
        }
        jumps++;
        assert_null(st_arena_try(&arena, huge[i][0], huge[i][1]));
    }
    assert_int_equal(jumps, 4);
}

static void arena_jumps_when_memory_ends(void **state)
{
    (void)state;
    for (volatile int n = 1; n <= 4; n++) {
        struct st_arena a;
        volatile bool jumped = false;
        st_arena_init(&a);
        calls = 0;
        fail_at = n;
        st_alloc_hook = fail_alloc;
        if (setjmp(a.full) == 0) {
            st_arena_get(&a, 70000, 1);
            st_arena_printf(&a, "%070000d", 1);
            st_arena_text(&a, "abc", 3);
        } else {
            jumped = true;
        }
        st_alloc_hook = NULL;
        st_arena_free(&a);
        assert_int_equal(jumped, n <= 3);
    }
}

/* --- text --------------------------------------------------------------------------------------------------- */

static void numbers_read_back(void **state)
{
    (void)state;
    struct {
        double x;
        const char *text;
    } rows[] = {{0, "0"},           {1, "1"},
                {-1, "-1"},         {0.1, "0.1"},
                {1e6, "1000000"},   {-0.253, "-0.253"},
                {1e300, "1e+300"},  {1.0 / 3, "0.3333333333333333"},
                {5e-324, "5e-324"}, {123456.75, "123456.75"}};
    if (setjmp(arena.full))
        fail();
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct st_text t;
        st_text_init(&t, &arena);
        st_text_number(&t, rows[i].x);
        assert_string_equal(t.at, rows[i].text);
        assert_true(strtod(t.at, NULL) == rows[i].x);
    }
}

static void texts_grow_and_escape(void **state)
{
    (void)state;
    struct st_text t;
    if (setjmp(arena.full))
        fail();
    st_text_init(&t, &arena);
    for (int i = 0; i < 1000; i++)
        st_textf(&t, "%03d,", i);
    assert_int_equal(t.length, 4000);
    assert_int_equal(strlen(t.at), 4000);
    assert_memory_equal(t.at + 3996, "999,", 5);
    st_text_init(&t, &arena);
    st_text_json(&t, "a\"\\\n\x01\x7f\xc3\xa9");
    assert_string_equal(t.at, "\"a\\\"\\\\\\n\\u0001\\u007f\xc3\xa9\"");
    st_text_init(&t, &arena);
    st_text_html(&t, "<a href='x'>\"&\"</a>");
    assert_string_equal(t.at, "&lt;a href=&#39;x&#39;&gt;&quot;&amp;&quot;&lt;/a&gt;");
}

/* --- faults ------------------------------------------------------------------------------------------------- */

static void faults_have_names(void **state)
{
    (void)state;
    struct st_fault f;
    assert_false(st_fail(&f, ST_FAULT_OPEN, "%s: gone", "a.img"));
    assert_int_equal(f.id, ST_FAULT_OPEN);
    assert_string_equal(f.text, "a.img: gone");
    assert_string_equal(st_fault_name(ST_FAULT_OPEN), "cannot-open");
    for (int i = 0; i < ST_FAULT_COUNT; i++)
        for (int k = 0; k < i; k++)
            assert_string_not_equal(st_fault_name((enum st_fault_id)i), st_fault_name((enum st_fault_id)k));
}

/* --- files -------------------------------------------------------------------------------------------------- */

static const char *path_of(const char *name)
{
    static char path[256];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

static void files_keep_their_bytes(void **state)
{
    (void)state;
    static char bytes[200000];
    struct st_fault f;
    char *text;
    size_t length;
    if (setjmp(arena.full))
        fail();
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (char)(i * 31 >> 3);
    size_t sizes[] = {0, 1, 65535, 65536, 65537, sizeof bytes};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        assert_true(st_file_write(path_of("f"), bytes, sizes[i], &f));
        assert_true(st_file_read(&arena, path_of("f"), &text, &length, &f));
        assert_int_equal(length, sizes[i]);
        assert_memory_equal(text, bytes, length);
        assert_int_equal(text[length], 0);
    }
    unlink(path_of("f"));
    assert_false(st_file_read(&arena, path_of("f"), &text, &length, &f));
    assert_int_equal(f.id, ST_FAULT_OPEN);
    assert_false(st_file_read(&arena, folder, &text, &length, &f));
    assert_int_equal(f.id, ST_FAULT_READ);
    assert_true(st_file_write("/dev/null", bytes, 10, &f)); /* a device stays what it is */
    assert_int_not_equal(access("/dev/null", F_OK), -1);
}

static void gzip_reads_as_if_plain(void **state)
{
    (void)state;
    static char bytes[300000];
    struct st_fault f;
    char *text;
    size_t length;
    if (setjmp(arena.full))
        fail();
    memset(bytes, 'x', sizeof bytes);
    char path[256];
    snprintf(path, sizeof path, "%s", path_of("z"));
    for (int members = 0; members < 2; members++) {
        gzFile z = gzopen(path, members ? "ab" : "wb");
        assert_int_equal(gzwrite(z, bytes, sizeof bytes), sizeof bytes);
        gzclose(z);
    }
    assert_true(st_file_read(&arena, path, &text, &length, &f));
    assert_int_equal(length, 2 * sizeof bytes);
    assert_memory_equal(text + sizeof bytes, bytes, sizeof bytes);

    st_arena_free(&arena);
    FILE *file = fopen(path, "rb+");
    fseek(file, 0, SEEK_END);
    long whole = ftell(file);
    assert_int_equal(ftruncate(fileno(file), whole - 9), 0);
    fclose(file);
    assert_false(st_file_read(&arena, path, &text, &length, &f));
    assert_int_equal(f.id, ST_FAULT_READ);
    assert_non_null(strstr(f.text, "ends early"));

    file = fopen(path, "rb+");
    fseek(file, 20, SEEK_SET);
    fputs("damage", file);
    fclose(file);
    assert_false(st_file_read(&arena, path, &text, &length, &f));
    assert_int_equal(f.id, ST_FAULT_READ);
    unlink(path);
}

/* Whatever fails, a write leaves the old file whole and nothing beside it. */
static void failed_writes_leave_the_old_file(void **state)
{
    (void)state;
    struct st_fault f;
    char *text;
    size_t length;
    if (setjmp(arena.full))
        fail();
    assert_true(st_file_write(path_of("k"), "old", 3, &f));
    bool good = false;
    int n = 1;
    for (; !good && n < 20; n++) {
        calls = 0;
        fail_at = n;
        st_file_hook = fail_file;
        good = st_file_write(path_of("k"), "new!", 4, &f);
        st_file_hook = NULL;
        if (!good)
            assert_int_equal(f.id, ST_FAULT_WRITE);
        assert_true(st_file_read(&arena, path_of("k"), &text, &length, &f));
        assert_string_equal(text, good ? "new!" : "old");
        unlink(path_of("k"));
        assert_int_equal(rmdir(folder), 0); /* empty: no half-written file was left */
        assert_true(st_folder_make(folder, &f));
        assert_true(st_file_write(path_of("k"), "old", 3, &f));
    }
    assert_int_equal(n, 6); /* open, write, flush, rename failed; the fifth time went through */
    unlink(path_of("k"));
}

/* How many entries of the folder end so. */
static int entries(const char *tail)
{
    int n = 0;
    DIR *d = opendir(folder);
    assert_non_null(d);
    for (struct dirent *e; (e = readdir(d));)
        n += strlen(e->d_name) >= strlen(tail) && !strcmp(e->d_name + strlen(e->d_name) - strlen(tail), tail);
    closedir(d);
    return n;
}

/* What a kill has left is cleared away by the next writer of that name; what is being written, or only looks alike, is
 * not. No link that lies in the way is followed. */
static void new_files_are_nobody_elses(void **state)
{
    (void)state;
    static struct st_file_out one, other;
    struct st_fault f;
    char path[256], left[300];
    snprintf(path, sizeof path, "%s", path_of("t"));
    assert_true(st_file_begin(&one, path, &f)); /* stays open: somebody else is writing */
    assert_true(st_file_put(&one, "first", 5, &f));
    snprintf(left, sizeof left, "%s.0123456789abcdef.tmp", path);
    static const char *const kept[] = {"u.0123456789abcdef.tmp", "t.123.tmp", "t.0123456789abcdeg.tmp"};
    FILE *file = fopen(left, "w");
    fclose(file);
    for (int k = 0; k < 3; k++)
        fclose(fopen(path_of(kept[k]), "w"));
    assert_int_equal(entries(".tmp"), 5);
    assert_true(st_file_begin(&other, path, &f));
    assert_int_equal(access(left, F_OK), -1);
    for (int k = 0; k < 3; k++)
        assert_int_equal(access(path_of(kept[k]), F_OK), 0);
    assert_string_not_equal(one.fresh, other.fresh);
    assert_true(st_file_put(&other, "second", 6, &f) && st_file_commit(&other, &f) && st_file_commit(&one, &f));
    char *text;
    size_t length;
    if (setjmp(arena.full))
        fail();
    assert_true(st_file_read(&arena, path, &text, &length, &f));
    assert_string_equal(text, "first"); /* whoever commits last */
    assert_true(st_file_begin(&one, path, &f));
    st_file_drop(&one);
    assert_int_equal(entries(".tmp"), 3);
    st_file_clear(folder, NULL); /* of any name */
    assert_int_equal(entries(".tmp"), 2);
    unlink(path_of("t.123.tmp"));
    unlink(path_of("t.0123456789abcdeg.tmp"));
    unlink(path);
    bool taken;
    int lock = st_file_lock(path_of("lock"), &taken, &f), second;
    assert_true(lock >= 0 && !taken);
    second = st_file_lock(path_of("lock"), &taken, &f);
    assert_true(second < 0 && taken);
    close(lock);
    lock = st_file_lock(path_of("lock"), &taken, &f);
    assert_true(lock >= 0);
    close(lock);
    unlink(path_of("lock"));
    assert_int_equal(symlink("/no/such", path_of("link")), 0);
    assert_int_equal(st_file_lock(path_of("link"), &taken, &f), -1);
    assert_false(taken);
    unlink(path_of("link"));
}

/* What has no room is moved with what is in it; without memory it stays. */
static int no_more(size_t bytes) { return bytes < 4096; }
static void arrays_widen(void **state)
{
    (void)state;
    uint32_t room = 0, *at = st_widen(NULL, 0, 0, &room, sizeof *at);
    assert_non_null(at);
    assert_true(room > 0);
    for (uint32_t i = 0; i < 5000; i++) {
        uint32_t before = room, *same = at;
        at = st_widen(at, i, 1, &room, sizeof *at);
        assert_non_null(at);
        assert_true(i < before ? at == same && room == before : room > before);
        at[i] = i * i;
    }
    st_alloc_hook = no_more;
    uint32_t before = room;
    assert_null(st_widen(at, 5000, room, &room, sizeof *at));
    assert_null(st_widen(at, 5000, UINT32_MAX, &room, sizeof *at));
    st_alloc_hook = NULL;
    assert_int_equal(room, before);
    for (uint32_t i = 0; i < 5000; i++)
        assert_int_equal(at[i], i * i);
    st_release(at);
}

static bool nothing(const unsigned char *first, size_t length)
{
    assert_true(length >= ST_FILE_LOOK);
    return first[0] != 0;
}
static bool anything(const unsigned char *first, size_t length) { return length && !first[0]; }

/* Neither a device without an end nor a small file that un-gzips into a large one is read beyond the bound. */
static void reading_is_bounded(void **state)
{
    (void)state;
    static char zeros[1 << 20];
    struct st_fault f;
    char *text, path[256];
    size_t length;
    if (setjmp(arena.full))
        fail();
    assert_false(st_file_read_most(&arena, "/dev/zero", 3 << 20, &text, &length, &f));
    assert_int_equal(f.id, ST_FAULT_TOO_LONG);
    assert_non_null(strstr(f.text, "/dev/zero: is longer than 3 MiB"));
    snprintf(path, sizeof path, "%s", path_of("bomb"));
    gzFile z = gzopen(path, "wb");
    for (int k = 0; k < 64; k++)
        gzwrite(z, zeros, sizeof zeros);
    gzclose(z);
    assert_false(st_file_read_most(&arena, path, 8 << 20, &text, &length, &f));
    assert_int_equal(f.id, ST_FAULT_TOO_LONG);
    assert_true(st_file_read_most(&arena, path, 64 << 20, &text, &length, &f));
    assert_int_equal(length, 64 << 20);
    /* and what shows at once that it is something else is not read at all */
    assert_true(st_file_read_like(&arena, path, nothing, &text, &length, &f));
    assert_in_range(length, ST_FILE_LOOK, 8 << 20);
    assert_true(st_file_read_like(&arena, "/dev/zero", nothing, &text, &length, &f));
    assert_in_range(length, ST_FILE_LOOK, 8 << 20);
    assert_true(st_file_read_like(&arena, path, anything, &text, &length, &f));
    assert_int_equal(length, 64 << 20);
    unlink(path);
    assert_true(st_file_write(path, zeros, 1000, &f));
    assert_false(st_file_read_most(&arena, path, 999, &text, &length, &f));
    assert_int_equal(f.id, ST_FAULT_TOO_LONG);
    assert_true(st_file_read_most(&arena, path, 1000, &text, &length, &f));
    assert_int_equal(length, 1000);
    unlink(path);
}

/* What others named moves no cursor, turns no line around and breaks no JSON. */
static void names_are_shown_and_not_obeyed(void **state)
{
    (void)state;
    static const char hostile[] = "a\033[2J\xe2\x80\xae"
                                  "b\xff\xc2\x9b\nc\xef\xbb\xbf\xc3\xa4<";
    struct st_text t;
    struct st_fault f;
    if (setjmp(arena.full))
        fail();
    st_text_init(&t, &arena);
    st_text_shown(&t, hostile);
    assert_string_equal(t.at, "a\\u{1b}[2J\\u{202e}b\\xff\\u{9b}\\nc\\u{feff}\xc3\xa4<");
    st_fail(&f, ST_FAULT_READ, "%s", hostile);
    assert_string_equal(f.text, t.at);
    st_text_init(&t, &arena);
    st_text_json(&t, hostile);
    assert_string_equal(t.at, "\"a\\u001b[2J\\u202eb\\ufffd\\u009b\\nc\\ufeff\xc3\xa4<\"");
    st_text_init(&t, &arena);
    st_text_html(&t, hostile);
    assert_string_equal(t.at, "a\\u{1b}[2J\\u{202e}b\\xff\\u{9b}\nc\\u{feff}\xc3\xa4&lt;");
    char wide[4 * sizeof f.text]; /* cut between characters */
    for (size_t i = 0; i + 2 < sizeof wide; i += 2)
        memcpy(wide + i, "\xc3\xa4", 3);
    st_fail(&f, ST_FAULT_READ, "x%s", wide);
    assert_int_equal(strlen(f.text) % 2, 1);
}

static void failed_reads_are_said(void **state)
{
    (void)state;
    struct st_fault f;
    char *text;
    size_t length;
    if (setjmp(arena.full))
        fail();
    assert_true(st_file_write(path_of("r"), "abc", 3, &f));
    enum st_fault_id expected[] = {ST_FAULT_OPEN, ST_FAULT_READ, ST_FAULT_READ};
    for (int n = 1; n <= 3; n++) {
        calls = 0;
        fail_at = n;
        st_file_hook = fail_file;
        assert_false(st_file_read(&arena, path_of("r"), &text, &length, &f));
        assert_int_equal(f.id, expected[n - 1]);
    }
    fail_at = 4;
    calls = 0;
    assert_true(st_file_read(&arena, path_of("r"), &text, &length, &f));
    st_file_hook = NULL;
    unlink(path_of("r"));
}

static void reading_survives_no_memory(void **state)
{
    (void)state;
    struct st_fault f;
    char *volatile path = strdup(path_of("m.gz"));
    gzFile z = gzopen(path, "wb");
    for (int i = 0; i < 100000; i++)
        gzprintf(z, "%d ", i);
    gzclose(z);
    volatile bool done = false;
    volatile int n = 1;
    for (; !done && n < 50; n++) {
        struct st_arena a;
        st_arena_init(&a);
        calls = 0;
        fail_at = n;
        st_alloc_hook = fail_alloc;
        if (setjmp(a.full) == 0) {
            char *text;
            size_t length;
            assert_true(st_file_read(&a, path, &text, &length, &f));
            done = true;
        }
        st_alloc_hook = NULL;
        st_arena_free(&a);
    }
    assert_true(done && n > 3);
    int before = dup(0), after; /* no descriptor was lost on the way */
    close(before);
    after = dup(0);
    close(after);
    assert_int_equal(before, after);
    assert_true(before < 20);
    unlink(path);
    free(path);
}

static void folders_and_paths(void **state)
{
    (void)state;
    struct st_fault f;
    if (setjmp(arena.full))
        fail();
    assert_string_equal(st_path_join(&arena, "a/b", "c"), "a/b/c");
    assert_string_equal(st_path_join(&arena, "a/", "c"), "a/c");
    assert_string_equal(st_path_join(&arena, ".", "c"), "c");
    assert_string_equal(st_path_join(&arena, "a", "/c"), "/c");
    assert_string_equal(st_path_folder(&arena, "a/b.yaml"), "a");
    assert_string_equal(st_path_folder(&arena, "/b.yaml"), "/");
    assert_string_equal(st_path_folder(&arena, "b.yaml"), ".");
    char deep[256];
    snprintf(deep, sizeof deep, "%s/x/y/z", folder);
    assert_true(st_folder_make(deep, &f));
    assert_true(st_folder_make(deep, &f));
    assert_true(st_file_write(path_of("x/y/z/f"), "", 0, &f));
    snprintf(deep, sizeof deep, "%s/x/y/z/f/g", folder);
    assert_false(st_folder_make(deep, &f));
    assert_int_equal(f.id, ST_FAULT_WRITE);
    assert_false(st_folder_make(path_of("x/y/z/f"), &f));
    unlink(path_of("x/y/z/f"));
    rmdir(path_of("x/y/z"));
    rmdir(path_of("x/y"));
    rmdir(path_of("x"));
}

/* --- diagnostics -------------------------------------------------------------------------------------------- */

static const char net_text[] = "network: n\nprojections:\n  - { from: L, to: OTU }\n\tx\xff\x1b[31m\n";

static void diagnostics_show_the_place(void **state)
{
    (void)state;
    struct st_diags d;
    if (setjmp(arena.full))
        fail();
    st_diags_init(&d, &arena);
    uint32_t s = st_diags_source(&d, "net.yaml", net_text, sizeof net_text - 1);
    st_error(&d, ST_DIAG_NO_POPULATION, (struct st_mark){s, 3, 20, 3}, "did you mean 'OUT'?",
             "population '%s' does not exist", "OTU");
    st_warn(&d, ST_DIAG_NOT_REACHED, (struct st_mark){s, 4, 2, 9}, NULL, "x");
    st_error(&d, ST_DIAG_EMPTY, (struct st_mark){.source = s}, NULL, "nothing");
    st_error(&d, ST_DIAG_EMPTY, (struct st_mark){.source = 7}, NULL, "nowhere");
    st_error(&d, ST_DIAG_EMPTY, (struct st_mark){.source = 7}, NULL, "nowhere"); /* said once */
    assert_int_equal(d.errors, 3);
    assert_string_equal(st_diags_text(&d, false),
                        "net.yaml:3:20: error: population 'OTU' does not exist [no-population]\n"
                        "    3 |   - { from: L, to: OTU }\n"
                        "      |                    ^~~\n"
                        "      = did you mean 'OUT'?\n"
                        "net.yaml:4:2: warning: x [not-reached]\n"
                        "    4 |  x??[31m\n"
                        "      |  ^~~~~~~\n"
                        "net.yaml: error: nothing [empty-file]\n"
                        "error: nowhere [empty-file]\n");
    assert_non_null(strstr(st_diags_text(&d, true), "\033[1;31merror:\033[0m population"));
}

static void long_lines_are_cut(void **state)
{
    (void)state;
    struct st_diags d;
    char text[1001];
    if (setjmp(arena.full))
        fail();
    memset(text, 'a', 1000);
    text[500] = 'B';
    st_diags_init(&d, &arena);
    uint32_t s = st_diags_source(&d, "n", text, 1000);
    st_error(&d, ST_DIAG_SYNTAX, (struct st_mark){s, 1, 501, 400}, NULL, "B");
    char *shown = st_diags_text(&d, false), *line = strchr(shown, '\n') + 1, *carets = strchr(line, '\n') + 1;
    assert_true(strlen(line) < 300);
    assert_int_equal(strchr(line, 'B') - line, strchr(carets, '^') - carets);
}

static void errors_displace_warnings(void **state)
{
    (void)state;
    struct st_diags d;
    if (setjmp(arena.full))
        fail();
    st_diags_init(&d, &arena);
    for (uint32_t i = 0; i < 25; i++)
        st_warn(&d, ST_DIAG_NOT_REACHED, (struct st_mark){0, i, 1, 1}, NULL, "w%u", i);
    assert_int_equal(d.count, ST_DIAG_MAX);
    assert_int_equal(d.errors, 0);
    for (uint32_t i = 0; i < 25; i++)
        st_error(&d, ST_DIAG_SYNTAX, (struct st_mark){0, i, 2, 1}, NULL, "e%u", i);
    assert_int_equal(d.count, ST_DIAG_MAX);
    assert_int_equal(d.errors, 25);
    for (uint32_t i = 0; i < ST_DIAG_MAX; i++)
        assert_false(d.list[i].warning);
    assert_non_null(strstr(st_diags_text(&d, false), "... and 5 more errors\n"));
}

static void diagnostics_survive_no_memory(void **state)
{
    (void)state;
    static char text[100000];
    memset(text, 'a', sizeof text - 1);
    volatile bool done = false;
    volatile int n = 1;
    for (; !done && n < 50; n++) {
        struct st_arena a;
        struct st_diags d;
        st_arena_init(&a);
        st_diags_init(&d, &a);
        calls = 0;
        fail_at = n;
        st_alloc_hook = fail_alloc;
        if (setjmp(a.full) == 0) {
            for (int i = 0; i < 6; i++)
                st_diags_source(&d, "n", text, sizeof text);
            st_error(&d, ST_DIAG_SYNTAX, (struct st_mark){0, 1, 1, 1}, text, "x");
            assert_non_null(st_diags_text(&d, false));
            done = true;
        }
        st_alloc_hook = NULL;
        st_arena_free(&a);
    }
    assert_true(done && n > 6);
}

static void every_diagnostic_is_explained(void **state)
{
    (void)state;
    static const char *const stages[] = {"file", "net", "fabric", "rule", "quant", "map", "verify", "door", "self"};
    for (int i = 0; i < ST_DIAG_COUNT; i++) {
        const char *name = st_diag_name((enum st_diag_id)i), *explain = st_diag_explain(name);
        bool known = false;
        assert_non_null(explain);
        assert_true(strlen(explain) > 30);
        for (size_t k = 0; k < sizeof stages / sizeof *stages; k++)
            known |= !strcmp(stages[k], st_diag_stage((enum st_diag_id)i));
        if (!known)
            fail_msg("'%s' belongs to no known stage", name);
        for (int k = 0; k < i; k++)
            assert_string_not_equal(name, st_diag_name((enum st_diag_id)k));
    }
    assert_null(st_diag_explain("no-such-thing"));
}

static void the_nearest_word(void **state)
{
    (void)state;
    static const char *const names[] = {"OUT", "BIASGATE", "threshold", "delay"};
    assert_string_equal(st_nearest("OTU", names, 4), "OUT");
    assert_string_equal(st_nearest("biasgate", names, 4), "BIASGATE");
    assert_string_equal(st_nearest("treshhold", names, 4), "threshold");
    assert_string_equal(st_nearest("dealy", names, 4), "delay");
    assert_null(st_nearest("weight", names, 4));
    assert_null(st_nearest("", names, 4));
    assert_null(st_nearest("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", names, 4));
}

int main(void)
{
    if (!mkdtemp(folder))
        return 1;
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        T(arena_is_aligned_and_zero),
        T(arena_takes_back),
        T(arena_refuses_what_overflows),
        T(arena_jumps_when_memory_ends),
        T(numbers_read_back),
        T(texts_grow_and_escape),
        T(faults_have_names),
        T(files_keep_their_bytes),
        T(gzip_reads_as_if_plain),
        T(arrays_widen),
        T(failed_writes_leave_the_old_file),
        T(new_files_are_nobody_elses),
        T(reading_is_bounded),
        T(names_are_shown_and_not_obeyed),
        T(failed_reads_are_said),
        T(reading_survives_no_memory),
        T(folders_and_paths),
        T(diagnostics_show_the_place),
        T(long_lines_are_cut),
        T(errors_displace_warnings),
        T(diagnostics_survive_no_memory),
        T(every_diagnostic_is_explained),
        T(the_nearest_word),
    };
    int failed = cmocka_run_group_tests_name("base", tests, NULL, NULL);
    rmdir(folder);
    return failed;
}
