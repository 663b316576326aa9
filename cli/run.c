/* run.c - `stoa run`: its options, and pictures shown to all copies. */
#include "file.h"
#include "run.h"
#include "train.h"
#include <stdio.h>
#include <string.h>
#include <unistd.h>

const char cli_run_help[] =
    "stoa run runs/mnist/trained.img --images data/mnist/t10k-images-idx3-ubyte --labels "
    "data/mnist/t10k-labels-idx1-ubyte\n"
    "    asks a trained network about pictures; or feeds spikes and traces what happens:\n"
    "stoa run net.img --in spikes.txt --ticks 100 --trace state -o net.trace\n"
    "    or does either on the core in Verilog, which `make rtl` makes ready, beside both engines:\n"
    "stoa run net.img --in spikes.txt --ticks 100 --on rtl\n\n"
    "usage: stoa run IMAGE [OPTIONS]\n\n"
    "  --images F --labels F   idx files (gzip or not): accuracy over all copies; without labels answers only\n"
    "  --answers FILE.csv      a line a picture: its label, the answer, the votes for each class\n"
    "  --limit N               only the first N pictures\n"
    "  --threads N             (default: one a core; the results do not depend on it)\n"
    "  --json                  the result as JSON\n\n"
    "  --in SPIKES             lines `tick group index`: receptors that spike; - is standard input\n"
    "  --ticks N               how many ticks (default: one presentation)\n"
    "  --trace WHAT            spikes; state: potentials and gates too; cycles: when each spike fires in its tick and\n"
    "                          how long the tick is, --on timed or rtl (default spikes)\n"
    "  --profile FILE          how often each population spoke, for stoa compile --activity\n"
    "  --copy N                which member of the ensemble (default: pictures all, spikes 0)\n"
    "  -o TRACE                where the trace goes (default standard output)\n\n"
    "  --learn                 programs run, on pictures or spikes\n"
    "  --save IMAGE            what was learnt and what is under way: the next run goes on exactly, on any machine.\n"
    "                          Pictures that are only asked about begin fresh each\n"
    "  --fresh                 what is under way in the image is left: the run begins at tick 0 with what was learnt\n"
    "  --kernel NAME           kernels: scalar, avx2, avx512, neon (default: the best; same results)\n"
    "  --on sim|timed|rtl      which machine; the results are the same (default sim)\n"
    "        sim               the fast engine\n"
    "        timed             cycle by cycle, the fast engine beside it: cycles, time, how busy each core is\n"
    "        rtl               the Verilated core, word by word and cycle by cycle beside both engines; exit 4 at the\n"
    "                          first difference. The models are in $STOA_RTL, or stoa-rtl.so beside the command\n"
    "  --lanes N               synapses a core takes in a cycle: 1, 2, 4, 8 or 16 (default: the fabric's; rtl: the\n"
    "                          smallest model's)\n"
    "  --shared                --on timed: one multiplier for all lanes\n";

static bool parse(struct cli *c, int argc, char **argv, struct run_request *q)
{
    enum {
        IMAGES = 256,
        LABELS,
        ANSWERS,
        FRESH,
        LIMIT,
        THREADS,
        JSON,
        IN,
        TICKS,
        TRACE,
        PROFILE,
        COPY,
        LEARN,
        SAVE,
        ON,
        LANES,
        SHARED,
        VARIANT
    };
    static const char *const traces[] = {"spikes", "state", "cycles"};
    static const struct option options[] = {{"images", required_argument, NULL, IMAGES},
                                            {"labels", required_argument, NULL, LABELS},
                                            {"answers", required_argument, NULL, ANSWERS},
                                            {"fresh", no_argument, NULL, FRESH},
                                            {"limit", required_argument, NULL, LIMIT},
                                            {"threads", required_argument, NULL, THREADS},
                                            {"json", no_argument, NULL, JSON},
                                            {"in", required_argument, NULL, IN},
                                            {"ticks", required_argument, NULL, TICKS},
                                            {"trace", required_argument, NULL, TRACE},
                                            {"profile", required_argument, NULL, PROFILE},
                                            {"copy", required_argument, NULL, COPY},
                                            {"learn", no_argument, NULL, LEARN},
                                            {"save", required_argument, NULL, SAVE},
                                            {"on", required_argument, NULL, ON},
                                            {"lanes", required_argument, NULL, LANES},
                                            {"shared", no_argument, NULL, SHARED},
                                            {"kernel", required_argument, NULL, VARIANT},
                                            {NULL, 0, NULL, 0}};
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    *q = (struct run_request){
        .threads = cores > 0 ? (uint64_t)cores : 1, .on.port = &st_port_sim, .argc = argc, .argv = argv};
    for (int o; (o = cli_option(c, argc, argv, ":o:", options)) != -1;) {
        bool ok = true;
        switch (o) {
        case IMAGES:
            q->images = optarg;
            break;
        case LABELS:
            q->labels = optarg;
            break;
        case ANSWERS:
            q->answers = optarg;
            break;
        case FRESH:
            q->fresh = true;
            break;
        case LIMIT:
            ok = cli_number(c, "--limit", optarg, 1, UINT32_MAX, &q->limit);
            break;
        case THREADS:
            q->threaded = ok = cli_number(c, "--threads", optarg, 1, 256, &q->threads);
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
            q->traced = true;
            ok = false;
            for (int k = 0; k < 3; k++)
                if (!strcmp(optarg, traces[k])) {
                    q->trace = (enum run_trace)k;
                    ok = true;
                }
            if (!ok)
                cli_usage(c, "--trace wants spikes, state or cycles, not '%s'", optarg);
            break;
        case PROFILE:
            q->profile = optarg;
            break;
        case COPY:
            ok = cli_number(c, "--copy", optarg, 0, 4095, &q->copy);
            q->one_copy = true;
            break;
        case LEARN:
            q->learn = true;
            break;
        case SAVE:
            q->save = optarg;
            break;
        case ON:
            ok = cli_on_name(c, &q->on, optarg);
            break;
        case LANES:
            ok = cli_number(c, "--lanes", optarg, 1, ST_TIMED_LANES, &q->on.lanes);
            break;
        case SHARED:
            q->on.shared = true;
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
    const char *wrong = NULL;
    if (q->images && q->in)
        wrong = "wants pictures (--images) or spikes (--in), not both";
    else if (!q->images && q->labels)
        wrong = "--labels: there are no --images that they could be of";
    else if (!q->images && q->answers)
        wrong = "--answers is of --images: there are no pictures that could be answered";
    else if (!q->images && q->limit)
        wrong = "--limit is of --images; --ticks N says how long a run on spikes is";
    else if (!q->images && q->threaded)
        wrong = "--threads is of --images; spikes run on one copy, and so on one thread";
    else if (q->images && q->traced)
        wrong = "--trace is of runs on spikes (--in); --answers FILE.csv gives the answer and votes of each picture";
    else if (q->images && q->out)
        wrong = "-o is the trace of a run on spikes (--in); --answers FILE.csv is written for pictures";
    else if (q->images && q->profile)
        wrong = "--profile is of runs on spikes (--in)";
    else if (q->images && q->ticks)
        wrong = "--ticks is of runs on spikes (--in); --limit N shows fewer pictures";
    else if (q->images && q->learn && !q->labels)
        wrong = "--learn wants --labels: the teacher has to know";
    else if (q->images && q->learn && q->answers)
        wrong = "--answers is of pictures that are asked about: learn first, then ask";
    else if (q->images && q->save && !q->learn)
        wrong = "--save: nothing is learnt without --learn";
    else if (q->answers && !strcmp(q->answers, "-") && q->json)
        wrong = "--json: the answers want a file of their own (--answers FILE.csv)";
    else if (q->json && !q->images && !q->out)
        wrong = "--json: the trace wants a file of its own (-o TRACE)";
    else if (!cli_on_can(&q->on, ST_CAN_CYCLES) && q->trace == RUN_TRACE_CYCLES)
        wrong = "--trace cycles: only --on timed and rtl have cycles";
    else if (!cli_on_can(&q->on, ST_CAN_LANES) && q->on.lanes)
        wrong = "--lanes: only --on timed and rtl have lanes";
    else if (!cli_on_can(&q->on, ST_CAN_SHARE) && q->on.shared)
        wrong = "--shared is of --on timed; a model of the RTL has what it has";
    else if (q->on.lanes & (q->on.lanes - 1))
        wrong = "--lanes wants 1, 2, 4, 8 or 16";
    if (wrong) {
        cli_usage(c, "%s", wrong);
        return false;
    }
    if (!st_port_kernels(q->variant)) {
        cli_usage(c, "--kernel: this machine has no kernels '%s'; it has %s", q->variant, cli_kernels(c));
        return false;
    }
    q->image = argv[optind];
    return true;
}

/* --- pictures ----------------------------------------------------------------------------------------------- */

static void print_result(struct cli *c, const struct run_request *q, const struct st_image *image,
                         const struct st_result *r, FILE *to)
{
    fprintf(to, "%s on %s: ", cli_shown(c, image->network), cli_shown(c, image->fabric));
    if (q->learn) {
        fprintf(to, "learnt %llu pictures\n", (unsigned long long)r->trained);
        if (r->curve_count)
            fprintf(to, "  of the last %u  %6.2f %% were right before they were learnt\n", r->curve_step,
                    100 * r->curve[r->curve_count - 1]);
        return;
    }
    fprintf(to, "%llu pictures\n", (unsigned long long)r->tested);
    if (!r->copy_accuracy) {
        fprintf(to, "  answered      %llu; without labels nobody knows how well%s\n",
                (unsigned long long)(r->tested - r->silent), q->answers ? "" : " (--answers FILE.csv)");
        return;
    }
    double mean = 0;
    for (uint32_t i = 0; i < r->copies; i++)
        mean += r->copy_accuracy[i] / r->copies;
    fprintf(to, "  one network   %6.2f %%\n", 100 * mean);
    if (r->copies > 1)
        fprintf(to, "  ensemble of %u %6.2f %%\n", r->copies, 100 * r->accuracy);
}

/* A line a picture: number, label, answer, votes; what is not known, or not answered, is empty. */
static bool write_answers(struct cli *c, const char *path, const struct st_dataset *d, const struct st_result *r,
                          struct st_fault *f)
{
    struct st_file_out *o = ST_NEW(c->arena, struct st_file_out, 1);
    char cell[32];
    if (!st_file_begin(o, path, f))
        return false;
    bool good = st_file_put(o, "picture,label,answer", 20, f);
    for (uint32_t k = 0; k < r->classes && good; k++)
        good = st_file_put(o, cell, (size_t)snprintf(cell, sizeof cell, ",votes_%u", k), f);
    for (uint32_t i = 0; i < d->count && good; i++) {
        const int32_t *votes = r->votes + (size_t)i * r->classes;
        uint32_t best = st_answer(votes, r->classes);
        int n = snprintf(cell, sizeof cell, "\n%u,", i);
        good = st_file_put(o, cell, (size_t)n, f);
        n = d->labels ? snprintf(cell, sizeof cell, "%u,", d->labels[i]) : snprintf(cell, sizeof cell, ",");
        good = good && st_file_put(o, cell, (size_t)n, f);
        n = best < r->classes ? snprintf(cell, sizeof cell, "%u", best) : 0;
        good = good && st_file_put(o, cell, (size_t)n, f);
        for (uint32_t k = 0; k < r->classes && good; k++)
            good = st_file_put(o, cell, (size_t)snprintf(cell, sizeof cell, ",%d", votes[k]), f);
    }
    if (good && st_file_put(o, "\n", 1, f))
        return st_file_commit(o, f);
    st_file_drop(o);
    return false;
}

static bool sees(const struct st_image *image)
{
    for (uint32_t i = 0; i < image->receptor_count; i++)
        if (st_encoder_sees((enum st_encoder)image->receptors[i].encoder))
            return true;
    return false;
}

/* "R (spikes), Clock" for a message. */
static const char *receptors_of(struct cli *c, const struct st_image *image)
{
    struct st_text t;
    st_text_init(&t, c->arena);
    for (uint32_t i = 0; i < image->receptor_count; i++)
        st_textf(&t, "%s'%s'", i ? ", " : "", cli_shown(c, image->receptors[i].name));
    return t.at;
}

static int show(struct cli *c, struct run_request *q, struct st_image *image)
{
    struct st_fault f;
    struct st_dataset data;
    if (!st_dataset_load(c->arena, q->images, q->labels, &data, &f))
        return cli_fault(&f);
    if (q->limit && q->limit < data.count)
        data = st_dataset_part(&data, 0, (uint32_t)q->limit);
    double drawn[2] = {-10, 0};
    struct st_train_plan plan = {.train = q->learn ? &data : NULL,
                                 .test = q->learn ? NULL : &data,
                                 .epochs = 1,
                                 .threads = (uint32_t)q->threads,
                                 .variant = q->variant,
                                 .folder = st_path_folder(c->arena, q->image),
                                 .machine = &q->on.machine,
                                 .go_on = true,
                                 .stop = cli_stop_on_signals(),
                                 .progress = cli_progress,
                                 .user = drawn};
    struct st_result r = {
        .experiment = "run", .network = image->network, .fabric = image->fabric, .dataset = q->images};
    struct st_image some = *image;
    if (q->one_copy) {
        some.copies += q->copy;
        some.copy_count = 1;
    }
    int status = cli_on_prepare(c, &q->on, &some, q->one_copy ? (uint32_t)q->copy : 0);
    if (status != CLI_DONE)
        return status;
    if (!st_train(c->arena, &some, &plan, &r, &f)) {
        if (f.id != ST_FAULT_STOPPED)
            return cli_on_failed(c, &f, q->argc, q->argv);
        fprintf(stderr, "stoa: %s: nothing was written\n", f.text);
        return 128 + atomic_load(plan.stop);
    }
    if (q->save && !st_image_save(q->save, image, &f))
        return cli_fault(&f);
    if (q->answers && !write_answers(c, q->answers, &data, &r, &f))
        return cli_fault(&f);
    if (q->json) {
        struct st_text t;
        st_text_init(&t, c->arena);
        st_result_json(&t, &r);
        if (r.timing.ticks) {
            t.length -= strlen("\n}\n");
            st_text_put(&t, ",\n  \"machine\": ");
            cli_on_json(&q->on, &r.timing, &t);
            st_text_put(&t, "\n}\n");
        }
        fwrite(t.at, 1, t.length, stdout);
        return CLI_DONE;
    }
    FILE *to = q->answers && !strcmp(q->answers, "-") ? stderr : stdout;
    print_result(c, q, image, &r, to);
    if (r.timing.ticks)
        cli_on_print(&q->on, &r.timing, to);
    return CLI_DONE;
}

static bool learns(const struct st_image *image)
{
    for (uint32_t k = 0; k < image->core_count; k++)
        if (image->cores[k].plastic.axons && image->cores[k].plastic.words) /* frozen: rows without a program */
            return true;
    return false;
}

int cli_run(struct cli *c, int argc, char **argv)
{
    struct run_request q;
    if (!parse(c, argc, argv, &q))
        return CLI_USAGE;
    struct st_fault f;
    struct st_image *image = cli_image(c, q.image, &f);
    if (!image)
        return cli_fault(&f);
    if (q.copy >= image->copy_count)
        return cli_usage(c, "--copy: the image has %u", image->copy_count);
    if (q.learn && !learns(image)) {
        fprintf(stderr, "stoa: --learn: nothing in '%s' learns\n", cli_shown(c, q.image));
        return CLI_REFUSED;
    }
    if (q.images && !sees(image)) {
        fprintf(stderr,
                "stoa: --images: no receptors of '%s' look at pictures: %s get their spikes by --in SPIKES (lines "
                "`tick group index`)\n",
                cli_shown(c, q.image), receptors_of(c, image));
        return CLI_REFUSED;
    }
    if (!q.images && !q.in && !q.ticks)
        return cli_usage(c, "nothing comes in: %s--in SPIKES feeds %s; --ticks N runs without input",
                         sees(image) ? "--images F shows pictures, " : "", receptors_of(c, image));
    if (!cli_writable(c, q.save, &f) || !cli_writable(c, q.answers, &f) || !cli_writable(c, q.out, &f) ||
        !cli_writable(c, q.profile, &f))
        return cli_fault(&f);
    for (uint32_t i = 0; q.fresh && i < image->copy_count; i++)
        image->copies[i].tick = 0, image->copies[i].live = NULL;
    return q.images ? show(c, &q, image) : run_spikes(c, &q, image);
}
