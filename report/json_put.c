#include "json_put.h"

/* "key": with the comma that the one before needs. */
void st_put_key(struct st_text *t, const char *name, bool first)
{
    st_text_put(t, first ? "" : ", ");
    st_text_json(t, name);
    st_text_put(t, ": ");
}

void st_put_key_number(struct st_text *t, const char *name, double value, bool first)
{
    st_put_key(t, name, first);
    st_text_number(t, value);
}

void st_put_key_unsigned(struct st_text *t, const char *name, uint64_t value, bool first)
{
    st_put_key(t, name, first);
    st_textf(t, "%llu", (unsigned long long)value);
}

void st_put_key_text(struct st_text *t, const char *name, const char *value, bool first)
{
    st_put_key(t, name, first);
    st_text_json(t, value ? value : "");
}

void st_put_energy_json(struct st_text *t, const char *name, const struct st_image *image, const struct st_counters *c,
                        enum st_per per)
{
    struct st_energy e = st_energy_of(image, c, per);
    if (!e.known)
        return;
    st_textf(t, ",\n  \"%s\": {", name);
    st_put_key_number(t, "total_pj", e.total_pj, true);
    st_put_key_number(t, "uncited_pj", e.uncited_pj, false);
    st_put_key_unsigned(t, "parts_not_priced", e.missing, false);
    st_text_put(t, ", \"parts\": [");
    for (int i = 0; i < ST_ENERGY_COUNT; i++) {
        const struct st_energy_part *part = &e.part[i];
        st_text_put(t, i ? ",\n    {" : "\n    {");
        st_put_key_text(t, "part", part->key, true);
        st_put_key_number(t, "count", part->count, false);
        if (part->priced) {
            st_put_key_number(t, "price_pj", part->price_pj, false);
            st_put_key_number(t, "pj", part->pj, false);
            st_textf(t, ", \"cited\": %s", part->cited ? "true" : "false");
        }
        st_text_put(t, "}");
    }
    st_text_put(t, "]}");
}

void st_put_latency_json(struct st_text *t, const char *name, const struct st_image *image, const struct st_counters *c,
                         enum st_per per)
{
    struct st_latency l = st_latency_of(image, c, per);
    if (!l.known)
        return;
    st_textf(t, ",\n  \"%s\": {", name);
    st_put_key_number(t, "ticks_ns", l.ticks_ns, true);
    st_put_key_number(t, "work_ns", l.work_ns, false);
    st_put_key_number(t, "total_ns", l.total_ns, false);
    st_textf(t, ", \"work_counted\": %s, \"cited\": %s}", l.with_work ? "true" : "false", l.cited ? "true" : "false");
}
