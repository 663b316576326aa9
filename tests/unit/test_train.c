/* Training as a whole: the same bits on any number of threads and any kernels, after kill -9, and nothing lost when
 * the disk fails. On MNIST's first pictures (data/mnist, fetched by `make data`). */
#include "checkpoint.h"
#include "compile.h"
#include "dataset.h"
#include "file.h"
#include "image_io.h"
#include "kernels.h"
#include "train.h"
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

enum { LEARNT = 4000, ASKED = 600 };

static struct st_arena arena;
static struct st_dataset train_set, test_set;
static char folder[] = "build/test-train-XXXXXX";

static struct st_image *compiled(const char *text, size_t length, uint32_t copies)
{
    struct st_diags d;
    struct st_fault f;
    char *fabric_text;
    size_t fabric_length;
    st_diags_init(&d, &arena);
    assert_true(st_file_read(&arena, "netlists/fabrics/stoa-1-small.yaml", &fabric_text, &fabric_length, &f));
    const struct st_net *net = st_net_read(&arena, &d, "net", text, length, NULL, 0);
    const struct st_fabric *fabric = st_fabric_read(&arena, &d, "fabric", fabric_text, fabric_length);
    struct st_compile_options how = {.seed = 5, .copies = copies};
    const struct st_image *image = st_compile(&arena, &d, net, fabric, &how, NULL);
    if (!image)
        fail_msg("%s", st_diags_text(&d, false));
    /* the copies' learnt state is the run's to change: a lossless copy of its own */
    const unsigned char *bytes = st_image_pack(&arena, image, &length);
    struct st_image *own = st_image_unpack(&arena, bytes, length, &f);
    assert_non_null(own);
    return own;
}

static struct st_image *fresh(const char *name, uint32_t copies)
{
    struct st_fault f;
    char *text, *path = st_arena_printf(&arena, "netlists/networks/%s.yaml", name);
    size_t length;
    assert_true(st_file_read(&arena, path, &text, &length, &f));
    return compiled(text, length, copies);
}

static struct st_train_plan plan_of(uint32_t threads, const char *variant)
{
    return (struct st_train_plan){
        .train = &train_set, .test = &test_set, .epochs = 1, .threads = threads, .variant = variant};
}

/* Everything that a run leaves behind, as one text: the image's bytes and the result without its times, and without its
 * album if that is not asked for. */
static char *left_behind(struct st_image *image, const struct st_train_plan *plan, bool album, size_t *length)
{
    struct st_result r = {.experiment = "test", .network = "n", .fabric = "f", .dataset = "d"};
    struct st_fault f;
    if (!st_train(&arena, image, plan, &r, &f))
        fail_msg("%s", f.text);
    r.train_seconds = r.test_seconds = 0;
    r.threads = 0;
    r.variant = "";
    assert_int_equal(r.album.count, plan->stages);
    r.album.count = album ? r.album.count : 0;
    struct st_text t;
    st_text_init(&t, &arena);
    st_result_json(&t, &r);
    for (uint32_t c = 0; c < image->copy_count; c++)
        image->copies[c].live = NULL;
    size_t bytes;
    const unsigned char *packed = st_image_pack(&arena, image, &bytes);
    st_text_add(&t, (const char *)packed, bytes);
    *length = t.length;
    return t.at;
}

static char *outcome(struct st_image *image, const struct st_train_plan *plan, size_t *length)
{
    return left_behind(image, plan, true, length);
}

static void same(const char *a, size_t a_length, const char *b, size_t b_length)
{
    assert_int_equal(a_length, b_length);
    assert_memory_equal(a, b, a_length);
}

static void threads_do_not_matter(void **state)
{
    (void)state;
    size_t one, two;
    struct st_train_plan p1 = plan_of(1, NULL), p2 = plan_of(2, NULL);
    char *a = outcome(fresh("colanet-tuned", 3), &p1, &one), *b = outcome(fresh("colanet-tuned", 3), &p2, &two);
    same(a, one, b, two);
}

/* What accumulators carry ends with the batch of a test, on whichever thread it was. A receptor sums 64 a picture and
 * spikes at each 255: 125 times in 500 pictures, where a sum that went on would make one spike more in all. */
static void batches_begin_without_a_rest(void **state)
{
    (void)state;
    static const char text[] = "network: summing\n"
                               "presentation: { picture: 1, silence: 2, reset: true }\n"
                               "receptors: { Pixel: { shape: [1, 1], encoder: accumulator, carry: true } }\n"
                               "populations: { Out: { columns: 1, neuron: { model: lif, threshold: 1 } } }\n"
                               "projections: [ { from: Pixel, to: Out, policy: all-to-all, weight: 1 } ]\n"
                               "readout: { population: Out, decide: count }\n";
    enum { SHOWN = 3 * 500 + 400, COPIES = 2 };
    struct st_dataset grey = {.count = SHOWN, .width = 1, .height = 1, .classes = 1};
    uint8_t *pixels = ST_NEW(&arena, uint8_t, SHOWN);
    memset(pixels, 64, SHOWN);
    grey.pixels = pixels;
    grey.labels = ST_NEW(&arena, uint8_t, SHOWN);
    for (uint32_t threads = 1; threads <= 4; threads++) {
        struct st_train_plan p = {.test = &grey, .threads = threads};
        struct st_result r = {.experiment = "test", .network = "n", .fabric = "f", .dataset = "d"};
        struct st_fault f;
        if (!st_train(&arena, compiled(text, strlen(text), COPIES), &p, &r, &f))
            fail_msg("%s", f.text);
        assert_int_equal(r.test.spikes, COPIES * (3 * (500 * 64 / 255) + 400 * 64 / 255));
    }
}

static void kernels_do_not_matter(void **state)
{
    (void)state;
    size_t first, length;
    struct st_train_plan plain = plan_of(1, "scalar");
    char *a = outcome(fresh("colanet-tuned", 1), &plain, &first);
    static const char *const names[] = {"avx2", "avx512"};
    for (int i = 0; i < 2; i++) {
        if (!st_kernels_find(names[i])) {
            print_message("this machine has no %s\n", names[i]);
            continue;
        }
        struct st_train_plan p = plan_of(1, names[i]);
        char *b = outcome(fresh("colanet-tuned", 1), &p, &length);
        same(a, first, b, length);
    }
}

/* --- machines ----------------------------------------------------------------------------------------------- */

/* The fast engine behind a port that is not its own; the `stops`-th thing that it is asked for fails. */
static struct {
    atomic_int asked, open;
    int stops;
} borrowed;

struct borrowed_run {
    struct st_run is;
    struct st_run *sim;
};

static struct st_run *sim_of(const struct st_run *r) { return ((const struct borrowed_run *)r)->sim; }

static bool goes_on(struct st_fault *f)
{
    return atomic_fetch_add(&borrowed.asked, 1) + 1 != borrowed.stops || st_fail(f, ST_FAULT_DIFFERS, "it stops");
}

static struct st_run *open_borrowed(const struct st_machine *m, uint32_t copy, struct st_run_options options,
                                    struct st_fault *f)
{
    if (!goes_on(f))
        return NULL;
    struct borrowed_run *r = st_alloc(sizeof *r);
    assert_non_null(r);
    r->sim = st_run_open(m->part[0], copy, options, f);
    assert_non_null(r->sim);
    atomic_fetch_add(&borrowed.open, 1);
    return &r->is;
}

static bool seek_borrowed(struct st_run *r, uint32_t presentation, struct st_fault *f)
{
    return st_run_seek(sim_of(r), presentation, f);
}

static bool present_borrowed(struct st_run *r, const struct st_frame *frame, struct st_fault *f)
{
    return st_run_present(sim_of(r), frame, f) && goes_on(f);
}

static uint32_t now_borrowed(const struct st_run *r) { return st_run_now(sim_of(r)); }

static const struct st_host_spike *spikes_borrowed(const struct st_run *r, uint32_t *count)
{
    return st_run_spikes(sim_of(r), count);
}

static bool save_borrowed(struct st_run *r, struct st_copy *copy, bool last, struct st_fault *f)
{
    return st_run_save(sim_of(r), copy, last, f) && (!last || goes_on(f));
}

static struct st_counters counters_borrowed(const struct st_run *r, uint32_t core)
{
    return st_run_counters(sim_of(r), core);
}

static void close_borrowed(struct st_run *r)
{
    atomic_fetch_sub(&borrowed.open, 1);
    st_run_close(sim_of(r));
    st_release(r);
}

static const struct st_port port_borrowed = {.name = "borrowed",
                                             .can = ST_CAN_BIT(LEARN) | ST_CAN_BIT(GO_ON),
                                             .pace = 10,
                                             .open = open_borrowed,
                                             .seek = seek_borrowed,
                                             .present = present_borrowed,
                                             .now = now_borrowed,
                                             .spikes = spikes_borrowed,
                                             .save = save_borrowed,
                                             .counters = counters_borrowed,
                                             .close = close_borrowed};

/* On the machine with an image of its own, which is returned. */
static struct st_image *on_borrowed(struct st_machine *m, struct st_machine *fast, struct st_train_plan *plan)
{
    struct st_fault f;
    struct st_image *image = fresh("colanet-tuned", 2);
    assert_true(st_machine_ready(fast, &st_port_sim, image, (struct st_port_want){0}, &arena, &f));
    *m = st_machine_beside(fast, fast);
    m->port = &port_borrowed;
    plan->machine = m;
    return image;
}

/* Machines run in place of the engine leave what the engine leaves; one that stops is told of, and nothing stays open.
 */
static void machines_do_not_matter(void **state)
{
    (void)state;
    size_t first, length;
    struct st_machine machine, fast;
    struct st_train_plan plain = plan_of(2, NULL), on = plain;
    char *a = outcome(fresh("colanet-tuned", 2), &plain, &first),
         *c = outcome(on_borrowed(&machine, &fast, &on), &on, &length);
    same(a, first, c, length);
    assert_int_equal(borrowed.open, 0);
    /* 2 opened, 2 x LEARNT shown, 2 looked at; as many copies opened again as threads meet, 2 x ASKED shown */
    const int least = 2 + 2 * LEARNT + 2 + 2 + 2 * ASKED, most = least + 2;
    const int stops[] = {1, 2, 3, LEARNT, 2 * LEARNT + 3, 2 * LEARNT + 5, least};
    assert_in_range(borrowed.asked, least, most);
    for (size_t k = 0; k < sizeof stops / sizeof *stops; k++) {
        struct st_result r = {.experiment = "test", .network = "n", .fabric = "f", .dataset = "d"};
        struct st_fault f;
        borrowed.asked = 0;
        borrowed.stops = stops[k];
        assert_false(st_train(&arena, on_borrowed(&machine, &fast, &on), &on, &r, &f));
        assert_int_equal(f.id, ST_FAULT_DIFFERS);
        assert_int_equal(borrowed.open, 0);
    }
}

/* It learns: far better than the one in ten of guessing after a few thousand pictures. */
static void it_learns(void **state)
{
    (void)state;
    static const char *const names[] = {"colanet-tuned", "colanet-short", "colanet"};
    for (int i = 0; i < 3; i++) {
        struct st_train_plan p = plan_of(2, NULL);
        struct st_result r = {.experiment = "test", .network = "n", .fabric = "f", .dataset = "d"};
        struct st_fault f;
        struct st_image *image = fresh(names[i], 1);
        assert_true(st_train(&arena, image, &p, &r, &f));
        print_message("%s: %.1f %% after %d pictures\n", names[i], 100 * r.accuracy, LEARNT);
        assert_true(r.accuracy > 0.6);
        uint64_t train = 0, test = 0; /* core by core it is the same work */
        for (uint32_t k = 0; k < image->core_count; k++) {
            train += r.train_cores[k].synaptic_operations;
            test += r.test_cores[k].synaptic_operations;
        }
        assert_true(train == r.train.synaptic_operations && test == r.test.synaptic_operations && test > 0);
    }
}

/* What is kept on the way changes no bit of the end; more than a stage a thousand pictures there is not. */
static void stages_do_not_matter(void **state)
{
    (void)state;
    size_t whole, length;
    struct st_train_plan p = plan_of(2, NULL);
    char *expected = outcome(fresh("colanet-tuned", 2), &p, &whole);
    for (p.stages = 2; p.stages <= 4; p.stages++) {
        char *got = left_behind(fresh("colanet-tuned", 2), &p, false, &length);
        same(expected, whole, got, length);
    }
    p.stages = 100;
    struct st_result r = {.experiment = "test", .network = "n", .fabric = "f", .dataset = "d"};
    struct st_fault f;
    assert_true(st_train(&arena, fresh("colanet-tuned", 2), &p, &r, &f));
    assert_int_equal(r.album.count, LEARNT / 1000);
    for (uint32_t i = 0; i < r.album.count; i++)
        assert_int_equal(r.album.page[i].learnt, 1000 * (i + 1));
}

static void die_after(void *user, const char *what, uint64_t done, uint64_t all, double seconds)
{
    (void)all;
    (void)seconds;
    if (!strcmp(what, "training") && done >= *(uint64_t *)user)
        raise(SIGKILL);
}

static void killed_runs_go_on(void **state)
{
    (void)state;
    size_t whole, length;
    struct st_train_plan p = plan_of(1, NULL);
    p.stages = 3;
    char *expected = outcome(fresh("colanet-short", 2), &p, &whole);
    p.checkpoint = st_path_join(&arena, folder, "killed");
    p.resume = true;
    p.digest = 77;
    for (uint64_t at = 1500; at <= 6500; at += 2500) {
        pid_t child = fork();
        assert_true(child >= 0);
        if (child == 0) {
            p.progress = die_after;
            p.user = &at;
            outcome(fresh("colanet-short", 2), &p, &length);
            _exit(0);
        }
        int status;
        waitpid(child, &status, 0);
        assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
        assert_int_equal(access(p.checkpoint, F_OK), 0);
    }
    char *resumed = outcome(fresh("colanet-short", 2), &p, &length);
    same(expected, whole, resumed, length);
}

static int writes, bad_from, bad_to, warnings;
static int fail_write(int kind)
{
    writes += kind == 'w';
    return kind != 'w' || writes < bad_from || writes >= bad_to;
}

static void count_warning(void *user, const char *text)
{
    (void)user;
    assert_non_null(strstr(text, "cannot be written"));
    warnings++;
}

/* A disk that is full for a while costs a warning each time; the old checkpoint stays, and the run ends as it should.
 */
static void a_full_disk_loses_nothing(void **state)
{
    (void)state;
    size_t whole, length, old_length;
    struct st_fault f;
    struct st_train_plan p = plan_of(1, NULL);
    char *expected = outcome(fresh("colanet-tuned", 1), &p, &whole), *old;
    p.checkpoint = st_path_join(&arena, folder, "full");
    p.resume = true;
    p.warn = count_warning;
    writes = warnings = 0;
    bad_from = 4; /* the first checkpoint is written, flushed, renamed; the next few fail */
    bad_to = 7;
    st_file_hook = fail_write;
    char *through = outcome(fresh("colanet-tuned", 1), &p, &length);
    st_file_hook = NULL;
    same(expected, whole, through, length);
    assert_int_equal(warnings, 3);
    assert_true(writes > 10); /* it was tried again, and went */
    assert_true(st_file_read(&arena, p.checkpoint, &old, &old_length, &f));
    char *resumed = outcome(fresh("colanet-tuned", 1), &p, &length);
    same(expected, whole, resumed, length);
}

/* --- stopping ----------------------------------------------------------------------------------------------- */

static atomic_int stop;
static uint64_t stop_at;
static const char *stop_in;

static void stop_after(void *user, const char *what, uint64_t done, uint64_t all, double seconds)
{
    (void)user;
    (void)all;
    (void)seconds;
    if (!strcmp(what, stop_in) && done >= stop_at)
        atomic_store(&stop, 1);
}

/* Asked to stop anywhere, also while it is tested, a run leaves a checkpoint from which the same bytes come. */
static void stopped_runs_go_on(void **state)
{
    (void)state;
    size_t whole, length;
    struct st_fault f;
    struct st_train_plan p = plan_of(2, NULL);
    p.stages = 3;
    char *expected = outcome(fresh("colanet-tuned", 2), &p, &whole);
    p.checkpoint = st_path_join(&arena, folder, "stopped");
    p.checkpoint_seconds = 1e9;
    p.resume = true;
    p.stop = &stop;
    p.progress = stop_after;
    static const struct {
        const char *in;
        uint64_t at;
    } places[] = {{"training", 1}, {"training", 2001}, {"training", 7900}, {"testing", 1}};
    uint64_t before = 0;
    for (size_t k = 0; k < sizeof places / sizeof *places; k++) {
        struct st_result r = {.experiment = "test", .network = "n", .fabric = "f", .dataset = "d"};
        stop_in = places[k].in;
        stop_at = places[k].at;
        p.threads =
            strcmp(stop_in, "testing") ? 2 : 1; /* progress is told from one thread, which may have no picture */
        atomic_store(&stop, 0);
        assert_false(st_train(&arena, fresh("colanet-tuned", 2), &p, &r, &f));
        assert_int_equal(f.id, ST_FAULT_STOPPED);
        assert_true(r.trained > before);
        before = k + 2 < sizeof places / sizeof *places ? r.trained : r.trained - 1;
    }
    atomic_store(&stop, 0);
    p.progress = NULL;
    char *resumed = outcome(fresh("colanet-tuned", 2), &p, &length);
    same(expected, whole, resumed, length);
}

static void other_checkpoints_are_refused(void **state)
{
    (void)state;
    struct st_fault f;
    char *progress, *path = st_path_join(&arena, folder, "other");
    struct st_image *image = fresh("colanet-tuned", 1);
    assert_true(st_checkpoint_save(path, "{}", 1, image, &f));
    assert_non_null(st_checkpoint_load(&arena, path, &progress, 1, &f));
    assert_string_equal(progress, "{}");
    assert_null(st_checkpoint_load(&arena, path, &progress, 2, &f));
    assert_int_equal(f.id, ST_FAULT_CHECKPOINT);
    char *text;
    size_t length;
    assert_true(st_file_read(&arena, path, &text, &length, &f));
    for (size_t cut = 0; cut < length; cut = cut < 300 ? cut + 1 : cut * 2) {
        assert_true(st_file_write(path, text, cut, &f));
        assert_null(st_checkpoint_load(&arena, path, &progress, 1, &f));
        assert_int_not_equal(f.id, ST_OK);
    }
    assert_null(st_checkpoint_load(&arena, st_path_join(&arena, folder, "none"), &progress, 1, &f));
    assert_int_equal(f.id, ST_OK);
}

static void data_that_does_not_fit_is_refused(void **state)
{
    (void)state;
    struct st_fault f;
    struct st_result r = {.experiment = "test", .network = "n", .fabric = "f", .dataset = "d"};
    struct st_dataset small = test_set, many = test_set;
    small.width = 20;
    many.classes = 11;
    struct st_train_plan p = plan_of(1, NULL);
    p.train = NULL;
    p.test = &small;
    assert_false(st_train(&arena, fresh("colanet-tuned", 1), &p, &r, &f));
    assert_int_equal(f.id, ST_FAULT_DATA);
    p.test = &many;
    assert_false(st_train(&arena, fresh("colanet-tuned", 1), &p, &r, &f));
    assert_int_equal(f.id, ST_FAULT_DATA);
}

static int begin(void **state)
{
    (void)state;
    struct st_fault f;
    struct st_dataset all;
    st_arena_init(&arena);
    if (setjmp(arena.full) || !mkdtemp(folder))
        return -1;
    if (!st_dataset_load(&arena, "data/mnist/train-images-idx3-ubyte", "data/mnist/train-labels-idx1-ubyte", &all,
                         &f)) {
        print_error("%s: run `make data`\n", f.text);
        return -1;
    }
    train_set = st_dataset_part(&all, 0, LEARNT);
    test_set = st_dataset_part(&all, 30000, ASKED);
    return 0;
}

static int end(void **state)
{
    (void)state;
    char *rm = st_arena_printf(&arena, "rm -rf %s", folder);
    int r = system(rm);
    st_arena_free(&arena);
    return r;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_learns),
        cmocka_unit_test(threads_do_not_matter),
        cmocka_unit_test(batches_begin_without_a_rest),
        cmocka_unit_test(kernels_do_not_matter),
        cmocka_unit_test(machines_do_not_matter),
        cmocka_unit_test(stages_do_not_matter),
        cmocka_unit_test(killed_runs_go_on),
        cmocka_unit_test(a_full_disk_loses_nothing),
        cmocka_unit_test(stopped_runs_go_on),
        cmocka_unit_test(other_checkpoints_are_refused),
        cmocka_unit_test(data_that_does_not_fit_is_refused),
    };
    return cmocka_run_group_tests_name("train", tests, begin, end);
}
