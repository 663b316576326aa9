/* Images as bytes and as text: nothing is lost either way, and nothing that is broken gets in. */
#include "bytes.h"
#include "file.h"
#include "image_io.h"
#include "models.h"
#include "random_image.h"
#include "image_test.h"
#include "text.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

enum { SEEDS = 300 };

/* pack(unpack(pack(x))) == pack(x), and pack(parse(dump(x))) == pack(x), and the text is the same too. */
static void round_trip(uint64_t seed)
{
    ARENA(a);
    struct st_fault f = {0};
    size_t n, n2, n3, t, t2;
    const struct st_image *x = random_image(&a, seed / 2, seed % 2);
    if (!st_image_check(x, &f))
        fail_msg("seed %llu: %s", (unsigned long long)seed, f.text);
    const unsigned char *bytes = st_image_pack(&a, x, &n);
    const struct st_image *y = st_image_unpack(&a, bytes, n, &f);
    if (!y)
        fail_msg("seed %llu: %s", (unsigned long long)seed, f.text);
    const unsigned char *bytes2 = st_image_pack(&a, y, &n2);
    same_bytes(bytes, n, bytes2, n2, seed);
    const char *text = st_image_dump(&a, x, &t);
    const struct st_image *z = st_image_parse(&a, text, t, &f);
    if (!z)
        fail_msg("seed %llu: %s\n%s", (unsigned long long)seed, f.text, text);
    const unsigned char *bytes3 = st_image_pack(&a, z, &n3);
    same_bytes(bytes, n, bytes3, n3, seed);
    const char *text2 = st_image_dump(&a, y, &t2);
    assert_int_equal(t, t2);
    assert_memory_equal(text, text2, t);
    st_arena_free(&a);
}

static void test_round_trip(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < SEEDS; seed++)
        round_trip(seed);
}

/* What a reader of the text sees, in one place. */
static void test_text_reads(void **state)
{
    (void)state;
    ARENA(a);
    struct st_fault f;
    size_t n, n2, t;
    struct st_image *x = random_image(&a, 4, true);
    const unsigned char *bytes = st_image_pack(&a, x, &n);
    char *text = st_image_dump(&a, x, &t);
    assert_int_equal(strncmp(text, "stoa image 6\n", 13), 0);
    assert_non_null(strstr(text, "\n  axon kind="));
    assert_non_null(strstr(text, "\n  group population="));
    assert_non_null(strstr(text, "; threshold "));
    assert_non_null(strstr(text, "\nroute x=0 y=0 source="));
    assert_non_null(strstr(text, "pass"));
    /* comments, indentation and empty lines say nothing */
    struct st_text other;
    st_text_init(&other, &a);
    st_text_put(&other, "; a comment\n\n");
    for (const char *p = text; *p; p++) {
        if (*p == '\n')
            st_text_put(&other, "  \t ; \"so\" it is\r\n\n  ; and on\n \t");
        else
            st_text_add(&other, p, 1);
    }
    const struct st_image *y = st_image_parse(&a, other.at, other.length, &f);
    if (!y)
        fail_msg("%s", f.text);
    const unsigned char *bytes2 = st_image_pack(&a, y, &n2);
    same_bytes(bytes, n, bytes2, n2, 3);
    st_arena_free(&a);
}

/* Doubles keep all their bits in the text. */
static void test_doubles(void **state)
{
    (void)state;
    static const double odd[] = {5e-324, 2.2250738585072014e-308, 1.7976931348623157e308, 0.1,  1.0 / 3, 1e15,
                                 1e16,   123456789012345678.0,    9007199254740993.0,     1e22, 1e23};
    ARENA(a);
    struct st_image *x = random_image(&a, 1, false);
    uint64_t bits = 88172645463325252u;
    for (uint32_t i = 0; i < 2000; i++) {
        struct st_fault f;
        size_t t;
        double d;
        bits ^= bits << 13, bits ^= bits >> 7, bits ^= bits << 17;
        uint64_t positive = bits >> 1;
        memcpy(&d, &positive, sizeof d);
        if (i < sizeof odd / sizeof *odd)
            d = odd[i];
        if (!(d > 0 && d <= 1.7976931348623157e308))
            continue;
        x->populations[0].scale = d;
        const char *text = st_image_dump(&a, x, &t);
        const struct st_image *y = st_image_parse(&a, text, t, &f);
        assert_non_null(y);
        assert_memory_equal(&y->populations[0].scale, &d, sizeof d);
        if (i % 100 == 99) {
            st_arena_free(&a);
            x = random_image(&a, 1, false);
        }
    }
    st_arena_free(&a);
}

/* The smallest of some random images. */
static unsigned char *small_image(struct st_arena *a, bool live, size_t *length)
{
    unsigned char *best = NULL;
    for (uint64_t seed = 0; seed < 60; seed++) {
        size_t n;
        unsigned char *bytes = st_image_pack(a, random_image(a, seed, live), &n);
        if (!best || n < *length) {
            best = bytes;
            *length = n;
        }
    }
    return best;
}

/* What becomes of these bytes: ST_OK when they are an image that packs to the same bytes again. */
static enum st_fault_id unpacks(const unsigned char *bytes, size_t n)
{
    ARENA(a);
    struct st_fault f = {0};
    size_t n2;
    const struct st_image *x = st_image_unpack(&a, bytes, n, &f);
    if (x) {
        const unsigned char *again = st_image_pack(&a, x, &n2);
        same_bytes(bytes, n, again, n2, 0);
    }
    assert_true(x ? f.id == ST_OK : f.text[0]);
    st_arena_free(&a);
    return f.id;
}

/* The same of a text; what it is taken for must be right. */
static bool parses(const char *text, size_t n)
{
    ARENA(a);
    struct st_fault f = {0};
    const struct st_image *x = st_image_parse(&a, text, n, &f);
    assert_true(x ? st_image_check(x, &f) : f.id != ST_OK && f.text[0]);
    st_arena_free(&a);
    return x != NULL;
}

/* Every byte, changed in several ways: refused, with the name of a reason. */
static void test_corrupt_bytes(void **state)
{
    (void)state;
    static const unsigned char changes[] = {0x01, 0x80, 0xff, 0x10};
    ARENA(a);
    size_t n = 0;
    unsigned char *bytes = small_image(&a, true, &n), *copy = malloc(n);
    for (size_t i = 0; i < n; i++)
        for (unsigned c = 0; c < sizeof changes; c++) {
            memcpy(copy, bytes, n);
            copy[i] ^= changes[c];
            enum st_fault_id id = unpacks(copy, n);
            assert_in_range(id, ST_FAULT_IMAGE_MAGIC, ST_FAULT_IMAGE_BAD);
        }
    free(copy);
    st_arena_free(&a);
}

/* Makes the sums right again, so that what is behind them is reached. */
static void mend(unsigned char *bytes, size_t n)
{
    uint32_t sections, sum;
    st_little(&sections, bytes + ST_AT_SECTIONS, 1, 4);
    for (uint32_t i = 0; i < sections; i++) {
        unsigned char *e = bytes + ST_HEADER_BYTES + (size_t)i * ST_ENTRY_BYTES;
        uint64_t offset, length;
        st_little(&offset, e + ST_ENTRY_OFFSET, 1, 8);
        st_little(&length, e + ST_ENTRY_LENGTH, 1, 8);
        assert_true(offset <= n && length <= n - offset);
        sum = st_sum(0, bytes + offset, (size_t)length);
        st_little(e + ST_ENTRY_SUM, &sum, 1, 4);
    }
    sum = st_sum_header(bytes, sections);
    st_little(bytes + ST_AT_SUM, &sum, 1, 4);
}

/* Every byte of the content changed under right sums: what still is an image is kept to the bit, else it is refused. */
static void test_lies(void **state)
{
    (void)state;
    static const unsigned char changes[] = {0x01, 0x80, 0xff, 0x10};
    ARENA(a);
    size_t n = 0, accepted = 0;
    unsigned char *bytes = small_image(&a, true, &n), *copy = malloc(n);
    uint32_t sections;
    st_little(&sections, bytes + ST_AT_SECTIONS, 1, 4);
    for (size_t i = ST_HEADER_BYTES + sections * (size_t)ST_ENTRY_BYTES; i < n; i++)
        for (unsigned c = 0; c < sizeof changes; c++) {
            memcpy(copy, bytes, n);
            copy[i] ^= changes[c];
            mend(copy, n);
            enum st_fault_id id = unpacks(copy, n);
            assert_true(id == ST_OK || id == ST_FAULT_IMAGE_BAD);
            accepted += id == ST_OK;
        }
    assert_true(accepted > 0 && accepted < n * sizeof changes);
    free(copy);
    st_arena_free(&a);
}

static void test_truncated(void **state)
{
    (void)state;
    ARENA(a);
    size_t n = 0;
    unsigned char *bytes = small_image(&a, true, &n);
    for (size_t i = 0; i < n; i++) {
        struct st_fault f = {0};
        unsigned char *copy = malloc(i ? i : 1); /* so that a read beyond it is seen */
        memcpy(copy, bytes, i);
        assert_null(st_image_unpack(&a, copy, i, &f));
        assert_int_equal(f.id, ST_FAULT_IMAGE_SHORT);
        free(copy);
    }
    struct st_fault f;
    unsigned char *longer = calloc(1, n + 1);
    memcpy(longer, bytes, n);
    assert_null(st_image_unpack(&a, longer, n + 1, &f));
    assert_int_equal(f.id, ST_FAULT_IMAGE_BAD);
    free(longer);
    st_arena_free(&a);
}

/* The text, cut and changed anywhere: refused, or another image that is right; never a crash. */
static void test_broken_text(void **state)
{
    (void)state;
    static const char changes[] = {'9', 'x', '\n', ' ', '"', '\\', 0, '-', ',', ';', '+', '.'};
    ARENA(a);
    struct st_fault f;
    size_t n = 0, t, refused = 0, tried = 0;
    const unsigned char *bytes = small_image(&a, true, &n);
    const char *text = st_image_dump(&a, st_image_unpack(&a, bytes, n, &f), &t);
    for (size_t i = 0; i < t; i++)
        for (unsigned c = 0; c <= sizeof changes; c++) {
            size_t length = c ? t : i;
            char *copy = malloc(length ? length : 1); /* so that a read beyond it is seen */
            memcpy(copy, text, length);
            if (c)
                copy[i] = changes[c - 1];
            refused += !parses(copy, length);
            tried++;
            free(copy);
        }
    assert_true(refused > tried / 2);
    st_arena_free(&a);
}

static void test_newer(void **state)
{
    (void)state;
    ARENA(a);
    struct st_fault f = {0};
    size_t n, t;
    struct st_image *x = random_image(&a, 5, false);
    unsigned char *bytes = st_image_pack(&a, x, &n);
    bytes[ST_AT_VERSION] = ST_IMAGE_VERSION + 1;
    assert_null(st_image_unpack(&a, bytes, n, &f));
    assert_int_equal(f.id, ST_FAULT_IMAGE_VERSION);
    assert_string_equal(st_fault_name(f.id), "image-newer");
    assert_non_null(strstr(f.text, "version 7"));
    /* also when nothing behind the version is known any more */
    assert_null(st_image_unpack(&a, bytes, ST_AT_VERSION + 4, &f));
    assert_int_equal(f.id, ST_FAULT_IMAGE_VERSION);

    char *text = st_image_dump(&a, x, &t);
    text[strlen("stoa image ")] = '7';
    assert_null(st_image_parse(&a, text, t, &f));
    assert_int_equal(f.id, ST_FAULT_IMAGE_VERSION);
    assert_null(st_image_parse(&a, "hello", 5, &f));
    assert_int_equal(f.id, ST_FAULT_IMAGE_MAGIC);
    assert_null(st_image_unpack(&a, "hello, world", 12, &f));
    assert_int_equal(f.id, ST_FAULT_IMAGE_MAGIC);
    st_arena_free(&a);
}

/* A bad sum names its section. */
static void test_sum(void **state)
{
    (void)state;
    ARENA(a);
    struct st_fault f = {0};
    size_t n;
    struct st_image *x = random_image(&a, 7, true);
    assert_true(x->core_count > 1);
    unsigned char *bytes = st_image_pack(&a, x, &n);
    uint32_t sections;
    st_little(&sections, bytes + ST_AT_SECTIONS, 1, 4);
    for (uint32_t i = 0, core = 0, stat = 0; i < sections; i++) {
        const unsigned char *e = bytes + ST_HEADER_BYTES + i * (size_t)ST_ENTRY_BYTES;
        uint64_t offset;
        st_little(&offset, e + ST_ENTRY_OFFSET, 1, 8);
        char wanted[40];
        bool is_core = !memcmp(e, "CORE", 4), is_state = !memcmp(e, "STAT", 4);
        snprintf(wanted, sizeof wanted, "section %.4s %u:", (const char *)e, is_core ? core++ : is_state ? stat++ : 0);
        if (!memcmp(e, "COPY", 4))
            stat = 0;
        bytes[offset] ^= 1;
        assert_null(st_image_unpack(&a, bytes, n, &f));
        bytes[offset] ^= 1;
        assert_int_equal(f.id, ST_FAULT_IMAGE_SUM);
        if (memcmp(e, "COPY", 4) && !strstr(f.text, wanted))
            fail_msg("'%s' does not name '%s'", f.text, wanted);
    }
    st_arena_free(&a);
}

/* What the text's reader says of mistakes. */
static void text_fault(const char *from, const char *to, const char *says)
{
    ARENA(a);
    struct st_fault f = {0};
    size_t t;
    const char *text = st_image_dump(&a, random_image(&a, 3, true), &t);
    const char *at = strstr(text, from);
    if (!at)
        fail_msg("no '%s' in the text", from);
    struct st_text other;
    st_text_init(&other, &a);
    st_text_add(&other, text, (size_t)(at - text));
    st_text_put(&other, to);
    st_text_put(&other, at + strlen(from));
    assert_null(st_image_parse(&a, other.at, other.length, &f));
    if (!strstr(f.text, says) || f.id != ST_FAULT_IMAGE_TEXT)
        fail_msg("'%s' for '%s': %s", to, says, f.text);
    st_arena_free(&a);
}

static void test_text_faults(void **state)
{
    (void)state;
    static const struct {
        const char *from, *to, *says;
    } cases[] = {
        {"period_ticks=", "period_tick=", "line 3: here belongs the field 'period_ticks'"},
        {"reset=", "reset=maybe", "'maybe"},
        {"reset=", "reset=7", "'7"},
        {"\n  limits ", "\n  limit ", "here belongs 'limits'"},
        {"kind=signal", "kind=signaL", "'signaL' is no value"},
        {" lo=", " lo=99999999999999999999 lo=", "'99999999999999999999' is no value"},
        {" lo=", " lo=- lo=", "'-' is no value"},
        {" lo=", " lo=0x lo=", "'0x' is no value"},
        {" lo=", " lo=4294967296 lo=", "'4294967296' is no value"},
        {"params=", "params=1,", "params has "},
        {"scale=", "scale=nan", "is no value"},
        {"scale=", "scale=0x1", "is no value"},
        {"network=\"", "network=\"\\q", "an unknown escape"},
        {"network=\"", "network=\"\\x00", "an unknown escape"},
        {"network=\"", "network=", "a text in quotes belongs to 'network'"},
        {"\ncopy ", "\nfrog 1 2\ncopy ", "'frog' does not belong here"},
        {"\n    u ", "\n    u 1 ", "u has"},
    };
    for (unsigned i = 0; i < sizeof cases / sizeof *cases; i++)
        text_fault(cases[i].from, cases[i].to, cases[i].says);
}

/* An image from before a model got its last parameter: that counts as 0. One with more than the model has is refused.
 */
static void test_fewer_params(void **state)
{
    (void)state;
    ARENA(a);
    struct st_fault f;
    size_t t;
    struct st_image *x = random_image(&a, 4, true);
    struct st_group *g = &x->cores[0].groups[0];
    uint32_t known = st_models[g->model]->count;
    g->params[known - 1] = 0;
    const char *text = st_image_dump(&a, x, &t);
    char *count = st_arena_printf(&a, "param_count=%u params=", known);
    const char *at = strstr(text, count), *end = at ? at + strcspn(at, " ") : NULL;
    assert_non_null(at);
    end += 1 + strcspn(end + 1, " \n"); /* behind the numbers */
    const char *last = end;
    while (*last != ',')
        last--;
    for (int more = 0; more < 2; more++) {
        struct st_text other;
        st_text_init(&other, &a);
        st_text_add(&other, text, (size_t)(at - text));
        st_textf(&other, "param_count=%u params=", more ? known + 1 : known - 1);
        st_text_add(&other, at + strlen(count), (size_t)((more ? end : last) - at - (ptrdiff_t)strlen(count)));
        st_text_put(&other, more ? ",7" : "");
        st_text_put(&other, end);
        const struct st_image *y = st_image_parse(&a, other.at, other.length, &f);
        if (more) {
            assert_null(y);
            assert_non_null(strstr(f.text, "parameters; "));
        } else {
            assert_non_null(y);
            assert_memory_equal(y->cores[0].groups[0].params, g->params, sizeof g->params);
        }
    }
    st_arena_free(&a);
}

/* A state's arrays are there even when they have no elements, so that 0 bytes may be copied; r and q say by NULL that
 * the rule has no such word. */
static void test_shape(void **state)
{
    (void)state;
    ARENA(a);
    bool learns = false;
    for (uint64_t seed = 0; seed < 50; seed++) {
        const struct st_image *x = random_image(&a, seed, false);
        struct st_copy young = {.seed = 5}, old = {.tick = 7};
        st_copy_shape(&a, x, &young, false);
        st_copy_shape(&a, x, &old, true);
        assert_int_equal(young.seed, 5);
        assert_int_equal(old.tick, 7);
        assert_true(!young.live && !young.carry && old.live && old.carry);
        for (uint32_t c = 0; c < x->core_count; c++) {
            const struct st_plastic *p = &x->cores[c].plastic;
            const struct st_learnt *l = &young.learnt[c];
            const struct st_live *v = &old.live[c];
            assert_true(l->w && l->s && !l->r == !p->has_resource && !l->q == !p->has_aux);
            assert_true(v->u && v->gate && v->winner && v->left && v->pre_x);
            assert_true(v->pre_last && v->post_x && v->post_last && v->eligible && v->wheel);
            for (size_t i = 0; i < (size_t)p->axons * p->count; i++)
                assert_true(l->w[i] == 0 && (!p->has_resource || l->r[i] == 0) && (!p->has_aux || l->q[i] == 0));
            learns |= p->axons > 0;
        }
    }
    assert_true(learns);
    st_arena_free(&a);
}

/* Every byte of the structs that hold no pointers is carried; only padding is not. A new field needs a line in
 * image/fields*.c, and if it changes a size, here. */
static void unseen(struct st_arena *a, const struct st_image *x, void *at, size_t size, unsigned padding,
                   const char *what)
{
    size_t n, n2;
    unsigned count = 0;
    const unsigned char *bytes = st_image_pack(a, x, &n), *bytes2;
    for (size_t i = 0; i < size; i++) {
        ((unsigned char *)at)[i] ^= 0xff;
        bytes2 = st_image_pack(a, x, &n2);
        ((unsigned char *)at)[i] ^= 0xff;
        count += n == n2 && !memcmp(bytes, bytes2, n);
    }
    if (count != padding)
        fail_msg("%s: %u bytes are not carried, %u of them padding", what, count, padding);
}

static void test_every_field(void **state)
{
    (void)state;
    ARENA(a);
    struct st_image *x = random_image(&a, 3, false);
    struct st_core *c = x->cores;
    while (!c->axon_count)
        c++;
    unseen(&a, x, c->axons, sizeof *c->axons, 2, "axon");
    while (!c->group_count)
        c++;
    struct st_group *g = c->groups; /* but for its lists, and what says where blocks and parameters are */
    unseen(&a, x, &g->population, 4 * sizeof g->population, 0, "group");
    unseen(&a, x, &g->column_size, sizeof g->column_size, 0, "group");
    unseen(&a, x, &g->compete, offsetof(struct st_group, model) - offsetof(struct st_group, compete), 5, "group");
    unseen(&a, x, &g->reset, 2, 0, "group");
    unseen(&a, x, &g->stream, sizeof g->stream, 0, "group");
    unseen(&a, x, &x->blocks->by_column, sizeof *x->blocks - offsetof(struct st_block, by_column), 3, "block");
    unseen(&a, x, x->routes, sizeof *x->routes, 3, "route");
    unseen(&a, x, &x->readout, sizeof x->readout, 6, "readout");
    unseen(&a, x, &x->limits, sizeof x->limits, sizeof x->limits - 21 * 4 - 8, "limits");
#if UINTPTR_MAX == UINT64_MAX
    assert_int_equal(sizeof(struct st_receptor), 104);
    assert_int_equal(sizeof(struct st_population), 48);
    assert_int_equal(sizeof(struct st_cost), 40);
    assert_int_equal(sizeof(struct st_group), 176);
    assert_int_equal(sizeof(struct st_plastic), 184);
    assert_int_equal(sizeof(struct st_part), 104);
    assert_int_equal(sizeof(struct st_core), 280);
    assert_int_equal(sizeof(struct st_learnt), 40);
    assert_int_equal(sizeof(struct st_live), 104);
    assert_int_equal(sizeof(struct st_copy), 40);
    assert_int_equal(sizeof(struct st_image), 256);
#endif
    st_arena_free(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_round_trip),    cmocka_unit_test(test_text_reads),  cmocka_unit_test(test_doubles),
        cmocka_unit_test(test_corrupt_bytes), cmocka_unit_test(test_lies),        cmocka_unit_test(test_truncated),
        cmocka_unit_test(test_broken_text),   cmocka_unit_test(test_newer),       cmocka_unit_test(test_sum),
        cmocka_unit_test(test_fewer_params),  cmocka_unit_test(test_text_faults), cmocka_unit_test(test_shape),
        cmocka_unit_test(test_every_field),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
