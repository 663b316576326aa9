/* docs/image.md against the code: the fields of each record, their types and their order, as the walk over an image
 * meets them. A field that is added to image/fields*.c turns this red until the page has it too. */
#include "bytes.h"
#include "file.h"
#include "image_io.h"
#include "random_image.h"
#include "text.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

enum { RECORDS = 32, DEPTH = 8 };

/* A back end that writes down what it meets: for each record a line "name type" a field. */
struct describer {
    struct st_walk walk;
    struct {
        const char *name;
        struct st_text fields;
    } record[RECORDS], open[DEPTH];
    unsigned records, depth;
    bool listed; /* the record that begins is one of a list */
    struct st_text tags;
};

static const char *const type_names[ST_TYPE_COUNT] = {"u8", "i8", "u16", "i16", "u32", "i32", "u64", "f64"};

static void describe_section(struct st_walk *w, const char *tag)
{
    struct describer *d = (struct describer *)w;
    if (!strstr(d->tags.at, tag))
        st_textf(&d->tags, "%s ", tag);
}

static void describe_begin(struct st_walk *w, const char *record)
{
    struct describer *d = (struct describer *)w;
    char line[64];
    snprintf(line, sizeof line, "%s record\n", record);
    /* once, also when there is one a core */
    if (d->depth && !d->listed && !strstr(d->open[d->depth - 1].fields.at, line))
        st_text_put(&d->open[d->depth - 1].fields, line);
    d->listed = false;
    assert_true(d->depth < DEPTH);
    d->open[d->depth].name = record;
    st_text_init(&d->open[d->depth++].fields, w->arena);
}

/* The longest is kept: some of its parts a record may not have. */
static void describe_end(struct st_walk *w)
{
    struct describer *d = (struct describer *)w;
    unsigned i = 0;
    d->depth--;
    while (i < d->records && strcmp(d->record[i].name, d->open[d->depth].name))
        i++;
    assert_true(i < RECORDS);
    if (i == d->records)
        d->records++;
    if (!d->record[i].name || d->record[i].fields.length < d->open[d->depth].fields.length)
        d->record[i] = d->open[d->depth];
}

static void field(struct describer *d, const char *name, const char *type, uint32_t count)
{
    struct st_text *t = &d->open[d->depth - 1].fields;
    if (!strcmp(name, "params")) /* as many as the model has */
        st_textf(t, "%s %s[]\n", name, type);
    else
        st_textf(t, count == 1 ? "%s %s\n" : "%s %s[%u]\n", name, type, count);
}

static void describe_numbers(struct st_walk *w, const char *name, void *at, uint32_t count, enum st_type t,
                             const struct st_words *words)
{
    (void)at;
    (void)words;
    field((struct describer *)w, name, type_names[t], count);
}

static void describe_texts(struct st_walk *w, const char *name, char **at, uint32_t count)
{
    (void)at;
    field((struct describer *)w, name, "text", count);
}

static void describe_row(struct st_walk *w, struct st_row *r)
{
    struct describer *d = (struct describer *)w;
    st_textf(&d->open[d->depth - 1].fields, "%s %s%s[]\n", r->name, r->counted ? "u32, " : "", type_names[r->type]);
}

static void describe_list(struct st_walk *w, struct st_list *l)
{
    struct describer *d = (struct describer *)w;
    if (d->depth)
        st_textf(&d->open[d->depth - 1].fields, "%s u32, record[]\n", l->name);
}

static bool describe_more(struct st_walk *w, const struct st_list *l)
{
    if (l->tag && l->i < l->count)
        describe_section(w, l->tag);
    ((struct describer *)w)->listed = l->i < l->count;
    return l->i < l->count;
}

static void describe_fail(struct st_walk *w, enum st_fault_id id, const char *what)
{
    (void)w;
    (void)id;
    fail_msg("%s", what);
}

static const struct st_walk_ops describe_ops = {
    false,         describe_section, describe_begin, describe_end, describe_numbers, describe_texts, describe_row,
    describe_list, describe_more,    describe_fail,  NULL};

/* The same lines from the page: the rows of the table after "### record". */
static void page_fields(struct st_text *t, const char *page, const char *record)
{
    char heading[64];
    snprintf(heading, sizeof heading, "\n### %s\n", record);
    const char *at = strstr(page, heading);
    if (!at)
        fail_msg("docs/image.md has no '### %s'", record);
    at += strlen(heading);
    const char *end = strstr(at, "\n##"); /* the next record or chapter */
    for (const char *row = strstr(at, "\n| `"); row && (!end || row < end); row = strstr(row + 1, "\n| `")) {
        char name[64], type[64];
        if (sscanf(row, "\n| `%63[^`]` | %63[^|]|", name, type) == 2) {
            for (size_t n = strlen(type); n > 0 && type[n - 1] == ' ';)
                type[--n] = 0;
            st_textf(t, "%s %s\n", name, type);
        }
    }
}

static void test_page(void **state)
{
    (void)state;
    struct st_arena a;
    struct st_fault f;
    char *page;
    size_t length;
    st_arena_init(&a);
    if (setjmp(a.full))
        fail_msg("no memory");
    if (!st_file_read(&a, "docs/image.md", &page, &length, &f))
        fail_msg("%s", f.text);
    struct describer d = {.walk = {.ops = &describe_ops, .arena = &a, .fault = &f, .version = ST_IMAGE_VERSION}};
    st_text_init(&d.tags, &a);
    for (uint64_t seed = 0; seed < 20; seed++)
        st_walk_image(&d.walk, random_image(&a, seed, true));
    assert_int_equal(d.records, 20);
    for (unsigned i = 0; i < d.records; i++) {
        struct st_text rows;
        st_text_init(&rows, &a);
        page_fields(&rows, page, d.record[i].name);
        if (strcmp(rows.at, d.record[i].fields.at))
            fail_msg("record '%s': docs/image.md says\n%s\nand image/fields*.c\n%s", d.record[i].name, rows.at,
                     d.record[i].fields.at);
    }
    /* the sections, in their order */
    const char *at = strstr(page, "| tag |");
    assert_non_null(at);
    for (char *tag = strtok(d.tags.at, " "); tag; tag = strtok(NULL, " ")) {
        char row[16];
        snprintf(row, sizeof row, "\n| `%s` |", tag);
        at = strstr(at, row);
        if (!at)
            fail_msg("docs/image.md does not have section %s in its place", tag);
    }
    st_arena_free(&a);
}

/* The offsets of the header and of the entries of its table. */
static void test_layout(void **state)
{
    (void)state;
    static const struct {
        const char *row;
        int offset;
    } rows[] = {{"version", ST_AT_VERSION}, {"sections", ST_AT_SECTIONS}, {"length", ST_AT_LENGTH},
                {"sum", ST_AT_SUM},         {"sum", ST_ENTRY_SUM},        {"offset", ST_ENTRY_OFFSET},
                {"length", ST_ENTRY_LENGTH}};
    struct st_arena a;
    struct st_fault f;
    char *page;
    size_t length;
    st_arena_init(&a);
    if (setjmp(a.full))
        fail_msg("no memory");
    if (!st_file_read(&a, "docs/image.md", &page, &length, &f))
        fail_msg("%s", f.text);
    for (unsigned i = 0; i < sizeof rows / sizeof *rows; i++) {
        char row[64];
        snprintf(row, sizeof row, "\n| %d | %s |", rows[i].offset, rows[i].row);
        if (!strstr(page, row))
            fail_msg("docs/image.md has no '%s'", row + 1);
    }
    st_arena_free(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_page), cmocka_unit_test(test_layout)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
