/* test_grids.c - files of networks for grids of digital cores that are not what they should be: each is refused with
 * file, place and the diagnostic that is meant. Good ones: tests/doors/doors.py. */
#include "corpus_text.h"
#include "door.h"
#include "events.h"
#include "file.h"
#include "folder_make.h"

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
    assert_int_equal(done, calls < n);
    return calls >= n;
}

static void each_allocation_fails_once(void **state)
{
    (void)state;
    static const char *const files[][2] = {{"ranc/json", "input.json"}, {"ranc/mem", "csram_000.mem"}};
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
    const struct CMUnitTest tests[] = {cmocka_unit_test(hostile_files_are_refused_with_their_place),
                                       cmocka_unit_test(each_allocation_fails_once)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
