/* sonata.h - SONATA networks (github.com/AllenInstitute/sonata): configurations in JSON, nodes and edges in HDF5, their
 * types in CSV.
 *
 *     configuration ──> files of nodes ──> neurons: type's parameters, overridden by the node's own ──> parts, one of
 *     ($VARS, paths)                                                       each set of what a population shares
 *                  └──> files of edges ──> synapses, in pieces, into a list for each pair of parts
 *
 * Paths are relative to the file that names them. Ten million edges pass through here in pieces of 65,536: nothing of
 * them stays but the network's own columns. What a file leaves open (dt without a run, a delay) is a named number or a
 * tick, and has its verdict. */
#ifndef STOA_SONATA_H
#define STOA_SONATA_H

#include "door.h"
#include "h5_read.h"
#include "json.h"

enum sonata_param {
#define P(ID, name, standard, what) SONATA_##ID,
#include "sonata.def"
    SONATA_PARAMS
};
enum sonata_model {
#define M(ID, name) SONATA_MODEL_##ID,
#include "sonata.def"
    SONATA_MODELS
};
enum { SONATA_VIRTUAL = SONATA_MODELS };
extern const char *const st_sonata_param_names[SONATA_PARAMS];
extern const double st_sonata_standards[SONATA_PARAMS];
extern const char *const st_sonata_model_names[SONATA_MODELS];

/* A table of types: blanks between, quotes about, NULL for nothing. */
struct sonata_table {
    const char *path;
    uint32_t source; /* in diags */
    uint32_t columns, rows;
    const char **names, **cells; /* [columns], [rows][columns] */
    uint64_t *id;                /* [rows], ascending */
};

/* A JSON file with its manifest. */
struct sonata_json {
    const char *path, *folder;
    uint32_t source;
    const struct st_json *root, *manifest;
};

struct sonata_files {
    const char *data, *types;
};

struct sonata_type {
    int model; /* sonata_model, SONATA_VIRTUAL, or -1: not one of these */
    double value[SONATA_PARAMS];
};

/* One neuron as the language has it: what its population shares, then its own. */
struct sonata_cell {
    int model;
    double leak, decay, decay_inhibitory;
    uint32_t refractory;
    double gain[2]; /* of weights from 0 on, and below */
    double threshold, reset, bias;
};

struct sonata_nodes {
    const char *name, *path;
    uint32_t size, source;
    uint32_t *part_of, *place; /* [size] */
};

struct sonata_part {
    struct sonata_cell cell; /* of its first neuron */
    uint32_t nodes, count, population;
    double widest;
};

struct sonata {
    struct st_arena *arena;
    struct st_diags *diags;
    struct st_verdicts *verdicts;
    struct st_builder *build;
    struct st_door_options options; /* dt in ms */
    struct st_h5 open;              /* the one file that is */
    struct sonata_json circuit;
    const char *neuron_folder, *synapse_folder;
    struct sonata_files *node_files, *edge_files;
    uint32_t node_file_count, edge_file_count;
    struct sonata_nodes *nodes;
    uint32_t node_count, node_room;
    struct sonata_part *parts;
    uint32_t part_count, part_room, projections;
    double (*gains)[2];  /* [parts' neurons], see gain_base */
    uint32_t *gain_base; /* [nodes] */
    uint32_t gain_count, gain_room;
};

bool st_sonata_refuse(struct sonata *s, enum st_diag_id id, uint32_t source, const char *path, const char *format, ...)
    __attribute__((format(printf, 5, 6)));

bool st_sonata_json_read(struct sonata *s, const char *path, struct sonata_json *out, struct st_fault *f);
/* A text of a configuration as a path: variables replaced, from its folder on. NULL: said. */
const char *st_sonata_path(struct sonata *s, const struct sonata_json *j, const char *where,
                           const struct st_json *value);
/* From the first file on: the circuit, its files and folders, and dt where a simulation says it (0: none does). */
bool st_sonata_config(struct sonata *s, struct sonata_json first, double *dt, struct st_fault *f);

bool st_sonata_table_read(struct sonata *s, const char *path, const char *id_column, struct sonata_table *out,
                          struct st_fault *f);
/* The cell, or NULL: there is no such column, or NULL stands there. */
const char *st_sonata_cell_text(const struct sonata_table *t, uint32_t row, const char *column);
/* The row of an id, or UINT32_MAX. */
uint32_t st_sonata_row(const struct sonata_table *t, uint64_t id);
/* False: said. *given: whether it is there. */
bool st_sonata_cell_number(struct sonata *s, const struct sonata_table *t, uint32_t row, const char *column,
                           double *out, bool *given);

/* Parameters as a cell; false: said. */
bool st_sonata_cell_make(struct sonata *s, const char *node, uint32_t source, int model, const double *value,
                         struct sonata_cell *out);

bool st_sonata_nodes_read(struct sonata *s, const struct sonata_files *files, struct st_fault *f);
bool st_sonata_edges_read(struct sonata *s, const struct sonata_files *files, struct st_fault *f);
/* The network of a config.json that lists networks: KNP's. */
const struct st_net *st_sonata_knp(struct sonata *s, const struct sonata_json *j, struct st_fault *f);
/* Opens one of the files; the one before is closed. */
bool st_sonata_open(struct sonata *s, const char *path, struct st_fault *f);

#endif
