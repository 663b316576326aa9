/* test_colanet.c - every network that ships, on every fabric that takes it: reference == compiled image.
 *
 * Random networks (test_equal.c) find what nobody thought of; these are the networks that are used, at their size, with
 * their encoders, labels and rules, on pictures made like handwriting: strokes that differ from class to class
 * and shake from picture to picture. Learning first, then a test run; where the fabric cannot learn, frozen.
 *
 *     ST_COLANET_PRESENTATIONS=N   pictures of each
 *     ST_COLANET_NETWORK=NAME      only the networks whose file's name holds this */
#include "compile.h"
#include "encode.h"
#include "equal.h"
#include "file.h"
#include "image_io.h"
#include "kernels.h"
#include "random_net.h"
#include "verify.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { SIDE = 28, CLASSES = 10, FILES = 64 };

/* Three strokes whose ends depend on the class, moved a little, on a dim ground. */
static void draw_picture(struct st_random *r, uint32_t label, uint8_t *pixels)
{
    memset(pixels, 0, SIDE * SIDE);
    struct st_random of_class = {.seed = 1000 + label};
    for (int stroke = 0; stroke < 3; stroke++) {
        int ends[4];
        for (int k = 0; k < 4; k++)
            ends[k] = (int)(6 + st_random_below(&of_class, 16)) + (int)st_random_below(r, 3) - 1;
        for (int t = 0; t <= 40; t++) {
            int x = (ends[0] * (40 - t) + ends[2] * t) / 40, y = (ends[1] * (40 - t) + ends[3] * t) / 40;
            for (int k = 0; k < 4; k++) {
                uint8_t *at = &pixels[(y + k / 2) * SIDE + x + k % 2];
                uint32_t ink = 120 + st_random_below(r, 136);
                *at = *at > ink ? *at : (uint8_t)ink;
            }
        }
    }
}

static void run(struct st_pair *p, void *encoder_memory, bool learn, uint32_t seed, uint32_t presentations)
{
    struct st_random r = {.seed = seed};
    struct st_encoders *e = st_encoder_init(encoder_memory, p->image, p->copy, SIDE, SIDE, p->options);
    uint32_t period = p->image->period_ticks;
    for (uint32_t k = 0; k < presentations && !p->differs; k++) {
        uint8_t pixels[SIDE * SIDE];
        uint32_t label = st_random_below(&r, CLASSES);
        draw_picture(&r, label, pixels);
        if (learn && k == presentations / 2)
            st_pair_resume(p, NULL);
        st_pair_present(p, st_encode(e, pixels, label, k * period, learn), k % 4 == 0, k % 3 == 0);
    }
}

static const struct st_fabric *read_fabric(struct st_arena *a, struct st_diags *d, const char *file)
{
    struct st_fault f;
    char *text;
    size_t length;
    if (!st_file_read(a, file, &text, &length, &f))
        fail_msg("%s", f.text);
    const struct st_fabric *fabric = st_fabric_read(a, d, file, text, length);
    if (!fabric)
        fail_msg("%s", st_diags_text(d, false));
    return fabric;
}

/* How many pictures: the reference goes through all neurons in each tick, so networks of many, or whose pictures last
 * long, have fewer. */
static uint32_t fitting(const struct st_net *net)
{
    uint32_t neurons = 0;
    for (uint32_t n = net->receptor_count; n < net->node_count; n++)
        neurons += st_node_size(&net->nodes[n]);
    uint64_t fit = 600000 / (1 + (uint64_t)neurons * (net->picture_ticks + net->silence_ticks));
    return fit < 8 ? 8 : fit > 160 ? 160 : (uint32_t)fit;
}

static uint32_t presentations(const struct st_net *net)
{
    const char *asked = getenv("ST_COLANET_PRESENTATIONS");
    return asked ? (uint32_t)strtoul(asked, NULL, 10) : fitting(net);
}

/* What a chip that cannot learn is given: the network's image after some presentations on one that can. NULL when even
 * that does not take it. */
static const struct st_image *learn_elsewhere(struct st_arena *a, const struct st_net *net)
{
    static const char *const fabrics[] = {"netlists/fabrics/stoa-1-large.yaml", "netlists/fabrics/stoa-1-wide.yaml",
                                          "netlists/fabrics/stoa-1-ei.yaml", "netlists/fabrics/stoa-1-graded.yaml"};
    struct st_compile_options how = {.seed = 11, .copies = 1};
    const struct st_image *from = NULL;
    for (size_t i = 0; !from && i < sizeof fabrics / sizeof *fabrics; i++) {
        struct st_diags d;
        st_diags_init(&d, a);
        from = st_compile(a, &d, net, read_fabric(a, &d, fabrics[i]), &how, NULL);
    }
    if (!from)
        return NULL;
    struct st_image *image = ST_NEW(a, struct st_image, 1);
    *image = *from;
    struct st_run_options options = {.learn = true};
    void *memory = st_alloc(st_sim_size(image)), *encoder = st_alloc(st_encoder_size(image));
    assert_true(memory && encoder);
    struct st_sim *sim = st_sim_init(memory, image, 0, options);
    struct st_encoders *e = st_encoder_init(encoder, image, 0, SIDE, SIDE, options);
    struct st_random r = {.seed = 3};
    for (uint32_t k = 0; k < 3 * fitting(net); k++) {
        uint8_t pixels[SIDE * SIDE];
        uint32_t label = st_random_below(&r, CLASSES);
        draw_picture(&r, label, pixels);
        st_sim_present(sim, st_encode(e, pixels, label, k * image->period_ticks, true));
    }
    struct st_copy *copy = ST_NEW(a, struct st_copy, 1);
    st_copy_shape(a, image, copy, false);
    st_sim_save(sim, copy);
    image->copies = copy;
    st_release(memory);
    st_release(encoder);
    return image;
}

/* One network for all fabrics: what it has learnt elsewhere is the same on each, so it learns once, when first asked
 * for. */
struct lesson {
    struct st_arena arena;
    const char *file;
    const struct st_net *net;      /* NULL: its size is no parameter */
    const struct st_image *learnt; /* NULL: not yet asked for, or no chip takes it */
};

/* side: in place of the file's, or 0. */
static void lesson_open(struct lesson *l, const char *file, uint32_t side)
{
    *l = (struct lesson){.file = file};
    st_arena_init(&l->arena);
    if (setjmp(l->arena.full))
        fail_msg("no memory");
    struct st_fault f;
    struct st_diags d;
    st_diags_init(&d, &l->arena);
    char *text;
    size_t length;
    if (!st_file_read(&l->arena, file, &text, &length, &f))
        fail_msg("%s", f.text);
    struct st_setting setting = {"side", side};
    l->net = st_net_read(&l->arena, &d, file, text, length, &setting, side ? 1 : 0);
    if (!l->net && !side)
        fail_msg("%s", st_diags_text(&d, false));
}

/* Whether nothing is wrong but that synapses draw what they begin with. */
static bool begins_drawn(const struct st_diags *d)
{
    bool only = d->errors > 0;
    for (uint32_t i = 0; i < d->count; i++)
        only &= d->list[i].warning || d->list[i].id == ST_DIAG_INITIAL;
    return only;
}

/* Compiles and runs one network on one fabric. Returns the neuron states compared, 0 when the fabric does not take it.
 */
static uint64_t compare(struct st_arena *a, struct lesson *l, const char *fabric_file, bool frozen)
{
    const char *net_file = l->file;
    const struct st_net *net = l->net;
    if (!net)
        return 0;
    struct st_diags d;
    st_diags_init(&d, a);
    const struct st_fabric *fabric = read_fabric(a, &d, fabric_file);
    struct st_compiled out;
    struct st_compile_options how = {.seed = 11, .copies = 1, .frozen = frozen};
    const struct st_image *image = st_compile(a, &d, net, fabric, &how, &out);
    bool untaught = !image && frozen && begins_drawn(&d); /* it may be frozen when it has learnt */
    if (!image && !untaught)
        return 0;
    if (frozen) {
        if (!l->learnt)
            l->learnt = learn_elsewhere(&l->arena, net);
        how.weights = l->learnt;
        image = how.weights ? st_compile(a, &d, net, fabric, &how, &out) : NULL;
        if (!image && untaught)
            return 0;
        if (!image)
            fail_msg("%s, learnt elsewhere, is not taken: %s", net_file, st_diags_text(&d, false));
    }
    struct st_verify_how against = {.seed = how.seed, .frozen = frozen, .weights = how.weights};
    if (!st_verify(&d, net, fabric, image, against, NULL))
        fail_msg("%s on %s is not the network: %s", net_file, fabric_file, st_diags_text(&d, false));
    static const char *const variants[] = {"scalar", "avx2", "avx512"};
    static uint32_t turn;
    const char *variant;
    do
        variant = variants[turn++ % 3];
    while (!st_kernels_find(variant));
    struct st_pair p;
    bool learn = !frozen && fabric->learning;
    st_pair_open(&p, a, out.quant, image, 0, (struct st_run_options){.learn = learn, .variant = variant});
    void *encoder = st_alloc(st_encoder_size(image));
    assert_non_null(encoder);
    run(&p, encoder, learn, 1, presentations(net));
    if (!p.differs) {
        st_pair_test(&p, NULL);
        run(&p, encoder, false, 2, 12);
    }
    printf("%s on %s%s: %u cores, %llu states, %llu spikes, %llu words\n", net->name, fabric->name,
           frozen ? " (frozen)" : "", image->core_count, (unsigned long long)p.states, (unsigned long long)p.spikes,
           (unsigned long long)p.words);
    if (p.differs)
        fail_msg("%s on %s: %s", net_file, fabric_file, p.text);
    assert_true(p.spikes > 0);
    st_pair_close(&p);
    st_release(encoder);
    return p.states;
}

static uint64_t compare_alone(struct lesson *l, const char *fabric, bool frozen)
{
    static struct st_arena arena;
    st_arena_init(&arena);
    if (setjmp(arena.full) || setjmp(l->arena.full))
        fail_msg("no memory");
    uint64_t states = compare(&arena, l, fabric, frozen);
    st_arena_free(&arena);
    return states;
}

static uint32_t list_files(const char *folder, char names[FILES][256])
{
    uint32_t count = 0;
    DIR *dir = opendir(folder);
    assert_non_null(dir);
    for (struct dirent *e; (e = readdir(dir));)
        if (strstr(e->d_name, ".yaml")) {
            assert_true(count < FILES);
            snprintf(names[count++], 256, "%.100s/%.150s", folder, e->d_name);
        }
    closedir(dir);
    qsort(names, count, 256, (int (*)(const void *, const void *))strcmp);
    return count;
}

static void test_networks(void **state)
{
    (void)state;
    static char nets[FILES][256], fabrics[FILES][256];
    uint32_t net_count = list_files("netlists/networks", nets), fabric_count = list_files("netlists/fabrics", fabrics);
    assert_true(net_count > 0 && fabric_count > 0);
    const char *only = getenv("ST_COLANET_NETWORK");
    bool any = false;
    for (uint32_t n = 0; n < net_count; n++) {
        if (only && !strstr(nets[n], only))
            continue;
        any = true;
        uint64_t states = 0;
        static struct lesson whole, cropped;
        lesson_open(&whole, nets[n], 0);
        lesson_open(&cropped, nets[n], 22);
        for (uint32_t f = 0; f < fabric_count; f++) {
            /* learning, frozen, else frozen and cropped to 22 x 22 (512 input lines a core) */
            uint64_t here = compare_alone(&whole, fabrics[f], false);
            here += compare_alone(&whole, fabrics[f], true);
            if (!here)
                here = compare_alone(&cropped, fabrics[f], true);
            if (!here)
                printf("%s is not for %s\n", nets[n], fabrics[f]);
            states += here;
        }
        st_arena_free(&whole.arena);
        st_arena_free(&cropped.arena);
        if (!states)
            fail_msg("%s: no fabric that ships takes it", nets[n]);
    }
    if (!any)
        fail_msg("no network '%s'", only);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_networks)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
