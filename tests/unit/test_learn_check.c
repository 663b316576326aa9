/* test_learn_check.c - what is a program of the learning engine, what it can reach, and how long it takes.
 *
 * The check is what the assembler, the loader and both engines rely on, so each of its refusals is caused once. The
 * list of operands is also the proof that a rule is local: a pass reads its own synapse, its axon's record and its
 * owner's scalars, and writes its own synapse; no code names another line, another neuron or another core. */
#include "line.h"
#include "random_net.h"
#include "random_rule.h"
#include "stoa/learn_check.h"
#include "stoa/learn_cost.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
/* after those it needs */
#include <cmocka.h>

static struct st_arena arena;

#define W(...) st_insn_pack((struct st_insn){__VA_ARGS__})
#define END W(.op = ST_OP_END)
#define PASS_1 W(.op = ST_OP_PASS, .count = 1)
#define ADD(to, from) W(.op = ST_OP_ADD, .d = (to), .a = (from), .b = T0)
#define T0 ST_T0
#define V0 ST_V0

/* --- locality ---------------------------------------------------------------------------------------------------- */

/* What each of the 32 operand codes is, as the manual says it: r readable, w writable; in scalar code, in a pass. */
static const struct {
    const char *scalar, *pass;
} operands[32] = {
    [0 ... 7] = {"rw", "r"},  /* s0..s7: the owner's record */
    [8 ... 11] = {"rw", "r"}, /* t0..t3 */
    [12 ... 15] = {"rw", ""}, /* a0..a2, m: known when the pass is over */
    [16 ... 19] = {"", "rw"}, /* v0..v3: this synapse, this beat */
    [20] = {"", "r"},         /* r */
    [21] = {"", "rw"},        /* r' */
    [22] = {"", "r"},         /* q */
    [23] = {"", "rw"},        /* q' */
    [24] = {"", "r"},         /* x: this synapse's axon */
    [25] = {"", "r"},         /* g */
    [26] = {"", "r"},         /* w */
    [27] = {"", "rw"},        /* w' */
    [28 ... 30] = {"", ""},   /* nothing */
    [31] = {"r", "r"},        /* 0 */
};

static void test_operands(void **state)
{
    struct st_plastic p = {.has_resource = 1, .has_aux = 1};
    (void)state;
    for (unsigned code = 0; code < 32; code++)
        for (int in_pass = 0; in_pass < 2; in_pass++) {
            const char *may = in_pass ? operands[code].pass : operands[code].scalar;
            struct st_insn as[3] = {{.op = ST_OP_ADD, .d = in_pass ? V0 : T0, .a = (uint8_t)code, .b = ST_ZERO},
                                    {.op = ST_OP_ADD, .d = in_pass ? V0 : T0, .a = ST_ZERO, .b = (uint8_t)code},
                                    {.op = ST_OP_ADD, .d = (uint8_t)code, .a = ST_ZERO, .b = ST_ZERO}};
            for (int k = 0; k < 3; k++)
                assert_int_equal(!st_insn_fault(&p, as[k], in_pass, 15, ST_ON_SPIKE),
                                 strchr(may, k < 2 ? 'r' : 'w') != NULL);
        }
}

/* Whatever its operands, an operation goes where learn.def says, and no other bits of a word are an instruction. */
static void test_every_operation(void **state)
{
    struct st_plastic p = {.has_resource = 1, .has_aux = 1, .tables = ST_TABLES};
    (void)state;
    for (unsigned op = 0; op < 32; op++)
        for (int in_pass = 0; in_pass < 2; in_pass++) {
            bool found = false;
            for (unsigned d = 0; d < 32 && !found; d++)
                for (unsigned a = 0; a < 32 && !found; a++)
                    for (unsigned b = 0; b < 32 && !found; b++) {
                        struct st_insn i = st_insn_unpack(op << 27 | d << 22 | a << 17 | b << 12);
                        found = op < ST_OP_COUNT && !st_insn_fault(&p, i, in_pass, 15, ST_ON_SPIKE);
                    }
            const char *forms = st_op_forms(op);
            bool wanted = in_pass ? strchr(forms, 'V') != NULL : strchr(forms, 'S') || strchr(forms, 'C');
            assert_int_equal(found, wanted && op < ST_OP_COUNT);
        }
}

/* --- refusals ---------------------------------------------------------------------------------------------------- */

enum { ROOM = 8 };
#define AT_0                                                                                                           \
    {                                                                                                                  \
        ST_NONE, 0, ST_NONE                                                                                            \
    }
static void test_refused(void **state)
{
    static struct st_table tables[5];
    const struct {
        const char *says;
        uint32_t at, words;
        uint32_t program[ROOM];
        uint32_t entry[3]; /* of the first three triggers */
        uint8_t tables, weight_only;
    } wrong[] = {
        {"more words or tables", 0, 1, {END}, AT_0, 5, 0},
        {"outside of the words", 3, 1, {END}, {ST_NONE, 3, ST_NONE}, 0, 0},
        {"where another does", 0, 1, {END}, {0, 0, ST_NONE}, 0, 0},
        {"no trigger reaches", 0, 2, {END, END}, {ST_NONE, 1, ST_NONE}, 0, 0},
        {"before does not end", 1, 2, {W(.op = ST_OP_LI), END}, {ST_NONE, 0, 1}, 0, 0},
        {"not an instruction", 0, 2, {31u << 27, END}, AT_0, 0, 0},
        {"not an instruction", 0, 2, {ADD(T0, T0) | 1, END}, AT_0, 0, 0},
        {"not an instruction", 0, 2, {W(.op = ST_OP_LI) | 1, END}, AT_0, 0, 0},
        {"does not use", 0, 2, {W(.op = ST_OP_ADD, .d = T0, .a = T0, .b = T0, .n = 1), END}, AT_0, 0, 0},
        {"does not use", 0, 2, {W(.op = ST_OP_ADD, .d = T0, .a = T0, .b = T0, .round = 1), END}, AT_0, 0, 0},
        {"does not use", 0, 2, {W(.op = ST_OP_RND, .d = T0, .a = T0), END}, AT_0, 0, 0},
        {"does not use", 0, 2, {W(.op = ST_OP_TAB, .d = T0, .b = T0), END}, AT_0, 1, 0},
        {"does not use", 0, 1, {W(.op = ST_OP_END, .d = 3)}, AT_0, 0, 0},
        {"only a result of a pass",
         0,
         2,
         {W(.op = ST_OP_ADD, .d = T0, .a = T0, .b = T0, .reduce = 1), END},
         AT_0,
         0,
         0},
        {"only a result of a pass",
         1,
         3,
         {PASS_1, W(.op = ST_OP_ADD, .d = V0, .a = ST_W, .b = T0, .reduce = 5), END},
         AT_0,
         0,
         0},
        {"only a result of a pass", 1, 3, {PASS_1, W(.op = ST_OP_EMIT, .a = ST_W, .reduce = 1), END}, AT_0, 0, 0},
        {"no such table", 0, 2, {W(.op = ST_OP_TAB, .d = T0, .a = T0, .n = 1), END}, AT_0, 1, 0},
        {"does not go into a pass", 1, 3, {PASS_1, W(.op = ST_OP_LI), END}, AT_0, 0, 0},
        {"does not go into a pass", 1, 3, {PASS_1, PASS_1, END}, AT_0, 0, 0},
        {"goes into a pass only", 0, 2, {W(.op = ST_OP_EMIT, .a = T0), END}, AT_0, 0, 0},
        {"outside of a pass", 0, 2, {ADD(T0, ST_W), END}, AT_0, 0, 0},
        {"no such operand", 1, 3, {PASS_1, ADD(V0, 29), END}, AT_0, 0, 0},
        {"no such field", 1, 3, {PASS_1, ADD(V0, ST_R), END}, AT_0, 0, 1},
        {"no such field", 1, 3, {PASS_1, ADD(ST_QN, T0), END}, AT_0, 0, 1},
        {"before it is written", 1, 3, {PASS_1, W(.op = ST_OP_SEL, .d = V0, .a = T0, .b = T0), END}, AT_0, 0, 0},
        {"before it is written", 3, 5, {PASS_1, W(.op = ST_OP_RND, .d = V0), PASS_1, ADD(V0, V0), END}, AT_0, 0, 0},
        {"read after its pass", 1, 3, {PASS_1, ADD(V0, ST_M), END}, AT_0, 0, 0},
        {"writes scalars only", 0, 2, {W(.op = ST_OP_LI, .d = ST_WN), END}, AT_0, 0, 0},
        {"a pass writes", 1, 3, {PASS_1, W(.op = ST_OP_RND, .d = ST_W), END}, AT_0, 0, 0},
        {"no record", 0, 2, {W(.op = ST_OP_LI, .d = 2), END}, {0, ST_NONE, ST_NONE}, 0, 0},
        {"no record", 0, 2, {W(.op = ST_OP_SKN, .a = 2), END}, {0, ST_NONE, ST_NONE}, 0, 0},
        {"no axon to send on", 1, 3, {PASS_1, W(.op = ST_OP_EMIT, .a = ST_W), END}, {0, ST_NONE, ST_NONE}, 0, 0},
        {"a pass without instructions", 0, 2, {W(.op = ST_OP_PASS), END}, AT_0, 0, 0},
        {"beyond the program", 0, 2, {W(.op = ST_OP_SKZ, .a = T0, .count = 1), END}, AT_0, 0, 0},
        {"beyond the program", 0, 3, {W(.op = ST_OP_SKZ, .a = T0, .count = 1), END, END}, {ST_NONE, 0, 2}, 0, 0},
        {"a skip goes into a pass",
         2,
         4,
         {W(.op = ST_OP_SKZ, .a = T0, .count = 1), PASS_1, W(.op = ST_OP_RND, .d = V0), END},
         AT_0,
         0,
         0},
        {"does not end", 0, 1, {W(.op = ST_OP_LI)}, AT_0, 0, 0},
        {"does not end", 1, 2, {W(.op = ST_OP_PASS, .count = 2), W(.op = ST_OP_RND, .d = V0)}, AT_0, 0, 0},
    };
    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        uint32_t at = 99, program[ROOM];
        memcpy(program, wrong[i].program, sizeof program);
        struct st_plastic p = {.words = wrong[i].words,
                               .program = program,
                               .tables = wrong[i].tables,
                               .table = tables,
                               .has_resource = !wrong[i].weight_only,
                               .has_aux = !wrong[i].weight_only};
        memcpy(p.entry, wrong[i].entry, sizeof wrong[i].entry);
        p.entry[ST_ON_MEASURE] = ST_NONE;
        const char *fault = st_program_fault(&p, &at);
        if (!fault || !strstr(fault, wrong[i].says) || at != wrong[i].at)
            fail_msg("case %zu wants \"%s\" at %u, not \"%s\" at %u", i, wrong[i].says, wrong[i].at,
                     fault ? fault : "fine", at);
    }
    struct st_plastic none = {.entry = {ST_NONE, ST_NONE, ST_NONE, ST_NONE}};
    uint32_t at;
    assert_null(st_program_fault(&none, &at));
}

/* Programs with a bit turned over: refused, or still programs which end. */
static void test_turned_bits(void **state)
{
    long refused = 0, fine = 0;
    (void)state;
    for (uint64_t seed = 1; seed <= 60; seed++) {
        struct st_plastic p = st_random_rule(&arena, seed, 0, -100, 100)->plastic;
        for (uint32_t bit = 0; bit < 32 * p.words; bit++) {
            uint32_t at;
            p.program[bit / 32] ^= 1u << bit % 32;
            const char *fault = st_program_fault(&p, &at);
            refused += fault != NULL;
            fine += fault == NULL;
            if (!fault)
                for (int t = 0; t < ST_TRIGGER_COUNT; t++)
                    st_program_cycles(&p, (enum st_trigger)t, 784, 16, true);
            p.program[bit / 32] ^= 1u << bit % 32;
        }
    }
    print_message("  %ld refused, %ld other programs\n", refused, fine);
    assert_true(refused > 1000 && fine > 1000);
}

/* --- cycles ------------------------------------------------------------------------------------------------------ */

static void test_pass_cycles(void **state)
{
    const uint32_t read_only[1] = {W(.op = ST_OP_MAX, .d = V0, .a = ST_W, .b = ST_ZERO)};
    const uint32_t writes[1] = {W(.op = ST_OP_MAX, .d = ST_WN, .a = ST_W, .b = ST_ZERO)};
    const uint32_t shared[3] = {read_only[0], W(.op = ST_OP_MUL, .d = V0, .a = V0, .b = V0),
                                W(.op = ST_OP_TAB, .d = V0, .a = V0)};
    (void)state;
    assert_int_equal(st_pass_cycles(read_only, 1, 784, 4, false), 196 + 4);
    assert_int_equal(st_pass_cycles(writes, 1, 784, 4, false), 2 * 196 + 4);
    assert_int_equal(st_pass_cycles(shared, 3, 784, 4, false), 3 * 196 + 4);
    assert_int_equal(st_pass_cycles(shared, 3, 784, 4, true), 9 * 196 + 4);
    assert_int_equal(st_pass_cycles(shared, 3, 785, 16, true), 33 * 50 + 6);
    assert_int_equal(st_pass_cycles(writes, 1, 1, 1, true), 2 + 2);
    assert_int_equal(st_pass_cycles(writes, 1, 5, 3, true), 4 + 4);
    assert_int_equal(st_pass_cycles(writes, 1, 0, 4, true), 4);
}

static void test_program_cycles(void **state)
{
    const uint32_t program[] = {
        W(.op = ST_OP_SKN, .a = T0, .count = 2), /* the short way is the costly one */
        W(.op = ST_OP_LI, .d = T0),
        W(.op = ST_OP_SKZ, .a = ST_ZERO, .count = 2),
        PASS_1,
        W(.op = ST_OP_RND, .d = V0),
        END,
        END,
    };
    struct st_plastic p = {.words = 7, .program = (uint32_t *)(uintptr_t)program, .entry = {6, 0, ST_NONE, ST_NONE}};
    uint32_t at;
    (void)state;
    assert_null(st_program_fault(&p, &at));
    assert_int_equal(st_program_cycles(&p, ST_ON_PRE, 100, 1, false), 1);
    assert_int_equal(st_program_cycles(&p, ST_ON_REWARD, 100, 1, false), 0);
    /* record 16; skn, pass, its 100 beats and drain, end */
    assert_int_equal(st_program_cycles(&p, ST_ON_SPIKE, 100, 1, false), 16 + 1 + 1 + 102 + 1);
    assert_int_equal(st_program_cycles(&p, ST_ON_SPIKE, 0, 1, false), 16 + 1 + 1 + 2 + 1);
}

/* What can never be skipped always counts. */
static void test_never_skipped(void **state)
{
    uint32_t program[] = {W(.op = ST_OP_SKN, .a = ST_ZERO, .count = 1), END, PASS_1, W(.op = ST_OP_RND, .d = V0), END};
    struct st_plastic p = {.words = 5, .program = program, .entry = {0, ST_NONE, ST_NONE, ST_NONE}};
    uint32_t at;
    (void)state;
    assert_null(st_program_fault(&p, &at));
    assert_int_equal(st_program_cycles(&p, ST_ON_PRE, 10, 1, false), 2);
}

/* No run of any program takes longer than the longest, and some take as long. */
static void test_bound(void **state)
{
    enum { LINE = 3 };
    long as_long = 0;
    (void)state;
    for (uint64_t seed = 1; seed <= 100; seed++) {
        const struct st_rule *rule = st_random_rule(&arena, seed, 0, -100, 100);
        const struct st_plastic *p = &rule->plastic;
        struct st_random r = {.seed = seed};
        for (int k = 0; k < 60; k++) {
            enum st_trigger t = (enum st_trigger)(k % ST_TRIGGER_COUNT);
            int16_t w[LINE] = {0}, q[LINE], x[LINE], g[LINE], res[LINE];
            int32_t emitted[LINE] = {0};
            struct st_ref_line l = {.n = LINE,
                                    .w = w,
                                    .r = p->has_resource ? res : NULL,
                                    .q = p->has_aux ? q : NULL,
                                    .w_stride = 1,
                                    .r_stride = 1,
                                    .q_stride = 1,
                                    .x = x,
                                    .g = g,
                                    .tables = p->table,
                                    .emitted = emitted};
            if (p->entry[t] == ST_NONE)
                continue;
            for (int i = 0; i < LINE; i++) {
                res[i] = (int16_t)st_random_below(&r, 65536);
                q[i] = (int16_t)st_random_below(&r, 65536);
                x[i] = (int16_t)st_random_below(&r, 65536);
                g[i] = (int16_t)st_random_below(&r, 32768);
            }
            for (int i = t == ST_ON_PRE ? ST_T0 : 0; i < ST_A0; i++)
                l.s[i] = (int32_t)st_random_below(&r, 4) - 1;
            st_ref_line(&l, p->program, p->entry[t]);
            /* with a lane a cycle per instruction and synapse; PASS words are among scalar_words */
            uint64_t least = l.scalar_words + l.lane_words + (t == ST_ON_PRE ? 0 : 16);
            uint64_t most = st_program_cycles(p, t, LINE, 1, false), drains = 0;
            for (uint32_t word = 0; word < p->words; word++)
                drains += st_insn_unpack(p->program[word]).op == ST_OP_PASS ? 2 + 2 * LINE : 0;
            assert_true(least <= most);
            as_long += most <= least + drains;
        }
    }
    assert_true(as_long > 100);
}

static int open_arena(void **state)
{
    (void)state;
    st_arena_init(&arena);
    return 0;
}

static int close_arena(void **state)
{
    (void)state;
    st_arena_free(&arena);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_operands),      cmocka_unit_test(test_every_operation),
        cmocka_unit_test(test_refused),       cmocka_unit_test(test_turned_bits),
        cmocka_unit_test(test_pass_cycles),   cmocka_unit_test(test_program_cycles),
        cmocka_unit_test(test_never_skipped), cmocka_unit_test(test_bound),
    };
    return cmocka_run_group_tests(tests, open_arena, close_arena);
}
