/* The complete files on the page of the language are read as they stand; nothing is wrong with them. */
#include "compile.h"
#include "experiment.h"
#include "file.h"
#include <stdarg.h>
#include <stddef.h>
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
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        refused(cases[i].text, cases[i].id);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_examples_are_right),
        cmocka_unit_test(wrong_experiments_are_refused),
    };
    return cmocka_run_group_tests_name("language", tests, NULL, NULL);
}
