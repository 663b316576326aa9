/* test_migrate.c - silent microcolumns go over to columns that need them: who goes, what goes with them, and that a run
 * which is stopped at any moment goes on to the same bytes. */
#include "carry.h"
#include "checkpoint.h"
#include "compile.h"
#include "file.h"
#include "image_io.h"
#include "json.h"
#include "migrate.h"
#include "net_migrate.h"
#include "random_net.h"
#include "stoa/permutation.h"
#include "train.h"
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
/* after those it needs */
#include <cmocka.h>

enum { SIDE = 8, SHOWN = 40, COPIES = 3, COLUMNS = 4, MICRO = 4, NEURONS = COLUMNS * MICRO };

static struct st_arena arena, rooms[2];
static struct st_dataset pictures;
static char folder[] = "build/test-migrate-XXXXXX";

/* --- moves ------------------------------------------------------------------------------------------------------ */

/* By the definition: taken out of its column, and put behind the last of the other. */
static void move_by_hand(uint32_t *words, uint32_t *starts, uint32_t who, uint32_t to)
{
    uint32_t out[NEURONS], sizes[COLUMNS] = {0}, n = 0;
    for (uint32_t c = 0; c < COLUMNS; c++) {
        for (uint32_t i = starts[c]; i < starts[c + 1]; i++)
            if (i != who) {
                out[n++] = words[i];
                sizes[c]++;
            }
        if (c == to) {
            out[n++] = words[who];
            sizes[c]++;
        }
    }
    memcpy(words, out, sizeof out);
    for (uint32_t c = 0; c < COLUMNS; c++)
        starts[c + 1] = starts[c] + sizes[c];
}

static void moves_by_hand(void **state)
{
    (void)state;
    struct st_random r = {.seed = 5};
    struct st_moves m = st_moves_open(&arena, "L", 1, 200), again;
    uint32_t words[NEURONS], right[NEURONS], starts[COLUMNS + 1], begun[COLUMNS + 1], should[COLUMNS + 1];
    for (uint32_t n = 0; n < NEURONS; n++)
        words[n] = right[n] = n + 100;
    for (uint32_t c = 0; c <= COLUMNS; c++)
        begun[c] = starts[c] = should[c] = c * MICRO;
    while (m.count < m.room) {
        struct st_move *k = &m.move[m.count];
        k->from = st_random_below(&r, COLUMNS);
        k->to = st_random_below(&r, COLUMNS);
        if (k->from == k->to || starts[k->from + 1] - starts[k->from] < 2)
            continue;
        k->at = m.count / 3;
        k->who[0] = starts[k->from] + st_random_below(&r, starts[k->from + 1] - starts[k->from]);
        m.count++;
        move_by_hand(right, should, k->who[0], k->to);
        st_move_words(k, 0, starts, words);
        st_move_starts(k, starts);
        assert_memory_equal(words, right, sizeof words);
        assert_memory_equal(starts, should, sizeof starts);
    }
    struct st_text t, u;
    struct st_fault f;
    st_text_init(&t, &arena);
    st_text_init(&u, &arena);
    st_text_put(&t, "{\n");
    st_moves_json(&t, &m);
    st_text_put(&t, "}");
    const struct st_json *j = st_json_parse(&arena, "t", t.at, t.length, &f);
    assert_non_null(j);
    assert_null(st_moves_read(&arena, st_json_get(j, "migration"), 1, &again));
    st_text_put(&u, "{\n");
    st_moves_json(&u, &again);
    st_text_put(&u, "}");
    assert_string_equal(t.at, u.at);
    assert_non_null(st_moves_read(&arena, st_json_get(j, "migration"), 2, &again));
    uint32_t from[COLUMNS + 1];
    memcpy(from, begun, sizeof begun);
    assert_true(st_moves_sound(&m, COLUMNS, from));
    assert_memory_equal(from, starts, sizeof from);
    /* lists that no run can have made */
    struct st_move saved = m.move[50];
    uint32_t who = saved.who[0];
    for (int k = 0; k < 5; k++) {
        m.move[50] = saved;
        m.move[50].who[0] = who;
        if (k == 0)
            m.move[50].from = COLUMNS;
        else if (k == 1)
            m.move[50].to = COLUMNS;
        else if (k == 2)
            m.move[50].to = m.move[50].from;
        else if (k == 3)
            m.move[50].who[0] = NEURONS;
        else
            m.move[50].at = 0;
        memcpy(from, begun, sizeof begun);
        assert_false(st_moves_sound(&m, COLUMNS, from));
    }
}

/* --- a network ---------------------------------------------------------------------------------------------------- */

/* Each class lights another quarter of the picture, with some noise. */
static void draw_pictures(void)
{
    pictures = (struct st_dataset){.count = SHOWN, .width = SIDE, .height = SIDE, .classes = 4};
    pictures.pixels = st_arena_get(&arena, SHOWN, SIDE * SIDE);
    pictures.labels = st_arena_get(&arena, SHOWN, 1);
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
    "parameters: { alpha: 0.3, noise: 0.5 }\n"
    "presentation: { picture: 6, silence: 5, reset: true }\n"
    "receptors:\n"
    "  R: { shape: [8, 8], encoder: bernoulli }\n"
    "  A: { shape: [8, 8], encoder: accumulator, carry: true }\n"
    "  Label: { size: 4, encoder: label, at: [6] }\n"
    "populations:\n"
    "  L: { columns: 4, microcolumns: 4, neuron: { model: lif, threshold: 2, leak: 0.25, noise: $noise },\n"
    "       compete: { block: 2 }, scale: 500, adapt: { step: 0.01, decay: 0.001 } }\n"
    "  OUT: { columns: 4, neuron: { model: lif, threshold: 1, leak: 1 } }\n"
    "  BIASGATE: { columns: 4, teacher: true, neuron: { model: lif, threshold: 1, leak: 1 } }\n"
    "projections:\n"
    "  - { from: R, to: L, policy: all-to-all, plasticity: { rule: colanet, w_min: -0.3, w_max: 0.2, hebbian: -0.05,\n"
    "      alpha: $alpha, renormalize_at: 1, map_shift: 5 } }\n"
    "  - { from: Label, to: BIASGATE, policy: aligned, weight: 1 }\n"
    "  - { from: BIASGATE, to: L, policy: aligned, weight: 8, forcing: true }\n"
    "  - { from: BIASGATE, to: L, policy: aligned, kind: reward, weight: 0.2, delay: 2 }\n"
    "  - { from: BIASGATE, to: L, policy: between-columns, kind: reward, weight: 0, delay: 2 }\n"
    "  - { from: L, to: OUT, policy: aligned, weight: 1, delay: 3 }\n"
    "  - { from: A, to: OUT, policy: all-to-all, weight: 0.01 }\n"
    "readout: { population: OUT, decide: count }\n";

struct made {
    const struct st_net *net, *later; /* later: from the second task on */
    struct st_fabric *fabric;
    struct st_image *image, *as;
};

static const struct st_image *mapped(struct st_arena *a, const struct st_net *net, const struct st_fabric *fabric,
                                     uint32_t copies)
{
    struct st_diags d;
    st_diags_init(&d, a);
    struct st_compile_options how = {.seed = 3, .copies = copies};
    const struct st_image *image = st_compile(a, &d, net, fabric, &how, NULL);
    if (!image)
        fail_msg("%s", st_diags_text(&d, false));
    return image;
}

static struct st_image *own(const struct st_image *image)
{
    struct st_fault f;
    size_t length;
    const unsigned char *bytes = st_image_pack(&arena, image, &length);
    struct st_image *out = st_image_unpack(&arena, bytes, length, &f);
    if (!out)
        fail_msg("%s", f.text);
    return out;
}

/* On cores of so many neurons. */
static struct made made_for(uint32_t neurons)
{
    struct made m;
    struct st_diags d;
    static const struct st_setting other = {"alpha", 0.2};
    st_diags_init(&d, &arena);
    m.net = st_net_read(&arena, &d, "net", net_text, sizeof net_text - 1, NULL, 0);
    m.later = st_net_read(&arena, &d, "net", net_text, sizeof net_text - 1, &other, 1);
    m.fabric = (struct st_fabric *)st_roomy_fabric(&arena);
    m.fabric->limits.neurons = neurons;
    if (!m.net || !m.later)
        fail_msg("%s", st_diags_text(&d, false));
    m.image = own(mapped(&arena, m.net, m.fabric, COPIES));
    m.as = own(mapped(&arena, m.later, m.fabric, COPIES));
    return m;
}

static const struct st_image *recut(void *user, struct st_arena *a, uint32_t step, uint32_t population,
                                    const uint32_t *starts, struct st_fault *f)
{
    (void)f;
    const struct made *m = user;
    const struct st_net *net = step == ST_NONE ? m->net : m->later;
    return mapped(a, st_net_recut(a, net, net->receptor_count + population, starts), m->fabric, 1);
}

/* --- who goes ------------------------------------------------------------------------------------------------------
 */

/* A copy in which these neurons of L are known, the others silent. */
static void know(struct st_image *m, uint32_t copy, const uint8_t *known, uint32_t spoke_at)
{
    struct st_copy *c = &m->copies[copy];
    c->tick = 1000;
    st_copy_shape(&arena, m, c, true);
    const struct st_plastic *p = &m->cores[0].plastic;
    for (uint32_t n = 0; n < NEURONS; n++) {
        c->learnt[0].s[(size_t)n * ST_SCALARS + (size_t)p->excess_scalar] = known[n] == 1 ? 7 : 0;
        c->live[0].post_last[n] = known[n] == 2 ? spoke_at : 0;
    }
}

static void who_goes_by_hand(void **state)
{
    (void)state;
    static const uint8_t one[] = {1, 1, 1, 1, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 1, 0},
                         two[] = {1, 1, 1, 0, 1, 0, 0, 0, 0, 1, 0, 0, 1, 1, 1, 0};
    struct made m = made_for(64);
    struct st_migration how = {.every = 1, .quiet = 3, .keep = 1, .most = 10};
    struct st_moves moves = st_moves_open(&arena, "L", COPIES, 10);
    uint32_t *was[COPIES];
    assert_int_equal(m.image->core_count, 1);
    for (uint32_t c = 0; c < COPIES; c++)
        know(m.image, c, c ? two : one, 0);
    /* silent: 0 1 1, 3 3 3, 4 3 3, 2 1 1: column 0 calls, 1 and 2 could answer, the first of them does; then nobody
     * needs more */
    assert_true(st_migrate(&arena, m.image, &how, 20, &moves, was));
    assert_int_equal(moves.count, 1);
    const struct st_move *k = moves.move;
    assert_true(k->at == 20 && k->from == 1 && k->to == 0);
    assert_true(k->who[0] == 4 && k->who[1] == 5 && k->who[2] == 5);
    assert_true(was[0][3] == 3 && was[0][4] == 4 && was[1][4] == 5 && was[1][5] == 4 && was[1][6] == 6);
    /* a column keeps what it wants for itself, in each copy */
    moves.count = 0;
    how.keep = 3;
    assert_false(st_migrate(&arena, m.image, &how, 20, &moves, was));
    how.keep = 2; /* 0 calls with 2 of 6, then with 5; then 3 with 4 */
    assert_true(st_migrate(&arena, m.image, &how, 20, &moves, was));
    assert_int_equal(moves.count, 2);
    assert_true(moves.move[0].from == 1 && moves.move[0].to == 0 && moves.move[1].from == 2 && moves.move[1].to == 3);
    moves.count = 0;
    how.most = 1;
    assert_true(st_migrate(&arena, m.image, &how, 20, &moves, was));
    assert_int_equal(moves.count, 1);
    how.most = 10;
    /* a threshold may have risen by so much: 7 units are known no more */
    moves.count = 0;
    how.keep = 1;
    how.rise = 7.0 / 500;
    assert_false(st_migrate(&arena, m.image, &how, 20, &moves, was));
    /* who spoke within three pictures of 11 ticks is not silent: of column 1 and 2 nobody is */
    static const uint8_t spoke[] = {1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2, 1, 1, 1, 0};
    how.rise = 0;
    for (uint32_t last = 966; last <= 968; last++) {
        moves.count = 0;
        for (uint32_t c = 0; c < COPIES; c++)
            know(m.image, c, spoke, last + 1); /* in tick last */
        assert_int_equal(st_migrate(&arena, m.image, &how, 20, &moves, was), last < 967);
    }
    /* a core must hold the column */
    for (uint32_t c = 0; c < COPIES; c++)
        know(m.image, c, c ? two : one, 0);
    m.image->limits.neurons = MICRO;
    assert_false(st_migrate(&arena, m.image, &how, 20, &moves, was));
}

/* --- a life ----------------------------------------------------------------------------------------------------------
 */

enum { STEPS = 5, TICKS = 5 * SHOWN / 2 * 11 };

/* Two classes, asked; all four; asked with another alpha; the other two. */
static struct st_train_plan plan_of(struct made *m, uint32_t threads)
{
    static struct st_task tasks[3];
    static struct st_step steps[STEPS];
    static const uint32_t low[] = {0, 1}, high[] = {2, 3}, all[] = {0, 1, 2};
    struct st_fault f;
    for (int i = 0; i < 3; i++)
        tasks[i] = (struct st_task){i == 0   ? "low"
                                    : i == 1 ? "all"
                                             : "high",
                                    st_view_of(&pictures), st_view_of(&pictures)};
    assert_true(st_view_classes(&arena, &tasks[0].learn, low, 2, false, &f) &&
                st_view_classes(&arena, &tasks[2].learn, high, 2, false, &f));
    steps[0] = (struct st_step){.does = ST_LEARN, .task = 0, .epochs = 1};
    steps[1] = (struct st_step){.does = ST_ASK, .tasks = all, .count = 1};
    steps[2] = (struct st_step){.does = ST_LEARN, .task = 1, .epochs = 1};
    steps[3] = (struct st_step){.does = ST_LEARN, .task = 2, .epochs = 2, .as = m->as};
    steps[4] = (struct st_step){.does = ST_ASK, .tasks = all, .count = 3};
    return (struct st_train_plan){
        .tasks = tasks,
        .task_count = 3,
        .steps = steps,
        .step_count = STEPS,
        .threads = threads,
        .digest = 1,
        .migrate = {.every = 7, .quiet = 1, .rise = 1.75, .keep = 3, .most = 2},
        .recut = {.compile = recut, .user = m, .rooms = rooms},
    };
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

static char *life(struct made *m, const struct st_train_plan *p, struct st_image *image, struct st_result *r,
                  size_t *length)
{
    struct st_fault f;
    *image = *own(m->image);
    *r = (struct st_result){.experiment = "test", .network = "n", .fabric = "f", .dataset = "d"};
    if (!st_train(&arena, image, p, r, &f))
        fail_msg("%s", f.text);
    return text_of(image, r, length);
}

/* Whatever the threads and kernels, on one core and on several; the image says what there is after the moves. */
static void copies_move_alike(void **state)
{
    (void)state;
    static const uint32_t cores[] = {64, 9};
    for (int k = 0; k < 2; k++) {
        struct made m = made_for(cores[k]);
        struct st_result r, again;
        struct st_image image, other;
        struct st_fault f;
        size_t one, two;
        assert_true(k ? m.image->core_count > 1 : m.image->core_count == 1);
        struct st_train_plan p = plan_of(&m, 1);
        char *a = life(&m, &p, &image, &r, &one);
        assert_int_equal(r.trained, 5 * SHOWN / 2);
        for (uint32_t c = 0; c < COPIES; c++)
            assert_int_equal(image.copies[c].tick, r.trained * 11);
        assert_true(r.moves.count >= 3);
        uint32_t starts[COLUMNS + 1] = {0, 4, 8, 12, 16};
        assert_true(st_moves_sound(&r.moves, COLUMNS, starts));
        const struct st_population *l = &image.populations[0];
        for (uint32_t c = 0; c <= COLUMNS; c++)
            assert_int_equal(st_column_first(st_population_columns(l), c), starts[c]);
        bool late = false;
        for (uint32_t i = 0; i < r.moves.count; i++) {
            assert_int_equal(r.moves.move[i].at % 7, 0);
            late |= r.moves.move[i].at > 3 * SHOWN / 2; /* after the network had changed */
        }
        assert_true(late);
        if (!st_image_check(&image, &f))
            fail_msg("%s", f.text);
        /* the image that the last network, with these columns, is compiled to */
        const struct st_image *cut = recut(&m, &arena, 3, 0, starts, &f);
        struct st_image shells[2] = {image, *cut};
        size_t lengths[2];
        const unsigned char *bytes[2];
        for (int i = 0; i < 2; i++) {
            shells[i].copy_count = 0;
            bytes[i] = st_image_pack(&arena, &shells[i], &lengths[i]);
        }
        assert_int_equal(lengths[0], lengths[1]);
        assert_memory_equal(bytes[0], bytes[1], lengths[0]);
        struct st_train_plan q = plan_of(&m, 3);
        q.variant = "scalar";
        char *b = life(&m, &q, &other, &again, &two);
        assert_int_equal(one, two);
        assert_memory_equal(a, b, one);
    }
}

/* --- what goes with them
 * ------------------------------------------------------------------------------------------------ */

/* The synapses, record and trace of a neuron, as a sum. */
static uint64_t sum_of(const struct st_image *m, uint32_t copy, uint32_t number)
{
    for (uint32_t c = 0; c < m->core_count; c++)
        for (uint32_t g = 0; g < m->cores[c].group_count; g++) {
            const struct st_group *group = &m->cores[c].groups[g];
            uint32_t i = st_group_find(group, number);
            if (group->population != 0 || i == ST_NONE)
                continue;
            const struct st_plastic *p = &m->cores[c].plastic;
            const struct st_learnt *l = &m->copies[copy].learnt[c];
            uint32_t n = group->first + i - p->first;
            uint64_t sum = (uint64_t)(uint32_t)l->theta[group->first + i] << 32 | m->copies[copy].live[c].post_last[n];
            for (uint32_t a = 0; a < p->axons; a++)
                sum = sum * UINT64_C(0x100000001b3) + (uint16_t)l->w[a * p->count + n] +
                      ((uint64_t)(uint16_t)l->r[n * p->axons + a] << 20);
            for (uint32_t k = 0; k < ST_SCALARS; k++)
                sum = sum * UINT64_C(0x100000001b3) + (uint32_t)l->s[n * ST_SCALARS + k];
            return sum;
        }
    fail_msg("there is no neuron %u", number);
    return 0;
}

/* Copies that have learnt go over with a move of their own each: every neuron has what it had, wherever it is now. */
static void what_is_learnt_goes_along(void **state)
{
    (void)state;
    struct made m = made_for(9);
    struct st_train_plan p = plan_of(&m, 1);
    struct st_image image = *own(m.image);
    struct st_result r = {.experiment = "test"};
    struct st_fault f;
    p.migrate.every = 0;
    p.step_count = 1;
    atomic_int stop = 0;
    p.stop = &stop;
    p.checkpoint = st_path_join(&arena, folder, "unused");
    assert_true(st_train(&arena, &image, &p, &r, &f));
    /* live again, as between two pictures */
    for (uint32_t c = 0; c < COPIES; c++)
        if (!image.copies[c].live) {
            struct st_copy shaped = {.seed = image.copies[c].seed, .tick = image.copies[c].tick};
            st_copy_shape(&arena, &image, &shaped, true);
            image.copies[c].live = shaped.live;
            image.copies[c].carry = shaped.carry;
            for (uint32_t k = 0; k < image.core_count; k++)
                for (uint32_t n = 0; n < image.cores[k].plastic.count; n++)
                    image.copies[c].live[k].post_last[n] = c * 100 + k * 20 + n;
        }
    uint32_t starts[COLUMNS + 1] = {0, 4, 8, 12, 16}, *was[COPIES];
    struct st_moves moves = st_moves_open(&arena, "L", COPIES, 1);
    struct st_move *k = &moves.move[moves.count++];
    *k = (struct st_move){.from = 3, .to = 0, .who = k->who};
    for (uint32_t c = 0; c < COPIES; c++) {
        k->who[c] = 12 + c;
        was[c] = ST_NEW(&arena, uint32_t, NEURONS);
        for (uint32_t n = 0; n < NEURONS; n++)
            was[c][n] = n;
        st_move_words(k, c, starts, was[c]);
    }
    st_move_starts(k, starts);
    struct st_image next = *recut(&m, &arena, ST_NONE, 0, starts, &f);
    if (!st_image_carry(&arena, &image, &next, 0, (const uint32_t *const *)was, &f) || !st_image_check(&next, &f))
        fail_msg("%s", f.text);
    uint32_t moved = 0;
    for (uint32_t c = 0; c < COPIES; c++)
        for (uint32_t n = 0; n < NEURONS; n++) {
            moved += was[c][n] != n;
            if (sum_of(&next, c, n) != sum_of(&image, c, was[c][n]))
                fail_msg("copy %u: neuron %u is not what %u was", c, n, was[c][n]);
        }
    assert_true(moved > 20);
}

/* --- stopped, and gone on with
 * --------------------------------------------------------------------------------------------- */

static atomic_int stop;
static uint64_t stop_at;

static void count(void *user, const char *what, uint64_t done, uint64_t all, double seconds)
{
    (void)user;
    (void)all;
    (void)seconds;
    if (strcmp(what, "training") == 0 && done >= stop_at)
        stop = 1;
}

static void stopped_anywhere_it_goes_on(void **state)
{
    (void)state;
    struct made m = made_for(9);
    struct st_train_plan p = plan_of(&m, 2);
    struct st_image image, other;
    struct st_result r, again;
    struct st_fault f;
    size_t one, two;
    char *a = life(&m, &p, &image, &r, &one);
    p.checkpoint = st_path_join(&arena, folder, "checkpoint");
    p.checkpoint_seconds = 1e9;
    p.progress = count;
    p.stop = &stop;
    uint32_t resumed = 0;
    for (uint32_t every = 1; every < 90; every += 8) {
        unlink(p.checkpoint);
        for (stop_at = every, p.resume = false;; stop_at += every, p.resume = true) {
            other = *own(m.image);
            again = (struct st_result){.experiment = "test", .network = "n", .fabric = "f", .dataset = "d"};
            stop = 0;
            if (st_train(&arena, &other, &p, &again, &f))
                break;
            if (f.id != ST_FAULT_STOPPED)
                fail_msg("%s", f.text);
            resumed++;
        }
        char *b = text_of(&other, &again, &two);
        if (one != two || memcmp(a, b, one) != 0)
            fail_msg("stopped every %u presentations it becomes another", every);
    }
    assert_true(resumed > 20);
    unlink(p.checkpoint);
}

static void die(void *user, const char *what, uint64_t done, uint64_t all, double seconds)
{
    (void)user;
    (void)what;
    (void)all;
    (void)seconds;
    if (done >= stop_at)
        raise(SIGKILL);
}

/* Killed again and again, each time a little later. */
static void killed_it_goes_on(void **state)
{
    (void)state;
    struct made m = made_for(64);
    struct st_train_plan p = plan_of(&m, 2);
    struct st_image image;
    struct st_result r;
    size_t one, two;
    char *a = life(&m, &p, &image, &r, &one);
    p.checkpoint = st_path_join(&arena, folder, "checkpoint");
    p.resume = true;
    uint32_t killed = 0;
    for (stop_at = 50; stop_at < 600; stop_at += 50) {
        pid_t child = fork();
        assert_true(child >= 0);
        if (child == 0) {
            p.progress = die;
            life(&m, &p, &image, &r, &two);
            _exit(0);
        }
        int status;
        waitpid(child, &status, 0);
        killed += WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
    }
    assert_true(killed >= 5);
    char *b = life(&m, &p, &image, &r, &two);
    assert_int_equal(one, two);
    assert_memory_equal(a, b, one);
    unlink(p.checkpoint);
}

/* A checkpoint whose moves are not those of its image, or of no run, is refused. */
static void other_moves_are_refused(void **state)
{
    (void)state;
    struct made m = made_for(64);
    struct st_train_plan p = plan_of(&m, 1);
    struct st_image image = *own(m.image);
    struct st_result r = {.experiment = "test"};
    struct st_fault f;
    char *progress, *changed;
    p.checkpoint = st_path_join(&arena, folder, "checkpoint");
    p.checkpoint_seconds = 1e9;
    p.progress = count;
    p.stop = &stop;
    stop = 0;
    stop_at = 90 * COPIES; /* after the last move */
    assert_false(st_train(&arena, &image, &p, &r, &f));
    assert_int_equal(f.id, ST_FAULT_STOPPED);
    struct st_image *old = st_checkpoint_load(&arena, p.checkpoint, &progress, 1, &f);
    assert_non_null(old);
    static const char *const others[][2] = {{"\"from\": ", "\"from\": 9"},
                                            {"\"population\": \"L\", \"moves\"", "\"population\": \"OUT\", \"moves\""},
                                            {"\"at\": ", "\"at\": 9999"},
                                            {"\"moves\": [",
                                             "\"moves\": [{\"at\": 7, \"from\": 0, \"to\": 1, \"who\": [0, "
                                             "0, 0]},"},
                                            {"\"who\": [", "\"who\": [7, "}};
    p.resume = true;
    p.stop = NULL;
    for (size_t i = 0; i <= sizeof others / sizeof *others; i++) {
        bool whole = i == sizeof others / sizeof *others;
        if (!whole) {
            const char *at = strstr(progress, others[i][0]);
            assert_non_null(at);
            changed = st_arena_printf(&arena, "%.*s%s%s", (int)(at - progress), progress, others[i][1],
                                      at + strlen(others[i][0]));
        } else {
            changed = progress;
        }
        assert_true(st_checkpoint_save(p.checkpoint, changed, 1, old, &f));
        image = *own(m.image);
        r = (struct st_result){.experiment = "test"};
        assert_int_equal(st_train(&arena, &image, &p, &r, &f), whole);
        if (!whole && f.id != ST_FAULT_CHECKPOINT && f.id != ST_FAULT_RESULT)
            fail_msg("%s: %s", others[i][1], f.text);
    }
    unlink(p.checkpoint);
}

static int begin(void **state)
{
    (void)state;
    st_arena_init(&arena);
    st_arena_init(&rooms[0]);
    st_arena_init(&rooms[1]);
    if (setjmp(arena.full) || !mkdtemp(folder))
        return -1;
    draw_pictures();
    return 0;
}

static int end(void **state)
{
    (void)state;
    st_file_clear(folder, NULL);
    rmdir(folder);
    st_arena_free(&rooms[0]);
    st_arena_free(&rooms[1]);
    st_arena_free(&arena);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(moves_by_hand),
                                       cmocka_unit_test(who_goes_by_hand),
                                       cmocka_unit_test(what_is_learnt_goes_along),
                                       cmocka_unit_test(copies_move_alike),
                                       cmocka_unit_test(stopped_anywhere_it_goes_on),
                                       cmocka_unit_test(killed_it_goes_on),
                                       cmocka_unit_test(other_moves_are_refused)};
    return cmocka_run_group_tests_name("migrate", tests, begin, end);
}
