/* test_cli.c - the command as its users meet it: what it exits with, what it says and where, and that the bits of a
 * run depend on the seed and on nothing else. Learns synthetic pictures, so it wants no data set. */
#include "diag.h"
#include "file.h"
#include "insist.h"
#include "kernels.h"
#include <glob.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
/* after those it needs */
#include <cmocka.h>

enum { LEARNT = 4000, ASKED = 300 };

static const char *const commands[] = {"compile", "check", "fabric", "train",   "run",   "report",
                                       "dump",    "pack",  "diff",   "explain", "verify"};

/* --- the command line --------------------------------------------------------------------------------------- */

static void help_begins_with_an_example(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
        struct said s = STOA(DONE, commands[i], "--help");
        char *example = st_arena_printf(&arena, "stoa %s ", commands[i]);
        assert_int_equal(strncmp(s.out, example, strlen(example)), 0);
        has(s.out, st_arena_printf(&arena, "\nusage: stoa %s ", commands[i]));
        assert_int_equal(s.err_length, 0);
    }
    struct said s = STOA(DONE, "--help");
    assert_int_equal(strncmp(s.out, "stoa ", 5), 0);
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
        has(s.out, st_arena_printf(&arena, "\n  %s ", commands[i]));
    has(STOA(DONE, "--version").out, "stoa ");
}

static void a_wrong_command_line_exits_2(void **state)
{
    (void)state;
    struct said s = insist(USAGE, &plainly, (const char *const[]){NULL});
    has(s.err, "usage: stoa COMMAND");
    assert_int_equal(s.out_length, 0);
    has(STOA(USAGE, "trian").err, "did you mean 'train'?");
    has(STOA(USAGE, "xyzzy").err, "`stoa --help` lists them");
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
        char *lead = st_arena_printf(&arena, "`stoa %s --help`", commands[i]);
        struct said none = STOA(USAGE, commands[i]), wrong = STOA(USAGE, commands[i], "--wrong", "x");
        has(none.err, lead);
        has(wrong.err, lead);
        has(wrong.err, st_arena_printf(&arena, "stoa %s: no option '--wrong'", commands[i]));
        assert_int_equal(none.out_length + wrong.out_length, 0);
        has(STOA(USAGE, commands[i], "-y", "x").err, "no option '-y'");
    }
    has(STOA(USAGE, "train", "--sede", "3", "x").err, "did you mean '--seed'?");
    has(STOA(USAGE, "train", "--seed").err, "--seed wants a value");
    has(STOA(USAGE, "check", "-f").err, "-f wants a value");
    has(STOA(USAGE, "check", "--frozen=3", "colanet").err, "--frozen takes no value");
    has(STOA(USAGE, "run", "--l", "3", "x").err, "--l could be several");
    has(STOA(USAGE, "train", "--threads", "many", "mnist").err, "--threads wants a whole number from 1 to 256");
    has(STOA(USAGE, "train", "--threads", "0", "mnist").err, "not '0'");
    has(STOA(USAGE, "train", "--copies", "-1", "mnist").err, "not '-1'");
    has(STOA(USAGE, "train", "--kernel", "mmx", "mnist").err, "no kernels 'mmx'; it has ");
    has(STOA(USAGE, "run", "--kernel", "mmx", "x.img").err, "scalar");
    has(STOA(USAGE, "run", "--labels", "x", "x.img").err, "there are no --images");
    has(STOA(USAGE, "run", "--trace", "all", "x.img").err, "--trace wants spikes, state or cycles");
    has(STOA(USAGE, "run", "--on", "paper", "x.img").err, "no machine 'paper'");
    has(STOA(USAGE, "check", "--set", "alpha", "colanet").err, "NAME=NUMBER");
    has(STOA(USAGE, "check", "--set", "alpha=1x", "colanet").err, "NAME=NUMBER");
    has(STOA(USAGE, "compile", "colanet").err, "wants a fabric");
    has(STOA(USAGE, "compile", "colanet", "-f", "stoa-1-large").err, "-o IMAGE or --emit STAGE");
    has(STOA(USAGE, "compile", "colanet", "--emit", "soup").err, "not 'soup'");
    has(STOA(USAGE, "pack", "x.txt").err, "wants -o IMAGE");
    has(STOA(USAGE, "report", "--published", "3x", "x").err, "--published wants a number");
    has(STOA(USAGE, "report", folder).err, "no result.json");
    has(STOA(USAGE, "explain", "no-popultion").err, "no-population");
}

static void each_diagnostic_is_explained(void **state)
{
    (void)state;
    struct said list = STOA(DONE, "explain", "--list");
    int count = 0;
    for (char *save = NULL, *id = strtok_r(list.out, "\n", &save); id; id = strtok_r(NULL, "\n", &save), count++) {
        struct said s = STOA(DONE, "explain", id);
        assert_int_equal(strncmp(s.out, id, strlen(id)), 0);
        assert_true(s.out_length > strlen(id) + 40);
    }
    assert_int_equal(count, ST_DIAG_COUNT);
}

/* --- inputs ------------------------------------------------------------------------------------------------- */

/* Efforts, constraints, and a chip that is broken, from the command line to an image that is right. */
static void a_mapping_is_asked_for(void **state)
{
    (void)state;
    const char *image = in_folder("mapped.img"), *file = in_folder("constraints.yaml"), *chip = in_folder("chip.yaml");
    static const char text[] = "constraints: edge\npin: [{ what: OUT, tiles: [[2, 0]] }]\n";
    has(STOA(DONE, "compile", "colanet", "-f", "stoa-1-small", "--effort", "0", "-o", image).err,
        "on the fullest (as in the file)");
    has(STOA(DONE, "compile", "colanet", "-f", "stoa-1-small", "-o", image).err, "cores moved; as in the file");
    STOA(DONE, "verify", "colanet", "stoa-1-small", image);
    has(STOA(USAGE, "compile", "colanet", "-f", "stoa-1-small", "--effort", "4", "-o", image).err, "--effort");
    spill(file, text, sizeof text - 1);
    has(STOA(DONE, "compile", "colanet", "-f", "stoa-1-small", "--copies", "1", "--constraints", file, "-o", image).err,
        "neurons spread for it; as in the file it does not fit");
    STOA(DONE, "verify", "colanet", "stoa-1-small", image);
    has(STOA(WORLD, "compile", "colanet", "-f", "stoa-1-small", "--constraints", "nowhere", "-o", image).err,
        "nowhere");
    has(STOA(REFUSED, "compile", "diehl-cook", "-f", "stoa-1-ei", "--constraints", file, "-o", image).err,
        "population 'OUT' does not exist");
    STOA(DONE, "check", "colanet", "-f", "stoa-1-small", "--constraints", file);
    has(STOA(REFUSED, "check", "diehl-cook", "-f", "stoa-1-ei", "--constraints", file).err,
        "population 'OUT' does not exist");
    has(STOA(USAGE, "check", "colanet", "--constraints", file).err, "want a fabric");
    has(STOA(WORLD, "check", "colanet", "-f", "stoa-1-small", "--constraints", "nowhere").err, "nowhere");
    /* who spoke in a run is weighed by the next mapping */
    const char *profile = in_folder("profile.yaml");
    STOA(DONE, "compile", "brunel-500", "-f", "stoa-1-ei", "-o", image);
    STOA(DONE, "run", image, "--ticks", "4", "--profile", profile, "-o", in_folder("trace"));
    has(STOA(DONE, "compile", "brunel-500", "-f", "stoa-1-ei", "--activity", profile, "--emit", "graph").out,
        "activity ");
    has(STOA(USAGE, "run", image, "--images", "x", "--profile", profile).err, "--profile is of runs on spikes");
    has(STOA(REFUSED, "compile", "colanet", "-f", "stoa-1-small", "--activity", profile, "-o", image).err,
        "has no key");
    has(STOA(USAGE, "fabric", "stoa-1-small", "--inject", "cores").err, "--inject wants cores=N");
    has(STOA(USAGE, "fabric", "stoa-1-small", "--inject", "cores=257").err, "has not as many cores");
    struct said broken = STOA(DONE, "fabric", "stoa-1-small", "--inject", "cores=9,links=2", "--seed", "4");
    has(broken.out, "links: { dead: [[");
    spill(chip, broken.out, broken.out_length);
    STOA(DONE, "compile", "colanet", "-f", chip, "--copies", "1", "-o", image);
    STOA(DONE, "verify", "colanet", chip, image);
    has(STOA(USAGE, "fabric", "stoa-1-small", "--inject", "rows=9,tiles=3").err, "rows=N, bits=N");
    has(STOA(USAGE, "fabric", "stoa-1-small", "--inject", "rows=262145").err, "has not as many rows");
    broken = STOA(DONE, "fabric", "stoa-1-small", "--inject", "rows=2621,bits=2621,cores=2", "--seed", "4");
    has(broken.out, "rows: { dead: [[");
    spill(chip, broken.out, broken.out_length);
    STOA(DONE, "compile", "colanet", "-f", chip, "--copies", "1", "-o", image);
    STOA(DONE, "verify", "colanet", chip, image);
    has(STOA(DONE, "compile", "colanet", "-f", chip, "--copies", "1", "--emit", "place").out, "copy 0 core 0 rows 0..");
}

/* Several mappings side by side: a table, a page that is well formed, what does not fit with its reason. */
static void mappings_stand_side_by_side(void **state)
{
    (void)state;
    const char *page = in_folder("mappings.html");
    size_t length;
    struct said table = STOA(DONE, "compile", "colanet", "--compare", "stoa-1-small", "stoa-1-large", "altai-1");
    has(table.out, "* stoa-1-large             8x8     256     2 ");
    has(table.out, "  stoa-1-small           16x16      64     8 ");
    has(table.out, "refused: population 'L' is made of 'lif' neurons, and altai-1 has nothing for it [not-on-fabric]");
    STOA(DONE, "compile", "colanet", "-f", "stoa-1-large", "--explore", "--effort", "0", "-o", page);
    const char *text = slurp(page, &length);
    has(text, "12 mappings side by side");
    has(text, "stoa-1-large, 8 x 8, 256 neurons a core: 2 cores");
    has(text, "stoa-1-large, 16 x 4, 128 neurons a core");
    has(STOA(USAGE, "compile", "colanet", "--compare").err, "wants fabrics");
    has(STOA(USAGE, "compile", "--compare").err, "wants one network");
    has(STOA(USAGE, "compile", "colanet", "-f", "stoa-1-large", "--json", "-o", page).err, "--json goes with");
    has(STOA(USAGE, "compile", "colanet", "--compare", "stoa-1-large", "--emit", "net").err, "shows one mapping");
    has(STOA(USAGE, "compile", "colanet", "-f", "stoa-1-large", "--explore", "--constraints", page).err,
        "goes without");
    has(STOA(WORLD, "compile", "colanet", "--compare", "stoa-1-large", "nowhere").err, "nowhere");
}

static void refused_input_exits_1_and_shows_where(void **state)
{
    (void)state;
    struct said s = STOA(REFUSED, "check", "tests/diag/cases/no-population.yaml");
    has(s.err, "no-population.yaml:");
    has(s.err, " error: ");
    has(s.err, "[no-population]");
    has(s.err, "      | ");
    has(s.err, "^~");
    assert_int_equal(s.out_length, 0);
    has(STOA(REFUSED, "check", "colanet", "-f", "altai-1").err, "[not-on-fabric]");
    has(STOA(REFUSED, "compile", "colanet", "-f", "stoa-1-large", "-o", "-", "--set", "alhpa=1").err,
        "[unknown-setting]");
    has(STOA(REFUSED, "train", "netlists/networks/colanet.yaml").err, "[unknown-key]");
    has(STOA(REFUSED, "fabric", "netlists/networks/colanet.yaml").err, "^");
    has(STOA(DONE, "check", "colanet", "-f", "stoa-1-large").err, "nothing wrong");
    const char *image = in_folder("verified.img");
    STOA(DONE, "compile", "colanet", "-f", "stoa-1-large", "--seed", "3", "-o", image);
    has(STOA(DONE, "verify", "colanet", "stoa-1-large", image, "--seed", "3").err, "each once, nothing else");
    has(STOA(REFUSED, "verify", "colanet", "stoa-1-large", image).err, "[image-other]");
    has(STOA(REFUSED, "verify", "colanet", "stoa-1-large", image, "--seed", "3", "--set", "alpha=0.3", "--set",
             "side=20")
            .err,
        "receptors 'R' of the image");
    static const char incomplete[] = "network: mine\npresentation: { picture: 4, silence: 4 }\n"
                                     "receptors: { R: { size: 3, encoder: spikes } }\n"
                                     "populations: { L: { columns: 2, neuron: { model: lif } } }\n"
                                     "projections:\n"
                                     "  - { from: R, to: L, policy: all-to-all, plasticity: { rule: colanet } }\n"
                                     "readout: { population: L, decide: count }\n";
    struct child net = {.in = incomplete, .in_length = sizeof incomplete - 1};
    struct said missing = STOA_AS(REFUSED, net, "check", "-", "-f", "stoa-1-large");
    has(missing.err, "'w_min' has no default");
    has(missing.err, "'hebbian' has no default");
    assert_null(strstr(missing.err, "[rule-number]")); /* nor what follows from it */
    struct said wrong = STOA(REFUSED, "check", "--json", "tests/diag/cases/no-population.yaml");
    const struct st_json *j = json(wrong.out, wrong.out_length), *first = st_json_get(j, "diagnostics")->child;
    uint64_t errors, line;
    assert_true(st_json_unsigned(st_json_get(j, "errors"), 100, &errors) && errors > 0);
    assert_string_equal(st_json_get(first, "id")->text, "no-population");
    assert_true(st_json_unsigned(st_json_get(first, "line"), 1000, &line) && line > 0);
    assert_int_equal(wrong.err_length, 0);
    struct said right = STOA(DONE, "check", "--json", "colanet");
    assert_int_equal(st_json_get(json(right.out, right.out_length), "diagnostics")->count, 0);
}

static void the_world_fails_with_3(void **state)
{
    (void)state;
    has(STOA(WORLD, "check", "no/such.yaml").err, "[cannot-open]");
    has(STOA(WORLD, "check", "colanett").err, "did you mean 'colanet'?");
    has(STOA(WORLD, "check", "colanet", "-f", "unheard-of").err, "altai-1");
    has(STOA(WORLD, "train", "mnsit").err, "did you mean 'mnist'?");
    has(STOA(WORLD, "train", "mnist", "--data", "no/such").err, "no/such/mnist/train-images-idx3-ubyte");
    has(STOA(WORLD, "train", "mnist", "--data", "no/such").err, "`stoa data` says which are there");
    has(STOA(WORLD, "check", ".").err, "[cannot-read]");
    has(STOA(WORLD, "diff", "no-such", "none").err, "[cannot-open]");
    has(STOA(WORLD, "report", st_path_join(&arena, folder, "none")).err, "[cannot-open]");
    const char *const readers[] = {"run", "dump", "report"};
    size_t length;
    char *image = slurp(in_folder("small.img"), &length), *cut = in_folder("cut.img");
    for (size_t i = 0; i < sizeof readers / sizeof *readers; i++) {
        has(STOA(WORLD, readers[i], "no-such.img").err, "[cannot-open]");
        has(STOA(WORLD, readers[i], "README.md").err, "[image-not-an-image]");
        spill(cut, image, length / 2);
        has(STOA(WORLD, readers[i], cut).err, "[image-truncated]");
        char *damaged = st_arena_text(&arena, image, length);
        damaged[length / 2] = (char)(damaged[length / 2] ^ 4);
        spill(cut, damaged, length);
        has(STOA(WORLD, readers[i], cut).err, "[image-checksum]");
    }
    struct child full = {.out_path = "/dev/full"};
    char *small = in_folder("small.img");
    has(STOA(WORLD, "compile", "colanet", "-f", "stoa-1-large", "-o", "/dev/full").err, "No space left");
    has(STOA_AS(WORLD, full, "compile", "colanet", "-f", "stoa-1-large", "--emit", "wire").err, "standard output");
    has(STOA_AS(WORLD, full, "dump", small).err, "No space left");
    has(STOA_AS(WORLD, full, "fabric", "altai-1", "--json").err, "standard output");
    has(STOA_AS(WORLD, full, "explain", "--list").err, "standard output");
    has(STOA_AS(WORLD, full, "run", small, "--ticks", "3", "--trace", "state").err, "No space left");
    has(STOA_AS(WORLD, full, "report", small).err, "No space left");
    /* what is no image is read no further than that shows */
    has(STOA(WORLD, "dump", "/dev/zero").err, "[image-not-an-image]");
    has(STOA(WORLD, "run", small, "--images", "/dev/zero").err, "an idx file of type 0x00");
    has(STOA(WORLD, "diff", "/dev/zero", "/dev/zero").err, "0x00 is not text");
}

static void a_dash_is_standard_input_and_output(void **state)
{
    (void)state;
    struct child net = {0}, image = {0}, text = {0}, spikes = {.in = "0 R 3\n1 R 9\n\n# end\n", .in_length = 19};
    net.in = slurp("netlists/networks/colanet.yaml", &net.in_length);
    STOA_AS(DONE, net, "check", "-");
    struct said made = STOA_AS(DONE, net, "compile", "-", "-f", "stoa-1-small", "--copies", "1", "-o", "-");
    size_t length;
    char *kept = slurp(in_folder("small.img"), &length);
    assert_int_equal(made.out_length, length);
    assert_memory_equal(made.out, kept, length);
    image.in = made.out;
    image.in_length = made.out_length;
    struct said dumped = STOA_AS(DONE, image, "dump", "-");
    text.in = dumped.out;
    text.in_length = dumped.out_length;
    struct said packed = STOA_AS(DONE, text, "pack", "-", "-o", "-");
    assert_int_equal(packed.out_length, length);
    assert_memory_equal(packed.out, kept, length);
    assert_int_equal(packed.err_length, 0);
    STOA_AS(DONE, spikes, "run", in_folder("small.img"), "--in", "-", "-o", "-");
    spikes.in = "0 R 784\n";
    spikes.in_length = strlen(spikes.in);
    has(STOA_AS(REFUSED, spikes, "run", in_folder("small.img"), "--in", "-").err,
        "-:1: the index '784' is not a whole number below 784");
    spikes.in = "0 R\n";
    spikes.in_length = strlen(spikes.in);
    has(STOA_AS(REFUSED, spikes, "run", in_folder("small.img"), "--in", "-").err,
        "-:1: wants `tick group index`, has fewer words");
}

/* Each shipped network on each shipped fabric that takes it, learning and frozen. */
static void an_image_and_its_text_are_the_same(void **state)
{
    (void)state;
    glob_t nets, fabrics;
    int fitted = 0;
    char *img = in_folder("twin.img"), *txt = in_folder("twin.txt"), *back = in_folder("back.img");
    assert_int_equal(glob("netlists/networks/*.yaml", 0, NULL, &nets), 0);
    assert_int_equal(glob("netlists/fabrics/*.yaml", 0, NULL, &fabrics), 0);
    for (size_t i = 0; i < nets.gl_pathc; i++) {
        bool first = true;
        for (size_t k = 0; k < fabrics.gl_pathc; k++) {
            const char *words[] = {
                "compile", nets.gl_pathv[i], "-f", fabrics.gl_pathv[k], "-o", img, "--copies", "2", NULL, NULL};
            int code = REFUSED;
            for (int frozen = 0; code == REFUSED && frozen < 2; frozen++) { /* where it cannot learn */
                words[8] = frozen ? "--frozen" : NULL;
                struct said s = stoa_run(&plainly, words);
                code = s.code;
                said_free(&s);
            }
            if (code == REFUSED)
                continue;
            assert_int_equal(code, DONE);
            fitted++;
            STOA(DONE, "dump", img, "-o", txt);
            STOA(DONE, "pack", txt, "-o", back);
            same_files(img, back);
            if (first)
                STOA(DONE, "pack", img, "-o", back); /* either form is taken */
            if (first)
                same_files(img, back);
            first = false;
        }
    }
    globfree(&nets);
    globfree(&fabrics);
    assert_true(fitted >= 10);
}

static void what_a_host_may_write_is_listed(void **state)
{
    (void)state;
    char *img = in_folder("host.img");
    STOA(DONE, "compile", "colanet", "-f", "stoa-1-small", "--copies", "1", "-o", img);
    has(STOA(DONE, "dump", "--parameters", img).out, "core 0 rule colanet parameter window value 10 words ");
    STOA(DONE, "compile", "colanet", "-f", "stoa-1-small", "--copies", "1", "--frozen", "-o", img);
    assert_string_equal(STOA(DONE, "dump", "--parameters", img).out, ""); /* it learns no more */
}

static void colors_are_for_terminals_that_want_them(void **state)
{
    (void)state;
    const char *const words[] = {"check", "tests/diag/cases/no-population.yaml", NULL};
    struct child seen = {.terminal = true};
    assert_non_null(strchr(insist(REFUSED, &seen, words).err, '\033'));
    seen.setting = "NO_COLOR=";
    assert_non_null(strchr(insist(REFUSED, &seen, words).err, '\033'));
    seen.setting = "NO_COLOR=1";
    assert_null(strchr(insist(REFUSED, &seen, words).err, '\033'));
    assert_null(strchr(insist(REFUSED, &plainly, words).err, '\033'));
}

/* --- traces ------------------------------------------------------------------------------------------------- */

static char *trace(const char *name, const char *seed, const char *variant)
{
    char *img = in_folder("traced.img"), *out = in_folder(name);
    struct child pixels = {0};
    char *text = st_arena_get(&arena, 12 * 10 * 100, 1);
    for (int tick = 0; tick < 10; tick++)
        for (int i = 0; i < 784; i += 9)
            pixels.in_length += (size_t)sprintf(text + pixels.in_length, "%d R %d\n", tick, i);
    pixels.in = text;
    STOA(DONE, "compile", "colanet-tuned", "-f", "stoa-1-small", "--copies", "1", "--seed", seed, "-o", img);
    STOA_AS(DONE, pixels, "run", img, "--in", "-", "--trace", "state", "--ticks", "40", "--learn", "-o", out,
            "--kernel", variant);
    return out;
}

static void a_trace_is_the_seeds_and_nothing_elses(void **state)
{
    (void)state;
    char *first = trace("first.trace", "1", "scalar"), *again = trace("again.trace", "1", "scalar");
    same_files(first, again);
    struct said same = STOA(DONE, "diff", first, again);
    assert_int_equal(same.out_length, 0);
    static const char *const variants[] = {"avx2", "avx512"};
    for (int i = 0; i < 2; i++)
        if (st_kernels_find(variants[i]))
            same_files(first, trace("kernel.trace", "1", variants[i]));
    struct said s = STOA(DIFFER, "diff", first, trace("other.trace", "2", "scalar"));
    has(s.out, "tick ");
    has(s.out, ", population L, neuron ");
    has(s.out, ", field u");
    has(s.out, "first.trace: ");
    has(s.out, "other.trace: ");

    size_t length; /* a trace that ends early differs too, at the line that is missing */
    char *text = slurp(first, &length), *cut = in_folder("cut.trace");
    do
        length--;
    while (length > 0 && text[length - 1] != '\n');
    spill(cut, text, length);
    has(STOA(DIFFER, "diff", cut, again).out, "(ends)");
}

/* --- learning ----------------------------------------------------------------------------------------------- */

static void make_experiment(void)
{
    char cwd[4096];
    assert_non_null(getcwd(cwd, sizeof cwd));
    make_pictures(in_folder("a-images"), in_folder("a-labels"), LEARNT, 1);
    make_pictures(in_folder("b-images"), in_folder("b-labels"), ASKED, 2);
    char *text = st_arena_printf(&arena,
                                 "experiment: patches\nnetwork: %s/netlists/networks/colanet-tuned.yaml\n"
                                 "fabric: %s/netlists/fabrics/stoa-1-small.yaml\ncopies: 2\n"
                                 "data:\n  folder: .\n  train: { images: a-images, labels: a-labels }\n"
                                 "  test: { images: b-images, labels: b-labels }\n  hold_out: 5\n"
                                 "published: { accuracy: 87.65, what: somebody, source: \"a paper\" }\n",
                                 cwd, cwd);
    spill(in_folder("patches.yaml"), text, strlen(text));
}

#define TRAIN(out, ...) "train", in_folder("patches.yaml"), "--data", folder, "--out", out, __VA_ARGS__

static void training_leaves_a_folder(void **state)
{
    (void)state;
    char *out = in_folder("one");
    struct said s = STOA(DONE, TRAIN(out, "--limit", "600"));
    has(s.out, "one network");
    has(s.out, "ensemble of 2");
    has(s.out, "report.html");
    size_t length;
    char *result = slurp(in_folder("one/result.json"), &length);
    const struct st_json *trained = json(result, length);
    double right;
    assert_true(st_json_double(st_json_get(trained, "accuracy"), &right) && right > 0.5);
    char *page = slurp(in_folder("one/report.html"), &length);
    has(page, "</html>");
    assert_int_equal(access(in_folder("one/checkpoint"), F_OK), -1);

    /* the image answers as it did when it was trained */
    struct said asked = STOA(DONE, "run", in_folder("one/trained.img"), "--images", in_folder("b-images"), "--labels",
                             in_folder("b-labels"), "--json", "--threads", "1");
    const struct st_json *j = json(asked.out, asked.out_length);
    assert_string_equal(st_json_get(j, "accuracy")->text, st_json_get(trained, "accuracy")->text);
    for (int i = 0; i < 2; i++) {
        const struct st_json *a = st_json_get(j, "copy_accuracy")->child;
        const struct st_json *b = st_json_get(trained, "copy_accuracy")->child;
        assert_string_equal(i ? a->next->text : a->text, i ? b->next->text : b->text);
    }
    char *percent = st_arena_printf(&arena, "ensemble of 2 %6.2f %%", 100 * right);
    has(STOA(DONE, "run", in_folder("one/trained.img"), "--images", in_folder("b-images"), "--labels",
             in_folder("b-labels"))
            .out,
        percent);

    struct said report = STOA(DONE, "report", out, "--json");
    json(report.out, report.out_length);
    char *page_again = in_folder("again.html"); /* what the experiment states is known to the run's folder too */
    STOA(DONE, "report", out, "-o", page_again);
    same_files(page_again, in_folder("one/report.html"));
    has(page, "87.65");
    STOA(DONE, "report", out, "-o", in_folder("page.html"), "--published", "94.36");
    has(slurp(in_folder("page.html"), &length), "94.36");
    struct said alone = STOA(DONE, "report", in_folder("one/trained.img"));
    has(alone.out, "</html>");
    struct said fabric = STOA(DONE, "fabric", "stoa-1-large", "--json");
    assert_string_equal(st_json_get(json(fabric.out, fabric.out_length), "fabric")->text, "stoa-1-large");
    struct said validated = STOA(DONE, TRAIN(in_folder("held"), "--limit", "300", "--validate", "--json"));
    has(st_json_get(json(validated.out, validated.out_length), "dataset")->text, "held out");
}

/* What the seed decides, the rest does not: threads, kernels, repetition. */
static void the_seed_decides_every_bit(void **state)
{
    (void)state;
    STOA(DONE, TRAIN(in_folder("s1"), "--limit", "400", "--threads", "1", "--kernel", "scalar"));
    STOA(DONE, TRAIN(in_folder("s2"), "--limit", "400", "--threads", "2", "--kernel", "scalar"));
    same_files(in_folder("s1/trained.img"), in_folder("s2/trained.img"));
    static const char *const variants[] = {"avx2", "avx512"};
    for (int i = 0; i < 2; i++)
        if (st_kernels_find(variants[i])) {
            STOA(DONE, TRAIN(in_folder("sv"), "--limit", "400", "--kernel", variants[i]));
            same_files(in_folder("s1/trained.img"), in_folder("sv/trained.img"));
        } else {
            print_message("this machine has no %s\n", variants[i]);
        }
    STOA(DONE, TRAIN(in_folder("s3"), "--limit", "400", "--seed", "2"));
    size_t a_length, b_length;
    char *a = slurp(in_folder("s1/trained.img"), &a_length), *b = slurp(in_folder("s3/trained.img"), &b_length);
    assert_true(a_length != b_length || memcmp(a, b, a_length) != 0);
}

/* Starts a training, and kills it as soon as it has written another checkpoint than the one before. False: it ended
 * before we were scheduled again. */
static bool train_and_kill(const char *out, const char *checkpoint)
{
    struct stat before = {0}, now = {0};
    if (stat(checkpoint, &before) != 0)
        before.st_ino = 0;
    int in, said, err, status;
    pid_t pid = stoa_start(&plainly,
                           (const char *const[]){TRAIN(out, "--resume", "--checkpoint", "1e-9", "--threads", "1",
                                                       "--kernel", "scalar", NULL)},
                           &in, &said, &err);
    const struct timespec moment = {0, 500000};
    bool ended = false;
    while (!ended && (stat(checkpoint, &now) != 0 ||
                      (now.st_ino == before.st_ino && now.st_size == before.st_size &&
                       now.st_mtim.tv_nsec == before.st_mtim.tv_nsec && now.st_mtim.tv_sec == before.st_mtim.tv_sec))) {
        nanosleep(&moment, NULL);
        ended = waitpid(pid, &status, WNOHANG) == pid;
    }
    if (!ended) {
        assert_int_equal(kill(pid, SIGKILL), 0);
        assert_int_equal(waitpid(pid, &status, 0), pid);
    }
    close(in);
    close(said);
    close(err);
    if (WIFSIGNALED(status)) {
        assert_int_equal(WTERMSIG(status), SIGKILL);
        return access(st_path_join(&arena, out, "trained.img"), F_OK) != 0 && access(checkpoint, F_OK) == 0;
    }
    assert_int_equal(WEXITSTATUS(status), DONE);
    return false;
}

static void a_killed_training_goes_on(void **state)
{
    (void)state;
    char *whole = in_folder("whole"), *killed = in_folder("killed"), *checkpoint = in_folder("killed/checkpoint");
    struct said all = STOA(DONE, TRAIN(whole, "--checkpoint", "0", "--json"));
    for (int tries = 0; !train_and_kill(killed, checkpoint) || !train_and_kill(killed, checkpoint); tries++) {
        assert_true(tries < 50); /* on a busy machine it may come to its end first: begin again */
        unlink(checkpoint);
        unlink(in_folder("killed/trained.img"));
    }
    has(STOA(WORLD, TRAIN(killed, "--resume", "--seed", "2")).err, "[checkpoint-other]");
    /* another run neither writes over it nor takes it away */
    has(STOA(WORLD, TRAIN(killed, "--limit", "50")).err, "belongs to another run");
    assert_int_equal(access(checkpoint, F_OK), 0);
    struct said rest = STOA(DONE, TRAIN(killed, "--resume", "--json"));
    has(rest.err, "resuming: ");
    has(rest.err, " of 8600 images are behind");
    same_files(in_folder("whole/trained.img"), in_folder("killed/trained.img"));
    assert_int_equal(access(checkpoint, F_OK), -1);
    const struct st_json *a = json(all.out, all.out_length), *b = json(rest.out, rest.out_length);
    static const char *const equal[] = {"spikes", "programs", "presentations", "synaptic_operations"};
    for (size_t i = 0; i < sizeof equal / sizeof *equal; i++)
        assert_string_equal(st_json_get(st_json_get(a, "train"), equal[i])->text,
                            st_json_get(st_json_get(b, "train"), equal[i])->text);
    assert_int_equal(st_json_get(a, "curve")->count, st_json_get(b, "curve")->count);
    assert_string_equal(st_json_get(a, "accuracy")->text, st_json_get(b, "accuracy")->text);
}

/* Starts a training that would take very long, and sends a signal once it says that it learns; what it said. */
static char *train_and_stop(const char *out, int number, bool second)
{
    static char text[4000];
    struct child how = {0};
    int in, said, err, status;
    pid_t pid = stoa_start(&how,
                           (const char *const[]){"train", in_folder("long.yaml"), "--data", folder, "--out", out,
                                                 "--resume", "--checkpoint", "9999", "--threads", "1", NULL},
                           &in, &said, &err);
    size_t length = 0;
    bool sent = false;
    for (ssize_t n; (n = read(err, text + length, sizeof text - 1 - length)) > 0;) {
        text[length += (size_t)n] = 0;
        if (sent || !strstr(text, "images/s"))
            continue;
        if (second) /* while it runs, nobody else may */
            has(STOA(WORLD, "train", in_folder("long.yaml"), "--data", folder, "--out", out).err,
                "another run is using");
        assert_int_equal(kill(pid, number), 0);
        sent = true;
    }
    assert_true(sent);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    close(in);
    close(said);
    close(err);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 128 + number);
    return text;
}

/* Ctrl-C and SIGTERM end a training with a checkpoint, and it says how it goes on. */
static void a_stopped_training_goes_on(void **state)
{
    (void)state;
    static const int signals[] = {SIGINT, SIGTERM};
    char *out = in_folder("stopped"), cwd[1024];
    assert_non_null(getcwd(cwd, sizeof cwd));
    char *text = "experiment: long\nnetwork: colanet-tuned\nfabric: stoa-1-small\ncopies: 1\nepochs: 100000\n"
                 "data:\n  folder: .\n  train: { images: b-images, labels: b-labels }\n"
                 "  test: { images: b-images, labels: b-labels }\n";
    spill(in_folder("long.yaml"), text, strlen(text));
    uint64_t before = 0;
    for (int k = 0; k < 2; k++) {
        unsigned long long done, resumed;
        char *said = train_and_stop(out, signals[k], k == 1), *at = strstr(said, "stoa: stopped after ");
        assert_non_null(at);
        assert_int_equal(sscanf(at, "stoa: stopped after %llu pictures", &done), 1);
        assert_true(done > before);
        has(said, "  this goes on: stoa train ");
        assert_int_equal(access(in_folder("stopped/checkpoint"), F_OK), 0);
        if (k) {
            assert_int_equal(sscanf(strstr(said, "resuming: "), "resuming: %llu of", &resumed), 1);
            assert_int_equal(resumed, before);
        }
        before = done;
    }
}

/* The result of one run beside the image of another is noticed. */
static void a_result_belongs_to_its_image(void **state)
{
    (void)state;
    size_t length;
    STOA(DONE, "report", in_folder("s1"));
    has(STOA(WORLD, "report", in_folder("s3/trained.img"), "--run", in_folder("s1/result.json")).err,
        "is a run of another image");
    STOA(DONE, "report", in_folder("s1/trained.img"), "--run", in_folder("s1/result.json"), "-o",
         in_folder("s1/r.html"));
    char *bytes = slurp(in_folder("s3/trained.img"), &length);
    spill(in_folder("s1/trained.img"), bytes, length);
    has(STOA(WORLD, "report", in_folder("s1")).err, "is of another image than");
}

/* Answers and votes of each picture, with labels and without; what does not go together is said. */
static void pictures_are_answered_one_by_one(void **state)
{
    (void)state;
    char *image = in_folder("one/trained.img"), *images = in_folder("b-images"), *csv = in_folder("answers.csv");
    size_t length;
    struct said s = STOA(DONE, "run", image, "--images", images, "--labels", in_folder("b-labels"), "--limit", "100",
                         "--answers", csv, "--json");
    double accuracy, right = 0;
    assert_true(st_json_double(st_json_get(json(s.out, s.out_length), "accuracy"), &accuracy));
    char *text = slurp(csv, &length), *line = text + strcspn(text, "\n") + 1;
    has(text, "picture,label,answer,votes_0,votes_1,");
    for (unsigned i = 0; i < 100; i++) {
        unsigned picture, label, answer, end = 0;
        if (sscanf(line, "%u,%u,%u,%n", &picture, &label, &answer, &end) == 3 && end)
            right += label == answer;
        assert_int_equal(strtoul(line, NULL, 10), i);
        line += strcspn(line, "\n") + 1;
    }
    assert_int_equal(*line, 0);
    assert_true(right / 100 == accuracy);
    s = STOA(DONE, "run", image, "--images", images, "--limit", "100", "--answers", in_folder("blind.csv"), "--json");
    assert_int_equal(st_json_get(json(s.out, s.out_length), "accuracy")->type, ST_JSON_NULL);
    char *blind = slurp(in_folder("blind.csv"), &length);
    has(blind, "\n0,,");
    s = STOA(DONE, "run", image, "--images", images, "--limit", "100", "--answers", "-");
    assert_string_equal(s.out, blind); /* and what it is, to the other stream */
    has(s.err, "without labels nobody knows");
    has(STOA(USAGE, "run", image, "--images", images, "--trace", "spikes").err, "--answers FILE.csv gives");
    has(STOA(USAGE, "run", image, "--images", images, "-o", csv).err, "-o is the trace");
    has(STOA(USAGE, "run", image, "--images", images, "--in", csv).err, "not both");
    has(STOA(USAGE, "run", image, "--images", images, "--learn").err, "--learn wants --labels");
    has(STOA(USAGE, "run", image, "--images", images, "--ticks", "3").err, "--ticks is of");
    has(STOA(USAGE, "run", image, "--labels", images).err, "there are no --images");
    has(STOA(USAGE, "run", image, "--answers", csv).err, "--answers is of --images");
    has(STOA(USAGE, "run", image, "--limit", "3").err, "--limit is of --images");
    has(STOA(USAGE, "run", image, "--threads", "3").err, "--threads is of --images");
}

/* A path that would move the cursor and turn the line around is shown, not obeyed; JSON stays JSON. */
static void hostile_names_are_shown(void **state)
{
    (void)state;
    char *image = in_folder("one/trained.img"), *odd = in_folder("b\033[2J\xe2\x80\xae\xff");
    size_t length;
    char *bytes = slurp(in_folder("b-images"), &length);
    spill(odd, bytes, length);
    struct said s = STOA(DONE, "run", image, "--images", odd, "--limit", "3", "--json");
    has(st_json_get(json(s.out, s.out_length), "dataset")->text, "\xef\xbf\xbd");
    s = STOA(WORLD, "run", odd);
    has(s.err, "b\\u{1b}[2J\\u{202e}\\xff");
    assert_null(strchr(s.err, 033));
    has(STOA(WORLD, "diff", odd, odd).err, "[cannot-read]");
    spill(odd, "1 L 0 spike 3\n", 14);
    spill(in_folder("other.trace"), "1 L 0 spike 4\n", 14);
    s = STOA(DIFFER, "diff", odd, in_folder("other.trace"));
    has(s.out, "b\\u{1b}[2J\\u{202e}\\xff");
    assert_null(strchr(s.out, 033));
    s = STOA(USAGE, "b\033[2J");
    has(s.err, "b\\u{1b}[2J");
}

/* 60 pictures learnt are 25, saved, and 35 more; --fresh begins anew; in the middle of one no picture begins. */
static void learning_goes_on_with_pictures(void **state)
{
    (void)state;
    char *new = in_folder("new.img"), *images = in_folder("a-images"), *labels = in_folder("a-labels");
    size_t length;
    STOA(DONE, "compile", "colanet-tuned", "-f", "stoa-1-small", "--copies", "2", "-o", new);
    /* the pictures 25..59 as files of their own */
    char *all = slurp(images, &length), *known = slurp(labels, &length);
    const size_t size = SIDE * SIDE, head = 16;
    char *rest = st_arena_get(&arena, head + 35 * size, 1), *rest_known = st_arena_get(&arena, 8 + 35, 1);
    memcpy(rest, all, head);
    memcpy(rest_known, known, 8);
    rest[6] = rest_known[6] = 0;
    rest[7] = rest_known[7] = 35;
    memcpy(rest + head, all + head + 25 * size, 35 * size);
    memcpy(rest_known + 8, known + 8 + 25, 35);
    spill(in_folder("rest-images"), rest, head + 35 * size);
    spill(in_folder("rest-labels"), rest_known, 8 + 35);
#define LEARN(from, many, pictures, answers, to)                                                                       \
    STOA(DONE, "run", from, "--images", pictures, "--labels", answers, "--limit", many, "--learn", "--save", to)
    LEARN(new, "60", images, labels, in_folder("sixty.img"));
    LEARN(new, "25", images, labels, in_folder("some.img"));
    LEARN(in_folder("some.img"), "35", in_folder("rest-images"), in_folder("rest-labels"), in_folder("more.img"));
    same_files(in_folder("sixty.img"), in_folder("more.img"));
    STOA(DONE, "run", in_folder("some.img"), "--ticks", "7", "-o", in_folder("t"), "--save", in_folder("mid.img"));
    has(STOA(WORLD, "run", in_folder("mid.img"), "--images", images, "--labels", labels, "--learn").err,
        "in tick 7 of a presentation");
    STOA(DONE, "run", in_folder("mid.img"), "--images", images, "--labels", labels, "--learn", "--limit", "5",
         "--fresh");
}

/* Names of what ships serve in an experiment, too; its data may lie beside it; -f takes another fabric. */
static void an_experiment_finds_its_things(void **state)
{
    (void)state;
    static const char text[] = "experiment: near\nnetwork: colanet-tuned\nfabric: stoa-1-small\ncopies: 1\n"
                               "data:\n  folder: .\n  train: { images: a-images, labels: a-labels }\n"
                               "  test: { images: b-images, labels: b-labels }\n";
    spill(in_folder("near.yaml"), text, strlen(text));
    struct said s = STOA(DONE, "train", in_folder("near.yaml"), "--out", in_folder("near"), "--limit", "50");
    has(s.out, "colanet-tuned on stoa-1-small");
    s = STOA(DONE, "train", in_folder("near.yaml"), "--out", in_folder("near"), "--limit", "50", "-f", "stoa-1-large");
    has(s.out, "colanet-tuned on stoa-1-large");
    has(STOA(WORLD, "train", in_folder("near.yaml"), "--out", in_folder("near"), "-f", "stoa-1-lage").err,
        "did you mean 'stoa-1-large'?");
    /* nothing is learnt for a folder that cannot be written */
    spill(in_folder("file"), "", 0);
    has(STOA(WORLD, "train", in_folder("near.yaml"), "--out", in_folder("file")).err, "cannot be written");
}

/* What cannot come in, go on or be written is said before anything runs. */
static void what_is_missing_is_said_first(void **state)
{
    (void)state;
    char *net = in_folder("spikes.yaml"), *image = in_folder("spikes.img");
    static const char text[] = "network: spikes\npresentation: { picture: 4, silence: 2 }\n"
                               "receptors: { In: { size: 3, encoder: spikes } }\n"
                               "populations: { Out: { columns: 3, neuron: { model: lif } } }\n"
                               "projections: [ { from: In, to: Out, policy: aligned, weight: 1 } ]\n"
                               "readout: { population: Out }\n";
    spill(net, text, sizeof text - 1);
    STOA(DONE, "compile", net, "-f", "stoa-1-small", "-o", image);
    make_pictures(in_folder("some-images"), in_folder("some-labels"), 20, 1);
    struct said s = STOA(REFUSED, "run", image, "--images", in_folder("some-images"));
    has(s.err, "look at pictures");
    has(s.err, "'In'");
    has(STOA(USAGE, "run", image).err, "--in SPIKES feeds 'In'");
    STOA(DONE, "run", image, "--ticks", "5");
    has(STOA(WORLD, "run", image, "--ticks", "5", "--save", "/no/such/folder/x.img").err, "/no/such/folder/x.img");
    has(STOA(WORLD, "run", image, "--ticks", "4000000", "-o", "/no/such/folder/x.trace").err,
        "/no/such/folder/x.trace");
    char *place = in_folder("no/such/x");
    static const char *const writers[] = {"dump", "pack", "report"};
    for (size_t i = 0; i < sizeof writers / sizeof *writers; i++)
        has(STOA(WORLD, writers[i], image, "-o", place).err, "[cannot-write]");
    s = STOA(WORLD, "compile", "colanet", "-f", "altai-1", "-o", place); /* which would not take it */
    has(s.err, "[cannot-write]");
    assert_null(strstr(s.err, "[not-on-fabric]"));
    has(STOA(USAGE, "train", "mnist", "--resume", "--fresh").err, "one of them");
}

/* A name that is no image but that of something that ships is told how it becomes one. */
static void what_ships_is_no_image(void **state)
{
    (void)state;
    static const char *const readers[] = {"run", "dump", "report"};
    for (size_t i = 0; i < sizeof readers / sizeof *readers; i++) {
        has(STOA(WORLD, readers[i], "colanet").err, "(stoa compile colanet -f stoa-1-large -o colanet.img)");
        has(STOA(WORLD, readers[i], "mnist").err, "(stoa train mnist, which leaves runs/mnist/trained.img)");
        has(STOA(WORLD, readers[i], "altai-1").err, "'altai-1' is a fabric that ships");
    }
}

/* Each of the files that a run leaves is written whole or said not to be. */
static void a_run_that_cannot_be_written_says_so(void **state)
{
    (void)state;
    static const char *const files[] = {"trained.img", "result.json", "report.html"};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        char *out = in_folder(st_arena_printf(&arena, "full%zu", i)), *file = st_path_join(&arena, out, files[i]);
        assert_int_equal(mkdir(out, 0777), 0);
        assert_int_equal(symlink("/dev/full", file), 0);
        struct said s = STOA(WORLD, TRAIN(out, "--limit", "50", "--copies", "1"));
        has(s.err, file);
        has(s.err, "No space left on device [cannot-write]");
        assert_int_equal(s.out_length, 0);
    }
    struct child full = {.out_path = "/dev/full"};
    has(STOA_AS(WORLD, full, TRAIN(in_folder("mute"), "--limit", "50", "--json")).err, "standard output");
    spill(in_folder("plain"), "", 0);
    has(STOA(WORLD, TRAIN(in_folder("plain"), "--limit", "50")).err, "[cannot-write]");
    size_t length;
    char *text = slurp(in_folder("patches.yaml"), &length), *endless = in_folder("endless.yaml");
    text = st_arena_printf(&arena, "%sepochs: 1000000\n", text);
    spill(endless, text, strlen(text));
    has(STOA(WORLD, "train", endless, "--data", folder, "--out", in_folder("endless")).err, "more than the");
}

/* --- all of it ---------------------------------------------------------------------------------------------- */

static int begin(void **state)
{
    (void)state;
    if (setjmp(arena.full) || !insist_begin())
        return -1;
    STOA(DONE, "compile", "colanet", "-f", "stoa-1-small", "--copies", "1", "-o", in_folder("small.img"));
    make_experiment();
    return 0;
}

static int end(void **state)
{
    (void)state;
    return insist_end();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(help_begins_with_an_example),
        cmocka_unit_test(a_wrong_command_line_exits_2),
        cmocka_unit_test(each_diagnostic_is_explained),
        cmocka_unit_test(a_mapping_is_asked_for),
        cmocka_unit_test(mappings_stand_side_by_side),
        cmocka_unit_test(refused_input_exits_1_and_shows_where),
        cmocka_unit_test(the_world_fails_with_3),
        cmocka_unit_test(a_dash_is_standard_input_and_output),
        cmocka_unit_test(an_image_and_its_text_are_the_same),
        cmocka_unit_test(what_a_host_may_write_is_listed),
        cmocka_unit_test(colors_are_for_terminals_that_want_them),
        cmocka_unit_test(a_trace_is_the_seeds_and_nothing_elses),
        cmocka_unit_test(training_leaves_a_folder),
        cmocka_unit_test(the_seed_decides_every_bit),
        cmocka_unit_test(a_killed_training_goes_on),
        cmocka_unit_test(a_stopped_training_goes_on),
        cmocka_unit_test(a_result_belongs_to_its_image),
        cmocka_unit_test(an_experiment_finds_its_things),
        cmocka_unit_test(pictures_are_answered_one_by_one),
        cmocka_unit_test(hostile_names_are_shown),
        cmocka_unit_test(learning_goes_on_with_pictures),
        cmocka_unit_test(what_is_missing_is_said_first),
        cmocka_unit_test(what_ships_is_no_image),
        cmocka_unit_test(a_run_that_cannot_be_written_says_so),
    };
    return cmocka_run_group_tests_name("cli", tests, begin, end);
}
