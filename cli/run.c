#include "cli.h"
#include "encode.h"
#include "file.h"
#include "spike_file.h"
#include "text.h"
#include "train.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

const char cli_run_help[] =
    "stoa run runs/mnist/trained.img --images data/mnist/t10k-images-idx3-ubyte --labels data/mnist/t10k-labels-idx1-ubyte\n"
    "    asks a trained network about pictures; or feeds spikes and traces what happens:\n"
    "stoa run net.img --in spikes.txt --ticks 100 --trace state -o net.trace\n\n"
    "usage: stoa run IMAGE [OPTIONS]\n\n"
    "  --images F --labels F   idx files (gzip or not): accuracy over all copies\n"
    "  --limit N               only the first N pictures\n"
    "  --threads N             (default: one a core; the results do not depend on it)\n"
    "  --json                  the result as JSON\n\n"
    "  --in SPIKES             lines `tick group index`: receptors that speak; - is standard input\n"
    "  --ticks N               how many ticks (default: one presentation)\n"
    "  --trace spikes|state    every spike, or also every potential and gate (default spikes)\n"
    "  --copy N                which member of the ensemble (default 0)\n"
    "  --learn                 programs run; --save IMAGE keeps what was learnt\n"
    "  --on sim                which machine: sim is the fast engine\n"
    "  -o TRACE                where the trace goes (default standard output)\n"
    "  --variant NAME          kernels: scalar, avx2 or avx512 (default: the best; same results)\n";

struct request {
    const char *image, *images, *labels, *in, *out, *save, *variant;
    uint64_t limit, threads, ticks, copy;
    bool json, state, learn;
};

static bool parse(struct cli *c, int argc, char **argv, struct request *q)
{
    enum { IMAGES = 256, LABELS, LIMIT, THREADS, JSON, IN, TICKS, TRACE, COPY, LEARN, SAVE, ON, VARIANT };
    static const struct option options[] = {
        {"images", required_argument, NULL, IMAGES}, {"labels", required_argument, NULL, LABELS},
        {"limit", required_argument, NULL, LIMIT},   {"threads", required_argument, NULL, THREADS},
        {"json", no_argument, NULL, JSON},           {"in", required_argument, NULL, IN},
        {"ticks", required_argument, NULL, TICKS},   {"trace", required_argument, NULL, TRACE},
        {"copy", required_argument, NULL, COPY},     {"learn", no_argument, NULL, LEARN},
        {"save", required_argument, NULL, SAVE},     {"on", required_argument, NULL, ON},
        {"variant", required_argument, NULL, VARIANT}, {NULL, 0, NULL, 0}};
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    *q = (struct request){.threads = cores > 0 ? (uint64_t)cores : 1};
    for (int o; (o = cli_option(c, argc, argv, ":o:", options)) != -1;) {
        bool ok = true;
        switch (o) {
        case IMAGES:
            q->images = optarg;
            break;
        case LABELS:
            q->labels = optarg;
            break;
        case LIMIT:
            ok = cli_number(c, "--limit", optarg, 1, UINT32_MAX, &q->limit);
            break;
        case THREADS:
            ok = cli_number(c, "--threads", optarg, 1, 256, &q->threads);
            break;
        case JSON:
            q->json = true;
            break;
        case IN:
            q->in = optarg;
            break;
        case TICKS:
            ok = cli_number(c, "--ticks", optarg, 1, UINT32_MAX / 2, &q->ticks);
            break;
        case TRACE:
            if (strcmp(optarg, "spikes") && strcmp(optarg, "state")) {
                cli_usage(c, "--trace wants spikes or state, not '%s'", optarg);
                ok = false;
            }
            q->state = !strcmp(optarg, "state");
            break;
        case COPY:
            ok = cli_number(c, "--copy", optarg, 0, 4095, &q->copy);
            break;
        case LEARN:
            q->learn = true;
            break;
        case SAVE:
            q->save = optarg;
            break;
        case ON:
            if (strcmp(optarg, "sim")) {
                cli_usage(c, "--on: no machine '%s'; there is sim", optarg);
                ok = false;
            }
            break;
        case VARIANT:
            q->variant = optarg;
            break;
        case 'o':
            q->out = optarg;
            break;
        default:
            ok = false;
        }
        if (!ok)
            return false;
    }
    if (optind + 1 != argc) {
        cli_usage(c, "wants one image");
        return false;
    }
    if (!q->images != !q->labels || (q->images && (q->in || q->save))) {
        cli_usage(c, "wants either --images with --labels, or --in");
        return false;
    }
    if (!st_kernels_find(q->variant)) {
        cli_usage(c, "--variant: this machine has no kernels '%s'", q->variant);
        return false;
    }
    q->image = argv[optind];
    return true;
}

/* --- pictures ----------------------------------------------------------------------------------------------- */

static int ask(struct cli *c, const struct request *q, struct st_image *image)
{
    struct st_fault f;
    struct st_dataset data;
    if (!st_dataset_load(c->arena, q->images, q->labels, &data, &f))
        return cli_fault(&f);
    if (q->limit && q->limit < data.count)
        data = st_dataset_part(&data, 0, (uint32_t)q->limit);
    double drawn[2] = {-10, 0};
    struct st_train_plan plan = {.test = &data,
                                 .threads = (uint32_t)q->threads,
                                 .variant = q->variant,
                                 .progress = cli_progress,
                                 .user = drawn};
    struct st_result r = {.experiment = "run", .network = image->network, .fabric = image->fabric, .dataset = q->images};
    if (!st_train(c->arena, image, &plan, &r, &f))
        return cli_fault(&f);
    if (q->json) {
        struct st_text t;
        st_text_init(&t, c->arena);
        st_result_json(&t, &r);
        fwrite(t.at, 1, t.length, stdout);
        return CLI_DONE;
    }
    double mean = 0;
    for (uint32_t i = 0; i < r.copies; i++)
        mean += r.copy_accuracy[i] / r.copies;
    printf("%s on %s: %llu pictures\n  one network   %6.2f %%\n", image->network, image->fabric,
           (unsigned long long)r.tested, 100 * mean);
    if (r.copies > 1)
        printf("  ensemble of %u %6.2f %%\n", r.copies, 100 * r.accuracy);
    return CLI_DONE;
}

/* --- spikes ------------------------------------------------------------------------------------------------- */

struct event {
    uint32_t tick, receptor, index;
};

static int by_tick(const void *a, const void *b)
{
    const struct event *x = a, *y = b;
    return x->tick < y->tick ? -1 : x->tick > y->tick;
}

static bool whole(const char *text, uint64_t *out)
{
    char *end;
    *out = strtoull(text, &end, 10);
    return *text >= '0' && *text <= '9' && !*end && *out < UINT32_MAX;
}

/* Reads `tick group index` lines; NULL after a message. */
static struct event *read_events(struct cli *c, const struct request *q, const struct st_image *image, size_t *count)
{
    struct st_fault f;
    char *text;
    size_t length, room = 1, line_number = 0;
    *count = 0;
    if (!q->in)
        return ST_NEW(c->arena, struct event, 1);
    if (!st_file_read(c->arena, q->in, &text, &length, &f)) {
        cli_fault(&f);
        return NULL;
    }
    for (size_t i = 0; i < length; i++)
        room += text[i] == '\n';
    struct event *events = ST_NEW(c->arena, struct event, room);
    for (char *line = text, *next; *line; line = next) {
        next = line + strcspn(line, "\n");
        if (*next)
            *next++ = 0;
        line_number++;
        if (line[strspn(line, " \t\r")] == 0 || line[0] == '#')
            continue;
        char *word_save = NULL, *words[4];
        for (int k = 0; k < 4; k++)
            words[k] = strtok_r(k ? NULL : line, " \t\r", &word_save);
        uint64_t tick, index;
        uint32_t r = 0;
        if (!words[2] || words[3] || !whole(words[0], &tick) || !whole(words[2], &index)) {
            fprintf(stderr, "%s: line %zu: wants `tick group index`\n", q->in, line_number);
            return NULL;
        }
        while (r < image->receptor_count && strcmp(image->receptors[r].name, words[1]))
            r++;
        if (r == image->receptor_count || index >= image->receptors[r].size) {
            fprintf(stderr, "%s: line %zu: no receptor %s in a group '%s'\n", q->in, line_number, words[2], words[1]);
            return NULL;
        }
        events[(*count)++] = (struct event){(uint32_t)tick, r, (uint32_t)index};
    }
    qsort(events, *count, sizeof *events, by_tick);
    return events;
}

static void trace_tick(struct st_text *t, const struct st_image *image, const struct st_sim *sim, bool state)
{
    uint32_t count;
    const struct st_host_spike *s = st_sim_spikes(sim, &count);
    for (uint32_t i = 0; i < count; i++)
        st_textf(t, "%u %s %u spike %d\n", s[i].tick, image->populations[s[i].population].name, s[i].index, s[i].excess);
    if (!state)
        return;
    for (uint32_t p = 0; p < image->population_count; p++)
        for (uint32_t i = 0; i < image->populations[p].columns * image->populations[p].microcolumns; i++) {
            struct st_probe at = st_sim_probe(sim, p, i);
            st_textf(t, "%u %s %u u %d\n%u %s %u gate %d\n", st_sim_now(sim) - 1, image->populations[p].name, i, at.u,
                     st_sim_now(sim) - 1, image->populations[p].name, i, at.gate);
        }
}

static int feed(struct cli *c, const struct request *q, struct st_image *image)
{
    if (q->copy >= image->copy_count)
        return cli_usage(c, "--copy: the image has %u", image->copy_count);
    size_t count, next = 0;
    struct event *events = read_events(c, q, image, &count);
    if (!events)
        return CLI_REFUSED;
    struct st_sim_options options = {.learn = q->learn, .trace = true, .variant = q->variant};
    struct st_sim *sim =
        st_sim_init(st_arena_get(c->arena, st_sim_size(image), 1), image, (uint32_t)q->copy, options);
    struct st_text t;
    st_text_init(&t, c->arena);
    uint32_t start = st_sim_now(sim);
    uint64_t ticks = q->ticks ? q->ticks : image->period_ticks;
    struct st_spike_list *lists;
    struct st_fault f;
    if (!st_spike_lists(c->arena, image, &lists, &f))
        return cli_fault(&f);
    for (uint64_t k = 0; k < ticks; k++) {
        for (uint32_t r = 0; r < image->receptor_count; r++)
            for (uint32_t i = st_spike_list_find(&lists[r], st_sim_now(sim));
                 i < lists[r].count && lists[r].events[i].tick == st_sim_now(sim); i++)
                st_sim_inject(sim, r, lists[r].events[i].index);
        for (; next < count && events[next].tick <= k; next++)
            if (events[next].tick == k)
                st_sim_inject(sim, events[next].receptor, events[next].index);
        st_sim_tick(sim);
        trace_tick(&t, image, sim, q->state);
    }
    if (next < count)
        fprintf(stderr, "%zu spikes come after the last tick (--ticks)\n", count - next);
    const struct st_counters *n = st_sim_counters(sim);
    fprintf(stderr, "%llu ticks from %u: %llu spikes, %llu synaptic operations, %s\n", (unsigned long long)ticks, start,
            (unsigned long long)n->spikes, (unsigned long long)n->synaptic_operations, st_sim_variant(sim));
    if (q->save) {
        st_sim_save(sim, &image->copies[q->copy]);
        if (!st_image_save(q->save, image, &f))
            return cli_fault(&f);
    }
    return cli_put(q->out, t.at ? t.at : "", t.length);
}

int cli_run(struct cli *c, int argc, char **argv)
{
    struct request q;
    if (!parse(c, argc, argv, &q))
        return CLI_USAGE;
    struct st_fault f;
    struct st_image *image = st_image_load(c->arena, q.image, &f);
    if (!image)
        return cli_fault(&f);
    return q.images ? ask(c, &q, image) : feed(c, &q, image);
}
