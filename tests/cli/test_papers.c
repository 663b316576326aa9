/* The tables of the sources (tools/papers.py) are of what is there now: a result whose files or command have changed is
 * stale, is named and run again, or kept when that is asked for. In place of stoa a script counts how often it is run.
 */
#include "insist.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
/* after those it needs */
#include <cmocka.h>

static const char fake[] =
    "#!/bin/sh\nfor w; do case $last in --out) out=$w ;; esac; last=$w; done\n"
    "mkdir -p $out && echo run >>$(dirname $0)/runs-of-stoa\n"
    "echo '{\"copies\": 1, \"variant\": \"scalar\", \"train_seconds\": 3, \"test_seconds\": 4, \"tasks\": {\"rows\": "
    "[{\"task\": 0}],"
    " \"accuracy\": [[0.5]], \"one_network\": [[0.5]], \"summary\": {\"average_accuracy\": 0.5, \"forgetting\": null},"
    " \"summary_one_network\": {\"average_accuracy\": 0.5, \"forgetting\": null}}}' >$out/result.json\n";

/* What it said, after insisting on how often stoa was run until now. */
static char *papers(const char *setting, unsigned runs)
{
    char here[4096], *script = in_folder("stoa"), *said = in_folder("said");
    size_t length;
    assert_non_null(getcwd(here, sizeof here));
    const char *command =
        st_arena_printf(&arena, "cd '%s' && SEEDS=1 %s python3 '%s/tools/papers.py' '%s' runs split-mnist >'%s' 2>&1",
                        folder, setting, here, script, said);
    int status = system(command); /* NOLINT(cert-env33-c): the words are this file's */
    char *text = slurp(said, &length);
    if (status != 0)
        fail_msg("%s", text);
    unsigned count = 0;
    for (char *at = slurp(in_folder("runs-of-stoa"), &length); (at = strstr(at, "run\n")); at++)
        count++;
    if (count != runs)
        fail_msg("%u runs where there should be %u:\n%s", count, runs, text);
    return text;
}

static void write_file(const char *name, const char *text) { spill(in_folder(name), text, strlen(text)); }

static void a_stale_result_is_run_again(void **state)
{
    (void)state;
    static const char *const folders[] = {"netlists", "netlists/experiments", "netlists/networks", "netlists/fabrics",
                                          "rules"};
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++)
        assert_int_equal(mkdir(in_folder(folders[i]), 0777), 0);
    write_file("netlists/experiments/split-mnist.yaml", "network: ../networks/a.yaml\nfabric: chip # a comment\n");
    write_file("netlists/networks/a.yaml", "projections: [ { plasticity: { rule: r, x: 1 } } ]\n");
    write_file("netlists/fabrics/chip.yaml", "fabric: chip\n");
    write_file("rules/r.rule", "rule r\n");
    write_file("stoa", fake);
    assert_int_equal(chmod(in_folder("stoa"), 0777), 0);

    char *table = papers("", 1);
    has(table, "s a seed");
    has(table, " 7    scalar");
    has(table, "cores");
    assert_null(strstr(papers("", 1), "stale")); /* nothing has changed */
    static const char *const files[] = {"netlists/experiments/split-mnist.yaml", "netlists/networks/a.yaml",
                                        "netlists/fabrics/chip.yaml", "rules/r.rule"};
    for (unsigned i = 0; i < sizeof files / sizeof *files; i++) {
        size_t length;
        char *was = slurp(in_folder(files[i]), &length);
        write_file(files[i], st_arena_printf(&arena, "%s# more\n", was));
        has(papers("KEEP=1", 1 + i), "kept as it is");
        char *said = papers("", 2 + i);
        has(said, "run again");
        has(said, files[i]);
        assert_null(strstr(papers("", 2 + i), "stale"));
    }
    assert_int_equal(unlink(in_folder("runs/split-mnist/1/fingerprint.json")), 0); /* as older runs are */
    has(papers("KEEP=1", 5), "does not say what it was made from");
    papers("", 6);
}

static int begin(void **state)
{
    (void)state;
    return insist_begin() ? 0 : -1;
}

static int end(void **state)
{
    (void)state;
    return insist_end();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_stale_result_is_run_again),
    };
    return cmocka_run_group_tests_name("papers", tests, begin, end);
}
