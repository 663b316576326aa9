/* nnc.h - networks of ArNI-X (M. Kiselev), the emulator in which CoLaNET was made: `.nnc`, XML.
 *
 * A file has receptors, sections of neurons with properties, and links between them by a policy; parts of it may stand
 * in other files. A network here has receptors, populations and projections:
 *
 *     .nnc, \\other.nnc ─read─> one tree ─┬─ RECEPTORS ─> receptors, or a population that makes the noise
 *                                         ├─ Section ───> lif, its constants in millivals: scale 1000
 *                                         └─ Link ──────> projections by policy; of those that learn, colanet's rules
 *
 * - A tact is a tick; potentials and weights are in the file's unit, in which the threshold is 8.531.
 * - What libraries of the emulator compute (environments, layers made of a weights file) is not in the file. Spikes of
 *   receptors can come from elsewhere, neurons cannot: those are refused.
 * - What the published manual leaves open has a named number or a verdict (docs/formats.md). */
#ifndef STOA_NNC_H
#define STOA_NNC_H

#include "door.h"
#include "xml_read.h"
#include <math.h>

enum nnc_property {
#define P(ID, name, standard) NNC_##ID,
#include "nnc.def"
    NNC_PROPERTIES
};

enum { NNC_SIZE_MOST = 1 << 24, NNC_LIST_MOST = 1 << 26, NNC_GROUPS_MOST = 4096, NNC_FILES_MOST = 64, NNC_DEEP = 16 };
#define NNC_THRESHOLD 8.531
#define NNC_MILLIVALS 1000 /* a unit of the file */

/* Receptors or a section, by its name in the file. */
struct nnc_group {
    const char *name;
    const struct st_xml *xml;
    uint32_t node, size, columns; /* columns of one size: those of its structure, else one a neuron */
    bool label, receptors;
    /* sections */
    double value[NNC_PROPERTIES];
    const struct st_xml *at[NNC_PROPERTIES]; /* NULL: not given */
    bool learns, opened;                     /* a link that learns ends in it; one that opens it */
    const struct st_xml *taught;             /* the first reward out of receptors for the right answer */
};

struct nnc {
    struct st_arena *arena;
    struct st_diags *diags;
    struct st_verdicts *verdicts;
    struct st_builder *build;
    struct st_door_options options;
    const char *folder;
    const struct st_xml *root; /* SNN, whose children are all of them, those of other files too */
    bool linearized;
    struct nnc_group *group;
    uint32_t count, room;
    /* a presentation; period 0: the file has none */
    uint32_t picture, period;
    const struct st_xml *period_at;
};

/* Says a mistake at an element, with its verdict; returns false. */
bool st_nnc_refuse(struct nnc *n, enum st_diag_id id, const struct st_xml *at, const char *cure, const char *format,
                   ...) __attribute__((format(printf, 5, 6)));
/* The number that an element has for its text. False: said. */
bool st_nnc_number(struct nnc *n, const struct st_xml *at, double lowest, double highest, double *out);
/* The same of a child, `standard` where there is none. A child that is there twice is refused. */
bool st_nnc_child_number(struct nnc *n, const struct st_xml *x, const char *name, double standard, double lowest,
                         double highest, double *out);
/* *out: the child of this name, or NULL. False: it is there twice. */
bool st_nnc_child(struct nnc *n, const struct st_xml *x, const char *name, const struct st_xml **out);
/* Whether all children are of these names, which end with NULL. False: said. */
bool st_nnc_only(struct nnc *n, const struct st_xml *x, const char *const *names);
/* An attribute that must be there. NULL: said. */
const char *st_nnc_attribute(struct nnc *n, const struct st_xml *x, const char *name);

/* The file with those that it names, as the tree below its SNN. False: said, or *f. */
bool st_nnc_load(struct nnc *n, const char *path, struct st_fault *f);

struct nnc_group *st_nnc_group(struct nnc *n, const char *name);
struct nnc_group *st_nnc_add_group(struct nnc *n, const char *name, const struct st_xml *x);

/* The steps, in this order; false: said, or *f. Receptors look at files beside for their number. */
bool st_nnc_presentation(struct nnc *n);
bool st_nnc_receptors(struct nnc *n);
bool st_nnc_sections(struct nnc *n);   /* names and sizes */
bool st_nnc_links_look(struct nnc *n); /* what the sections must know of their links */
bool st_nnc_populations(struct nnc *n);
bool st_nnc_links(struct nnc *n);

/* Calls back with each Section, or Link, of all networks of the file. */
typedef bool st_nnc_each_fn(struct nnc *n, const struct st_xml *x);
bool st_nnc_each(struct nnc *n, const char *name, st_nnc_each_fn *each);

/* Makes a projection learn as the properties of its target say. What each synapse begins with: *resource. */
void st_nnc_learn(struct nnc *n, const struct st_xml *link, struct nnc_group *to, uint32_t projection,
                  const struct st_dist *resource);
/* Without learning: the weight that goes with a resource. */
static inline double st_nnc_weight_of(const struct nnc_group *to, double resource)
{
    double low = to->value[NNC_MINWEIGHT], wide = to->value[NNC_MAXWEIGHT] - low, r = fmax(resource, 0);
    return low + wide * r / (wide + r);
}
/* Whether a section that learns can be carried over. False: said. */
bool st_nnc_learnable(struct nnc *n, const struct nnc_group *g);

const struct st_net *st_door_read_nnc(struct st_arena *a, struct st_diags *d, const char *path,
                                      const struct st_setting *settings, size_t setting_count, struct st_verdicts *v,
                                      struct st_fault *f);

#endif
