/* rule_asm.h - the parts of the assembler of .rule files, for compiler/rule/ only.
 *
 *     text ──rule_lex.c──> tokens ──rule_declare.c──> names: parameters, constants, tables, operands
 *                     rule.c   └─────rule_insn.c──> words ──rule_range.c──> st_rule
 *                                 both use rule_expr.c: constant expressions, in double
 *
 * One pass from top to bottom: a name is declared before it is used, labels lie ahead. A mistake is noted and the rest
 * of its line is skipped, so that one reading finds many. */
#ifndef STOA_RULE_ASM_H
#define STOA_RULE_ASM_H

#include "learn_range.h"
#include "rule.h"
#include "stoa/learn_check.h"

enum token_kind { T_EOF, T_LINE, T_NAME, T_NUMBER, T_SIGN };

/* sign: the character, or two of them as second << 8 | first. */
struct token {
    enum token_kind kind;
    uint32_t length, line, column, sign;
    const char *at;
    double number;
};
#define SIGN2(a, b) ((uint32_t)(b) << 8 | (uint32_t)(a))

/* Kinds of parameters: what multiplies the value that the network gives (docs/learning-engine.md). */
enum param_kind { P_WEIGHT, P_RESOURCE, P_TICKS, P_COUNT, P_FRACTION, P_NUMBER, P_KINDS };
enum symbol_kind { S_PARAM, S_CONST, S_TABLE, S_OPERAND };

struct symbol {
    const char *name;
    enum symbol_kind kind;
    struct token at;
    bool used;
    double real, value; /* parameter: as given, and in the integers of its kind */
    unsigned number;    /* table or operand */
    uint64_t from;      /* parameters that the value comes of, a bit each in their order */
};

struct label {
    struct token at;
    uint32_t word; /* where it stands, or the skip that wants it */
};

enum { MAX_SYMBOLS = 256, MAX_PARAMS = 64, MAX_LABELS = 64, MAX_DEPTH = 48, MAX_VALUES = 512, MAX_TEXT = 1 << 20 };

struct assembler {
    struct st_arena *arena;
    struct st_diags *diags;
    const struct st_rule_context *context;
    uint32_t source, errors_before;
    struct token *tokens;
    uint32_t next;

    struct symbol symbols[MAX_SYMBOLS];
    uint32_t symbol_count;
    const char *variable; /* of the table that is being made */
    uint32_t variable_length;
    double variable_value;
    bool real; /* expressions see parameters as given, not as integers */
    unsigned depth;
    bool misused; /* a parameter is not given, or not what it may be: what follows from it is not said */

    struct st_rule *rule;
    struct token word_at[ST_PROGRAM_WORDS + 1];
    struct label skip[ST_PROGRAM_WORDS], label[MAX_LABELS];
    uint32_t skip_count, label_count;
    struct token wanted; /* the label of the skip that is being read */
    int trigger;         /* of the program that is being read, -1 before the first */
    int32_t pass;        /* word of the open PASS, or -1 */
    unsigned written;    /* lane temporaries written in this pass */
    bool draws, has_weight;
    bool given[3], bounded[3]; /* weight, resource, aux: an initial word, a range */
    enum param_kind unit[3];   /* of what the network gives in place of an initial word */
    uint32_t says[3];          /* the token where its expression begins */
    bool begins;               /* an initial word is read: `resource` is the one that it stands beside */
    bool asks;                 /* and it was asked for */
    struct st_line_range range;
    /* what a host may write (rule_host.c), by the bits of symbol.from */
    uint32_t param_count;
    uint64_t asked; /* of the line at hand */
    uint64_t word_from[ST_PROGRAM_WORDS], table_from[ST_TABLES];
    uint64_t fixed; /* parameters on which more hangs than words and tables */
};

/* What the network gives to the rule, and where. */
struct rule_use {
    const struct st_net_param *params;
    uint32_t count;
    struct st_mark mark;
};

/* --- tokens (rule_lex.c) */
bool st_rule_lex(struct assembler *s, const char *text, size_t length);
static inline struct token *rule_at(struct assembler *s) { return &s->tokens[s->next]; }
struct st_mark st_rule_word_mark(const struct assembler *s, struct token t);
bool st_rule_is_sign(const struct token *t, uint32_t sign);
bool st_rule_is_word(const struct token *t, const char *word);
/* Steps over a sign or word if it is next. */
bool st_rule_take_sign(struct assembler *s, uint32_t sign);
bool st_rule_take_word(struct assembler *s, const char *word);
/* The same, or an error that says what was expected. */
bool st_rule_want_sign(struct assembler *s, uint32_t sign, const char *shown);
/* The next token as a name; false and an error when it is none. */
bool st_rule_want_name(struct assembler *s, struct token *name, const char *what);
void st_rule_skip_line(struct assembler *s);
bool st_rule_expected(struct assembler *s, const char *what);
char *st_rule_word_text(struct assembler *s, struct token t);

/* --- names (rule.c) */
extern const char *const st_rule_field_names[3];
struct symbol *st_rule_find(struct assembler *s, const struct token *name);
/* The names of one kind, for "did you mean"; returns the hint or NULL. */
char *st_rule_did_you_mean(struct assembler *s, const struct token *name, const char *const *names, size_t count);
void st_rule_record(struct assembler *s, const char *name, double wanted, double got, bool scaled, struct st_mark mark);

/* --- declarations (rule_declare.c): one line; the token is its first. */
bool st_rule_declaration(struct assembler *s, const struct rule_use *use);

/* --- words that are drawn (rule_drawn.c) */
void st_rule_draw(struct assembler *s);

/* --- parameters that a host may write (rule_host.c) */
/* A line was read, that begins with this token; words: how many the program had before. */
void st_rule_host_line(struct assembler *s, struct token at, uint32_t words);
void st_rule_host_list(struct assembler *s);

/* --- expressions (rule_expr.c) */
bool st_rule_expr(struct assembler *s, double *value);
/* The same, rounded to the nearest whole number, which must lie in low..high. exact: it must be whole. */
bool st_rule_whole(struct assembler *s, double low, double high, bool exact, const char *what, int64_t *value);

/* --- instructions (rule_insn.c) */
bool st_rule_operand_named(const struct token *name, unsigned *operand);
bool st_rule_statement(struct assembler *s);
void st_rule_program_begin(struct assembler *s, enum st_trigger trigger);
void st_rule_program_end(struct assembler *s);

/* --- what the words can hold (rule_range.c): errors when a pass may write outside of a field's range. */
void st_rule_range_check(struct assembler *s);

#endif
