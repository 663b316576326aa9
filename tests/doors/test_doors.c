/* test_doors.c - files of other formats that are not what they should be: each is refused with the place in the file
 * and the diagnostic that is meant; and what becomes of good ones when memory or a read fails. */
#include "corpus_text.h"
#include "door.h"
#include "events.h"
#include "file.h"
#include "folder_make.h"
#include "h5_make.h"

static bool caused[ST_DIAG_COUNT];
static const struct st_setting settings[] = {{"dt", 0.001}};

struct read {
    struct st_arena arena;
    struct st_diags diags;
    struct st_verdicts verdicts;
    const struct st_net *net;
};

static void read_lines(struct read *r, const char *lines, size_t setting_count)
{
    struct st_fault f;
    size_t length;
    void *bytes = st_h5_make(lines, strlen(lines), &length);
    st_arena_init(&r->arena);
    if (setjmp(r->arena.full))
        fail_msg("no memory");
    st_diags_init(&r->diags, &r->arena);
    st_verdicts_init(&r->verdicts, &r->arena);
    r->net = st_door_read_nir(&r->arena, &r->diags, "t.nir", bytes, length, settings, setting_count, &r->verdicts, &f);
    free(bytes);
    for (uint32_t i = 0; i < r->diags.count; i++)
        caused[r->diags.list[i].id] = true;
}

/* --- NIR ---------------------------------------------------------------------------------------------------- */

static const struct hostile {
    const char *file, *from, *to, *says; /* says: what the message begins with, behind the file's name */
    enum st_diag_id id;
} hostile[] = {
    {"lif", "text /node/type = NIRGraph", "", "/node/type: error: there is no such dataset", ST_DIAG_FOREIGN_MISSING},
    {"lif", "text /node/type = NIRGraph", "text /node/type = LIF", "/node/type: error: the root", ST_DIAG_FOREIGN_TYPE},
    {"lif", "text /node/edges 5 2 =", "i64 /node/edges 5 2 = 1", "/node/edges: error:", ST_DIAG_FOREIGN_SIZE},
    {"lif", "text /node/edges 5 2 =", "text /node/edges 10 =", "/node/edges: error: edges are pairs",
     ST_DIAG_FOREIGN_SHAPE},
    {"lif", "lif lif out", "lif fil out",
     "/node/edges: error: the edge fil -> out names 'fil', which is no node of the graph", ST_DIAG_FOREIGN_NODE},
    {"lif", "/type = Affine", "/type = Refine", "/node/nodes/lin/type: error: 'Refine' is no node",
     ST_DIAG_FOREIGN_REFUSED},
    {"lif", "f64 /node/nodes/lif/tau 3", "f64 /node/nodes/lif/tau 2", "/node/nodes/lif/r: error: it has another shape",
     ST_DIAG_FOREIGN_SHAPE},
    {"lif", "f64 /node/nodes/lif/tau 3 = 0.01 0.02 0.01", "text /node/nodes/lif/tau 3 = a",
     "/node/nodes/lif/tau: error: numbers are wanted", ST_DIAG_FOREIGN_TYPE},
    {"lif", "f64 /node/nodes/lif/tau 3 = 0.01", "f64 /node/nodes/lif/tau 3 = 0",
     "/node/nodes/lif/tau: error: a time constant", ST_DIAG_FOREIGN_REFUSED},
    {"lif", "f64 /node/nodes/lif/tau 3 = 0.01", "f64 /node/nodes/lif/tau 3 = 1e-4",
     "/node/nodes/lif/tau: error: a tick of", ST_DIAG_FOREIGN_REFUSED},
    {"lif", "f64 /node/nodes/lif/tau 3 = 0.01", "f64 /node/nodes/lif/tau 3 = nan",
     "/node/nodes/lif/tau: error: there is a number", ST_DIAG_FOREIGN_REFUSED},
    {"lif", "f64 /node/nodes/lif/tau", "f64 /node/nodes/lif/tauu",
     "/node/nodes/lif/tau: error: there is no such dataset", ST_DIAG_FOREIGN_MISSING},
    {"lif", "f64 /node/nodes/lif/v_threshold 3 = 0.5", "f64 /node/nodes/lif/v_threshold 3 = -0.5",
     "/node/nodes/lif/v_threshold: error: a threshold below", ST_DIAG_FOREIGN_REFUSED},
    {"lif", "f32 /node/nodes/lin/weight 3 2", "claim /node/nodes/lin/weight 1000000000",
     "/node/nodes/lin/weight: error: the dataset has 1000000000 elements", ST_DIAG_FOREIGN_SIZE},
    {"lif", "f32 /node/nodes/lin/weight 3 2", "f32 /node/nodes/lin/weight 2 3",
     "/node/nodes/lin/weight: error: it takes 3", ST_DIAG_FOREIGN_SHAPE},
    {"lif", "f32 /node/nodes/lin/bias 3", "f32 /node/nodes/lin/noise 1 = 1\nf32 /node/nodes/lin/bias 3",
     "/node/nodes/lin/noise: error: Affine has no such parameter", ST_DIAG_FOREIGN_REFUSED},
    {"lif", "f32 /node/nodes/lin/bias 3", "group /node/nodes/lin/bias",
     "/node/nodes/lin/bias: error: a dataset is wanted", ST_DIAG_FOREIGN_TYPE},
    {"lif", "f32 /node/nodes/lin/bias 3", "soft /node/nodes/lin/bias",
     "/node/nodes/lin/bias: error: a dataset is wanted", ST_DIAG_FOREIGN_TYPE},
    {"lif", "5 2 = in lin lin lif lif rec rec lif lif out", "5 2 = in lin lin rec lif rec rec lin lif out",
     "/node/nodes/lin: error: 'lin' is in, or behind, a cycle", ST_DIAG_FOREIGN_CYCLE},
    {"lif", "5 2 = in lin lin lif", "5 2 = out lin lin in", "/node/nodes/in: error: an edge ends in 'in'",
     ST_DIAG_FOREIGN_NODE},
    {"lif", "i64 /node/nodes/in/shape 1 = 2", "i64 /node/nodes/in/shape 1 = 2.5e9",
     "/node/nodes/in/shape: error: a whole number", ST_DIAG_FOREIGN_REFUSED},
    {"lif", "i64 /node/nodes/out/shape 1 = 3", "i64 /node/nodes/out/shape 1 = 4",
     "/node/nodes/out/shape: error: it has 4", ST_DIAG_FOREIGN_SHAPE},
    {"lif", "group /node/nodes/in", "link /node/nodes/in = /node", "/node/nodes/in", ST_DIAG_FOREIGN_CYCLE},
    {"lif", "type = Output", "type = Input", "/node/nodes: error: the graph has no Output", ST_DIAG_FOREIGN_MISSING},
    {"conv", "padding = same", "padding = some", "/node/nodes/c/padding: error: the padding is",
     ST_DIAG_FOREIGN_REFUSED},
    {"conv", "groups = 2", "groups = 3", "/node/nodes/c/weight: error: 3 groups", ST_DIAG_FOREIGN_SHAPE},
    {"conv", "delay 18 = 0.003", "delay 18 = 0.3", "/node/nodes/d/delay: error: a delay is 0 to 255",
     ST_DIAG_FOREIGN_REFUSED},
    {"conv", "end_dim = -1", "end_dim = 7", "/node/nodes/f/end_dim: error: it is none of the 3", ST_DIAG_FOREIGN_SHAPE},
    {"nested", "sub li li out", "li li sub out", "/node/nodes/li: error: 'li' does not spike", ST_DIAG_FOREIGN_REFUSED},
    {"nested", "sub/nodes/output/type = Output", "sub/nodes/output/type = Identity",
     "/node/edges: error: the edge sub -> li: the graph 'sub' has not just one output", ST_DIAG_FOREIGN_NODE},
    {"huge", "text /node/edges 1 2 = in out", "text /node/edges 1 2 = in in",
     "/node/nodes/in/shape: error: the dataset has 1000000000", ST_DIAG_FOREIGN_SIZE},
};

static void hostile_graphs_are_refused_with_their_place(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof hostile / sizeof *hostile; i++) {
        const struct hostile *x = &hostile[i];
        char path[100];
        size_t length;
        static struct read r;
        snprintf(path, sizeof path, "tests/fuzz/corpus/nir/%s", x->file);
        char *text = slurp(path, &length), *bad = replaced(text, x->from, x->to);
        read_lines(&r, bad, 1);
        char *said = st_diags_text(&r.diags, false), *wanted = st_arena_printf(&r.arena, "t.nir: %s", x->says);
        bool found = false;
        for (uint32_t k = 0; k < r.diags.count; k++)
            found |= r.diags.list[k].id == x->id;
        if (r.net || !found || !strstr(said, wanted))
            fail_msg("'%s' for '%s' in %s: wanted\n%s [%s], and it says\n%s", x->to, x->from, x->file, wanted,
                     st_diag_name(x->id), said);
        st_arena_free(&r.arena);
        free(text);
        free(bad);
    }
}

static void good_graphs_are_read(void **state)
{
    (void)state;
    static const char *const files[] = {"lif", "conv", "nested"};
    for (size_t i = 0; i < 3; i++) {
        static struct read r;
        size_t length;
        char path[100];
        snprintf(path, sizeof path, "tests/fuzz/corpus/nir/%s", files[i]);
        char *text = slurp(path, &length);
        read_lines(&r, text, 1);
        if (!r.net)
            fail_msg("%s", st_diags_text(&r.diags, false));
        /* what is printed reads back the same */
        char *once = st_net_print(&r.arena, r.net);
        const struct st_net *again = st_net_read(&r.arena, &r.diags, "printed", once, strlen(once), NULL, 0);
        assert_non_null(again);
        assert_string_equal(st_net_print(&r.arena, again), once);
        st_arena_free(&r.arena);
        free(text);
    }
}

/* The tick is not in the file, and what is no option is none. */
static void options_are_asked_for(void **state)
{
    (void)state;
    static struct read r;
    size_t length;
    char *text = slurp("tests/fuzz/corpus/nir/lif", &length);
    read_lines(&r, text, 0);
    assert_null(r.net);
    assert_non_null(strstr(st_diags_text(&r.diags, false), "the file does not say 'dt'"));
    st_arena_free(&r.arena);
    free(text);
}

/* Bytes that are no HDF5, or whose end is missing. */
static void damaged_files_are_refused(void **state)
{
    (void)state;
    size_t length, text_length;
    char *text = slurp("tests/fuzz/corpus/nir/lif", &text_length);
    unsigned char *bytes = st_h5_make(text, text_length, &length);
    for (size_t cut = 0; cut < length; cut += 97) {
        static struct read r;
        struct st_fault f;
        st_arena_init(&r.arena);
        if (setjmp(r.arena.full))
            fail_msg("no memory");
        st_diags_init(&r.diags, &r.arena);
        st_verdicts_init(&r.verdicts, &r.arena);
        r.net = st_door_read_nir(&r.arena, &r.diags, "t.nir", bytes, cut, settings, 1, &r.verdicts, &f);
        assert_true(!r.net == (r.diags.errors > 0));
        for (uint32_t i = 0; i < r.diags.count; i++)
            caused[r.diags.list[i].id] = true;
        st_arena_free(&r.arena);
    }
    free(bytes);
    free(text);
}

/* --- SONATA ------------------------------------------------------------------------------------------------- */

static const struct {
    const char *from, *to, *says; /* says: behind the folder */
    enum st_diag_id id;
} circuits[] = {
    /* of tests/fuzz/corpus/sonata/knp, which these are in and circuit is not */
    {"node_type_id 3 = 102", "node_type_id 3 = 101", "populations.h5: /nodes/aa/node_type_id: error: type 101",
     ST_DIAG_FOREIGN_REFUSED},
    {"edge_type_id 3 = 100", "edge_type_id 3 = 102", "projections.h5: /edges/e1/edge_type_id: error: type 102",
     ST_DIAG_FOREIGN_REFUSED},
    {"output_type_ 3 = 0", "output_type_ 3 = 4", "projections.h5: /edges/e1/0/output_type_: error: edge 0 is of kind 4",
     ST_DIAG_FOREIGN_REFUSED},
    {"activation_threshold_ 3 = 8", "activation_threshold_ 3 = -8",
     "populations.h5: /nodes/aa: error: a threshold below 0", ST_DIAG_FOREIGN_REFUSED},
    {"target_node_id 3 = 1 2 0", "target_node_id 3 = 1 2 3",
     "projections.h5: /edges/e2: error: edge 2 joins 2 to 3, of 3 and 3", ST_DIAG_FOREIGN_NODE},
    {"0/delay 3 = 1 2 3", "0/delay 3 = 1 2 300", "projections.h5: /edges/e1/0/delay: error: edge 2 takes 300",
     ST_DIAG_FOREIGN_REFUSED},
    {"\"run\": {\"dt\": 0.5}", "\"run\": {}", "circuit.json: /run/dt: error: no simulation says",
     ST_DIAG_FOREIGN_OPTION},
    {"\"$BASE\": \".\"", "\"$BASE\": \"$NET\"", "circuit.json: /components/point_neuron_models_dir: error: '",
     ST_DIAG_FOREIGN_CYCLE},
    {"$NET/nodes.h5", "$NOT/nodes.h5", "circuit.json: /networks/nodes/0/nodes_file: error: '$NOT' is not",
     ST_DIAG_FOREIGN_MISSING},
    {"\"nodes\": [", "\"nods\": [", "circuit.json: /networks/nodes: error: a list of files", ST_DIAG_FOREIGN_MISSING},
    {"{\"sign\": -1}", "{\"sign\": -2}", "inh.json: /sign: error: 1 or -1", ST_DIAG_FOREIGN_TYPE},
    {"{\"sign\": -1}", "{\"sign\": -1", "inh.json: /: error:", ST_DIAG_FOREIGN_FILE},
    {"\"tau_m\": 10.0", "\"tau_m\": -1", "nodes.h5: /nodes/cells: error: 'tau_m' is above 0", ST_DIAG_FOREIGN_REFUSED},
    {"\"tau_m\": 10.0", "\"tau_m\": \"x\"", "exp.json: /tau_m: error: a number", ST_DIAG_FOREIGN_TYPE},
    {"nest:iaf_psc_exp", "nest:hh", "node_types.csv: row 2, model_template: error: 'nest:hh'", ST_DIAG_FOREIGN_REFUSED},
    {"1 virtual NULL NULL x", "1 virtual NULL", "node_types.csv: row 1: error: it has 3 cells", ST_DIAG_FOREIGN_SHAPE},
    {"node_type_id model_type", "node_typ_id model_type",
     "node_types.csv: node_type_id: error: there is no such column", ST_DIAG_FOREIGN_MISSING},
    {"3 point_process nrn", "x point_process nrn", "node_types.csv: row 3, node_type_id: error: a whole number",
     ST_DIAG_FOREIGN_TYPE},
    {"6 inh.json 2.5", "6 inh.json 2,5", "edge_types.csv: row 2, delay: error: '2,5' is not", ST_DIAG_FOREIGN_TYPE},
    {"group /nodes\n", "", "nodes.h5: /nodes: error: there is no such group", ST_DIAG_FOREIGN_MISSING},
    {"u64 /nodes/in/node_type_id 3", "claim /nodes/in/node_type_id 1000000000",
     "nodes.h5: /nodes/in/node_type_id: error: the dataset has 1000000000", ST_DIAG_FOREIGN_SIZE},
    {"u64 /nodes/cells/node_type_id 4 = 2 2", "u64 /nodes/cells/node_type_id 4 = 9 2",
     "nodes.h5: /nodes/cells/node_type_id: error: row 0 is of type 9", ST_DIAG_FOREIGN_NODE},
    {"node_id 4 = 0 1 3 2", "node_id 4 = 0 1 3 3", "nodes.h5: /nodes/cells/node_id: error: node ids are 0 to 3",
     ST_DIAG_FOREIGN_NODE},
    {"node_group_index 4 = 0 1 2 3", "node_group_index 4 = 0 1 2 4",
     "nodes.h5: /nodes/cells/node_group_index: error: row 3 is 4", ST_DIAG_FOREIGN_SHAPE},
    {"target_node_id 3 = 0 1 2", "target_node_id 3 = 0 1 9",
     "edges.h5: /edges/in_to_cells/target_node_id: error: edge 2 names node 9 of 'cells', which has 4",
     ST_DIAG_FOREIGN_NODE},
    {"u64 /edges/rec/source_node_id 5", "text /edges/rec/source_node_id 5",
     "edges.h5: /edges/rec/source_node_id: error: numbers are wanted", ST_DIAG_FOREIGN_TYPE},
    {"u64 /edges/rec/target_node_id 5", "u64 /edges/rec/target_node_id 4",
     "edges.h5: /edges/rec/target_node_id: error: it has 4 rows", ST_DIAG_FOREIGN_SHAPE},
    {"u64 /edges/rec/source_node_id 5", "u64 /edges/rec/source_node_id 5 1",
     "edges.h5: /edges/rec/source_node_id: error: a column is wanted", ST_DIAG_FOREIGN_SHAPE},
    {"note /edges/rec/source_node_id node_population = cells", "",
     "edges.h5: /edges/rec/source_node_id: error: it has no attribute", ST_DIAG_FOREIGN_MISSING},
    {"node_population = cells", "node_population = sells",
     "edges.h5: /edges/rec/source_node_id: error: its nodes are of 'sells'", ST_DIAG_FOREIGN_NODE},
    {"edge_type_id 5 = 5 6", "edge_type_id 5 = 5 7", "edges.h5: /edges/rec/edge_type_id: error: edge 1 is of type 7",
     ST_DIAG_FOREIGN_NODE},
    {"edge_group_index 5 = 0 1 0 2 3", "edge_group_index 5 = 0 1 0 2 4",
     "edges.h5: /edges/rec/edge_group_index: error: edge 4 is 4", ST_DIAG_FOREIGN_SHAPE},
    {"delay 4 = 1 1 1 2", "delay 4 = 1 1 1 2000", "edges.h5: /edges/rec/delay: error: edge 4 takes 2000 ms",
     ST_DIAG_FOREIGN_REFUSED},
};

enum { KNP = 6 }; /* so many of them are of KNP's files */

static void read_circuit(struct read *r, const char *text, struct st_fault *f, char *folder)
{
    char path[100];
    assert_non_null(mkdtemp(folder));
    st_folder_fill(folder, text, strlen(text));
    snprintf(path, sizeof path, "%s/config.json", folder);
    st_arena_init(&r->arena);
    if (setjmp(r->arena.full))
        fail_msg("no memory");
    st_diags_init(&r->diags, &r->arena);
    st_verdicts_init(&r->verdicts, &r->arena);
    r->net = st_door_read_sonata(&r->arena, &r->diags, path, NULL, 0, &r->verdicts, f);
    st_folder_empty(folder);
    for (uint32_t i = 0; i < r->diags.count; i++)
        caused[r->diags.list[i].id] = true;
}

static void circuits_are_read(void **state)
{
    (void)state;
    static struct read r;
    struct st_fault f;
    size_t length;
    char *text = slurp("tests/fuzz/corpus/sonata/circuit", &length), folder[] = "/tmp/stoa-doors-XXXXXX";
    read_circuit(&r, text, &f, folder);
    if (!r.net)
        fail_msg("%s%s", st_diags_text(&r.diags, false), f.id ? f.text : "");
    const char *said = st_net_print(&r.arena, r.net);
    /* the ids 2 and 3 are of rows 3 and 2; two edges 0 -> 1 of one delay are one, the third has another delay */
    assert_non_null(strstr(said, "  cells:\n    columns: 2\n"));
    assert_non_null(strstr(said, "  cells.2:\n    columns: 2\n"));
    assert_non_null(strstr(said, "threshold: [15, 16]"));
    uint32_t between = 0;
    for (uint32_t i = 0; i < r.net->projection_count; i++)
        between += r.net->projections[i].from == 1 && r.net->projections[i].to == 1;
    assert_int_equal(between, 2);
    st_arena_free(&r.arena);
    free(text);
}

static void hostile_circuits_are_refused_with_their_place(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof circuits / sizeof *circuits; i++) {
        static struct read r;
        struct st_fault f;
        size_t length;
        char folder[] = "/tmp/stoa-doors-XXXXXX";
        char *text = slurp(i < KNP ? "tests/fuzz/corpus/sonata/knp" : "tests/fuzz/corpus/sonata/circuit", &length),
             *bad = replaced(text, circuits[i].from, circuits[i].to);
        read_circuit(&r, bad, &f, folder);
        char *said = st_diags_text(&r.diags, false);
        const char *wanted = circuits[i].says;
        bool found = false;
        for (uint32_t k = 0; k < r.diags.count; k++)
            found |= r.diags.list[k].id == circuits[i].id;
        if (r.net || !found || !strstr(said, wanted))
            fail_msg("'%s': wanted\n%s [%s], and it says\n%s%s", circuits[i].to, wanted, st_diag_name(circuits[i].id),
                     said, f.id ? f.text : "");
        st_arena_free(&r.arena);
        free(text);
        free(bad);
    }
}

/* --- events ------------------------------------------------------------------------------------------------- */

/* A head of AEDAT 4 with its way of packing, 46 bytes. */
#define AEDAT4(how) "#!AER-DAT4.0\r\n\x1c\0\0\0\x10\0\0\0IOHE\6\0\x08\0\4\0\0\0\x08\0\0\0" how "\0\0\0\0\0\0\0"

static const struct {
    const char *name, *says;
    size_t length;
    const char *bytes;
} recordings[] = {
    {"x.bin", "x.bin: /: error: events have 5 bytes each, and 3 are left", 8, "\1\1\0\0\0\1\1\0"},
    {"x.bin", "x.bin: /: error: the event at byte 0 is at column 40, row 1, and the sensor has 34 x 34", 5,
     "\x28\1\0\0\0"},
    {"x.bin", "x.bin: /: error: these 20 bytes can be N-MNIST's events as well as ArNI-X' spikes: say --format n-mnist",
     20, "\5\0\0\0\1\0\0\0\0\0\0\0\2\0\0\0\0\0\0\0"},
    {"arni.bin", "arni.bin: /: error: ArNI-X's spikes begin with their number of neurons, 4 bytes, and the file has 3",
     3, "\1\0\0"},
    {"arni.bin", "arni.bin: /: error: ArNI-X's spikes claim 0 neurons, and 1 to 16777216 are read", 12,
     "\0\0\0\0\0\0\0\0\0\0\0\0"},
    {"arni.bin", "arni.bin: /: error: ArNI-X's spikes claim 4294967295 neurons", 12,
     "\xff\xff\xff\xff\0\0\0\0\0\0\0\0"},
    {"arni.bin",
     "arni.bin: /: error: ArNI-X's spikes of 65 neurons have 16 bytes a tact behind 4 or 8 of a head, and the file has "
     "12",
     12, "\x41\0\0\0\0\0\0\0\0\0\0\0"},
    {"arni.bin", "arni.bin: /: error: tact 1 has a spike of neuron 3, and there are 3", 20,
     "\3\0\0\0\7\0\0\0\0\0\0\0\x08\0\0\0\0\0\0\0"},
    {"x.lst", "x.lst: /: error: what stands in ArNI-X' .lst is not published: let it write spikes as .bin", 4, "0 1\n"},
    {"x.txt", "x.txt: line 2: error: sign 2 is neither '.' (silent) nor '@' (a spike)", 8, ".@.\n.x.\n"},
    {"x.txt", "x.txt: line 2: error: it has 2 neurons, and the first line 3", 7, ".@.\r\n@."},
    {"x.aedat", "x.aedat: /: error: events have 8 bytes each, and 2 are left", 16, "#!AER-DAT2.0\r\n\0\0"},
    {"x.aedat", "x.aedat: /: error: of AEDAT, versions 2, 3.1 and 4 are read; this is '#!AER-DAT5.0'", 14,
     "#!AER-DAT5.0\r\n"},
    {"x.aedat4", "x.aedat4: /: error: its head is cut short, or none", 14, "#!AER-DAT4.0\r\n"},
    {"x.aedat4", "x.aedat4: /: error: its head is cut short, or none", 30,
     "#!AER-DAT4.0\r\n\x00\xca\x9a\x3b\x08\0\0\0IOHE\0\0\0\0"},
    {"x.aedat4", "x.aedat4: /: error: its packets are packed in the way 9", 46, AEDAT4("\x09")},
    {"x.aedat4", "x.aedat4: /: error: the head of the packet at byte 46 is cut short", 50, AEDAT4("\0") "\0\0\0\0"},
    {"x.aedat4", "x.aedat4: /: error: the packet at byte 46 claims 1000000000 bytes, and there are 0", 54,
     AEDAT4("\0") "\0\0\0\0\x00\xca\x9a\x3b"},
    {"x.aedat4", "x.aedat4: /: error: the packet at byte 46: it is no whole LZ4 frame", 58,
     AEDAT4("\1") "\0\0\0\0\4\0\0\0abcd"},
    {"x.aedat4", "x.aedat4: /: error: the packet at byte 46: it is no whole zstd frame", 58,
     AEDAT4("\3") "\0\0\0\0\4\0\0\0abcd"},
    {"x.aedat4", "x.aedat4: /: error: the packet at byte 46 claims more events than it has", 86,
     AEDAT4("\0") "\0\0\0\0\x20\0\0\0\x1c\0\0\0\x10\0\0\0EVTS\6\0\x08\0\4\0\0\0\x08\0\0\0\4\0\0\0\x00\xca\x9a\x3b"},
    {"x.aedat", "x.aedat: /: error: the head of the packet at byte 14 is cut short", 16, "#!AER-DAT3.1\r\n\0\0"},
    {"x.aedat", "x.aedat: /: error: the packet at byte 14 claims 1000000000 events of 8 bytes", 42,
     "#!AER-DAT3.1\r\n\1\0\0\0\x08\0\0\0\4\0\0\0\0\0\0\0\0\0\0\0\x00\xca\x9a\x3b\0\0\0\0"},
    {"x.npy", "x.npy: /: error: its header is cut short, or absurd", 12, "\x93NUMPY\1\0\xff\xff{}"},
    {"x.npy", "x.npy: /: error: its header says no type", 14, "\x93NUMPY\1\0\4\0{}  "},
    {"x.npy", "x.npy: /: error: its numbers are neither", 69,
     "\x93NUMPY\1\0\x3b\0{'descr': '|O8', 'fortran_order': False, 'shape': (2, 2), }  "},
    {"x.npy", "x.npy: /: error: it ends before its content does", 79,
     "\x93NUMPY\1\0\x45\0{'descr': '<i8', 'fortran_order': False, 'shape': (100000, 100000)}  \n"},
    {"x.npy", "x.npy: /: error: its shape is absurd", 99,
     "\x93NUMPY\1\0\x59\0{'descr': '|u1', 'fortran_order': False, 'shape': (1000000000000, 1000000000000)}         \n"},
    {"x.npz", "x.npz: /: error: it is not a whole zip", 8, "PK\3\4\0\0\0\0"},
    {"x", "x: line 2: error: a line is `tick group index`", 12, "0 in 3\n1 in\n"},
    {"x", "x: line 1: error: a line is `tick group index`", 15, "0 in 999999999\n"},
};

static void read_recording(struct read *r, size_t i)
{
    const struct st_event_options o = {.group = "in",
                                       .bin = strcmp(recordings[i].name, "arni.bin") ? ST_BIN_TOLD : ST_BIN_ARNI};
    struct st_events e;
    struct st_fault f;
    st_arena_init(&r->arena);
    if (setjmp(r->arena.full))
        fail_msg("no memory");
    st_diags_init(&r->diags, &r->arena);
    if (st_events_parse(&r->arena, &r->diags, recordings[i].name, recordings[i].bytes, recordings[i].length, &o, &e,
                        &f))
        fail_msg("%zu was read: wanted\n%s", i, recordings[i].says);
}

static void hostile_recordings_are_refused_with_their_place(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof recordings / sizeof *recordings; i++) {
        static struct read r;
        read_recording(&r, i);
        char *said = st_diags_text(&r.diags, false);
        if (!strstr(said, recordings[i].says))
            fail_msg("%zu: wanted\n%s, and it says\n%s", i, recordings[i].says, said);
        st_arena_free(&r.arena);
    }
}

/* --- memory and reads --------------------------------------------------------------------------------------- */

static int calls, fail_at;
static int fail_once(size_t bytes)
{
    (void)bytes;
    return ++calls != fail_at;
}
static int fail_read(int kind)
{
    (void)kind;
    return ++calls != fail_at;
}

/* The n-th allocation, or read, fails: one jump, or a reason, and nothing is lost. True: there was no n-th. */
static bool attempt(const void *bytes, size_t length, int n, bool reads, const char *expected)
{
    struct st_arena a;
    struct st_diags d;
    struct st_fault f;
    struct st_verdicts v;
    volatile bool done = false;
    st_arena_init(&a);
    calls = 0;
    fail_at = n;
    if (setjmp(a.full) == 0) {
        if (reads)
            st_file_hook = fail_read;
        else
            st_alloc_hook = fail_once;
        st_diags_init(&d, &a);
        st_verdicts_init(&v, &a);
        const struct st_net *net = st_door_read_nir(&a, &d, "t.nir", bytes, length, settings, 1, &v, &f);
        char *got = net ? st_net_print(&a, net) : NULL;
        done = true;
        st_alloc_hook = NULL;
        st_file_hook = NULL;
        if (got)
            assert_string_equal(got, expected);
        else
            assert_true(reads && calls >= n && d.errors > 0);
    }
    st_alloc_hook = NULL;
    st_file_hook = NULL;
    st_arena_free(&a);
    assert_true(reads || done == (calls < n));
    return calls < n;
}

static void each_allocation_and_read_fails_once(void **state)
{
    (void)state;
    static struct read r;
    size_t length, text_length;
    char *text = slurp("tests/fuzz/corpus/nir/conv", &text_length);
    void *bytes = st_h5_make(text, text_length, &length);
    read_lines(&r, text, 1);
    char *expected = strdup(st_net_print(&r.arena, r.net));
    st_arena_free(&r.arena);
    st_arena_chunk_bytes = 1;
    for (int reads = 0; reads < 2; reads++) {
        int n = 1;
        while (!attempt(bytes, length, n, reads, expected))
            n++;
        assert_true(n > 20);
    }
    free(expected);
    free(bytes);
    free(text);
}

static void every_id_is_caused(void **state)
{
    (void)state;
    for (int i = 0; i < ST_DIAG_COUNT; i++)
        if (!strcmp(st_diag_stage((enum st_diag_id)i), "door") && !caused[i])
            fail_msg("nothing here causes '%s'", st_diag_name((enum st_diag_id)i));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(good_graphs_are_read),
        cmocka_unit_test(hostile_graphs_are_refused_with_their_place),
        cmocka_unit_test(options_are_asked_for),
        cmocka_unit_test(damaged_files_are_refused),
        cmocka_unit_test(circuits_are_read),
        cmocka_unit_test(hostile_circuits_are_refused_with_their_place),
        cmocka_unit_test(hostile_recordings_are_refused_with_their_place),
        cmocka_unit_test(each_allocation_and_read_fails_once),
        cmocka_unit_test(every_id_is_caused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
