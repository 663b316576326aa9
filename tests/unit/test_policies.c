/* test_policies.c - which synapses of a learning projection there are, and with what they begin: read off the image and
 * asked again of the manuals' formulas (docs/arithmetic.md, section 2), pair by pair. */
#include "compile.h"
#include "file.h"
#include "image_io.h"
#include "sim.h"
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
/* after those it needs */
#include <cmocka.h>
#include "stoa/draw.h"

static struct st_arena arena;
static struct st_diags diags;

enum { COLUMNS = 3, MICRO = 4, NEURONS = COLUMNS * MICRO, SEED = 5 };
#define NET                                                                                                            \
    "network: t\npresentation: { picture: 8, silence: 0, reset: false }\n"                                             \
    "receptors: { Pre: { size: %d, encoder: spikes } }\n"                                                              \
    "populations:\n  P: { columns: 3, microcolumns: %s, neuron: { model: lif, threshold: 1 } }\n"                      \
    "projections:\n  - { from: %s, to: %s, plasticity: { rule: stdp, w_max: 1 }, %s }\n"                               \
    "readout: { population: P, decide: count }\n"

static const char *sizes = "4"; /* of the columns */

/* The image, or NULL; what was said is in diags. */
static const struct st_image *tried(const char *from, const char *to, int receptors, const char *more)
{
    struct st_fault f;
    char *text, *net_text = st_arena_printf(&arena, NET, receptors, sizes, from, to, more);
    size_t length;
    st_diags_init(&diags, &arena);
    assert_true(st_file_read(&arena, "netlists/fabrics/stoa-1-large.yaml", &text, &length, &f));
    const struct st_fabric *fabric = st_fabric_read(&arena, &diags, "stoa-1-large.yaml", text, length);
    const struct st_net *net = st_net_read(&arena, &diags, "t.yaml", net_text, strlen(net_text), NULL, 0);
    struct st_compile_options how = {.seed = SEED, .copies = 2};
    return net ? st_compile(&arena, &diags, net, fabric, &how, NULL) : NULL;
}

static const struct st_image *compiled(const char *from, const char *to, int receptors, const char *more)
{
    const struct st_image *image = tried(from, to, receptors, more);
    if (!image)
        fail_msg("%s", st_diags_text(&diags, false));
    assert_int_equal(image->core_count, 1);
    return image;
}

static int open_arena(void **state)
{
    (void)state;
    st_arena_init(&arena);
    if (setjmp(arena.full))
        abort();
    return 0;
}

static int close_arena(void **state)
{
    (void)state;
    st_arena_free(&arena);
    return 0;
}

/* --- which there are */

static uint32_t column(uint32_t t) { return sizes[0] == '4' ? t / MICRO : t < 2 ? 0u : t < 9 ? 1u : 2u; }
static bool aligned(uint32_t s, uint32_t t) { return s == column(t); }
static bool one_to_one(uint32_t s, uint32_t t) { return s == t; }
static bool within(uint32_t s, uint32_t t) { return column(s) == column(t) && s != t; }
static bool between(uint32_t s, uint32_t t) { return column(s) != column(t); }
static bool listed(uint32_t s, uint32_t t) { return (s == 0 && t == 11) || (s == 2 && (t == 3 || t == 0)); }
static bool drawn(uint32_t s, uint32_t t) /* stream 1 is P's, purpose 3 connection, projection 0 */
{
    struct st_key k = st_key_of(st_hash64(SEED, 1 << 8 | 3, 0));
    uint16_t b = st_draw16(k, s);
    k.k[1] = (uint16_t)(k.k[1] + b);
    k.k[2] ^= b;
    return st_draw16(k, t) < 0.25 * 65536;
}

/* slices: of sources 1, 3, 5 each a column, of P the columns 0 and 2, or the neurons 2, 5, 8, 11 */
static bool sliced_aligned(uint32_t s, uint32_t t) { return (s == 1 && t < 4) || (s == 3 && t >= 8); }
static bool sliced_members(uint32_t s, uint32_t t) { return s >= 2 && s <= 5 && t == 2 + 3 * (s - 2); }
static bool sliced_within(uint32_t s, uint32_t t) { return s / MICRO + 1 == t / MICRO; }
static bool sliced_itself(uint32_t s, uint32_t t) { return s / MICRO != 1 && s / MICRO == t / MICRO && s != t; }
static bool sliced_between(uint32_t s, uint32_t t) { return s < 8 && t >= 4 && s / MICRO + 1 != t / MICRO; }
static bool sliced_all(uint32_t s, uint32_t t) { return s % 3 == 0 && t >= 9; }
/* one end sliced by members, the columns of the other of whatever size */
static bool sliced_sources(uint32_t s, uint32_t t) { return s == column(t) + 1; }
static bool sliced_targets(uint32_t s, uint32_t t) { return t % 4 == 2 && column(s) != t / 4; }
static bool sliced_self(uint32_t s, uint32_t t) { return s <= 6 && s % 3 == 0 && column(t) == s / 3 && s != t; }

static void learns_by_every_policy(void)
{
    static const struct {
        const char *from, *to, *more;
        int receptors;
        bool (*there)(uint32_t, uint32_t);
    } cases[] = {{"Pre", "P", "policy: aligned", COLUMNS, aligned},
                 {"Pre", "P", "policy: one-to-one", NEURONS, one_to_one},
                 {"P", "P", "policy: within-column", 1, within},
                 {"P", "P", "policy: between-columns", 1, between},
                 {"Pre", "P", "policy: list, synapses: [[0, 11], [2, 3], [2, 0]]", 3, listed},
                 {"Pre", "P", "policy: all-to-all, probability: 0.25", 40, drawn},
                 {"'Pre[1..3:2]'", "'P[columns ..:2]'", "policy: aligned", 5, sliced_aligned},
                 {"'Pre[2..5]'", "'P[2..:3]'", "policy: one-to-one", 7, sliced_members},
                 {"'P[columns 0..1]'", "'P[columns 1..2]'", "policy: within-column", 1, sliced_within},
                 {"'P[columns ..:2]'", "'P[columns ..:2]'", "policy: within-column", 1, sliced_itself},
                 {"'P[columns ..1]'", "'P[columns 1..]'", "policy: between-columns", 1, sliced_between},
                 {"'Pre[..:3]'", "'P[9..]'", "policy: all-to-all", 10, sliced_all},
                 {"'Pre[1..3]'", "P", "policy: aligned", 5, sliced_sources},
                 {"P", "'P[2..10:4]'", "policy: between-columns", 1, sliced_targets},
                 {"'P[0..6:3]'", "P", "policy: within-column", 1, sliced_self}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        if (sizes[0] == '[' && strstr(cases[i].to, "columns")) { /* which have one size */
            assert_null(tried(cases[i].from, cases[i].to, cases[i].receptors, cases[i].more));
            assert_non_null(strstr(st_diags_text(&diags, false), "[slice]"));
            continue;
        }
        const struct st_image *m = compiled(cases[i].from, cases[i].to, cases[i].receptors, cases[i].more);
        const struct st_plastic *p = &m->cores[0].plastic;
        assert_int_equal(p->count, NEURONS);
        uint32_t axons = strstr(cases[i].from, "Pre") ? (uint32_t)cases[i].receptors : NEURONS, count = 0;
        assert_int_equal(p->axons, axons);
        /* everything speaks for a while: what is there changes, what is not stays 0 */
        void *mem = st_alloc(st_sim_size(m));
        struct st_sim *s = st_sim_init(mem, m, 0, (struct st_run_options){.learn = true});
        for (uint32_t t = 0; t < 20; t++) {
            for (uint32_t r = 0; r < (uint32_t)cases[i].receptors; r++)
                st_sim_inject(s, 0, r);
            st_sim_tick(s);
        }
        struct st_copy after = {.seed = m->copies[0].seed};
        st_copy_shape(&arena, m, &after, false);
        st_sim_save(s, &after);
        st_release(mem);
        for (uint32_t a = 0; a < axons; a++)
            for (uint32_t n = 0; n < NEURONS; n++) {
                size_t row = (size_t)n * axons + a, column = (size_t)a * NEURONS + n;
                bool there = cases[i].there(a, n);
                count += there;
                if (st_joined(p, a, n) != there)
                    fail_msg("%s: %u -> %u", cases[i].more, a, n);
                assert_int_equal(m->copies[0].learnt[0].r[row], there ? 16384 : 0);
                assert_true(there || (!after.learnt[0].w[column] && !after.learnt[0].r[row]));
            }
        assert_true(count > 0 && count < axons * NEURONS);
    }
}

static void every_policy_learns(void **state)
{
    (void)state;
    learns_by_every_policy();
}

static void columns_may_differ(void **state)
{
    (void)state;
    sizes = "[2, 7, 3]";
    learns_by_every_policy();
    sizes = "[4, 4, 4]"; /* which they do not */
    assert_int_equal(compiled("Pre", "P", 3, "policy: aligned")->populations[0].start_count, 0);
    sizes = "[2, 7]";
    assert_null(tried("Pre", "P", 3, "policy: aligned"));
    sizes = "4";
}

/* --- with what they begin */

static void words_are_drawn(void **state)
{
    (void)state;
    enum { AXONS = 50 };
    const struct st_image *m =
        compiled("Pre", "P", AXONS, "policy: all-to-all, initial: { resource: { uniform: [0.2, 0.9] } }");
    const struct st_plastic *p = &m->cores[0].plastic;
    double scale = m->populations[0].scale, sum = 0;
    uint32_t same = 0;
    for (uint32_t c = 0; c < 2; c++)
        for (uint32_t a = 0; a < AXONS; a++)
            for (uint32_t n = 0; n < NEURONS; n++) {
                struct st_key k = st_key_of(st_hash64(m->copies[c].seed, 1 << 8 | 6, 0));
                uint16_t b = st_draw16(k, a);
                k.k[1] = (uint16_t)(k.k[1] + b);
                k.k[2] ^= b;
                double real = 0.2 + (0.9 - 0.2) * (st_draw16(k, n) + 0.5) / 65536;
                int16_t r = m->copies[c].learnt[0].r[(size_t)n * p->axons + a];
                assert_int_equal(r, (int)round(real * 32768));
                assert_int_equal(m->copies[c].learnt[0].w[(size_t)a * p->count + n],
                                 (int)round(r * round(scale) / 32768)); /* w_max is 1 */
                same += c && r == m->copies[0].learnt[0].r[(size_t)n * p->axons + a];
                sum += r;
            }
    assert_true(same < 5); /* copies draw for themselves */
    assert_true(fabs(sum / (2 * AXONS * NEURONS) - 0.55 * 32768) < 600);

    m = compiled("Pre", "P", AXONS, "policy: all-to-all, initial: { resource: { normal: [0.9, 0.5] } }");
    bool top = false, bottom = false;
    for (uint32_t i = 0; i < AXONS * NEURONS; i++) { /* cut where the rule's range ends */
        top |= m->copies[0].learnt[0].r[i] == 32767;
        bottom |= m->copies[0].learnt[0].r[i] == 0;
        assert_true(m->copies[0].learnt[0].r[i] >= 0);
    }
    assert_true(top && bottom);
}

static void what_cannot_begin_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *initial, *says;
    } cases[] = {
        {"{ resource: { uniform: [0, 2] } }", "a resource of 2, which is 65536; the rule's range is 0 .. 32767"},
        {"{ resource: -0.1 }", "a resource of -0.1, which is -3277; the rule's range is 0 .. 32767"},
        {"{ weight: { uniform: [0, 1] } }", "the rule keeps a resource, from which the weight follows"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_null(tried("Pre", "P", 4, st_arena_printf(&arena, "policy: all-to-all, initial: %s", cases[i].initial)));
        const char *text = st_diags_text(&diags, false);
        if (!strstr(text, cases[i].says) || !strstr(text, "[initial]"))
            fail_msg("'%s' does not say '%s'", text, cases[i].says);
    }
}

/* Two rules in one population: the axons of the second behind those of the first, its programs and tables too. */
static void rules_share_a_core(void **state)
{
    (void)state;
    const char *second = "policy: aligned }\n  - { from: P, to: P, policy: within-column, delay: 2, "
                         "plasticity: { rule: colanet, w_min: -1, w_max: 1, hebbian: -0.1 }";
    const struct st_image *m = compiled("Pre", "P", COLUMNS, second);
    const struct st_plastic *p = &m->cores[0].plastic, other = st_part_alone(p, 1);
    assert_int_equal(st_part_count(p), 2);
    assert_int_equal(p->axons, COLUMNS + NEURONS);
    assert_int_equal(st_part_first(p, 1), COLUMNS);
    assert_int_equal(st_part_first(p, 2), COLUMNS + NEURONS);
    assert_string_equal(p->rule, "stdp");
    assert_string_equal(other.rule, "colanet");
    assert_int_equal(p->tables, 2);
    assert_int_equal(other.excess_scalar, 1);
    for (int t = 0; t < ST_TRIGGER_COUNT; t++)
        assert_true(other.entry[t] == ST_NONE || other.entry[t] >= 20); /* words of stdp */
    for (uint32_t a = 0; a < p->axons; a++) {
        assert_int_equal(st_part_of(p, a), a >= COLUMNS);
        assert_int_equal(m->cores[0].axons[a].delay_ticks, a >= COLUMNS ? 2 : 1);
        for (uint32_t n = 0; n < NEURONS; n++)
            assert_int_equal(st_joined(p, a, n), a < COLUMNS ? aligned(a, n) : within(a - COLUMNS, n));
    }
    assert_null(tried("Pre", "P", COLUMNS,
                      "policy: aligned }\n  - { from: Pre, to: P, policy: aligned, plasticity: { rule: colanet-spike, "
                      "w_min: -1, w_max: 1, hebbian: -0.1 } }\n  - { from: P, to: P, policy: within-column, "
                      "plasticity: { rule: colanet, w_min: -1, w_max: 1, hebbian: -0.1 }"));
    const char *text = st_diags_text(&diags, false);
    if (!strstr(text, "the 3 rules of population 'P' have"))
        fail_msg("%s", text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_policy_learns, open_arena, close_arena),
        cmocka_unit_test_setup_teardown(columns_may_differ, open_arena, close_arena),
        cmocka_unit_test_setup_teardown(rules_share_a_core, open_arena, close_arena),
        cmocka_unit_test_setup_teardown(what_cannot_begin_is_refused, open_arena, close_arena),
        cmocka_unit_test_setup_teardown(words_are_drawn, open_arena, close_arena)};
    return cmocka_run_group_tests_name("policies", tests, NULL, NULL);
}
