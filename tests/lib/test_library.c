/* test_library.c - stoa.h as its users meet it: what comes back, what is said, and that handles hold what they need. */
#include "small.h"
#include <locale.h>
#include <math.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
/* after those it needs */
#include <cmocka.h>

static uint8_t pixels[SMALL_PICTURES * SMALL_SIDE * SMALL_SIDE], labels[SMALL_PICTURES];
static stoa_pictures pictures = {sizeof pictures, SMALL_PICTURES, SMALL_SIDE, SMALL_SIDE, pixels, labels, NULL};
static char folder[] = "/tmp/stoa-library-XXXXXX";

static int set_up(void **state)
{
    (void)state;
    small_pictures(pixels, labels, SMALL_PICTURES, 1);
    return mkdtemp(folder) ? 0 : 1;
}

static int tear_down(void **state)
{
    (void)state;
    char command[128];
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    return system(command);
}

static void *packed(const stoa_image *image, size_t *length)
{
    void *bytes;
    assert_int_equal(stoa_image_pack(image, &bytes, length, NULL), STOA_OK);
    return bytes;
}

static void same_bytes(const stoa_image *a, const stoa_image *b)
{
    size_t la, lb;
    void *x = packed(a, &la), *y = packed(b, &lb);
    assert_int_equal(la, lb);
    assert_memory_equal(x, y, la);
    stoa_free(x);
    stoa_free(y);
}

/* --- what is said --------------------------------------------------------------------------------------------- */

static void mistakes_are_values(void **state)
{
    (void)state;
    static const char net[] = "network: wrong\npresentation: { picture: 4, silence: 4 }\nreceptors:\n  R: { size: 4, "
                              "encoder: clock, at: [1] }\npopulations:\n"
                              "  Layer: { columns: 2, neuron: { model: lif, threshold: 1 } }\nprojections:\n"
                              "  - { from: R, to: Leyer, policy: all-to-all, weight: 1 }\n"
                              "readout: { population: Layer, decide: count }\n";
    stoa_net *made = (stoa_net *)state;
    stoa_diagnostics *said;
    assert_int_equal(stoa_net_parse("wrong.yaml", net, strlen(net), NULL, 0, &made, &said), STOA_REFUSED);
    assert_null(made);
    const stoa_diagnostic *d = stoa_diagnostics_at(said, 0);
    assert_non_null(d);
    assert_string_equal(d->id, "no-population");
    assert_string_equal(d->file, "wrong.yaml");
    assert_int_equal(d->line, 8);
    assert_int_equal(d->column, 20);
    assert_true(d->is_error);
    assert_non_null(strstr(d->cure, "'Layer'"));
    assert_true(stoa_diagnostics_errors(said) >= 1);
    assert_null(stoa_diagnostics_at(said, stoa_diagnostics_count(said)));
    const char *text = stoa_diagnostics_text(said, 0);
    assert_non_null(strstr(text, "wrong.yaml:8:20: error: "));
    assert_non_null(strstr(text, "^~")); /* the source line is there though the source is gone */
    assert_non_null(strstr(stoa_diagnostics_text(said, 1), "\033["));
    assert_non_null(strstr(stoa_diagnostics_json(said), "\"line\": 8, \"column\": 20"));
    assert_non_null(stoa_explain(d->id));
    assert_null(stoa_explain("no-such-thing"));
    stoa_diagnostics_free(said);

    assert_int_equal(stoa_net_read("/no/such/file.yaml", NULL, 0, &made, &said), STOA_FAILED);
    assert_string_equal(stoa_diagnostics_at(said, 0)->id, "cannot-open");
    assert_null(stoa_diagnostics_at(said, 0)->file);
    stoa_diagnostics_free(said);
    assert_int_equal(stoa_net_read("colanett", NULL, 0, &made, &said), STOA_FAILED);
    assert_non_null(strstr(stoa_diagnostics_text(said, 0), "did you mean 'colanet'?"));
    stoa_diagnostics_free(said);
    assert_int_equal(stoa_net_read("colanett", NULL, 0, &made, NULL), STOA_FAILED); /* nobody listens */

    assert_int_equal(stoa_diagnostics_count(NULL), 0);
    assert_string_equal(stoa_diagnostics_text(NULL, 0), "");
    size_t count = 0;
    while (stoa_explained(count))
        assert_non_null(stoa_explain(stoa_explained(count++)));
    assert_true(count > 40);
}

static void what_does_not_go_together_is_refused(void **state)
{
    (void)state;
    stoa_diagnostics *said;
    stoa_image *image = small_image(1), *none;
    stoa_run *run;
    stoa_result *result;
    stoa_run_options o = stoa_run_defaults();
    o.size = 3;
    assert_int_equal(stoa_run_open(image, &o, &run, &said), STOA_USAGE);
    assert_null(run);
    assert_non_null(strstr(stoa_diagnostics_text(said, 0), "stoa_.._defaults()"));
    stoa_diagnostics_free(said);
    o = stoa_run_defaults();
    o.machine = "abacus";
    assert_int_equal(stoa_run_open(image, &o, &run, &said), STOA_USAGE);
    assert_non_null(strstr(stoa_diagnostics_text(said, 0), "there are sim"));
    stoa_diagnostics_free(said);
    o = stoa_run_defaults();
    o.copy = 1;
    assert_int_equal(stoa_run_open(image, &o, &run, NULL), STOA_USAGE);
    o = stoa_run_defaults();
    o.lanes = 2; /* sim has none */
    assert_int_equal(stoa_run_open(image, &o, &run, NULL), STOA_USAGE);
    o = stoa_run_defaults();
    o.kernel = "quill";
    assert_int_equal(stoa_run_open(image, &o, &run, NULL), STOA_USAGE);

    assert_int_equal(stoa_run_open(image, NULL, &run, NULL), STOA_OK);
    const uint32_t far = 36;
    int32_t few[2];
    assert_int_equal(stoa_run_inject(run, 0, &far, 1, &said), STOA_USAGE);
    assert_non_null(strstr(stoa_diagnostics_text(said, 0), "receptor 36 of 'R': it has 36"));
    stoa_diagnostics_free(said);
    assert_int_equal(stoa_run_inject(run, 9, &far, 1, NULL), STOA_USAGE);
    assert_int_equal(stoa_run_state(run, 0, "u", few, 2, NULL), STOA_USAGE);
    assert_int_equal(stoa_run_state(run, 7, "u", few, 2, NULL), STOA_USAGE);
    int32_t all[12];
    assert_int_equal(stoa_run_state(run, 0, "mood", all, 12, NULL), STOA_USAGE);
    stoa_run_close(run);

    stoa_pictures wrong = pictures;
    wrong.labels = NULL;
    assert_int_equal(stoa_learn(image, &wrong, NULL, &result, NULL), STOA_USAGE);
    wrong = pictures;
    wrong.count = 0;
    assert_int_equal(stoa_ask(image, &wrong, NULL, &result, NULL), STOA_USAGE);
    assert_null(result);
    assert_int_equal(stoa_image_unpack("not an image", 12, &none, &said), STOA_FAILED);
    assert_string_equal(stoa_diagnostics_at(said, 0)->id, "image-not-an-image");
    stoa_diagnostics_free(said);
    stoa_image_free(image);

    stoa_net_free(NULL);
    stoa_fabric_free(NULL);
    stoa_compiled_free(NULL);
    stoa_image_free(NULL);
    stoa_run_close(NULL);
    stoa_result_free(NULL);
    stoa_diagnostics_free(NULL);
    stoa_stop_free(NULL);
    stoa_free(NULL);
}

/* --- networks, images ----------------------------------------------------------------------------------------- */

static void texts_read_back_the_same(void **state)
{
    (void)state;
    stoa_net *net, *again;
    stoa_fabric *fabric;
    stoa_compiled *compiled;
    char *text, *twice;
    const stoa_setting fewer = {"microcolumns", 5};
    assert_int_equal(stoa_net_read("colanet-short", NULL, 0, &net, NULL), STOA_OK);
    assert_int_equal(stoa_net_print(net, &text, NULL), STOA_OK);
    assert_int_equal(stoa_net_parse("again.yaml", text, strlen(text), NULL, 0, &again, NULL), STOA_OK);
    assert_int_equal(stoa_net_print(again, &twice, NULL), STOA_OK);
    assert_string_equal(text, twice);
    stoa_free(text);
    stoa_free(twice);
    stoa_net_free(again);
    assert_int_equal(stoa_net_read("colanet", &fewer, 1, &again, NULL), STOA_OK);
    stoa_net_free(again);

    assert_int_equal(stoa_fabric_read("stoa-1-large", &fabric, NULL), STOA_OK);
    assert_string_equal(stoa_fabric_name(fabric), "stoa-1-large");
    assert_int_equal(stoa_compile(net, fabric, NULL, &compiled, NULL), STOA_OK);
    assert_non_null(strstr(stoa_compiled_summary(compiled), "colanet-short on stoa-1-large: "));
    assert_int_equal(stoa_compiled_stage(compiled, "place", &text, NULL), STOA_OK);
    assert_non_null(text);
    stoa_free(text);
    assert_int_equal(stoa_compiled_stage(compiled, "soul", &text, NULL), STOA_USAGE);
    assert_null(text);

    /* the image as text, as bytes and as a file is the same image; each part is freed as it comes */
    stoa_image *image = stoa_compiled_image(compiled), *other;
    char path[128];
    size_t length;
    stoa_net_free(net);
    stoa_fabric_free(fabric);
    stoa_compiled_free(compiled);
    assert_string_equal(stoa_image_about(image)->network, "colanet-short");
    assert_true(stoa_image_about(image)->learns && stoa_image_about(image)->sees);
    snprintf(path, sizeof path, "%s/image.txt", folder);
    assert_int_equal(stoa_image_dump(image, &text, &length, NULL), STOA_OK);
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    fwrite(text, 1, length, f);
    fclose(f);
    stoa_free(text);
    assert_int_equal(stoa_image_load(path, &other, NULL), STOA_OK);
    same_bytes(image, other);
    stoa_image_free(other);
    assert_int_equal(stoa_image_save(image, path, NULL), STOA_OK);
    assert_int_equal(stoa_image_load(path, &other, NULL), STOA_OK);
    same_bytes(image, other);
    stoa_image_free(other);
    stoa_image_free(image);
}

static void refused_networks_have_their_stages(void **state)
{
    (void)state;
    stoa_net *net;
    stoa_fabric *fabric;
    stoa_compiled *compiled;
    stoa_diagnostics *said;
    char *text;
    assert_int_equal(stoa_net_read("diehl-cook", NULL, 0, &net, NULL), STOA_OK);
    assert_int_equal(stoa_fabric_read("altai-1", &fabric, NULL), STOA_OK);
    assert_int_equal(stoa_compile(net, fabric, NULL, &compiled, &said), STOA_REFUSED);
    assert_non_null(compiled);
    assert_true(stoa_diagnostics_errors(said) > 0);
    /* said of the network's file, which has been read by another call; the fabric's marks are its own */
    assert_non_null(strstr(stoa_diagnostics_at(said, 0)->file, "diehl-cook.yaml"));
    assert_non_null(strstr(stoa_diagnostics_text(said, 0), " | "));
    assert_null(stoa_compiled_image(compiled));
    assert_int_equal(stoa_compiled_stage(compiled, "image", &text, NULL), STOA_OK);
    assert_null(text);
    stoa_diagnostics_free(said);
    stoa_compiled_free(compiled);
    stoa_fabric_free(fabric);
    stoa_net_free(net);
}

/* --- runs ----------------------------------------------------------------------------------------------------- */

/* Ticks with a pattern of input; the spikes, which the caller frees. */
static stoa_spike *drive(stoa_run *run, uint32_t ticks, size_t *count)
{
    for (uint32_t k = 0; k < ticks; k++) {
        uint32_t now = stoa_run_now(run), some[12];
        for (uint32_t i = 0; i < 12; i++)
            some[i] = (now * 7 + i * 3) % 36;
        assert_int_equal(stoa_run_inject(run, 0, some, 12, NULL), STOA_OK);
        if (now % 8 == 5)
            assert_int_equal(stoa_run_inject(run, 1, &(uint32_t){now / 8 % 3}, 1, NULL), STOA_OK);
        assert_int_equal(stoa_run_step(run, 1, NULL), STOA_OK);
    }
    return stoa_run_take(run, count);
}

static void a_run_goes_on_from_its_copy_on_any_machine(void **state)
{
    (void)state;
    stoa_image *image = small_image(2), *middle = small_image(2);
    stoa_run_options o = stoa_run_defaults();
    stoa_run *run, *rest;
    size_t count, first, last, again;
    int32_t u[12], v[12];
    o.learn = 1;
    o.copy = 1;
    assert_int_equal(stoa_run_open(image, &o, &run, NULL), STOA_OK);
    stoa_spike *begin = drive(run, 100, &first);
    assert_int_equal(stoa_run_save(run, middle, NULL), STOA_OK);
    stoa_spike *end = drive(run, 100, &last);
    assert_true(first > 0 && last > 0);
    assert_int_equal(stoa_run_state(run, 0, "u", u, 12, NULL), STOA_OK);
    stoa_counters n;
    stoa_run_counters(run, &n, sizeof n);
    assert_int_equal(n.ticks, 200);
    assert_int_equal(n.cycles, 0);
    assert_int_equal(stoa_run_save(run, image, NULL), STOA_OK);
    stoa_run_close(run);
    for (size_t m = 0; m < 2; m++) {
        o.machine = m ? "timed" : "sim";
        stoa_image *from = m ? middle : NULL;
        if (!from) { /* by way of bytes */
            void *bytes = packed(middle, &count);
            assert_int_equal(stoa_image_unpack(bytes, count, &from, NULL), STOA_OK);
            stoa_free(bytes);
        }
        assert_int_equal(stoa_run_open(from, &o, &rest, NULL), STOA_OK);
        assert_int_equal(stoa_run_now(rest), 100);
        stoa_spike *same = drive(rest, 100, &again);
        assert_int_equal(again, last);
        assert_memory_equal(same, end, last * sizeof *end);
        stoa_free(same);
        assert_int_equal(stoa_run_state(rest, 0, "u", v, 12, NULL), STOA_OK);
        assert_memory_equal(u, v, sizeof u);
        stoa_run_counters(rest, &n, sizeof n);
        assert_true(m ? n.cycles > 0 : n.cycles == 0);
        assert_int_equal(stoa_run_save(rest, from, NULL), STOA_OK);
        stoa_image_free(m ? NULL : from); /* the run holds it */
        if (m)
            same_bytes(from, image);
        stoa_run_close(rest);
    }
    stoa_free(begin);
    stoa_free(end);
    stoa_image_free(image);
    stoa_image_free(middle);
}

/* --- learning ------------------------------------------------------------------------------------------------- */

static int count_calls(void *user, const char *what, uint64_t done, uint64_t all, double seconds)
{
    (void)what;
    (void)seconds;
    assert_true(done <= all);
    ++*(int *)user;
    return 0;
}

static int stop_at_once(void *user, const char *what, uint64_t done, uint64_t all, double seconds)
{
    (void)user;
    (void)what;
    (void)done;
    (void)all;
    (void)seconds;
    return 1;
}

static void learning_in_two_calls_is_learning_in_one(void **state)
{
    (void)state;
    stoa_image *once = small_image(2), *twice = small_image(2);
    stoa_result *result;
    const stoa_weights *w, *after;
    int calls = 0;
    stoa_show_options o = stoa_show_defaults();
    o.progress = count_calls;
    o.user = &calls;
    assert_int_equal(stoa_learn(once, &pictures, &o, &result, NULL), STOA_OK);
    assert_true(calls > 0);
    assert_int_equal(stoa_result_about(result)->trained, SMALL_PICTURES);
    assert_null(stoa_result_image(result));
    stoa_result_free(result);

    assert_int_equal(stoa_image_weights(twice, 1, 0, &w, NULL), STOA_OK);
    const int16_t *where = w->weight;
    stoa_pictures part = pictures;
    part.count = 90;
    assert_int_equal(stoa_learn(twice, &part, NULL, NULL, NULL), STOA_OK);
    part.count = SMALL_PICTURES - 90;
    part.pixels += 90 * SMALL_SIDE * SMALL_SIDE;
    part.labels += 90;
    assert_int_equal(stoa_learn(twice, &part, NULL, NULL, NULL), STOA_OK);
    same_bytes(once, twice);

    /* what was handed out is what was learnt, and who it is */
    assert_int_equal(stoa_image_weights(once, 1, 0, &after, NULL), STOA_OK);
    assert_ptr_equal(w->weight, where);
    assert_int_equal(w->sources, 36);
    assert_int_equal(w->targets, 12);
    assert_memory_equal(where, after->weight, (size_t)w->sources * w->targets * sizeof *where);
    int any = 0;
    for (uint32_t i = 0; i < w->sources; i++) {
        assert_true(w->source_is_receptor[i]);
        assert_int_equal(w->source_group[i], stoa_image_find_receptor(twice, "R"));
        for (uint32_t n = 0; n < w->targets; n++)
            any |= where[i * w->targets + n];
    }
    assert_true(any);

    /* asked, it knows them, and stays as it is */
    stoa_show_options many = stoa_show_defaults();
    many.threads = 3;
    assert_int_equal(stoa_ask(once, &pictures, &many, &result, NULL), STOA_OK);
    const stoa_result_info *r = stoa_result_about(result);
    if (!(r->accuracy > 0.5))
        fail_msg("asked, it is right in %.2f", r->accuracy);
    const uint32_t *answers = stoa_result_answers(result);
    uint32_t right = 0;
    for (uint32_t i = 0; i < SMALL_PICTURES; i++)
        right += answers[i] == labels[i];
    assert_true(fabs(r->accuracy - right / (double)SMALL_PICTURES) < 1e-9);
    same_bytes(once, twice);
    char *page;
    size_t length;
    stoa_report_options how = stoa_report_defaults();
    how.result = result;
    how.date = "2026-01-01";
    assert_int_equal(stoa_report(once, STOA_HTML, &how, &page, &length, NULL), STOA_OK);
    assert_non_null(strstr(page, "</html>"));
    stoa_free(page);
    stoa_result_free(result);

    stoa_pictures unlabelled = pictures;
    unlabelled.labels = NULL;
    assert_int_equal(stoa_ask(once, &unlabelled, NULL, &result, NULL), STOA_OK);
    assert_true(isnan(stoa_result_about(result)->accuracy));
    stoa_result_free(result);
    stoa_image_free(once);
    stoa_image_free(twice);
}

static void one_copy_learns_alone_and_on_any_machine(void **state)
{
    (void)state;
    stoa_image *all = small_image(2), *one = small_image(2), *new = small_image(2);
    const stoa_weights *w[3];
    stoa_pictures few = pictures;
    stoa_show_options o = stoa_show_defaults();
    stoa_result *result;
    few.count = 30;
    assert_int_equal(stoa_learn(all, &few, NULL, NULL, NULL), STOA_OK);
    o.only_copy = 1;
    o.copy = 1;
    o.machine = "timed";
    assert_int_equal(stoa_learn(one, &few, &o, &result, NULL), STOA_OK);
    assert_int_equal(stoa_result_about(result)->copies, 1);
    assert_non_null(strstr(stoa_result_machine(result), "cycles a picture"));
    assert_non_null(strstr(stoa_result_json(result), "\"machine\": {\"on\": \"timed\""));
    stoa_result_free(result);
    for (uint32_t copy = 0; copy < 2; copy++) {
        stoa_image *images[] = {all, one, new};
        for (int i = 0; i < 3; i++)
            assert_int_equal(stoa_image_weights(images[i], copy, 0, &w[i], NULL), STOA_OK);
        size_t bytes = (size_t)w[0]->sources * w[0]->targets * sizeof *w[0]->weight;
        assert_memory_equal(w[1]->weight, copy ? w[0]->weight : w[2]->weight, bytes);
        assert_memory_not_equal(w[0]->weight, w[2]->weight, bytes);
    }
    stoa_image_rest(one); /* what was under way goes, what was learnt stays */
    stoa_run *run;
    assert_int_equal(stoa_run_open(one, NULL, &run, NULL), STOA_OK);
    assert_int_equal(stoa_run_now(run), 0);
    stoa_run_close(run);
    o.copy = 2;
    assert_int_equal(stoa_learn(one, &few, &o, NULL, NULL), STOA_USAGE);
    stoa_image_free(all);
    stoa_image_free(one);
    stoa_image_free(new);
}

static void stopped_learning_leaves_the_image(void **state)
{
    (void)state;
    stoa_image *image = small_image(1), *other = small_image(1);
    stoa_show_options o = stoa_show_defaults();
    stoa_diagnostics *said;
    o.progress = stop_at_once;
    assert_int_equal(stoa_learn(image, &pictures, &o, NULL, &said), STOA_STOPPED);
    assert_string_equal(stoa_diagnostics_at(said, 0)->id, "stopped");
    stoa_diagnostics_free(said);
    same_bytes(image, other);
    o = stoa_show_defaults();
    o.stop = stoa_stop_new();
    stoa_stop_ask(o.stop);
    assert_int_equal(stoa_learn(image, &pictures, &o, NULL, NULL), STOA_STOPPED);
    stoa_stop_free(o.stop);
    same_bytes(image, other);
    stoa_image_free(image);
    stoa_image_free(other);
}

/* --- threads -------------------------------------------------------------------------------------------------- */

static void *live(void *user)
{
    stoa_image *image = small_image(1);
    stoa_run *run;
    size_t count;
    stoa_run_options o = stoa_run_defaults();
    stoa_show_options one = stoa_show_defaults();
    o.learn = 1;
    one.threads = 1;
    if (stoa_learn(image, &pictures, &one, NULL, NULL) == STOA_OK && stoa_run_open(image, &o, &run, NULL) == STOA_OK) {
        stoa_free(drive(run, 64, &count));
        stoa_run_save(run, image, NULL);
        stoa_run_close(run);
    }
    *(stoa_image **)user = image;
    return NULL;
}

static void distinct_handles_on_threads_are_the_same(void **state)
{
    (void)state;
    enum { THREADS = 4 };
    pthread_t thread[THREADS];
    stoa_image *image[THREADS], *alone;
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&thread[i], NULL, live, &image[i]), 0);
    for (int i = 0; i < THREADS; i++)
        pthread_join(thread[i], NULL);
    live(&alone);
    for (int i = 0; i < THREADS; i++) {
        same_bytes(image[i], alone);
        stoa_image_free(image[i]);
    }
    stoa_image_free(alone);
}

/* One run of an image that others run, too. */
struct sharer {
    stoa_image *image;
    uint32_t copy;
    stoa_spike *spikes;
    size_t count;
};

static void *share(void *user)
{
    struct sharer *s = user;
    stoa_run *run;
    stoa_run_options o = stoa_run_defaults();
    o.copy = s->copy;
    o.learn = 1;
    if (stoa_run_open(s->image, &o, &run, NULL) != STOA_OK)
        return NULL;
    s->spikes = drive(run, 200, &s->count);
    stoa_run_close(run);
    return NULL;
}

static void runs_of_one_image_share_it(void **state)
{
    (void)state;
    enum { THREADS = 4 };
    pthread_t thread[THREADS];
    struct sharer s[THREADS], alone[2];
    stoa_image *image = small_image(2);
    for (uint32_t i = 0; i < THREADS; i++) {
        s[i] = (struct sharer){.image = image, .copy = i % 2};
        assert_int_equal(pthread_create(&thread[i], NULL, share, &s[i]), 0);
    }
    for (int i = 0; i < THREADS; i++)
        pthread_join(thread[i], NULL);
    for (uint32_t i = 0; i < 2; i++) {
        alone[i] = (struct sharer){.image = image, .copy = i};
        share(&alone[i]);
        assert_true(alone[i].count > 0);
    }
    for (int i = 0; i < THREADS; i++) {
        assert_int_equal(s[i].count, alone[i % 2].count);
        assert_memory_equal(s[i].spikes, alone[i % 2].spikes, s[i].count * sizeof *s[i].spikes);
        stoa_free(s[i].spikes);
    }
    stoa_free(alone[0].spikes);
    stoa_free(alone[1].spikes);
    stoa_image_free(image);
}

/* --- the host's locale ---------------------------------------------------------------------------------------- */

static void numbers_do_not_follow_the_locale(void **state)
{
    (void)state;
    stoa_net *plain, *net;
    char *a, *b, command[256];
    assert_int_equal(stoa_net_parse("small.yaml", small_net, strlen(small_net), NULL, 0, &plain, NULL), STOA_OK);
    assert_int_equal(stoa_net_print(plain, &a, NULL), STOA_OK);
    snprintf(command, sizeof command, "localedef -i de_DE -f UTF-8 '%s/de_DE.UTF-8'", folder); /* wants `locales` */
    setenv("LOCPATH", folder, 1);
    bool set = system(command) == 0 && setlocale(LC_ALL, "de_DE.UTF-8");
    if (set) {
        assert_true(strtod("1,5", NULL) > 1.2);
        assert_int_equal(stoa_net_parse("small.yaml", small_net, strlen(small_net), NULL, 0, &net, NULL), STOA_OK);
        assert_int_equal(stoa_net_print(net, &b, NULL), STOA_OK);
        assert_true(strtod("1,5", NULL) > 1.2); /* the host's is as it was */
        setlocale(LC_ALL, "C");
        assert_string_equal(a, b);
        stoa_free(b);
        stoa_net_free(net);
    }
    unsetenv("LOCPATH");
    stoa_free(a);
    stoa_net_free(plain);
    if (!set)
        skip();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(mistakes_are_values),
        cmocka_unit_test(what_does_not_go_together_is_refused),
        cmocka_unit_test(texts_read_back_the_same),
        cmocka_unit_test(refused_networks_have_their_stages),
        cmocka_unit_test(a_run_goes_on_from_its_copy_on_any_machine),
        cmocka_unit_test(learning_in_two_calls_is_learning_in_one),
        cmocka_unit_test(one_copy_learns_alone_and_on_any_machine),
        cmocka_unit_test(stopped_learning_leaves_the_image),
        cmocka_unit_test(distinct_handles_on_threads_are_the_same),
        cmocka_unit_test(runs_of_one_image_share_it),
        cmocka_unit_test(numbers_do_not_follow_the_locale),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
