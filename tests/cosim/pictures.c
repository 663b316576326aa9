#include "pictures.h"
#include "beside.h"
#include "dataset.h"
#include "encode.h"
#include "random_net.h"
#include "world.h"
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

enum { SIDE = 28, CLASSES = 10 };

static const struct task {
    const char *name, *images, *labels;
} tasks[] = {{"MNIST", "data/mnist/train-images-idx3-ubyte", "data/mnist/train-labels-idx1-ubyte"},
             {"letters", "data/letters/1/train-images-idx3-ubyte", "data/letters/1/train-labels-idx1-ubyte"}};
enum { TASKS = sizeof tasks / sizeof *tasks };

/* Three strokes whose ends depend on the class, moved a little: pictures for where there is no data set. */
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
            for (int k = 0; k < 4; k++)
                pixels[(y + k / 2) * SIDE + x + k % 2] = (uint8_t)(120 + st_random_below(r, 136));
        }
    }
}

/* How many neurons of each standing: known, fresh, frozen. */
static void print_standings(const struct beside *b)
{
    const struct st_image *m = b->image;
    uint32_t fresh = 0, known = 0, frozen = 0;
    for (uint32_t c = 0; c < m->core_count; c++)
        for (uint32_t g = 0; g < m->cores[c].group_count; g++) {
            const struct st_group *group = &m->cores[c].groups[g];
            for (uint32_t n = 0; group->recruits && n < group->count; n++) {
                int32_t excess = st_sim_probe_at(b->sim, c, group->first + n).excess;
                bool stays = group->recruit.freeze && excess >= group->recruit.freeze;
                fresh += excess == 0;
                frozen += stays;
                known += excess > 0 && !stays;
            }
        }
    if (fresh + known + frozen)
        printf("of the microcolumns that are recruited %u are fresh, %u known, %u frozen\n", fresh, known, frozen);
}

const char *pictures_learn(const struct core_sim_model *m, struct st_arena *arena, struct lesson lesson,
                           uint32_t pictures)
{
    struct world w = {.arena = arena};
    size_t settings = 0;
    while (lesson.settings[settings].name)
        settings++;
    world_shipped(&w, m, lesson.network, lesson.neurons, lesson.settings, settings);
    if (!w.image)
        return w.refusal;
    struct st_dataset data[TASKS] = {0};
    struct st_fault fault;
    uint32_t count = lesson.letters ? TASKS : 1;
    const char *said = "";
    for (uint32_t t = 0; t < count; t++) {
        bool there = st_dataset_load(arena, tasks[t].images, tasks[t].labels, &data[t], &fault);
        data[t].pixels = there ? data[t].pixels : NULL;
        said = st_arena_printf(arena, "%s%s%s", said, t ? ", then " : "", there ? tasks[t].name : "drawn");
    }
    struct st_run_options options = {.learn = true};
    struct beside b;
    if (!st_beside_open(&b, m, w.image, 0, 0, options, (struct st_timed_shape){0}, "build/rtl/lockstep"))
        return st_arena_printf(arena, "%s", b.text);
    void *memory = ST_NEW(arena, char, st_encoder_size(w.image));
    struct st_encoders *e = st_encoder_init(memory, w.image, 0, SIDE, SIDE, options);
    struct st_random r = {.seed = 5};
    struct timespec from, to;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &from);
    uint32_t classes = lesson.classes ? lesson.classes : CLASSES;
    for (uint32_t k = 0, next[TASKS] = {0}; k < pictures && !b.end; k++) {
        uint8_t pixels[SIDE * SIDE];
        uint32_t each = (pictures + count - 1) / count, t = k / each, label = st_random_below(&r, classes);
        if (data[t].pixels) {
            while (data[t].labels[next[t] % data[t].count] >= classes)
                next[t]++;
            uint32_t i = next[t]++ % data[t].count;
            label = data[t].labels[i];
            memcpy(pixels, data[t].pixels + (size_t)i * SIDE * SIDE, sizeof pixels);
        } else
            draw_picture(&r, CLASSES * t + label, pixels);
        st_beside_present(&b, st_encode(e, pixels, label, k * w.image->period_ticks, true));
    }
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &to);
    if (!b.end)
        st_beside_learnt(&b);
    double seconds = (double)(to.tv_sec - from.tv_sec) + 1e-9 * (double)(to.tv_nsec - from.tv_nsec);
    const struct st_counters all = st_sim_counters(b.sim), *c = &all;
    printf("%s, %u pictures (%s) on %u cores of %s: %" PRIu64 " cycles, %" PRIu64 " words compared, %" PRIu64
           " spikes, %" PRIu64 " programs\n",
           lesson.network, pictures, said, w.image->core_count, m->name, b.cycles, b.states, b.spikes, c->programs);
    print_standings(&b);
    printf("figure: %.0f cycles and %.1f learning programs a picture; %.2f M cycles/s of processor time in lock-step\n",
           (double)b.cycles / pictures, (double)c->programs / pictures, 1e-6 * (double)b.cycles / seconds);
    const char *wrong = b.end ? st_arena_printf(arena, "%s", b.text) : NULL;
    st_beside_close(&b);
    return wrong;
}
