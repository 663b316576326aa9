#include "rtl_models.h"
#include "boot.h"
#include "rtl_map.h"
#include "text.h"
#include "timed.h"
#include <dlfcn.h>

const struct rtl_models *st_rtl_models_load(const char *path, struct st_fault *f)
{
    void *object = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    const struct rtl_models *m = object ? dlsym(object, "rtl_models") : NULL;
    if (!m) {
        st_fail(f, ST_FAULT_OPEN, "cannot load the models of the RTL: %s", dlerror());
        return NULL;
    }
    if (m->map != rtl_map()) {
        st_fail(f, ST_FAULT_READ,
                "the models in '%s' were made for another map of a core's memories: make them again (make rtl)", path);
        return NULL;
    }
    return m;
}

/* What a model holds, roughly in the memory that it takes; one whose rows may be sparse where those of the image's
 * fabric may not, or the reverse, takes other cycles and comes last. */
static uint64_t size_of(const struct core_sim_model *m, const struct st_image *image)
{
    uint64_t other = (uint64_t)(st_timed_lists(image) != (m->ring > 0)) << 60;
    uint64_t line = (uint64_t)m->lanes * (m->weight_bits + m->resource_bits + m->aux_bits);
    return other + (uint64_t)m->width * m->height * (line * m->lines + (uint64_t)m->neurons * m->axons);
}

static uint32_t power(uint32_t least, uint32_t x)
{
    while (least < x)
        least *= 2;
    return least;
}

/* The parameters of a model that would take the image, in the order of rtl/rtl.mk; each lane its own multiplier, clocks
 * gated. */
static const char *make_line(struct st_arena *a, const struct st_image *image, uint32_t lanes)
{
    struct core_sim_model n = st_boot_need(image, lanes);
    uint32_t lines = power(1024, n.lines);
    return st_arena_printf(
        a,
        "make rtl MODELS=mine P_mine='%u %u %u %u %u %u %u %u %u %u %u %u %u %u %u %u %u 0 %d %d %d %u %d %d %d %u %u "
        "%d 1'",
        n.width, n.height, lanes, power(32, n.axons), power(32, n.inputs), power(16, n.neurons), n.weight_bits,
        n.resource_bits ? n.resource_bits : 16, n.aux_bits, n.membrane_bits, power(2, n.slots), lines, lines,
        power(16, n.groups), power(16, n.columns), power(16, n.blocks), power(16, n.routes), n.draws, n.recruits,
        n.masks, n.rules ? n.rules : 1, n.adapts, (n.families & CORE_SIM_CURRENTS) != 0, n.measures, n.ring, n.values,
        n.emits);
}

const struct core_sim_model *st_rtl_models_fit(const struct rtl_models *m, struct st_arena *a,
                                               const struct st_image *image, uint32_t lanes, const char **why)
{
    const struct core_sim_model *best = NULL;
    struct st_text t;
    st_text_init(&t, a);
    st_textf(&t, "the image fits none of the models of the RTL:\n");
    for (uint32_t k = 0; k < m->count; k++) {
        char text[200];
        const struct core_sim_model *x = m->model[k];
        if (lanes && x->lanes != lanes)
            st_textf(&t, "  %-8s has %u lane%s\n", x->name, x->lanes, x->lanes > 1 ? "s" : "");
        else if (st_boot_misfit(x, image, text, sizeof text))
            st_textf(&t, "  %-8s %s\n", x->name, text);
        else if (!best || size_of(x, image) < size_of(best, image))
            best = x;
    }
    st_textf(&t, "this makes one that it fits:\n  %s\n", make_line(a, image, lanes ? lanes : image->limits.lanes));
    *why = best ? NULL : t.at;
    return best;
}
