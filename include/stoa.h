/* stoa.h - the library: networks, fabrics, images, runs and experiments from C, C++, or whatever calls C.
 *
 *     net ─┐
 *          ├─ compile ─> image ─┬─ run_open ─> run: inject, step ─> spikes, state ─> run_save ─┐
 *  fabric ─┘     ^              ├─ learn, ask (pictures in memory) ─> result                   │
 *                │              └─ weights, save, report                                       │
 *                └──────────────────────── image <─────────────────────────────────────────────┘
 *  experiment ─ train ─> result ─> image, JSON, report
 *
 * - Handles are opaque. One handle is used by one thread at a time; distinct handles by as many threads as there are.
 *   What a handle was made from may be freed before it, in any order. NULL may be freed.
 * - What can fail returns a status. Everything that was said meanwhile, errors and warnings with file, line, column and
 *   cure, is a value of its own: *said gets it, or NULL when there was nothing to say. said may be NULL.
 * - On any status but STOA_OK nothing was made: what would have been returned is NULL (a compilation that is refused
 *   is the exception, for the sake of its stages).
 * - Texts are UTF-8. A const char * belongs to the handle that it was asked of; a char * is freed by stoa_free.
 * - Options begin with their size, so that they can grow: get them from stoa_.._defaults() and change what is to be
 *   otherwise. Values that the library hands out by pointer grow at their end only.
 * - The library prints nothing, ends no program, changes no locale and keeps no state beside its handles.
 *
 * docs/library.md has the whole of it with examples. */
#ifndef STOA_LIBRARY_H
#define STOA_LIBRARY_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#ifdef __cplusplus
extern "C" {
#endif

#define STOA_VERSION_MAJOR 0
#define STOA_VERSION_MINOR 2
#define STOA_VERSION_PATCH 0
#if defined(__GNUC__)
#define STOA_API __attribute__((visibility("default")))
#else
#define STOA_API
#endif

/* Of the library that runs: "0.2.0". */
STOA_API const char *stoa_version(void);

typedef enum stoa_status {
    STOA_OK = 0,
    STOA_REFUSED = 1, /* the input is wrong: diagnostics say where and how it is cured */
    STOA_USAGE = 2,   /* what was asked for does not go together */
    STOA_FAILED = 3,  /* the world: a file, memory */
    STOA_DIFFERS = 4, /* two machines that run side by side do not agree */
    STOA_STOPPED = 5, /* as a stoa_stop asked */
    STOA_BUG = 70     /* a stage's check of itself refused what the stage made */
} stoa_status;

/* --- what is said --------------------------------------------------------------------------------------------- */

typedef struct stoa_diagnostics stoa_diagnostics;

typedef struct stoa_diagnostic {
    const char *id;      /* stable: "no-population", "cannot-open"; stoa_explain says more of those of inputs */
    const char *message; /* a sentence */
    const char *cure;    /* or NULL */
    const char *file;    /* or NULL: of no file */
    const char *path;    /* where a file has names in place of lines, or NULL */
    uint32_t line, column, width; /* from 1; line 0: of no line */
    int is_error;                 /* else a warning */
} stoa_diagnostic;

STOA_API size_t stoa_diagnostics_count(const stoa_diagnostics *said); /* of NULL: 0 */
STOA_API const stoa_diagnostic *stoa_diagnostics_at(const stoa_diagnostics *said, size_t index);
/* All errors, also those beyond the list, which is cut off. */
STOA_API uint32_t stoa_diagnostics_errors(const stoa_diagnostics *said);
/* As the command prints them, with source lines and carets; color: with ANSI escapes. Of NULL: "". */
STOA_API const char *stoa_diagnostics_text(const stoa_diagnostics *said, int color);
STOA_API const char *stoa_diagnostics_json(const stoa_diagnostics *said);
STOA_API void stoa_diagnostics_free(stoa_diagnostics *said);

/* What an id means and how it is cured, or NULL when there is none of that name; the names of all, NULL behind them. */
STOA_API const char *stoa_explain(const char *id);
STOA_API const char *stoa_explained(size_t index);

STOA_API void stoa_free(void *memory);

/* --- networks and fabrics ------------------------------------------------------------------------------------- */

typedef struct stoa_net stoa_net;
typedef struct stoa_fabric stoa_fabric;

/* Another value for a parameter of a network. */
typedef struct stoa_setting {
    const char *name;
    double value;
} stoa_setting;

/* From a file, or by the name of one that ships. */
STOA_API stoa_status stoa_net_read(const char *name, const stoa_setting *settings, size_t count, stoa_net **net,
                                   stoa_diagnostics **said);
/* From a text (YAML, and so JSON too); file is what diagnostics call it, and where files that it names are looked up.
 */
STOA_API stoa_status stoa_net_parse(const char *file, const char *text, size_t length, const stoa_setting *settings,
                                    size_t count, stoa_net **net, stoa_diagnostics **said);
STOA_API const char *stoa_net_name(const stoa_net *net);
/* As a text that reads back the same. */
STOA_API stoa_status stoa_net_print(const stoa_net *net, char **text, stoa_diagnostics **said);
/* As a file; lists of 1,000 synapses and more go into files beside it, NAME-N.csv. */
STOA_API stoa_status stoa_net_write(const stoa_net *net, const char *path, stoa_diagnostics **said);
STOA_API void stoa_net_free(stoa_net *net);

/* A network that is built call by call, in the words of its file (docs/language.md): what stands there behind a name,
 * as
 * "{ size: 4, encoder: spikes }", is what a call takes as keys; NULL: none. Each call says what is wrong with its own
 * part, whose name diagnostics give as their file; the next may be made all the same, and the last refuses. Receptors
 * and populations come before what names them. */
typedef struct stoa_builder stoa_builder;
/* "{ network: NAME, presentation: { picture: 10, silence: 10 } }", and about, copies, parameters. */
STOA_API stoa_status stoa_build_begin(const char *head, stoa_builder **builder, stoa_diagnostics **said);
/* What $name is in the parts that follow; again: another value from there on. */
STOA_API stoa_status stoa_build_number(stoa_builder *builder, const char *name, double value, stoa_diagnostics **said);
STOA_API stoa_status stoa_build_receptors(stoa_builder *builder, const char *name, const char *keys,
                                          stoa_diagnostics **said);
STOA_API stoa_status stoa_build_population(stoa_builder *builder, const char *name, const char *keys,
                                           stoa_diagnostics **said);
STOA_API stoa_status stoa_build_emitter(stoa_builder *builder, const char *name, const char *keys,
                                        stoa_diagnostics **said);
/* "{ from: R, to: L, policy: all-to-all, weight: 0.5 }". *projection, or NULL, gets its number. */
STOA_API stoa_status stoa_build_projection(stoa_builder *builder, const char *keys, uint32_t *projection,
                                           stoa_diagnostics **said);
/* Synapses of a projection with `policy: list`, as columns, in pieces of any size. weight NULL or NAN, delay NULL or 0:
 * as the projection says. A piece with a mistake is not taken. */
STOA_API stoa_status stoa_build_synapses(stoa_builder *builder, uint32_t projection, size_t count,
                                         const uint32_t *source, const uint32_t *target, const double *weight,
                                         const uint16_t *delay, stoa_diagnostics **said);
/* "{ population: L, decide: count }". */
STOA_API stoa_status stoa_build_readout(stoa_builder *builder, const char *keys, stoa_diagnostics **said);
/* The network, checked; said has all that was said since it was begun. The builder can only be freed then. */
STOA_API stoa_status stoa_build_finish(stoa_builder *builder, stoa_net **net, stoa_diagnostics **said);
STOA_API void stoa_build_free(stoa_builder *builder);

/* How faithfully a part of a network went from one format to another. */
typedef enum stoa_faith { STOA_FAITH_EXACT, STOA_FAITH_APPROXIMATED, STOA_FAITH_REFUSED } stoa_faith;
typedef struct stoa_verdict {
    const char *node, *parameter; /* parameter: "" of the node as a whole */
    const char *note;             /* what became of it, or why it was refused */
    double error;                 /* a part of the value; 0 of what is exact or has no number */
    stoa_faith faith;
} stoa_verdict;

typedef struct stoa_verdicts stoa_verdicts;
STOA_API size_t stoa_verdicts_count(const stoa_verdicts *verdicts); /* of NULL: 0 */
STOA_API const stoa_verdict *stoa_verdicts_at(const stoa_verdicts *verdicts, size_t index);
/* A table, "" of none; and as JSON (docs/json.md, `verdicts`). */
STOA_API const char *stoa_verdicts_text(const stoa_verdicts *verdicts);
STOA_API const char *stoa_verdicts_json(const stoa_verdicts *verdicts);
STOA_API void stoa_verdicts_free(stoa_verdicts *verdicts);

/* A network in a format of others (docs/formats.md), with a verdict on each of its values; settings are what the format
 * leaves open, as dt. Refused, there are verdicts still, and no network. */
STOA_API stoa_status stoa_import(const char *file, const stoa_setting *settings, size_t count, stoa_net **net,
                                 stoa_verdicts **verdicts, stoa_diagnostics **said);

typedef struct stoa_export_options {
    size_t size;
    uint64_t seed; /* of what is drawn: connections, weights, delays */
    double dt;     /* what a tick is: seconds for nir, ms for sonata; 0: 1 ms */
} stoa_export_options;

static inline stoa_export_options stoa_export_defaults(void)
{
    stoa_export_options o;
    memset(&o, 0, sizeof o);
    o.size = sizeof o;
    o.seed = 1;
    return o;
}

/* Writes a network for other programs: form "nir", a file, or "sonata", a folder. options and verdicts may be NULL;
 * refused, there are verdicts still, and no file (of a folder perhaps some). */
STOA_API stoa_status stoa_export(const stoa_net *net, const char *form, const char *path,
                                 const stoa_export_options *options, stoa_verdicts **verdicts, stoa_diagnostics **said);

STOA_API stoa_status stoa_fabric_read(const char *name, stoa_fabric **fabric, stoa_diagnostics **said);
STOA_API stoa_status stoa_fabric_parse(const char *file, const char *text, size_t length, stoa_fabric **fabric,
                                       stoa_diagnostics **said);
STOA_API const char *stoa_fabric_name(const stoa_fabric *fabric);
STOA_API stoa_status stoa_fabric_print(const stoa_fabric *fabric, char **text, stoa_diagnostics **said);
STOA_API stoa_status stoa_fabric_json(const stoa_fabric *fabric, char **text, stoa_diagnostics **said);
/* The same chip with so many more cores and links that are dead, drawn from the seed. */
STOA_API stoa_status stoa_fabric_break(const stoa_fabric *fabric, uint32_t cores, uint32_t links, uint64_t seed,
                                       stoa_fabric **broken, stoa_diagnostics **said);
/* The same chip with so many more rows of synapses dead, and so many more places of rows where a bit is stuck. */
STOA_API stoa_status stoa_fabric_wear(const stoa_fabric *fabric, uint32_t rows, uint32_t bits, uint64_t seed,
                                      stoa_fabric **worn, stoa_diagnostics **said);
STOA_API void stoa_fabric_free(stoa_fabric *fabric);

/* --- compiling ------------------------------------------------------------------------------------------------ */

typedef struct stoa_image stoa_image;
typedef struct stoa_compiled stoa_compiled;

typedef struct stoa_compile_options {
    size_t size;
    uint64_t seed;             /* of connections, initial weights and of the run */
    uint32_t copies;           /* members of the ensemble; 0: as many as the network says */
    uint32_t effort;           /* how long a mapping with less traffic is searched, 0 to 3 */
    int frozen;                /* without learning */
    int listen;                /* the host receives the spikes of every population, not those of the readout only */
    const stoa_image *weights; /* frozen: where the learnt weights come from, or NULL */
    const char *constraints;   /* a file, or NULL (docs/mapping.md) */
    const char *activity;      /* a file of stoa_run_profile: how often who speaks, for the mapping; or NULL */
} stoa_compile_options;

static inline stoa_compile_options stoa_compile_defaults(void)
{
    stoa_compile_options o;
    memset(&o, 0, sizeof o);
    o.size = sizeof o;
    o.seed = 1;
    o.effort = 1;
    return o;
}

/* options may be NULL. Refused, *compiled has the stages that there are, and no image. */
STOA_API stoa_status stoa_compile(const stoa_net *net, const stoa_fabric *fabric, const stoa_compile_options *options,
                                  stoa_compiled **compiled, stoa_diagnostics **said);
/* Its image, which is the caller's to free; NULL: it was refused. */
STOA_API stoa_image *stoa_compiled_image(const stoa_compiled *compiled);
/* One of quant, graph, assign, wire, place, route, image as text; *text is NULL where it was not reached. */
STOA_API stoa_status stoa_compiled_stage(const stoa_compiled *compiled, const char *stage, char **text,
                                         stoa_diagnostics **said);
/* What came of it in a few lines: constants, traffic, cores, routing. */
STOA_API const char *stoa_compiled_summary(const stoa_compiled *compiled);
STOA_API void stoa_compiled_free(stoa_compiled *compiled);

typedef enum stoa_form { STOA_HTML, STOA_JSON, STOA_TEXT } stoa_form;

/* A network on several fabrics side by side: cores, links, memory, energy, time of a tick, and which of them no other
 * beats; what does not fit stands there with its reason. explore: variants of each fabric, too, with fewer neurons a
 * core and as many tiles in another shape; without constraints. A page with a plot, JSON (docs/json.md), a table. */
STOA_API stoa_status stoa_compare(const stoa_net *net, const stoa_fabric *const *fabrics, size_t count, int explore,
                                  const stoa_compile_options *options, stoa_form form, char **text, size_t *length,
                                  stoa_diagnostics **said);

/* All that is wrong with a network, alone or on a fabric (NULL: alone), in one list; both by file or name. frozen: as
 * without learning; constraints: a file, or NULL. *name gets what the network calls itself, when nothing is. */
STOA_API stoa_status stoa_check(const char *network, const stoa_setting *settings, size_t count, const char *fabric,
                                int frozen, const char *constraints, char **name, stoa_diagnostics **said);

/* --- images --------------------------------------------------------------------------------------------------- */

/* Loads either form, bytes or text. */
STOA_API stoa_status stoa_image_load(const char *path, stoa_image **image, stoa_diagnostics **said);
STOA_API stoa_status stoa_image_save(const stoa_image *image, const char *path, stoa_diagnostics **said);
STOA_API stoa_status stoa_image_unpack(const void *bytes, size_t length, stoa_image **image, stoa_diagnostics **said);
STOA_API stoa_status stoa_image_pack(const stoa_image *image, void **bytes, size_t *length, stoa_diagnostics **said);
/* As text that loads to the same bytes; and only which parameters of rules a host may write, and where they stand. */
STOA_API stoa_status stoa_image_dump(const stoa_image *image, char **text, size_t *length, stoa_diagnostics **said);
STOA_API stoa_status stoa_image_parameters(const stoa_image *image, char **text, stoa_diagnostics **said);
/* What is under way in its copies is left: runs begin at tick 0 with what was learnt. */
STOA_API void stoa_image_rest(stoa_image *image);
STOA_API void stoa_image_free(stoa_image *image);

typedef struct stoa_image_info {
    const char *network, *fabric;
    uint32_t copies, cores, blocks, routes, receptors, populations;
    uint32_t period_ticks, picture_ticks; /* of a presentation, and of the picture in it */
    uint32_t readout;                     /* a population */
    int learns, sees;                     /* has learning programs; receptors that look at pictures */
} stoa_image_info;

typedef struct stoa_group_info { /* receptors, or a population */
    const char *name;
    uint32_t size;
    uint32_t columns;       /* populations; else 0 */
    uint32_t width, height; /* receptors of a picture; else 0 */
    const char *encoder;    /* receptors; else NULL */
} stoa_group_info;

STOA_API const stoa_image_info *stoa_image_about(const stoa_image *image);
STOA_API const stoa_group_info *stoa_image_receptor(const stoa_image *image, uint32_t index); /* NULL: no such */
STOA_API const stoa_group_info *stoa_image_population(const stoa_image *image, uint32_t index);
/* The states of a population's neurons by number: u, gate, then those of its model, and theta where thresholds adapt;
 * NULL behind the last. */
STOA_API const char *stoa_image_state(const stoa_image *image, uint32_t population, size_t index);
/* The number of a name, or UINT32_MAX. */
STOA_API uint32_t stoa_image_find_receptor(const stoa_image *image, const char *name);
STOA_API uint32_t stoa_image_find_population(const stoa_image *image, const char *name);

typedef struct stoa_verify_options {
    size_t size;
    uint64_t seed; /* of the compilation */
    const stoa_setting *settings;
    size_t setting_count;
    int frozen;                /* the image is of the network without learning */
    const stoa_image *weights; /* frozen: where its weights came from; NULL: they are not compared */
} stoa_verify_options;

static inline stoa_verify_options stoa_verify_defaults(void)
{
    stoa_verify_options o;
    memset(&o, 0, sizeof o);
    o.size = sizeof o;
    o.seed = 1;
    return o;
}

/* Proves from network, fabric (by file or name) and image alone that the image is that network: *summary gets what was
 * compared. Refused: it is not, and said says where. options may be NULL. */
STOA_API stoa_status stoa_verify(const char *network, const char *fabric, const stoa_image *image,
                                 const stoa_verify_options *options, char **summary, stoa_diagnostics **said);

/* What a board is loaded with. */
typedef struct stoa_memory_options {
    size_t size;
    uint32_t copy;
    uint32_t lanes; /* of the board's core; 0: the fabric's */
    int learn;      /* learning programs run */
} stoa_memory_options;

static inline stoa_memory_options stoa_memory_defaults(void)
{
    stoa_memory_options o;
    memset(&o, 0, sizeof o);
    o.size = sizeof o;
    return o;
}

/* Writes packets.hex, packets.bin and X_Y.REGION.hex of each tile into the folder, which is made (docs/boards.md).
 * *text: a line for each file, freed by stoa_free. options may be NULL. */
STOA_API stoa_status stoa_image_memories(const stoa_image *image, const stoa_memory_options *options,
                                         const char *folder, char **text, stoa_diagnostics **said);

/* What one copy has learnt on one core: rows of sources, columns of neurons, where they lie in the image. What is
 * written there is what the next run begins with; a weight that its rule could not have learnt is refused by the next
 * load. */
typedef struct stoa_weights {
    uint32_t sources, targets;
    int16_t *weight;                   /* [sources][targets] */
    const uint32_t *target_population; /* [targets] */
    const uint32_t *target_index;      /* [targets] number in its population */
    const uint32_t *source_group;      /* [sources] receptors or population */
    const uint8_t *source_is_receptor; /* [sources] */
    const uint32_t *source_index;      /* [sources] number in its group */
    const uint64_t *joined;            /* NULL: all have a synapse; else [targets][(sources + 63) / 64] bits */
} stoa_weights;

/* *weights is the image's; NULL: nothing learns on that core. */
STOA_API stoa_status stoa_image_weights(stoa_image *image, uint32_t copy, uint32_t core, const stoa_weights **weights,
                                        stoa_diagnostics **said);

/* --- runs by spikes ------------------------------------------------------------------------------------------- */

typedef struct stoa_run stoa_run;

typedef struct stoa_run_options {
    size_t size;
    const char
        *machine; /* sim, timed, rtl or serial:DEVICE; NULL: sim. All others run beside it and tell a difference */
    const char *kernel; /* of the fast engine; NULL: the best that the machine has */
    uint32_t copy;
    uint32_t lanes; /* timed and rtl; 0: the fabric's, or the model's */
    int shared;     /* timed: one multiplier for all lanes */
    int learn;      /* learning programs run */
    int readout;    /* only spikes that the image sends to the host; else those of every population */
} stoa_run_options;

static inline stoa_run_options stoa_run_defaults(void)
{
    stoa_run_options o;
    memset(&o, 0, sizeof o);
    o.size = sizeof o;
    return o;
}

typedef struct stoa_spike {
    uint32_t tick, population, index;
    int16_t excess; /* how far above its threshold */
    int16_t unused;
} stoa_spike;

typedef struct stoa_counters {
    uint64_t presentations, ticks, axon_events, synaptic_operations, neuron_updates, spikes, packets, hops, programs,
        learning_operations;
    uint64_t cycles; /* of machines that have them; else 0 */
} stoa_counters;

/* A copy of an image on a machine; it goes on from where the copy is. options may be NULL. */
STOA_API stoa_status stoa_run_open(const stoa_image *image, const stoa_run_options *options, stoa_run **run,
                                   stoa_diagnostics **said);
/* Receptors that spike in the next tick. */
STOA_API stoa_status stoa_run_inject(stoa_run *run, uint32_t receptor, const uint32_t *index, size_t count,
                                     stoa_diagnostics **said);
/* Spikes that a file lists for an image's receptors (lines `tick group index`; "-": standard input), by tick, group and
 * index; ticks count from the beginning of the run. The caller's, freed by stoa_free. */
typedef struct stoa_spike_in {
    uint32_t tick, receptor, index;
} stoa_spike_in;
STOA_API stoa_status stoa_spikes_read(const stoa_image *image, const char *path, stoa_spike_in **spikes, size_t *count,
                                      stoa_diagnostics **said);
STOA_API stoa_status stoa_run_step(stoa_run *run, uint32_t ticks, stoa_diagnostics **said);
STOA_API uint32_t stoa_run_now(const stoa_run *run); /* the next tick */
/* Spikes since they were taken last, in order of tick, core and neuron: now the caller's, freed by stoa_free. */
STOA_API stoa_spike *stoa_run_take(stoa_run *run, size_t *count);
/* The cycle of each of those spikes, from the first of its tick; asked for before they are taken, and the caller's.
 * NULL: the machine has no cycles. */
STOA_API uint64_t *stoa_run_take_cycles(stoa_run *run);
/* A number of each neuron of a population: u, gate, excess, theta, peak, or another state of its model. room: of out,
 * and at least the population's size. */
STOA_API stoa_status stoa_run_state(stoa_run *run, uint32_t population, const char *state, int32_t *out, size_t room,
                                    stoa_diagnostics **said);
STOA_API void stoa_run_counters(const stoa_run *run, stoa_counters *out, size_t size);
/* Writes what was learnt and what is under way into this image, its own or one like it, so that a run of that copy
 * goes on exactly. */
STOA_API stoa_status stoa_run_save(stoa_run *run, stoa_image *image, stoa_diagnostics **said);
/* The same as the last thing that is done before close: machines that run beside another look once more whether they
 * hold what they should. */
STOA_API stoa_status stoa_run_finish(stoa_run *run, stoa_image *image, stoa_diagnostics **said);
/* Counters of all and of each core, energy, cycles, for scripts (docs/json.md, `run`); and the figures of a machine
 * that has cycles as lines, "" of others. */
STOA_API stoa_status stoa_run_json(const stoa_run *run, char **text, stoa_diagnostics **said);
/* How often receptors and populations have spoken since the run was opened, for stoa_compile's activity. */
STOA_API stoa_status stoa_run_profile(const stoa_run *run, char **text, stoa_diagnostics **said);
STOA_API stoa_status stoa_run_text(const stoa_run *run, char **text, stoa_diagnostics **said);
STOA_API void stoa_run_close(stoa_run *run);

/* Machines, kernels of the fast engine here (best first), by number; NULL behind the last. */
STOA_API const char *stoa_machine(size_t index);
STOA_API const char *stoa_kernel(size_t index);
/* Whether a machine can do that (docs/library.md lists what there is); 0 also where either is not known. */
STOA_API int stoa_machine_can(const char *machine, const char *what);

/* --- recorded events ------------------------------------------------------------------------------------------ */

typedef struct stoa_event_options {
    size_t size;
    double dt;                     /* a tick, in the file's unit of time; 0: 1 ms */
    double from;                   /* what is before is left out, and this is tick 0 */
    uint32_t ticks;                /* what is later is left out; 0: nothing is */
    uint32_t width, height;        /* of the sensor; 0: as the format says */
    uint32_t sample;               /* of a data set of many */
    const char *polarity, *camera; /* separate, together, on, off; dvs128, davis; NULL: the first */
    const char *group;             /* whose spikes these are, NULL: "in"; of SONATA also which population */
    const char *format;            /* of a .bin: n-mnist or arni-x; NULL: told by what it can be */
} stoa_event_options;

static inline stoa_event_options stoa_event_defaults(void)
{
    stoa_event_options o;
    memset(&o, 0, sizeof o);
    o.size = sizeof o;
    return o;
}

typedef struct stoa_event {
    uint32_t tick, group, index;
} stoa_event;

typedef struct stoa_events_info {
    const stoa_event *at; /* [count], by tick, group and index; each once */
    size_t count;
    const char *const *groups; /* [group_count] */
    uint32_t group_count;
    uint64_t together; /* events that fell on one spike with another */
    uint64_t outside;  /* of another time, kind or polarity than asked for */
    int64_t label;     /* of the sample; -1: there is none */
    const char *what;  /* the format, for people */
} stoa_events_info;

/* Spikes of sensors, data sets and other programs as ticks (docs/formats.md); options may be NULL. */
typedef struct stoa_events stoa_events;
STOA_API stoa_status stoa_events_read(const char *path, const stoa_event_options *options, stoa_events **events,
                                      stoa_diagnostics **said);
/* From memory: in any order, each counted once. */
STOA_API stoa_status stoa_events_of(const stoa_event *at, size_t count, const char *const *groups, uint32_t group_count,
                                    stoa_events **events, stoa_diagnostics **said);
STOA_API const stoa_events_info *stoa_events_about(const stoa_events *events);
/* Into .h5 (SONATA; dt: ms a tick), .npz, .csv, else lines `tick group index`. */
STOA_API stoa_status stoa_events_write(const stoa_events *events, double dt, const char *path, stoa_diagnostics **said);
STOA_API void stoa_events_free(stoa_events *events);

/* --- learning and asking -------------------------------------------------------------------------------------- */

typedef struct stoa_result stoa_result;
typedef struct stoa_stop stoa_stop;

/* Asks a long call on another thread to end. stoa_stop_ask may be called by a signal handler. */
STOA_API stoa_stop *stoa_stop_new(void); /* NULL: no memory */
STOA_API void stoa_stop_ask(stoa_stop *stop);
STOA_API void stoa_stop_free(stoa_stop *stop);

/* what: "training", "testing", once "resuming"; presentations done and to do over all copies. From one thread at a
 * time, which may be another than the caller's. Not 0: stop. */
typedef int stoa_progress(void *user, const char *what, uint64_t done, uint64_t all, double seconds);
/* What does not end it, when it is found: warnings about the network, a checkpoint that could not be written. They are
 * not said again at the end. */
typedef void stoa_warn(void *user, const stoa_diagnostics *said);

typedef struct stoa_pictures {
    size_t size;
    uint32_t count, width, height;
    const uint8_t *pixels; /* [count][height][width] */
    const uint8_t *labels; /* [count], or NULL: nobody knows */
    const char *name;      /* what they are called in results, or NULL */
} stoa_pictures;

/* Pictures of idx files, gzipped or not; labels may be NULL. They last as long as the handle. */
typedef struct stoa_dataset stoa_dataset;
STOA_API stoa_status stoa_dataset_read(const char *images, const char *labels, stoa_dataset **data,
                                       stoa_diagnostics **said);
/* Of a folder of PNG files (a folder in it for each class), a .npy or a .npz (docs/formats.md). */
STOA_API stoa_status stoa_dataset_import(const char *path, stoa_dataset **data, stoa_diagnostics **said);
STOA_API const stoa_pictures *stoa_dataset_pictures(const stoa_dataset *data);
/* The largest label and 1 more, 0 without labels; what a label was called where it came from, or NULL. */
STOA_API uint32_t stoa_dataset_classes(const stoa_dataset *data);
STOA_API const char *stoa_dataset_class(const stoa_dataset *data, uint32_t label);
/* As idx files; labels NULL, or there are none: pictures alone. */
STOA_API stoa_status stoa_dataset_save(const stoa_dataset *data, const char *images, const char *labels,
                                       stoa_diagnostics **said);
STOA_API void stoa_dataset_free(stoa_dataset *data);

/* The pairs of idx files that a path means: that of one file of pictures, or all of a folder, training pictures first.
 * The labels of ..images-idx3.. lie beside it in ..labels-idx1..; .gz or not; NULL: there are none. One piece of
 * memory, the caller's, freed by stoa_free. */
typedef struct stoa_data_pair {
    const char *images, *labels;
} stoa_data_pair;
STOA_API stoa_status stoa_data_pairs(const char *path, stoa_data_pair **pairs, size_t *count, stoa_diagnostics **said);

/* What is taken of pictures, in this order; all 0: all of it. */
typedef struct stoa_choice {
    size_t size;
    uint32_t first_label;    /* the label that counts as 0 */
    uint32_t class_count;    /* 0: all, as they are */
    const uint32_t *classes; /* [class_count] these alone, as counted from first_label, renumbered in this order */
    uint32_t first, count;   /* of the pictures that are left; count 0: to the end */
    int transpose;           /* rows and columns change places */
} stoa_choice;

static inline stoa_choice stoa_choice_defaults(void)
{
    stoa_choice o;
    memset(&o, 0, sizeof o);
    o.size = sizeof o;
    return o;
}

STOA_API stoa_status stoa_dataset_choose(const stoa_dataset *data, const stoa_choice *choice, stoa_dataset **chosen,
                                         stoa_diagnostics **said);
/* All pictures with their pixels re-ordered alike, by seed. */
STOA_API stoa_status stoa_dataset_permute(const stoa_dataset *data, uint64_t seed, stoa_dataset **permuted,
                                          stoa_diagnostics **said);
/* Pictures of nothing, without labels: kind white, blurred or flat. */
STOA_API stoa_status stoa_dataset_noise(const char *kind, uint32_t width, uint32_t height, uint32_t count,
                                        uint64_t seed, stoa_dataset **data, stoa_diagnostics **said);
/* Letters drawn from strokes, a stand-in for EMNIST's (docs/data.md): pictures first .. first + count - 1 of task 0
 * or 1. hands: how far they differ that write, in % of what ships. */
enum { STOA_LETTER_TASKS = 2, STOA_LETTERS_TRAIN = 24000, STOA_LETTERS_TEST = 4000, STOA_LETTER_HANDS = 100 };
STOA_API stoa_status stoa_dataset_letters(uint32_t task, uint32_t hands, uint32_t first, uint32_t count, uint64_t seed,
                                          stoa_dataset **data, stoa_diagnostics **said);
/* Many pictures on one, a PNG of so many columns: a row a class, or in order (labels of rows count from first then).
 * *png is the caller's, freed by stoa_free. */
STOA_API stoa_status stoa_dataset_sheet(const stoa_dataset *data, uint32_t columns, int by_class, uint32_t first,
                                        void **png, size_t *length, stoa_diagnostics **said);

/* The data sets that experiments here are about, by number; NULL behind the last. */
typedef struct stoa_known_set {
    const char *name, *what;
    const char *folder; /* below the data folder */
    const char *how;    /* to get it: a command, or words */
} stoa_known_set;
STOA_API const stoa_known_set *stoa_known_set_at(size_t index);
/* Whether its files are in that folder: *state gets there, not-checked (no checksum is known), missing, or wrong, and
 * said in what. */
STOA_API stoa_status stoa_known_set_look(size_t index, const char *folder, const char **state, stoa_diagnostics **said);

typedef struct stoa_show_options {
    size_t size;
    uint32_t threads;             /* 0: one for each core of the machine; the results do not depend on it */
    uint32_t epochs;              /* learning; 0: one */
    uint32_t copy;                /* with only_copy */
    int only_copy;                /* this copy alone learns or is asked; else all */
    const char *machine, *kernel; /* as of a run */
    uint32_t lanes;
    int shared;
    stoa_stop *stop;
    stoa_progress *progress;
    void *user;
} stoa_show_options;

static inline stoa_show_options stoa_show_defaults(void)
{
    stoa_show_options o;
    memset(&o, 0, sizeof o);
    o.size = sizeof o;
    return o;
}

/* All copies learn labelled pictures, in order, on from where they are, in the image itself. result may be NULL. */
STOA_API stoa_status stoa_learn(stoa_image *image, const stoa_pictures *pictures, const stoa_show_options *options,
                                stoa_result **result, stoa_diagnostics **said);
/* All copies are asked about pictures: votes, and with labels accuracies. The image stays as it is. */
STOA_API stoa_status stoa_ask(const stoa_image *image, const stoa_pictures *pictures, const stoa_show_options *options,
                              stoa_result **result, stoa_diagnostics **said);

typedef struct stoa_train_options {
    size_t size;
    uint64_t seed;
    uint32_t copies;    /* 0: as the experiment or network says */
    uint32_t threads;   /* 0: one for each core of the machine */
    uint32_t limit;     /* pictures of a task that are learnt at most; 0: all */
    uint32_t ask;       /* pictures of a task that are asked about at most; 0: all */
    const char *fabric; /* NULL: the experiment's */
    const char *data;   /* where data sets lie; NULL: in data, then in the experiment's folder */
    const char *out;    /* folder for trained.img, result.json, report.html and checkpoints; NULL: nothing is written */
    const char *kernel;
    const stoa_setting *settings;
    size_t setting_count;
    double checkpoint; /* seconds between two; 0: none */
    int validate;      /* learn without every n-th picture and ask about those */
    int resume;        /* go on from the checkpoint in out, if there is one */
    int fresh;         /* begin anew, over the checkpoint of this run in out */
    stoa_stop *stop;
    stoa_progress *progress;
    stoa_warn *warn;
    void *user;
} stoa_train_options;

static inline stoa_train_options stoa_train_defaults(void)
{
    stoa_train_options o;
    memset(&o, 0, sizeof o);
    o.size = sizeof o;
    o.seed = 1;
    o.checkpoint = 30;
    return o;
}

/* What an experiment, by file or by the name of one that ships, calls itself. */
STOA_API stoa_status stoa_experiment_name(const char *experiment, char **name, stoa_diagnostics **said);
/* It is compiled, learnt, asked. options may be NULL. */
STOA_API stoa_status stoa_train(const char *experiment, const stoa_train_options *options, stoa_result **result,
                                stoa_diagnostics **said);

/* What a dense network with backpropagation does on an experiment's tasks. */
typedef struct stoa_baseline_options {
    size_t size;
    uint64_t seed;        /* of the weights and of the permutations, as of stoa_train */
    const char *method;   /* plain, ewc, replay or joint; NULL: plain */
    const char *data;     /* as of stoa_train */
    uint32_t limit, ask;  /* as of stoa_train */
    uint32_t hidden;      /* neurons of the hidden layer, a multiple of 8 */
    uint32_t batch;       /* pictures of a step of the descent */
    uint32_t kept;        /* replay: pictures of each task that are kept */
    int validate;         /* as of stoa_train */
    double rate, penalty; /* of the descent; ewc: how hard weights are held */
    stoa_stop *stop;
    stoa_progress *progress;
    void *user;
} stoa_baseline_options;

static inline stoa_baseline_options stoa_baseline_defaults(void)
{
    stoa_baseline_options o;
    memset(&o, 0, sizeof o);
    o.size = sizeof o;
    o.seed = 1;
    o.hidden = 512;
    o.batch = 16;
    o.kept = 50;
    o.rate = 0.05;
    o.penalty = 100;
    return o;
}

/* The table of accuracies as lines and as JSON (docs/json.md, `baseline`); each the caller's, and may be NULL. */
STOA_API stoa_status stoa_baseline(const char *experiment, const stoa_baseline_options *options, char **text,
                                   char **json, stoa_diagnostics **said);

/* A search of an experiment's parameters on training pictures that are held back. */
typedef struct stoa_range {
    const char *name;
    double low, high;
} stoa_range;

/* How far a search is; generation: `generations` in the last look at those that stay. */
typedef struct stoa_tuning {
    uint32_t generation, generations;
    uint64_t done, all; /* judgements */
    double seconds;
    double mean, deviation; /* of the best so far; judged 0: there is none yet */
    uint32_t judged;
} stoa_tuning;
/* From one thread at a time, which may be another than the caller's. Not 0: stop. */
typedef int stoa_tune_progress(void *user, const stoa_tuning *tuning);

typedef struct stoa_tune_options {
    size_t size;
    uint64_t seed;
    uint32_t population, generations; /* trials of a generation; 0: as the experiment's `tune:` says, as all below */
    uint32_t seeds;                   /* judgements of a newcomer */
    uint32_t copies;                  /* members of the ensemble that is judged */
    uint32_t limit, ask;              /* training pictures of a task, and held-out ones */
    uint32_t threads;                 /* 0: one for each core of the machine */
    const char *fabric, *data, *kernel;
    const char *out; /* folder for tuned.yaml, tune.json, tune.html and the log from which the same search goes on */
    const stoa_setting *settings;
    size_t setting_count;
    const stoa_range *ranges; /* other ranges, or of parameters that `tune:` does not name */
    size_t range_count;
    stoa_stop *stop;
    stoa_tune_progress *progress;
    void *user;
} stoa_tune_options;

static inline stoa_tune_options stoa_tune_defaults(void)
{
    stoa_tune_options o;
    memset(&o, 0, sizeof o);
    o.size = sizeof o;
    o.seed = 1;
    return o;
}

/* What was found in a few lines, and the text of tune.json; each the caller's, and may be NULL. Refused: the
 * experiment, or all networks in these ranges. */
STOA_API stoa_status stoa_tune(const char *experiment, const stoa_tune_options *options, char **text, char **json,
                               stoa_diagnostics **said);

typedef struct stoa_result_info {
    const char *experiment, *network, *fabric, *dataset;
    uint64_t seed, trained, tested; /* presentations a copy */
    uint64_t silent;                /* of the merged answers: without a vote */
    uint32_t copies, classes, threads;
    double accuracy;             /* 0 .. 1, of the merged votes; NAN: nobody knows, or nobody was asked */
    const double *copy_accuracy; /* [copies], or NULL */
    const double *curve;         /* [curve_count] right before they were learnt, over curve_step pictures each */
    uint32_t curve_count, curve_step;
    const uint32_t *confusion; /* [classes][classes + 1]: row true, column answered, the last silent; or NULL */
    const int32_t *votes;      /* [tested][classes] of all copies together; or NULL */
    double train_seconds, test_seconds;
} stoa_result_info;

STOA_API const stoa_result_info *stoa_result_about(const stoa_result *result);
/* The column that each picture's votes decide for, classes where there is none; [tested], or NULL. */
STOA_API const uint32_t *stoa_result_answers(const stoa_result *result);
/* As it was trained; the caller's to free. NULL: of stoa_learn and stoa_ask. */
STOA_API stoa_image *stoa_result_image(const stoa_result *result);
/* The text of result.json, and the table that `stoa train` prints. */
STOA_API const char *stoa_result_json(const stoa_result *result);
STOA_API const char *stoa_result_text(const stoa_result *result);
/* Figures of a machine that has cycles, as lines; "" of others. */
STOA_API const char *stoa_result_machine(const stoa_result *result);
STOA_API void stoa_result_free(stoa_result *result);

/* --- reports -------------------------------------------------------------------------------------------------- */

/* What a folder of `stoa train` has: its image and its result, which belong together or are refused. */
STOA_API stoa_status stoa_trained_read(const char *folder, stoa_image **image, stoa_result **result,
                                       stoa_diagnostics **said);
/* A result from its file. */
STOA_API stoa_status stoa_result_read(const char *path, stoa_result **result, stoa_diagnostics **said);

typedef struct stoa_report_options {
    size_t size;
    const stoa_result *result; /* of the image, or NULL: what the image alone can tell */
    const char *run;           /* a file of `stoa run --json` of the image, in place of a result; or NULL */
    double published;          /* 0 .. 1: another accuracy to show beside; 0: none */
    const char *date;          /* for the foot of the page; NULL: today, or that of SOURCE_DATE_EPOCH; "": none */
} stoa_report_options;

static inline stoa_report_options stoa_report_defaults(void)
{
    stoa_report_options o;
    memset(&o, 0, sizeof o);
    o.size = sizeof o;
    return o;
}

/* What an image costs and what it has learnt, as a page or the same figures as JSON. options may be NULL. */
STOA_API stoa_status stoa_report(const stoa_image *image, stoa_form form, const stoa_report_options *options,
                                 char **text, size_t *length, stoa_diagnostics **said);
/* One experiment over several seeds, by folders of runs or files of results: a page of means and deviations. date: as
 * in options. */
STOA_API stoa_status stoa_report_seeds(const char *const *runs, size_t count, const char *date, char **text,
                                       size_t *length, stoa_diagnostics **said);

#ifdef __cplusplus
}
#endif

#endif
