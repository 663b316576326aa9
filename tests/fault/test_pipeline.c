/* test_pipeline.c - from network to report with the n-th allocation, or the n-th call to the file system, failing:
 * said, nothing lost (the leak checker of the asan variant looks on), no file half written, and the next attempt gives
 * the same bytes as if nothing had happened. The threads of a test allocate too. */
#include "checkpoint.h"
#include "compile.h"
#include "dataset.h"
#include "file.h"
#include "image_io.h"
#include "report.h"
#include "stoa/draw.h"
#include "train.h"
#include <glob.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
/* after those it needs */
#include <cmocka.h>

/* ASKED: one batch a copy, so that a thread opens as many machines whoever is first. */
enum { SIDE = 6, CLASSES = 3, LEARNT = 1200, ASKED = 500, DIGEST = 99, ATTEMPTS = 120 };

static const char net_text[] = "network: small\n"
                               "copies: 2\n"
                               "presentation: { picture: 4, silence: 4, reset: true }\n"
                               "receptors:\n"
                               "  R: { shape: [6, 6], encoder: bernoulli }\n"
                               "  Label: { size: 3, encoder: label, at: [5] }\n"
                               "populations:\n"
                               "  L:\n"
                               "    columns: 3\n"
                               "    microcolumns: 4\n"
                               "    neuron: { model: lif, threshold: 3, leak: 0.3, noise: 0.5 }\n"
                               "    compete: { block: 1 }\n"
                               "  OUT: { columns: 3, neuron: { model: lif, threshold: 1, leak: 1 } }\n"
                               "projections:\n"
                               "  - { from: R, to: L, policy: all-to-all, plasticity: { rule: colanet, w_min: -0.3, "
                               "w_max: 0.3, hebbian: -0.2 } }\n"
                               "  - { from: L, to: OUT, policy: aligned, weight: 1 }\n"
                               "  - { from: Label, to: L, policy: aligned, weight: 9, forcing: true }\n"
                               "  - { from: Label, to: L, policy: aligned, kind: reward, weight: 0.2, delay: 2 }\n"
                               "readout: { population: OUT, decide: count }\n";

static struct st_arena kept; /* lives as long as the test */
static struct st_dataset train_set, test_set;
static char *fabric_text, *checkpoint;
static const unsigned char *image_bytes;
static size_t fabric_length, image_length;
static char folder[] = "/tmp/stoa-fault-XXXXXX";

/* --- what is done ------------------------------------------------------------------------------------------- */

/* A part of the way: its outcome as bytes in the arena, or NULL and f. */
typedef char *step(struct st_arena *a, size_t *length, struct st_fault *f);

static char *compile_step(struct st_arena *a, size_t *length, struct st_fault *f)
{
    struct st_diags d;
    (void)f;
    st_diags_init(&d, a);
    const struct st_net *net = st_net_read(a, &d, "net", net_text, sizeof net_text - 1, NULL, 0);
    const struct st_fabric *fabric = st_fabric_read(a, &d, "fabric", fabric_text, fabric_length);
    static const char asked[] = "constraints: small\nneurons: 8\napart: [[L, OUT]]\n"
                                "forbid: { rows: [[0, 0, 1]] }\n"; /* several cores, a search */
    static const char said[] = "profile: small\nticks: 9\nspikes: { L: 3 }\n";
    struct st_compile_options how = {.seed = 3,
                                     .effort = 1,
                                     .constraints = {"asked", asked, sizeof asked - 1},
                                     .activity = {"said", said, sizeof said - 1}};
    const struct st_image *image = net && fabric ? st_compile(a, &d, net, fabric, &how, NULL) : NULL;
    if (!image)
        fail_msg("%s", st_diags_text(&d, false));
    return (char *)st_image_pack(a, image, length);
}

/* A checkpoint that cannot be written is said and tried again; the run goes on. */
static int warned;
static void warn(void *user, const char *text)
{
    (void)user;
    warned += *text != 0;
}

/* What `stoa train` does with a run, its times left out. */
static char *run(struct st_arena *a, bool resume, bool write, size_t *length, struct st_fault *f)
{
    struct st_image *image = st_image_unpack(a, image_bytes, image_length, f);
    struct st_train_plan plan = {.train = &train_set,
                                 .test = &test_set,
                                 .epochs = 1,
                                 .threads = 2,
                                 .checkpoint = checkpoint,
                                 .digest = DIGEST,
                                 .resume = resume,
                                 .warn = warn};
    struct st_result r = {.experiment = "fault", .network = "small", .fabric = "stoa", .dataset = "patches"};
    struct st_text json;
    if (!image || !st_train(a, image, &plan, &r, f))
        return NULL;
    r.train_seconds = r.test_seconds = 0;
    for (uint32_t c = 0; c < image->copy_count; c++)
        image->copies[c].live = NULL;
    st_text_init(&json, a);
    st_result_json(&json, &r);
    struct st_report_input in = {.image = image, .result = &r};
    size_t page_length, bytes_length;
    char *page = st_report_html(a, &in, &page_length);
    if (write && (!st_image_save(st_path_join(a, folder, "trained.img"), image, f) ||
                  !st_file_write(st_path_join(a, folder, "result.json"), json.at, json.length, f) ||
                  !st_file_write(st_path_join(a, folder, "report.html"), page, page_length, f)))
        return NULL;
    const unsigned char *bytes = st_image_pack(a, image, &bytes_length);
    st_text_add(&json, page, page_length);
    st_text_add(&json, (const char *)bytes, bytes_length);
    *length = json.length;
    return json.at;
}

static char *train_step(struct st_arena *a, size_t *length, struct st_fault *f)
{
    unlink(checkpoint);
    return run(a, false, false, length, f);
}

static char *resume_step(struct st_arena *a, size_t *length, struct st_fault *f)
{
    return run(a, true, false, length, f);
}

static char *write_step(struct st_arena *a, size_t *length, struct st_fault *f)
{
    unlink(checkpoint);
    return run(a, false, true, length, f);
}

static char *resume_write_step(struct st_arena *a, size_t *length, struct st_fault *f)
{
    return run(a, true, true, length, f);
}

static char *load_step(struct st_arena *a, size_t *length, struct st_fault *f)
{
    char *progress;
    struct st_image *image = st_checkpoint_load(a, checkpoint, &progress, DIGEST, f);
    if (!image && f->id == ST_OK)
        fail_msg("there is no checkpoint");
    return image ? (char *)st_image_pack(a, image, length) : NULL;
}

/* --- what goes wrong ---------------------------------------------------------------------------------------- */

static atomic_int calls;
static int fail_at;

static int fail_memory(size_t bytes)
{
    (void)bytes;
    return atomic_fetch_add(&calls, 1) + 1 != fail_at;
}

static int fail_file(int kind)
{
    (void)kind;
    return atomic_fetch_add(&calls, 1) + 1 != fail_at;
}

/* The checkpoint that each attempt finds, or NULL. */
static char *found;
static size_t found_length;

/* Does the step with the n-th call failing (0: none), and returns its outcome on the heap or NULL. */
static char *attempt(step *s, bool memory, int n, size_t *length, struct st_fault *f)
{
    struct st_arena a;
    char *volatile outcome = NULL;
    st_arena_init(&a);
    if (found && !st_file_write(checkpoint, found, found_length, f))
        fail_msg("%s", f->text);
    atomic_store(&calls, 0);
    warned = 0;
    fail_at = n;
    *f = (struct st_fault){.id = ST_OK};
    st_alloc_hook = memory ? fail_memory : NULL;
    st_file_hook = memory ? NULL : fail_file;
    if (setjmp(a.full) == 0) {
        char *bytes = s(&a, length, f);
        if (bytes && (outcome = malloc(*length + 1)))
            memcpy(outcome, bytes, *length);
    } else {
        f->id = ST_FAULT_MEMORY;
    }
    st_alloc_hook = NULL;
    st_file_hook = NULL;
    st_arena_free(&a);
    return outcome;
}

/* No file may be anything but what it was or what it should become. */
static void insist_on_whole_files(const char *name, const char *wanted, size_t length)
{
    struct st_arena a;
    struct st_fault f;
    char *text;
    size_t n;
    st_arena_init(&a);
    if (setjmp(a.full))
        fail_msg("no memory");
    char *path = st_path_join(&a, folder, name);
    if (access(path, F_OK) == 0) {
        if (!st_file_read(&a, path, &text, &n, &f))
            fail_msg("%s", f.text);
        if (!(n == 3 && !memcmp(text, "old", 3)) && (n != length || memcmp(text, wanted, length) != 0))
            fail_msg("%s is neither the old one nor the new one", name);
    }
    st_arena_free(&a);
}

static const char *const files[] = {"trained.img", "result.json", "report.html"};
static char *wanted[3];
static size_t wanted_length[3];

static void insist_on_order(void)
{
    glob_t left;
    for (int i = 0; i < 3; i++)
        insist_on_whole_files(files[i], wanted[i], wanted_length[i]);
    assert_int_equal(glob(st_path_join(&kept, folder, "*.tmp"), 0, NULL, &left), GLOB_NOMATCH);
    globfree(&left);
}

/* The n-th call fails for n = 1, 2, ... until it is never made; evenly chosen n where there are very many. */
static int fail_each(step *s, bool memory, size_t chunk)
{
    struct st_fault f;
    size_t length = 0, again = 0;
    st_arena_chunk_bytes = chunk;
    char *expected = attempt(s, memory, 0, &length, &f);
    if (!expected)
        fail_msg("%s", f.text);
    int all = atomic_load(&calls), tried = 0;
    for (int n = 1; n <= all; n += all > ATTEMPTS && n < all - 8 ? all / ATTEMPTS + (n % 3 == 0) : 1, tried++) {
        char *outcome = attempt(s, memory, n, &again, &f);
        if (outcome && warned) {
            assert_int_equal(again, length);
            assert_memory_equal(outcome, expected, length);
            free(outcome);
            continue;
        }
        if (outcome || f.id == ST_OK)
            fail_msg("failure %d of %d was swallowed", n, all);
        if (memory ? f.id != ST_FAULT_MEMORY : f.id != ST_FAULT_OPEN && f.id != ST_FAULT_READ && f.id != ST_FAULT_WRITE)
            fail_msg("failure %d of %d is said to be %s: %s", n, all, st_fault_name(f.id), f.text);
        if (!memory)
            insist_on_order();
    }
    char *outcome = attempt(s, memory, all + 1, &again, &f);
    assert_non_null(outcome);
    assert_int_equal(again, length);
    assert_memory_equal(outcome, expected, length);
    free(outcome);
    free(expected);
    st_arena_chunk_bytes = 64 * 1024;
    print_message("%d of %d calls failed\n", tried, all);
    return all;
}

/* --- the tests ---------------------------------------------------------------------------------------------- */

static void no_memory_to_compile(void **state)
{
    (void)state;
    assert_true(fail_each(compile_step, true, 1) > 100);
    fail_each(compile_step, true, 4096);
}

static void no_memory_to_train_and_report(void **state)
{
    (void)state;
    assert_true(fail_each(train_step, true, 1) > 100);
    assert_true(fail_each(train_step, true, 64 * 1024) > 6); /* at least one for each thread of the test */
}

static void no_memory_to_resume(void **state)
{
    (void)state;
    struct st_fault f;
    size_t length;
    free(attempt(train_step, true, 0, &length, &f));
    fail_each(load_step, true, 1);
    assert_true(st_file_read(&kept, checkpoint, &found, &found_length, &f));
    assert_true(fail_each(resume_step, true, 1) > 100);
    found = NULL;
}

static void put(const char *path, const char *bytes)
{
    struct st_fault f;
    assert_true(st_file_write(path, bytes, strlen(bytes), &f));
}

static void the_disk_fails(void **state)
{
    (void)state;
    struct st_fault f;
    size_t length;
    free(attempt(write_step, false, 0, &length, &f));
    for (int i = 0; i < 3; i++)
        assert_true(st_file_read(&kept, st_path_join(&kept, folder, files[i]), &wanted[i], &wanted_length[i], &f));
    for (int i = 0; i < 3; i++)
        unlink(st_path_join(&kept, folder, files[i]));
    assert_true(fail_each(write_step, false, 64 * 1024) > 12); /* four files: open, write, flush, rename */
    for (int i = 0; i < 3; i++)
        put(st_path_join(&kept, folder, files[i]), "old");
    assert_true(st_file_read(&kept, checkpoint, &found, &found_length, &f));
    fail_each(resume_write_step, false, 64 * 1024);
    found = NULL;
}

/* The digest is right, the content is another network's or nobody's. */
static void a_wrong_checkpoint_is_refused(void **state)
{
    (void)state;
    struct st_fault f;
    struct st_result r = {.experiment = "fault", .network = "", .fabric = "", .dataset = "", .variant = ""};
    size_t length;
    struct st_text t;
    double curve[9] = {0};
    char other_name[] = "M";
    struct st_image *image = st_image_unpack(&kept, image_bytes, image_length, &f);
    r.curve = curve;
    for (int kind = 0; kind < 10; kind++) {
        struct st_image other = *image;
        struct st_population populations[8];
        for (uint32_t c = 0; c < image->copy_count; c++) {
            st_copy_shape(&kept, image, &image->copies[c], true);
            image->copies[c].tick = 1000 * image->period_ticks + (kind == 8 ? c * image->period_ticks : kind == 9);
        }
        memcpy(populations, image->populations, image->population_count * sizeof *populations);
        other.populations = populations;
        r.curve_step = kind == 1 ? 500 : 1000;
        r.trained = kind == 5 ? 999 : 1000;
        r.curve_count = kind == 2 ? 2 : kind == 6 ? 0 : 1;
        r.curve_right = kind == 7;
        if (kind == 3)
            populations[0].name = other_name;
        if (kind == 4)
            image->copies[1].live = NULL;
        st_text_init(&t, &kept);
        st_result_json(&t, &r);
        st_text_add(&t, "", 1);
        assert_true(st_checkpoint_save(checkpoint, t.at, DIGEST, &other, &f));
        char *outcome = attempt(resume_step, true, 0, &length, &f);
        if (kind == 0)
            assert_non_null(outcome);
        else if (outcome || f.id != ST_FAULT_CHECKPOINT)
            fail_msg("wrong checkpoint %d: %s", kind, outcome ? "taken up" : f.text);
        free(outcome);
    }
    unlink(checkpoint);
}

/* --- all of it ---------------------------------------------------------------------------------------------- */

/* Class c is a bright pair of lines in noise. */
static struct st_dataset pictures(uint32_t count, uint32_t seed)
{
    struct st_dataset d = {.count = count, .width = SIDE, .height = SIDE, .classes = CLASSES};
    d.pixels = st_arena_get(&kept, (size_t)count * SIDE * SIDE, 1);
    d.labels = st_arena_get(&kept, count, 1);
    for (uint32_t i = 0; i < count; i++) {
        d.labels[i] = (uint8_t)(st_hash64(seed, i, 0) % CLASSES);
        for (uint32_t k = 0; k < SIDE * SIDE; k++)
            d.pixels[i * SIDE * SIDE + k] =
                (uint8_t)(k / SIDE / 2 == d.labels[i] ? 230 : st_hash64(seed, i, k + 1) % 100);
    }
    return d;
}

static int begin(void **state)
{
    (void)state;
    struct st_fault f;
    st_arena_init(&kept);
    if (setjmp(kept.full) || !mkdtemp(folder) ||
        !st_file_read(&kept, "netlists/fabrics/stoa-1-small.yaml", &fabric_text, &fabric_length, &f))
        return -1;
    checkpoint = st_path_join(&kept, folder, "checkpoint");
    train_set = pictures(LEARNT, 1);
    test_set = pictures(ASKED, 2);
    image_bytes = (unsigned char *)compile_step(&kept, &image_length, &f);
    return image_bytes ? 0 : -1;
}

static int end(void **state)
{
    (void)state;
    int r = system(st_arena_printf(&kept, "rm -rf %s", folder));
    st_arena_free(&kept);
    return r;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_memory_to_compile),          cmocka_unit_test(no_memory_to_train_and_report),
        cmocka_unit_test(no_memory_to_resume),           cmocka_unit_test(the_disk_fails),
        cmocka_unit_test(a_wrong_checkpoint_is_refused),
    };
    return cmocka_run_group_tests_name("pipeline", tests, begin, end);
}
