/* fuzz_nir.c - whatever stands in an HDF5 file as a NIR graph: refused with a diagnostic, or a network that is sound.
 * The bytes are lines of tests/doors/h5_make.h. */
#include "door.h"
#include "doors/h5_make.h"
#include <stdlib.h>
#include <string.h>

int st_fuzz_nir(const uint8_t *data, size_t size);

int st_fuzz_nir(const uint8_t *data, size_t size)
{
    struct st_arena a;
    struct st_diags d;
    struct st_fault f;
    struct st_verdicts v;
    struct st_setting settings[] = {
        {"dt", 0.001}, {"exponential", (double)(size & 1)}, {"subtract", (double)(size >> 1 & 1)}};
    size_t length;
    if (size > 1 << 14)
        return 0;
    void *volatile bytes = st_h5_make((const char *)data, size, &length);
    if (!bytes)
        return 0;
    st_arena_init(&a);
    if (setjmp(a.full)) {
        st_arena_free(&a);
        free(bytes);
        return 0; /* asked for more than there is: an answer too */
    }
    st_diags_init(&d, &a);
    st_verdicts_init(&v, &a);
    const struct st_net *net = st_door_read_nir(&a, &d, "fuzz.nir", bytes, length, settings, 3, &v, &f);
    if (!net != (d.errors > 0) || (net && (!st_net_check(net, &d) || st_verdicts_of(&v, ST_FAITH_REFUSED))))
        abort();
    st_diags_text(&d, true);
    st_verdicts_text(&v);
    st_arena_free(&a);
    free(bytes);
    return 0;
}

#ifdef ST_LIBFUZZER
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) { return st_fuzz_nir(data, size); }
#endif
