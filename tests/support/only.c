/* only.c - one test of a program by its name: ONLY='test_pack*' build/release/tests/unit/test_image.
 *
 * cmocka knows the filter but reads no environment; this is linked into every test program and sets it before main. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>

__attribute__((constructor)) static void only(void)
{
    const char *pattern = getenv("ONLY");
    if (pattern && *pattern)
        cmocka_set_test_filter(pattern);
}
