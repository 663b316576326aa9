/* xml_read.h - XML as a tree in an arena: the only place that knows libxml2.
 *
 * A file of XML may do more than say what is in it: fetch from the net, name files of the machine, multiply itself a
 * billion times by entities. Here it cannot. The text stands within an element of the reader's own, where XML has no
 * place for a document type; without one there are no entities but those of XML itself, and nothing to fetch:
 *
 *     text ──UTF-8, declaration left out──> <file> text </file> ──libxml2, SAX──> tree, places as line and column
 *
 * So a text may also be a part of a document, with several elements side by side. Comments and blanks about a text are
 * gone; an element has its texts as one. Nesting ends at 256, as libxml2 has it. */
#ifndef STOA_XML_READ_H
#define STOA_XML_READ_H

#include "diag.h"

struct st_xml_attribute {
    const char *name, *value;
    struct st_xml_attribute *next;
};

struct st_xml {
    const char *name, *text; /* text: "" where there is none */
    struct st_xml_attribute *attributes;
    struct st_xml *child, *last, *next;
    struct st_mark mark;
};

/* The elements of a text as children of an element "file". NULL: a diagnostic. */
struct st_xml *st_xml_parse(struct st_arena *a, struct st_diags *d, const char *name, const char *text, size_t length);

/* Whether two names are the same but for case and underscores. */
bool st_xml_same(const char *a, const char *b);
/* Of an element, by such a name: its attribute, or NULL; its first child, or the next one behind `after`, or NULL. */
const char *st_xml_attribute(const struct st_xml *x, const char *name);
struct st_xml *st_xml_child(const struct st_xml *x, const char *name, const struct st_xml *after);

#endif
