/* Threads that help: each piece of work is done once, by whoever; what is written in one is read after it, and in the
 * next. */
#include "arena.h"
#include "team.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { JOBS = 50, PIECES = 200, THREADS = 4 };

struct pieces {
    atomic_uint next;
    atomic_uint came[THREADS];
    uint32_t done[JOBS]; /* a job's own, and not an atom */
};

static void work(void *user, uint32_t number)
{
    struct pieces *p = user;
    atomic_fetch_add(&p->came[number], 1);
    for (uint32_t job; (job = atomic_fetch_add(&p->next, 1)) < JOBS;)
        p->done[job]++;
}

static void run(struct st_team *t, struct pieces *p)
{
    for (uint32_t k = 1; k <= PIECES; k++) {
        atomic_store(&p->next, 0);
        st_team_do(t, work, p);
        for (uint32_t job = 0; job < JOBS; job++)
            assert_int_equal(p->done[job], k);
    }
    assert_int_equal(p->came[0], PIECES);
}

static void each_piece_is_done_once(void **state)
{
    (void)state;
    for (uint32_t threads = 2; threads <= THREADS; threads++) {
        struct pieces p = {.next = 0};
        struct st_team *t = st_team_open(threads);
        assert_non_null(t);
        assert_int_equal(st_team_size(t), threads);
        run(t, &p);
        st_team_close(t);
    }
}

static void all_are_waited_for(void **state)
{
    (void)state;
    struct pieces p = {.next = 0};
    struct st_team *t = st_team_open(3);
    assert_non_null(t);
    st_team_gather(t);
    run(t, &p);
    st_team_close(t);
    for (uint32_t k = 0; k < 3; k++)
        assert_int_equal(p.came[k], PIECES);
    assert_int_equal(p.came[3], 0);
}

static int no_memory(size_t bytes) { return bytes == 0; }

static void one_thread_is_no_team(void **state)
{
    (void)state;
    assert_null(st_team_open(0));
    assert_null(st_team_open(1));
    st_alloc_hook = no_memory;
    struct st_team *t = st_team_open(2);
    st_alloc_hook = NULL;
    assert_null(t);
    st_team_close(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_piece_is_done_once),
        cmocka_unit_test(all_are_waited_for),
        cmocka_unit_test(one_thread_is_no_team),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
