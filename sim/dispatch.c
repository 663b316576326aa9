/* dispatch.c - which kernels this machine has; see kernels.h. */
#include "kernels.h"
#include <string.h>

static int supported(const char *name)
{
#if defined(__x86_64__)
    __builtin_cpu_init();
    if (!strcmp(name, "avx512"))
        return __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl") &&
               __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vbmi") &&
               __builtin_cpu_supports("avx512vbmi2");
    if (!strcmp(name, "avx2"))
        return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi2") && __builtin_cpu_supports("fma");
#elif defined(__aarch64__)
    if (!strcmp(name, "neon")) /* every such processor has it */
        return 1;
#endif
    return !strcmp(name, "scalar");
}

static const struct st_kernels *const all[] = {
#if defined(__x86_64__)
    &st_kernels_avx512, &st_kernels_avx2,
#elif defined(__aarch64__)
    &st_kernels_neon,
#endif
    &st_kernels_scalar};

const struct st_kernels *st_kernels_find(const char *name)
{
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        if ((!name || !strcmp(name, all[i]->name)) && supported(all[i]->name))
            return all[i];
    return NULL;
}

const struct st_kernels *st_kernels_at(size_t index)
{
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        if (supported(all[i]->name) && index-- == 0)
            return all[i];
    return NULL;
}
