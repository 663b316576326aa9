#include "voted.h"
#include "json.h"

void st_voted_add(struct st_voted *v, const int32_t *votes, uint32_t columns, uint32_t label, uint32_t answer)
{
    int64_t all = 0;
    for (uint32_t k = 0; k < columns; k++) {
        v->sum[(size_t)label * columns + k] += votes[k];
        all += votes[k] > 0 ? votes[k] : 0;
    }
    if (answer == columns || !all)
        return;
    int64_t share = votes[answer] * (int64_t)ST_VOTED_SHARES / all;
    (answer == label ? v->right : v->wrong)[share < ST_VOTED_SHARES ? share : ST_VOTED_SHARES - 1]++;
}

static void put_shares(struct st_text *t, const char *key, const uint32_t *shares)
{
    st_textf(t, ",\n    \"%s\": [", key);
    for (int i = 0; i < ST_VOTED_SHARES; i++)
        st_textf(t, "%s%u", i ? ", " : "", shares[i]);
    st_text_put(t, "]");
}

void st_voted_json(struct st_text *t, const struct st_voted *v, uint32_t classes)
{
    st_text_put(t, "  \"votes\": {\"sum\": [");
    for (uint32_t i = 0; i < classes; i++) {
        st_text_put(t, i ? ",\n    [" : "\n    [");
        for (uint32_t k = 0; k < classes; k++)
            st_textf(t, "%s%lld", k ? ", " : "", (long long)v->sum[(size_t)i * classes + k]);
        st_text_put(t, "]");
    }
    st_text_put(t, "]");
    put_shares(t, "right", v->right);
    put_shares(t, "wrong", v->wrong);
    st_text_put(t, "}");
}

static bool is_list(const struct st_json *j, uint32_t count)
{
    return j && j->type == ST_JSON_ARRAY && j->count == count;
}

static bool read_shares(const struct st_json *list, uint32_t *out)
{
    if (!is_list(list, ST_VOTED_SHARES))
        return false;
    for (const struct st_json *n = list->child; n; n = n->next) {
        uint64_t x;
        if (!st_json_unsigned(n, UINT32_MAX, &x))
            return false;
        *out++ = (uint32_t)x;
    }
    return true;
}

const char *st_voted_read(struct st_arena *a, const struct st_json *object, uint32_t classes, struct st_voted *out)
{
    const struct st_json *row = st_json_get(object, "sum");
    if (!classes || !is_list(row, classes))
        return "votes.sum";
    out->sum = ST_NEW(a, int64_t, (size_t)classes * classes);
    int64_t *to = out->sum;
    for (row = row->child; row; row = row->next) {
        if (!is_list(row, classes))
            return "votes.sum";
        for (const struct st_json *n = row->child; n; n = n->next)
            if (!st_json_signed(n, INT64_MIN, INT64_MAX, to++))
                return "votes.sum";
    }
    if (!read_shares(st_json_get(object, "right"), out->right))
        return "votes.right";
    return read_shares(st_json_get(object, "wrong"), out->wrong) ? NULL : "votes.wrong";
}
