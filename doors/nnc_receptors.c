#include "nnc.h"

#include "file.h"
#include "lif/lif.h"
#include <string.h>

/* What comes from outside: values of a file as rates, the right answers, spikes, or noise and clocks that the emulator
 * makes itself. Those are populations here, whose neurons fire by themselves, so that nothing needs to be fed. */

enum { PRESENTED = 10, PERIOD = 15, LONGEST = 30000 };

/* --- how long a presentation is ----------------------------------------------------------------------------- */

static const struct st_xml *implementation(const struct st_xml *x) { return st_xml_child(x, "Implementation", NULL); }
static const struct st_xml *args_of(const struct st_xml *x)
{
    const struct st_xml *i = implementation(x);
    return i ? st_xml_child(i, "args", NULL) : NULL;
}
static const struct st_xml *special_of(const struct st_xml *x)
{
    const struct st_xml *a = args_of(x);
    return a ? st_xml_child(a, "Special", NULL) : NULL;
}

static bool is_lib(const struct st_xml *x, const char *lib)
{
    const struct st_xml *i = implementation(x);
    const char *name = i ? st_xml_attribute(i, "lib") : NULL;
    return name && st_xml_same(name, lib);
}

static bool has_values(const struct st_xml *x)
{
    const struct st_xml *a = is_lib(x, "fromFile") ? args_of(x) : NULL;
    const char *type = a ? st_xml_attribute(a, "type") : NULL;
    return type && (st_xml_same(type, "image") || st_xml_same(type, "text_values"));
}

static bool whole(struct nnc *n, const struct st_xml *x, const char *name, double lowest, double highest, uint32_t *out)
{
    const struct st_xml *at;
    double value;
    if (!st_nnc_child(n, x, name, &at) || !at)
        return at == NULL;
    if (!st_nnc_number(n, at, lowest, highest, &value))
        return false;
    if (value != floor(value))
        return st_nnc_refuse(n, ST_DIAG_FOREIGN_TYPE, at, NULL, "<%.40s> is a whole number, not %.40s", at->name,
                             at->text);
    *out = (uint32_t)value;
    return true;
}

/* A period that the file gives, the same wherever it does. */
static bool note_period(struct nnc *n, const struct st_xml *x, const char *name)
{
    uint32_t period = 0;
    if (!x || !whole(n, x, name, 1, LONGEST, &period) || !period)
        return !x || !st_xml_child(x, name, NULL);
    const struct st_xml *at = st_xml_child(x, name, NULL);
    if (n->period && period != n->period)
        return st_nnc_refuse(n, ST_DIAG_FOREIGN_SHAPE, at, NULL,
                             "a presentation of %u tacts, and by line %u one of %u: a network here has one period",
                             period, n->period_at->mark.line, n->period);
    n->period = period;
    n->period_at = at;
    return true;
}

static bool note_reset(struct nnc *n, const struct st_xml *section)
{
    return note_period(n, st_xml_child(section, "props", NULL), "reset_period");
}

bool st_nnc_presentation(struct nnc *n)
{
    bool values = false, labels = false;
    uint32_t shown = PRESENTED;
    for (const struct st_xml *x = st_xml_child(n->root, "RECEPTORS", NULL); x;
         x = st_xml_child(n->root, "RECEPTORS", x)) {
        const struct st_xml *special = has_values(x) ? special_of(x) : NULL;
        if (!note_period(n, special, "record_presentation_period") || !note_period(n, special, "ntact_per_image") ||
            (special && (!whole(n, special, "record_presentation_time", 1, LONGEST, &shown) ||
                         !whole(n, special, "image_presentation_time", 1, LONGEST, &shown))) ||
            (is_lib(x, "ObjectClassifier") && !note_period(n, args_of(x), "object_presentation_period")))
            return false;
        values |= has_values(x);
        labels |= is_lib(x, "ObjectClassifier");
    }
    if (!st_nnc_each(n, "Section", note_reset))
        return false;
    bool reset = n->period > 0;
    if (!values && !labels) {
        if (reset)
            st_net_presentation(n->build, n->picture = n->period, 0, true);
        else
            st_door_presentation(n->build, &n->options);
        return true;
    }
    n->period = n->period ? n->period : PERIOD;
    n->picture = shown;
    if (n->picture > n->period)
        return st_nnc_refuse(n, ST_DIAG_FOREIGN_SIZE, n->period_at ? n->period_at : n->root, NULL,
                             "values are shown for %u tacts of a period of %u", n->picture, n->period);
    st_net_presentation(n->build, n->picture, n->period - n->picture, reset);
    st_verdict(n->verdicts, "presentation", "", ST_FAITH_EXACT, 0, "%u tacts with values, %u without", n->picture,
               n->period - n->picture);
    return true;
}

/* --- groups ------------------------------------------------------------------------------------------------- */

static struct st_net_node *make(struct nnc *n, struct nnc_group *g, bool receptors)
{
    const char *name = st_door_name(n->arena, n->build, g->name);
    g->node = receptors ? st_net_add_receptors(n->build, name, g->xml->mark)
                        : st_net_add_population(n->build, name, g->xml->mark);
    struct st_net_node *node = st_net_node(n->build, g->node);
    node->columns = g->columns = g->size;
    if (receptors)
        node->width = g->size;
    g->receptors = true;
    return node;
}

/* Spikes that a run brings. */
static bool make_spikes(struct nnc *n, struct nnc_group *g, const char *parameter, const char *what)
{
    make(n, g, true)->encoder = ST_ENCODE_SPIKES;
    st_verdict(n->verdicts, g->name, parameter, ST_FAITH_APPROXIMATED, 0, "%s", what);
    return true;
}

/* Neurons that fire by themselves: of a threshold 1, because a draw between 0 and 1 / (1 - p) is above it with
 * probability p, or because 1 / period is added in each tact. */
static bool make_source(struct nnc *n, struct nnc_group *g, const struct st_xml *noise, const struct st_xml *period)
{
    double p = 0, every = 1, units = 1 << 14;
    if (noise && period)
        return st_nnc_refuse(n, ST_DIAG_FOREIGN_REFUSED, period, NULL, "noise and a period in one group of receptors");
    if ((noise && !st_nnc_number(n, noise, 0, 1, &p)) || (period && !st_nnc_number(n, period, 1, LONGEST, &every)))
        return false;
    if (every != floor(every))
        return st_nnc_refuse(n, ST_DIAG_FOREIGN_TYPE, period, NULL, "a period is a whole number of tacts");
    struct st_net_node *node = make(n, g, false);
    st_net_model(node, ST_MODEL_LIF, g->xml->mark);
    node->reset = false;
    if (period || p == 1) {
        node->params[ST_LIF_BIAS] = 1;
        node->params[ST_LIF_THRESHOLD] = every;
        node->scale = 1;
        st_verdict(n->verdicts, g->name, period ? "period" : "noise", ST_FAITH_EXACT, 0,
                   "neurons that fire each %g. tact", every);
        return true;
    }
    /* the draw has 16 bits, and no potential 2^22 units */
    while (units > 1 && units / (1 - p) >= 1 << 22)
        units /= 2;
    node->params[ST_LIF_LEAK] = 1;
    node->params[ST_LIF_NOISE] = fmin(1 / (1 - p), 1e6);
    node->scale = units;
    double held = floor(units * node->params[ST_LIF_NOISE] + 0.5);
    double is = 1 - ceil(units * 65536 / held) / 65536, error = p > 0 ? fabs(is - p) / p : 0;
    st_verdict(n->verdicts, g->name, "noise", ST_FAITH_EXACT, error, "neurons that fire with %.6g in each tact", is);
    return true;
}

static bool make_label(struct nnc *n, struct nnc_group *g)
{
    static const char *const known[] = {"target_file", "learning_time", "object_presentation_period", NULL};
    const struct st_xml *args = args_of(g->xml);
    uint16_t at = (uint16_t)(n->options.label >= 0 ? n->options.label : n->picture + 1);
    if (args && !st_nnc_only(n, args, known))
        return false;
    if (at >= n->period)
        return st_nnc_refuse(n, ST_DIAG_FOREIGN_OPTION, g->xml, "--set label=TACT",
                             "the right answer is said in tact %u, and a presentation has %u", at, n->period);
    struct st_net_node *node = make(n, g, true);
    node->encoder = ST_ENCODE_LABEL;
    node->teacher = g->label = true;
    st_net_at(n->build, g->node, 1, &at);
    st_verdict(n->verdicts, g->name, "ObjectClassifier", ST_FAITH_APPROXIMATED, 0,
               "the right answer, in tact %u: the file does not say when (label=TACT)", at);
    st_verdict(n->verdicts, g->name, "learning_time", ST_FAITH_EXACT, 0, "it learns from the training pictures");
    return true;
}

/* --- values as rates ---------------------------------------------------------------------------------------- */

/* As many as a text's first line has cells. */
static uint32_t columns_of(struct nnc *n, const char *source)
{
    char *text;
    size_t length;
    struct st_fault f;
    uint32_t count = 1;
    if (!*source ||
        !st_file_read_most(n->arena, st_path_join(n->arena, n->folder, source), ST_TEXT_MOST, &text, &length, &f))
        return 0;
    size_t line = strcspn(text, "\n");
    for (size_t i = 0; i < line; i++)
        count += text[i] == ',' || text[i] == ';' || text[i] == '\t';
    st_arena_drop(n->arena, text);
    return line ? count : 0;
}

static bool picture_size(struct nnc *n, struct nnc_group *g, const struct st_xml *special, uint32_t *height)
{
    uint32_t width = 1, channels = 1;
    if (!special || !st_xml_child(special, "width", NULL) || !st_xml_child(special, "height", NULL))
        return st_nnc_refuse(n, ST_DIAG_FOREIGN_MISSING, special ? special : g->xml, NULL,
                             "a picture says its <width> and <height>");
    if (!whole(n, special, "width", 1, 1 << 15, &width) || !whole(n, special, "height", 1, 1 << 15, height) ||
        !whole(n, special, "nchannels", 1, 1 << 10, &channels))
        return false;
    if ((uint64_t)width * *height * channels > NNC_SIZE_MOST)
        return st_nnc_refuse(n, ST_DIAG_FOREIGN_SIZE, special, NULL, "%u x %u pixels of %u channels are too many",
                             width, *height, channels);
    if (g->size && g->size != width * *height * channels)
        return st_nnc_refuse(n, ST_DIAG_FOREIGN_SHAPE, g->xml, NULL, "n=\"%u\", and a picture of %u x %u x %u", g->size,
                             width, *height, channels);
    g->size = width * *height * channels;
    return true;
}

static bool make_values(struct nnc *n, struct nnc_group *g, const struct st_xml *args, bool picture)
{
    static const char *const known[] = {"saturation_level",
                                        "record_presentation_time",
                                        "record_presentation_period",
                                        "width",
                                        "height",
                                        "nchannels",
                                        "offset",
                                        "ntact_per_image",
                                        "image_presentation_time",
                                        "maxfrequency",
                                        NULL};
    const struct st_xml *special = st_xml_child(args, "Special", NULL), *source = st_xml_child(args, "source", NULL);
    double level = 1, most = 1;
    uint32_t height = 1;
    if (special && (!st_nnc_only(n, special, known) ||
                    !st_nnc_child_number(n, special, "saturation_level", 1, 1e-12, 1e12, &level) ||
                    !st_nnc_child_number(n, special, "maxfrequency", 1, 1e-6, 1, &most)))
        return false;
    if (picture && !picture_size(n, g, special, &height))
        return false;
    if (!g->size)
        g->size = n->options.receptors > 0 ? (uint32_t)n->options.receptors : columns_of(n, source ? source->text : "");
    if (!g->size || g->size > NNC_SIZE_MOST)
        return st_nnc_refuse(n, ST_DIAG_FOREIGN_MISSING, g->xml, "--set receptors=NUMBER",
                             "<%s> says no n=\"..\", and '%.100s' is not there to be counted", g->xml->name,
                             source ? source->text : "");
    struct st_net_node *node = make(n, g, true);
    node->encoder = ST_ENCODE_ACCUMULATOR;
    node->carry = true;
    node->width = g->size / height;
    node->height = height;
    st_verdict(n->verdicts, g->name, "n", ST_FAITH_EXACT, 0, "%u receptors; a picture's are in the order of its bytes",
               g->size);
    st_verdict(n->verdicts, g->name, "fromFile", ST_FAITH_APPROXIMATED, 1.0 / 510,
               "rates of pictures of 256 grey values, of which 255 stands for %g%s", level / most,
               special && st_xml_child(special, "saturation_level", NULL) ? "" : ", the largest value");
    return true;
}

static bool make_from_file(struct nnc *n, struct nnc_group *g, const struct st_xml *args)
{
    static const char *const known[] = {"source", "Special", "noise", "period", "history_length", NULL};
    const char *type = st_xml_attribute(args, "type");
    const struct st_xml *noise, *period, *source;
    if (!st_nnc_only(n, args, known) || !st_nnc_child(n, args, "noise", &noise) ||
        !st_nnc_child(n, args, "period", &period) || !st_nnc_child(n, args, "source", &source))
        return false;
    if (type && (st_xml_same(type, "image") || st_xml_same(type, "text_values")))
        return make_values(n, g, args, st_xml_same(type, "image"));
    if (!g->size)
        return st_nnc_attribute(n, g->xml, "n") != NULL;
    if (source && (noise || period))
        return st_nnc_refuse(n, ST_DIAG_FOREIGN_REFUSED, noise ? noise : period, NULL,
                             "noise on top of the spikes of a file is not in the language");
    if (source)
        return make_spikes(n, g, "source", "the file is not read: its spikes come with `stoa run --in`");
    if (!noise && !period)
        return st_nnc_refuse(n, ST_DIAG_FOREIGN_MISSING, args, NULL,
                             "receptors of 'fromFile' have a <source>, <noise> or a <period>");
    if (st_xml_child(args, "history_length", NULL))
        st_verdict(n->verdicts, g->name, "history_length", ST_FAITH_EXACT, 0, "`stoa run --ticks` says how long");
    return make_source(n, g, noise, period);
}

bool st_nnc_receptors(struct nnc *n)
{
    for (const struct st_xml *x = st_xml_child(n->root, "RECEPTORS", NULL); x;
         x = st_xml_child(n->root, "RECEPTORS", x)) {
        const char *name = st_nnc_attribute(n, x, "name"), *lib, *size = st_xml_attribute(x, "n");
        struct nnc_group *g = name ? st_nnc_add_group(n, name, x) : NULL;
        const struct st_xml *i = implementation(x), *args = args_of(x);
        struct st_xml as = {.name = "n", .text = size, .mark = x->mark};
        double value = 0;
        if (!g || (size && !st_nnc_number(n, &as, 1, NNC_SIZE_MOST, &value)))
            return false;
        if (value != floor(value))
            return st_nnc_refuse(n, ST_DIAG_FOREIGN_TYPE, x, NULL, "n=\"%.40s\" is no whole number", size);
        g->size = (uint32_t)value;
        if (!i)
            return st_nnc_refuse(n, ST_DIAG_FOREIGN_MISSING, x, NULL, "<%.40s> has no <Implementation>", x->name);
        if (!(lib = st_nnc_attribute(n, i, "lib")))
            return false;
        bool from_file = st_xml_same(lib, "fromFile");
        if ((from_file && !args) || (!from_file && !g->size))
            return from_file ? st_nnc_refuse(n, ST_DIAG_FOREIGN_MISSING, i, NULL, "'fromFile' has <args>")
                             : st_nnc_attribute(n, x, "n") != NULL;
        if (from_file                              ? !make_from_file(n, g, args)
            : st_xml_same(lib, "ObjectClassifier") ? !make_label(n, g)
                                                   : !make_spikes(n, g, lib,
                                                                  "a program of the emulator: what it sends comes with "
                                                                  "`stoa run --in`"))
            return false;
    }
    return true;
}
