#include "activity.h"

#include "yaml_tree.h"
#include <math.h>
#include <string.h>

enum { TICKS_MOST = 1 << 30 };

static void read_spikes(struct st_yaml_reader *r, const struct st_net *net, const struct st_yaml *spikes, int64_t ticks,
                        double *activity)
{
    const char **names = ST_NEW(r->arena, const char *, (size_t)net->node_count + 1);
    for (uint32_t n = 0; n < net->node_count; n++)
        names[n] = net->nodes[n].name;
    st_yaml_keys(r, spikes, names, "'spikes'");
    for (uint32_t n = 0; n < net->node_count; n++) {
        const struct st_yaml *at = st_yaml_get(spikes, names[n]);
        double all = (double)ticks * st_node_size(&net->nodes[n]);
        int64_t count;
        if (at && st_yaml_whole(r, at, "spikes in so many ticks", 0, (int64_t)all, &count))
            activity[n] = fmax((double)count, 0.5) / all;
    }
}

const double *st_activity_read(struct st_arena *a, struct st_diags *d, const struct st_net *net, const char *file,
                               const char *text, size_t length)
{
    static const char *const keys[] = {"profile", "ticks", "spikes", NULL};
    struct st_yaml_reader r = {.arena = a, .diags = d};
    uint32_t errors = d->errors;
    const struct st_yaml *root = st_yaml_parse(a, d, file, text, length);
    if (!root)
        return NULL;
    double *activity = ST_NEW(a, double, net->node_count);
    for (uint32_t n = 0; n < net->node_count; n++)
        activity[n] = NAN;
    st_yaml_keys(&r, root, keys, "the profile");
    const struct st_yaml *ticks = st_yaml_need(&r, root, "ticks", "the profile"),
                         *spikes = st_yaml_need(&r, root, "spikes", "the profile");
    int64_t count = 0;
    if (ticks && spikes && st_yaml_whole(&r, ticks, "ticks", 1, TICKS_MOST, &count) &&
        st_yaml_is(&r, spikes, ST_YAML_MAP, "'spikes'"))
        read_spikes(&r, net, spikes, count, activity);
    return d->errors > errors ? NULL : activity;
}

char *st_activity_print(struct st_arena *a, const char *network, uint64_t ticks, const char *const *names,
                        const int64_t *spikes, uint32_t count)
{
    struct st_text t;
    st_text_init(&t, a);
    st_text_put(&t, "profile: ");
    st_yaml_put(&t, network);
    st_textf(&t, "\nticks: %llu\nspikes:%s\n", (unsigned long long)ticks, count ? "" : " {}");
    for (uint32_t i = 0; i < count; i++)
        if (spikes[i] >= 0)
            st_textf(&t, "  %s: %lld\n", names[i], (long long)spikes[i]);
    return t.at;
}
