/* test_report_page.c - the report as a document: well formed, self-contained, the same each time, and nothing that
 * a user wrote gets into it as markup.
 *
 * `test_report_page FILE` writes the page of a made-up CoLaNET run, to be looked at in a browser. */
#include "compare.h"
#include "file.h"
#include "json.h"
#include "report.h"
#include "stoa/draw.h"
#include <ctype.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
/* after those it needs */
#include <cmocka.h>

enum { SIDE = 28, PIXELS = SIDE * SIDE, CLASSES = 10, MICRO = 15, HALF = CLASSES / 2 * MICRO, COPIES = 3, TICKS = 20 };

static struct st_arena arena;

static int arena_open(void **state)
{
    (void)state;
    st_arena_init(&arena);
    return 0;
}

static int arena_close(void **state)
{
    (void)state;
    st_arena_free(&arena);
    return 0;
}

static double draw(uint32_t i) { return st_draw16(st_key(7, 0, ST_DRAW_NOISE, i >> 16), i & 0xffff) / 65536.0; }

/* Something like a stroke for each class, so that the pictures have a shape. */
static double ink(uint32_t class, double x, double y, double wobble)
{
    double angle = class * 0.628 + wobble, cx = 13.5 + 3 * cos(angle * 2), cy = 13.5 + 3 * sin(angle * 3);
    double ring = fabs(hypot(x - cx, y - cy) - 5 - class % 3);
    double bar = fabs((x - 13.5) * cos(angle) + (y - 13.5) * sin(angle));
    double near = fmin(ring, class % 2 ? bar : 9) / 1.6;
    return exp(-near * near);
}

static void learn(struct st_learnt *learnt, uint32_t copy, uint32_t half)
{
    learnt->w = ST_NEW(&arena, int16_t, PIXELS * HALF);
    for (uint32_t n = 0; n < HALF; n++) {
        uint32_t class = half * (CLASSES / 2) + n / MICRO;
        double wobble = draw(copy * 1000 + half * 500 + n) * 0.8 - 0.4;
        for (uint32_t i = 0; i < PIXELS; i++) {
            double noise = draw(n * PIXELS + i + copy * 31) * 40 - 20;
            double edge = hypot(i % SIDE - 13.5, i / SIDE - 13.5) > 13 ? 0 : 1;
            learnt->w[i * HALF + n] = (int16_t)(edge * (-150 + 275 * ink(class, i % SIDE, i / SIDE, wobble) + noise));
        }
    }
}

/* CoLaNET's short form over two cores of a 2 x 2 region: half of the L columns on each, OUT on the second. */
static struct st_image *made_image(void)
{
    struct st_image *m = ST_NEW(&arena, struct st_image, 1);
    *m = (struct st_image){.network = "colanet-tuned",
                           .fabric = "stoa-1-small",
                           .period_ticks = TICKS,
                           .picture_ticks = 10,
                           .region_width = 2,
                           .region_height = 2};
    m->limits = (struct st_limits){.neurons = 128,
                                   .axons = 1024,
                                   .inputs = 1024,
                                   .groups = 8,
                                   .weight_bits = 10,
                                   .resource_bits = 16,
                                   .aux_bits = 16,
                                   .membrane_bits = 20,
                                   .shift_max = 7,
                                   .synapse_bits = 1 << 21,
                                   .delay_slots = 16,
                                   .ring = 1,
                                   .lanes = 16,
                                   .program_words = 256,
                                   .table_words = 1024,
                                   .route_entries = 64,
                                   .mesh_width = 8,
                                   .mesh_height = 8};
    m->readout.population = 1;
    m->receptor_count = 2;
    m->receptors = ST_NEW(&arena, struct st_receptor, 2);
    m->receptors[0] = (struct st_receptor){.name = "pixels", .size = PIXELS, .width = SIDE, .height = SIDE};
    m->receptors[1] = (struct st_receptor){.name = "label", .size = CLASSES, .encoder = ST_ENCODE_LABEL};
    m->population_count = 2;
    m->populations = ST_NEW(&arena, struct st_population, 2);
    m->populations[0] = (struct st_population){.name = "L", .columns = CLASSES, .microcolumns = MICRO, .scale = 1000};
    m->populations[1] = (struct st_population){.name = "OUT", .columns = CLASSES, .microcolumns = 1, .scale = 1000};
    m->core_count = 2;
    m->cores = ST_NEW(&arena, struct st_core, 2);
    struct st_group *groups = ST_NEW(&arena, struct st_group, 3);
    groups[0] = (struct st_group){.count = HALF, .column_size = MICRO, .compete = 1, .host = 1};
    groups[1] = (struct st_group){.count = HALF, .base = HALF, .column_size = MICRO, .compete = 1, .host = 1};
    groups[2] = (struct st_group){.population = 1, .first = HALF, .count = CLASSES, .column_size = 1, .host = 1};
    struct st_table *table = ST_NEW(&arena, struct st_table, 1);
    table->size = 256;
    for (uint16_t c = 0; c < 2; c++) {
        m->cores[c] = (struct st_core){.x = c,
                                       .y = c,
                                       .axon_count = PIXELS + CLASSES * 3u,
                                       .neuron_count = HALF + (c ? CLASSES : 0u),
                                       .group_count = 1u + c,
                                       .weight_count = 2000u + 1000u * c,
                                       .weights = ST_NEW(&arena, int16_t, 3000),
                                       .groups = groups + c};
        m->cores[c].input_count = PIXELS + CLASSES + HALF;
        m->cores[c].inputs = ST_NEW(&arena, uint32_t, m->cores[c].input_count);
        m->cores[c].axons = ST_NEW(&arena, struct st_axon, m->cores[c].axon_count);
        for (uint32_t i = 0; i < m->cores[c].input_count; i++)
            m->cores[c].inputs[i] = i < m->cores[c].axon_count ? i : ST_NONE;
        for (uint32_t i = 0; i < m->cores[c].axon_count; i++)
            m->cores[c].axons[i].next = ST_NONE;
        m->cores[c].plastic = (struct st_plastic){.axons = PIXELS,
                                                  .count = HALF,
                                                  .has_resource = 1,
                                                  .words = 96,
                                                  .tables = 1,
                                                  .table = table,
                                                  .rule = "colanet"};
    }
    m->block_count = 4;
    m->blocks = ST_NEW(&arena, struct st_block, 4);
    m->blocks[0] = (struct st_block){.receptor = 0, .count = PIXELS};
    m->blocks[1] = (struct st_block){.receptor = 1, .count = CLASSES};
    m->blocks[2] = (struct st_block){.receptor = ST_NONE, .core = 0, .count = HALF};
    m->blocks[3] = (struct st_block){.receptor = ST_NONE, .core = 1, .group = 1, .count = CLASSES};
    static const struct st_route routes[] = {
        {0, 0, 0, ST_PORT_LOCAL | ST_PORT_EAST, 0},
        {0, 0, 1, ST_PORT_LOCAL | ST_PORT_EAST, PIXELS},
        {0, 0, 2, ST_PORT_WEST | ST_PORT_SOUTH, ST_NONE},
        {0, 0, 3, ST_PORT_WEST, ST_NONE},
        {1, 0, 0, ST_PORT_SOUTH, ST_NONE},
        {1, 0, 1, ST_PORT_SOUTH, ST_NONE},
        {1, 0, 3, ST_PORT_WEST, ST_NONE},
        {0, 1, 2, ST_PORT_EAST, ST_NONE},
        {1, 1, 0, ST_PORT_LOCAL, 0},
        {1, 1, 1, ST_PORT_LOCAL, PIXELS},
        {1, 1, 2, ST_PORT_LOCAL, PIXELS + CLASSES},
        {1, 1, 3, ST_PORT_NORTH, ST_NONE},
    };
    m->route_count = sizeof routes / sizeof *routes;
    m->routes = ST_NEW(&arena, struct st_route, m->route_count);
    memcpy(m->routes, routes, sizeof routes);
    static const struct st_cost costs[] = {
        {"synaptic_operation", 1.7, "pJ", "Merolla et al., Science 345 (2014), scaled to 28 nm", 1},
        {"neuron_update", 4.2, "pJ", "own synthesis estimate", 0},
        {"learning_operation", 3.1, "pJ", "own synthesis estimate", 0},
        {"spike", 6, "pJ", "Davies et al., IEEE Micro 38 (2018), table 1", 1},
        {"hop", 4, "pJ", "Davies et al., IEEE Micro 38 (2018), table 1", 1},
        {"idle", 0.9, "nJ", "", 0},
        {"tick", 200, "ns", "barrier of the mesh, own estimate", 0},
        {"clock", 2, "ns", "500 MHz, own target", 0},
    };
    m->cost_count = sizeof costs / sizeof *costs;
    m->costs = ST_NEW(&arena, struct st_cost, m->cost_count);
    memcpy(m->costs, costs, sizeof costs);
    m->copy_count = COPIES;
    m->copies = ST_NEW(&arena, struct st_copy, COPIES);
    for (uint32_t c = 0; c < COPIES; c++) {
        m->copies[c].learnt = ST_NEW(&arena, struct st_learnt, 2);
        learn(&m->copies[c].learnt[0], c, 0);
        learn(&m->copies[c].learnt[1], c, 1);
    }
    return m;
}

static struct st_result *made_result(void)
{
    struct st_result *r = ST_NEW(&arena, struct st_result, 1);
    *r = (struct st_result){.experiment = "mnist-one-epoch",
                            .network = "colanet-tuned",
                            .fabric = "stoa-1-small",
                            .dataset = "MNIST",
                            .seed = 1,
                            .copies = COPIES,
                            .classes = CLASSES,
                            .trained = 60000,
                            .tested = 10000,
                            .train_seconds = 1.7,
                            .threads = 1,
                            .variant = "avx2",
                            .accuracy = 0.9572,
                            .silent = 12};
    r->copy_accuracy = ST_NEW(&arena, double, COPIES);
    for (uint32_t i = 0; i < COPIES; i++)
        r->copy_accuracy[i] = 0.943 + 0.001 * i;
    r->confusion = ST_NEW(&arena, uint32_t, CLASSES * (CLASSES + 1));
    for (uint32_t i = 0; i < CLASSES; i++)
        for (uint32_t k = 0; k <= CLASSES; k++) {
            double d = draw(i * 11 + k);
            r->confusion[i * (CLASSES + 1) + k] = k == i ? 940 + (uint32_t)(50 * d) : (uint32_t)(30 * d * d * d * d);
        }
    r->confusion[4 * (CLASSES + 1) + 9] = 41;
    r->command = "stoa train mnist --seed 1 --copies 3";
    r->voted.sum = ST_NEW(&arena, int64_t, CLASSES * CLASSES);
    for (uint32_t i = 0; i < CLASSES * CLASSES; i++)
        r->voted.sum[i] = i % (CLASSES + 1) ? (int64_t)(9000 * draw(i)) - 500 : 90000;
    for (uint32_t i = 0; i < ST_VOTED_SHARES; i++) {
        r->voted.right[i] = i * i * 4;
        r->voted.wrong[i] = i * 3;
    }
    r->curve_count = 60;
    r->curve_step = 1000;
    r->curve = ST_NEW(&arena, double, 60);
    for (uint32_t i = 0; i < 60; i++)
        r->curve[i] = 0.947 - 0.33 * exp(-(double)i / 7) + 0.012 * (draw(900 + i) - 0.5);
    r->train = (struct st_counters){.presentations = 180000,
                                    .ticks = 3600000,
                                    .axon_events = 184000000,
                                    .synaptic_operations = 27600000000,
                                    .neuron_updates = 576000000,
                                    .spikes = 3400000,
                                    .packets = 190000000,
                                    .hops = 420000000,
                                    .programs = 900000,
                                    .learning_operations = 8400000000};
    r->test = (struct st_counters){.presentations = 30000,
                                   .ticks = 600000,
                                   .axon_events = 30700000,
                                   .synaptic_operations = 4600000000,
                                   .neuron_updates = 96000000,
                                   .spikes = 310000,
                                   .packets = 31000000,
                                   .hops = 70000000};
    r->raster_width = r->raster_height = SIDE;
    r->raster_label = 3;
    r->raster_picture = ST_NEW(&arena, uint8_t, PIXELS);
    for (uint32_t i = 0; i < PIXELS; i++)
        r->raster_picture[i] = (uint8_t)(255 * ink(3, i % SIDE, i / SIDE, 0));
    r->raster = ST_NEW(&arena, struct st_host_spike, 64);
    for (uint32_t i = 0; i < 40; i++) {
        uint32_t class = i % 4 ? 3 : (uint32_t)(10 * draw(i + 40));
        r->raster[r->raster_count++] =
            i % 3 ? (struct st_host_spike){400 + 2 + i / 4, 0, class * MICRO + (uint32_t)(MICRO * draw(i)), 50}
                  : (struct st_host_spike){400 + 3 + i / 4, 1, class, 900};
    }
    return r;
}

static const struct st_published published[] = {
    {"ensemble of 15, 15 microcolumns", 0.9436, "Larionov, conference slides, 2025-11-13"}};

static struct st_report_input made_input(void)
{
    return (struct st_report_input){
        .image = made_image(), .result = made_result(), .published = published, .published_count = 1};
}

/* --- a small judge of XML ----------------------------------------------------------------------------------- */

struct judge {
    const char *at;
    char open[64][16];
    int depth;
};

static void expect(bool good, const char *what, const char *at)
{
    if (!good)
        fail_msg("%s at: %.60s", what, at);
}

static void entity(const char *p)
{
    static const char *const known[] = {"&amp;", "&lt;", "&gt;", "&quot;", "&#39;"};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (!strncmp(p, known[i], strlen(known[i])))
            return;
    expect(false, "a bare &", p);
}

static const char *attributes(const char *p)
{
    while (*p == ' ') {
        p += 1;
        if (*p == '/')
            break;
        const char *name = p;
        while (isalpha((unsigned char)*p) || *p == '-' || isdigit((unsigned char)*p))
            p++;
        expect(p > name && p[0] == '=' && p[1] == '"', "an attribute without a quoted value", name);
        for (p += 2; *p && *p != '"'; p++) {
            expect(*p != '<', "a < in an attribute", name);
            if (*p == '&')
                entity(p);
        }
        expect(*p == '"', "an attribute that does not end", name);
        p++;
    }
    return p;
}

static void element(struct judge *j)
{
    const char *p = j->at + 1;
    bool closing = *p == '/';
    char name[16];
    size_t n = 0;
    p += closing;
    while (isalnum((unsigned char)*p) && n < sizeof name - 1)
        name[n++] = *p++;
    name[n] = 0;
    expect(n > 0, "a bare <", j->at);
    if (closing) {
        expect(*p == '>' && j->depth > 0 && !strcmp(j->open[j->depth - 1], name), "an end without its begin", j->at);
        j->depth--;
    } else {
        p = attributes(p);
        if (p[0] == '/') {
            p++;
        } else {
            expect(j->depth < 64, "nested too deep", j->at);
            strcpy(j->open[j->depth++], name);
        }
        expect(*p == '>', "an element that does not end", j->at);
    }
    j->at = p + 1;
}

static void is_well_formed(const char *html)
{
    static const char first[] = "<!DOCTYPE html>\n";
    struct judge j = {.at = html + sizeof first - 1};
    assert_true(!strncmp(html, first, sizeof first - 1));
    while (*j.at) {
        if (!strncmp(j.at, "<![CDATA[", 9)) {
            const char *end = strstr(j.at, "]]>");
            expect(end != NULL, "a script that does not end", j.at);
            j.at = end + 3;
            continue;
        }
        if (*j.at == '<') {
            element(&j);
            continue;
        }
        expect(*j.at != '>', "a bare >", j.at);
        if (*j.at == '&')
            entity(j.at);
        j.at++;
    }
    expect(j.depth == 0, "an element that is never closed", j.at);
}

/* One script, which is the page's own: nothing that anybody else wrote stands in it. */
static void has_one_script(const char *html)
{
    const char *first = strstr(html, "<script");
    assert_non_null(first);
    assert_true(!strncmp(first, "<script>\n//<![CDATA[\n/* page.js", 31));
    assert_null(strstr(first + 1, "<script"));
}

/* --- tests -------------------------------------------------------------------------------------------------- */

static void page_is_well_formed_and_alone(void **state)
{
    (void)state;
    size_t length, again;
    if (setjmp(arena.full))
        fail();
    struct st_report_input in = made_input();
    char *html = st_report_html(&arena, &in, &length);
    assert_int_equal(strlen(html), length);
    is_well_formed(html);
    has_one_script(html);
    assert_non_null(strstr(html, "content=\"default-src 'none'; img-src data:;"));
    assert_null(strstr(html, "<link"));
    assert_null(strstr(html, "http:"));
    assert_null(strstr(html, "https:"));
    assert_null(strstr(html, "@import"));
    assert_null(strstr(html, ">nan"));
    assert_null(strstr(html, "\"nan"));
    static const char *const needed[] = {"95.72",
                                         "94.40",
                                         "94.36",
                                         "Larionov",
                                         "id=\"confusion\"",
                                         "id=\"votes\"",
                                         "<code>stoa train mnist --seed 1 --copies 3</code>",
                                         "<td>Stoa " ST_VERSION "</td>",
                                         ("95 to 100\xe2\x80\xaf% of the votes: 1\xe2\x80\xaf"
                                          "444 right"),
                                         "Bars are as high as the square root",
                                         "Activity over time",
                                         "<title>tick 4: ",
                                         "data-name=\"OUT\"",
                                         "id=\"curve\"",
                                         "id=\"fields\"",
                                         "id=\"raster\"",
                                         "id=\"memory\"",
                                         "id=\"routing\"",
                                         "id=\"traffic\"",
                                         "id=\"energy\"",
                                         "rests on coefficients without a cited source",
                                         "data:image/png;base64,iVBOR",
                                         "prefers-color-scheme:dark",
                                         "@media print",
                                         "<td class=\"names\">L</td>",
                                         "<td class=\"names\">L, OUT</td>"};
    for (size_t i = 0; i < sizeof needed / sizeof *needed; i++)
        if (!strstr(html, needed[i]))
            fail_msg("the page lacks %s", needed[i]);
    char *same = st_report_html(&arena, &in, &again);
    assert_int_equal(again, length);
    assert_memory_equal(same, html, length);
}

static void page_without_a_run(void **state)
{
    (void)state;
    size_t length;
    if (setjmp(arena.full))
        fail();
    struct st_report_input in = {.image = made_image()};
    is_well_formed(st_report_html(&arena, &in, &length));
    struct st_image bare = {.network = "", .fabric = ""};
    in.image = &bare;
    is_well_formed(st_report_html(&arena, &in, &length));
    struct st_result nothing = {.accuracy = NAN, .copies = 1};
    in.result = &nothing;
    is_well_formed(st_report_html(&arena, &in, &length));
}

/* A mesh of side x side tiles, a core on each, blocks on every link; what has learnt is on the first two. */
static void grow(struct st_image *m, uint32_t side, uint32_t copies)
{
    uint32_t cores = side * side, two = m->core_count;
    struct st_core *core = ST_NEW(&arena, struct st_core, cores);
    struct st_copy *copy = ST_NEW(&arena, struct st_copy, copies);
    for (uint32_t c = 0; c < cores; c++) {
        core[c] = m->cores[c < two ? c : two - 1];
        core[c].x = (uint16_t)(c % side);
        core[c].y = (uint16_t)(c / side);
        if (c >= two)
            core[c].plastic = (struct st_plastic){.excess_scalar = -1};
    }
    for (uint32_t k = 0; k < copies; k++) {
        copy[k].learnt = ST_NEW(&arena, struct st_learnt, cores);
        learn(&copy[k].learnt[0], k, 0);
        learn(&copy[k].learnt[1], k, 1);
    }
    m->cores = core;
    m->core_count = cores;
    m->copies = copy;
    m->copy_count = copies;
    m->region_width = m->region_height = m->limits.mesh_width = m->limits.mesh_height = (uint16_t)side;
    m->route_count = 2 * cores;
    m->routes = ST_NEW(&arena, struct st_route, m->route_count);
    for (uint32_t i = 0; i < m->route_count; i++) {
        bool ends = i / 2 < two && i % 2 == 0; /* the pixels */
        m->routes[i] =
            (struct st_route){core[i / 2].x, core[i / 2].y, (uint16_t)(i % 2),
                              ST_PORT_EAST | ST_PORT_WEST | ST_PORT_NORTH | ST_PORT_SOUTH | (ends ? ST_PORT_LOCAL : 0),
                              ends ? 0 : ST_NONE};
    }
}

/* However much there is to show, the page can be sent about; and it says what it does not show, which is the least. */
static void page_has_an_end(void **state)
{
    (void)state;
    static const struct {
        uint32_t side, copies, spikes;
        const char *says[3], *keeps; /* sentences; a section that must be whole */
    } cases[] = {
        {2, 40, 12, {"more copies are left out, or the page would be too large"}, "<h3>Core by core</h3>"},
        {25, 1, 12, {"of 625 cores, or the page would be too large"}, "aria-label=\"tiles and links\""},
        {40,
         40,
         50000,
         {"of 1600 cores, or the page would be too large", "This section is left out: it takes ",
          "more copies are left out, or the page would be too large"},
         "<h3>L from pixels: "},
    };
    if (setjmp(arena.full))
        fail();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        size_t length;
        struct st_report_input in = made_input();
        struct st_image *m = made_image();
        struct st_result *r = made_result();
        grow(m, cases[i].side, cases[i].copies);
        struct st_host_spike *many = ST_NEW(&arena, struct st_host_spike, cases[i].spikes);
        for (uint32_t k = 0; k < cases[i].spikes; k++)
            many[k] =
                (struct st_host_spike){.tick = k % TICKS, .population = 0, .index = k / TICKS % (CLASSES * MICRO)};
        r->raster = many;
        r->raster_count = cases[i].spikes;
        in.image = m;
        in.result = r;
        char *html = st_report_html(&arena, &in, &length);
        printf("figure: a page of %u cores and %u copies has %zu bytes\n", m->core_count, m->copy_count, length);
        assert_true(length < 2000000);
        is_well_formed(html);
        for (int k = 0; k < 3 && cases[i].says[k]; k++)
            if (!strstr(html, cases[i].says[k]))
                fail_msg("the page of %u cores does not say: %s", m->core_count, cases[i].says[k]);
        assert_non_null(strstr(html, cases[i].keeps));
        static const char *const sections[] = {"summary", "confusion", "votes",   "curve",   "fields",
                                               "raster",  "memory",    "routing", "traffic", "energy"};
        for (size_t k = 0; k < sizeof sections / sizeof *sections; k++) /* the list of sections leads to each */
            if (!strstr(html, st_arena_printf(&arena, "<section id=\"%s\"", sections[k])) ||
                !strstr(html, st_arena_printf(&arena, "<a href=\"#%s\">", sections[k])))
                fail_msg("the page of %u cores has no section %s", m->core_count, sections[k]);
    }
}

/* A sequence of tasks: each number of the matrix, the summary in both definitions, names that are hostile; and sizes
 * beyond what a table shows. */
static void tasks_are_a_matrix(void **state)
{
    (void)state;
    enum { MANY = 70 };
    static char evil[] = "<b>&\"'>";
    size_t length;
    if (setjmp(arena.full))
        fail();
    struct st_report_input in = made_input();
    struct st_result *r = made_result();
    const char *names[MANY];
    uint32_t classes[MANY], task[MANY];
    uint64_t learnt[MANY];
    static struct st_score at[MANY * MANY];
    for (uint32_t tasks = 2; tasks <= MANY; tasks += MANY - 2) {
        for (uint32_t i = 0; i < tasks; i++) {
            names[i] = i ? evil : "first";
            classes[i] = 10;
            task[i] = i;
            learnt[i] = 1000 + i * (tasks == 2 ? 59000 : 1000);
            for (uint32_t j = 0; j < tasks; j++)
                at[i * tasks + j] = j > i ? (struct st_score){NAN, NAN, NAN, .asked = 0}
                                          : (struct st_score){0.9312 - 0.001 * (i - j), 0.8888,      0.95,
                                                              .deviation = 0.0123,      .asked = 90, .silent = 3};
        }
        r->scores = (struct st_scores){tasks, tasks, tasks, names, classes, learnt, task, at, .copies = 2};
        struct st_measured m = st_measured_empty(&arena, &r->scores, "spikes", 2);
        m.of[0] = m.of[1] = evil;
        m.row[tasks - 1] = true;
        m.sum[((size_t)(tasks - 1) * tasks + 1) * 2] = 1234567;
        r->scores.measured = &m;
        r->scores.measured_count = 1;
        struct st_album_page pages[2] = {
            {.learnt = 1000, .task = 0, .largest = 1},
            {.learnt = 2000, .task = 1, .mean = 1, .deviation = 0.5, .highest = 2, .largest = 9}};
        int32_t rise[2][6] = {{0}, {0, 3, -4, 0, 500, 0}};
        uint32_t shown[4] = {0, 1, 2, 0};
        uint8_t shades[4 * 12];
        memset(shades, 200, sizeof shades);
        for (int i = 0; i < 2; i++) {
            pages[i].rise = rise[i];
            pages[i].who = shown;
            pages[i].picture = shades;
        }
        r->album = (struct st_album){.population = evil,
                                     .unit = 256,
                                     .columns = 2,
                                     .microcolumns = 3,
                                     .a_column = 2,
                                     .width = 4,
                                     .height = 3,
                                     .every = 1,
                                     .count = 2,
                                     .room = 2,
                                     .page = pages};
        r->moves = st_moves_open(&arena, in.image->populations[0].name, 2, 300);
        for (r->moves.count = 0; r->moves.count < (tasks == 2 ? 3 : 300); r->moves.count++) {
            struct st_move *k = &r->moves.move[r->moves.count];
            *k = (struct st_move){.at = 1000 * r->moves.count, .from = 1, .to = 0, .who = k->who};
            k->who[0] = 17;
            k->who[1] = 18;
        }
        r->published = 0.8967;
        r->published_what = r->published_source = evil;
        r->published_forgetting = 0.0275;
        in.result = r;
        char *html = st_report_html(&arena, &in, &length);
        is_well_formed(html);
        assert_null(strstr(html, "<b>&"));
        assert_non_null(strstr(html, "Who learnt which task"));
        assert_non_null(strstr(html, "88.88<small>\xc2\xb1"
                                     "1.23</small>"));
        assert_non_null(strstr(html, "3<small>of 90</small>"));
        assert_non_null(strstr(html, "1\xe2\x80\xaf"
                                     "234\xe2\x80\xaf"
                                     "567 <small>(6859)</small>"));
        assert_null(strstr(html, ">nan"));
        assert_non_null(strstr(html, "<td class=\"n\">1</td><td class=\"n\">0</td><td>17, 18</td>"));
        assert_int_equal(tasks > 2, strstr(html, "The first 200 of 300") != NULL);
        static const char *const needed[] = {"id=\"tasks\"", "93.12", "93.02", "88.88",
                                             "89.67",        "2.75",  "first", "Each task"};
        for (size_t i = 0; i < sizeof needed / sizeof *needed; i++)
            if (!strstr(html, needed[i]))
                fail_msg("the page of %u tasks lacks %s", tasks, needed[i]);
        assert_int_equal(tasks > 30, strstr(html, "result.json has all") != NULL);
        /* The last task is asked about only once: a dot at the end of the axis. */
        assert_non_null(strstr(html, "cx=\"756.0\""));
        /* The curve has 60 000 pictures: a line after each task but the last, none at its end or beyond; a name only
         * where there is room. */
        uint32_t lines = 0;
        for (const char *at_line = html; (at_line = strstr(at_line, "<line class=\"border\"")); at_line++)
            lines++;
        assert_int_equal(lines, tasks == 2 ? 1 : 59);
        assert_non_null(strstr(html, tasks == 2 ? "x1=\"67.7\" x2=\"67.7\"" : "x1=\"744.3\" x2=\"744.3\""));
        assert_int_equal(tasks == 2, strstr(html, "x=\"411.8\" y=\"246\"") != NULL);
    }
}

/* Every text that a user can write, made hostile; and indices that point nowhere. */
static void page_escapes_what_users_wrote(void **state)
{
    (void)state;
    static char evil[] = "<b>&amp;\"'><script>x</script>";
    size_t length;
    if (setjmp(arena.full))
        fail();
    struct st_report_input in = made_input();
    struct st_image *m = made_image();
    struct st_result *r = made_result();
    const struct st_published others[] = {{evil, 0.5, evil}};
    m->network = m->fabric = evil;
    for (uint32_t i = 0; i < m->receptor_count; i++)
        m->receptors[i].name = evil;
    for (uint32_t i = 0; i < m->population_count; i++)
        m->populations[i].name = evil;
    for (uint32_t i = 0; i < m->cost_count; i++)
        m->costs[i].key = m->costs[i].unit = m->costs[i].source = evil;
    r->command = r->experiment = r->network = r->fabric = r->dataset = r->variant = evil;
    r->raster_label = UINT32_MAX;
    r->raster[0].population = 999;
    r->raster[1].index = UINT32_MAX;
    in = (struct st_report_input){.image = m, .result = r, .published = others, .published_count = 1};
    char *html = st_report_html(&arena, &in, &length);
    is_well_formed(html);
    has_one_script(html);
    assert_null(strstr(html, "<b>&amp;\""));
    int seen = 0;
    for (const char *p = html; (p = strstr(p, "&lt;b&gt;&amp;amp;&quot;&#39;&gt;&lt;script&gt;")); p++)
        seen++;
    /* title and heading twice, the run's five rows and its kernels, published twice, two in the fields' heading, two
     * in the raster and again for its script and for activity, one and two on the cores and twice on their tiles, ten
     * on links, three a coefficient */
    assert_int_equal(seen, 4 + 6 + 2 + 2 + 6 + 3 + 3 + 3 + 10 + 3 * 8);
}

static void many_classes_become_a_list(void **state)
{
    (void)state;
    size_t length;
    if (setjmp(arena.full))
        fail();
    struct st_report_input in = made_input();
    struct st_result *r = made_result();
    r->classes = 200;
    r->confusion = ST_NEW(&arena, uint32_t, 200 * 201);
    r->confusion[7 * 201 + 200] = 77;
    r->confusion[8 * 201 + 3] = 78;
    in.result = r;
    char *html = st_report_html(&arena, &in, &length);
    is_well_formed(html);
    const char *first = strstr(html, ">78<"), *second = strstr(html, ">silent</td><td class=\"n\">77<");
    assert_true(first && second && first < second);
}

static double number_at(const struct st_json *j, const char *a, const char *b)
{
    double x = NAN;
    assert_true(st_json_double(st_json_get(st_json_get(j, a), b), &x));
    return x;
}

static void json_says_the_same(void **state)
{
    (void)state;
    size_t length;
    struct st_fault f = {.id = ST_OK};
    if (setjmp(arena.full))
        fail();
    struct st_report_input in = made_input();
    char *text = st_report_json(&arena, &in, &length);
    const struct st_json *j = st_json_parse(&arena, "report", text, length, &f);
    if (!j)
        fail_msg("%s", f.text);
    assert_true(number_at(j, "accuracy", "ensemble") == 0.9572);
    assert_true(number_at(j, "routing", "busiest_link") == 2);
    assert_true(number_at(j, "routing", "fullest_link") > 2 && number_at(j, "routing", "hops") > 2);
    const struct st_json *routing = st_json_get(j, "routing");
    assert_int_equal(st_json_get(routing, "arrived")->count, 2);
    assert_non_null(st_json_get(routing, "pairs"));
    assert_int_equal(st_json_get(st_json_get(j, "memory_bits"), "cores")->count, 2);
    assert_int_equal(st_json_get(j, "coefficients")->count, 8);
    /* 153333.3 x 1.7 + 3200 x 4.2 + 10.33 x 6 + 2333.3 x 4 + 40 x 900 */
    double total = number_at(j, "energy_evaluation", "total_pj");
    assert_true(fabs(total - (4.6e9 / 3e4 * 1.7 + 3200 * 4.2 + 31e4 / 3e4 * 6 + 7e7 / 3e4 * 4 + 40 * 900)) < 1e-6);
    /* the result inside is the one that a run's folder holds */
    struct st_text alone;
    st_text_init(&alone, &arena);
    st_result_json(&alone, in.result);
    assert_non_null(strstr(text, st_arena_text(&arena, alone.at, alone.length - 1)));

    in = (struct st_report_input){.image = made_image()};
    text = st_report_json(&arena, &in, &length);
    assert_non_null(st_json_parse(&arena, "report", text, length, &f));
}

/* A run on spikes: written, read back, priced on the page; anything else is refused by name. */
static void run_is_read_back(void **state)
{
    (void)state;
    struct st_fault f;
    size_t length;
    if (setjmp(arena.full))
        fail();
    const struct st_image *m = made_image();
    struct st_counters *cores = ST_NEW(&arena, struct st_counters, m->core_count);
    cores[0] = (struct st_counters){.ticks = 100, .spikes = 11, .synaptic_operations = 4321};
    const struct st_ran run = {
        .network = m->network,
        .fabric = m->fabric,
        .ran_on = "sim \"x\" <b>",
        .first_tick = 7,
        .counters = {.ticks = 100, .spikes = 12, .synaptic_operations = 5000, .neuron_updates = 900},
        .cores = cores,
        .core_count = m->core_count};
    struct st_ran back;
    struct st_text t;
    st_text_init(&t, &arena);
    st_text_put(&t, "{\n");
    st_run_json(&t, m, &run);
    st_text_put(&t, "\n}\n");
    if (!st_run_read(&arena, "run", t.at, t.length, &back, &f))
        fail_msg("%s", f.text);
    assert_string_equal(back.ran_on, run.ran_on);
    assert_int_equal(back.first_tick, 7);
    assert_memory_equal(&back.counters, &run.counters, sizeof run.counters);
    assert_int_equal(back.core_count, m->core_count);
    assert_memory_equal(back.cores, cores, m->core_count * sizeof *cores);
    struct st_report_input in = {.image = m, .run = &back, .date = "2026-01-02"};
    const char *page = st_report_html(&arena, &in, &length);
    is_well_formed(page);
    assert_non_null(strstr(page, "energy of the run"));
    assert_non_null(strstr(page, "<td class=\"n\">11</td><td class=\"n\">4\xe2\x80\xaf"
                                 "321</td>"));
    assert_non_null(strstr(page, "The host's packets"));
    assert_non_null(strstr(page, "sim &quot;x&quot; &lt;b&gt;"));
    assert_non_null(strstr(page, "2026-01-02"));
    const char *text = st_report_json(&arena, &in, &length);
    const struct st_json *j = st_json_parse(&arena, "report", text, length, &f);
    assert_non_null(j);
    assert_true(number_at(j, "energy_run", "total_pj") >= 5000 * 1.7);

    static const char *const wrong[][2] = {{"{}", "is no run"},
                                           {"{\"stoa_run\": 2}", "version 2"},
                                           {"{\"stoa_run\": 1, \"network\": \"a\", \"fabric\": 3}", "not a string"},
                                           {"{\"stoa_run\": 1, \"network\": \"a\", \"fabric\": \"b\", \"ran_on\": "
                                            "\"c\", \"first_tick\": 0, \"counters\": {\"ticks\": -1}}",
                                            "no whole number"}};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        assert_false(st_run_read(&arena, "run", wrong[i][0], strlen(wrong[i][0]), &back, &f));
        assert_non_null(strstr(f.text, wrong[i][1]));
    }
    char *of_cores = strstr(t.at, "\"cores\"");
    assert_non_null(of_cores);
    strstr(of_cores, "presentations")[0] = 'P';
    assert_false(st_run_read(&arena, "run", t.at, t.length, &back, &f));
    assert_non_null(strstr(f.text, "'presentations' is missing"));
    of_cores[1] = 'C'; /* a file of before */
    assert_true(st_run_read(&arena, "run", t.at, t.length, &back, &f));
    assert_null(back.cores);
}

static int left; /* allocations that still succeed */

static int count_down(size_t bytes)
{
    (void)bytes;
    return left-- > 0;
}

/* Every allocation fails once: the report leaves by the arena's door, and nothing is lost on the way. */
static void out_of_memory_is_one_jump(void **state)
{
    (void)state;
    size_t length;
    if (setjmp(arena.full))
        fail();
    struct st_report_input in = made_input();
    struct st_image *m = made_image();
    m->copy_count = 0; /* the pictures of the raster are enough */
    in.image = m;
    volatile int jumps = 0;
    for (volatile bool done = false; !done; jumps++) {
        struct st_arena other;
        st_arena_init(&other);
        if (!setjmp(other.full)) {
            left = jumps;
            st_alloc_hook = count_down;
            is_well_formed(st_report_html(&other, &in, &length));
            done = true;
        }
        st_alloc_hook = NULL;
        st_arena_free(&other);
    }
    assert_true(jumps > 5);
}

/* Mappings side by side: who is best is told from the definition, and the page stands whatever names say. */
static void mappings_are_judged_and_drawn(void **state)
{
    (void)state;
    size_t length;
    struct st_candidate c[] = {
        {.fabric = "few", .cores = 2, .links = 50, .energy_pj = 3000, .tick_ns = 2000},
        {.fabric = "both", .cores = 4, .links = 20, .energy_pj = NAN, .tick_ns = NAN},
        {.fabric = "worse", .cores = 4, .links = 21, .energy_pj = 1, .tick_ns = 1},
        {.fabric = "equal", .cores = 4, .links = 20, .energy_pj = 1, .tick_ns = 1},
        {.fabric = "<no> & \"no\"", .cores = 0, .links = 0, .refused = "there is <nothing> & \"no\" room"},
        {.fabric = "short", .cores = 9, .links = 3, .energy_pj = 1, .tick_ns = 1},
    };
    const bool best[] = {true, true, false, true, false, true};
    const uint32_t count = sizeof c / sizeof *c;
    st_candidates_judge(c, count);
    for (uint32_t i = 0; i < count; i++)
        assert_int_equal(c[i].best, best[i]);
    const char *html = st_candidates_html(&arena, "a <net>", c, count, &length);
    assert_int_equal(strlen(html), length);
    is_well_formed(html);
    assert_non_null(strstr(html, "there is &lt;nothing&gt; &amp; "));
    assert_non_null(
        strstr(st_candidates_json(&arena, "a <net>", c, count, &length), "there is <nothing> & \\\"no\\\""));
    assert_non_null(strstr(st_candidates_text(&arena, "a <net>", c, count, &length), "* both"));
    for (uint32_t i = 0; i < count; i++)
        c[i].refused = "no";
    st_candidates_judge(c, count);
    is_well_formed(st_candidates_html(&arena, "none", c, count, &length));
    is_well_formed(st_candidates_html(&arena, "none", c, 0, &length));
}

static int write_page(const char *path)
{
    struct st_fault f;
    size_t length;
    st_arena_init(&arena);
    if (setjmp(arena.full))
        return 1;
    struct st_report_input in = made_input();
    char *html = st_report_html(&arena, &in, &length);
    bool good = st_file_write(path, html, length, &f);
    st_arena_free(&arena);
    return good ? 0 : 1;
}

int main(int argc, char **argv)
{
    if (argc == 2)
        return write_page(argv[1]);
#define T(test) cmocka_unit_test_setup_teardown(test, arena_open, arena_close)
    const struct CMUnitTest tests[] = {
        T(page_is_well_formed_and_alone),
        T(mappings_are_judged_and_drawn),
        T(page_without_a_run),
        T(page_has_an_end),
        T(tasks_are_a_matrix),
        T(page_escapes_what_users_wrote),
        T(many_classes_become_a_list),
        T(json_says_the_same),
        T(run_is_read_back),
        T(out_of_memory_is_one_jump),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
