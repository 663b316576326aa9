/* The search on functions whose best place is known: it finds it through noise, the same on any number of threads,
 * after a stop at any judgement, and with places that cannot be judged. */
#include "search.h"
#include "file.h"
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
/* after those it needs */
#include <cmocka.h>

enum { AXES = 4 };

static struct st_arena arena;
static char folder[] = "build/test-search-XXXXXX";
static const struct st_axis axes[AXES] = {
    {"a", -1, 3, false, false}, {"b", 0.001, 100, true, false}, {"c", 0, 40, false, true}, {"d", 5, 6, false, false}};
static const double best[AXES] = {0.5, 0.7, 17, 5.25};
static atomic_int stop;
static atomic_uint judgements, stop_at;

/* 100 at the best place, less the squares of what is off, as parts of the range; noise by seed and place. */
static double bowl(const double *at, uint64_t seed)
{
    double score = 100;
    for (int k = 0; k < AXES; k++) {
        double range = axes[k].log ? log(axes[k].high / axes[k].low) : axes[k].high - axes[k].low;
        double off = (axes[k].log ? log(at[k] / best[k]) : at[k] - best[k]) / range;
        score -= 200 * off * off;
        if (!(at[k] >= axes[k].low && at[k] <= axes[k].high) || (axes[k].whole && at[k] != floor(at[k])))
            fail_msg("%s is %g", axes[k].name, at[k]);
    }
    if (!(seed >> 63))
        fail_msg("a seed that a run may have");
    double noise = fmod(fabs(sin((double)(seed % 1000003) + 17 * at[0] + 5 * at[3])) * 9973, 1) - 0.5;
    if (atomic_fetch_add(&judgements, 1) + 1 == atomic_load(&stop_at))
        atomic_store(&stop, 1);
    return at[0] > 2.8 ? (double)NAN : score + 2 * noise;
}

static atomic_uint fail_at; /* this judgement, 0: none */

static bool judge(void *user, const double *at, uint64_t seed, double *score, struct st_fault *f)
{
    (void)user;
    *score = bowl(at, seed);
    if (atomic_load(&judgements) >= atomic_load(&fail_at) && atomic_load(&fail_at))
        return st_fail(f, ST_FAULT_MEMORY, "no memory in judgement %u", atomic_load(&fail_at));
    return true;
}

static struct st_search search_of(uint32_t threads)
{
    atomic_store(&stop, 0);
    atomic_store(&judgements, 0);
    atomic_store(&stop_at, 0);
    return (struct st_search){.axes = axes,
                              .axis_count = AXES,
                              .population = 20,
                              .generations = 25,
                              .elite = 5,
                              .seeds = 2,
                              .threads = threads,
                              .seed = 9,
                              .judge = judge,
                              .digest = 5,
                              .stop = &stop};
}

static struct st_found found_by(const struct st_search *s)
{
    struct st_found out;
    struct st_fault f;
    if (!st_search_run(&arena, s, &out, &f))
        fail_msg("%s", f.text);
    return out;
}

static void same(const struct st_found *x, const struct st_found *y)
{
    assert_int_equal(x->count, y->count);
    for (uint32_t i = 0; i < x->count; i++) {
        assert_memory_equal(x->trials[i].at, y->trials[i].at, sizeof x->trials[i].at);
        assert_int_equal(x->trials[i].judged, y->trials[i].judged);
        assert_memory_equal(x->trials[i].score, y->trials[i].score, x->trials[i].judged * sizeof(double));
    }
    assert_int_equal(x->best - x->trials, y->best - y->trials);
}

static void it_finds_the_best(void **state)
{
    (void)state;
    struct st_search s = search_of(1);
    struct st_found found = found_by(&s);
    assert_true(bowl(found.best->at, UINT64_C(1) << 63) > 96);
    assert_true(found.best->judged > 3); /* it stayed and was judged again */
    assert_true(found.mean_of[24] > found.mean_of[0] + 10);
    assert_int_equal(found.count, 20 + 24 * 15);
    uint32_t refused = 0;
    for (uint32_t i = 0; i < found.count; i++)
        if (found.trials[i].at[0] > 2.8) {
            assert_true(!isfinite(found.trials[i].mean));
            refused++;
        }
    assert_true(refused > 0);
    assert_int_equal(found.refused, refused);
}

static void threads_do_not_matter(void **state)
{
    (void)state;
    struct st_search one = search_of(1);
    struct st_found x = found_by(&one);
    struct st_search four = search_of(4);
    struct st_found y = found_by(&four);
    same(&x, &y);
}

static void it_begins_where_it_is_told(void **state)
{
    (void)state;
    static const double start[AXES] = {0.4, 0.6, 18, 5.3};
    struct st_search s = search_of(1);
    s.start = start;
    s.generations = 1;
    struct st_found found = found_by(&s);
    assert_memory_equal(found.trials[0].at, start, sizeof start);
    assert_ptr_equal(found.best, &found.trials[0]);
}

/* Stopped at several places, it goes on from its log to the same trials; nothing is judged twice. */
static void a_stopped_search_goes_on(void **state)
{
    (void)state;
    struct st_fault f;
    struct st_search s = search_of(1);
    struct st_found whole = found_by(&s), again;
    unsigned all = atomic_load(&judgements), asked = 0;
    for (unsigned at = 7; at < 400; at *= 3) {
        s = search_of(2);
        s.log = st_path_join(&arena, folder, "log");
        atomic_store(&stop_at, at);
        assert_false(st_search_run(&arena, &s, &again, &f));
        assert_int_equal(f.id, ST_FAULT_STOPPED);
        asked += atomic_load(&judgements);
    }
    s = search_of(2);
    s.log = st_path_join(&arena, folder, "log");
    again = found_by(&s);
    same(&whole, &again);
    assert_int_equal(asked + atomic_load(&judgements), all);
    s.digest = 6;
    assert_false(st_search_run(&arena, &s, &again, &f));
    assert_int_equal(f.id, ST_FAULT_CHECKPOINT);
}

/* What the world refuses is no property of a place: the search ends with the reason, and its log goes on. */
static void a_judgement_that_fails_ends_it(void **state)
{
    (void)state;
    struct st_fault f;
    struct st_search s = search_of(1);
    struct st_found whole = found_by(&s), again;
    unsigned all = atomic_load(&judgements);
    s = search_of(1);
    s.log = st_path_join(&arena, folder, "failed");
    atomic_store(&fail_at, 123);
    assert_false(st_search_run(&arena, &s, &again, &f));
    assert_int_equal(f.id, ST_FAULT_MEMORY);
    assert_non_null(strstr(f.text, "judgement 123"));
    assert_int_equal(atomic_load(&judgements), 123);
    atomic_store(&fail_at, 0);
    s = search_of(3);
    s.log = st_path_join(&arena, folder, "failed");
    again = found_by(&s);
    same(&whole, &again);
    assert_int_equal(atomic_load(&judgements), all - 122);
    unlink(s.log);
}

/* However short the search, the best was judged once more than a newcomer. */
static void no_newcomer_wins_at_once(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed < 30; seed++) {
        struct st_search s = search_of(1);
        s.seed = seed;
        s.generations = 1 + (uint32_t)(seed % 3);
        assert_true(found_by(&s).best->judged > s.seeds);
    }
}

/* What is shown on the way has as many judgements as were made, and there is one before the first generation is over.
 */
static uint32_t shown_early;
static void look(void *user, uint32_t generation, uint64_t done, uint64_t all, double seconds,
                 const struct st_trial *best_so_far)
{
    (void)user;
    (void)seconds;
    assert_true(done <= all);
    if (!best_so_far)
        return;
    double sum = 0;
    shown_early += generation == 0;
    for (uint32_t k = 0; k < best_so_far->judged; k++)
        sum += best_so_far->score[k];
    assert_true(fabs(sum / best_so_far->judged - best_so_far->mean) < 1e-9);
}

static void the_best_so_far_is_shown(void **state)
{
    (void)state;
    struct st_search s = search_of(1);
    s.progress = look;
    shown_early = 0;
    found_by(&s);
    assert_in_range(shown_early, 30, 40); /* from the first trial with both judgements on */
}

static int begin(void **state)
{
    (void)state;
    st_arena_init(&arena);
    return setjmp(arena.full) || !mkdtemp(folder) ? -1 : 0;
}

static int end(void **state)
{
    (void)state;
    unlink(st_path_join(&arena, folder, "log"));
    rmdir(folder);
    st_arena_free(&arena);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_finds_the_best),
        cmocka_unit_test(threads_do_not_matter),
        cmocka_unit_test(it_begins_where_it_is_told),
        cmocka_unit_test(a_stopped_search_goes_on),
        cmocka_unit_test(a_judgement_that_fails_ends_it),
        cmocka_unit_test(no_newcomer_wins_at_once),
        cmocka_unit_test(the_best_so_far_is_shown),
    };
    return cmocka_run_group_tests_name("search", tests, begin, end);
}
