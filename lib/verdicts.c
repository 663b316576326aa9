#include "verdicts.h"

struct stoa_verdicts {
    struct st_held *held;
    stoa_verdict *list;
    size_t count;
    const char *text, *json;
};

static const char *json_of(struct st_call *c, const char *file, bool whole, const struct st_verdicts *v)
{
    struct st_text t;
    st_text_init(&t, c->arena);
    st_text_put(&t, "{\"file\": ");
    st_text_json(&t, file);
    st_textf(&t, ",\n  \"whole\": %s,\n  \"exact\": %u, \"approximated\": %u, \"refused\": %u,\n  \"verdicts\": ",
             whole ? "true" : "false", st_verdicts_of(v, ST_FAITH_EXACT), st_verdicts_of(v, ST_FAITH_APPROXIMATED),
             st_verdicts_of(v, ST_FAITH_REFUSED));
    st_verdicts_json(v, &t);
    st_text_put(&t, "\n}\n");
    return t.at;
}

stoa_verdicts *st_verdicts_handle(struct st_call *c, const char *file, bool whole, struct st_verdicts *v)
{
    stoa_verdicts *made = ST_NEW(c->arena, stoa_verdicts, 1);
    made->count = v->count;
    made->list = ST_NEW(c->arena, stoa_verdict, v->count);
    for (uint32_t i = 0; i < v->count; i++)
        made->list[i] = (stoa_verdict){.node = v->rows[i].node,
                                       .parameter = v->rows[i].parameter,
                                       .note = v->rows[i].note,
                                       .error = v->rows[i].error,
                                       .faith = (stoa_faith)v->rows[i].faith};
    made->text = v->count ? st_verdicts_text(v) : "";
    made->json = json_of(c, file, whole, v);
    return made;
}

void st_verdicts_held(stoa_verdicts *verdicts, struct st_held *held) { verdicts->held = held; }

size_t stoa_verdicts_count(const stoa_verdicts *verdicts) { return verdicts ? verdicts->count : 0; }

const stoa_verdict *stoa_verdicts_at(const stoa_verdicts *verdicts, size_t index)
{
    return verdicts && index < verdicts->count ? &verdicts->list[index] : NULL;
}

const char *stoa_verdicts_text(const stoa_verdicts *verdicts) { return verdicts->text; }
const char *stoa_verdicts_json(const stoa_verdicts *verdicts) { return verdicts->json; }

void stoa_verdicts_free(stoa_verdicts *verdicts)
{
    if (verdicts)
        st_let_go(verdicts->held);
}
