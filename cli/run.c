/* run.c - `stoa run`: its options, and pictures shown to all copies. */
#include "run.h"
#include "file.h"
#include "text.h"
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
    "  --threads N             as of stoa train (default: one a processor; the results do not depend on it)\n"
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
    "  --on sim|timed|rtl|serial:DEV[@BAUD]\n"
    "                          which machine; the results are the same (default sim)\n"
    "        sim               the fast engine\n"
    "        timed             cycle by cycle, the fast engine beside it: cycles, time, how busy each core is\n"
    "        rtl               the Verilated core, word by word and cycle by cycle beside both engines; exit 4 at the\n"
    "                          first difference. The models are in $STOA_RTL, or stoa-rtl.so beside the command\n"
    "        serial:DEV        a board of rtl/board behind that serial line (1,000,000 bits a second, or @BAUD), tick "
    "by\n"
    "                          tick beside the fast engine, and word by word what it has learnt; exit 4 likewise\n"
    "  --lanes N               synapses a core takes in a cycle: 1, 2, 4, 8 or 16 (default: the fabric's; rtl: the\n"
    "                          smallest model's)\n"
    "  --shared                --on timed: one multiplier for all lanes\n";

enum { LANES_MOST = 16 };

/* The value of --on; false after a usage message. */
static bool take_machine(struct cli *c, struct run_request *q, const char *name)
{
    enum { NAMES_MOST = 16 };
    const char *names[NAMES_MOST];
    size_t count = 0;
    struct st_text t;
    st_text_init(&t, c->arena);
    for (; stoa_machine(count) && count < NAMES_MOST; count++) {
        names[count] = stoa_machine(count);
        st_textf(&t, "%s%s", !count ? "" : stoa_machine(count + 1) ? ", " : " and ", names[count]);
        size_t n = strlen(names[count]);
        if (!strcmp(name, names[count]) ||
            (!strncmp(name, names[count], n) && name[n] == ':' && stoa_machine_can(name, "device"))) {
            q->on = name;
            return true;
        }
    }
    const char *near = st_nearest(name, names, count);
    cli_usage(c, "--on: no machine '%s'; there are %s%s%s%s", name, t.at, near ? "; did you mean '" : "",
              near ? near : "", near ? "'?" : "");
    return false;
}

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
    *q = (struct run_request){.threads = cores > 0 ? (uint64_t)cores : 1, .on = "sim", .argc = argc, .argv = argv};
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
            ok = take_machine(c, q, optarg);
            break;
        case LANES:
            ok = cli_number(c, "--lanes", optarg, 1, LANES_MOST, &q->lanes);
            break;
        case SHARED:
            q->shared = true;
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
    else if (!stoa_machine_can(q->on, "cycles") && q->trace == RUN_TRACE_CYCLES)
        wrong = "--trace cycles: only --on timed and rtl have cycles";
    else if (!stoa_machine_can(q->on, "lanes") && q->lanes)
        wrong = "--lanes: only --on timed and rtl have lanes";
    else if (!stoa_machine_can(q->on, "share") && q->shared)
        wrong = "--shared is of --on timed; a model of the RTL has what it has";
    else if (q->lanes & (q->lanes - 1))
        wrong = "--lanes wants 1, 2, 4, 8 or 16";
    if (wrong) {
        cli_usage(c, "%s", wrong);
        return false;
    }
    if (q->variant && !cli_has_kernel(q->variant)) {
        cli_usage(c, "--kernel: this machine has no kernels '%s'; it has %s", q->variant, cli_kernels(c));
        return false;
    }
    q->image = argv[optind];
    return true;
}

/* --- what went wrong ------------------------------------------------------------------------------------------ */

int run_failed(struct cli *c, const struct run_request *q, stoa_status status, stoa_diagnostics *said)
{
    if (status == STOA_USAGE && stoa_diagnostics_count(said)) {
        int code = cli_usage(c, "--on %s: %s", q->on, stoa_diagnostics_at(said, 0)->message);
        stoa_diagnostics_free(said);
        return code;
    }
    int code = cli_said(c, status, said);
    if (status != STOA_DIFFERS)
        return code;
    struct st_text t;
    st_text_init(&t, c->arena);
    for (int k = 0; k < q->argc; k++) {
        const char *word = q->argv[k];
        bool plain =
            word[strspn(word, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+=:,./%@")] == 0;
        st_text_put(&t, plain && *word ? " " : " '");
        for (const char *s = word; *s; s++)
            st_textf(&t, *s == '\'' ? "'\\''" : "%c", *s);
        st_text_put(&t, plain && *word ? "" : "'");
    }
    fprintf(stderr, "  this repeats it: stoa%s\n", cli_shown(c, t.at));
    return code;
}

/* --- pictures ----------------------------------------------------------------------------------------------- */

static void print_result(struct cli *c, const struct run_request *q, const stoa_result_info *r, FILE *to)
{
    fprintf(to, "%s on %s: ", cli_shown(c, r->network), cli_shown(c, r->fabric));
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
static bool write_answers(struct cli *c, const char *path, const stoa_pictures *d, const stoa_result *result,
                          struct st_fault *f)
{
    const stoa_result_info *r = stoa_result_about(result);
    const uint32_t *answers = stoa_result_answers(result);
    struct st_file_out *o = ST_NEW(c->arena, struct st_file_out, 1);
    char cell[32];
    if (!st_file_begin(o, path, f))
        return false;
    bool good = st_file_put(o, "picture,label,answer", 20, f);
    for (uint32_t k = 0; k < r->classes && good; k++)
        good = st_file_put(o, cell, (size_t)snprintf(cell, sizeof cell, ",votes_%u", k), f);
    for (uint32_t i = 0; i < d->count && good; i++) {
        int n = snprintf(cell, sizeof cell, "\n%u,", i);
        good = st_file_put(o, cell, (size_t)n, f);
        n = d->labels ? snprintf(cell, sizeof cell, "%u,", d->labels[i]) : snprintf(cell, sizeof cell, ",");
        good = good && st_file_put(o, cell, (size_t)n, f);
        n = answers[i] < r->classes ? snprintf(cell, sizeof cell, "%u", answers[i]) : 0;
        good = good && st_file_put(o, cell, (size_t)n, f);
        for (uint32_t k = 0; k < r->classes && good; k++)
            good = st_file_put(o, cell,
                               (size_t)snprintf(cell, sizeof cell, ",%d", r->votes[(size_t)i * r->classes + k]), f);
    }
    if (good && st_file_put(o, "\n", 1, f))
        return st_file_commit(o, f);
    st_file_drop(o);
    return false;
}

/* What was learnt, what was answered, and what is printed of it. */
static int tell(struct cli *c, const struct run_request *q, const stoa_image *image, const stoa_pictures *pictures,
                const stoa_result *result)
{
    stoa_diagnostics *said;
    struct st_fault f;
    if (q->save) {
        stoa_status s = stoa_image_save(image, q->save, &said);
        if (s != STOA_OK)
            return cli_said(c, s, said);
    }
    if (q->answers && !write_answers(c, q->answers, pictures, result, &f))
        return cli_fault(&f);
    if (q->json) {
        fputs(stoa_result_json(result), stdout);
        return CLI_DONE;
    }
    FILE *to = q->answers && !strcmp(q->answers, "-") ? stderr : stdout;
    print_result(c, q, stoa_result_about(result), to);
    fputs(stoa_result_machine(result), to);
    return CLI_DONE;
}

static int progress(void *drawn, const char *what, uint64_t done, uint64_t all, double seconds)
{
    cli_progress(drawn, what, done, all, seconds);
    return 0;
}

static int show(struct cli *c, struct run_request *q, stoa_image *image)
{
    stoa_diagnostics *said;
    stoa_dataset *data;
    stoa_result *result;
    double drawn[2] = {-10, 0};
    stoa_status s = stoa_dataset_read(q->images, q->labels, &data, &said);
    if (s != STOA_OK)
        return cli_said(c, s, said);
    stoa_pictures pictures = *stoa_dataset_pictures(data);
    if (q->limit && q->limit < pictures.count)
        pictures.count = (uint32_t)q->limit;
    stoa_show_options o = stoa_show_defaults();
    o.threads = (uint32_t)q->threads;
    o.copy = (uint32_t)q->copy;
    o.only_copy = q->one_copy;
    o.machine = q->on;
    o.kernel = q->variant;
    o.lanes = (uint32_t)q->lanes;
    o.shared = q->shared;
    o.stop = cli_stop();
    o.progress = progress;
    o.user = drawn;
    s = q->learn ? stoa_learn(image, &pictures, &o, &result, &said) : stoa_ask(image, &pictures, &o, &result, &said);
    int status = CLI_DONE;
    if (s == STOA_STOPPED) {
        fprintf(stderr, "stoa: %s: nothing was written\n",
                said ? stoa_diagnostics_at(said, 0)->message : "the run was stopped");
        stoa_diagnostics_free(said);
        status = 128 + atomic_load(cli_stop_on_signals());
    } else {
        status = s == STOA_OK ? tell(c, q, image, &pictures, result) : run_failed(c, q, s, said);
    }
    stoa_result_free(result);
    stoa_dataset_free(data);
    return status;
}

/* --- the command ---------------------------------------------------------------------------------------------- */

/* "R (spikes), Clock" for a message. */
static const char *receptors_of(struct cli *c, const stoa_image *image)
{
    struct st_text t;
    st_text_init(&t, c->arena);
    for (uint32_t i = 0; stoa_image_receptor(image, i); i++)
        st_textf(&t, "%s'%s'", i ? ", " : "", cli_shown(c, stoa_image_receptor(image, i)->name));
    return t.at;
}

static int run(struct cli *c, struct run_request *q, stoa_image *image)
{
    const stoa_image_info *m = stoa_image_about(image);
    struct st_fault f;
    if (q->copy >= m->copies)
        return cli_usage(c, "--copy: the image has %u", m->copies);
    if (q->learn && !m->learns) {
        fprintf(stderr, "stoa: --learn: nothing in '%s' learns\n", cli_shown(c, q->image));
        return CLI_REFUSED;
    }
    if (q->images && !m->sees) {
        fprintf(stderr,
                "stoa: --images: no receptors of '%s' look at pictures: %s get their spikes by --in SPIKES (lines "
                "`tick group index`)\n",
                cli_shown(c, q->image), receptors_of(c, image));
        return CLI_REFUSED;
    }
    if (!q->images && !q->in && !q->ticks)
        return cli_usage(c, "nothing comes in: %s--in SPIKES feeds %s; --ticks N runs without input",
                         m->sees ? "--images F shows pictures, " : "", receptors_of(c, image));
    if (!cli_writable(c, q->save, &f) || !cli_writable(c, q->answers, &f) || !cli_writable(c, q->out, &f) ||
        !cli_writable(c, q->profile, &f))
        return cli_fault(&f);
    if (q->fresh)
        stoa_image_rest(image);
    return q->images ? show(c, q, image) : run_spikes(c, q, image);
}

int cli_run(struct cli *c, int argc, char **argv)
{
    struct run_request q;
    stoa_diagnostics *said;
    stoa_image *image;
    if (!parse(c, argc, argv, &q))
        return CLI_USAGE;
    stoa_status s = stoa_image_load(q.image, &image, &said);
    if (s != STOA_OK)
        return cli_said(c, s, said);
    stoa_diagnostics_free(said);
    int status = run(c, &q, image);
    stoa_image_free(image);
    return status;
}
