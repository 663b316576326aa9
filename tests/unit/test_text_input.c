/* test_text_input.c - what every reader of texts does with what editors add, and with what is no text.
 *
 * Nine readers times the ways in which a file can differ from the plain one; then what spike files say of each field.
 */
#include "compile.h"
#include "experiment.h"
#include "file.h"
#include "image_io.h"
#include "json.h"
#include "rule.h"
#include "spike_file.h"
#include "text_input.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
/* after those it needs */
#include <cmocka.h>

static struct st_arena arena;
static struct st_diags diags;
static struct st_fault fault;
static char folder[] = "/tmp/stoa-text-XXXXXX";

static struct st_receptor groups[2] = {{.name = "Eye", .size = 4}, {.name = "Ear", .size = 70000}};
static const struct st_image two_groups = {.receptors = groups, .receptor_count = 2};

/* --- readers: whether they take a text; what they say else is in diags or fault -------------------------------- */

static const char net_text[] = "network: small\n"
                               "presentation: { picture: 2, silence: 2 }\n"
                               "receptors: { Eye: { size: 4, encoder: spikes } }\n"
                               "populations: { Out: { columns: 2, neuron: { model: lif } } }\n"
                               "projections: [ { from: Eye, to: Out, policy: list, weight: 1, file: rows.csv } ]\n"
                               "readout: { population: Out, decide: count }\n";
static const char rows_text[] = "source,target\n0,1\n\n3,0,0.5,2\n";

static bool write_rows(const char *text, size_t length)
{
    return st_file_write(st_path_join(&arena, folder, "rows.csv"), text, length, &fault);
}

static const struct st_net *net_of(const char *text, size_t length)
{
    return st_net_read(&arena, &diags, st_path_join(&arena, folder, "small.yaml"), text, length, NULL, 0);
}

static bool reads_net(const char *text, size_t length)
{
    return write_rows(rows_text, strlen(rows_text)) && net_of(text, length);
}

static bool reads_rows(const char *text, size_t length)
{
    return write_rows(text, length) && net_of(net_text, strlen(net_text));
}

static const struct st_fabric *fabric_of(const char *text, size_t length)
{
    return st_fabric_read(&arena, &diags, "f.yaml", text, length);
}

static bool reads_fabric(const char *text, size_t length) { return fabric_of(text, length); }

static bool reads_experiment(const char *text, size_t length)
{
    return st_experiment_read(&arena, &diags, "e.yaml", text, length);
}

static bool reads_rule(const char *text, size_t length)
{
    struct st_rule_context context = {.weight_scale = 1000, .fan_in = 4};
    struct st_net_param w_max = {.name = "w_max", .value = 1};
    return st_rule_read(&arena, &diags, "r.rule", text, length, &w_max, 1, (struct st_mark){0}, &context);
}

static bool reads_spike_list(const char *text, size_t length)
{
    struct st_spike_list l;
    return st_spike_list_parse(&arena, "s.spikes", text, length, 4, &l, &fault);
}

static bool reads_spikes(const char *text, size_t length)
{
    struct st_spike_in *in;
    uint32_t count;
    return st_spikes_parse(&arena, "s.spikes", text, length, &two_groups, &in, &count, &fault);
}

static bool reads_image(const char *text, size_t length)
{
    const char *path = st_path_join(&arena, folder, "image.txt");
    return st_file_write(path, text, length, &fault) && st_image_load(&arena, path, &fault);
}

static bool reads_json(const char *text, size_t length)
{
    return st_json_parse(&arena, "j.json", text, length, &fault);
}

static struct reader {
    const char *name;
    bool (*reads)(const char *text, size_t length);
    const char *text; /* several lines */
} readers[] = {
    {"network", reads_net, net_text},
    {"list of synapses", reads_rows, rows_text},
    {"fabric", reads_fabric, NULL},
    {"experiment", reads_experiment, NULL},
    {"rule", reads_rule, NULL},
    {"spikes of a group", reads_spike_list, "# tick index\n0 3\n7 0   # last\n2 1\n"},
    {"spikes of an image", reads_spikes, "0 Eye 3\n0 Ear 3\n\n4294967294 Ear 69999\n"},
    {"image", reads_image, NULL},
    {"JSON", reads_json, "{\n \"a\": [1, 2],\n \"b\": \"c\"\n}\n"},
};
enum { READERS = sizeof readers / sizeof *readers };

/* --- ways to differ ---------------------------------------------------------------------------------------------- */

#define MARK "\xef\xbb\xbf"

enum place { NOWHERE, FIRST, SECOND_LINE, LAST };
static const struct way {
    const char *name;
    enum place place; /* of the bytes */
    const char *bytes;
    size_t length;
    bool crlf;
    const char *says; /* NULL: it is read */
} ways[] = {
    {"plain", NOWHERE, "", 0, false, NULL},
    {"a mark of byte order", FIRST, MARK, 3, false, NULL},
    {"ends of lines of two characters", NOWHERE, "", 0, true, NULL},
    {"both", FIRST, MARK, 3, true, NULL},
    {"two marks", FIRST, MARK MARK, 6, false, "a mark of byte order stands at a text's beginning, not here"},
    {"a mark in the middle", SECOND_LINE, MARK, 3, false,
     "a mark of byte order stands at a text's beginning, not here"},
    {"a zero", SECOND_LINE, "\0", 1, false, "the control character 0x00 is not text"},
    {"a zero at the end", LAST, "\0", 1, false, "the control character 0x00 is not text"},
    {"a control character", SECOND_LINE, "\x1b", 1, true, "the control character 0x1b is not text"},
    {"a carriage return", SECOND_LINE, "\r ", 2, false, "a carriage return without the line feed"},
    {"a carriage return at the end", LAST, "\r", 1, true, "a carriage return without the line feed"},
    {"a byte of Latin 1", SECOND_LINE, "\xe9", 1, false, "the byte 0xe9 is not UTF-8 text"},
    {"half a character", LAST, "\xe2\x82", 2, false, "the byte 0xe2 is not UTF-8 text"},
    {"little-endian UTF-16", FIRST, "\xff\xfe", 2, false, "UTF-16"},
    {"big-endian UTF-16", FIRST, "\xfe\xff", 2, false, "UTF-16"},
};
enum { WAYS = sizeof ways / sizeof *ways };

/* The text that way; *line is where the bytes are. */
static char *differ(const char *text, const struct way *way, size_t *length, unsigned *line)
{
    char *out = ST_NEW(&arena, char, 2 * strlen(text) + 16);
    size_t n = 0;
    unsigned at = 1;
    *line = 1;
    for (const char *p = text;; p++) {
        bool here = way->place == FIRST ? p == text : way->place == LAST ? !*p : p > text && p[-1] == '\n' && at == 2;
        if (here && way->place != NOWHERE) {
            memcpy(out + n, way->bytes, way->length);
            n += way->length;
            *line = at;
        }
        if (!*p)
            break;
        if (*p == '\n') {
            at++;
            if (way->crlf)
                out[n++] = '\r';
        }
        out[n++] = *p;
    }
    *length = n;
    return out;
}

static void every_reader_takes_text_and_nothing_else(void **state)
{
    (void)state;
    for (int r = 0; r < READERS; r++)
        for (int k = 0; k < WAYS; k++) {
            unsigned line;
            size_t length;
            char *text = differ(readers[r].text, &ways[k], &length, &line);
            st_diags_init(&diags, &arena);
            fault = (struct st_fault){0};
            bool read = readers[r].reads(text, length);
            const char *said = diags.count ? st_diags_text(&diags, false) : fault.text;
            if (read != !ways[k].says)
                fail_msg("%s, %s: %s: %s", readers[r].name, ways[k].name, read ? "read" : "refused", said);
            if (read)
                continue;
            /* a file that is no text to begin with is not taken for an image's text */
            if (readers[r].reads == reads_image && ways[k].place == FIRST && strstr(ways[k].says, "UTF-16"))
                continue;
            if (readers[r].reads == reads_image && !strcmp(ways[k].name, "two marks"))
                continue;
            char *place = st_arena_printf(&arena, ":%u:", line), *in_image = st_arena_printf(&arena, "line %u, ", line);
            if (!strstr(said, ways[k].says) || (!strstr(said, place) && !strstr(said, in_image)))
                fail_msg("%s, %s in line %u: it says: %s", readers[r].name, ways[k].name, line, said);
        }
}

/* Columns are an editor's: characters, from 1, a mark not counted. */
static void flaws_have_their_place(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t length;
        uint32_t line, column;
    } cases[] = {
        {"\x01", 1, 1, 1},
        {MARK "ab\xc3\xa9\xff", 8, 1, 4},
        {"a\r\nb\xe2\x82\xac\x7f", 8, 2, 3},
        {"a\n\n\xed\xa0\x80", 6, 3, 1},  /* half a surrogate pair */
        {"\xc0\x80", 2, 1, 1},           /* zero, too long */
        {"ok\xf4\x90\x80\x80", 6, 1, 3}, /* beyond Unicode */
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *text = cases[i].text;
        size_t length = cases[i].length;
        struct st_text_flaw flaw;
        assert_false(st_text_plain(&text, &length, &flaw));
        assert_int_equal(flaw.line, cases[i].line);
        assert_int_equal(flaw.column, cases[i].column);
    }
    const char *text = MARK "a\tb\r\n\xf0\x9f\xa7\xa0\n", *from = text;
    size_t length = strlen(text);
    struct st_text_flaw flaw;
    assert_true(st_text_plain(&text, &length, &flaw));
    assert_true(text == from + 3 && length == strlen(from) - 3);
}

/* --- spikes ------------------------------------------------------------------------------------------------------- */

static void spikes_name_the_faulty_field(void **state)
{
    (void)state;
    static const struct {
        bool all;
        const char *text, *says;
    } cases[] = {
        {true, "0 Eye 3\nx Eye 1\n", "s.spikes:2: the tick 'x' is not a whole number"},
        {true, "-1 Eye 3\n", "s.spikes:1: the tick '-1' is not"},
        {true, "4294967295 Eye 3\n", "s.spikes:1: the tick '4294967295' is not a whole number below 4294967295"},
        {true, "18446744073709551617 Eye 3\n", "the tick '18446744073709551617' is not"},
        {true, "# Eye\n\n0 Nose 3\n", "s.spikes:3: there is no receptor group 'Nose'"},
        {true, "0 Ey 3\n", "there is no receptor group 'Ey'"},
        {true, "0 Eye 4\n", "s.spikes:1: the index '4' is not a whole number below 4, the size of the group"},
        {true, "0 Ear 70000\n", "the index '70000' is not a whole number below 70000"},
        {true, "0 Eye 1.0\n", "the index '1.0' is not"},
        {true, "0 Eye\n", "s.spikes:1: wants `tick group index`, has fewer words"},
        {true, "0 Eye 3 3\n", "wants `tick group index`, has more words"},
        {true, "5 Eye 3\n1 Eye 3\n5 Ear 3\n5 Eye 3 # again\n", "s.spikes:4: says the spike of line 1 again"},
        {false, "0 3\n0 x\n", "s.spikes:2: the index 'x' is not a whole number below 4"},
        {false, "0x1 3\n", "s.spikes:1: the tick '0x1' is not"},
        {false, "0 Eye 3\n", "s.spikes:1: wants `tick index`, has more words"},
        {false, "9\n", "s.spikes:1: wants `tick index`, has fewer words"},
        {false, "2 1\n3 1\n\n2 1\n", "s.spikes:4: says the spike of line 1 again"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        fault = (struct st_fault){0};
        assert_false((cases[i].all ? reads_spikes : reads_spike_list)(cases[i].text, strlen(cases[i].text)));
        assert_int_equal(fault.id, ST_FAULT_SPIKES);
        if (!strstr(fault.text, cases[i].says))
            fail_msg("'%s': %s", cases[i].text, fault.text);
    }
}

static void spikes_come_in_order(void **state)
{
    (void)state;
    static const char text[] = "\t9 Ear 2\r\n#all\r\n 3 Ear 1#close\r\n3 Eye 2\r\n\r\n3 Eye 0\r\n0 Ear 69999";
    static const uint32_t want[][4] = {{0, 1, 69999, 7}, {3, 0, 0, 6}, {3, 0, 2, 4}, {3, 1, 1, 3}, {9, 1, 2, 1}};
    struct st_spike_in *in;
    uint32_t count;
    if (!st_spikes_parse(&arena, "s", text, strlen(text), &two_groups, &in, &count, &fault))
        fail_msg("%s", fault.text);
    assert_int_equal(count, 5);
    for (uint32_t i = 0; i < count; i++) {
        assert_int_equal(in[i].tick, want[i][0]);
        assert_int_equal(in[i].receptor, want[i][1]);
        assert_int_equal(in[i].index, want[i][2]);
        assert_int_equal(in[i].line, want[i][3]);
    }
}

static char *whole_file(const char *path)
{
    char *text;
    size_t length;
    if (!st_file_read(&arena, path, &text, &length, &fault))
        fail_msg("%s", fault.text);
    return text;
}

static int begin(void **state)
{
    (void)state;
    st_arena_init(&arena);
    if (setjmp(arena.full) || !mkdtemp(folder))
        return -1;
    st_diags_init(&diags, &arena);
    const char *fabric_text = whole_file("netlists/fabrics/stoa-1-small.yaml");
    readers[2].text = fabric_text;
    readers[3].text = whole_file("netlists/experiments/mnist.yaml");
    readers[4].text = whole_file("rules/stdp.rule");
    if (!write_rows(rows_text, strlen(rows_text)))
        return -1;
    const struct st_net *net = net_of(net_text, strlen(net_text));
    const struct st_fabric *fabric = fabric_of(fabric_text, strlen(fabric_text));
    struct st_compile_options how = {.seed = 1};
    const struct st_image *image = net && fabric ? st_compile(&arena, &diags, net, fabric, &how, NULL) : NULL;
    if (!image) {
        print_error("%s", st_diags_text(&diags, false));
        return -1;
    }
    size_t length;
    readers[7].text = st_image_dump(&arena, image, &length);
    return 0;
}

static int end(void **state)
{
    (void)state;
    unlink(st_path_join(&arena, folder, "rows.csv"));
    unlink(st_path_join(&arena, folder, "image.txt"));
    rmdir(folder);
    st_arena_free(&arena);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_reader_takes_text_and_nothing_else),
        cmocka_unit_test(flaws_have_their_place),
        cmocka_unit_test(spikes_name_the_faulty_field),
        cmocka_unit_test(spikes_come_in_order),
    };
    return cmocka_run_group_tests_name("text input", tests, begin, end);
}
