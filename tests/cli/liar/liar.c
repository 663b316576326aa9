/* liar.c - the RTL with one wrong bit: what a mistake in a core would look like to `stoa run --on rtl`.
 *
 * A shared object in front of the true one ($STOA_RTL_TRUE). Its one model is the true one of four lanes, but the
 * lowest bit of the n-th potential that it writes ($STOA_LIE) is the other. Is it found, where it is, and said with the
 * command that repeats it? With $STOA_OLD_MAP it also says that it was made for another map of a core. */
#include "rtl_models.h"
#include "timed.h"
#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

struct rtl_models rtl_models;

static struct core_sim_model model;
static const struct core_sim_model *const models[] = {&model};
static void (*true_step)(void *sim, const struct core_in *in, struct core_out *out);
static unsigned long written, lie;

static void step(void *sim, const struct core_in *in, struct core_out *out)
{
    true_step(sim, in, out);
    for (uint32_t k = 0; k < out->count; k++)
        if (out->item[k].field == ST_RETIRED_STATE && ++written == lie)
            out->item[k].word[0] ^= 1;
}

__attribute__((constructor)) static void begin(void)
{
    const char *path = getenv("STOA_RTL_TRUE"), *at = getenv("STOA_LIE");
    void *object = path ? dlopen(path, RTLD_NOW) : NULL;
    const struct rtl_models *truth = object ? dlsym(object, "rtl_models") : NULL;
    lie = at ? strtoul(at, NULL, 10) : 0;
    for (uint32_t k = 0; truth && k < truth->count; k++)
        if (!strcmp(truth->model[k]->name, "one4")) {
            model = *truth->model[k];
            true_step = model.step;
            model.step = step;
            rtl_models = (struct rtl_models){truth->map ^ (getenv("STOA_OLD_MAP") != NULL), 1, models};
        }
}
