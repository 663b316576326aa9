/* What the text of an experiment says of tasks, phases and made pictures: what it unfolds into, and what is refused. */
#include "experiment.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
/* after those it needs */
#include <cmocka.h>

static struct st_arena arena;

#define HEAD                                                                                                           \
    "experiment: x\nnetwork: a\nfabric: b\n"                                                                           \
    "data:\n"                                                                                                          \
    "  m: { folder: m, train: { images: a, labels: b }, test: { images: a, labels: b } }\n"                            \
    "  l: { folder: l, train: { images: a, labels: b }, test: { images: a, labels: b } }\n"                            \
    "  n: { noise: blurred, pictures: 40, level: 200, sigma: 2, shape: [5, 7] }\n"

static const struct st_experiment *experiment(const char *text, struct st_diags *d)
{
    st_diags_init(d, &arena);
    return st_experiment_read(&arena, d, "x.yaml", text, strlen(text));
}

/* L3 learns task 3, A0,1 asks about the first two; e: epochs, u: without labels, c: changes in force. */
static char *unfolded(const struct st_protocol *p)
{
    struct st_text t;
    st_text_init(&t, &arena);
    for (uint32_t i = 0; i < p->step_count; i++) {
        const struct st_told_step *s = &p->steps[i];
        st_text_put(&t, i ? " " : "");
        if (!s->ask) {
            st_textf(&t, "L%s", p->tasks[s->task].name);
            if (s->epochs > 1)
                st_textf(&t, "e%u", s->epochs);
            st_text_put(&t, s->unlabelled ? "u" : "");
        }
        for (uint32_t k = 0; k < s->count; k++)
            st_textf(&t, "%s%s", k ? "," : "A", p->tasks[s->tasks[k]].name);
        for (uint32_t k = 0; k < s->change_count; k++)
            st_textf(&t, "[%s=%g]", s->changes[k].name, s->changes[k].value);
        if (s->network)
            st_textf(&t, "<%s>", s->network);
    }
    return t.at;
}

static void phases_unfold(void **state)
{
    (void)state;
    static const struct {
        const char *text, *steps;
    } cases[] = {
        {"phases: [ { learn: m, ask: all } ]", "Lm Am,l,n"},
        {"phases: [ { learn: [m, l], ask: seen } ]", "Lm Am Ll Am,l"},
        {"tasks: [ { task: P, data: m, times: 3, permutation: each } ]\nphases: [ { learn: P, ask: seen } ]",
         "LP1 AP1 LP2 AP1,P2 LP3 AP1,P2,P3"},
        {"tasks: [ { task: P, data: m, times: 2 }, { task: Q, data: l } ]\n"
         "phases: [ { learn: [Q, P2], epochs: 2, label: false }, { ask: [P1, Q, P] } ]",
         "LQe2u LP2e2u AP1,Q,P2"},
        {"phases: [ { learn: m }, { learn: n, label: false }, { ask: [m, n] } ]", "Lm Lnu Am,n"},
        {"phases: [ { learn: m, rounds: 2, ask: m }, { ask: l } ]", "Lm Am Lm Am Al"},
        {"phases: [ { learn: m }, { learn: l, set: { a: 1, b: 2 } }, { learn: m, set: { a: 3 } } ]",
         "Lm Ll[a=1][b=2] Lm[b=2][a=3]"},
        {"phases: [ { learn: m }, { learn: l, network: y }, { learn: m, set: { a: 3 } } ]", "Lm Ll<y> Lm[a=3]<y>"},
        {"phases: [ { learn: m }, { ask: m, set: { a: 1 } }, { learn: m, ask: m } ]", "Lm Am[a=1] Lm[a=1] Am[a=1]"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct st_diags d;
        const struct st_experiment *e = experiment(st_arena_printf(&arena, HEAD "%s\n", cases[i].text), &d);
        if (!e)
            fail_msg("%s", st_diags_text(&d, false));
        assert_string_equal(unfolded(&e->protocol), cases[i].steps);
    }
}

static void wrong_protocols_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *text, *id;
    } cases[] = {
        {"phases: [ { learn: o } ]", "unknown-choice"},
        {"phases: [ { ask: seen } ]", "unknown-choice"},
        {"phases: [ { learn: seen } ]", "unknown-choice"},
        {"tasks: [ { task: seen, data: m } ]\nphases: [ { learn: all } ]", "bad-name"},
        {"phases: [ ]", "missing-key"},
        {"phases: [ { epochs: 2 } ]", "missing-key"},
        {"phases: [ { learn: m, epoch: 2 } ]", "unknown-key"},
        {"phases: [ { ask: m, measure: spike } ]", "unknown-choice"},
        {"phases: [ { learn: m, measure: spikes } ]", "key-not-for"},
        {"phases: [ { learn: m, set: { a: b } } ]", "not-a-number"},
        {"epochs: 2\nphases: [ { learn: m } ]", "key-not-for"},
        {"tasks: [ { task: T, data: m } ]", "missing-key"},
        {"tasks: [ { task: T } ]\nphases: [ { learn: T } ]", "missing-key"},
        {"tasks: [ { task: T, data: o } ]\nphases: [ { learn: T } ]", "unknown-choice"},
        {"tasks: [ { task: T, data: m }, { task: T, data: l } ]\nphases: [ { learn: T } ]", "duplicate-key"},
        {"tasks: [ { task: T, data: m, times: 2000 } ]\nphases: [ { learn: T } ]", "out-of-range"},
        {"tasks: [ { task: T, data: m, permutation: some } ]\nphases: [ { learn: T } ]", "not-a-number"},
        {"tasks: [ { task: T, data: m, classes: [1], renumber: true, label: false } ]\nphases: [ { ask: T } ]",
         "key-not-for"},
        {"tasks: [ { task: 1T, data: m } ]\nphases: [ { learn: T } ]", "bad-name"},
        {"phases: [ { learn: m, rounds: 100000 } ]", "out-of-range"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct st_diags d;
        bool found = false;
        assert_null(experiment(st_arena_printf(&arena, HEAD "%s\n", cases[i].text), &d));
        for (uint32_t k = 0; k < d.count; k++)
            found |= !strcmp(st_diag_name(d.list[k].id), cases[i].id);
        if (!found)
            fail_msg("'%s' wants [%s]:\n%s", cases[i].text, cases[i].id, st_diags_text(&d, false));
    }
}

/* --- noise ---------------------------------------------------------------------------------------------------- */

#define BARE "experiment: x\nnetwork: a\nfabric: b\nphases: [ { ask: all } ]\n"

static void noise_is_read(void **state)
{
    (void)state;
    static const struct {
        const char *text, *id; /* NULL: good */
    } cases[] = {
        {"data: { noise: white, pictures: 5, shape: [28, 28] }", NULL},
        {"data: { a: { noise: flat, pictures: 5, shape: [8, 8] }, b: { noise: white, pictures: 1 } }", NULL},
        {"data: { noise: pink, pictures: 5, shape: [28, 28] }", "unknown-choice"},
        {"data: { noise: white, shape: [28, 28] }", "missing-key"},
        {"data: { noise: white, pictures: 5 }", "missing-key"},
        {"data: { noise: white, pictures: 0, shape: [28, 28] }", "out-of-range"},
        {"data: { noise: white, pictures: 5, level: 256, shape: [28, 28] }", "out-of-range"},
        {"data: { noise: blurred, pictures: 5, sigma: 0.5, shape: [28, 28] }", "out-of-range"},
        {"data: { noise: white, pictures: 5, sigma: 2, shape: [28, 28] }", "key-not-for"},
        {"data: { noise: white, pictures: 5, shape: [28] }", "out-of-range"},
        {"data: { noise: white, pictures: 5, shape: [28, 28], folder: x }", "unknown-key"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct st_diags d;
        const struct st_experiment *e = experiment(st_arena_printf(&arena, BARE "%s\n", cases[i].text), &d);
        if (!e != !!cases[i].id || (!e && strcmp(st_diag_name(d.list[0].id), cases[i].id) != 0))
            fail_msg("'%s' wants %s:\n%s", cases[i].text, cases[i].id ? cases[i].id : "nothing",
                     st_diags_text(&d, false));
    }
    struct st_diags d;
    const struct st_data_source *n = &experiment(HEAD "phases: [ { ask: n } ]\n", &d)->sources[2];
    assert_int_equal(n->made, 40);
    assert_true(n->noise.kind == ST_NOISE_BLURRED && n->noise.level == 200 && n->noise.blur == 4);
    assert_true(n->height == 5 && n->width == 7);
}

static int begin(void **state)
{
    (void)state;
    st_arena_init(&arena);
    return setjmp(arena.full) ? -1 : 0;
}

static int end(void **state)
{
    (void)state;
    st_arena_free(&arena);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(phases_unfold),
        cmocka_unit_test(wrong_protocols_are_refused),
        cmocka_unit_test(noise_is_read),
    };
    return cmocka_run_group_tests_name("protocol", tests, begin, end);
}
