#include "run_json.h"
#include "json.h"
#include "json_put.h"
#include "result.h"

enum { RUN_VERSION = 1 };

void st_run_json(struct st_text *t, const struct st_image *image, const struct st_ran *run)
{
    st_textf(t, "  \"stoa_run\": %d,\n  ", RUN_VERSION);
    st_put_key_text(t, "network", run->network, true);
    st_text_put(t, ",\n  ");
    st_put_key_text(t, "fabric", run->fabric, true);
    st_text_put(t, ",\n  ");
    st_put_key_text(t, "ran_on", run->ran_on, true);
    st_textf(t, ",\n  \"first_tick\": %llu,\n  \"ticks\": %llu,\n", (unsigned long long)run->first_tick,
             (unsigned long long)run->counters.ticks);
    st_counters_json(t, "counters", &run->counters);
    for (uint32_t k = 0; run->cores && k < run->core_count; k++) {
        st_text_put(t, k ? ",\n    " : ",\n  \"cores\": [\n    ");
        st_put_counters(t, &run->cores[k]);
    }
    st_text_put(t, run->cores && run->core_count ? "]" : "");
    st_put_energy_json(t, "energy_run", image, &run->counters, ST_PER_RUN);
    st_put_latency_json(t, "latency_run", image, &run->counters, ST_PER_RUN);
}

static const char *string_of(const struct st_json *j, const char *key)
{
    const struct st_json *value = st_json_get(j, key);
    return value && value->type == ST_JSON_STRING ? value->text : NULL;
}

/* The key that is wrong, or NULL. */
static const char *read_cores(struct st_arena *a, const struct st_json *list, struct st_ran *out)
{
    if (!list || list->type != ST_JSON_ARRAY || !list->count)
        return list ? "cores" : NULL;
    struct st_counters *cores = ST_NEW(a, struct st_counters, list->count);
    for (const struct st_json *j = list->child; j; j = j->next) {
        const char *bad = st_counters_read(j, &cores[out->core_count++]);
        if (bad)
            return bad;
    }
    out->cores = cores;
    return NULL;
}

bool st_run_read(struct st_arena *a, const char *name, const char *text, size_t length, struct st_ran *out,
                 struct st_fault *f)
{
    const struct st_json *j = st_json_parse(a, name, text, length, f);
    uint64_t version;
    if (!j)
        return false;
    if (!st_json_unsigned(st_json_get(j, "stoa_run"), UINT64_MAX, &version))
        return st_fail(f, ST_FAULT_RESULT, "%s is no run: it has no whole number 'stoa_run' (stoa run --in .. --json)",
                       name);
    if (version != RUN_VERSION)
        return st_fail(f, ST_FAULT_RESULT, "%s is a run of version %llu; this is version %d", name,
                       (unsigned long long)version, RUN_VERSION);
    *out = (struct st_ran){
        .network = string_of(j, "network"), .fabric = string_of(j, "fabric"), .ran_on = string_of(j, "ran_on")};
    if (!out->network || !out->fabric || !out->ran_on)
        return st_fail(f, ST_FAULT_RESULT, "%s: 'network', 'fabric' or 'ran_on' is not a string", name);
    const char *bad = st_counters_read(st_json_get(j, "counters"), &out->counters);
    if (!st_json_unsigned(st_json_get(j, "first_tick"), UINT64_MAX, &out->first_tick))
        bad = "first_tick";
    if (!bad)
        bad = read_cores(a, st_json_get(j, "cores"), out);
    if (bad)
        return st_fail(f, ST_FAULT_RESULT, "%s: '%s' is missing or no whole number", name, bad);
    return true;
}
