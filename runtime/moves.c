#include "moves.h"
#include "json.h"
#include <string.h>

struct st_moves st_moves_open(struct st_arena *a, const char *population, uint32_t copies, uint32_t room)
{
    struct st_moves m = {.population = population, .copies = copies, .room = room};
    m.move = ST_NEW(a, struct st_move, room);
    uint32_t *who = ST_NEW(a, uint32_t, (size_t)room * copies);
    for (uint32_t i = 0; i < room; i++)
        m.move[i].who = who + (size_t)i * copies;
    return m;
}

void st_move_starts(const struct st_move *m, uint32_t *starts)
{
    for (uint32_t c = m->from + 1; c <= m->to; c++)
        starts[c]--;
    for (uint32_t c = m->to + 1; c <= m->from; c++)
        starts[c]++;
}

void st_move_words(const struct st_move *m, uint32_t copy, const uint32_t *starts, void *words)
{
    uint32_t *at = words, who = m->who[copy], it = at[who], end = starts[m->to + 1];
    if (who < end) {
        memmove(at + who, at + who + 1, (end - who - 1) * sizeof *at);
        at[end - 1] = it;
    } else {
        memmove(at + end + 1, at + end, (who - end) * sizeof *at);
        at[end] = it;
    }
}

bool st_moves_sound(const struct st_moves *m, uint32_t columns, uint32_t *starts)
{
    for (uint32_t i = 0; i < m->count; i++) {
        const struct st_move *k = &m->move[i];
        if (k->from >= columns || k->to >= columns || k->from == k->to || starts[k->from + 1] - starts[k->from] < 2 ||
            (i && k->at < k[-1].at))
            return false;
        for (uint32_t c = 0; c < m->copies; c++)
            if (k->who[c] < starts[k->from] || k->who[c] >= starts[k->from + 1])
                return false;
        st_move_starts(k, starts);
    }
    return true;
}

/* --- text -------------------------------------------------------------------------------------------------------- */

void st_moves_json(struct st_text *t, const struct st_moves *m)
{
    st_text_put(t, "  \"migration\": {\"population\": ");
    st_text_json(t, m->population);
    st_text_put(t, ", \"moves\": [");
    for (uint32_t i = 0; i < m->count; i++) {
        const struct st_move *k = &m->move[i];
        st_textf(t, "%s\n    {\"at\": %llu, \"from\": %u, \"to\": %u, \"who\": [", i ? "," : "",
                 (unsigned long long)k->at, k->from, k->to);
        for (uint32_t c = 0; c < m->copies; c++)
            st_textf(t, "%s%u", c ? ", " : "", k->who[c]);
        st_text_put(t, "]}");
    }
    st_text_put(t, "]}");
}

static bool whole(const struct st_json *object, const char *key, uint64_t most, uint64_t *out)
{
    const struct st_json *at = st_json_get(object, key);
    return at && st_json_unsigned(at, most, out);
}

const char *st_moves_read(struct st_arena *a, const struct st_json *object, uint32_t copies, struct st_moves *out)
{
    const struct st_json *name = st_json_get(object, "population"), *list = st_json_get(object, "moves");
    if (!name || name->type != ST_JSON_STRING)
        return "migration.population";
    if (!list || list->type != ST_JSON_ARRAY)
        return "migration.moves";
    struct st_moves m = st_moves_open(a, name->text, copies, list->count);
    for (const struct st_json *at = list->child; at; at = at->next) {
        const struct st_json *who = st_json_get(at, "who");
        uint64_t from, to, when;
        if (!whole(at, "at", UINT64_MAX >> 1, &when) || !whole(at, "from", UINT32_MAX - 1, &from) ||
            !whole(at, "to", UINT32_MAX - 1, &to) || !who || who->type != ST_JSON_ARRAY || who->count != copies)
            return "migration.moves";
        struct st_move *k = &m.move[m.count++];
        k->at = when;
        k->from = (uint32_t)from;
        k->to = (uint32_t)to;
        uint32_t c = 0;
        for (const struct st_json *n = who->child; n; n = n->next) {
            uint64_t v;
            if (!st_json_unsigned(n, UINT32_MAX - 1, &v))
                return "migration.moves.who";
            k->who[c++] = (uint32_t)v;
        }
    }
    *out = m;
    return NULL;
}
