/* fuzz_net.c - whatever bytes come as a network: refused with a diagnostic, or checked, printed, read back the same. */
#include "file.h"
#include "net.h"
#include <stdlib.h>
#include <string.h>

int st_fuzz_net(const uint8_t *data, size_t size);

/* No file of the machine may be opened by what is in the text. */
static int no_files(int kind) { return kind != 'o'; }

int st_fuzz_net(const uint8_t *data, size_t size)
{
    struct st_arena a;
    struct st_diags d;
    struct st_setting setting = {"microcolumns", 3};
    st_arena_init(&a);
    if (setjmp(a.full)) {
        st_arena_free(&a);
        return 0; /* asked for more than there is: an answer too */
    }
    st_file_hook = no_files;
    st_diags_init(&d, &a);
    const struct st_net *net = st_net_read(&a, &d, "fuzz.yaml", (const char *)data, size, &setting, size & 1);
    if (!net && !d.errors)
        abort(); /* refused without a reason */
    if (net && d.errors)
        abort(); /* not refused for a reason */
    if (net && st_net_check(net, &d)) {
        char *once = st_net_print(&a, net);
        const struct st_net *again = st_net_read(&a, &d, "printed.yaml", once, strlen(once), NULL, 0);
        if (!again || !st_net_check(again, &d) || strcmp(st_net_print(&a, again), once) != 0)
            abort();
    } else if (!d.errors) {
        abort();
    }
    st_diags_text(&d, true);
    st_file_hook = NULL;
    st_arena_free(&a);
    return 0;
}

#ifdef ST_LIBFUZZER
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) { return st_fuzz_net(data, size); }
#endif
