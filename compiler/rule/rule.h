/* rule.h - a learning rule: from its file to the program of an image.
 *
 * A .rule file is assembly for the learning engine with named parameters, scalars and tables
 * (docs/learning-engine.md). Rules that ship are built in (rules/); a name with a slash or ending in .rule is a file.
 */
#ifndef STOA_RULE_H
#define STOA_RULE_H

#include "diag.h"
#include "net.h"
#include "stoa/image.h"

/* What the assembler must know of the row that the rule will serve. */
struct st_rule_context {
    double weight_scale; /* units a unit of weight and resource */
    uint32_t fan_in;     /* synapses of a row, at most */
    const struct st_limits *limits;
    enum st_initial_word initial_word; /* which word each synapse draws, if any, and how */
    struct st_dist initial;
    bool or_zero; /* some begin with 0 in its place */
    struct st_mark initial_mark;
};

/* One quantized parameter, for the report of errors. */
struct st_rule_value {
    char *name;
    double wanted, got;
    bool scaled; /* it counts in the units of the population's scale */
    struct st_mark mark;
};

/* A first word that each synapse draws for itself, and what the others are then: [high - low + 1] by the word drawn. */
struct st_rule_drawn {
    struct st_dist dist;
    double unit; /* word = the draw times this, rounded, within low .. high */
    int32_t low, high;
    int16_t *weight, *aux; /* NULL: nothing is drawn */
};

struct st_rule {
    struct st_plastic plastic;     /* axons, first, count are left 0 */
    int16_t weight, resource, aux; /* initial words, where none is drawn */
    struct st_rule_drawn drawn;
    int32_t scalar[ST_SCALARS]; /* initial record */
    int32_t weight_low, weight_high;
    struct st_rule_value *values;
    uint32_t value_count;
};

/* Assembles; NULL when refused. text of built-in rules: st_rule_builtin(name, &length), NULL if unknown. */
const struct st_rule *st_rule_read(struct st_arena *a, struct st_diags *d, const char *name, const char *text,
                                   size_t length, const struct st_net_param *params, uint32_t param_count,
                                   struct st_mark use, const struct st_rule_context *context);
const char *st_rule_builtin(const char *name, size_t *length);
extern const char *const st_rule_names[];
/* A program as assembly again, one instruction a line. */
char *st_rule_disassemble(struct st_arena *a, const struct st_plastic *p);

#endif
