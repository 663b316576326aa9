#include "xml_read.h"

#include "text_input.h"
#include <ctype.h>
#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <stdio.h>
#include <string.h>

#define BEGIN "<file>"
#define END "</file>"

enum { DEEP = 256 + 2 };

struct reading {
    struct st_arena *arena;
    xmlParserCtxtPtr parser;
    const char *text; /* what the parser has, from BEGIN on */
    size_t length;
    uint32_t source;
    struct open {
        struct st_xml *x;
        char *text;
        size_t length, room;
    } open[DEEP];
    uint32_t depth;
    size_t at; /* how far lines and columns are counted */
    uint32_t line, column;
    struct st_xml *root;
    bool full; /* there was no memory: said by a jump, once the parser is gone */
    char said[200];
    uint32_t said_line, said_column;
};

/* --- places ------------------------------------------------------------------------------------------------- */

/* Counts on to a byte of the text; BEGIN is in no line of the file. */
static void count_to(struct reading *r, size_t to)
{
    for (; r->at < to && r->at < r->length; r->at++) {
        if (r->text[r->at] == '\n') {
            r->line++;
            r->column = 1;
        } else if (((unsigned char)r->text[r->at] & 0xc0) != 0x80 && r->at >= strlen(BEGIN))
            r->column++;
    }
}

/* The parser is behind the name and attributes of a tag; '<' stands in none of them. */
static struct st_mark tag_mark(struct reading *r, const char *name)
{
    long consumed = xmlByteConsumed(r->parser);
    size_t to = consumed < 0 ? r->at : (size_t)consumed < r->length ? (size_t)consumed : r->length;
    while (to > r->at && r->text[to] != '<')
        to--;
    count_to(r, to);
    return (struct st_mark){r->source, r->line, r->column, (uint32_t)strlen(name) + 1};
}

/* --- what the parser calls ---------------------------------------------------------------------------------- */

static void *get(struct reading *r, size_t count, size_t size)
{
    void *p = r->full ? NULL : st_arena_try(r->arena, count, size);
    if (!p && !r->full) {
        r->full = true;
        xmlStopParser(r->parser);
    }
    return p;
}

static char *kept(struct reading *r, const xmlChar *text, size_t length)
{
    char *out = get(r, length + 1, 1);
    if (out)
        memcpy(out, text, length);
    return out;
}

static bool read_attributes(struct reading *r, struct st_xml *x, int count, const xmlChar **list)
{
    struct st_xml_attribute **end = &x->attributes;
    for (int i = 0; i < count; i++, list += 5) {
        struct st_xml_attribute *a = get(r, 1, sizeof *a);
        if (!a || !(a->name = kept(r, list[0], strlen((const char *)list[0]))) ||
            !(a->value = kept(r, list[3], (size_t)(list[4] - list[3]))))
            return false;
        *end = a;
        end = &a->next;
    }
    return true;
}

static void begin(void *context, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri, int namespaces,
                  const xmlChar **namespace_list, int attributes, int standards, const xmlChar **list)
{
    struct reading *r = context;
    (void)prefix, (void)uri, (void)namespaces, (void)namespace_list, (void)standards;
    struct st_xml *x = get(r, 1, sizeof *x);
    if (!x || r->depth == DEEP)
        return;
    x->mark = tag_mark(r, (const char *)name);
    x->text = "";
    if (!(x->name = kept(r, name, strlen((const char *)name))) || !read_attributes(r, x, attributes, list))
        return;
    if (r->depth) {
        struct st_xml *parent = r->open[r->depth - 1].x;
        if (parent->last)
            parent->last->next = x;
        else
            parent->child = x;
        parent->last = x;
    } else
        r->root = x;
    r->open[r->depth++] = (struct open){.x = x};
}

static void end(void *context, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri)
{
    struct reading *r = context;
    (void)name, (void)prefix, (void)uri;
    if (r->full || !r->depth)
        return;
    struct open *o = &r->open[--r->depth];
    while (o->length > 0 && isspace((unsigned char)o->text[o->length - 1]))
        o->length--;
    if (o->length > 0) {
        o->text[o->length] = 0;
        o->x->text = o->text;
    }
}

/* A text comes in pieces, one for each &amp; at least. */
static void characters(void *context, const xmlChar *text, int count)
{
    struct reading *r = context;
    struct open *o = &r->open[r->depth ? r->depth - 1 : 0];
    size_t n = (size_t)count;
    if (r->full || !r->depth)
        return;
    for (; !o->length && n > 0 && isspace(*text); n--)
        text++;
    if (o->length + n + 1 > o->room) {
        size_t room = 2 * (o->length + n) + 1;
        char *wider = get(r, room, 1);
        if (!wider)
            return;
        if (o->length > 0)
            memcpy(wider, o->text, o->length);
        o->text = wider;
        o->room = room;
    }
    memcpy(o->text + o->length, text, n);
    o->length += n;
}

/* The first that ends the reading. What the library says without a parser is about memory, too: it is for the thread.
 */
static void wrong(void *context, xmlErrorPtr error)
{
    struct reading *r = context;
    r->full |= error->code == XML_ERR_NO_MEMORY;
    if (error->level != XML_ERR_FATAL || r->said[0])
        return;
    snprintf(r->said, sizeof r->said, "%s", error->message ? error->message : "it is not well formed");
    r->said[strcspn(r->said, "\n")] = 0;
    r->said_line = error->line > 0 ? (uint32_t)error->line : 1;
    r->said_column = error->int2 > 0 ? (uint32_t)error->int2 : 1;
}

/* --- the whole ---------------------------------------------------------------------------------------------- */

/* Blanks in place of <?xml ... ?>, whose encoding was looked at. False: said. */
static bool leave_declaration(struct st_diags *d, uint32_t source, char *text)
{
    static const char *const known[] = {"utf-8", "utf8", "us-ascii", "ascii"};
    char *stop = !strncmp(text, "<?xml", 5) && isspace((unsigned char)text[5]) ? strstr(text, "?>") : NULL;
    if (!stop)
        return true;
    char *said = strstr(text, "encoding"), name[20] = "";
    size_t n = 0;
    if (said && said < stop) {
        said += strcspn(said, "\"'?");
        for (char quote = *said++; said < stop && *said != quote && n + 1 < sizeof name; said++)
            if (!isspace((unsigned char)*said)) /* "utf - 8" is written, too */
                name[n++] = (char)tolower((unsigned char)*said);
        name[n] = 0;
    }
    bool good = n == 0;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        good |= !strcmp(name, known[i]);
    if (!good)
        st_error(d, ST_DIAG_FOREIGN_FILE, (struct st_mark){source, 1, 1, 5}, "iconv -f THIS -t utf-8",
                 "the encoding is '%s': UTF-8 is read", name);
    for (; text < stop + 2; text++)
        if (*text != '\n')
            *text = ' ';
    return good;
}

static bool parse(struct reading *r)
{
    static const xmlSAXHandler calls = {.initialized = XML_SAX2_MAGIC,
                                        .startElementNs = begin,
                                        .endElementNs = end,
                                        .characters = characters,
                                        .ignorableWhitespace = characters,
                                        .cdataBlock = characters,
                                        .serror = wrong};
    r->parser = xmlCreateMemoryParserCtxt(r->text, (int)r->length);
    if (!r->parser) {
        r->full = true;
        return false;
    }
    xmlCtxtUseOptions(r->parser, XML_PARSE_NONET);
    *r->parser->sax = calls;
    r->parser->userData = r;
    xmlParseDocument(r->parser);
    bool whole = r->parser->wellFormed && !r->parser->disableSAX && !r->said[0];
    r->full |= r->parser->errNo == XML_ERR_NO_MEMORY;
    xmlFreeParserCtxt(r->parser);
    return whole;
}

/* Nothing is printed: until the reading is over this thread's errors are ours. */
static struct st_xml *run(struct reading *r)
{
    xmlStructuredErrorFunc outer = xmlStructuredError;
    void *context = xmlStructuredErrorContext;
    xmlSetStructuredErrorFunc(r, wrong);
    bool whole = parse(r);
    xmlSetStructuredErrorFunc(context, outer);
    return whole ? r->root : NULL;
}

struct st_xml *st_xml_parse(struct st_arena *a, struct st_diags *d, const char *name, const char *text, size_t length)
{
    struct st_text_flaw flaw;
    struct reading *r = ST_NEW(a, struct reading, 1);
    uint32_t source = st_diags_source(d, name, text, length);
    if (!st_text_plain(&text, &length, &flaw)) {
        st_error(d, ST_DIAG_FOREIGN_FILE, (struct st_mark){source, flaw.line, flaw.column, 1}, NULL, "%s", flaw.what);
        return NULL;
    }
    char *whole = ST_NEW(a, char, strlen(BEGIN) + length + strlen(END) + 1), *inner = whole + strlen(BEGIN);
    memcpy(inner, text, length);
    if (!leave_declaration(d, source, inner))
        return NULL;
    memcpy(whole, BEGIN, strlen(BEGIN));
    memcpy(inner + length, END, strlen(END));
    *r = (struct reading){.arena = a,
                          .text = whole,
                          .length = strlen(BEGIN) + length + strlen(END),
                          .source = source,
                          .line = 1,
                          .column = 1};
    struct st_xml *root = run(r);
    if (r->full)
        longjmp(a->full, 1);
    if (!root) {
        bool typed = strstr(inner, "<!DOCTYPE") != NULL;
        uint32_t begun = r->said_line == 1 ? (uint32_t)strlen(BEGIN) : 0;
        struct st_mark at = {source, r->said_line ? r->said_line : 1,
                             r->said_column > begun ? r->said_column - begun : 1, 1};
        st_error(d, ST_DIAG_FOREIGN_FILE, at,
                 typed ? "leave the document type out, and write what its entities stand for" : NULL, "%s",
                 typed        ? "a document type (<!DOCTYPE>) is not taken"
                 : r->said[0] ? r->said
                              : "it is not well formed");
    }
    return root;
}

/* --- looking about ------------------------------------------------------------------------------------------ */

bool st_xml_same(const char *a, const char *b)
{
    for (;; a++, b++) {
        while (*a == '_')
            a++;
        while (*b == '_')
            b++;
        if (tolower((unsigned char)*a) != tolower((unsigned char)*b))
            return false;
        if (!*a)
            return true;
    }
}

const char *st_xml_attribute(const struct st_xml *x, const char *name)
{
    for (const struct st_xml_attribute *a = x->attributes; a; a = a->next)
        if (st_xml_same(a->name, name))
            return a->value;
    return NULL;
}

struct st_xml *st_xml_child(const struct st_xml *x, const char *name, const struct st_xml *after)
{
    for (struct st_xml *c = after ? after->next : x->child; c; c = c->next)
        if (st_xml_same(c->name, name))
            return c;
    return NULL;
}
