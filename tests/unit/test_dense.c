/* The dense network: its gradient against differences of its loss, the same bits for a seed, and that each way of not
 * forgetting forgets less than none on tasks where none forgets. */
#include "dense.h"
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
/* after those it needs */
#include <cmocka.h>

enum { SIDE = 6, PIXELS = SIDE * SIDE, SHOWN = 400, CLASSES = 4, HIDDEN = 16 };

static struct st_arena arena;
static uint8_t pixels[SHOWN * PIXELS], labels[SHOWN];
static struct st_dataset pictures;

/* A class is which quarter is bright, with noise. */
static void draw(void)
{
    for (uint32_t i = 0; i < SHOWN; i++) {
        labels[i] = (uint8_t)(i * 7 % CLASSES);
        for (uint32_t k = 0; k < PIXELS; k++) {
            bool bright = (k % SIDE >= SIDE / 2 ? 1u : 0u) + (k / SIDE >= SIDE / 2 ? 2u : 0u) == labels[i];
            uint32_t noise = (i * 7919 + k * 104729 + i * k) % 101;
            pixels[i * PIXELS + k] = (uint8_t)(bright ? 120 + noise : noise % 3 ? 0 : noise);
        }
    }
    pictures = (struct st_dataset){
        .count = SHOWN, .width = SIDE, .height = SIDE, .classes = CLASSES, .pixels = pixels, .labels = labels};
}

static void the_gradient_is_the_losss(void **state)
{
    (void)state;
    size_t count;
    const uint8_t *some[8];
    struct st_dense *d = st_dense_new(&arena, PIXELS, HIDDEN, CLASSES, 3);
    float *at = st_dense_parameters(d, &count);
    float *gradient = ST_NEW(&arena, float, count);
    assert_int_equal(count, PIXELS * HIDDEN + HIDDEN + HIDDEN * CLASSES + CLASSES);
    for (int i = 0; i < 8; i++)
        some[i] = pixels + i * PIXELS;
    st_dense_loss(d, some, labels, 8, gradient);
    double off = 0, all = 0;
    for (size_t i = 0; i < count; i++) {
        float was = at[i], step = 0.002f;
        at[i] = was + step;
        double above = st_dense_loss(d, some, labels, 8, NULL);
        at[i] = was - step;
        double below = st_dense_loss(d, some, labels, 8, NULL);
        at[i] = was;
        double error = (above - below) / (2 * (double)step) - (double)gradient[i];
        off += error * error;
        all += (double)gradient[i] * (double)gradient[i];
    }
    assert_true(all > 0.01);
    assert_true(off < 0.0004 * all); /* 2 % of its length: single precision, and corners of the ReLU */
}

static struct st_task tasks[2];
static const uint32_t both[] = {0, 1};

/* The second task calls the same pictures by other names: the worst that can come. */
static struct st_dense_plan plan_of(enum st_dense_method method)
{
    static struct st_step steps[4];
    tasks[0] = (struct st_task){"A", st_view_of(&pictures), st_view_of(&pictures)};
    tasks[1] = (struct st_task){"B", st_view_of(&pictures), st_view_of(&pictures)};
    for (uint32_t k = 0; k < CLASSES; k++)
        tasks[1].learn.label[k] = tasks[1].ask.label[k] = (uint8_t)((k + 1) % CLASSES);
    steps[0] = (struct st_step){.does = ST_LEARN, .task = 0, .epochs = 1};
    steps[1] = (struct st_step){.does = ST_ASK, .tasks = both, .count = 2};
    steps[2] = (struct st_step){.does = ST_LEARN, .task = 1, .epochs = 3};
    steps[3] = (struct st_step){.does = ST_ASK, .tasks = both, .count = 2};
    return (struct st_dense_plan){.tasks = tasks,
                                  .steps = steps,
                                  .task_count = 2,
                                  .step_count = 4,
                                  .classes = CLASSES,
                                  .hidden = HIDDEN,
                                  .batch = 8,
                                  .rate = 0.1f,
                                  .penalty = 1000,
                                  .kept = 40,
                                  .method = method,
                                  .seed = 5};
}

static struct st_summary lived(enum st_dense_method method, struct st_scores *out)
{
    struct st_dense_plan p = plan_of(method);
    struct st_fault f;
    if (!st_dense_live(&arena, &p, out, &f))
        fail_msg("%s", f.text);
    return st_scores_summary(out, ST_SCORE_TOGETHER);
}

static void what_holds_forgets_less(void **state)
{
    (void)state;
    struct st_scores s;
    struct st_summary plain = lived(ST_DENSE_PLAIN, &s), ewc = lived(ST_DENSE_EWC, &s),
                      replay = lived(ST_DENSE_REPLAY, &s);
    assert_true(plain.plasticity > 0.85);
    assert_true(plain.forgetting > 0.6);
    printf("%.3f %.3f %.3f\n", plain.forgetting, ewc.forgetting, replay.forgetting);
    assert_true(ewc.forgetting < plain.forgetting);
    assert_true(replay.forgetting < plain.forgetting);
    struct st_summary joint = lived(ST_DENSE_JOINT, &s);
    assert_true(joint.average > 0.4 && joint.average < 0.6); /* a picture with two names has one of them */
    assert_true(s.at[0].together == s.at[2].together);       /* learnt once, with the first step */
}

static void a_seed_is_its_bits(void **state)
{
    (void)state;
    struct st_scores x, y;
    for (int m = 0; m < ST_DENSE_METHODS; m++) {
        lived((enum st_dense_method)m, &x);
        lived((enum st_dense_method)m, &y);
        assert_int_equal(x.rows, 2);
        for (uint32_t i = 0; i < 4; i++)
            assert_true(x.at[i].together == y.at[i].together && x.at[i].among == y.at[i].among);
    }
}

static int begin(void **state)
{
    (void)state;
    st_arena_init(&arena);
    draw();
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
        cmocka_unit_test(the_gradient_is_the_losss),
        cmocka_unit_test(what_holds_forgets_less),
        cmocka_unit_test(a_seed_is_its_bits),
    };
    return cmocka_run_group_tests_name("dense", tests, begin, end);
}
