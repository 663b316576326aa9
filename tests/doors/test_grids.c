/* test_grids.c - networks of RANC and of ArNI-X that are not what they should be: each is refused with file, place and
 * the diagnostic that is meant. Good ones: tests/doors/doors.py. */
#include "corpus_text.h"
#include "door.h"
#include "events.h"
#include "file.h"
#include "folder_make.h"
#include <libxml/parser.h>

static const struct hostile {
    const char *corpus, *first, *from, *to, *says;
    enum st_diag_id id;
} hostile[] = {
    {"json", "input.json", "\"cores\": [", "\"cors\": [", "input.json: /cores: error: there is no such member",
     ST_DIAG_FOREIGN_MISSING},
    {"json", "input.json", "\"output_bus\": {", "\"output_bus\": 7, \"x\": {",
     "input.json: /output_bus: error: an object is wanted", ST_DIAG_FOREIGN_TYPE},
    {"json", "input.json", "\"num_outputs\": 2", "\"num_outputs\": 1000000000",
     "input.json: /output_bus/num_outputs: error: a whole number from 1", ST_DIAG_FOREIGN_SIZE},
    {"json", "input.json", "\"coordinates\": [0, 0]", "\"coordinates\": [1000000000, 0]",
     "input.json: /cores/0/coordinates: error: a whole number from 0", ST_DIAG_FOREIGN_SIZE},
    {"json", "input.json", "\"coordinates\": [0, 0]", "\"coordinates\": [1, 0]",
     "input.json: /cores/1: error: core (1, 0) is there twice", ST_DIAG_FOREIGN_NODE},
    {"json", "input.json", "\"coordinates\": [0, 0]", "\"coordinates\": [0]",
     "input.json: /cores/0/coordinates: error: two numbers", ST_DIAG_FOREIGN_SHAPE},
    {"json", "input.json", "\"connections\": [[1, 0, 1], [1, 1, 1]]", "\"connections\": [[1, 0, 1]]",
     "input.json: /cores/0/connections: error: it has 1 rows", ST_DIAG_FOREIGN_SHAPE},
    {"json", "input.json", "[[1, 0, 1]", "[[1, 0, 1, 1]", "input.json: /cores/0/connections/0: error: a row",
     ST_DIAG_FOREIGN_SHAPE},
    {"json", "input.json", "[[1, 0, 1]", "[[1, 2, 1]", "input.json: /cores/0/connections/0: error: connection 1",
     ST_DIAG_FOREIGN_TYPE},
    {"json", "input.json", "\"leak\": -1", "\"leak\": \"x\"", "input.json: /cores/0/neurons/0/leak: error: a number",
     ST_DIAG_FOREIGN_TYPE},
    {"json", "input.json", "\"positive_threshold\": 4", "\"positive_threshold\": -4",
     "input.json: /cores/0/neurons/0: error: a positive threshold of -4", ST_DIAG_FOREIGN_REFUSED},
    {"json", "input.json", "\"negative_threshold\": -6", "\"negative_threshold\": 6",
     "input.json: /cores/0/neurons/0: error: a negative threshold of 6", ST_DIAG_FOREIGN_REFUSED},
    {"json", "input.json", "\"destination_core_offset\": [1, 0]", "\"destination_core_offset\": [7, 0]",
     "input.json: /cores/0/neurons/0: error: it sends to core (7, 0), which is not there", ST_DIAG_FOREIGN_NODE},
    {"json", "input.json", "\"destination_axon\": 1", "\"destination_axon\": 9",
     "input.json: /cores/0/neurons/0: error: it sends to axon 9", ST_DIAG_FOREIGN_NODE},
    {"json", "input.json", "\"destination_core\": [1, 0]", "\"destination_core\": [1, 5]",
     "input.json: /packets/2/0: error: there is no core (1, 5)", ST_DIAG_FOREIGN_NODE},
    {"json", "input.json", "\"axons\": [0, 1, 2]", "\"axons\": [0, 1, 99]",
     "input.json: /cores/0/axons/2: error:", ST_DIAG_FOREIGN_SIZE},
    {"json", "input.json", "\"packets\": [[{", "\"packets\": [7, [{", "input.json: /packets/0: error: a list is wanted",
     ST_DIAG_FOREIGN_TYPE},
    {"mem", "csram_000.mem", "\n011", "\n0111", "csram_000.mem: /neurons/1: error: a line of 110 bits",
     ST_DIAG_FOREIGN_SHAPE},
    {"mem", "csram_000.mem", "\n011", "\n021", "csram_000.mem: /1: error: a line of bits", ST_DIAG_FOREIGN_FILE},
    {"mem", "csram_000.mem", "@ tc_001.mem", "@ tc_002.mem", "tc_001.mem: /: error: there is no such file",
     ST_DIAG_FOREIGN_MISSING},
    {"mem", "csram_000.mem", "00\n01\n10\n", "00\n011\n10\n", "tc_000.mem: /1: error: a type is two bits",
     ST_DIAG_FOREIGN_SHAPE},
    {"mem", "csram_000.mem", "11\n00\n01\n", "11\n00\n", "tc_001.mem: /: error: it has 2 axons, another core has 3",
     ST_DIAG_FOREIGN_SHAPE},
    {"mem", "csram_000.mem", "\"potential_width\": 9", "\"potential_width\": 12",
     "tb_spikehard_params.json: /potential_width: error: fields of 9 bits", ST_DIAG_FOREIGN_REFUSED},
    {"mem", "csram_009.mem", "@ csram_000.mem", "@ x", "csram_009.mem: /: error: there is no csram_NN.mem",
     ST_DIAG_FOREIGN_MISSING},
    /* XML: what would fetch, grow or not end */
    {"drawn", "net.nnc", "<SNN>", "<!DOCTYPE a [<!ENTITY b 'bb'><!ENTITY c '&b;&b;'>]><SNN>",
     "net.nnc:1:2: error: a document type (<!DOCTYPE>) is not taken", ST_DIAG_FOREIGN_FILE},
    {"drawn", "net.nnc", "<Global>0.3", "<Global>&many;", "net.nnc:2:17: error: Entity 'many' not defined",
     ST_DIAG_FOREIGN_FILE},
    {"drawn", "net.nnc", "</NETWORK>", "</NETWORKS>", "net.nnc:17:25: error: Opening and ending tag mismatch",
     ST_DIAG_FOREIGN_FILE},
    {"drawn", "net.nnc", "</SNN>", "", "net.nnc:19:8:", ST_DIAG_FOREIGN_FILE},
    {"drawn", "net.nnc", "<SNN>", "<SNN>\x01", "net.nnc:1:6: error: the control character 0x01", ST_DIAG_FOREIGN_FILE},
    {"spikes", "net.nnc", "UTF-8", "windows-1251", "net.nnc:1:1: error: the encoding is 'windows-1251'",
     ST_DIAG_FOREIGN_FILE},
    {"drawn", "net.nnc", "<SNN>", "<Snn><SNN>", "net.nnc:", ST_DIAG_FOREIGN_FILE},
    {"older", "net.nnc", "@ net.nnc", "@ net.nnc\n<SNN/>", "net.nnc:2:6: error: XML declaration allowed only",
     ST_DIAG_FOREIGN_FILE},
    {"colanet", "net.nnc", "\\\\parts.nnc", "\\\\part.nnc",
     "net.nnc:11:5: error: \\\\part.nnc: ", ST_DIAG_FOREIGN_MISSING},
    {"colanet", "net.nnc", "@ parts.nnc\n<Sections>", "@ parts.nnc\n<Sections>\\\\parts.nnc",
     "parts.nnc:1:1: error: 'parts.nnc' is within itself", ST_DIAG_FOREIGN_CYCLE},
    {"colanet", "net.nnc", "@ parts.nnc\n<Sections>", "@ parts.nnc\n<Sections>\\\\./net.nnc",
     "parts.nnc:1:1: error: 'net.nnc' is within itself", ST_DIAG_FOREIGN_CYCLE},
    {"colanet", "net.nnc", "\\\\parts.nnc", "\\\\parts.nnc\n more",
     "net.nnc:11:5: error: files are named by lines of '\\\\' and a name, and this is 'more'", ST_DIAG_FOREIGN_TYPE},
    /* the network */
    {"drawn", "net.nnc", "<n>30</n>", "<n>1000000000</n>", "net.nnc:9:7: error: <n> is 1 to 1.67772e+07",
     ST_DIAG_FOREIGN_SIZE},
    {"drawn", "net.nnc", "n=\"20\"", "n=\"1000000000\"", "net.nnc:3:3: error: <n> is 1 to", ST_DIAG_FOREIGN_SIZE},
    {"drawn", "net.nnc", "<n>30</n>", "<n>many</n>", "net.nnc:9:7: error: <n> has a number for its text, not 'many'",
     ST_DIAG_FOREIGN_TYPE},
    {"drawn", "net.nnc", "<n>30</n>", "", "net.nnc:8:5: error: 'E' does not say how many neurons",
     ST_DIAG_FOREIGN_MISSING},
    {"drawn", "net.nnc", "<n>30</n>", "<n>30</n><n>30</n>", "net.nnc:9:16: error: <n> is there twice",
     ST_DIAG_FOREIGN_SHAPE},
    {"drawn", "net.nnc", "<n>30</n>", "<n>30</n><bursting_period>3</bursting_period>",
     "net.nnc:9:16: error: <bursting_period> of 'E': the language has no such neurons", ST_DIAG_FOREIGN_REFUSED},
    {"drawn", "net.nnc", "<n>30</n>", "<n>30</n><colour>3</colour>",
     "net.nnc:9:16: error: the property <colour> is not known", ST_DIAG_FOREIGN_REFUSED},
    {"drawn", "net.nnc", "<minpotential>-2", "<minpotential>9",
     "net.nnc:11:68: error: <minpotential> of 'I': it is above", ST_DIAG_FOREIGN_REFUSED},
    {"drawn", "net.nnc", "<threshold_decay_period>30</threshold_decay_period>", "",
     "net.nnc:9:39: error: a threshold that rises falls again", ST_DIAG_FOREIGN_MISSING},
    {"drawn", "net.nnc", "name=\"I\"", "name=\"E\"", "net.nnc:11:5: error: there are two of the name 'E'",
     ST_DIAG_FOREIGN_SHAPE},
    {"drawn", "net.nnc", "from=\"I\" to=\"E\"", "from=\"I\" to=\"F\"",
     "net.nnc:15:5: error: the link to 'F': there is no such section", ST_DIAG_FOREIGN_NODE},
    {"drawn", "net.nnc", "from=\"I\" to=\"E\"", "from=\"I\" to=\"R\"",
     "net.nnc:15:5: error: the link ends in the receptors 'R'", ST_DIAG_FOREIGN_NODE},
    {"drawn", "net.nnc", "policy=\"all-to-all\" type=\"gating\"", "policy=\"WTA\" type=\"gating\"",
     "net.nnc:16:5: error: policy=\"WTA\":", ST_DIAG_FOREIGN_REFUSED},
    {"drawn", "net.nnc", "type=\"fixed\" policy=\"all-to-all\"", "policy=\"all-to-all-sections\"",
     "net.nnc:15:5: error: policy=\"all-to-all-sections\": 'I' has 10 neurons in 10 columns, 'E' 30 in 30",
     ST_DIAG_FOREIGN_SHAPE},
    {"drawn", "net.nnc", "<weight>3</weight>", "<weight>3.5</weight>", "net.nnc:16:66: error: a gate is shut or opened",
     ST_DIAG_FOREIGN_REFUSED},
    {"drawn", "net.nnc", "<weight>3</weight>", "", "net.nnc:16:5: error: a link that gates or rewards has a <weight>",
     ST_DIAG_FOREIGN_MISSING},
    {"drawn", "net.nnc", "type=\"uni\"><min>0.5", "type=\"ln\"><min>0.5",
     "net.nnc:14:27: error: <Weight type=\"ln\">: of draws, 'uni' and 'dis'", ST_DIAG_FOREIGN_REFUSED},
    {"drawn", "net.nnc", "<max>30</max>", "<max>0</max>", "net.nnc:13:95: error: <max> is 1 to 255, not 0",
     ST_DIAG_FOREIGN_SIZE},
    {"drawn", "net.nnc", "type=\"fixed\"", "type=\"odd\"",
     "net.nnc:15:5: error: type=\"odd\":", ST_DIAG_FOREIGN_REFUSED},
    {"drawn", "net.nnc", "<NETWORK>", "<NETWORK saved=\"x.csv\">",
     "net.nnc:7:3: error: saved=\"x.csv\":", ST_DIAG_FOREIGN_REFUSED},
    {"drawn", "net.nnc", "<NETWORK>", "<NETWORK><Implementation lib=\"Layers\"/>",
     "net.nnc:7:12: error: a part of the network is made by the program 'Layers'", ST_DIAG_FOREIGN_REFUSED},
    {"colanet", "net.nnc", "model=\"smooth\"", "model=\"linearized\"",
     "net.nnc:2:1: error: model=\"linearized\":", ST_DIAG_FOREIGN_REFUSED},
    {"colanet", "net.nnc", "<maxTSSISI>", "<three_factor_plasticity/><maxTSSISI>",
     "parts.nnc:6:5: error: <three_factor_plasticity> of 'L':", ST_DIAG_FOREIGN_REFUSED},
    {"colanet", "net.nnc", "<reset_phase>0", "<reset_phase>3", "parts.nnc:9:36: error: <reset_phase> of 'L'",
     ST_DIAG_FOREIGN_REFUSED},
    {"colanet", "net.nnc", "<height>8</height>", "<height>8</height><ntact_per_image>20</ntact_per_image>",
     "parts.nnc:9:5: error: a presentation of 15 tacts, and by line 5 one of 20", ST_DIAG_FOREIGN_SHAPE},
    {"colanet", "net.nnc", "<height>8</height>", "<height>8</height><convolution_file>k</convolution_file>",
     "net.nnc:5:48: error: <convolution_file> of <Special> is not known", ST_DIAG_FOREIGN_REFUSED},
    {"colanet", "net.nnc", "<dim>2</dim>", "<dim>3</dim>", "parts.nnc:3:13: error: 4 neurons in each of 3 columns",
     ST_DIAG_FOREIGN_SHAPE},
    {"colanet", "net.nnc", "<output>OUT", "<output>IN", "net.nnc:13:35: error: there is no section 'IN' to be read",
     ST_DIAG_FOREIGN_NODE},
    {"colanet", "net.nnc", "ncopies=\"2\"", "ncopies=\"1000000000\"", "net.nnc:10:3: error: <ncopies> is 1 to 1000",
     ST_DIAG_FOREIGN_SIZE},
    {"colanet", "net.nnc", "type=\"image\"", "type=\"text_values\"", "net.nnc:3:3: error: <RECEPTORS> says no n",
     ST_DIAG_FOREIGN_MISSING},
};

struct read {
    struct st_arena arena;
    struct st_diags diags;
    struct st_fault fault;
    const struct st_net *net;
};

static void read_file(struct read *r, const char *path)
{
    struct st_verdicts v;
    st_arena_init(&r->arena);
    if (setjmp(r->arena.full))
        fail_msg("no memory");
    st_diags_init(&r->diags, &r->arena);
    st_verdicts_init(&v, &r->arena);
    r->net = st_door_read(&r->arena, &r->diags, path, st_door_of(path), NULL, 0, &v, &r->fault);
}

static void hostile_files_are_refused_with_their_place(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof hostile / sizeof *hostile; i++) {
        const struct hostile *x = &hostile[i];
        static struct read r;
        size_t length;
        char folder[] = "/tmp/stoa-doors-XXXXXX", path[100];
        snprintf(path, sizeof path, "tests/fuzz/corpus/%s/%s", strstr(x->first, ".nnc") ? "nnc" : "ranc", x->corpus);
        char *text = slurp(path, &length), *bad = replaced(text, x->from, x->to), *more = NULL;
        if (strstr(x->to, "@ x")) /* no file of the kind is left */
            more = replaced(bad, "@ csram_001.mem", "@ y");
        assert_non_null(mkdtemp(folder));
        st_folder_fill(folder, more ? more : bad, strlen(more ? more : bad));
        snprintf(path, sizeof path, "%s/%s", folder, x->first);
        read_file(&r, path);
        char *said = st_diags_text(&r.diags, false);
        bool found = false;
        for (uint32_t k = 0; k < r.diags.count; k++)
            found |= r.diags.list[k].id == x->id;
        if (r.net || !found || !strstr(said, x->says))
            fail_msg("'%s': wanted\n%s [%s], and it says\n%s%s", x->to, x->says, st_diag_name(x->id), said,
                     r.fault.id ? r.fault.text : "");
        st_arena_free(&r.arena);
        st_folder_empty(folder);
        free(text);
        free(bad);
        free(more);
    }
}

/* --- memory and reads --------------------------------------------------------------------------------------- */

static int calls, fail_at;
static int fail_once(size_t bytes)
{
    (void)bytes;
    return ++calls != fail_at;
}

/* libxml2's, too. It can do without some, and is as right then. */
static bool in_xml;
static bool xml_may(size_t bytes)
{
    bool may = !st_alloc_hook || fail_once(bytes);
    in_xml |= !may;
    return may;
}
static void *xml_alloc(size_t bytes) { return xml_may(bytes) ? malloc(bytes) : NULL; }
static void *xml_widen(void *p, size_t bytes) { return xml_may(bytes) ? realloc(p, bytes) : NULL; }
static char *xml_copy(const char *text) { return xml_may(strlen(text)) ? strdup(text) : NULL; }

/* True when there was an n-th allocation; a failure is never swallowed. */
static bool attempt(const char *path, int n, const char *expected)
{
    struct st_arena a;
    struct st_diags d;
    struct st_verdicts v;
    struct st_fault f;
    volatile bool done = false;
    st_arena_init(&a);
    calls = 0;
    in_xml = false;
    fail_at = n;
    st_alloc_hook = fail_once;
    if (setjmp(a.full) == 0) {
        st_diags_init(&d, &a);
        st_verdicts_init(&v, &a);
        const struct st_net *net = st_door_read(&a, &d, path, st_door_of(path), NULL, 0, &v, &f);
        char *got = net ? st_net_print(&a, net) : NULL;
        done = true;
        st_alloc_hook = NULL;
        assert_non_null(got);
        assert_string_equal(got, expected);
    }
    st_alloc_hook = NULL;
    st_arena_free(&a);
    assert_true(done == (calls < n) || (done && in_xml));
    return calls >= n;
}

static void each_allocation_fails_once(void **state)
{
    (void)state;
    static const char *const files[][2] = {{"ranc/json", "input.json"},
                                           {"ranc/mem", "csram_000.mem"},
                                           {"nnc/colanet", "net.nnc"},
                                           {"nnc/drawn", "net.nnc"}};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        static struct read r;
        size_t length;
        char folder[] = "/tmp/stoa-doors-XXXXXX", path[100];
        snprintf(path, sizeof path, "tests/fuzz/corpus/%s", files[i][0]);
        char *text = slurp(path, &length);
        assert_non_null(mkdtemp(folder));
        st_folder_fill(folder, text, length);
        snprintf(path, sizeof path, "%s/%s", folder, files[i][1]);
        read_file(&r, path);
        if (!r.net)
            fail_msg("%s%s", st_diags_text(&r.diags, false), r.fault.id ? r.fault.text : "");
        char *expected = strdup(st_net_print(&r.arena, r.net));
        st_arena_free(&r.arena);
        size_t usual = st_arena_chunk_bytes;
        st_arena_chunk_bytes = 1;
        int n = 1;
        while (attempt(path, n, expected))
            n++;
        assert_true(n > 20);
        st_arena_chunk_bytes = usual;
        st_folder_empty(folder);
        free(expected);
        free(text);
    }
}

int main(void)
{
    if (xmlMemSetup(free, xml_alloc, xml_widen, xml_copy))
        return 1;
    xmlInitParser(); /* what it keeps for good is no part of a reading */
    const struct CMUnitTest tests[] = {cmocka_unit_test(hostile_files_are_refused_with_their_place),
                                       cmocka_unit_test(each_allocation_fails_once)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
