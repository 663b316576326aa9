/* events.c - `stoa events`: spikes of other programs, sensors and data sets as lines for `stoa run --in`, and traces
 * for them. */
#include "cli.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char cli_events_help[] =
    "stoa events 00002.bin --dt 0.001 --group in -o in.txt\n"
    "    turns recorded events into spikes of a group of receptors, tick by tick, for `stoa run --in in.txt`; or the\n"
    "    trace of a run into what others read: stoa events run.trace -o spikes.h5\n\n"
    "usage: stoa events FILE -o OUT [OPTIONS]\n\n"
    "  FILE               N-MNIST .bin, ArNI-X .bin and lines of '.' and '@', AEDAT 2, 3.1 and 4, SHD/SSC .h5,\n"
    "                     SONATA spikes .h5, RANC packets (.json, tb_input.txt), .npy ([ticks][units]), .npz\n"
    "                     (the same, or tick and index), a trace or lines `tick group index`\n"
    "  -o OUT             .h5 (SONATA), .npz, .csv, else lines (- is standard output)\n"
    "  --group NAME       whose spikes these are (default in); of SONATA which population, where there are several\n"
    "  --dt NUMBER        a tick in the file's unit of time: seconds, of SONATA ms (default 0.001, of SONATA 1)\n"
    "  --from TIME        what is before is left out, and this is tick 0 (default 0)\n"
    "  --ticks N          what is later is left out\n"
    "  --polarity HOW     of pixels: separate (two channels, off first), together, on, off (default separate)\n"
    "  --camera NAME      of AEDAT 2: dvs128 or davis (default dvs128)\n"
    "  --format NAME      of a .bin that can be either's: n-mnist or arni-x (default: told by what it can be)\n"
    "  --size WxH         of the sensor, where it is not the format's own; of RANC's tb_input.txt the grid\n"
    "  --sample N         of a data set of many (default 0)\n";

static bool word_of(struct cli *c, const char *option, const char *text, const char *const *words)
{
    for (; *words; words++)
        if (!strcmp(*words, text))
            return true;
    cli_usage(c, "%s does not know '%s'", option, text);
    return false;
}

static bool size_of(struct cli *c, const char *text, stoa_event_options *o)
{
    char *end;
    unsigned long w = strtoul(text, &end, 10), h = *end == 'x' ? strtoul(end + 1, &end, 10) : 0;
    if (*end || w < 1 || h < 1 || w > 4096 || h > 4096) {
        cli_usage(c, "--size wants WIDTHxHEIGHT, each 1 to 4096, not '%s'", text);
        return false;
    }
    o->width = (uint32_t)w;
    o->height = (uint32_t)h;
    return true;
}

/* A list of spikes that cannot be read ends as any other file that cannot. */
static int refused(struct cli *c, stoa_status status, stoa_diagnostics *said)
{
    const stoa_diagnostic *last = stoa_diagnostics_at(said, stoa_diagnostics_count(said) - 1);
    bool list = last && !strcmp(last->id, "spike-list");
    int done = cli_said(c, status, said);
    return list ? CLI_WORLD : done;
}

static void tell(const stoa_events_info *e)
{
    fprintf(stderr, "%s: %zu spikes", e->what, e->count);
    if (e->count)
        fprintf(stderr, " in ticks %u to %u", e->at[0].tick, e->at[e->count - 1].tick);
    if (e->together)
        fprintf(stderr, ", %llu more fell on one of them", (unsigned long long)e->together);
    if (e->outside)
        fprintf(stderr, ", %llu events left out", (unsigned long long)e->outside);
    if (e->label >= 0)
        fprintf(stderr, ", label %lld", (long long)e->label);
    fputc('\n', stderr);
}

int cli_events(struct cli *c, int argc, char **argv)
{
    static const char *const polarities[] = {"separate", "together", "on", "off", NULL}, *const cameras[] = {
                                                                                             "dvs128", "davis", NULL};
    static const char *const bins[] = {"n-mnist", "arni-x", NULL};
    static const struct option options[] = {
        {"group", required_argument, NULL, 'g'},    {"dt", required_argument, NULL, 't'},
        {"from", required_argument, NULL, 'f'},     {"ticks", required_argument, NULL, 'n'},
        {"polarity", required_argument, NULL, 'p'}, {"camera", required_argument, NULL, 'c'},
        {"format", required_argument, NULL, 'm'},   {"size", required_argument, NULL, 'z'},
        {"sample", required_argument, NULL, 's'},   {NULL, 0, NULL, 0}};
    stoa_event_options how = stoa_event_defaults();
    const char *out = NULL;
    for (int o; (o = cli_option(c, argc, argv, ":o:", options)) != -1;) {
        uint64_t n = 0;
        bool good = true;
        switch (o) {
        case 'o':
            out = optarg;
            break;
        case 'g':
            how.group = optarg;
            break;
        case 't':
            good = cli_real(c, "--dt", optarg, 1e-12, 1e6, &how.dt);
            break;
        case 'f':
            good = cli_real(c, "--from", optarg, -1e12, 1e12, &how.from);
            break;
        case 'n':
            good = cli_number(c, "--ticks", optarg, 1, UINT32_MAX - 1, &n);
            how.ticks = (uint32_t)n;
            break;
        case 'p':
            good = word_of(c, "--polarity", optarg, polarities);
            how.polarity = optarg;
            break;
        case 'c':
            good = word_of(c, "--camera", optarg, cameras);
            how.camera = optarg;
            break;
        case 'm':
            good = word_of(c, "--format", optarg, bins);
            how.format = optarg;
            break;
        case 'z':
            good = size_of(c, optarg, &how);
            break;
        case 's':
            good = cli_number(c, "--sample", optarg, 0, UINT32_MAX, &n);
            how.sample = (uint32_t)n;
            break;
        default:
            good = false;
        }
        if (!good)
            return CLI_USAGE;
    }
    if (optind + 1 != argc)
        return cli_usage(c, "wants one file");
    if (!out)
        return cli_usage(c, "wants -o OUT");
    struct st_fault f;
    stoa_events *events;
    stoa_diagnostics *said, *said_of_out;
    if (!cli_writable(c, out, &f))
        return cli_fault(&f);
    stoa_status status = stoa_events_read(argv[optind], &how, &events, &said);
    if (status != STOA_OK)
        return refused(c, status, said);
    status = stoa_events_write(events, how.dt, out, &said_of_out);
    int done = cli_said(c, status, said_of_out);
    if (status == STOA_OK) {
        tell(stoa_events_about(events));
        done = cli_said(c, STOA_OK, said);
    } else {
        stoa_diagnostics_free(said);
    }
    stoa_events_free(events);
    return done;
}
