/* test_library_build.c - networks that a program builds call by call, and those of other formats, as clients have them.
 */
#include "small.h"
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
/* after those it needs */
#include <cmocka.h>

static char folder[] = "/tmp/stoa-build-XXXXXX";

static int set_up(void **state)
{
    (void)state;
    return mkdtemp(folder) ? 0 : 1;
}

static int tear_down(void **state)
{
    (void)state;
    char command[128];
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    return system(command);
}

static const char *in_folder(const char *name)
{
    static char paths[4][256];
    static int next;
    char *path = paths[next++ % 4];
    snprintf(path, sizeof paths[0], "%s/%s", folder, name);
    return path;
}

static void same_networks(const stoa_net *a, const stoa_net *b)
{
    char *x, *y;
    assert_int_equal(stoa_net_print(a, &x, NULL), STOA_OK);
    assert_int_equal(stoa_net_print(b, &y, NULL), STOA_OK);
    assert_string_equal(x, y);
    stoa_free(x);
    stoa_free(y);
}

static const char head[] = "{ network: parts, copies: 2, presentation: { picture: 6, silence: 4 } }";

static stoa_builder *begun(void)
{
    stoa_builder *b;
    assert_int_equal(stoa_build_begin(head, &b, NULL), STOA_OK);
    assert_non_null(b);
    return b;
}

static void parts_make_what_a_file_makes(void **state)
{
    (void)state;
    static const char file[] =
        "network: parts\ncopies: 2\npresentation: { picture: 6, silence: 4 }\n"
        "receptors:\n  R: { size: 4, encoder: spikes }\n  Label: { size: 2, encoder: label, at: [7] }\n"
        "populations:\n"
        "  L: { columns: 2, microcolumns: 3, neuron: { model: lif, threshold: 2.5, leak: 0.3 } }\n"
        "  OUT: { columns: 2, neuron: { model: lif, threshold: 1 } }\n"
        "emitters:\n  E: { of: L, size: 4 }\n"
        "projections:\n"
        "  - { from: R, to: L, policy: all-to-all, plasticity: { rule: colanet, w_min: -0.3, w_max: 0.3 } }\n"
        "  - { from: L, to: L, policy: list, sign: inhibitory, weight: 0.5, delay: 3, synapses: [[0, 1], [1, 2, 0.25], "
        "[2, 0, ~, 7], [5, 4, 0.125, 9]] }\n"
        "  - { from: L, to: OUT, policy: aligned, weight: 1.75 }\n"
        "  - { from: Label, to: L, policy: aligned, kind: reward, weight: 0.2, delay: 2 }\n"
        "  - { from: E, to: OUT, policy: list, synapses: [[3, 1, 0.5]] }\n"
        "readout: { population: OUT, decide: count }\n";
    const uint32_t from[] = {0, 1, 2, 5}, to[] = {1, 2, 0, 4}, last_from[] = {3}, last_to[] = {1};
    const double weight[] = {(double)NAN, 0.25, (double)NAN, 0.125}, half[] = {0.5};
    const uint16_t delay[] = {0, 0, 7, 9};
    stoa_net *read, *built;
    stoa_diagnostics *said;
    uint32_t list = 99, emitted = 99;
    stoa_builder *b = begun();
    assert_int_equal(stoa_build_number(b, "w", 2.5, NULL), STOA_OK);
    assert_int_equal(stoa_build_receptors(b, "R", "{ size: 4, encoder: spikes }", NULL), STOA_OK);
    assert_int_equal(stoa_build_population(b, "L",
                                           "columns: 2\nmicrocolumns: 3\n"
                                           "neuron: { model: lif, threshold: $w, leak: 0.3 }\n",
                                           NULL),
                     STOA_OK);
    assert_int_equal(stoa_build_receptors(b, "Label", "{ size: 2, encoder: label, at: [7] }", NULL), STOA_OK);
    assert_int_equal(stoa_build_population(b, "OUT", "{ columns: 2, neuron: { model: lif, threshold: 1 } }", NULL),
                     STOA_OK);
    assert_int_equal(stoa_build_emitter(b, "E", "{ of: L, size: 4 }", NULL), STOA_OK);
    assert_int_equal(
        stoa_build_projection(b,
                              "{ from: R, to: L, policy: all-to-all, plasticity: { rule: colanet, w_min: -0.3, w_max: "
                              "0.3 } }",
                              NULL, NULL),
        STOA_OK);
    assert_int_equal(stoa_build_projection(
                         b, "{ from: L, to: L, policy: list, sign: inhibitory, weight: 0.5, delay: 3 }", &list, NULL),
                     STOA_OK);
    assert_int_equal(list, 1);
    assert_int_equal(stoa_build_number(b, "w", 1.75, NULL), STOA_OK); /* from here on */
    assert_int_equal(stoa_build_projection(b, "{ from: L, to: OUT, policy: aligned, weight: $w }", NULL, NULL),
                     STOA_OK);
    assert_int_equal(stoa_build_projection(
                         b, "{ from: Label, to: L, policy: aligned, kind: reward, weight: 0.2, delay: 2 }", NULL, NULL),
                     STOA_OK);
    assert_int_equal(stoa_build_projection(b, "{ from: E, to: OUT, policy: list }", &emitted, NULL), STOA_OK);
    assert_int_equal(stoa_build_synapses(b, list, 1, from, to, weight, NULL, NULL), STOA_OK);
    assert_int_equal(stoa_build_synapses(b, list, 0, NULL, NULL, NULL, NULL, NULL), STOA_OK);
    assert_int_equal(stoa_build_synapses(b, list, 3, from + 1, to + 1, weight + 1, delay + 1, NULL), STOA_OK);
    assert_int_equal(stoa_build_synapses(b, emitted, 1, last_from, last_to, half, NULL, NULL), STOA_OK);
    assert_int_equal(stoa_build_readout(b, "{ population: OUT, decide: count }", NULL), STOA_OK);
    assert_int_equal(stoa_build_finish(b, &built, &said), STOA_OK);
    stoa_diagnostics_free(said);
    assert_int_equal(stoa_net_parse("parts.yaml", file, strlen(file), NULL, 0, &read, NULL), STOA_OK);
    assert_string_equal(stoa_net_name(built), "parts");
    same_networks(built, read);

    /* finished is finished; the network needs its builder no more */
    stoa_net *none;
    assert_int_equal(stoa_build_readout(b, "{ population: OUT }", &said), STOA_USAGE);
    stoa_diagnostics_free(said);
    assert_int_equal(stoa_build_finish(b, &none, NULL), STOA_USAGE);
    assert_null(none);
    stoa_build_free(b);
    stoa_build_free(NULL);
    same_networks(built, read);
    stoa_net_free(built);
    stoa_net_free(read);
}

/* The one thing that a call has said. */
static void says(stoa_diagnostics *said, const char *id, const char *file)
{
    assert_int_equal(stoa_diagnostics_count(said), 1);
    assert_int_equal(stoa_diagnostics_errors(said), 1);
    const stoa_diagnostic *d = stoa_diagnostics_at(said, 0);
    assert_string_equal(d->id, id);
    if (file)
        assert_string_equal(d->file, file);
    stoa_diagnostics_free(said);
}

static void each_part_says_what_is_wrong_with_it(void **state)
{
    (void)state;
    stoa_builder *b;
    stoa_net *net;
    stoa_diagnostics *said;
    uint32_t projection, list;
    const uint32_t from[] = {0}, to[] = {2}, good[] = {1};
    const double minus[] = {-1}, wide[] = {2e6};
    const uint16_t late[] = {256};
    assert_int_equal(stoa_build_begin("{ network: x, presentation: { pictures: 3 } }", &b, &said), STOA_REFUSED);
    assert_null(b);
    assert_string_equal(stoa_diagnostics_at(said, 0)->file, "network");
    stoa_diagnostics_free(said);
    assert_int_equal(stoa_build_begin(NULL, &b, NULL), STOA_USAGE);
    assert_int_equal(stoa_build_begin("{ network: x", &b, NULL), STOA_REFUSED);
    assert_int_equal(stoa_build_begin("{ network: x, presentation: { picture: 3 }, receptors: {} }", &b, &said),
                     STOA_REFUSED);
    says(said, "unknown-key", "network");

    b = begun();
    assert_int_equal(stoa_build_receptors(b, NULL, NULL, NULL), STOA_USAGE);
    assert_int_equal(stoa_build_receptors(b, "R", "{ size: 1, encoder: spikes }", NULL), STOA_OK);
    assert_int_equal(stoa_build_population(b, "L", "{ columns: 2, neuron: { model: lif, threshold: 1 } }", NULL),
                     STOA_OK);
    assert_int_equal(stoa_build_projection(b, "{ from: R, to: LL, policy: list }", &projection, &said), STOA_REFUSED);
    const stoa_diagnostic *d = stoa_diagnostics_at(said, 0);
    assert_non_null(d->cure);
    assert_int_equal(d->column, 16);
    says(said, "no-population", "projection 0");
    assert_int_equal(stoa_build_projection(b, "{ from: R, to: L, policy: list, sign: excitatory }", &list, NULL),
                     STOA_OK);
    assert_int_equal(stoa_build_synapses(b, list, 1, from, to, NULL, NULL, &said), STOA_REFUSED);
    says(said, "list-bounds", "projection 1");
    assert_int_equal(stoa_build_synapses(b, list, 1, from, good, minus, NULL, &said), STOA_REFUSED);
    says(said, "sign-weight", "projection 1");
    assert_int_equal(stoa_build_synapses(b, list, 1, from, good, wide, NULL, &said), STOA_REFUSED);
    says(said, "out-of-range", "projection 1");
    assert_int_equal(stoa_build_synapses(b, list, 1, from, good, NULL, late, &said), STOA_REFUSED);
    says(said, "out-of-range", "projection 1");
    assert_int_equal(stoa_build_synapses(b, list, 1, NULL, good, NULL, NULL, NULL), STOA_USAGE);
    assert_int_equal(stoa_build_synapses(b, 7, 1, from, good, NULL, NULL, NULL), STOA_USAGE);
    assert_int_equal(stoa_build_synapses(b, list, 1, from, good, NULL, NULL, NULL), STOA_OK); /* without a weight */
    assert_int_equal(stoa_build_projection(b, "{ from: R, to: L, policy: all-to-all, weight: $x }", &projection, &said),
                     STOA_REFUSED);
    says(said, "no-parameter", "projection 2");
    assert_int_equal(stoa_build_synapses(b, projection, 1, from, good, NULL, NULL, &said), STOA_REFUSED);
    says(said, "key-not-for", "projection 2");
    assert_int_equal(stoa_build_number(b, "much", 1e300, &said), STOA_REFUSED);
    says(said, "out-of-range", NULL);
    assert_int_equal(stoa_build_readout(b, "{ population: L }", NULL), STOA_OK);
    /* the end says all of it, and what only the whole can tell */
    assert_int_equal(stoa_build_finish(b, &net, &said), STOA_REFUSED);
    assert_null(net);
    assert_int_equal(stoa_diagnostics_errors(said), 9);
    assert_int_equal(stoa_diagnostics_count(said), 9);
    assert_string_equal(stoa_diagnostics_at(said, 0)->id, "no-population");
    assert_string_equal(stoa_diagnostics_at(said, 8)->id, "missing-key");
    assert_non_null(strstr(stoa_diagnostics_text(said, 0), "projection 0:1:16: error: "));
    stoa_diagnostics_free(said);
    stoa_build_free(b);

    b = begun(); /* nothing at all */
    assert_int_equal(stoa_build_finish(b, &net, &said), STOA_REFUSED);
    says(said, "missing-key", NULL);
    stoa_build_free(b);
    b = begun(); /* never finished */
    assert_int_equal(stoa_build_receptors(b, "R", NULL, NULL), STOA_REFUSED);
    stoa_build_free(b);
    assert_int_equal(stoa_build_receptors(NULL, "R", NULL, NULL), STOA_USAGE);
}

/* --- formats of others -------------------------------------------------------------------------------------------- */

static const char plain[] = "network: plain\npresentation: { picture: 100, silence: 0 }\n"
                            "receptors:\n  R: { size: 3, encoder: spikes }\n"
                            "populations:\n  L: { columns: 4, neuron: { model: lif, threshold: 1, leak: 0.25 } }\n"
                            "projections:\n  - { from: R, to: L, policy: all-to-all, weight: 0.5 }\n"
                            "readout: { population: L, decide: count }\n";

static void networks_go_out_and_come_in_with_verdicts(void **state)
{
    (void)state;
    stoa_net *net, *back, *again;
    stoa_verdicts *v;
    stoa_diagnostics *said;
    const stoa_setting dt = {"dt", 1e-3};
    assert_int_equal(stoa_net_parse("plain.yaml", plain, strlen(plain), NULL, 0, &net, NULL), STOA_OK);
    assert_int_equal(stoa_export(net, "nir", in_folder("plain.nir"), NULL, &v, &said), STOA_OK);
    assert_null(said);
    assert_true(stoa_verdicts_count(v) > 0);
    assert_null(stoa_verdicts_at(v, stoa_verdicts_count(v)));
    assert_non_null(strstr(stoa_verdicts_json(v), "\"file\": \"plain.yaml\",\n  \"whole\": true"));
    stoa_verdicts_free(v);
    assert_int_equal(stoa_export(net, "sonata", in_folder("plain"), NULL, NULL, NULL), STOA_OK);
    assert_int_equal(access(in_folder("plain/circuit_config.json"), F_OK), 0);
    assert_int_equal(stoa_export(net, "gml", in_folder("plain.gml"), NULL, &v, &said), STOA_USAGE);
    assert_null(v);
    stoa_diagnostics_free(said);
    assert_int_equal(stoa_export(net, "nir", "/no/such/folder/x.nir", NULL, &v, NULL), STOA_FAILED);
    assert_null(v);

    assert_int_equal(stoa_import(in_folder("plain.nir"), &dt, 1, &back, &v, &said), STOA_OK);
    assert_null(said);
    uint32_t exact = 0;
    for (size_t i = 0; i < stoa_verdicts_count(v); i++)
        exact += stoa_verdicts_at(v, i)->faith == STOA_FAITH_EXACT;
    assert_true(exact > 3);
    assert_non_null(strstr(stoa_verdicts_text(v), "exact, "));
    stoa_net_free(back); /* they lie together, and go one by one */
    assert_true(stoa_verdicts_at(v, 0)->node[0] != 0);
    stoa_verdicts_free(v);
    /* refused: verdicts, no network */
    assert_int_equal(stoa_import(in_folder("plain.nir"), NULL, 0, &back, &v, &said), STOA_REFUSED);
    assert_null(back);
    assert_non_null(v);
    assert_non_null(strstr(stoa_verdicts_json(v), "\"whole\": false"));
    assert_true(stoa_diagnostics_errors(said) > 0);
    stoa_diagnostics_free(said);
    stoa_verdicts_free(v);
    assert_int_equal(stoa_import("/no/such.nir", NULL, 0, &back, &v, NULL), STOA_FAILED);
    assert_null(v);

    assert_int_equal(stoa_net_write(net, in_folder("plain.yaml"), NULL), STOA_OK);
    assert_int_equal(stoa_net_read(in_folder("plain.yaml"), NULL, 0, &again, NULL), STOA_OK);
    same_networks(net, again);
    assert_int_equal(stoa_net_write(net, "-", NULL), STOA_USAGE);
    stoa_net_free(again);
    stoa_net_free(net);
}

/* More synapses than a file shows inside. */
static void long_lists_lie_beside_the_file(void **state)
{
    (void)state;
    enum { MANY = 2000 };
    static uint32_t from[MANY], to[MANY];
    static double weight[MANY];
    stoa_net *net, *again;
    uint32_t list;
    stoa_builder *b = begun();
    for (uint32_t i = 0; i < MANY; i++) {
        from[i] = i % 50;
        to[i] = i / 50;
        weight[i] = 0.25 * (1 + i % 7);
    }
    assert_int_equal(stoa_build_receptors(b, "R", "{ size: 50, encoder: spikes }", NULL), STOA_OK);
    assert_int_equal(stoa_build_population(b, "L", "{ columns: 40, neuron: { model: lif, threshold: 1 } }", NULL),
                     STOA_OK);
    assert_int_equal(stoa_build_projection(b, "{ from: R, to: L, policy: list }", &list, NULL), STOA_OK);
    for (uint32_t i = 0; i < MANY; i += 500)
        assert_int_equal(stoa_build_synapses(b, list, 500, from + i, to + i, weight + i, NULL, NULL), STOA_OK);
    assert_int_equal(stoa_build_readout(b, "{ population: L }", NULL), STOA_OK);
    assert_int_equal(stoa_build_finish(b, &net, NULL), STOA_OK);
    stoa_build_free(b);
    assert_int_equal(stoa_net_write(net, in_folder("list.yaml"), NULL), STOA_OK);
    assert_int_equal(access(in_folder("list-0.csv"), F_OK), 0);
    assert_int_equal(stoa_net_read(in_folder("list.yaml"), NULL, 0, &again, NULL), STOA_OK);
    same_networks(net, again);
    stoa_net_free(net);
    stoa_net_free(again);
}

/* --- events ------------------------------------------------------------------------------------------------------- */

static void events_are_arrays(void **state)
{
    (void)state;
    static const stoa_event at[] = {{7, 0, 3}, {2, 1, 5}, {2, 0, 9}, {7, 0, 3}};
    static const char *const groups[] = {"in", "out"};
    static const char *const files[] = {"e.txt", "e.csv", "e.h5", "e.npz"};
    stoa_events *e, *back;
    stoa_diagnostics *said;
    assert_int_equal(stoa_events_of(at, 4, groups, 2, &e, NULL), STOA_OK);
    const stoa_events_info *i = stoa_events_about(e);
    assert_int_equal(i->count, 3);
    assert_int_equal(i->together, 1);
    assert_int_equal(i->at[0].tick, 2);
    assert_int_equal(i->at[0].index, 9);
    assert_int_equal(i->at[1].group, 1);
    assert_string_equal(i->groups[1], "out");
    for (size_t k = 0; k < sizeof files / sizeof *files; k++)
        assert_int_equal(stoa_events_write(e, 0, in_folder(files[k]), NULL), STOA_OK);
    assert_int_equal(stoa_events_read(in_folder("e.txt"), NULL, &back, &said), STOA_OK);
    assert_null(said);
    assert_int_equal(stoa_events_about(back)->count, 3);
    assert_memory_equal(stoa_events_about(back)->at, i->at, 3 * sizeof *i->at);
    stoa_events_free(back);
    stoa_event_options o = stoa_event_defaults();
    o.group = "out";
    assert_int_equal(stoa_events_read(in_folder("e.h5"), &o, &back, NULL), STOA_OK);
    assert_int_equal(stoa_events_about(back)->count, 1);
    assert_int_equal(stoa_events_about(back)->at[0].index, 5);
    stoa_events_free(back);
    o.polarity = "up";
    assert_int_equal(stoa_events_read(in_folder("e.h5"), &o, &back, &said), STOA_USAGE);
    assert_null(back);
    stoa_diagnostics_free(said);
    stoa_events_free(e);
    assert_int_equal(stoa_events_of(at, 4, groups, 1, &e, NULL), STOA_USAGE);
    assert_null(e);
    assert_int_equal(stoa_events_read("/no/such.txt", NULL, &e, NULL), STOA_FAILED);
}

/* --- pictures ----------------------------------------------------------------------------------------------------- */

static void data_sets_are_made_of_others(void **state)
{
    (void)state;
    const uint32_t classes[] = {2, 0};
    stoa_dataset *all, *some, *turned, *read;
    stoa_diagnostics *said;
    stoa_data_pair *pairs;
    void *png;
    size_t count, length;
    const char *look;
    assert_int_equal(stoa_dataset_letters(0, STOA_LETTER_HANDS, 0, 60, 1, &all, NULL), STOA_OK);
    assert_int_equal(stoa_dataset_classes(all), 10);
    assert_null(stoa_dataset_class(all, 0));
    stoa_choice o = stoa_choice_defaults();
    o.classes = classes;
    o.class_count = 2;
    o.count = 8;
    assert_int_equal(stoa_dataset_choose(all, &o, &some, NULL), STOA_OK);
    assert_int_equal(stoa_dataset_permute(some, 7, &turned, NULL), STOA_OK);
    stoa_dataset_free(all); /* what was made of it keeps what it shares */
    const stoa_pictures *p = stoa_dataset_pictures(some), *t = stoa_dataset_pictures(turned);
    assert_int_equal(p->count, 8);
    assert_int_equal(t->count, 8);
    uint64_t ink[2] = {0, 0};
    for (uint32_t i = 0; i < p->count * p->width * p->height; i++) {
        ink[0] += p->pixels[i];
        ink[1] += t->pixels[i];
    }
    assert_true(ink[0] > 0 && ink[0] == ink[1]);
    assert_memory_not_equal(p->pixels, t->pixels, p->width * p->height);
    for (uint32_t i = 0; i < p->count; i++)
        assert_true(p->labels[i] < 2 && p->labels[i] == t->labels[i]);

    assert_int_equal(
        stoa_dataset_save(some, in_folder("train-images-idx3-ubyte"), in_folder("train-labels-idx1-ubyte"), NULL),
        STOA_OK);
    assert_int_equal(stoa_data_pairs(folder, &pairs, &count, NULL), STOA_OK);
    assert_int_equal(count, 1);
    assert_non_null(pairs[0].labels);
    assert_int_equal(stoa_dataset_read(pairs[0].images, pairs[0].labels, &read, NULL), STOA_OK);
    assert_memory_equal(stoa_dataset_pictures(read)->pixels, p->pixels, p->count * p->width * p->height);
    assert_memory_equal(stoa_dataset_pictures(read)->labels, p->labels, p->count);
    stoa_dataset_free(read);
    stoa_free(pairs);
    assert_int_equal(stoa_data_pairs("/no/such/folder", &pairs, &count, NULL), STOA_OK); /* a file, not looked at yet */
    stoa_free(pairs);
    assert_int_equal(stoa_data_pairs("netlists", &pairs, &count, NULL), STOA_FAILED);
    assert_null(pairs);

    assert_int_equal(stoa_dataset_sheet(some, 4, 1, 0, &png, &length, NULL), STOA_OK);
    assert_memory_equal(png, "\x89PNG", 4);
    stoa_free(png);
    assert_int_equal(stoa_dataset_sheet(some, 0, 1, 0, &png, &length, NULL), STOA_USAGE);
    assert_int_equal(stoa_dataset_sheet(some, 4000000, 0, 0, &png, &length, NULL), STOA_USAGE);
    assert_null(png);
    stoa_dataset_free(some);
    stoa_dataset_free(turned);

    assert_int_equal(stoa_dataset_noise("flat", 5, 3, 2, 1, &all, NULL), STOA_OK);
    assert_null(stoa_dataset_pictures(all)->labels);
    assert_int_equal(stoa_dataset_pictures(all)->pixels[29], 255);
    o = stoa_choice_defaults();
    o.classes = classes;
    o.class_count = 2;
    assert_int_equal(stoa_dataset_choose(all, &o, &some, &said), STOA_FAILED); /* there are no labels */
    stoa_diagnostics_free(said);
    stoa_dataset_free(all);
    assert_int_equal(stoa_dataset_noise("pink", 5, 3, 2, 1, &all, NULL), STOA_USAGE);
    assert_int_equal(stoa_dataset_letters(2, 100, 0, 1, 1, &all, NULL), STOA_USAGE);

    size_t sets = 0;
    while (stoa_known_set_at(sets)) {
        assert_int_equal(stoa_known_set_look(sets++, "/no/such/folder", &look, NULL), STOA_OK);
        assert_string_equal(look, "missing");
    }
    assert_true(sets > 3);
    assert_int_equal(stoa_known_set_look(sets, "data", &look, NULL), STOA_USAGE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parts_make_what_a_file_makes),
        cmocka_unit_test(each_part_says_what_is_wrong_with_it),
        cmocka_unit_test(networks_go_out_and_come_in_with_verdicts),
        cmocka_unit_test(long_lists_lie_beside_the_file),
        cmocka_unit_test(events_are_arrays),
        cmocka_unit_test(data_sets_are_made_of_others),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
