/* door.h - networks in the formats of others: which one a file is in, and the network that it means.
 *
 * A reader is a client of net_build.h and leaves a verdict on each node and parameter (verdict.h). What a format does
 * not say, and a network here must know, is a named number: `--set dt=1e-4`, as of any network.
 *
 *     name, first bytes ──> NIR (HDF5) | SONATA (JSON that names HDF5 and CSV) | RANC (JSON, .mem) | ArNI-X (.nnc) |
 *                           a network of our own
 *
 * What is built keeps to docs/formats.md. */
#ifndef STOA_DOOR_H
#define STOA_DOOR_H

#include "fault.h"
#include "models.h"
#include "net_build.h"
#include "verdict.h"

enum st_door { ST_DOOR_OWN, ST_DOOR_NIR, ST_DOOR_SONATA, ST_DOOR_RANC, ST_DOOR_NNC };

/* The named numbers that readers know, X(field, name, standard, lowest, highest). */
#define ST_DOOR_OPTIONS(X)                                                                                             \
    X(dt, "dt", 0, 0, 1e6)                 /* a tick, in the file's unit of time */                                    \
    X(subtract, "subtract", 0, 0, 1)       /* 1: a spike takes the threshold off; 0: it resets */                      \
    X(exponential, "exponential", 0, 0, 1) /* 1: decays are exact solutions; 0: forward Euler */                       \
    X(bits, "bits", 15, 0, 20)             /* the widest weight is below 2^bits units; 0: the compiler chooses */      \
    X(ticks, "ticks", 0, 0, 30000)         /* of a presentation, which is reset at its end; 0: one that goes on */     \
    X(symmetric, "symmetric", -1, -1, 1)   /* RANC: 1: reset at the negative threshold, 0: below it; -1: as it says */ \
    X(wrap, "wrap", 1, 0, 1)               /* RANC: potentials wrap, as on the chip; 0: as wide as the fabric's */     \
    X(grid, "grid", 0, 0, 4096)            /* RANC: cores in a row, where no file says it; 0: one row */               \
    X(learn, "learn", 1, 0, 1)             /* ArNI-X: 0: what learns keeps the weights with which it begins */         \
    X(label, "label", -1, -1, 29999)       /* ArNI-X: the tact of the right answer; -1: the second of the silence */   \
    X(weight, "weight", 10, -1e6, 1e6)     /* ArNI-X: of links that say none */                                        \
    X(receptors, "receptors", 0, 0, 1 << 24) /* ArNI-X: how many, where neither the file nor its data says it */

struct st_door_options {
#define X(field, name, standard, lowest, highest) double field;
    ST_DOOR_OPTIONS(X)
#undef X
};

/* Which format a file is in, by its name and first bytes. */
enum st_door st_door_of(const char *path);
/* The network, or NULL: diagnosed, or *f. Settings are the named numbers above and, of our own files, parameters. The
 * arena's jump is taken over for as long as it reads. */
const struct st_net *st_door_read(struct st_arena *a, struct st_diags *d, const char *path, enum st_door door,
                                  const struct st_setting *settings, size_t setting_count, struct st_verdicts *v,
                                  struct st_fault *f);
/* The same of bytes in memory (NIR). */
const struct st_net *st_door_read_nir(struct st_arena *a, struct st_diags *d, const char *path, const void *bytes,
                                      size_t length, const struct st_setting *settings, size_t setting_count,
                                      struct st_verdicts *v, struct st_fault *f);

/* Presentations of so many ticks, or one without an end. */
void st_door_presentation(struct st_builder *b, const struct st_door_options *o);
const struct st_net *st_door_read_sonata(struct st_arena *a, struct st_diags *d, const char *path,
                                         const struct st_setting *settings, size_t setting_count, struct st_verdicts *v,
                                         struct st_fault *f);

/* For readers: their named numbers, declared to the builder and looked up. False: a diagnostic. Without a dt that is
 * needed there is one, too. */
bool st_door_options(struct st_builder *b, struct st_diags *d, struct st_mark at, bool dt_needed,
                     struct st_door_options *o);
/* A parameter of all neurons of a population, each its own: by its place, by its role. */
void st_door_set_at(struct st_arena *a, struct st_net_node *n, int param, const double *value);
void st_door_set(struct st_arena *a, struct st_net_node *n, enum st_param_role role, const double *value);
/* A name that the language takes, made of any: what it has not becomes '_', and no two nodes get the same. */
const char *st_door_name(struct st_arena *a, const struct st_builder *b, const char *name);
/* A fraction as the machine holds it, and how far that is off, as a part. */
double st_door_fraction(double x, double *error);

#endif
