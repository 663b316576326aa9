/* test_sha256.c - the digests of FIPS 180-4's examples, and of every length around a block's end. */
#include "sha256.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
/* after those it needs */
#include <cmocka.h>

static void says(const void *bytes, size_t length, const char *digest)
{
    char out[65];
    st_sha256(bytes, length, out);
    assert_string_equal(out, digest);
}

static void published_examples(void **state)
{
    (void)state;
    static char million[1000000];
    memset(million, 'a', sizeof million);
    says("", 0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    says("abc", 3, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    says("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 56,
         "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
    says(million, sizeof million, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

/* The digest of the digests of 0, 1, .. 130 bytes, as Python's hashlib has it. */
static void every_length(void **state)
{
    (void)state;
    uint8_t bytes[130];
    char all[131 * 64 + 1];
    for (uint8_t i = 0; i < 130; i++)
        bytes[i] = i;
    for (size_t n = 0; n <= 130; n++)
        st_sha256(bytes, n, all + 64 * n);
    says(all, 131 * 64, "287ec38b0ef48cad9a69255fec0a3dd90bd752a394316d26a81b6c9b71e29a55");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(published_examples),
        cmocka_unit_test(every_length),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
