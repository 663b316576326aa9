/* test_table.c - the tables at the end of docs/arithmetic.md against the normative steps and the reference.
 *
 * The page is read as a user reads it: a title, a head, a line of dashes, then one case a line. A case that is no
 * longer there, or a table that moved, must not pass for a success, so the number of cases is asked for too. */
#include "file.h"
#include "cuba/cuba.h"
#include "grid/grid.h"
#include "models.h"
#include "ref.h"
#include "stoa/draw.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { CELLS = 32, CELL = 80 };

struct line {
    int count;
    char cell[CELLS][CELL];
};

static char *page;

static int open_page(void **state)
{
    static struct st_arena arena;
    struct st_fault fault;
    size_t length;
    (void)state;
    st_arena_init(&arena);
    return st_file_read(&arena, "docs/arithmetic.md", &page, &length, &fault) ? 0 : -1;
}

/* Splits "| a | b |" and moves past it; false when the line is no table line. */
static bool next_line(const char **at, struct line *l)
{
    const char *p = *at;
    if (*p != '|')
        return false;
    memset(l, 0, sizeof *l);
    for (p++; *p && *p != '\n'; p++) {
        while (*p == ' ')
            p++;
        size_t n = strcspn(p, "|\n");
        assert_true(p[n] == '|' && l->count < CELLS);
        size_t end = n;
        while (end > 0 && p[end - 1] == ' ')
            end--;
        assert_true(end < CELL);
        memcpy(l->cell[l->count++], p, end);
        p += n;
    }
    *at = *p ? p + 1 : p;
    return true;
}

/* The first case of the table under a title; its head is left in *head. */
static const char *find_table(const char *title, struct line *head)
{
    const char *at = strstr(page, title);
    assert_non_null(at);
    at = strstr(at, "\n|");
    assert_non_null(at);
    at++;
    struct line dashes;
    assert_true(next_line(&at, head) && next_line(&at, &dashes));
    assert_string_equal(dashes.cell[0], "---");
    return at;
}

/* The cell under a name; the n-th of that name, from 0. */
static const char *cell(const struct line *head, const struct line *l, const char *name, int n)
{
    for (int i = 0; i < head->count; i++)
        if (strcmp(head->cell[i], name) == 0 && n-- == 0)
            return l->cell[i];
    fail_msg("the table has no column '%s'", name);
    return NULL;
}

static long number(const struct line *head, const struct line *l, const char *name, int n)
{
    const char *text = cell(head, l, name, n);
    char *end;
    long x = strtol(text, &end, 10);
    if (end == text || *end)
        fail_msg("'%s' under '%s' is no number", text, name);
    return x;
}

/* --- neurons ------------------------------------------------------------------------------------------------ */

static long choice(const struct line *head, const struct line *l, const char *name, const char *zero, const char *one)
{
    const char *text = cell(head, l, name, 0);
    if (strcmp(text, zero) == 0)
        return 0;
    assert_string_equal(text, one);
    return 1;
}

/* A cell into the parameter of a role; a model without it must not ask for it. */
static void put(enum st_model model, int32_t *p, enum st_param_role role, int32_t value, int32_t usual)
{
    int at = st_role_at(st_models[model], role);
    if (at >= 0)
        p[at] = value;
    else
        assert_int_equal(value, usual);
}

static void check_neuron(const struct line *head, const struct line *l)
{
    enum st_model model = choice(head, l, "model", "altai", "lif") == 1 ? ST_MODEL_LIF : ST_MODEL_ALTAI;
    int32_t p[ST_MODEL_PARAMS] = {0};
    bool bottomless = strcmp(cell(head, l, "floor", 0), "none") == 0;
#define NUMBER(name) (int32_t) number(head, l, name, 0)
    put(model, p, ST_ROLE_THRESHOLD, NUMBER("H"), 0);
    put(model, p, ST_ROLE_LEAK, NUMBER("leak"), 0);
    put(model, p, ST_ROLE_LEAK_STEP, NUMBER("step"), 0);
    put(model, p, ST_ROLE_BIAS, NUMBER("bias"), 0);
    put(model, p, ST_ROLE_NOISE, NUMBER("noise"), 0);
    put(model, p, ST_ROLE_FLOOR, bottomless ? INT32_MIN : NUMBER("floor"), 0);
    put(model, p, ST_ROLE_RESET, (int32_t)choice(head, l, "reset", "zero", "subtract"), 0);
    put(model, p, ST_ROLE_RESET_VALUE, NUMBER("value"), 0);
    put(model, p, ST_ROLE_REFRACTORY, NUMBER("refr"), 0);
    put(model, p, ST_ROLE_GATE, (int32_t)choice(head, l, "default", "open", "shut"), 0);
    put(model, p, ST_ROLE_WHEN_SHUT, (int32_t)choice(head, l, "when_shut", "zero", "hold"), 0);
    struct st_neuron n = {.u = NUMBER("u"), .gate = (int16_t)number(head, l, "gate", 0)};
    struct st_neuron_in in = {
        .acc = NUMBER("acc"),
        .excess = st_excess_of(NUMBER("excess")),
        .shut = (uint16_t)number(head, l, "shut", 0),
        .open = (uint16_t)number(head, l, "open", 0),
        .draw = (uint16_t)number(head, l, "draw", 0),
        .bits = (uint8_t)number(head, l, "bits", 0),
        .blocked = choice(head, l, "blocked", "no", "yes") == 1,
    };
    int32_t e = 0;
    bool fires = st_model_step(model, p, &n, in, &e);
    if (fires)
        st_model_fire(model, p, &n, in.excess);
    const char *want = cell(head, l, "e", 0);
    long u = number(head, l, "-> u", 0), gate = number(head, l, "gate", 1);
    bool closed = strcmp(want, ".") == 0;
    bool right = n.u == u && n.gate == gate && fires == (!closed && number(head, l, "e", 0) >= 0) &&
                 (closed || e == number(head, l, "e", 0));
    if (!right)
        fail_msg("%s: got u %d, gate %d, e %d, fires %d", cell(head, l, "what it shows", 0), n.u, n.gate, e, fires);
}

/* The place of a cell's word among the choices of a parameter. */
static int32_t word(const struct line *head, const struct line *l, const char *name, const char *choices)
{
    const char *text = cell(head, l, name, 0);
    size_t n = strlen(text);
    for (int32_t k = 0;; k++, choices++) {
        if (!strncmp(choices, text, n) && (choices[n] == '|' || !choices[n]))
            return k;
        choices = strchr(choices, '|');
        if (!choices)
            fail_msg("'%s' under '%s' is no choice", text, name);
    }
}

static void check_grid(const struct line *head, const struct line *l)
{
    const struct st_param_row *rows = st_models[ST_MODEL_GRID]->params;
    int32_t p[ST_MODEL_PARAMS] = {0};
    bool bottomless = strcmp(cell(head, l, "floor", 0), "none") == 0;
    p[ST_GRID_THRESHOLD] = NUMBER("H");
    p[ST_GRID_LEAK_ADD] = NUMBER("leak");
    p[ST_GRID_LEAK_SIGN] = word(head, l, "sign", rows[ST_GRID_LEAK_SIGN].choices);
    p[ST_GRID_LEAK_CHANCE] = NUMBER("chance");
    p[ST_GRID_NOISE] = NUMBER("noise");
    p[ST_GRID_FLOOR] = bottomless ? INT32_MIN : NUMBER("floor");
    p[ST_GRID_FLOOR_AT] = word(head, l, "at", rows[ST_GRID_FLOOR_AT].choices);
    p[ST_GRID_BELOW] = word(head, l, "below", rows[ST_GRID_BELOW].choices);
    p[ST_GRID_RESET] = word(head, l, "reset", rows[ST_GRID_RESET].choices);
    p[ST_GRID_RESET_VALUE] = NUMBER("value");
    p[ST_GRID_MEMORY] = word(head, l, "memory", rows[ST_GRID_MEMORY].choices);
    p[ST_GRID_OVERFLOW] = word(head, l, "overflow", "saturate|wrap");
    p[ST_GRID_BEGINS] = word(head, l, "begins", rows[ST_GRID_BEGINS].choices);
    p[ST_GRID_INITIAL] = NUMBER("initial");
    struct st_neuron n = {.state = {NUMBER("u"), NUMBER("awake")}};
    bool asleep = strcmp(cell(head, l, "e", 0), ".") == 0;
    struct st_neuron_in in = {.acc = NUMBER("acc"), .draw = (uint16_t)NUMBER("draw"), .bits = (uint8_t)NUMBER("bits")};
    int32_t e = 0;
    bool fires = st_grid_step(p, &n, in, &e);
    if (fires)
        st_grid_fire(p, &n, 0);
    if (n.u != number(head, l, "-> u", 0) || (asleep ? fires || n.state[1] != 1 : e != number(head, l, "e", 0)) ||
        (!asleep && fires != (e >= 0)))
        fail_msg("%s: got u %d, e %d, fires %d", cell(head, l, "what it shows", 0), n.u, e, fires);
}

static void check_currents(const struct line *head, const struct line *l)
{
    int32_t p[ST_MODEL_PARAMS] = {0};
    bool bottomless = strcmp(cell(head, l, "floor", 0), "none") == 0;
    p[ST_CUBA_THRESHOLD] = NUMBER("H");
    p[ST_CUBA_DECAY] = NUMBER("decay");
    p[ST_CUBA_DECAY_INHIBITORY] = NUMBER("inhib. decay");
    p[ST_CUBA_CURRENTS] = (int32_t)choice(head, l, "currents", "one", "two");
    p[ST_CUBA_CURRENT_OVERFLOW] = (int32_t)choice(head, l, "overflow", "saturate", "wrap");
    p[ST_CUBA_GAIN] = NUMBER("gain");
    p[ST_CUBA_LEAK] = NUMBER("leak");
    p[ST_CUBA_BIAS] = NUMBER("bias");
    p[ST_CUBA_FLOOR] = bottomless ? INT32_MIN : NUMBER("floor");
    p[ST_CUBA_RESET_VALUE] = NUMBER("value");
    p[ST_CUBA_REFRACTORY] = NUMBER("refr");
    p[ST_CUBA_WHEN_SHUT] = (int32_t)choice(head, l, "when_shut", "zero", "hold");
    struct st_neuron n = {.state = {NUMBER("u"), NUMBER("exc"), NUMBER("inhib")}};
    struct st_neuron_in in = {.acc = NUMBER("acc"),
                              .inh = NUMBER("inh"),
                              .shut = (uint16_t)number(head, l, "shut", 0),
                              .bits = (uint8_t)number(head, l, "bits", 0)};
    int32_t e = 0;
    bool fires = st_cuba_step(p, &n, in, &e);
    if (fires)
        st_cuba_fire(p, &n, 0);
    bool closed = strcmp(cell(head, l, "e", 0), ".") == 0;
    bool right = n.u == number(head, l, "-> u", 0) && n.state[1] == number(head, l, "exc", 1) &&
                 n.state[2] == number(head, l, "inhib", 1) && n.gate == number(head, l, "gate", 0) &&
                 fires == (!closed && number(head, l, "e", 0) >= 0) && (closed || e == number(head, l, "e", 0));
    if (!right)
        fail_msg("%s: got u %d, exc %d, inhib %d, gate %d, e %d, fires %d", cell(head, l, "what it shows", 0), n.u,
                 n.state[1], n.state[2], n.gate, e, fires);
}

/* All cases of a table whose first line has what empty cells stand for; returns how many. */
static int check_cases(const char *title, void (*check)(const struct line *head, const struct line *l))
{
    struct line head, usual, l;
    const char *at = find_table(title, &head);
    assert_true(next_line(&at, &usual));
    int cases = 0;
    for (; next_line(&at, &l); cases++) {
        assert_int_equal(l.count, head.count);
        for (int i = 0; i < l.count; i++)
            if (!l.cell[i][0])
                memcpy(l.cell[i], usual.cell[i], CELL);
        check(&head, &l);
    }
    return cases;
}

static void test_neurons(void **state)
{
    (void)state;
    assert_true(check_cases("### Neurons\n", check_neuron) >= 100);
    assert_true(check_cases("### Neurons of grids\n", check_grid) >= 36);
    assert_true(check_cases("### Neurons with currents\n", check_currents) >= 32);
}

static void test_thresholds(void **state)
{
    (void)state;
    struct line head, l;
    const char *at = find_table("### Adaptive thresholds\n", &head);
    int cases = 0;
    for (; next_line(&at, &l); cases++) {
        struct st_adapt a = {.step = (int32_t)number(&head, &l, "step", 0),
                             .decay = (int32_t)number(&head, &l, "decay", 0),
                             .every = (uint8_t)__builtin_ctzl((unsigned long)number(&head, &l, "every", 0))};
        int32_t theta = (int32_t)number(&head, &l, "theta", 0);
        assert_int_equal(st_adapt_rise((int32_t)number(&head, &l, "excess", 0), theta), number(&head, &l, "rise", 0));
        theta =
            st_adapt_step(a, theta, (uint32_t)number(&head, &l, "tick", 0), choice(&head, &l, "fired", "no", "yes"));
        if (theta != number(&head, &l, "-> theta", 0))
            fail_msg("%s: got %d", cell(&head, &l, "what it shows", 0), theta);
    }
    assert_true(cases >= 10);
}

/* --- columns ------------------------------------------------------------------------------------------------ */

static void test_columns(void **state)
{
    (void)state;
    struct line head, l;
    const char *at = find_table("### Columns", &head);
    int cases = 0;
    for (; next_line(&at, &l); cases++) {
        int32_t e[8];
        uint8_t candidate[8];
        uint32_t size = 0;
        char members[CELL];
        memcpy(members, cell(&head, &l, "e", 0), CELL);
        for (char *save, *word = strtok_r(members, " ", &save); word; word = strtok_r(NULL, " ", &save)) {
            candidate[size] = strcmp(word, ".") != 0;
            e[size] = candidate[size] ? (int32_t)strtol(word, NULL, 10) : INT32_MAX;
            size++;
        }
        /* the same wherever the column sits in its population */
        for (uint32_t first = 0; first <= 40; first += 40) {
            struct st_ref_column c = {.winner = first + (uint32_t)number(&head, &l, "winner", 0),
                                      .left = (uint32_t)number(&head, &l, "left", 0)};
            uint32_t won = st_ref_compete(&c, e, candidate, first, size, (uint32_t)number(&head, &l, "block", 0));
            if (strcmp(cell(&head, &l, "fires", 0), ".") == 0)
                assert_int_equal(won, UINT32_MAX);
            else
                assert_int_equal(won, first + (uint32_t)number(&head, &l, "fires", 0));
            assert_int_equal(c.winner, first + (uint32_t)number(&head, &l, "-> winner", 0));
            assert_int_equal(c.left, number(&head, &l, "left", 1));
        }
    }
    assert_true(cases >= 11);
}

/* --- records, draws ----------------------------------------------------------------------------------------- */

static void test_records(void **state)
{
    (void)state;
    struct line head, l;
    const char *at = find_table("### Records", &head);
    int cases = 0;
    for (; next_line(&at, &l); cases++) {
        struct st_table table = {.size = ST_TABLE_SIZE};
        static const char *const kinds[] = {"history", "trace", "value", "count", "calcium"};
        struct st_plastic p = {.tables = 1, .table = &table};
        const char *kind = cell(&head, &l, "kind", 0);
        while (strcmp(kind, kinds[p.pre_kind]) != 0)
            assert_true(++p.pre_kind < ST_TRACE_KINDS);
        if (p.pre_kind == ST_TRACE_DECAYING) {
            table.at[number(&head, &l, "at", 0)] = (int16_t)number(&head, &l, "decay", 0);
            p.trace_step = (int16_t)number(&head, &l, "step", 0);
        }
        if (p.pre_kind == ST_TRACE_CALCIUM) {
            p.decay_table = (uint8_t)number(&head, &l, "at", 0);
            p.trace_step = (int16_t)number(&head, &l, "step", 0);
        }
        uint16_t x = (uint16_t)number(&head, &l, "x", 0);
        bool none = strcmp(cell(&head, &l, "last", 0), "none") == 0;
        uint32_t last = none ? 0 : (uint32_t)number(&head, &l, "last", 0) + 1;
        uint32_t now = (uint32_t)number(&head, &l, "now", 0);
        assert_int_equal(st_ref_age(last, now), number(&head, &l, "g", 0));
        int16_t value = p.pre_kind == ST_TRACE_VALUE ? (int16_t)number(&head, &l, "value", 0) : (int16_t)7;
        st_ref_trace_event(&p, &x, &last, now, value);
        if (x != (uint16_t)number(&head, &l, "-> x", 0))
            fail_msg("%s: got %d", cell(&head, &l, "what it shows", 0), p.pre_kind ? (int16_t)x : x);
        assert_int_equal(st_ref_age(last, now), 0);
    }
    assert_true(cases >= 17);
}

static void test_draws(void **state)
{
    (void)state;
    struct line head, l;
    const char *at = find_table("### Draws", &head);
    int cases = 0;
    for (; next_line(&at, &l); cases++) {
        struct st_key key;
        for (int k = 0; k < 4; k++)
            key.k[k] = (uint16_t)strtoul(cell(&head, &l, (const char *[]){"k0", "k1", "k2", "k3"}[k], 0), NULL, 16);
        assert_int_equal(st_draw16(key, (uint32_t)number(&head, &l, "i", 0)),
                         strtoul(cell(&head, &l, "draw", 0), NULL, 16));
    }
    assert_true(cases >= 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_neurons), cmocka_unit_test(test_thresholds), cmocka_unit_test(test_columns),
        cmocka_unit_test(test_records), cmocka_unit_test(test_draws),
    };
    return cmocka_run_group_tests(tests, open_page, NULL);
}
