/* yaml_tree.h - a YAML text as a tree of nodes that know where they stand.
 *
 * libyaml gives events with marks; a reader wants to ask for keys and to be told, with a caret, what is wrong with a
 * value. Between them stands this tree. It takes the part of YAML in which a description says everything
 * where it stands: scalars, lists and mappings with word keys; no anchors, aliases, merge keys or tags.
 *
 *     text ──libyaml──> tree, checked: UTF-8, depth, size, keys once ──getters──> values or diagnostics
 *
 * Everything lies in the arena. libyaml's own memory never outlives a call, also when memory runs out. */
#ifndef STOA_YAML_TREE_H
#define STOA_YAML_TREE_H

#include "diag.h"
#include "text.h"

enum st_yaml_kind { ST_YAML_SCALAR, ST_YAML_LIST, ST_YAML_MAP };
enum { ST_YAML_DEPTH = 64, ST_YAML_NODES = 4000000 };

struct st_yaml {
    enum st_yaml_kind kind;
    bool quoted;
    struct st_mark mark;
    char *text; /* scalar */
    uint32_t length;
    uint32_t count;         /* of a list's items, of a map's entries */
    struct st_yaml **items; /* list: items; map: values */
    struct st_yaml **keys;  /* map: scalars */
};

/* The root, a map; NULL when the text is refused. The text is registered with d as `file`. */
const struct st_yaml *st_yaml_parse(struct st_arena *a, struct st_diags *d, const char *file, const char *text,
                                    size_t length);

/* Who reads numbers: `named` gives the value of $name and makes its own diagnostic when there is none; NULL
 * where names are not allowed. */
struct st_yaml_reader {
    struct st_arena *arena;
    struct st_diags *diags;
    bool (*named)(struct st_yaml_reader *r, const struct st_yaml *at, const char *name, double *value);
    void *context;
};

/* The value of a key, or NULL. */
const struct st_yaml *st_yaml_get(const struct st_yaml *map, const char *key);
/* The same, with a diagnostic when there is none. owner: "projection", "population 'L'". */
const struct st_yaml *st_yaml_need(struct st_yaml_reader *r, const struct st_yaml *map, const char *key,
                                   const char *owner);
/* Complains about every key that is not among names (ends with NULL). */
void st_yaml_keys(struct st_yaml_reader *r, const struct st_yaml *map, const char *const *names, const char *owner);
bool st_yaml_is(struct st_yaml_reader *r, const struct st_yaml *at, enum st_yaml_kind kind, const char *what);
bool st_yaml_empty(const struct st_yaml *at); /* nothing, ~ or null */

/* Typed values. false: a diagnostic was made and *out is untouched. what: "the threshold", "delay". */
bool st_yaml_number(struct st_yaml_reader *r, const struct st_yaml *at, const char *what, double lowest, double highest,
                    double *out);
bool st_yaml_whole(struct st_yaml_reader *r, const struct st_yaml *at, const char *what, int64_t lowest,
                   int64_t highest, int64_t *out);
bool st_yaml_switch(struct st_yaml_reader *r, const struct st_yaml *at, const char *what, bool *out);
bool st_yaml_word(struct st_yaml_reader *r, const struct st_yaml *at, const char *what, char **out);
/* The place of the word among names (ends with NULL). */
bool st_yaml_choice(struct st_yaml_reader *r, const struct st_yaml *at, const char *what, const char *const *names,
                    int *out);
/* "did you mean 'x'?", or the list of names, or NULL when there are too many, or when enough has been said already. */
char *st_yaml_hint(struct st_yaml_reader *r, const char *word, const char *const *names);
/* "-0.253", "1e-3": nothing but a number, finite or so large that it counts as infinite. */
bool st_yaml_is_number(const char *text, double *value);
/* Letters, digits, '_', '-' and '.', beginning with a letter, at most 64. */
bool st_yaml_is_name(const char *text);

/* A text as a double-quoted scalar that reads back the same. */
void st_yaml_put(struct st_text *t, const char *text);

#endif
