/* test_schema.c - what commands print with --json is what docs/json.schema.json says, key by key.
 *
 * The schema takes no key that it does not name, so a new key that nobody described fails here. It is checked by
 * python3-jsonschema (tests/cli/schema.py). */
#include "file.h"
#include "insist.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
/* after those it needs */
#include <cmocka.h>

/* Whether the file is of the form; what the schema finds wrong goes to this program's output. */
static bool fits(const char *form, const char *file)
{
    const char *command =
        st_arena_printf(&arena, "python3 tests/cli/schema.py docs/json.schema.json %s '%s'", form, file);
    return system(command) == 0; /* NOLINT(cert-env33-c): the words are this file's */
}

static const char *kept(const char *name, struct said s)
{
    const char *path = in_folder(name);
    spill(path, s.out, s.out_length);
    return path;
}

static void a_training_and_its_report(void **state)
{
    (void)state;
    make_pictures(in_folder("images"), in_folder("labels"), 300, 1);
    const char *experiment = in_folder("small.yaml");
    char here[4096], *text;
    assert_non_null(getcwd(here, sizeof here));
    text = st_arena_printf(&arena,
                           "experiment: small\nnetwork: %s/netlists/networks/colanet-tuned.yaml\n"
                           "fabric: %s/netlists/fabrics/stoa-1-large.yaml\ncopies: 2\n"
                           "data: { folder: %s, train: { images: images, labels: labels }, "
                           "test: { images: images, labels: labels } }\n",
                           here, here, in_folder(""));
    spill(experiment, text, strlen(text));
    assert_true(
        fits("result", kept("result.json", STOA(DONE, "train", experiment, "--json", "--out", in_folder("run")))));
    assert_true(fits("result", in_folder("run/result.json")));
    assert_true(fits("report", kept("report.json", STOA(DONE, "report", in_folder("run"), "--json"))));
    struct said asked = STOA(DONE, "run", in_folder("run/trained.img"), "--images", in_folder("images"), "--labels",
                             in_folder("labels"), "--json");
    const char *file = kept("asked.json", asked);
    assert_true(fits("result", file));
    assert_true(fits("report", kept("asked-report.json",
                                    STOA(DONE, "report", in_folder("run/trained.img"), "--run", file, "--json"))));
}

static void a_sequence_of_tasks(void **state)
{
    (void)state;
    make_pictures(in_folder("images"), in_folder("labels"), 300, 1);
    const char *experiment = in_folder("sequence.yaml");
    char here[4096], *text;
    assert_non_null(getcwd(here, sizeof here));
    text = st_arena_printf(&arena,
                           "experiment: sequence\nnetwork: %s/netlists/networks/colanet-permuted.yaml\n"
                           "fabric: %s/netlists/fabrics/stoa-1-large.yaml\ncopies: 2\n"
                           "data: { folder: %s, train: { images: images, labels: labels }, "
                           "test: { images: images, labels: labels } }\n"
                           "tasks: [ { task: P, times: 2, permutation: each } ]\n"
                           "phases: [ { learn: P, ask: all } ]\n",
                           here, here, in_folder(""));
    spill(experiment, text, strlen(text));
    assert_true(
        fits("result", kept("tasks.json", STOA(DONE, "train", experiment, "--json", "--out", in_folder("tasks")))));
    assert_true(fits("report", kept("tasks-report.json", STOA(DONE, "report", in_folder("tasks"), "--json"))));
    assert_true(
        fits("baseline", kept("baseline.json", STOA(DONE, "baseline", experiment, "--hidden", "16", "--json"))));
    has(STOA(DONE, "baseline", experiment, "--hidden", "16", "--method", "ewc").out, "dense network");
    has(STOA(USAGE, "baseline", experiment, "--method", "mine").err, "plain, ewc, replay or joint");
    has(STOA(USAGE, "baseline", experiment, "--hidden", "17").err, "multiple of 8");
    struct said table = STOA(DONE, "train", experiment, "--limit", "100", "--ask", "50", "--out", in_folder("tasks"));
    has(table.out, "after P1");
    has(table.out, "ensemble, votes added    AA");
    /* over seeds: means and deviations, and runs that do not belong together are refused */
    STOA(DONE, "train", experiment, "--seed", "2", "--out", in_folder("tasks-2"));
    STOA(DONE, "report", in_folder("tasks-2"), in_folder("tasks.json"), "-o", in_folder("seeds.html"));
    size_t length;
    const char *page = slurp(in_folder("seeds.html"), &length);
    has(page, "sequence over 2 seeds");
    has(page, "mean and deviation of the seeds");
    has(page, " \xc2\xb1 ");
    has(STOA(WORLD, "report", in_folder("tasks-2"), in_folder("tasks-2/result.json")).err, "the seed 2, as another");
    has(STOA(WORLD, "report", in_folder("tasks-2"), in_folder("tasks")).err, "other tasks, copies or pictures");
    has(STOA(USAGE, "report", in_folder("tasks-2"), in_folder("tasks"), "--json").err, "several runs");
}

/* Microcolumns that change their column: the form of the result, the table, the page, and the image. */
static void a_migration(void **state)
{
    (void)state;
    make_pictures(in_folder("images"), in_folder("labels"), 600, 1);
    const char *experiment = in_folder("moving.yaml");
    char here[4096], *text;
    assert_non_null(getcwd(here, sizeof here));
    static const char form[] = "experiment: moving\nnetwork: %s/netlists/networks/colanet-lasting.yaml\n"
                               "fabric: %s/netlists/fabrics/stoa-1-wide.yaml\ncopies: 2\n"
                               "set: { microcolumns: 4, freeze: 4 }\n"
                               "data: { folder: %s, train: { images: images, labels: labels }, "
                               "test: { images: images, labels: labels } }\n"
                               "tasks: [ { task: low, classes: [0, 1, 2] }, { task: both } ]\n"
                               "phases: [ { learn: all, ask: seen } ]\nmigrate: { population: %s, every: 100%s }\n";
    text = st_arena_printf(&arena, form, here, here, in_folder(""), "L", ", most: 5");
    spill(experiment, text, strlen(text));
    assert_true(
        fits("result", kept("moving.json", STOA(DONE, "train", experiment, "--json", "--out", in_folder("moving")))));
    size_t length;
    has(slurp(in_folder("moving/result.json"), &length), "{\"at\": ");
    has(slurp(in_folder("moving/report.html"), &length), "<h2>Migration</h2>");
    has(STOA(DONE, "dump", in_folder("moving/trained.img")).out, "  starts 0 ");
    struct said table = STOA(DONE, "train", experiment, "--threads", "1", "--out", in_folder("moving-1"));
    has(table.out, "migration in L");
    same_files(in_folder("moving/trained.img"), in_folder("moving-1/trained.img"));
    text = st_arena_printf(&arena, form, here, here, in_folder(""), "OUT", "");
    spill(experiment, text, strlen(text));
    has(STOA(REFUSED, "train", experiment, "--out", in_folder("moving-2")).err, "cannot migrate");
}

/* Nothing to see, no teacher, and what is looked at meanwhile. */
static void noise_and_measures(void **state)
{
    (void)state;
    make_pictures(in_folder("images"), in_folder("labels"), 300, 1);
    const char *experiment = in_folder("noise.yaml");
    char here[4096], *text;
    assert_non_null(getcwd(here, sizeof here));
    text = st_arena_printf(&arena,
                           "experiment: noise\nnetwork: %s/netlists/networks/colanet-permuted.yaml\n"
                           "fabric: %s/netlists/fabrics/stoa-1-large.yaml\ncopies: 2\n"
                           "data:\n  marks: { folder: %s, train: { images: images, labels: labels }, "
                           "test: { images: images, labels: labels } }\n"
                           "  static: { noise: white, pictures: 20 }\n"
                           "  driven: { noise: flat, pictures: 5, level: 200 }\n"
                           "phases:\n  - { learn: marks, ask: all, measure: spikes }\n"
                           "  - { learn: driven, ask: [marks, static], measure: [silent, spikes] }\n",
                           here, here, in_folder(""));
    spill(experiment, text, strlen(text));
    assert_true(fits("result", kept("noise.json", STOA(DONE, "train", experiment, "--json", "--threads", "1", "--out",
                                                       in_folder("noise")))));
    struct said table = STOA(DONE, "train", experiment, "--threads", "3", "--out", in_folder("noise-3"));
    same_files(in_folder("noise/trained.img"), in_folder("noise-3/trained.img"));
    has(table.out, "spikes after marks, all copies' pictures and each");
    has(table.out, "silent after driven");
    assert_true(fits("report", kept("noise-report.json", STOA(DONE, "report", in_folder("noise-3"), "--json"))));
    has(STOA(WORLD, "baseline", experiment).err, "no labels");
}

/* And a search that is killed goes on to the same bytes. */
static void a_search(void **state)
{
    (void)state;
    make_pictures(in_folder("images"), in_folder("labels"), 300, 1);
    const char *experiment = in_folder("search.yaml");
    char here[4096], *text;
    assert_non_null(getcwd(here, sizeof here));
    text = st_arena_printf(
        &arena,
        "experiment: search\nnetwork: %s/netlists/networks/colanet-permuted.yaml\n"
        "fabric: %s/netlists/fabrics/stoa-1-large.yaml\n"
        "data: { folder: %s, train: { images: images, labels: labels }, hold_out: 3, "
        "test: { images: images, labels: labels } }\n"
        "tasks: [ { task: P, times: 2, permutation: each } ]\n"
        "phases: [ { learn: P, ask: seen } ]\n"
        "tune: { parameters: { alpha: [0.02, 0.12], virtual: { from: 10, to: 4000, log: true, whole: true } },\n"
        "  population: 4, elite: 1, generations: 3, seeds: 1, copies: 1, first: 60, ask: 30 }\n",
        here, here, in_folder(""));
    spill(experiment, text, strlen(text));
    struct said s = STOA(DONE, "tune", experiment, "--json", "--out", in_folder("whole"));
    assert_true(fits("tune", kept("tune.json", s)));
    size_t length;
    char *log = slurp(in_folder("whole/log"), &length);
    assert_int_equal(mkdir(in_folder("part"), 0777), 0);
    spill(in_folder("part/log"), log, length / 2); /* as a kill leaves it: a line is cut */
    STOA(DONE, "tune", experiment, "--threads", "3", "--out", in_folder("part"));
    same_files(in_folder("whole/tune.json"), in_folder("part/tune.json"));
    same_files(in_folder("whole/tune.html"), in_folder("part/tune.html"));
    same_files(in_folder("whole/tuned.yaml"), in_folder("part/tuned.yaml"));
    has(slurp(in_folder("whole/tuned.yaml"), &length), "# Found by stoa tune");
    STOA(DONE, "check", in_folder("whole/tuned.yaml"));
    has(STOA(WORLD, "tune", experiment, "--range", "nothing=0:1", "--out", in_folder("other")).err,
        "no number 'nothing'");
    has(STOA(WORLD, "tune", experiment, "--seed", "2", "--out", in_folder("part")).err, "log of another search");
    has(STOA(WORLD, "tune", experiment, "--generations", "4", "--out", in_folder("part")).err, "log of another search");
    has(STOA(DONE, "tune", experiment, "--range", "fall=8000:9000", "--out", in_folder("refused")).out,
        "networks were refused");
    has(STOA(REFUSED, "tune", experiment, "--range", "fall=8200:9000", "--out", in_folder("all-refused")).err,
        "all 10 were refused");
    const char *blind = in_folder("blind.yaml");
    text = st_arena_printf(&arena,
                           "experiment: blind\nnetwork: %s/netlists/networks/colanet-permuted.yaml\n"
                           "fabric: %s/netlists/fabrics/stoa-1-large.yaml\n"
                           "data: { noise: white, pictures: 20, shape: [28, 28] }\nphases: [ { ask: data } ]\n"
                           "tune: { parameters: { alpha: [0.02, 0.12] }, population: 4, generations: 2, copies: 1 }\n",
                           here, here);
    spill(blind, text, strlen(text));
    has(STOA(WORLD, "tune", blind, "--out", in_folder("blind")).err, "no score to search by");
    has(STOA(USAGE, "tune", "mnist", "--range", "alpha=3").err, "NAME=LOW:HIGH");
    has(STOA(USAGE, "tune", "mnist").err, "nothing is searched");
}

static void a_run_on_spikes(void **state)
{
    (void)state;
    const char *image = in_folder("net.img");
    struct child spikes = {.in = "0 R 3\n1 R 4\n", .in_length = 12};
    STOA(DONE, "compile", "colanet", "-f", "stoa-1-large", "--copies", "1", "-o", image);
    assert_true(fits(
        "run", kept("sim.json", STOA_AS(DONE, spikes, "run", image, "--in", "-", "--json", "-o", in_folder("trace")))));
    const char *timed = kept("timed.json", STOA_AS(DONE, spikes, "run", image, "--in", "-", "--on", "timed", "--json",
                                                   "-o", in_folder("trace")));
    assert_true(fits("run", timed));
    size_t length;
    char *counted = slurp(timed, &length);
    const struct st_json *run = json(counted, length), *cores = st_json_get(run, "cores");
    uint64_t all, sum = 0, one;
    assert_true(st_json_unsigned(st_json_get(st_json_get(run, "counters"), "synaptic_operations"), UINT64_MAX, &all));
    for (const struct st_json *core = cores->child; core; core = core->next, sum += one)
        assert_true(st_json_unsigned(st_json_get(core, "synaptic_operations"), UINT64_MAX, &one));
    assert_true(cores->count > 1 && all > 0);
    assert_int_equal(sum, all);
    STOA(DONE, "report", image, "--run", timed, "-o", in_folder("run.html"));
    has(slurp(in_folder("run.html"), &length), "The host's packets");
    struct said s = STOA(DONE, "report", image, "--run", timed, "--json");
    assert_true(fits("report", kept("priced.json", s)));
    const struct st_json *priced = st_json_get(json(s.out, s.out_length), "energy_run");
    double pj = 0;
    assert_true(st_json_double(st_json_get(priced, "total_pj"), &pj) && pj > 0);
    /* a run of another network is not priced with this one's coefficients */
    STOA(DONE, "compile", "colanet-tuned", "-f", "stoa-1-large", "--copies", "1", "-o", in_folder("other.img"));
    has(STOA(WORLD, "report", in_folder("other.img"), "--run", timed).err, "is a run of 'colanet'");
}

static void diagnostics_and_fabrics(void **state)
{
    (void)state;
    assert_true(fits("check", kept("check.json", STOA(REFUSED, "check", "colanet", "-f", "altai-1", "--json"))));
    assert_true(fits("compare", kept("compare.json", STOA(DONE, "compile", "colanet", "--compare", "stoa-1-large",
                                                          "altai-1", "--effort", "0", "--json"))));
    assert_true(fits("check", kept("good.json", STOA(DONE, "check", "colanet", "--json"))));
    assert_true(fits("fabric", kept("fabric.json", STOA(DONE, "fabric", "altai-1", "--json"))));
}

static void data_sets(void **state)
{
    (void)state;
    struct st_fault f;
    assert_true(st_folder_make(in_folder("mnist"), &f)); /* one set is wrong, the others are missing */
    spill(in_folder("mnist/train-images-idx3-ubyte"), "no idx", 6);
    assert_true(fits("data", kept("data.json", STOA(DONE, "data", "--json", "--data", in_folder("")))));
    const char *noise = in_folder("noise");
    assert_true(fits("made", kept("noise.json", STOA(DONE, "data", "make", "noise", "--kind", "white", "--count", "3",
                                                     "--json", "-o", noise))));
    assert_true(fits("made", kept("permuted.json", STOA(DONE, "data", "make", "permuted", noise, "--json", "-o",
                                                        in_folder("permuted")))));
}

/* The schema itself refuses: a form with a key too many, one too few, one of another type. */
static void the_schema_can_refuse(void **state)
{
    (void)state;
    static const char *const wrong[] = {"{\"diagnostics\": [], \"errors\": 0, \"more\": 1}", "{\"diagnostics\": []}",
                                        "{\"diagnostics\": [], \"errors\": \"0\"}"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        spill(in_folder("wrong.json"), wrong[i], strlen(wrong[i]));
        assert_false(fits("check", in_folder("wrong.json")));
    }
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
        cmocka_unit_test(a_training_and_its_report),
        cmocka_unit_test(a_migration),
        cmocka_unit_test(a_sequence_of_tasks),
        cmocka_unit_test(noise_and_measures),
        cmocka_unit_test(a_search),
        cmocka_unit_test(a_run_on_spikes),
        cmocka_unit_test(diagnostics_and_fabrics),
        cmocka_unit_test(data_sets),
        cmocka_unit_test(the_schema_can_refuse),
    };
    return cmocka_run_group_tests_name("schema", tests, begin, end);
}
