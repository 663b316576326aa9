/* A sequence of tasks: one machine that lives through all steps; the same bytes after kill -9 in any of them; what the
 * scores say of a matrix worked out by hand, what is measured beside, and what is kept of each step. */
#include "checkpoint.h"
#include "compile.h"
#include "encode.h"
#include "file.h"
#include "image_io.h"
#include "json.h"
#include "measure.h"
#include "noise.h"
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
    assert_true(st_view_classes(&arena, &v, two, 2, false, &f));
    uint64_t digest = st_view_digest(1, &v);
    st_view_unlabelled(&arena, &v);
    assert_int_equal(v.count, 2 * SHOWN / 4);
    assert_null(v.data->labels);
    assert_int_equal(v.classes, 0);
    assert_true(st_view_digest(1, &v) != digest);
    for (uint32_t i = 0; i < v.count; i++)
        assert_int_equal(pictures.labels[st_view_place(&v, i)] & 1, 1);
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
        at[i] = (struct st_score){r[i / 3][i % 3], r[i / 3][i % 3] / 2, NAN, .asked = isnan(r[i / 3][i % 3]) ? 0 : 20,
                                  .silent = isnan(r[i / 3][i % 3]) ? 0 : (uint32_t)i};
    struct st_scores s = {3, 4, 4, names, classes, learnt, task, at, .copies = 2};
    struct st_measured beside = st_measured_empty(&arena, &s, "spikes", 2);
    beside.of[0] = "L";
    beside.of[1] = "OUT";
    beside.row[1] = beside.row[2] = true;
    for (uint32_t i = 0; i < 24; i++)
        beside.sum[i] = i * i;
    s.measured = &beside;
    s.measured_count = 1;
    assert_null(st_measured_at(&s, &beside, 0, 0)); /* the row was not looked at */
    assert_null(st_measured_at(&s, &beside, 2, 2)); /* C was not asked about */
    assert_true(fabs(st_measured_mean(&s, &beside, 1, 2, 1) - 11 * 11 / 40.0) < 1e-12);
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
    assert_null(st_scores_read(&arena, st_json_get(j, "tasks"), 2, &back));
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

static struct st_image *compiled_from(const char *text_of_net, const struct st_setting *settings, size_t count)
{
    struct st_diags d;
    struct st_fault f;
    char *text;
    size_t length;
    st_diags_init(&d, &arena);
    assert_true(st_file_read(&arena, "netlists/fabrics/stoa-1-small.yaml", &text, &length, &f));
    const struct st_net *net = st_net_read(&arena, &d, "net", text_of_net, strlen(text_of_net), settings, count);
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

static struct st_image *compiled(const struct st_setting *settings, size_t count)
{
    return compiled_from(net_text, settings, count);
}

/* The network with another word in place of one. */
static struct st_image *compiled_with(const char *word, const char *other)
{
    const char *at = strstr(net_text, word);
    assert_non_null(at);
    return compiled_from(st_arena_printf(&arena, "%.*s%s%s", (int)(at - net_text), net_text, other, at + strlen(word)),
                         NULL, 0);
}

enum { TASKS = 4, STEPS = 7 };

static struct st_task tasks[TASKS];
static const uint32_t first[] = {0}, both[] = {0, 1}, all[] = {0, 1, 2, 3};

/* Learn, ask, learn permuted with another alpha, ask with other noise, too, learn noise, learn without labels, ask
 * about all. */
static struct st_train_plan plan_of(uint32_t threads)
{
    static struct st_step steps[STEPS];
    static struct st_dataset noise;
    const struct st_noise white = {.kind = ST_NOISE_WHITE, .level = ST_NOISE_LEVEL};
    st_noise_make(&arena, 9, &white, SIDE, SIDE, 0, SHOWN, &noise);
    static const struct st_setting other[] = {{"alpha", 0.02}, {"noise", 0.4}};
    tasks[0] = (struct st_task){"T1", st_view_of(&pictures), st_view_of(&pictures)};
    tasks[1] = tasks[2] = tasks[0];
    tasks[1].name = "T2";
    tasks[1].learn.permutation = tasks[1].ask.permutation = 77;
    tasks[2].name = "T3";
    tasks[2].learn.permutation = tasks[2].ask.permutation = 78;
    tasks[3] = (struct st_task){"noise", st_view_of(&noise), st_view_of(&noise)};
    steps[0] = (struct st_step){.does = ST_LEARN, .task = 0, .epochs = 2};
    steps[1] = (struct st_step){.does = ST_ASK, .tasks = first, .count = 1};
    steps[2] = (struct st_step){.does = ST_LEARN, .task = 1, .epochs = 2, .as = compiled(other, 1)};
    steps[3] = (struct st_step){.does = ST_ASK, .tasks = both, .count = 2, .as = compiled(other, 2)};
    steps[4] = (struct st_step){.does = ST_LEARN, .task = 3, .epochs = 1};
    steps[5] = (struct st_step){.does = ST_LEARN, .task = 2, .epochs = 1, .unlabelled = true};
    steps[6] = (struct st_step){.does = ST_ASK, .tasks = all, .count = TASKS};
    steps[1].measures = 1u << ST_MEASURE_spikes;
    steps[3].measures = 1u << ST_MEASURE_silent;
    steps[6].measures = 1u << ST_MEASURE_silent | 1u << ST_MEASURE_spikes;
    return (struct st_train_plan){
        .tasks = tasks, .task_count = TASKS, .steps = steps, .step_count = STEPS, .threads = threads, .digest = 1};
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
        assert_int_equal(image->copies[c].tick, 6 * SHOWN * 11);
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
    assert_int_equal(r.trained, 6 * SHOWN);
    assert_true(r.scores.at[0].together > 0.9); /* it learns */
    assert_true(isnan(r.scores.at[1].together));
    assert_true(r.scores.at[TASKS + 1].together > r.scores.at[2 * TASKS + 2].together); /* not without labels */
    /* noise has no right answer, and no part in what is right of the others */
    const struct st_score *last = &r.scores.at[2 * TASKS];
    assert_true(isnan(last[3].together) && isnan(last[3].one) && isnan(last[3].among));
    assert_float_equal(r.accuracy, (last[0].together + last[1].together + last[2].together) / 3, 1e-9);
    assert_non_null(r.copy_accuracy);
    assert_int_equal(r.tested, 4 * SHOWN);
}

/* Spikes of the readout are votes, which a result has of the last step that asked; the others are seen, too. */
static void what_is_measured_adds_up(void **state)
{
    (void)state;
    size_t length;
    struct st_result r;
    struct st_train_plan p = plan_of(2);
    life(&p, &r, &length);
    const struct st_scores *s = &r.scores;
    assert_int_equal(s->measured_count, 2);
    const struct st_measured *spikes = &s->measured[0], *quiet = &s->measured[1];
    assert_string_equal(spikes->name, "spikes");
    assert_string_equal(spikes->of[0], "L");
    assert_true(spikes->row[0] && !spikes->row[1] && spikes->row[2] && !quiet->row[0] && quiet->row[1] &&
                quiet->row[2]);
    for (uint32_t j = 0; j < TASKS; j++) {
        const uint64_t *sum = st_measured_at(s, spikes, 2, j);
        int64_t votes = 0;
        assert_non_null(sum);
        for (uint32_t i = 0; i < SHOWN * 4; i++)
            votes += r.votes[(size_t)j * SHOWN * 4 + i];
        assert_int_equal(sum[0], votes);
        assert_int_equal(sum[1], 0); /* no label, no teacher */
        assert_true(*st_measured_at(s, quiet, 2, j) >= (uint64_t)s->at[2 * TASKS + j].silent * COPIES);
        assert_true(*st_measured_at(s, quiet, 2, j) <= SHOWN * COPIES);
        assert_true(st_measured_mean(s, spikes, 2, j, 0) == (double)votes / (SHOWN * COPIES));
    }
    assert_true(st_measured_at(s, spikes, 2, 0)[0] > 0);
    assert_true(st_measured_at(s, spikes, 0, 0)[0] > 0);
    assert_null(st_measured_at(s, spikes, 1, 0));
    assert_null(st_measured_at(s, quiet, 1, 2));
}

/* A step that only asks may do so under values of its own, which stay until others come. */
static void it_is_asked_under_other_values(void **state)
{
    (void)state;
    struct st_train_plan p = plan_of(1);
    const struct st_image *deaf = compiled_with("threshold: 2,", "threshold: 2000,");
    struct st_step steps[] = {{.does = ST_LEARN, .task = 0, .epochs = 2},
                              {.does = ST_ASK, .tasks = first, .count = 1},
                              {.does = ST_ASK, .tasks = first, .count = 1, .as = deaf},
                              {.does = ST_ASK, .tasks = first, .count = 1},
                              {.does = ST_ASK, .tasks = first, .count = 1, .as = compiled(NULL, 0)}};
    struct st_result r = {.experiment = "test"};
    struct st_fault f;
    p.steps = steps;
    p.step_count = 5;
    if (!st_train(&arena, compiled(NULL, 0), &p, &r, &f))
        fail_msg("%s", f.text);
    const struct st_score *at = r.scores.at;
    assert_true(at[0].together > 0.9);
    assert_true(at[TASKS].silent == SHOWN && at[2 * TASKS].silent == SHOWN);
    assert_true(at[3 * TASKS].together == at[0].together && at[3 * TASKS].one == at[0].one);
}

/* The page of a step says how far each threshold has risen, and who rose most looks as its weights do, at the places
 * where the task's pixels are. */
static void the_album_shows_each_step(void **state)
{
    (void)state;
    struct st_train_plan p = plan_of(2);
    struct st_result r = {.experiment = "test"};
    struct st_image *image = compiled(NULL, 0);
    struct st_fault f;
    uint32_t seen[SIDE * SIDE];
    if (!st_train(&arena, image, &p, &r, &f))
        fail_msg("%s", f.text);
    const struct st_album *a = &r.album;
    static const uint32_t tasks_learnt[] = {0, 1, 3, 2}, learnt[] = {2, 4, 5, 6};
    assert_int_equal(a->count, 4);
    assert_string_equal(a->population, "L");
    assert_true(a->columns == 4 && a->microcolumns == 3 && a->a_column == 3 && a->width == SIDE && a->every == 1);
    for (uint32_t i = 0; i < 4; i++) {
        assert_int_equal(a->page[i].task, tasks_learnt[i]);
        assert_int_equal(a->page[i].learnt, learnt[i] * SHOWN);
        assert_true(a->page[i].lowest <= a->page[i].mean && a->page[i].mean <= a->page[i].highest);
    }
    const struct st_plastic *plastic = &image->cores[0].plastic;
    const struct st_learnt *own = &image->copies[0].learnt[0];
    assert_int_equal(plastic->count, 12);
    const struct st_album_page *last = &a->page[3];
    double sum = 0;
    for (uint32_t n = 0; n < 12; n++) {
        int32_t rise = own->s[(size_t)n * ST_SCALARS + (size_t)plastic->excess_scalar];
        assert_int_equal(last->rise[n], rise);
        for (uint32_t c = 0; c < COPIES; c++)
            sum += image->copies[c].learnt[0].s[(size_t)n * ST_SCALARS + (size_t)plastic->excess_scalar] / a->unit;
    }
    assert_true(fabs(last->mean - sum / (12 * COPIES)) < 1e-9);
    st_permutation(78, SIDE * SIDE, seen);
    for (uint32_t k = 0; k < 12; k++) {
        uint32_t n = k / 3 * 3 + last->who[k];
        if (k % 3) { /* in order of how much they rose in this step */
            uint32_t m = k / 3 * 3 + last->who[k - 1];
            assert_true(last->rise[m] - a->page[2].rise[m] >= last->rise[n] - a->page[2].rise[n]);
        }
        for (uint32_t i = 0; i < SIDE * SIDE; i++) { /* receptor i is axon i */
            int w = own->w[i * plastic->count + n], shade = last->picture[k * SIDE * SIDE + seen[i]];
            assert_int_equal(shade, 128 + w * 127 / (int)last->largest);
        }
    }
}

/* A life of many steps has an album of few pages, the last of them at its end. */
static void an_album_is_bounded(void **state)
{
    (void)state;
    enum { MANY = 101 };
    static struct st_step steps[MANY];
    struct st_train_plan p = plan_of(2);
    struct st_result r = {.experiment = "test"}, back;
    struct st_text t, again;
    struct st_fault f;
    for (int i = 0; i < MANY; i++)
        steps[i] = (struct st_step){.does = ST_LEARN, .task = (uint32_t)i % 2, .epochs = 1};
    p.steps = steps;
    p.step_count = MANY;
    assert_true(st_train(&arena, compiled(NULL, 0), &p, &r, &f));
    assert_int_equal(r.album.every, 5);
    assert_int_equal(r.album.count, 21);
    assert_int_equal(r.album.page[19].learnt, 100 * SHOWN);
    assert_int_equal(r.album.page[20].learnt, 101 * SHOWN);
    st_text_init(&t, &arena);
    st_result_json(&t, &r);
    if (!st_result_read(&arena, "r", t.at, t.length, &back, &f))
        fail_msg("%s", f.text);
    st_text_init(&again, &arena);
    st_result_json(&again, &back);
    assert_string_equal(t.at, again.at);
    static const char *const cuts[] = {"\"rise\": [", "\"pictures\": [\"", "\"who\": [", "\"columns\": "};
    for (size_t i = 0; i < sizeof cuts / sizeof *cuts; i++) {
        char *bad = st_arena_text(&arena, t.at, t.length), *at = strstr(bad, cuts[i]);
        assert_non_null(at);
        at[strlen(cuts[i])] = '-';
        assert_false(st_result_read(&arena, "r", bad, t.length, &back, &f));
    }
}

/* A point of the curve counts those pictures that have a label. */
static void the_curve_leaves_noise_out(void **state)
{
    (void)state;
    struct st_train_plan p = plan_of(1);
    struct st_step steps[] = {{.does = ST_LEARN, .task = 0, .epochs = 9},
                              {.does = ST_LEARN, .task = 3, .epochs = 25},
                              {.does = ST_LEARN, .task = 0, .epochs = 16}};
    struct st_result r = {.experiment = "test"};
    struct st_fault f;
    p.steps = steps;
    p.step_count = 3;
    assert_true(st_train(&arena, compiled(NULL, 0), &p, &r, &f));
    assert_int_equal(r.curve_count, 3); /* 540 with labels of the first 1000, none of the next */
    assert_true(r.curve[0] > 0.8 && r.curve[0] <= 1);
    assert_true(isnan(r.curve[1]));
    assert_true(r.curve[2] > 0.8 && r.curve[2] <= 1);
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

/* The rule itself may be another from a step on, if what it keeps is the same. */
static void another_rule_goes_on(void **state)
{
    (void)state;
    struct st_train_plan p = plan_of(2);
    struct st_image *as = compiled_with("rule: colanet,", "rule: colanet-spike,"), *same, *other;
    struct st_step steps[] = {{.does = ST_LEARN, .task = 0, .epochs = 2},
                              {.does = ST_LEARN, .task = 0, .epochs = 2, .as = as}};
    struct st_result r = {.experiment = "test"};
    struct st_fault f;
    size_t n, m;
    p.steps = steps;
    p.step_count = 2;
    if (!st_train(&arena, other = compiled(NULL, 0), &p, &r, &f))
        fail_msg("%s", f.text);
    assert_string_equal(other->cores[0].plastic.rule, "colanet-spike");
    steps[1].as = NULL;
    assert_true(st_train(&arena, same = compiled(NULL, 0), &p, &r, &f));
    /* up to the change they are one, and then they are not */
    const unsigned char *a = st_image_pack(&arena, same, &n), *b = st_image_pack(&arena, other, &m);
    assert_true(n != m || memcmp(a, b, n) != 0);
    p.step_count = 1;
    assert_true(st_train(&arena, other = compiled(NULL, 0), &p, &r, &f));
    struct st_image taken = *as; /* by hand: the copies go over and learn on */
    taken.copies = other->copies;
    p.steps = steps + 1;
    p.go_on = true;
    assert_true(st_train(&arena, &taken, &p, &r, &f));
    a = st_image_pack(&arena, &taken, &n);
    assert_int_equal(n, m);
    assert_memory_equal(a, b, n);
}

/* What a step's image may not change. */
static void another_shape_is_refused(void **state)
{
    (void)state;
    struct st_train_plan p = plan_of(1);
    struct st_step steps[STEPS];
    struct st_image as[5];
    struct st_core cores[2][8];
    static const char *const what[] = {"presentation", "scale", "made of", "registers", "registers"};
    memcpy(steps, p.steps, sizeof steps);
    p.steps = steps;
    as[0] = *compiled_with("silence: 5", "silence: 6");
    as[1] = *compiled_with("scale: 500", "scale: 250");
    as[2] = *compiled_with("microcolumns: 3", "microcolumns: 4");
    for (int k = 0; k < 2; k++) {
        as[3 + k] = *steps[2].as;
        assert_in_range(as[3 + k].core_count, 1, 8);
        memcpy(cores[k], as[3 + k].cores, as[3 + k].core_count * sizeof *cores[k]);
        as[3 + k].cores = cores[k];
    }
    cores[0][0].plastic.scalar_name[1] = "span";
    cores[1][0].plastic.pre_kind ^= 1;
    for (int k = 0; k < 5; k++) {
        struct st_result r = {.experiment = "test"};
        struct st_fault f;
        steps[2].as = &as[k];
        assert_false(st_train(&arena, compiled(NULL, 0), &p, &r, &f));
        assert_int_equal(f.id, ST_FAULT_CANNOT);
        if (!strstr(f.text, what[k]))
            fail_msg("'%s' should say '%s'", f.text, what[k]);
    }
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
    for (uint64_t at = 1; at < 13; at++) {
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
        cmocka_unit_test(views_choose),
        cmocka_unit_test(scores_by_hand),
        cmocka_unit_test(one_machine_lives_through_all),
        cmocka_unit_test(what_is_measured_adds_up),
        cmocka_unit_test(it_is_asked_under_other_values),
        cmocka_unit_test(the_album_shows_each_step),
        cmocka_unit_test(an_album_is_bounded),
        cmocka_unit_test(the_curve_leaves_noise_out),
        cmocka_unit_test(steps_are_runs_one_after_the_other),
        cmocka_unit_test(another_rule_goes_on),
        cmocka_unit_test(another_shape_is_refused),
        cmocka_unit_test(what_is_seen_together_is_the_same),
        cmocka_unit_test(killed_in_any_step_it_goes_on),
        cmocka_unit_test(another_plan_is_refused),
    };
    return cmocka_run_group_tests_name("sequence", tests, begin, end);
}
