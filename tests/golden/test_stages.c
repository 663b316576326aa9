/* The texts of all stages for CoLaNET in its two forms, and every network that ships on every fabric that can hold it.
 */
#include "compile.h"
#include "file.h"
#include "golden.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <dirent.h>

#include <cmocka.h>

struct bench {
    struct st_arena arena;
    struct st_diags diags;
};

static void open_bench(struct bench *b)
{
    st_arena_init(&b->arena);
    if (setjmp(b->arena.full))
        abort();
    st_diags_init(&b->diags, &b->arena);
}

static char *text_of(struct bench *b, const char *path, size_t *length)
{
    struct st_fault fault;
    char *text;
    if (!st_file_read(&b->arena, path, &text, length, &fault))
        fail_msg("%s", fault.text);
    return text;
}

static const struct st_image *compile(struct bench *b, const char *network, const char *fabric, struct st_compiled *out)
{
    size_t length;
    const char *path = st_arena_printf(&b->arena, "netlists/networks/%s.yaml", network);
    const char *text = text_of(b, path, &length);
    const struct st_net *net = st_net_read(&b->arena, &b->diags, path, text, length, NULL, 0);
    path = st_arena_printf(&b->arena, "netlists/fabrics/%s.yaml", fabric);
    text = text_of(b, path, &length);
    const struct st_fabric *f = st_fabric_read(&b->arena, &b->diags, path, text, length);
    if (!net || !f)
        fail_msg("%s", st_diags_text(&b->diags, false));
    struct st_compile_options options = {.seed = 1};
    return st_compile(&b->arena, &b->diags, net, f, &options, out);
}

static void stages_read_as_approved(void **state)
{
    (void)state;
    static const char *const networks[] = {"colanet", "colanet-short"};
    for (size_t i = 0; i < sizeof networks / sizeof *networks; i++) {
        struct bench b;
        open_bench(&b);
        struct st_compiled out;
        if (!compile(&b, networks[i], "stoa-1-small", &out))
            fail_msg("%s", st_diags_text(&b.diags, false));
        st_golden(st_arena_printf(&b.arena, "quant-%s", networks[i]), st_quant_print(&b.arena, out.quant));
        st_golden(st_arena_printf(&b.arena, "graph-%s", networks[i]), st_graph_print(&b.arena, out.graph));
        st_golden(st_arena_printf(&b.arena, "assign-%s", networks[i]), st_assign_print(&b.arena, out.map.assign));
        st_golden(st_arena_printf(&b.arena, "wire-%s", networks[i]), st_wire_print(&b.arena, out.map.wire));
        st_golden(st_arena_printf(&b.arena, "place-%s", networks[i]), st_place_print(&b.arena, out.map.place));
        st_golden(st_arena_printf(&b.arena, "route-%s", networks[i]), st_route_print(&b.arena, out.map.route));
        st_arena_free(&b.arena);
    }
}

/* The names of a folder's .yaml files, sorted. */
static size_t yaml_files(struct st_arena *a, const char *folder, char **names, size_t room)
{
    DIR *d = opendir(folder);
    assert_non_null(d);
    size_t count = 0;
    for (struct dirent *e; (e = readdir(d)) != NULL && count < room;) {
        size_t length = strlen(e->d_name);
        if (length > 5 && strcmp(e->d_name + length - 5, ".yaml") == 0)
            names[count++] = st_arena_text(a, e->d_name, length - 5);
    }
    closedir(d);
    for (size_t i = 1; i < count; i++)
        for (size_t k = i; k > 0 && strcmp(names[k - 1], names[k]) > 0; k--) {
            char *swap = names[k];
            names[k] = names[k - 1];
            names[k - 1] = swap;
        }
    return count;
}

/* One line a pair: what it takes, or the ids of the reasons. */
static void every_network_on_every_fabric(void **state)
{
    (void)state;
    struct bench all;
    open_bench(&all);
    char *networks[64], *fabrics[64];
    size_t network_count = yaml_files(&all.arena, "netlists/networks", networks, 64);
    size_t fabric_count = yaml_files(&all.arena, "netlists/fabrics", fabrics, 64);
    char *lines = st_arena_printf(&all.arena, "%s", "");
    for (size_t n = 0; n < network_count; n++) {
        bool held = false;
        for (size_t f = 0; f < fabric_count; f++) {
            struct bench b;
            open_bench(&b);
            struct st_compiled out;
            const struct st_image *image = compile(&b, networks[n], fabrics[f], &out);
            lines = st_arena_printf(&all.arena, "%s%s on %s:", lines, networks[n], fabrics[f]);
            if (image)
                lines = st_arena_printf(&all.arena, "%s %u copies of %u x %u tiles, %u cores, %u blocks, %u routes",
                                        lines, image->copy_count, image->region_width, image->region_height,
                                        image->core_count, image->block_count, image->route_count);
            held |= image != NULL;
            bool told[ST_DIAG_COUNT] = {false};
            for (uint32_t i = 0; !image && i < b.diags.count; told[b.diags.list[i++].id] = true)
                if (!b.diags.list[i].warning && !told[b.diags.list[i].id])
                    lines = st_arena_printf(&all.arena, "%s %s", lines, st_diag_name(b.diags.list[i].id));
            lines = st_arena_printf(&all.arena, "%s\n", lines);
            st_arena_free(&b.arena);
        }
        assert_true(held); /* by some fabric */
    }
    st_golden("fits", lines);
    st_arena_free(&all.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(stages_read_as_approved),
        cmocka_unit_test(every_network_on_every_fabric),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
