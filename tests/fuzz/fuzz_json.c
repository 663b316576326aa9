/* fuzz_json.c - any text: refused with a place, or a tree that can be walked to its end. */
#include "json.h"
#include <stdlib.h>
#include <string.h>

int st_fuzz_json(const uint8_t *data, size_t size);

static size_t walk(const struct st_json *j)
{
    size_t seen = 1;
    uint32_t children = 0;
    if ((j->type == ST_JSON_NUMBER || j->type == ST_JSON_STRING) != (j->text != NULL))
        abort();
    for (const struct st_json *c = j->child; c; c = c->next, children++) {
        if ((j->type == ST_JSON_OBJECT) != (c->key != NULL) || (c->key && st_json_get(j, c->key) != c))
            abort();
        seen += walk(c);
    }
    if (children != j->count)
        abort();
    return seen;
}

int st_fuzz_json(const uint8_t *data, size_t size)
{
    struct st_arena a;
    struct st_fault f = {.id = ST_OK};
    st_arena_init(&a);
    if (!setjmp(a.full)) {
        const struct st_json *j = st_json_parse(&a, "input", (const char *)data, size, &f);
        if (j ? walk(j) > size : f.id != ST_FAULT_JSON || !strstr(f.text, "input:"))
            abort();
    }
    st_arena_free(&a);
    return 0;
}

#ifdef ST_LIBFUZZER
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) { return st_fuzz_json(data, size); }
#endif
