/* The complete files on the page of the language are read as they stand; nothing is wrong with them. */
#include "compile.h"
#include "experiment.h"
#include "fabric_table.h"
#include "file.h"
#include <ctype.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static struct st_arena arena;

/* The fenced block that begins with `key`. */
static const char *block(const char *key, size_t *length)
{
    struct st_fault f;
    char *page;
    size_t page_length;
    assert_true(st_file_read(&arena, "docs/language.md", &page, &page_length, &f));
    char *begin = strstr(page, st_arena_printf(&arena, "```yaml\n%s:", key));
    assert_non_null(begin);
    begin += strlen("```yaml\n");
    char *end = strstr(begin, "```");
    assert_non_null(end);
    *length = (size_t)(end - begin);
    return begin;
}

static void the_examples_are_right(void **state)
{
    (void)state;
    struct st_diags d;
    size_t length;
    st_arena_init(&arena);
    assert_false(setjmp(arena.full));
    st_diags_init(&d, &arena);
    const char *text = block("network", &length);
    const struct st_net *net = st_net_read(&arena, &d, "network", text, length, NULL, 0);
    text = block("fabric", &length);
    const struct st_fabric *fabric = st_fabric_read(&arena, &d, "fabric", text, length);
    text = block("experiment", &length);
    const struct st_experiment *e = st_experiment_read(&arena, &d, "netlists/experiments/x.yaml", text, length);
    bool right = net && fabric && e && st_net_check(net, &d) && st_fabric_check(fabric, &d);
    struct st_compile_options how = {.seed = 1};
    if (!right || !st_compile(&arena, &d, net, fabric, &how, NULL) || d.count)
        fail_msg("%s", st_diags_text(&d, false));
    assert_string_equal(e->network, "netlists/experiments/../networks/colanet-tuned.yaml");
    st_arena_free(&arena);
}

static void refused(const char *text, const char *id)
{
    struct st_diags d;
    st_arena_init(&arena);
    assert_false(setjmp(arena.full));
    st_diags_init(&d, &arena);
    assert_null(st_experiment_read(&arena, &d, "x.yaml", text, strlen(text)));
    bool found = false;
    for (uint32_t k = 0; k < d.count; k++)
        found |= !strcmp(st_diag_name(d.list[k].id), id);
    if (!found)
        fail_msg("'%s' wants [%s]:\n%s", text, id, st_diags_text(&d, false));
    st_arena_free(&arena);
}

static void wrong_experiments_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *text, *id;
    } cases[] = {
        {"", "empty-file"},
        {"experiment: x\n", "missing-key"},
        {"experiment: x\nnetwork: a\nfabric: b\ndata: 3\n", "wrong-type"},
        {"experiment: x\nnetwork: a\nfabric: b\nepoch: 1\n", "unknown-key"},
        {"experiment: x\nnetwork: a\nfabric: b\nepochs: 0\n", "out-of-range"},
        {"experiment: x\nnetwork: a\nfabric: b\ncopies: many\n", "not-a-number"},
        {"experiment: x\nnetwork: a\nfabric: b\ndata: { transpose: 3 }\n", "not-a-switch"},
        {"experiment: x\nnetwork: a\nfabric: b\ndata: { classes: 3 }\n", "wrong-type"},
        {"experiment: x\nnetwork: a\nfabric: b\ndata: { classes: [0, 256] }\n", "out-of-range"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        refused(cases[i].text, cases[i].id);
}

/* --- every key has its place on the page ---------------------------------------------------------------------- */

static char *file_text(const char *path)
{
    struct st_fault f;
    char *text;
    size_t length;
    if (!st_file_read(&arena, path, &text, &length, &f))
        fail_msg("%s", f.text);
    return text;
}

static void the_tables_of_a_fabric_are_whole(void **state)
{
    static const struct {
        int64_t lowest, highest, standard;
        const char *key, *what;
    } limits[] = {
#define NEEDED ST_LIMIT_NEEDED
#define DERIVED ST_LIMIT_DERIVED
#define X(name, lowest, highest, standard, what) {lowest, highest, standard, #name, what},
#include "limits.def"
    };
    (void)state;
    st_arena_init(&arena);
    assert_false(setjmp(arena.full));
    const char *page = file_text("docs/language.md");
    for (size_t i = 0; i < sizeof limits / sizeof *limits; i++) {
        const char *standard = limits[i].standard == ST_LIMIT_NEEDED ? "needed"
                               : limits[i].standard == ST_LIMIT_DERIVED
                                   ? "derived"
                                   : st_arena_printf(&arena, "%lld", (long long)limits[i].standard);
        const char *row =
            st_arena_printf(&arena, "| `%s` | %lld .. %lld | %s | %s |\n", limits[i].key, (long long)limits[i].lowest,
                            (long long)limits[i].highest, standard, limits[i].what);
        if (!strstr(page, row))
            fail_msg("docs/language.md lacks this row:\n%s", row);
    }
    for (const struct st_cost_row *c = st_cost_rows; c->key; c++) {
        const char *row = st_arena_printf(&arena, "| `%s` | %s | %s |\n", c->key, c->unit, c->what);
        if (!strstr(page, row))
            fail_msg("docs/language.md lacks this row:\n%s", row);
    }
    st_arena_free(&arena);
}

/* The readers list the keys that they take in arrays named keys[]; each stands on the page as code. */
static void every_key_is_on_the_page(void **state)
{
    static const char *const readers[] = {"compiler/front/net_read.c", "compiler/front/net_read_nodes.c",
                                          "compiler/front/net_read_links.c", "compiler/front/fabric_read.c",
                                          "runtime/experiment.c"};
    volatile int keys = 0;
    (void)state;
    st_arena_init(&arena);
    assert_false(setjmp(arena.full));
    const char *page = file_text("docs/language.md");
    for (size_t i = 0; i < sizeof readers / sizeof *readers; i++) {
        for (const char *at = file_text(readers[i]); (at = strstr(at, "keys[] = {")) != NULL; at++) {
            const char *end = strchr(at, '}');
            for (const char *open = strchr(at, '"'); open && open < end;
                 open = strchr(strchr(open + 1, '"') + 1, '"')) {
                size_t length = strcspn(open + 1, "\"");
                bool found = false;
                for (const char *p = page; !found && (p = strstr(p, st_arena_text(&arena, open + 1, length))) != NULL;
                     p++)
                    found = p > page && !isalnum((unsigned char)p[-1]) && p[-1] != '_' &&
                            !isalnum((unsigned char)p[length]) && p[length] != '_';
                if (!found)
                    fail_msg("%s takes the key '%.*s', which docs/language.md does not name", readers[i], (int)length,
                             open + 1);
                keys++;
            }
        }
    }
    assert_in_range(keys, 60, 1000); /* or they are written in another way now, and this test sees none */
    st_arena_free(&arena);
}

/* The least fabric reads, and what is derived keeps the sums of a tick within their 30 bits. */
static void a_least_fabric(void **state)
{
    (void)state;
    for (volatile int bits = 2; bits <= 16; bits++)
        for (volatile int axons = 1; axons <= 65535; axons = 3 * axons + 1) {
            if (axons > 1 << (ST_SUM_BITS - bits))
                continue; /* no shift leaves room for such a sum */
            struct st_diags d;
            st_arena_init(&arena);
            assert_false(setjmp(arena.full));
            st_diags_init(&d, &arena);
            const char *text = st_arena_printf(
                &arena, "fabric: mine\ncore: { neurons: 9, axons: %d, weight_bits: %d }\n", axons, bits);
            const struct st_fabric *f = st_fabric_read(&arena, &d, "mine", text, strlen(text));
            if (!f || !st_fabric_check(f, &d))
                fail_msg("%s", st_diags_text(&d, false));
            assert_int_equal(f->limits.groups, 9);
            assert_int_equal(f->limits.synapse_bits, 9u * (unsigned)(axons * bits));
            st_arena_free(&arena);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_examples_are_right),
        cmocka_unit_test(wrong_experiments_are_refused),
        cmocka_unit_test(the_tables_of_a_fabric_are_whole),
        cmocka_unit_test(every_key_is_on_the_page),
        cmocka_unit_test(a_least_fabric),
    };
    return cmocka_run_group_tests_name("language", tests, NULL, NULL);
}
