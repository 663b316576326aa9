/* test_library_search.c - a search and a baseline as clients have them: the same bits, stopped and gone on with,
 * refused. */
#include "arena.h"
#include "file.h"
#include "small.h"
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
/* after those it needs */
#include <cmocka.h>

static char folder[] = "/tmp/stoa-search-XXXXXX";
static char experiment[256];

static const char *in_folder(const char *name)
{
    static char paths[4][256];
    static int next;
    char *path = paths[next++ % 4];
    snprintf(path, sizeof paths[0], "%s/%s", folder, name);
    return path;
}

static int set_up(void **state)
{
    (void)state;
    stoa_dataset *letters;
    char here[1024];
    if (!mkdtemp(folder) || !getcwd(here, sizeof here) ||
        stoa_dataset_letters(0, 0, 0, 90, 1, &letters, NULL) != STOA_OK ||
        stoa_dataset_save(letters, in_folder("images"), in_folder("labels"), NULL) != STOA_OK)
        return 1;
    stoa_dataset_free(letters);
    snprintf(experiment, sizeof experiment, "%s", in_folder("search.yaml"));
    FILE *f = fopen(experiment, "w");
    if (!f)
        return 1;
    fprintf(
        f,
        "experiment: search\nnetwork: %s/netlists/networks/colanet-permuted.yaml\n"
        "fabric: %s/netlists/fabrics/stoa-1-large.yaml\n"
        "data: { folder: %s, train: { images: images, labels: labels }, hold_out: 3, "
        "test: { images: images, labels: labels } }\n"
        "tune: { parameters: { alpha: [0.02, 0.12] }, population: 3, elite: 1, generations: 2, seeds: 1, copies: 1, "
        "first: 30, ask: 15 }\n",
        here, here, folder);
    return fclose(f);
}

static int tear_down(void **state)
{
    (void)state;
    char command[128];
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    return system(command);
}

/* As deep into the search as `user` says, then it is to stop. */
static int so_far(void *user, const stoa_tuning *now)
{
    uint64_t *seen = user;
    seen[0]++;
    assert_true(now->done <= now->all && now->generation <= now->generations && now->generations == 2);
    assert_true(!now->judged || isfinite(now->mean));
    return seen[1] && now->done >= seen[1];
}

static void a_search_is_the_same_and_goes_on(void **state)
{
    (void)state;
    stoa_diagnostics *said;
    char *whole, *parts, *text;
    uint64_t seen[] = {0, 0};
    stoa_tune_options o = stoa_tune_defaults();
    o.threads = 1;
    assert_int_equal(stoa_tune(experiment, &o, &text, &whole, &said), STOA_USAGE); /* where to? */
    assert_null(whole);
    stoa_diagnostics_free(said);
    o.out = in_folder("whole");
    o.progress = so_far;
    o.user = seen;
    assert_int_equal(stoa_tune(experiment, &o, &text, &whole, &said), STOA_OK);
    assert_null(said); /* that there was no log is no mistake */
    assert_true(seen[0] > 3);
    assert_non_null(strstr(whole, "\"stoa_tune\": 1"));
    assert_non_null(strstr(text, "on held-out pictures"));
    assert_int_equal(access(in_folder("whole/tuned.yaml"), F_OK), 0);
    stoa_free(text);
    o.out = in_folder("parts");
    o.threads = 2;
    seen[1] = 2;
    assert_int_equal(stoa_tune(experiment, &o, NULL, &parts, &said), STOA_STOPPED);
    assert_null(parts);
    stoa_diagnostics_free(said);
    seen[1] = 0;
    assert_int_equal(stoa_tune(experiment, &o, NULL, &parts, NULL), STOA_OK);
    assert_string_equal(parts, whole);
    stoa_free(parts);
    stoa_free(whole);

    const stoa_range none = {"alpha", 3, 3}, unknown = {"nothing", 0, 1}, bad = {"fall", 8200, 9000};
    o.ranges = &none;
    o.range_count = 1;
    assert_int_equal(stoa_tune(experiment, &o, NULL, NULL, NULL), STOA_USAGE);
    o.ranges = &unknown;
    assert_int_equal(stoa_tune(experiment, &o, NULL, NULL, NULL), STOA_FAILED);
    o.ranges = &bad;
    o.out = in_folder("refused");
    assert_int_equal(stoa_tune(experiment, &o, &text, NULL, &said), STOA_REFUSED);
    assert_null(text);
    assert_non_null(strstr(stoa_diagnostics_text(said, 0), "were refused"));
    stoa_diagnostics_free(said);
    assert_int_equal(stoa_tune(NULL, &o, NULL, NULL, NULL), STOA_USAGE);
    assert_int_equal(stoa_tune("/no/such.yaml", &o, NULL, NULL, NULL), STOA_FAILED);
}

static int stops(void *user, const char *what, uint64_t done, uint64_t all, double seconds)
{
    (void)user, (void)what, (void)done, (void)all, (void)seconds;
    return 1;
}

static void a_baseline_is_a_table(void **state)
{
    (void)state;
    stoa_diagnostics *said;
    char *text, *json, *again;
    stoa_baseline_options o = stoa_baseline_defaults();
    o.hidden = 16;
    assert_int_equal(stoa_baseline(experiment, &o, &text, &json, &said), STOA_OK);
    assert_null(said);
    assert_non_null(strstr(text, "dense, 16 hidden neurons"));
    assert_non_null(strstr(json, "\"stoa_baseline\": 1"));
    assert_int_equal(stoa_baseline(experiment, &o, NULL, &again, NULL), STOA_OK);
    assert_string_equal(json, again);
    stoa_free(text);
    stoa_free(json);
    stoa_free(again);
    o.progress = stops;
    assert_int_equal(stoa_baseline(experiment, &o, &text, &json, &said), STOA_STOPPED);
    assert_null(text);
    assert_null(json);
    stoa_diagnostics_free(said);
    o = stoa_baseline_defaults();
    o.method = "mine";
    assert_int_equal(stoa_baseline(experiment, &o, &text, NULL, NULL), STOA_USAGE);
    o.method = "ewc";
    o.hidden = 17;
    assert_int_equal(stoa_baseline(experiment, &o, &text, NULL, NULL), STOA_USAGE);
    o.size = 3;
    assert_int_equal(stoa_baseline(experiment, &o, &text, NULL, NULL), STOA_USAGE);
}

/* --- each allocation, and each read or write, fails once --------------------------------------------------------- */

static int left;
static int allocation_fails(size_t bytes)
{
    (void)bytes;
    return __atomic_sub_fetch(&left, 1, __ATOMIC_RELAXED) != 0;
}
static int file_fails(int kind)
{
    (void)kind;
    return __atomic_sub_fetch(&left, 1, __ATOMIC_RELAXED) != 0;
}

static stoa_status small_baseline(void)
{
    stoa_baseline_options o = stoa_baseline_defaults();
    char *text, *json;
    o.hidden = 8;
    o.limit = o.ask = 10;
    stoa_status s = stoa_baseline(experiment, &o, &text, &json, NULL);
    assert_true((s == STOA_OK) == (text && json));
    stoa_free(text);
    stoa_free(json);
    return s;
}

/* Each search from its beginning: in a folder of its own. */
static stoa_status small_search(void)
{
    static int searches;
    stoa_tune_options o = stoa_tune_defaults();
    char *text, *json, name[32];
    snprintf(name, sizeof name, "once-%d", searches++);
    o.out = in_folder(name);
    o.threads = 1;
    o.limit = o.ask = 4;
    o.population = 2;
    o.generations = 1;
    stoa_status s = stoa_tune(experiment, &o, &text, &json, NULL);
    assert_true((s == STOA_OK) == (text && json));
    stoa_free(text);
    stoa_free(json);
    return s;
}

/* Said by the status, and what comes after is as if nothing had been. */
static void each_fails_once(stoa_status (*all)(void), bool files, int least)
{
    int n = 0, failed = 0;
    do {
        left = ++n;
        if (files)
            st_file_hook = file_fails;
        else
            st_alloc_hook = allocation_fails;
        stoa_status s = all();
        st_file_hook = NULL;
        st_alloc_hook = NULL;
        failed += s == STOA_FAILED;
        assert_true(s == STOA_OK || s == STOA_FAILED);
    } while (left <= 0 && n < 100000);
    assert_true(failed >= least && left > 0);
    assert_int_equal(all(), STOA_OK);
}

static void a_baseline_says_what_fails(void **state)
{
    (void)state;
    each_fails_once(small_baseline, false, 20);
    each_fails_once(small_baseline, true, 3);
}

static void a_search_says_what_fails(void **state)
{
    (void)state;
    each_fails_once(small_search, true, 10);
    each_fails_once(small_search, false, 20);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_search_is_the_same_and_goes_on),
        cmocka_unit_test(a_baseline_is_a_table),
        cmocka_unit_test(a_baseline_says_what_fails),
        cmocka_unit_test(a_search_says_what_fails),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
