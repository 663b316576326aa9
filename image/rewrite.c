/* rewrite.c - whether an image is another one but for what a host may write (struct st_parameter): then a machine that
 * runs the one goes on with the other when these words and tables are written. */
#include "image_io.h"
#include <string.h>

static bool listed(const struct st_plastic *p, uint32_t at, bool table)
{
    for (uint32_t i = 0; i < p->parameter_count; i++) {
        const struct st_parameter *k = &p->parameters[i];
        for (uint32_t n = 0; n < (table ? k->table_count : k->word_count); n++)
            if ((table ? k->tables : k->words)[n] == at)
                return true;
    }
    return false;
}

/* Its words and tables, but those that are listed, which are the other's, and so are the values. */
static struct st_plastic put_back(struct st_arena *a, const struct st_plastic *p, const struct st_plastic *other)
{
    struct st_plastic out = *p;
    out.program = ST_NEW(a, uint32_t, p->words);
    out.table = ST_NEW(a, struct st_table, p->tables);
    out.parameters = ST_NEW(a, struct st_parameter, p->parameter_count);
    for (uint32_t i = 0; i < p->words; i++)
        out.program[i] = listed(p, i, false) ? other->program[i] : p->program[i];
    for (uint32_t i = 0; i < p->tables; i++) {
        out.table[i] = p->table[i];
        if (listed(p, i, true) && p->table[i].size == other->table[i].size)
            memcpy(out.table[i].at, other->table[i].at, sizeof out.table[i].at);
    }
    for (uint32_t i = 0; i < p->parameter_count; i++) {
        out.parameters[i] = p->parameters[i];
        out.parameters[i].value = other->parameters[i].value;
    }
    return out;
}

bool st_image_rewrites(struct st_arena *a, const struct st_image *from, const struct st_image *to)
{
    struct st_image x = *from, y = *to;
    struct st_copy copy = {.seed = 0};
    size_t length[2];
    if (from->core_count != to->core_count)
        return false;
    y.cores = ST_NEW(a, struct st_core, to->core_count);
    for (uint32_t k = 0; k < to->core_count; k++) {
        const struct st_plastic *p = &from->cores[k].plastic, *q = &to->cores[k].plastic;
        if (p->words != q->words || p->tables != q->tables || p->parameter_count != q->parameter_count)
            return false;
        y.cores[k] = to->cores[k];
        y.cores[k].plastic = put_back(a, q, p);
    }
    if (st_image_differs(from, to))
        return false;
    st_copy_shape(a, from, &copy, false); /* whatever they hold has no part in it */
    x.copies = y.copies = &copy;
    x.copy_count = y.copy_count = 1;
    const unsigned char *bytes = st_image_pack(a, &x, &length[0]), *other = st_image_pack(a, &y, &length[1]);
    return length[0] == length[1] && memcmp(bytes, other, length[0]) == 0;
}
