/* The experiments of tasks in sequence that ship, each in short: a few pictures, one copy or two, and what must come
 * out of that. At length `make papers` and `make zoo` run them. */
#include "insist.h"
#include "result.h"
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
/* after those it needs */
#include <cmocka.h>

struct row {
    const char *name, *limit, *set;
    uint32_t tasks;            /* 0: there is no sequence of them */
    double average, forgotten; /* at least; at most, in points (negative: at least, the other way round) */
};

/* Where the published mechanisms forget, they must be seen to forget. */
static const struct row rows[] = {
    {"permuted-mnist", "1500", NULL, 10, 0.65, 6},
    {"permuted-mnist-published", "1500", NULL, 10, 0.60, 12},
    {"permuted-mnist-45", "1000", NULL, 10, 0.50, 8},
    {"permuted-letters", "3000", NULL, 2, 0.65, 6},
    {"permuted-letters-three", "3000", NULL, 3, 0.65, 6},
    {"mnist-letters-published", "4000", NULL, 2, 0.50, -20},
    {"mnist-letters", "4000", "microcolumns=15", 2, 0.65, 20},
    {"letters-mnist", "4000", "microcolumns=15", 2, 0.65, 22},
    {"split-mnist", "1500", NULL, 5, 0.70, 20},
    {"split-mnist-domain", "1500", NULL, 5, 0.75, 15},
    {"mnist-epochs", "4000", NULL, 1, 0.85, 2},
    {"stdp-ltd", "100", NULL, 1, 0.70, 0},
    {"against-forgetting", "4000", "hold=0", 2, 0.45, -40},
    {"against-forgetting", "4000", NULL, 2, 0.50, 38},
    {"against-forgetting-langevin", "4000", NULL, 2, 0.40, 35},
    {"permuted-kept", "1500", NULL, 5, 0.55, 8},
    {"permuted-kept-langevin", "1500", NULL, 5, 0.20, 15},
    {"stdp-ltd-kept", "200", "hold=0", 2, 0.58, -12},
    {"stdp-ltd-kept", "200", NULL, 2, 0.55, 12.5},
    {"stdp-ltd-kept-langevin", "200", NULL, 2, 0.46, 8},
    {"stdp-ltd-permuted", "100", "hold=0", 5, 0.50, -12},
    {"stdp-ltd-permuted", "100", NULL, 5, 0.46, 12},
    {"stdp-ltd-permuted-langevin", "100", NULL, 5, 0.44, 17},
    {"cortical", "1500", NULL, 0, 0.70, 0},
    {"cortical-graph", "1500", NULL, 0, 0.70, 0},
    {"hierarchy", "1500", NULL, 3, 0.50, 45},
    {"thesis-conv", "600", NULL, 3, 0.30, 0},
    {"stdp-ltd-ten", "50", NULL, 2, 0.35, 0},
    {"sdsp-odin", "600", NULL, 0, 0.40, 0},
};

/* Under the sanitizer, which takes twenty times as long, they only have to run. */
#if defined(__SANITIZE_ADDRESS__)
enum { SHORTER = 1 };
#else
enum { SHORTER = 0 };
#endif

static void run(void **state)
{
    const struct row *r = *state;
    struct st_fault f;
    struct st_result got;
    const char *limit = SHORTER ? "60" : r->limit, *ask = SHORTER ? "30" : "500";
    struct said s = r->set ? STOA(DONE, "train", r->name, "--json", "--limit", limit, "--ask", ask, "--copies", "1",
                                  "--seed", "7", "--out", in_folder(r->name), "--set", r->set)
                           : STOA(DONE, "train", r->name, "--json", "--limit", limit, "--ask", ask, "--copies", "1",
                                  "--seed", "7", "--out", in_folder(r->name));
    if (!st_result_read(&arena, r->name, s.out, s.out_length, &got, &f))
        fail_msg("%s", f.text);
    assert_int_equal(got.scores.tasks, r->tasks);
    struct st_summary m = {.average = got.accuracy};
    if (r->tasks)
        m = st_scores_summary(&got.scores, ST_SCORE_TOGETHER);
    double forgotten = 100 * m.forgetting;
    if (SHORTER)
        return;
    printf("%-26s AA %.2f FM %.2f\n", r->name, 100 * m.average, forgotten);
    if (!(m.average >= r->average))
        fail_msg("an average accuracy of %.2f %%, at least %.0f %% are expected", 100 * m.average, 100 * r->average);
    if (r->tasks > 1 && (r->forgotten < 0 ? forgotten < -r->forgotten : forgotten > r->forgotten))
        fail_msg("%.2f points are forgotten, %s %.0f are expected", forgotten,
                 r->forgotten < 0 ? "at least" : "at most", fabs(r->forgotten));
}

/* Spikes for a picture of each task, at the end of the experiment in short. */
static void spikes_of(const char *setting, double spikes[5])
{
    struct st_fault f;
    struct st_result got;
    struct said s = STOA(DONE, "train", "use-or-lose", "--json", "--limit", SHORTER ? "20" : "400", "--ask",
                         SHORTER ? "5" : "30", "--seed", "7", "--out", in_folder("use-or-lose"), "--set", setting);
    if (!st_result_read(&arena, "use-or-lose", s.out, s.out_length, &got, &f))
        fail_msg("%s", f.text);
    assert_int_equal(got.scores.tasks, 5);
    const struct st_measured *m = &got.scores.measured[0];
    assert_string_equal(m->of[0], "E");
    for (uint32_t k = 0; k < 5; k++)
        spikes[k] = st_measured_at(&got.scores, m, got.scores.rows - 1, k)
                        ? st_measured_mean(&got.scores, m, got.scores.rows - 1, k, 0)
                        : 0;
}

/* Known digits, unknown ones, noise: what learnt pictures do not use says the less, the further it is from them. */
static void what_is_not_used_is_lost(void **state)
{
    (void)state;
    enum { KNOWN, UNKNOWN, FLUSH, WHITE, BLURRED };
    double before[5], after[5];
    spikes_of("lifetime=0", before);
    spikes_of("lifetime=100000", after);
    if (SHORTER)
        return;
    printf("use-or-lose                known %.2f -> %.2f, unknown %.2f -> %.2f, noise %.2f -> %.2f, %.2f -> %.2f\n",
           before[KNOWN], after[KNOWN], before[UNKNOWN], after[UNKNOWN], before[WHITE], after[WHITE], before[BLURRED],
           after[BLURRED]);
    assert_true(before[WHITE] > 2 * before[KNOWN]);
    assert_true(after[KNOWN] > 0.5 * before[KNOWN]);
    assert_true(after[WHITE] / before[WHITE] < after[KNOWN] / before[KNOWN]);
    assert_true(after[BLURRED] / before[BLURRED] < after[KNOWN] / before[KNOWN]);
}

/* A network that learnt elsewhere, on a chip that learns and on one that does not: the same answers. */
static void learnt_weights_answer_on_either_chip(void **state)
{
    (void)state;
    static const char *const fabrics[] = {"stoa-1-large", "altai-1"};
    struct st_result got[2];
    for (int i = 0; i < 2; i++) {
        struct st_fault f;
        char *image = in_folder("lenet.img");
        STOA(DONE, "compile", "lenet", "-f", fabrics[i], "-o", image);
        struct said s = STOA(DONE, "run", image, "--images", "data/mnist/t10k-images-idx3-ubyte", "--labels",
                             "data/mnist/t10k-labels-idx1-ubyte", "--limit", SHORTER ? "30" : "500", "--json");
        if (!st_result_read(&arena, "lenet", s.out, s.out_length, &got[i], &f))
            fail_msg("%s", f.text);
        printf("lenet on %-17s %.2f\n", fabrics[i], 100 * got[i].accuracy);
        assert_true(got[i].accuracy >= 0.97);
    }
    assert_true(got[0].accuracy == got[1].accuracy);
}

static int begin(void **state)
{
    (void)state;
    return insist_begin() ? 0 : -1;
}

static int end(void **state)
{
    (void)state;
    return insist_end();
}

int main(void)
{
    enum { ROWS = sizeof rows / sizeof *rows };
    struct CMUnitTest tests[ROWS + 2];
    for (size_t i = 0; i < ROWS; i++)
        tests[i] = (struct CMUnitTest){rows[i].name, run, NULL, NULL, (void *)(uintptr_t)&rows[i]};
    tests[ROWS] = (struct CMUnitTest)cmocka_unit_test(learnt_weights_answer_on_either_chip);
    tests[ROWS + 1] = (struct CMUnitTest)cmocka_unit_test(what_is_not_used_is_lost);
    return cmocka_run_group_tests_name("experiments", tests, begin, end);
}
