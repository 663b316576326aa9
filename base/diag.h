/* diag.h - what is wrong with the user's input, said so that it can be put right.
 *
 * A mistake is collected, not fatal: up to ST_DIAG_MAX are shown, then the input is refused. Each has a stable
 * id (base/diags.def), a place, a sentence, and a hint how to cure it:
 *
 *     net.yaml:12:15: error: population 'OTU' does not exist [no-population]
 *        12 |   - { from: L, to: OTU, policy: aligned }
 *           |                    ^~~
 *           = did you mean 'OUT'?
 *
 *     graph.nir: /nodes/lif1/v_threshold: error: ...        where a file has names in place of lines
 *
 * Nothing here prints; st_diag_text gives the text and cli/ prints it. */
#ifndef STOA_DIAG_H
#define STOA_DIAG_H

#include "arena.h"
#include <stdbool.h>

enum { ST_DIAG_MAX = 20 };

enum st_diag_id {
#define X(ID, id, stage, explain) ST_DIAG_##ID,
#include "diags.def"
    ST_DIAG_COUNT
};

/* A place in a source. In a text: line and column count from 1; line 0 is "no place". In a file of named things (HDF5,
 * XML): line is ST_MARK_PATH and column the number of a path in st_diags.paths; st_diags_path makes it. */
#define ST_MARK_PATH UINT32_MAX
struct st_mark {
    uint32_t source; /* index in st_diags.sources */
    uint32_t line, column, width;
};

struct st_source {
    char *name, *text;
    size_t length;
};

struct st_diags {
    struct st_arena *arena;
    struct st_source *sources;
    uint32_t source_count, source_room;
    char **paths;
    uint32_t path_count, path_room;
    struct st_diag {
        enum st_diag_id id;
        bool warning;
        struct st_mark mark;
        char *message, *hint; /* hint may be NULL */
    } list[ST_DIAG_MAX];
    uint32_t count;
    uint32_t errors; /* all errors, also those beyond the list */
};

void st_diags_init(struct st_diags *d, struct st_arena *arena);
/* Registers a text so that marks can point into it; the text is copied. Returns its index. */
uint32_t st_diags_source(struct st_diags *d, const char *name, const char *text, size_t length);
/* The place "/nodes/lif1/v_threshold" of a source that is no text (registered with a length of 0). */
struct st_mark st_diags_path(struct st_diags *d, uint32_t source, const char *path);
void st_error(struct st_diags *d, enum st_diag_id id, struct st_mark at, const char *hint, const char *format, ...)
    __attribute__((format(printf, 5, 6)));
void st_warn(struct st_diags *d, enum st_diag_id id, struct st_mark at, const char *hint, const char *format, ...)
    __attribute__((format(printf, 5, 6)));
/* The whole list as text in the arena, with source lines and carets; color adds ANSI escapes. */
char *st_diags_text(const struct st_diags *d, bool color);
const char *st_diag_name(enum st_diag_id id);
/* Where it comes from: "file", "net", "door", "fabric", "rule", "quant", "map", "verify"; "self" is a bug of ours. */
const char *st_diag_stage(enum st_diag_id id);
/* The id's explanation for `stoa explain`, or NULL when there is no such id. */
const char *st_diag_explain(const char *name);
/* The nearest of the given names to a misspelt one, or NULL: "did you mean". */
const char *st_nearest(const char *word, const char *const *names, size_t count);

#endif
