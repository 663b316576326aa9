#include "yaml_tree.h"
#include "text_input.h"
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

/* One open list or map while reading. */
struct frame {
    struct st_yaml *node;
    uint32_t room;
    bool want_value; /* map: the last key waits for its value */
};

/* What reading found wrong. Diagnostics take memory and so may jump; libyaml must be closed before. */
struct trouble {
    bool is, memory;
    enum st_diag_id id;
    struct st_mark mark;
    char message[200];
    const char *hint;
};

struct builder {
    struct st_arena *arena;
    uint32_t source, nodes, depth;
    struct st_yaml *pool;
    uint32_t pool_left;
    struct st_yaml *root;
    struct trouble trouble;
    struct frame stack[ST_YAML_DEPTH];
};

static struct st_mark mark_of(uint32_t source, yaml_mark_t from, yaml_mark_t to)
{
    size_t width = from.line == to.line && to.column > from.column ? to.column - from.column : 1;
    return (struct st_mark){source, (uint32_t)from.line + 1, (uint32_t)from.column + 1, (uint32_t)width};
}

static bool refuse(struct builder *b, enum st_diag_id id, struct st_mark mark, const char *message)
{
    b->trouble = (struct trouble){.is = true, .id = id, .mark = mark};
    snprintf(b->trouble.message, sizeof b->trouble.message, "%s", message);
    return false;
}

static bool no_memory(struct builder *b)
{
    b->trouble.memory = true;
    return false;
}

/* Nodes come from small pools, so that a scalar costs its own size and not an alignment unit. */
static struct st_yaml *new_node(struct builder *b)
{
    if (b->pool_left == 0) {
        b->pool = st_arena_try(b->arena, 64, sizeof *b->pool);
        if (!b->pool)
            return NULL;
        b->pool_left = 64;
    }
    b->pool_left--;
    return b->pool++;
}

static bool append(struct builder *b, struct frame *f, struct st_yaml *item, bool as_key)
{
    struct st_yaml *n = f->node;
    if (n->count == f->room && (as_key || n->kind == ST_YAML_LIST)) {
        uint32_t room = f->room ? 2 * f->room : 8;
        struct st_yaml **items = st_arena_try(b->arena, room, sizeof(void *));
        struct st_yaml **keys = n->kind == ST_YAML_MAP ? st_arena_try(b->arena, room, sizeof(void *)) : items;
        if (!items || !keys)
            return no_memory(b);
        if (n->count) {
            memcpy(items, n->items, n->count * sizeof *items);
            if (n->kind == ST_YAML_MAP)
                memcpy(keys, n->keys, n->count * sizeof *keys);
        }
        n->items = items;
        n->keys = n->kind == ST_YAML_MAP ? keys : NULL;
        f->room = room;
    }
    if (as_key && n->keys)
        n->keys[n->count] = item;
    else
        n->items[n->count++] = item;
    f->want_value = as_key;
    return true;
}

/* Puts a new node where it belongs: root, item, key or value. */
static bool place(struct builder *b, struct st_yaml *n)
{
    if (b->depth == 0) {
        b->root = n;
        return true;
    }
    struct frame *f = &b->stack[b->depth - 1];
    bool as_key = f->node->kind == ST_YAML_MAP && !f->want_value;
    if (as_key && n->kind != ST_YAML_SCALAR)
        return refuse(b, ST_DIAG_WRONG_TYPE, n->mark, "a key is a word, not a list or a mapping");
    if (as_key && !n->quoted && !strcmp(n->text, "<<"))
        return refuse(b, ST_DIAG_ALIAS, n->mark, "merge keys are not part of the language");
    return append(b, f, n, as_key);
}

static bool add_node(struct builder *b, enum st_yaml_kind kind, const yaml_event_t *e)
{
    struct st_mark mark = mark_of(b->source, e->start_mark, e->end_mark);
    if (++b->nodes > ST_YAML_NODES)
        return refuse(b, ST_DIAG_TOO_LARGE, mark, "the file has more values than a description may have");
    if (kind != ST_YAML_SCALAR && b->depth == ST_YAML_DEPTH)
        return refuse(b, ST_DIAG_TOO_DEEP, mark, "nested more than 64 deep");
    struct st_yaml *n = new_node(b);
    if (!n)
        return no_memory(b);
    n->kind = kind;
    n->mark = mark;
    if (kind == ST_YAML_SCALAR) {
        size_t length = e->data.scalar.length;
        n->quoted = e->data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
        n->length = (uint32_t)length;
        n->text = st_arena_try(b->arena, length + 1, 1);
        if (!n->text)
            return no_memory(b);
        memcpy(n->text, e->data.scalar.value, length);
        if (memchr(n->text, 0, length))
            return refuse(b, ST_DIAG_NOT_UTF8, mark, "a text must not hold the character 0");
    } else {
        n->mark.width = 1;
    }
    if (!place(b, n))
        return false;
    if (kind != ST_YAML_SCALAR)
        b->stack[b->depth++] = (struct frame){.node = n};
    return true;
}

/* Takes one event in. */
static bool take(struct builder *b, const yaml_event_t *e)
{
    struct st_mark mark = mark_of(b->source, e->start_mark, e->end_mark);
    switch (e->type) {
    case YAML_DOCUMENT_START_EVENT:
        return !b->root || refuse(b, ST_DIAG_SYNTAX, mark, "a second document begins here; a file holds one");
    case YAML_ALIAS_EVENT:
        return refuse(b, ST_DIAG_ALIAS, mark, "aliases are not part of the language");
    case YAML_SCALAR_EVENT:
        if (e->data.scalar.anchor || e->data.scalar.tag)
            return refuse(b, ST_DIAG_ALIAS, mark, "anchors and tags are not part of the language");
        return add_node(b, ST_YAML_SCALAR, e);
    case YAML_SEQUENCE_START_EVENT:
        if (e->data.sequence_start.anchor || e->data.sequence_start.tag)
            return refuse(b, ST_DIAG_ALIAS, mark, "anchors and tags are not part of the language");
        return add_node(b, ST_YAML_LIST, e);
    case YAML_MAPPING_START_EVENT:
        if (e->data.mapping_start.anchor || e->data.mapping_start.tag)
            return refuse(b, ST_DIAG_ALIAS, mark, "anchors and tags are not part of the language");
        return add_node(b, ST_YAML_MAP, e);
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT:
        b->depth--;
        return true;
    default:
        return true;
    }
}

static bool begins_with_tab(const char *text, size_t length, size_t line)
{
    const char *p = text, *end = text + length;
    while (line-- > 0 && (p = memchr(p, '\n', (size_t)(end - p))) != NULL)
        p++;
    while (p && p < end && *p == ' ')
        p++;
    return p && p < end && *p == '\t';
}

/* A bracket right behind a word, which in a flow mapping begins a list; index counts characters. */
static bool opens_in_word(const char *text, size_t length, size_t index)
{
    size_t at = 0;
    for (; at < length && index > 0; index--)
        for (at++; at < length && ((unsigned char)text[at] & 0xc0) == 0x80;)
            at++;
    return at > 0 && at < length && text[at] == '[' && (isalnum((unsigned char)text[at - 1]) || text[at - 1] == '_');
}

/* libyaml's complaint as ours. */
static void take_error(struct builder *b, const yaml_parser_t *p, const char *text, size_t length)
{
    if (p->error == YAML_MEMORY_ERROR) {
        no_memory(b);
        return;
    }
    struct st_mark mark = mark_of(b->source, p->problem_mark, p->problem_mark);
    if (p->error == YAML_READER_ERROR) {
        size_t end = p->problem_offset < length ? p->problem_offset : length;
        mark = (struct st_mark){b->source, 1, 1, 1};
        for (size_t i = 0; i < end; i++) {
            bool newline = text[i] == '\n';
            mark.line += newline;
            mark.column = newline ? 1 : mark.column + (((unsigned char)text[i] & 0xc0) != 0x80);
        }
        refuse(b, ST_DIAG_NOT_UTF8, mark, p->problem ? p->problem : "this is not UTF-8 text");
        return;
    }
    char message[200];
    if (p->context)
        snprintf(message, sizeof message, "%s, %s", p->problem ? p->problem : "not YAML", p->context);
    else
        snprintf(message, sizeof message, "%s", p->problem ? p->problem : "not YAML");
    refuse(b, ST_DIAG_SYNTAX, mark, message);
    if (begins_with_tab(text, length, p->problem_mark.line))
        b->trouble.hint = "indent with blanks: YAML takes no tabs";
    else if (opens_in_word(text, length, p->problem_mark.index))
        b->trouble.hint = "a word with a bracket stands in quotes here: \"L[0..99]\"";
}

static void run_parser(struct builder *b, const char *text, size_t length)
{
    yaml_parser_t parser;
    if (!yaml_parser_initialize(&parser)) {
        no_memory(b);
        return;
    }
    yaml_parser_set_input_string(&parser, (const unsigned char *)text, length);
    yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
    for (bool more = true; more;) {
        yaml_event_t event;
        if (!yaml_parser_parse(&parser, &event)) {
            take_error(b, &parser, text, length);
            break;
        }
        more = take(b, &event) && event.type != YAML_STREAM_END_EVENT;
        yaml_event_delete(&event);
    }
    yaml_parser_delete(&parser);
}

static int by_text(const void *x, const void *y)
{
    const struct st_yaml *const *a = x, *const *b = y;
    int order = strcmp((*a)->text, (*b)->text);
    if (order)
        return order;
    if ((*a)->mark.line != (*b)->mark.line)
        return (*a)->mark.line < (*b)->mark.line ? -1 : 1;
    return ((*a)->mark.column > (*b)->mark.column) - ((*a)->mark.column < (*b)->mark.column);
}

/* Every key of every map once. The depth is bounded by ST_YAML_DEPTH. */
static bool check_keys(struct st_arena *a, struct st_diags *d, const struct st_yaml *n)
{
    bool good = true;
    if (n->kind == ST_YAML_MAP && n->count > 1) {
        struct st_yaml **sorted = ST_NEW(a, struct st_yaml *, n->count);
        memcpy(sorted, n->keys, n->count * sizeof *sorted);
        qsort(sorted, n->count, sizeof *sorted, by_text);
        for (uint32_t i = 1; i < n->count; i++)
            if (!strcmp(sorted[i]->text, sorted[i - 1]->text)) {
                st_error(d, ST_DIAG_DUPLICATE_KEY, sorted[i]->mark,
                         st_arena_printf(a, "it was given in line %u already", sorted[i - 1]->mark.line),
                         "'%s' is given twice", sorted[i]->text);
                good = false;
            }
    }
    for (uint32_t i = 0; n->kind != ST_YAML_SCALAR && i < n->count; i++)
        if (n->items[i]->kind != ST_YAML_SCALAR)
            good &= check_keys(a, d, n->items[i]);
    return good;
}

const struct st_yaml *st_yaml_parse(struct st_arena *a, struct st_diags *d, const char *file, const char *text,
                                    size_t length)
{
    struct builder *b = ST_NEW(a, struct builder, 1);
    struct st_text_flaw flaw;
    bool plain = st_text_plain(&text, &length, &flaw);
    b->arena = a;
    b->source = st_diags_source(d, file, text, length);
    if (!plain) {
        st_error(d, ST_DIAG_NOT_UTF8, (struct st_mark){b->source, flaw.line, flaw.column, 1}, NULL, "%s", flaw.what);
        return NULL;
    }
    if (length > UINT32_MAX / 2) {
        st_error(d, ST_DIAG_TOO_LARGE, (struct st_mark){.source = b->source}, NULL, "the file is larger than 2 GB");
        return NULL;
    }
    run_parser(b, text, length);
    if (b->trouble.memory)
        longjmp(a->full, 1);
    if (b->trouble.is) {
        st_error(d, b->trouble.id, b->trouble.mark, b->trouble.hint, "%s", b->trouble.message);
        return NULL;
    }
    struct st_mark top = {.source = b->source};
    if (!b->root || (b->root->kind == ST_YAML_SCALAR && b->root->length == 0)) {
        st_error(d, ST_DIAG_EMPTY, top, "begin with 'network: name' or 'fabric: name'", "the file is empty");
        return NULL;
    }
    if (b->root->kind != ST_YAML_MAP) {
        st_error(d, ST_DIAG_WRONG_TYPE, b->root->mark, "begin with 'network: name' or 'fabric: name'",
                 "a description is a mapping of keys to values");
        return NULL;
    }
    return check_keys(a, d, b->root) ? b->root : NULL;
}
