#include "dataset.h"
#include "digest.h"
#include "stoa/permutation.h"

void st_dataset_permute(struct st_arena *a, const struct st_dataset *whole, uint64_t seed, struct st_dataset *out)
{
    uint32_t size = whole->width * whole->height, *from = ST_NEW(a, uint32_t, size);
    st_permutation(seed, size, from);
    *out = *whole;
    out->digest = st_digest_word(st_digest_word(whole->digest, 0x7065726Du), seed);
    out->pixels = st_arena_get(a, whole->count, size);
    for (size_t i = 0; i < whole->count; i++)
        for (uint32_t k = 0; k < size; k++)
            out->pixels[i * size + k] = whole->pixels[i * size + from[k]];
}
