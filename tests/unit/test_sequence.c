/* A sequence of tasks: what a protocol's text unfolds into; one machine that lives through all steps; the same bytes
 * after kill -9 in any of them; what the scores say of a matrix worked out by hand. */
#include "checkpoint.h"
#include "compile.h"
#include "encode.h"
#include "experiment.h"
#include "file.h"
#include "image_io.h"
#include "json.h"
#include "stoa/permutation.h"
#include "train.h"
#include <math.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

enum { SIDE = 8, SHOWN = 60, COPIES = 2 };

static struct st_arena arena;
static struct st_dataset pictures;
static char folder[] = "build/test-sequence-XXXXXX";

/* --- protocols ------------------------------------------------------------------------------------------------ */

#define HEAD                                                                                                           \
    "experiment: x\nnetwork: a\nfabric: b\n"                                                                           \
    "data:\n"                                                                                                          \
    "  m: { folder: m, train: { images: a, labels: b }, test: { images: a, labels: b } }\n"                            \
    "  l: { folder: l, train: { images: a, labels: b }, test: { images: a, labels: b } }\n"

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
            for (uint32_t k = 0; k < s->change_count; k++)
                st_textf(&t, "[%s=%g]", s->changes[k].name, s->changes[k].value);
        }
        for (uint32_t k = 0; k < s->count; k++)
            st_textf(&t, "%s%s", k ? "," : "A", p->tasks[s->tasks[k]].name);
    }
    return t.at;
}

static void phases_unfold(void **state)
{
    (void)state;
    static const struct {
        const char *text, *steps;
    } cases[] = {
        {"phases: [ { learn: m, ask: all } ]", "Lm Am,l"},
        {"phases: [ { learn: all, ask: seen } ]", "Lm Am Ll Am,l"},
        {"tasks: [ { task: P, data: m, times: 3, permutation: each } ]\nphases: [ { learn: P, ask: seen } ]",
         "LP1 AP1 LP2 AP1,P2 LP3 AP1,P2,P3"},
        {"tasks: [ { task: P, data: m, times: 2 }, { task: Q, data: l } ]\n"
         "phases: [ { learn: [Q, P2], epochs: 2, label: false }, { ask: [P1, Q, P] } ]",
         "LQe2u LP2e2u AP1,Q,P2"},
        {"phases: [ { learn: m, rounds: 2, ask: m }, { ask: l } ]", "Lm Am Lm Am Al"},
        {"phases: [ { learn: m }, { learn: l, set: { a: 1, b: 2 } }, { learn: m, set: { a: 3 } } ]",
         "Lm Ll[a=1][b=2] Lm[b=2][a=3]"},
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
        {"phases: [ { learn: n } ]", "unknown-choice"},
        {"phases: [ { ask: seen } ]", "unknown-choice"},
        {"phases: [ ]", "missing-key"},
        {"phases: [ { epochs: 2 } ]", "missing-key"},
        {"phases: [ { learn: m, epoch: 2 } ]", "unknown-key"},
        {"phases: [ { learn: m, set: { a: b } } ]", "not-a-number"},
        {"epochs: 2\nphases: [ { learn: m } ]", "key-not-for"},
        {"tasks: [ { task: T, data: m } ]", "missing-key"},
        {"tasks: [ { task: T } ]\nphases: [ { learn: T } ]", "missing-key"},
        {"tasks: [ { task: T, data: n } ]\nphases: [ { learn: T } ]", "unknown-choice"},
        {"tasks: [ { task: T, data: m }, { task: T, data: l } ]\nphases: [ { learn: T } ]", "duplicate-key"},
        {"tasks: [ { task: T, data: m, times: 2000 } ]\nphases: [ { learn: T } ]", "out-of-range"},
        {"tasks: [ { task: T, data: m, permutation: some } ]\nphases: [ { learn: T } ]", "not-a-number"},
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

/* --- views ---------------------------------------------------------------------------------------------------- */

static void views_choose(void **state)
{
    (void)state;
    struct st_fault f;
    struct st_view v = st_view_of(&pictures);
    static const uint32_t two[] = {3, 1}, twice[] = {1, 1}, none[] = {200};
    assert_int_equal(v.count, SHOWN);
    assert_true(st_view_classes(&arena, &v, two, 2, false, &f));
    assert_int_equal(v.count, 2 * SHOWN / 4);
    for (uint32_t i = 0; i < v.count; i++) {
        assert_true(st_view_label(&v, i) == 1 || st_view_label(&v, i) == 3);
        assert_ptr_equal(st_view_picture(&v, i), pictures.pixels + (size_t)st_view_place(&v, i) * SIDE * SIDE);
    }
    assert_int_equal(v.classes, 4);
    assert_true(v.among[1] && v.among[3] && !v.among[0] && !v.among[2]);
    v = st_view_of(&pictures);
    assert_true(st_view_classes(&arena, &v, two, 2, true, &f));
    assert_int_equal(v.classes, 2);
    for (uint32_t i = 0; i < v.count; i++)
        assert_int_equal(st_view_label(&v, i), pictures.labels[st_view_place(&v, i)] == 3 ? 0 : 1);
    v = st_view_of(&pictures);
    assert_false(st_view_classes(&arena, &v, twice, 2, false, &f));
    assert_false(st_view_classes(&arena, &v, none, 1, false, &f));
    assert_int_equal(f.id, ST_FAULT_DATA_CLASS);
}

/* --- scores --------------------------------------------------------------------------------------------------- */

/* Three tasks, a row before anything was learnt; what the summary says was worked out by hand. */
static void scores_by_hand(void **state)
{
    (void)state;
    static const double r[4][3] = {{0.10, 0.12, 0.08}, {0.90, 0.20, 0.10}, {0.92, 0.80, NAN}, {0.70, 0.75, 0.85}};
    static const char *names[] = {"A", "B", "C"};
    static uint32_t classes[] = {10, 10, 4}, task[] = {ST_NO_TASK, 0, 1, 2};
    static uint64_t learnt[] = {0, 100, 200, 300};
    struct st_score at[12];
    for (int i = 0; i < 12; i++)
        at[i] = (struct st_score){r[i / 3][i % 3], r[i / 3][i % 3] / 2, NAN, (uint32_t)i};
    struct st_scores s = {3, 4, 4, names, classes, learnt, task, at};
    struct st_summary m = st_scores_summary(&s, ST_SCORE_TOGETHER);
    assert_float_equal(m.average, (0.70 + 0.75 + 0.85) / 3, 1e-12);
    assert_float_equal(m.forgetting, ((0.92 - 0.70) + (0.80 - 0.75)) / 2, 1e-12);
    assert_float_equal(m.forgetting_diagonal, ((0.90 - 0.70) + (0.80 - 0.75)) / 2, 1e-12);
    assert_float_equal(m.plasticity, (0.90 + 0.80 + 0.85) / 3, 1e-12);
    assert_float_equal(m.transfer, ((0.10 - 0.1) + (0.20 - 0.1)) / 2, 1e-12); /* C was not asked about before */
    assert_float_equal(st_scores_summary(&s, ST_SCORE_ONE).average, m.average / 2, 1e-12);
    assert_true(isnan(st_scores_summary(&s, ST_SCORE_AMONG).average));

    struct st_text t, again;
    struct st_fault f;
    struct st_scores back;
    st_text_init(&t, &arena);
    st_text_put(&t, "{");
    st_scores_json(&t, &s);
    st_text_put(&t, "}");
    const struct st_json *j = st_json_parse(&arena, "scores", t.at, t.length, &f);
    assert_non_null(j);
    assert_null(st_scores_read(&arena, st_json_get(j, "tasks"), &back));
    st_text_init(&again, &arena);
    st_text_put(&again, "{");
    st_scores_json(&again, &back);
    st_text_put(&again, "}");
    assert_string_equal(t.at, again.at);
}

/* --- a life --------------------------------------------------------------------------------------------------- */

/* Four classes by which quarter of the picture is bright, with noise by place. */
static void draw_pictures(void)
{
    pictures = (struct st_dataset){.count = SHOWN, .width = SIDE, .height = SIDE, .classes = 4, .digest = 5};
    pictures.pixels = st_arena_get(&arena, SHOWN, SIDE * SIDE);
    pictures.labels = ST_NEW(&arena, uint8_t, SHOWN);
    for (uint32_t i = 0; i < SHOWN; i++) {
        pictures.labels[i] = (uint8_t)(i % 4);
        for (uint32_t k = 0; k < SIDE * SIDE; k++) {
            bool bright = (k % SIDE >= SIDE / 2 ? 1u : 0u) + (k / SIDE >= SIDE / 2 ? 2u : 0u) == i % 4;
            uint32_t noise = (i * 7919 + k * 104729) % 97;
            pictures.pixels[i * SIDE * SIDE + k] = (uint8_t)(bright ? 150 + noise : noise / 4);
        }
    }
}

static const char net_text[] =
    "network: small\n"
    "parameters: { alpha: 0.05, noise: 0.3 }\n"
    "presentation: { picture: 6, silence: 5, reset: true }\n"
    "receptors: { R: { shape: [8, 8], encoder: bernoulli }, Label: { size: 4, encoder: label, at: [6] } }\n"
    "populations:\n"
    "  L: { columns: 4, microcolumns: 3, neuron: { model: lif, threshold: 2, leak: 0.25, noise: $noise },\n"
    "       compete: { block: 2 }, scale: 500 }\n"
    "  BIASGATE: { columns: 4, teacher: true, neuron: { model: lif, threshold: 1, leak: 1 } }\n"
    "projections:\n"
    "  - { from: R, to: L, policy: all-to-all, plasticity: { rule: colanet, w_min: -0.3, w_max: 0.2, hebbian: -0.05,\n"
    "      alpha: $alpha, renormalize_at: 1, map_shift: 5 } }\n"
    "  - { from: Label, to: BIASGATE, policy: aligned, weight: 1 }\n"
    "  - { from: BIASGATE, to: L, policy: aligned, weight: 8, forcing: true }\n"
    "  - { from: BIASGATE, to: L, policy: aligned, kind: reward, weight: 0.2, delay: 2 }\n"
    "  - { from: BIASGATE, to: L, policy: between-columns, kind: reward, weight: 0, delay: 2 }\n"
    "readout: { population: L, decide: count }\n";

static struct st_image *compiled(const struct st_setting *settings, size_t count)
{
    struct st_diags d;
    struct st_fault f;
    char *text;
    size_t length;
    st_diags_init(&d, &arena);
    assert_true(st_file_read(&arena, "netlists/fabrics/stoa-1-small.yaml", &text, &length, &f));
    const struct st_net *net = st_net_read(&arena, &d, "net", net_text, sizeof net_text - 1, settings, count);
    const struct st_fabric *fabric = st_fabric_read(&arena, &d, "fabric", text, length);
    struct st_compile_options how = {.seed = 3, .copies = COPIES};
    const struct st_image *image = net && fabric ? st_compile(&arena, &d, net, fabric, &how, NULL) : NULL;
    if (!image)
        fail_msg("%s", st_diags_text(&d, false));
    const unsigned char *bytes = st_image_pack(&arena, image, &length);
    struct st_image *own = st_image_unpack(&arena, bytes, length, &f);
    assert_non_null(own);
    return own;
}

static struct st_task tasks[3];
static const uint32_t first[] = {0}, both[] = {0, 1}, all[] = {0, 1, 2};

/* Learn, ask, learn permuted with another alpha, ask, learn without labels, ask about all. */
static struct st_train_plan plan_of(uint32_t threads)
{
    static struct st_step steps[6];
    static const struct st_setting other = {"alpha", 0.02};
    tasks[0] = (struct st_task){"T1", st_view_of(&pictures), st_view_of(&pictures)};
    tasks[1] = tasks[2] = tasks[0];
    tasks[1].name = "T2";
    tasks[1].learn.permutation = tasks[1].ask.permutation = 77;
    tasks[2].name = "T3";
    tasks[2].learn.permutation = tasks[2].ask.permutation = 78;
    steps[0] = (struct st_step){.does = ST_LEARN, .task = 0, .epochs = 2};
    steps[1] = (struct st_step){.does = ST_ASK, .tasks = first, .count = 1};
    steps[2] = (struct st_step){.does = ST_LEARN, .task = 1, .epochs = 2, .as = compiled(&other, 1)};
    steps[3] = (struct st_step){.does = ST_ASK, .tasks = both, .count = 2};
    steps[4] = (struct st_step){.does = ST_LEARN, .task = 2, .epochs = 1, .unlabelled = true};
    steps[5] = (struct st_step){.does = ST_ASK, .tasks = all, .count = 3};
    return (struct st_train_plan){
        .tasks = tasks, .task_count = 3, .steps = steps, .step_count = 6, .threads = threads, .digest = 1};
}

static char *text_of(const struct st_image *image, struct st_result *r, size_t *length)
{
    struct st_text t;
    size_t bytes;
    r->train_seconds = r->test_seconds = 0;
    r->threads = 0;
    r->variant = "";
    st_text_init(&t, &arena);
    st_result_json(&t, r);
    const unsigned char *packed = st_image_pack(&arena, image, &bytes);
    st_text_add(&t, (const char *)packed, bytes);
    *length = t.length;
    return t.at;
}

static char *life(const struct st_train_plan *p, struct st_result *r, size_t *length)
{
    struct st_image *image = compiled(NULL, 0);
    struct st_fault f;
    *r = (struct st_result){.experiment = "test", .network = "n", .fabric = "f", .dataset = "d"};
    if (!st_train(&arena, image, p, r, &f))
        fail_msg("%s", f.text);
    for (uint32_t c = 0; c < image->copy_count; c++)
        assert_int_equal(image->copies[c].tick, 5 * SHOWN * 11);
    assert_int_equal(image->receptors[0].permutation, 78);
    return text_of(image, r, length);
}

static void one_machine_lives_through_all(void **state)
{
    (void)state;
    size_t one, two;
    struct st_result r, again;
    struct st_train_plan p = plan_of(1), q = plan_of(3);
    char *a = life(&p, &r, &one), *b = life(&q, &again, &two);
    assert_int_equal(one, two);
    assert_memory_equal(a, b, one);
    assert_int_equal(r.scores.rows, 3);
    assert_int_equal(r.trained, 5 * SHOWN);
    assert_true(r.scores.at[0].together > 0.9); /* it learns */
    assert_true(isnan(r.scores.at[1].together));
    assert_true(r.scores.at[3 + 1].together > r.scores.at[6 + 2].together); /* not without labels */
}

/* Steps are one run after the other: the second begins with what the first has learnt and saved. */
static void steps_are_runs_one_after_the_other(void **state)
{
    (void)state;
    struct st_train_plan whole = plan_of(1), part = whole;
    struct st_image *x = compiled(NULL, 0), *y = compiled(NULL, 0);
    struct st_result r = {.experiment = "test"}, s = r;
    struct st_fault f;
    whole.step_count = 3;
    ((struct st_step *)(uintptr_t)whole.steps)[2].as = NULL;
    assert_true(st_train(&arena, x, &whole, &r, &f));
    part.step_count = 1;
    assert_true(st_train(&arena, y, &part, &s, &f));
    part.steps = whole.steps + 2;
    part.go_on = true;
    assert_true(st_train(&arena, y, &part, &s, &f));
    size_t n, m;
    const unsigned char *a = st_image_pack(&arena, x, &n), *b = st_image_pack(&arena, y, &m);
    assert_int_equal(n, m);
    assert_memory_equal(a, b, n);
}

/* What a step's image may not change: how much there is to learn. */
static void another_shape_is_refused(void **state)
{
    (void)state;
    struct st_train_plan p = plan_of(1);
    struct st_image *image = compiled(NULL, 0);
    struct st_image as = *p.steps[2].as;
    struct st_step steps[6];
    struct st_result r = {.experiment = "test"};
    struct st_fault f;
    memcpy(steps, p.steps, sizeof steps);
    as.period_ticks++;
    steps[2].as = &as;
    p.steps = steps;
    assert_false(st_train(&arena, image, &p, &r, &f));
    assert_int_equal(f.id, ST_FAULT_CANNOT);
}

/* Frames of pictures whose looks are shared are those of an encoder that looks for itself: when it looks first, when it
 * finds what another saw, and for a picture that is not of the data set. */
static void share(const char *text, uint64_t permutation, uint32_t least, uint32_t most)
{
    struct st_diags d;
    struct st_fault f;
    char *fabric_text;
    size_t length;
    st_diags_init(&d, &arena);
    assert_true(st_file_read(&arena, "netlists/fabrics/stoa-1-small.yaml", &fabric_text, &length, &f));
    const struct st_net *net = st_net_read(&arena, &d, "net", text, strlen(text), NULL, 0);
    const struct st_fabric *fabric = st_fabric_read(&arena, &d, "fabric", fabric_text, length);
    struct st_compile_options how = {.seed = 3, .copies = 1};
    const struct st_image *image = net && fabric ? st_compile(&arena, &d, net, fabric, &how, NULL) : NULL;
    if (!image)
        fail_msg("%s", st_diags_text(&d, false));
    struct st_encoders *own = st_encoder_init(st_arena_get(&arena, st_encoder_size(image), 1), image, 0, SIDE, SIDE,
                                              (struct st_run_options){0}),
                       *sharing = st_encoder_init(st_arena_get(&arena, st_encoder_size(image), 1), image, 0, SIDE, SIDE,
                                                  (struct st_run_options){0});
    struct st_seen *seen = st_seen_open(image, permutation, pictures.pixels, SHOWN, SIDE * SIDE);
    assert_non_null(seen);
    st_encoder_share(sharing, seen);
    st_encoder_wire(own, permutation);
    st_encoder_wire(sharing, permutation);
    uint8_t other[SIDE * SIDE];
    memcpy(other, pictures.pixels, sizeof other);
    uint32_t spikes = 0, words = (image->receptors[0].size + 63) / 64 * 5;
    for (uint32_t i = 0; i < 3 * SHOWN; i++) {
        const uint8_t *p = i < 2 * SHOWN ? pictures.pixels + i % SHOWN * SIDE * SIDE : other;
        const struct st_frame *x = st_encode(own, p, 0, 5 * i, false);
        uint64_t bits[5 * 5];
        assert_non_null(x->bits[0]);
        memcpy(bits, x->bits[0], words * sizeof *bits);
        const struct st_frame *y = st_encode(sharing, p, 0, 5 * i, false);
        assert_memory_equal(bits, y->bits[0], words * sizeof *bits);
        for (uint32_t k = 0; k < words; k++)
            spikes += (uint32_t)__builtin_popcountll(bits[k]);
    }
    assert_in_range(spikes, 3 * SHOWN * 5 * least, 3 * SHOWN * 5 * most);
    st_seen_close(seen);
}

static void what_is_seen_together_is_the_same(void **state)
{
    (void)state;
    share("network: coded\npresentation: { picture: 5, silence: 0 }\n"
          "receptors: { R: { size: 300, encoder: bernoulli, code: { picture: [8, 8], taps: 3, against: 2, window: 5, "
          "speak: 40 } } }\n"
          "populations: { Out: { columns: 4, neuron: { model: lif } } }\n"
          "projections: [ { from: R, to: Out, policy: all-to-all, weight: 1 } ]\nreadout: { population: Out }\n",
          5, 10, 40);
    static const char plain[] =
        "network: plain\npresentation: { picture: 5, silence: 0 }\n"
        "receptors: { R: { shape: [7, 7], encoder: bernoulli } }\n"
        "populations: { Out: { columns: 4, neuron: { model: lif } } }\n"
        "projections: [ { from: R, to: Out, policy: all-to-all, weight: 1 } ]\nreadout: { population: Out }\n";
    share(plain, 5, 1, 48);
}

static uint64_t die_at;
static void die(void *user, const char *what, uint64_t done, uint64_t of, double seconds)
{
    (void)user;
    (void)what;
    (void)of;
    (void)seconds;
    if (done >= die_at)
        raise(SIGKILL);
}

/* Killed in each step in turn, it goes on to the same bytes. */
static void killed_in_any_step_it_goes_on(void **state)
{
    (void)state;
    size_t whole, length;
    struct st_result r;
    struct st_train_plan p = plan_of(2);
    char *expected = life(&p, &r, &whole);
    p.checkpoint = st_path_join(&arena, folder, "checkpoint");
    p.checkpoint_seconds = 0;
    p.resume = true;
    for (uint64_t at = 1; at < 11; at++) {
        pid_t child = fork();
        assert_true(child >= 0);
        if (child == 0) {
            p.progress = die;
            die_at = at * SHOWN * COPIES;
            life(&p, &r, &length);
            _exit(0);
        }
        int status;
        waitpid(child, &status, 0);
        assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
    }
    assert_int_equal(access(p.checkpoint, F_OK), 0);
    char *resumed = life(&p, &r, &length);
    assert_int_equal(whole, length);
    assert_memory_equal(expected, resumed, whole);
}

/* A checkpoint whose rows are not those of this plan is refused. */
static void another_plan_is_refused(void **state)
{
    (void)state;
    size_t length;
    struct st_result r = {.experiment = "test"};
    struct st_fault f;
    struct st_train_plan p = plan_of(1);
    p.checkpoint = st_path_join(&arena, folder, "checkpoint"); /* of the test before */
    p.resume = true;
    assert_int_equal(access(p.checkpoint, F_OK), 0);
    tasks[0].name = "T9";
    assert_false(st_train(&arena, compiled(NULL, 0), &p, &r, &f));
    assert_int_equal(f.id, ST_FAULT_CHECKPOINT);
    p = plan_of(1);
    life(&p, &r, &length);
}

static int begin(void **state)
{
    (void)state;
    st_arena_init(&arena);
    if (setjmp(arena.full) || !mkdtemp(folder))
        return -1;
    draw_pictures();
    return 0;
}

static int end(void **state)
{
    (void)state;
    st_file_clear(folder, NULL);
    unlink(st_path_join(&arena, folder, "checkpoint"));
    rmdir(folder);
    st_arena_free(&arena);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(phases_unfold),
        cmocka_unit_test(wrong_protocols_are_refused),
        cmocka_unit_test(views_choose),
        cmocka_unit_test(scores_by_hand),
        cmocka_unit_test(one_machine_lives_through_all),
        cmocka_unit_test(steps_are_runs_one_after_the_other),
        cmocka_unit_test(another_shape_is_refused),
        cmocka_unit_test(what_is_seen_together_is_the_same),
        cmocka_unit_test(killed_in_any_step_it_goes_on),
        cmocka_unit_test(another_plan_is_refused),
    };
    return cmocka_run_group_tests_name("sequence", tests, begin, end);
}
